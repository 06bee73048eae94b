"""Days: what today is, when a period is due, when it closes."""

from __future__ import annotations

import os
from datetime import date, timedelta

from desktop_app.core.model.period import Period
from desktop_app.core.operations.workspace import Workspace

DUE_DAY = 5
"""A month is due on the 5th of the next one, unless the city states another day."""


def today(workspace: Workspace) -> date:
    """Today; a sample city lives in the month after its latest figures, so that it does not look years late."""
    fixed = os.environ.get("TAIZHANG_TODAY")
    if fixed:
        return date.fromisoformat(fixed)
    plan = workspace.store.ledger.plan()
    now = date.today()
    if plan is None or not plan.sample or now.year == plan.year:
        return now
    return workspace.latest_period().shifted(1).start + timedelta(days=2)


def due(workspace: Workspace, period: Period) -> date:
    """报送日: the day of the month after the period's end, by the city's setting, moved past a weekend."""
    head = workspace.store.ledger.head(f"setting/{workspace.store.city}/due_day")
    day = int(bytes(head.body.value).decode().strip('"')) if head and not head.body.void else DUE_DAY
    chosen = period.end + timedelta(days=day)
    while chosen.weekday() >= 5:
        chosen += timedelta(days=1)
    return chosen
