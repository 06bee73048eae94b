"""Care of a workspace: doctor, rebuild, backup and restore."""

from __future__ import annotations

import base64
import contextlib
import errno
import hashlib
import os
import re
import shutil
import sqlite3
import tempfile
import time
from datetime import datetime
from pathlib import Path

import msgspec

from desktop_app.core.disks import disk_error, flush, sync_folder, trouble_at
from desktop_app.core.errors import InputError, KnownError, StorageError
from desktop_app.core.i18n import _
from desktop_app.core.journal.line import read_line
from desktop_app.core.operations import boarding
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package.manifest import Manifest
from desktop_app.core.progress import Progress, silent
from desktop_app.core.store import journal
from desktop_app.core.store.database import FILE_NAME, back_up, missing_objects, storage_errors
from desktop_app.core.store.journal import located
from desktop_app.core.store.projection import LEDGER
from desktop_app.core.store.store import Store


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """What doctor found.  Forks and files not yet received are no problems."""

    ok: bool
    entries: int
    forks: int
    missing: int
    problems: tuple[str, ...]


def doctor(workspace: Workspace, progress: Progress = silent) -> Diagnosis:
    """Check every entry's hash, every file's hash, the database itself, and that the ledger is what the journal
    gives."""
    store = workspace.store
    problems: list[str] = []
    for row in store.connection.execute("PRAGMA integrity_check"):
        if row[0] != "ok":
            problems.append(_("数据库体检：{text}").format(text=row[0]))
    for row in store.connection.execute("PRAGMA foreign_key_check"):
        problems.append(_("数据库关联缺失：{table}").format(table=row[0]))
    problems += [
        _("数据库少了索引或保护：{name}").format(name=name)
        for name, _sql in missing_objects(store.connection)
    ]
    entries = store.ledger.counts()["entries"]
    unsound = journal_problems(store, progress)
    problems += unsound
    if not unsound:
        # What the ledger should be can be told only from a sound journal.
        problems += ledger_problems(store)
        problems += [
            _("{area}的合计与流水不符，请重建台账（命令行：taizhang rebuild）。").format(area=area)
            for area in boarding.untrue(workspace)
        ]
    problems += _check_files(workspace, progress)
    return Diagnosis(
        ok=not problems,
        entries=entries,
        forks=store.ledger.counts()["forks"],
        missing=len(store.ledger.missing_files()),
        problems=tuple(problems),
    )


def journal_problems(store: Store, progress: Progress = silent) -> list[str]:
    """Whether every entry is what its hash says, and what was signed is as it was signed."""
    problems: list[str] = []
    entries = store.ledger.counts()["entries"]
    # No foreign key says so: with one, every package taken in would be looked for in every entry there is.
    lost = store.connection.execute(
        "SELECT count(*) FROM entry WHERE segment NOT IN (SELECT seq FROM segment)"
    ).fetchone()[0]
    if lost:
        problems.append(_("有 {count} 条记录的原文不见了").format(count=lost))
    rows = store.connection.execute(
        "SELECT entry.*, substr(CAST(segment.lines AS BLOB), entry.start + 1, entry.length) AS line"
        " FROM entry JOIN segment ON segment.seq = entry.segment"
    )
    for done, row in enumerate(rows, start=1):
        if done % 500 == 0:
            progress(done, entries, _("核对记录"))
        problems += _check_entry(row)
    return problems + _check_containers(store)


def _check_entry(row: sqlite3.Row) -> list[str]:
    """An entry's bytes give its id, and its index says what they say."""
    line = bytes(row["line"])
    if hashlib.sha256(line).digest() != row["id"]:
        return [_("记录被改动：{subject}").format(subject=row["subject"])]
    try:
        found = located(read_line(line), line, row["start"])
    except InputError:
        return [_("记录格式不对：{subject}").format(subject=row["subject"])]
    if any(getattr(found, name) != row[name] for name in ("subject", "kind", "unit", "n", "replaces")):
        return [_("记录索引不符：{subject}").format(subject=row["subject"])]
    return []


def _check_containers(store: Store) -> list[str]:
    """What was signed is here as it was signed, so that it can be carried on: a container is named by its signature,
    which names the manifest, which names the journals."""
    problems = []
    for row in store.ledger.containers():
        parts = journal.container_parts(store.connection, row["seq"])
        if not {"sig1.xml", "payload.json"} <= parts.keys():
            continue
        sound = hashlib.sha256(parts["sig1.xml"]).hexdigest() == row["digest"]
        payload = base64.b64encode(hashlib.sha256(parts["payload.json"]).digest())
        sound = sound and payload in parts["sig1.xml"]
        if sound:
            signed = {
                part.part: part.sha256
                for part in msgspec.json.decode(parts["payload.json"], type=Manifest).journals
            }
            for name, lines in journal.container_journals(store.connection, row["seq"]):
                sound = sound and signed.get(name) == hashlib.sha256(lines).hexdigest()
        if not sound:
            problems.append(_("文件“{file}”的签名内容被改动").format(file=row["file"]))
    return problems


def _check_files(workspace: Workspace, progress: Progress) -> list[str]:
    store = workspace.store
    problems = []
    rows = store.connection.execute("SELECT sha256, sealed FROM file").fetchall()
    for number, row in enumerate(rows):
        progress(number, len(rows), _("核对附件"))
        found = store.files.find(row["sha256"])
        if found is None:
            problems.append(_("附件不见了：{name}").format(name=row["sha256"][:12]))
        elif not found[1] and store.files.hash_of(row["sha256"]) != row["sha256"]:
            problems.append(_("附件被改动：{name}").format(name=row["sha256"][:12]))
    return problems


