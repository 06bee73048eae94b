"""Sites, problems and money that cannot be taken, and personal numbers that must not stand in the open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ID_NUMBER = "11010519491231002X"
CARD = "6222 0212 3456 7894"
MAY = ("--period", "2024-05")


@pytest.fixture
def town(city: Any, desk: Callable[[str], Path]) -> Path:
    return desk(city.town)


def test_sites(town: Path, refuses: Callable[..., Any]):
    refuses(town, "site", "add", "甲户", saying="至少选一项指标")
    refuses(town, "site", "add", " ", "--quantity", "12.1=1", saying="名称不能空")
    refuses(town, "site", "add", "甲户", "--quantity", "12.1", status=2, saying="名称=值")
    refuses(town, "site", "add", "甲户", "--quantity", "12.1=1.5", saying="整数")
    refuses(town, "site", "add", "甲户", "--quantity", "12.1=-1", saying="负数")
    refuses(town, "site", "add", "甲户", "--quantity", "1.1=5", saying="直接填数")
    dates = ("--started", "2024-05-02", "--completed", "2024-05-01")
    refuses(town, "site", "add", "甲户", "--quantity", "12.1=1", *dates, saying="早于开工")
    refuses(town, "site", "update", "nowhere", "--note", "甲", saying="nowhere")
    refuses(town, "site", "void", "nowhere", "--reason", "登记重复", saying="nowhere")


def test_problems_and_money(town: Path, refuses: Callable[..., Any]):
    refuses(town, "problem", "add", "1", " ", saying="不能空")
    refuses(town, "problem", "add", "1", "缺资金", "--due", "下月", saying="不是日期")
    refuses(town, "problem", "close", "nowhere", "--answer", "已解决", saying="nowhere")
    refuses(town, "fund", "record", "1", "--level", "city", "--paid", "3千", saying="3000")
    refuses(town, "fund", "record", "1", "--level", "city", "--paid=-3", saying="负数")
    refuses(town, "fund", "record", "1", "--level", "city", saying="都没有填")
    refuses(town, "fund", "record", "1", "--level", "银行", "--paid", "3", status=2, saying="银行")


@pytest.mark.parametrize("number", [ID_NUMBER, CARD, "１１０１０５１９４９１２３１００２Ｘ"])
def test_personal_numbers_do_not_stand_in_the_open(
    town: Path, refuses: Callable[..., Any], number: str, tmp_path: Path
):
    photo = tmp_path / "a.pdf"
    photo.write_bytes(b"%PDF-1.4\n")
    text = f"张某 {number} 已核"
    for words in (
        ("record", "1.1", "9500", *MAY, "--note", text),
        ("record", "1.1", "10", *MAY, "--reason", text),
        ("site", "add", text, "--quantity", "12.1=1"),
        ("site", "add", "甲户", "--quantity", "12.1=1", "--place", text),
        ("problem", "add", "1", text),
        ("milestone", "done", "12.m1", "--date", "2024-05-01", "--note", text),
        ("attach", photo, "--to", "1.1", "--caption", text),
        ("fund", "record", "1", "--level", "city", "--paid", "3", "--note", text),
    ):
        answer = refuses(town, *words, saying="没有保存")
        assert number not in answer.err, "not even in the refusal"


def test_reviews_do_not_carry_personal_numbers(
    city: Any, desk: Callable[[str], Path], refuses: Callable[..., Any]
):
    words = ("--period", city.first, "--comment", f"{ID_NUMBER} 请核")
    refuses(desk(city.county), "review", "return", city.town, *words, saying="没有保存")
    words = ("--value", "7548", "--reason", f"{ID_NUMBER} 请核")
    subject = f"progress/{city.town}/2024/1.1/{city.first}"
    refuses(desk(city.county), "conflicts", "settle", subject, *words, saying="没有保存")
