"""The quick reader of our own sheets: it sees what the general reader sees, or nothing."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from desktop_app.core.package import compare, plain_sheets, workbook
from desktop_app.core.package.sheets import Sheets, TableRow, TableSheet

PROGRESS = "xl/worksheets/sheet2.xml"
NASTY = ["=1+1", "007", "<b>&amp;\"'</b>", "line\nbreak", "  two  blanks ", "𠮷䶮", "", "&lt;", "1e5", "nan"]


def general(parts: dict[str, bytes]) -> dict[str, list[list[Any]]] | str:
    try:
        return trimmed(compare._read(parts))
    except Exception as problem:  # The reader's own kinds.
        return type(problem).__name__


def plain(parts: dict[str, bytes]) -> dict[str, list[list[Any]]] | None:
    found = plain_sheets.read(parts)
    try:
        return None if found is None else trimmed(found)
    except plain_sheets.OtherForm:
        return None


def trimmed(found: dict[str, list[Any]]) -> dict[str, list[list[Any]]]:
    """Without the empty cells at the ends, which readers fill up to different widths, and blanks at their sides."""
    told: dict[str, list[list[Any]]] = {}
    for name, rows in found.items():
        told[name] = [
            [" ".join(cell.split()) if isinstance(cell, str) else cell for cell in row] for row in rows
        ]
        for row in told[name]:
            while row and row[-1] == "":
                row.pop()
        while told[name] and not told[name][-1]:
            told[name].pop()
    return told


@pytest.fixture(scope="module")
def parts(month: Any) -> dict[str, bytes]:
    return workbook.build(month.sheets)


def test_it_sees_what_the_general_reader_sees(parts: dict[str, bytes], month: Any):
    found = plain(parts)
    assert found is not None
    assert list(found) == ["封面", "进度", "项目台账", "佐证材料", "问题清单", "资金"]
    assert found == general(parts)
    assert found["进度"][3][-1] == month.sheets.progress[0].entry


def test_texts_of_every_sort(month: Any):
    table = TableSheet(
        name="说明 & <表>",
        title="怪文字",
        heads=tuple(f"列{number}" for number in range(6)),
        rows=tuple(TableRow(cells=(text, *range(38), "末"), entry="0" * 64) for text in NASTY),
    )
    parts = workbook.build(msgspec.structs.replace(month.sheets, tables=(table,)))
    found = plain(parts)
    assert found is not None and found == general(parts)
    assert [row[0] for row in found["说明 & <表>"][3:]] == [" ".join(text.split()) for text in NASTY]


def test_empty_sheets(month: Any):
    parts = workbook.build(Sheets(cover=month.sheets.cover, progress=(), sites=()))
    assert plain(parts) == general(parts)


Change = Callable[[bytes], bytes]


def replaced(pattern: bytes, by: bytes, count: int = 1) -> Change:
    return lambda data: re.sub(pattern, by, data, count=count)


OTHER_FORMS: dict[str, tuple[str, Change]] = {
    "a row before the others": (PROGRESS, replaced(rb'<row r="5"', rb'<row r="3"')),
    "a cell of another row": (PROGRESS, replaced(rb'r="I5"', rb'r="I6"')),
    "a cell twice": (PROGRESS, replaced(rb'<c r="J5"', rb'<c r="I5" s="1"><v>99</v></c><c r="J5"')),
    "cells out of order": (PROGRESS, replaced(rb'(<c r="I5".*?</c>)(<c r="J5"[^>]*/>)', rb"\2\1")),
    "text in the cell": (
        PROGRESS,
        replaced(rb'<c r="C5" s="\d+" t="s"><v>\d+</v>', rb'<c r="C5" t="inlineStr"><is><t>9.9</t></is>'),
    ),
    "a string in the cell": (PROGRESS, replaced(rb'<c r="I5" s="\d+">', rb'<c r="I5" t="str">')),
    "an attribute more": (PROGRESS, replaced(rb'<c r="I5"', rb'<c cm="1" r="I5"')),
    "white space": (PROGRESS, replaced(rb'</row><row r="6"', rb'</row> <row r="6"')),
    "a second table of rows": (
        PROGRESS,
        replaced(rb"</sheetData>", rb'</sheetData><sheetData><row r="900"></row></sheetData>'),
    ),
    "a string that stands for nothing": ("xl/sharedStrings.xml", replaced(rb"<si><t>", rb"<si/><si><t>")),
    "a string of several pieces": (
        "xl/sharedStrings.xml",
        replaced(rb"<si><t>([^<]+)</t></si>", rb"<si><r><t>\1</t></r></si>"),
    ),
    "a string opened otherwise": ("xl/sharedStrings.xml", replaced(rb"<si><t>", rb"<si ><t>")),
    "an entity of XML's own": ("xl/sharedStrings.xml", replaced(rb"<si><t>", rb"<si><t>&#57;")),
    "a character in Excel's own writing": ("xl/sharedStrings.xml", replaced(rb"<si><t>", rb"<si><t>_x0041_")),
    "numbers shown as days": ("xl/styles.xml", replaced(rb'formatCode="#,##0"', rb'formatCode="yyyy-mm-dd"')),
    "numbers shown as days by number": (
        "xl/styles.xml",
        replaced(rb'numFmtId="164" fontId', rb'numFmtId="14" fontId', 0),
    ),
    "a hidden sheet": ("xl/workbook.xml", replaced(rb'sheetId="2"', rb'sheetId="2" state="hidden"')),
    "a sheet's name twice": ("xl/workbook.xml", replaced("项目台账".encode(), "进度".encode())),
}


@pytest.mark.parametrize("name", OTHER_FORMS)
def test_what_is_of_another_form_is_left_to_the_general_reader(parts: dict[str, bytes], name: str):
    part, change = OTHER_FORMS[name]
    other = change(parts[part])
    assert other != parts[part]
    assert plain_sheets.read({**parts, part: other}) is None


@pytest.mark.parametrize("change", [rb"<v>999999</v>", rb"<v>1-2</v>", rb"<v>.</v>"])
def test_cells_that_hold_no_value_are_of_another_form(parts: dict[str, bytes], change: bytes):
    other = re.sub(rb"(<c r=\"C5\"[^>]*>)<v>\d+</v>", rb"\1" + change, parts[PROGRESS])
    assert other != parts[PROGRESS]
    assert plain({**parts, PROGRESS: other}) is None


@pytest.mark.parametrize("seed", range(6))
def test_damaged_sheets_are_seen_alike_or_not_at_all(parts: dict[str, bytes], seed: int):
    """Pieces cut out, doubled, swapped and put elsewhere, sixty times."""
    rng = random.Random(seed)
    names = [
        name for name in parts if name.startswith("xl/worksheets/sheet") or name == "xl/sharedStrings.xml"
    ]
    seen = 0
    for _number in range(60):
        part = rng.choice(names)
        pieces = re.split(rb"(?=<)", parts[part])
        for _change in range(rng.randint(1, 2)):
            at, other = rng.randrange(len(pieces)), rng.randrange(len(pieces))
            match rng.randrange(4):
                case 0:
                    del pieces[at]
                case 1:
                    pieces.insert(at, pieces[other])
                case 2:
                    pieces[at], pieces[other] = pieces[other], pieces[at]
                case _:
                    pieces[at] = re.sub(
                        rb"\d", lambda _m: str(rng.randrange(10)).encode(), pieces[at], count=1
                    )
        changed = {**parts, part: b"".join(pieces)}
        found = plain(changed)
        if found is not None:
            seen += 1
            told = general(changed)
            assert found == told, changed[part][:900] if isinstance(told, str) else part
    assert seen
