"""How much is done, and which light that is."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.figures.lights import done, enough, light, milestone_light, task_percent, worst_light
from desktop_app.core.model.plan import Indicator
from desktop_app.core.model.view import LIGHTS, Figure


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


def figure(value: object, of: int | None = None) -> Figure:
    return Figure(value=Fraction(str(value)), of=None if of is None else Fraction(of))


COUNT = indicator()
RATE = indicator(measure="rate", unit="%", target="99")
RELIABILITY = indicator(measure="rate", unit="%", target="99.93", baseline="99.90", decimals=2)
STANDARD = indicator(measure="standard", target="86")
STATE = indicator(measure="state", op="state", target="1")


@pytest.mark.parametrize(
    ("measured", "goal", "now", "share"),
    [
        (COUNT, 310, figure(120), Fraction(12, 31)),
        (COUNT, 10, figure(15), Fraction(3, 2)),
        (COUNT, 0, figure(0), Fraction(1)),
        (COUNT, None, figure(3), None),
        (COUNT, 10, Figure(), None),
        (RATE, 99, figure(99, 100), Fraction(1)),
        (RATE, 99, figure(1, 2), Fraction(50, 99)),
        (RATE, 99, figure(1, 0), None),
        (RATE, 99, figure(1), None),
        (RELIABILITY, Fraction("99.93"), figure("99.93", 100), Fraction(1)),
        (RELIABILITY, Fraction("99.93"), figure("99.91", 100), Fraction(1, 3)),
        (RELIABILITY, Fraction("99.93"), figure("99.80", 100), Fraction(0)),
        (STANDARD, 86, figure(86), Fraction(1)),
        (STANDARD, 86, figure("85.99"), Fraction(0)),
        (STATE, None, figure(1), Fraction(1)),
        (STATE, None, figure(0), Fraction(0)),
        (STATE, None, Figure(), None),
    ],
)
def test_done(measured, goal, now, share):
    assert done(measured, None if goal is None else Fraction(goal), now) == share


def test_a_standard_above_its_areas_is_the_share_of_those_that_reach_it():
    assert done(STANDARD, Fraction(86), figure(80), reaching=(7, 10)) == Fraction(7, 10)
    assert done(STANDARD, Fraction(86), figure(86), reaching=(10, 10)) == 1


def test_a_rates_floor_does_not_change_how_much_is_done():
    assert done(RATE, Fraction(99), figure(99, 100), reaching=(3, 10)) == 1


def test_a_baseline_at_or_above_the_goal_is_reached_or_not():
    backwards = indicator(baseline="20")
    assert done(backwards, Fraction(10), figure(10)) == 1
    assert done(backwards, Fraction(10), figure(9)) == 0


def test_about_is_reached_a_little_below():
    about = indicator(op="~", target="27000")
    assert enough(about) == Fraction(95, 100)
    assert enough(about, Fraction(1, 10)) == Fraction(9, 10)
    assert enough(COUNT, Fraction(1, 10)) == 1
    share = done(about, Fraction(27000), figure(25650))
    assert light(share, Fraction(1), overdue=True, reported=True, enough=enough(about)) == "done"
    share = done(about, Fraction(27000), figure(25649))
    assert light(share, Fraction(1), overdue=True, reported=True, enough=enough(about)) == "red"


HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("share", "expected", "overdue", "reported", "shown"),
    [
        (Fraction(1), HALF, False, True, "done"),
        (Fraction(3, 2), Fraction(1), True, True, "done"),
        (Fraction(2598, 2639), Fraction(1), True, True, "red"),
        (None, HALF, True, False, "red"),
        (None, HALF, False, False, "none"),
        (Fraction(475, 1000), HALF, False, True, "green"),
        (Fraction(474, 1000), HALF, False, True, "yellow"),
        (Fraction(0), Fraction(0), False, True, "green"),
        (None, HALF, False, True, "green"),
        (Fraction(1, 10), None, False, True, "green"),
    ],
)
def test_light(share, expected, overdue, reported, shown):
    assert light(share, expected, overdue=overdue, reported=reported) == shown


def test_the_city_may_change_the_threshold():
    assert light(Fraction(2, 5), HALF, overdue=False, reported=True, lag=Fraction(4, 5)) == "green"


def test_milestones():
    due, before, after = date(2024, 5, 31), date(2024, 5, 30), date(2024, 6, 1)
    assert milestone_light(due, before, None) == "green"
    assert milestone_light(due, due, None) == "red"
    assert milestone_light(due, after, after) == "done"
    assert milestone_light(due, due, after) == "red"


@given(st.lists(st.sampled_from(sorted(LIGHTS)), min_size=1))
def test_the_worst_light_is_one_of_them_and_no_order_changes_it(lights):
    worst = worst_light(lights)
    assert worst in lights
    assert worst == worst_light(reversed(lights))
    assert "red" not in lights or worst == "red"
    assert worst != "done" or set(lights) == {"done"}


def test_no_indicator_has_no_light():
    assert worst_light([]) == "none"


@given(st.lists(st.none() | st.fractions(0, 5), max_size=8))
def test_a_tasks_percent_lies_between_nothing_and_all(dones):
    percent = task_percent(dones)
    assert (percent is None) == all(share is None for share in dones)
    assert percent is None or 0 <= percent <= 1


def test_overshoot_of_one_does_not_hide_another():
    assert task_percent([Fraction(3), Fraction(1, 2)]) == Fraction(3, 4)
    assert task_percent([None, Fraction(1, 2)]) == HALF
    assert task_percent([]) is None
