"""From leaves to an area's figure, and from periods to what stands."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.figures.rollup import Leaf, as_of, increase, level, rate, roll_up
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator
from desktop_app.core.model.view import Figure


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


def leaf(area: str, value: int | None = None, of: int | None = None, **marks: Any) -> Leaf:
    goal = marks.pop("goal", None)
    figure = Figure(
        value=None if value is None else Fraction(value), of=None if of is None else Fraction(of), **marks
    )
    return Leaf(area, figure, None if goal is None else Fraction(goal))


COUNT = indicator()
RATE = indicator(measure="rate", unit="%", target="99", floor="99")
STANDARD = indicator(measure="standard", unit="元/月", target="86", flow=False)
STATE = indicator(measure="state", op="state", unit="项", target="1")

values = st.lists(st.none() | st.integers(0, 10**6), max_size=20)


@given(values, st.randoms())
def test_a_count_is_the_sum_of_what_was_reported_in_any_order(found, random):
    leaves = [leaf(str(n), value) for n, value in enumerate(found)]
    figure = roll_up(COUNT, leaves).figure
    said = [value for value in found if value is not None]
    assert figure.value == (sum(said) if said else None)
    assert figure.missing == len(found) - len(said)
    random.shuffle(leaves)
    assert roll_up(COUNT, leaves).figure == figure


@given(values, st.integers(0, 20))
def test_rolling_up_in_two_steps_is_rolling_up_in_one(found, cut):
    leaves = [leaf(str(n), value) for n, value in enumerate(found)]
    halves = [part for part in (leaves[:cut], leaves[cut:]) if part]
    steps = [Leaf(str(n), roll_up(COUNT, part).figure) for n, part in enumerate(halves)]
    assert roll_up(COUNT, steps).figure == roll_up(COUNT, leaves).figure


def test_decimals_stay_exact():
    kilometres = [Leaf("甲", Figure(value=Fraction("0.1"))), Leaf("乙", Figure(value=Fraction("0.2")))]
    assert roll_up(COUNT, kilometres).figure.value == Fraction("0.3")


def test_a_rate_is_divided_once_and_never_the_mean_of_rates():
    rolled = roll_up(RATE, [leaf("甲", 99, 100), leaf("乙", 500, 1000), leaf("丙"), leaf("丁", 5)])
    assert (rolled.figure.value, rolled.figure.of, rolled.figure.missing) == (599, 1100, 2)
    assert level(RATE, rolled.figure) == Fraction(59900, 1100)
    assert rolled.short == ("乙", "丙", "丁")
    assert rolled.reaching == (1, 4)


def test_a_rate_without_a_floor_compares_nobody():
    assert roll_up(indicator(measure="rate", target="22"), [leaf("甲", 1, 2)]).reaching is None


@pytest.mark.parametrize(("value", "of"), [(None, 1), (1, None), (1, 0), (None, None)])
def test_a_rate_that_cannot_be_divided(value, of):
    assert rate(value, of) is None


def test_a_rate_per_thousand_and_an_average():
    assert rate(Fraction(486), Fraction(100_000), 1000) == Fraction("4.86")
    assert rate(Fraction(2_950_000), Fraction(59), 1) == 50_000


def test_a_standard_shows_the_worst_and_who_falls_short():
    rolled = roll_up(STANDARD, [leaf("甲", 90), leaf("乙", 80), leaf("丙", 86)])
    assert (rolled.figure.value, rolled.worst, rolled.short, rolled.reaching) == (80, "乙", ("乙",), (2, 3))


def test_an_area_that_never_reported_does_not_reach_a_standard():
    rolled = roll_up(STANDARD, [leaf("甲", 90), leaf("乙")])
    assert (rolled.figure.value, rolled.figure.missing, rolled.short) == (90, 1, ("乙",))


def test_an_area_may_set_itself_more():
    assert roll_up(STANDARD, [leaf("甲", 90, goal=95)]).short == ("甲",)


def test_a_standard_without_a_target_compares_nobody():
    rolled = roll_up(indicator(measure="standard", target=None), [leaf("甲", 90)])
    assert (rolled.figure.value, rolled.reaching) == (90, None)


@pytest.mark.parametrize(
    ("said", "value"), [([1, 1], 1), ([1, 0], 0), ([1, None], 0), ([None, None], None), ([], None)]
)
def test_a_state_is_there_when_it_is_there_everywhere(said, value):
    assert roll_up(STATE, [leaf(str(n), one) for n, one in enumerate(said)]).figure.value == value


def test_marks_of_the_leaves_show_above():
    rolled = roll_up(
        COUNT,
        [
            leaf("甲", 14, approved=True, reported=Fraction(17)),
            leaf("乙", 3, carried="2024-05"),
            leaf("丙", 4, carried="2024-04", disputed=True),
        ],
    )
    figure = rolled.figure
    assert (figure.value, figure.reported, figure.approved) == (21, 24, True)
    assert (figure.carried, figure.disputed) == ("2024-04", True)


def test_reported_of_a_standard_is_the_worst_as_reported():
    figure = roll_up(STANDARD, [leaf("甲", 86, approved=True, reported=Fraction(80)), leaf("乙", 90)]).figure
    assert (figure.value, figure.reported) == (86, 80)


JUNE = Period.parse("2024-06")


@pytest.mark.parametrize(
    ("series", "flow", "found"),
    [
        ({}, True, (None, "")),
        ({"2024-06": 7}, True, (7, "")),
        ({"2024-05": 6, "2024-04": 5}, True, (6, "2024-05")),
        ({"2024-07": 9}, True, (None, "")),
        ({"2023-12": 9}, True, (None, "")),
        ({"2023-12": 9}, False, (9, "2023-12")),
        ({"2024-Q1": 3}, True, (3, "2024-Q1")),
        ({"2024-Q2": 3, "2024-05": 2}, True, (3, "")),
        ({"2024-Q3": 3}, True, (None, "")),
        ({"2024-06": 0}, True, (0, "")),
    ],
)
def test_what_stands_at_the_end_of_june(series, flow, found):
    assert as_of(series, JUNE, flow=flow) == found


def test_increase_is_over_the_period_before():
    series = {"2024-01": Fraction(5), "2024-03": Fraction(9), "2024-04": Fraction(8)}
    months = [increase(series, Period(2024, month, month)) for month in range(1, 6)]
    assert months == [5, 0, 4, -1, 0]


def test_a_flow_begins_anew_with_the_year_and_a_stock_does_not():
    series = {"2023-12": Fraction(100), "2024-01": Fraction(104)}
    january = Period.parse("2024-01")
    assert increase(series, january) == 104
    assert increase(series, january, flow=False) == 4
    assert increase({"2024-06": Fraction(4)}, JUNE) == 4
    assert increase({"2024-06": Fraction(4)}, JUNE, flow=False) is None
    assert increase({}, JUNE) is None


@given(st.dictionaries(st.integers(1, 12), st.integers(0, 1000), min_size=1))
def test_the_increases_of_a_year_add_up_to_its_total(said):
    series = {f"2024-{month:02d}": Fraction(value) for month, value in said.items()}
    steps = [increase(series, Period(2024, month, month)) for month in range(1, 13)]
    assert sum(step for step in steps if step is not None) == as_of(series, Period.parse("2024-12"))[0]
