"""What a bulletin says, from the ledger at the end of a period; a person edits it before it is printed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec

from desktop_app.core.errors import InputError
from desktop_app.core.figures import lagging, lights
from desktop_app.core.figures.numbers import show, show_percent
from desktop_app.core.figures.ranking import leading_and_lagging, rank
from desktop_app.core.figures.rollup import level
from desktop_app.core.i18n import N_, _, on_paper
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.forms import day_of
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator, Task
from desktop_app.core.model.unit import Unit
from desktop_app.core.operations import calendar, problems, reading, standings
from desktop_app.core.operations.kept_board import Now
from desktop_app.core.operations.situation import Situation
from desktop_app.core.report import annex, docx_style
from desktop_app.core.report.bulletin import (
    AreaLine,
    Bulletin,
    LagLine,
    ProblemLine,
    StepLine,
    TaskLine,
    document,
    inner,
)
from desktop_app.core.rules.privacy import mask

AHEAD = 45
"""Days for which coming dates are listed."""
LAG_RULE = N_(
    "排列规则：任务量占比 ×（应达进度 − 完成进度），从大到小，即任务重、进展慢的在前；"
    "有几项指标的，按最慢的一项；应达进度按倒排工期计算，完成进度低于应达进度的 {lag}% 为滞后，节点过期没完成的为逾期。"
)
AREA_RULE = N_(
    "按不落后（正常和完成）的项数占应做项数的比例，比例相同的并列；不落后的不到一半、本期没有报送的，不列为较快。"
)
LEAST_LEADING = Fraction(1, 2)
"""Whoever keeps pace in less than half of its tasks is not called fast, whatever the others do."""
MOST_FIGURES = 2
"""So many figures of a task are said in the text."""


@on_paper
def draft(situation: Situation, *, made: str = "", cutoff: str = "", dated: str = "") -> Bulletin:
    """The bulletin of this desk's territory.  `made` (ISO 8601) is the cut-off's time; without one the period's end,
    so that the same figures always give the same file."""
    workspace = situation.workspace
    root = situation.organisation.home_area(workspace.unit_code)
    areas = [unit for unit in situation.organisation.child_areas(root) if unit.active]
    if not areas:
        raise InputError(
            _("本单位下面没有县（区）或乡镇，没有可通报的。"),
            next_step=_("通报由市、县（区）来做；本单位的进展请看“任务”页。"),
        )
    city = situation.organisation.get(root)
    counties = city is not None and city.level == "city"
    word = _("县（区）") if counties else _("乡镇（街道）")
    to = (
        _("各县（区）人民政府，市有关部门：") if counties else _("各乡镇人民政府（街道办事处），县有关部门：")
    )
    silent, late = _reporting(situation, areas)
    return Bulletin(
        plan=situation.plan.title,
        territory=situation.organisation.name(root),
        unit=workspace.unit.name,
        label=situation.period.chinese_label,
        end=situation.period.end,
        made=made or f"{situation.period.end.isoformat()}T00:00:00",
        areas_word=word,
        tasks=tuple(_task_line(situation, task, root) for task in situation.plan.tasks),
        areas=_area_lines(situation, silent),
        lags=tuple(lags(situation)),
        problems=_problem_lines(situation),
        steps=_step_lines(situation),
        silent=tuple(silent),
        late=tuple(late),
        rule=_(AREA_RULE),
        lag_rule=_(LAG_RULE).format(lag=show(situation.lag * 100)),
        cutoff=cutoff,
        addressee=to,
        dated=dated or _("{year}年　月　日").format(year=situation.period.end.year),
        sample=situation.plan.sample,
        of_city=counties,
    )


@on_paper
def write(bulletin: Bulletin, path: Path) -> list[Path]:
    """The Word draft, and beside it the annexes as a workbook; both paths."""
    made = docx_style.write(document(bulletin), path)
    return [made, annex.write(bulletin, path.with_name(f"{path.stem}-附件.xlsx"))]


def _reporting(situation: Situation, areas: Sequence[Unit]) -> tuple[list[str], list[str]]:
    """Names of those that have not sent the period's last month, and of those that sent it after its day."""
    key = Period(situation.period.year, situation.period.last, situation.period.last).key
    due = calendar.due(situation.workspace, situation.period)
    silent, late = [], []
    for unit in areas:
        head = situation.ledger.head(subjects.submission(unit.code, key))
        if head is None or head.body.void:
            silent.append(unit.name)
        elif day_of(head.at) > due.isoformat():
            late.append(unit.name)
    return silent, late


# -- tasks -----------------------------------------------------------------------------------------------------------


