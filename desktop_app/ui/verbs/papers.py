"""What pages may ask of a desk about the papers that go out: bulletin, ranking, publication, the year's end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.figures.ranking import Silent
    from desktop_app.core.model.entry import Changes
    from desktop_app.core.model.period import Period
    from desktop_app.core.model.record_view import RecordView
    from desktop_app.core.model.view import EvidenceView
    from desktop_app.core.progress import Progress
    from desktop_app.core.report.bulletin import Bulletin
    from desktop_app.core.report.paper import Paper
    from desktop_app.core.report.ranking import RankTable
    from desktop_app.core.report.result_sheet import ResultSheet
    from desktop_app.core.report.year_end import YearEnd


class Archived(Protocol):
    """The pack that was written; see core/operations/archive.py."""

    @property
    def path(self) -> Path: ...
    @property
    def files(self) -> int: ...
    @property
    def entries(self) -> int: ...
    @property
    def photos(self) -> int: ...
    @property
    def withheld(self) -> int: ...


class Checked(Protocol):
    """What checking a pack found."""

    @property
    def ok(self) -> bool: ...
    @property
    def problems(self) -> tuple[str, ...]: ...
    @property
    def signer(self) -> str: ...
    @property
    def root(self) -> str: ...


class PapersVerbs(Protocol):
    """Part of `Desk`; the same rules hold.  `cutoff` is the name of a cut-off, "" for the figures as they stand."""

    def cutoff_names(self) -> list[str]:
        """The newest first."""
        ...

    def bulletin(self, period: Period, cutoff: str = "") -> Bulletin:
        """*Long.*  The draft, every line chosen."""
        ...

    def write_bulletin(self, bulletin: Bulletin, path: Path) -> list[Path]:
        """The Word draft and the annexes beside it."""
        ...

    def ranks(self) -> bool:
        """Whether this unit wants its areas ranked where the notice does not ask for it."""
        ...

    def rankings(
        self, period: Period, *, increase: bool = False, silent: Silent = "last", cutoff: str = ""
    ) -> list[RankTable]:
        """*Long.*  Empty where neither the notice nor this desk's unit wants a ranking."""
        ...

    def write_rankings(
        self, tables: Sequence[RankTable], path: Path, period: Period, cutoff: str = ""
    ) -> Path: ...
    def write_order(self, subject: str, path: Path, period: Period, paper: Paper) -> Path:
        """A 督办单 of the register with its slip to send back, as Word or pdf by the file's ending."""
        ...

    def write_meeting(self, subject: str, path: Path, period: Period, paper: Paper) -> Path:
        """A 调度会's pack: one of the register, or ("") one that is not written down yet."""
        ...

    def publishable(self, no: int) -> list[EvidenceView]:
        """Photos of a task that may be shown in public."""
        ...

    def result_sheet(
        self, no: int, period: Period, photos: Sequence[str], text: str, cutoff: str = ""
    ) -> ResultSheet:
        """*Long* where there are photos."""
        ...

    def published(self) -> list[RecordView]: ...
    def publish(self, no: int, *, title: str, where: str, day: str) -> Changes: ...
    def year_end(self, cutoff: str = "") -> YearEnd:
        """*Long.*  The year of the plan, judged."""
        ...

    def write_year_end(self, year: YearEnd, path: Path) -> list[Path]: ...
    def archive(self, folder: Path, paper: Paper, progress: Progress, cutoff: str = "") -> Archived:
        """*Long.*  The key is needed."""
        ...

    def check_archive(self, path: Path, progress: Progress) -> Checked:
        """*Long.*"""
        ...
