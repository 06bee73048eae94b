"""Opening the database: migrating, refusing, and saying in words what is wrong with a file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from desktop_app.core import paths
from desktop_app.core.errors import StorageError
from desktop_app.core.store import database, schema
from desktop_app.core.store.database import FILE_NAME, open_database, version_of
from desktop_app.core.store.store import Store


def layout(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    """Tables, indexes and triggers of ours, without the notes that the migrating library keeps."""
    found = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE substr(tbl_name, 1, 1) <> '_' ORDER BY type, name"
    )
    return [tuple(row) for row in found]


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A closed workspace's database with something in it."""
    with Store.create(tmp_path / "desk", "a", "c") as store:
        store.set_meta("operator", "李敏")
    return tmp_path / "desk" / FILE_NAME


def operator(path: Path) -> str:
    with Store.open(path.parent) as store:
        return store.meta("operator")


# -- the schema ----------------------------------------------------------------------------------------------------


def test_schema_file_is_fresh():
    assert paths.SCHEMA.read_text(encoding="utf-8") == schema.fresh_schema(), (
        "run: .venv/bin/python -m desktop_app.core.store.schema > db/schema.sql"
    )


def test_schema_file_makes_the_same_database_as_the_migrations(made: Path):
    drawn = sqlite3.connect(":memory:")
    drawn.executescript(paths.SCHEMA.read_text(encoding="utf-8"))
    with Store.open(made.parent) as store:
        assert layout(drawn) == layout(store.connection)
        assert version_of(drawn) == version_of(store.connection) == len(database.migration_files())
    drawn.close()


def test_every_table_of_the_journal_has_its_two_triggers(made: Path):
    with Store.open(made.parent) as store:
        triggers = {
            row["tbl_name"]
            for row in store.connection.execute("SELECT * FROM sqlite_master WHERE type='trigger'")
        }
        assert triggers == {"container", "container_part", "segment", "entry", "origin"}


# -- migrating -----------------------------------------------------------------------------------------------------


@pytest.fixture
def migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of migrations that a test may add to; it begins with the real ones."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    for file in database.migration_files():
        (folder / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(paths, "MIGRATIONS", folder)
    return folder


def add_migration(folder: Path, sql: str) -> int:
    number = len(list(folder.iterdir())) + 1
    (folder / f"{number:04d}_test.sql").write_text(sql, encoding="utf-8")
    return number


def test_migrating_keeps_what_is_there_and_backs_up_first(made: Path, migrations: Path):
    with Store.open(made.parent) as store:
        old = version_of(store.connection)
    number = add_migration(
        migrations,
        "CREATE TABLE extra (a TEXT);\n-- a remark; with a semicolon\nINSERT INTO extra VALUES ('x;y');\n",
    )
    with Store.open(made.parent) as store:
        assert version_of(store.connection) == number
        assert store.connection.execute("SELECT a FROM extra").fetchone()["a"] == "x;y"
        assert store.meta("operator") == "李敏"
    (backup,) = made.parent.glob("*-before-*.db")
    saved = sqlite3.connect(backup)
    assert version_of(saved) == old
    assert saved.execute("SELECT value FROM meta WHERE key = 'operator'").fetchone() == ("李敏",)
    saved.close()


def test_a_migration_that_fails_changes_nothing_and_the_old_file_stays_usable(
    made: Path, migrations: Path, monkeypatch: pytest.MonkeyPatch
):
    with Store.open(made.parent) as store:
        before = layout(store.connection)
        old = version_of(store.connection)
    sql = """
        CREATE TABLE extra (a TEXT);
        DELETE FROM meta;
        CREATE TRIGGER t BEFORE DELETE ON extra BEGIN SELECT 1; END;
        no such statement;
    """
    add_migration(migrations, sql)
    with pytest.raises(sqlite3.OperationalError, match="syntax error"):
        Store.open(made.parent)
    # Today's program, which does not know that migration, opens the file as if nothing had happened.
    monkeypatch.undo()
    with Store.open(made.parent) as store:
        assert (layout(store.connection), version_of(store.connection)) == (before, old)
        assert store.meta("operator") == "李敏"
    assert len(list(made.parent.glob("*-before-*.db"))) == 1


def test_the_second_of_two_migrations_fails_and_the_first_stays(made: Path, migrations: Path):
    first = add_migration(migrations, "CREATE TABLE one (a TEXT);\n")
    add_migration(migrations, "CREATE TABLE two (a TEXT);\nCREATE TABLE one (a TEXT);\n")
    with pytest.raises(sqlite3.OperationalError):
        Store.open(made.parent)
    connection = sqlite3.connect(made)
    assert version_of(connection) == first
    tables = {name for _kind, name, _sql in layout(connection)}
    assert "one" in tables and "two" not in tables
    connection.close()


# -- refusing ------------------------------------------------------------------------------------------------------


def test_newer_database_is_refused_untouched(made: Path):
    connection = sqlite3.connect(made)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    before = made.read_bytes()
    with pytest.raises(StorageError, match="更新版本") as refused:
        Store.open(made.parent)
    assert "没有改动" in refused.value.meaning and refused.value.next_step
    assert made.read_bytes() == before
    assert [path.name for path in made.parent.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a database at all, but long enough to be looked at" * 40,
        b"SQLite format 3\0" + b"\xff" * 4096,
    ],
    ids=["emptied", "text", "header only"],
)
def test_a_file_that_is_no_database_of_ours_is_refused_in_words_and_kept(made: Path, content: bytes):
    made.write_bytes(content)
    with pytest.raises(StorageError, match="损坏") as refused:
        Store.open(made.parent)
    assert "备份" in refused.value.next_step
    assert made.read_bytes() == content


