"""The backward schedule as it is drawn and printed: one indicator in one area, its steps, its slack."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal

import msgspec

from desktop_app.core.figures import schedule
from desktop_app.core.model.view import Light

State = Literal["done", "late", "overdue", "coming"]
"""按期完成, 迟完成, 逾期, 未到."""


class StepView(msgspec.Struct, frozen=True, kw_only=True):
    """A dated step.  `done` is the day it was met (of a figure: the end of the first month that had it)."""

    id: str
    what: str
    due: date
    reach: Fraction | None
    done: date | None
    state: State

    @property
    def days_late(self) -> int:
        """How many days after its date it was met; 0 where it was met in time or not yet."""
        return max(0, (self.done - self.due).days) if self.done else 0


class CourseView(msgspec.Struct, frozen=True, kw_only=True):
    """One indicator in one area."""

    indicator: str
    task: int
    task_name: str
    name: str
    area: str
    area_name: str
    reporter: str
    lead: str
    curve: str
    corners: tuple[tuple[date, Fraction], ...]
    """(day, share of 1 due by then), the course's corners."""
    stated: bool
    """Whether a course was stated, or it is simply straight."""
    steps: tuple[StepView, ...]
    last: date
    done: Fraction | None
    expected: Fraction
    light: Light
    slack: schedule.Slack

    @property
    def overdue(self) -> list[StepView]:
        return [step for step in self.steps if step.state == "overdue"]


class ScheduleView(msgspec.Struct, frozen=True, kw_only=True):
    at: date
    starts: date
    ends: date
    areas: tuple[tuple[str, str], ...]
    """The whole first, then the areas below."""
    rows: tuple[CourseView, ...]
    rule: str
