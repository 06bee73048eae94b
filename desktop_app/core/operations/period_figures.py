"""The figures, shares and lights of every area at the end of one period, read from the ledger once."""

from __future__ import annotations

import contextlib
from datetime import date
from fractions import Fraction
from functools import cached_property

from desktop_app.core.errors import StorageError
from desktop_app.core.figures import lights, rollup, schedule
from desktop_app.core.figures.numbers import show
from desktop_app.core.i18n import _
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator, Milestone, Plan, exact
from desktop_app.core.model.unit import Organisation
from desktop_app.core.model.view import (
    Figure,
    Light,
)
from desktop_app.core.operations import area_sums
from desktop_app.core.operations.area_sums import AreaSum
from desktop_app.core.operations.dated_steps import DatedSteps
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store import sums_table
from desktop_app.core.store.ledger import LeafFigure, Verdict
from desktop_app.core.trust.authority import Context

SUMS = "sums"


class PeriodFigures:
    """The ledger at the end of `period`, from the point of view of the workspace's unit."""

    def __init__(self, workspace: Workspace, period: Period) -> None:
        self.workspace = workspace
        self.period = period
        workspace.look_at(period)
        self.plan: Plan = workspace.plan_for(period)
        ledger = workspace.store.ledger
        self.ledger = ledger
        self.first = period.year * 12 + 1
        self.last = period.year * 12 + period.last
        self._leaves: dict[tuple[str, str], LeafFigure] = {}
        self._sites: dict[tuple[str, str], Fraction] = {}
        self._verdicts: dict[tuple[str, str, str], list[Verdict]] = {}
        self._read: set[str] = set()
        """Areas whose figures have been read; those of one county are read together."""
        self._shares: dict[str, dict[str, Fraction]] = {}
        self._sums: dict[str, dict[str, AreaSum]] = {}
        self._rolled: dict[tuple[str, str], rollup.Rolled] = {}
        self._leaf_areas: dict[tuple[str, str], list[str]] = {}
        self._submissions: dict[str, list[str]] = {}

    @cached_property
    def context(self) -> Context:
        """Who is who and reports what; a board that is kept ready does not ask."""
        return self.workspace.store.projector.context()

    @cached_property
    def organisation(self) -> Organisation:
        return self.context.organisation

    # -- reading, as far as it is asked for ----------------------------------------------------------------------

    def _read_around(self, area: str) -> None:
        """Read the figures of an area and of those that stand beside it."""
        if area in self._read:
            return
        unit = self.organisation.get(area)
        beside = self.organisation.children(unit.parent) if unit is not None and unit.parent else []
        areas = {area, *(other.code for other in beside)} - self._read
        self._read |= areas
        asked = sorted(areas)
        self._leaves |= self.ledger.leaf_figures(self.plan.id, self.first, self.last, asked)
        first = date(self.period.year, 1, 1).isoformat()
        self._sites |= self.ledger.site_sums(first, self.period.end.isoformat(), asked)
        self._verdicts |= self.ledger.verdicts(self.plan.id, self.first, self.last, asked)

    def verdicts_on(self, indicator: str, area: str, period: str) -> list[Verdict]:
        """Reviews of one figure."""
        self._read_around(area)
        return self._verdicts.get((indicator, area, period), [])

    @cached_property
    def shares(self) -> dict[tuple[str, str], Fraction]:
        """Every share, by (indicator, area), as it held at the period's end."""
        return self.ledger.shares(self.plan.id, self.period.end.isoformat())

    def share_given(self, indicator: str, area: str) -> Fraction | None:
        """An area's own share, as it held at the period's end."""
        if area not in self._shares:
            given = self.ledger.shares(self.plan.id, self.period.end.isoformat(), area)
            self._shares[area] = {key[0]: value for key, value in given.items()}
        return self._shares[area].get(indicator)

    # -- settings ------------------------------------------------------------------------------------------------

    @cached_property
    def tolerance(self) -> Fraction:
        """About (~): reached from target × (1 − tolerance); the city states it, 5 % unless it says otherwise."""
        return self.says("tolerance_percent", 5) / 100

    @cached_property
    def lag(self) -> Fraction:
        """滞后 below this share of what is expected; 95 % unless the city says otherwise."""
        return self.says("lag_percent", 95) / 100

    def says(self, name: str, default: int) -> Fraction:
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
            self._read_around(area)
            value = self._sites.get((indicator.id, area))
            if value is None:
                value = Fraction(0) if self._submitted(self.reporter(indicator.id, area)) else None
            if value is None:
                return Figure(missing=1)
            standing = [
                verdict
                for month in range(self.first, self.last + 1)
                for verdict in self.verdicts_on(indicator.id, area, month_key(month))
                if verdict.verdict == "set" and verdict.seen == value
            ]
            return self._approved(Figure(value=value), standing)
        self._read_around(area)
        said: LeafFigure | None = self._leaves.get((indicator.id, area))
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
                for verdict in self.verdicts_on(indicator.id, area, said.period)
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

    def submitted_for(self, unit: str) -> list[str]:
        """The periods a unit has submitted."""
        if unit not in self._submissions:
            heads = self.ledger.heads("submission", unit)
            self._submissions[unit] = [head.subject.split("/")[2] for head in heads]
        return self._submissions[unit]

    def _submitted(self, unit: str | None) -> bool:
        end = self.period.order[:2]
        return bool(unit) and any(
            Period.parse(key).order[:2] <= end for key in self.submitted_for(unit or "")
        )

    def rolled(self, indicator: Indicator, area: str) -> rollup.Rolled:
        """An area's figure: a reporting area's own, else computed from the leaves below."""
        key = (indicator.id, area)
        if key not in self._rolled:
            if self.is_summed(area):
                found = self.sums(area).get(indicator.id)
                if found is not None:
                    return found.rolled
            areas = self.leaf_areas(indicator.id, area)
            if areas == [area]:
                self._rolled[key] = rollup.Rolled(figure=self.leaf(indicator, area))
            else:
                self._rolled[key] = rollup.roll_up(indicator, [self._leaf(indicator, leaf) for leaf in areas])
        return self._rolled[key]

    def _leaf(self, indicator: Indicator, area: str) -> rollup.Leaf:
        return rollup.Leaf(area, self.leaf(indicator, area), self.share(indicator, area))

    # -- sums that are kept --------------------------------------------------------------------------------------

    def is_summed(self, area: str) -> bool:
        """Whether an area's figures are kept ready: it has areas below."""
        unit = self.organisation.get(area)
        return unit is not None and unit.is_area and bool(self.organisation.child_areas(area))

    def sums(self, area: str) -> dict[str, AreaSum]:
        """All indicators of an area with areas below, by id: as kept beside the figures, else computed and kept."""
        if area not in self._sums:
            told = self.kept(area, SUMS)
            found = area_sums.decode(told) if told is not None else None
            if found is None or found.keys() != self._by_id.keys():
                for child in self.organisation.child_areas(area):
                    if self.is_summed(child.code):
                        self.sums(child.code)
                before = self.workspace.store.stamp()
                found = {indicator.id: self._sum(indicator, area) for indicator in self.plan.indicators()}
                self.keep(area, SUMS, area_sums.encode(found), before)
            self._sums[area] = found
        return self._sums[area]

    @property
    def month(self) -> int:
        """What the period is kept under: months and longer periods with the same end are the same."""
        return self.last

    @cached_property
    def _by_id(self) -> dict[str, Indicator]:
        return {indicator.id: indicator for indicator in self.plan.indicators()}

    def kept(self, area: str, what: str) -> bytes | None:
        """What was kept of an area at the period's end."""
        return sums_table.read(self.workspace.store.connection, area, self.month, self.plan.id, what)

    def keep(self, area: str, what: str, told: bytes, before: tuple[int, int]) -> None:
        """Keep what was computed, unless something has been written since; a ledger that cannot be written to, or is
        being written to, keeps nothing."""
        store = self.workspace.store
        if self.workspace.day is not None or store.connection.in_transaction:
            return
        # Who only looks does not wait for one who writes.
        store.connection.execute("PRAGMA busy_timeout = 20")
        try:
            with contextlib.suppress(StorageError), store.transaction():
                if store.stamp() == before:
                    sums_table.keep(store.connection, area, self.month, self.plan.id, what, told)
                    if area == store.city and not sums_table.read_latest(
                        store.connection, area, self.plan.id
                    ):
                        sums_table.keep_latest(store.connection, area, self.plan.id)
        finally:
            store.connection.execute("PRAGMA busy_timeout = 5000")

    def _sum(self, indicator: Indicator, area: str) -> AreaSum:
        duty = self.context.duty(self.plan.id, indicator.id, area)
        if duty is not None and duty.reporter:
            return AreaSum(rollup.Rolled(figure=self.leaf(indicator, area)), 1)
        children = self.organisation.children(area)
        if not any(self.is_summed(child.code) for child in children):
            leaves = self.leaf_areas(indicator.id, area)
            return AreaSum(
                rollup.roll_up(indicator, [self._leaf(indicator, leaf) for leaf in leaves]), len(leaves)
            )
        parts: list[tuple[str, rollup.Rolled]] = []
        count = 0
        for child in children:
            own = self.context.duty(self.plan.id, indicator.id, child.code)
            if self.is_summed(child.code) and not (own is not None and own.reporter):
                below = self.sums(child.code)[indicator.id]
                if below.leaves:
                    parts.append((child.code, below.rolled))
                    count += below.leaves
                continue
            if not child.is_area and (self.plan.id, indicator.id, child.code) not in self.context.duties:
                continue
            leaves = self.leaf_areas(indicator.id, child.code)
            if leaves:
                rolled = rollup.roll_up(indicator, [self._leaf(indicator, leaf) for leaf in leaves])
                parts.append((child.code, rolled))
                count += len(leaves)
        return AreaSum(rollup.joined(indicator, parts), count)

    def reported_at_all(self, indicator: str, area: str) -> bool:
        """Whether any unit reports the indicator for the area or below it."""
        if self.is_summed(area):
            found = self.sums(area).get(indicator)
            if found is not None:
                return found.leaves > 0
        return bool(self.leaf_areas(indicator, area))

    def figure(self, indicator: Indicator, area: str) -> Figure:
        return self.rolled(indicator, area).figure

    # -- targets and lights --------------------------------------------------------------------------------------

    def share(self, indicator: Indicator, area: str) -> Fraction | None:
        """What the area must reach: its share; the city's is the target itself; figures that do not add up hold
        everywhere as they stand."""
        given = self.share_given(indicator.id, area)
        if given is not None:
            return given
        if area == self.workspace.store.city or indicator.adds in ("ratio", "uniform", "universal", "city"):
            return indicator.target_value
        return None

    def milestones(self, indicator: Indicator) -> tuple[Milestone, ...]:
        task = self.plan.task(indicator.task_no)
        return task.milestones if task else ()

    @cached_property
    def _courses(self) -> dict[tuple[str, str], schedule.Course]:
        """Courses that were stated, by (indicator, area)."""
        found = {}
        for head in self.ledger.heads("schedule"):
            words = head.subject.split("/")
            if words[2] == self.plan.id:
                steps = sorted(
                    (date.fromisoformat(day), share)
                    for day, amount in head.body.steps.items()
                    if (share := exact(amount)) is not None
                )
                found[words[3], words[1]] = schedule.Course(curve=head.body.curve, steps=tuple(steps))
        return found

    def course(self, indicator: Indicator, area: str | None = None) -> schedule.Course:
        """The course in force for an area: its own, else that of the nearest area above that has one."""
        if not self._courses:
            return schedule.EVENLY
        code = area or self.workspace.store.city
        for where in (code, *self.organisation.above(code)):
            found = self._courses.get((indicator.id, where))
            if found is not None:
                return found
        return schedule.EVENLY

    def expected(self, indicator: Indicator, area: str | None = None) -> Fraction:
        """The share of 1 that should be done by the period's end, in an area (the city where none is named)."""
        return schedule.expected(
            indicator,
            self.milestones(indicator),
            self.period.end,
            starts=self.plan.starts,
            ends=self.plan.ends,
            course=self.course(indicator, area),
        )

    def done(self, indicator: Indicator, area: str) -> Fraction | None:
        rolled = self.rolled(indicator, area)
        return lights.done(indicator, self.share(indicator, area), rolled.figure, reaching=rolled.reaching)

    def light(self, indicator: Indicator, area: str) -> Light:
        done = self.done(indicator, area)
        enough = lights.enough(indicator, self.tolerance)
        return lights.light(
            done,
            self.expected(indicator, area),
            overdue=schedule.overdue(
                indicator,
                self.milestones(indicator),
                self.period.end,
                ends=self.plan.ends,
                goal=self.share(indicator, area),
                done=done,
                enough=enough,
                finished=self.steps.finished(area),
            ),
            reported=self.figure(indicator, area).value is not None,
            enough=enough,
            lag=self.lag,
        )

    def missed(self, indicator: Indicator, area: str) -> Milestone | None:
        """The first dated step of an indicator that has passed unmet."""
        return schedule.missed(
            indicator,
            self.milestones(indicator),
            self.period.end,
            goal=self.share(indicator, area),
            done=self.done(indicator, area),
            enough=lights.enough(indicator, self.tolerance),
            finished=self.steps.finished(area),
        )

    @cached_property
    def steps(self) -> DatedSteps:
        return DatedSteps(self)


