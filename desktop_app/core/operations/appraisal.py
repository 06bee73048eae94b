"""考核评价底数: what an appraisal of the areas below is made from.

Facts alone, each with where it comes from: results against the shares, acceptances, problems and orders, reporting,
and what was entered in the register 考核得分来源.  The program gives no weights and adds no scores up.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from desktop_app.core.errors import InputError
from desktop_app.core.figures.numbers import show_percent
from desktop_app.core.i18n import _, on_paper
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.forms import day_of
from desktop_app.core.model.period import Period
from desktop_app.core.model.record_view import RecordView
from desktop_app.core.model.unit import Unit
from desktop_app.core.operations import calendar, problems, registers
from desktop_app.core.operations.papers import Sight
from desktop_app.core.operations.year_end import line_of
from desktop_app.core.report.appraisal import (
    AcceptanceLine,
    Appraisal,
    DutyLine,
    EnteredLine,
    ResultLine,
    build,
)
from desktop_app.core.report.sheets_style import save


@on_paper
def appraisal(sight: Sight) -> Appraisal:
    """Of every area directly below this desk's.  InputError where there is none."""
    situation = sight.situation
    root = situation.organisation.home_area(situation.workspace.unit_code)
    areas = [unit for unit in situation.organisation.child_areas(root) if unit.active]
    if not areas:
        raise InputError(
            _("本单位下面没有地区，没有可评价的。"), next_step=_("考核评价底数由市、县（区）来做。")
        )
    return Appraisal(
        plan=situation.plan.title,
        unit=situation.workspace.unit.name,
        label=situation.period.chinese_label,
        end=situation.period.end,
        made=sight.made,
        cutoff=sight.cutoff,
        results=tuple(_results(sight, areas)),
        acceptances=tuple(_acceptances(sight, areas)),
        duties=tuple(_duties(sight, unit) for unit in areas),
        entered=tuple(_entered(sight)),
    )


def write(sight: Sight, path: Path) -> Path:
    facts = appraisal(sight)
    return save(path, lambda: build(facts))


def _results(sight: Sight, areas: Sequence[Unit]) -> list[ResultLine]:
    situation = sight.situation
    found = []
    for task in situation.plan.tasks:
        for indicator in task.indicators:
            for unit in areas:
                given = (indicator.id, unit.code) in situation.shares
                if not (given or situation.leaf_areas(indicator.id, unit.code)):
                    continue
                line = line_of(situation, task, indicator, unit.code, unit.name)
                found.append(
                    ResultLine(
                        area=unit.name,
                        no=task.no,
                        task=task.short,
                        indicator=f"{indicator.id} {indicator.name}",
                        share=line.shown_target,
                        value=line.shown_value,
                        done=show_percent(situation.done(indicator, unit.code), 1),
                        verdict=line.verdict,
                    )
                )
    return found


def _inside(sight: Sight, unit: Unit) -> set[str]:
    return {unit.code, *(below.code for below in sight.situation.organisation.below(unit.code))}


def _acceptances(sight: Sight, areas: Sequence[Unit]) -> list[AcceptanceLine]:
    """By area and task: how many rows of 验收 came to which conclusion by the period's end."""
    end = sight.situation.period.end.isoformat()
    rows = [
        row
        for row in registers.rows(sight.situation.workspace, "acceptance")
        if row.values.get("date", "") <= end
    ]
    tasks = {task.no: task.short for task in sight.situation.plan.tasks}
    found = []
    for unit in areas:
        inside = _inside(sight, unit)
        here = [row for row in rows if row.area in inside]
        for no in sorted({row.task for row in here}):
            said = [row.values.get("conclusion", "") for row in here if row.task == no]
            found.append(
                AcceptanceLine(
                    area=unit.name,
                    no=no,
                    task=tasks.get(no, ""),
                    passed=said.count("合格"),
                    nearly=said.count("基本合格"),
                    failed=said.count("不合格"),
                )
            )
    return found


def _duties(sight: Sight, unit: Unit) -> DutyLine:
    """How an area kept its dates: reports late or missing, problems and orders open, overdue, closed."""
    situation = sight.situation
    workspace, end = situation.workspace, situation.period.end.isoformat()
    inside = _inside(sight, unit)
    late = missing = 0
    for month in range(1, situation.period.last + 1):
        period = Period(situation.period.year, month, month)
        if (period.end - situation.plan.issued).days < 0:
            continue
        head = situation.ledger.head(subjects.submission(unit.code, period.key))
        if head is None or head.body.void:
            missing += 1
        elif day_of(head.at) > calendar.due(workspace, period).isoformat():
            late += 1
    troubles = [view for view in problems.problems(workspace) if view.subject.split("/")[1] in inside]
    orders = [row for row in registers.rows(workspace, "orders") if row.to in inside]
    return DutyLine(
        area=unit.name,
        late=late,
        missing=missing,
        problems=len(troubles),
        problems_open=sum(view.status != "closed" for view in troubles),
        problems_late=sum(view.status != "closed" and bool(view.due) and view.due < end for view in troubles),
        orders=len(orders),
        orders_late=sum(_answered_late(row) for row in orders),
    )


def _answered_late(row: RecordView) -> bool:
    """An order that is overdue, or whose every answer came after its day."""
    return row.overdue > 0 or bool(
        row.due and row.answers and all(answer.date > row.due for answer in row.answers)
    )


def _entered(sight: Sight) -> list[EnteredLine]:
    organisation = sight.situation.organisation
    return [
        EnteredLine(
            area=organisation.name(row.values.get("county", "")),
            item=row.values.get("item", ""),
            result=row.values.get("result", ""),
            score=row.values.get("score", ""),
            source=row.values.get("source", ""),
        )
        for row in registers.rows(sight.situation.workspace, "appraisal")
    ]
