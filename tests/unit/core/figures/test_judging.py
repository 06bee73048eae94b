"""The year's end: every bound word, and what is not judged."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from desktop_app.core.figures.judging import judge, task_verdict
from desktop_app.core.figures.rollup import Leaf, Rolled, roll_up
from desktop_app.core.model.plan import Indicator
from desktop_app.core.model.view import Figure

FIVE = Fraction(5, 100)


def indicator(**said: Any) -> Indicator:
    known: dict[str, Any] = {"id": "13.1", "name": "n", "measure": "count", "op": ">=", "unit": "户"}
    return Indicator(**(known | said))


def alone(value: int | str | None, of: int | None = None) -> Rolled:
    return Rolled(
        figure=Figure(
            value=None if value is None else Fraction(value), of=None if of is None else Fraction(of)
        )
    )


@pytest.mark.parametrize(
    ("said", "value", "of", "target", "verdict", "lacking"),
    [
        # A published year's end called this one completed: it is short by 41.
        ({"op": ">="}, 2598, None, 2639, "short", 41),
        ({"op": ">="}, 2639, None, 2639, "reached", 0),
        ({"op": "~"}, 27000, None, 27000, "reached", 0),
        ({"op": "~"}, 25650, None, 27000, "about", 1350),
        ({"op": "~"}, 25649, None, 27000, "short", 1351),
        ({"op": "=="}, 160, None, 160, "reached", 0),
        ({"op": "=="}, 190, None, 160, "reached", 0),
        ({"op": "=="}, 159, None, 160, "short", 1),
        ({"measure": "rate", "op": ">=", "unit": "%"}, 99, 100, 99, "reached", 0),
        ({"measure": "rate", "op": ">=", "unit": "%"}, 9899, 10000, 99, "short", Fraction(1, 100)),
        ({"measure": "rate", "op": ">=", "unit": "元", "per": 1}, 100000, 2, 50000, "reached", 0),
        ({"measure": "rate", "op": ">=", "unit": "%", "baseline": "60"}, 64, 100, 65, "short", 1),
        ({"op": ">="}, None, None, 2639, "unsaid", 2639),
        ({"op": ">="}, 5, None, None, "open", 0),
        ({"measure": "rate", "op": ">=", "unit": "%"}, 5, 0, 99, "unsaid", 99),
        ({"measure": "state", "op": "state"}, 1, None, None, "reached", 0),
        ({"measure": "state", "op": "state"}, 0, None, None, "short", 1),
    ],
)
def test_each_bound_word(said, value, of, target, verdict, lacking):
    goal = None if target is None else Fraction(target)
    found = judge(indicator(**said), alone(value, of), goal, FIVE)
    assert (found.verdict, found.lacking) == (verdict, lacking)


def leaves(*values: int | None) -> list[Leaf]:
    return [
        Leaf(f"a{number}", Figure(value=None if value is None else Fraction(value)), None)
        for number, value in enumerate(values)
    ]


def test_a_standard_is_short_where_one_area_is():
    one = indicator(measure="standard", op=">=", target="86")
    assert judge(one, roll_up(one, leaves(86, 90)), Fraction(86), FIVE).verdict == "reached"
    found = judge(one, roll_up(one, leaves(86, 84, 90)), Fraction(86), FIVE)
    assert (found.verdict, found.short, found.lacking) == ("short", ("a1",), 2)


def test_a_standard_is_short_where_one_area_never_reported():
    one = indicator(measure="standard", op=">=", target="86")
    found = judge(one, roll_up(one, leaves(86, None)), Fraction(86), FIVE)
    assert (found.verdict, found.short, found.missing) == ("short", ("a1",), 1)


def test_a_state_must_stand_everywhere():
    one = indicator(measure="state", op="state")
    assert judge(one, roll_up(one, leaves(1, 1)), None, FIVE).verdict == "reached"
    assert judge(one, roll_up(one, leaves(1, 0)), None, FIVE).short == ("a1",)


def test_a_rate_with_a_floor_is_short_though_the_whole_reaches_it():
    one = indicator(measure="rate", op=">=", unit="%", target="90", floor="80")
    areas = [
        Leaf("a0", Figure(value=Fraction(95), of=Fraction(100))),
        Leaf("a1", Figure(value=Fraction(7), of=Fraction(10))),
    ]
    found = judge(one, roll_up(one, areas), Fraction(90), FIVE)
    assert found.value is not None and found.value > 90
    assert (found.verdict, found.short) == ("short", ("a1",))


def test_a_task_is_what_its_worst_indicator_is():
    assert task_verdict(["reached", "about", "short"]) == "short"
    assert task_verdict(["reached", "unsaid", "open"]) == "unsaid"
    assert task_verdict(["reached", "about"]) == "about"
    assert task_verdict(["reached"]) == "reached"
    assert task_verdict([]) == "open"
