"""Whom a record, an answer, a review or a problem concerns."""

from __future__ import annotations

from desktop_app.core.model.register import declared
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store.ledger_heads import Head


class Concern:
    """Whether what was said has to do with some units."""

    def __init__(self, workspace: Workspace, units: set[str]) -> None:
        self.workspace = workspace
        self.units = units
        # A department is named by its name where whoever asked did not know its desk yet.
        self.names = {workspace.organisation.name(code) for code in units}
        self.context = workspace.store.projector.context()
        records = workspace.store.ledger.heads("record")
        self._records = {head.subject: head for head in records}
        self._behind = {head.body.about for head in records if head.body.about and self._named(head)}

    def _named(self, head: Head) -> bool:
        return head.owner in self.units or head.body.to in self.units

    def record(self, head: Head) -> bool:
        """A row of their area, one addressed to them, what such a one belongs to, and what is shared with all."""
        register = declared().get(head.subject.split("/")[2])
        shared = register is not None and register.shared
        return shared or self._named(head) or head.subject in self._behind

    def answer(self, head: Head) -> bool:
        about = head.subject.split("/", 2)[2]
        record = self._records.get(about)
        to = record.body.to if record is not None else ""
        return bool({about.split("/")[1], head.body.to, to} & self.units)

    def problem(self, head: Head) -> bool:
        """A problem that someone else has raised, and they have to solve or to answer."""
        return bool({head.body.to, head.body.lead} & (self.units | self.names))

    def review(self, head: Head) -> bool:
        words = head.subject.split("/")
        if len(words) == 7 and words[2] == "progress":
            duty = self.context.duty(words[4], words[5], words[3])
            return words[3] in self.units or (duty is not None and duty.reporter in self.units)
        return len(words) > 3 and words[3] in self.units

    def said(self, head: Head) -> bool:
        check = getattr(self, head.kind, None)
        return bool(check and check(head))
