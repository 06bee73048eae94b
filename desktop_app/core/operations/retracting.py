"""Taking a merged file back."""

from __future__ import annotations

from pathlib import Path

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _
from desktop_app.core.model.bodies import RetractionBody
from desktop_app.core.model.entry import Changes
from desktop_app.core.operations import changing
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store import journal
from desktop_app.core.store.store import Said


def find_merged(workspace: Workspace, name: str) -> str:
    """A merged file's container by its digest (or the beginning of it) or its file name; the latest of that name."""
    rows = workspace.store.ledger.containers("package")
    found = [
        row["digest"] for row in rows if row["digest"].startswith(name) or row["file"] == Path(name).name
    ]
    if not found:
        raise InputError(
            _("没有汇入过叫“{name}”的文件。").format(name=name), next_step=_("请在“收件”里查看文件名。")
        )
    return str(found[-1])


def dependents(workspace: Workspace, container: str) -> list[str]:
    """Subjects that would lose something if the file were taken back: entries that came with it alone."""
    row = journal.find_container(workspace.store.connection, container)
    if row is None:
        return []
    return [
        found["subject"]
        for found in workspace.store.connection.execute(
            "SELECT DISTINCT subject FROM origin AS mine WHERE container = ? AND NOT EXISTS ("
            " SELECT 1 FROM origin AS other WHERE other.subject = mine.subject AND other.id = mine.id"
            " AND other.container <> mine.container) ORDER BY subject",
            (row["seq"],),
        )
    ]


def retract(workspace: Workspace, container: str, reason: str) -> Changes:
    """Take a merged file back: what came only with it falls out of the ledger; the journal keeps it."""
    if journal.find_container(workspace.store.connection, container) is None:
        raise InputError(_("没有收过这个文件。"), next_step=_("请在“收件”里选择。"))
    if not reason.strip():
        raise InputError(_("撤回要写原因。"), next_step=_("请写一句为什么撤回。"))
    changing.refuse_personal({"reason": reason})
    return workspace.store.say(
        [
            Said(
                kind="retraction",
                subject=f"retraction/{workspace.unit_code}/{container}",
                body=RetractionBody(reason=reason.strip()),
                operator=workspace.operator,
            )
        ]
    )[0]
