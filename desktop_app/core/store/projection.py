"""The ledger, computed from the journal in the same transaction.

Projection is a pure function of what the journal holds: the order of arrival changes nothing.  Entries that decide
how others count (organisation, plan, duties, settings, revocations, retractions) cause the whole ledger to be
computed anew; all others touch only their own subjects.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from desktop_app.core.errors import StorageError
from desktop_app.core.i18n import _
from desktop_app.core.journal.heads import Node, heads
from desktop_app.core.journal.line import read_body
from desktop_app.core.model.bodies import BODIES, Duty, UnitBody
from desktop_app.core.model.entry import Entry
from desktop_app.core.model.unit import KIND_NAMES, LEVEL_NAMES, Organisation, Unit
from desktop_app.core.store import figures_table
from desktop_app.core.store.journal import LINE
from desktop_app.core.trust import authority
from desktop_app.core.trust.authority import Context

DECIDING = frozenset({"unit", "plan", "duty", "setting", "revocation", "retraction"})
"""Kinds that change how other entries count."""

DEEPEST = 6
"""Levels of units there may be: a county states its offices, these their stations; the last word is the fifth's."""

LEDGER = ("head", "refused", "figure", "verdict", "site_quantity", "evidence_about")

_entry_decoder = msgspec.json.Decoder(Entry)


class Revocation(msgspec.Struct, frozen=True):
    """A certificate that a unit revoked as compromised."""

    by: str
    certificate: str


class Revocations(msgspec.Struct, frozen=True):
    """What was revoked as compromised, and which containers each unit had receipted, by their digests.

    It names no container that is here, so that one that arrives later is judged the same as one that came before.
    """

    found: frozenset[Revocation] = frozenset()
    receipted: Mapping[str, frozenset[str]] = msgspec.field(default_factory=dict)

    def fells(self, city: str, issuer: str, certificate: str, digest: str) -> bool:
        """Whether a container falls: its certificate was revoked by who had granted it or by the city, and neither
        had receipted it."""
        return any(
            Revocation(unit, certificate) in self.found
            and not any(digest in self.receipted.get(reader, ()) for reader in {unit, issuer})
            for unit in {city, issuer}
        )


class Grounds(msgspec.Struct, frozen=True):
    """What decides which containers stand: those taken back, who is above whom, what was revoked."""

    struck: frozenset[str] = frozenset()
    organisation: Organisation = msgspec.field(default_factory=Organisation)
    revocations: Revocations = Revocations()


def _unit(code: str, body: UnitBody) -> Unit:
    """A unit as it was stated.  Levels and kinds that only a newer version knows are taken for the humblest here,
    so that nothing is counted that should not be."""
    return Unit(
        code=code,
        name=body.name,
        level=body.level if body.level in LEVEL_NAMES else "township",  # type: ignore[arg-type]
        kind=body.kind if body.kind in KIND_NAMES else "other",  # type: ignore[arg-type]
        parent=body.parent,
        phone=body.phone,
        active=body.active,
    )


def _read(row: sqlite3.Row) -> tuple[Entry, Any]:
    """An entry that was checked when it came in.  StorageError where its bytes are no entry any more."""
    try:
        entry = _entry_decoder.decode(row["line"])
        return entry, read_body(entry.kind, entry.body)
    except (msgspec.MsgspecError, KeyError, TypeError) as problem:
        raise StorageError(
            _("数据文件里有一条记录已损坏：{subject}").format(subject=row["subject"]),
            meaning=_("可能是磁盘出错，或者有别的程序改过数据文件。"),
            next_step=_("请从备份恢复，不要删除原文件；把它一并发给技术人员。"),
            detail=str(problem),
        ) from problem


class Standing(msgspec.Struct, frozen=True):
    """Which containers count.  `unit` by container number for those that stand, `fallen` the reason for the rest."""

    unit: Mapping[int, str]
    fallen: Mapping[int, str]


