"""The grid on a real desk, by the keys alone: no more of them than a spreadsheet takes."""

from __future__ import annotations

from fractions import Fraction

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from desktop_app.core.model.period import Period

JUNE = Period(2024, 6, 6)


@pytest.fixture
def page(real_window):
    """The grid of a month in which nothing has been said yet."""
    return real_window("entry", JUNE).pages["entry"]


def press(qtbot, key: Qt.Key | str, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    """One key, to whatever has the focus."""
    target = QApplication.focusWidget()
    assert target is not None
    if isinstance(key, str):
        qtbot.keyClick(target, key)
    else:
        qtbot.keyClick(target, key, modifier)


def focused(qtbot, page) -> None:
    page.window().activateWindow()
    page.table.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is page.table, timeout=2000)


def open_cells(page) -> list:
    return [view for view in page.model.shown() if page.model.unfilled(view)]


def next_value(view) -> str:
    """A figure a clerk might type, a little above last month's."""
    if view.measure == "rate":
        base = view.previous.value or Fraction(9)
        return f"{int(base)}/{int(view.previous.of or 10)}"
    before = view.previous.value
    if before is None:
        return "1"
    return str(before.numerator) if before.denominator == 1 else f"{float(before):g}"


def test_a_month_takes_its_digits_and_one_enter_each(qtbot, page):
    focused(qtbot, page)
    page.table.go_to_row(page.model.find(lambda view: page.model.typable(page.model.row_of(view.id))))
    wanted = {view.id: next_value(view) for view in open_cells(page)}
    assert len(wanted) > 20
    order = [view.id for view in page.model.shown() if view.id in wanted]
    pressed = 0
    for indicator in order:
        assert page.table.current_view().id == indicator, "the cursor stands where the next figure goes"
        for character in wanted[indicator]:
            press(qtbot, character)
            pressed += 1
        press(qtbot, Qt.Key.Key_Return)
        pressed += 1
    assert page.model.pending == {}
    assert open_cells(page) == []
    # What Excel takes: the characters of each value, and Enter to go down.
    assert pressed == sum(len(value) + 1 for value in wanted.values())


def test_a_chinese_input_method_may_open_the_cell(qtbot, page):
    focused(qtbot, page)
    page.table.go_to_row(page.model.find(lambda view: page.model.typable(page.model.row_of(view.id))))
    assert page.table.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    QApplication.sendEvent(page.table, QInputMethodEvent("yi", []))
    editor = page.table.viewport().findChild(QLineEdit)
    assert editor is not None, "composing opens the cell"
    # Enter belongs to the input method while it composes; what it commits lands in the cell whole.
    done = QInputMethodEvent("", [])
    done.setCommitString("１２")
    QApplication.sendEvent(editor, done)
    assert editor.text() == "１２"


def test_what_an_input_method_gives_without_composing_is_not_lost(qtbot, page):
    focused(qtbot, page)
    page.table.go_to_indicator("1.1")
    wanted = int(page.table.current_view().previous.value) + 1
    for character in str(wanted).translate({0x30 + digit: 0xFF10 + digit for digit in range(10)}):
        given = QInputMethodEvent("", [])
        given.setCommitString(character)
        QApplication.sendEvent(QApplication.focusWidget(), given)
    press(qtbot, Qt.Key.Key_Return)
    assert page.model.record(page.model.row_of("1.1")).figure.value == wanted


def test_words_composed_in_the_reason_are_kept(qtbot, page):
    focused(qtbot, page)
    page.table.go_to_indicator("1.1")
    view = page.table.current_view()
    page.model.type_in(view, "1")
    assert page.model.pending["1.1"].warning
    page.table.step_sideways(1)
    QApplication.sendEvent(page.table, QInputMethodEvent("geng'zheng", []))
    editor = page.table.viewport().findChild(QLineEdit)
    done = QInputMethodEvent("", [])
    done.setCommitString("更正上月多报")
    QApplication.sendEvent(editor, done)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    row = page.model.row_of("1.1")
    assert page.model.record(row).reason == "更正上月多报"


def test_a_pasted_column_leaves_empty_cells_alone_and_tells_what_did_not_fit(qtbot, page):
    focused(qtbot, page)
    views = [view for view in page.model.shown() if view.basis != "site" and view.measure == "count"]
    first = page.model.row_of(views[0].id)
    page.table.go_to_row(first)
    rows = [page.model.record(row) for row in range(first, len(page.model.rows)) if page.model.record(row)]
    lines = ["" if number == 1 else next_value(view) for number, view in enumerate(rows)] + ["5", "6"]
    lines[0] = f"{int(rows[0].previous.value):,}"
    told = []
    page.table.told.connect(told.append)
    QGuiApplication.clipboard().setText("\r\n".join(lines) + "\r\n")
    press(qtbot, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    shown = {view.id: view for view in page.model.shown()}
    assert shown[rows[0].id].figure.value == rows[0].previous.value
    if rows[1].basis != "site":
        assert page.model.unfilled(shown[rows[1].id])
    assert shown[rows[-1].id].figure.value is not None
    assert "2 行没有地方放" in told[-1]
    # One step back takes the whole block back.
    before = open_cells(page)
    page.session.write(page.session.desk.undo())
    assert len(open_cells(page)) > len(before) + 10


def test_two_cells_make_a_rate_and_two_figures_for_one_cell_are_refused(qtbot, page):
    focused(qtbot, page)
    rate = next(view for view in page.model.shown() if view.measure == "rate")
    page.table.go_to_indicator(rate.id)
    QGuiApplication.clipboard().setText("２176\t2,189\n")
    page.table.paste()
    figure = page.model.record(page.model.row_of(rate.id)).figure
    assert (figure.value, figure.of) == (2176, 2189)
    page.table.go_to_indicator("1.1")
    QGuiApplication.clipboard().setText("5\t6\n")
    page.table.paste()
    assert page.model.pending["1.1"].error


def test_unchanged_is_seen_and_delete_empties_the_cell_again(qtbot, page):
    focused(qtbot, page)
    page.table.go_to_indicator("1.1")
    press(qtbot, Qt.Key.Key_Equal, Qt.KeyboardModifier.ControlModifier)
    view = page.model.record(page.model.row_of("1.1"))
    assert view.same
    assert page.model.value_look(view)[0].startswith("无变化")
    page.table.go_to_indicator("1.1")
    press(qtbot, Qt.Key.Key_Delete)
    assert page.model.unfilled(page.model.record(page.model.row_of("1.1")))
    page.session.write(page.session.desk.undo())
    assert page.model.record(page.model.row_of("1.1")).same
