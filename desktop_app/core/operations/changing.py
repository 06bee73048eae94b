"""Changing what has fields (sites, problems, money, evidence, rows): some of them are said anew, the others stay; and
what may not stand in any of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop_app.core.errors import InputError, RuleError
from desktop_app.core.i18n import _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.bodies import Body
from desktop_app.core.model.entry import Changes
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.rules import days, privacy
from desktop_app.core.store.store import Said

OPEN_TEXT = ("name", "place", "note", "text", "answer", "caption", "reason", "comment", "charge")
"""Fields that travel openly."""


def refuse_personal(fields: Mapping[str, Any]) -> None:
    """ID and bank card numbers do not stand in open text: it goes up, and is printed."""
    for name in OPEN_TEXT:
        text = fields.get(name)
        if not isinstance(text, str):
            continue
        kinds = [item.kind for item in privacy.find(text) if item.kind != "phone"]
        if kinds:
            raise RuleError(
                _("“{text}”里像是有{kind}。").format(
                    text=privacy.mask(text)[:40], kind=_(privacy.NAMES[kinds[0]])
                ),
                meaning=_("没有保存。这一栏会随上报包送出去。"),
                next_step=_("请把它写进“个人信息”栏（加密保存，默认不上报），这里只写编号。"),
            )


def seal_found(fields: dict[str, Any]) -> dict[str, Any]:
    """Move text with personal numbers into the sealed record, and leave it masked in the open field."""
    personal = dict(fields.get("personal") or {})
    for name in OPEN_TEXT:
        text = fields.get(name)
        if isinstance(text, str) and privacy.find(text):
            personal[name] = text
            fields[name] = privacy.mask(text)
    return fields | ({"personal": personal} if personal else {})


def change(
    workspace: Workspace,
    kind: str,
    subject: str | None,
    owner: str,
    body_type: type[Body],
    fields: Mapping[str, Any],
    *,
    operator: str = "",
    at: str = "",
) -> tuple[Changes, str]:
    """Add something (subject None) or change some of its fields; returns what changed and the subject."""
    said = changed(workspace, kind, subject, owner, body_type, fields, operator=operator, at=at)
    return workspace.say([said])[0], said.subject


def changed(
    workspace: Workspace,
    kind: str,
    subject: str | None,
    owner: str,
    body_type: type[Body],
    fields: Mapping[str, Any],
    *,
    operator: str = "",
    at: str = "",
) -> Said:
    """What `change` would write."""
    refuse_personal(fields)
    merged = dict(fields)
    if subject is not None:
        head = workspace.store.ledger.head(subject)
        if head is None or head.kind != kind:
            raise InputError(
                _("没有找到“{subject}”。").format(subject=subject),
                next_step=_("它可能已被删除，请刷新后再试。"),
            )
        merged = {name: getattr(head.body, name) for name in body_type.__struct_fields__} | merged
    else:
        subject = subjects.fresh(kind, owner)
    return Said(
        kind=kind,
        subject=subject,
        body=body_type(**merged),
        operator=operator or workspace.operator,
        at=at,
    )


def checked_date(text: str, what: str) -> str:
    """A date as 2024-06-18, or "" ; InputError otherwise."""
    return days.read(text, what).isoformat() if text else ""
