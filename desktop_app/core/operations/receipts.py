"""Receipts: this desk says of every container from below that it has arrived, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.core.model.bodies import ReceiptBody
from desktop_app.core.model.entry import Changes
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store.store import Said


def give_receipts(workspace: Workspace, units: Sequence[str] | None = None) -> Changes:
    """One receipt for every container received from below that has none yet.

    None for one that was taken back or whose key had been compromised: a receipt would let it stand.
    """
    store = workspace.store
    standing = store.projector.standing().unit
    said = []
    for row in store.ledger.containers("package"):
        unit = row["unit"]
        if unit == workspace.unit_code or not workspace.organisation.is_above(workspace.unit_code, unit):
            continue
        if row["seq"] not in standing or (units is not None and unit not in units):
            continue
        subject = f"receipt/{workspace.unit_code}/{row['digest']}"
        if store.ledger.head(subject) is not None:
            continue
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
