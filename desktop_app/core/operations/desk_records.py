"""The part of a desk that is about registers, problems, orders, money: each verb over an operation."""

from __future__ import annotations

from desktop_app.core.model.entry import Changes
from desktop_app.core.operations.workspace import Workspace


class RecordsDesk:
    """Mixed into `Desk`."""

    workspace: Workspace

    def _wrote(self, changes: Changes) -> Changes:
        """The sitting's own: forgets what was computed."""
        raise NotImplementedError
