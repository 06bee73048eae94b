"""Care of a workspace: doctor finds whatever was changed behind its back; backups are whole or not there."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core.errors import Cancelled, KnownError, StorageError
from desktop_app.core.operations import care
from desktop_app.core.operations.workspace import Workspace

FIGURE = "progress/990101101/2024/1.1/2024-04"
TAMPERED = {
    "an entry's bytes": (
        "UPDATE segment SET lines = CAST(replace(CAST(lines AS TEXT), '\"value\":', '\"value\":1') AS BLOB)"
        f" WHERE seq = (SELECT segment FROM entry WHERE subject = '{FIGURE}' LIMIT 1)",
        "被改动",
    ),
    "what an entry replaces": (
        f"UPDATE entry SET replaces = x'' WHERE subject = '{FIGURE}' AND n > 1",
        "索引不符",
    ),
    "how deep it is": (f"UPDATE entry SET n = n + 1 WHERE subject = '{FIGURE}'", "索引不符"),
    "who said it": (f"UPDATE entry SET unit = '990101' WHERE subject = '{FIGURE}'", "索引不符"),
    "where it lies": (f"UPDATE entry SET start = start + 1 WHERE subject = '{FIGURE}'", "被改动"),
    "a signature": (
        "UPDATE container_part SET bytes = bytes || x'20' WHERE name = 'sig1.xml' AND container ="
        " (SELECT seq FROM container WHERE unit = '990101101' AND origin = 'package')",
        "签名内容被改动",
    ),
    "a manifest": (
        "UPDATE container_part SET bytes = CAST(bytes || x'20' AS BLOB) WHERE name = 'payload.json' AND container ="
        " (SELECT seq FROM container WHERE unit = '990101101' AND origin = 'package')",
        "签名内容被改动",
    ),
    "a journal behind its last entry": (
        "UPDATE segment SET lines = CAST(lines || x'0a' AS BLOB) WHERE container ="
        " (SELECT seq FROM container WHERE unit = '990101101' AND origin = 'package')",
        "签名内容被改动",
    ),
    "an entry that is gone": (f"DELETE FROM entry WHERE subject = '{FIGURE}'", "与流水不符"),
    "a file that is gone": ("INSERT INTO file VALUES ('" + "0" * 64 + "', 1, 0, '')", "不见了"),
    "a figure": ("UPDATE figure SET value = value + 1", "“figure”与流水不符"),
    "a verdict": ("UPDATE verdict SET verdict = 'return'", "“verdict”与流水不符"),
    "a refusal": ("INSERT INTO refused VALUES ('x/y', x'00', 'reporter')", "“refused”与流水不符"),
    "a link": ("DELETE FROM segment WHERE seq = (SELECT max(seq) FROM segment)", ""),
}


@pytest.fixture(scope="module")
def sound(city: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county's folder, which doctor finds nothing wrong with."""
    target = tmp_path_factory.mktemp("care") / "county"
    shutil.copytree(city.desk(city.county), target, ignore=shutil.ignore_patterns("outbox", "thumbnails"))
    with Workspace.open(target) as workspace:
        found = care.doctor(workspace)
    assert found.ok and found.problems == () and found.entries > 1000 and found.forks == 1
    return target


@pytest.mark.parametrize("what", TAMPERED)
def test_doctor_finds(what: str, sound: Path, tmp_path: Path):
    statement, saying = TAMPERED[what]
    shutil.copyfile(sound / "taizhang.db", tmp_path / "taizhang.db")
    (tmp_path / "evidence").symlink_to(sound / "evidence")
    connection = sqlite3.connect(tmp_path / "taizhang.db")
    # Whoever has the disk can do without the triggers.
    for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {trigger}")
    assert connection.execute(statement).rowcount > 0, "the test changed nothing"
    connection.commit()
    connection.close()
    with Workspace.open(tmp_path) as workspace:
        found = care.doctor(workspace)
    assert not found.ok
    assert saying in "".join(found.problems)


