"""What pages may ask of a desk about the board, the schedule and dividing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

from desktop_app.core.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop_app.core.model.entry import Changes
    from desktop_app.core.model.period import Period
    from desktop_app.core.model.view import BoardView
    from desktop_app.core.operations.below import Below
    from desktop_app.core.operations.cutoffs import Cutoff
    from desktop_app.core.operations.dividing import Grid, ShareChange
    from desktop_app.core.operations.scheduling import ScheduleView


class BoardVerbs(Protocol):
    """Part of `Desk`; the same rules hold."""

    def board_then(
        self,
        period: Period,
        *,
        day: str | None = None,
        cutoff: str | None = None,
        progress: Progress = silent,
    ) -> BoardView:
        """*Long.*  The board as of the end of a past day, or from a named cut-off."""
        ...

    def behind_cell(
        self, task: int, area: str, period: Period, *, day: str | None = None, cutoff: str | None = None
    ) -> Sequence[Below]:
        """A task's indicators in one area; of the past where the board of the past was looked at."""
        ...

    def behind_indicator(
        self, indicator: str, area: str, period: Period, *, day: str | None = None, cutoff: str | None = None
    ) -> Sequence[Below]:
        """The units below an area that report an indicator."""
        ...

    def cutoffs(self) -> Sequence[Cutoff]: ...
    def make_cutoff(self, name: str, period: Period) -> Changes: ...
    def schedule(self, period: Period) -> ScheduleView: ...
    def set_course(
        self,
        indicator: str,
        area: str,
        curve: Literal["line", "s", "steps"],
        steps: Mapping[str, str] | None = None,
        reason: str = "",
    ) -> Changes: ...
    def division(self) -> Grid: ...
    def save_division(
        self, cells: Mapping[tuple[str, str], str], document: str = "", effective: str | None = None
    ) -> Changes:
        """Shares by (indicator, area), all or nothing; "" takes one back."""
        ...

    def share_changes(self) -> Sequence[ShareChange]:
        """What the unit above has changed in this desk's own shares."""
        ...
