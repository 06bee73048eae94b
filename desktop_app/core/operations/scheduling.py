"""倒排工期: every indicator in every area from its last deadline back, with its steps, its slack, and what is late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Literal

from desktop_app.core.errors import InputError
from desktop_app.core.figures import lights, schedule
from desktop_app.core.figures.numbers import canonical
from desktop_app.core.i18n import _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.bodies import ScheduleBody
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator, Milestone, exact
from desktop_app.core.operations import boarding
from desktop_app.core.operations.period_figures import PeriodFigures
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.report.course import CourseView, ScheduleView, State, StepView
from desktop_app.core.store.store import Said


def view(workspace: Workspace, period: Period) -> ScheduleView:
    """The schedule of the desk's own area and of the areas directly below."""
    figures = PeriodFigures(workspace, period)
    made = _Maker(figures)
    root = figures.organisation.home_area(workspace.unit_code)
    areas = [root, *(unit.code for unit in figures.organisation.child_areas(root) if unit.active)]
    # What the plan gives a date is shown, be it part of the target or not.
    dated = {milestone.indicator for _task, milestone in figures.plan.milestones()}
    rows = [
        made.row(indicator, area)
        for area in areas
        for task in figures.plan.tasks
        for indicator in task.indicators
        if ((indicator.headline and indicator.parent is None) or indicator.id in dated)
        and made.concerns(indicator, area)
    ]
    return ScheduleView(
        at=period.end,
        starts=figures.plan.starts,
        ends=figures.plan.ends,
        areas=tuple((area, figures.organisation.name(area)) for area in areas),
        rows=tuple(rows),
        rule=boarding.rule(figures),
    )


def document(row: CourseView) -> dict[str, object]:
    """`report schedule --json`: percents as numbers of 100."""
    return {
        "task": row.task,
        "indicator": row.indicator,
        "name": row.name,
        "area": row.area,
        "reporter": row.reporter,
        "curve": row.curve,
        "last": row.last.isoformat(),
        "done": None if row.done is None else round(float(row.done * 100), 2),
        "expected": round(float(row.expected * 100), 2),
        "light": row.light,
        "slack": row.slack.days,
        "steps": [
            {
                "what": step.what,
                "due": step.due.isoformat(),
                "done": None if step.done is None else step.done.isoformat(),
                "state": step.state,
                "days_late": step.days_late,
            }
            for step in row.steps
        ],
    }


class _Maker:
    def __init__(self, figures: PeriodFigures) -> None:
        self.figures = figures
        self._months: dict[int, PeriodFigures] = {figures.period.last: figures}

    def concerns(self, indicator: Indicator, area: str) -> bool:
        figures = self.figures
        return figures.share_given(indicator.id, area) is not None or figures.reported_at_all(
            indicator.id, area
        )

    def row(self, indicator: Indicator, area: str) -> CourseView:
        figures = self.figures
        plan = figures.plan
        milestones = figures.milestones(indicator)
        course = figures.course(indicator, area)
        last = schedule.deadline(indicator, milestones, plan.ends)
        done = figures.done(indicator, area)
        reporter = figures.reporter(indicator.id, area)
        task = plan.task(indicator.task_no)
        corners = schedule.points(indicator, milestones, starts=plan.starts, ends=plan.ends, course=course)
        return CourseView(
            indicator=indicator.id,
            task=indicator.task_no,
            task_name=(task.short or task.title) if task else "",
            name=indicator.name,
            area=area,
            area_name=figures.organisation.name(area),
            reporter=figures.organisation.name(reporter) if reporter else _("下级各自填报"),
            lead="、".join(task.lead) if task else "",
            curve=course.curve,
            corners=tuple(corners),
            stated=course is not schedule.EVENLY,
            steps=tuple(self._steps(indicator, area, milestones, last)),
            last=last,
            done=done,
            expected=figures.expected(indicator, area),
            light=figures.light(indicator, area),
            slack=schedule.slack(done, figures.period.end, starts=plan.starts, last=last),
        )

    def _steps(
        self, indicator: Indicator, area: str, milestones: tuple[Milestone, ...], last: date
    ) -> list[StepView]:
        """The plan's dated steps of the indicator, those of the task that name no indicator, and the last deadline."""
        steps = []
        for milestone in milestones:
            if milestone.indicator not in (None, indicator.id):
                continue
            reach = exact(milestone.reach)
            if reach is not None:
                met = self._first(indicator, area, reach)
            else:
                met = self.figures.steps.done(milestone, area)
            steps.append(self._step(milestone.id, milestone.what, milestone.due, reach, met))
        if not any(step.due == last for step in steps):
            met = self._first(indicator, area, Fraction(1))
            steps.append(self._step("", _("全部完成"), last, Fraction(1), met))
        return sorted(steps, key=lambda step: (step.due, step.id))

    def _step(self, ident: str, what: str, due: date, reach: Fraction | None, met: date | None) -> StepView:
        if met is not None and met > self.figures.period.end:
            met = None
        state: State = "overdue" if due <= self.figures.period.end else "coming"
        if met is not None:
            state = "late" if met > due else "done"
        return StepView(id=ident, what=what, due=due, reach=reach, done=met, state=state)

    def _first(self, indicator: Indicator, area: str, reach: Fraction) -> date | None:
        """The end of the first month with so much done; None while it is not there (now, whatever was before)."""
        enough = reach * lights.enough(indicator, self.figures.tolerance)
        now = self.figures.done(indicator, area)
        if now is None or now < enough:
            return None
        for month in range(1, self.figures.period.last + 1):
            then = self._at(month)
            done = then.done(indicator, area)
            if done is not None and done >= enough:
                return then.period.end
        return None

    def _at(self, month: int) -> PeriodFigures:
        if month not in self._months:
            year = self.figures.period.year
            self._months[month] = PeriodFigures(self.figures.workspace, Period(year, month, month))
        return self._months[month]


def set_course(
    workspace: Workspace,
    indicator_id: str,
    area: str,
    curve: Literal["line", "s", "steps"],
    steps: Mapping[str, str] | None = None,
    reason: str = "",
) -> Changes:
    """State how an indicator is to come along in an area (and, where they have none of their own, in those below).

    `steps` are percents by date (2024-06-30: "40"); they may not fall.
    """
    workspace.indicator(indicator_id)
    workspace.known_unit(area)
    shares: dict[str, int | str] = {}
    before = Fraction(0)
    for day, words in sorted((steps or {}).items()):
        try:
            parsed, share = date.fromisoformat(day), Fraction(words.strip().rstrip("%％")) / 100
        except (ValueError, ZeroDivisionError):
            raise InputError(
                _("“{day} {words}”看不懂。").format(day=day, words=words),
                next_step=_("每行写日期和累计百分数，例如 2024-06-30 40。"),
            ) from None
        if not 0 <= share <= 1 or share < before:
            raise InputError(
                _("{day}的累计百分数不对。").format(day=day),
                next_step=_("累计百分数在 0 到 100 之间，只能一步步加大。"),
            )
        shares[parsed.isoformat()], before = canonical(share), share
    if curve == "steps" and not shares:
        raise InputError(
            _("按台阶走，要填每一步的日期和百分数。"), next_step=_("每行一步，例如 2024-06-30 40。")
        )
    body = ScheduleBody(curve=curve, steps=shares, reason=reason)
    subject = subjects.schedule(area, workspace.plan.id, indicator_id)
    return workspace.say([Said(kind="schedule", subject=subject, body=body, operator=workspace.operator)])[0]
