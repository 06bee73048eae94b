"""The year's end: whether an indicator's target was reached, judged by the word that binds it.

| word | reached when |
|---|---|
| >= 不少于、以上、达 | the figure is at least the target |
| ~ 左右 | it is at least the target less the tolerance the city states |
| == a bare figure | it is at or above the target; overshoot is no fault |
| state | every area has it, proved by evidence |
| rate with a floor | the rate is at least the target, and every area at least its floor |
| standard | every area reaches it; the worst is named |

What the notice leaves open, and what was never reported, is not judged.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import msgspec

from desktop_app.core.figures.rollup import Rolled, level
from desktop_app.core.model.plan import Indicator

Verdict = Literal["reached", "about", "short", "unsaid", "open"]
"""reached; within the tolerance of "about" though below the figure; short; never reported; no target to judge by."""


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """`value` and `target` in the indicator's unit; `lacking` what is missing to the target (0 when reached);
    `short` the areas that stay below their own goal or floor; `missing` how many areas never reported."""

    verdict: Verdict
    value: Fraction | None
    target: Fraction | None
    lacking: Fraction = Fraction(0)
    short: tuple[str, ...] = ()
    missing: int = 0


def judge(indicator: Indicator, rolled: Rolled, target: Fraction | None, tolerance: Fraction) -> Judgement:
    """The judgement of one indicator for one area; `tolerance` is that of 左右, as a share of 1."""
    figure = rolled.figure
    value = level(indicator, figure)
    goal = Fraction(1) if indicator.measure == "state" else target
    short = rolled.short if _everywhere(indicator) else ()
    common = {"value": value, "target": goal, "short": short, "missing": figure.missing}
    if goal is None:
        return Judgement(verdict="open", **common)  # type: ignore[arg-type]
    if value is None:
        return Judgement(verdict="unsaid", lacking=goal, **common)  # type: ignore[arg-type]
    lacking = max(Fraction(0), goal - value)
    verdict: Verdict
    if short:
        verdict = "short"
    elif not lacking:
        verdict = "reached"
    elif indicator.op == "~" and value >= goal * (1 - tolerance):
        verdict = "about"
    else:
        verdict = "short"
    return Judgement(verdict=verdict, lacking=lacking, **common)  # type: ignore[arg-type]


def _everywhere(indicator: Indicator) -> bool:
    """Whether each area is held to it: standards and states, and rates that have a floor."""
    return indicator.measure in ("standard", "state") or indicator.floor_value is not None


def task_verdict(verdicts: list[Verdict]) -> Verdict:
    """A task is reached when all its indicators are; else what stands worst."""
    for worst in ("short", "unsaid", "open", "about"):
        if worst in verdicts:
            return worst
    return "reached" if verdicts else "open"
