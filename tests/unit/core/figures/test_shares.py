"""Dividing a target so that the parts add up exactly."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.errors import InputError
from desktop_app.core.figures.shares import (
    check_sum,
    equal,
    largest_remainder,
    parts_above_whole,
    proportional,
    step_of,
)

steps = st.sampled_from([Fraction(1), Fraction(1, 10), Fraction(1, 1000), Fraction(5)])
totals = st.fractions(min_value=0, max_value=10**9, max_denominator=1000)
weights = st.lists(st.integers(0, 10**6) | st.fractions(0, 1000, max_denominator=97), min_size=1, max_size=30)


@given(totals, weights.filter(any), steps)
def test_shares_add_up_exactly_and_none_is_off_by_a_step(total, parts, step):
    shares = largest_remainder(total, parts, step)
    assert sum(shares) == total
    base = sum(map(Fraction, parts))
    for share, part in zip(shares, parts, strict=True):
        assert share >= 0
        assert abs(share - total * part / base) < step
        assert part or share == 0


@given(st.integers(0, 10**9), weights.filter(any))
def test_whole_totals_give_whole_shares_and_the_greater_need_never_gets_less(total, parts):
    shares = largest_remainder(total, parts)
    assert all(share.denominator == 1 for share in shares)
    by_need = sorted(zip(map(Fraction, parts), shares, strict=True))
    for (less, first), (more, second) in itertools.pairwise(by_need):
        assert first <= second or less == more


def test_160_rooms_by_need():
    assert largest_remainder(160, [50, 30, 21]) == [79, 48, 33]


def test_ties_go_to_the_earlier():
    assert largest_remainder(5, [1, 1, 1]) == [2, 2, 1]
    assert equal(7, ["甲", "乙", "丙"]) == {"甲": 3, "乙": 2, "丙": 2}


def test_zero_weight_gets_nothing():
    assert proportional(10, {"甲": 0, "乙": 3}) == {"甲": 0, "乙": 10}


def test_a_rest_smaller_than_a_step_is_given_out_too():
    assert largest_remainder(Fraction(5, 2), [1, 1]) == [Fraction(3, 2), 1]
    assert largest_remainder(Fraction(1, 2), [1, 1]) == [Fraction(1, 2), 0]


def test_kilometres_in_tenths():
    assert sum(largest_remainder(120, [1, 1, 1], step_of(1))) == 120
    assert largest_remainder(10, [1, 1, 1], step_of(1)) == [
        Fraction(34, 10),
        Fraction(33, 10),
        Fraction(33, 10),
    ]


@pytest.mark.parametrize(
    ("total", "parts"),
    [(-1, [1]), (1, [-1, 2]), (1, [0, 0]), (1, [])],
    ids=["total", "weight", "none", "empty"],
)
def test_what_cannot_be_divided_is_refused_in_words(total, parts):
    with pytest.raises(InputError) as caught:
        largest_remainder(total, parts)
    assert caught.value.next_step


def test_nothing_divided_among_nobody():
    assert largest_remainder(0, []) == []
    assert largest_remainder(0, [0, 0]) == [0, 0]


def test_sums_are_checked_where_figures_add():
    right = check_sum(Fraction(10), {"甲": Fraction(6), "乙": Fraction(4)})
    assert right.ok and right.adds and right.difference == 0
    short = check_sum(Fraction(10), {"甲": Fraction(6), "乙": None})
    assert (short.ok, short.total, short.difference, short.missing) == (False, 6, -4, ("乙",))
    over = check_sum(Fraction(10), {"甲": Fraction(11)})
    assert (over.ok, over.difference) == (False, 1)
    assert check_sum(None, {"甲": Fraction(11)}).difference is None


@pytest.mark.parametrize("adds", ["ratio", "uniform", "universal"])
def test_what_does_not_add_is_compared_one_by_one(adds):
    found = check_sum(Fraction(99), {"甲": Fraction(99), "乙": Fraction(98), "丙": None}, adds)
    assert (found.adds, found.total, found.difference, found.below, found.ok) == (
        False,
        None,
        None,
        ("乙",),
        False,
    )
    assert check_sum(Fraction(99), {"甲": Fraction(99), "丙": None}, adds).ok
    assert check_sum(None, {"甲": Fraction(1)}, adds).ok


def test_what_only_the_city_reaches_is_not_divided():
    assert check_sum(Fraction(6), {"甲": None}, "city").ok
    assert check_sum(Fraction(6), {"甲": Fraction(2)}, "city").given == ("甲",)


def test_parts_above_their_whole():
    whole = {"甲": Fraction(10), "乙": Fraction(1), "丙": None}
    assert parts_above_whole(
        whole, {"甲": Fraction(10), "乙": Fraction(2), "丙": Fraction(5), "丁": None}
    ) == ("乙",)
