"""The inbox: one row a received package, and one for each file that was set aside."""

from __future__ import annotations

from typing import Literal

import msgspec

from desktop_app.core.i18n import _
from desktop_app.core.model.forms import is_period
from desktop_app.core.model.period import Period
from desktop_app.core.model.view import InboxView
from desktop_app.core.operations import reviewing, stamping
from desktop_app.core.operations.situation import Situation
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.trust import authority

Reviewed = Literal["waiting", "accepted", "returned", ""]


def inbox(workspace: Workspace, period: Period | None = None) -> list[InboxView]:
    """One row a received package (and one set aside) of a period, the latest first."""
    store = workspace.store
    ledger = store.ledger
    standing = store.projector.standing()
    rows: list[InboxView] = []
    reviews = Reviews(workspace)
    lacking: dict[str, int] = {}
    for row in reversed(ledger.containers("package")):
        if row["unit"] == workspace.unit_code or (
            period is not None and row["period"] not in ("", period.key)
        ):
            continue
        unit = workspace.organisation.get(row["unit"])
        fell = standing.fallen.get(row["seq"], "")
        # Of a file whose certificate does not hold nothing counts, whatever was said when it came.
        void = fell not in ("", "retracted")
        remarks = [authority.why(fell)] if void else []
        if row["unit"] not in lacking:
            lacking[row["unit"]] = len(ledger.missing_files(row["unit"]))
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
                state="retracted" if fell == "retracted" else "valid_with_notes" if void else row["state"],
                reason=_("；").join([*remarks, *msgspec.json.decode(row["notes"])]),
                digest=row["code"],
                new=0 if void else row["fresh"],
                known=0 if void else row["known"],
                conflicting=0 if void else row["conflicting"],
                refused=row["entries"] if void else row["refused"],
                missing_files=lacking[row["unit"]],
                reviewed=reviews.of(row["unit"], row["period"]) if row["purpose"] == "submission" else "",
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
                resaved=row["state"] == "resaved",
            )
        )
    return rows


class Reviews:
    """This desk's word on submissions as they stand now, told by their figures as 审核 counts them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._situations: dict[str, Situation] = {}
        self._known: dict[tuple[str, str], Reviewed] = {}

    def of(self, unit: str, period: str) -> Reviewed:
        key = (unit, period)
        if key not in self._known:
            self._known[key] = self._find(unit, period)
        return self._known[key]

    def _find(self, unit: str, period: str) -> Reviewed:
        if not is_period(period) or self._workspace.store.ledger.head(f"submission/{unit}/{period}") is None:
            return ""
        if period not in self._situations:
            self._situations[period] = Situation(self._workspace, Period.parse(period))
        return reviewing.standing(self._workspace, unit, Period.parse(period), self._situations[period]).state
