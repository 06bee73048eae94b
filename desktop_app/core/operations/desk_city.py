"""The part of a desk that is about plans, dividing, the schedule, the board and its papers: each over an operation."""

from __future__ import annotations

from desktop_app.core.model.entry import Changes
from desktop_app.core.operations.workspace import Workspace


class CityDesk:
    """Mixed into `Desk`."""

    workspace: Workspace

    def _wrote(self, changes: Changes) -> Changes:
        """The sitting's own: forgets what was computed."""
        raise NotImplementedError
