"""The rules one figure has to pass."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.model.plan import Indicator
from desktop_app.core.rules.entry_rules import (
    Finding,
    check_value,
    needs_reason,
    refused,
    usual_increase,
)


def indicator(**changes: Any) -> Indicator:
    fields: dict[str, Any] = {
        "id": "1.1",
        "name": "数",
        "measure": "count",
        "op": ">=",
        "unit": "人",
        "target": "10",
    }
    return Indicator(**fields | changes)


COUNT = indicator()
KILOMETRES = indicator(unit="公里", decimals=3)
RATE = indicator(measure="rate", unit="%", target="99", numerator="已参保", denominator="应参保")
AVERAGE = indicator(measure="rate", unit="元/院", target="50000", per=1, adds="ratio")
VILLAGES = indicator(measure="rate", unit="场/村", target="1", per=1, adds="universal")
STANDARD = indicator(measure="standard", unit="元/月", target="86", flow=False)
STATE = indicator(measure="state", op="state", unit="项", target="1", flow=False)
SITE = indicator(basis="site")
QUARTERLY = indicator(frequency="quarter")


def rules(found: list[Finding]) -> list[str]:
    return [finding.rule for finding in found]


@pytest.mark.parametrize(
    ("measured", "value", "of", "rule"),
    [
        (COUNT, "abc", None, "not_a_number"),
        (COUNT, "1e3", None, "not_a_number"),
        (COUNT, True, None, "not_a_number"),
        (RATE, 1, "x", "not_a_number"),
        (COUNT, -1, None, "negative"),
        (RATE, 1, -2, "negative"),
        (COUNT, "1.5", None, "fraction"),
        (KILOMETRES, "1.2345", None, "fraction"),
        (RATE, "1.5", 2, "fraction"),
        (STATE, 2, None, "state"),
        (RATE, 1, None, "no_denominator"),
        (RATE, 0, 0, "zero_denominator"),
        (RATE, 3, 2, "above_denominator"),
        (VILLAGES, 3, 2, "above_denominator"),
    ],
)
def test_hard_rules(measured, value, of, rule):
    found = check_value(measured, value, of)
    assert rule in rules(found)
    assert refused(found) and not needs_reason(found)
    assert all(finding.text and finding.next_step for finding in found)


@pytest.mark.parametrize(
    ("measured", "value", "of"),
    [
        (COUNT, 0, None),
        (COUNT, 12, None),
        (COUNT, "12.0", None),
        (COUNT, Fraction(12), None),
        (KILOMETRES, "3.825", None),
        (RATE, 2176, 2189),
        (RATE, 0, 5),
        (AVERAGE, 2_950_000, 59),
        (VILLAGES, 2, 2),
        (STANDARD, 86, None),
        (indicator(measure="standard", unit="%", decimals=1, flow=False), "-0.5", None),
        (STATE, 0, None),
        (STATE, 1, None),
        (SITE, 5, None),
    ],
)
def test_sound_figures(measured, value, of):
    assert check_value(measured, value, of) == []


def test_only_the_reporting_unit_speaks():
    assert rules(check_value(COUNT, 5, reporter=False)) == ["not_reporter"]


def test_a_figure_made_of_sites_is_not_typed():
    assert rules(check_value(SITE, 5, by_hand=True)) == ["from_sites"]


def test_a_part_is_never_greater_than_its_whole():
    assert rules(check_value(COUNT, 11, whole=Fraction(10))) == ["above_whole"]
    assert check_value(COUNT, 10, whole=Fraction(10)) == []
    assert rules(check_value(COUNT, 10, parts=[Fraction(4), Fraction(11)])) == ["below_part"]
    assert check_value(COUNT, 10, parts=[Fraction(10), Fraction(10)]) == []


def test_a_running_total_may_fall_with_a_reason():
    found = check_value(COUNT, 7, previous=Fraction(9), months=6)
    assert rules(found) == ["falls"]
    assert needs_reason(found) and not refused(found)
    assert "2" in found[0].text


def test_a_stock_may_fall():
    assert check_value(indicator(flow=False), 7, previous=Fraction(9), months=6) == []


def test_a_running_total_begins_anew_in_january():
    assert check_value(COUNT, 7, previous=Fraction(900), months=1) == []
    assert check_value(QUARTERLY, 7, previous=Fraction(900), months=3) == []


@pytest.mark.parametrize(
    ("value", "share", "asked"),
    [(205, None, False), (328, None, False), (329, None, True), (402, 620, True), (402, 4000, False)],
)
def test_a_jump_wants_a_reason(value, share, asked):
    # Five months came to 205, so 41 a month is usual and more than 123 in June is not.
    goal = None if share is None else Fraction(share)
    assert (
        "jumps" in rules(check_value(COUNT, value, previous=Fraction(205), share=goal, months=6))
    ) is asked


def test_usual_increase():
    assert usual_increase(COUNT, Fraction(205), 6) == 41
    assert usual_increase(COUNT, Fraction(205), 2) is None
    assert usual_increase(COUNT, None, 6) is None
    assert usual_increase(QUARTERLY, Fraction(300), 12) == 100
    assert usual_increase(QUARTERLY, Fraction(300), 6) is None
    assert usual_increase(indicator(flow=False), Fraction(205), 6) is None


def test_far_above_the_share_wants_a_reason():
    assert check_value(COUNT, 15, share=Fraction(10)) == []
    assert rules(check_value(COUNT, 16, share=Fraction(10))) == ["far_above_share"]
    assert check_value(COUNT, 16, share=Fraction(0)) == []


def test_what_is_refused_is_not_asked_about_as_well():
    assert rules(check_value(COUNT, "100.5", previous=Fraction(200), share=Fraction(10), months=6)) == [
        "fraction"
    ]


@given(
    st.one_of(st.integers(), st.text(max_size=6), st.fractions()),
    st.one_of(st.none(), st.integers(), st.text(max_size=6)),
    st.sampled_from([COUNT, KILOMETRES, RATE, AVERAGE, STANDARD, STATE]),
    st.none() | st.fractions(),
    st.none() | st.fractions(),
    st.integers(0, 12),
)
def test_any_input_is_answered_with_findings(value, of, measured, previous, share, months):
    found = check_value(measured, value, of, previous=previous, share=share, months=months)
    assert all(finding.text and finding.next_step for finding in found)
    if not refused(found) and measured.measure != "standard":
        assert value not in ("", None)
