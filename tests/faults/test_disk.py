"""Full, locked and vanishing disks: a clear message, nothing lost, and the same command works once there is room."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from ground import Ground
from offices import CITY, COUNTY, PERIOD, TOWN, Office, Offices
from small_disk import Disk

MB = 1024 * 1024
Disks = Callable[[int], Disk]


def desk_on(folder: Path, ground: Ground, code: str = TOWN) -> Office:
    """A unit's desk in that folder."""
    office = Office(folder / code, code, ground.world[code].passphrase)
    shutil.copytree(ground.world[code].folder, office.folder)
    return office


def refused(office: Office, *words: object, saying: str) -> str:
    said = office.refused(*words)
    assert saying in said, said
    return said


def pdf(path: Path, size: int) -> Path:
    path.write_bytes(b"%PDF-1.4\n" + random.Random(size).randbytes(size))
    return path


def pieces(folder: Path) -> list[str]:
    return [
        path.name for path in folder.rglob("*") if path.name.endswith(".part") or ".incoming" in path.name
    ]


# -- a full disk under the workspace ---------------------------------------------------------------------------------


def test_recording_on_a_full_disk(disk: Disks, ground: Ground):
    small = disk(12)
    town = desk_on(small.folder, ground)
    town.record("1.1", 20, reason="培训")
    small.fill()
    refused(town, "record", "1.1", "21", "--period", PERIOD, "--reason", "x", saying="满")
    refused(town, "problem", "add", 12, "电力增容未批复", saying="满")
    small.empty()
    assert town.value("1.1") == 20
    town.record("1.1", 22, reason="培训")
    town.healthy()
    assert [step["after"] for step in town.history(f"progress/{TOWN}/2024/1.1/{PERIOD}")][:2] == ["22", "20"]


@pytest.mark.parametrize("leaving", [0, 20_000, 60_000, 150_000, 300_000])
def test_recording_until_a_disk_is_full(leaving: int, disk: Disks, ground: Ground):
    """Whatever little room is left, an acknowledged figure is there and a refused one is not."""
    small = disk(12)
    town = desk_on(small.folder, ground)
    small.fill(leaving)
    last = None
    for value in range(100, 160):
        answer = town.ask("record", "1.1", value, "--period", PERIOD, "--reason", "x")
        if answer.status:
            assert "满" in answer.err, answer
            break
        last = value
    small.empty()
    assert town.value("1.1") == (last or 15)
    town.healthy()


def test_attaching_on_a_full_disk(disk: Disks, ground: Ground, tmp_path: Path):
    small = disk(12)
    town = desk_on(small.folder, ground)
    large = pdf(tmp_path / "large.pdf", 3 * MB)
    small.fill(leaving=1 * MB)
    for personal in ((), ("--personal",)):
        refused(town, "attach", large, "--to", "3.1", *personal, saying="满")
        assert pieces(town.folder) == []
    small.empty()
    town("attach", large, "--to", "3.1")
    town.healthy()


def test_merging_on_a_full_disk(disk: Disks, ground: Ground):
    small = disk(16)
    county = desk_on(small.folder, ground, COUNTY)
    files = sorted(ground.incoming.glob("*.xlsx"))
    county.merge(files[0])
    small.fill(leaving=100_000)
    said = refused(county, "merge", *files, saying="满")
    assert "没有丢" in said
    assert pieces(county.folder) == []
    small.empty()
    rows = county.merge(*files)
    assert {row["state"] for row in rows} <= {"merged", "known"} and rows[0]["state"] == "known"
    county.healthy()
    calm = desk_on(ground.folder / "calm", ground, COUNTY)
    calm.merge(*files)
    assert calm.tasks(TOWN) == county.tasks(TOWN)
    shutil.rmtree(calm.folder)


def test_setting_aside_on_a_full_disk(disk: Disks, ground: Ground, tmp_path: Path):
    small = disk(12)
    county = desk_on(small.folder, ground, COUNTY)
    (source,) = sorted(ground.incoming.glob("*.xlsx"))[:1]
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(source.read_bytes()[:-1])
    small.fill(leaving=60_000)
    refused(county, "merge", bad, saying="满")
    small.empty()
    (row,) = county.merge(bad, status=3)
    (copy,) = (county.folder / "quarantine").glob("*.xlsx")
    assert copy.read_bytes() == bad.read_bytes(), "a copy that was cut short is not taken for the file"
    assert row["state"] == "quarantined" and pieces(county.folder) == []


