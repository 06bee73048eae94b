"""Erasure: the bytes of a sealed record or a file go, its hash stays as a tombstone that a later merge respects."""

from __future__ import annotations

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _
from desktop_app.core.model.bodies import ErasureBody
from desktop_app.core.model.entry import Changes
from desktop_app.core.operations import evidence
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store.store import Said


def erase(workspace: Workspace, what: str, reason: str) -> Changes:
    """Erase the sealed record of a site, or an evidence file; `what` is a subject or a hash.

    The entry that tells of it comes first and is committed with the record's removal; a file's bytes go after it.
    InputError where nothing is found or no reason is given.
    """
    if not reason.strip():
        raise InputError(_("删除个人信息要写原因。"), next_step=_("请写依据，例如“保存期满”或“本人要求”。"))
    store = workspace.store
    name = _hash_of(workspace, what)
    with store.transaction():
        changes, _ids = store.say(
            [
                Said(
                    kind="erasure",
                    subject=f"erasure/{workspace.unit_code}/{name}",
                    body=ErasureBody(hash=name, reason=reason.strip()),
                    operator=workspace.operator,
                )
            ]
        )
        store.forget_bytes(name)
    store.files.remove(name)
    evidence.thumbnail_path(workspace, name).unlink(missing_ok=True)
    return changes


def _hash_of(workspace: Workspace, what: str) -> str:
    ledger = workspace.store.ledger
    head = ledger.head(what)
    if head is not None and head.kind in ("site", "record") and head.body.sealed:
        return str(head.body.sealed)
    if head is not None and head.kind == "evidence":
        return str(head.body.sha256)
    sealed = (*ledger.heads("site"), *ledger.heads("record"))
    known = {head.body.sealed for head in sealed if head.body.sealed}
    known |= {item.body.sha256 for item in ledger.heads("evidence", void=True)}
    found = sorted(name for name in known if len(what) >= 8 and name.startswith(what))
    if len(found) != 1:
        raise InputError(
            _("没有找到“{what}”的加密记录或附件。").format(what=what),
            next_step=_("请写台账或佐证的编号，或完整的校验值。"),
        )
    return found[0]
