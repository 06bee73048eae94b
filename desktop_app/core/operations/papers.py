"""What a paper is made from: a period of this desk as it stands now, or as it stood at a named cut-off."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import msgspec

from desktop_app.core.model.period import Period
from desktop_app.core.operations import cutoffs
from desktop_app.core.operations.situation import Situation
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.progress import Progress, silent


class Sight(msgspec.Struct, frozen=True):
    """`made` (ISO 8601) is written into the files instead of the clock's time, so that the same figures make the same
    file: the cut-off's time, or the period's end where the present is shown."""

    situation: Situation
    made: str
    cutoff: str = ""


@contextlib.contextmanager
def sight(
    workspace: Workspace, period: Period | None = None, cutoff: str = "", progress: Progress = silent
) -> Iterator[Sight]:
    """Without a period, the cut-off's own, else the latest that has figures.  *Long* the first time a cut-off is
    opened."""
    if not cutoff:
        chosen = period or workspace.latest_period()
        yield Sight(Situation(workspace, chosen), f"{chosen.end.isoformat()}T00:00:00")
        return
    found = cutoffs.find(workspace, cutoff)
    past = cutoffs.open(workspace, found, progress)
    try:
        chosen = period or Period.parse(found.period)
        yield Sight(Situation(past, chosen), found.at, found.name)
    finally:
        past.close()
