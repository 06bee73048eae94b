"""Where things stand: tasks, indicators, milestones and the board, as seen by one desk at the end of one period.

A `Situation` reads the ledger once and answers from memory; it is thrown away after a write.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property

from desktop_app.core.figures import lights, rollup, schedule
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator, Milestone, Task
from desktop_app.core.model.view import (
    BoardView,
    Figure,
    IndicatorView,
    Light,
    MilestoneView,
    PointView,
    TaskView,
)
from desktop_app.core.operations import boarding, site_list
from desktop_app.core.operations.boarding import GRACE
from desktop_app.core.operations.kept_board import Now
from desktop_app.core.operations.own_line import own_line
from desktop_app.core.operations.period_figures import (
    PeriodFigures,
    describe_figure,
    month_key,
    parent_value,
    part_values,
    previous_value,
    reported_areas,
)
from desktop_app.core.rules.entry_rules import Finding, check_value
from desktop_app.core.store.ledger import Verdict
from desktop_app.core.store.ledger_heads import Head

NOTHING = Figure()


class Situation(PeriodFigures):
    """The ledger at the end of `period`, from the point of view of the workspace's unit."""

    # -- tasks ---------------------------------------------------------------------------------------------------

    @cached_property
    def _evidence_pieces(self) -> dict[tuple[str, str], set[str]]:
        """Pieces of evidence by (indicator, area), whatever subject of it they are about."""
        found = self.ledger.evidence_of_sites()
        for about, piece, unit in self.ledger.evidence_of_others():
            words = about.split("/")
            if words[0] == "progress" and len(words) == 5:
                found.add((words[3], words[1], piece))
            elif words[0] == "indicator" and len(words) == 3:
                found.update((words[2], area, piece) for area in self._areas_of(unit))
            elif words[0] == "milestone" and len(words) == 4:
                named = self._milestone_indicator.get(words[3])
                if named:
                    found.add((named, words[1], piece))
        pieces: dict[tuple[str, str], set[str]] = {}
        for indicator, area, piece in found:
            pieces.setdefault((indicator, area), set()).add(piece)
        return pieces

    @cached_property
    def _line(self) -> frozenset[int] | None:
        return own_line(self.workspace)

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
    def _since(self) -> dict[str, frozenset[str]]:
        return {}

    def said_since(self, day: str) -> frozenset[str]:
        """Subjects of the period's figures whose present word is of that day or later by its author's clock: looked
        for once, since asking each of a county's figures takes seconds."""
        if day not in self._since:
            rows = self.ledger.connection.execute(
                "SELECT subject FROM head WHERE subject >= 'progress/' AND subject < 'progress0'"
                " AND at >= ? AND subject LIKE ?",
                (day, f"%/{self.period.key}"),
            )
            self._since[day] = frozenset(row["subject"] for row in rows)
        return self._since[day]

    @cached_property
    def unproved(self) -> list[Head]:
        """Complete sites that rest on evidence and have none."""
        return site_list.unproved(self.workspace)

    def evidence_of(self, indicator: Indicator, area: str) -> int:
        """How many pieces of evidence an area's figure has."""
        leaves = self.leaf_areas(indicator.id, area) or [area]
        return sum(len(self._evidence_pieces.get((indicator.id, leaf), ())) for leaf in leaves)

    def evidence_pieces(self, indicator_id: str, area: str) -> set[str]:
        """Subjects of the evidence that an area's own figure has, and nobody else's."""
        leaves = self.leaf_areas(indicator_id, area) or [area]
        return set().union(*(self._evidence_pieces.get((indicator_id, leaf), set()) for leaf in leaves))

    def evidence_missing(self, indicator: Indicator, areas: Iterable[str]) -> int:
        """Completed sites of these areas that rest on evidence and have none."""
        if not indicator.evidence_needed:
            return 0
        wanted = set(areas)
        return sum(
            1
            for head in self.unproved
            if head.owner in wanted
            and indicator.id in head.body.quantities
            and head.body.completed <= self.period.end.isoformat()
        )

    def desk_area(self, indicator: Indicator) -> str:
        """The area whose figure this desk sees: where it reports, else its own territory."""
        mine = reported_areas(self.workspace, indicator.id, self.plan.id)
        return mine[0] if mine else self.organisation.home_area(self.workspace.unit_code)

    @cached_property
    def _views(self) -> dict[tuple[str, str], IndicatorView]:
        """Those made so far: the first page wants each in its lists, in its checks and in its tasks."""
        return {}

    def indicator_view(self, indicator: Indicator, area: str | None = None) -> IndicatorView:
        area = area or self.desk_area(indicator)
        made = self._views.get((indicator.id, area))
        if made is None:
            made = self._views[indicator.id, area] = self._indicator_view(indicator, area)
        return made

    def _indicator_view(self, indicator: Indicator, area: str) -> IndicatorView:
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
            expected=self.expected(indicator, area),
            light=self.light(indicator, area),
            evidence=self.evidence_of(indicator, area),
            evidence_missing=self.evidence_missing(indicator, leaves),
            remark=verdict.comment if verdict else "",
            returned=verdict is not None and verdict.verdict == "return" and verdict.current,
            error=error,
            warning=warning,
            reason=head.body.reason if head else "",
            note=head.body.note if head else "",
            heads=head.heads if head else (2 if figure.disputed else 1),
            proxy=head is not None and not head.body.void and head.body.proxy,
            stages=indicator.stages,
            evidence_needed=indicator.evidence_needed,
            same=head is not None and not head.body.void and head.body.same,
        )

    def _verdict(self, indicator: Indicator, area: str) -> Verdict | None:
        """The latest review of the period's figure, else of an earlier one that was returned and not answered."""
        for month in range(self.last, self.first - 1, -1):
            found = self.verdicts_on(indicator.id, area, month_key(month))
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
        findings = self.findings(indicator, area, figure, before, share)
        hard = next((finding.text for finding in findings if finding.level == "hard"), "")
        soft = next((finding.text for finding in findings if finding.level == "soft"), "")
        return hard, "" if head.body.reason else soft

    def findings(
        self, indicator: Indicator, area: str, figure: Figure, before: Figure, share: Fraction | None
    ) -> list[Finding]:
        """What the rules say of a figure that somebody typed, whoever did."""
        if figure.value is None:
            return []
        return check_value(
            indicator,
            figure.value if figure.reported is None else figure.reported,
            figure.of,
            previous=before.value,
            share=share,
            months=self.period.last,
            whole=parent_value(self.workspace, indicator, area, self.period),
            parts=part_values(self.workspace, indicator, area, self.period),
        )

    @cached_property
    def reported_by(self) -> dict[str, list[tuple[str, str]]]:
        """(indicator, area) by the unit that is named to report it, in no order."""
        found: dict[str, list[tuple[str, str]]] = {}
        for (plan, indicator, area), duty in self.context.duties.items():
            if plan == self.plan.id and duty.reporter:
                found.setdefault(duty.reporter, []).append((indicator, area))
        return found

    def milestone_views(self, task: Task, area: str) -> tuple[MilestoneView, ...]:
        return tuple(self.milestone_view(task, milestone, area) for milestone in task.milestones)

    def milestone_view(self, task: Task, milestone: Milestone, area: str) -> MilestoneView:
        where = self.steps.place(milestone, area)
        done = self.steps.done(milestone, area)
        return MilestoneView(
            id=milestone.id,
            task=task.no,
            what=milestone.what,
            due=milestone.due,
            done=done,
            area=where,
            light=lights.milestone_light(milestone.due, self.period.end, done),
            mine=self.context.serves(self.workspace.unit_code, where)
            and (self._line is None or task.no in self._line),
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

    @cached_property
    def _board(self) -> boarding.Board:
        return boarding.Board(self)

    def task_cell(self, task: Task, area: str) -> tuple[Fraction | None, Light, bool]:
        """(percent, light, applies) of a task in an area, without the rest of its view."""
        now = self._board.now(task, area)
        return (now.percent, now.light, True) if now is not None else (None, "none", False)

    def task_now(self, task: Task, area: str) -> Now | None:
        """A task in an area with what makes its light; None where it does not concern the area."""
        return self._board.now(task, area)

    def board(self) -> BoardView:
        """50 tasks × the areas below the city (or the county whose desk this is)."""
        return boarding.board(self)

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
                    expected=schedule.expected_value(indicator, share, moment.expected(indicator, area)),
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
