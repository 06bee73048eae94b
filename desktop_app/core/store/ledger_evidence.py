"""Reading the ledger's evidence and the files that stand for it."""

from __future__ import annotations

from desktop_app.core.store.ledger_heads import Head, Heads


class EvidenceReads(Heads):
    """Mixed into `Ledger`."""

    def evidence_about(self, about: str) -> list[Head]:
        return [
            self._head(row)
            for row in self.connection.execute(
                "SELECT head.* FROM evidence_about JOIN head USING (subject) WHERE about = ? ORDER BY at",
                (about,),
            )
        ]

    def evidence_counts(self, *, sites: bool = True) -> dict[str, int]:
        """How many pieces of evidence each subject has; without `sites`, each that is no site (of which there are
        thousands)."""
        asked = "" if sites else " WHERE about < 'site/' OR about >= 'site0'"
        return {
            row["about"]: row["number"]
            for row in self.connection.execute(
                f"SELECT about, count(*) AS number FROM evidence_about{asked} GROUP BY about"
            )
        }

    def evidence_of_sites(self) -> set[tuple[str, str, str]]:
        """(indicator, area, evidence) for every piece that names a site."""
        return {
            (row[0], row[1], row[2])
            for row in self.connection.execute(
                "SELECT site_quantity.indicator, site_quantity.area, evidence_about.subject FROM evidence_about"
                " JOIN site_quantity ON site_quantity.subject = evidence_about.about"
                " WHERE about >= 'site/' AND about < 'site0'"
            )
        }

    def evidence_of_others(self) -> list[tuple[str, str, str]]:
        """(what it is about, evidence, unit) for every piece that names something else than a site."""
        return [
            (row[0], row[1], row[2])
            for row in self.connection.execute(
                "SELECT about, subject, unit FROM evidence_about JOIN head USING (subject)"
                " WHERE about < 'site/' OR about >= 'site0'"
            )
        ]

    def missing_files(self, owner: str | None = None) -> list[Head]:
        """Evidence whose bytes are not here, and which are neither withheld as personal nor erased."""
        erased = {head.body.hash for head in self.heads("erasure")}
        return [
            head
            for head in self.heads("evidence", owner)
            if not head.body.personal
            and head.body.sha256 not in erased
            and not self.has_file(head.body.sha256)
        ]

    def files(self) -> set[str]:
        """Hashes of the files whose bytes are here."""
        return {row[0] for row in self.connection.execute("SELECT sha256 FROM file")}

    def has_file(self, sha256: str) -> bool:
        return (
            self.connection.execute("SELECT 1 FROM file WHERE sha256 = ?", (sha256,)).fetchone() is not None
        )
