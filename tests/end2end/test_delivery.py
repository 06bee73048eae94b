"""What is handed over and what comes of it: volumes, gaps, the stamped scan, a file taken back, a record erased, words
of a newer version, forks and their settlement.  By the command line, between folders that share only files."""

from __future__ import annotations

import hashlib
import itertools
import os
import shutil
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

# The makers of offices and packages lie beside the other test data, which is no package of Python's.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "data"))

from offices import BUREAU, CITY, COUNTY, OTHER_TOWN, PERIOD, TOWN, Office, Offices

FIGURE = f"progress/{TOWN}/2024/1.1/{PERIOD}"
SUBMISSION = f"submission/{TOWN}/{PERIOD}"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("delivery") / "w"
    world = Offices(root)
    world.enrol(COUNTY, CITY)
    for unit in (TOWN, OTHER_TOWN, BUREAU):
        world.enrol(unit, COUNTY)
    return root


@pytest.fixture
def world(founded: Path, tmp_path: Path) -> Offices:
    return Offices.copied(founded, tmp_path / "w", (CITY, COUNTY, TOWN, OTHER_TOWN, BUREAU))


def pdf(folder: Path, name: str, size: int = 90_000) -> Path:
    path = folder / f"{name}.pdf"
    path.write_bytes(b"%PDF-1.4\n" + os.urandom(size) + b"\n%%EOF\n")
    return path


def rows(office: Office) -> Any:
    """The office's ledger, every row."""
    from desktop_app.core.operations.care import ledger_rows
    from desktop_app.core.operations.workspace import Workspace

    with Workspace.open(office.folder) as workspace:
        return ledger_rows(workspace.store)


def stands(office: Office, unit: str) -> tuple[str, str]:
    """How the unit stands in the chase list."""
    (row,) = [row for row in office.json("missing", "--period", PERIOD)["units"] if row["unit"] == unit]
    return row["state"], row["detail"]


def overview(office: Office) -> Any:
    from desktop_app.core.model.period import Period
    from desktop_app.core.operations import reading
    from desktop_app.core.operations.workspace import Workspace

    with Workspace.open(office.folder, writing=False) as workspace:
        return reading.overview(workspace, Period.parse(PERIOD))


def stamp_of(office: Office, unit: str) -> str:
    from desktop_app.core.operations import stamping
    from desktop_app.core.operations.workspace import Workspace

    with Workspace.open(office.folder, writing=False) as workspace:
        return stamping.stamp_state(workspace, unit, PERIOD)


# -- volumes ---------------------------------------------------------------------------------------------------------


def test_any_of_the_volumes_in_any_order(world: Offices, tmp_path: Path):
    town, county = world[TOWN], world[COUNTY]
    town.record("1.1", 12)
    for number in range(3):
        town("attach", pdf(tmp_path, f"f{number}"), "--to", "1.1")
    said = town.json("export", "--period", PERIOD, "--out", world.stick, "--max-size", "180KB")
    paths = [Path(item["path"]) for item in said["files"]]
    assert [path.name for path in paths] == [f"{TOWN}-{PERIOD}-1-v{number}.xlsx" for number in range(1, 5)]
    assert all(path.stat().st_size <= 180 * 1024 for path in paths)
    assert [item["state"] for item in town.json("verify", *paths)["files"]] == ["valid"] * 4

    desks = []
    for number, order in enumerate(itertools.islice(itertools.permutations(paths), 0, 24, 7)):
        desks.append(Office(tmp_path / f"county{number}", COUNTY, county.passphrase))
        shutil.copytree(county.folder, desks[-1].folder)
        for path in (*order, order[0]):
            (row,) = desks[-1].merge(path)
            assert row["state"] in ("merged", "known")
        assert desks[-1].value("1.1", TOWN) == 12
        assert stands(desks[-1], TOWN) == ("received", ""), "all of it is here"
        desks[-1].healthy()
    assert all(rows(desk) == rows(desks[0]) for desk in desks[1:])

    # A subset: figures without two of the files, which are named as not yet received, and nothing is refused for it.
    county.merge(paths[0], paths[2])
    assert stands(county, TOWN) == ("incomplete", "缺 2 份附件")
    (row,) = county.merge(paths[1])
    assert row["evidence"] == {"new": 1, "known": 0, "missing": 1}
    # Evidence whose entry has not come yet is kept, and claimed once it has.
    other = Office(tmp_path / "other", COUNTY, desks[0].passphrase)
    shutil.copytree(county.folder, other.folder)
    (row,) = other.merge(paths[3])
    assert row["evidence"]["missing"] == 0 and stands(other, TOWN) == ("received", "")


