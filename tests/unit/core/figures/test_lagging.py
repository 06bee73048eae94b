"""Target size × what is lacking."""

from __future__ import annotations

from fractions import Fraction

from desktop_app.core.figures.lagging import severity, shortfall, weight


def test_what_was_never_reported_lacks_all_that_is_expected():
    half = Fraction(1, 2)
    assert shortfall(None, half) == half
    assert shortfall(Fraction(1, 5), half) == Fraction(3, 10)
    assert shortfall(Fraction(4, 5), half) == 0
    assert shortfall(Fraction(4, 5), None) == 0


def test_a_large_share_behind_a_little_comes_before_a_small_one_behind_by_much():
    large = weight([(Fraction(600), Fraction(1000))], 10)
    small = weight([(Fraction(20), Fraction(1000))], 10)
    assert severity(large, Fraction(1, 10)) > severity(small, Fraction(1, 2))


def test_what_every_area_must_reach_weighs_the_same_everywhere():
    assert weight([(None, Fraction(86))], 10) == Fraction(1, 10)
    assert weight([], 10) == 0
