"""The county's desk on a real desk: what comes in and how it stands, review, division, closing; the widgets are
driven as a person drives them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from desktop_app.core.model.period import Period
from desktop_app.core.operations.desk import Desk
from desktop_app.core.operations.workspace import Workspace
from desktop_app.ui.county.inbox_acts import row_menu
from desktop_app.ui.county.inbox_model import condition, state_words
from desktop_app.ui.county.proxy_finish import FinishDialog
from desktop_app.ui.county.review_columns import waits

APRIL, MAY = Period(2024, 4, 4), Period(2024, 5, 5)
COUNTY, BUREAU, TOWN, OTHER = "990101", "990101001", "990101101", "990101102"
PASSPHRASE = "demo"


class Senders(NamedTuple):
    """Two towns and a bureau that have exported May; neither stick nor desks are ever written to."""

    stick: Path
    desks: dict[str, Path]


@pytest.fixture(scope="module")
def senders(city, tmp_path_factory: pytest.TempPathFactory) -> Senders:
    folder, desks = tmp_path_factory.mktemp("stick"), {}
    for unit in (TOWN, OTHER, BUREAU):
        desks[unit] = tmp_path_factory.mktemp("desk") / unit
        left_out = shutil.ignore_patterns("outbox", "thumbnails", ".lock")
        shutil.copytree(city.desk(unit), desks[unit], ignore=left_out)
        desk = Desk(Workspace.open(desks[unit]))
        desk.unlock(PASSPHRASE)
        desk.export(MAY, folder, filled="甲", checked="乙", responsible="丙", progress=lambda *_: None)
        desk.close()
    return Senders(folder, desks)


@pytest.fixture
def stick(senders: Senders) -> Path:
    return senders.stick


@pytest.fixture
def handed(stick: Path, tmp_path: Path) -> Path:
    """The stick as it arrives: one good, one damaged, one saved again, a plain workbook and a photo."""
    from openpyxl import Workbook, load_workbook

    folder = tmp_path / "handed"
    shutil.copytree(stick, folder)
    damaged = next(folder.glob(f"{OTHER}-*.xlsx"))
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 0xFF
    damaged.write_bytes(bytes(content))
    resaved = next(folder.glob(f"{BUREAU}-*.xlsx"))
    book = load_workbook(resaved)
    book.save(resaved)
    book.close()
    plain = Workbook()
    plain.active.append(["新增就业人数", 9])
    plain.save(folder / "石门镇5月.xlsx")
    plain.close()
    (folder / "现场.jpg").write_bytes(b"\xff\xd8 no package")
    return folder


@pytest.fixture
def county(real_window, monkeypatch: pytest.MonkeyPatch):
    """county(page, size) → the page of the county's window in May, its key unlocked; the day is 12 June."""
    monkeypatch.setenv("TAIZHANG_TODAY", "2024-06-12")

    def opened(page: str, size: tuple[int, int] = (1366, 768), period: Period = MAY):
        window = real_window(page, period, COUNTY, size)
        window.session.desk.unlock(PASSPHRASE)
        return window.pages[page]

    return opened


def by_condition(inbox) -> dict[str, list]:
    found: dict[str, list] = {}
    for view in inbox.model.records:
        found.setdefault(condition(view), []).append(view)
    return found


def press_head(qtbot, table, key: str) -> None:
    head = table.horizontalHeader()
    section = table.record_model.column(key)
    x = head.sectionViewportPosition(section) + head.sectionSize(section) // 2
    qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 12))


# -- 9 inbox -----------------------------------------------------------------------------------------------------------


def test_a_dropped_folder_becomes_one_row_a_file_with_its_state(county, handed, dropped, settled, qtbot):
    inbox = county("inbox", (1920, 1080))
    dropped(inbox.zone, [handed])
    settled()
    found = by_condition(inbox)
    assert [view.unit for view in found["waiting"]] == [TOWN]
    assert [view.unit for view in found["quarantined"]] == [OTHER], "its name says whose it claims to be"
    assert [view.unit for view in found["resaved"]] == [BUREAU]
    assert [view.file for view in found["foreign"]] == ["石门镇5月.xlsx"], "the photo is no workbook"
    good = found["waiting"][0]
    assert good.waiting > 0 and state_words(good)[0] == f"待审 {good.waiting} 项"
    said = inbox.window().status.left.text()
    assert said.startswith("收了 1 份") and "3 份没有收" in said
    # Every column is there, and every one of them sorts.
    for column in inbox.model.columns:
        if not column.head:
            continue
        assert not inbox.table.isColumnHidden(inbox.model.column(column.key)), column.key
        press_head(qtbot, inbox.table, column.key)
        assert inbox.model.sorting[0] == inbox.model.column(column.key)
        shown = [column.sort(view) for view in inbox.model.shown()]
        assert shown == sorted(shown), column.key
    press_head(qtbot, inbox.table, "state")
    press_head(qtbot, inbox.table, "state")