def test_evidence_goes_by_difference_since_the_receipt_and_whole_on_demand(world: Offices, tmp_path: Path):
    town, county = world[TOWN], world[COUNTY]
    town.record("1.1", 12)
    town("attach", pdf(tmp_path, "first"), "--to", "1.1")

    def sent(*more: str) -> int:
        return int(town.json("export", "--period", PERIOD, "--out", world.stick, *more)["evidence"])

    assert sent() == 1
    assert sent() == 1, "nobody has acknowledged the first one"
    county.merge(*world.stick.glob("*.xlsx"))
    assert overview(town).acknowledged is False and "等回执" in overview(town).last_sent_state
    town.merge(*county.replies(world.stick, TOWN))
    assert overview(town).acknowledged is True
    town("attach", pdf(tmp_path, "second"), "--to", "1.1")
    assert sent() == 1
    assert sent("--evidence", "all") == 2
    assert sent("--evidence", "none") == 0


# -- gaps ------------------------------------------------------------------------------------------------------------


def test_packages_that_never_arrived_are_named(world: Offices):
    town, county = world[TOWN], world[COUNTY]
    packages = []
    for value in (12, 13, 14, 15):
        town.record("1.1", value, reason="补报")
        packages.append(town.export(world.stick))
    county.merge(packages[3])
    assert county.value("1.1", TOWN) == 15, "the last one heals what was lost"
    assert stands(county, TOWN) == ("incomplete", "第 1、2、3 次上报尚未收到")
    county.merge(packages[1])
    assert stands(county, TOWN) == ("incomplete", "第 1、3 次上报尚未收到")
    county.merge(packages[2], packages[0])
    assert stands(county, TOWN) == ("received", "")
    assert county.value("1.1", TOWN) == 15
    assert len(county.history(FIGURE)) == 4


# -- the stamped scan ------------------------------------------------------------------------------------------------


def test_the_stamped_scan_follows_and_a_changed_figure_voids_it(world: Offices, tmp_path: Path):
    town, county, city = world[TOWN], world[COUNTY], world[CITY]
    assert "还没有导出过" in town.refused("stamp", pdf(tmp_path, "scan"), "--period", PERIOD)
    town.record("1.1", 12)
    first = county.merge(town.export(world.stick))[0]["digest"]
    assert stamp_of(county, TOWN) == "missing"
    town("stamp", pdf(tmp_path, "盖章件"), "--period", PERIOD)
    (row,) = county.merge(town.export(world.stick))
    assert row["digest"] == first, "the scan leaves the code on the paper as it is"
    assert stamp_of(county, TOWN) == "received"
    city.merge(county.export(world.stick))
    assert stamp_of(city, TOWN) == "received"
    # Another figure, and the paper says something else than the package.
    town.record("1.1", 13, reason="更正")
    (row,) = county.merge(town.export(world.stick))
    assert row["digest"] != first and stamp_of(county, TOWN) == "voided"
    city.merge(county.export(world.stick))
    assert stamp_of(city, TOWN) == "voided"
    town("stamp", pdf(tmp_path, "新盖章件"), "--period", PERIOD)
    county.merge(town.export(world.stick))
    assert stamp_of(county, TOWN) == "received"
    for office in (town, county, city):
        office.healthy()


# -- receipts --------------------------------------------------------------------------------------------------------


def test_a_receipt_is_checked_without_a_network_and_a_forged_one_is_not_taken(world: Offices, tmp_path: Path):
    import make_bad_packages as bad

    town, county = world[TOWN], world[COUNTY]
    town.record("1.1", 12)
    package = town.export(world.stick)
    county.merge(package)
    (reply,) = county.replies(world.stick, TOWN)
    parts = bad.read(reply.read_bytes())
    forged = world.stick / "forged.xlsx"
    name = bad.first(parts, "taizhang/journal/")
    forged.write_bytes(bad.write(parts | {name: parts[name].replace(b'"new":2', b'"new":9')}))
    assert parts[name] != bad.read(forged.read_bytes())[name]
    (row,) = town.merge(forged, status=3)
    assert row["state"] == "quarantined" and overview(town).acknowledged is False
    town.merge(reply)
    assert overview(town).acknowledged is True and "云溪县" in overview(town).last_sent_state
    # A neighbour's receipt for our package is nobody's word.
    (row,) = world[OTHER_TOWN].merge(reply, status=0)
    assert row["entries"]["conflicting"] == 0
    assert world[OTHER_TOWN].value("1.1") is None


# -- taking back -----------------------------------------------------------------------------------------------------


