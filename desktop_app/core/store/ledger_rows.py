"""The ledger's rows of many subjects, gathered and then written together in the order in which they lie."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from desktop_app.core.journal.heads import heads
from desktop_app.core.model.bodies import BODIES
from desktop_app.core.model.entry import Entry
from desktop_app.core.store import judging, rows
from desktop_app.core.store.figures_table import ShownHead
from desktop_app.core.store.judging import Candidate, Standing
from desktop_app.core.trust.authority import Context

BY_SUBJECT = ("head", "refused", "site_quantity", "evidence_about")
"""Tables whose rows belong to one subject each."""


class LedgerRows:
    """Judges subjects one after the other; `write` puts what came out into the ledger."""

    def __init__(self, connection: sqlite3.Connection, standing: Standing, context: Context) -> None:
        self.connection = connection
        self.standing = standing
        self.context = context
        self.shown: dict[str, ShownHead] = {}
        self.refused: list[tuple[str, bytes, str]] = []
        self.forked: dict[str, set[bytes]] = {}
        """Ids of the heads of subjects that have several."""
        self._heads: list[tuple[object, ...]] = []
        self._about: list[tuple[str, str]] = []

    def clear(self, subjects: Iterable[str]) -> None:
        """Take what the ledger said of these subjects out."""
        named = [(subject,) for subject in subjects]
        for table in BY_SUBJECT:
            self.connection.executemany(f"DELETE FROM {table} WHERE subject = ?", named)

    def add(self, subject: str, found: Sequence[Candidate]) -> None:
        """Judge all entries of a subject and note what the ledger shows of it."""
        if len(found) == 1 and found[0].kind in BODIES:
            # Of a hundred thousand subjects in a merge nearly all have one entry.
            item = found[0]
            entry, body = judging.read(subject, item.line)
            why = judging.refusal(item.origins, entry, body, self.standing, self.context)
            if why:
                self.refused.append((subject, item.id, why))
            else:
                self._show(subject, item, entry, body, 1)
            return
        counted: list[tuple[Candidate, Entry, Any]] = []
        for item in found:
            if item.kind not in BODIES:
                continue
            entry, body = judging.read(subject, item.line)
            why = judging.refusal(item.origins, entry, body, self.standing, self.context)
            if why:
                self.refused.append((subject, item.id, why))
            else:
                counted.append((item, entry, body))
        if not counted:
            return
        several = 1
        top, entry, body = counted[0]
        if len(counted) > 1:
            order = heads(item.node(said) for item, _entry, said in counted)
            several = len(order)
            top, entry, body = next(one for one in counted if one[0].id == order[0].id)
            if several > 1:
                self.forked[subject] = {node.id for node in order}
        self._show(subject, top, entry, body, several)

    def _show(self, subject: str, top: Candidate, entry: Entry, body: Any, several: int) -> None:
        self.shown[subject] = ShownHead(top.id, several, body)
        self._heads.append(
            (
                subject,
                entry.kind,
                subject.split("/", 2)[1],
                top.id,
                top.n,
                several,
                entry.unit,
                entry.operator,
                entry.at,
                bytes(entry.body).decode(),
            )
        )
        if entry.kind == "evidence" and not body.void:
            self._about += [(about, subject) for about in body.about]

    def write(self) -> None:
        """Sorted, since rows that lie side by side are written several times faster."""
        self._heads.sort()
        rows.insert(self.connection, "INSERT INTO head", self._heads)
        self.connection.executemany("INSERT INTO refused VALUES (?,?,?)", sorted(self.refused))
        self.connection.executemany("INSERT OR IGNORE INTO evidence_about VALUES (?,?)", sorted(self._about))
        self._heads, self._about = [], []
