"""Where things stand: tasks, indicators, milestones and the board, as seen by one desk at the end of one period.

A `Situation` reads the ledger once and answers from memory; it is thrown away after a write.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import cached_property

from desktop_app.core.figures import lights, rollup, schedule
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator, Milestone, Task
from desktop_app.core.model.view import (
    BoardCell,
    BoardView,
    Figure,
    IndicatorView,
    Light,
    MilestoneView,
    PointView,
    TaskView,
)
from desktop_app.core.operations.period_figures import (
    PeriodFigures,
    describe_figure,
    month_key,
    parent_value,
    part_values,
    previous_value,
    reported_areas,
)
from desktop_app.core.rules.entry_rules import check_value
from desktop_app.core.store.ledger import Head, Verdict

NOTHING = Figure()
GRACE = 15
"""A period that ends sooner than so many days after the plan came out is not yet reported on."""


class Situation(PeriodFigures):
    """The ledger at the end of `period`, from the point of view of the workspace's unit."""

    # -- tasks ---------------------------------------------------------------------------------------------------

    @cached_property
    def _evidence_counts(self) -> dict[str, int]:
        """Pieces of evidence by (indicator, area), whatever subject of it they are about."""
        counts: dict[str, int] = {}
        quantities = self._site_indicators
        for head in self.ledger.heads("evidence"):
            keys: set[str] = set()
            for about in head.body.about:
                words = about.split("/")
                if words[0] == "progress" and len(words) == 5:
                    keys.add(f"{words[3]}@{words[1]}")
                elif words[0] == "indicator" and len(words) == 3:
                    for area in self._areas_of(head.unit):
                        keys.add(f"{words[2]}@{area}")
                elif words[0] == "site":
                    keys.update(f"{indicator}@{words[1]}" for indicator in quantities.get(about, ()))
                elif words[0] == "milestone" and len(words) == 4:
                    named = self._milestone_indicator.get(words[3])
                    if named:
                        keys.add(f"{named}@{words[1]}")
            for key in keys:
                counts[key] = counts.get(key, 0) + 1
        return counts

    def _areas_of(self, unit: str) -> list[str]:
        home = self.organisation.home_area(unit)
        return [home] if home else []

    @cached_property
    def _milestone_indicator(self) -> dict[str, str]:
        return {
            milestone.id: milestone.indicator or task.indicators[0].id
            for task, milestone in self.plan.milestones()
            if task.indicators
        }

    @cached_property
    def _site_heads(self) -> list[Head]:
        return self.ledger.heads("site")

    @cached_property
    def _site_indicators(self) -> dict[str, tuple[str, ...]]:
        return {head.subject: tuple(head.body.quantities) for head in self._site_heads}

    @cached_property
    def _evidence_by_subject(self) -> dict[str, int]:
        return self.ledger.evidence_counts()

    def evidence_missing(self, indicator: Indicator, areas: Iterable[str]) -> int:
        """Completed sites of these areas that rest on evidence and have none."""
        if not indicator.evidence_needed:
            return 0
        wanted = set(areas)
        return sum(
            1
            for head in self._site_heads
            if head.owner in wanted
            and indicator.id in head.body.quantities
            and head.body.completed
            and head.body.completed <= self.period.end.isoformat()
            and not self._evidence_by_subject.get(head.subject)
        )

    def desk_area(self, indicator: Indicator) -> str:
        """The area whose figure this desk sees: where it reports, else its own territory."""
        mine = reported_areas(self.workspace, indicator.id)
        return mine[0] if mine else self.organisation.home_area(self.workspace.unit_code)

    def indicator_view(self, indicator: Indicator, area: str | None = None) -> IndicatorView:
        area = area or self.desk_area(indicator)
        reporter = self.reporter(indicator.id, area)
        figure = self.figure(indicator, area)
        before = previous_figure(self, indicator, area)
        share = self.share(indicator, area)
        leaves = self.leaf_areas(indicator.id, area)
        subject = subjects.progress(area, self.plan.id, indicator.id, self.period.key)
        head = self.ledger.head(subject)
        verdict = self._verdict(indicator, area)
        mine = reporter == self.workspace.unit_code
        error, warning = self._findings(indicator, area, figure, before, share, head) if mine else ("", "")
        value, last = figure.value, before.value
        return IndicatorView(
            id=indicator.id,
            task=indicator.task_no,
            name=indicator.name,
            measure=indicator.measure,
            op=indicator.op,
            unit=indicator.unit,
            per=indicator.per,
            decimals=indicator.decimals,
            basis=indicator.basis,
            flow=indicator.flow,
            headline=indicator.headline,
            parent=indicator.parent,
            definition=indicator.definition,
            area=area,
            area_name=self.organisation.name(area),
            reporter=reporter,
            reporter_name=self.organisation.name(reporter) if reporter else "",
            reviewer=self.reviewer(indicator.id, area),
            mine=mine,
            due=self.period.closes(indicator.frequency),
            target=indicator.target_value,
            share=share,
            figure=figure,
            previous=before,
            increase=value - (last or 0) if value is not None and not figure.carried else None,
            rate=rollup.rate(value, figure.of, indicator.per) if indicator.measure == "rate" else None,
            done=self.done(indicator, area),
            expected=self.expected(indicator),
            light=self.light(indicator, area),
            evidence=sum(self._evidence_counts.get(f"{indicator.id}@{leaf}", 0) for leaf in leaves or [area]),
            evidence_missing=self.evidence_missing(indicator, leaves),
            remark=verdict.comment if verdict else "",
            returned=verdict is not None and verdict.verdict == "return" and verdict.current,
            error=error,
            warning=warning,
            reason=head.body.reason if head else "",
            note=head.body.note if head else "",
            heads=head.heads if head else (2 if figure.disputed else 1),
        )

    def _verdict(self, indicator: Indicator, area: str) -> Verdict | None:
        """The latest review of the period's figure, else of an earlier one that was returned and not answered."""
        for month in range(self.last, self.first - 1, -1):
            found = self.verdicts.get((indicator.id, area, month_key(month)))
            if found:
                return max(found, key=lambda verdict: verdict.at)
        return None

    def _findings(
        self,
        indicator: Indicator,
        area: str,
        figure: Figure,
        before: Figure,
        share: Fraction | None,
        head: Head | None,
    ) -> tuple[str, str]:
        if head is None or figure.value is None or figure.carried:
            return "", ""
        findings = check_value(
            indicator,
            figure.value if figure.reported is None else figure.reported,
            figure.of,
            previous=before.value,
            share=share,
            months=self.period.last,
            whole=parent_value(self.workspace, indicator, area, self.period),
            parts=part_values(self.workspace, indicator, area, self.period),
        )
        hard = next((finding.text for finding in findings if finding.level == "hard"), "")
        soft = next((finding.text for finding in findings if finding.level == "soft"), "")
        return hard, "" if head.body.reason else soft

    def milestone_views(self, task: Task, area: str) -> tuple[MilestoneView, ...]:
        return tuple(self.milestone_view(task, milestone, area) for milestone in task.milestones)

    def milestone_view(self, task: Task, milestone: Milestone, area: str) -> MilestoneView:
        where = self._milestone_area(milestone, area)
        head = self.ledger.head(subjects.milestone(where, self.plan.id, milestone.id))
        done = date.fromisoformat(head.body.done) if head and head.body.done and not head.body.void else None
        return MilestoneView(
            id=milestone.id,
            task=task.no,
            what=milestone.what,
            due=milestone.due,
            done=done,
            area=where,
            light=lights.milestone_light(milestone.due, self.period.end, done),
            mine=self.context.serves(self.workspace.unit_code, where),
        )

    def task_view(self, task: Task, area: str | None = None) -> TaskView:
        views = tuple(self.indicator_view(indicator, area) for indicator in task.indicators)
        headline = [view for view in views if view.headline and view.parent is None]
        applies = [view for view in headline if self.leaf_areas(view.id, view.area) or view.share is not None]
        return TaskView(
            no=task.no,
            category=task.category,
            title=task.title,
            short=task.short,
            target=task.target,
            lead=task.lead,
            measures=task.measures,
            indicators=views,
            milestones=self.milestone_views(
                task, area or self.organisation.home_area(self.workspace.unit_code)
            ),
            percent=lights.task_percent([view.done for view in applies]),
            light=self._worst([(self._by_id[view.id], view.light) for view in applies]),
            mine=any(view.mine for view in views),
            open_points=task.open_points,
        )

    def tasks(self, area: str | None = None) -> list[TaskView]:
        return [self.task_view(task, area) for task in self.plan.tasks]

    @cached_property
    def _by_id(self) -> dict[str, Indicator]:
        return {indicator.id: indicator for indicator in self.plan.indicators()}

    def _worst(self, found: list[tuple[Indicator, Light]]) -> Light:
        """A task's light: its worst indicator's.  One that has not fallen due yet this year and was never reported
        says nothing, unless there is no other."""
        telling = [light for indicator, light in found if light != "none" or self._was_due(indicator)]
        return lights.worst_light(telling or [light for _indicator, light in found])

    def _was_due(self, indicator: Indicator) -> bool:
        """Whether a report was due between the plan's issue and the period's end."""
        months = [Period(self.plan.year, month, month) for month in range(1, self.period.last + 1)]
        return any(
            month.closes(indicator.frequency) and (month.end - self.plan.issued).days >= GRACE
            for month in months
        )

    # -- the board -----------------------------------------------------------------------------------------------

    def task_cell(self, task: Task, area: str) -> tuple[Fraction | None, Light, bool]:
        """(percent, light, applies) of a task in an area, without the rest of its view."""
        headline = [
            indicator
            for indicator in task.indicators
            if indicator.headline
            and indicator.parent is None
            and (self.leaf_areas(indicator.id, area) or (indicator.id, area) in self.shares)
        ]
        if not headline:
            return None, "none", False
        return (
            lights.task_percent([self.done(indicator, area) for indicator in headline]),
            self._worst([(indicator, self.light(indicator, area)) for indicator in headline]),
            True,
        )

    def board(self) -> BoardView:
        """50 tasks × the areas below the city (or the county whose desk this is)."""
        root = self.organisation.home_area(self.workspace.unit_code)
        areas = [unit for unit in self.organisation.child_areas(root) if unit.active]
        before = None
        if self.period.first > 1:
            before = Situation(self.workspace, self.period.shifted(-1))
        cells: dict[tuple[int, str], BoardCell] = {}
        totals: dict[int, BoardCell] = {}
        for task in self.plan.tasks:
            for unit in areas:
                cells[(task.no, unit.code)] = self._cell(task, unit.code, before)
            totals[task.no] = self._cell(task, root, before)
        units = [unit.code for unit in areas]
        received = sum(1 for unit in units if self.period.key in self._submissions.get(unit, ()))
        return BoardView(
            title=self.organisation.name(root),
            plan=self.plan.title,
            period=self.period.key,
            label=self.period.label,
            areas=tuple((unit.code, unit.name) for unit in areas),
            tasks=tuple(self.task_view(task, root) for task in self.plan.tasks),
            cells=cells,
            totals=totals,
            expected={task.no: self._task_expected(task) for task in self.plan.tasks},
            received=received,
            of=len(units),
            ranked=self._setting("ranking", 0) > 0,
            category_shorts=dict(zip(self.plan.categories, self.plan.category_shorts, strict=False)),
        )

    def _cell(self, task: Task, area: str, before: Situation | None) -> BoardCell:
        percent, light, applies = self.task_cell(task, area)
        change = 0
        if before is not None and percent is not None:
            earlier = before.task_cell(task, area)[0] or Fraction(0)
            change = (percent > earlier) - (percent < earlier)
        return BoardCell(percent=percent, light=light, change=change, applies=applies)

    def _task_expected(self, task: Task) -> Fraction | None:
        values = [self.expected(indicator) for indicator in task.headline]
        return sum(values, Fraction(0)) / len(values) if values else None

    # -- one cell over the year ----------------------------------------------------------------------------------

    def line(self, indicator: Indicator, area: str) -> list[PointView]:
        """Twelve points: the value at each month's end as far as the period shown, and what was expected."""
        share = self.share(indicator, area)
        points = []
        for month in range(1, 13):
            period = Period(self.plan.year, month, month)
            moment = self if period == self.period else Situation(self.workspace, period)
            value = (
                rollup.level(indicator, moment.figure(indicator, area)) if month <= self.period.last else None
            )
            points.append(
                PointView(
                    month=month,
                    value=value,
                    expected=schedule.expected_value(indicator, share, moment.expected(indicator)),
                )
            )
        return points


def previous_figure(situation: Situation, indicator: Indicator, area: str) -> Figure:
    """The figure at the end of the period before, within the same year (running totals begin anew)."""
    period = situation.period
    if period.first == 1:
        return NOTHING
    if situation.leaf_areas(indicator.id, area) == [area] and indicator.basis == "typed":
        earlier = [
            figure
            for figure in situation.ledger.series(situation.plan.id, indicator.id, area).values()
            if situation.first <= figure.month < period.year * 12 + period.first
        ]
        if not earlier:
            return NOTHING
        latest = max(earlier, key=lambda figure: figure.month)
        return Figure(value=latest.value, of=latest.of)
    return _before(situation).figure(indicator, area)


def _before(situation: Situation) -> Situation:
    cached: Situation | None = situation.__dict__.get("_before")
    if cached is None:
        cached = Situation(situation.workspace, situation.period.shifted(-1))
        situation.__dict__["_before"] = cached
    return cached


__all__ = [
    "Situation",
    "describe_figure",
    "parent_value",
    "previous_figure",
    "previous_value",
    "reported_areas",
]
