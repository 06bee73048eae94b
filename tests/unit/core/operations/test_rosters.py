"""Two rosters compared: who is where, who twice, nothing kept, everything masked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desktop_app.core.errors import InputError
from desktop_app.core.operations import rosters

ANNA, BEN, CLEO = "110101199003074514", "11010119900307387X", "110101199003070273"


def table(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    left = [
        ["2024年花名册"],
        ["姓名", "身份证号", "卡号"],
        ["安小娜", ANNA, "6222021234567890128"],
        ["贝小明", BEN, ""],
        ["贝明", BEN.lower(), ""],
        ["无号", "", ""],
    ]
    right = [["身份证号", "姓名"], [f"{ANNA[:6]} {ANNA[6:]}", "安小娜"], [CLEO, "柯乐"]]
    return table(tmp_path / "甲.xlsx", left), table(tmp_path / "乙.xlsx", right)


def test_who_is_where(files: tuple[Path, Path]):
    found = rosters.compare(*files, "身份证号")
    assert (found.left_count, found.right_count, found.both) == (4, 2, 1)
    assert [row.line for row in found.only_left] == [4, 5]
    assert [row.line for row in found.only_right] == [3]
    assert [row.line for row in found.twice_left] == [4, 5] and found.twice_right == ()
    assert (found.empty_left, found.empty_right) == (1, 0)


def test_nothing_personal_is_shown(files: tuple[Path, Path], taizhang: Callable[..., Any], tmp_path: Path):
    said = taizhang("roster", "compare", *files, "--by", "身份证号")
    formal = taizhang("--json", "roster", "compare", *files, "--by", "身份证号")
    assert said.status == formal.status == 0
    for text in (said.out, formal.out):
        for secret in (ANNA, BEN, BEN.lower(), CLEO, "贝小明", "柯乐", "6222021234567890128"):
            assert secret not in text
    assert "只在“甲.xlsx”里的：2" in said.out
    assert formal.json["both"] == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in files), (
        "nothing is kept"
    )


def test_the_column_must_be_there(files: tuple[Path, Path]):
    with pytest.raises(InputError, match="学籍号"):
        rosters.compare(*files, "学籍号")


def test_an_extract_against_a_register(city: Any, opened: Callable[[str], Any], tmp_path: Path):
    from desktop_app.core.operations import register_writing

    town = opened(city.town)
    for code, person, gone in (("D-1", ANNA, ""), ("D-2", BEN, ""), ("D-3", CLEO, "2024-03-01")):
        register_writing.save(
            town,
            "allowances",
            None,
            {"code": code, "kind": "生活补贴", "entry": "2024-01-01", "exit": gone, "id_number": person},
        )
    file = table(tmp_path / "系统.xlsx", [["编号", "身份证号"], ["D-1", ANNA], ["D-9", CLEO]])
    by_code = rosters.compare_with_register(town, file, "allowances", "编号", "2024-05-31")
    assert (by_code.right, by_code.right_count, by_code.both) == ("两项补贴名册", 2, 1)
    assert [row.by for row in by_code.only_left] == ["D-9"]
    assert [row.by for row in by_code.only_right] == ["D-2"], "who left before the day does not count"
    before = rosters.compare_with_register(town, file, "allowances", "编号", "2024-02-01")
    assert before.right_count == 3
    by_number = rosters.compare_with_register(town, file, "allowances", "身份证号", "2024-05-31")
    assert by_number.both == 1 and len(by_number.only_right) == 1
    assert BEN not in str(by_number), "masked here too"
    with pytest.raises(InputError, match="这一列"):
        rosters.compare_with_register(town, file, "visits", "编号")
