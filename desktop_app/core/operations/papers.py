"""What a paper is made from: a period of this desk as it stands now, or as it stood at a named cut-off."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from desktop_app.core.model.period import Period
from desktop_app.core.operations import cutoffs
from desktop_app.core.operations.situation import Situation
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.progress import Progress, silent
from desktop_app.core.report import docx_style
from desktop_app.core.report.document import Document
from desktop_app.core.report.paper import Paper
from desktop_app.core.store.database import storage_errors


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


def save(document: Document, path: Path, paper: Paper | Callable[[], Paper]) -> Path:
    """A paper in words, in the form its file name asks for; StorageError where the disk refuses."""
    if path.suffix.lower() == ".docx":
        return docx_style.write(document, path)
    with storage_errors(path):
        drawer = paper() if callable(paper) else paper
        drawer.prose(document, path)
    return path
