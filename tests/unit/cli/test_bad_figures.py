"""Figures, sites, shares and names that cannot be taken: each is refused in words, and nothing is saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FIGURE = "progress/990101101/2024/1.1/2024-05"
MAY = ("--period", "2024-05")


@pytest.fixture
def town(city: Any, desk: Callable[[str], Path]) -> Path:
    return desk(city.town)


@pytest.fixture
def bureau(city: Any, desk: Callable[[str], Path]) -> Path:
    return desk(city.bureau)


# -- what was typed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "saying"),
    [
        ("很多", "不是数字"),
        ("", "没有数字"),
        ("   ", "没有数字"),
        ("12人次半", "“12人次半”"),
        ("2000万", "20000000"),
        ("1.2万", "12000"),
        ("+30", "加号"),
        ("1,23", "“1,23”"),
        ("1e5", "“1e5”"),
        ("NaN", "“NaN”"),
        ("0x10", "“0x10”"),
        ("9478.5", "整数"),
        ("1234567890123456", "太大"),
        ("九千", "“九千”"),
        ("5²", "“5²”"),
        ("=1+1", "“=1+1”"),
    ],
)
def test_what_is_no_number(town: Path, refuses: Callable[..., Any], value: str, saying: str):
    refuses(town, "record", "1.1", value, *MAY, saying=saying)


def test_a_negative_number_of_people(town: Path, refuses: Callable[..., Any]):
    refuses(town, "record", *MAY, "1.1", "--", "-5", saying="负数")


def test_too_many_decimals_of_a_kilometre(town: Path, refuses: Callable[..., Any]):
    refuses(town, "site", "add", "甲路", "--quantity", "31.1=1.84512", saying="小数")


@pytest.mark.parametrize(
    ("value", "of", "saying"),
    [
        ("1180", "1172", "分子比分母大"),
        ("1160", None, "比率"),
        ("1160", "", "比率"),
        ("0", "0", "分母是 0"),
        ("1160", "很多", "“很多”"),
        ("1160", "-1172", "负数"),
        ("1160.5", "1172", "整数"),
        ("99%", "1172", "“99%”"),
    ],
)
def test_rates(town: Path, refuses: Callable[..., Any], value: str, of: str | None, saying: str):
    more = [] if of is None else [f"--of={of}"]
    refuses(town, "record", "19.1", value, *more, *MAY, saying=saying)


def test_a_denominator_where_there_is_none(town: Path, refuses: Callable[..., Any]):
    refuses(town, "record", "1.1", "9500", "--of", "10000", *MAY, saying="不是比率")


def test_a_part_above_its_whole(town: Path, refuses: Callable[..., Any]):
    refuses(town, "record", "10.2", "99999", *MAY, "--reason", "核实", saying="比总数大")


def test_a_whole_below_its_part(town: Path, refuses: Callable[..., Any]):
    refuses(town, "record", "10.1", "1", *MAY, "--reason", "核实", saying="总数比它的“其中”小")


def test_a_state_is_one_or_nothing(bureau: Path, refuses: Callable[..., Any]):
    refuses(bureau, "record", "8.1", "2", *MAY, saying="1（已实现）或 0（未实现）")


def test_a_site_based_figure_is_not_typed(town: Path, refuses: Callable[..., Any]):
    refuses(town, "record", "12.1", "300", *MAY, saying="由台账自动相加")


# -- what wants a reason -------------------------------------------------------------------------------------------


def test_a_running_total_below_last_month_wants_a_reason_once(
    town: Path, refuses: Callable[..., Any], taizhang: Callable[..., Any]
):
    words = ("record", "1.1", "10", *MAY)
    refuses(town, *words, saying="年初累计比上期少")
    refuses(town, *words, "--reason", "  ", saying="年初累计比上期少")
    assert taizhang(*words, "--reason", "更正多报", at=town).status == 0
    (step, *_older) = taizhang("log", FIGURE, "--json", at=town).json["entries"]
    assert (step["after"], step["reason"]) == ("10", "更正多报")


def test_far_above_the_share_wants_a_reason(
    town: Path, refuses: Callable[..., Any], taizhang: Callable[..., Any]
):
    words = ("record", "28.2", "50000", "--period", "2024-06")
    refuses(town, *words, saying="150%")
    assert taizhang(*words, "--reason", "扩大范围", at=town).status == 0


# -- when ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("period", ["2023-12", "2025-01", "2025"])
def test_a_period_outside_the_plan(town: Path, refuses: Callable[..., Any], period: str):
    refuses(town, "record", "1.1", "9500", "--period", period, saying="不在2024年方案之内")


@pytest.mark.parametrize("period", ["2024-13", "2024-5", "五月", "2024/05", "24-05", "2024-Q5", ""])
def test_no_period_at_all(town: Path, refuses: Callable[..., Any], period: str, tmp_path: Path):
    commands = ["record 1.1 9500", "check", "missing", f"export --out {tmp_path / 'out'}"]
    for command in [*commands, "tasks"] if period else commands:
        words = (*command.split(), "--period", period)
        refuses(town, *words, status=2, saying=f"“{period}”不是一个期间")


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("昨天", "不是日期"),
        ("05-22", "不是日期"),
        ("2024-02-30", "日历上没有这一天"),
        ("2024-13-01", "日历上没有这一天"),
        ("6.31", "日历上没有这一天"),
    ],
)
def test_no_date_at_all(town: Path, refuses: Callable[..., Any], day: str, why: str):
    refuses(town, "milestone", "done", "12.m1", "--date", day, saying=why)
    refuses(town, "site", "add", "张家湾 03 户", "--quantity", "12.1=1", "--completed", day, saying=day)


# -- who -----------------------------------------------------------------------------------------------------------


def test_an_indicator_that_another_unit_reports(town: Path, bureau: Path, refuses: Callable[..., Any]):
    refuses(town, "record", "2.2", "5", *MAY, saying="不是本单位的")
    refuses(bureau, "record", "1.1", "5", *MAY, saying="填报")
    refuses(bureau, "site", "add", "甲处", "--quantity", "12.1=1", saying="填报")


@pytest.mark.parametrize(
    "words",
    [
        ("milestone", "done", "12.m1", "--date", "2024-05-01", "--area", "990101102"),
        ("allocate", "reporter", "1.1", "990101102", "990101101"),
        ("review", "item", "progress/990101101/2024/1.1/2024-05", "accept"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_what_this_unit_has_no_right_to_say(town: Path, refuses: Callable[..., Any], words: tuple[str, ...]):
    """Not kept in the journal only to be passed over."""
    refuses(town, *words, saying="本单位不能这样写")


def test_the_organisation_is_not_a_town_s_to_change(town: Path, refuses: Callable[..., Any], tmp_path: Path):
    table = tmp_path / "org.csv"
    table.write_text(
        "代码,名称,层级,上级代码\n990100,我市,市级,\n990199,新县,县区,990100\n", encoding="utf-8"
    )
    refuses(town, "units", "import", table, saying="市级牵头单位")
    (tmp_path / "plan.json").write_text("{}", encoding="utf-8")
    refuses(town, "plan", "adopt", tmp_path / "plan.json", saying="plan.json")


def test_a_neighbour_s_figure(city: Any, town: Path, refuses: Callable[..., Any]):
    refuses(town, "record", "1.1", "5", "--area", city.other_town, *MAY, saying="不是本单位的")
    refuses(
        town, "site", "add", "甲户", "--quantity", "12.1=1", "--area", city.other_town, saying="不是本单位的"
    )


def test_a_total_is_not_typed(city: Any, desk: Callable[[str], Path], refuses: Callable[..., Any]):
    refuses(desk(city.county), "record", "1.1", "5", *MAY, saying="由下级分别填报")


def test_no_such_indicator_milestone_task(town: Path, refuses: Callable[..., Any]):
    refuses(town, "record", "99.9", "5", *MAY, saying="“99.9”")
    refuses(town, "milestone", "done", "99.m1", "--date", "2024-05-01", saying="“99.m1”")
    refuses(town, "problem", "add", "99", "缺资金", saying="没有第 99 项任务")
    refuses(town, "fund", "record", "99", "--level", "city", "--paid", "1", saying="没有第 99 项任务")


@pytest.mark.parametrize(
    "words",
    [
        ("tasks", "--unit", "999"),
        ("setup", "999", "--out", "."),
        ("allocate", "set", "1.1", "999", "5"),
        ("allocate", "reporter", "1.1", "999", "--each", "--since", "2024-06"),
        ("allocate", "reporter", "1.1", "990101101", "999", "--since", "2024-06"),
        ("review", "accept", "999", *MAY),
        ("key", "revoke", "999", "--why", "lost"),
        ("record", "1.1", "5", "--area", "999", *MAY),
        ("reply", "--out", ".", "--unit", "999"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_a_unit_nobody_knows(
    city: Any,
    desk: Callable[[str], Path],
    refuses: Callable[..., Any],
    words: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.chdir(tmp_path)
    refuses(desk(city.county), *words, saying="999")


# -- shares --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["-5", "5.5", "很多", "2万"])
def test_a_share_that_is_none(
    city: Any, desk: Callable[[str], Path], refuses: Callable[..., Any], value: str
):
    refuses(desk(city.county), "allocate", "set", "1.1", city.town, "--", value, saying=value.lstrip("-"))


def test_shares_go_down_only(city: Any, town: Path, refuses: Callable[..., Any]):
    refuses(town, "allocate", "set", "1.1", city.county, "5", saying="不是本单位的下级")
    refuses(town, "allocate", "equal", "1.1", saying="没有下级")


def test_a_rate_is_not_divided(city: Any, desk: Callable[[str], Path], refuses: Callable[..., Any]):
    refuses(desk(city.county), "allocate", "equal", "19.1", saying="不用分")


def test_one_wrong_row_of_a_table_and_none_is_taken(
    city: Any, desk: Callable[[str], Path], refuses: Callable[..., Any], tmp_path: Path
):
    table = tmp_path / "份额.csv"
    for row, saying in (("1.1,999,5", "第 3 行"), ("1.1,,5", "第 3 行缺少"), ("77.1,990101101,5", "77.1")):
        table.write_text(f"指标,单位代码,份额\n1.1,{city.town},100\n{row}\n", encoding="gb18030")
        refuses(desk(city.county), "allocate", "import", table, saying=saying)
    table.write_text("单位,数\n1,2\n", encoding="utf-8")
    refuses(desk(city.county), "allocate", "import", table, saying="缺少这几列")
