"""The ledger as of a past moment: a database of its own that holds the journal up to there, projected anew.

A moment is told by what had arrived, not by a clock: the greatest container and the greatest segment number.  The
journal is append-only, so that the same moment gives the same ledger whenever it is asked for.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
from datetime import date
from pathlib import Path

import msgspec

from desktop_app import __version__
from desktop_app.core.model.forms import day_of
from desktop_app.core.progress import Progress, silent
from desktop_app.core.store.database import FILE_NAME, open_database, storage_errors, version_of
from desktop_app.core.store.files import FileStore
from desktop_app.core.store.store import COMPUTED, RULES, Store

KEPT = 6
"""How many past ledgers lie ready; those not looked at the longest are thrown away first."""

_COPIED = (
    ("container", "seq <= :container"),
    ("segment", "seq <= :segment AND container <= :container"),
    ("entry", "segment <= :segment"),
    (
        "origin",
        "container <= :container AND EXISTS (SELECT 1 FROM entry AS e WHERE e.subject = origin.subject"
        " AND e.id = origin.id AND e.segment <= :segment)",
    ),
    ("container_part", "container <= :container"),
)
"""The journal's tables, each with what of it belongs to a moment."""


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """Up to which container and which segment the journal is read."""

    container: int
    segment: int


class Print(msgspec.Struct, frozen=True, kw_only=True):
    """What tells two journals apart: how many entries there are, and the SHA-256 over all their ids in order."""

    entries: int
    digest: str


def present(connection: sqlite3.Connection) -> Moment:
    """The moment now."""
    row = connection.execute(
        "SELECT (SELECT coalesce(max(seq), 0) FROM container) AS container,"
        " (SELECT coalesce(max(seq), 0) FROM segment) AS segment"
    ).fetchone()
    return Moment(container=row["container"], segment=row["segment"])


def end_of(connection: sqlite3.Connection, day: date) -> Moment:
    """The moment at the end of a day, by this computer's clock: what had arrived, and what had been typed here."""
    text = day.isoformat()
    row = connection.execute(
        "SELECT coalesce(max(seq), 0) AS seq FROM container WHERE origin <> 'local' AND substr(arrived, 1, 10) <= ?",
        (text,),
    ).fetchone()
    container = int(row["seq"])
    received = connection.execute(
        "SELECT coalesce(max(segment.seq), 0) FROM segment JOIN container ON container.seq = segment.container"
        " WHERE container.seq <= ? AND container.origin <> 'local'",
        (container,),
    ).fetchone()[0]
    typed, local = _typed_until(connection, text)
    return Moment(container=max(container, local), segment=max(int(received), typed))


def _typed_until(connection: sqlite3.Connection, day: str) -> tuple[int, int]:
    """The last segment typed here by a day, and the number of the container that holds what is typed."""
    for row in connection.execute(
        "SELECT segment.seq, segment.container, CAST(segment.lines AS TEXT) AS line FROM segment"
        " JOIN container ON container.seq = segment.container WHERE container.origin = 'local'"
        " ORDER BY segment.seq DESC"
    ):
        said = msgspec.json.decode(row["line"].encode(), type=_At)
        if day_of(said.at) <= day:
            return int(row["seq"]), int(row["container"])
    return 0, 0


class _At(msgspec.Struct):
    at: str


def fingerprint(connection: sqlite3.Connection, moment: Moment) -> Print:
    """Of the journal up to a moment."""
    digest, count = hashlib.sha256(), 0
    for row in connection.execute(
        "SELECT id FROM entry WHERE segment <= ? ORDER BY subject, id", (moment.segment,)
    ):
        digest.update(row["id"])
        count += 1
    return Print(entries=count, digest=digest.hexdigest())


def opened(
    store: Store, moment: Moment, at: str, cache: Path, progress: Progress = silent, key: str = ""
) -> Store:
    """The past ledger as a store that cannot be written to.  *Long* the first time; later it lies in `cache`.

    `at` (a time with its date first) is what the store takes for now; files that came later are not there yet.
    Evidence bytes are read where they are.
    """
    name = f"{moment.container}-{moment.segment}-{key or 'day'}-{__version__}-{version_of(store.connection)}.{RULES}"
    folder = cache / name
    if not (folder / FILE_NAME).exists():
        _prune(cache)
        _build(store, moment, at, folder, progress)
    with storage_errors(folder):
        os.utime(folder)
    past = Store.open(folder)
    past.files = FileStore(store.root / "evidence")
    past.clock = lambda: at
    past.connection.execute("PRAGMA query_only = ON")
    return past


def _build(store: Store, moment: Moment, at: str, folder: Path, progress: Progress) -> None:
    """Copy the journal's rows and compute the ledger; the database gets its name when it is complete."""
    source = store.root / FILE_NAME
    steps = len(_COPIED) + 2
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        piece = folder / f"building-{os.getpid()}.db"
        _remove(piece)
        connection = open_database(piece, create=True)
        try:
            # It can be made again at any time, so that it need not wait for the disk.
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("ATTACH DATABASE ? AS present", (str(source),))
            connection.execute("BEGIN")
            values = {"container": moment.container, "segment": moment.segment}
            for number, (table, where) in enumerate(_COPIED):
                progress(number, steps)
                where = where.replace("FROM entry", "FROM present.entry")
                connection.execute(
                    f"INSERT INTO main.{table} SELECT * FROM present.{table} WHERE {where}", values
                )
            connection.execute(
                "INSERT INTO main.meta SELECT * FROM present.meta WHERE key IN ('unit', 'city', 'operator', ?)",
                (COMPUTED,),
            )
            connection.execute(
                "INSERT INTO main.file SELECT * FROM present.file WHERE substr(arrived, 1, 10) <= ?",
                (at[:10],),
            )
            connection.execute("COMMIT")
            connection.execute("DETACH DATABASE present")
        finally:
            connection.close()
        with Store(folder, open_database(piece)) as past:
            progress(steps - 2, steps)
            past.connection.execute("PRAGMA synchronous = OFF")
            past.rebuild()
            past.connection.execute("ANALYZE")
            progress(steps - 1, steps)
        os.replace(piece, folder / FILE_NAME)
        _remove(piece)
    progress(steps, steps)


def _remove(piece: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        piece.with_name(piece.name + ending).unlink(missing_ok=True)


def _prune(cache: Path) -> None:
    """Throw the past ledgers away that were not looked at for the longest."""
    if not cache.is_dir():
        return
    folders = sorted(
        (path for path in cache.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime
    )
    for folder in folders[: max(0, len(folders) - KEPT + 1)]:
        with contextlib.suppress(OSError):
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()
