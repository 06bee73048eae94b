"""问题清单: from raising to 回头看, with what each step asks for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core.errors import InputError, RuleError
from desktop_app.core.operations import problems, recording


@pytest.fixture
def town(city: Any, opened: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("TAIZHANG_TODAY", "2024-06-20")
    return opened(city.town)


def one(desk: Any, subject: str) -> Any:
    return next(problem for problem in problems.problems(desk) if problem.subject == subject)


def raised(desk: Any, **fields: object) -> str:
    values = {"task": 12, "text": "联系不上", "due": "2024-06-10", **fields}
    return recording.save_problem(desk, None, values, at="2024-06-01T08:00:00+08:00")[1]


def test_age_and_overdue(town: Any):
    subject = raised(town)
    assert (one(town, subject).age_days, one(town, subject).overdue) == (19, 10)
    problems.close(town, subject, "找到了", day="2024-06-05")
    assert (one(town, subject).age_days, one(town, subject).overdue) == (4, 0)


def test_assigned_and_answered(city: Any, town: Any):
    subject = raised(town)
    problems.assign(
        town, subject, "县民政局" if "县民政局" in {u.name for u in town.organisation} else city.bureau
    )
    problems.answer(town, subject, "已上门", status="doing")
    shown = one(town, subject)
    assert shown.to and shown.to_name and [a.text for a in shown.answers] == ["已上门"]


def test_the_lead_without_a_desk_is_named(town: Any):
    subject = raised(town, task=4)
    problems.escalate(town, subject)
    assert one(town, subject).lead_name == "市民政局"


def test_closing_says_how_and_keeps_the_proof(town: Any, tmp_path: Path):
    subject = raised(town)
    with pytest.raises(InputError, match="怎么解决"):
        problems.close(town, subject, " ")
    photo = tmp_path / "p.png"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n" + b"2" * 64)
    problems.close(town, subject, "三户都改了", proof=[photo])
    shown = one(town, subject)
    assert (shown.status, shown.closed, shown.evidence) == ("closed", "2024-06-20", 1)


def test_looked_at_again_it_held_or_it_came_again(town: Any):
    subject = raised(town)
    with pytest.raises(RuleError, match="没有销号"):
        problems.recheck(town, subject, held=True)
    problems.close(town, subject, "好了")
    problems.recheck(town, subject, held=True, day="2024-06-18")
    assert (one(town, subject).recheck, one(town, subject).status) == ("held", "closed")
    with pytest.raises(InputError, match="情况"):
        problems.recheck(town, subject, held=False)
    problems.recheck(town, subject, held=False, note="又堵了")
    shown = one(town, subject)
    assert (shown.recheck, shown.status, shown.reopened) == ("again", "open", True)


def test_reopened_with_a_reason(town: Any):
    subject = raised(town)
    with pytest.raises(RuleError):
        problems.reopen(town, subject, "x")
    problems.close(town, subject, "好了")
    problems.reopen(town, subject, "群众反映没修好")
    assert one(town, subject).reopened


def test_another_county_s_town_may_neither_change_nor_answer(city: Any, opened: Callable[[str], Any]):
    town, neighbour = opened(city.town), opened(city.other_town)
    subject = raised(town)
    line = town.store.ledger.head(subject)
    assert line is not None
    with pytest.raises(RuleError):
        recording.save_problem(neighbour, None, {"task": 12, "text": "x"}, area=city.town)


def test_by_county_and_domain(city: Any, opened: Callable[[str], Any]):
    top = opened(city.code)
    before = {(line.area, line.domain): line for line in problems.summary(top)}
    for domain in ("油烟", "油烟", "噪声"):
        recording.save_problem(
            top,
            None,
            {"task": 30, "text": "群众反映", "domain": domain, "due": "2024-04-01"},
            area=city.county,
        )
    after = {(line.area, line.domain): line for line in problems.summary(top)}
    smoke = after[city.county, "油烟"]
    assert (smoke.count, smoke.open, smoke.overdue) == (2, 2, 2) and after[city.county, "噪声"].count == 1
    assert {area for area, _domain in after} <= {city.code, city.county}, "a township's stand with its county"
    assert sum(line.count for line in after.values()) == sum(line.count for line in before.values()) + 3
