"""Short stories of offices that share nothing but files on a stick, told by the command line alone."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest

# The maker of the offices lies beside the other test data, which is no package of Python's.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "data"))

from offices import BUREAU, CITY, COUNTY, OTHER_COUNTY, OTHER_TOWN, PERIOD, TOWN, Office, Offices

JUNE = "2024-06"
FIGURE = f"progress/{TOWN}/2024/1.1/{PERIOD}"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("stories") / "w"
    world = Offices(root)
    world.enrol(COUNTY, CITY)
    for unit in (TOWN, OTHER_TOWN, BUREAU):
        world.enrol(unit, COUNTY)
    return root


@pytest.fixture
def world(founded: Path, tmp_path: Path) -> Offices:
    return Offices.copied(founded, tmp_path / "w", (CITY, COUNTY, TOWN, OTHER_TOWN, BUREAU))


def photo(folder: Path, name: str = "现场.jpg", colour: tuple[int, int, int] = (40, 90, 160)) -> Path:
    from PIL import Image

    path = folder / name
    Image.new("RGB", (320, 240), colour).save(path)
    return path


def evidence_of(office: Office) -> dict[str, Path]:
    """Evidence files of an office by the hash they are stored under."""
    return {path.name: path for path in (office.folder / "evidence").rglob("*") if path.is_file()}


# -- up and down -----------------------------------------------------------------------------------------------------


def test_one_figure_and_one_photo_from_the_town_to_the_city(world: Offices, tmp_path: Path):
    town, county, city = world[TOWN], world[COUNTY], world[CITY]
    taken = photo(tmp_path)
    town.record("1.1", 12)
    town("attach", taken, "--to", "1.1", "--caption", "招聘会")
    county.merge(town.export(world.stick))
    county("review", "accept", TOWN, "--period", PERIOD)
    (row,) = city.merge(county.export(world.stick))
    assert (row["unit"], row["evidence"]) == (COUNTY, {"new": 1, "known": 0, "missing": 0})
    assert (city.value("1.1", TOWN), city.value("1.1", COUNTY), city.value("1.1")) == (12, 12, 12)
    name = hashlib.sha256(taken.read_bytes()).hexdigest()
    assert evidence_of(city)[name].read_bytes() == taken.read_bytes()
    (step,) = city.history(FIGURE)
    assert (step["unit"], step["operator"], step["after"]) == (TOWN, f"{TOWN}经办", "12")
    for office in (town, county, city):
        office.healthy()


def test_a_return_comes_back_corrected_and_is_accepted(world: Offices):
    town, county = world[TOWN], world[COUNTY]
    town.record("1.1", 120)
    county.merge(town.export(world.stick))
    county("review", "return", TOWN, "--period", PERIOD, "--comment", "多了一个零")
    town.merge(*county.replies(world.stick, TOWN))
    issues = town.json("check", "--period", PERIOD)["issues"]
    assert any("多了一个零" in issue["text"] for issue in issues)
    town.record("1.1", 12, reason="更正")
    county.merge(town.export(world.stick))
    (waiting,) = county.json("review", "list", "--period", PERIOD)["units"]
    assert waiting["waiting"] == 1, "a corrected figure is waiting again"
    county("review", "accept", TOWN, "--period", PERIOD)
    world.clear_stick()
    town.merge(*county.replies(world.stick, TOWN))
    assert not any("多了一个零" in i["text"] for i in town.json("check", "--period", PERIOD)["issues"])
    (row,) = county.json("review", "list", "--period", PERIOD)["units"]
    assert (row["waiting"], row["returned"]) == (0, 0), "what was returned with the whole is accepted with it"
    assert [step["after"].split()[0] for step in town.history(FIGURE)] == ["12", "120"]


def test_a_county_enters_a_town_s_paper_and_says_so(world: Offices):
    town, county, city = world[TOWN], world[COUNTY], world[CITY]
    county.record("1.1", 7, area=TOWN, note="据盖章件代录")
    (step,) = county.history(FIGURE)
    assert step["unit"] == COUNTY and county.value("1.1", TOWN) == 7
    city.merge(county.export(world.stick))
    assert city.value("1.1", TOWN) == 7
    with sqlite3.connect(city.folder / "taizhang.db") as connection:
        assert connection.execute("SELECT proxy FROM figure WHERE area = ?", (TOWN,)).fetchall() == [(1,)]
    connection.close()
    # The town hears of it, and its own word takes the place of the county's.
    town.merge(*county.replies(world.stick, TOWN))
    assert town.value("1.1") == 7
    town.record("1.1", 8)
    county.merge(town.export(world.stick))
    assert county.value("1.1", TOWN) == 8 and county.json("conflicts")["conflicts"] == []
    assert [step["unit"] for step in county.history(FIGURE)] == [TOWN, COUNTY]


def test_two_computers_two_figures_one_settlement(world: Offices, tmp_path: Path):
    town, county = world[TOWN], world[COUNTY]
    second = Office(Path(shutil.copytree(town.folder, tmp_path / "second")), TOWN, town.passphrase)
    town.record("1.1", 12)
    second.record("1.1", 13)
    one, other = town.export(tmp_path / "a"), second.export(tmp_path / "b")
    county.merge(one)
    (row,) = county.merge(other)
    assert row["entries"]["conflicting"] == 2, "the figure, and what was submitted"
    forks = {fork["subject"]: fork for fork in county.json("conflicts")["conflicts"]}
    sides = {side["value"]: side for side in forks[FIGURE]["sides"]}
    assert set(sides) == {"12", "13"} and [side["counted"] for side in sides.values()].count(True) == 1
    county("conflicts", "settle", FIGURE, "--keep", sides["13"]["id"][:12], "--reason", "与台账一致")
    assert county.value("1.1", TOWN) == 13
    assert FIGURE not in {fork["subject"] for fork in county.json("conflicts")["conflicts"]}
    assert len(county.history(FIGURE)) == 3, "both stay in the history"
    world[CITY].merge(county.export(world.stick))
    assert world[CITY].value("1.1", TOWN) == 13
    for office in (town, second):
        office.merge(*county.replies(tmp_path / f"r{office.folder.name}", TOWN))
        assert office.value("1.1") == 13


def test_a_lost_package_is_healed_by_the_next(world: Offices, tmp_path: Path):
    town, county = world[TOWN], world[COUNTY]
    town.record("1.1", 12)
    town("attach", photo(tmp_path), "--to", "1.1")
    town.export(world.stick).unlink()
    town.record("1.1", 20, JUNE, reason="集中招聘")
    (row,) = county.merge(town.export(world.stick, period=JUNE))
    assert row["evidence"] == {"new": 1, "known": 0, "missing": 0}
    assert [county.value("1.1", TOWN, period) for period in (PERIOD, JUNE)] == [12, 20]
    # Once it was received and answered the same is not carried again.
    town.merge(*county.replies(world.stick, TOWN))
    town.record("1.1", 25, JUNE, reason="集中招聘")
    assert town.json("export", "--period", JUNE, "--out", world.stick)["evidence"] == 0


# -- shares and reporters --------------------------------------------------------------------------------------------


def test_shares_add_up_however_they_are_given(world: Offices, tmp_path: Path):
    city, county, town = world[CITY], world[COUNTY], world[TOWN]
    (row,) = city.json("allocate", "equal", "1.1")["shares"]
    assert row["difference"] == 0 and row["given"] == row["total"]
    base = tmp_path / "基数.csv"
    base.write_text(f"单位代码,基数\n{COUNTY},2\n{OTHER_COUNTY},1\n", encoding="gb18030")
    (row,) = city.json("allocate", "proportional", "3.1", "--base", base)["shares"]
    given = {code: value for code, _name, value in row["parts"]}
    assert row["difference"] == 0 and sum(given.values()) == row["total"]
    assert abs(given[COUNTY] - 2 * given[OTHER_COUNTY]) < 3
    (row,) = city.json("allocate", "set", "1.1", COUNTY, "100", "--document", "云政〔2024〕5号")["shares"]
    assert row["difference"] == row["given"] - row["total"] != 0, "said, and not corrected behind one's back"
    county.merge(*city.replies(world.stick, COUNTY))
    table = tmp_path / "份额.csv"
    table.write_text(f"指标,单位代码,份额\n1.1,{TOWN},60\n1.1,{OTHER_TOWN},40\n", encoding="utf-8-sig")
    (row,) = county.json("allocate", "import", table)["shares"]
    assert (row["total"], row["given"], row["difference"]) == (100, 100, 0)
    town.merge(*county.replies(world.stick, TOWN))
    town.record("1.1", 30)
    assert (town.tasks()["1.1"]["share"], town.tasks()["1.1"]["done"]) == (60, 0.5)


def test_another_reporter_from_june_on_keeps_the_old_figures(world: Offices):
    town, county, bureau = world[TOWN], world[COUNTY], world[BUREAU]
    town.record("1.1", 12)
    county.merge(town.export(world.stick))
    county("allocate", "reporter", "1.1", TOWN, BUREAU, "--since", JUNE)
    assert county.value("1.1", TOWN) == 12
    for office in (bureau, town):
        office.merge(*county.replies(world.stick, office.code))
    assert "不是本单位的" in town.refused("record", "1.1", "15", "--period", JUNE)
    bureau.record("1.1", 15, JUNE, reason="集中招聘")
    county.merge(bureau.export(world.stick, period=JUNE))
    assert [county.value("1.1", TOWN, period) for period in (PERIOD, JUNE)] == [12, 15]
    assert county.value("1.1", COUNTY, JUNE) == 15, "counted once"
    county.healthy()


# -- care ------------------------------------------------------------------------------------------------------------


def test_the_same_picture_is_stored_once(world: Offices, tmp_path: Path):
    town, county = world[TOWN], world[COUNTY]
    first = photo(tmp_path)
    again = Path(shutil.copy(first, tmp_path / "副本.jpg"))
    assert town.json("attach", first, again, "--to", "1.1")["new"] == 1
    assert town.json("attach", first, "--to", "1.1")["new"] == 0
    assert town.json("attach", again, "--to", "3.1")["new"] == 1, "one picture may prove two things"
    assert len(evidence_of(town)) == 1
    town.record("1.1", 12)
    county.merge(town.export(world.stick, "--evidence", "all"))
    assert len(evidence_of(county)) == 1


def damaged(office: Office) -> list[str]:
    answer = office.ask("doctor", "--json")
    assert answer.status == 1 and not answer.json["ok"]
    return answer.json["problems"]


def test_doctor_finds_a_flipped_byte(world: Offices, tmp_path: Path):
    town = world[TOWN]
    town("attach", photo(tmp_path), "--to", "1.1")
    town.record("1.1", 12)
    ((name, path),) = evidence_of(town).items()
    whole = path.read_bytes()
    path.write_bytes(whole[:-5] + bytes([whole[-5] ^ 1]) + whole[-4:])
    assert damaged(town) == [f"附件被改动：{name[:12]}"]
    path.unlink()
    assert damaged(town) == [f"附件不见了：{name[:12]}"]
    path.write_bytes(whole)
    town.healthy()
    # Whoever has the disk can drop the triggers; the hashes still tell.
    with sqlite3.connect(town.folder / "taizhang.db") as connection:
        connection.execute("DROP TRIGGER segment_fixed")
        connection.execute(
            "UPDATE segment SET lines = CAST(replace(CAST(lines AS TEXT), '\"value\":12', '\"value\":21') AS BLOB)"
            " WHERE instr(lines, '\"value\":12')"
        )
    connection.close()
    assert any(FIGURE in problem for problem in damaged(town))


def test_rebuild_repairs_the_ledger(world: Offices):
    town = world[TOWN]
    town.record("1.1", 12)
    with sqlite3.connect(town.folder / "taizhang.db") as connection:
        connection.execute("UPDATE figure SET value = value * 2")
        connection.execute("DELETE FROM head WHERE kind = 'plan'")
    connection.close()
    assert {problem.split("“")[1].split("”")[0] for problem in damaged(town)} == {"figure", "head"}
    town("rebuild")
    town.healthy()
    assert town.value("1.1") == 12


def test_a_backup_is_another_computer(world: Offices, tmp_path: Path):
    town = world[TOWN]
    town("attach", photo(tmp_path), "--to", "1.1")
    town.record("1.1", 12)
    copy = Path(town.json("backup", tmp_path / "盘")["path"])
    assert copy.name.startswith(f"{TOWN}-") and not list(copy.parent.glob("*.part"))
    town.record("1.1", 13)
    shutil.rmtree(town.folder)
    town("restore", copy)
    assert town.value("1.1") == 12 and len(evidence_of(town)) == 1
    town.healthy()
    world[COUNTY].merge(town.export(world.stick))
    # A damaged backup is not put into use quietly.
    (path,) = evidence_of(Office(copy, TOWN, "")).values()
    path.write_bytes(b"\xff\xd8\xff")
    shutil.rmtree(town.folder)
    assert "损坏" in town.refused("restore", copy)


def test_the_log_says_who_what_when_from_what_to_what_and_why(world: Offices):
    town = world[TOWN]
    town.record("1.1", 120, note="首报")
    town.record("1.1", 12, reason="多写了一个零")
    last, first = town.history(FIGURE)
    assert (first["before"], first["after"], last["before"], last["after"]) == ("", "120", "120", "12")
    assert (last["unit"], last["operator"], last["reason"]) == (TOWN, f"{TOWN}经办", "多写了一个零")
    assert last["at"] >= first["at"] and last["counted"]
    line = next(row for row in town("log", FIGURE).splitlines() if "→" in row)
    assert all(word in line for word in ("枫桥镇", f"{TOWN}经办", "120 → 12", "多写了一个零"))
    assert len(town.json("log", "1.1")["entries"]) == 2
