"""What the pages need from below.

A `Desk` is one unit's open ledger with the verbs a person can say to it; `core/operations` supplies the real
one, tests a static one.  Pages call it directly for quick reads and writes (milliseconds) and give long work to
`jobs`.  Every write returns `Changes`; the session tells it to whoever cares with one signal.  Nothing here is
needed while the program runs: only annotations name these classes, and the type checker reads them.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any, Literal, Protocol

from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.unit import Organisation
from desktop_app.core.model.view import (
    BoardView,
    EvidenceView,
    HistoryView,
    InboxView,
    IssueView,
    MissingView,
    Overview,
    PointView,
    ProblemView,
    ReviewItemView,
    ReviewUnitView,
    SiteView,
    TaskView,
)
from desktop_app.core.progress import Progress
from desktop_app.ui.answers import (
    CertificateRequest,
    Exported,
    ExportedFile,
    Fork,
    KeyReport,
    SetupOffer,
    Share,
    Undoable,
    Workspace,
)
from desktop_app.ui.verbs.city import CityVerbs
from desktop_app.ui.verbs.county import CountyVerbs
from desktop_app.ui.verbs.office import OfficeVerbs
from desktop_app.ui.verbs.papers import PapersVerbs
from desktop_app.ui.verbs.records import RecordsVerbs

EvidenceChoice = Literal["new", "all", "none"]
Verdict = Literal["accept", "return", "set"]


class Desk(OfficeVerbs, CountyVerbs, CityVerbs, PapersVerbs, RecordsVerbs, Protocol):
    """One unit's open ledger.  Reads take milliseconds; those marked *long* belong into a job."""

    @property
    def unit(self) -> str:
        """This desk's own unit code."""
        ...

    @property
    def plan(self) -> str:
        """The id of the plan in force, as it stands in subjects ("2024"); "" before there is one."""
        ...

    # The frame
    def today(self) -> date: ...
    def overview(self, period: Period) -> Overview: ...
    def periods(self) -> list[Period]:
        """Months to choose from, the newest first; the first is where a person starts."""
        ...

    def due(self, period: Period) -> date:
        """报送日 of the period for this desk."""
        ...

    def units(self) -> Organisation: ...
    def opened(self) -> AbstractContextManager[Desk]:
        """The same desk on a store of its own, for a job's thread."""
        ...

    # Figures
    def tasks(self, period: Period) -> list[TaskView]:
        """All tasks as this desk sees them, its own area's figures in them."""
        ...

    def task(self, no: int, area: str, period: Period) -> TaskView | None:
        """One task for an area below (the wall chart's card)."""
        ...

    def assigned(self) -> dict[int, str]:
        """Who in the office looks after which task, by its number: a person or a station (站所)."""
        ...

    def assign(self, tasks: Sequence[int], name: str) -> Changes:
        """An empty name gives them to nobody."""
        ...

    def line(self, indicator: str, area: str) -> list[PointView]:
        """Twelve points, January to December of the plan's year."""
        ...

    def history(self, subject: str) -> list[HistoryView]:
        """Newest first."""
        ...

    def record(
        self,
        indicator: str,
        value: str,
        *,
        period: Period,
        area: str,
        of: str | None = None,
        note: str = "",
        reason: str = "",
        same: bool = False,
    ) -> Changes:
        """One figure, as typed; RuleError refuses it, ReasonNeeded wants `reason`."""
        ...

    def together(self) -> AbstractContextManager[None]:
        """Figures recorded within are written at once, and are one step of undo."""
        ...

    def undoable(self) -> Undoable: ...
    def undo(self) -> Changes: ...
    def redo(self) -> Changes: ...
    def milestone(self, milestone: str, area: str, *, done: str, note: str = "") -> Changes: ...

    # Sites, problems
    def sites(self, indicator: str | None = None) -> list[SiteView]: ...
    def save_site(self, subject: str | None, fields: dict[str, Any]) -> Changes:
        """Add (None) or change a site; `fields` by the names of SiteBody, without those left as they are."""
        ...

    def problems(self) -> list[ProblemView]: ...
    def save_problem(self, subject: str | None, fields: dict[str, Any]) -> Changes: ...

    # Evidence
    def evidence(self, about: str | None = None) -> list[EvidenceView]:
        """All of it, or what proves one subject or one indicator ("12.1")."""
        ...

    def evidence_for(self, subject: str) -> list[EvidenceView]:
        """What proves one area's figure, named by its subject, and nobody else's."""
        ...

    def gaps(self, period: Period) -> list[IssueView]:
        """Evidence that is still wanted: `subject` and `indicator` it is for, `name` whose, `text` what is wanted."""
        ...

    def attach(
        self,
        files: Sequence[Path],
        about: Sequence[str],
        *,
        caption: str = "",
        stage: str = "",
        personal: bool = False,
        longest: int = 0,
        progress: Progress,
    ) -> Changes:
        """*Long.*  Pictures larger than `longest` pixels are scaled to it; 0 leaves them."""
        ...

    def describe(self, subject: str, fields: dict[str, Any]) -> Changes:
        """Change caption, stage, personal, extract or about of a piece of evidence."""
        ...

    def withdraw(self, subject: str, reason: str) -> Changes:
        """作废: evidence, site or problem; a figure of a period becomes unfilled again."""
        ...

    def evidence_bytes(self, sha256: str) -> bytes | None:
        """The file itself, opened where it is sealed; None while it has not been received."""
        ...

    # Sending
    def check(self, period: Period) -> list[IssueView]: ...
    def locked(self) -> bool:
        """Whether the key still wants its passphrase."""
        ...

    def unlock(self, passphrase: str) -> None:
        """WrongPassphrase when it is not."""
        ...

    def lock(self) -> None:
        """Forget the opened key; the next signature asks again."""
        ...

    def fingerprint(self) -> str: ...
    def export(
        self,
        period: Period,
        folder: Path,
        *,
        filled: str,
        checked: str,
        responsible: str,
        evidence: EvidenceChoice = "new",
        personal: bool = False,
        max_size: int = 0,
        progress: Progress,
    ) -> Exported:
        """*Long.*  Writes, reads back and compares; a cancelled export leaves nothing behind."""
        ...

    def add_stamp(self, file: Path, period: Period) -> Changes:
        """The scan of the stamped form; the period is exported once more afterwards, under the same code."""
        ...

    def stamp_state(self, period: Period) -> str:
        """received, missing or voided, for this desk's own submission."""
        ...

    # Keys and certificates
    def key_report(self) -> KeyReport: ...
    def make_key(self, passphrase: str) -> None:
        """*Long.*  The key of a desk that has none."""
        ...

    def replace_key(self, passphrase: str) -> None:
        """*Long.*  A new key where nobody knows the old one's passphrase."""
        ...

    def save_request(self, path: Path, passphrase: str) -> Path: ...
    def install_certificate(self, path: Path, passphrase: str) -> None: ...
    def hand_over(self, operator: str, old: str, new: str) -> None: ...
    def asked_by(self, path: Path) -> Sequence[CertificateRequest]:
        """*Long* where the file is a package."""
        ...

    def grant(self, path: Path, out: Path, passphrase: str, *fingerprints: str) -> Path:
        """Certify the unit that asks, where the digits typed name every key in the request."""
        ...

    def setup(self, unit: str, folder: Path, progress: Progress) -> ExportedFile:
        """*Long.*  The setup package of a unit below."""
        ...

    # Receiving
    def inbox(self, period: Period) -> list[InboxView]: ...
    def merge(
        self, files: Sequence[Path], progress: Progress, *, foreign: bool = True
    ) -> tuple[list[InboxView], Changes]:
        """*Long.*  One row a file given, whatever became of it; a folder stands for the workbooks in it.  Without
        `foreign`, files that are no packages at all are passed over."""
        ...

    def for_others(self, files: Sequence[Path]) -> Sequence[tuple[Path, str]]:
        """Files from above that are addressed to another unit, with that unit's name."""
        ...

    def retract(self, container: str, reason: str) -> Changes: ...
    def dependents(self, container: str) -> list[str]:
        """What would fall out with the file, in words."""
        ...

    def refused(self) -> list[HistoryView]:
        """Entries that are kept but not counted, each with the reason."""
        ...

    def write_run_report(self, path: Path) -> Path:
        """What became of each file of the last merge, as a workbook."""
        ...

    def set_aside_path(self, row_path: str) -> Path:
        """The copy of a file that was set aside, by the path in its inbox row."""
        ...

    def missing(self, period: Period) -> list[MissingView]: ...
    def reminder(self, period: Period) -> str:
        """A text to paste to those who have not sent; "" where everybody has."""
        ...

    def review_units(self, period: Period) -> list[ReviewUnitView]: ...
    def review_items(self, unit: str, period: Period) -> list[ReviewItemView]: ...
    def review(
        self,
        subject: str,
        verdict: Verdict,
        *,
        value: str | None = None,
        of: str | None = None,
        comment: str = "",
    ) -> Changes: ...
    def take_back(self, subject: str) -> Changes:
        """Take the verdict on a figure back before a file has carried it out; RuleError after that."""
        ...

    def reply(self, folder: Path, units: Sequence[str] | None, progress: Progress) -> Exported:
        """*Long.*  Receipts, returns and new shares for the units below, one signed package each."""
        ...

    def forks(self) -> Sequence[Fork]: ...
    def settle(
        self,
        subject: str,
        *,
        keep: str | None = None,
        value: str | None = None,
        of: str | None = None,
        reason: str,
    ) -> Changes: ...

    def settle_all(
        self, rule: str, reason: str, subjects: Sequence[str] | None = None
    ) -> tuple[Changes, list[tuple[str, str]]]:
        """Many at once by one stated rule (latest, greatest, least, shown); and (subject, why not) of those left."""
        ...

    # Shares
    def shares(self, indicator: str) -> Sequence[Share]: ...
    def allocate(self, indicator: str, area: str, value: str, document: str = "") -> Changes: ...
    def divide(self, indicator: str, method: Literal["equal", "proportional"]) -> Changes: ...

    # The city
    def board(self, period: Period) -> BoardView: ...
    def backup(self, folder: Path, progress: Progress) -> Path:
        """*Long.*"""
        ...

    def close(self) -> None: ...


class Entrance(Protocol):
    """How a person gets to a desk: what the first page and the unit switch need."""

    def home(self) -> Path:
        """Where workspaces are put."""
        ...

    def workspaces(self) -> Sequence[Workspace]: ...
    def open(self, folder: Path) -> Desk: ...
    def read_setup(self, file: Path) -> SetupOffer: ...
    def join(
        self, file: Path, *, fingerprint: str, operator: str, passphrase: str, progress: Progress
    ) -> Path:
        """*Long* (the key is made).  The new workspace's folder."""
        ...

    def found(self, organisation: Path, *, operator: str, passphrase: str, progress: Progress) -> Path:
        """*Long.*  A new city with its own root."""
        ...

    def demo(self, progress: Progress) -> list[Path]:
        """*Long.*  The sample city's workspaces, a township's first."""
        ...

    def samples(self) -> Sequence[Path]: ...
    def throw_away_samples(self) -> int:
        """Every sample city; StorageError while one of its desks is open."""
        ...

    def restore(self, backup: Path, progress: Progress) -> Path:
        """*Long.*"""
        ...
