"""Tables of sites in and out, extracts of business systems, plain workbooks of other offices."""

from __future__ import annotations

import datetime
import io
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desktop_app.core.errors import InputError
from desktop_app.core.model.period import Period
from desktop_app.core.operations import site_list, site_writing
from desktop_app.core.operations.workbooks import extracts, plain, sites_io

MAY = Period(2024, 5, 5)
ID_NUMBER = "11010519491231002X"


@pytest.fixture
def town(opened, city):
    return opened(city.town)


def table(path: Path, rows: Sequence[Sequence[Any]], merge: Sequence[str] = ()) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for span in merge:
        book.active.merge_cells(span)
    book.save(path)
    return path


def sites(town) -> dict[str, Any]:
    return {head.body.name: head.body for head in town.store.ledger.heads("site")}


def entries(town) -> int:
    return int(town.store.connection.execute("SELECT count(*) FROM entry").fetchone()[0])


def test_out_and_in_again_changes_nothing(town, tmp_path):
    path = tmp_path / "台账.xlsx"
    count = sites_io.export_sites(town, path)
    assert count == len(site_list.sites(town)) > 20
    before = entries(town)
    reading, _changes = sites_io.import_sites(town, path, dry=False)
    assert {row.state for row in reading.rows} == {"same"} and len(reading.rows) == count
    assert not reading.problems and not reading.notes and entries(town) == before


def test_one_edited_cell_changes_one_field(town, tmp_path):
    path = tmp_path / "台账.xlsx"
    sites_io.export_sites(town, path, "12.1")
    book = openpyxl.load_workbook(path)
    heads = [cell.value for cell in book.active[1]]
    name = book.active.cell(2, heads.index("名称") + 1).value
    book.active.cell(2, heads.index("备注") + 1, "已复核")
    book.active.cell(3, heads.index("完成日期") + 1).value = None
    second = book.active.cell(3, heads.index("名称") + 1).value
    book.save(path)
    stood = sites(town)
    reading, _changes = sites_io.import_sites(town, path, dry=False)
    assert [row.state for row in reading.rows].count("changed") == reading.entered == 2
    assert sites(town)[name].note == "已复核"
    assert sites(town)[name].quantities == stood[name].quantities
    assert stood[second].completed and not sites(town)[second].completed


def test_somebody_s_own_table(town, tmp_path):
    path = table(
        tmp_path / "镇里的表.xlsx",
        [
            ["2024年无障碍改造台账"],
            ["填报单位：枫桥镇"],
            [
                "序号",
                "点位 名称",
                "所在村",
                "户数（户）",
                "竣工时间",
                "户主姓名",
                "联系电话",
                "颜色",
                "阶段：制定方案",
            ],
            [1, "桥头 91 户", "桥头村", 1, datetime.date(2024, 5, 6), "张三", "13812345678", "红", 45400],
            [2, "桥头 92 户", "桥头村", "２", "2024.5.7", "李四", "", "", ""],
            [3, "", "桥头村", 1, "", "", "", "", ""],
            [4, "桥头 94 户", "桥头村", "1户", "", "", "", "", ""],
            [5, f"桥头 {ID_NUMBER}", "桥头村", 1, "", "", "", "", ""],
            [6, "桥头 91 户", "桥头村", 1, "", "", "", "", ""],
            [7, "桥头 97 户", "桥头村", "=1+0", "去年", "", "", "", ""],
            ["合计", "", "", 9],
        ],
        merge=["A1:I1", "A2:I2"],
    )
    reading, _changes = sites_io.import_sites(town, path, indicator="12.1", dry=False)
    found = sites(town)
    assert found["桥头 91 户"].completed == "2024-05-06" and found["桥头 91 户"].place == "桥头村"
    assert found["桥头 91 户"].stages == {"制定方案": "2024-04-18"}
    assert found["桥头 92 户"].quantities == {"12.1": 2}
    assert reading.entered == 2
    assert [problem.spot.cell for problem in reading.problems] == ["B6", "D7", "E10", "D10", "B8", "B9"]
    assert "户主姓名、联系电话" in reading.notes[0] and "颜色" in reading.notes[1]
    said = str(reading)
    assert "13812345678" not in said and ID_NUMBER not in said
    (kept,) = town.store.ledger.evidence_about(f"unit/{town.unit_code}")
    assert kept.body.personal and town.store.files.find(kept.body.sha256)[1], "kept sealed"
    again, _changes = sites_io.import_sites(town, path, indicator="12.1", dry=False)
    assert not again.entered and again.files[0].state == "known"


def test_a_row_is_found_by_name_and_place_and_empty_cells_leave_what_stands(town, tmp_path):
    rows = [["名称", "地点", "指标", "数量", "备注"], ["王庄 01 户", "王庄村", "12.1", 1, "先"]]
    sites_io.import_sites(town, table(tmp_path / "a.xlsx", rows), dry=False)
    rows = [["名称", "地点", "完成日期", "备注"], ["王庄 01 户", "王庄村", "20240508", ""]]
    reading, _changes = sites_io.import_sites(town, table(tmp_path / "b.xlsx", rows), dry=False)
    assert [row.state for row in reading.rows] == ["changed"]
    body = sites(town)["王庄 01 户"]
    assert (body.completed, body.note, body.quantities) == ("2024-05-08", "先", {"12.1": 1})


