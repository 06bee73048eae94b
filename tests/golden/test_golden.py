"""What released versions wrote is opened, verified and worked with by this one, for ever."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from make import BUREAU, COUNTY, DESKS, RECORDED, SENT, TOWN, what_it_says, what_it_verifies

from desktop_app.core.errors import StorageError
from desktop_app.core.model.period import Period
from desktop_app.core.operations import care, exporting, merging
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store import database

HERE = Path(__file__).resolve().parent
RELEASES = sorted(folder.name for folder in HERE.iterdir() if (folder / "expected.json").exists())


def test_there_is_something_to_open() -> None:
    assert "1.0.0" in RELEASES


@pytest.fixture(params=RELEASES)
def release(request: pytest.FixtureRequest) -> Path:
    return HERE / str(request.param)


@pytest.fixture
def expected(release: Path) -> Any:
    return json.loads((release / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture
def kept(release: Path, tmp_path: Path) -> Callable[[str], Path]:
    def unpacked(unit: str) -> Path:
        folder = tmp_path / unit
        if not folder.exists():
            with tarfile.open(release / "desks" / f"{unit}.tar.xz") as archive:
                archive.extractall(folder, filter="data")
        return folder

    return unpacked


@pytest.mark.parametrize("unit", DESKS)
def test_an_old_workspace_says_what_it_said(unit: str, expected: Any, kept: Callable[[str], Path]) -> None:
    said = json.loads(json.dumps(what_it_says(kept(unit))))
    assert said == expected["desks"][unit]


def test_the_ledger_computed_anew_is_the_same(expected: Any, kept: Callable[[str], Path]) -> None:
    folder = kept(COUNTY)
    with Workspace.open(folder) as workspace:
        workspace.store.rebuild()
    assert json.loads(json.dumps(what_it_says(folder))) == expected["desks"][COUNTY]


def test_an_old_workspace_is_sound(kept: Callable[[str], Path]) -> None:
    with Workspace.open(kept(BUREAU)) as workspace:
        found = care.doctor(workspace)
    assert found.ok, found.problems


def test_every_package_verifies_as_it_did(release: Path, expected: Any) -> None:
    packages = sorted((release / "packages").glob("*.xlsx"))
    assert len(packages) == len(expected["packages"]) > 5
    for file in packages:
        assert what_it_verifies(file, release / "root.pem") == expected["packages"][file.name], file.name


def test_old_packages_are_known_to_the_desk_that_took_them_in(
    release: Path, kept: Callable[[str], Path]
) -> None:
    [sent] = (release / "packages").glob(f"{BUREAU}-{SENT}-1.xlsx")
    with Workspace.open(kept(COUNTY)) as workspace:
        [result], _changes = merging.merge(workspace, [sent])
    # Its photos were left out of what was kept of the desk; every entry of it is there.
    assert result.counts.known == result.counts.entries > 100


def test_the_month_goes_on_where_it_was_left(
    kept: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bureau's recorded month is exported by this version and taken in by the county's old workspace."""
    monkeypatch.setenv("TAIZHANG_PASSPHRASE", "demo")
    with Workspace.open(kept(BUREAU)) as bureau:
        bureau.ask_passphrase = lambda: "demo"
        made = exporting.export(
            bureau, Period.parse(RECORDED), tmp_path, filled="甲", checked="乙", responsible="丙"
        )
    with Workspace.open(kept(COUNTY)) as county:
        results, _changes = merging.merge(county, [file.path for file in made.files])
    assert [result.state for result in results] == ["merged"]
    assert results[0].counts.new > 100
    assert results[0].counts.refused == results[0].counts.conflicting == 0


def test_a_migration_that_fails_leaves_the_old_file_in_use(
    kept: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: Any
) -> None:
    folder = kept(TOWN)
    migrations = tmp_path / "migrations"
    shutil.copytree(database.paths.MIGRATIONS, migrations)
    count = len(database.migration_files())
    broken = migrations / f"{count + 1:04d}_broken.sql"
    broken.write_text("CREATE TABLE half (a);\nINSERT INTO nowhere VALUES (1);\n", encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(database.paths, "MIGRATIONS", migrations)
        with pytest.raises((StorageError, sqlite3.Error)):
            Workspace.open(folder)
        assert (folder / f"taizhang-before-{count + 1:04d}.db").stat().st_size > 0
    assert json.loads(json.dumps(what_it_says(folder))) == expected["desks"][TOWN]
    with sqlite3.connect(folder / "taizhang.db") as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'half'").fetchone() == (0,)


def test_a_migration_keeps_a_copy_of_what_was_before(
    kept: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: Any
) -> None:
    folder = kept(TOWN)
    migrations = tmp_path / "migrations"
    shutil.copytree(database.paths.MIGRATIONS, migrations)
    count = len(database.migration_files())
    (migrations / f"{count + 1:04d}_more.sql").write_text("CREATE TABLE later (a);\n", encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(database.paths, "MIGRATIONS", migrations)
        assert json.loads(json.dumps(what_it_says(folder))) == expected["desks"][TOWN]
    with pytest.raises(StorageError, match="更新版本"):
        Workspace.open(folder)
    before = folder / f"taizhang-before-{count + 1:04d}.db"
    before.replace(folder / "taizhang.db")
    for suffix in ("-wal", "-shm"):
        (folder / f"taizhang.db{suffix}").unlink(missing_ok=True)
    assert json.loads(json.dumps(what_it_says(folder))) == expected["desks"][TOWN]
