"""Sites to and from Excel, and extracts of business systems as evidence: the verbs."""

from __future__ import annotations

from pathlib import Path

from desktop_app.core.model.entry import Changes
from desktop_app.core.model.sheet import FileNote, Reading
from desktop_app.core.operations.workbooks import (
    cells,
    entering,
    opening,
    site_export,
    site_rows,
    site_table,
)
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.rules import privacy

export_sites = site_export.export


def import_sites(
    workspace: Workspace, path: Path, *, indicator: str = "", area: str = "", dry: bool
) -> tuple[Reading, Changes]:
    """Read a table of sites: rows that are here are updated, others added; with `dry` only say what would come of
    it.  InputError where it is no such table.  Rows with a problem are left out, the others are entered."""
    if indicator:
        workspace.indicator(indicator)
    content = opening.read_bytes(path)
    sha256 = entering.hash_of(content)
    known = entering.is_kept(workspace, sha256)
    read = site_table.read(workspace, path, indicator=indicator, area=area, source=sha256)
    changes = Changes()
    with workspace.store.transaction():
        settled = site_rows.settle(workspace, read.rows, area=area or None, known=known)
        if not dry and settled.said:
            changes += site_rows.enter(workspace, settled)
            if not known:
                book = opening.open_book(path, content)
                personal = bool(read.personal) or any(privacy.find(text) for text in cells.every_text(book))
                changes += entering.keep(workspace, path, caption=path.stem, personal=personal)
    state = FileNote(file=path.name, state="known" if known and not settled.said else "read", sha256=sha256)
    return (
        Reading(
            files=(state,),
            rows=settled.rows,
            problems=(*read.problems, *settled.problems),
            notes=read.notes,
            entered=0 if dry else len(settled.said),
        ),
        changes,
    )


__all__ = ["export_sites", "import_sites"]
