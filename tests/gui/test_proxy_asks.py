"""代录 on a real county: it opens on whose paper it is or asks, says why a cell takes nothing, and asks once before a
mostly empty paper counts as entered."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication

from desktop_app.core.model.period import Period
from desktop_app.ui.county.inbox_model import condition
from desktop_app.ui.county.proxy_finish import FinishDialog

APRIL, MAY = Period(2024, 4, 4), Period(2024, 5, 5)
COUNTY, TOWN, OTHER = "990101", "990101101", "990101102"


@pytest.fixture
def opened(real_window, monkeypatch: pytest.MonkeyPatch):
    """opened(page, period) → that page of the county's window on 12 June; in April everybody has reported."""
    monkeypatch.setenv("TAIZHANG_TODAY", "2024-06-12")

    def made(page: str, period: Period = MAY):
        window = real_window(page, period, COUNTY)
        window.session.desk.unlock("demo")
        return window.pages[page]

    return made


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch):
    """answered("go"/"on"): how the question is answered; the list of what was asked."""

    def set_up(button: str) -> list[FinishDialog]:
        met: list[FinishDialog] = []

        def run(dialog: FinishDialog) -> int:
            met.append(dialog)
            dialog.show()
            getattr(dialog, button).click()
            return dialog.result()

        monkeypatch.setattr(FinishDialog, "exec", run)
        return met

    return set_up


def table_file(folder: Path, name: str) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["新增就业人数", 9])
    book.save(folder / name)
    book.close()
    return folder / name


def offer(inbox, settled, file: Path):
    """Take a plain workbook in and press 代录 in its row; the page that opens."""
    inbox.merge([file])
    settled()
    view = next(view for view in inbox.model.records if view.file == file.name)
    assert condition(view) == "foreign"
    inbox._act(view, "action")
    window = inbox.window()
    assert window.current == "proxy"
    return window.pages["proxy"]


def keep(proxy, settled, tmp_path: Path, unit: str = OTHER) -> None:
    proxy.show_subject(unit)
    proxy.keep([table_file(tmp_path, "原件.xlsx")])
    settled()
    proxy.table.go_to_indicator("1.1")
    proxy.table.setFocus()


def type_in(qtbot, proxy, number: int) -> None:
    proxy.table.setFocus()
    for digit in str(number):
        qtbot.keyClicks(QApplication.focusWidget(), digit)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)


# -- whose paper it is -------------------------------------------------------------------------------------------------


def test_a_unit_that_has_reported_is_opened_and_nothing_is_offered(opened, settled, tmp_path):
    proxy = offer(opened("inbox", APRIL), settled, table_file(tmp_path, "枫桥镇4月.xlsx"))
    assert proxy.unit().unit == TOWN and proxy.unit().state == "own"
    assert not proxy.take.isVisible() and not proxy.choose.isVisible()
    assert "已经自己报了" in proxy.banner.title() and "“枫桥镇4月.xlsx”不用再录" in proxy.banner.text()
    # Nor does it follow to the next unit one looks at.
    for number in range(len(proxy.units.records)):
        proxy.unit_table.go_to(number)
        assert not proxy.take.isVisible(), proxy.unit().unit_name


def test_one_unit_s_paper_is_offered_to_that_unit_alone(opened, settled, tmp_path):
    proxy = offer(opened("inbox"), settled, table_file(tmp_path, f"{OTHER} 5月.xlsx"))
    assert proxy.unit().unit == OTHER and proxy.take.isVisible()
    proxy.show_subject(TOWN)
    assert proxy.unit().unit == TOWN and not proxy.take.isVisible()


def test_where_nobody_knows_whose_it_is_the_page_asks(opened, settled, tmp_path, qtbot):
    proxy = offer(opened("inbox"), settled, table_file(tmp_path, "报表.xlsx"))
    assert proxy.unit() is None and not proxy._views
    assert proxy.banner.title() == "这份文件是哪一家交来的？" and "报表.xlsx" in proxy.banner.text()
    assert not proxy.take.isVisible() and not proxy.choose.isVisible() and not proxy.finish.isEnabled()
    proxy.refresh()
    assert proxy.unit() is None, "and goes on asking"
    # Somebody says whose it is by choosing the unit.
    number = proxy.units.find(lambda unit: unit.unit == OTHER)
    place = proxy.unit_table.visualRect(proxy.unit_table.model().index(number, 0)).center()
    qtbot.mouseClick(proxy.unit_table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))
    assert proxy.unit().unit == OTHER and proxy.take.isVisible()
    qtbot.mouseClick(proxy.take, Qt.MouseButton.LeftButton)
    settled()
    assert proxy.source is not None and proxy.source.name == "报表.xlsx"


