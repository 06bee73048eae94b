"""The sheets: readable by everyone's programs, free of formulas, and compared with the journal."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from make_bad_signed import resign

from desktop_app.core.package import sheets, workbook
from desktop_app.core.package.active import check_workbook_part
from desktop_app.core.package.sheets import Sheets, TableRow, TableSheet
from desktop_app.core.package.style import lines_of
from desktop_app.core.package.verify import open_package

NASTY = [
    "=1+1",
    '=HYPERLINK("http://example.com")',
    "+86 123",
    "-3",
    "@SUM(A1)",
    "{=A1}",
    "http://example.com",
    "007",
    "<b>&amp;</b><!-- x -->]]>",
    "\x00\x08 control",
    "line\nbreak",
    "𠮷䶮",
    "x" * 40_000,
    "_x0041_",
]


def notes(path: Path, city: Any) -> tuple[str, ...]:
    with open_package(path, [city.root]) as found:
        return found.notes


def test_openpyxl_and_calamine_read_it(package: Path, month: Any):
    import openpyxl
    from python_calamine import CalamineWorkbook

    names = ["封面", "进度", "项目台账", "佐证材料", "问题清单", "资金"]
    book = openpyxl.load_workbook(package)
    assert book.sheetnames == names
    sheet = book["进度"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == "$1:$3"
    assert sheet.freeze_panes == "A4"
    assert "校验码" in sheet.oddFooter.center.text
    ids = [row[-1].value for row in sheet.iter_rows(min_row=4)]
    assert ids[:-1] == [row.entry for row in month.sheets.progress[:-1]]
    assert ids[-1] == "由项目台账汇总"
    assert len(book["佐证材料"]._images) == 3
    text = "".join(str(cell.value) for row in book["封面"].iter_rows() for cell in row)
    for needed in (month.manifest.digest, "不替代公章和电子签章", "签字", "单位公章", "样例"):
        assert needed in text
    fast = CalamineWorkbook.from_path(str(package))
    assert fast.sheet_names == names
    assert fast.get_sheet_by_name("资金").to_python()[3][4] == 12.5


def test_it_is_read_only_recommended(package: Path):
    with zipfile.ZipFile(package) as archive:
        assert b'readOnlyRecommended="1"' in archive.read("xl/workbook.xml")


def test_text_never_becomes_anything_else(city: Any, month: Any, tmp_path: Path):
    import openpyxl

    table = TableSheet(
        name="表",
        title="=1",
        heads=("=head", "b"),
        rows=tuple(TableRow(cells=(text, number)) for number, text in enumerate(NASTY)),
    )
    content = msgspec.structs.replace(
        month.sheets,
        cover=msgspec.structs.replace(month.sheets.cover, notes=("=1+1",), unit_name="A&B镇"),
        tables=(table,),
    )
    _with_sheets(month, content).write(tmp_path / "a.xlsx", city.signer())
    assert notes(tmp_path / "a.xlsx", city) == ()
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    cells = [book["表"].cell(row, 1) for row in range(4, 4 + len(NASTY))]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells[:8]] == NASTY[:8]
    assert all(cell.hyperlink is None for cell in cells)
    assert cells[0].quotePrefix


def _with_sheets(month: Any, content: Sheets) -> Any:
    import dataclasses

    return dataclasses.replace(month, sheets=content)


def test_same_content_same_parts(month: Any):
    assert workbook.build(month.sheets) == workbook.build(month.sheets)


def test_empty_lists_say_so_and_missing_ones_have_no_sheet(month: Any):
    content = Sheets(cover=month.sheets.cover, progress=(), funds=())
    parts = workbook.build(content)
    assert len([name for name in parts if re.fullmatch(r"xl/worksheets/sheet\d\.xml", name)]) == 3
    assert "（本期无）".encode() in parts["xl/sharedStrings.xml"]
    for name, data in parts.items():
        if name.endswith(".xml"):
            check_workbook_part(name, data)


def test_thumbnails_only_for_the_first(month: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sheets, "THUMBNAILS", 2)
    parts = workbook.build(Sheets(cover=month.sheets.cover, evidence=month.sheets.evidence))
    assert len([name for name in parts if name.startswith("xl/media/")]) == 2
    assert "只显示前 2 张缩略图".encode() in parts["xl/sharedStrings.xml"]


def test_damaged_thumbnails_are_left_out(month: Any):
    rows = tuple(
        msgspec.structs.replace(row, thumbnail=data)
        for row, data in zip(month.sheets.evidence, (b"no picture", b"\xff\xd8\xff", b"BM"), strict=True)
    )
    parts = workbook.build(Sheets(cover=month.sheets.cover, evidence=rows))
    assert not [name for name in parts if name.startswith("xl/media/")]


def test_long_cover(month: Any):
    cover = msgspec.structs.replace(
        month.sheets.cover,
        title="云溪市" * 12,
        notes=tuple("说明" * 60 for _number in range(5)),
        counts=(),
        volume=2,
        volumes=3,
        sequence=3,
    )
    parts = workbook.build(Sheets(cover=cover))
    assert "第 2 卷，共 3 卷".encode() in parts["xl/sharedStrings.xml"]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [("", 10, 1), ("abc", 10, 1), ("汉" * 10, 10, 2), ("a\nb", 10, 2), ("x" * 50, 10, 5)],
)
def test_lines_of(text: str, width: float, lines: int):
    assert lines_of(text, width) == lines


# --- rule 9 --------------------------------------------------------------------------------------------------------


def changed(month: Any, sheet: str, row: int, **values: Any) -> Any:
    rows = list(getattr(month.sheets, sheet))
    rows[row] = msgspec.structs.replace(rows[row], **values)
    return _with_sheets(month, msgspec.structs.replace(month.sheets, **{sheet: tuple(rows)}))


DIFFERENCES: list[tuple[str, int, dict[str, Any], str]] = [
    ("progress", 1, {"value": 38}, "“本期累计”显示“38”，数据是“37”"),
    ("progress", 5, {"value": "5.76"}, "“本期累计”显示“5.76”，数据是“5.75”"),
    ("progress", 0, {"of": 999}, "“分母”"),
    ("progress", 1, {"of": 999}, "数据是“空”"),
    ("progress", 1, {"indicator": "9.9"}, "“指标编号”"),
    ("progress", 1, {"entry": "0" * 64}, "没有对应的记录"),
    ("progress", 40, {"value": 16}, "显示“16”，数据是“15”"),
    ("sites", 0, {"name": "别的小区"}, "“项目名称”"),
    ("sites", 0, {"completed": ""}, "“完成”"),
    ("sites", 0, {"indicators": (("29.9", 2),)}, "“指标与数量”"),
    ("sites", 1, {"counts": True}, "数据是“18”"),
    ("evidence", 0, {"sha256": "0" * 64}, "“文件校验值(SHA-256)”"),
    ("evidence", 0, {"name": "x.jpg"}, "“文件名”"),
    ("problems", 0, {"text": "没有问题"}, "“问题”"),
    ("problems", 0, {"status": "closed"}, "“状态”"),
    ("funds", 0, {"arrived": 125}, "“到位（元）”"),
    ("funds", 0, {"level": "city"}, "“资金级次”"),
]


@pytest.mark.parametrize(("sheet", "row", "values", "words"), DIFFERENCES)
def test_differences_are_told(
    sheet: str, row: int, values: dict[str, Any], words: str, city: Any, month: Any, tmp_path: Path
):
    changed(month, sheet, row, **values).write(tmp_path / "a.xlsx", city.signer())
    with open_package(tmp_path / "a.xlsx", [city.root]) as found:
        assert found.state == "valid_with_notes"
        assert any(words in note for note in found.notes), found.notes
    with open_package(tmp_path / "a.xlsx", [city.root], sheets=False) as found:
        assert found.state == "valid"


def test_hidden_figures_are_told(city: Any, month: Any, tmp_path: Path):
    fewer = msgspec.structs.replace(month.sheets, progress=month.sheets.progress[2:])
    _with_sheets(month, fewer).write(tmp_path / "a.xlsx", city.signer())
    assert any("2 项本期数字没有写在" in note for note in notes(tmp_path / "a.xlsx", city))


def test_many_differences_are_counted(city: Any, month: Any, tmp_path: Path):
    rows = tuple(msgspec.structs.replace(row, value=-1) for row in month.sheets.progress)
    _with_sheets(month, msgspec.structs.replace(month.sheets, progress=rows)).write(
        tmp_path / "a.xlsx", city.signer()
    )
    found = notes(tmp_path / "a.xlsx", city)
    assert len(found) == 6
    assert "还有 36 处" in found[-1]


def test_cover_with_another_code(city: Any, month: Any, tmp_path: Path):
    cover = msgspec.structs.replace(month.sheets.cover, digest="7F3K-92QA-M4TX")
    _with_sheets(month, msgspec.structs.replace(month.sheets, cover=cover)).write(
        tmp_path / "a.xlsx", city.signer()
    )
    assert any("校验码" in note for note in notes(tmp_path / "a.xlsx", city))


def test_sums_of_rows_are_recomputed(city: Any, month: Any, tmp_path: Path):
    first = month.sheets.progress[1]

    def total(value: int) -> Any:
        row = msgspec.structs.replace(first, entry="", basis="sum", area_name="云溪县", value=value)
        return _with_sheets(
            month, msgspec.structs.replace(month.sheets, progress=(*month.sheets.progress, row))
        )

    total(37).write(tmp_path / "a.xlsx", city.signer())
    assert notes(tmp_path / "a.xlsx", city) == ()
    total(38).write(tmp_path / "b.xlsx", city.signer())
    assert any("数据是“37”" in note for note in notes(tmp_path / "b.xlsx", city))


def test_sheets_that_cannot_be_read_are_a_note(
    package: Path, city: Any, good: ModuleType, bad: ModuleType, tmp_path: Path
):
    parts = bad.read(package.read_bytes())
    parts = bad.sub(parts, bad.SHEET, b"</sheetData>", b"</row>")
    resigned = resign(parts, city.signer(), good.SIGNED)
    (tmp_path / "a.xlsx").write_bytes(bad.write(resigned))
    assert any("读不出来" in note for note in notes(tmp_path / "a.xlsx", city))


# --- re-saved ------------------------------------------------------------------------------------------------------


def test_resaved_by_openpyxl(package: Path, city: Any, tmp_path: Path):
    import openpyxl

    from desktop_app.core.errors import ResavedError

    openpyxl.load_workbook(package).save(tmp_path / "a.xlsx")
    with pytest.raises(ResavedError) as caught:
        open_package(tmp_path / "a.xlsx", [city.root])
    assert "另存" in caught.value.what
    assert "原文件" in caught.value.next_step


@pytest.mark.parametrize(
    ("writer", "words"),
    [("WPS 表格", "WPS"), ("Microsoft Excel", "WPS 或 Excel"), ("LibreOffice/7.4", "LibreOffice")],
)
def test_resaved_keeping_our_parts(
    writer: str, words: str, package: Path, city: Any, bad: ModuleType, tmp_path: Path
):
    """Some programs keep parts they do not know, even the signature, and add their own mark."""
    from desktop_app.core.errors import ResavedError

    mark = f"<Properties><Application>{writer}</Application></Properties>".encode()
    parts = bad.insert(bad.read(package.read_bytes()), "docProps/app.xml", mark)
    (tmp_path / "a.xlsx").write_bytes(bad.write(parts))
    with pytest.raises(ResavedError, match=words):
        open_package(tmp_path / "a.xlsx", [city.root])


def test_resaved_as_old_excel(city: Any, tmp_path: Path):
    from desktop_app.core.errors import ResavedError, VerificationError

    head = bytes.fromhex("d0cf11e0a1b11ae1")
    (tmp_path / "a.xls").write_bytes(head + bytes(500) + sheets.MARK.encode("utf-16-le"))
    with pytest.raises(ResavedError):
        open_package(tmp_path / "a.xls", [city.root])
    (tmp_path / "b.xls").write_bytes(head + bytes(500))
    with pytest.raises(VerificationError) as caught:
        open_package(tmp_path / "b.xls", [city.root])
    assert not isinstance(caught.value, ResavedError)


def test_stripping_the_signature_alone_is_not_called_resaving(
    package: Path, city: Any, bad: ModuleType, tmp_path: Path
):
    from desktop_app.core.errors import ResavedError, VerificationError

    parts = {
        name: data for name, data in bad.read(package.read_bytes()).items() if "_xmlsignatures" not in name
    }
    buffer = io.BytesIO(bad.write(parts))
    (tmp_path / "a.xlsx").write_bytes(buffer.getvalue())
    with pytest.raises(VerificationError) as caught:
        open_package(tmp_path / "a.xlsx", [city.root])
    assert caught.value.rule == 3
    assert not isinstance(caught.value, ResavedError)