def test_another_programs_database_is_not_made_into_a_workspace(made: Path):
    made.unlink()
    other = sqlite3.connect(made)
    other.execute("CREATE TABLE theirs (x)")
    other.close()
    with pytest.raises(StorageError, match="不是本软件"):
        Store.open(made.parent)
    other = sqlite3.connect(made)
    assert [name for _kind, name, _sql in layout(other)] == ["theirs"]
    other.close()


def test_a_damaged_page_is_told_in_words(made: Path):
    content = bytearray(made.read_bytes())
    # The first page's list of tables, right behind the header of the file.
    content[100:140] = b"\xff" * 40
    made.write_bytes(content)
    with pytest.raises(StorageError, match="已损坏") as refused:
        Store.open(made.parent)
    assert "备份" in refused.value.next_step


def test_missing_workspace(tmp_path: Path):
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(StorageError, match="不是一个工作区") as refused:
            Store.open(folder)
        assert refused.value.next_step
    assert not (tmp_path / "nowhere").exists()


def test_a_workspace_is_not_made_on_top_of_another(made: Path):
    with pytest.raises(StorageError, match="已经有一个工作区"):
        Store.create(made.parent, "b", "c")
    assert operator(made) == "李敏"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("database or disk is full", "磁盘已满"),
        ("attempt to write a readonly database", "不能写入"),
        ("unable to open database file", "不能写入"),
        ("database is locked", "正被另一个窗口使用"),
        ("database disk image is malformed", "已损坏"),
        ("file is not a database", "已损坏"),
    ],
)
def test_what_sqlite_says_becomes_words(said: str, words: str, tmp_path: Path):
    with pytest.raises(StorageError, match=words) as told, database.storage_errors(tmp_path):
        raise sqlite3.OperationalError(said)
    assert told.value.next_step and told.value.detail == said


def test_what_is_our_own_mistake_stays_one(tmp_path: Path):
    with pytest.raises(sqlite3.OperationalError), database.storage_errors(tmp_path):
        raise sqlite3.OperationalError("no such table: entri")


@pytest.mark.parametrize(
    ("number", "words"),
    [(28, "磁盘已满"), (122, "磁盘已满"), (30, "不能写入"), (13, "不能写入"), (2, "找不到"), (5, "出错")],
)
def test_what_the_system_says_becomes_words(number: int, words: str, tmp_path: Path):
    with pytest.raises(StorageError, match=words) as told, database.storage_errors(tmp_path):
        raise OSError(number, "said by the system")
    assert told.value.next_step


def test_a_new_database_is_ours(tmp_path: Path):
    connection = open_database(tmp_path / FILE_NAME, create=True)
    assert connection.execute("PRAGMA application_id").fetchone()[0] == database.APPLICATION_ID
    settings = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "foreign_keys", "recursive_triggers", "synchronous")
    }
    assert settings == {"journal_mode": "wal", "foreign_keys": 1, "recursive_triggers": 1, "synchronous": 2}
    connection.close()


def test_a_journal_taken_in_is_not_searched_for_in_every_entry(tmp_path: Path):
    """A row that others may refer to is looked for in them while a deferred key is open: each must have an index."""
    connection = database.open_database(tmp_path / database.FILE_NAME, create=True)
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    unindexed = []
    for table in tables:
        for key in connection.execute(f"PRAGMA foreign_key_list({table})"):
            plan = connection.execute(
                f"EXPLAIN QUERY PLAN SELECT 1 FROM {table} WHERE {key['from']} = ?", (1,)
            ).fetchone()
            if plan["detail"].startswith("SCAN"):
                unindexed.append((table, key["from"]))
    connection.close()
    assert unindexed == []
