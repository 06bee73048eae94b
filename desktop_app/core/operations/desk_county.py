"""The part of a desk that is about calendar and closing, entering for others, watching: each over an operation."""

from __future__ import annotations

from desktop_app.core.model.entry import Changes
from desktop_app.core.operations.workspace import Workspace


class CountyDesk:
    """Mixed into `Desk`."""

    workspace: Workspace

    def _wrote(self, changes: Changes) -> Changes:
        """The sitting's own: forgets what was computed."""
        raise NotImplementedError
