"""盖章件: the stamped scan follows the submission as a supplement; a changed figure voids the stamp."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.operations import evidence
from desktop_app.core.operations.workspace import Workspace

STAGE = "盖章件"


def add_stamp(workspace: Workspace, file: Path, period: Period, operator: str = "") -> Changes:
    """Attach the scan of the stamped form to this desk's submission of the period, with the 校验码 it was made for.

    Export the period again afterwards: the code stays the same.
    """
    subject = subjects.submission(workspace.unit_code, period.key)
    head = workspace.store.ledger.head(subject)
    if head is None:
        raise InputError(
            _("{period}还没有导出过上报包。").format(period=period.label),
            next_step=_("请先导出、打印、盖章，再把扫描件加进来。"),
        )
    return evidence.attach(
        workspace,
        [file],
        [subject],
        caption=f"{period.chinese_label}盖章件",
        stage=STAGE,
        operator=operator,
        code=head.body.digest,
    )


def _for(workspace: Workspace, who: str, unit: str) -> bool:
    """Whether a unit above may hand in the stamped paper: where it entered the figures for the unit (代录)."""
    return workspace.organisation.is_above(who, unit)


def stamp_state(workspace: Workspace, unit: str, period: str) -> Literal["received", "missing", "voided"]:
    """Whether a unit's stamped scan of a period is here and still good."""
    ledger = workspace.store.ledger
    head = ledger.head(subjects.submission(unit, period))
    scans = [
        scan
        for scan in ledger.evidence_about(subjects.submission(unit, period))
        if scan.body.stage == STAGE and (scan.unit == unit or _for(workspace, scan.unit, unit))
    ]
    if not scans or head is None:
        return "missing"
    return "received" if any(scan.body.code == head.body.digest for scan in scans) else "voided"
