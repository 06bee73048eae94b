"""From what the reporting units said to an area's figure, and from periods to the figure as it stands.

The leaves of an indicator are the areas that report it; only they enter a total, and each enters once.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

import msgspec

from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator
from desktop_app.core.model.view import Figure

T = TypeVar("T")


class Leaf(msgspec.Struct, frozen=True):
    """One reporting area's figure (as it counts: the 核定数 where there is one), with what it has to reach."""

    area: str
    figure: Figure
    goal: Fraction | None = None


class Rolled(msgspec.Struct, frozen=True, kw_only=True):
    """An area's figure made of its leaves.

    `reached` of `areas` leaves have reached their goal (a rate's leaf: its floor, where there is one); those that
    have not, or have never reported, are `short`.  Both say nothing (0, empty) for counts and rates without floor.
    `worst` is the leaf with the lowest value of a standard.
    """

    figure: Figure
    reached: int = 0
    areas: int = 0
    short: tuple[str, ...] = ()
    worst: str = ""

    @property
    def reaching(self) -> tuple[int, int] | None:
        """For lights.done: how many of how many areas reach it, None where nothing was compared."""
        return (self.reached, self.areas) if self.areas else None


def rate(value: Fraction | None, of: Fraction | None, per: int = 100) -> Fraction | None:
    """numerator ÷ denominator × per; None where either is missing or the denominator is 0."""
    if value is None or not of:
        return None
    return value / of * per


def level(indicator: Indicator, figure: Figure) -> Fraction | None:
    """What is compared with the target: the rate of a rate, else the value."""
    if indicator.measure == "rate":
        return rate(figure.value, figure.of, indicator.per)
    return figure.value


def roll_up(indicator: Indicator, leaves: Sequence[Leaf]) -> Rolled:
    """The leaves' figures as one, by the indicator's measure.

    count: the sum of those that have reported.  rate: numerators and denominators summed apart, to be divided once
    where it is shown.  standard: the lowest value, and how many areas reach their goal (their own, else the
    target); one that never reported does not.  state: 1 where every leaf has it, else 0.  Without any report the
    value is None; `figure.missing` counts the leaves that never reported.
    """
    spoken = [leaf for leaf in leaves if _said(indicator, leaf.figure)]
    if indicator.measure in ("count", "rate"):
        value = _total(leaf.figure.value for leaf in spoken)
        of = _total(leaf.figure.of for leaf in spoken) if indicator.measure == "rate" else None
        figure = _joined(indicator, leaves, value, of)
        floor = indicator.floor_value if indicator.measure == "rate" else None
        return _compared(indicator, figure, leaves, [floor] * len(leaves))
    goals = [_goal(indicator, leaf) for leaf in leaves]
    if indicator.measure == "standard":
        worst = min(spoken, key=lambda leaf: leaf.figure.value or Fraction(0), default=None)
        figure = _joined(indicator, leaves, worst.figure.value if worst else None)
        return _compared(indicator, figure, leaves, goals, worst.area if worst else "")
    everywhere = all((leaf.figure.value or 0) >= 1 for leaf in leaves)
    figure = _joined(indicator, leaves, Fraction(everywhere) if spoken else None)
    return _compared(indicator, figure, leaves, goals)


def joined(indicator: Indicator, parts: Sequence[tuple[str, Rolled]]) -> Rolled:
    """Rolled figures of areas that share no leaf, as one; the same as rolling up all their leaves at once.  Each part
    is given with the name of its area and must come from `roll_up`."""
    leaves = [Leaf(area, part.figure) for area, part in parts]
    spoken = [part for _area, part in parts if _said(indicator, part.figure)]
    worst = ""
    value, of = None, None
    if indicator.measure in ("count", "rate"):
        value = _total(part.figure.value for part in spoken)
        of = _total(part.figure.of for part in spoken) if indicator.measure == "rate" else None
    elif indicator.measure == "standard":
        lowest = min(spoken, key=lambda part: part.figure.value or Fraction(0), default=None)
        value, worst = (lowest.figure.value, lowest.worst) if lowest else (None, "")
    elif spoken:
        value = Fraction(all((part.figure.value or 0) >= 1 for _area, part in parts))
    figure = _joined(indicator, leaves, value, of)
    if not all(part.areas for _area, part in parts):
        return Rolled(figure=figure, worst=worst)
    return Rolled(
        figure=figure,
        reached=sum(part.reached for _area, part in parts),
        areas=sum(part.areas for _area, part in parts),
        short=tuple(area for _area, part in parts for area in part.short),
        worst=worst,
    )