def test_the_record_of_a_run_adds_up(county, handed, dropped, settled, tmp_path, monkeypatch, qtbot):
    from openpyxl import load_workbook

    inbox = county("inbox")
    dropped(inbox.zone, [handed])
    settled()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(tmp_path / "记录"), ""))
    qtbot.mouseClick(inbox.report, Qt.MouseButton.LeftButton)
    book = load_workbook(tmp_path / "记录.xlsx")
    heads, *rows = list(book["汇入记录"].iter_rows(values_only=True))
    book.close()
    at = {head: number for number, head in enumerate(heads)}
    assert len(rows) == 5 and rows[-1][0] == "合计 4 份"
    for row in rows:
        parts = [int(row[at[name]] or 0) for name in ("新增", "已有", "不一致", "拒收")]
        assert int(row[at["收到"]] or 0) == sum(parts), row
    assert {row[at["结果"]] for row in rows[:-1]} == {"已汇入", "已隔离"}
    assert all(row[at["说明"]] and row[at["怎么办"]] for row in rows[:-1] if row[at["结果"]] == "已隔离")


def test_the_same_files_again_bring_nothing_and_are_said_to(county, stick, dropped, settled):
    inbox = county("inbox")
    dropped(inbox.zone, [stick])
    settled()
    assert inbox.window().status.left.text().startswith("收了 3 份，新增 ")
    rows = len(inbox.model.records)
    dropped(inbox.zone, [stick])
    settled()
    assert inbox.window().status.left.text() == "3 份以前收过，没有变化"
    assert len(inbox.model.records) == rows


def test_a_file_that_is_gone_is_named(county, dropped, settled, tmp_path):
    inbox = county("inbox")
    dropped(inbox.zone, [tmp_path / "枫桥镇.xlsx"])
    settled()
    assert "1 份没有收：枫桥镇.xlsx" in inbox.window().status.left.text()


def test_a_good_file_that_comes_later_answers_the_damaged_one(county, handed, stick, dropped, settled):
    inbox = county("inbox")
    dropped(inbox.zone, [handed])
    settled()
    before = len(by_condition(inbox)["quarantined"])
    dropped(inbox.zone, [next(stick.glob(f"{OTHER}-*.xlsx"))])
    settled()
    found = by_condition(inbox)
    assert before == 1 and "quarantined" not in found
    assert any(view.unit == OTHER and view.quarantined for view in found["later"])
    assert any(view.unit == OTHER for view in found["waiting"])


def test_what_was_dealt_with_by_telephone_is_put_away_and_back(county, handed, dropped, settled, qtbot):
    inbox = county("inbox")
    dropped(inbox.zone, [handed])
    settled()
    view = by_condition(inbox)["quarantined"][0]
    inbox.open_row(view)
    qtbot.mouseClick(inbox.quarantine.away, Qt.MouseButton.LeftButton)
    settled()
    found = by_condition(inbox)
    assert "quarantined" not in found and found["away"][0].file == view.file
    inbox.back.click()
    again = next(
        action for action in row_menu(inbox, found["away"][0]).actions() if action.text() == "还要处理"
    )
    again.trigger()
    settled()
    assert by_condition(inbox)["quarantined"][0].file == view.file


def test_a_watched_folder_passes_over_what_is_no_package(county, handed, settled):
    import os
    import time

    for file in handed.iterdir():
        os.utime(file, (time.time() - 60, time.time() - 60))
    inbox = county("inbox")
    inbox.watcher.watch_folder(handed)
    settled()
    settled()
    found = by_condition(inbox)
    assert found["waiting"] and found["quarantined"] and "foreign" not in found
    inbox.watcher.watch_folder(None)


