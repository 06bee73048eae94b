"""What pages may ask of a desk about fill-in workbooks, tables of sites, the printed form, evidence from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from desktop_app.core.model.entry import Changes
    from desktop_app.core.model.period import Period
    from desktop_app.core.model.sheet import Extract, Match, Offer, Reading
    from desktop_app.core.progress import Progress
    from desktop_app.core.report.form import Form
    from desktop_app.ui.answers import ComparedCopy, SubmissionPreview


class OfficeVerbs(Protocol):
    """Part of `Desk`; the same rules hold.  Reading workbooks is *long*."""

    def template_offers(self, period: Period) -> list[Offer]:
        """What a fill-in workbook may ask for."""
        ...

    def template_places(self) -> list[str]:
        """The villages that the last one was for."""
        ...

    def make_template(
        self, path: Path, period: Period, *, indicators: Sequence[str], places: Sequence[str] = ()
    ) -> None: ...

    def read_templates(
        self,
        files: Sequence[Path],
        *,
        dry: bool,
        reasons: Mapping[str, str] | None = None,
        progress: Progress = ...,
    ) -> tuple[Reading, Changes]:
        """Take filled workbooks back; `dry` only tells what would come of it."""
        ...

    def export_sites(self, path: Path, indicator: str | None = None) -> int: ...
    def import_sites(
        self, path: Path, *, indicator: str = "", area: str = "", dry: bool
    ) -> tuple[Reading, Changes]: ...

    def read_plain(
        self,
        path: Path,
        period: Period,
        *,
        area: str,
        source: str = "",
        reasons: Mapping[str, str] | None = None,
        dry: bool,
    ) -> tuple[Reading, Changes]:
        """Figures of an office below from its own plain workbook (代录)."""
        ...

    def read_extract(self, path: Path) -> Extract: ...
    def match_extract(self, extract: Extract, column: int, indicator: str) -> Match: ...
    def attach_extract(self, path: Path, about: Sequence[str], *, caption: str = "") -> Changes: ...

    def preview(
        self,
        period: Period,
        *,
        evidence: Literal["new", "all", "none"] = "new",
        personal: bool = False,
        progress: Progress = ...,
    ) -> SubmissionPreview:
        """*Long.*  Every sheet of the submission as its reader will open it; nothing is written."""
        ...

    def last_people(self) -> tuple[str, str, str]:
        """Who filled, checked and answered for the last submission."""
        ...

    def copy_files(self, files: Sequence[Path], folder: Path, progress: Progress = ...) -> list[Path]:
        """*Long.*  Copies once more, and reads the copies back."""
        ...

    def compare_copy(
        self, files: Sequence[Path], folder: Path, progress: Progress = ...
    ) -> Sequence[ComparedCopy]:
        """*Long.*  Whether a folder (a disc) holds what was written."""
        ...

    def form(self, period: Period) -> Form:
        """The unit's own form to print and stamp."""
        ...
