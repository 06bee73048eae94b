"""The plan: tasks in categories, each with indicators, measures, milestones and money rules.

Figures are exact decimal strings ("27000", "4.86"); a figure the notice masks or leaves open is None and the
point is listed in `open_points` for the city to fill in.
"""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import Literal

import msgspec

Measure = Literal["count", "rate", "standard", "state"]
Op = Literal[">=", "~", "==", "state"]
Frequency = Literal["month", "quarter", "half", "year", "once"]
Basis = Literal["typed", "site"]
Adds = Literal["sum", "ratio", "uniform", "universal", "city"]

_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,12})?")


def exact(number: int | str | None) -> Fraction | None:
    """The exact value of a whole number or a decimal string ("3.8"); None for None and for anything else."""
    if isinstance(number, str):
        return Fraction(number) if _NUMBER.fullmatch(number) else None
    return Fraction(number) if type(number) is int else None


class Indicator(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One figure to be reached.

    `measure`: count (areas add up), rate (numerators and denominators add up, then divide once; the value is
    numerator ÷ denominator × `per`, so per 100 is a percentage, per 1 an average, per 1000 per thousand people),
    standard (every area must reach it), state (what must exist, proved by evidence: 0 or 1).
    `op`: >= at least, ~ about, == bare figure, state.  `parent` names the indicator this one is a part of (其中),
    never added on top.  `flow` figures are entered as running totals of the year, stocks as end values.
    `basis` site: the figure is the sum of quantities of sites that count and cannot be typed.
    `headline` is True for figures of the target text, False for sub-targets of the measures.
    `numerator` and `denominator` name a rate's two parts, `part_decimals` says how many decimals they may have
    (`decimals` is then for the rate shown).
    `target_open`: the city still has to give or confirm the target; `unit_open`: the unit is masked or unsure.
    """

    id: str
    name: str
    measure: Measure
    op: Op
    unit: str
    target: str | None = None
    per: int = 100
    baseline: str | None = None
    parent: str | None = None
    flow: bool = True
    frequency: Frequency = "month"
    basis: Basis = "typed"
    adds: Adds = "sum"
    decimals: int = 0
    headline: bool = True
    floor: str | None = None
    reports: Literal["city", "county", "township"] = "county"
    definition: str = ""
    numerator: str = ""
    denominator: str = ""
    part_decimals: int = 0
    stages: tuple[str, ...] = ()
    evidence_needed: bool = False
    acceptance: bool = False
    """A site counts only once an acceptance (验收) of it was passed, as a row of that register says."""
    unit_open: bool = False
    target_open: bool = False

    @property
    def task_no(self) -> int:
        return int(self.id.split(".")[0])

    @property
    def target_value(self) -> Fraction | None:
        return exact(self.target)

    @property
    def baseline_value(self) -> Fraction | None:
        return exact(self.baseline)

    @property
    def floor_value(self) -> Fraction | None:
        return exact(self.floor)

    @property
    def due(self) -> Frequency:
        return self.frequency


class Milestone(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A dated step.  `scope` says who must do it: the city once, every county, or every township.

    `reach` is the share of its `indicator` that must be there by then, a decimal string ("0.5", "1" for all of
    it); None for a step without a figure.  Such points make the backward schedule (倒排).
    """

    id: str
    what: str
    due: date
    scope: Literal["city", "county", "township"] = "county"
    indicator: str | None = None
    measure_no: int | None = None
    reach: str | None = None


class FundRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A subsidy standard or a sharing rule, in brief.  `amount` in yuan, None where the notice gives none.

    `share` holds written ratios only, for instance {"city": 5, "district": 5}; one name alone bears it all.  It is
    never guessed: `open` marks what the notice leaves to be said.
    """

    what: str
    amount: str | None = None
    per: str = ""
    bound: Literal[">=", "<=", "=="] = "=="
    share: dict[str, int] = {}
    cap: str = ""
    indicator: str | None = None
    open: bool = False


class Task(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of the tasks.  `short` is for narrow columns (at most 10 characters)."""

    no: int
    category: str
    title: str
    short: str
    target: str
    lead: tuple[str, ...]
    measures: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    milestones: tuple[Milestone, ...] = ()
    funds: tuple[FundRule, ...] = ()
    completion: str = ""
    division: str = ""
    open_points: tuple[str, ...] = ()

    @property
    def headline(self) -> tuple[Indicator, ...]:
        """Indicators that count towards the task's percent: of the target text, of-which parts left out, and those
        whose figure the notice hides, since nothing can be said of them yet."""
        counted = (i for i in self.indicators if i.headline and i.parent is None and i.target is not None)
        return tuple(counted) or self.indicators[:1]


class Plan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A year's plan.  `id` names it in subjects ("2024"); `sample` marks the shipped one (样例).

    `category_shorts` are the categories' names for narrow bands, in the same order (empty: the names themselves).
    """

    id: str
    year: int
    title: str
    issued: date
    sample: bool = False
    categories: tuple[str, ...]
    category_shorts: tuple[str, ...] = ()
    tasks: tuple[Task, ...]
    open_points: tuple[str, ...] = ()

    def task(self, no: int) -> Task | None:
        return next((task for task in self.tasks if task.no == no), None)

    def indicators(self) -> list[Indicator]:
        return [indicator for task in self.tasks for indicator in task.indicators]

    def indicator(self, indicator_id: str) -> Indicator | None:
        return next((i for i in self.indicators() if i.id == indicator_id), None)

    def milestones(self) -> list[tuple[Task, Milestone]]:
        return [(task, milestone) for task in self.tasks for milestone in task.milestones]

    @property
    def starts(self) -> date:
        """Expected progress runs from here."""
        return min(self.issued, date(self.year, 12, 31))

    @property
    def ends(self) -> date:
        return date(self.year, 12, 31)
