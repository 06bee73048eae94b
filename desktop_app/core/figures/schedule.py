"""What should be done by a date (应达), and whether a date has passed unmet (逾期).

All dates are days whose end is meant: a step due on 31 May is late at the end of 31 May if it is not met then,
because the figures compared with it are those of that day's end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from fractions import Fraction
from typing import Literal

import msgspec

from desktop_app.core.model.plan import Indicator, Milestone, exact


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """How an indicator is to come along between its dated steps: evenly (line), slowly at both ends (s), or by the
    steps that were entered, (day, share of 1), which hold until the next one (steps)."""

    curve: Literal["line", "s", "steps"] = "line"
    steps: tuple[tuple[date, Fraction], ...] = ()


EVENLY = Course()


def own(indicator: Indicator, milestones: Iterable[Milestone]) -> list[Milestone]:
    """The milestones of this indicator, by date."""
    return sorted((m for m in milestones if m.indicator == indicator.id), key=lambda m: (m.due, m.id))


def deadline(indicator: Indicator, milestones: Iterable[Milestone], ends: date) -> date:
    """The day by which the whole must be there.

    The first milestone that asks for all of it (`reach` 1); else, where milestones carry no figure at all, the
    last of them; else the year's end.
    """
    mine = own(indicator, milestones)
    with_figure = [(m.due, exact(m.reach)) for m in mine if m.reach is not None]
    for due, reach in with_figure:
        if reach is not None and reach >= 1:
            return due
    return mine[-1].due if mine and not with_figure else ends


def points(
    indicator: Indicator,
    milestones: Iterable[Milestone],
    *,
    starts: date,
    ends: date,
    course: Course = EVENLY,
) -> list[tuple[date, Fraction]]:
    """The schedule's corners, (day, share of 1 due by its end), by date and never falling.

    From 0 at `starts` through every milestone that has a figure to 1 at the deadline.
    """
    mine = own(indicator, milestones)
    last = deadline(indicator, mine, ends)
    by_day: dict[date, Fraction] = {}
    for milestone in mine:
        reach = exact(milestone.reach)
        if reach is not None and milestone.due < last:
            by_day[milestone.due] = max(by_day.get(milestone.due, Fraction(0)), reach)
    for day, share in course.steps:
        if day < last:
            by_day[day] = max(by_day.get(day, Fraction(0)), share)
    by_day[last] = Fraction(1)
    if starts < min(by_day):
        by_day[starts] = Fraction(0)
    corners: list[tuple[date, Fraction]] = []
    highest = Fraction(0)
    for day in sorted(by_day):
        highest = max(highest, min(by_day[day], Fraction(1)))
        corners.append((day, highest))
    return corners


def expected(
    indicator: Indicator,
    milestones: Iterable[Milestone],
    at: date,
    *,
    starts: date,
    ends: date,
    course: Course = EVENLY,
) -> Fraction:
    """The share of 1 that should be done at the end of the day `at`.

    Counts and rates follow the schedule from corner to corner, straight unless `course` says otherwise. A standard
    or a state is reached or not, so that nothing is expected before its deadline and all of it from then on.
    `starts` and `ends` are the plan's (`plan.starts`, `plan.ends`); `milestones` may be those of the whole plan.
    """
    mine = own(indicator, milestones)
    if indicator.measure in ("standard", "state"):
        return Fraction(at >= deadline(indicator, mine, ends))
    corners = points(indicator, mine, starts=starts, ends=ends, course=course)
    before_day, before = corners[0]
    if at < before_day:
        return Fraction(0)
    for day, share in corners:
        if at < day:
            if course.curve == "steps":
                return before
            part = Fraction((at - before_day).days, (day - before_day).days)
            if course.curve == "s":
                part = part * part * (3 - 2 * part)
            return before + (share - before) * part
        before_day, before = day, share
    return before


def expected_value(indicator: Indicator, goal: Fraction | None, share: Fraction) -> Fraction | None:
    """The expected share of 1 in the indicator's own unit, for the dashed line; from the baseline where there is
    one.  None without a goal."""
    if goal is None:
        return None
    base = indicator.baseline_value or Fraction(0)
    return base + share * (goal - base)


def overdue(
    indicator: Indicator,
    milestones: Iterable[Milestone],
    at: date,
    *,
    ends: date,
    goal: Fraction | None,
    done: Fraction | None,
    enough: Fraction = Fraction(1),
    finished: Collection[str] = (),
) -> bool:
    """Whether a date of this indicator has passed unmet at the end of the day `at`: a milestone, or the year's end.

    A milestone with a figure is met by `done` (see `lights.done`; `enough` of it will do where the bound is "about"),
    one without by its id standing in `finished`.  Without a goal no figure can be unmet; with one, a figure never
    reported (`done` None) is.
    """
    if missed(indicator, milestones, at, goal=goal, done=done, enough=enough, finished=finished) is not None:
        return True
    return at >= ends and goal is not None and (done is None or done < enough)


def missed(
    indicator: Indicator,
    milestones: Iterable[Milestone],
    at: date,
    *,
    goal: Fraction | None,
    done: Fraction | None,
    enough: Fraction = Fraction(1),
    finished: Collection[str] = (),
) -> Milestone | None:
    """The first milestone of this indicator whose day has passed unmet; the arguments are those of `overdue`."""
    for milestone in own(indicator, milestones):
        if milestone.due > at:
            break
        reach = exact(milestone.reach)
        if reach is None:
            if milestone.id not in finished:
                return milestone
        elif goal is not None and (done is None or done < reach * enough):
            return milestone
    return None


class Slack(msgspec.Struct, frozen=True, kw_only=True):
    """How the days left compare with the days still needed at the pace so far (days, rounded up).

    `needed` is None where there is no pace to go by: nothing done yet, or the schedule has not begun.
    """

    left: int
    needed: int | None

    @property
    def days(self) -> int | None:
        """Days to spare; below 0 it will be late at this pace."""
        return None if self.needed is None else self.left - self.needed


def slack(done: Fraction | None, at: date, *, starts: date, last: date) -> Slack:
    """At the end of the day `at`, for what has to be there by the end of `last`."""
    left = (last - at).days
    if done is not None and done >= 1:
        return Slack(left=left, needed=0)
    passed = (at - starts).days
    if done is None or done <= 0 or passed <= 0:
        return Slack(left=left, needed=None)
    needed = (1 - done) * passed / done
    return Slack(left=left, needed=-(-needed.numerator // needed.denominator))
