"""From a draft to a plan: nothing unsettled gets through, ids stay, a known plan's definitions are taken over."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from desktop_app.core.errors import InputError
from desktop_app.core.plan.check import check_plan
from desktop_app.core.plan.load import sample_plan
from desktop_app.core.plan.notice import adopting, draft, likeness
from desktop_app.core.plan.notice.assemble import read_notice
from desktop_app.core.plan.notice.draft import Deadline, Draft, DraftIndicator, DraftTask
from desktop_app.core.plan.targets import with_targets


def settle(found: Draft) -> Draft:
    found.settled += found.doubts
    found.doubts = []
    for task in found.tasks:
        task.settled += task.doubts
        task.doubts = []
    return found


def like_the_sample() -> Draft:
    """A draft of our own that tells the sample's figures."""
    plan = sample_plan()
    return Draft(
        title="某市2024年民生实事方案",
        year=2024,
        issued="2024-03-28",
        tasks=[
            DraftTask(
                no=task.no,
                category=task.category,
                target=task.target,
                title=task.title,
                short=task.short,
                lead=list(task.lead),
                measures=list(task.measures),
                doubts=[],
                indicators=[
                    DraftIndicator(
                        name=f"读出的{item.id}",
                        op=item.op,
                        value=None if item.measure == "state" else Decimal(item.target or "0"),
                        unit=item.unit,
                        measure=item.measure,
                    )
                    for item in task.headline
                ],
                deadlines=[Deadline(date=step.due.isoformat(), what=step.what) for step in task.milestones],
            )
            for task in plan.tasks
        ],
    )


def test_draft_file_holds_every_figure_exactly(notices: dict[str, Path]) -> None:
    found = read_notice(notices["masked"])
    again = draft.decode(draft.encode(found), "x")
    assert again == found and draft.is_draft(draft.encode(found))
    assert again.tasks[4].indicators[0].baseline == Decimal("88.5")


def test_unsettled_draft_is_refused_and_says_which(notices: dict[str, Path]) -> None:
    found = read_notice(notices["masked"])
    with pytest.raises(InputError) as caught:
        adopting.plan_of(found)
    assert "任务1" in caught.value.what and "88**" in caught.value.what
    assert "settled" in caught.value.next_step


def test_settled_draft_makes_a_sound_plan(notices: dict[str, Path]) -> None:
    plan = adopting.plan_of(settle(read_notice(notices["masked"])))
    assert (plan.id, plan.year, plan.issued, plan.sample) == ("2025", 2025, date(2025, 3, 10), False)
    assert [finding for finding in check_plan(plan) if finding.level == "hard"] == []
    assert plan.tasks[0].target.startswith("新建老年助餐点2.4万个左右")
    assert [(item.id, item.target, item.unit_open) for item in plan.tasks[0].indicators] == [
        ("1.1", "24000", False),
        ("1.2", "88", True),
        ("1.3", "70", False),
    ]
    assert plan.tasks[1].indicators[1].parent == "2.1"
    assert plan.tasks[2].indicators[0].measure == "state" and plan.tasks[2].indicators[0].target == "1"
    assert plan.tasks[4].indicators[0].baseline == "88.5"
    assert [step.due for _task, step in plan.milestones()] == [
        date(2025, 6, 30),
        date(2025, 9, 30),
        date(2025, 12, 31),
    ]


@pytest.mark.parametrize(
    "name", ["numbered", "bracketed", "plain", "word_table", "word_numbered", "workbook", "seventy"]
)
def test_every_layout_can_be_adopted(name: str, notices: dict[str, Path]) -> None:
    plan = adopting.plan_of(settle(read_notice(notices[name])))
    assert len({item.id for item in plan.indicators()}) == len(plan.indicators())


def test_what_makes_no_sense_is_refused(notices: dict[str, Path]) -> None:
    found = settle(read_notice(notices["plain"]))
    found.tasks[0].indicators[0].value = Decimal(0)
    with pytest.raises(InputError, match="目标值应大于 0"):
        adopting.plan_of(found)