def test_a_watched_folder_is_watched_again_whatever_page_is_shown_first(
    county, stick, settled, monkeypatch, tmp_path
):
    import os
    import time

    from desktop_app.ui import main_window
    from desktop_app.ui.preferences import Preferences

    folder = tmp_path / "微信"
    folder.mkdir()
    for file in stick.iterdir():
        os.utime(shutil.copy(file, folder), (time.time() - 60, time.time() - 60))
    Preferences().set_text(f"watch/{COUNTY}/folder", str(folder))
    monkeypatch.setattr(main_window, "WATCH_FIRST", 0)
    window = county("home").window()
    settled()
    settled()
    assert window.current == "home" and window.status.left.text().startswith("收了 3 份")
    window.pages["inbox"].watcher.watch_folder(None)


def test_a_plain_workbook_becomes_the_source_and_paper_confirms_it(
    county, handed, dropped, settled, qtbot, tmp_path, monkeypatch, acting
):
    asked = acting(FinishDialog, lambda dialog: (dialog.go.click(), dialog.parent().activateWindow()))
    inbox = county("inbox")
    window = inbox.window()
    dropped(inbox.zone, [handed])
    settled()
    inbox.open_row(by_condition(inbox)["foreign"][0])
    assert inbox.primary.text() == "去代录" and "不是上报包" in inbox.quarantine.title.text()
    inbox.primary.click()
    proxy = window.pages["proxy"]
    assert window.current == "proxy" and proxy.unit().unit_name == "石门镇", "the file's name says whose"
    assert proxy.take.text().strip() == "用刚收到的“石门镇5月.xlsx”"
    qtbot.mouseClick(proxy.take, Qt.MouseButton.LeftButton)
    settled()
    assert proxy.source.name == "石门镇5月.xlsx" and not proxy.take.isVisible()
    proxy.table.go_to_indicator("1.1")
    view = next(view for view in proxy._views if view.id == "1.1")
    proxy.table.setFocus()
    for digit in str(int(view.previous.value) + 1):
        qtbot.keyClicks(QApplication.focusWidget(), digit)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    settled()
    proxy.finish.click()
    settled()
    assert proxy.unit().state == "proxy", window.status.left.text()
    assert asked, "most of the paper was not typed, and that was asked about"
    window.show_page("inbox")
    settled()
    found = by_condition(inbox)
    assert [view.unit_name for view in found["proxy"]] == ["石门镇"] and "foreign" not in found
    assert state_words(found["proxy"][0])[0] == "代录，待确认"
    # The unit confirms on paper: the stamped sheet is kept, and the figures pass.
    window.show_page("proxy", OTHER)
    assert proxy.confirm.isVisible()
    QImage(30, 20, QImage.Format.Format_RGB32).save(str(tmp_path / "盖章.png"))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_a, **_k: ([str(tmp_path / "盖章.png")], ""))
    qtbot.mouseClick(proxy.confirm, Qt.MouseButton.LeftButton)
    settled()
    assert proxy.unit().state == "confirmed" and "已盖章确认" in proxy.banner.title()
    row = next(view for view in proxy.session.desk.inbox(MAY) if view.state == "proxy")
    assert state_words(row) == ("代录，已确认", "ok")
    assert not any(item.check for item in proxy.session.desk.review_items(OTHER, MAY) if item.indicator.proxy)
    # A figure changed afterwards voids it.
    proxy.table.go_to_indicator("1.1")
    proxy.table.setFocus()
    for digit in str(int(view.previous.value) + 2):
        qtbot.keyClicks(QApplication.focusWidget(), digit)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    settled()
    proxy.finish.click()
    settled()
    assert proxy.unit().state == "proxy" and proxy.confirm.isVisible()


def test_the_reminder_names_a_day_that_can_still_be_kept(county, monkeypatch):
    missing = county("missing")
    missing.remind.click()
    words = QGuiApplication.clipboard().text()
    assert "枫桥镇" in words and "报送日为6月5日" in words and "6月14日12时前" in words
    monkeypatch.setenv("TAIZHANG_TODAY", "2024-06-03")
    words = missing.session.desk.reminder(MAY)
    assert "报送日为6月5日" in words and "最晚于6月5日" in words and "尚未" not in words


# -- 10 review ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def reviewed(county, stick, dropped, settled):
    """The review page with May of two towns and a bureau taken in."""

    def opened(size: tuple[int, int] = (1366, 768)):
        inbox = county("inbox", size)
        dropped(inbox.zone, [stick])
        settled()
        inbox.window().show_page("review")
        settled()
        return inbox.window().pages["review"]

    return opened


