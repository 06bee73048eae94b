"""The program on a stick: settings, log and workspaces stay beside it, under whatever name the stick comes back."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_app.core import paths
from desktop_app.core.operations import logbook
from desktop_app.core.operations.entrance import Entrance

Put = Callable[[Path], Path]


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Put]:
    """Puts the frozen program into a folder, and starts there as it were; returns the folder for the data."""
    # Whatever strays from the stick would land here.
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "computer"))
    monkeypatch.setattr(sys, "frozen", True, raising=False)

    def start(folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / paths.MARKER).touch()
        monkeypatch.setattr(sys, "executable", str(folder / "taizhang"))
        paths.portable.cache_clear()
        return folder / paths.DATA

    yield start
    logbook.stop()
    paths.portable.cache_clear()


def test_only_a_frozen_program_with_the_file_beside_it_is_portable(
    put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "stick"
    assert put(folder) == paths.portable() == folder / "数据"
    assert paths.portable_own() == folder / "数据" / "程序"
    (folder / paths.MARKER).unlink()
    paths.portable.cache_clear()
    assert paths.portable() is None and paths.portable_own() is None
    # From source there is a Python at that place, which belongs to everybody.
    put(folder)
    monkeypatch.setattr(sys, "frozen", False, raising=False)
    paths.portable.cache_clear()
    assert paths.portable() is None


def test_log_and_workspaces_are_beside_the_program(
    put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = put(tmp_path / "优盘" / "民生实事台账")
    assert Entrance().home() == data
    # Before anything was made there is no such folder yet.
    assert Entrance().workspaces() == []
    logbook.start()
    logbook.logger.info("x")
    logbook.stop()
    assert (data / "程序" / "logs" / "taizhang.log").is_file()
    assert not (tmp_path / "computer").exists()
    # A place named on purpose comes first.
    monkeypatch.setenv("TAIZHANG_HOME", str(tmp_path / "other"))
    assert Entrance().home() == tmp_path / "other"


def test_settings_are_beside_the_program_and_folders_move_with_it(put: Put, tmp_path: Path) -> None:
    from desktop_app.ui.preferences import Preferences

    first = tmp_path / "E" / "民生实事台账"
    data = put(first)
    preferences = Preferences()
    preferences.large_text = True
    preferences.set_text("last_folder", str(data / "枫桥镇"))
    preferences.set_text("watch/folder", str(tmp_path / "elsewhere"))
    preferences.set_text("photo_size", "2048")
    preferences._settings.sync()
    assert (data / "程序" / "taizhang.ini").is_file()

    second = tmp_path / "F" / "又一个 文件夹"
    second.parent.mkdir()
    shutil.move(first, second)
    moved = put(second)
    again = Preferences()
    assert again.large_text and again.text("photo_size") == "2048"
    assert again.text("last_folder") == str(moved / "枫桥镇")
    assert again.text("watch/folder") == str(tmp_path / "elsewhere")
    assert not (tmp_path / "computer").exists()


def test_a_workspace_on_the_stick_is_found_after_the_stick_has_moved(put: Put, tmp_path: Path, city) -> None:
    data = put(tmp_path / "E" / "program")
    data.mkdir()
    shutil.copytree(city.desk(city.town), data / city.town)
    assert [known.folder for known in Entrance().workspaces()] == [data / city.town]
    (tmp_path / "F").mkdir()
    shutil.move(tmp_path / "E" / "program", tmp_path / "F" / "program")
    moved = put(tmp_path / "F" / "program")
    [known] = Entrance().workspaces()
    assert known.folder == moved / city.town
    desk = Entrance().open(known.folder)
    desk.close()


def test_a_stick_that_cannot_be_written_to_stops_no_start(put: Put, tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    put(folder)
    # Root may write everywhere; into a file in the folder's place nobody can.
    (folder / paths.DATA).touch()
    logbook.start()
    assert logbook.begin_start() == 0
    assert logbook.write_report(ValueError()) is None
    assert Entrance().workspaces() == []
