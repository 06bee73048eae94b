"""Fill-in workbooks: made, filled as people fill them, taken back, over and over, and spoiled in every way."""

from __future__ import annotations

import datetime
import hashlib
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desktop_app.core.errors import InputError, RuleError
from desktop_app.core.model.period import Period
from desktop_app.core.model.sheet import Reading
from desktop_app.core.operations import templates
from desktop_app.core.operations.workbooks import entering
from desktop_app.core.operations.workbooks.identity import FIGURES, IDENTITY, SITES, START

MAY, JUNE = Period(2024, 5, 5), Period(2024, 6, 6)
PLACES = ("张家湾村", "李家村", "东风社区")
FLOW, OTHER, SITE = "3.1", "3.2", "12.1"
WHY = dict.fromkeys((FLOW, OTHER), "按村重新核对")


@pytest.fixture
def town(opened, city):
    return opened(city.town)


@pytest.fixture
def made(town, tmp_path) -> Callable[..., Path]:
    def make(
        name: str = "t.xlsx", period: Period = MAY, places: Sequence[str] = PLACES, ids=(FLOW, OTHER, SITE)
    ):
        path = tmp_path / name
        templates.make(town, path, period, templates.Choice(indicators=tuple(ids), places=tuple(places)))
        return path

    return make


def fill(
    source: Path,
    target: Path,
    place: str = "",
    values: Mapping[str, Sequence[Any]] | None = None,
    sites: Sequence[Mapping[str, Any]] = (),
    spoil: Callable[[Any], object] | None = None,
) -> Path:
    """As somebody does with another program: openpyxl saves the whole book anew."""
    book = openpyxl.load_workbook(source)
    if place:
        book[START]["C4"] = place
    sheet = book[FIGURES]
    for row in range(4, sheet.max_row + 1):
        for column, value in enumerate((values or {}).get(sheet.cell(row, 1).value, ()), start=7):
            sheet.cell(row, column, value)
    if sites:
        table = book[SITES]
        heads = [cell.value for cell in table[3]]
        for row, site in enumerate(sites, start=4):
            for name, value in site.items():
                table.cell(row, heads.index(name) + 1, value)
    if spoil is not None:
        spoil(book)
    book.save(target)
    return target


def take(town, *files: Path, dry: bool = False, reasons: Mapping[str, str] = WHY) -> Reading:
    return entering.take_in(town, files, dry=dry, reasons=reasons)[0]


def head(town, indicator: str = FLOW, period: Period = MAY):
    return town.store.ledger.head(f"progress/{town.unit_code}/2024/{indicator}/{period.key}")


def entries(town) -> int:
    return int(town.store.connection.execute("SELECT count(*) FROM entry").fetchone()[0])


# -- what goes out -------------------------------------------------------------------------------------------------


def test_only_the_cells_to_be_filled_in_are_open(made):
    book = openpyxl.load_workbook(made())
    assert book[IDENTITY].sheet_state == "veryHidden"
    for title in (START, FIGURES, SITES):
        assert book[title].protection.sheet, title
    sheet = book[FIGURES]
    open_cells = {cell.coordinate for row in sheet for cell in row if not cell.protection.locked}
    assert open_cells == {f"{letter}{row}" for letter in "GIJ" for row in (4, 5)}
    assert {str(rule.sqref) for rule in sheet.data_validations.dataValidation} == {"G4", "G5"}
    choices = book[START].data_validations.dataValidation
    assert [rule.type for rule in choices] == ["list"] and str(choices[0].sqref) == "C4"
    assert {rule.type for rule in book[SITES].data_validations.dataValidation} == {"list", "decimal", "date"}


def test_only_what_this_unit_reports_and_what_can_be_summed(town, made, tmp_path):
    foreign = next(
        item.id
        for item in town.plan.indicators()
        if item.id not in {offer.id for offer in templates.offers(town, MAY)}
    )
    with pytest.raises(RuleError, match="不由本单位填报"):
        made(ids=(foreign,))
    with pytest.raises(RuleError, match="不能按村相加"):
        made(ids=("18.2",))
    made(ids=("18.2",), places=())
    with pytest.raises(InputError, match="不像村名"):
        made(places=("=cmd()",))
    assert templates.tasks_to_indicators(town, ["3，12.1"]) == ("3.1", "3.2", "12.1")
    with pytest.raises(InputError, match="没有编号"):
        templates.tasks_to_indicators(town, ["99.9"])


# -- villages' parts are summed --------------------------------------------------------------------------------------