def figure_words(
    situation: Situation, task: Task, area: str, *, percent: bool = True, first: str = ""
) -> str:
    """What a task has come to in an area: its first figures, with the share of the target they are; `first` is the
    indicator to begin with."""
    words = []
    whole = _("目标") if area == situation.workspace.store.city else _("本地任务")
    for indicator in sorted(task.headline, key=lambda item: item.id != first):
        figure = situation.figure(indicator, area)
        value = level(indicator, figure)
        if value is None or indicator.measure == "state":
            continue
        text = f"{indicator.name}{plain(value, indicator.decimals)}{indicator.unit}"
        goal = situation.share(indicator, area)
        if goal is not None:
            said = f"{plain(goal, indicator.decimals)}{indicator.unit}"
            if indicator.measure == "count" and percent:
                done = show_percent(situation.done(indicator, area), 1)
                text += _("，为{whole}{goal}的{done}").format(whole=whole, goal=said, done=done)
            else:
                text += _("（{whole}{goal}）").format(whole=whole, goal=said)
        if figure.carried:
            text += _("（沿用{month}数）").format(month=Period.parse(figure.carried).short_label)
        words.append(text)
    return "，".join(words[:MOST_FIGURES])


def plain(value: Fraction, decimals: int) -> str:
    """With no more decimals than the value has: 120 rather than 120.000."""
    text = show(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def expected_of(situation: Situation, task: Task, area: str, counted: Collection[str]) -> Fraction | None:
    """What should be done of the indicators that have a figure, as their mean, so that it can be held against theirs;
    of all of the task's where none has."""
    known = [indicator for indicator in task.indicators if indicator.id in counted] or task.headline
    values = [situation.expected(indicator, area) for indicator in known]
    return sum(values, Fraction(0)) / len(values) if values else None


def _task_line(situation: Situation, task: Task, area: str) -> TaskLine:
    now = situation.task_now(task, area)
    counted = [ident for ident, done in now.dones.items() if done is not None] if now else []
    return TaskLine(
        no=task.no,
        category=task.category,
        title=task.title,
        light=now.light if now else "none",
        percent=now.percent if now else None,
        expected=expected_of(situation, task, area, counted),
        words=figure_words(situation, task, area),
        lead="、".join(task.lead),
    )


# -- areas -----------------------------------------------------------------------------------------------------------


def _area_lines(situation: Situation, silent: Sequence[str]) -> tuple[AreaLine, ...]:
    """By code; places only where ranking is on.  A county without ranking says nothing of who leads or lags among its
    townships."""
    rows = standings.standings(situation)
    on = reading.ranking_is_on(situation.workspace)
    scores = {
        row.area: Fraction(row.good, row.of) if row.of and row.counts["none"] < row.of else None
        for row in rows
    }
    places = {place.area: place for place in rank(scores)}
    told = on or situation.workspace.unit_code == situation.workspace.store.city
    # Of three or four areas one each is named, of ten or more three.
    leading, behind = leading_and_lagging(list(places.values()), min(3, max(1, len(rows) // 3)))
    if not told:
        leading, behind = [], []
    known = [score for score in scores.values() if score is not None]
    quiet = {row.area for row in rows if row.name in silent}
    leading = [
        place
        for place in leading
        if place.score is not None
        and place.score > min(known)
        and place.score >= LEAST_LEADING
        and place.area not in quiet
    ]
    sides = {place.area: "leading" for place in leading} | {place.area: "lagging" for place in behind}
    lines = [
        AreaLine(
            area=row.area,
            name=row.name,
            good=row.good,
            of=row.of,
            counts=row.counts,
            mean=row.mean,
            place=places[row.area].place if on else None,
            received=row.name not in silent,
            side=sides.get(row.area, ""),
        )
        for row in rows
    ]
    if not on:
        return tuple(lines)
    order = list(places)
    return tuple(sorted(lines, key=lambda line: order.index(line.area)))


# -- what lags -------------------------------------------------------------------------------------------------------


def lags(situation: Situation) -> list[LagLine]:
    """Every task of every area that is 滞后 or 逾期, the heaviest first (LAG_RULE); for a county without ranking by
    task and area, so that nothing reads like a ranking of its townships.

    A task that is behind in the whole territory and in none of the areas stands for the territory itself (what the
    city's own departments report, what is not shared out): what the first part counts is named in the fourth.
    """
    root = situation.organisation.home_area(situation.workspace.unit_code)
    areas = [unit for unit in situation.organisation.child_areas(root) if unit.active]
    found = []
    for task in situation.plan.tasks:
        lights_below = set()
        for unit in areas:
            now = situation.task_now(task, unit.code)
            if now is None or now.light not in ("yellow", "red"):
                continue
            lights_below.add(now.light)
            part = lagging.weight(
                [
                    (_own_share(situation, indicator, unit.code), situation.share(indicator, root))
                    for indicator in task.headline
                ],
                len(areas),
            )
            found.append(_lag_line(situation, task, now, unit.code, unit.name, part))
        whole = situation.task_now(task, root)
        if whole is None or whole.light not in ("yellow", "red") or lights_below & {whole.light, "red"}:
            continue
        who = situation.reporter(whole.slowest, root)
        name = situation.organisation.name(who or root)
        found.append(_lag_line(situation, task, whole, root, name, Fraction(1)))
    if reading.ranking_is_on(situation.workspace) or root == situation.workspace.store.city:
        found.sort(key=lambda line: (-line.score, line.light != "red", line.no, line.area))
    return found


def _lag_line(situation: Situation, task: Task, now: Now, area: str, name: str, part: Fraction) -> LagLine:
    return LagLine(
        area=area,
        name=name,
        no=task.no,
        title=task.title,
        lead="、".join(task.lead),
        words=figure_words(situation, task, area, percent=False, first=now.slowest),
        light=now.light,
        percent=now.worst,
        expected=now.due,
        part=part,
        score=lagging.severity(part, lagging.shortfall(now.worst, now.due)),
        step=_missed(task, now.step),
    )


def _missed(task: Task, step: str) -> str:
    """The dated step that was missed, in words."""
    found = next((item for item in task.milestones if item.id == step), None)
    if found is None:
        return ""
    return _("节点“{what}”{month}月{day}日到期，没有完成").format(
        what=inner(found.what), month=found.due.month, day=found.due.day
    )


def _own_share(situation: Situation, indicator: Indicator, area: str) -> Fraction | None:
    return situation.share(indicator, area) if indicator.adds == "sum" else None


# -- problems and dates ----------------------------------------------------------------------------------------------


def _problem_lines(situation: Situation) -> tuple[ProblemLine, ...]:
    """Those raised by the period's end and not closed by then, the oldest first; free text with its numbers hidden."""
    end = situation.period.end
    lines = []
    for view in problems.problems(situation.workspace):
        raised = day_of(view.raised)
        if not raised or date.fromisoformat(raised) > end + timedelta(days=GRACE):
            continue
        if view.status == "closed" and (not view.closed or view.closed <= end.isoformat()):
            continue
        lines.append(
            ProblemLine(
                name=view.area_name,
                task=view.task,
                text=mask(view.text),
                age=max(0, (end - date.fromisoformat(raised)).days),
                due=view.due,
                overdue=bool(view.due) and view.due < end.isoformat(),
            )
        )
    return tuple(sorted(lines, key=lambda line: (-line.age, line.name, line.task, line.text)))


GRACE = 15
"""A month's problems may be written down some days after its end, with its figures."""


def _step_lines(situation: Situation) -> tuple[StepLine, ...]:
    """Dated steps of the next weeks that some area has not done yet."""
    root = situation.organisation.home_area(situation.workspace.unit_code)
    areas = [unit.code for unit in situation.organisation.child_areas(root) if unit.active]
    last = situation.period.end + timedelta(days=AHEAD)
    lines = []
    for task, milestone in situation.plan.milestones():
        if not situation.period.end < milestone.due <= last:
            continue
        where = areas if milestone.scope == "county" else [root]
        left = sum(
            lights.milestone_light(
                milestone.due, situation.period.end, situation.milestone_view(task, milestone, area).done
            )
            != "done"
            for area in where
        )
        if left:
            lines.append(StepLine(day=milestone.due, no=task.no, what=milestone.what, left=left))
    return tuple(sorted(lines, key=lambda line: (line.day, line.no)))


# -- editing ---------------------------------------------------------------------------------------------------------


@on_paper
def edited(bulletin: Bulletin, changes: dict[str, Any]) -> Bulletin:
    """The draft with a person's choices: `addressee`, `unit`, `dated`, `answer_by` as texts; `lags` and `areas` as rows
    {"area", "no" (lags only), "chosen", "remark"} in the order wanted.  Rows not named keep their place at the end.

    InputError for a row that is not in the draft."""
    fields: dict[str, Any] = {
        key: str(changes[key]) for key in ("addressee", "unit", "dated", "answer_by") if changes.get(key)
    }
    if "lags" in changes:
        fields["lags"] = _reordered(bulletin.lags, changes["lags"], ("area", "no"))
    if "areas" in changes:
        fields["areas"] = _reordered(bulletin.areas, changes["areas"], ("area",))
    return msgspec.structs.replace(bulletin, **fields)


def _reordered(lines: Sequence[Any], rows: Sequence[dict[str, Any]], keys: Sequence[str]) -> tuple[Any, ...]:
    left = {tuple(getattr(line, key) for key in keys): line for line in lines}
    found = []
    for row in rows:
        line = left.pop(tuple(row.get(key) for key in keys), None)
        if line is None:
            raise InputError(
                _("修改里有一行不在这份通报中：{row}。").format(
                    row="，".join(str(row.get(key)) for key in keys)
                ),
                next_step=_("请重新生成通报后再改。"),
            )
        found.append(
            msgspec.structs.replace(
                line,
                chosen=bool(row.get("chosen", line.chosen)),
                remark=str(row.get("remark", line.remark)),
            )
        )
    return (*found, *left.values())
