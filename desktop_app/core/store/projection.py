"""The ledger, computed from the journal in the same transaction.

Projection is a pure function of what the journal holds: the order of arrival changes nothing.  Entries that decide
how others count (organisation, plan, revocations, retractions) cause the whole ledger to be computed anew; duties,
what they concern (`concerned.py`); all others touch only their own subjects.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from desktop_app.core.journal.heads import Node, heads
from desktop_app.core.model.bodies import BODIES, SUBJECT_WORD, Duty, UnitBody
from desktop_app.core.model.entry import Entry
from desktop_app.core.model.unit import KIND_NAMES, LEVEL_NAMES, Organisation, Unit
from desktop_app.core.store import concerned, figures_table, judging, signed, sites_table, sums_table
from desktop_app.core.store.journal import LINE, chunks
from desktop_app.core.store.judging import (
    Arrived,
    Candidate,
    Grounds,
    Revocations,
    Standing,
)
from desktop_app.core.store.ledger_rows import LedgerRows
from desktop_app.core.store.signed import Signed
from desktop_app.core.trust import authority
from desktop_app.core.trust.authority import Context

DECIDING = frozenset({"unit", "plan", "duty", "revocation", "retraction"})
"""Kinds that change how other entries count."""

DEEPEST = 6
"""Levels of units there may be: a county states its offices, these their stations; the last word is the fifth's."""

LEDGER = ("head", "refused", "figure", "verdict", "site_quantity", "evidence_about")

_CHUNK = 2000
"""Subjects whose rows are gathered before they are written, where the whole ledger is computed."""


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


def _note_figure(figures: dict[figures_table.Key, bool], subject: str) -> bool:
    """Note the figure that a subject bears on, if it bears on one."""
    key, review = figures_table.key_touched(subject)
    if key is None:
        return False
    figures[key] = review or figures.get(key, False)
    return True