def test_a_merged_file_is_taken_back_after_what_depends_on_it_was_shown(world: Offices):
    town, county = world[TOWN], world[COUNTY]
    town.record("1.1", 12)
    first = town.export(world.stick)
    town.record("1.1", 5000, reason="误填")
    town.record("3.1", 7)
    wrong = town.export(world.stick)
    county.merge(first, wrong)
    assert county.value("1.1", TOWN) == 5000
    shown = county.json("retract", wrong.name, "--reason", "误收", status=1)
    assert shown["retracted"] is False
    assert {FIGURE, f"progress/{TOWN}/2024/3.1/{PERIOD}"} <= set(shown["affected"])
    assert county.value("1.1", TOWN) == 5000, "asking changes nothing"
    said = county.json("retract", wrong.name, "--reason", "误收", "--yes")
    assert said["affected"] == shown["affected"] and said["retracted"]
    assert (county.value("1.1", TOWN), county.value("3.1", TOWN)) == (12, None)
    refused = [step for step in county.history(FIGURE) if not step["counted"]]
    assert [step["why_not"] for step in refused] == ["带来它的文件已撤回"]
    # Merged again it is known and stays taken back; the next package brings back what the town still says.
    (row,) = county.merge(wrong)
    assert row["state"] == "known" and county.value("1.1", TOWN) == 12
    county.merge(town.export(world.stick))
    assert county.value("1.1", TOWN) == 5000
    county.healthy()


# -- erasure ---------------------------------------------------------------------------------------------------------


def test_what_was_erased_is_refused_by_every_later_merge(world: Offices, tmp_path: Path):
    town, county = world[TOWN], world[COUNTY]
    proof = pdf(tmp_path, "a")
    name = hashlib.sha256(proof.read_bytes()).hexdigest()
    personal = ("--personal", "姓名=钱多多")
    site = town.json("site", "add", "张家湾 03 户", "--quantity", "12.1=1", *personal)["subject"]
    town("attach", proof, "--to", "1.1")
    first = town.export(world.stick, "--evidence", "all", "--personal")
    county.merge(first)

    def held() -> tuple[bool, int]:
        import sqlite3

        with sqlite3.connect(county.folder / "taizhang.db") as connection:
            sealed = connection.execute("SELECT count(*) FROM sealed_record").fetchone()[0]
        connection.close()
        return any(path.name == name for path in (county.folder / "evidence").rglob("*")), sealed

    assert held() == (True, 1)
    for what in (name, site):
        county("erase", what, "--reason", "保存期满")
    assert held() == (False, 0)
    assert stands(county, TOWN)[1] == "", "what was erased is not missing"
    # The same file again, another one with the same bytes, and all volumes of a third: nothing comes back.
    again = town.export(world.stick, "--evidence", "all", "--personal")
    for package in (first, again):
        (row,) = county.merge(package)
        assert row["state"] in ("merged", "known") and row["evidence"]["new"] == 0
        assert held() == (False, 0)
    county("rebuild")
    county.merge(town.export(world.stick, "--evidence", "all", "--personal", "--max-size", "100KB"))
    assert held() == (False, 0)
    (tombstone,) = [step for step in county.json("log", f"erasure/{COUNTY}/{name}")["entries"]]
    assert "保存期满" in str(tombstone)
    # The tombstone binds its own desk: the town still has what is the town's.
    assert any(path.name == name for path in (town.folder / "evidence").rglob("*"))
    for office in (town, county):
        office.healthy()


# -- a newer version's words -----------------------------------------------------------------------------------------


