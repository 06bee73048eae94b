"""The same file again: told at once, and never a way around a check."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

# The maker of the offices lies beside the other test data, which is no package of Python's.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "data"))

from offices import CITY, COUNTY, TOWN, Offices

from desktop_app.core.package import verify


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("known") / "w"
    world = Offices(root)
    world.enrol(COUNTY, CITY)
    town = world.enrol(TOWN, COUNTY)
    (root / "scan.pdf").write_bytes(b"%PDF-1.4\n" + bytes(range(256)) * 40 + b"\n%%EOF\n")
    town("attach", root / "scan.pdf", "--to", "1.1")
    town.record("1.1", 12)
    town.export(root / "sent")
    return root


@pytest.fixture
def world(founded: Path, tmp_path: Path) -> Offices:
    made = Offices.copied(founded, tmp_path / "w", (CITY, COUNTY, TOWN))
    (package,) = (founded / "sent").glob("*.xlsx")
    (made.stick / package.name).write_bytes(package.read_bytes())
    return made


def sent(world: Offices) -> Path:
    (package,) = world.stick.glob("*.xlsx")
    return package


def test_the_same_file_is_told_at_once_with_the_same_numbers(world: Offices, monkeypatch: pytest.MonkeyPatch):
    county, package = world[COUNTY], sent(world)
    (first,) = county.merge(package)
    monkeypatch.setattr(verify._Verification, "run", None)
    (again,) = county.merge(package)
    assert again["state"] == "known" and "以前汇入过" in again["reason"]
    for key in ("unit", "period", "digest"):
        assert again[key] == first[key]
    assert sum(again["entries"].values()) == sum(first["entries"].values()) == again["entries"]["known"]
    assert (again["evidence"]["known"], again["evidence"]["new"]) == (1, 0)
    # Its name says nothing: a copy under another one is the same file.
    other = package.rename(package.with_name("另存 (1).xlsx"))
    assert county.merge(other)[0]["state"] == "known"


@pytest.mark.parametrize("place", [0.2, 0.5, 0.9, 0.999])
def test_a_known_package_with_one_byte_changed_is_refused_all_the_same(place: float, world: Offices):
    county, package = world[COUNTY], sent(world)
    county.merge(package)
    data = bytearray(package.read_bytes())
    data[int(len(data) * place)] ^= 1
    package.write_bytes(bytes(data))
    (row,) = county.merge(package, status=3)
    assert row["state"] == "quarantined"


def test_packed_otherwise_it_is_verified_and_then_known(world: Offices):
    county, package = world[COUNTY], sent(world)
    county.merge(package)
    with zipfile.ZipFile(package) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    package.unlink()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    (row,) = county.merge(package)
    assert (row["state"], row["entries"]["new"]) == ("known", 0)


def test_evidence_that_was_lost_here_is_taken_from_the_same_file_again(world: Offices):
    county, package = world[COUNTY], sent(world)
    county.merge(package)
    for path in (county.folder / "evidence").glob("*/*"):
        path.unlink()
    assert county.json("doctor", status=1)["problems"]
    (row,) = county.merge(package)
    assert row["evidence"]["new"] == 1
    county.healthy()


def test_a_file_set_aside_is_looked_at_again_once_its_root_is_trusted(world: Offices, tmp_path: Path):
    """What is known depends on who was trusted then."""
    from desktop_app.core.operations import keyring, known_files
    from desktop_app.core.operations.workspace import Workspace

    county, package = world[COUNTY], sent(world)
    county.merge(package)
    content = package.read_bytes()
    with Workspace.open(county.folder) as workspace:
        roots = keyring.roots(workspace)
        assert known_files.recall(workspace, known_files.key_of(content, roots)) is not None
        assert known_files.recall(workspace, known_files.key_of(content, [*roots, roots[0]])) is None
        assert known_files.recall(workspace, known_files.key_of(content + b"x", roots)) is None
