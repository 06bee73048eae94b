"""The plan: reading a notice into a draft, putting a checked one into force, changing a target in mid-year."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec

from desktop_app.core import disks
from desktop_app.core.errors import InputError
from desktop_app.core.figures.numbers import canonical, read_number
from desktop_app.core.i18n import _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.bodies import Allocation, Duty
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.plan import Indicator, Plan
from desktop_app.core.operations import division, duties
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.plan.load import decode_plan, sample_plan
from desktop_app.core.plan.notice import adopting, draft, likeness
from desktop_app.core.plan.notice.assemble import read_notice
from desktop_app.core.plan.notice.draft import Draft
from desktop_app.core.plan.targets import decimal_text
from desktop_app.core.progress import Progress, silent
from desktop_app.core.rules import days
from desktop_app.core.store.store import Said


class TargetChange(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a target: what it was, what it became, from when, by which document, who said so."""

    indicator: str
    name: str
    unit: str
    old: Fraction | None
    new: Fraction | None
    effective: str
    document: str
    reason: str
    operator: str
    at: str


# -- reading a notice ----------------------------------------------------------------------------------------------


def read(notice: Path, workspace: Workspace | None = None, progress: Progress = silent) -> Draft:
    """The draft of the plan in a notice, with proposals from a plan that tells the same tasks: the one in force for
    that year, or the sample."""
    progress(0, 2, notice.name)
    found = read_notice(notice)
    progress(1, 2, notice.name)
    for known in _known_plans(found, workspace):
        if likeness.propose(found, known):
            break
    progress(2, 2, notice.name)
    return found


def _known_plans(found: Draft, workspace: Workspace | None) -> list[Plan]:
    ledger = workspace.store.ledger if workspace is not None else None
    here = ledger.plan(str(found.year)) if ledger is not None else None
    return [plan for plan in (here, sample_plan()) if plan is not None]


def document(found: Draft) -> dict[str, Any]:
    """`plan import --json`: what becomes an indicator under `indicators`, what is merely offered under `offered`."""
    told: dict[str, Any] = msgspec.json.decode(draft.encode(found))
    for task in told["tasks"]:
        listed = task["indicators"]
        kept = [item for item in listed if item["take"]]
        places = {listed.index(item) + 1: place for place, item in enumerate(kept, start=1)}
        for item in kept:
            item["parent"] = places.get(item["parent"])
        task["indicators"] = kept
        task["offered"] = [item for item in listed if not item["take"]]
    return told


def save(found: Draft, path: Path) -> None:
    """Write the draft; StorageError where the folder refuses."""
    disks.save(path, draft.encode(found))


def open_draft(path: Path) -> Draft:
    """A draft saved before."""
    return draft.decode(draft.read_bytes(path), path.name)


# -- putting into force --------------------------------------------------------------------------------------------


def adopt_file(workspace: Workspace, path: Path, reason: str = "") -> tuple[Plan, Changes]:
    """Put a settled draft, or a plan's own file, into force."""
    data = draft.read_bytes(path)
    if draft.is_draft(data):
        return adopt(workspace, draft.decode(data, path.name), reason)
    plan = decode_plan(data, path.name)
    return plan, _put_into_force(workspace, plan, reason)


def adopt(workspace: Workspace, found: Draft, reason: str = "") -> tuple[Plan, Changes]:
    """Put a settled draft into force beside the plans of other years; InputError while something is unsettled."""
    known = next((plan for plan in _known_plans(found, workspace) if likeness.same_plan(found, plan)), None)
    plan = adopting.plan_of(found, known)
    return plan, _put_into_force(workspace, plan, reason or _("据《{source}》").format(source=found.source))


def _put_into_force(workspace: Workspace, plan: Plan, reason: str) -> Changes:
    with workspace.store.transaction():
        changes = division.adopt_plan(workspace, plan, reason)
        changes += _give_duties(workspace, plan)
    return changes


def _give_duties(workspace: Workspace, plan: Plan) -> Changes:
    """Who reports what nobody reports yet, by the plan's own suggestion."""
    from desktop_app.core.operations.founding import suggested_duties

    held = {indicator for of, indicator, _area in workspace.store.projector.context().duties if of == plan.id}
    wanted: dict[tuple[str, str], Duty] = {
        key: duty
        for key, duty in suggested_duties(plan, workspace.organisation).items()
        if key[0] not in held
    }
    ledger = workspace.store.ledger
    before, ledger.year = ledger.year, plan.year
    try:
        return duties.set_duties(workspace, wanted)
    finally:
        ledger.year = before


# -- changing a target ---------------------------------------------------------------------------------------------


