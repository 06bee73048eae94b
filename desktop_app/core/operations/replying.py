"""What a reply to each unit below would hold, looked at before anything is written."""

from __future__ import annotations

from collections import Counter

import msgspec

from desktop_app.core.operations import downward, receipts
from desktop_app.core.operations.gathering import Key
from desktop_app.core.operations.handing_on import disputed, passed_down
from desktop_app.core.operations.workspace import Workspace


class ReplyNews(msgspec.Struct, frozen=True, kw_only=True):
    """What is new for one unit since the last file that was written for it."""

    unit: str
    unit_name: str
    received: int = 0
    """Files of the unit's that no receipt has gone out for."""
    accepted: int = 0
    returned: int = 0
    approved: int = 0
    taken_back: int = 0
    """Verdicts that were taken back."""
    shares: int = 0
    closed: int = 0
    """Closings, and openings of what was closed."""
    handed_on: int = 0
    """Files of units above and beside that are handed on and hold more than their answers to others."""
    other: int = 0
    heard: bool = False
    """Whether anything was ever received from it or written for it."""

    @property
    def new(self) -> bool:
        return any(
            (
                self.received,
                self.accepted,
                self.returned,
                self.approved,
                self.taken_back,
                self.shares,
                self.closed,
                self.handed_on,
                self.other,
            )
        )


def reply_news(workspace: Workspace) -> list[ReplyNews]:
    """Every unit directly below, those with something new first."""
    handed, sides = passed_down(workspace), disputed(workspace)
    waiting = Counter(receipts.owed(workspace))
    found = []
    for unit in workspace.organisation.children(workspace.unit_code):
        if not unit.active:
            continue
        keys, fresh = downward.news(workspace, unit, handed, sides.get(unit.code, set()), again=False)
        counts = Counter(_sort(workspace, key) for key in keys)
        received = waiting[unit.code] + sum(
            waiting[below.code] for below in workspace.organisation.below(unit.code)
        )
        found.append(
            ReplyNews(
                unit=unit.code,
                unit_name=unit.name,
                received=received + counts["receipt"],
                accepted=counts["accept"],
                returned=counts["return"],
                approved=counts["set"],
                taken_back=counts["void"],
                shares=counts["share"],
                closed=counts["closing"],
                handed_on=sum(_tells(workspace, item.container) for item in fresh),
                other=counts["other"],
                heard=bool(workspace.store.ledger.containers(unit=unit.code))
                or bool(downward.sent_to(workspace, unit.code)),
            )
        )
    return sorted(found, key=lambda item: (not item.new, item.unit))


def _tells(workspace: Workspace, digest: str) -> bool:
    """Whether a file handed on says something to a unit below.  Receipts and reviews in it are the city's answers to
    this desk: they travel along with the next file and are no reason to write one."""
    rows = workspace.store.connection.execute(
        "SELECT DISTINCT substr(origin.subject, 1, instr(origin.subject, '/') - 1) FROM container"
        " JOIN origin ON origin.container = container.seq WHERE container.digest = ?",
        (digest,),
    )
    return any(row[0] not in ("receipt", "review") for row in rows)


def _sort(workspace: Workspace, key: Key) -> str:
    """One word for what an entry is to the unit; "" for one that a later one has replaced."""
    subject, ident = key
    kind = subject.split("/")[0]
    if kind == "receipt":
        return "receipt"
    if kind == "closing":
        return "closing"
    if kind in ("share", "duty"):
        return "share"
    if kind != "review":
        return "other"
    head = workspace.store.ledger.head(subject)
    if head is None or head.id != ident.hex():
        return ""
    return "void" if head.body.void else str(head.body.verdict)
