"""The board in words: changes, what a leader reads, the tasks of one lead or category."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import msgspec
import pytest

from desktop_app.core.model.view import BoardCell, BoardView, TaskView
from desktop_app.core.report import board

AREAS = (("01", "甲县"), ("02", "乙县"))
MISSED = {"step": "方案“定”完", "step_due": date(2024, 5, 31)}


def cell(light="green", percent=40, **more) -> BoardCell:
    share = Fraction(percent, 100)
    return BoardCell(percent=share, light=light, change=0, applies=True, worst=share, of=1, **more)


def task(no: int, category: str, lead: tuple[str, ...]) -> TaskView:
    return TaskView(
        no=no, category=category, title=f"任务{no}的全名", short=f"任务{no}", target="", lead=lead, measures=(),
        indicators=(), milestones=(), percent=None, light="green", mine=False, open_points=(),
    )  # fmt: skip


@pytest.fixture
def view() -> BoardView:
    tasks = (task(1, "就业", ("市人社局",)), task(2, "教育", ("市教育局", "市卫健委")))
    return BoardView(
        title="云川市2024年民生实事挂图",
        plan="2024年民生实事",
        period="2024-06",
        label="2024年6月",
        areas=AREAS,
        tasks=tasks,
        cells={
            (1, "01"): cell("red", 43, due=Fraction(41, 100), before="green", **MISSED),
            (1, "02"): cell("green", 60, before="green"),
            (2, "01"): cell("done", 100, before="yellow"),
            (2, "02"): BoardCell(percent=None, light="none", change=0, applies=False),
        },
        totals={
            1: cell("red", 43, due=Fraction(41, 100), **MISSED),
            2: cell("done", 100),
        },
        expected={1: Fraction(41, 100), 2: Fraction(50, 100)},
        received=2,
        of=2,
    )  # fmt: skip


def test_changes_are_told_the_worse_first(view):
    found = board.changes(view)
    assert [(change.area_name, change.task, change.worse) for change in found] == [
        ("甲县", 1, True),
        ("甲县", 2, False),
    ]
    assert found[0].words == "甲县 1 任务1：正常 → 逾期 43%"


def test_a_leader_s_page_says_why_a_light_is_red_though_the_figure_keeps_pace(view):
    page = board.leader_page(view)
    (laggard,) = page.laggards
    assert (laggard.percent, laggard.expected) == (Fraction(43, 100), Fraction(41, 100))
    assert laggard.step == "5月31日的节点“方案‘定’完”没有完成"
    assert laggard.areas == ("甲县",)


def test_a_leader_s_page_counts_what_the_board_shows(view):
    page = board.leader_page(view)
    assert page.lights == {"done": 1, "green": 0, "yellow": 0, "red": 1, "none": 0}
    lines = {line.name: (line.good, line.of) for line in page.areas}
    assert lines == {"甲县": (1, 2), "乙县": (1, 1)}
    assert page.title == "云川市2024年民生实事一页通"


def test_of_one_lead_or_category(view):
    assert board.leads(view) == ["市人社局", "市教育局", "市卫健委"]
    assert [t.no for t in board.narrowed(view, lead="市卫健委").tasks] == [2]
    assert [t.no for t in board.narrowed(view, category="就业").tasks] == [1]
    assert board.narrowed(view, lead="市教育局").filter == "牵头：市教育局"


def test_without_a_month_before_nothing_has_changed(view):
    fresh = {key: msgspec.structs.replace(found, before=None) for key, found in view.cells.items()}
    assert board.changes(msgspec.structs.replace(view, cells=fresh)) == []
