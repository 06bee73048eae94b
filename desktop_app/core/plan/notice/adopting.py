"""From a settled draft to a plan that can be put into force."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _
from desktop_app.core.model.plan import Adds, Indicator, Milestone, Plan, Task
from desktop_app.core.plan.check import check_plan
from desktop_app.core.plan.notice.draft import Deadline, Draft, DraftIndicator, DraftTask

_ADDS: dict[str, Adds] = {"count": "sum", "rate": "ratio", "standard": "uniform", "state": "uniform"}
_SHOWN = 6


def plan_of(draft: Draft, known: Plan | None = None) -> Plan:
    """The plan.  InputError, naming them, while something is unsettled or makes no sense; `known` is the plan whose
    definitions the draft's `like` refers to."""
    _refuse_unsettled(draft)
    plan = Plan(
        id=str(draft.year),
        year=draft.year,
        title=draft.title,
        issued=_day(draft.issued) or date(draft.year, 1, 1),
        categories=tuple(dict.fromkeys(task.category for task in draft.tasks)),
        category_shorts=_category_shorts(draft, known),
        tasks=tuple(_task(task, known) for task in draft.tasks),
    )
    hard = [finding for finding in check_plan(plan) if finding.level == "hard"]
    if hard:
        raise InputError(
            _("草稿里有 {count} 处要改：{list}").format(
                count=len(hard),
                list="；".join(f"{finding.where} {finding.text}".strip() for finding in hard[:_SHOWN]),
            ),
            meaning=_("方案没有生效，原来的方案不变。"),
            next_step=_("请改正后再确认。"),
        )
    return plan


def _refuse_unsettled(draft: Draft) -> None:
    unsettled = draft.open_doubts()
    if not unsettled:
        return
    shown = [
        (_("任务{no}：{text}").format(no=no, text=text) if no else text) for no, text in unsettled[:_SHOWN]
    ]
    more = _("……") if len(unsettled) > _SHOWN else ""
    raise InputError(
        _("还有 {count} 处疑点没有定：{list}{more}").format(
            count=len(unsettled), list=" ".join(shown), more=more
        ),
        meaning=_("方案没有生效，原来的方案不变。"),
        next_step=_("请在“方案”页逐条定下；或在草稿文件里把定了的疑点从 doubts 移到 settled。"),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _category_shorts(draft: Draft, known: Plan | None) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(task.category for task in draft.tasks))
    return known.category_shorts if known is not None and known.categories == names else ()


def _task(task: DraftTask, known: Plan | None) -> Task:
    other = known.task(task.no) if known is not None else None
    liked = {item.id: item for item in other.indicators} if other else {}
    taken = [item for item in task.indicators if item.take]
    idents = _idents(task, taken, set(liked))
    by_place = {task.indicators.index(item) + 1: ident for item, ident in zip(taken, idents, strict=True)}
    indicators = tuple(
        _indicator(item, ident, by_place.get(item.parent or 0), liked.get(item.like or ""))
        for item, ident in zip(taken, idents, strict=True)
    )
    similar = other if other is not None and any(item.like in liked for item in taken) else None
    points = [
        _("{name}的{what}待补。").format(
            name=item.name, what=_("目标数") if item.value is None else _("单位")
        )
        for item in taken
        if (item.value is None and item.measure != "state") or not item.unit
    ]
    points += [_("牵头单位“{lead}”名称有遮盖。").format(lead=lead) for lead in task.lead if "*" in lead]
    made = {item.id for item in indicators}
    return Task(
        no=task.no,
        category=task.category,
        title=task.title,
        short=task.short,
        target=task.target,
        lead=tuple(task.lead),
        measures=tuple(task.measures),
        indicators=indicators,
        milestones=tuple(
            _milestone(step, f"{task.no}.m{place}", similar, made)
            for place, step in enumerate(task.deadlines, start=1)
        ),
        funds=tuple(fund for fund in similar.funds if fund.indicator is None or fund.indicator in made)
        if similar
        else (),
        completion=similar.completion if similar else "",
        division=similar.division if similar else "",
        open_points=tuple(points),
    )


def _idents(task: DraftTask, taken: list[DraftIndicator], liked: set[str]) -> list[str]:
    """An indicator like a known one keeps its id, so that figures already recorded stay with it."""
    used: set[str] = {item.like for item in taken if item.like in liked and item.like is not None}
    idents: list[str] = []
    number = 1
    for item in taken:
        if item.like is not None and item.like in used and item.like not in idents:
            idents.append(item.like)
            continue
        while f"{task.no}.{number}" in used or f"{task.no}.{number}" in idents:
            number += 1
        idents.append(f"{task.no}.{number}")
    return idents


def _text(value: Decimal | None) -> str | None:
    if value is None:
        return None
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def _decimals(item: DraftIndicator) -> int:
    written = _text(item.value) or ""
    places = len(written.partition(".")[2])
    return max(places, 1) if item.measure == "rate" and item.per == 100 else places


def _indicator(item: DraftIndicator, ident: str, parent: str | None, known: Indicator | None) -> Indicator:
    target = "1" if item.measure == "state" else _text(item.value)
    if known is not None:
        return msgspec.structs.replace(
            known,
            id=ident,
            name=item.name,
            op=item.op,
            unit=item.unit or known.unit,
            target=target,
            measure=item.measure,
            flow=item.flow,
            per=item.per,
            baseline=_text(item.baseline) or known.baseline,
            parent=parent,
            decimals=max(known.decimals, _decimals(item)),
            unit_open=not item.unit,
            target_open=target is None,
        )
    return Indicator(
        id=ident,
        name=item.name,
        measure=item.measure,
        op=item.op,
        unit=item.unit or _("个"),
        target=target,
        per=item.per,
        baseline=_text(item.baseline),
        parent=parent,
        flow=item.flow,
        adds=_ADDS[item.measure],
        decimals=_decimals(item),
        headline=not item.where,
        definition=_("通知原文：{quote}").format(quote=item.quote) if item.quote else "",
        denominator="",
        unit_open=not item.unit,
        target_open=target is None,
    )


def _milestone(step: Deadline, ident: str, similar: Task | None, made: set[str]) -> Milestone:
    twin = next((item for item in similar.milestones if item.id == step.like), None) if similar else None
    linked = twin if twin is not None and (twin.indicator is None or twin.indicator in made) else None
    return Milestone(
        id=ident,
        what=step.what,
        due=date.fromisoformat(step.date),
        scope=step.scope,  # type: ignore[arg-type]
        indicator=linked.indicator if linked else None,
        measure_no=step.where or None,
        reach=linked.reach if linked else None,
    )
