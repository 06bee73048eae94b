"""The part of a desk that is about the board, the schedule and dividing: each over an operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from desktop_app.core.lazy import later
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.view import BoardView
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.progress import Progress, silent

if TYPE_CHECKING:
    from desktop_app.core.operations import below, boarding, cutoffs, dividing, scheduling
else:
    later(globals(), "desktop_app.core.operations", "below boarding cutoffs dividing scheduling")


class BoardDesk:
    """Mixed into `Desk`."""

    workspace: Workspace

    # -- the board ---------------------------------------------------------------------------------------------------

    def board_then(
        self,
        period: Period,
        *,
        day: str | None = None,
        cutoff: str | None = None,
        progress: Progress = silent,
    ) -> BoardView:
        return boarding.view_of(self.workspace, period, day=day, cutoff=cutoff, progress=progress)

    def behind_cell(
        self, task: int, area: str, period: Period, *, day: str | None = None, cutoff: str | None = None
    ) -> list[below.Below]:
        with boarding.figures_of(self.workspace, period, day=day, cutoff=cutoff) as (figures, _note):
            return below.indicators_of(figures, task, area)

    def behind_indicator(
        self, indicator: str, area: str, period: Period, *, day: str | None = None, cutoff: str | None = None
    ) -> list[below.Below]:
        with boarding.figures_of(self.workspace, period, day=day, cutoff=cutoff) as (figures, _note):
            return below.units_of(figures, indicator, area)

    def cutoffs(self) -> list[cutoffs.Cutoff]:
        return cutoffs.all(self.workspace)

    def make_cutoff(self, name: str, period: Period) -> Changes:
        cutoffs.make(self.workspace, name, period)
        return self._wrote(Changes(kinds=frozenset({"cutoff"}), entries=1))

    # -- the schedule ------------------------------------------------------------------------------------------------

    def schedule(self, period: Period) -> scheduling.ScheduleView:
        return scheduling.view(self.workspace, period)

    def set_course(
        self,
        indicator: str,
        area: str,
        curve: Literal["line", "s", "steps"],
        steps: Mapping[str, str] | None = None,
        reason: str = "",
    ) -> Changes:
        return self._wrote(scheduling.set_course(self.workspace, indicator, area, curve, steps, reason))

    # -- dividing ----------------------------------------------------------------------------------------------------

    def division(self) -> dividing.Grid:
        return dividing.grid(self.workspace)

    def save_division(
        self, cells: Mapping[tuple[str, str], str], document: str = "", effective: str | None = None
    ) -> Changes:
        return self._wrote(dividing.save(self.workspace, cells, document, effective))

    def share_changes(self) -> list[dividing.ShareChange]:
        return dividing.changed_for(self.workspace)

    def _wrote(self, changes: Changes) -> Changes:
        """The sitting's own: forgets what was computed."""
        raise NotImplementedError
