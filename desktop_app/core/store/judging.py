"""Whether an entry counts: does a container that carried it stand, is its author who signed, had the author the right.

Pure but for the reading of candidates.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from desktop_app.core.errors import StorageError
from desktop_app.core.i18n import _
from desktop_app.core.journal.heads import Node
from desktop_app.core.journal.line import read_body
from desktop_app.core.model.entry import Entry
from desktop_app.core.model.unit import Organisation
from desktop_app.core.store.journal import chunks
from desktop_app.core.store.signed import Signed
from desktop_app.core.trust import authority
from desktop_app.core.trust.authority import Context

_entry_decoder = msgspec.json.Decoder(Entry)


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """An entry of some subject, to be judged: its place among the others, its bytes, the containers it came in."""

    id: bytes
    kind: str
    n: int
    replaces: bytes
    line: bytes
    origins: tuple[int, ...]

    def node(self, body: Any) -> Node:
        return Node(self.id, self.n, self.replaces, bool(getattr(body, "proxy", False)))


class Standing(msgspec.Struct, frozen=True):
    """Which containers count.  `unit` by container number for those that stand, `fallen` the reason for the rest."""

    unit: Mapping[int, str]
    fallen: Mapping[int, str]


class Arrived(msgspec.Struct, frozen=True, gc=False):
    """What is known of a container that standing depends on."""

    seq: int
    origin: str
    unit: str
    issuer: str
    certificate: str
    digest: str
    state: str = "valid"
    """What verifying said; only where it had a remark can the claimed time lie outside a certificate's validity."""


class Revocations(msgspec.Struct, frozen=True):
    """Certificates that were revoked, and which containers each unit had receipted, by their digests.

    `found` tells by (unit, certificate) after which day (2024-06-18) signatures fall: a compromised certificate's
    all ("" is before every day), a lost one's those that claim to be made later.  It names no container that is
    here, so that one that arrives later is judged the same as one that came before.
    """

    found: Mapping[tuple[str, str], str] = msgspec.field(default_factory=dict)
    receipted: Mapping[str, frozenset[str]] = msgspec.field(default_factory=dict)

    def of(self, unit: str) -> Revocations:
        """Only what one unit says."""
        return Revocations(
            {key: after for key, after in self.found.items() if key[0] == unit},
            {unit: self.receipted.get(unit, frozenset())},
        )

    def fells(self, city: str, item: Arrived, signed: Signed) -> bool:
        """Whether a container falls: its certificate, or one above it, was revoked by who had granted it or by the
        city, and neither had receipted it."""
        for unit in {city, item.issuer}:
            for certificate in (item.certificate, *signed.above):
                after = self.found.get((unit, certificate))
                if after is None or (after and signed.at[:10] <= after):
                    continue
                if not any(item.digest in self.receipted.get(reader, ()) for reader in {unit, item.issuer}):
                    return True
        return False


class Grounds(msgspec.Struct, frozen=True):
    """What decides which containers stand: those taken back, who is above whom, what was revoked; and whether there
    are revocations at all, counted or not, so that a receipt may decide."""

    struck: frozenset[str] = frozenset()
    organisation: Organisation = msgspec.field(default_factory=Organisation)
    revocations: Revocations = Revocations()
    receipts_decide: bool = False


def stand(containers: Iterable[Arrived], by: Grounds, city: str, signed: Callable[[int], Signed]) -> Standing:
    """A container stands unless it was taken back, its certificate was issued by a unit that is not above its own,
    was revoked (then stands what the issuer had receipted, and of a lost one what was signed before), or had expired
    by the signer's own claim.  What was typed here always stands.

    `signed` tells what a container's signature says, by its number.
    """
    units: dict[int, str] = {}
    fallen: dict[int, str] = {}
    for item in containers:
        foreign_issuer = (
            bool(by.organisation.units)
            and item.issuer not in (city, item.unit)
            and not by.organisation.is_above(item.issuer, item.unit)
        )
        if item.origin == "local":
            units[item.seq] = item.unit
        elif item.digest in by.struck:
            fallen[item.seq] = "retracted"
        elif foreign_issuer or (by.revocations.found and by.revocations.fells(city, item, signed(item.seq))):
            fallen[item.seq] = "signer"
        elif item.state == "valid_with_notes" and signed(item.seq).expired:
            fallen[item.seq] = "expired"
        else:
            units[item.seq] = item.unit
    return Standing(units, fallen)


# -- candidates ------------------------------------------------------------------------------------------------------


def candidates(
    connection: sqlite3.Connection, where: str, values: Sequence[Any]
) -> Iterator[tuple[str, list[Candidate]]]:
    """Subjects, in order, each with all its entries, for a condition on `entry`."""
    rows = connection.execute(
        "SELECT entry.subject, entry.id, entry.kind, entry.n, entry.replaces,"
        " substr(segment.lines, entry.start + 1, entry.length),"
        " (SELECT group_concat(origin.container) FROM origin"
        "  WHERE origin.subject = entry.subject AND origin.id = entry.id)"
        f" FROM entry JOIN segment ON segment.seq = entry.segment WHERE {where} ORDER BY entry.subject",
        values,
    )
    subject, found = "", list[Candidate]()
    for at, ident, kind, n, replaces, line, origins in rows:
        if at != subject and found:
            yield subject, found
            found = []
        subject = at
        numbers = tuple(map(int, origins.split(","))) if origins else ()
        found.append(Candidate(ident, kind, n, replaces, line, numbers))
    if found:
        yield subject, found


def candidates_of(
    connection: sqlite3.Connection, subjects: Sequence[str]
) -> Iterator[tuple[str, list[Candidate]]]:
    """As `candidates`, for these subjects (sorted)."""
    for chunk in chunks(subjects, 500):
        yield from candidates(connection, f"entry.subject IN ({','.join('?' * len(chunk))})", chunk)


# -- judging ---------------------------------------------------------------------------------------------------------


def read(subject: str, line: bytes) -> tuple[Entry, Any]:
    """An entry that was checked when it came in.  StorageError where its bytes are no entry any more."""
    try:
        entry = _entry_decoder.decode(line)
        return entry, read_body(entry.kind, entry.body)
    except (msgspec.MsgspecError, KeyError, TypeError) as problem:
        raise StorageError(
            _("数据文件里有一条记录已损坏：{subject}").format(subject=subject),
            meaning=_("可能是磁盘出错，或者有别的程序改过数据文件。"),
            next_step=_("请从备份恢复，不要删除原文件；把它一并发给技术人员。"),
            detail=str(problem),
        ) from problem


def refusal(origins: Sequence[int], entry: Entry, body: Any, standing: Standing, context: Context) -> str:
    """ "" where the entry counts, else why it does not (a key of authority.WHY)."""
    unit = entry.unit
    if len(origins) == 1 and standing.unit.get(origins[0]) == unit:
        return authority.refusal(context, entry.kind, entry.subject, unit, body)
    units = [standing.unit[number] for number in origins if number in standing.unit]
    if not units:
        # Of several reasons the same one is told whatever arrived first.
        fell = {standing.fallen[number] for number in origins if number in standing.fallen}
        return min(fell, default="retracted")
    if unit not in units:
        return "author"
    return authority.refusal(context, entry.kind, entry.subject, unit, body)