def test_a_reviewer_sees_the_unit_s_own_evidence_only(reviewed, settled):
    review = reviewed()
    review.show_subject(TOWN)
    settled()
    desk = review.session.desk
    strangers = 0
    for item in review.items.shown():
        own = desk.evidence_for(item.subject)
        strangers += len(desk.evidence(item.indicator.id)) - len(own)
        assert len(own) == item.indicator.evidence, item.indicator.id
        assert {view.unit for view in own} <= {TOWN}
    assert strangers > 0, "the neighbours have evidence of their own for the same indicators"


def test_review_begins_where_something_waits(reviewed, settled):
    review = reviewed()
    review.accept_all.click()
    settled()
    unit = review.unit().unit
    review.unit_table.go_to(1)
    review.show_subject(unit)
    settled()
    assert waits(review.table.current_record()), "what is judged already needs nobody"


def test_what_jumps_is_looked_at_one_by_one_with_the_sender_s_reason(
    county, senders, dropped, settled, tmp_path, qtbot
):
    town = Desk(Workspace.open(Path(shutil.copytree(senders.desks[TOWN], tmp_path / "town"))))
    town.unlock(PASSPHRASE)
    view = next(view for task in town.tasks(MAY) for view in task.indicators if view.id == "1.1")
    value = int(view.figure.value) * 9
    town.record("1.1", str(value), period=MAY, area=TOWN, reason="集中招聘会")
    up = tmp_path / "up"
    up.mkdir()
    town.export(MAY, up, filled="甲", checked="乙", responsible="丙", progress=lambda *_: None)
    town.close()
    inbox = county("inbox")
    dropped(inbox.zone, [up])
    settled()
    review = inbox.window().show_page("review", TOWN)
    settled()
    review.table.go_to(review.items.find(lambda item: item.indicator.id == "1.1"))
    settled()
    item = review.table.current_record()
    assert item.check == "增长过快" and review.panel.check.title() == "检查没过：增长过快"
    assert "对方说明：集中招聘会" in review.panel.check.text()
    qtbot.mouseClick(review.accept_all, Qt.MouseButton.LeftButton)
    settled()
    still = next(item for item in review.items.records if item.indicator.id == "1.1")
    assert waits(still), "it is no routine"
    review.table.go_to(review.items.find(lambda item: item.indicator.id == "1.1"))
    settled()
    review.table.setFocus()
    qtbot.keyClick(review.table, Qt.Key.Key_A)
    settled()
    assert next(i for i in review.items.records if i.indicator.id == "1.1").verdict == "accept"


def test_a_verdict_leads_to_the_very_next_one_that_waits(reviewed, settled, qtbot):
    review = reviewed()
    order = [item.subject for item in review.items.shown() if waits(item)]
    assert review.table.current_record().subject == order[0] and len(order) > 4
    review.table.setFocus()
    for number in range(3):
        assert review.table.current_record().subject == order[number], "none is jumped over"
        qtbot.keyClick(review.table, Qt.Key.Key_A)
        settled()
    assert review.table.current_record().subject == order[3]


def test_at_150_percent_the_passing_ones_can_be_accepted_at_once(reviewed, settled, qtbot):
    review = reviewed((911, 512))
    assert not review.left.isVisible() and review.accept_here.isVisible()
    before = sum(waits(item) for item in review.items.records)
    qtbot.mouseClick(review.accept_here, Qt.MouseButton.LeftButton)
    settled()
    left = [item for item in review.items.records if waits(item)]
    assert 0 < len(left) < before and all(item.check for item in left)
    assert not review.accept_here.isEnabled()


def test_returns_and_receipts_go_out_once_and_again_on_demand(
    reviewed, senders, settled, acting, tmp_path, monkeypatch, qtbot
):
    from desktop_app.ui.county.reply_dialog import ReplyDialog

    acting(ReplyDialog, lambda dialog: dialog.go.click() if dialog.go.isEnabled() else dialog.reject())
    review = reviewed()
    window = review.window()
    review.show_subject(TOWN)
    settled()
    review.table.go_to(review.items.find(waits))
    settled()
    review.panel.comment.setPlainText("请补佐证")
    qtbot.mouseClick(review.panel.send_back, Qt.MouseButton.LeftButton)
    settled()
    down = tmp_path / "down"
    down.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a, **_k: str(down))
    review.primary.click()
    settled()
    first = sorted(path.name for path in down.glob("*.xlsx"))
    assert sum(f"-reply-{TOWN}-" in name for name in first) == 1 and len(first) == len(set(first))
    # Nothing new was said: nobody is ticked, and nothing can be written by mistake.
    review.primary.click()
    settled()
    assert sorted(path.name for path in down.glob("*.xlsx")) == first
    window.show_page("inbox")
    settled()
    inbox = window.pages["inbox"]
    assert inbox.reply.text().strip() == "发回执"
    row = next(view for view in inbox.model.records if view.unit == TOWN and view.period == "2024-05")
    again = next(a for a in row_menu(inbox, row).actions() if a.text() == "重发给这家的回执…")
    again.trigger()
    settled()
    (lost,) = [path for path in down.glob("*.xlsx") if path.name not in first]
    town = Desk(Workspace.open(Path(shutil.copytree(senders.desks[TOWN], tmp_path / "town"))))
    town.merge([lost])
    returned = [view for task in town.tasks(MAY) for view in task.indicators if view.returned]
    town.close()
    assert [view.remark for view in returned] == ["请补佐证"], "what went back is in the file sent again"


