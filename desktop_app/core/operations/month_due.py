"""Which month a desk begins with: the one to be worked on, not the last one that was."""

from __future__ import annotations

from desktop_app.core.model.period import Period
from desktop_app.core.operations import calendar, closing
from desktop_app.core.operations.workspace import Workspace


def first(workspace: Workspace, months: list[Period]) -> list[Period]:
    """The months with the one to work on in front.

    `months` begins with the latest that has figures.  Once that is closed or was sent, the next month that is over and
    still open comes first: nobody should be shown 'all done' for June in August, or type into a closed month.
    """
    if not months or not _is_done(workspace, months[0]):
        return months
    today = calendar.today(workspace)
    coming = [
        month
        for month in months[1:]
        if month.year == months[0].year and month.order > months[0].order and month.end < today
    ]
    open_ones = [month for month in coming if closing.closed(workspace, month, workspace.unit_code) is None]
    if not open_ones:
        return months
    chosen = min(open_ones, key=lambda month: month.order)
    return [chosen, *(month for month in months if month != chosen)]


def _is_done(workspace: Workspace, month: Period) -> bool:
    sent = any(
        row["purpose"] == "submission" and row["period"] == month.key
        for row in workspace.store.ledger.containers("own")
    )
    return sent or closing.closed(workspace, month, workspace.unit_code) is not None
