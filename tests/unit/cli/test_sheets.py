"""template, site export and import, from the command line."""

from __future__ import annotations

import openpyxl
import pytest


@pytest.fixture
def home(desk, city):
    return desk(city.town)


def test_out_filled_and_in_again(taizhang, home, tmp_path):
    blank, filled = tmp_path / "t.xlsx", tmp_path / "f.xlsx"
    words = (
        "template",
        "out",
        blank,
        "--tasks",
        "3,12.1",
        "--period",
        "2024-05",
        "--places",
        "张家湾村，李家村",
    )
    made = taizhang(*words, "--json", at=home)
    assert made.json["mode"] == "parts" and made.json["indicators"] == ["3.1", "3.2", "12.1"]
    book = openpyxl.load_workbook(blank)
    book["填表说明"]["C4"] = "李家村"
    book["指标"]["G4"] = 4
    book["指标"]["G5"] = "三个"
    book.save(filled)
    seen = taizhang("template", "in", filled, "--check", "--json", at=home)
    assert seen.json["checked_only"] and not seen.json["entered"]
    assert seen.status == 1, "nothing of it can be entered as it is"
    assert {item["spot"]["cell"] for item in seen.json["problems"]} == {"G4", "G5"}
    done = taizhang("template", "in", filled, "--reason", "3.1=重新核对", "--json", at=home)
    assert done.json["entered"] == 1 and done.json["rows"][0]["detail"] == "李家村 4"
    told = taizhang("template", "in", filled, at=home)
    assert "已写入 0 项，问题 1 处" in told.out and "f.xlsx · 指标 · G5" in told.err
    log = taizhang("log", "3.1", "--json", at=home)
    assert log.json["entries"][0]["after"] == "4" or any(e["after"] == "4" for e in log.json["entries"])


def test_a_file_of_which_nothing_can_be_read_is_refused(taizhang, home, tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"nothing")
    answer = taizhang("template", "in", path, "--json", at=home)
    assert answer.status == 1 and "读不出来" in answer.json["problems"][0]["text"]
    plain = taizhang("template", "in", path, at=home)
    assert plain.status == 1 and "→" in plain.out + plain.err


def test_what_cannot_be_asked_is_refused(refused, home, tmp_path):
    refused("template", "out", tmp_path / "t.xlsx", "--tasks", "99.9", at=home, saying="没有编号")
    refused(
        "template", "out", tmp_path / "t.xlsx", "--tasks", "18.2", "--places", "a", at=home, saying="按村相加"
    )
    refused("template", "out", tmp_path / "no" / "t.xlsx", at=home)


def test_sites_round(taizhang, refused, home, tmp_path):
    path = tmp_path / "s.xlsx"
    out = taizhang("site", "export", path, "--indicator", "12.1", "--json", at=home)
    listed = taizhang("site", "list", "--indicator", "12.1", "--json", at=home)
    assert out.json["sites"] == len(listed.json["sites"]) > 0
    back = taizhang("site", "import", path, "--json", at=home)
    assert back.json["entered"] == 0 and not back.json["problems"]
    book = openpyxl.load_workbook(path)
    row = [cell.value for cell in book.active[1]].index("备注") + 1
    book.active.cell(2, row, "再看")
    book.save(path)
    assert taizhang("site", "import", path, "--check", "--json", at=home).json["entered"] == 0
    assert taizhang("site", "import", path, "--json", at=home).json["entered"] == 1
    refused("site", "import", tmp_path / "absent.xlsx", at=home, saying="打不开")
    refused("site", "import", path, "--indicator", "77.7", at=home, saying="没有编号")