def test_a_submission_that_only_sums_up_is_judged_as_a_whole(real_window, settled, qtbot):
    """The city's review of a county whose towns report everything: 收件 and 审核 say the same of it."""
    window = real_window("review", APRIL, "990100")
    review = window.pages["review"]
    review.show_subject(COUNTY)
    settled()
    unit = review.unit()
    assert unit.summed and review.whole.isVisible() and not review.sheet.isVisible()
    qtbot.mouseClick(review.whole.send_back, Qt.MouseButton.LeftButton)
    assert review.whole.words.text() == "请先写一句审核意见" and review.unit().whole == unit.whole
    review.whole.comment.setPlainText("有两个乡镇没有盖章件")
    qtbot.mouseClick(review.whole.send_back, Qt.MouseButton.LeftButton)
    settled()

    def standing() -> str:
        rows = review.session.desk.inbox(APRIL)
        return next(condition(row) for row in rows if row.unit == COUNTY and not row.later)

    assert review.unit().whole == "return" and standing() == "returned"
    qtbot.mouseClick(review.whole.accept, Qt.MouseButton.LeftButton)
    settled()
    assert review.unit().whole == "accept" and review.unit().waiting == 0 and standing() == "accepted"
    assert not review.whole.accept.isEnabled()


# -- 11 differences, taking back ---------------------------------------------------------------------------------------


def test_a_difference_goes_back_to_its_office_and_waits_there(county, settled, qtbot):
    page = county("forks", period=APRIL)
    window = page.window()
    fork = page.current()
    assert fork.unit == TOWN and not fork.answered
    page.decision.choices["back"].setChecked(True)
    assert page.primary.text() == "退回"
    page.primary.click()
    assert "理由" in page.words.text()
    page.reason.setText("请两台电脑对一下，定一个")
    page.primary.click()
    settled()
    (still,) = [one for one in page.forks.records if one.subject == fork.subject]
    assert still.answered == "return" and len(still.sides) == 2, "both stand until the office says which"
    assert "已退给枫桥镇" in page.decision.head.text()
    window._show_badges()
    assert window.navigation.buttons["forks"].badge == 0
    window.show_page("inbox")
    settled()
    april = next(view for view in window.pages["inbox"].model.records if view.unit == TOWN)
    assert april.conflicting and not april.open_forks and condition(april) != "conflict"


def test_another_figure_stands_beside_both_sides(county, settled):
    page = county("forks", period=APRIL)
    fork = page.current()
    page.decision.choices["other"].setChecked(True)
    assert page.primary.text() == "记下核定数" and page.other.isVisible()
    page.other.setText("1500")
    page.reason.setText("现场核实")
    page.primary.click()
    settled()
    (still,) = page.forks.records
    assert still.answered == "set" and {side.value for side in still.sides} == {s.value for s in fork.sides}
    view = next(
        item.indicator for item in page.session.desk.review_items(TOWN, APRIL) if item.subject == fork.subject
    )
    assert view.figure.approved and view.figure.value == 1500


def test_many_differences_are_settled_by_one_stated_rule(county, settled, acting):
    from desktop_app.ui.county.fork_decision import RuleDialog

    page = county("forks", period=APRIL)
    fork = page.current()

    def act(dialog: RuleDialog) -> None:
        dialog.rule.setCurrentIndex(dialog.rule.findData("greatest"))
        dialog.go.click()
        assert dialog.words.text() == "请写一句理由"
        dialog.reason.setText("已逐家核实")
        dialog.go.click()

    acting(RuleDialog, act)
    page._by_rule()
    settled()
    assert not page.forks.records and page.empty.isVisible()
    latest = page.session.desk.history(fork.subject)[0]
    assert "都按数值最大的" in latest.reason and "已逐家核实" in latest.reason
    largest = max(fork.sides, key=lambda side: int(side.value.replace(",", "")))
    assert latest.after == largest.value


