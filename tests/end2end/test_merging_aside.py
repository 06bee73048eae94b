"""A merge whose packages a second process verifies ends as one that does everything itself, whatever becomes of the
second process."""

from __future__ import annotations

import shutil
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "data"))

import make_good_package as good
from offices import CITY, COUNTY, ROWS, Offices

from desktop_app.core.operations import keyring, merging
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package import aside
from desktop_app.core.package.opened import OpenedPackage
from desktop_app.core.trust import certificates, keys
from desktop_app.core.trust.signing import Signer

TOWNS = [f"{COUNTY}{number}" for number in range(201, 209)]
NAMES = {code: f"第{number}镇" for number, code in enumerate(TOWNS, 1)}
JOURNAL = ("container", "container_part", "segment", "entry", "origin", "file", "known_file")
LEDGER = ("head", "refused", "figure", "verdict", "site_quantity", "evidence_about")
BROKEN, STRANGE, TWICE = 2, 4, 6


class Made(NamedTuple):
    desk: Path
    files: list[Path]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Eight towns' packages, with photos, a damaged one, a table that is none and one lying there twice."""
    folder = tmp_path_factory.mktemp("aside")
    rows = [*ROWS, *((code, NAMES[code], "乡镇", "政府", COUNTY) for code in TOWNS)]
    county = Offices(folder / "w", rows=tuple(rows)).enrol(COUNTY, CITY)
    authority = keys.load(county.folder / "keys" / "ca.key", county.passphrase)
    chain = keyring.split_pem((county.folder / "keys" / "ca.pem").read_bytes())
    stick = folder / "stick"
    stick.mkdir()
    files = []
    for number, code in enumerate(TOWNS):
        key = keys.generate("p256")
        request = certificates.make_request(key, "desk", code, NAMES[code])
        leaf = certificates.certify(request, authority, chain[0], "desk", code, NAMES[code])
        month = good.month(12, number % 3, unit=code, name=NAMES[code])
        month.manifest = msgspec.structs.replace(month.manifest, city=CITY, to=COUNTY)
        files.append(month.write(stick / f"{code}.xlsx", Signer(key, [leaf, *chain])).path)
    content = files[BROKEN].read_bytes()
    files[BROKEN].write_bytes(content.replace(b"taizhang/payload.json", b"taizhang/payl0ad.json", 1))
    files[STRANGE].write_bytes(b"PK\x03\x04 no package")
    files.insert(TWICE + 1, stick / "twice.xlsx")
    shutil.copyfile(files[TWICE], files[TWICE + 1])
    return Made(county.folder, files)


class Ended(NamedTuple):
    rows: list[dict[str, Any]]
    journal: dict[str, list[Any]]
    ledger: dict[str, list[Any]]


def merged(made: Made, tmp_path: Path) -> Ended:
    desk = tmp_path / "desk"
    shutil.rmtree(desk, ignore_errors=True)
    shutil.copytree(made.desk, desk)
    with Workspace.open(desk) as workspace:
        workspace.store.clock = lambda: "2024-07-04T08:00:00+08:00"
        results, changes = merging.merge(workspace, made.files)
        assert changes.entries == sum(item.counts.new + item.counts.conflicting for item in results)
        rows = [msgspec.structs.asdict(item) for item in results]
    with sqlite3.connect(desk / "taizhang.db") as connection:

        def table(name: str) -> list[Any]:
            return connection.execute(f"SELECT * FROM {name}").fetchall()

        journal = {name: table(name) for name in JOURNAL}
        # When a file came is the clock's.
        journal["file"] = [row[:3] for row in journal["file"]]
        return Ended(rows, journal, {name: table(name) for name in LEDGER})


@pytest.fixture
def alone(made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ended:
    with monkeypatch.context() as patch:
        patch.setattr(aside, "worth_it", lambda files: False)
        return merged(made, tmp_path)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Lets even few files have a helper, and waits until it is up; whether it answered is noted of each file."""
    found: list[bool] = []
    start, opened = aside.Aside.start, aside.Aside.opened

    def started(self: aside.Aside) -> None:
        start(self)
        until = time.monotonic() + 60
        while not self.ready and not self._broken and time.monotonic() < until:
            time.sleep(0.01)

    def noted(self: aside.Aside, asked: aside.Asked) -> OpenedPackage | None:
        package = opened(self, asked)
        found.append(package is not None)
        return package

    monkeypatch.setattr(aside, "worth_it", lambda files: files > 1)
    monkeypatch.setattr(aside.Aside, "start", started)
    monkeypatch.setattr(aside.Aside, "opened", noted)
    return found


def test_all_is_the_same(made: Made, alone: Ended, answers: list[bool], tmp_path: Path):
    together = merged(made, tmp_path)
    assert together == alone
    states = [row["state"] for row in together.rows]
    assert states.count("quarantined") == 2 and states[TWICE + 1] == "known"
    # The first was verified before the helper was called; the damaged ones it left to this process; the one that lies
    # there twice was known by its bytes.
    assert answers.count(True) >= 4 and answers.count(False) == 2


@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_helper_that_is_killed_changes_nothing(
    made: Made, alone: Ended, answers: list[bool], after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    ask: Callable[..., aside.Asked] = aside.Aside.ask
    asked = 0

    def killing(self: aside.Aside, name: str, content: bytes) -> aside.Asked:
        nonlocal asked
        asked += 1
        if asked > after and self._process is not None:
            self._process.kill()
            self._process.wait()
        return ask(self, name, content)

    monkeypatch.setattr(aside.Aside, "ask", killing)
    assert merged(made, tmp_path) == alone
    assert answers.count(False) >= 1


def test_a_helper_that_cannot_be_started_changes_nothing(
    made: Made, alone: Ended, answers: list[bool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(aside, "_command", lambda: ["/nonexistent/program"])
    assert merged(made, tmp_path) == alone
    assert not any(answers)


def test_what_is_known_needs_no_helper(made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    desk = tmp_path / "desk"
    shutil.copytree(made.desk, desk)
    files = [path for at, path in enumerate(made.files) if at not in (BROKEN, STRANGE)]
    with Workspace.open(desk) as workspace:
        merging.merge(workspace, files)
        monkeypatch.setattr(aside, "worth_it", lambda files: True)
        monkeypatch.setattr(aside.Aside, "start", lambda self: pytest.fail("started for nothing"))
        results, _changes = merging.merge(workspace, files)
    assert {item.state for item in results} == {"known"}
