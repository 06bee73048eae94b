"""When the plan's dated steps (节点) were done: by the level that does them, and what that means above and below it."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from desktop_app.core.model.plan import Milestone, Task

if TYPE_CHECKING:
    from desktop_app.core.operations.period_figures import PeriodFigures

_DEPTH: dict[str, int] = {"city": 0, "county": 1, "township": 2}


class DatedSteps:
    """The steps of the plan in force, read from the ledger once; part of `PeriodFigures`."""

    def __init__(self, figures: PeriodFigures) -> None:
        self._figures = figures
        self._said: dict[str, dict[str, str]] = {}
        self._finished: dict[str, set[str]] = {}
        self._parts: dict[tuple[str, str], list[str]] = {}

    def finished(self, area: str) -> set[str]:
        """Steps done in an area by the period's end, by id."""
        if area not in self._finished:
            end = self._figures.period.end
            self._finished[area] = {
                milestone.id
                for _task, milestone in self._figures.plan.milestones()
                if (day := self.done(milestone, area)) is not None and day <= end
            }
        return self._finished[area]

    def done(self, milestone: Milestone, area: str) -> date | None:
        """The day on which a step was done at the area's own level or above it.

        An area above the step's level has done it when each area below that has a part in it has, on the day of the
        last of them: otherwise the sum would be late with a step that none of its parts is late with.
        """
        where = self.place(milestone, area)
        said = self._days(where).get(milestone.id)
        if said:
            return date.fromisoformat(said)
        days = [self._days(code).get(milestone.id) for code in self._areas(milestone, where)]
        known = [date.fromisoformat(day) for day in days if day]
        return max(known) if known and len(known) == len(days) else None

    def place(self, milestone: Milestone, area: str) -> str:
        """The area at the step's level: the area itself or the one above it."""
        organisation = self._figures.organisation
        for code in (area, *organisation.above(area)):
            unit = organisation.get(code)
            if unit is not None and unit.level == milestone.scope and unit.is_area:
                return code
        return area

    def _days(self, area: str) -> dict[str, str]:
        """The day on which each of an area's steps was done, by its id."""
        if area not in self._said:
            self._said[area] = {
                head.subject.split("/")[3]: head.body.done
                for head in self._figures.ledger.heads("milestone", area)
                if head.body.done and head.subject.split("/")[2] == self._figures.plan.id
            }
        return self._said[area]

    def _areas(self, milestone: Milestone, area: str) -> list[str]:
        """The areas of the step's level below an area that have a part in it."""
        key = (milestone.id, area)
        if key not in self._parts:
            figures = self._figures
            unit = figures.organisation.get(area)
            above = unit is not None and _DEPTH[unit.level] < _DEPTH[milestone.scope]
            concerned = [
                indicator.id
                for indicator in self._task_of[milestone.id].indicators
                if milestone.indicator in (None, indicator.id)
            ]
            self._parts[key] = [
                below.code
                for below in (figures.organisation.below(area) if above else ())
                if below.is_area and below.active and below.level == milestone.scope
                if any(
                    figures.share_given(ident, below.code) is not None
                    or figures.reported_at_all(ident, below.code)
                    for ident in concerned
                )
            ]
        return self._parts[key]

    @cached_property
    def _task_of(self) -> dict[str, Task]:
        return {milestone.id: task for task, milestone in self._figures.plan.milestones()}
