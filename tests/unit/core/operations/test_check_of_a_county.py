"""A county is told before it signs whom it has not heard, what nobody has judged, and what differs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from desktop_app.core.model.period import Period
from desktop_app.core.operations import checking


def test_a_county_is_told_what_its_sum_goes_without(opened: Callable[[str], Any], city: Any) -> None:
    issues = {
        issue.subject: issue
        for issue in checking.check(opened(city.county), Period.parse(city.last))
        if issue.subject.startswith(checking.PAGE)
    }
    assert {"page/missing", "page/forks"} <= set(issues)
    assert "石门镇" in issues["page/missing"].text and "沿用" in issues["page/missing"].text
    assert all(issue.level != "hard" for issue in issues.values()), "it may send all the same"


def test_a_township_is_told_nothing_of_others(opened: Callable[[str], Any], city: Any) -> None:
    issues = checking.check(opened(city.town), Period.parse(city.last))
    pages = {issue.subject for issue in issues if issue.subject.startswith(checking.PAGE)}
    assert not pages & {"page/missing", "page/review"}
    # Of the difference between its own two computers it is told, with the month, before it signs.
    assert any(issue.text.startswith("4月 1 新增就业人数") for issue in issues)