# -- backups -------------------------------------------------------------------------------------------------------


def copies(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_backup_that_is_broken_off_leaves_nothing(opened: Callable[[str], Any], city: Any, tmp_path: Path):
    def stop(done: int, total: int, text: str = "") -> None:
        if done > 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        care.back_up_to(opened(city.town), tmp_path / "盘", stop)
    assert copies(tmp_path / "盘") == []


@pytest.mark.parametrize(
    "trouble", [OSError(errno.ENOSPC, "full"), sqlite3.OperationalError("database or disk is full")]
)
def test_a_backup_that_fails_leaves_nothing_and_says_why(
    opened: Callable[[str], Any],
    city: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Exception,
):
    def fail(*_words: object) -> None:
        raise trouble

    monkeypatch.setattr(care, "_copy", fail)
    for _twice in range(2):
        with pytest.raises(StorageError, match="磁盘已满"):
            care.back_up_to(opened(city.town), tmp_path / "盘")
    assert copies(tmp_path / "盘") == []


def test_an_unfinished_backup_of_long_ago_is_cleared(opened: Callable[[str], Any], city: Any, tmp_path: Path):
    """What a stick that was pulled out still holds; another unit's, today's and what is not ours stay."""
    disk = tmp_path / "盘"
    old = disk / f"{city.town}-20240630-173000.part"
    kept = [
        disk / f"{city.town}-20240630-173001.part",
        disk / "990101102-20240630-173000.part",
        disk / "我的.part",
    ]
    for path in (old, *kept):
        (path / "evidence").mkdir(parents=True)
    for path in (old, *kept[1:]):
        os.utime(path, (0, 0))
    backup = care.back_up_to(opened(city.town), disk)
    assert set(copies(disk)) == {backup.name, *(path.name for path in kept)}
    places = tmp_path / "新"
    for name in ("town.part-ab_c1234", "town.part-fresh123", "town.part-我的", "other.part-abcd1234"):
        (places / name).mkdir(parents=True)
        if "fresh" not in name:
            os.utime(places / name, (0, 0))
    care.restore(backup, places / "town")
    assert set(copies(places)) == {"town", "town.part-fresh123", "town.part-我的", "other.part-abcd1234"}


def test_a_damaged_backup_is_not_put_into_use(opened: Callable[[str], Any], city: Any, tmp_path: Path):
    backup = care.back_up_to(opened(city.town), tmp_path / "盘")
    assert copies(tmp_path / "盘") == [backup.name]
    restored = care.restore(backup, tmp_path / "新" / "town")
    with Workspace.open(restored) as workspace:
        assert care.doctor(workspace).ok
    # Into an empty folder that is there already, too.
    (tmp_path / "空").mkdir()
    assert care.restore(backup, tmp_path / "空") == tmp_path / "空"
    picture = next(path for path in (backup / "evidence").rglob("*") if path.is_file())
    picture.write_bytes(picture.read_bytes()[:-1] + b"?")
    before = copies(tmp_path)
    with pytest.raises(KnownError, match="损坏") as refused:
        care.restore(backup, tmp_path / "又")
    assert refused.value.next_step
    assert copies(tmp_path) == before


def test_a_damaged_entry_is_told_in_words_everywhere(
    sound: Path, tmp_path: Path, refused: Callable[..., Any]
):
    shutil.copyfile(sound / "taizhang.db", tmp_path / "taizhang.db")
    connection = sqlite3.connect(tmp_path / "taizhang.db")
    connection.execute("DROP TRIGGER segment_fixed")
    broken = 'CAST(replace(CAST(lines AS TEXT), \'"kind":"unit"\', \'"kind":unit"\') AS BLOB)'
    assert connection.execute(f"UPDATE segment SET lines = {broken}").rowcount
    connection.commit()
    connection.close()
    for words in (("tasks",), ("rebuild",), ("record", "1.1", "5", "--period", "2024-05")):
        refused(*words, at=tmp_path, saying="已损坏")
