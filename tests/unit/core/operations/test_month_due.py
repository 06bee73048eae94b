"""A desk begins with the month that is to be worked on."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.operations.desk import Desk

TOWN = "990101101"


@pytest.mark.parametrize(
    ("day", "first"),
    [
        # April was sent and closed, May was recorded and not sent.
        ("2024-05-30", "2024-05"),
        ("2024-06-03", "2024-05"),
        ("2024-08-02", "2024-05"),
    ],
)
def test_a_month_that_is_not_sent_comes_first(opened, monkeypatch, day: str, first: str) -> None:
    monkeypatch.setenv("TAIZHANG_TODAY", day)
    assert Desk(opened(TOWN), owner=False).periods()[0].key == first


def test_after_sending_the_next_month_that_is_over_comes_first(opened, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("TAIZHANG_TODAY", "2024-06-03")
    office = Desk(opened(TOWN), owner=False)
    may = office.periods()[0]
    office.unlock("demo")
    office.export(may, tmp_path, filled="甲", checked="乙", responsible="丙", evidence="none")
    assert office.periods()[0] == may, "June is not over: May's receipt is what one waits for"
    monkeypatch.setenv("TAIZHANG_TODAY", "2024-07-01")
    months = office.periods()
    assert months[0].key == "2024-06"
    assert len({month.key for month in months}) == len(months)
    monkeypatch.setenv("TAIZHANG_TODAY", "2024-09-01")
    assert office.periods()[0].key == "2024-06", "the earliest that is open, not the latest"