def test_a_file_is_taken_back_with_what_rests_on_it_named_first(county, stick, dropped, settled, acting):
    from desktop_app.ui.county.retract_dialog import RetractDialog

    inbox = county("inbox")
    dropped(inbox.zone, [stick])
    settled()
    row = next(view for view in inbox.model.records if view.unit == TOWN and view.period == "2024-05")

    def act(dialog: RetractDialog) -> None:
        dialog.reason.setText("报错了月份")
        dialog.go.click()

    met = acting(RetractDialog, act)
    next(a for a in row_menu(inbox, row).actions() if a.text() == "撤回这份…").trigger()
    settled()
    named = met[0].list.text()
    assert "1 新增就业人数 2024年5月" in named and "整份上报" in named and "/" not in named
    again = next(view for view in inbox.model.records if view.container == row.container)
    assert condition(again) == "retracted"
    absent = {line.unit for line in inbox.session.desk.missing(MAY) if line.state == "missing"}
    assert TOWN in absent
    assert inbox.session.desk.doctor().ok


# -- 12 dividing -------------------------------------------------------------------------------------------------------


@pytest.fixture
def shares(county, settled):
    page = county("shares")
    page.show_subject("1.1")
    page._show()
    return page


def test_an_equal_share_is_looked_at_before_it_is_said(shares, settled):
    desk = shares.session.desk
    before = {share.area: share.value for share in desk.shares("1.1")}
    shares.equal.click()
    parts = [shares.model.value(share) for share in shares.model.records]
    assert {share.area: share.value for share in desk.shares("1.1")} == before, "nothing was written"
    assert "还没有保存" in shares.window().status.left.text() and shares.save.isEnabled()
    assert max(map(int, parts)) - min(map(int, parts)) <= 1 and "已分" in shares.banner.title()
    # Another indicator may be looked at meanwhile; what was computed waits.
    shares.show_subject("3.1")
    shares._show()
    assert not shares.model.typed and shares.holds_back()
    shares.show_subject("1.1")
    shares._show()
    assert shares.model.typed
    shares.document.setText("云民生办〔2024〕9号")
    shares.save.click()
    settled()
    after = {share.area: int(share.value) for share in desk.shares("1.1")}
    assert sum(after.values()) == sum(map(int, before.values())) and not shares.holds_back()


