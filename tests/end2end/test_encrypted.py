"""Packages encrypted for the unit above: a lost stick tells nothing, and only the receiver's computer opens them."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

# The maker of the offices lies beside the other test data, which is no package of Python's.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "data"))

from offices import CITY, COUNTY, OTHER_TOWN, PERIOD, TOWN, Offices, taizhang

NOTE = "集中培训两期"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county with an RSA key and a town, which has reported, with a photo's worth of noise as evidence."""
    root = tmp_path_factory.mktemp("encrypted") / "w"
    world = Offices(root)
    world.kind = "rsa-3072"
    world.enrol(COUNTY, CITY)
    world.kind = "p256"
    town = world.enrol(TOWN, COUNTY)
    world.enrol(OTHER_TOWN, COUNTY)
    town.record("1.1", 12, note=NOTE)
    (root / "scan.pdf").write_bytes(b"%PDF-1.4\n" + os.urandom(60_000) + b"\n%%EOF\n")
    town("attach", root / "scan.pdf", "--to", "1.1")
    return root


@pytest.fixture
def world(founded: Path, tmp_path: Path) -> Offices:
    return Offices.copied(founded, tmp_path / "w", (CITY, COUNTY, TOWN, OTHER_TOWN))


def test_only_the_receiver_opens_it_and_it_is_merged_like_any_other(world: Offices, founded: Path):
    town, county = world[TOWN], world[COUNTY]
    package = town.export(world.stick, "--encrypt")
    assert package.name == f"{TOWN}-{PERIOD}-1.xlsx.p7m"
    assert [path.name for path in world.stick.iterdir()] == [package.name], "no plain package beside it"
    assert not (town.folder / ".encrypting").exists()
    held = package.read_bytes()
    evidence = (founded / "scan.pdf").read_bytes()
    words = [NOTE.encode(), TOWN.encode(), b"taizhang/", b"PK\x03\x04", "枫桥镇".encode(), b"%PDF"]
    words += [evidence[at : at + 12] for at in range(0, len(evidence), 500)]
    assert not [word for word in words if word in held]
    for stranger in (world[OTHER_TOWN], world[CITY], town):
        (said,) = stranger.json("verify", package, status=3)["files"]
        assert (said["state"], said["signer"]["unit"]) == ("invalid", "")
        assert "不是给本机密钥的" in said["reason"] and said["next_step"]
    (said,) = county.json("verify", package)["files"]
    assert (said["state"], said["signer"]["unit"]) == ("valid", TOWN)
    (row,) = county.merge(package)
    assert (row["state"], row["unit"], row["evidence"]["new"]) == ("merged", TOWN, 1)
    assert county.value("1.1", TOWN) == 12
    assert county.merge(package)[0]["state"] == "known"
    # The same submission in the open is the same submission.
    (again,) = county.merge(town.export(world.stick))
    assert again["entries"]["new"] == 0 and again["digest"] == row["digest"]
    for desk in (town, county):
        desk.healthy()


def test_someone_else_s_encrypted_file_is_set_aside_and_stops_no_other(world: Offices):
    package = world[TOWN].export(world.stick, "--encrypt")
    plain = world[OTHER_TOWN].export(world.stick)
    city = world[CITY]
    held, _other = city.merge(package, plain, status=3)
    assert held["state"] == "quarantined" and "不是给本机密钥的" in held["reason"]
    rows = world[COUNTY].merge(world.stick)
    assert {row["state"] for row in rows} == {"merged"} and len(rows) == 2


def test_damaged_on_the_way(world: Offices):
    package = world[TOWN].export(world.stick, "--encrypt")
    whole = package.read_bytes()
    county = world[COUNTY]
    middle = len(whole) // 2
    for spoilt in (whole[:-100], whole + b"\0", whole[:middle] + b"\0" * 64 + whole[middle + 64 :]):
        package.write_bytes(spoilt)
        (row,) = county.merge(package, status=3)
        assert row["state"] == "quarantined" and row["next_step"]
        assert county.value("1.1", TOWN) is None
    county.healthy()


def test_without_the_passphrase_nothing_is_begun(world: Offices):
    package = world[TOWN].export(world.stick, "--encrypt")
    plain = world[OTHER_TOWN].export(world.stick)
    county = world[COUNTY]
    for passphrase, words in ((None, "口令"), ("wrong", "口令不对")):
        refused = taizhang("merge", plain, package, at=county.folder, passphrase=passphrase)
        assert refused.status == 1 and words in refused.err and "→ " in refused.err
    assert county.json("log")["entries"] and county.value("1.1", TOWN) is None
    assert not (county.folder / "quarantine").exists()


