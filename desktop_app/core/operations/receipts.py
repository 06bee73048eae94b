"""Receipts: this desk says of every container from below that it has arrived, and what became of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from desktop_app.core.model.bodies import ReceiptBody
from desktop_app.core.model.entry import Changes
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store.store import Said


def _owed(workspace: Workspace, units: Sequence[str] | None) -> list[sqlite3.Row]:
    store = workspace.store
    standing = store.projector.standing().unit
    return [
        row
        for row in store.ledger.containers("package")
        if row["unit"] != workspace.unit_code
        and workspace.organisation.is_above(workspace.unit_code, row["unit"])
        and row["seq"] in standing
        and (units is None or row["unit"] in units)
        and store.ledger.head(f"receipt/{workspace.unit_code}/{row['digest']}") is None
    ]


def owed(workspace: Workspace) -> list[str]:
    """The unit of every container from below that has no receipt yet."""
    return [row["unit"] for row in _owed(workspace, None)]


def give_receipts(workspace: Workspace, units: Sequence[str] | None = None) -> Changes:
    """One receipt for every container received from below that has none yet.

    None for one that was taken back or whose key had been compromised: a receipt would let it stand.
    """
    store = workspace.store
    said = []
    for row in _owed(workspace, units):
        unit = row["unit"]
        subject = f"receipt/{workspace.unit_code}/{row['digest']}"
        missing = [head.body.sha256 for head in store.ledger.missing_files(unit)]
        said.append(
            Said(
                kind="receipt",
                subject=subject,
                body=ReceiptBody(
                    unit=unit,
                    period=row["period"],
                    sequence=row["sequence"],
                    digest=row["code"],
                    state=row["state"],
                    new=row["fresh"],
                    known=row["known"],
                    conflicting=row["conflicting"],
                    refused=row["refused"],
                    missing=tuple(sorted(set(missing))),
                ),
                operator=workspace.operator,
            )
        )
    return store.say(said)[0] if said else Changes()
