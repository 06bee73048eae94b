"""Forks (不一致): both sides with who, when and history; settled by one entry that replaces both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec

from desktop_app.core.errors import InputError, RuleError
from desktop_app.core.figures.numbers import read_number
from desktop_app.core.i18n import N_, _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.bodies import Body
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.view import HistoryView
from desktop_app.core.operations import changing, reading
from desktop_app.core.operations.own_line import reviews
from desktop_app.core.operations.situation import describe_figure
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store.store import Said
from desktop_app.core.trust import authority

FIELD_NAMES = {
    "value": N_("数值"),
    "of": N_("分母"),
    "note": N_("说明"),
    "reason": N_("原因"),
    "name": N_("名称"),
    "place": N_("地点"),
    "quantities": N_("数量"),
    "stages": N_("阶段"),
    "started": N_("开工"),
    "completed": N_("完成"),
    "charge": N_("责任人"),
    "text": N_("内容"),
    "status": N_("状态"),
    "due": N_("期限"),
    "answer": N_("答复"),
    "closed": N_("销号"),
    "caption": N_("说明"),
    "done": N_("完成日期"),
    "digest": N_("校验码"),
    "count": N_("条数"),
}


class ForkSide(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    value: str
    unit: str
    operator: str
    at: str
    origin: str
    counted: bool
    """Whether the ledger shows this one until somebody settles it (暂计)."""
    fields: tuple[tuple[str, str], ...]
    history: tuple[HistoryView, ...]


class Fork(msgspec.Struct, frozen=True, kw_only=True):
    subject: str
    title: str
    unit: str
    unit_name: str
    period: str
    measure: str
    sides: tuple[ForkSide, ...]
    answered: str = ""
    """return or set where this desk has sent exactly these sides back or stated a 核定数 beside them."""


def forks(workspace: Workspace) -> list[Fork]:
    """Every subject that two entries say differently, those that wait for this desk first.  An office has to do with
    what it said itself and with figures it reviews; the rest is for the units they belong to."""
    found = [fork(workspace, subject) for subject in workspace.store.ledger.forks()]
    if not workspace.unit.is_area:
        found = [
            one for one in found if one.unit == workspace.unit_code or _reviewed_here(workspace, one.subject)
        ]
    return sorted(found, key=lambda one: bool(one.answered))


def _reviewed_here(workspace: Workspace, subject: str) -> bool:
    words = subject.split("/")
    return words[0] == "progress" and len(words) == 5 and reviews(workspace, words[3], words[1])


def answered(workspace: Workspace, subject: str, heads: Iterable[str]) -> str:
    """What this desk has answered to a difference: return, set, or "" where it has not, or where one of the sides has
    changed since."""
    said = workspace.store.ledger.head(subjects.review(workspace.unit_code, subject))
    if said is None or said.body.void or said.body.verdict == "accept":
        return ""
    return str(said.body.verdict) if set(heads) <= set(said.body.about) else ""


def fork(workspace: Workspace, subject: str) -> Fork:
    ledger = workspace.store.ledger
    named = subject.split("/")
    plan = ledger.plan(named[2] if len(named) > 3 and named[2] in ledger.plans() else None)
    steps = {step.id: step for step in ledger.history(subject)}
    heads = [step for step in steps.values() if step.head and not step.why_not]
    shown = ledger.head(subject)
    views = reading.history(workspace, subject)
    names = [
        name
        for name in FIELD_NAMES
        if any(getattr(step.body, name, None) not in (None, "", {}, ()) for step in heads)
    ]
    words = subject.split("/")
    indicator = plan.indicator(words[3]) if plan and words[0] == "progress" and len(words) == 5 else None
    title = (
        f"{indicator.task_no} {indicator.name}"
        if indicator
        else title_of(heads[0].body if heads else None, subject)
    )
    containers = {row["digest"]: row["file"] or _("本机填写") for row in ledger.containers()}
    unit = heads[0].entry.unit if heads else words[1]
    return Fork(
        subject=subject,
        title=title,
        unit=unit,
        unit_name=workspace.organisation.name(unit),
        period=words[-1] if words[0] in ("progress", "submission") else "",
        measure=indicator.unit if indicator else "",
        answered=answered(workspace, subject, (step.id for step in heads)),
        sides=tuple(
            ForkSide(
                id=step.id,
                value=(
                    describe_figure(
                        indicator,
                        Fraction(step.body.value),
                        Fraction(step.body.of) if step.body.of is not None else None,
                    )
                    if indicator
                    else reading.words(workspace, plan, step)
                ),
                unit=workspace.organisation.name(step.entry.unit),
                operator=step.entry.operator,
                at=step.entry.at,
                origin="、".join(dict.fromkeys(containers.get(digest, "") for digest in step.containers)),
                counted=shown is not None and shown.id == step.id,
                fields=tuple((_(FIELD_NAMES[name]), _field(step.body, name)) for name in names),
                history=tuple(view for view in views if view.id in ancestors(steps, step.id)),
            )
            for step in sorted(heads, key=lambda step: (step.entry.at, step.id))
        ),
    )


def ancestors(steps: dict[str, Any], ident: str) -> set[str]:
    """An entry and everything it replaces, however far back."""
    found: set[str] = set()
    queue = [ident]
    while queue:
        current = queue.pop()
        if current not in found and current in steps:
            found.add(current)
            queue.extend(steps[current].entry.replaces)
    return found


KIND_TITLES = {
    "submission": N_("整份上报"),
    "share": N_("份额"),
    "duty": N_("填报单位"),
    "setting": N_("设置"),
    "closing": N_("封账"),
    "unit": N_("单位"),
    "plan": N_("方案"),
    "milestone": N_("节点"),
    "fund": N_("资金"),
    "review": N_("审核意见"),
    "receipt": N_("回执"),
    "site": N_("台账"),
    "evidence": N_("佐证材料"),
    "problem": N_("问题"),
    "record": N_("台账册"),
    "answer": N_("答复"),
    "progress": N_("指标"),
}
"""What a subject is called where it has no name of its own."""


def title_of(body: Any, subject: str) -> str:
    """What a subject is called on screen: by its own name, else by its kind."""
    for name in ("name", "text", "caption"):
        if getattr(body, name, ""):
            return str(getattr(body, name))
    words = subject.split("/")
    if words[0] not in KIND_TITLES:
        return subject
    rest = " ".join(words[3:]) if words[0] in ("share", "duty", "milestone") else ""
    return f"{_(KIND_TITLES[words[0]])} {rest}".strip()


def _field(body: Any, name: str) -> str:
    value = getattr(body, name, "")
    if name in ("value", "of") and value is not None:
        # As on every other screen, with its thousands apart.
        return f"{Decimal(value):,}"
    return _text(value)


def _text(value: object) -> str:
    if isinstance(value, dict):
        return "、".join(f"{key} {amount}" for key, amount in value.items())
    if isinstance(value, (list, tuple)):
        return "、".join(map(str, value))
    return "" if value is None else str(value)


def settle(
    workspace: Workspace,
    subject: str,
    *,
    keep: str | None = None,
    value: str | None = None,
    of: str | None = None,
    reason: str,
) -> Changes:
    """Keep one side (its id or the beginning of it) or state another value; both stay in the history.

    The reporting unit settles its own; a unit above may keep one of its sides as 代录, marked so.
    """
    ledger = workspace.store.ledger
    heads = [step for step in ledger.history(subject) if step.head and not step.why_not]
    if len(heads) < 2:
        raise InputError(_("这里没有不一致。"), next_step=_("它可能已经定过，请刷新。"))
    if not reason.strip():
        raise InputError(_("要写理由。"), next_step=_("请写一句为什么这样定。"))
    changing.refuse_personal({"reason": reason})
    if (keep is None) == (value is None):
        raise InputError(_("请选留下哪一个，或写一个新的数。"), next_step=_("两者选一个。"))
    if keep is not None:
        chosen = [step for step in heads if step.id.startswith(keep)]
        if len(chosen) != 1:
            raise InputError(
                _("没有编号以“{keep}”开头的说法，或不止一个。").format(keep=keep),
                next_step=_("请在“不一致”页选定（命令行：taizhang conflicts 查看编号）。"),
            )
        body: Body = chosen[0].body
    else:
        words = subject.split("/")
        if words[0] != "progress" or len(words) != 5:
            raise InputError(_("只有数字才能改成新的数。"), next_step=_("请选留下哪一个。"))
        indicator = workspace.indicator(words[3])
        rate = indicator.measure == "rate"
        decimals = indicator.part_decimals if rate else indicator.decimals
        assert value is not None
        body = msgspec.structs.replace(
            heads[0].body,
            value=read_number(value, unit="" if rate else indicator.unit, decimals=decimals),
            of=read_number(of, decimals=decimals) if of else heads[0].body.of,
        )
    kind = heads[0].entry.kind
    mine = all(step.entry.unit == workspace.unit_code for step in heads)
    body = msgspec.structs.replace(body, reason=reason.strip(), proxy=body.proxy or not mine)
    why = authority.refusal(workspace.store.projector.context(), kind, subject, workspace.unit_code, body)
    if why:
        raise RuleError(
            _("本单位不能定这一处：{why}。").format(why=authority.why(why)),
            next_step=_("请退回给填报单位，由它选定。"),
        )
    return workspace.store.say([Said(kind=kind, subject=subject, body=body, operator=workspace.operator)])[0]


RULES = {
    "latest": N_("都按填写时间最晚的"),
    "greatest": N_("都按数值最大的"),
    "least": N_("都按数值最小的"),
    "shown": N_("都按现在暂计的"),
}
"""Rules by which many differences may be settled at once; the rule is written into each entry's reason."""


