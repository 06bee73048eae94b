"""A desk that reports opens what came back from above; nothing typed is lost on the way."""

from __future__ import annotations

from pathlib import Path

from fake_county import inbox_row
from fake_desk import FakeDesk
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop_app.core.errors import InputError
from desktop_app.core.model.entry import Changes
from desktop_app.core.operations.answers_above import Judgement
from desktop_app.ui import errors, text
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.session import Session
from desktop_app.ui.township import receiving
from desktop_app.ui.township.record_dialog import RecordDialog


def test_a_reply_is_opened_from_the_first_page(qtbot, monkeypatch, settled):
    desk = FakeDesk()
    seen: list[list[Path]] = []
    good = inbox_row("云溪县", "county", 1, 29)
    bad = inbox_row("云溪县", "county", 1, 0, state="invalid", file="坏.xlsx", reason="文件不完整")

    def merge(files, progress):
        seen.append(list(files))
        return [good, bad], Changes(kinds=frozenset({"review"}))

    shown: list[BaseException] = []
    monkeypatch.setattr(desk, "merge", merge)
    monkeypatch.setattr(errors, "show", shown.append)
    window = MainWindow(Session(desk))
    qtbot.addWidget(window)
    home = window.show_page("home")
    assert not home.receive.isHidden() and "发来的文件" in home.receive.text()
    said: list[str] = []
    window.session.told.connect(said.append)
    receiving.take_in(window.session, [Path("回执.xlsx"), Path("坏.xlsx")])
    settled()
    assert seen == [[Path("回执.xlsx"), Path("坏.xlsx")]]
    assert any("29" in words for words in said)
    qtbot.waitUntil(lambda: len(shown) == 1)
    assert shown[0].what == "“坏.xlsx”没有收"


def test_what_only_differs_was_not_received_before():
    row = inbox_row("枫桥镇", "township", 6, 0)
    assert "以前收过" in receiving._said([row], 0, Judgement())
    assert "新增 1 条" in receiving._said([row], 1, Judgement())


def test_enter_saves_and_keeps_the_keyboard(qtbot):
    window = MainWindow(Session(FakeDesk()))
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    page = window.show_page("entry")
    table = page.table
    view = next(v for v in page._views if v.id == "1.1")
    table.setFocus()
    qtbot.waitUntil(table.hasFocus)
    table.go_to_indicator(view.id)
    for letter in "1":
        qtbot.keyClicks(QApplication.focusWidget(), letter)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert page.model.pending[view.id].warning
    for letter in "abc":
        qtbot.keyClicks(QApplication.focusWidget(), letter)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert not page.model.pending
    assert QApplication.focusWidget() is table
    assert table.entry_model.typable(table.currentIndex().row())


def test_an_unsaved_figure_holds_the_month_back(qtbot):
    window = MainWindow(Session(FakeDesk()))
    qtbot.addWidget(window)
    page = window.show_page("entry")
    view = next(v for v in page._views if v.id == "1.1")
    assert not page.model.type_in(view, "1")
    words, tone = page.model.said(view)
    assert "还没有存" in words and tone == "amber"
    assert window.show_page("submit") is page
    assert page.table.currentIndex().column() == page.model.hint_column


def test_a_form_stays_open_with_what_was_typed(qtbot, monkeypatch):
    session = Session(FakeDesk())
    shown: list[BaseException] = []
    monkeypatch.setattr(errors, "show", shown.append)
    wrong = InputError("不是日期")

    def refuse(desk):
        raise wrong

    dialog = RecordDialog(
        "新增一处",
        {"name": ("名称", "张家湾 03 户", None, True)},
        save=lambda values: session.attempt(refuse),
    )
    qtbot.addWidget(dialog)
    dialog.show()
    dialog._accept()
    assert shown == [wrong] and dialog.isVisible()
    assert dialog.values() == {"name": "张家湾 03 户"}


def test_days_are_read_as_people_write_them():
    for words in ("6.18", "6/18", "6月18日", "2024.6.18", "2024年6月18日", "20240618", "６．１８"):
        assert text.typed_day(words, 2024) == "2024-06-18"
    assert text.typed_day("6.31", 2024) == "6.31"
    assert text.typed_day("月底", 2024) == "月底"
