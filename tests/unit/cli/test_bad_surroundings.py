"""What surrounds a command: passphrase, key, disk, folder, lock, database, and the line itself."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

MAY = ("--period", "2024-05")
PDF = b"%PDF-1.4\n" + bytes(range(1, 256)) * 200

needs_mount = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("mount"),
    reason="only root can mount a small disk",
)


@pytest.fixture
def town(city: Any, desk: Callable[[str], Path]) -> Path:
    return desk(city.town)


@pytest.fixture
def exported(town: Path, taizhang: Callable[..., Any], tmp_path: Path) -> Path:
    """The town after a good export, whose statement of what it sends is made once and stays."""
    assert taizhang("export", *MAY, "--out", tmp_path / "good", at=town).status == 0
    return town


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """A small disk of its own; filled, or read-only, as wanted."""
    mounted: list[Path] = []

    def mount(size: int, name: str = "disk") -> Path:
        folder = tmp_path / name
        folder.mkdir()
        words = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
        if subprocess.run(words, capture_output=True).returncode:
            pytest.skip("no disk can be mounted here")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Fill a disk to the last byte."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as out:
        for block in (1 << 16, 1 << 12, 1):
            try:
                while out.write(b"\0" * block) == block:
                    pass
            except OSError:
                continue
    return filler


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


# -- key and passphrase --------------------------------------------------------------------------------------------


def test_wrong_passphrase_and_none(
    town: Path, refuses: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    words = ("export", *MAY, "--out", tmp_path / "out")
    monkeypatch.setenv("TAIZHANG_PASSPHRASE", "not it")
    refuses(town, *words, saying="口令不对")
    refuses(town, "key", "request", tmp_path / "a.req", saying="口令不对")
    refuses(town, "key", "passphrase", "--new", "something", saying="口令不对")
    monkeypatch.delenv("TAIZHANG_PASSPHRASE")
    refuses(town, *words, saying="TAIZHANG_PASSPHRASE")
    refuses(town, "key", "request", tmp_path / "a.req", status=2, saying="TAIZHANG_PASSPHRASE")
    assert files_in(tmp_path / "out") == [] and not (tmp_path / "a.req").exists()


def test_no_key(town: Path, refuses: Callable[..., Any], taizhang: Callable[..., Any], tmp_path: Path):
    shutil.rmtree(town / "keys")
    refuses(town, "export", *MAY, "--out", tmp_path / "out", saying="还没有密钥")
    refuses(town, "key", "request", tmp_path / "a.req", saying="还没有密钥")
    words = ("site", "add", "甲户", "--quantity", "12.1=1", "--personal", "姓名=某人")
    refuses(town, *words, saying="得先有密钥")
    # Recording needs none.
    assert taizhang("record", "1.1", "9500", *MAY, at=town).status == 0


def test_a_passphrase_that_is_none(town: Path, refuses: Callable[..., Any], monkeypatch: pytest.MonkeyPatch):
    refuses(town, "key", "passphrase", "--new", "abc", saying="口令太短")
    monkeypatch.setenv("TAIZHANG_PASSPHRASE", "abc")
    refuses(town, "key", "new", "--algorithm", "p256", saying="口令太短")


# -- disks and folders ---------------------------------------------------------------------------------------------


@needs_mount
def test_a_read_only_target(exported: Path, refuses: Callable[..., Any], disk: Callable[..., Path]):
    town, stick = exported, disk(16 << 20)
    subprocess.run(["mount", "-o", "remount,ro", str(stick)], check=True)
    refuses(town, "export", *MAY, "--out", stick, saying="写保护")
    refuses(town, "export", *MAY, "--out", stick / "new", saying="写保护")
    refuses(town, "backup", stick, saying="写保护")
    refuses(town, "key", "request", stick / "a.req", saying="写保护")


@needs_mount
def test_a_full_stick(
    exported: Path, refuses: Callable[..., Any], disk: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
):
    from desktop_app.core.package import placing

    town, stick = exported, disk(200_000)
    refuses(town, "export", *MAY, "--out", stick, saying="空间不够")
    # And where somebody else fills it while we write.
    monkeypatch.setattr(placing, "check_space", lambda *_: None)
    refuses(town, "export", *MAY, "--out", stick, saying="没有写完")
    refuses(town, "backup", stick, saying="磁盘已满")
    assert files_in(stick) == [], "nothing half-written is left"


@needs_mount
def test_a_full_disk_at_home(
    town: Path, refused: Callable[..., Any], disk: Callable[..., Path], taizhang: Callable[..., Any]
):
    home = disk(24 << 20) / "town"
    shutil.copytree(town, home)
    evidence = town.parent / "a.pdf"
    evidence.write_bytes(PDF)
    before = (entries(home), files_in(home / "evidence"))
    filler = fill(home.parent)
    refused("attach", evidence, "--to", "1.1", at=home, saying="磁盘已满")
    refused("record", "1.1", "9500", *MAY, at=home, saying="磁盘已满")
    # With room again everything goes on.
    filler.unlink()
    assert (entries(home), files_in(home / "evidence")) == before
    assert taizhang("record", "1.1", "9500", *MAY, at=home).status == 0
    assert taizhang("attach", evidence, "--to", "1.1", at=home).status == 0
    assert taizhang("doctor", "--json", at=home).json["ok"]


def entries(folder: Path) -> int:
    connection = sqlite3.connect(folder / "taizhang.db")
    found = int(connection.execute("SELECT count(*) FROM entry").fetchone()[0])
    connection.close()
    return found


def test_targets_that_are_no_folders(town: Path, refuses: Callable[..., Any], tmp_path: Path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    refuses(town, "export", *MAY, "--out", tmp_path / "file", saying="不是文件夹")
    refuses(town, "export", *MAY, "--out", tmp_path / "file" / "below", saying="file")
    refuses(town, "backup", tmp_path / "file", saying="file")


def test_backups_that_are_none(town: Path, refused: Callable[..., Any], tmp_path: Path):
    refused("restore", tmp_path, at=tmp_path / "new", saying="没有备份")
    refused("restore", town, at=town, saying="不是空文件夹")
    refused("restore", town, status=2, saying="--workspace")
    assert not (tmp_path / "new").exists()


# -- the workspace -------------------------------------------------------------------------------------------------


def test_open_in_another_window(town: Path, refuses: Callable[..., Any], taizhang: Callable[..., Any]):
    from desktop_app.core.operations.workspace import Workspace

    with Workspace.open(town):
        refuses(town, "record", "1.1", "9500", *MAY, saying="另一个窗口")
        assert taizhang("tasks", "--json", at=town).status == 0, "looking is free"
    assert taizhang("record", "1.1", "9500", *MAY, at=town).status == 0


def test_open_in_another_process_that_is_killed(
    town: Path, refuses: Callable[..., Any], taizhang: Callable[..., Any]
):
    program = (
        "import sys; from pathlib import Path; from desktop_app.core.operations.workspace import take_lock;"
        " lock = take_lock(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    )
    words = [sys.executable, "-c", program, str(town)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline().strip() == b"held"
        refuses(town, "record", "1.1", "9500", *MAY, saying="另一个窗口")
        other.kill()
        other.wait()
    assert taizhang("record", "1.1", "9500", *MAY, at=town).status == 0


def test_a_newer_workspace(town: Path, refused: Callable[..., Any]):
    connection = sqlite3.connect(town / "taizhang.db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = (town / "taizhang.db").read_bytes()
    for words in (("tasks",), ("record", "1.1", "9500", *MAY), ("doctor",)):
        refused(*words, at=town, saying="更新版本")
    assert (town / "taizhang.db").read_bytes() == before, "left as it was"


@pytest.mark.parametrize("damage", ["emptied", "text", "head", "middle"])
def test_a_damaged_database(town: Path, refused: Callable[..., Any], damage: str):
    path = town / "taizhang.db"
    content = bytearray(path.read_bytes())
    if damage == "emptied":
        content = bytearray()
    elif damage == "text":
        content = bytearray("这不是数据库".encode() * 400)
    elif damage == "head":
        content[:100] = b"\0" * 100
    else:
        content[4096:-4096] = b"\xff" * (len(content) - 8192)
    path.write_bytes(content)
    for words in (("tasks",), ("record", "1.1", "9500", *MAY)):
        refused(*words, at=town, saying="备份")
    assert path.read_bytes() == content, "left as it was"


def test_another_program_s_database(tmp_path: Path, refused: Callable[..., Any]):
    for version in (0, 1):
        folder = tmp_path / str(version)
        folder.mkdir()
        connection = sqlite3.connect(folder / "taizhang.db")
        connection.execute("CREATE TABLE notes (text)")
        connection.execute(f"PRAGMA user_version = {version}")
        connection.close()
        before = (folder / "taizhang.db").read_bytes()
        refused("tasks", at=folder, saying="不是")
        assert (folder / "taizhang.db").read_bytes() == before


def test_no_workspace(tmp_path: Path, refused: Callable[..., Any], monkeypatch: pytest.MonkeyPatch):
    refused("tasks", at=tmp_path / "gone", saying="不是一个工作区")
    refused("record", "1.1", "5", *MAY, at=tmp_path, saying="不是一个工作区")
    monkeypatch.chdir(tmp_path)
    refused("tasks", status=2, saying="--workspace")
    monkeypatch.setenv("TAIZHANG_WORKSPACE", str(tmp_path / "elsewhere"))
    refused("tasks", saying="elsewhere")
    refused("tasks", at="//server/share/desk", saying="网络共享盘")
    assert files_in(tmp_path) == []
