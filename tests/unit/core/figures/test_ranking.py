"""Ranking with shared places."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.figures.ranking import leading_and_lagging, rank

scores = st.dictionaries(st.text(min_size=1, max_size=3), st.none() | st.fractions(0, 2, max_denominator=5))


@given(scores)
def test_a_place_is_one_more_than_the_number_of_better_ones(found):
    places = rank(found)
    assert {place.area: place.score for place in places} == found
    known = [score for score in found.values() if score is not None]
    for place in places:
        assert place.ranked == len(known)
        if place.score is None:
            assert place.place is None and not place.tied
        else:
            assert place.place == 1 + sum(score > place.score for score in known)
            assert place.tied == (known.count(place.score) > 1)


def test_one_two_two_four_and_the_silent_ones_last():
    places = rank({"甲": Fraction(1), "乙": None, "丙": Fraction(3), "丁": Fraction(2), "戊": Fraction(2)})
    assert [(place.area, place.place) for place in places] == [
        ("丙", 1),
        ("丁", 2),
        ("戊", 2),
        ("甲", 4),
        ("乙", None),
    ]


def test_lowest_first():
    places = rank({"甲": Fraction(1), "乙": Fraction(3)}, highest_first=False)
    assert [place.area for place in places] == ["甲", "乙"]


@given(scores, st.integers(0, 5))
def test_nobody_leads_and_lags_and_the_silent_do_neither(found, count):
    leading, lagging = leading_and_lagging(rank(found), count)
    assert not {place.area for place in leading} & {place.area for place in lagging}
    assert all(place.place is not None for place in leading + lagging)
    known = sum(score is not None for score in found.values())
    assert len(leading) >= min(count, known)
    assert all(first.score > last.score for first in leading for last in lagging)


def test_first_and_last_three():
    places = rank({str(n): Fraction(n) for n in range(10)})
    leading, lagging = leading_and_lagging(places)
    assert [place.area for place in leading] == ["9", "8", "7"]
    assert [place.area for place in lagging] == ["2", "1", "0"]


def test_who_shares_the_edge_comes_along():
    places = rank({"甲": Fraction(3), "乙": Fraction(2), "丙": Fraction(2), "丁": Fraction(1)})
    leading, lagging = leading_and_lagging(places, 2)
    assert [place.area for place in leading] == ["甲", "乙", "丙"]
    assert [place.area for place in lagging] == ["丁"]