def test_merged_rows_and_tables_of_something_else(town, tmp_path):
    rows = [["名称", "地点", "指标", "数量"], ["a 1 户", "王庄村", "12.1", 1], ["a 2 户", "", "12.1", 1]]
    reading, _changes = sites_io.import_sites(
        town, table(tmp_path / "a.xlsx", rows, merge=["B2:B3"]), dry=True
    )
    assert [problem.spot.cell for problem in reading.problems] == ["B2:B3", "B2:B3"] and not reading.rows
    with pytest.raises(InputError, match="没有找到台账的列名"):
        sites_io.import_sites(town, table(tmp_path / "b.xlsx", [["天气", "温度"], ["晴", 3]]), dry=True)


def test_a_preview_writes_nothing(town, tmp_path):
    before = entries(town)
    rows = [["名称", "地点", "指标", "数量"], ["b 1 户", "王庄村", "12.1", 1]]
    reading, changes = sites_io.import_sites(town, table(tmp_path / "a.xlsx", rows), dry=True)
    assert [row.state for row in reading.rows] == ["new"] and not reading.entered and not changes.entries
    assert entries(town) == before


def test_old_personal_text_goes_out_masked_and_comes_back_harmless(town, tmp_path):
    site_writing.save_site(
        town, None, {"name": "c 1 户", "note": "电话 13812345678", "quantities": {"12.1": "1"}}
    )
    path = tmp_path / "x.xlsx"
    sites_io.export_sites(town, path)
    texts = [str(cell.value) for row in openpyxl.load_workbook(path).active for cell in row]
    assert not any("13812345678" in text for text in texts)
    assert any("138*****678" in text for text in texts)
    sites_io.import_sites(town, path, dry=False)
    assert sites(town)["c 1 户"].note == "电话 13812345678"


@pytest.mark.slow
def test_ten_thousand_rows(town, tmp_path):
    rows = [["名称", "地点", "指标", "数量", "完成日期"]]
    rows += [[f"王庄 {n} 户", "王庄村", "12.1", 1, "2024-05-08"] for n in range(10_000)]
    path = table(tmp_path / "big.xlsx", rows)
    began = time.monotonic()
    reading, _changes = sites_io.import_sites(town, path, dry=False)
    assert reading.entered == 10_000
    assert time.monotonic() - began < 60


# -- extracts ----------------------------------------------------------------------------------------------------------


def extract_rows(town) -> list[list[Any]]:
    names = [site.name for site in site_list.sites(town, "12.1")]
    return [
        ["某系统导出"],
        ["流水", "对象编号", "身份证号", "结果"],
        *[[n, name, ID_NUMBER, "已验收"] for n, name in enumerate(names[:3], start=1)],
        [9, "不在台账 01 户", "", "已验收"],
    ]


def test_an_extract_stands_for_many_and_loses_its_personal_columns(town, tmp_path):
    path = table(tmp_path / "导出.xlsx", extract_rows(town))
    extract = extracts.read_extract(path)
    assert extract.columns == ("流水", "对象编号", "结果") and extract.personal == ("身份证号",)
    found = extracts.match(town, extract, 1, "12.1")
    assert len(found.matched) == 3 and found.extract_only == ("不在台账 01 户",)
    assert len(found.ledger_only) == len(site_list.sites(town, "12.1")) - 3
    targets = list(found.matched.values())
    assert extracts.attach(town, path, targets).entries == 1
    assert extracts.attach(town, path, targets).entries == 0, "the same again"
    (head,) = [item for item in town.store.ledger.evidence_about(targets[0]) if item.body.extract]
    assert set(head.body.about) == set(targets) and head.body.original == extract.sha256
    kept = openpyxl.load_workbook(io.BytesIO(town.store.files.find(head.body.sha256)[0].read_bytes())).active
    texts = [str(cell.value) for row in kept for cell in row]
    assert "已验收" in texts and not any(ID_NUMBER in text for text in texts)


def test_an_extract_stands_for_an_indicator(town, tmp_path):
    path = table(tmp_path / "导出.xlsx", extract_rows(town))
    assert extracts.attach(town, path, ["12.1"]).entries == 1
    (head,) = [item for item in town.store.ledger.evidence_about("indicator/2024/12.1") if item.body.extract]
    assert head.body.about == ("indicator/2024/12.1",)
    with pytest.raises(InputError, match="没有内容"):
        extracts.read_extract(table(tmp_path / "leer.xlsx", [["对象"]]))


# -- plain workbooks (代录) ------------------------------------------------------------------------------------------


def test_an_office_s_plain_workbook(opened, city, tmp_path):
    county = opened(city.county)
    path = table(
        tmp_path / "镇.xlsx",
        [
            ["枫桥镇5月报表"],
            ["编号", "指标", "本期数", "分母", "备注"],
            ["3.1", "家政培训人次", 5000, None, ""],
            [None, "新增家政从业人员", "800人", None, ""],
            ["99.9", "没有这项", 3, None, ""],
        ],
    )
    subject = f"progress/{city.town}/2024/3.1/2024-05"
    before = county.store.ledger.head(subject)
    seen, _changes = plain.read(county, path, MAY, area=city.town, dry=True, reasons={"3.1": "x"})
    assert [row.after for row in seen.rows] == ["5,000"] and "带了单位" in seen.problems[0].text
    assert county.store.ledger.head(subject) == before
    done, _changes = plain.read(county, path, MAY, area=city.town, dry=False, reasons={"3.1": "x"})
    body = county.store.ledger.head(subject).body
    assert done.entered == 1 and body.value == 5000 and body.proxy and body.source == done.files[0].sha256
    with pytest.raises(InputError, match="没有认出指标的行"):
        plain.read(county, table(tmp_path / "y.xlsx", [["a"]]), MAY, area=city.town, dry=True)
