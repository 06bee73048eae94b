"""Setting right what doctor finds and what can be set right without losing or inventing anything.

The journal is never touched.  What is computed from it is computed anew, what was lost beside it is fetched from a
backup and taken only where its hash is the right one; everything else is left for a person, as it was.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec

from desktop_app.core.errors import KnownError
from desktop_app.core.i18n import _
from desktop_app.core.operations import backing_up, boarding, care
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.progress import Progress, silent
from desktop_app.core.store import sums_table
from desktop_app.core.store.database import missing_objects
from desktop_app.core.store.files import FileStore

DAMAGED = ".damaged"
"""Ends the name of a file whose bytes were wrong, kept beside the good one."""


class Mended(msgspec.Struct, frozen=True, kw_only=True):
    """What was set right, in words, and what doctor says afterwards."""

    done: tuple[str, ...]
    after: care.Diagnosis


def mend(workspace: Workspace, progress: Progress = silent) -> Mended:
    """Set right what is safe to set right, then examine again."""
    done = [
        *_database(workspace.store.connection),
        *_files(workspace, progress),
        *_thumbnails(workspace),
        *_ledger(workspace),
    ]
    return Mended(done=tuple(done), after=care.doctor(workspace, progress))


def _database(connection: sqlite3.Connection) -> Iterator[str]:
    """Indexes and triggers that are gone are made again; indexes that disagree with their tables are rebuilt."""
    gone = missing_objects(connection)
    for _name, sql in gone:
        connection.execute(sql)
    if gone:
        yield _("补回了数据库的索引和保护 {count} 处").format(count=len(gone))
    wrong = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
    if wrong and all(" index " in f" {text} " for text in wrong):
        connection.execute("REINDEX")
        yield _("重建了数据库的索引")


def _ledger(workspace: Workspace) -> Iterator[str]:
    """Computed anew where it is not what the journal says; an unsound journal is left alone."""
    store = workspace.store
    if care.journal_problems(store):
        return
    if care.ledger_problems(store):
        count = store.rebuild()
        yield _("台账照流水重新算过，共 {count} 项").format(count=count)
    if boarding.untrue(workspace):
        with store.transaction():
            sums_table.strike_all(store.connection)
        boarding.make_ready(workspace)
        yield _("各地合计重新算过")


def _files(workspace: Workspace, progress: Progress) -> Iterator[str]:
    """Evidence that is gone or altered comes back from the latest backup that has it whole."""
    store = workspace.store
    store.files.sweep()
    rows = store.connection.execute("SELECT sha256, sealed FROM file").fetchall()
    places = [FileStore(folder / "evidence") for folder in _backups(workspace)]
    back = 0
    for number, row in enumerate(rows):
        progress(number, len(rows), _("核对附件"))
        sha256 = row["sha256"]
        found = store.files.find(sha256)
        whole = found is not None and (found[1] or store.files.hash_of(sha256) == sha256)
        if not whole and any(_fetch(store.files, place, sha256) for place in places):
            back += 1
    if back:
        yield _("从备份里找回附件 {count} 份").format(count=back)


def _backups(workspace: Workspace) -> list[Path]:
    folder = workspace.store.meta("backup_folder")
    return backing_up.backups(Path(folder), workspace.unit_code) if folder else []


def _fetch(files: FileStore, place: FileStore, sha256: str) -> bool:
    """One file from a backup; sealed bytes cannot be checked without the key, and come back as they are."""
    known = place.find(sha256)
    if known is None:
        return False
    source, sealed = known
    if sealed:
        files.keep_sealed(sha256, source.read_bytes())
        return files.find(sha256) is not None
    if place.hash_of(sha256) != sha256:
        return False
    wrong = files.path(sha256)
    if wrong.exists():
        os.replace(wrong, wrong.with_name(wrong.name + DAMAGED))
    try:
        with source.open("rb") as stream:
            files.write(stream, source.stat().st_size, expected=sha256)
    except (KnownError, OSError):
        kept = wrong.with_name(wrong.name + DAMAGED)
        if kept.exists() and not wrong.exists():
            os.replace(kept, wrong)
        return False
    return True


def _thumbnails(workspace: Workspace) -> Iterator[str]:
    """Small pictures that cannot be read are thrown away; they are made again where they are needed."""
    from PIL import Image

    bad = 0
    for path in (workspace.root / "thumbnails").glob("??/*.jpg"):
        try:
            with Image.open(path) as picture:
                picture.load()
        except OSError:
            with contextlib.suppress(OSError):
                path.unlink()
                bad += 1
    if bad:
        yield _("清掉读不出的缩略图 {count} 张，用到时会重新生成").format(count=bad)


__all__ = ["Mended", "mend"]
