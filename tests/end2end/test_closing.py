"""Closing a month, correcting it, extensions, and what a county enters for a unit: told by the command line alone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "data"))

from offices import BUREAU, CITY, COUNTY, OTHER_TOWN, PERIOD, TOWN, Offices

JUNE = "2024-06"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("closing") / "w"
    world = Offices(root)
    world.enrol(COUNTY, CITY)
    for unit in (TOWN, OTHER_TOWN, BUREAU):
        world.enrol(unit, COUNTY)
    return root


@pytest.fixture
def world(founded: Path, tmp_path: Path) -> Offices:
    return Offices.copied(founded, tmp_path / "w", (CITY, COUNTY, TOWN, OTHER_TOWN, BUREAU))


def cells(path: Path, sheet: str) -> list[list[object]]:
    from openpyxl import load_workbook

    book = load_workbook(path)
    try:
        return [list(row) for row in book[sheet].iter_rows(values_only=True)]
    finally:
        book.close()


def said_on(path: Path, sheet: str) -> str:
    return "\n".join(str(value) for row in cells(path, sheet) for value in row if value)


def test_a_closed_month_is_corrected_in_the_current_one(world: Offices, tmp_path: Path):
    town, county, city = world[TOWN], world[COUNTY], world[CITY]
    town.record("1.1", 120)
    county.merge(town.export(world.stick))
    county("close", PERIOD)
    town.merge(*county.replies(world.stick, TOWN))
    assert "已由云溪县封账" in town.refused("record", "1.1", 12, "--period", PERIOD)
    town.record("1.1", 150, JUNE, reason="集中招聘")
    words = ("correct", "1.1", 12, "--closed", PERIOD, "--period", JUNE)
    assert "原因" in town.refused(*words)
    town(*words, "--reason", "多写了一个零")
    assert town.value("1.1", period=PERIOD) == 120, "what was closed stays as it was reported"
    assert town.value("1.1", period=JUNE) == 42, "the running total moves with the correction"
    # Typing June's figure anew does not lose the correction.
    town.record("1.1", 45, JUNE, reason="又招了三人")
    (row,) = town.json("corrections", "--period", JUNE)["corrections"]
    assert (row["before"], row["after"], row["now"], row["period"]) == ("120", "12", "45", PERIOD)
    package = town.export(world.stick, period=JUNE)
    assert town.json("verify", package)["files"][0]["state"] == "valid"
    assert "多写了一个零；又招了三人" in said_on(package, "更正表")
    county.merge(package)
    county.json("corrections", "--out", tmp_path / "更正表.xlsx")
    assert "枫桥镇" in said_on(tmp_path / "更正表.xlsx", "更正表")
    city.merge(county.export(world.stick, period=JUNE))
    assert [r["unit_name"] for r in city.json("corrections")["corrections"]] == ["枫桥镇"]
    for office in (town, county, city):
        office.healthy()


def test_a_figure_changed_where_nobody_had_heard_of_the_closing_is_listed(
    world: Offices, monkeypatch: pytest.MonkeyPatch
):
    town, county = world[TOWN], world[COUNTY]
    town.record("1.1", 12)
    county.merge(town.export(world.stick))
    county("close", PERIOD)
    import time

    time.sleep(1.1)  # clocks tell seconds
    town.record("1.1", 14)
    county.merge(town.export(world.stick))
    (row,) = county.json("corrections")["corrections"]
    assert (row["kind"], row["before"], row["after"]) == ("late", "12", "14")


def test_a_month_that_is_opened_again_is_open(world: Offices):
    town, county = world[TOWN], world[COUNTY]
    county("close", PERIOD)
    assert "要写原因" in county.refused("close", PERIOD, "--reopen")
    town.merge(*county.replies(world.stick, TOWN))
    town.refused("record", "1.1", 12, "--period", PERIOD)
    county("close", PERIOD, "--reopen", "--reason", "漏了一家")
    world.clear_stick()
    town.merge(*county.replies(world.stick, TOWN))
    town.record("1.1", 12)


def test_the_locking_day_closes_and_an_extension_keeps_open(world: Offices, monkeypatch: pytest.MonkeyPatch):
    town, county = world[TOWN], world[COUNTY]
    county("calendar", "set", "lock_day", 10)
    county("calendar", "set", "due_day", 3)
    county("calendar", "set", "off", "2024-06-03", "2024-06-04")
    may = next(m for m in county.json("calendar", "show")["months"] if m["period"] == PERIOD)
    assert (may["days"]["due"], may["days"]["lock"]) == ("2024-06-05", "2024-06-10")
    county("calendar", "extend", TOWN, PERIOD, "2024-06-20", "--reason", "防汛停电")
    for unit in (TOWN, OTHER_TOWN):
        world[unit].merge(*county.replies(world.stick, unit))
    monkeypatch.setenv("TAIZHANG_TODAY", "2024-06-12")
    assert "封账日已过" in world[OTHER_TOWN].refused("record", "1.1", 5, "--period", PERIOD)
    town.record("1.1", 12)
    rows = {row["unit"]: row for row in county.json("missing", "--period", PERIOD)["units"]}
    assert rows[TOWN]["due"] == "2024-06-20" and "防汛停电" in rows[TOWN]["detail"]
    assert rows[OTHER_TOWN]["due"] == "2024-06-05" and rows[OTHER_TOWN]["days_late"] == 7
    monkeypatch.setenv("TAIZHANG_TODAY", "2024-06-21")
    town.refused("record", "1.1", 13, "--period", PERIOD)


def test_what_a_county_enters_from_paper_travels_and_gives_way(world: Offices, tmp_path: Path):
    town, county, city = world[TOWN], world[COUNTY], world[CITY]
    paper = tmp_path / "枫桥镇五月.jpg"
    from PIL import Image

    Image.new("RGB", (300, 200), (200, 190, 180)).save(paper)
    proxied = ("proxy", "record", TOWN, "1.1", 7, "--period", PERIOD)
    assert "先放原件" in county.refused(*proxied)
    county("proxy", "source", TOWN, paper, "--period", PERIOD)
    county(*proxied)
    county("proxy", "finish", TOWN, "--period", PERIOD)
    rows = {row["unit"]: row for row in county.json("missing", "--period", PERIOD)["units"]}
    assert rows[TOWN]["state"] != "missing"
    package = county.export(world.stick)
    cover = said_on(package, "封面")
    assert "由本单位代录、待其确认 1 家：枫桥镇" in cover and "未报：" in cover and "柳塘乡" in cover
    assert "代录" in said_on(package, "进度")
    city.merge(package)
    # The town, which has not heard of it, sends its own: that is no second word to settle.
    town.record("1.1", 8)
    county.merge(town.export(world.stick))
    assert county.value("1.1", TOWN) == 8 and county.json("conflicts")["conflicts"] == []
    city.merge(county.export(world.stick))
    assert city.value("1.1", TOWN) == 8 and city.json("conflicts")["conflicts"] == []
    # The reply carries the source file down.
    (row,) = town.merge(*county.replies(world.stick, TOWN))
    assert row["evidence"]["new"] == 1
    kept = [path for path in (town.folder / "evidence").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in kept] == [paper.read_bytes()]
    for office in (town, county, city):
        office.healthy()


def test_a_reporter_that_is_replaced_is_told(world: Offices):
    town, county = world[TOWN], world[COUNTY]
    county("allocate", "reporter", "1.1", TOWN, BUREAU, "--document", "云民生办〔2024〕7号")
    town.merge(*county.replies(world.stick, TOWN))
    assert "不是本单位的" in town.refused("record", "1.1", 5, "--period", PERIOD)
    other = world[OTHER_TOWN]
    other.record("1.1", 9)
    county.merge(other.export(world.stick))
    assert "从哪个月起" in county.refused("allocate", "reporter", "1.1", OTHER_TOWN, BUREAU)
    county("allocate", "reporter", "1.1", OTHER_TOWN, BUREAU, "--since", JUNE)
