"""Who in the office looks after which task: a person, or a station (站所).  Said by the office for itself."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _
from desktop_app.core.model.bodies import SettingBody
from desktop_app.core.model.entry import Changes
from desktop_app.core.operations import changing
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store.store import Said

LONGEST = 30
"""Characters of a person's or a station's name."""


def subject_of(workspace: Workspace) -> str:
    return f"setting/{workspace.unit_code}/assigned"


def assigned(workspace: Workspace) -> dict[int, str]:
    """Names by the task's number, of the plan in force."""
    return _said(workspace).get(workspace.plan.id, {})


def _said(workspace: Workspace) -> dict[str, dict[int, str]]:
    head = workspace.store.ledger.head(subject_of(workspace))
    if head is None or head.body.void:
        return {}
    try:
        return msgspec.json.decode(head.body.value, type=dict[str, dict[int, str]])
    except msgspec.MsgspecError:
        # Another version may say it in other terms.
        return {}


def assign(workspace: Workspace, tasks: Iterable[int], name: str) -> Changes:
    """Give tasks to somebody; an empty name gives them to nobody."""
    name = name.strip()
    if len(name) > LONGEST:
        raise InputError(_("名字太长了。"), next_step=_("请只写姓名或站所名称。"))
    changing.refuse_personal({"name": name})
    said = _said(workspace)
    mine = dict(said.get(workspace.plan.id, {}))
    for task in tasks:
        if workspace.plan.task(task) is None:
            raise InputError(_("没有第 {no} 项任务。").format(no=task), next_step=_("任务序号见“任务”页。"))
        mine.pop(task, None)
        if name:
            mine[task] = name
    value = {plan: {str(no): who for no, who in given.items()} for plan, given in said.items()}
    value[workspace.plan.id] = {str(no): who for no, who in sorted(mine.items())}
    body = SettingBody(value=msgspec.Raw(msgspec.json.encode(value, order="sorted")))
    said_now = Said(kind="setting", subject=subject_of(workspace), body=body, operator=workspace.operator)
    return workspace.say([said_now])[0]