class Projector:
    """Computes the ledger over one connection, inside the caller's transaction.

    `own` is this workspace's unit (only its own retractions and erasures bind here), `city` the root unit's code.
    """

    def __init__(self, connection: sqlite3.Connection, own: str, city: str) -> None:
        self.connection = connection
        self.own = own
        self.city = city
        self._standing: Standing | None = None
        self._context: Context | None = None
        self._grounds = Grounds()
        self._expected: dict[int, tuple[str, str, str, str]] = {}

    # -- what everything depends on ------------------------------------------------------------------------------

    def expect(self, containers: Mapping[int, tuple[str, str, str, str]]) -> None:
        """Tell of containers whose rows are written at the end of the transaction, with their counts: by number,
        (unit, issuer, certificate, digest); of none, once they are written."""
        self._expected = dict(containers)
        self._standing = None

    def _containers(self) -> list[tuple[int, str, str, str, str, str]]:
        """(seq, origin, unit, issuer, certificate, digest) of every container, the expected one included."""
        rows = [
            (row["seq"], row["origin"], row["unit"], row["issuer"], row["certificate"], row["digest"])
            for row in self.connection.execute("SELECT * FROM container")
        ]
        here = {row[0] for row in rows}
        rows += [(seq, "package", *rest) for seq, rest in self._expected.items() if seq not in here]
        return rows

    def forget(self) -> None:
        """Called when a deciding entry may have come in."""
        self._standing = None
        self._context = None

    def context(self) -> Context:
        if self._context is None:
            self._standing, self._context = self._compute_context()
        return self._context

    def standing(self) -> Standing:
        """Which containers count.  A container that merely arrived needs no new context."""
        self.context()
        if self._standing is None:
            self._standing = self._stand(self._grounds)
        return self._standing

    def _compute_context(self) -> tuple[Standing, Context]:
        """Settle, in this order: retractions of this desk, the organisation, revocations, and with what then
        stands the organisation and the duties."""
        grounds = Grounds(self._retracted())
        standing = self._stand(grounds)
        organisation = self._organisation(standing)
        # What the containers stand by is kept: those that come later are judged by the same.
        grounds = Grounds(grounds.struck, organisation, self._revoked(standing, organisation))
        standing = self._stand(grounds)
        organisation = self._organisation(standing)
        bare = Context(self.city, organisation, {})
        duties: dict[authority.DutyKey, Duty] = {}
        for subject, _node, entry, body in self._shown("duty", standing, bare):
            words = subject.split("/")
            if len(words) == 4 and not body.void and entry:
                duties[(words[2], words[3], words[1])] = body
        self._grounds = grounds
        return standing, Context(self.city, organisation, duties)

    def _retracted(self) -> frozenset[str]:
        """Digests of containers this desk took back (its own entries, typed here or merged from its own packages)."""
        standing = Standing(
            {
                seq: unit
                for seq, _origin, unit, _issuer, _cert, _digest in self._containers()
                if unit == self.own
            },
            {},
        )
        bare = Context(self.city, Organisation([Unit(code=self.own, name="", level="city")]), {})
        return frozenset(
            subject.split("/", 2)[2]
            for subject, _node, entry, body in self._shown("retraction", standing, bare)
            if entry.unit == self.own and not body.void
        )

    def _stand(self, by: Grounds) -> Standing:
        """A container stands unless it was taken back, its certificate was issued by a unit that is not above its
        own, or its certificate was revoked as compromised (then only what the issuer had receipted stands).  What
        was typed here always stands."""
        units: dict[int, str] = {}
        fallen: dict[int, str] = {}
        for seq, origin, unit, issuer, certificate, digest in self._containers():
            foreign_issuer = (
                bool(by.organisation.units)
                and issuer not in (self.city, unit)
                and not by.organisation.is_above(issuer, unit)
            )
            if origin == "local":
                units[seq] = unit
            elif digest in by.struck:
                fallen[seq] = "retracted"
            elif foreign_issuer or by.revocations.fells(self.city, issuer, certificate, digest):
                fallen[seq] = "signer"
            else:
                units[seq] = unit
        return Standing(units, fallen)

    def _organisation(self, standing: Standing) -> Organisation:
        """Units stated by the city, then those that a county states below itself, then those below these, until
        nothing changes; who may speak in one round are the units of the round before."""
        found = Organisation()
        for _round in range(DEEPEST):
            before, context = found, Context(self.city, found, {})
            found = Organisation(
                _unit(subject.split("/", 1)[1], body)
                for subject, _node, _entry, body in self._shown("unit", standing, context)
                if not body.void
            )
            if found.units == before.units:
                break
        # Units that were said to stand above themselves count for nothing until somebody says otherwise.
        return Organisation(unit for unit in found if not found.is_above(unit.code, unit.code))

    def _revoked(self, standing: Standing, organisation: Organisation) -> Revocations:
        """What was revoked as compromised.  Lost and replaced certificates leave older signatures standing."""
        context = Context(self.city, organisation, {})
        receipted: dict[str, set[str]] = {}
        for subject, _node, entry, _body in self._shown("receipt", standing, context):
            receipted.setdefault(entry.unit, set()).add(subject.split("/", 2)[2])
        return Revocations(
            frozenset(
                Revocation(entry.unit, body.certificate)
                for _subject, _node, entry, body in self._shown("revocation", standing, context)
                if not body.void and body.why == "compromised"
            ),
            {unit: frozenset(digests) for unit, digests in receipted.items()},
        )

    # -- heads ---------------------------------------------------------------------------------------------------

    def _shown(self, kind: str, standing: Standing, context: Context) -> list[tuple[str, Node, Entry, Any]]:
        """The entry shown for every subject of a kind, under a provisional context."""
        by_subject: dict[str, dict[bytes, tuple[Node, Entry, Any]]] = {}
        for row in self._rows("entry.kind = ?", (kind,)):
            judged = self._judge(row, standing, context)
            if not judged[0]:
                by_subject.setdefault(row["subject"], {})[row["id"]] = (
                    Node(row["id"], row["n"], row["replaces"]),
                    judged[1],
                    judged[2],
                )
        shown = []
        for subject in sorted(by_subject):
            counted = by_subject[subject]
            top = heads(node for node, _entry, _body in counted.values())[0]
            shown.append((subject, *counted[top.id]))
        return shown

    def _rows(self, where: str, values: tuple[Any, ...]) -> Iterable[sqlite3.Row]:
        return self.connection.execute(
            "SELECT entry.subject, entry.id, entry.kind, entry.unit, entry.n, entry.replaces,"
            " substr(segment.lines, entry.start + 1, entry.length) AS line,"
            " (SELECT group_concat(origin.container) FROM origin"
            "  WHERE origin.subject = entry.subject AND origin.id = entry.id) AS origins"
            f" FROM entry JOIN segment ON segment.seq = entry.segment WHERE {where}",
            values,
        )

    def _judge(self, row: sqlite3.Row, standing: Standing, context: Context) -> tuple[str, Entry, Any]:
        """("" or why the entry does not count, the entry, its body)."""
        entry, body = _read(row)
        origins = [int(number) for number in (row["origins"] or "").split(",") if number]
        units = {standing.unit[number] for number in origins if number in standing.unit}
        if not units:
            # Of several reasons the same one is told whatever arrived first.
            fell = {standing.fallen[number] for number in origins if number in standing.fallen}
            return min(fell, default="retracted"), entry, body
        if entry.unit not in units:
            return "author", entry, body
        return authority.refusal(context, entry.kind, entry.subject, entry.unit, body), entry, body

    # -- projecting ----------------------------------------------------------------------------------------------

    def project(self, subjects: Iterable[str]) -> None:
        """Compute the ledger's rows for these subjects anew."""
        standing, context = self.standing(), self.context()
        touched = sorted(set(subjects))
        figures: set[figures_table.Key] = set()
        for subject in touched:
            rows = list(self._rows("entry.subject = ?", (subject,)))
            self._clear(subject)
            self._project_subject(subject, rows, standing, context)
            figures.update(figures_table.keys_touched(subject))
        for key in sorted(figures):
            figures_table.project(self.connection, context, key)

    def _clear(self, subject: str) -> None:
        for table in ("head", "refused", "site_quantity", "evidence_about"):
            self.connection.execute(f"DELETE FROM {table} WHERE subject = ?", (subject,))

    def _project_subject(
        self, subject: str, rows: list[sqlite3.Row], standing: Standing, context: Context
    ) -> None:
        counted: dict[bytes, tuple[Node, Entry, Any]] = {}
        for row in rows:
            if row["kind"] not in BODIES:
                continue
            why, entry, body = self._judge(row, standing, context)
            if why:
                self.connection.execute(
                    "INSERT OR REPLACE INTO refused VALUES (?,?,?)", (subject, row["id"], why)
                )
            else:
                counted[row["id"]] = (Node(row["id"], row["n"], row["replaces"]), entry, body)
        if not counted:
            return
        top = heads(node for node, _entry, _body in counted.values())
        node, entry, body = counted[top[0].id]
        self.connection.execute(
            "INSERT INTO head (subject, kind, owner, id, n, heads, unit, operator, at, body)"
            " VALUES (?,?,?,?,?,?,?,?,?,?)",
            (
                subject,
                entry.kind,
                subject.split("/", 2)[1],
                node.id,
                node.n,
                len(top),
                entry.unit,
                entry.operator,
                entry.at,
                bytes(entry.body).decode(),
            ),
        )
        if entry.kind == "site":
            figures_table.project_site(self.connection, context, subject, entry.unit, body)
        elif entry.kind == "evidence" and not body.void:
            self.connection.executemany(
                "INSERT OR IGNORE INTO evidence_about VALUES (?,?)",
                [(about, subject) for about in body.about],
            )

    def rebuild(self) -> int:
        """Throw the ledger away and compute it from the journal; returns the number of subjects."""
        for table in LEDGER:
            self.connection.execute(f"DELETE FROM {table}")
        self.forget()
        standing, context = self.standing(), self.context()
        figures: set[figures_table.Key] = set()
        count = 0
        pending: list[sqlite3.Row] = []
        for row in self._rows("1 ORDER BY entry.subject", ()):
            if pending and pending[0]["subject"] != row["subject"]:
                self._project_subject(pending[0]["subject"], pending, standing, context)
                figures.update(figures_table.keys_touched(pending[0]["subject"]))
                pending, count = [], count + 1
            pending.append(row)
        if pending:
            self._project_subject(pending[0]["subject"], pending, standing, context)
            figures.update(figures_table.keys_touched(pending[0]["subject"]))
            count += 1
        for key in sorted(figures):
            figures_table.project(self.connection, context, key)
        return count

    def apply(self, kinds: Iterable[str], subjects: Iterable[str]) -> None:
        """Bring the ledger up to date after entries of these kinds on these subjects came in, known ones among
        them: a known entry may have gained an origin that lets it count."""
        self._standing = None
        touched = set(kinds)
        # The context is computed first, since a program that has just started does not know yet what was revoked.
        if touched & DECIDING or (
            "receipt" in touched and self.context() and self._grounds.revocations.found
        ):
            self.rebuild()
        else:
            self.project(subjects)

    def counted_ids(self, subject: str) -> list[bytes]:
        """Ids of the subject's heads among counted entries, the one shown first."""
        standing, context = self.standing(), self.context()
        found = []
        for row in self._rows("entry.subject = ?", (subject,)):
            if row["kind"] in BODIES and not self._judge(row, standing, context)[0]:
                found.append(Node(row["id"], row["n"], row["replaces"]))
        return [node.id for node in heads(found)]


__all__ = ["DECIDING", "LEDGER", "LINE", "Projector", "Standing"]
