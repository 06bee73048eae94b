"""校验码: short, unmistakable, over the figures alone."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.package.digest import ALPHABET, check_code, normal, same_code

IDS = st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), max_size=8)


@given(IDS, st.randoms())
def test_order_and_repeats_do_not_matter(ids, rng):
    code = check_code("340421100", "2024-06", ids)
    again = [*ids, *ids]
    rng.shuffle(again)
    assert check_code("340421100", "2024-06", again) == code
    assert normal(code) == code
    assert same_code(code, code.replace("-", " ").lower())
    assert set(code.replace("-", "")) <= set(ALPHABET)
    assert [len(group) for group in code.split("-")] == [4, 4, 4]


def test_everything_it_covers_changes_it():
    ids = [hashlib.sha256(bytes([number])).hexdigest() for number in range(3)]
    codes = {
        check_code("340421100", "2024-06", ids),
        check_code("340421101", "2024-06", ids),
        check_code("340421100", "2024-07", ids),
        check_code("340421100", "2024-06", ids[:2]),
        check_code("340421100", "2024-06", []),
    }
    assert len(codes) == 5


def test_it_never_changes_for_the_same_content():
    # Printed on stamped paper: another version of this program must find the same code.
    assert check_code("340421100", "2024-06", ["00" * 32, "ff" * 32]) == "5MMA-MSDD-4CV3"


def test_typed_codes():
    assert normal("7f3k 92qa m4tx") == "7F3K-92QA-M4TX"
    assert normal("7F3K92QA—M4TX。") == "7F3K-92QA-M4TX"
    for wrong in ("", "7F3K-92QA", "7F3K-92QA-M4T0", "7F3K-92QA-M4TXX", "校验码"):
        assert normal(wrong) == ""
        assert not same_code(wrong, wrong)


def test_it_is_long_enough():
    assert len(ALPHABET) ** 12 > 2**58
    assert not set("0O1ILU") & set(ALPHABET)