def ledger_rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the ledger, in a fixed order: what two ledgers are compared by."""
    rows: dict[str, list[tuple[object, ...]]] = {}
    for table in LEDGER:
        columns = ", ".join(
            f'"{row["name"]}"' for row in store.connection.execute(f"PRAGMA table_info({table})")
        )
        rows[table] = [
            tuple(row)
            for row in store.connection.execute(f"SELECT {columns} FROM {table} ORDER BY {columns}")
        ]
    return rows


def ledger_problems(store: Store) -> list[str]:
    """Rebuild within a transaction that is then taken back, and compare."""

    class _Undo(Exception):
        pass

    before = ledger_rows(store)
    after: dict[str, list[tuple[object, ...]]] = {}
    try:
        with store.transaction():
            store.projector.rebuild()
            after = ledger_rows(store)
            raise _Undo
    except _Undo:
        pass
    return [
        _("台账“{table}”与流水不符，请重建台账（命令行：taizhang rebuild）。").format(table=table)
        for table in before
        if before[table] != after[table]
    ]


def rebuild(workspace: Workspace) -> int:
    """Throw the ledger away and compute it from the journal; returns the number of subjects."""
    return workspace.store.rebuild()


def back_up_to(workspace: Workspace, folder: Path, progress: Progress = silent) -> Path:
    """Copy the whole workspace (database, evidence, keys) into a new folder below `folder`, and check the copy.

    Returns the new folder.  A cancelled or failed backup leaves nothing behind.
    """
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    target = folder / f"{workspace.unit_code}-{stamp}"
    partial = target.with_name(target.name + ".part")
    with storage_errors(folder):
        _sweep(folder, rf"{re.escape(workspace.unit_code)}-\d{{8}}-\d{{6}}\.part")
        partial.mkdir(parents=True)
        try:
            back_up(workspace.store.connection, partial / FILE_NAME)
            files = [
                path
                for part in ("evidence", "keys")
                for path in sorted((workspace.root / part).rglob("*"))
                if path.is_file() and not path.name.startswith(".")
            ]
            _copy(files, workspace.root, partial, progress)
            found = _examine(partial, progress)
            if not found.ok:
                trouble = trouble_at(workspace.root)
                if trouble is not None:
                    raise disk_error(trouble, workspace.root)
                raise KnownError(
                    _("备份写好后核对不一致，没有采用。"),
                    next_step=_("请换一个盘再备份，并给原数据做一次体检（命令行：taizhang doctor）。"),
                    detail="; ".join(found.problems[:5]),
                )
            flush(partial)
            partial.rename(target)
            sync_folder(folder)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
    workspace.store.set_meta("last_backup", workspace.store.clock())
    return target


STALE = 24 * 3600
"""Seconds after which an unfinished copy was left by a program that was killed, or by a stick that was pulled out."""


def _sweep(folder: Path, name: str) -> None:
    """Remove unfinished copies under temporary names, each as large as a whole one, which would fill a disk unseen."""
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if re.fullmatch(name, path.name) and time.time() - path.stat().st_mtime > STALE:
                shutil.rmtree(path, ignore_errors=True)


def _copy(files: list[Path], source: Path, target: Path, progress: Progress) -> None:
    for number, path in enumerate(files):
        progress(number, len(files), path.name)
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)


def _examine(folder: Path, progress: Progress) -> Diagnosis:
    """What doctor says of a workspace that was just written."""
    try:
        with Workspace.open(folder) as check:
            found = doctor(check, progress)
    except StorageError as error:
        # It was a workspace a moment ago: where the disk has gone with it, that is what is to be said.
        trouble = trouble_at(folder)
        if trouble is None and not (folder / FILE_NAME).exists():
            trouble = FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        if trouble is not None:
            raise disk_error(trouble, folder) from error
        raise
    (folder / ".lock").unlink(missing_ok=True)
    return found


def restore(backup: Path, target: Path, progress: Progress = silent) -> Path:
    """Put a backup into a new, empty folder and check it.  The backup itself stays as it is; where something is wrong
    with it or the disk refuses, nothing is left behind."""
    if not (backup / FILE_NAME).exists():
        raise InputError(
            _("“{path}”里没有备份。").format(path=backup),
            next_step=_("请选择含有 taizhang.db 的备份文件夹。"),
        )
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(
            _("“{path}”不是空文件夹。").format(path=target), next_step=_("请换一个空文件夹来恢复。")
        )
    target = target.absolute()
    with storage_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target.parent, rf"{re.escape(target.name)}\.part-\w{{8}}")
        partial = Path(tempfile.mkdtemp(prefix=f"{target.name}.part-", dir=target.parent))
        try:
            files = [path for path in sorted(backup.rglob("*")) if path.is_file() and path.name != ".lock"]
            _copy(files, backup, partial, progress)
            found = _examine(partial, progress)
            if not found.ok:
                raise KnownError(
                    _("备份里有损坏的内容：{text}").format(text=_("；").join(found.problems[:3])),
                    meaning=_("没有恢复。"),
                    next_step=_("请换更早的一份备份再试；这一份不要删除。"),
                )
            if target.exists():
                target.rmdir()
            flush(partial)
            partial.rename(target)
            sync_folder(target.parent)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
    return target
