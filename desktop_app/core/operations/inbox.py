"""The inbox: one row a received package, and one for each file that was set aside."""

from __future__ import annotations

from typing import Literal

import msgspec

from desktop_app.core.i18n import _
from desktop_app.core.model.period import Period
from desktop_app.core.model.view import InboxView
from desktop_app.core.operations import stamping
from desktop_app.core.operations.workspace import Workspace


def inbox(workspace: Workspace, period: Period | None = None) -> list[InboxView]:
    """One row a received package (and one set aside) of a period, the latest first."""
    store = workspace.store
    ledger = store.ledger
    standing = store.projector.standing()
    rows: list[InboxView] = []
    for row in reversed(ledger.containers("package")):
        if row["unit"] == workspace.unit_code or (
            period is not None and row["period"] not in ("", period.key)
        ):
            continue
        unit = workspace.organisation.get(row["unit"])
        fallen = row["seq"] not in standing.unit
        rows.append(
            InboxView(
                container=row["digest"],
                file=row["file"],
                unit=row["unit"],
                unit_name=workspace.organisation.name(row["unit"]),
                kind=unit.sort if unit else "",
                period=row["period"],
                sequence=row["sequence"],
                received=row["arrived"],
                state="retracted" if fallen else row["state"],
                reason=_("；").join(msgspec.json.decode(row["notes"])),
                digest=row["code"],
                new=row["fresh"],
                known=row["known"],
                conflicting=row["conflicting"],
                refused=row["refused"],
                missing_files=len(ledger.missing_files(row["unit"])),
                reviewed=reviewed(workspace, row["unit"], row["period"])
                if row["purpose"] == "submission"
                else "",
                quarantined="",
                stamp=(
                    stamping.stamp_state(workspace, row["unit"], row["period"])
                    if row["purpose"] == "submission"
                    else ""
                ),
            )
        )
    for row in store.connection.execute("SELECT * FROM set_aside ORDER BY arrived DESC"):
        if period is not None and row["period"] not in ("", period.key):
            continue
        rows.append(
            InboxView(
                container=row["digest"],
                file=row["file"],
                unit=row["unit"],
                unit_name=workspace.organisation.name(row["unit"]) if row["unit"] else "",
                kind="",
                period=row["period"],
                sequence=0,
                received=row["arrived"],
                state="unknown_signer" if row["state"] == "unknown_signer" else "invalid",
                reason=f"{row['reason']} {row['next_step']}".strip(),
                digest="",
                new=0,
                known=0,
                conflicting=0,
                refused=0,
                missing_files=0,
                reviewed="",
                quarantined=row["path"] or row["file"],
            )
        )
    return rows


def reviewed(workspace: Workspace, unit: str, period: str) -> Literal["waiting", "accepted", "returned", ""]:
    """This desk's word on a unit's submission as it stands now."""
    ledger = workspace.store.ledger
    subject = f"submission/{unit}/{period}"
    head = ledger.head(subject)
    if head is None:
        return ""
    said = ledger.head(f"review/{workspace.unit_code}/{subject}")
    if said is None or said.body.void or head.id not in said.body.about:
        return "waiting"
    return "returned" if said.body.verdict == "return" else "accepted"
