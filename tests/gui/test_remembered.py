"""Where a person left things: the window, the filters, the order of a list, the task one was at."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_app.core.model.period import Period
from desktop_app.core.operations.entrance import Entrance
from desktop_app.ui import application, jobs
from desktop_app.ui.preferences import Preferences
from desktop_app.ui.township.problem_page import ProblemPage
from desktop_app.ui.township.site_page import SitePage
from desktop_app.ui.township.task_page import TaskPage

TOWN, MAY = "990101101", Period(2024, 5, 5)


def again(kind: type, session):
    made = kind(session)
    made.refresh()
    return made


def head_pressed(qtbot, table, key: str) -> None:
    head, number = table.horizontalHeader(), table.record_model.column(key)
    place = head.sectionViewportPosition(number) + 10
    qtbot.mouseClick(
        head.viewport(), Qt.MouseButton.LeftButton, pos=head.viewport().rect().topLeft() + _at(place)
    )


def _at(x: int):
    from PySide6.QtCore import QPoint

    return QPoint(x, 8)


def test_filters_and_order_of_the_ledger(qtbot, real_window):
    page = real_window("sites", MAY).pages["sites"]
    page.filter.choose("open")
    page.indicator.setCurrentIndex(page.indicator.findData("12.1"))
    page.indicator.activated.emit(page.indicator.currentIndex())
    head_pressed(qtbot, page.table, "completed")
    head_pressed(qtbot, page.table, "name")
    other = again(SitePage, page.session)
    assert other.filter.current == "open" and other.indicator.currentData() == "12.1"
    assert other.model.sorting == page.model.sorting and other.model.sorting[0] == page.model.column("name")
    shown = [site.subject for site in other.model.shown()]
    assert shown == [site.subject for site in page.model.shown()] and shown
    for one in (page, other):
        one.filter.choose("all")
        one.indicator.setCurrentIndex(0)
        one.indicator.activated.emit(0)


def test_the_task_one_was_at_and_its_order(qtbot, real_window):
    page = real_window("tasks", MAY).pages["tasks"]
    page.show_subject("16.1")
    head_pressed(qtbot, page.table, "progress")
    other = again(TaskPage, page.session)
    assert other.table.current_record().key == "16.1"
    assert other.model.sorting[0] == other.model.column("progress")
    head_pressed(qtbot, page.table, "progress")
    head_pressed(qtbot, page.table, "progress")
    assert again(TaskPage, page.session).model.sorting[0] == -1, "the third press gives the plan's order back"


def test_the_filter_of_the_problems(real_window):
    page = real_window("problems", MAY).pages["problems"]
    page.filter.choose("all")
    assert again(ProblemPage, page.session).filter.current == "all"
    page.filter.choose("open")


@pytest.fixture
def started(city, tmp_path: Path):
    """started() → the program's windows on this computer, one after the other."""
    import shiboken6

    home = tmp_path / "home"
    shutil.copytree(city.desk(TOWN), home / TOWN, ignore=shutil.ignore_patterns("outbox", ".lock"))
    made: list[application.Windows] = []

    def start() -> application.Windows:
        made.append(application.Windows(Entrance(home), Preferences(tmp_path / "settings.ini")))
        assert made[-1].open_folder(home / TOWN)
        return made[-1]

    yield start
    jobs.wait(10_000)
    for windows in made:
        if windows.window is not None:
            windows.window.close()
            shiboken6.delete(windows.window)


def test_the_window_comes_back_as_it_was_left(started):
    first = started()
    first.window.showNormal()
    first.window.resize(760, 560)
    first.window.close()
    size = first.window.size()
    second = started()
    assert second.window.size() == size
    assert not second.window.isMaximized()
