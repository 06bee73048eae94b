"""Progress and lights: how much is done, and what that means on the day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from desktop_app.core.figures.rollup import level
from desktop_app.core.model.plan import Indicator
from desktop_app.core.model.view import Figure, Light

TOLERANCE = Fraction(5, 100)
"""How far below the target 左右 may stay, unless the city says otherwise."""
LAG = Fraction(95, 100)
"""Below this share of what is expected it lags, unless the city says otherwise."""
SEVERITY: tuple[Light, ...] = ("red", "yellow", "none", "green", "done")
"""The worst first.  What was never reported is worse than what goes well and better than what is known to lag."""


def done(
    indicator: Indicator,
    goal: Fraction | None,
    figure: Figure,
    *,
    reaching: tuple[int, int] | None = None,
) -> Fraction | None:
    """How much of the goal is done, 1 for all of it; it may exceed 1 and is never negative.

    `goal` is the area's share, or the target where nothing is shared out; in the indicator's unit (a rate's in its
    `per`).  count: value ÷ goal; rate: rate ÷ goal; with a baseline (level − baseline) ÷ (goal − baseline); state:
    0 or 1; standard: 1 where it is reached, else 0, and above the reporting areas `reaching` says how many of how
    many reach it (`Rolled.reaching`).  A goal of 0 asks for nothing and is done.

    None where nothing can be said: never reported, no goal, denominator 0.
    """
    if indicator.measure == "state":
        return None if figure.value is None else Fraction(figure.value >= 1)
    now = level(indicator, figure)
    if goal is None or now is None:
        return None
    if indicator.measure == "standard" and indicator.baseline_value is None:
        if reaching is not None and reaching[1] > 0:
            return Fraction(*reaching)
        return Fraction(now >= goal)
    base = indicator.baseline_value or Fraction(0)
    if goal <= base:
        return Fraction(now >= goal)
    return max(Fraction(0), (now - base) / (goal - base))


def enough(indicator: Indicator, tolerance: Fraction = TOLERANCE) -> Fraction:
    """From which `done` the goal counts as reached: 1, or 1 − tolerance for 左右 (about)."""
    return 1 - tolerance if indicator.op == "~" else Fraction(1)


def light(
    done_share: Fraction | None,
    expected: Fraction | None,
    *,
    overdue: bool,
    reported: bool,
    enough: Fraction = Fraction(1),
    lag: Fraction = LAG,
) -> Light:
    """An indicator's light, the first that is true of: 完成 done, 逾期 a date has passed unmet, 未填 never reported,
    滞后 below `lag` of what is expected, 正常 otherwise.

    Never reported comes after 逾期: a date that has passed has passed without a report as well.
    """
    if done_share is not None and done_share >= enough:
        return "done"
    if overdue:
        return "red"
    if not reported:
        return "none"
    if done_share is not None and expected is not None and done_share < lag * expected:
        return "yellow"
    return "green"


def milestone_light(due: date, at: date, finished: date | None) -> Light:
    """A step's light: done when it was finished by `at`, red when its day has passed without, else green."""
    if finished is not None and finished <= at:
        return "done"
    return "red" if due <= at else "green"


def worst_light(lights: Iterable[Light]) -> Light:
    """A task's light: its worst indicator's; "none" where there is no indicator."""
    return min(lights, key=SEVERITY.index, default="none")


def task_percent(dones: Iterable[Fraction | None]) -> Fraction | None:
    """A task's percent as a share of 1: the mean of its target indicators' `done`, each capped at 1.

    Pass those of `Task.headline`.  One of which nothing can be said (None) is left out, because what is missing is
    never zero; that it is missing is said by the light.  None where nothing can be said of any.
    """
    known = [min(share, Fraction(1)) for share in dones if share is not None]
    return sum(known, Fraction(0)) / len(known) if known else None