def test_verifying_without_a_workspace_says_what_is_needed(world: Offices):
    package = world[TOWN].export(world.stick, "--encrypt")
    root = world.stick / "root.pem"
    shutil.copyfile(world[CITY].folder / "keys" / "ca.pem", root)
    answer = taizhang("verify", package, "--root", root, "--json")
    assert answer.status == 3
    assert "收件单位" in answer.json["files"][0]["reason"]


def test_a_receiver_with_a_p256_key_is_refused_in_clear_words(world: Offices):
    county = world[COUNTY]
    assert "P-256" in county.refused("export", "--period", PERIOD, "--out", world.stick, "--encrypt")
    assert list(world.stick.iterdir()) == []


def test_volumes_are_encrypted_one_by_one_and_each_stays_below_the_limit(world: Offices, tmp_path: Path):
    town = world[TOWN]
    for number in range(3):
        (tmp_path / f"{number}.pdf").write_bytes(b"%PDF-1.4\n" + os.urandom(90_000) + b"\n%%EOF\n")
        town("attach", tmp_path / f"{number}.pdf", "--to", "1.1")
    said = town.json("export", "--period", PERIOD, "--out", world.stick, "--encrypt", "--max-size", "200KB")
    paths = [Path(item["path"]) for item in said["files"]]
    assert len(paths) > 2 and all(path.name.endswith(".xlsx.p7m") for path in paths)
    sizes = [path.stat().st_size for path in paths]
    assert sizes == [item["size"] for item in said["files"]] and max(sizes) <= 200 * 1024
    rows = world[COUNTY].merge(*reversed(paths))
    assert {row["state"] for row in rows} == {"merged"} and rows[-1]["evidence"]["missing"] == 0
    # Nothing is overwritten: the next export takes the next number, encrypted or not.
    assert f"-{PERIOD}-2" in town.export(world.stick).name


def test_too_large_is_refused_with_what_to_do(world: Offices, monkeypatch: pytest.MonkeyPatch):
    from desktop_app.core.trust import envelope

    monkeypatch.setattr(envelope, "LARGEST", 40_000)
    refused = world[TOWN].refused("export", "--period", PERIOD, "--out", world.stick, "--encrypt")
    assert "最多" in refused and "分卷" in refused
    assert list(world.stick.iterdir()) == [], "nothing half-done is left"
    assert not (world[TOWN].folder / ".encrypting").exists()


def test_after_the_receiver_s_key_was_changed_its_old_files_still_open(world: Offices):
    county, town, city = world[COUNTY], world[TOWN], world[CITY]
    first = county.json("key", "show")["fingerprint"]
    before = town.export(world.stick, "--encrypt")
    # The same key, certified anew: another certificate.
    world.grant(county, CITY)
    county.merge(before)
    assert county.value("1.1", TOWN) == 12
    # Another key: the old one opens what was made for it.
    town.record("1.1", 13)
    old = town.export(world.stick, "--encrypt")
    world.kind = "rsa-3072"
    county("key", "new", "--algorithm", "rsa-3072")
    world.grant(county, CITY)
    county.merge(old)
    assert county.value("1.1", TOWN) == 13
    # What was revoked is not used any more; once the town knows of the new certificate it goes on with that one.
    city.merge(county.export(world.stick))
    city("key", "revoke", COUNTY, "--why", "replaced", "--certificate", first[:20])
    town.merge(*city.replies(world.stick, TOWN))
    assert "已经吊销" in town.refused("export", "--period", PERIOD, "--out", world.stick, "--encrypt")
    town.merge(*county.replies(world.stick, TOWN))
    (row,) = county.merge(town.export(world.stick, "--encrypt"))
    assert row["state"] == "merged"


def test_a_killed_run_leaves_no_plain_package_behind_for_long(world: Offices):
    town = world[TOWN]
    (town.folder / ".encrypting").mkdir()
    (town.folder / ".encrypting" / "left.xlsx").write_bytes(b"PK")
    town.export(world.stick, "--encrypt")
    assert not (town.folder / ".encrypting").exists()
