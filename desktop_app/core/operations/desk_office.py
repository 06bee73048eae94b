"""The part of a desk that is about fill-in workbooks, tables of sites and the printed form: each over an operation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from desktop_app.core.lazy import later
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.sheet import Extract, Match, Offer, Reading
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package.manifest import People
from desktop_app.core.progress import Progress, silent

if TYPE_CHECKING:
    from desktop_app.core.operations import copies, forming, previewing, templates
    from desktop_app.core.operations.workbooks import entering, extracts, plain, sites_io
    from desktop_app.core.report.form import Form
else:
    later(globals(), "desktop_app.core.operations", "copies forming previewing templates")
    later(globals(), "desktop_app.core.operations.workbooks", "entering extracts plain sites_io")


class OfficeDesk:
    """Mixed into `Desk`."""

    workspace: Workspace

    def _wrote(self, changes: Changes) -> Changes:
        """The sitting's own: forgets what was computed."""
        raise NotImplementedError

    # -- fill-in workbooks -------------------------------------------------------------------------------------------

    def template_offers(self, period: Period) -> list[Offer]:
        return templates.offers(self.workspace, period)

    def make_template(
        self, path: Path, period: Period, *, indicators: Sequence[str], places: Sequence[str] = ()
    ) -> None:
        choice = templates.Choice(indicators=tuple(indicators), places=tuple(places))
        templates.make(self.workspace, path, period, choice)
        if places:
            self.workspace.store.set_meta("template_places", "\n".join(places))

    def template_places(self) -> list[str]:
        return [name for name in self.workspace.store.meta("template_places").splitlines() if name]

    def read_templates(
        self,
        files: Sequence[Path],
        *,
        dry: bool,
        reasons: Mapping[str, str] | None = None,
        progress: Progress = silent,
    ) -> tuple[Reading, Changes]:
        reading, changes = entering.take_in(
            self.workspace, files, dry=dry, reasons=reasons, progress=progress
        )
        return reading, self._wrote(changes)

    # -- tables of sites ---------------------------------------------------------------------------------------------

    def export_sites(self, path: Path, indicator: str | None = None) -> int:
        return sites_io.export_sites(self.workspace, path, indicator)

    def import_sites(
        self, path: Path, *, indicator: str = "", area: str = "", dry: bool
    ) -> tuple[Reading, Changes]:
        reading, changes = sites_io.import_sites(
            self.workspace, path, indicator=indicator, area=area, dry=dry
        )
        return reading, self._wrote(changes)

    # -- what others hand over ---------------------------------------------------------------------------------------

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
        reading, changes = plain.read(
            self.workspace, path, period, area=area, source=source, reasons=reasons, dry=dry
        )
        return reading, self._wrote(changes)

    def read_extract(self, path: Path) -> Extract:
        return extracts.read_extract(path)

    def match_extract(self, extract: Extract, column: int, indicator: str) -> Match:
        return extracts.match(self.workspace, extract, column, indicator)

    def attach_extract(self, path: Path, about: Sequence[str], *, caption: str = "") -> Changes:
        return self._wrote(extracts.attach(self.workspace, path, about, caption=caption))

    # -- before and after the submission -----------------------------------------------------------------------------

    def preview(
        self,
        period: Period,
        *,
        evidence: Literal["new", "all", "none"] = "new",
        personal: bool = False,
        progress: Progress = silent,
    ) -> previewing.Preview:
        filled, checked, responsible = self.last_people()
        people = People(filled=filled, checked=checked, responsible=responsible)
        return previewing.preview(
            self.workspace, period, people=people, evidence=evidence, personal=personal, progress=progress
        )

    def last_people(self) -> tuple[str, str, str]:
        """Who filled, checked and answered for the last submission of this desk; the operator before there is one."""
        heads = [
            h for h in self.workspace.store.ledger.heads("submission") if h.owner == self.workspace.unit_code
        ]
        if not heads:
            return self.workspace.operator, "", ""
        last = max(heads, key=lambda head: head.subject)
        # A successor has another name than the one who signed last time.
        mine = last.operator == self.workspace.operator or not self.workspace.operator
        filled = last.body.filled if mine else self.workspace.operator
        return filled, last.body.checked, last.body.responsible

    def copy_files(self, files: Sequence[Path], folder: Path, progress: Progress = silent) -> list[Path]:
        return copies.copy(files, folder, progress)

    def compare_copy(
        self, files: Sequence[Path], folder: Path, progress: Progress = silent
    ) -> list[copies.Compared]:
        return copies.compare(files, folder, progress)

    # -- the printed form --------------------------------------------------------------------------------------------

    def form(self, period: Period) -> Form:
        return forming.form_of(self.workspace, period)