def test_what_a_newer_version_says_is_kept_and_carried_on_to_the_city(world: Offices, tmp_path: Path):
    """An unknown kind, unknown fields in a known kind and in the payload: through the county to the city, byte for
    byte, and the figure beside them counts."""
    import sqlite3

    import make_bad_packages as bad
    import make_good_package as good
    import msgspec
    from make_bad_signed import resign

    from desktop_app.core.operations import keyring
    from desktop_app.core.operations.workspace import Workspace
    from desktop_app.core.package import opc

    town, county, city = world[TOWN], world[COUNTY], world[CITY]
    town.record("1.1", 12)
    package = town.export(world.stick)
    parts = bad.read(package.read_bytes())
    name = bad.first(parts, opc.JOURNALS)
    unknown = good.line("weather", f"weather/{TOWN}/{PERIOD}", good.bodies.ProgressBody(value=1), TOWN)
    lines = [msgspec.json.decode(line) for line in parts[name].splitlines()]
    for line in lines:
        if line["kind"] == "progress":
            line["body"]["mood"] = {"sun": [1, 2]}
    journal = b"".join(msgspec.json.encode(line, order="sorted") + b"\n" for line in lines) + unknown + b"\n"
    payload = msgspec.json.decode(parts[opc.PAYLOAD])
    payload["weather"] = {"sun": True}
    payload["journals"][0] |= {
        "sha256": hashlib.sha256(journal).hexdigest(),
        "size": len(journal),
        "entries": len(lines) + 1,
    }
    with Workspace.open(town.folder, writing=False) as workspace:
        signer = keyring.load_signer(workspace, town.passphrase)
    newer = resign(
        parts | {name: journal, opc.PAYLOAD: msgspec.json.encode(payload, order="sorted")},
        signer,
        good.SIGNED,
    )
    path = tmp_path / "newer.xlsx"
    path.write_bytes(bad.write(newer))
    (row,) = county.merge(path)
    assert (row["state"], row["entries"]["refused"]) == ("merged", 0)
    assert county.value("1.1", TOWN) == 12
    (row,) = city.merge(county.export(world.stick))
    assert (row["state"], row["entries"]["refused"]) == ("merged", 0)
    assert city.value("1.1", TOWN) == 12
    for office in (county, city):
        with sqlite3.connect(office.folder / "taizhang.db") as connection:
            held = [bytes(row[0]) for row in connection.execute("SELECT CAST(lines AS BLOB) FROM segment")]
            manifests = [
                bytes(row[0]) for row in connection.execute("SELECT CAST(bytes AS BLOB) FROM container_part")
            ]
        connection.close()
        assert journal in held and any(b'"weather":{"sun":true}' in part for part in manifests)
        office.healthy()


# -- who may say what ------------------------------------------------------------------------------------------------


def test_what_an_author_had_no_right_to_say_is_refused_alone_and_named(world: Offices, tmp_path: Path):
    import make_good_package as good
    import msgspec

    from desktop_app.core.operations import keyring
    from desktop_app.core.operations.workspace import Workspace

    town, county, city = world[TOWN], world[COUNTY], world[CITY]
    with Workspace.open(town.folder, writing=False) as workspace:
        signer = keyring.load_signer(workspace, town.passphrase)
    made = good.month(1, 0, unit=TOWN, name="枫桥镇")
    made.manifest = msgspec.structs.replace(made.manifest, city=CITY, to=COUNTY, period=PERIOD)
    own = good.line("progress", FIGURE, good.bodies.ProgressBody(value=12), TOWN)
    stolen = good.line(
        "progress", FIGURE.replace(TOWN, OTHER_TOWN), good.bodies.ProgressBody(value=999), TOWN
    )
    made.journal += own + b"\n" + stolen + b"\n"
    (row,) = county.merge(made.write(tmp_path / "a.xlsx", signer).path)
    assert row["state"] == "merged" and row["entries"]["refused"] >= 1 and row["entries"]["new"] >= 1
    assert (county.value("1.1", TOWN), county.value("1.1", OTHER_TOWN)) == (12, None)
    named = {item["subject"]: item for item in county.json("refused")["refused"]}
    found = named[FIGURE.replace(TOWN, OTHER_TOWN)]
    assert (found["unit"], found["why_not"]) == (TOWN, "不是这项指标的填报单位")
    # The city is told the same by the same signed words.
    city.merge(county.export(world.stick))
    assert (city.value("1.1", TOWN), city.value("1.1", OTHER_TOWN)) == (12, None)
    assert FIGURE.replace(TOWN, OTHER_TOWN) in {item["subject"] for item in city.json("refused")["refused"]}


# -- forks -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def forked(world: Offices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Offices:
    """Two computers of one town have said different figures for two indicators, a minute apart, and the county has
    both."""
    clock = itertools.count()
    begun = datetime.now().astimezone() - timedelta(hours=2)

    def minute() -> str:
        return (begun + timedelta(minutes=next(clock))).isoformat(timespec="seconds")

    monkeypatch.setattr("desktop_app.core.store.journal.now", minute)
    town, county = world[TOWN], world[COUNTY]
    second = Office(Path(shutil.copytree(town.folder, tmp_path / "second")), TOWN, town.passphrase)
    for office, first, other in ((town, 12, 70), (second, 13, 60)):
        office.record("1.1", first, note=f"记 {first}")
        office.record("3.1", other)
        county.merge(office.export(tmp_path / f"out{first}"))
    return world


