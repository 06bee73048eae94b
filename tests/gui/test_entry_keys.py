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


def value_of(page, indicator: str):
    return page.model.record(page.model.row_of(indicator)).figure.value


def typable_ids(page) -> list[str]:
    return [view.id for view in page.model.shown() if page.model.typable(page.model.row_of(view.id))]


def test_tab_and_the_arrows_go_where_excel_goes(qtbot, page):
    focused(qtbot, page)
    page.table.go_to_indicator("10.1")
    row, value, hint = page.table.currentIndex().row(), page.model.value_column, page.model.hint_column
    press(qtbot, Qt.Key.Key_Tab)
    assert (page.table.currentIndex().row(), page.table.currentIndex().column()) == (row, hint)
    press(qtbot, Qt.Key.Key_Tab)
    assert (page.table.currentIndex().row(), page.table.currentIndex().column()) == (row + 1, value)
    press(qtbot, Qt.Key.Key_Backtab)
    assert (page.table.currentIndex().row(), page.table.currentIndex().column()) == (row, hint)
    press(qtbot, Qt.Key.Key_Left)
    press(qtbot, Qt.Key.Key_Down)
    assert page.table.current_view().id == "10.2"
    press(qtbot, Qt.Key.Key_Up)
    assert page.table.current_view().id == "10.1"
    press(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert page.table.currentIndex().row() < row
    # While a cell is being typed in, Tab and the arrows keep what was typed.
    page.table.go_to_indicator("10.1")
    wanted = str(int(page.table.current_view().previous.value) + 1)
    for character in wanted:
        press(qtbot, character)
    press(qtbot, Qt.Key.Key_Down)
    assert value_of(page, "10.1") == int(wanted)
    assert page.table.current_view().id == "10.2" and QApplication.focusWidget() is page.table
    # Escape gives the cell back as it was.
    press(qtbot, "9")
    press(qtbot, Qt.Key.Key_Escape)
    assert page.model.unfilled(page.table.current_view())


def test_undo_and_redo_step_by_step_and_the_history_tells_it(qtbot, page, monkeypatch):
    from desktop_app.ui.widgets.history_dialog import HistoryDialog

    focused(qtbot, page)
    window = page.window()
    page.table.go_to_indicator("10.1")
    first = int(page.table.current_view().previous.value) + 1
    for value in (first, first + 1):
        page.table.go_to_indicator("10.1")
        for character in str(value):
            press(qtbot, character)
        press(qtbot, Qt.Key.Key_Return)
    assert value_of(page, "10.1") == first + 1
    for wanted in (first, None):
        press(qtbot, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        view = page.model.record(page.model.row_of("10.1"))
        assert page.model.unfilled(view) if wanted is None else view.figure.value == wanted
    for wanted in (first, first + 1):
        press(qtbot, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
        assert value_of(page, "10.1") == wanted
    assert "又改为" in window.status.left.text()
    shown: list[list[tuple[str, str]]] = []
    monkeypatch.setattr(
        HistoryDialog,
        "exec",
        lambda dialog: shown.append([(s.before, s.after) for s in dialog.model.records]) or 0,
    )
    page.table.go_to_indicator("10.1")
    press(qtbot, Qt.Key.Key_F3)
    assert len(shown) == 1 and len(shown[0]) >= 4, "every step is kept"
    assert shown[0][0][1].replace(",", "") == str(first + 1)


def test_a_soft_rule_asks_once_and_a_hard_one_always(qtbot, page):
    focused(qtbot, page)
    page.table.go_to_indicator("1.1")
    for character in "1":
        press(qtbot, character)
    press(qtbot, Qt.Key.Key_Return)
    assert page.table.currentIndex().column() == page.model.hint_column, "the reason is typed right there"
    for character in "核减":
        given = QInputMethodEvent("", [])
        given.setCommitString(character)
        QApplication.sendEvent(QApplication.focusWidget(), given)
    press(qtbot, Qt.Key.Key_Return)
    assert value_of(page, "1.1") == 1 and page.model.pending == {}
    # The same figure typed once more is no change, and wants no second reason.
    page.table.go_to_indicator("1.1")
    for character in "1":
        press(qtbot, character)
    press(qtbot, Qt.Key.Key_Return)
    assert page.model.pending == {} and page.model.record(page.model.row_of("1.1")).reason == "核减"
    # A hard one has no reason that would help.
    page.table.go_to_indicator("3.1")
    for character in "-4":
        press(qtbot, character)
    press(qtbot, Qt.Key.Key_Return)
    assert page.model.pending["3.1"].error and page.model.unfilled(
        page.model.record(page.model.row_of("3.1"))
    )
    page.model.give_reason(page.model.record(page.model.row_of("3.1")), "就是这样")
    assert page.model.pending["3.1"].error
    assert page.window().show_page("submit") is page, "nobody goes on past it"


def test_composing_keys_do_nothing_else(qtbot, page, real_window):
    """Letters that an input method holds belong to it: no shortcut acts, no cell is lost."""
    focused(qtbot, page)
    page.table.go_to_indicator("1.1")
    row = page.table.currentIndex().row()
    for composed in ("p", "ps", "pso"):
        QApplication.sendEvent(QApplication.focusWidget(), QInputMethodEvent(composed, []))
    editor = page.table.viewport().findChild(QLineEdit)
    assert editor is not None and editor.text() == ""
    assert page.table.currentIndex().row() == row, "the cell stays where it is"
    # Cancelled composing leaves the cell open and empty; nothing was recorded.
    QApplication.sendEvent(editor, QInputMethodEvent("", []))
    press(qtbot, Qt.Key.Key_Escape)
    assert page.model.unfilled(page.model.record(page.model.row_of("1.1")))
    # On the page of evidence P marks personal data: not while a name is being composed.
    evidence = page.window().show_page("evidence")
    evidence.folder_table.go_to(0)
    evidence.filter.choose("all")
    personal = [view.personal for view in page.session.desk.evidence()]
    evidence.grid.setFocus()
    QApplication.sendEvent(evidence.grid, QInputMethodEvent("p", []))
    evidence.panel.caption.setFocus()
    QApplication.sendEvent(evidence.panel.caption, QInputMethodEvent("p", []))
    assert [view.personal for view in page.session.desk.evidence()] == personal


def test_site_based_cells_lead_to_the_ledger_and_take_no_digit(qtbot, page):
    focused(qtbot, page)
    page.table.go_to_indicator("12.1")
    before = value_of(page, "12.1")
    for character in "55":
        press(qtbot, character)
    assert page.table.viewport().findChild(QLineEdit) is None
    assert value_of(page, "12.1") == before
    index = page.model.index(page.model.row_of("12.1"), page.model.hint_column)
    with qtbot.waitSignal(page.wanted) as asked:
        qtbot.mouseClick(
            page.table.viewport(), Qt.MouseButton.LeftButton, pos=page.table.visualRect(index).center()
        )
    assert asked.args == ["sites", "12.1"]


def test_the_increase_is_not_told_for_what_was_not_taken(page):
    view = page.model.record(page.model.row_of("1.1"))
    column = page.model.columns[page.model.column("increase")]
    page.model.type_in(view, "1")
    assert page.model.pending["1.1"].warning and column.text(view) == ""
    page.model.take_back(view)
    wanted = int(view.previous.value) + 7
    page.model.type_in(view, str(wanted))
    assert column.text(page.model.record(page.model.row_of("1.1"))) == "+7"


def test_the_key_for_no_change_never_replaces_what_was_typed(real_window, qtbot) -> None:
    window = real_window("entry")
    page = window.pages["entry"]
    view = next(
        v
        for v in page.model.shown()
        if v.basis == "typed" and v.measure == "count" and v.previous.value and not page.model.unfilled(v)
        and v.figure.value != v.previous.value
    )  # fmt: skip
    page.table.go_to_indicator(view.id)
    before = view.figure.value
    told: list[str] = []
    window.session.told.connect(told.append)
    page.table.same_again()
    again = next(v for v in page.model.shown() if v.id == view.id)
    assert again.figure.value == before and "已经填了" in told[-1]
