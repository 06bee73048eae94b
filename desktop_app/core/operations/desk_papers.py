"""The part of a desk that is about the papers that go out: each verb over an operation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.figures.ranking import Silent
from desktop_app.core.lazy import later
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.record_view import RecordView
from desktop_app.core.model.view import EvidenceView
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.progress import Progress, silent

if TYPE_CHECKING:
    from desktop_app.core.operations import (
        archive,
        bulletins,
        cutoffs,
        dispatch_papers,
        keyring,
        papers,
        publication,
        reading,
        registers,
        standings,
        year_end,
    )
    from desktop_app.core.operations.archive import Archived, Checked
    from desktop_app.core.report import order, ranking
    from desktop_app.core.report.bulletin import Bulletin
    from desktop_app.core.report.paper import Paper
    from desktop_app.core.report.ranking import RankTable
    from desktop_app.core.report.result_sheet import ResultSheet
    from desktop_app.core.report.year_end import YearEnd
else:
    later(
        globals(), "desktop_app.core.operations",
        "archive bulletins cutoffs dispatch_papers keyring papers publication reading registers standings year_end",
    )  # fmt: skip
    later(globals(), "desktop_app.core.report", "order ranking")


class PapersDesk:
    """Mixed into `Desk`."""

    workspace: Workspace

    def _wrote(self, changes: Changes) -> Changes:
        """The sitting's own: forgets what was computed."""
        raise NotImplementedError

    def cutoff_names(self) -> list[str]:
        return [known.name for known in cutoffs.all(self.workspace)]

    # -- bulletin and ranking ----------------------------------------------------------------------------------------

    def bulletin(self, period: Period, cutoff: str = "") -> Bulletin:
        with papers.sight(self.workspace, period, cutoff) as sight:
            return bulletins.draft(sight.situation, made=sight.made, cutoff=sight.cutoff)

    def write_bulletin(self, bulletin: Bulletin, path: Path) -> list[Path]:
        return bulletins.write(bulletin, path)

    def ranks(self) -> bool:
        return reading.ranking_is_on(self.workspace)

    def rankings(
        self, period: Period, *, increase: bool = False, silent: Silent = "last", cutoff: str = ""
    ) -> list[RankTable]:
        with papers.sight(self.workspace, period, cutoff) as sight:
            if not standings.is_offered(sight.situation):
                return []
            rule: standings.Rule = "increase" if increase else "done"
            return standings.tables(sight.situation, rule=rule, silent=silent)

    def write_rankings(
        self, tables: Sequence[RankTable], path: Path, period: Period, cutoff: str = ""
    ) -> Path:
        made = cutoffs.find(self.workspace, cutoff).at if cutoff else f"{period.end.isoformat()}T00:00:00"
        return ranking.write(
            tables, path, plan=self.workspace.plan.title, unit=self.workspace.unit.name, made=made
        )

    # -- dispatch ----------------------------------------------------------------------------------------------------

    def write_order(self, subject: str, path: Path, period: Period, paper: Paper) -> Path:
        with papers.sight(self.workspace, period) as sight:
            return papers.save(order.order_document(dispatch_papers.order(sight, subject)), path, paper)

    def write_meeting(self, subject: str, path: Path, period: Period, paper: Paper) -> Path:
        with papers.sight(self.workspace, period) as sight:
            return papers.save(order.meeting_document(dispatch_papers.meeting(sight, subject)), path, paper)

    # -- publication -------------------------------------------------------------------------------------------------

    def publishable(self, no: int) -> list[EvidenceView]:
        task = self.workspace.plan.task(no)
        return publication.candidates(self.workspace, task) if task else []

    def result_sheet(
        self, no: int, period: Period, photos: Sequence[str], text: str, cutoff: str = ""
    ) -> ResultSheet:
        with papers.sight(self.workspace, period, cutoff) as sight:
            return publication.sheet(sight, no, photos, text)

    def published(self) -> list[RecordView]:
        return registers.rows(self.workspace, "publications")

    def publish(self, no: int, *, title: str, where: str, day: str) -> Changes:
        return self._wrote(publication.publish(self.workspace, no, title=title, where=where, day=day))

    # -- the year's end ----------------------------------------------------------------------------------------------

    def year_end(self, cutoff: str = "") -> YearEnd:
        with papers.sight(self.workspace, self._year(), cutoff) as sight:
            return year_end.year_end(sight)

    def _year(self) -> Period:
        return year_end.last_period(self.workspace.plan.year)

    def write_year_end(self, year: YearEnd, path: Path) -> list[Path]:
        return year_end.write_papers(year, path)

    def archive(self, folder: Path, paper: Paper, progress: Progress = silent, cutoff: str = "") -> Archived:
        with papers.sight(self.workspace, self._year(), cutoff, progress) as sight:
            return archive.make(sight, folder, paper=paper, progress=progress)

    def check_archive(self, path: Path, progress: Progress = silent) -> Checked:
        """Against this desk's own roots."""
        return archive.verify(path, keyring.roots(self.workspace), progress)
