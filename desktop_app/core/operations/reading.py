"""What the lists show: problems, evidence, history, the frame's overview."""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from fractions import Fraction
from typing import Any

import msgspec

from desktop_app.core.figures.numbers import show
from desktop_app.core.i18n import N_, _
from desktop_app.core.model.bodies import Number
from desktop_app.core.model.forms import is_number
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Plan
from desktop_app.core.model.register import register_or_plain
from desktop_app.core.model.view import EvidenceView, HistoryView, Overview
from desktop_app.core.operations import calendar
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.rules.privacy import mask
from desktop_app.core.store.ledger import Step
from desktop_app.core.store.ledger_heads import Head
from desktop_app.core.trust.authority import why

VERDICT_WORDS = {"accept": N_("接受"), "return": N_("退回"), "set": N_("核定")}
"""As package sheets say it; screens look them up with `_`."""


def evidence_view(workspace: Workspace, head: Head, here: Container[str]) -> EvidenceView:
    """`here` are the hashes of the files whose bytes have come."""
    body = head.body
    return EvidenceView(
        subject=head.subject,
        sha256=body.sha256,
        size=body.size,
        media=body.media,
        name=body.name,
        caption=body.caption,
        stage=body.stage,
        taken=body.taken,
        added=head.at,
        operator=head.operator,
        unit=head.owner,
        about=tuple(body.about),
        personal=body.personal,
        extract=body.extract,
        original=body.original,
        present=body.sha256 in here,
    )


def evidence(workspace: Workspace, about: str | None = None) -> list[EvidenceView]:
    """All evidence, or what proves a subject, a site, a milestone, or an indicator ("12.1") in any of its forms."""
    ledger = workspace.store.ledger
    if about is None:
        heads = ledger.heads("evidence")
    elif "/" in about:
        heads = ledger.evidence_about(about)
    else:
        of_sites = {piece for indicator, _area, piece in ledger.evidence_of_sites() if indicator == about}
        others = {
            piece for target, piece, _unit in ledger.evidence_of_others() if about in target.split("/")[2:4]
        }
        heads = ledger.heads_among(sorted(of_sites | others))
    here = ledger.files()
    return sorted(
        (evidence_view(workspace, head, here) for head in heads), key=lambda view: (view.added, view.subject)
    )


# -- history -------------------------------------------------------------------------------------------------------


def words(workspace: Workspace, plan: Plan | None, step: Step) -> str:
    """What an entry says, in a few words."""
    body = step.body
    if isinstance(body, dict):
        return _("（新版本的内容）")
    if body.void:
        return _("作废")
    kind = step.entry.kind
    if kind == "progress":
        subject = step.entry.subject.split("/")
        indicator = plan.indicator(subject[3]) if plan and len(subject) == 5 else None
        decimals = indicator.decimals if indicator and indicator.measure != "rate" else 0
        text = said_number(body.value, decimals)
        return f"{text} / {said_number(body.of, 0)}" if body.of is not None else text
    if kind == "allocation":
        return "–" if body.value is None else said_number(body.value, 2)
    if kind == "site":
        amounts = "、".join(f"{key}×{amount}" for key, amount in body.quantities.items())
        state = _("完成 {day}").format(day=body.completed) if body.completed else _("未完成")
        return f"{body.name} {amounts} {state}"
    if kind == "milestone":
        return body.done or _("未完成")
    if kind == "problem":
        return f"{_('已销号') if body.status == 'closed' else _('未销号')} {body.text}"
    if kind == "evidence":
        return f"{body.caption or body.name}"
    if kind == "review":
        value = f" {said_number(body.value, 2)}" if body.value is not None else ""
        return f"{_(VERDICT_WORDS[body.verdict])}{value} {body.comment}".strip()
    if kind == "submission":
        return f"{_('校验码')} {body.digest}"
    if kind == "receipt":
        return f"{_('回执')} {body.state}"
    if kind == "fund":
        return f"{_('到账')} {body.arrived or 0} {_('支出')} {body.paid or 0}"
    if kind == "record":
        register = register_or_plain(step.entry.subject.split("/")[2], body.fields)
        reached = register.step(body.status)
        cells = "、".join(text for text in body.fields.values() if text)
        return f"{register.title} {cells} {reached.title if reached else body.status}".strip()
    if kind == "answer":
        return f"{_('答复')} {body.text}"
    if kind == "duty":
        return workspace.organisation.name(body.reporter) if body.reporter else _("各自填报")
    if kind == "unit":
        return str(body.name)
    return kind


def said_number(value: Number, decimals: int) -> str:
    """A number for people; what is none, in an entry that does not count, as it was written."""
    return show(Fraction(value), decimals) if is_number(value) else str(value)


def history(workspace: Workspace, subject: str) -> list[HistoryView]:
    """Who changed a subject from what to what, when and why; the newest first."""
    plan = workspace.store.ledger.plan()
    steps = workspace.store.ledger.history(subject)
    by_id = {step.id: step for step in steps}
    views = []
    for step in steps:
        replaced = [by_id[ident] for ident in step.entry.replaces if ident in by_id]
        views.append(
            HistoryView(
                id=step.id,
                kind=step.entry.kind,
                subject=subject,
                at=step.entry.at,
                unit=step.entry.unit,
                unit_name=workspace.organisation.name(step.entry.unit),
                operator=step.entry.operator,
                before=mask(" | ".join(words(workspace, plan, item) for item in replaced)),
                after=mask(words(workspace, plan, step)),
                reason=mask(getattr(step.body, "reason", "")),
                counted=not step.why_not,
                why_not=why(step.why_not) if step.why_not else "",
                head=step.head,
            )
        )
    return list(reversed(views))


