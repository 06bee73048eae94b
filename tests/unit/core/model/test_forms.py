"""The form of what is said: numbers, dates, periods, hashes, and how many words a subject has."""

from __future__ import annotations

import pytest

from desktop_app.core.model import forms, subject
from desktop_app.core.model.bodies import BODIES, SUBJECT_WORD, ProgressBody
from desktop_app.core.store.figures_table import to_millionths


@pytest.mark.parametrize("value", [0, -3, 999_999_999_999, "3.8", "-0.5", "0.123456", "12"])
def test_numbers(value: int | str):
    assert forms.is_number(value)
    assert to_millionths(value) is not None, "the ledger must be able to hold what is a number"


@pytest.mark.parametrize(
    "value", ["", "x", "1e3", "NaN", "1.1234567", 10**12, "1 000", "+1", "1.", ".5", "٣", " 1", None]
)
def test_no_numbers(value: int | str | None):
    assert not forms.is_number(value)


def test_amounts_are_never_below_nothing():
    assert forms.is_amount(0) and forms.is_amount("0.5")
    assert not any(map(forms.is_amount, (-1, "-0.5", "-0", "x")))


def test_dates_periods_and_times():
    assert forms.is_date("2024-02-29") and forms.is_date("")
    assert not any(map(forms.is_date, ("2023-02-29", "2024-2-9", "20240209", "soon", "2024-02-29T08:00")))
    assert all(map(forms.is_period, ("2024-06", "2024-Q2", "2024-H1", "2024")))
    assert not any(map(forms.is_period, ("2024-13", " 2024-06", "x", "")))
    assert forms.day_of("2024-06-18T08:00:00+08:00") == "2024-06-18"
    assert forms.day_of("whenever") == forms.day_of("") == ""


def test_every_kind_s_subjects_as_the_program_makes_them_fit():
    made = {
        "plan": "plan/2024",
        "root": "root/a/x",
        "unit": "unit/a",
        "setting": "setting/a/due_day",
        "allocation": subject.share("a", "p", "1.1"),
        "duty": subject.duty("a", "p", "1.1"),
        "progress": subject.progress("a", "p", "1.1", "2024-05"),
        "milestone": subject.milestone("a", "p", "1.m1"),
        "submission": subject.submission("a", "2024-05"),
        "closing": "closing/a/2024-05",
        "review": subject.review("a", subject.submission("b", "2024-05")),
        "schedule": subject.schedule("a", "p", "1.1"),
        "cutoff": subject.cutoff("a", "k"),
        "record": subject.record("a", "visits", "k"),
        "answer": subject.answer("a", subject.submission("b", "2024-05")),
        **{kind: subject.fresh(kind, "a") for kind in ("site", "problem", "fund", "evidence")},
        **{kind: f"{kind}/a/x" for kind in ("receipt", "revocation", "retraction", "erasure")},
    }
    assert set(made) == set(BODIES)
    void = ProgressBody(value=0, void=True)
    for kind, said in made.items():
        assert said.startswith(SUBJECT_WORD[kind] + "/")
        words = said.split("/")
        assert forms.well_formed(kind, words, void), kind
        assert not forms.well_formed(kind, words[:-1], void) or kind in ("review", "answer"), kind
        assert not forms.well_formed(kind, [*words[:-1], ""], void), kind