def change_target(
    workspace: Workspace, indicator_id: str, value: str, *, document: str, effective: str, reason: str = ""
) -> Changes:
    """A target changed in mid-year: what falls before the day keeps the old one.  It is an entry like a share's, the
    city's own share being the target."""
    if workspace.unit_code != workspace.store.city:
        raise InputError(_("目标由市级牵头单位调整。"), next_step=_("请报市级；本级份额在“分解”里调整。"))
    plan = workspace.plan
    indicator = workspace.indicator(indicator_id)
    if indicator.measure == "state":
        raise InputError(
            _("“{name}”是状态指标，没有数字目标。").format(name=indicator.name),
            next_step=_("要取消或改写任务的，请重新确认方案。"),
        )
    if not document.strip():
        raise InputError(
            _("没有写依据文号。"), next_step=_("请写上调整依据的文号，例如 市政办〔2024〕18号。")
        )
    day = _day_in(plan, effective)
    number = read_number(
        value, unit=indicator.unit, decimals=max(indicator.decimals, 2 if indicator.measure != "count" else 0)
    )
    if Fraction(number) <= 0:
        raise InputError(_("目标要大于 0。"), next_step=_("请改正后再试。"))
    head = workspace.store.ledger.head(subjects.share(workspace.store.city, plan.id, indicator_id))
    earlier = _earlier(workspace, plan, indicator, None if head is None or head.body.void else head.body, day)
    body = Allocation(
        value=number, document=document.strip(), effective=day, earlier=earlier, reason=reason.strip()
    )
    subject = subjects.share(workspace.store.city, plan.id, indicator_id)
    return workspace.say([Said(kind="allocation", subject=subject, body=body, operator=workspace.operator)])[
        0
    ]


def _day_in(plan: Plan, text: str) -> str:
    day = days.read(text)
    if day.year != plan.year:
        raise InputError(
            _("{day} 不在 {year} 年。").format(day=day.isoformat(), year=plan.year),
            next_step=_("调整只对本年度的方案有效，请核对日期或换一个年度。"),
        )
    return day.isoformat()


def _earlier(
    workspace: Workspace, plan: Plan, indicator: Indicator, before: Allocation | None, day: str
) -> dict[str, Any]:
    """What held until the day, by the day from which it did ("" from the beginning)."""
    first = _adopted_target(workspace, plan, indicator.id)
    if before is None:
        return {} if first is None else {"": canonical(first)}
    if day < before.effective:
        raise InputError(
            _("{day} 早于上一次调整（{last}）。").format(day=day, last=before.effective),
            meaning=_("没有保存。"),
            next_step=_("请写上一次调整当天或以后的日期。"),
        )
    earlier: dict[str, Any] = dict(before.earlier)
    if before.effective != day and before.value is not None:
        earlier[before.effective] = before.value
    return earlier


def _adopted_target(workspace: Workspace, plan: Plan, indicator_id: str) -> Fraction | None:
    adopted = workspace.store.ledger.adopted(plan.id)
    indicator = adopted.indicator(indicator_id) if adopted else None
    return indicator.target_value if indicator else None


def target_changes(workspace: Workspace, indicator_id: str | None = None) -> list[TargetChange]:
    """Every change of a target of the plan looked at, the oldest first; what was said again counts once."""
    plan = workspace.plan
    ledger = workspace.store.ledger
    found: list[TargetChange] = []
    for head in ledger.heads("allocation", workspace.store.city):
        words = head.subject.split("/")
        indicator = plan.indicator(words[3]) if len(words) == 4 and words[2] == plan.id else None
        if indicator is None or (indicator_id is not None and indicator.id != indicator_id):
            continue
        for step in ledger.history(head.subject):
            body = step.body
            if step.why_not or not isinstance(body, Allocation) or body.void or body.value is None:
                continue
            held = [since for since in body.earlier if since < body.effective or not since]
            old = body.earlier[max(held)] if held else None
            found.append(
                TargetChange(
                    indicator=indicator.id,
                    name=indicator.name,
                    unit=indicator.unit,
                    old=None if old is None else Fraction(old),
                    new=Fraction(body.value),
                    effective=body.effective,
                    document=body.document,
                    reason=body.reason,
                    operator=step.entry.operator,
                    at=step.entry.at,
                )
            )
    return sorted(found, key=lambda change: (change.effective, change.at, change.indicator))


def plans(workspace: Workspace) -> list[Plan]:
    """Every year's plan, the latest first; those this version cannot read are left out."""
    ledger = workspace.store.ledger
    found = [plan for ident in ledger.plans() if (plan := ledger.plan(ident)) is not None]
    return sorted(found, key=lambda plan: -plan.year)


def shown(value: Fraction | None) -> str:
    """A target as a plan writes it."""
    return "" if value is None else decimal_text(value)
