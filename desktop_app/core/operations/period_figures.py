"""The figures, shares and lights of every area at the end of one period, read from the ledger once."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cached_property

from desktop_app.core.figures import lights, rollup, schedule
from desktop_app.core.figures.numbers import show
from desktop_app.core.i18n import _
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator, Milestone, Plan
from desktop_app.core.model.unit import Organisation
from desktop_app.core.model.view import (
    Figure,
    Light,
)
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store.ledger import LeafFigure, Verdict
from desktop_app.core.trust.authority import Context


class PeriodFigures:
    """The ledger at the end of `period`, from the point of view of the workspace's unit."""

    def __init__(self, workspace: Workspace, period: Period) -> None:
        self.workspace = workspace
        self.period = period
        self.plan: Plan = workspace.plan
        self.context: Context = workspace.store.projector.context()
        self.organisation: Organisation = self.context.organisation
        ledger = workspace.store.ledger
        self.ledger = ledger
        self.first = period.year * 12 + 1
        self.last = period.year * 12 + period.last
        self.leaves = ledger.leaf_figures(self.plan.id, self.first, self.last)
        self.sites = ledger.site_sums(date(period.year, 1, 1).isoformat(), period.end.isoformat())
        self.verdicts = ledger.verdicts(self.plan.id, self.first, self.last)
        self.shares = ledger.shares(self.plan.id)
        self._rolled: dict[tuple[str, str], rollup.Rolled] = {}
        self._leaf_areas: dict[tuple[str, str], list[str]] = {}

    # -- settings ------------------------------------------------------------------------------------------------

    @cached_property
    def tolerance(self) -> Fraction:
        """About (~): reached from target × (1 − tolerance); the city states it, 5 % unless it says otherwise."""
        return self._setting("tolerance_percent", 5) / 100

    @cached_property
    def lag(self) -> Fraction:
        """滞后 below this share of what is expected; 95 % unless the city says otherwise."""
        return self._setting("lag_percent", 95) / 100

    def _setting(self, name: str, default: int) -> Fraction:
        head = self.ledger.head(f"setting/{self.workspace.store.city}/{name}")
        if head is None or head.body.void:
            return Fraction(default)
        return Fraction(bytes(head.body.value).decode().strip('"'))

    # -- who -----------------------------------------------------------------------------------------------------

    def leaf_areas(self, indicator: str, area: str) -> list[str]:
        """The areas below (or the area itself) for which exactly one unit reports the indicator."""
        key = (indicator, area)
        if key not in self._leaf_areas:
            duty = self.context.duty(self.plan.id, indicator, area)
            if duty is not None and duty.reporter:
                found = [area]
            else:
                found = [
                    leaf
                    for child in self.organisation.children(area)
                    if child.is_area or (self.plan.id, indicator, child.code) in self.context.duties
                    for leaf in self.leaf_areas(indicator, child.code)
                ]
            self._leaf_areas[key] = found
        return self._leaf_areas[key]

    def reporter(self, indicator: str, area: str) -> str | None:
        duty = self.context.duty(self.plan.id, indicator, area)
        return duty.reporter if duty else None

    def reviewer(self, indicator: str, area: str) -> str | None:
        """Who reviews: the unit named in the duty, else the unit above the reporting one."""
        duty = self.context.duty(self.plan.id, indicator, area)
        if duty is None or not duty.reporter:
            return None
        unit = self.organisation.get(duty.reporter)
        return duty.reviewer or (unit.parent if unit else None)

    # -- figures -------------------------------------------------------------------------------------------------

    def leaf(self, indicator: Indicator, area: str) -> Figure:
        """The figure of one reporting area: its latest, the 核定数 in its place where a reviewer set one."""
        if indicator.basis == "site":
            value = self.sites.get((indicator.id, area))
            if value is None:
                value = Fraction(0) if self._submitted(self.reporter(indicator.id, area)) else None
            if value is None:
                return Figure(missing=1)
            standing = [
                verdict
                for month in range(self.first, self.last + 1)
                for verdict in self.verdicts.get((indicator.id, area, month_key(month)), ())
                if verdict.verdict == "set" and verdict.seen == value
            ]
            return self._approved(Figure(value=value), standing)
        said: LeafFigure | None = self.leaves.get((indicator.id, area))
        if said is None:
            return Figure(missing=1)
        figure = Figure(
            value=said.value,
            of=said.of,
            carried=said.period if said.month < self.last else "",
            disputed=said.heads > 1,
        )
        return self._approved(
            figure,
            [
                verdict
                for verdict in self.verdicts.get((indicator.id, area, said.period), ())
                if verdict.verdict == "set" and verdict.current
            ],
        )

    def _approved(self, figure: Figure, verdicts: list[Verdict]) -> Figure:
        """The 核定数 of the highest reviewer stands in totals; the 上报数 stays beside it."""
        chosen = min(
            verdicts, key=lambda v: (len(self.organisation.above(v.reviewer)), -v.month), default=None
        )
        if chosen is None or chosen.value is None:
            return figure
        return Figure(
            value=chosen.value,
            of=chosen.of if chosen.of is not None else figure.of,
            carried=figure.carried,
            approved=True,
            reported=figure.value,
            disputed=figure.disputed,
        )

    @cached_property
    def _submissions(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for head in self.ledger.heads("submission"):
            found.setdefault(head.owner, []).append(head.subject.split("/")[2])
        return found

    def _submitted(self, unit: str | None) -> bool:
        return any(period <= self.period.key for period in self._submissions.get(unit or "", ()))

    def rolled(self, indicator: Indicator, area: str) -> rollup.Rolled:
        """An area's figure: a reporting area's own, else computed from the leaves below."""
        key = (indicator.id, area)
        if key not in self._rolled:
            areas = self.leaf_areas(indicator.id, area)
            if areas == [area]:
                self._rolled[key] = rollup.Rolled(figure=self.leaf(indicator, area))
            else:
                self._rolled[key] = rollup.roll_up(
                    indicator,
                    [
                        rollup.Leaf(leaf, self.leaf(indicator, leaf), self.share(indicator, leaf))
                        for leaf in areas
                    ],
                )
        return self._rolled[key]

    def figure(self, indicator: Indicator, area: str) -> Figure:
        return self.rolled(indicator, area).figure

    # -- targets and lights --------------------------------------------------------------------------------------

    def share(self, indicator: Indicator, area: str) -> Fraction | None:
        """What the area must reach: its share; the city's is the target itself; figures that do not add up hold
        everywhere as they stand."""
        given = self.shares.get((indicator.id, area))
        if given is not None:
            return given
        if area == self.workspace.store.city or indicator.adds in ("ratio", "uniform", "universal", "city"):
            return indicator.target_value
        return None

    def milestones(self, indicator: Indicator) -> tuple[Milestone, ...]:
        task = self.plan.task(indicator.task_no)
        return task.milestones if task else ()

    def expected(self, indicator: Indicator) -> Fraction:
        """The share of 1 that should be done by the period's end."""
        return schedule.expected(
            indicator,
            self.milestones(indicator),
            self.period.end,
            starts=self.plan.starts,
            ends=self.plan.ends,
        )

    def done(self, indicator: Indicator, area: str) -> Fraction | None:
        rolled = self.rolled(indicator, area)
        return lights.done(indicator, self.share(indicator, area), rolled.figure, reaching=rolled.reaching)

    def light(self, indicator: Indicator, area: str) -> Light:
        done = self.done(indicator, area)
        enough = lights.enough(indicator, self.tolerance)
        return lights.light(
            done,
            self.expected(indicator),
            overdue=schedule.overdue(
                indicator,
                self.milestones(indicator),
                self.period.end,
                ends=self.plan.ends,
                goal=self.share(indicator, area),
                done=done,
                enough=enough,
                finished=self._finished(area),
            ),
            reported=self.figure(indicator, area).value is not None,
            enough=enough,
            lag=self.lag,
        )

    def _finished(self, area: str) -> set[str]:
        """Milestones done by the period's end at the area's own level or above it."""
        found = set()
        for _task, milestone in self.plan.milestones():
            where = self._milestone_area(milestone, area)
            done = self._milestones_done.get((milestone.id, where))
            if done and done <= self.period.end.isoformat():
                found.add(milestone.id)
        return found

    @cached_property
    def _milestones_done(self) -> dict[tuple[str, str], str]:
        return {
            (head.subject.split("/")[3], head.owner): head.body.done
            for head in self.ledger.heads("milestone")
            if head.body.done
        }

    def _milestone_area(self, milestone: Milestone, area: str) -> str:
        """The area at the milestone's level: the area itself or the one above it."""
        for code in (area, *self.organisation.above(area)):
            unit = self.organisation.get(code)
            if unit is not None and unit.level == milestone.scope and unit.is_area:
                return code
        return area


def month_key(month: int) -> str:
    """A month number (year × 12 + month) as 2024-06."""
    year, rest = divmod(month - 1, 12)
    return f"{year}-{rest + 1:02d}"


def reported_areas(workspace: Workspace, indicator_id: str) -> list[str]:
    """Areas for which this desk's unit reports the indicator, by code."""
    context, plan = workspace.store.projector.context(), workspace.plan.id
    unit = workspace.unit_code
    return [
        area
        for area in sorted(context.areas_reported_by(unit, indicator_id))
        if (duty := context.duty(plan, indicator_id, area)) is not None and duty.reporter == unit
    ]


def previous_value(workspace: Workspace, indicator: Indicator, area: str, period: Period) -> Fraction | None:
    """The last value of the same year before the period."""
    first, before = period.year * 12 + 1, period.year * 12 + period.first
    earlier = [
        figure
        for figure in workspace.store.ledger.series(workspace.plan.id, indicator.id, area).values()
        if first <= figure.month < before
    ]
    return max(earlier, key=lambda figure: figure.month).value if earlier else None


def parent_value(workspace: Workspace, indicator: Indicator, area: str, period: Period) -> Fraction | None:
    if indicator.parent is None:
        return None
    whole = workspace.plan.indicator(indicator.parent)
    if whole is None:
        return None
    if whole.basis == "site":
        return workspace.store.ledger.site_sums(f"{period.year}-01-01", period.end.isoformat()).get(
            (whole.id, area)
        )
    said = workspace.store.ledger.series(workspace.plan.id, whole.id, area).get(period.key)
    return said.value if said else None


def part_values(workspace: Workspace, indicator: Indicator, area: str, period: Period) -> list[Fraction]:
    """What was typed in the period for the parts (其中) of an indicator."""
    task = workspace.plan.task(indicator.task_no)
    parts = [part.id for part in task.indicators if part.parent == indicator.id] if task else []
    said = [workspace.store.ledger.series(workspace.plan.id, part, area).get(period.key) for part in parts]
    return [figure.value for figure in said if figure is not None]


def describe_figure(indicator: Indicator, value: Fraction | None, of: Fraction | None) -> str:
    """A figure in words: "2,176 / 2,189" or "268"."""
    if value is None:
        return _("未填")
    text = show(value, indicator.decimals if indicator.measure != "rate" else 0)
    return f"{text} / {show(of, 0)}" if of is not None else text