def test_likeness_offers_the_known_definitions() -> None:
    found = like_the_sample()
    assert likeness.propose(found, sample_plan())
    plan = adopting.plan_of(settle(found), sample_plan())
    known = sample_plan()
    for item in known.indicators():
        if item in known.task(item.task_no).headline:  # type: ignore[union-attr]
            mine = plan.indicator(item.id)
            assert mine is not None
            assert (mine.basis, mine.stages, mine.adds, mine.evidence_needed, mine.denominator) == (
                item.basis,
                item.stages,
                item.adds,
                item.evidence_needed,
                item.denominator,
            )
    assert plan.category_shorts == known.category_shorts
    assert [(step.indicator, step.reach) for _task, step in plan.milestones()] == [
        (
            step.indicator if plan.indicator(step.indicator or "") else None,
            step.reach if plan.indicator(step.indicator or "") else None,
        )
        for _task, step in known.milestones()
    ]


def test_another_plan_is_not_like_it(notices: dict[str, Path]) -> None:
    other = read_notice(notices["seventy"])
    assert not likeness.propose(other, sample_plan())
    changed = like_the_sample()
    for task in changed.tasks:
        for item in task.indicators:
            item.value = Decimal(7) if item.value is not None else None
    assert not likeness.propose(changed, sample_plan())
    assert all(item.like is None for task in changed.tasks for item in task.indicators)


def test_dropping_an_indicator_does_not_move_the_others() -> None:
    found = settle(like_the_sample())
    likeness.propose(found, sample_plan())
    first = next(item for item in found.tasks[0].indicators if item.like == "1.1")
    first.take = False
    plan = adopting.plan_of(settle(found), sample_plan())
    assert [item.id for item in plan.tasks[0].indicators] == ["1.2", "1.3"]


def test_other_targets_leave_the_plan_itself_alone() -> None:
    plan = sample_plan()
    changed = with_targets(plan, {"12.1": Fraction("970.5")})
    assert changed.indicator("12.1").target == "970.5"  # type: ignore[union-attr]
    assert plan.indicator("12.1").target == "960"  # type: ignore[union-attr]
    assert with_targets(plan, {}) is plan


NOTICE = os.environ.get("TAIZHANG_NOTICE", "")


@pytest.mark.skipif(not NOTICE, reason="TAIZHANG_NOTICE names no notice")
def test_the_notice_named_by_the_environment() -> None:
    found = read_notice(Path(NOTICE))
    assert len(found.tasks) == 50
    assert list(Counter(task.category for task in found.tasks).values()) == [3, 5, 12, 5, 3, 2, 2, 3, 10, 5]
    assert sum(len(task.measures) for task in found.tasks) == 172
    assert [task.no for task in found.tasks if task.unnumbered] == [8]
    steps = sorted((step.date, task.no) for task in found.tasks for step in task.deadlines)
    assert steps == [
        ("2024-03-31", 50),
        ("2024-04-30", 50),
        ("2024-05-31", 12),
        ("2024-08-31", 12),
        ("2024-09-30", 50),
        ("2024-10-31", 12),
        ("2024-12-31", 38),
    ]
    known = sample_plan()
    assert likeness.propose(found, known)
    for task in found.tasks:
        wanted = {item.target for item in known.task(task.no).headline if item.measure != "state"}  # type: ignore[union-attr]
        values = {adopting._text(item.value) for item in task.indicators if item.value is not None}
        assert wanted <= values, task.no
        for item in task.indicators:
            if not item.where and item.value is not None:
                assert item.quote in task.target
                assert item.unit or any(item.quote in doubt for doubt in task.doubts), item
    leads = {task.no: task.lead for task in found.tasks}
    assert all(
        "*" not in name for no in (21, 22, 23, 24, 25, 29, 30, 31, 47, 48, 49, 50) for name in leads[no]
    )
    assert len(adopting.plan_of(settle(found), known).tasks) == 50