def test_parts_are_summed_and_each_keeps_its_file(town, made, tmp_path):
    blank = made()
    one = fill(blank, tmp_path / "z.xlsx", PLACES[0], {FLOW: (12,)})
    two = fill(blank, tmp_path / "l.xlsx", PLACES[1], {FLOW: (30,)})
    seen = take(town, one, two, dry=True)
    before = entries(town)
    assert [row.after for row in seen.rows] == ["42"] and not seen.problems and seen.entered == 0
    done = take(town, one, two)
    body = head(town).body
    assert (body.value, done.entered) == (42, 1)
    assert {name: part.value for name, part in body.parts.items()} == {PLACES[0]: 12, PLACES[1]: 30}
    assert body.parts[PLACES[0]].source == hashlib.sha256(one.read_bytes()).hexdigest()
    assert "1 个村没有报过" in body.note and PLACES[2] in done.notes[0]
    kept = town.store.ledger.evidence_about(f"unit/{town.unit_code}")
    assert {item.body.sha256 for item in kept} == {part.source for part in body.parts.values()}
    assert {item.body.stage for item in kept} == {entering.STAGE}
    assert all(town.store.files.find(item.body.sha256) for item in kept)
    assert entries(town) == before + 3


def test_the_same_files_again_change_nothing_even_after_something_newer(town, made, tmp_path):
    blank = made()
    old = fill(blank, tmp_path / "old.xlsx", PLACES[0], {FLOW: (12,)}, [site("张家湾 01 户")])
    take(town, old)
    first = entries(town)
    again = take(town, old)
    assert entries(town) == first and [note.state for note in again.files] == ["known"]
    renamed = tmp_path / "改名.xlsx"
    renamed.write_bytes(old.read_bytes())
    assert [note.state for note in take(town, old, renamed).files] == ["known", "known"]
    new = fill(blank, tmp_path / "new.xlsx", PLACES[0], {FLOW: (15,)})
    take(town, new)
    assert head(town).body.value == 15
    take(town, old)
    assert head(town).body.value == 15, "an older file came back over a newer one"


def test_a_village_that_is_late_is_carried_on_and_said_so(town, made, tmp_path):
    blank = made()
    take(
        town,
        fill(blank, tmp_path / "a1.xlsx", PLACES[0], {FLOW: (10,)}),
        fill(blank, tmp_path / "a2.xlsx", PLACES[1], {FLOW: (7,)}),
    )
    assert head(town).body.value == 17
    take(town, fill(made("june.xlsx", JUNE), tmp_path / "m1.xlsx", PLACES[0], {FLOW: (14,)}))
    body = head(town, period=JUNE).body
    assert body.value == 21 and body.parts[PLACES[1]].period == "2024-05"
    assert f"{PLACES[1]}沿用2024-05" in body.note


def test_a_village_s_total_that_falls_wants_a_reason(town, made, tmp_path):
    take(town, fill(made(), tmp_path / "a.xlsx", PLACES[0], {FLOW: (10,)}))
    june = made("june.xlsx", JUNE)
    problem = take(town, fill(june, tmp_path / "m.xlsx", PLACES[0], {FLOW: (4,)}), reasons={}).problems[0]
    assert problem.soft and problem.spot.cell == "G4" and "少 6" in problem.text
    assert head(town, period=JUNE) is None
    said = fill(june, tmp_path / "m2.xlsx", PLACES[0], {FLOW: (4, None, None, "上月多报")})
    assert not take(town, said, reasons={}).problems
    body = head(town, period=JUNE).body
    assert body.value == 4 and "上月多报" in body.reason


def test_a_month_that_is_closed_takes_nothing(town, made, tmp_path):
    from desktop_app.core.operations import closing

    april = fill(made("april.xlsx", Period(2024, 4, 4)), tmp_path / "a.xlsx", PLACES[0], {FLOW: (10,)})
    before = entries(town)
    reading = take(town, april)
    assert closing and reading.problems[0].spot.cell == "G4" and not reading.entered
    assert entries(town) == before


def test_two_files_of_one_village_that_differ_are_both_named(town, made, tmp_path):
    blank = made()
    files = [
        fill(blank, tmp_path / f"{number}.xlsx", PLACES[0], {FLOW: (number,), OTHER: (900,)})
        for number in (1, 2)
    ]
    before = head(town).body
    reading = take(town, *files)
    assert [item.spot.file for item in reading.problems] == ["1.xlsx", "2.xlsx"]
    assert all("不一样" in item.text for item in reading.problems)
    assert head(town).body == before
    assert head(town, OTHER).body.value == 900


def test_whole_and_parts_of_one_figure_are_taken_neither_way(town, made, tmp_path):
    whole = fill(made("own.xlsx", places=()), tmp_path / "o.xlsx", values={FLOW: (5000,)})
    part = fill(made(), tmp_path / "p.xlsx", PLACES[0], {FLOW: (5,)})
    before = head(town).body
    assert len(take(town, whole, part).problems) == 2
    assert head(town).body == before


