"""Reading what came and went: containers, what was typed here, sent, acknowledged."""

from __future__ import annotations

import sqlite3

from desktop_app.core.journal.line import read_line
from desktop_app.core.store.ledger_heads import Heads
from desktop_app.core.store.projection import Projector


class ContainerReads(Heads):
    """Mixed into `Ledger`."""

    projector: Projector

    def containers(self, origin: str | None = None, unit: str | None = None) -> list[sqlite3.Row]:
        where: list[str] = ["1"]
        values: list[str] = []
        if origin is not None:
            where, values = [*where, "origin = ?"], [*values, origin]
        if unit is not None:
            where, values = [*where, "unit = ?"], [*values, unit]
        return self.connection.execute(
            f"SELECT * FROM container WHERE {' AND '.join(where)} ORDER BY seq", values
        ).fetchall()

    def last_typed(self) -> str:
        """When something was last typed here; "" before anything was."""
        row = self.connection.execute(
            "SELECT lines FROM segment WHERE seq = (SELECT max(seq) FROM segment WHERE container IN"
            " (SELECT seq FROM container WHERE origin = 'local'))"
        ).fetchone()
        return "" if row is None else read_line(bytes(row["lines"]).splitlines()[-1]).at

    def unsent(self) -> list[tuple[str, bytes]]:
        """Own entries that no package of this desk has carried yet: (subject, id)."""
        return [
            (row["subject"], row["id"])
            for row in self.connection.execute(
                "SELECT DISTINCT subject, id FROM origin AS said"
                " WHERE container IN (SELECT seq FROM container WHERE origin = 'local')"
                " AND NOT EXISTS (SELECT 1 FROM origin JOIN container ON container.seq = origin.container"
                " WHERE origin.subject = said.subject AND origin.id = said.id AND container.origin = 'own')"
                " ORDER BY subject, id"
            )
        ]

    def unsent_count(self) -> int:
        """How many those are."""
        return self.connection.execute(
            "SELECT count(*) FROM (SELECT subject, id FROM origin JOIN container ON seq = container"
            " WHERE container.origin = 'local' EXCEPT SELECT subject, id FROM origin JOIN container"
            " ON seq = container WHERE container.origin = 'own')"
        ).fetchone()[0]

    def acknowledged(self, upper: list[str]) -> set[bytes]:
        """Ids of own entries that a unit above has receipted, by any package that carried them."""
        digests = {
            head.subject.split("/", 2)[2]
            for unit in upper
            for head in self.heads("receipt", unit)
            if head.unit == unit
        }
        found: set[bytes] = set()
        for row in self.containers("own"):
            if row["digest"] in digests:
                found.update(
                    origin["id"]
                    for origin in self.connection.execute(
                        "SELECT id FROM origin WHERE container = ?", (row["seq"],)
                    )
                )
        return found

    def own_keys(self) -> list[tuple[str, bytes, str]]:
        """(subject, id, kind) of every entry this desk's unit has said, here or at another of its computers.

        What came with a file that was taken back, or only under another's signature, is not said again in its name.
        """
        standing = self.projector.standing().unit
        rows = self.connection.execute(
            "SELECT entry.subject, entry.id, entry.kind, origin.container FROM entry"
            " JOIN origin ON origin.subject = entry.subject AND origin.id = entry.id"
            " JOIN container ON container.seq = origin.container AND container.unit = entry.unit"
            " WHERE entry.unit = ? ORDER BY entry.subject, entry.n, entry.id",
            (self.projector.own,),
        )
        said = [(row["subject"], row["id"], row["kind"]) for row in rows if row["container"] in standing]
        return list(dict.fromkeys(said))
