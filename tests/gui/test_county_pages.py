"""Receiving, reviewing, settling."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from desktop_app.ui.county.inbox_model import condition
from desktop_app.ui.county.quarantine_panel import explain
from desktop_app.ui.county.review_columns import waits


@pytest.fixture
def inbox(open_window, county_desk):
    return open_window(county_desk, "inbox").pages["inbox"]


@pytest.fixture
def review(open_window, county_desk):
    return open_window(county_desk, "review").pages["review"]


@pytest.fixture
def forks(open_window, county_desk):
    return open_window(county_desk, "forks").pages["forks"]


def test_dropped_packages_are_merged(inbox, county_desk, tmp_path, dropped, settled):
    before = len(inbox.model.records)
    files = [tmp_path / "长岭乡.xlsx", tmp_path / "梅山乡.xlsx"]
    for file in files:
        file.write_bytes(b"x")
    dropped(inbox.zone, files)
    settled()
    assert len(inbox.model.records) == before + 2
    assert inbox.window().status.left.text() == "收了 2 份，新增 120 条"


def test_what_needs_work_stands_first(inbox):
    kinds = [condition(view) for view in inbox.model.records]
    assert kinds[0] == "conflict" and kinds[-1] == "accepted"
    inbox.filter.choose("work")
    assert len(inbox.model.shown()) == 8


def test_a_resaved_file_is_never_called_tampering(inbox):
    view = next(view for view in inbox.model.records if condition(view) == "resaved")
    title, what, _meaning, _steps = explain(view)
    assert "被另存过" in title and "不是谁做了手脚" in what and "篡改" not in title + what


def test_a_refused_file_is_explained_and_the_words_copied(inbox):
    view = next(view for view in inbox.model.records if condition(view) == "quarantined")
    inbox.table.activated_record.emit(view)
    assert inbox.title.text() == "为什么没有收"
    assert inbox.primary.text() == "复制给古渡镇的话"
    inbox.primary.click()
    copied = QGuiApplication.clipboard().text()
    assert "请古渡镇重新导出" in copied and view.reason in copied
    inbox.back.click()
    assert inbox.title.text() == "6月收到了谁的"


def test_the_reminder_names_who_is_missing(inbox):
    inbox.chase.copy.click()
    words = QGuiApplication.clipboard().text()
    assert words.startswith("长岭乡、梅山乡、红枫乡、青泥乡：") and "7月2日" in words


def test_a_row_leads_where_its_work_is(qtbot, inbox):
    for kind, page in (("conflict", "forks"), ("waiting", "review")):
        view = next(view for view in inbox.model.records if condition(view) == kind)
        with qtbot.waitSignal(inbox.wanted) as asked:
            inbox.table.action_pressed.emit(view, "action")
        assert asked.args[0] == page


def test_a_watched_folder_is_taken_in_and_remembered(inbox, county_desk, tmp_path, settled, open_window):
    (tmp_path / "红枫乡.xlsx").write_bytes(b"x")
    (tmp_path / "~$红枫乡.xlsx").write_bytes(b"x")
    inbox.watcher.watch_folder(tmp_path)
    settled()
    assert [view.file for view in county_desk.rows[:1]] == ["红枫乡.xlsx"]
    count = len(county_desk.rows)
    inbox.watcher.look()
    settled()
    assert len(county_desk.rows) == count
    assert "正在看" in inbox.zone.note.text()
    again = open_window(county_desk, "inbox").pages["inbox"]
    assert again.watcher.folder == str(tmp_path)
    inbox.watcher.watch_folder(None)
    again.watcher.watch_folder(None)
    settled()


def test_a_stick_that_is_put_in_is_taken_in(inbox, county_desk, tmp_path, settled):
    county_desk.stick_roots = [tmp_path]
    sticks = next(action for action in inbox.watch_menu().actions() if action.isCheckable())
    sticks.trigger()
    settled()
    count = len(county_desk.rows)
    (tmp_path / "KINGSTON" / "上报").mkdir(parents=True)
    (tmp_path / "KINGSTON" / "上报" / "青泥乡.xlsx").write_bytes(b"x")
    inbox.watcher.look()
    settled()
    assert len(county_desk.rows) == count + 1 and county_desk.rows[0].file == "青泥乡.xlsx"
    inbox.watcher.watch_sticks(False)


def test_every_column_of_the_inbox_sorts_and_the_order_is_remembered(inbox, county_desk, open_window):
    columns = [column for column in inbox.model.columns if column.head]
    assert columns and all(column.sort is not None for column in columns)
    head = inbox.table.horizontalHeader()
    number = inbox.model.column("new")
    head.sectionClicked.emit(number)
    head.sectionClicked.emit(number)
    shown = [view.new for view in inbox.model.shown()]
    assert shown == sorted(shown, reverse=True)
    again = open_window(county_desk, "inbox").pages["inbox"]
    assert [view.new for view in again.model.shown()] == shown
    head.sectionClicked.emit(number)


def test_one_key_accepts_and_goes_on(qtbot, review, county_desk):
    review.table.go_to(0)
    review.table.setFocus()
    first = review.table.current_record()
    qtbot.keyClick(review.table, Qt.Key.Key_A)
    assert county_desk.calls[-1][:3] == ("review", first.subject, "accept")
    assert review.table.current_record().subject != first.subject
    assert review.table.current_record().verdict == "waiting"


def test_returning_needs_a_comment(qtbot, review, county_desk):
    review.table.go_to(0)
    review.table.setFocus()
    qtbot.keyClick(review.table, Qt.Key.Key_R)
    assert not [call for call in county_desk.calls if call[0] == "review"]
    assert "意见" in review.panel.words.text()
    review.panel.comment.setPlainText("缺照片")
    review.panel.send_back.click()
    assert county_desk.calls[-1][2:] == ("return", None, "缺照片")


def test_an_approved_figure_carries_value_and_comment(review, county_desk):
    review.table.go_to(0)
    review._show_item()
    review.panel.value.setText("14")
    review.panel.comment.setPlainText("3 户没有照片")
    review.panel.set.click()
    assert county_desk.calls[-1][2:] == ("set", "14", "3 户没有照片")


def test_letters_in_the_comment_are_letters(qtbot, review, county_desk):
    review.panel.comment.setFocus()
    qtbot.keyClicks(review.panel.comment, "ARK")
    assert review.panel.comment.toPlainText() == "ARK"
    assert not [call for call in county_desk.calls if call[0] == "review"]


def test_j_and_l_walk(qtbot, review):
    review.table.go_to(0)
    review.table.setFocus()
    qtbot.keyClick(review.table, Qt.Key.Key_L)
    assert review.table.currentIndex().row() == 1
    qtbot.keyClick(review.table, Qt.Key.Key_J)
    assert review.table.currentIndex().row() == 0


def test_passing_ones_are_accepted_at_once(review, county_desk):
    waiting = [item for item in review.items.records if waits(item) and not item.check]
    review.accept_all.click()
    assert len([call for call in county_desk.calls if call[0] == "review"]) == len(waiting)
    left = [item for item in review.items.records if waits(item)]
    assert all(item.check for item in left)


def test_accepting_at_once_neither_moves_the_list_nor_ends_the_walk(review):
    before = [unit.unit for unit in review.units.shown()]
    review.unit_table.go_to(1)
    review.accept_all.click()
    assert [unit.unit for unit in review.units.shown()] == before
    assert review.unit().unit == before[1] and review.following.isEnabled()
    review.following.click()
    assert review.unit().unit == before[2]


def test_settling_a_fork_needs_a_reason(forks, county_desk):
    assert forks.primary.text() == "按乙 58 定下来"
    forks.primary.click()
    assert "理由" in forks.words.text() and len(county_desk.open_forks) == 2
    forks.reason.setText("已电话核实")
    forks.primary.click()
    assert county_desk.calls[-1] == (
        "settle", "progress/349901102/2024/13.1/2024-06", "b" * 64, None, "已电话核实"
    )  # fmt: skip
    assert len(forks.forks.records) == 1


def test_another_figure_of_the_county_stands_beside_the_reported_ones(forks, county_desk):
    forks.decision.choices["other"].setChecked(True)
    forks.other.setText("59")
    forks.reason.setText("现场看过")
    forks.primary.click()
    assert county_desk.calls[-1][0] == "review"
    assert county_desk.calls[-1][2:] == ("set", "59", "现场看过")


def test_no_forks_left_says_so(forks, county_desk):
    for _number in range(2):
        forks.reason.setText("核实")
        forks.settle_now()
    assert forks.empty.isVisible() and not forks.primary.isEnabled()


def test_missing_units_are_listed_with_the_reminder(open_window, county_desk):
    page = open_window(county_desk, "missing").pages["missing"]
    page.filter.choose("missing")
    assert [line.unit_name for line in page.model.shown()] == ["长岭乡", "梅山乡", "红枫乡", "青泥乡"]
    page.primary.click()
    assert "长岭乡" in QGuiApplication.clipboard().text()


def test_shares_are_summed_while_typing(open_window, county_desk):
    page = open_window(county_desk, "shares").pages["shares"]
    view = page.current()
    page.model.setData(page.model.index(0, 1), "5")
    assert "已分" in page.banner.title() and page.save.isEnabled()
    page.model.setData(page.model.index(0, 1), "五")
    assert not page.save.isEnabled()
    page.model.setData(page.model.index(0, 1), "1,005")
    page.document.setText("云民生办〔2024〕9 号")
    page.save.click()
    area = page.model.records[0].area
    assert ("allocate", view.id, area, "1005", "云民生办〔2024〕9 号") in county_desk.calls
