"""方案: a notice read, its doubts settled by keyboard, put into force; a target changed; other desks only read."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.core.errors import InputError
from desktop_app.core.operations.desk import Desk
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.plan.notice.draft import DraftIndicator
from desktop_app.ui import jobs
from desktop_app.ui.city.plan_edit import deadlines_from, indicator_dialog, set_indicator, task_dialog
from desktop_app.ui.city.plan_page import PlanPage
from desktop_app.ui.city.plan_words import marked
from desktop_app.ui.session import Session

NOTICES = Path(__file__).resolve().parents[1] / "data" / "notices"
Open = Callable[[str], PlanPage]


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    sys.path.insert(0, str(NOTICES))
    try:
        import make_notices as make
    finally:
        sys.path.remove(str(NOTICES))
    path = tmp_path / "通知.txt"
    path.write_text(make.MASKED, encoding="utf-8")
    return path


@pytest.fixture
def page(city: Any, tmp_path: Path, qtbot: QtBot) -> Iterator[Open]:
    """The page of a copied desk of the sample city."""
    workspaces: list[Workspace] = []

    def open_page(unit: str) -> PlanPage:
        folder = tmp_path / unit
        shutil.copytree(
            city.desk(unit), folder, ignore=shutil.ignore_patterns("outbox", "thumbnails", ".lock")
        )
        workspaces.append(Workspace.open(folder))
        made = PlanPage(Session(Desk(workspaces[-1], owner=False)))
        qtbot.addWidget(made)
        made.resize(1180, 680)
        made.show()
        qtbot.waitExposed(made)
        return made

    yield open_page
    jobs.wait()
    for workspace in workspaces:
        workspace.close()


def read(page: PlanPage, notice: Path, qtbot: QtBot) -> None:
    page.read_notice(notice)
    qtbot.waitUntil(lambda: page.drafting.draft is not None, timeout=10000)


def test_plan_in_force_is_listed(page: Open) -> None:
    shown = page("990100")
    assert len(shown.force.model.shown()) > 100
    assert shown.read.isVisible() and shown.change.isVisible() and not shown.adopt.isVisible()
    assert "牵头单位" in shown.force.words.toPlainText()


def test_other_desks_only_read(page: Open) -> None:
    shown = page("990101")
    assert shown.force.model.shown()
    assert not any(made.isVisible() for made in (shown.read, shown.reopen, shown.change, shown.adopt))


def test_doubts_are_settled_with_the_space_bar_and_the_draft_adopted(
    page: Open, notice: Path, qtbot: QtBot
) -> None:
    shown = page("990100")
    read(shown, notice, qtbot)
    view = shown.drafting
    count = view.open_count()
    assert count >= 4 and not shown.adopt.isEnabled()
    assert str(count) in shown.banner.title()
    assert view.doubts.hasFocus() or not shown.isActiveWindow()
    for left in range(count, 0, -1):
        assert view.open_count() == left
        qtbot.keyClick(view.doubts, Qt.Key.Key_Space)
    assert view.open_count() == 0 and shown.adopt.isEnabled()
    qtbot.mouseClick(shown.adopt, Qt.MouseButton.LeftButton)
    assert [plan.year for plan in shown.session.desk.plans()] == [2025, 2024]
    assert shown.years.currentData() == 2025 and shown.years.isVisible()
    assert {row.task.no for row in shown.force.model.shown()} == {1, 2, 3, 4, 5}
    shown.years.setCurrentIndex(shown.years.findData(2024))
    shown.years.activated.emit(shown.years.currentIndex())
    assert len(shown.force.model.shown()) > 100


def test_settling_can_be_taken_back(page: Open, notice: Path, qtbot: QtBot) -> None:
    shown = page("990100")
    read(shown, notice, qtbot)
    view = shown.drafting
    count = view.open_count()
    qtbot.keyClick(view.doubts, Qt.Key.Key_Space)
    view.filter.choose("all")
    place = view.doubt_model.find(lambda doubt: doubt.settled)
    view.doubts.go_to(place)
    qtbot.keyClick(view.doubts, Qt.Key.Key_Space)
    assert view.open_count() == count


def test_picked_doubt_shows_the_words_it_is_about(page: Open, notice: Path, qtbot: QtBot) -> None:
    shown = page("990100")
    read(shown, notice, qtbot)
    view = shown.drafting
    view.doubts.go_to(view.doubt_model.find(lambda doubt: "88**" in doubt.text))
    text = view.words.toPlainText()
    assert "新建老年助餐点2.4万个左右" in text and "计量单位被遮盖" in text
    view.doubts.go_to(view.doubt_model.find(lambda doubt: doubt.task is not None and doubt.task.no == 4))
    assert "建设停车泊位" in view.words.toPlainText()


def test_indicator_is_edited_and_dropped(page: Open, notice: Path, qtbot: QtBot) -> None:
    shown = page("990100")
    read(shown, notice, qtbot)
    view = shown.drafting
    item = view.draft.tasks[0].indicators[1] if view.draft else None
    assert item is not None and item.unit == ""
    set_indicator(
        item, {"name": "达标站点", "op": ">=", "value": "88", "unit": "个", "measure": "count", "flow": "0"}
    )
    assert (item.unit, item.op, item.flow) == ("个", ">=", False)
    taken = len(view.model.shown())
    view.indicators.go_to(view.model.find(lambda line: line.item is item))
    qtbot.mouseClick(view.take, Qt.MouseButton.LeftButton)
    assert not item.take and len(view.model.shown()) == taken - 1


def test_target_is_changed_by_a_document(page: Open, qtbot: QtBot) -> None:
    shown = page("990100")
    shown.force.table.go_to(shown.force.model.find(lambda row: row.indicator.id == "12.1"))
    indicator = shown.force.current()
    assert indicator is not None
    dialog = shown.change_dialog(indicator)
    qtbot.addWidget(dialog)
    for name, value in (("value", "900"), ("document", "市政办〔2024〕18号"), ("effective", "2024-07-01")):
        dialog.set_value(name, value)
    dialog._accept()
    (change,) = shown.force.change_model.shown()
    assert (change.old, change.new, change.document) == (960, 900, "市政办〔2024〕18号")
    changed = shown.force.model.record(shown.force.model.find(lambda row: row.indicator.id == "12.1"))
    assert changed is not None and changed.changes == 1 and changed.indicator.target == "900"


def test_marking_keeps_every_character() -> None:
    html = marked("新建<3>处，其中5处", ["3", "5处"], ["新建"], "其中")
    assert "&lt;" in html and html.count("<span") == 4


def test_an_indicator_nobody_could_read_is_added_by_hand(page: Open, notice: Path, qtbot: QtBot) -> None:
    shown = page("990100")
    read(shown, notice, qtbot)
    view = shown.drafting
    assert view.draft is not None
    task = view.draft.tasks[2]
    before = len(task.indicators)
    item = DraftIndicator(name="", op="==", unit="")
    dialog = indicator_dialog(view, task, item, view._after, new=True)
    qtbot.addWidget(dialog)
    for name, value in {
        "name": "陪诊覆盖率",
        "op": ">=",
        "value": "60",
        "unit": "%",
        "measure": "rate",
    }.items():
        dialog.set_value(name, value)
    dialog._accept()
    assert len(task.indicators) == before + 1 and task.indicators[-1].value == 60
    assert view.model.find(lambda line: line.item is item) >= 0


def test_a_task_s_words_and_steps_are_put_right(page: Open, notice: Path, qtbot: QtBot) -> None:
    shown = page("990100")
    read(shown, notice, qtbot)
    task = shown.drafting.draft.tasks[1] if shown.drafting.draft else None
    assert task is not None and [step.date for step in task.deadlines] == [
        "2025-06-30",
        "2025-09-30",
        "2025-12-31",
    ]
    kept = task.deadlines[0]
    dialog = task_dialog(shown.drafting, task, shown.drafting._after)
    qtbot.addWidget(dialog)
    dialog.set_value("lead", "市发展局，市教育局")
    dialog.set_value("steps", f"{kept.date} {kept.what}\n2025-11-15 投用")
    dialog._accept()
    assert task.lead == ["市发展局", "市教育局"]
    assert task.deadlines[0] is kept and (task.deadlines[1].date, task.deadlines[1].what) == (
        "2025-11-15",
        "投用",
    )


def test_a_step_without_a_day_is_refused_in_words() -> None:
    with pytest.raises(InputError, match="不是一个节点"):
        deadlines_from("年底前 投用", [])
