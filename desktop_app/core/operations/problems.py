"""问题清单: raised at any level, assigned, put before the lead department, answered, closed with proof, rechecked,
reopened.

A problem is its area's: the units there and those above change it.  A lead department, which stands beside, answers
in its own name (`answer`), and that goes down with its signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec

from desktop_app.core.errors import InputError, RuleError
from desktop_app.core.i18n import _
from desktop_app.core.model.bodies import ProblemBody
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.forms import is_date
from desktop_app.core.model.view import ProblemView
from desktop_app.core.operations import calendar, changing, recording, register_writing
from desktop_app.core.operations.own_line import own_line
from desktop_app.core.operations.registers import Reader
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store.ledger_heads import Head
from desktop_app.core.trust import authority


def problems(workspace: Workspace, area: str | None = None) -> list[ProblemView]:
    """The problem list of everything below this desk, for a department of its own line: open ones first, the oldest
    first."""
    reader = Reader(workspace)
    line, own = own_line(workspace), workspace.unit
    views = [
        _view(workspace, reader, head)
        for head in workspace.store.ledger.heads("problem", area)
        if line is None
        or head.body.task in line
        or own.code in (head.unit, head.body.to, head.body.lead)
        or head.body.lead == own.name
    ]
    return sorted(views, key=lambda view: (view.status != "open", view.raised, view.subject))


def _view(workspace: Workspace, reader: Reader, head: Head) -> ProblemView:
    body = head.body
    organisation = workspace.organisation
    raised = reader.raised(head)
    due = date.fromisoformat(body.due) if body.due and is_date(body.due) else None
    late = (reader.today - due).days if due is not None and body.status == "open" else 0
    return ProblemView(
        subject=head.subject,
        area=head.owner,
        area_name=organisation.name(head.owner),
        task=body.task,
        text=body.text,
        status=body.status,
        due=body.due,
        answer=body.answer,
        raised=raised,
        closed=body.closed,
        age_days=_days(raised, body.closed if body.status == "closed" else "", reader.today),
        domain=body.domain,
        to=body.to,
        to_name=organisation.name(body.to) if body.to else "",
        lead=body.lead,
        lead_name=organisation.name(body.lead) if body.lead else "",
        rechecked=body.rechecked,
        recheck=body.recheck,
        overdue=max(0, late),
        evidence=reader.evidence.get(head.subject, 0),
        answers=tuple(reader.answers.get(head.subject, ())),
        reopened=body.status == "open" and (body.recheck == "again" or bool(body.closed)),
        mine=may_change(workspace, head.subject),
    )


def _days(raised: str, closed: str, today: date) -> int:
    """How long a problem has stood, or did stand."""
    if not raised:
        return 0
    until = date.fromisoformat(closed) if closed and is_date(closed) else today
    return max(0, (until - date.fromisoformat(raised)).days)


def state_words(view: ProblemView) -> str:
    """Where a problem stands, as the list says it."""
    if view.status == "closed":
        return _("已销号（没有反弹）") if view.recheck == "held" else _("已销号")
    if view.reopened:
        return _("重新打开")
    return _("已答复") if view.answers or view.answer else _("未解决")


class DomainLine(msgspec.Struct, frozen=True, kw_only=True):
    """The problems of one area of one domain ("" for none)."""

    area: str
    area_name: str
    domain: str
    count: int
    open: int
    overdue: int


def summary(workspace: Workspace) -> list[DomainLine]:
    """By the area a problem belongs to (a county's with those of its townships, as seen from the city) and domain."""
    organisation = workspace.organisation
    root = organisation.home_area(workspace.unit_code)
    group_of = {root: root}
    for child in organisation.child_areas(root):
        group_of |= {
            code: child.code for code in (child.code, *(u.code for u in organisation.below(child.code)))
        }
    groups: dict[tuple[str, str], list[ProblemView]] = {}
    for view in problems(workspace):
        groups.setdefault((group_of.get(view.area, view.area), view.domain), []).append(view)
    return [
        DomainLine(
            area=area,
            area_name=organisation.name(area),
            domain=domain,
            count=len(views),
            open=sum(view.status != "closed" for view in views),
            overdue=sum(view.overdue > 0 for view in views),
        )
        for (area, domain), views in sorted(groups.items())
    ]


def may_change(workspace: Workspace, subject: str) -> bool:
    context = workspace.store.projector.context()
    body = ProblemBody(task=0, text="")
    return not authority.refusal(context, "problem", subject, workspace.unit_code, body)


def resolve(workspace: Workspace, what: str) -> str:
    """A problem's subject, from the whole of it or its key."""
    found = [
        head.subject
        for head in workspace.store.ledger.heads("problem")
        if head.subject == what or head.subject.endswith("/" + what)
    ]
    if len(found) != 1:
        raise InputError(
            _("问题清单里没有“{what}”这一条。").format(what=what),
            next_step=_("请写问题的编号（命令行：taizhang problem list）。"),
        )
    return found[0]


def _head(workspace: Workspace, subject: str) -> Head:
    head = workspace.store.ledger.head(resolve(workspace, subject))
    assert head is not None
    return head


def assign(workspace: Workspace, subject: str, unit: str, *, due: str = "", **said: str) -> Changes:
    """交办: name the unit that has to solve it, with a time limit where one is given."""
    fields = {"to": register_writing.unit_code(workspace, unit)} | ({"due": due} if due else {})
    return recording.save_problem(workspace, resolve(workspace, subject), fields, **said)[0]


def lead_of(workspace: Workspace, task: int) -> str:
    """The lead department of a task: its unit's code, or its name where it has no desk."""
    found = workspace.plan.task(task)
    if found is None or not found.lead:
        return ""
    named = {unit.name: unit.code for unit in workspace.organisation}
    return next((named[name] for name in found.lead if name in named), found.lead[0])


def escalate(workspace: Workspace, subject: str, lead: str = "", **said: str) -> Changes:
    """提请牵头部门: the task's own lead department, unless another is named."""
    head = _head(workspace, subject)
    chosen = lead or lead_of(workspace, head.body.task)
    if not chosen:
        raise InputError(
            _("第 {no} 项任务没有写牵头部门。").format(no=head.body.task), next_step=_("请指明提请哪个部门。")
        )
    organisation = workspace.organisation
    code = next((unit.code for unit in organisation if chosen in (unit.code, unit.name)), chosen)
    return recording.save_problem(workspace, head.subject, {"lead": code}, **said)[0]


def answer(workspace: Workspace, subject: str, text: str, *, status: str = "", **said: str) -> Changes:
    """Answer a problem: in the problem itself where this unit may change it, and always in this unit's own name."""
    head = _head(workspace, subject)
    return register_writing.answer(workspace, head.subject, text, status=status, **said)


def close(
    workspace: Workspace,
    subject: str,
    text: str,
    *,
    day: str = "",
    proof: Sequence[Path] = (),
    **said: str,
) -> Changes:
    """销号, with what was done and the files that prove it."""
    from desktop_app.core.operations import evidence

    head = _head(workspace, subject)
    if not text.strip() and not head.body.answer:
        raise InputError(_("销号要写怎么解决的。"), next_step=_("请写一句处理结果，有照片或文件的请附上。"))
    changes = Changes()
    if proof:
        changes += evidence.attach(workspace, list(proof), [head.subject], caption=_("销号佐证"))
    closed = changing.checked_date(day, _("销号日期")) or calendar.today(workspace).isoformat()
    fields = {
        "status": "closed",
        "answer": text.strip() or head.body.answer,
        "closed": closed,
        "recheck": "",
        "rechecked": "",
    }
    return changes + recording.save_problem(workspace, head.subject, fields, **said)[0]


def recheck(
    workspace: Workspace, subject: str, *, held: bool, day: str = "", note: str = "", **said: str
) -> Changes:
    """回头看 a closed problem: it held, or it has come again and is open once more."""
    head = _head(workspace, subject)
    if head.body.status != "closed":
        raise RuleError(
            _("这个问题还没有销号。"), meaning=_("没有保存。"), next_step=_("销号以后才有回头看。")
        )
    when = changing.checked_date(day, _("回头看日期")) or calendar.today(workspace).isoformat()
    fields: dict[str, object] = {"rechecked": when, "recheck": "held" if held else "again"}
    if not held:
        if not note.strip():
            raise InputError(_("反弹的要写情况。"), next_step=_("请写一句回头看时发现了什么。"))
        fields |= {"status": "open", "reason": note.strip()}
    return recording.save_problem(workspace, head.subject, fields, **said)[0]


def reopen(workspace: Workspace, subject: str, reason: str, **said: str) -> Changes:
    """Open a closed problem again, with the reason."""
    if not reason.strip():
        raise InputError(_("重新打开要写原因。"), next_step=_("请写一句为什么还没有解决。"))
    head = _head(workspace, subject)
    if head.body.status != "closed":
        raise RuleError(_("这个问题没有销号，不用重新打开。"), next_step=_("可以直接改期限或写答复。"))
    fields = {"status": "open", "reason": reason.strip()}
    return recording.save_problem(workspace, head.subject, fields, **said)[0]
