"""Writing and reading the journal's tables: containers, their segments, entries and origins."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from desktop_app.core.journal.heads import Node
from desktop_app.core.journal.line import Located, read_line
from desktop_app.core.model.entry import Entry, entry_id
from desktop_app.core.store import rows

T = TypeVar("T")


class ContainerRow(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a container when it arrives.  `issuer` is the code of the unit whose CA issued the signer's
    certificate, `certificate` the signer certificate's SHA-256 in hex; both "" for what was typed here."""

    digest: str
    origin: str
    unit: str
    issuer: str = ""
    certificate: str = ""
    purpose: str = ""
    addressee: str = ""
    plan: str = ""
    period: str = ""
    sequence: int = 0
    code: str = ""
    file: str = ""
    state: str = "valid"
    notes: tuple[str, ...] = ()
    arrived: str = ""


def now() -> str:
    """The local time with its offset, to the second: a claim, never used to decide which entry wins."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def locate(lines: bytes) -> list[Located]:
    """Split a journal (one entry a line, each ended by a newline) and check every line."""
    found: list[Located] = []
    start = 0
    for line in lines.split(b"\n"):
        if line:
            found.append(located(read_line(line), line, start))
        start += len(line) + 1
    return found


def located(entry: Entry, line: bytes, start: int) -> Located:
    return Located(
        entry.subject,
        bytes.fromhex(entry_id(line)),
        entry.kind,
        entry.unit,
        entry.n,
        bytes.fromhex("".join(entry.replaces)),
        start,
        len(line),
    )


def local_container(connection: sqlite3.Connection, unit: str) -> int:
    """The container of what is typed on this desk, made on first use."""
    row = connection.execute("SELECT seq FROM container WHERE digest = 'local'").fetchone()
    if row:
        return int(row["seq"])
    return add_container(
        connection,
        ContainerRow(digest="local", origin="local", unit=unit),
        (0, 0, 0, 0, 0),
        next_seq(connection),
    )


def next_seq(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(seq), 0) + 1 FROM container").fetchone()[0])


def find_container(connection: sqlite3.Connection, digest: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM container WHERE digest = ?", (digest,)
    ).fetchone()
    return row


def add_container(
    connection: sqlite3.Connection, row: ContainerRow, counts: tuple[int, int, int, int, int], seq: int
) -> int:
    """Write the container's row; `counts` are entries, new, known, conflicting, refused."""
    connection.execute(
        "INSERT INTO container (seq, digest, origin, unit, issuer, certificate, purpose, addressee, plan, period,"
        " sequence, code, arrived, file, state, notes, entries, fresh, known, conflicting, refused)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            seq,
            row.digest,
            row.origin,
            row.unit,
            row.issuer,
            row.certificate,
            row.purpose,
            row.addressee,
            row.plan,
            row.period,
            row.sequence,
            row.code,
            row.arrived or now(),
            row.file,
            row.state,
            msgspec.json.encode(row.notes).decode(),
            *counts,
        ),
    )
    return seq


def add_part(connection: sqlite3.Connection, container: int, name: str, content: bytes) -> None:
    connection.execute("INSERT INTO container_part VALUES (?,?,?)", (container, name, content))


def known_ids(connection: sqlite3.Connection, subjects: Iterable[str]) -> dict[str, set[bytes]]:
    """Ids already in the journal, by subject, for these subjects."""
    found: dict[str, set[bytes]] = {}
    for chunk in chunks(sorted(set(subjects)), 500):
        marks = ",".join("?" * len(chunk))
        for subject, ident in connection.execute(
            f"SELECT subject, id FROM entry WHERE subject IN ({marks})", chunk
        ):
            found.setdefault(subject, set()).add(ident)
    return found


def add_segment(
    connection: sqlite3.Connection,
    container: int,
    name: str,
    lines: bytes,
    entries: Sequence[Located],
    known: dict[str, set[bytes]],
) -> list[Located]:
    """Store a journal whole and index its entries; returns those that were new.

    `known` (see `known_ids`) is brought up to date.  The same line twice in one journal counts once.
    """
    cursor = connection.execute(
        "INSERT INTO segment (container, name, lines) VALUES (?,?,?)", (container, name, lines)
    )
    segment = cursor.lastrowid
    fresh: list[Located] = []
    for item in entries:
        ids = known.setdefault(item.subject, set())
        if item.id not in ids:
            ids.add(item.id)
            fresh.append(item)
    fresh.sort(key=lambda item: (item.subject, item.id))
    rows.insert(
        connection,
        "INSERT INTO entry (subject, id, kind, unit, n, replaces, segment, start, length)",
        [(e.subject, e.id, e.kind, e.unit, e.n, e.replaces, segment, e.start, e.length) for e in fresh],
    )
    # Where all was new, it is sorted and single already.
    add_origins(connection, container, fresh if len(fresh) == len(entries) else entries)
    return fresh


def add_origins(connection: sqlite3.Connection, container: int, entries: Iterable[Located]) -> None:
    rows.insert(
        connection,
        "INSERT OR IGNORE INTO origin",
        sorted([(item.subject, item.id, container) for item in entries]),
    )


def nodes(connection: sqlite3.Connection, subject: str) -> list[Node]:
    """Every entry of a subject, counted or not."""
    return [
        Node(row["id"], row["n"], row["replaces"])
        for row in connection.execute("SELECT id, n, replaces FROM entry WHERE subject = ?", (subject,))
    ]


LINE = (
    "SELECT substr(segment.lines, entry.start + 1, entry.length)"
    " FROM entry JOIN segment ON segment.seq = entry.segment"
)


def line_of(connection: sqlite3.Connection, subject: str, ident: bytes) -> bytes | None:
    row = connection.execute(f"{LINE} WHERE subject = ? AND id = ?", (subject, ident)).fetchone()
    return bytes(row[0]) if row else None


def lines_of(connection: sqlite3.Connection, keys: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The bytes of many entries, in the order asked for."""
    for subject, ident in keys:
        line = line_of(connection, subject, ident)
        if line is not None:
            yield line


def container_journals(connection: sqlite3.Connection, container: int) -> list[tuple[str, bytes]]:
    """The journals of a received container as they came: (part name, bytes)."""
    return [
        (row["name"], bytes(row["lines"]))
        for row in connection.execute(
            "SELECT name, CAST(lines AS BLOB) AS lines FROM segment WHERE container = ? ORDER BY seq",
            (container,),
        )
    ]


def container_parts(connection: sqlite3.Connection, container: int) -> dict[str, bytes]:
    return {
        row["name"]: bytes(row["bytes"])
        for row in connection.execute(
            "SELECT name, CAST(bytes AS BLOB) AS bytes FROM container_part WHERE container = ?", (container,)
        )
    }


def chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
