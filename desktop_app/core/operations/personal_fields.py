"""Personal fields beside the journal: sealed for this desk and the unit above, and opened with the desk's key."""

from __future__ import annotations

from collections.abc import Mapping

from desktop_app.core.operations.workspace import Workspace


def seal_personal(workspace: Workspace, personal: Mapping[str, str]) -> str:
    """Seal personal fields beside the journal, encrypted for this desk and for the unit above; returns the hash."""
    from desktop_app.core.operations import keyring
    from desktop_app.core.trust import sealing

    record = sealing.seal_record(
        {name: text for name, text in personal.items() if text}, keyring.sealing_recipients(workspace)
    )
    with workspace.store.transaction():
        workspace.store.connection.execute(
            "INSERT OR IGNORE INTO sealed_record VALUES (?,?)", (record.hash, record.blob)
        )
    return record.hash


def open_personal(workspace: Workspace, sealed: str) -> dict[str, str]:
    """The personal fields behind a hash; {} when the record is not here.  Needs the desk key."""
    from desktop_app.core.operations import keyring
    from desktop_app.core.trust import sealing

    row = workspace.store.connection.execute(
        "SELECT blob FROM sealed_record WHERE hash = ?", (sealed,)
    ).fetchone()
    if row is None:
        return {}
    fields = sealing.open_record(bytes(row["blob"]), keyring.private_key(workspace), sealed)
    return {name: str(text) for name, text in fields.items()}