# -- a cell that takes nothing -----------------------------------------------------------------------------------------


def test_typing_before_the_original_is_placed_says_so(opened, qtbot):
    proxy = opened("proxy")
    proxy.show_subject(OTHER)
    proxy.table.go_to_indicator("1.1")
    proxy.table.setFocus()
    status = proxy.window().status.left
    tries = [
        lambda: qtbot.keyClick(proxy.table, Qt.Key.Key_1),
        lambda: qtbot.keyClick(proxy.table, Qt.Key.Key_Delete),
        lambda: qtbot.keyClick(proxy.table, Qt.Key.Key_F2),
        lambda: qtbot.keyClick(proxy.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier),
        lambda: QApplication.sendEvent(proxy.table, _composed("１")),
    ]
    QGuiApplication.clipboard().setText("1\n2")
    for number, attempt in enumerate(tries):
        proxy.session.told.emit("")
        attempt()
        assert status.text() == "先放原件，再照着录", number
    row = proxy.table.currentIndex().row()
    hint = proxy.model.index(row, proxy.model.hint_column).data()
    assert hint == "先放原件，再照着录", "and the row says it too"
    assert proxy.table.current_view().id == "1.1", "the place is kept"
    # Keys that only move say nothing.
    proxy.session.told.emit("")
    qtbot.keyClick(proxy.table, Qt.Key.Key_Down)
    assert status.text() == ""


def _composed(words: str) -> QInputMethodEvent:
    event = QInputMethodEvent()
    event.setCommitString(words)
    return event


def test_a_closed_month_says_why_in_full_and_not_to_go_on_entering(opened, settled, tmp_path, qtbot):
    proxy = opened("proxy")
    keep(proxy, settled, tmp_path)
    assert "照着原件录" in proxy.banner.title()
    proxy.session.attempt(lambda desk: desk.close_period(MAY))
    assert "照着原件录" not in proxy.banner.title() and "5月已封账" in proxy.banner.title()
    said = proxy.banner.text()
    assert "云溪县已经把这个月封账" in said and "宽限" in said and "更正" in said
    assert not proxy.choose.isVisible() and not proxy.model.open
    qtbot.keyClick(proxy.table, Qt.Key.Key_1)
    assert "已封账" in proxy.window().status.left.text() and "不能再录" in proxy.window().status.left.text()
    # Who is given more time can be entered for again.
    proxy.session.attempt(lambda desk: desk.extend(OTHER, MAY, "2024-06-20", "换了经办人"))
    assert proxy.model.open and "照着原件录" in proxy.banner.title()


# -- 录完了 -----------------------------------------------------------------------------------------------------------


def test_a_mostly_empty_paper_is_asked_about_once(opened, settled, tmp_path, qtbot, answered):
    proxy = opened("proxy")
    keep(proxy, settled, tmp_path)
    value = next(view for view in proxy._views if view.id == "1.1").previous.value
    type_in(qtbot, proxy, int(value) + 1)
    settled()
    cells = [view for view in proxy._views if view.basis == "typed"]
    asked = answered("on")
    proxy.finish.click()
    settled()
    assert len(asked) == 1 and proxy.unit().state == "begun", "接着录 leaves it as it was"
    assert proxy.model.unfilled(proxy.table.current_view()), "and leads to the first empty cell"
    said = " ".join(label.text() for label in asked[0].findChildren(type(asked[0].words)))
    assert f"石门镇5月：一共 {len(cells)} 格，还有 {len(cells) - 1} 格没有录" in said
    assert "沿用" in said and "没有录的：" in said
    answered("go")
    proxy.finish.click()
    settled()
    assert proxy.unit().state == "proxy"
    assert proxy.window().status.left.text() == "石门镇5月已记为代录"


def test_a_full_paper_is_not_asked_about(opened, settled, tmp_path, answered):
    from desktop_app.ui.county.proxy_finish import ask_finish

    asked = answered("on")
    proxy = opened("proxy")
    assert ask_finish("石门镇", MAY, 30, [], proxy.window()) and not asked
