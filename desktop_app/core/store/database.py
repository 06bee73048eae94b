"""Opening a workspace's database: migrate (after a backup), refuse a newer one, set the pragmas.

Every store is opened here and nowhere else, so that encrypting the whole database later has one place to go.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from desktop_app.core import paths
from desktop_app.core.disks import disk_error, is_full, too_long, trouble_at
from desktop_app.core.errors import KnownError, StorageError
from desktop_app.core.i18n import _

FILE_NAME = "taizhang.db"
APPLICATION_ID = 0x745A4831
"""Marks the file as ours ("tZH1")."""
LONGEST_PATH = 480
"""Bytes of a path that SQLite opens together with the files it makes beside it (its own limit is 512)."""


def migration_files() -> list[Path]:
    """The numbered migrations, in order.  Never edited once released."""
    return sorted(paths.MIGRATIONS.glob("[0-9][0-9][0-9][0-9]_*.sql"))


@contextlib.contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite and the operating system say into words a person can act on."""
    try:
        yield
    except sqlite3.DatabaseError as problem:
        text = str(problem).lower()
        if "full" in text:
            what, step = (
                _("磁盘已满，没有保存。"),
                _("请清出一些空间（或换一个盘）后再试，已保存的内容没有丢。"),
            )
        elif "locked" in text or "busy" in text:
            what, step = _("这个工作区正被另一个窗口使用。"), _("请先关掉另一个窗口，再试一次。")
        elif "unable to open" in text and len(str(path).encode()) > LONGEST_PATH:
            raise too_long(path, str(problem)) from problem
        elif any(words in text for words in _OF_THE_DISK) and (trouble := _trouble_at(path)) is not None:
            raise disk_error(trouble, path) from problem
        elif "readonly" in text or "read-only" in text or "unable to open" in text:
            what = _("不能写入“{path}”。").format(path=path)
            step = _("请确认文件夹存在、没有写保护，再试一次。")
        elif "disk i/o" in text:
            raise disk_error(OSError(errno.EIO, text), path) from problem
        elif "malformed" in text or "not a database" in text:
            what = _("数据文件“{path}”已损坏。").format(path=path)
            step = _("请从备份恢复，不要删除原文件；把它一并发给技术人员。")
        else:
            raise
        raise StorageError(what, next_step=step, detail=str(problem)) from problem
    except OSError as problem:
        raise disk_error(problem, path) from problem


_OF_THE_DISK = ("disk i/o", "unable to open", "readonly", "read-only", "malformed", "not a database")
"""What SQLite says where a disk is full, locked or gone; of a disk that went away it says that the file is damaged."""


def _trouble_at(path: Path) -> OSError | None:
    # A full disk may take a trial's few bytes and still not what SQLite shares with other windows.
    return trouble_at(path) or (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) if is_full(path) else None)


_DISK_ITSELF = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ENXIO, errno.ENODEV)
"""What the system says of a disk, and never because of a fault of ours."""


def in_words(problem: BaseException, folder: Path) -> KnownError | None:
    """What nobody caught nearer by and is the disk's doing, for whoever is the last to see it: a page of the database
    that cannot be read, a disk that went away.  None for anything else."""
    if isinstance(problem, KnownError):
        return problem
    if not isinstance(problem, sqlite3.DatabaseError) and getattr(problem, "errno", 0) not in _DISK_ITSELF:
        return None
    try:
        with storage_errors(Path(getattr(problem, "filename", None) or folder)):
            raise problem
    except KnownError as error:
        return error
    except sqlite3.DatabaseError:
        return None


def connect(path: Path) -> sqlite3.Connection:
    """A connection in autocommit mode with the pragmas of this program."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=5)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        # Without this, INSERT OR REPLACE would slip past the triggers that keep the journal append-only.
        connection.execute("PRAGMA recursive_triggers = ON")
        connection.execute("PRAGMA cache_size = -8192")
        connection.execute("PRAGMA wal_autocheckpoint = 4000")
    except BaseException:
        connection.close()
        raise
    return connection


def version_of(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def open_database(path: Path, *, create: bool = False) -> sqlite3.Connection:
    """Open (or create) the database at `path`, migrated to this version.

    StorageError when it is missing, belongs to another program, is damaged, or was written by a newer version.
    """
    if not create and not path.exists():
        raise StorageError(
            _("“{path}”不是一个工作区。").format(path=path.parent),
            next_step=_("请选择含有 taizhang.db 的文件夹，或先新建一个工作区（命令行：taizhang init）。"),
        )
    with storage_errors(path):
        if not create:
            _refuse_foreign(path)
        connection = connect(path)
        try:
            _migrate(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def _refuse_foreign(path: Path) -> None:
    """An emptied file and another program's would otherwise be made into a new, empty workspace.  Asked before any
    pragma is set, which would already write."""
    with contextlib.closing(sqlite3.connect(path, timeout=5)) as connection:
        ours = int(connection.execute("PRAGMA application_id").fetchone()[0]) == APPLICATION_ID
    if not ours:
        raise StorageError(
            _("“{path}”不是本软件的数据文件，或者内容已损坏。").format(path=path),
            meaning=_("没有改动它。"),
            next_step=_("请从备份恢复，不要删除原文件；把它一并发给技术人员。"),
        )


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    files = migration_files()
    version = version_of(connection)
    if version > len(files):
        raise StorageError(
            _("这个工作区是用更新版本的软件建立的，本机的版本打不开它。"),
            meaning=_("数据没有改动。"),
            next_step=_("请安装新版本后再打开。"),
            detail=f"database version {version}, program version {len(files)}",
        )
    if version == len(files):
        return
    if version > 0:
        back_up(connection, path.with_name(f"{path.stem}-before-{len(files):04d}.db"))
    # Imported here, since it takes a tenth of a second and an up-to-date database does not need it.
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

    migrations = Migrations("taizhang")
    for number, file in enumerate(files, start=1):
        migrations(name=file.stem)(_migration(file, number))
    migrations.apply(Database(connection, recursive_triggers=True))


def _migration(file: Path, number: int) -> Callable[[Any], None]:
    def run(db: Any) -> None:
        for statement in _statements(file.read_text(encoding="utf-8")):
            db.execute(statement)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {number}")

    return run


def _statements(script: str) -> Iterator[str]:
    """Split a migration into statements; executescript would commit in between."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip() and not all(
        row.lstrip().startswith("--") or not row.strip() for row in pending.splitlines()
    ):
        yield pending


def missing_objects(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Indexes and triggers that this version's database has and this one lacks, as (name, statement)."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as model:
        for file in migration_files():
            for statement in _statements(file.read_text(encoding="utf-8")):
                model.execute(statement)
        wanted = model.execute(
            "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY rowid"
        ).fetchall()
    here = {
        row[0]
        for row in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('index', 'trigger')")
    }
    return [(name, sql) for name, sql in wanted if name not in here]


def back_up(connection: sqlite3.Connection, target: Path) -> None:
    """A consistent copy of the database, made while it is open."""
    copy = sqlite3.connect(target)
    try:
        connection.backup(copy)
    finally:
        copy.close()
