"""In which month a figure that came back was said: a return that nobody has answered is shown in later months too."""

from __future__ import annotations

from collections.abc import Iterable

from desktop_app.core.model.period import Period
from desktop_app.core.model.view import IndicatorView
from desktop_app.ui.session import Session


def months_of(
    session: Session, views: Iterable[IndicatorView], seen_in: Period | None = None
) -> dict[str, Period]:
    """For each returned figure the month it is about, by indicator: the earliest that shows this very return."""
    wanted = {view.id: view.remark for view in views if view.returned}
    now = seen_in or session.period
    found = dict.fromkeys(wanted, now)
    earlier = [
        period for period in session.desk.periods() if period.year == now.year and period.key < now.key
    ]
    for period in sorted(earlier, key=lambda period: period.key, reverse=True):
        # A closed month cannot be put right in itself: what came back is said anew in the month at hand.
        if not wanted or session.desk.closed(period) is not None:
            break
        shown = {view.id: view for task in session.desk.tasks(period) for view in task.indicators}
        for key, remark in list(wanted.items()):
            view = shown.get(key)
            if view is not None and view.returned and view.remark == remark:
                found[key] = period
            else:
                del wanted[key]
    return found
