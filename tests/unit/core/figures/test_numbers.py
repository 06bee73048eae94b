"""Numbers as people type and read them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.errors import InputError
from desktop_app.core.figures.numbers import (
    MINUS,
    canonical,
    read_number,
    read_pair,
    show,
    show_increase,
    show_percent,
)

FULL_WIDTH = str.maketrans(
    "0123456789,.-", "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\uff0c\uff0e\uff0d"
)
amounts = st.decimals(0, 10**12, places=3)


@given(amounts, st.booleans(), st.sampled_from(["", " ", "\u3000"]), st.sampled_from(["", "公里"]))
def test_what_is_shown_can_be_typed_again(amount, wide, space, unit):
    value = Fraction(amount)
    text = show(value, 3)
    typed = space + (text.translate(FULL_WIDTH) if wide else text) + space + unit
    assert Fraction(read_number(typed, "公里", 3)) == value


@given(st.decimals(-(10**9), 10**9, places=4))
def test_the_canonical_form_is_exact_and_the_same_for_the_same_number(amount):
    found = canonical(Fraction(amount))
    assert Fraction(found) == Fraction(amount)
    if isinstance(found, str):
        assert found == read_number(found, decimals=4, negative=True)
        assert found == format(Decimal(found), "f") and not found.endswith("0")


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_refused_in_words(text):
    try:
        found = read_number(text, "人", 2)
    except InputError as error:
        assert error.what and error.next_step
    else:
        assert Fraction(found) >= 0


@pytest.mark.parametrize(
    ("text", "decimals", "found"),
    [
        ("1234", 0, 1234),
        ("1,234", 0, 1234),
        ("\uff11\uff0c\uff12\uff13\uff14", 0, 1234),
        (" 120 人次 ", 0, 120),
        ("120\u3000人次", 0, 120),
        ("0", 0, 0),
        ("-0", 0, 0),
        ("007", 0, 7),
        ("12.00", 0, 12),
        ("3.80", 1, "3.8"),
        ("3.8", 3, "3.8"),
        ("4.0", 1, 4),
        ("1,234,567.25", 2, "1234567.25"),
    ],
)
def test_taken(text, decimals, found):
    read = read_number(text, "人次", decimals)
    assert read == found and type(read) is type(found)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "0"),
        ("人次", "0"),
        ("2000万", "20000000"),
        ("2,000万", "20000000"),
        ("2.7万人次", "27000"),
        ("3.5亿", "350000000"),
        ("1.24 万", "12400"),
        ("5千", "5000"),
        ("-5", "0"),
        ("\u22125", "0"),
        ("+5", "累计"),
        ("1.5", "整数"),
        ("1,23", "1,234"),
        ("12,34", "1,234"),
        ("120户", "人次"),
        ("约120", "1234"),
        ("一百", "1234"),
        ("1e3", "1234"),
        ("1/2", "1234"),
        ("5²", "1234"),
        ("①", "1234"),
        ("٣", "1234"),
        ("1 2", "1234"),
        ("1.2.3", "1234"),
        ("nan", "1234"),
        ("340403199001011234", "格"),
    ],
)
def test_refused_with_what_to_do(text, hint):
    with pytest.raises(InputError) as caught:
        read_number(text, "人次")
    assert hint in caught.value.next_step


def test_too_many_decimals_and_negatives_where_allowed():
    with pytest.raises(InputError) as caught:
        read_number("3.85", "公里", 1)
    assert "1 位小数" in caught.value.next_step
    assert read_number("-3.5", decimals=1, negative=True) == "-3.5"
    assert read_number("\uff0d3", negative=True) == -3


def test_a_pasted_page_does_not_fill_the_message():
    with pytest.raises(InputError) as caught:
        read_number("很长的话" * 100)
    assert len(caught.value.what) < 60


def test_pairs():
    assert read_pair("2,176 / 2,189") == (2176, 2189)
    assert read_pair("99.93\uff0f100", 2) == ("99.93", 100)
    for wrong in ("2176", "1/2/3", "/", "1/"):
        with pytest.raises(InputError):
            read_pair(wrong)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (None, 0, "—"),
        (0, 0, "0"),
        (27000, 0, "27,000"),
        (Fraction("3.8"), 3, "3.800"),
        (Fraction(1, 2), 0, "1"),
        (Fraction(-1, 2), 0, f"{MINUS}1"),
        (Fraction(-1, 4), 1, f"{MINUS}0.3"),
        (Fraction(1, 3), 2, "0.33"),
        (Fraction(-1, 300), 1, "0.0"),
        (-1234567, 0, f"{MINUS}1,234,567"),
    ],
)
def test_shown(value, decimals, text):
    assert show(value, decimals) == text


def test_a_figure_short_of_its_bound_never_looks_as_if_it_reached_it():
    assert show(Fraction("98.97"), 1, short_of=99) == "98.9"
    assert show(Fraction("98.92"), 1, short_of=99) == "98.9"
    assert show(Fraction("99.04"), 1, short_of=99) == "99.0"


def test_percentages():
    assert show_percent(Fraction(120, 310)) == "39%"
    assert show_percent(Fraction(2638, 2639)) == "99%"
    assert show_percent(Fraction(1)) == "100%"
    assert show_percent(Fraction(3, 2)) == "150%"
    assert show_percent(None) == "—"


def test_increases_have_their_sign():
    assert [show_increase(n) for n in (37, -2, 0, None)] == ["+37", f"{MINUS}2", "0", "—"]


def test_what_no_decimal_can_say_has_no_canonical_form():
    with pytest.raises(ValueError):
        canonical(Fraction(1, 3))
