"""Typing the month's figures."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit

from desktop_app.core.model.view import Figure


@pytest.fixture
def page(open_window, desk):
    return open_window(desk, "entry").pages["entry"]


def recorded(desk) -> list[tuple]:
    return [call[1:] for call in desk.calls if call[0] == "record"]


def type_value(qtbot, page, indicator: str, text: str, key=Qt.Key.Key_Return) -> None:
    page.table.go_to_indicator(indicator)
    page.table.setFocus()
    qtbot.keyClicks(page.table, text[:1])

    # The first letter opened the editor.
    field = page.table.viewport().findChild(QLineEdit)
    assert field is not None
    qtbot.keyClicks(field, text[1:])
    qtbot.keyClick(field, key)


def test_a_value_and_enter_record_it_and_go_down(qtbot, page, desk):
    type_value(qtbot, page, "1.1", "300")
    assert recorded(desk) == [("1.1", "300", None, "", False)]
    assert page.table.current_view().id != "1.1"
    assert page.model.value_look(page.model.record(page.model.find(lambda v: v.id == "1.1")))[0] == "300"


def test_full_width_digits_and_separators_are_understood(qtbot, page, desk):
    page.table.go_to_indicator("25.1")
    page.model.type_in(page.table.current_view(), "１，２06")
    assert recorded(desk)[0][1] == "1206"


def test_a_hard_error_stays_in_the_cell_and_blocks_the_way_to_submission(qtbot, page, desk):
    asked = []
    page.wanted.connect(lambda key, what: asked.append(key))
    type_value(qtbot, page, "3.1", "-4")
    view = page.model.record(page.model.find(lambda v: v.id == "3.1"))
    assert page.model.pending["3.1"].error == "不能是负数"
    assert page.model.value_look(view)[0] == "-4"
    assert "3.1" not in desk.values
    page.primary.click()
    assert asked == []


def test_a_soft_rule_asks_for_a_reason_beside_the_figure(qtbot, page, desk):
    type_value(qtbot, page, "1.1", "100")
    assert page.model.pending["1.1"].warning
    index = page.table.currentIndex()
    assert index.column() == page.model.hint_column
    assert page.model.record(index.row()).id == "1.1"
    page.model.setData(index, "上月多报，已核减")
    assert recorded(desk)[-1] == ("1.1", "100", None, "上月多报，已核减", False)
    assert "1.1" not in page.model.pending


def test_a_numerator_above_its_denominator_is_refused(qtbot, page, desk):
    type_value(qtbot, page, "19.1", "2190/2189")
    assert page.model.pending["19.1"].error == "分子大于分母"


def test_a_bare_number_keeps_the_denominator(page, desk):
    page.table.go_to_indicator("19.1")
    assert page.model.type_in(page.table.current_view(), "2180")
    assert recorded(desk)[-1][:3] == ("19.1", "2180", "2189")


def test_unchanged_is_one_key(qtbot, page, desk):
    page.table.go_to_indicator("17.1")
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Equal, Qt.KeyboardModifier.ControlModifier)
    assert recorded(desk)[-1] == ("17.1", "9", None, "", True)


def test_no_change_where_nothing_was_ever_said_leaves_the_cell_alone(page, desk):
    row = next(n for n in range(page.model.rowCount()) if page.model.typable(n))
    view = msgspec.structs.replace(page.model.record(row), previous=Figure())
    told: list[str] = []
    page.session.told.connect(told.append)
    assert not page.model.same_again(view)
    assert page.model.pending == {} and recorded(desk) == []
    assert "上期没有数" in told[-1]


def test_f8_goes_to_the_next_unfilled(qtbot, page):
    page.table.go_to_indicator("1.1")
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_F8)
    assert page.model.unfilled(page.table.current_view())


def test_site_based_cells_cannot_be_typed_in(qtbot, page, desk):
    page.table.go_to_indicator("12.1")
    page.table.setFocus()
    qtbot.keyClicks(page.table, "5")
    assert not page.model.flags(page.table.currentIndex()) & Qt.ItemFlag.ItemIsEditable
    assert recorded(desk) == []


def test_a_column_from_excel_fills_the_cells_below(qtbot, page, desk, settled):
    page.table.go_to_indicator("3.1")
    QGuiApplication.clipboard().setText("130\n32\n0")
    qtbot.keyClick(page.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert [(r[0], r[1]) for r in recorded(desk)] == [("3.1", "130"), ("3.2", "32")]
    assert "跳过 1 格" in page.window().status.left.text()


def test_rows_with_names_find_their_own_cell(page, desk):
    page.table.go_to_indicator("1.1")
    QGuiApplication.clipboard().setText("法律援助案件数\t件\t40\n没有这个\t人\t7")
    page.table.paste()
    assert [(r[0], r[1]) for r in recorded(desk)] == [("16.1", "40")]


def test_undo_takes_the_last_figure_back(qtbot, page, desk):
    type_value(qtbot, page, "1.1", "300")
    window = page.window()
    window.undo()
    assert desk.values == {}
    window.redo()
    assert "1.1" in desk.values


def test_filters_and_their_counts(page):
    assert page.filter.word("all") == f"要填 {len(page.model.records)}"
    page.filter.choose("unfilled")
    shown = page.model.shown()
    assert shown and all(page.model.unfilled(view) for view in shown)
    page.filter.choose("errors")
    assert [view.id for view in page.model.shown()] == ["32.1"]


def test_the_panel_follows_the_cell(qtbot, page):
    page.table.go_to_indicator("16.1")
    qtbot.waitUntil(lambda: "法律援助" in page.panel.title.text())
    assert ("本期应达", "29 件") in page.panel.facts.facts()
