"""Money: standards times counts, who bears what by which document, gaps, and 未定 wherever nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from desktop_app.core.model.period import Period
from desktop_app.core.operations import funds, recording, register_writing

PERIOD = Period.parse("2024-05")


@pytest.fixture
def top(city: Any, opened: Callable[[str], Any]) -> Any:
    desk = opened(city.code)
    for head in desk.store.ledger.heads("fund"):
        recording.withdraw(desk, head.subject, "试")
    for head in desk.store.ledger.heads("record", desk.unit_code):
        register_writing.void(desk, head.subject, "试")
    return desk


def money(desk: Any, task: int, area: str) -> Any:
    return funds.Money(desk, PERIOD).view(desk.plan.task(task), area)


def split(desk: Any, county: str, **values: object) -> str:
    return register_writing.save(desk, "split", None, {"county": county, **values})[1]


def test_reference_is_the_standard_times_what_is_counted(city: Any, top: Any):
    view = money(top, 13, city.county)
    count = funds.Money(top, PERIOD).situation.figure(top.plan.indicator("13.1"), city.county).value
    assert count and view.reference == 1000 * count and view.gap == view.reference
    assert view.split_rule == "县区承担" and view.split == {"county": view.reference}


def test_where_a_county_s_kind_is_not_said_the_split_is_open(city: Any, top: Any):
    view = money(top, 4, city.county)
    assert view.split == {} and view.split_rule == "未定"
    assert any("没有登记" in words for words in view.open)
    # A ratio that the notice does not write is never taken from another task.
    split(top, city.county, rule="市与区分担", city="5", own="5", document="甲〔2024〕1号")
    assert money(top, 4, city.county).split_rule == "市 5 : 区 5（甲〔2024〕1号）"
    for task in (12, 15, 20):
        view = money(top, task, city.county)
        assert view.split_rule == "未定", task
        assert any("分担比例未定" in words for words in view.open), task


def test_the_written_ratio_holds_where_the_city_marks_a_district_and_gives_none(city: Any, top: Any):
    split(top, city.county, rule="市与区分担", document="乙")
    assert money(top, 4, city.county).split_rule == "市 5 : 区 5（乙）"
    # For a task whose ratio is not written, marking a district is not enough.
    split(top, city.county, rule="市与区分担", document="乙", task=15)
    assert money(top, 15, city.county).split_rule == "未定"


def test_the_city_and_the_district_share_what_upper_levels_leave(city: Any, top: Any):
    split(top, city.county, rule="市与区分担", city="5", own="5", document="丁", task=23)
    recording.record_fund(
        top, {"task": 23, "level": "province", "arrived": "7000", "date": "2024-05-02"}, area=city.county
    )
    view = money(top, 23, city.county)
    assert view.reference is not None and view.upper == 7000
    half = (view.reference - 7000) / 2
    assert view.split == {"city": half, "county": half}
    assert view.gap == view.reference - 7000


def test_a_county_that_bears_its_own(city: Any, top: Any):
    split(top, city.county, rule="自行承担", document="丙")
    assert money(top, 4, city.county).split_rule == "本县区自行承担（丙）"


def test_several_standards_on_one_count_are_asked_for(city: Any, top: Any):
    view = money(top, 11, city.county)
    assert view.reference is None and any("寄宿托养补贴" in words for words in view.open)
    counts = {"残疾人培训补贴": 10, "寄宿托养补贴": 2, "日间照料补贴": 3, "居家托养补贴": 4}
    for rule, count in counts.items():
        values = {"rule": rule, "count": str(count), "task": 11}
        register_writing.save(top, "fund_counts", None, values, area=city.county)
    assert money(top, 11, city.county).reference == 10 * 800 + 2 * 12000 + 3 * 4000 + 4 * 2000


def test_money_handed_down_is_counted_once(city: Any, top: Any):
    for area, amount in ((city.town, "100"), (city.other_town, "50")):
        recording.record_fund(top, {"task": 13, "level": "county", "arrived": amount}, area=area)
    assert money(top, 13, city.county).total_arrived == 150
    recording.record_fund(top, {"task": 13, "level": "county", "arrived": "400.5"}, area=city.county)
    assert money(top, 13, city.county).total_arrived == Fraction("400.5")


def test_later_money_is_not_in_an_earlier_month(city: Any, top: Any):
    recording.record_fund(
        top, {"task": 13, "level": "county", "arrived": "9", "date": "2024-06-01"}, area=city.county
    )
    assert money(top, 13, city.county).total_arrived == 0


def test_paid_above_what_arrived_is_told(city: Any, top: Any):
    recording.record_fund(top, {"task": 13, "level": "county", "paid": "9"}, area=city.county)
    assert "支付多于到位。" in money(top, 13, city.county).warnings


def test_a_subsidy_beyond_its_cap_is_told_at_its_task(city: Any, top: Any):
    register_writing.save(
        top, "subsidies", None,
        {"task": 44, "project": "东关菜市", "programme": "改造奖补", "investment": "2000000", "amount": "250000"},
        area=city.county,
    )  # fmt: skip
    assert "东关菜市：超过投资总额的 10%。" in money(top, 44, city.county).warnings