def _compared(
    indicator: Indicator,
    figure: Figure,
    leaves: Sequence[Leaf],
    goals: Sequence[Fraction | None],
    worst: str = "",
) -> Rolled:
    """The figure with how many leaves reach their goals; nothing is compared unless every leaf has a goal."""
    if None in goals:
        return Rolled(figure=figure, worst=worst)
    short = []
    for leaf, goal in zip(leaves, goals, strict=True):
        reached = level(indicator, leaf.figure)
        if goal is not None and (reached is None or reached < goal):
            short.append(leaf.area)
    areas = len(leaves)
    return Rolled(figure=figure, reached=areas - len(short), areas=areas, short=tuple(short), worst=worst)


def _said(indicator: Indicator, figure: Figure) -> bool:
    return figure.value is not None and (indicator.measure != "rate" or figure.of is not None)


def _goal(indicator: Indicator, leaf: Leaf) -> Fraction | None:
    if indicator.measure == "state":
        return Fraction(1)
    return leaf.goal if leaf.goal is not None else indicator.target_value


def _total(values: Iterable[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    if all(value.denominator == 1 for value in known):
        # Nearly every figure is a count, and adding integers is ten times as fast as adding fractions.
        return Fraction(sum(value.numerator for value in known)) if known else None
    return sum(known, Fraction(0))


def _joined(
    indicator: Indicator, leaves: Sequence[Leaf], value: Fraction | None, of: Fraction | None = None
) -> Figure:
    """The figure with its marks: carried as far back as the oldest part of it, approved or disputed if any is."""
    spoken = [leaf.figure for leaf in leaves if _said(indicator, leaf.figure)]
    approved = any(figure.approved for figure in spoken)
    reported = None
    if approved and indicator.measure != "state":
        said = [figure.reported if figure.approved else figure.value for figure in spoken]
        known = [figure for figure in said if figure is not None]
        reported = min(known, default=None) if indicator.measure == "standard" else _total(known)
    missing = 0
    for leaf in leaves:
        # A leaf may be a rolled figure itself, with leaves missing below it.
        missing += leaf.figure.missing if _said(indicator, leaf.figure) else max(1, leaf.figure.missing)
    return Figure(
        value=value,
        of=of,
        carried=min((figure.carried for figure in spoken if figure.carried), key=_order, default=""),
        approved=approved,
        reported=reported,
        disputed=any(figure.disputed for figure in spoken),
        missing=missing,
    )


@functools.cache
def _order(key: str) -> tuple[int, int, int]:
    return Period.parse(key).order


def as_of(series: Mapping[str, T], period: Period, *, flow: bool = True) -> tuple[T | None, str]:
    """What stands at the period's end, and the period it is carried from (沿用), "" when said for this one.

    The latest report that ends no later counts.  A flow's running total begins anew each year, so that nothing of
    an earlier year is carried into it; a stock is carried on.  (None, "") where nothing was ever said.
    """
    end = (period.year, period.last)
    best = ""
    for key in series:
        year, last, _first = _order(key)
        if (year, last) > end or (flow and year != period.year):
            continue
        if not best or _order(key) > _order(best):
            best = key
    if not best:
        return None, ""
    return series[best], "" if _order(best)[:2] == end else best


def increase(series: Mapping[str, Fraction], period: Period, *, flow: bool = True) -> Fraction | None:
    """This period's increase (本期新增): the figure less that of the period before, as it then stood.

    A flow begins the year at 0, so its first report is all increase; a stock that was never said before has none.
    None where nothing was said yet.
    """
    now, _carried = as_of(series, period, flow=flow)
    if now is None:
        return None
    before_period = period.shifted(-1)
    if flow and before_period.year != period.year:
        return now
    before, _carried = as_of(series, before_period, flow=flow)
    if before is None:
        return now if flow else None
    return now - before
