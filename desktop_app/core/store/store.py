"""A workspace's store: one connection, its projector and its files.

A store belongs to the thread that opened it; each job opens its own.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from desktop_app.core.errors import StorageError
from desktop_app.core.i18n import _
from desktop_app.core.journal.line import read_line, write_line
from desktop_app.core.model.bodies import Body
from desktop_app.core.model.entry import Changes
from desktop_app.core.store import journal
from desktop_app.core.store.admission import Arrival, Counts, admit
from desktop_app.core.store.database import APPLICATION_ID, FILE_NAME, open_database, storage_errors
from desktop_app.core.store.files import FileStore
from desktop_app.core.store.journal import ContainerRow
from desktop_app.core.store.ledger import Ledger
from desktop_app.core.store.projection import Projector

FOUNDING = "founding"
"""The setting of a store whose founding has not come to its end."""


def is_unfinished(path: Path) -> bool:
    """Whether a database is what a founding that was broken off has left: nobody has ever worked in it."""
    if not path.exists():
        return False
    try:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            tables = {name for (name,) in found if not name.startswith(("sqlite_", "_sqlite_"))}
            if not tables:
                # Founding makes the tables before anything else; keys or files beside an empty database mean that a
                # real one was damaged.
                if any(
                    (path.parent / name).exists() for name in ("keys", "evidence", "outbox", "quarantine")
                ):
                    return False
                return int(connection.execute("PRAGMA application_id").fetchone()[0]) in (0, APPLICATION_ID)
            noted = (
                {key for (key,) in connection.execute("SELECT key FROM meta")} if "meta" in tables else {"?"}
            )
            return FOUNDING in noted or not noted
    except sqlite3.DatabaseError:
        return False


CERTIFICATE_ENDS = "certificate_ends"
"""Where the day is noted on which this desk's certificate ends: it is asked for every day, and the library that reads
certificates is slow to load."""

COMPUTED = "ledger_rules"
RULES = 3
"""Which rules the ledger was computed by; raised when they change, so that older workspaces are computed anew."""


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """Something to be said on this desk: it becomes an entry that replaces the subject's present heads.

    `keep` names heads (hex ids) that it must not replace; used only where a fork is wanted or kept.
    """

    kind: str
    subject: str
    body: Body
    operator: str = ""
    at: str = ""
    keep: frozenset[str] = frozenset()


class Store:
    """Open with `Store.open(root)` or `Store.create(root, unit, city)`; close when done (a context manager)."""

    def __init__(self, root: Path, connection: sqlite3.Connection) -> None:
        self.root = root
        self.connection = connection
        self.files = FileStore(root / "evidence")
        self.unit = self.meta("unit")
        self.city = self.meta("city")
        self.projector = Projector(connection, self.unit, self.city)
        self.ledger = Ledger(connection, self.projector)
        self._depth = 0
        self._seen = 0
        """SQLite's number for what other connections have written."""
        self.clock: Callable[[], str] = journal.now
        """What an entry's `at` is taken from; the sample city sets its own."""

    @classmethod
    def open(cls, root: Path) -> Store:
        """StorageError when the folder holds no workspace, a newer one or a damaged one."""
        store = cls(root, open_database(root / FILE_NAME))
        try:
            store.renew()
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def create(cls, root: Path, unit: str, city: str, *, founding: bool = False) -> Store:
        """A new, empty store in a folder that holds none yet, or one whose founding was broken off.

        `founding` notes that it is of no use before `founded` is called.
        """
        path = root / FILE_NAME
        with storage_errors(root):
            root.mkdir(parents=True, exist_ok=True)
            if is_unfinished(path):
                for ending in ("", "-wal", "-shm"):
                    path.with_name(path.name + ending).unlink(missing_ok=True)
        if path.exists():
            raise StorageError(
                _("“{path}”里已经有一个工作区。").format(path=root),
                next_step=_("请换一个空文件夹，或直接打开原来的工作区。"),
            )
        connection = open_database(path, create=True)
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            noted = [
                ("unit", unit),
                ("city", city),
                (COMPUTED, str(RULES)),
                *([(FOUNDING, "yes")] if founding else []),
            ]
            connection.executemany("INSERT INTO meta VALUES (?,?)", noted)
        return cls(root, connection)

    def renew(self) -> None:
        """Compute the ledger anew where an older program has computed it by other rules."""
        if self.meta(COMPUTED) != str(RULES):
            with self.transaction():
                self.projector.rebuild()
                self.set_meta(COMPUTED, str(RULES))

    def founded(self) -> None:
        """What was begun with `founding` is complete."""
        with self.transaction():
            self.connection.execute("DELETE FROM meta WHERE key = ?", (FOUNDING,))

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    # -- small settings of this workspace ------------------------------------------------------------------------

    def meta(self, key: str, default: str = "") -> str:
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row["value"]) if row else default

    def set_meta(self, key: str, value: str) -> None:
        with self.transaction():
            self.connection.execute(
                "INSERT INTO meta VALUES (?,?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (key, value),
            )

    # -- writing -------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; nested ones are savepoints.  What the projector remembers is forgotten on failure."""
        name = f"level{self._depth}"
        with storage_errors(self.root):
            self.connection.execute("BEGIN IMMEDIATE" if self._depth == 0 else f"SAVEPOINT {name}")
            if self._depth == 0:
                self._notice_others()
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                self._forget()
                # A full disk makes SQLite take the whole transaction back by itself; then there is no savepoint left.
                if not self.connection.in_transaction:
                    pass
                elif self._depth == 0:
                    self.connection.execute("ROLLBACK")
                else:
                    self.connection.execute(f"ROLLBACK TO {name}")
                    self.connection.execute(f"RELEASE {name}")
                raise
            self._depth -= 1
            try:
                self.connection.execute("COMMIT" if self._depth == 0 else f"RELEASE {name}")
            except BaseException:
                if self._depth == 0 and self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                self._forget()
                raise

    def stamp(self) -> tuple[int, int]:
        """Changes whenever anything was written to the database, here or by another connection."""
        seen = int(self.connection.execute("PRAGMA data_version").fetchone()[0])
        return seen, self.connection.total_changes

    def _notice_others(self) -> None:
        """Forget what the projector remembers where another connection has written since: a job's own store may have
        brought a new organisation or new duties."""
        seen = int(self.connection.execute("PRAGMA data_version").fetchone()[0])
        if seen != self._seen:
            self._seen = seen
            self.projector.forget()

    def _forget(self) -> None:
        """After a failure: what the projector remembers may hold what was just taken back."""
        self.projector.expect(())
        self.projector.forget()

    def say(self, said: Sequence[Said]) -> tuple[Changes, list[str]]:
        """Write entries typed on this desk, in one transaction; returns what changed and the new ids.

        Each replaces the present heads of its subject; several on one subject chain up in order.
        """
        ids: list[str] = []
        with self.transaction():
            container = journal.local_container(self.connection, self.unit)
            self.projector.note_container(container)
            tops: dict[str, tuple[list[str], int]] = {}
            for item in said:
                replaced, depth = tops.get(item.subject) or self._tops(item.subject)
                replaced = [ident for ident in replaced if ident not in item.keep]
                line = write_line(
                    item.kind,
                    item.subject,
                    self.unit,
                    item.operator,
                    item.at or self.clock(),
                    item.body,
                    tuple(replaced),
                    depth + 1,
                )
                entry = read_line(line)
                located = journal.located(entry, line, 0)
                known = journal.known_ids(self.connection, [item.subject])
                journal.add_segment(self.connection, container, "", line, [located], known)
                ids.append(located.id.hex())
                tops[item.subject] = ([ids[-1], *item.keep], entry.n)
            self.projector.apply({item.kind for item in said}, {item.subject for item in said})
        return (
            Changes(
                kinds=frozenset(item.kind for item in said),
                subjects=tuple(dict.fromkeys(item.subject for item in said)),
                entries=len(ids),
            ),
            ids,
        )

    def _tops(self, subject: str) -> tuple[list[str], int]:
        """Ids of the present heads, and the greatest depth among all entries that count."""
        row = self.connection.execute(
            "SELECT id, n, heads FROM head WHERE subject = ?", (subject,)
        ).fetchone()
        if row is None:
            return [], 0
        if row["heads"] == 1:
            return [row["id"].hex()], int(row["n"])
        return [ident.hex() for ident in self.projector.counted_ids(subject)], int(row["n"])

    def head_ids(self, subject: str) -> list[str]:
        return self._tops(subject)[0]

    def admit(self, arrivals: Sequence[Arrival]) -> list[Counts]:
        """Take verified containers in that came together: their signed parts, their journals, and the ledger
        brought up to date once, so that the order among them does not matter.

        A container already here changes nothing and counts everything as known.  Call inside a transaction that
        also covers what came with it.
        """
        return admit(self.connection, self.projector, self.clock, arrivals)

    def note_own(self, row: ContainerRow, parts: dict[str, bytes], keys: Sequence[tuple[str, bytes]]) -> None:
        """Remember a package of this desk: which of its entries it carried.  Their bytes are here already."""
        with self.transaction():
            if journal.find_container(self.connection, row.digest) is not None:
                return
            seq = journal.next_seq(self.connection)
            for name, content in sorted(parts.items()):
                journal.add_part(self.connection, seq, name, content)
            self.connection.executemany(
                "INSERT OR IGNORE INTO origin VALUES (?,?,?)",
                sorted((subject, ident, seq) for subject, ident in keys),
            )
            row = msgspec.structs.replace(row, arrived=row.arrived or self.clock())
            journal.add_container(self.connection, row, (len(keys), 0, len(keys), 0, 0), seq)
            self.projector.forget()

    def forget_bytes(self, name: str) -> None:
        """Drop a sealed record and the note that a file is here; for erasure, which the journal tells of."""
        self.connection.execute("DELETE FROM sealed_record WHERE hash = ?", (name,))
        self.connection.execute("DELETE FROM file WHERE sha256 = ?", (name,))

    def rebuild(self) -> int:
        """Throw the ledger away and compute it anew; returns the number of subjects."""
        with self.transaction():
            return self.projector.rebuild()


__all__ = ["FOUNDING", "Arrival", "Counts", "Said", "Store", "is_unfinished"]