def month_key(month: int) -> str:
    """A month number (year × 12 + month) as 2024-06."""
    year, rest = divmod(month - 1, 12)
    return f"{year}-{rest + 1:02d}"


def reported_areas(workspace: Workspace, indicator_id: str, plan: str = "") -> list[str]:
    """Areas for which this desk's unit reports the indicator (of the plan looked at unless named), by code."""
    context, plan = workspace.store.projector.context(), plan or workspace.plan.id
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
        for figure in workspace.store.ledger.series(
            workspace.plan_for(period).id, indicator.id, area
        ).values()
        if first <= figure.month < before
    ]
    return max(earlier, key=lambda figure: figure.month).value if earlier else None


def parent_value(workspace: Workspace, indicator: Indicator, area: str, period: Period) -> Fraction | None:
    if indicator.parent is None:
        return None
    whole = workspace.plan_for(period).indicator(indicator.parent)
    if whole is None:
        return None
    if whole.basis == "site":
        return workspace.store.ledger.site_sums(f"{period.year}-01-01", period.end.isoformat()).get(
            (whole.id, area)
        )
    said = workspace.store.ledger.series(workspace.plan_for(period).id, whole.id, area).get(period.key)
    return said.value if said else None


def part_values(workspace: Workspace, indicator: Indicator, area: str, period: Period) -> list[Fraction]:
    """What was typed in the period for the parts (其中) of an indicator."""
    task = workspace.plan_for(period).task(indicator.task_no)
    parts = [part.id for part in task.indicators if part.parent == indicator.id] if task else []
    said = [
        workspace.store.ledger.series(workspace.plan_for(period).id, part, area).get(period.key)
        for part in parts
    ]
    return [figure.value for figure in said if figure is not None]


def describe_figure(indicator: Indicator, value: Fraction | None, of: Fraction | None) -> str:
    """A figure in words: "2,176 / 2,189" or "268"."""
    if value is None:
        return _("未填")
    text = show(value, indicator.decimals if indicator.measure != "rate" else 0)
    return f"{text} / {show(of, 0)}" if of is not None else text
