"""What stands on the form that a unit prints and stamps."""

from __future__ import annotations

from fractions import Fraction

from desktop_app.core.figures.numbers import show, show_increase
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator
from desktop_app.core.model.view import IndicatorView
from desktop_app.core.operations import gathering
from desktop_app.core.operations.situation import Situation
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package.digest import check_code
from desktop_app.core.report.form import Form, FormRow, FormTask


def form_of(workspace: Workspace, period: Period) -> Form:
    """The form of a period as the figures stand now; its code is the one an export of them bears."""
    situation = Situation(workspace, period)
    heads = gathering.submitted_heads(workspace, period)
    code = check_code(workspace.unit_code, period.key, [head.id for head in heads])
    said = workspace.store.ledger.head(subjects.submission(workspace.unit_code, period.key))
    body = said.body if said is not None and not said.body.void else None
    plan = situation.plan
    tasks = []
    for task in plan.tasks:
        rows = [
            row for indicator in task.indicators if (row := _row(workspace, situation, indicator)) is not None
        ]
        if rows:
            tasks.append(FormTask(no=task.no, title=task.title, target=task.target, rows=tuple(rows)))
    return Form(
        city=workspace.organisation.name(workspace.store.city),
        plan=plan.title,
        unit=workspace.unit_code,
        unit_name=workspace.unit.name,
        period=period,
        code=code,
        tasks=tuple(tasks),
        filled=body.filled if body else workspace.operator,
        checked=body.checked if body else "",
        responsible=body.responsible if body else "",
        exported=body is not None and body.digest == code,
        sample=plan.sample,
    )


def _row(workspace: Workspace, situation: Situation, indicator: Indicator) -> FormRow | None:
    """What this unit reports itself; for a government with a territory below, the total of what is reported there."""
    area = situation.desk_area(indicator)
    view = situation.indicator_view(indicator, area)
    total = False
    if not view.mine:
        total = workspace.unit.kind != "department" and bool(situation.leaf_areas(indicator.id, area))
        if not total:
            return None
    figure = view.figure
    value = figure.reported if figure.approved and not total else figure.value
    return FormRow(
        id=indicator.id,
        name=indicator.name,
        unit=indicator.unit,
        share=show(view.share, indicator.decimals) if view.share is not None else "",
        previous=_figure(indicator, view.previous.value, view.previous.of),
        value=_figure(indicator, value, figure.of),
        change=_change(indicator, view, value),
        remark=_remark(indicator, view, total=total),
    )


def _figure(indicator: Indicator, value: Fraction | None, of: Fraction | None) -> str:
    if value is None:
        return ""
    if indicator.measure == "state":
        return "已实现" if value else "未实现"
    if indicator.measure != "rate":
        return show(value, indicator.decimals)
    parts = show(value, indicator.part_decimals)
    if not of:
        return parts
    rate = show(value / of * indicator.per, indicator.decimals)
    return f"{parts}/{show(of, indicator.part_decimals)}\n{rate}{'%' if indicator.per == 100 else ''}"


def _change(indicator: Indicator, view: IndicatorView, value: Fraction | None) -> str:
    """Since the period before; nothing where there is nothing to compare."""
    if value is None or view.figure.carried or indicator.measure == "state":
        return ""
    if indicator.measure == "rate":
        before, of = view.previous, view.figure.of
        if before.value is None or not before.of or not of:
            return ""
        points = value / of * indicator.per - before.value / before.of * indicator.per
        return show_increase(points, max(indicator.decimals, 1))
    if view.previous.value is None and not indicator.flow:
        return ""
    return show_increase(value - (view.previous.value or 0), indicator.decimals)


def _remark(indicator: Indicator, view: IndicatorView, *, total: bool) -> str:
    words = []
    if view.figure.value is None:
        return "未填"
    if view.figure.carried:
        words.append(f"沿用{Period.parse(view.figure.carried).last}月")
    if total:
        words.append("下级合计")
    elif indicator.basis == "site":
        words.append("台账汇总")
    if view.figure.disputed:
        words.append("暂计")
    return "，".join(words)