def test_shares_are_pasted_from_a_spreadsheet_and_divided_by_numbers(shares, settled, qtbot):
    QGuiApplication.clipboard().setText("石门镇\t1\n枫桥镇\t3\n")
    shares.table.go_to(0, shares.model.column("base"))
    shares.table.setFocus()
    qtbot.keyClick(shares.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert sorted(shares.model.base.values()) == ["1", "3"]
    shares.proportional.click()
    said = {
        share.area_name: int(shares.model.value(share).replace(",", "")) for share in shares.model.records
    }
    assert abs(said["枫桥镇"] - 3 * said["石门镇"]) <= 3
    QGuiApplication.clipboard().setText("石门镇\t1,200\n枫桥镇\t800\n")
    shares.table.go_to(0, shares.model.column("value"))
    qtbot.keyClick(shares.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert shares.model.total() == 2000
    shares.save.click()
    settled()
    assert {share.value for share in shares.session.desk.shares("1.1")} == {"1200", "800"}


def test_a_change_in_mid_year_keeps_what_was_before_with_document_and_day(shares, settled, acting):
    from desktop_app.ui.county.share_history import ShareHistoryDialog

    desk = shares.session.desk
    area = shares.model.records[0].area
    before = desk.shares("1.1")[0].value
    shares.model.setData(shares.model.index(0, 1), "3000")
    shares.document.setText("云民生办〔2024〕15号")
    shares.effective.setText("7月1日")
    shares.save.click()
    settled()
    met = acting(ShareHistoryDialog, lambda dialog: dialog.accept())
    shares.history.click()
    change = met[0].model.records[0]
    assert (change.before.replace(",", ""), change.after) == (before, "3,000")
    assert (change.effective, change.document) == ("2024-07-01", "云民生办〔2024〕15号")
    assert met[0].model.rows[0].area_name == desk.units().name(area)
    june = next(t for t in desk.tasks(Period(2024, 6, 6)) if t.no == 1)
    assert june is not None
    assert desk.shares("1.1")[0].value == "3000"


def test_the_reporting_unit_of_a_rate_is_named_from_a_month_on(shares, settled, acting):
    from desktop_app.ui.county.duty_dialog import DutyDialog

    shares.filter.choose("other")
    rate = next(view for view in shares.indicators.shown() if view.measure == "rate")
    shares.show_subject(rate.id)
    shares._show()
    assert shares.banner.title() == "这一项不用往下分"
    assert not shares.equal.isEnabled() and not shares.proportional.isEnabled()
    duty = shares.session.desk.duties(rate.id)[0]

    def act(dialog: DutyDialog) -> None:
        chosen = next(
            n for n in range(dialog.unit.count()) if dialog.unit.itemData(n) not in (duty.reporter, "each")
        )
        dialog.unit.setCurrentIndex(chosen)
        dialog.since.setCurrentIndex(dialog.since.findData("2024-05"))
        dialog.document.setText("云民生办〔2024〕7号")
        dialog.go.click()

    acting(DutyDialog, act)
    shares.own_reporter.click()
    settled()
    now = shares.session.desk.duties(rate.id)[0]
    assert now.reporter and now.reporter != duty.reporter
    assert now.since == "2024-05" and now.document == "云民生办〔2024〕7号"
    change = shares.session.desk.division_changes(rate.id)[0]
    assert (change.kind, change.document) == ("duty", "云民生办〔2024〕7号")


# -- 13 calendar and closing -------------------------------------------------------------------------------------------


def test_the_three_days_and_days_off_are_stated_beside_the_months(county, settled, qtbot):
    page = county("closing")
    page.panel.fields["due_day"].setText("10")
    page.panel.fields["lock_day"].setText("20")
    page.panel.off.setPlainText("2024-06-10\n2024-06-08 上班")
    qtbot.mouseClick(page.panel.save, Qt.MouseButton.LeftButton)
    settled()
    may = next(month for month in page.months.records if month.period == "2024-05")
    assert (may.days.due.isoformat(), may.days.lock.isoformat()) == ("2024-06-11", "2024-06-20")
    assert page.session.desk.days_off() == {"2024-06-10": True, "2024-06-08": False}


def test_a_month_is_closed_when_it_is_over_and_one_unit_is_given_time(county, settled, acting, qtbot):
    from desktop_app.ui.county.closing_dialogs import CloseDialog, ExtensionDialog

    page = county("closing")

    def extend(dialog: ExtensionDialog) -> None:
        dialog.unit.setCurrentIndex(dialog.unit.findData(TOWN))
        dialog.until.setText("6月20日")
        dialog.go.click()
        assert dialog.words.text() == "请写一句原因"
        dialog.reason.setText("防汛停电")
        dialog.go.click()

    acting(ExtensionDialog, extend)
    qtbot.mouseClick(page.panel.more, Qt.MouseButton.LeftButton)
    settled()
    (given,) = page.session.desk.extensions()
    assert (given.unit, given.until.isoformat(), given.reason) == (TOWN, "2024-06-20", "防汛停电")
    assert any("宽限到6月20日" in line.detail for line in page.session.desk.missing(MAY))

    words = {month.period: page._action(month) for month in page.months.records}
    assert words["2024-05"] == "封账…" and words["2024-06"] == "", "what is not over cannot be closed"
    acting(CloseDialog, lambda dialog: (dialog.note.setText("按时"), dialog.go.click()))
    may = next(month for month in page.months.records if month.period == "2024-05")
    page.months_table.action_pressed.emit(may, "action")
    settled()
    closed = next(month for month in page.months.records if month.period == "2024-05")
    assert closed.closed is not None and closed.note == "按时"


def test_at_150_percent_the_rules_have_their_own_place(county, settled):
    page = county("closing", (911, 512))
    assert page.sheet.isVisible() and not page.panel.isVisible()
    assert page.months_table.horizontalScrollBar().maximum() == 0, "no month is cut off"
    page.view.choose("rules")
    assert page.panel.isVisible() and not page.sheet.isVisible()
    inside = page.panel.inside
    assert inside.minimumSizeHint().width() <= page.panel.viewport().width(), "no word is cut off"
    page.view.choose("corrections")
    assert page.stack.currentIndex() == 1


# -- 15 backup ---------------------------------------------------------------------------------------------------------


def test_the_second_place_is_chosen_once_and_the_backup_holds_everything(
    county, settled, tmp_path, monkeypatch, qtbot
):
    from desktop_app.core.operations import care

    page = county("settings")
    desk = page.session.desk
    assert "还没有自动备份" in page.keep.banner.title()
    stick = tmp_path / "U盘"
    stick.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a, **_k: str(stick))
    qtbot.mouseClick(page.keep.choose, Qt.MouseButton.LeftButton)
    settled()
    state = desk.backup_state()
    assert state.folder == str(stick) and state.kept and not state.trouble and not state.due
    made = stick / state.kept[0]
    assert care is not None
    restored = tmp_path / "restored"
    care.restore(made, restored)
    with Workspace.open(restored) as workspace:
        assert workspace.unit_code == COUNTY
        assert care.doctor(workspace).ok
        assert workspace.store.ledger.files() == desk.workspace.store.ledger.files(), "with the evidence"
    # The stick is pulled out: that is said, and nothing else stops.
    shutil.rmtree(stick)
    page.keep.now.click()
    settled()
    assert "没有备份成" in page.keep.banner.title() or "没有备份成" in page.window().status.left.text()


def test_what_was_wrong_in_a_closed_month_is_corrected_in_this_one(
    real_window, settled, acting, tmp_path, monkeypatch, qtbot
):
    """At the desk that reported it; the county hears of it with the next package."""
    from openpyxl import load_workbook

    from desktop_app.ui.county.closing_dialogs import CorrectionDialog

    monkeypatch.setenv("TAIZHANG_TODAY", "2024-06-03")
    page = real_window("closing", MAY, TOWN).pages["closing"]
    april = next(month for month in page.months.records if month.period == "2024-04")
    assert april.closed is not None, "the reply has told the town"

    def act(dialog: CorrectionDialog) -> None:
        dialog.month.setCurrentIndex(dialog.month.findData("2024-04"))
        number = next(n for n, view in enumerate(dialog.views) if view.id == "3.1")
        dialog.indicator.setCurrentIndex(number)
        assert dialog.before.text() not in ("", "–")
        dialog.go.click()
        assert dialog.words.text() == "请填应为多少"
        dialog.right.setText(str(int(dialog.before.text().replace(",", "")) - 1))
        dialog.reason.setText("多算了一人，按签到表更正")
        dialog.go.click()

    met = acting(CorrectionDialog, act)
    qtbot.mouseClick(page.add, Qt.MouseButton.LeftButton)
    settled()
    before = int(met[0].before.text().replace(",", ""))
    (row,) = page.rows.records
    assert (row.period, row.said_in, row.indicator) == ("2024-04", "2024-05", "3.1")
    assert int(row.after.replace(",", "")) == before - 1 and "签到表" in row.reason
    assert page.stack.currentIndex() == 1 and page.view.current == "corrections"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(tmp_path / "更正"), ""))
    qtbot.mouseClick(page.save, Qt.MouseButton.LeftButton)
    book = load_workbook(tmp_path / "更正.xlsx")
    said = [str(cell) for line in book["更正表"].iter_rows(values_only=True) for cell in line if cell]
    book.close()
    assert any("签到表" in cell for cell in said)


