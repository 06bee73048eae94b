"""Verified containers on their way into the journal, and what becomes of their entries."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from desktop_app.core.journal.line import Located
from desktop_app.core.store import journal
from desktop_app.core.store.journal import ContainerRow
from desktop_app.core.store.judging import Arrived, Candidate
from desktop_app.core.store.projection import Outcome, Projector


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What a container brought: entries = new + known + conflicting + refused, always."""

    entries: int = 0
    new: int = 0
    known: int = 0
    conflicting: int = 0
    refused: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            entries=self.entries + other.entries,
            new=self.new + other.new,
            known=self.known + other.known,
            conflicting=self.conflicting + other.conflicting,
            refused=self.refused + other.refused,
        )


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A verified container on its way in: its row, its signed parts, its journals as (name, bytes, entries)."""

    row: ContainerRow
    parts: dict[str, bytes]
    journals: tuple[tuple[str, bytes, Sequence[Located]], ...]

    @property
    def entries(self) -> list[Located]:
        return [item for _name, _lines, items in self.journals for item in items]

    @property
    def distinct(self) -> set[tuple[str, bytes]]:
        return {(item.subject, item.id) for item in self.entries}


class _Taken(msgspec.Struct, frozen=True):
    """A container that was not here before: which arrival it is, its number, its entries that were new."""

    place: int
    container: Arrived
    fresh: list[Located]


def admit(
    connection: sqlite3.Connection,
    projector: Projector,
    clock: Callable[[], str],
    arrivals: Sequence[Arrival],
) -> list[Counts]:
    """Write containers and their entries, bring the ledger up to date once; see `Store.admit`."""
    distinct = [arrival.distinct for arrival in arrivals]
    known = journal.known_ids(connection, {subject for keys in distinct for subject, _ident in keys})
    before = frozenset(known)
    seq = journal.next_seq(connection)
    taken: list[_Taken] = []
    # Right for what is known already; the others' counts are put in below.
    counts = [Counts(entries=len(keys), known=len(keys)) for keys in distinct]
    digests: set[str] = set()
    for place, arrival in enumerate(arrivals):
        row = arrival.row
        if row.digest in digests or journal.find_container(connection, row.digest) is not None:
            continue
        digests.add(row.digest)
        for name, content in sorted(arrival.parts.items()):
            journal.add_part(connection, seq, name, content)
        fresh: list[Located] = []
        for name, lines, items in arrival.journals:
            fresh += journal.add_segment(connection, seq, name, lines, items, known)
        item = Arrived(seq, row.origin, row.unit, row.issuer, row.certificate, row.digest, row.state)
        taken.append(_Taken(place, item, fresh))
        seq += 1
    if not taken:
        return counts
    # The counts stand in the containers' rows, which the projector needs to see; the journal refuses to have them
    # written later.  So the rows are written last, and the projector is told of them beforehand.
    projector.expect([item.container for item in taken])
    outcome = _project(connection, projector, arrivals, taken, before)
    for new in taken:
        row = arrivals[new.place].row
        counts[new.place] = found = _count(distinct[new.place], new.fresh, outcome)
        journal.add_container(
            connection,
            msgspec.structs.replace(row, arrived=row.arrived or clock()),
            (found.entries, found.new, found.known, found.conflicting, found.refused),
            new.container.seq,
        )
    projector.expect(())
    return counts


def _project(
    connection: sqlite3.Connection,
    projector: Projector,
    arrivals: Sequence[Arrival],
    taken: Sequence[_Taken],
    before: frozenset[str],
) -> Outcome:
    """Bring the ledger up to date; `before` are the subjects the journal knew of already."""
    kinds = {item.kind for container in taken for item in container.fresh}
    asked = {item.subject for container in taken for item in container.fresh if item.subject in before}
    gathered: dict[str, list[Candidate]] = {}
    again: dict[str, set[str]] = {}
    for container in taken:
        origin = (container.container.seq,)
        for _name, lines, items in arrivals[container.place].journals:
            for item in items:
                subject = item.subject
                if subject in before:
                    again.setdefault(subject, set()).add(item.kind)
                    continue
                line = lines[item.start : item.start + item.length]
                found = Candidate(item.id, item.kind, item.n, item.replaces, line, origin)
                here = gathered.get(subject)
                if here is None:
                    gathered[subject] = [found]
                else:
                    _gather(here, found)
    # A known entry that counts goes on counting; one that does not may have come by a better way now.
    for subject in _refused_among(connection, again):
        asked.add(subject)
        kinds |= again[subject]
    return projector.apply(kinds, asked, gathered)


def _gather(here: list[Candidate], found: Candidate) -> None:
    """Another entry of the subject, or one that another container of the same file carries too."""
    for place, known in enumerate(here):
        if known.id == found.id:
            if found.origins[0] not in known.origins:
                here[place] = msgspec.structs.replace(known, origins=known.origins + found.origins)
            return
    here.append(found)


def _refused_among(connection: sqlite3.Connection, subjects: Iterable[str]) -> set[str]:
    """Which of these subjects have an entry that does not count."""
    found: set[str] = set()
    for chunk in journal.chunks(sorted(subjects), 500):
        marks = ",".join("?" * len(chunk))
        rows = connection.execute(f"SELECT subject FROM refused WHERE subject IN ({marks})", chunk)
        found.update(subject for (subject,) in rows)
    return found


def _count(distinct: set[tuple[str, bytes]], fresh: Sequence[Located], outcome: Outcome) -> Counts:
    """What became of a container's entries, of which `fresh` were new to the journal."""
    refused = sum((item.subject, item.id) in outcome.refused for item in fresh) if outcome.refused else 0
    forked: Mapping[str, set[bytes]] = outcome.forked
    conflicting = sum(item.id in forked.get(item.subject, ()) for item in fresh) if forked else 0
    return Counts(
        entries=len(distinct),
        new=len(fresh) - conflicting - refused,
        known=len(distinct) - len(fresh),
        conflicting=conflicting,
        refused=refused,
    )