def settle_all(
    workspace: Workspace, rule: str, reason: str, chosen: Sequence[str] | None = None
) -> tuple[Changes, list[tuple[str, str]]]:
    """Settle every difference (or those named) by one stated rule.  Returns what changed, and (subject, why not) of
    those that this desk cannot settle or the rule does not fit; those stay as they are."""
    if rule not in RULES:
        raise InputError(
            _("没有“{rule}”这条规则。").format(rule=rule),
            next_step=_("可用的有：{names}。").format(names="、".join(RULES)),
        )
    changes, left = Changes(), []
    for found in forks(workspace):
        if chosen is not None and found.subject not in chosen:
            continue
        try:
            keep = _by_rule(workspace, found, rule)
            changes += settle(
                workspace, found.subject, keep=keep, reason=f"{reason.strip()}（{_(RULES[rule])}）"
            )
        except InputError as problem:
            left.append((found.subject, problem.what))
    return changes, left


def _by_rule(workspace: Workspace, found: Fork, rule: str) -> str:
    if rule == "shown":
        return next(side.id for side in found.sides if side.counted)
    steps = {step.id: step for step in workspace.store.ledger.history(found.subject)}
    sides = [steps[side.id] for side in found.sides]
    if rule == "latest":
        return max(sides, key=lambda step: (datetime.fromisoformat(step.entry.at), step.id)).id
    if not found.measure:
        raise InputError(_("不是数字，不能按大小定。"), next_step=_("请单独选定。"))
    chosen = (max if rule == "greatest" else min)(
        sides, key=lambda step: (Fraction(step.body.value), step.id)
    )
    return str(chosen.id)
