"""Reading the ledger's heads: what each subject says now."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from desktop_app.core.journal.line import read_body
from desktop_app.core.store import journal


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The shown entry of a subject; `body` is the kind's record, `heads` how many heads there are."""

    subject: str
    kind: str
    owner: str
    id: str
    heads: int
    unit: str
    operator: str
    at: str
    body: Any


class Heads:
    """What every part of the ledger is read by."""

    connection: sqlite3.Connection

    def _head(self, row: sqlite3.Row) -> Head:
        return Head(
            subject=row["subject"],
            kind=row["kind"],
            owner=row["owner"],
            id=row["id"].hex(),
            heads=row["heads"],
            unit=row["unit"],
            operator=row["operator"],
            at=row["at"],
            body=read_body(row["kind"], msgspec.Raw(row["body"].encode())),
        )

    def head(self, subject: str) -> Head | None:
        row = self.connection.execute("SELECT * FROM head WHERE subject = ?", (subject,)).fetchone()
        return self._head(row) if row else None

    def heads(self, kind: str, owner: str | None = None, *, void: bool = False) -> list[Head]:
        """Shown entries of a kind (of one owner), by subject; void ones only when asked for."""
        where, values = "kind = ?", [kind]
        if owner is not None:
            where, values = where + " AND owner = ?", [kind, owner]
        rows = self.connection.execute(f"SELECT * FROM head WHERE {where} ORDER BY subject", values)
        return [head for head in map(self._head, rows) if void or not head.body.void]

    def heads_among(self, subjects: Sequence[str]) -> list[Head]:
        """Shown entries of these subjects, void ones left out."""
        found: list[Head] = []
        for chunk in journal.chunks(subjects, 500):
            marks = ",".join("?" * len(chunk))
            rows = self.connection.execute(f"SELECT * FROM head WHERE subject IN ({marks})", chunk)
            found += [head for head in map(self._head, rows) if not head.body.void]
        return found

    def forks(self) -> list[str]:
        """Subjects with more than one head."""
        return [
            row["subject"]
            for row in self.connection.execute("SELECT subject FROM head WHERE heads > 1 ORDER BY subject")
        ]