def test_parts_that_do_not_sum_are_refused_as_an_entry(town, made, tmp_path):
    from desktop_app.core.model import forms
    from desktop_app.core.model.bodies import Part, ProgressBody

    words = f"progress/{town.unit_code}/2024/{FLOW}/2024-05".split("/")
    parts = {"a": Part(value=1, of=2), "b": Part(value="1.5", of=3)}
    assert forms.well_formed("progress", words, ProgressBody(value="2.5", of=5, parts=parts))
    assert not forms.well_formed("progress", words, ProgressBody(value=3, of=5, parts=parts))
    assert not forms.well_formed("progress", words, ProgressBody(value="2.5", of=6, parts=parts))
    assert not forms.well_formed("progress", words, ProgressBody(value="2.5", parts=parts))


# -- the office's own figures ------------------------------------------------------------------------------------------


def test_own_figures_pass_the_same_rules(town, made, tmp_path):
    blank = made(ids=("10.1", "10.2", FLOW), places=())
    last = head(town).body.value
    bad = fill(blank, tmp_path / "bad.xlsx", values={"10.1": (30,), "10.2": (40,), FLOW: (last + 99_999,)})
    reading = take(town, bad, reasons={})
    assert {(item.spot.cell, item.soft) for item in reading.problems} == {
        ("G4", True),
        ("G5", False),
        ("G6", False),
    }
    assert head(town).body.value == last
    reading = take(town, bad, reasons={FLOW: "集中培训"})
    assert reading.entered == 1 and head(town).body.value == last + 99_999
    assert head(town).body.source == hashlib.sha256(bad.read_bytes()).hexdigest()


def test_a_total_and_its_part_may_change_together(town, made, tmp_path):
    total, part = head(town, "10.1"), head(town, "10.2")
    many = max(item.body.value for item in (total, part) if item) + 5000
    blank = made(ids=("10.1", "10.2"), places=())
    why = {"10.1": "x", "10.2": "x"}
    reading = take(
        town, fill(blank, tmp_path / "b.xlsx", values={"10.1": (many,), "10.2": (many - 1,)}), reasons=why
    )
    assert not reading.problems and reading.entered == 2


# -- sites -----------------------------------------------------------------------------------------------------------


def site(name: str, **more: Any) -> dict[str, Any]:
    return {"名称": name, "指标": "12.1 无障碍改造户数（户）", "数量": 1} | more


def test_sites_of_a_workbook(town, made, tmp_path):
    rows = [
        site("张家湾 01 户", 完成日期=datetime.date(2024, 5, 3)),
        site("张家湾 02 户", 开工日期=45420, **{"阶段：完成改造": "2024年5月6日"}),
        site("张家湾 03 户", 完成日期="5月6日"),
        site("李四 13812345678"),
        site("张家湾 05 户", 数量="一"),
        site("张家湾 01 户"),
    ]
    file = fill(made(), tmp_path / "s.xlsx", PLACES[0], sites=rows)
    reading = take(town, file)
    found = {item.body.name: item.body for item in town.store.ledger.heads("site")}
    assert found["张家湾 01 户"].completed == "2024-05-03" and found["张家湾 01 户"].place == PLACES[0]
    assert found["张家湾 02 户"].started == "2024-05-08"
    assert found["张家湾 02 户"].stages == {"完成改造": "2024-05-06"}
    assert {item.spot.cell[1:] for item in reading.problems} == {"6", "7", "8", "9"}
    assert not any("1381234" in str(item) for item in reading.problems)
    assert [row.name for row in reading.rows] == ["张家湾 01 户", "张家湾 02 户"]
    (kept,) = town.store.ledger.evidence_about(f"unit/{town.unit_code}")
    assert kept.body.personal, "a source with a telephone number must not travel in the open"


# -- cells, one by one -----------------------------------------------------------------------------------------------

