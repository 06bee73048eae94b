"""The part of a desk that is about fill-in workbooks, tables of sites and the printed form: each over an operation."""

from __future__ import annotations

from desktop_app.core.model.entry import Changes
from desktop_app.core.operations.workspace import Workspace


class OfficeDesk:
    """Mixed into `Desk`."""

    workspace: Workspace

    def _wrote(self, changes: Changes) -> Changes:
        """The sitting's own: forgets what was computed."""
        raise NotImplementedError