def test_joining_on_a_full_disk(disk: Disks, ground: Ground):
    small = disk(4)
    (setup,) = ground.setup.glob("*.xlsx")
    digits = (ground.setup / "fingerprint.txt").read_text(encoding="utf-8")
    town = Office(small.folder / "desk", TOWN, "pass")
    words = ("init", town.folder, "--setup", setup, "--unit", TOWN, "--fingerprint", digits)
    for leaving in (0, 20_000, 100_000, 400_000):
        small.fill(leaving)
        assert "满" in town.refused(*words)
        small.empty()
    # In the same folder, as anybody would try.
    town(*words)
    town("key", "new", "--algorithm", "p256")
    town.healthy()


def test_keys_on_a_full_disk(disk: Disks, ground: Ground):
    small = disk(12)
    town = desk_on(small.folder, ground)
    before = town.fingerprints
    small.fill()
    refused(town, "key", "new", "--algorithm", "p256", saying="满")
    refused(town, "key", "passphrase", "--new", "another", saying="满")
    small.empty()
    assert town.fingerprints == before
    town("export", "--period", PERIOD, "--out", ground.folder / "keys-out")
    town("key", "passphrase", "--new", "another")


def test_migrating_on_a_full_disk(disk: Disks, ground: Ground, monkeypatch: pytest.MonkeyPatch):
    from desktop_app.core import paths

    small = disk(24)
    town = desk_on(small.folder, ground)
    monkeypatch.setattr(paths, "MIGRATIONS", ground.migrations)
    for leaving in (0, 300_000, 3 * MB):
        small.fill(leaving)
        refused(town, "tasks", "--period", PERIOD, saying="满")
        small.empty()
    assert town.value("1.1") == 15
    town.healthy()


# -- a target that is full, locked, or goes away ---------------------------------------------------------------------


def test_exporting_to_a_full_stick(disk: Disks, ground: Ground, tmp_path: Path):
    stick = disk(4)
    town = desk_on(tmp_path, ground)
    stick.fill(leaving=200_000)
    refused(town, "export", "--period", PERIOD, "--out", stick.folder, "--evidence", "all", saying="空间不够")
    stick.fill()
    refused(town, "export", "--period", PERIOD, "--out", stick.folder / "new", saying="空间不够")
    assert list((stick.folder / "new").iterdir()) == []
    (stick.folder / "new").rmdir()
    assert [path.name for path in stick.folder.iterdir()] == ["filler"]
    stick.empty()
    package = town.export(stick.folder, "--evidence", "all")
    assert town.json("verify", package)["files"][0]["state"] == "valid"
    assert [path.name for path in stick.folder.iterdir()] == [package.name]


def test_a_stick_that_fills_up_while_it_is_written(disk: Disks, ground: Ground, tmp_path: Path):
    """Another program takes the room that was there a moment ago."""
    from desktop_app.core.errors import StorageError
    from desktop_app.core.operations import exporting

    stick = disk(6)
    town = desk_on(tmp_path, ground)

    def meddle(done: int, total: int, text: str = "") -> None:
        if 0 < done < total / 4 and not (stick.folder / "filler").exists():
            stick.fill()

    with opened(town) as workspace, pytest.raises(StorageError) as caught:
        exporting.export(workspace, period(), stick.folder, evidence="all", progress=meddle)
    assert "空间" in caught.value.what and caught.value.next_step
    assert [path.name for path in stick.folder.iterdir()] == ["filler"]


def test_an_encrypted_export_without_room(disk: Disks, ground: Ground, tmp_path: Path):
    world = Offices(tmp_path / "w", "rsa-3072")
    world.enrol(COUNTY, CITY)
    world.kind = "p256"
    town = world.enrol(TOWN, COUNTY)
    town("attach", pdf(tmp_path / "a.pdf", 2 * MB), "--to", "1.1")
    stick = disk(1)
    refused(town, "export", "--period", PERIOD, "--out", stick.folder, "--encrypt", saying="空间不够")
    assert list(stick.folder.iterdir()) == [] and not (town.folder / ".encrypting").exists()
    town("export", "--period", PERIOD, "--out", tmp_path / "elsewhere", "--encrypt")


def test_a_locked_stick(disk: Disks, ground: Ground, tmp_path: Path):
    stick = disk(4)
    town = desk_on(tmp_path, ground)
    stick.lock()
    for folder in (stick.folder, stick.folder / "new"):
        said = town.refused("export", "--period", PERIOD, "--out", folder)
        assert "只读" in said or "写保护" in said, said
    refused(town, "backup", stick.folder, saying="写保护")
    stick.unlock()
    town.export(stick.folder)


