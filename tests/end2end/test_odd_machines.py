"""Machines as offices have them: wrong clocks, other time zones, long Chinese paths, names with rare characters, a
profile nobody may write to, and the program opened twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "data"))

from offices import BUREAU, CITY, COUNTY, ROWS, TOWN, Offices

from desktop_app.core.operations.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
RARE = {"TOWN": "㼆𠮷镇", "BUREAU": "䶮桥县民政局"}
LONG = "二〇二四年全市民生实事月度上报材料和佐证照片及往来公文汇总归档专用文件夹"


def another_process(*words: object, **surroundings: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"} | surroundings
    return subprocess.run(
        [sys.executable, "-m", "desktop_app", *map(str, words)],
        capture_output=True, text=True, encoding="utf-8", env=env, timeout=120, check=False,
    )  # fmt: skip


def clock(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """What the computer says of the time when an entry is made."""
    monkeypatch.setattr("desktop_app.core.store.journal.now", lambda: moment)


def test_a_clock_set_back_and_forward_decides_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = Offices(tmp_path)
    county, town = world.enrol(COUNTY, CITY), world.enrol(TOWN, COUNTY)
    county("allocate", "reporter", "1.1", TOWN, TOWN)
    clock(monkeypatch, "2031-01-01T08:00:00+08:00")
    town.record("1.1", 100)
    clock(monkeypatch, "1980-01-01T08:00:00+08:00")
    town.record("1.1", 130)
    package = town.export(world.stick)
    assert county.merge(package)[0]["state"] == "merged"
    for desk in (town, county):
        assert desk.value("1.1", TOWN) == 130
        desk.healthy()
    clock(monkeypatch, "2024-06-03T08:00:00+08:00")
    town.record("1.1", 140)
    again = town.export(world.stick)
    assert county.merge(again, package)[0]["state"] == "merged"
    assert county.value("1.1", TOWN) == 140
    steps = county.history(f"progress/{TOWN}/2024/1.1/2024-05")
    assert [step["after"] for step in steps] == ["140", "130", "100"]


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_the_time_zone_changes_no_figure(city, desk, zone: str) -> None:
    folder = desk(city.county)
    asked = ("--workspace", folder, "tasks", "--period", city.first, "--json")
    there = another_process(*asked, TZ=zone)
    here = another_process(*asked, TZ="Asia/Shanghai")
    assert there.returncode == here.returncode == 0, there.stderr + here.stderr
    assert json.loads(there.stdout) == json.loads(here.stdout)


def test_long_chinese_paths_and_rare_names(tmp_path: Path) -> None:
    rows = tuple(
        (code, {TOWN: RARE["TOWN"], BUREAU: RARE["BUREAU"]}.get(code, name), *rest)
        for code, name, *rest in ROWS
    )
    root = tmp_path.joinpath(LONG, LONG)
    assert len(str(root).encode()) > 250
    world = Offices(root, rows=rows)  # type: ignore[arg-type]
    county, town = world.enrol(COUNTY, CITY), world.enrol(TOWN, COUNTY)
    county("allocate", "reporter", "1.1", TOWN, TOWN)
    town.record("1.1", 120)
    photo = root / ("𠮷㼆" * 20 + ".jpg")
    _photo(photo)
    town("attach", photo, "--to", f"progress/{TOWN}/2024/1.1/2024-05", "--caption", "䶮家院子")
    package = town.export(world.stick)
    said = county.merge(package)[0]
    assert (said["state"], said["evidence"]["new"], said["entries"]["refused"]) == ("merged", 1, 0)
    units = {unit["code"]: unit["name"] for unit in county.json("units", "show")["units"]}
    assert units[TOWN] == "㼆𠮷镇"
    assert county.value("1.1", TOWN) == 120
    town("report", "form", "--period", "2024-05", "--out", root / "form.pdf")
    assert (root / "form.pdf").read_bytes()[:5] == b"%PDF-"
    for office in (town, county):
        office.healthy()


def test_a_folder_too_deep_is_told_so(tmp_path: Path, city) -> None:
    deep = tmp_path.joinpath(*[LONG] * 6)
    done = another_process(
        "init",
        deep,
        "--root",
        "--unit",
        "330100",
        "--org",
        _table(tmp_path),
        TAIZHANG_PASSPHRASE="a passphrase",
    )
    assert done.returncode == 1 and "太长" in done.stderr and "→ " in done.stderr, done.stderr


def _table(folder: Path) -> Path:
    path = folder / "org.csv"
    path.write_text("代码,名称,层级,类别,上级代码\n330100,云溪市,市级,政府,\n", encoding="utf-8-sig")
    return path


def _photo(path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (640, 480), (90, 120, 60)).save(path, "JPEG")


def test_a_second_window_on_the_same_folder_is_told(city, desk) -> None:
    folder = desk(city.town)
    with Workspace.open(folder):
        second = another_process(
            "--workspace", folder, "record", "1.1", "9999", "--period", city.last, TAIZHANG_PASSPHRASE="demo"
        )
    assert second.returncode == 1
    assert "已经在另一个窗口打开" in second.stderr and "→ " in second.stderr
    third = another_process("--workspace", folder, "tasks", "--json")
    assert third.returncode == 0, third.stderr


WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from desktop_app.core.operations.entrance import Entrance
from desktop_app.ui import application

def look(app):
    def told():
        shown = [window for window in app.topLevelWidgets() if window.isVisible()]
        print(len(shown), shown[0].windowTitle() if shown else "")
        app.quit()
    QTimer.singleShot(800, app, told)

sys.exit(application.run(Entrance(), workspace=Path(sys.argv[1]), prepare=look))
"""


def test_a_profile_that_cannot_be_written(city, desk) -> None:
    """Log, settings and remembered windows cannot be kept; the work goes on."""
    nowhere = "/dev/null/profile"
    surroundings = {
        "HOME": nowhere, "XDG_CONFIG_HOME": nowhere, "XDG_STATE_HOME": nowhere, "XDG_CACHE_HOME": nowhere,
        "XDG_DATA_HOME": nowhere, "LOCALAPPDATA": nowhere, "APPDATA": nowhere, "QT_QPA_PLATFORM": "offscreen",
    }  # fmt: skip
    without = ("TAIZHANG_HOME", "TAIZHANG_LOG")
    env = {key: value for key, value in os.environ.items() if key not in without} | surroundings
    done = subprocess.run(
        [sys.executable, "-c", WINDOW, str(desk(city.town))],
        capture_output=True, text=True, encoding="utf-8", env=env | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 ") and "民生实事台账" in done.stdout, done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_line_without_a_profile(city, desk) -> None:
    folder = desk(city.town)
    done = another_process(
        "--workspace", folder, "tasks", "--json", HOME="/dev/null/profile", TAIZHANG_HOME=""
    )
    assert done.returncode == 0 and len(json.loads(done.stdout)["tasks"]) == 50, done.stderr
