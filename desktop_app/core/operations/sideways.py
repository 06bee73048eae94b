"""What came from another computer of this very unit: no row of the inbox, and yet the person who opened the file wants
to hear what became of it."""

from __future__ import annotations

from collections.abc import Iterable

from desktop_app.core.model.view import InboxView
from desktop_app.core.operations.outcomes import Merged
from desktop_app.core.operations.workspace import Workspace


def outcome(workspace: Workspace, results: Iterable[Merged]) -> list[InboxView]:
    """A row for each file of this unit's own that was merged."""
    unit = workspace.unit
    return [
        InboxView(
            container=item.container,
            file=item.file.name,
            unit=unit.code,
            unit_name=unit.name,
            kind=unit.sort,
            period=item.period,
            sequence=item.sequence,
            received="",
            state="valid_with_notes" if item.verified == "valid_with_notes" else "valid",
            reason=item.reason,
            digest=item.digest,
            new=item.counts.new,
            known=item.counts.known,
            conflicting=item.counts.conflicting,
            refused=item.counts.refused,
            missing_files=item.files_missing,
            reviewed="",
            quarantined="",
        )
        for item in results
        if item.unit == unit.code and item.state != "quarantined"
    ]