CELLS = {
    "text number": ("40", 40),
    "full width": ("４０", 40),
    "thousands": ("1,040", 1040),
    "whole float": (40.0, 40),
    "formula": ("=20+20", "公式"),
    "unit": ("40人次", "带了单位"),
    "ten thousands": ("1.2万", "12000"),
    "half a person": (2.5, "整数"),
    "negative": (-4, "负数"),
    "huge": ("1234567890123456789", "太大"),
    "yes": (True, "是/否"),
    "date": (datetime.datetime(2024, 5, 1), "日期"),
    "words": ("若干", "不是数字"),
    "plus": ("+12", "加号"),
    "error": ("#REF!", "出错的结果"),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_is_read_or_named(name, town, made, tmp_path):
    value, want = CELLS[name]
    reading = take(town, fill(made(), tmp_path / "c.xlsx", PLACES[0], {FLOW: (value,)}))
    if isinstance(want, int):
        assert head(town).body.value == want and not reading.problems
    else:
        (problem,) = reading.problems
        assert want in problem.text + problem.next_step
        assert (problem.spot.sheet, problem.spot.cell) == (FIGURES, "G4")
        assert not head(town).body.parts


def test_a_percent_cell_is_not_guessed(town, made, tmp_path):
    def percent(book):
        book[FIGURES]["G4"].number_format = "0%"

    reading = take(town, fill(made(), tmp_path / "c.xlsx", PLACES[0], {FLOW: (0.5,)}, spoil=percent))
    assert "百分比" in reading.problems[0].text


# -- hostile and careless files ----------------------------------------------------------------------------------------


def merge_cells(book):
    book[FIGURES].merge_cells("G4:G5")


def change_unit(book):
    for row in book[IDENTITY].iter_rows(max_col=2):
        if row[0].value == "unit":
            row[1].value = '"990101102"'


def drop_figures(book):
    del book[FIGURES]


def rename_id(book):
    book[FIGURES]["A4"] = "9.9"


def double_id(book):
    book[FIGURES]["A5"] = FLOW
    book[FIGURES]["G5"] = 3


def strange_place(book):
    book[START]["C4"] = "别的村"


def no_place(book):
    book[START]["C4"] = None


SPOILT = {
    "merged cells": (merge_cells, "合并", True),
    "edited identity": (change_unit, "改动过", False),
    "no identity": (lambda book: book.remove(book[IDENTITY]), "不是本软件发出", False),
    "no figures": (drop_figures, "不见了", True),
    "number changed": (rename_id, "不在这份表里", True),
    "number doubled": (double_id, "重复", True),
    "unknown village": (strange_place, "不在这份表的名单里", False),
    "no village": (no_place, "没有选是哪个村", False),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_workbook_is_named_and_stops_no_other(name, town, made, tmp_path):
    spoil, words, readable = SPOILT[name]
    blank = made()
    bad = fill(blank, tmp_path / "bad.xlsx", PLACES[0], {FLOW: (7,)}, spoil=spoil)
    good = fill(blank, tmp_path / "good.xlsx", PLACES[1], {FLOW: (30,)})
    reading = take(town, bad, good)
    told = [item for item in reading.problems if item.spot.file == "bad.xlsx"]
    assert any(words in item.text for item in told), told
    assert next(note.state for note in reading.files if note.file == "bad.xlsx") == (
        "read" if readable else "refused"
    )
    assert head(town).body.parts[PLACES[1]].value == 30


def test_extra_sheets_and_hidden_rows_do_no_harm(town, made, tmp_path):
    def more(book):
        book.create_sheet("草稿")["A1"] = "=1/0"
        book[FIGURES].row_dimensions[5].hidden = True

    assert not take(town, fill(made(), tmp_path / "x.xlsx", PLACES[0], {FLOW: (5,)}, spoil=more)).problems
    assert head(town).body.value == 5


def test_another_unit_s_and_another_year_s(town, opened, city, tmp_path):
    other = tmp_path / "other.xlsx"
    templates.make(opened(city.other_town), other, MAY, templates.Choice(indicators=(FLOW,)))
    assert "不是本单位的" in take(town, other).problems[0].text


BYTES = {
    "empty": (b"", "空文件"),
    "no zip": (b"hello", "读不出来"),
    "old xls": (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, ".xls"),
    "password": (
        bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 100 + "EncryptedPackage".encode("utf-16-le"),
        "打开密码",
    ),
    "half": (None, "读不出来"),
}


@pytest.mark.parametrize("name", BYTES)
def test_what_is_no_workbook_is_told(name, town, made, tmp_path):
    content, words = BYTES[name]
    path = tmp_path / "b.xlsx"
    path.write_bytes(made().read_bytes()[:3000] if content is None else content)
    reading = take(town, path, tmp_path / "absent.xlsx")
    assert words in reading.problems[0].text and reading.problems[0].next_step
    assert "打不开" in reading.problems[1].text


def test_open_document_macros_and_entities_are_refused(town, made, tmp_path):
    ods, macro, entity = (tmp_path / f"{name}.xlsx" for name in ("ods", "macro", "entity"))
    with zipfile.ZipFile(ods, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    macro.write_bytes(made().read_bytes())
    with zipfile.ZipFile(macro, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    entity.write_bytes(made().read_bytes())
    with zipfile.ZipFile(entity, "a") as archive:
        archive.writestr("xl/extra.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    told = [item.text for item in take(town, ods, macro, entity).problems]
    assert ".ods" in told[0] and "宏" in told[1] and "读不出来" in told[2]


def test_a_sheet_of_ten_thousand_rows(town, made, tmp_path):
    def long(book):
        for row in range(4, 10_004):
            book[FIGURES].cell(row + 10, 9, "x")

    reading = take(town, fill(made(), tmp_path / "long.xlsx", PLACES[0], {FLOW: (5,)}, spoil=long))
    assert len(reading.problems) == 10_000
    assert head(town).body.value == 5