# -- 14 the bureaus ----------------------------------------------------------------------------------------------------


def test_a_county_s_bureau_is_a_reporting_desk_like_any_other(real_window):
    window = real_window("entry", MAY, BUREAU)
    keys = [place.key for place in window.places]
    assert {"home", "tasks", "entry", "sites", "evidence", "problems", "submit"} <= set(keys)
    assert not {"inbox", "proxy", "shares", "missing"} & set(keys)
    assert window.pages["entry"].model.records


# -- 15 care -----------------------------------------------------------------------------------------------------------


def test_doctor_stands_in_the_help_and_finds_nothing(county, settled, qtbot, monkeypatch):
    from desktop_app.ui.frame.doctor_dialog import DoctorDialog
    from desktop_app.ui.frame.help_dialog import HelpDialog

    window = county("inbox").window()
    found: list[DoctorDialog] = []

    def examined(dialog: DoctorDialog) -> int:
        dialog.show()
        found.append(dialog)
        qtbot.waitUntil(lambda: not dialog.bar.isVisible(), timeout=60_000)
        return 0

    monkeypatch.setattr(DoctorDialog, "exec", examined)
    help_ = HelpDialog("inbox", window)
    qtbot.addWidget(help_)
    help_.show()
    check = next(b for b in help_.findChildren(QPushButton) if "体检" in b.text())
    qtbot.mouseClick(check, Qt.MouseButton.LeftButton)
    assert found[0].banner.title() == "一切正常", found[0].list.text()
    found[0].close()