class Outcome(msgspec.Struct, frozen=True):
    """What became of the subjects that were asked about: entries that do not count, heads of forks."""

    refused: frozenset[tuple[str, bytes]] = frozenset()
    forked: Mapping[str, set[bytes]] = msgspec.field(default_factory=dict)


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
        self._expected: tuple[Arrived, ...] = ()
        self._signed: dict[int, Signed] = {}
        self._said: dict[str, list[tuple[str, list[tuple[Candidate, Entry, Any]]]]] | None = None
        self.plans = sites_table.PlanReader(connection)

    # -- what everything depends on ------------------------------------------------------------------------------

    def expect(self, containers: Sequence[Arrived]) -> None:
        """Tell of containers whose rows are written at the end of the transaction, with their counts; of none, once
        they are written."""
        self._expected = tuple(containers)
        if self._standing is not None and containers:
            more = self._stand(containers, self._grounds)
            self._standing = Standing(
                {**self._standing.unit, **more.unit}, {**self._standing.fallen, **more.fallen}
            )

    def note_container(self, seq: int) -> None:
        """A container of this desk's own that may have been made just now."""
        if self._standing is not None and seq not in self._standing.unit:
            self._standing = None

    def _containers(self) -> list[Arrived]:
        """Every container, those expected included."""
        rows = [
            Arrived(*row)
            for row in self.connection.execute(
                "SELECT seq, origin, unit, issuer, certificate, digest, state FROM container"
            )
        ]
        here = {row.seq for row in rows}
        return rows + [item for item in self._expected if item.seq not in here]

    def forget(self) -> None:
        """Called when a deciding entry may have come in, or something was taken back."""
        self._standing = None
        self._context = None
        self._signed.clear()

    def context(self) -> Context:
        if self._context is None:
            self._said = {}
            try:
                self._standing, self._context = self._compute_context()
            finally:
                self._said = None
        return self._context

    def standing(self) -> Standing:
        """Which containers count.  A container that merely arrived needs no new context."""
        self.context()
        if self._standing is None:
            self._standing = self._stand(self._containers(), self._grounds)
        return self._standing

    def _compute_context(self) -> tuple[Standing, Context]:
        """Settle, in this order: retractions of this desk, the organisation, revocations, and with what then
        stands the organisation and the duties."""
        containers = self._containers()
        grounds = Grounds(self._retracted(containers))
        standing = self._stand(containers, grounds)
        organisation = self._organisation(standing)
        # What the containers stand by is kept: those that come later are judged by the same.
        grounds = Grounds(grounds.struck, organisation, self._revoked(standing, organisation))
        if grounds.revocations.found:
            # Who holds a key that was revoked revokes and receipts nothing with it: the city is heard first, and the
            # others as far as they then stand.
            first = msgspec.structs.replace(grounds, revocations=grounds.revocations.of(self.city))
            heard = self._revoked(self._stand(containers, first), organisation)
            grounds = Grounds(grounds.struck, organisation, heard, receipts_decide=True)
        standing = self._stand(containers, grounds)
        organisation = self._organisation(standing)
        bare = Context(self.city, organisation, {})
        duties: dict[authority.DutyKey, Duty] = {}
        for subject, _node, entry, body in self._shown("duty", standing, bare):
            words = subject.split("/")
            if len(words) == 4 and not body.void and entry:
                duties[(words[2], words[3], words[1])] = body
        self._grounds = grounds
        return standing, Context(self.city, organisation, duties)

    def _retracted(self, containers: Sequence[Arrived]) -> frozenset[str]:
        """Digests of containers this desk took back (its own entries, typed here or merged from its own packages)."""
        standing = Standing({item.seq: item.unit for item in containers if item.unit == self.own}, {})
        bare = Context(self.city, Organisation([Unit(code=self.own, name="", level="city")]), {})
        return frozenset(
            subject.split("/", 2)[2]
            for subject, _node, entry, body in self._shown("retraction", standing, bare)
            if entry.unit == self.own and not body.void
        )

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
        """What was revoked.  Replaced certificates leave every signature standing, lost ones the older."""
        context = Context(self.city, organisation, {})
        receipted: dict[str, set[str]] = {}
        for subject, _node, entry, _body in self._shown("receipt", standing, context):
            receipted.setdefault(entry.unit, set()).add(subject.split("/", 2)[2])
        found: dict[tuple[str, str], str] = {}
        for _subject, _node, entry, body in self._shown("revocation", standing, context):
            # Several may speak of one certificate under different subjects; the hardest word holds.
            lost = body.why == "lost" and bool(body.date)
            if not body.void and (lost or body.why == "compromised"):
                after = body.date if lost else ""
                key = (entry.unit, body.certificate)
                found[key] = min(after, found.get(key, after))
        return Revocations(found, {unit: frozenset(digests) for unit, digests in receipted.items()})

    def _stand(self, containers: Sequence[Arrived], by: Grounds) -> Standing:
        return judging.stand(containers, by, self.city, self._signed_by)

    def _signed_by(self, seq: int) -> Signed:
        """What a container's signature says; it never changes."""
        if seq not in self._signed:
            self._signed[seq] = signed.of_container(self.connection, seq)
        return self._signed[seq]

    # -- heads ---------------------------------------------------------------------------------------------------

    def _shown(self, kind: str, standing: Standing, context: Context) -> list[tuple[str, Node, Entry, Any]]:
        """The entry shown for every subject of a kind, under a provisional context."""
        shown = []
        for subject, found in self._said_of(kind):
            counted = [
                said for said in found if not judging.refusal(said[0].origins, *said[1:], standing, context)
            ]
            if len(counted) == 1:
                item, entry, body = counted[0]
                shown.append((subject, item.node(body), entry, body))
            elif counted:
                top = heads(item.node(body) for item, _entry, body in counted)[0]
                shown.append((subject, *next((top, e, b) for item, e, b in counted if item.id == top.id)))
        return shown

    def _said_of(self, kind: str) -> list[tuple[str, list[tuple[Candidate, Entry, Any]]]]:
        """Every entry of a kind by subject, read; while a context is computed, each kind once."""
        known = self._said.get(kind) if self._said is not None else None
        if known is not None:
            return known
        # A kind's subjects begin with its word and so lie together; without that the whole journal would be read.
        first = SUBJECT_WORD[kind] + "/"
        where = "entry.kind = ? AND entry.subject > ? AND entry.subject < ?"
        found = [
            (subject, [(item, *judging.read(subject, item.line)) for item in items])
            for subject, items in judging.candidates(
                self.connection, where, (kind, first, first + "\U0010ffff")
            )
        ]
        if self._said is not None:
            self._said[kind] = found
        return found

    @staticmethod
    def _counted(
        subject: str, found: Iterable[Candidate], standing: Standing, context: Context
    ) -> list[tuple[Candidate, Entry, Any]]:
        counted = []
        for item in found:
            entry, body = judging.read(subject, item.line)
            if not judging.refusal(item.origins, entry, body, standing, context):
                counted.append((item, entry, body))
        return counted

    def counted_ids(self, subject: str) -> list[bytes]:
        """Ids of the subject's heads among counted entries, the one shown first."""
        standing, context = self.standing(), self.context()
        nodes = [
            item.node(body)
            for _subject, found in judging.candidates_of(self.connection, [subject])
            for item, _entry, body in self._counted(
                subject, [item for item in found if item.kind in BODIES], standing, context
            )
        ]
        return [node.id for node in heads(nodes)]

    # -- projecting ----------------------------------------------------------------------------------------------

    def apply(
        self,
        kinds: Iterable[str],
        subjects: Iterable[str],
        fresh: Mapping[str, Sequence[Candidate]] | None = None,
    ) -> Outcome:
        """Bring the ledger up to date after entries of these kinds on these subjects came in, or known ones gained
        an origin that may let them count.

        `fresh` are subjects of which the journal held nothing before, with all their entries, so that neither the
        journal nor the ledger need be asked about them.
        """
        touched = set(kinds)
        fresh = fresh or {}
        asked = {*subjects, *fresh}
        # The context is computed first, since a program that has just started does not know yet what was revoked.
        by_receipts = "receipt" in touched and self.context() and self._grounds.receipts_decide
        if touched & DECIDING == {"duty"} and not by_receipts:
            duties = [subject for subject in asked if subject.startswith("duty/")]
            if len(duties) <= concerned.MOST:
                return self._reassign(asked, fresh, duties)
        if touched & DECIDING or by_receipts:
            self.rebuild()
            return self._outcome(asked)
        return self.project(asked, fresh)

    def _reassign(
        self, asked: set[str], fresh: Mapping[str, Sequence[Candidate]], duties: Sequence[str]
    ) -> Outcome:
        """Others report now: all that this concerns is judged again, which spares a large desk the whole ledger."""
        self.forget()
        more = concerned.by_duties(self.connection, self.context().organisation, duties)
        outcome = self.project(asked | more, fresh)
        # What was added up may rest on who reports as well.
        sums_table.strike_all(self.connection)
        return outcome

    def project(self, subjects: Iterable[str], fresh: Mapping[str, Sequence[Candidate]]) -> Outcome:
        """Compute the ledger's rows for these subjects anew."""
        rows = LedgerRows(self.connection, self.standing(), self.context())
        before = sorted(set(subjects) - fresh.keys())
        evidence = {subject for subject in (*before, *fresh) if subject.startswith(sites_table.EVIDENCE)}
        sites = {subject for subject in (*before, *fresh) if subject.startswith(sites_table.SITE)}
        sites |= sites_table.borne_on(self.connection, self.context(), evidence - fresh.keys())
        records = {subject for subject in (*before, *fresh) if subject.startswith(sites_table.RECORD)}
        sites |= sites_table.gated_by(self.connection, records - fresh.keys())
        rows.clear(before)
        figures: dict[figures_table.Key, bool] = {}
        others: list[str] = []
        for subject, found in itertools.chain(fresh.items(), judging.candidates_of(self.connection, before)):
            rows.add(subject, found)
            if not _note_figure(figures, subject):
                others.append(subject)
        rows.write()
        figures_table.project(self.connection, self.context(), figures, rows.shown, fresh)
        sites |= sites_table.borne_on(self.connection, self.context(), evidence)
        sites |= sites_table.gated_by(self.connection, records)
        sites_table.project(self.connection, self.context(), self.plans, sites)
        sums_table.strike(self.connection, self.context().organisation, {*before, *others, *sites}, figures)
        return Outcome(frozenset((subject, ident) for subject, ident, _why in rows.refused), rows.forked)

    def rebuild(self) -> int:
        """Throw the ledger away and compute it from the journal; returns the number of subjects."""
        for table in LEDGER:
            self.connection.execute(f"DELETE FROM {table}")
        sums_table.strike_all(self.connection)
        self.forget()
        standing, context = self.standing(), self.context()
        figures: dict[figures_table.Key, bool] = {}
        count = 0
        subjects = judging.candidates(self.connection, "1", ())
        while chunk := list(itertools.islice(subjects, _CHUNK)):
            rows = LedgerRows(self.connection, standing, context)
            for subject, found in chunk:
                rows.add(subject, found)
                _note_figure(figures, subject)
            rows.write()
            count += len(chunk)
        figures_table.project(self.connection, context, figures, {})
        sites_table.project(self.connection, context, self.plans, sites_table.all_sites(self.connection))
        return count

    def _outcome(self, subjects: Iterable[str]) -> Outcome:
        """What the ledger now says of these subjects."""
        refused: set[tuple[str, bytes]] = set()
        forked: list[str] = []
        for chunk in chunks(sorted(subjects), 500):
            among = f"subject IN ({','.join('?' * len(chunk))})"
            found = self.connection.execute(f"SELECT subject, id FROM refused WHERE {among}", chunk)
            refused.update((subject, ident) for subject, ident in found)
            several = self.connection.execute(f"SELECT subject FROM head WHERE heads > 1 AND {among}", chunk)
            forked += [subject for (subject,) in several]
        return Outcome(frozenset(refused), {subject: set(self.counted_ids(subject)) for subject in forked})


__all__ = ["DECIDING", "LEDGER", "LINE", "Projector", "Standing"]
