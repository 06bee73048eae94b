"""Who reported at the time."""

from __future__ import annotations

import pytest

from desktop_app.core.model.bodies import Duty

CHANGED = Duty(reporter="new", since="2024-07", earlier={"": "first", "2024-03": "second"})


@pytest.mark.parametrize(
    ("period", "reporter"),
    [
        ("2024-02", "first"),
        ("2024-03", "second"),
        ("2024-06", "second"),
        ("2024-07", "new"),
        ("2023-12", "first"),
        ("2025-01", "new"),
        # A longer period is reported at its end.
        ("2024-Q1", "second"),
        ("2024-Q2", "second"),
        ("2024-Q3", "new"),
        ("2024-H1", "second"),
        ("2024-H2", "new"),
        ("2024", "new"),
        ("2023", "first"),
        ("whenever", "new"),
        ("", "new"),
    ],
)
def test_the_unit_of_the_period_s_last_month(period: str, reporter: str):
    assert CHANGED.reporter_at(period) == reporter


def test_without_a_date_the_present_unit_always_reported():
    assert Duty(reporter="new").reporter_at("2024-01") == "new"
    assert Duty(reporter="new", since="2024-07").reporter_at("2024-01") == "new"