def test_a_fork_is_shown_field_by_field_with_both_histories(forked: Offices):
    found = {fork["subject"]: fork for fork in forked[COUNTY].json("conflicts")["conflicts"]}
    assert set(found) == {FIGURE, f"progress/{TOWN}/2024/3.1/{PERIOD}", SUBMISSION}
    sides = found[FIGURE]["sides"]
    assert sorted(dict(side["fields"])["数值"] for side in sides) == ["12", "13"]
    assert sorted(dict(side["fields"])["说明"] for side in sides) == ["记 12", "记 13"]
    for side in sides:
        assert side["operator"] == f"{TOWN}经办" and side["at"] and side["origin"].endswith(".xlsx")
        assert [step["id"] for step in side["history"]] == [side["id"]]
    assert [side["counted"] for side in sides].count(True) == 1
    assert forked[COUNTY].tasks(TOWN)["1.1"]["value"] in (12, 13)


def test_forks_are_settled_in_bulk_by_a_stated_rule(forked: Offices):
    county, city = forked[COUNTY], forked[CITY]
    said = county.json("conflicts", "settle-all", "--rule", "greatest", "--reason", "以较大数为准")
    assert said["settled"] == 2
    assert [item["subject"] for item in said["left"]] == [SUBMISSION], (
        "no figure, so the rule does not fit it"
    )
    assert (county.value("1.1", TOWN), county.value("3.1", TOWN)) == (13, 70)
    last = county.history(FIGURE)[0]
    assert last["unit"] == COUNTY and "以较大数为准" in last["reason"] and "数值最大" in last["reason"]
    assert len(county.history(FIGURE)) == 3
    city.merge(county.export(forked.stick))
    assert (city.value("1.1", TOWN), city.value("3.1", TOWN)) == (13, 70)


def test_the_reviewer_returns_a_fork_and_the_office_keeps_one_of_its_own(forked: Offices):
    town, county = forked[TOWN], forked[COUNTY]
    county("review", "item", FIGURE, "return", "--comment", "两台电脑的数不一样，请核对后选定")
    town.merge(*county.replies(forked.stick, TOWN))
    # What the other computer said has come down as that one signed it, so that the office can choose.
    forks = {fork["subject"]: fork for fork in town.json("conflicts")["conflicts"]}
    assert set(forks) == {FIGURE, f"progress/{TOWN}/2024/3.1/{PERIOD}", SUBMISSION}
    keep = next(side["id"] for side in forks[FIGURE]["sides"] if dict(side["fields"])["数值"] == "13")
    town("conflicts", "settle", FIGURE, "--keep", keep[:12], "--reason", "与签到表一致")
    said = town.json("conflicts", "settle-all", "--rule", "latest", "--reason", "以后填的为准")
    assert said["left"] == [] and town.json("conflicts")["conflicts"] == []
    county.merge(town.export(forked.stick))
    assert (county.value("1.1", TOWN), county.value("3.1", TOWN)) == (13, 60)
    assert county.json("conflicts")["conflicts"] == []
    assert len(county.history(FIGURE)) == 3, "both stay in the history"
    forked.clear_stick()
    later = county.json("reply", "--out", forked.stick, "--unit", TOWN)["files"][0]["path"]
    from desktop_app.core.package.verify import open_package

    with open_package(Path(later), []) as package:
        assert {item.manifest.unit for item in package.forwarded} <= {CITY}, "it goes down once"


def test_an_approved_figure_stands_beside_the_reported_one(world: Offices):
    town, county, city = world[TOWN], world[COUNTY], world[CITY]
    town.record("1.1", 120)
    county.merge(town.export(world.stick))
    assert "意见" in county.refused("review", "item", FIGURE, "set", "--value", "12")
    county("review", "item", FIGURE, "set", "--value", "12", "--comment", "抽查签到表，多报一位")
    found = county.tasks(TOWN)["1.1"]
    assert (found["value"], found["reported"]) == (12, 120)
    steps = county.history(FIGURE)
    assert [step["after"] for step in steps if step["unit"] == TOWN] == ["120"], (
        "its own word stands as it was"
    )
    city.merge(county.export(world.stick))
    found = city.tasks(TOWN)["1.1"]
    assert (found["value"], found["reported"]) == (12, 120) and city.value("1.1") == 12
    town.merge(*county.replies(world.stick, TOWN))
    found = town.tasks()["1.1"]
    assert (found["value"], found["reported"]) == (12, 120)
    (review,) = town.history(f"review/{COUNTY}/{FIGURE}")
    assert review["unit"] == COUNTY and "多报一位" in str(review)
    # A corrected figure is judged anew.
    town.record("1.1", 15, reason="更正")
    county.merge(town.export(world.stick))
    assert county.value("1.1", TOWN) == 15