def test_a_workspace_on_a_locked_disk(disk: Disks, ground: Ground):
    locked = disk(12)
    town = desk_on(locked.folder, ground)
    locked.lock()
    refused(town, "record", "1.1", "30", "--period", PERIOD, "--reason", "x", saying="写保护")
    # Looking may or may not be possible; if not, it is said in words.
    answer = town.ask("tasks", "--period", PERIOD)
    assert answer.status == 0 or "→ " in answer.err
    locked.unlock()
    assert town.value("1.1") == 15
    town.healthy()


@pytest.mark.parametrize("how", ["pulled out", "removed"])
def test_a_target_that_vanishes_in_the_middle(how: str, disk: Disks, ground: Ground, tmp_path: Path):
    from desktop_app.core.errors import StorageError
    from desktop_app.core.operations import exporting

    stick = disk(8)
    town = desk_on(tmp_path, ground)
    told = []

    def meddle(done: int, total: int, text: str = "") -> None:
        if done > total / 3 and not told:
            told.append(done)
            if how == "pulled out":
                stick.pull_out()
            else:
                for path in stick.folder.iterdir():
                    path.unlink()

    with opened(town) as workspace:
        with pytest.raises(StorageError) as caught:
            exporting.export(workspace, period(), stick.folder, evidence="all", progress=meddle)
        assert told and caught.value.what and caught.value.next_step
        assert list(stick.folder.iterdir()) == []
        done = exporting.export(workspace, period(), tmp_path / "elsewhere", evidence="all")
    assert town.json("verify", done.files[0].path)["files"][0]["state"] == "valid"
    town.healthy()


def test_a_backup_s_target_that_vanishes(disk: Disks, ground: Ground, tmp_path: Path):
    from desktop_app.core.errors import StorageError
    from desktop_app.core.operations import care

    stick = disk(12)
    town = desk_on(tmp_path, ground)

    def meddle(done: int, total: int, text: str = "") -> None:
        stick.pull_out()
        shutil.rmtree(stick.folder, ignore_errors=True)

    with opened(town) as workspace, pytest.raises(StorageError, match="U盘已拔出"):
        care.back_up_to(workspace, stick.folder, meddle)
    town.healthy()
    assert Path(town.json("backup", tmp_path / "elsewhere")["path"]).is_dir()


# -- a source that goes away -----------------------------------------------------------------------------------------


def test_files_on_a_stick_that_was_pulled_out_stop_no_other(disk: Disks, ground: Ground, tmp_path: Path):
    stick = disk(8)
    county = desk_on(tmp_path, ground, COUNTY)
    first, second, third = sorted(ground.incoming.glob("*.xlsx"))[:3]
    shutil.copy(second, stick.folder)
    stick.pull_out()
    rows = county.merge(first, stick.folder / second.name, third, status=3)
    assert [row["state"] for row in rows] == ["merged", "quarantined", "merged"]
    assert "打不开" in rows[1]["reason"] and rows[1]["next_step"]
    assert [row["state"] for row in county.merge(second)] == ["merged"]
    county.healthy()


def test_a_stick_that_fails_while_it_is_read(ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Bytes that cannot be read in the middle of a large file: that file waits, the next one goes in."""
    from desktop_app.core.package import verify

    county = desk_on(tmp_path, ground, COUNTY)
    first, second = sorted(ground.incoming.glob("*.xlsx"))[:2]
    monkeypatch.setattr(verify, "_SMALL", 0)
    before = Path.open

    class Failing:
        def __init__(self, file):
            self.file, self.left = file, 150_000

        def read(self, size=-1):
            data = self.file.read(size)
            self.left -= len(data)
            if self.left < 0:
                raise OSError(5, os.strerror(5))
            return data

        def __enter__(self):
            return self

        def __exit__(self, *exception):
            self.file.close()

        def __getattr__(self, name):
            return getattr(self.file, name)

    def opening(path, *words, **more):
        file = before(path, *words, **more)
        return Failing(file) if path == first else file

    monkeypatch.setattr(Path, "open", opening)
    rows = county.merge(first, second, status=3)
    assert [row["state"] for row in rows] == ["quarantined", "merged"]
    assert "读不下去" in rows[0]["reason"]
    monkeypatch.setattr(Path, "open", before)
    assert county.merge(first)[0]["state"] == "merged"
    assert pieces(county.folder) == []
    county.healthy()


def opened(office: Office):
    from desktop_app.core.operations.workspace import Workspace

    os.environ["TAIZHANG_PASSPHRASE"] = office.passphrase
    return Workspace.open(office.folder)


def period():
    from desktop_app.core.model.period import Period

    return Period.parse(PERIOD)