def log(workspace: Workspace, prefix: str = "", limit: int = 200) -> list[HistoryView]:
    """The latest changes under a subject prefix ("" for everything), the newest first by their own clocks.  What
    replaces an entry never comes before it, whatever the clocks said: a clock set back does not turn history round."""
    found: list[tuple[str, HistoryView]] = []
    for subject in workspace.store.ledger.subjects(prefix):
        latest, steps = "", []
        for view in reversed(history(workspace, subject)):
            latest = max(latest, view.at)
            steps.append((latest, view))
        found += reversed(steps)
    return [view for _at, view in sorted(found, key=lambda item: item[0], reverse=True)][:limit]


def refused(workspace: Workspace) -> list[HistoryView]:
    """Entries that are kept but not counted, each with the reason."""
    subjects = workspace.store.ledger.refused_subjects()
    return [view for subject in subjects for view in history(workspace, subject) if not view.counted]


# -- the frame -----------------------------------------------------------------------------------------------------


def overview(workspace: Workspace, period: Period) -> Overview:
    """Who this is, what is not yet sent, when what was last done."""
    store = workspace.store
    unit = workspace.unit
    plan = store.ledger.plan()
    sent = [row for row in store.ledger.containers("own") if row["purpose"] == "submission"]
    latest = sent[-1] if sent else None
    receipt = None
    if latest is not None:
        receipt = next(
            (
                head
                for head in store.ledger.heads("receipt")
                if head.subject.endswith("/" + latest["digest"]) and head.unit != unit.code
            ),
            None,
        )
    chain = (workspace.keys_folder / "desk.pem").exists()
    return Overview(
        unit=unit.code,
        unit_name=unit.name,
        level=unit.level,
        kind=unit.kind,
        city=workspace.organisation.name(store.city),
        plan_title=plan.title if plan else "",
        sample=plan.sample if plan else False,
        period=period.key,
        unsent=store.ledger.unsent_count(),
        last_saved=store.ledger.last_typed(),
        last_backup=store.meta("last_backup"),
        last_sent=latest["period"] if latest is not None else "",
        last_sent_state=_sent_state(workspace, receipt) if latest is not None else "",
        has_key=chain,
        certified=bool(chain and store.meta("certified", "") == "yes"),
        operator=workspace.operator,
        ranked=ranking_is_on(workspace),
        reviews=any(duty.reviewer == unit.code for duty in store.projector.context().duties.values()),
        acknowledged=latest is None or receipt is not None,
        reports_to=workspace.organisation.name(unit.parent) if unit.parent else "",
    )


def ranking_is_on(workspace: Workspace) -> bool:
    """Ranking is shown only where the unit itself has switched it on."""
    head = workspace.store.ledger.head(f"setting/{workspace.unit_code}/ranking")
    return head is not None and not head.body.void and bytes(head.body.value) not in (b"0", b'"0"')


def _sent_state(workspace: Workspace, receipt: Head | None) -> str:
    """Whether the unit above has acknowledged the latest submission, in words."""
    if receipt is None:
        return _("等回执")
    return _("{name}已接收").format(name=workspace.organisation.name(receipt.unit))


def periods(workspace: Workspace) -> list[Period]:
    """The plan's months up to the latest one worth showing, the newest first: the latest with figures, and never
    before today's month of the plan's year."""
    plan = workspace.plan
    latest = workspace.latest_period()
    today = calendar.today(workspace)
    if workspace.store.ledger.latest_period(plan.id) is None and today.year == plan.year:
        # A new desk begins with the month that is over and to be reported, not with the plan's first.
        month = max(latest.last, today.month - 1)
        latest = Period(plan.year, month, month)
    last = latest.last
    if today.year == plan.year:
        last = max(last, today.month)
    elif today.year > plan.year and store_is_live(workspace):
        last = 12
    months = [Period(plan.year, month, month) for month in range(1, last + 1)]
    chosen = [latest] + [month for month in reversed(months) if month != latest]
    return chosen + other_years(workspace, plan)


def other_years(workspace: Workspace, shown: Plan) -> list[Period]:
    """Months of the other years' plans up to the latest with figures, so that every year stays readable."""
    ledger = workspace.store.ledger
    found = []
    for ident in ledger.plans():
        plan = ledger.plan(ident)
        if plan is None or plan.year == shown.year:
            continue
        latest = ledger.latest_period(ident)
        last = Period.parse(latest).last if latest else 1
        found += [Period(plan.year, month, month) for month in range(last, 0, -1)]
    return found


def store_is_live(workspace: Workspace) -> bool:
    """Whether the plan is a real one: a sample city lives in its own year."""
    plan = workspace.store.ledger.plan()
    return plan is not None and not plan.sample


def json_ready(value: object) -> Any:
    """A view as plain JSON values: exact numbers as integers or decimals, periods and dates as text."""
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else round(float(value), 6)
    if isinstance(value, msgspec.Struct):
        return {name: json_ready(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return {str(key): json_ready(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, frozenset, set)):
        return [json_ready(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value
