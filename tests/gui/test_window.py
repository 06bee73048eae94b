"""The frame: sizes, keys, pages made late, nothing cut off."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fake_desk import FakeDesk
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop_app.ui import jobs, theme
from desktop_app.ui.widgets.delegates import LightCell
from desktop_app.ui.widgets.records import GroupRow
from desktop_app.ui.widgets.table import RecordTable

ROOT = Path(__file__).resolve().parents[2]
HEAVY = (
    "openpyxl",
    "lxml",
    "cryptography",
    "PIL",
    "xlsxwriter",
    "docx",
    "pypdfium2",
    "pypinyin",
    "sqlite_utils",
)


def unit_of(city, level: str) -> str:
    return {"township": city.town, "county": city.county, "city": city.code}[level]


def show_everything(window, qtbot) -> None:
    for place in window.places:
        window.show_page(place.key)
        qtbot.waitUntil(lambda: jobs.running() == 0, timeout=10_000)
        qtbot.wait(60)
        yield place.key, window.pages[place.key]


@pytest.mark.parametrize("level", ["township", "county", "city"])
@pytest.mark.parametrize("size", [(1366, 768), (1366, 696), (911, 512), (1920, 1080)])
def test_the_window_keeps_the_size_asked_for(real_window, city, qtbot, level, size):
    window = real_window("home", unit=unit_of(city, level), size=size)
    for key, page in show_everything(window, qtbot):
        assert window.size().toTuple() == size, key
        least = page.minimumSizeHint()
        room = window.stack.size()
        assert least.width() <= room.width() and least.height() <= room.height(), (key, least, room)


def cut_cells(table: RecordTable) -> list[str]:
    """Cells of columns that must be read whole whose text does not fit."""
    found = []
    for number, column in enumerate(table.record_model.columns):
        if table.isColumnHidden(number) or not (column.whole or column.right):
            continue
        for row in table.record_model.rows[:200]:
            if (
                not isinstance(row, GroupRow)
                and column.cell.width(row, column) > table.columnWidth(number) + 1
            ):
                found.append(f"{column.head}: {column.text(row)}")
    return found


@pytest.mark.parametrize("level", ["township", "county", "city"])
def test_no_key_column_is_cut(real_window, city, qtbot, level):
    window = real_window("home", unit=unit_of(city, level))
    for key, page in show_everything(window, qtbot):
        for table in page.findChildren(RecordTable):
            if table.isVisible():
                assert cut_cells(table) == [], key


@pytest.mark.parametrize("level", ["township", "county"])
def test_figures_and_lights_are_whole_on_a_small_screen(real_window, city, qtbot, level):
    window = real_window("home", unit=unit_of(city, level), size=(911, 512))
    for key, page in show_everything(window, qtbot):
        for table in page.findChildren(RecordTable):
            if not table.isVisible():
                continue
            model = table.record_model
            for number, column in enumerate(model.columns):
                if table.isColumnHidden(number) or not (column.right or isinstance(column.cell, LightCell)):
                    continue
                for row in model.shown()[:100]:
                    assert column.cell.width(row, column) <= table.columnWidth(number) + 1, (key, column.head)


def test_pages_are_made_when_they_are_first_shown(open_window):
    window = open_window(FakeDesk())
    assert list(window.pages) == ["home"]
    window.show_page("tasks")
    assert list(window.pages) == ["home", "tasks"]


def test_control_and_a_number_go_to_a_page(open_window, qtbot):
    window = open_window(FakeDesk())
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert window.current == "entry"
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.current == "tasks" and window.navigation.buttons["tasks"].isChecked()
    assert not window.navigation.buttons["entry"].isChecked()


def test_control_k_goes_to_the_search_field(open_window, qtbot):
    window = open_window(FakeDesk())
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.focusWidget() is window.top.search


def test_each_desk_has_only_what_it_needs(open_window):
    keys = {
        level: [p.key for p in open_window(FakeDesk(level)).places]
        for level in ("township", "county", "city")
    }
    assert keys["township"] == [
        "home",
        "tasks",
        "entry",
        "sites",
        "evidence",
        "problems",
        "registers",
        "submit",
        "closing",
        "forks",
        "settings",
    ]
    assert "inbox" in keys["county"] and "entry" not in keys["county"]
    assert "board" in keys["city"]


def test_another_period_refills_what_is_shown(open_window, qtbot):
    window = open_window(FakeDesk(), "tasks")
    window.top.period_chosen.emit(window.session.desk.periods()[1])
    assert window.session.period.key == "2024-05"
    assert window.pages["tasks"].title.text() == "5月要填的任务"


def test_the_navigation_folds_on_a_narrow_window(open_window):
    window = open_window(FakeDesk(), size=(911, 512))
    assert window.navigation.compact and window.navigation.width() == theme.px(60)
    wide = open_window(FakeDesk(), size=(1366, 768))
    assert not wide.navigation.compact
    city = open_window(FakeDesk("city"), "board")
    assert city.navigation.compact


def test_large_text_keeps_the_window_and_grows_the_rows(qapp: QApplication, open_window, qtbot):
    theme.apply(qapp, large_text=True)
    try:
        window = open_window(FakeDesk(), "tasks")
        assert window.size().toTuple() == (1366, 768)
        table = window.pages["tasks"].table
        assert table.verticalHeader().defaultSectionSize() >= theme.metrics("body").height() + 12
        assert cut_cells(table) == []
    finally:
        theme.apply(qapp)


def test_nothing_heavy_is_imported_for_the_first_window():
    program = f"""
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests" / "gui")!r}]
from desktop_app.ui.application import make_application
from desktop_app.ui import theme
application = make_application([])
theme.apply(application)
from fake_desk import FakeDesk
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.session import Session
window = MainWindow(Session(FakeDesk()))
window.show_page("home")
window.show()
application.processEvents()
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert result.stdout.strip() == "[]"


def test_the_window_has_the_program_s_own_icon(qapp: QApplication):
    from desktop_app.ui.application import _icon

    assert not _icon().pixmap(64, 64).isNull()
