"""A county's month with the real window: twelve units, eight good packages, one damaged, one conflicting, one late,
one plain workbook entered for its unit; and a return that comes back corrected and is accepted."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "data"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "gui"))

from offices import CITY, COUNTY, ROWS, Office, Offices
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from desktop_app.core.model.period import Period
from desktop_app.core.operations.entrance import Entrance
from desktop_app.ui import errors, jobs, theme
from desktop_app.ui.county.closing_dialogs import CloseDialog
from desktop_app.ui.county.inbox_model import condition
from desktop_app.ui.county.proxy_finish import FinishDialog
from desktop_app.ui.county.reply_dialog import ReplyDialog
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.session import Session

MAY, JUNE = "2024-05", "2024-06"
NAMES = (
    "枫桥镇",
    "柳塘乡",
    "石门镇",
    "双塔镇",
    "古渡镇",
    "白鹭镇",
    "桃溪镇",
    "清水镇",
    "竹园乡",
    "南坪镇",
    "长岭乡",
    "梅山乡",
)
TOWNS = tuple(f"3301011{number:02d}" for number in range(1, 13))
GOOD = TOWNS[:8]
DAMAGED, CONFLICTING, LATE, PLAIN = TOWNS[8:]
RETURNED = TOWNS[0]
TABLE = (
    *(row for row in ROWS if row[2] != "乡镇"),
    *((c, n, "乡镇", "政府", COUNTY) for c, n in zip(TOWNS, NAMES, strict=True)),
)


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    if not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return ["taizhang"]


@pytest.fixture(scope="session", autouse=True)
def dressed(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = str(tmp_path_factory.mktemp("settings"))
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
    theme.apply(qapp)


@pytest.fixture(scope="module", autouse=True)
def clocks():
    """Every clock in the county goes by the day the story is at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "desktop_app.core.store.journal.now",
            lambda: f"{os.environ.get('TAIZHANG_TODAY', '2024-06-03')}T09:00:00+08:00",
        )
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Offices:
    """The offices and what lies on the stick by the due day."""
    world = Offices(tmp_path_factory.mktemp("month") / "w", rows=TABLE)
    world.enrol(COUNTY, CITY)
    for town in TOWNS:
        if town != PLAIN:
            world.enrol(town, COUNTY)
    world.clear_stick()
    second = Office(
        Path(shutil.copytree(world[CONFLICTING].folder, world.root / "second")),
        CONFLICTING,
        f"pass-{CONFLICTING}",
    )
    for number, town in enumerate((*GOOD, DAMAGED, CONFLICTING, LATE)):
        world[town].record("1.1", 20 + number, MAY)
        world[town].record("3.1", 5 + number, MAY)
    second.record("1.1", 77, MAY)
    for town in (*GOOD, DAMAGED, CONFLICTING):
        world[town].export(world.stick, period=MAY)
    second.export(world.stick, period=MAY)
    damaged = next(world.stick.glob(f"{DAMAGED}-*.xlsx"))
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 0xFF
    damaged.write_bytes(bytes(content))
    return world


class Screen:
    """A unit's window, worked as a person does: keys, clicks, files let go over it."""

    def __init__(self, qtbot, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        self.qtbot, self.monkeypatch = qtbot, monkeypatch
        self.desk = Entrance(office.folder.parent).open(office.folder)
        self.desk.unlock(office.passphrase)
        self.session = Session(self.desk, Period.parse(MAY))
        self.window = MainWindow(self.session)
        qtbot.addWidget(self.window)
        self.window.resize(1366, 768)
        self.window.show()

    def page(self, key: str):
        self.window.show_page(key)
        self.settle()
        return self.window.pages[key]

    def settle(self) -> None:
        self.qtbot.wait(30)
        self.qtbot.waitUntil(lambda: jobs.running() == 0, timeout=30_000)
        self.qtbot.wait(60)

    def click(self, button) -> None:
        assert button.isVisible() and button.isEnabled(), button.text()
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def say(self, widget, words: str) -> None:
        """Chinese comes from an input method."""
        widget.setFocus()
        event = QInputMethodEvent()
        event.setCommitString(words)
        QApplication.sendEvent(widget, event)

    def click_row(self, table, row: int) -> None:
        rect = table.visualRect(table.record_model.index(row, table.first_column()))
        self.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
        self.settle()

    def press_action(self, table, row: int) -> None:
        column = table.record_model.column("action")
        rect = table.visualRect(table.record_model.index(row, column))
        self.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rect.center()))
        self.settle()

    def folder(self, path: Path) -> None:
        """Whatever folder is asked for next."""
        path.mkdir(parents=True, exist_ok=True)
        self.monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a, **_k: str(path))

        def agree(dialog: ReplyDialog) -> int:
            """Everybody with something new, into that folder."""
            dialog.change.click()
            dialog.go.click()
            return dialog.result()

        self.monkeypatch.setattr(ReplyDialog, "exec", agree)

    def close(self) -> None:
        self.window.close()


@pytest.fixture
def screens(qtbot, monkeypatch: pytest.MonkeyPatch):
    told: list[str] = []
    monkeypatch.setattr(errors.ErrorDialog, "exec", lambda self: told.append(self._help))
    opened: list[Screen] = []

    def open_screen(office: Office) -> Screen:
        opened.append(Screen(qtbot, office, monkeypatch))
        return opened[-1]

    yield open_screen
    for screen in opened:
        screen.close()
    assert told == []


@pytest.fixture
def world(made: Offices) -> Offices:
    return made


def test_a_county_s_month(world: Offices, screens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from dropping import drop

    monkeypatch.setenv("TAIZHANG_TODAY", "2024-06-05")
    county = screens(world[COUNTY])

    # The stick's folder is let go over the inbox: ten good files, one damaged; two of them of one unit.
    inbox = county.page("inbox")
    drop(inbox.zone, [world.stick])
    county.settle()
    kinds = [condition(view) for view in inbox.model.records]
    assert kinds.count("quarantined") == 1 and kinds.count("conflict") == 1, kinds
    assert kinds.count("waiting") == 9, kinds
    assert "已收 9 / 12" in inbox.count.text() or "已收 9 / 13" in inbox.count.text(), inbox.count.text()

    # Who has not sent: the damaged one, the late one, the one with paper; the reminder is ready to paste.
    missing = county.page("missing")
    absent = {line.unit_name for line in missing.model.records if line.state == "missing"}
    assert {"竹园乡", "长岭乡", "梅山乡"} <= absent
    county.click(missing.remind)
    assert "长岭乡" in QGuiApplication.clipboard().text()

    # The damaged one: what happened, what to say.
    inbox = county.page("inbox")
    row = inbox.model.find(lambda view: condition(view) == "quarantined")
    county.press_action(inbox.table, row)
    assert inbox.title.text() == "为什么没有收" and inbox.quarantine.title.text().endswith("没有收")
    county.click(inbox.forward)
    assert "重新导出" in QGuiApplication.clipboard().text()
    county.click(inbox.back)

    # It sends again, and with it comes the late one.
    again = tmp_path / "again"
    again.mkdir()
    world[DAMAGED].export(again, period=MAY)
    monkeypatch.setenv("TAIZHANG_TODAY", "2024-06-11")
    world[LATE].export(again, period=MAY)
    drop(inbox.zone, [again])
    county.settle()

    # Two computers of one unit said different figures: settled on screen, with a reason.
    forks = county.page("forks")
    assert {fork.unit_name for fork in forks.forks.records} == {"南坪镇"}
    while forks.forks.records:
        before = len(forks.forks.records)
        county.say(forks.reason, "已电话核实")
        county.click(forks.settle)
        assert len(forks.forks.records) == before - 1
    county.page("inbox")
    states = [condition(view) for view in inbox.model.records]
    assert "conflict" not in states, "what is settled needs no work any more"
    assert "quarantined" not in states and states.count("later") == 1, "the damaged one has come again"

    # A plain workbook: kept first, then entered from, and marked so.
    plain = tmp_path / "梅山乡5月.xlsx"
    _plain_workbook(plain)
    proxy = county.page("proxy")
    county.click_row(proxy.unit_table, proxy.units.find(lambda unit: unit.unit == PLAIN))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_a, **_k: ([str(plain)], ""))
    county.click(proxy.choose)
    proxy.table.go_to_indicator("1.1")
    proxy.table.setFocus()
    county.qtbot.keyClicks(proxy.table, "9")
    editor = QApplication.focusWidget()
    county.qtbot.keyClick(editor, Qt.Key.Key_Return)
    county.settle()
    assert county.desk.proxy_items(PLAIN, Period.parse(MAY))[0].proxy
    asked: list[FinishDialog] = []
    monkeypatch.setattr(FinishDialog, "exec", lambda dialog: asked.append(dialog) or 1)
    county.click(proxy.finish)
    assert asked, "most of the workbook was not typed, and that was asked about"
    assert proxy.unit().state == "proxy"

    # Review unit by unit: one figure goes back with a remark, everything else that passes is accepted.
    review = county.page("review")
    review.show_subject(RETURNED)
    county.settle()
    review.table.go_to(review.items.find(lambda item: item.indicator.id == "1.1"))
    county.settle()
    county.say(review.panel.comment, "多报了几人，请核对")
    county.click(review.panel.send_back)
    order = [unit.unit for unit in review.units.shown()]
    for number in range(len(order)):
        review.unit_table.go_to(number)
        county.settle()
        if review.accept_all.isEnabled():
            county.click(review.accept_all)
        assert [unit.unit for unit in review.units.shown()] == order, "the list does not jump"
    standing = {unit.unit: unit for unit in county.desk.review_units(Period.parse(MAY))}
    assert standing[RETURNED].returned == 1 and all(unit.waiting == unit.failed for unit in standing.values())
    # 收件 says the same as 审核.
    states = {view.unit: view.reviewed for view in county.desk.inbox(Period.parse(MAY))}
    assert states[RETURNED] == "returned" and states[GOOD[1]] == "accepted"

    # Receipts and returns go out in one step, a file for each unit.
    county.folder(tmp_path / "down")
    (button,) = [b for b in [review.primary] if b is not None]
    county.click(button)
    sent = sorted(path.name for path in (tmp_path / "down").glob("*.xlsx"))
    assert all(any(code in name for name in sent) for code in TOWNS), sent

    # The unit sees the remark beside the figure, corrects it and sends again.
    world[RETURNED].merge(*(tmp_path / "down").glob(f"*-{RETURNED}-*.xlsx"))
    town = screens(world[RETURNED])
    entry = town.page("entry")
    view = next(view for view in entry.model.records if view.id == "1.1")
    assert view.returned and "多报了几人" in entry.model._hint(view)
    entry.table.go_to_indicator("1.1")
    entry.table.setFocus()
    town.qtbot.keyClicks(entry.table, "18")
    town.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    town.settle()
    assert not next(view for view in entry.model.records if view.id == "1.1").returned
    town.close()
    up = tmp_path / "up"
    up.mkdir()
    world[RETURNED].export(up, period=MAY)
    county.page("inbox")
    drop(inbox.zone, [up])
    county.settle()
    review = county.page("review")
    review.show_subject(RETURNED)
    county.settle()
    assert review.unit().returned == 0 and review.unit().waiting >= 1, (
        "it is waiting again, not returned for ever"
    )
    county.click(review.accept_all)
    states = {view.unit: view.reviewed for view in county.desk.inbox(Period.parse(MAY))}
    assert states[RETURNED] == "accepted"

    # Its own package, step by step, says what is complete and what is not; the month is closed.
    out = tmp_path / "county"
    out.mkdir()
    submit = county.page("forward")
    county.click(submit.forward)
    county.click(submit.forward)
    for field, name in (
        (submit.sign.filled, "李敏"),
        (submit.sign.checked, "王强"),
        (submit.sign.responsible, "赵建国"),
    ):
        field.clear()
        county.say(field, name)
    submit.sign.agreed.setChecked(True)
    county.click(submit.forward)
    submit.target.set_folder(out)
    county.click(submit.forward)
    assert submit.result is not None and submit.done.code.text()
    cover = _cover(next(out.glob("*.xlsx")))
    assert "迟报 2 家：长岭乡（迟 6 天）、梅山乡" in cover and "代录、待其确认 1 家：梅山乡" in cover, cover
    closing = county.page("closing")
    month = closing.months.find(lambda found: found.period == MAY)
    asked: list[CloseDialog] = []

    def agree(dialog: CloseDialog) -> int:
        asked.append(dialog)
        dialog.show()
        county.say(dialog.note, "按时封账")
        county.click(dialog.go)
        return dialog.result()

    monkeypatch.setattr(CloseDialog, "exec", agree)
    county.press_action(closing.months_table, month)
    assert len(asked) == 1 and closing.months.record(month).closed is not None
    assert closing.months.record(month).note == "按时封账"
    assert county.desk.doctor().ok


def test_an_office_is_enrolled_on_screen(
    world: Offices, screens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Its first package is set aside, its key is certified against the stamped paper, it installs and sends again."""
    from PySide6.QtWidgets import QDialog

    from desktop_app.ui.identity.dialogs import PassphraseDialog
    from desktop_app.ui.identity.key_dialogs import DoneDialog, GrantDialog

    monkeypatch.setenv("TAIZHANG_TODAY", "2024-07-03")
    new = world.join(PLAIN, COUNTY)
    paper = new.fingerprints[0]
    new.record("1.1", 9, JUNE)
    first, again = tmp_path / "first", tmp_path / "second"
    for folder in (first, again):
        folder.mkdir()
    new.export(first, period=JUNE)

    def acting(kind: type[QDialog], act) -> None:
        def run(dialog) -> int:
            dialog.show()
            act(dialog)
            return dialog.result()

        monkeypatch.setattr(kind, "exec", run)

    from dropping import drop

    county = screens(world[COUNTY])
    inbox = county.page("inbox")
    drop(inbox.zone, [first])
    county.settle()
    row = inbox.model.find(lambda view: view.unit == PLAIN and condition(view) == "unknown")
    assert row >= 0, [(view.unit_name, condition(view)) for view in inbox.model.records]
    faults: list[str] = []

    def compare(dialog: GrantDialog) -> None:
        dialog.digits[0].setText("0000 " * 8)
        dialog.passphrase_field.setText(world[COUNTY].passphrase)
        county.click(dialog.go)
        faults.append(dialog.words.text())
        dialog.digits[0].setText(paper)
        county.click(dialog.go)

    acting(GrantDialog, compare)
    acting(DoneDialog, lambda dialog: dialog.accept())
    county.folder(tmp_path / "down")
    county.press_action(inbox.table, row)
    county.settle()
    assert "不一致，没有签发" in faults[0], "a stranger's digits grant nothing"
    (certificate,) = (tmp_path / "down").glob("*.pem")

    town = screens(new)
    settings = town.page("settings")
    assert dict(settings.keys.facts.facts())["状态"].startswith("等证书")

    def open_key(dialog: PassphraseDialog) -> None:
        dialog.field.setText(new.passphrase)
        dialog.go.click()

    acting(PassphraseDialog, open_key)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (str(certificate), ""))
    town.click(settings.keys.install)
    assert dict(settings.keys.facts.facts())["状态"].startswith("证书有效至")
    town.close()
    new.export(again, period=JUNE)
    drop(inbox.zone, [again])
    county.settle()
    found = {condition(view) for view in inbox.model.records if view.unit == PLAIN}
    assert "unknown" not in found and found <= {"waiting", "later", "accepted"}, found
    assert county.desk.doctor().ok


def _plain_workbook(path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["新增就业人数", 9])
    book.save(path)
    book.close()


def _cover(path: Path) -> str:
    from openpyxl import load_workbook

    book = load_workbook(path)
    try:
        return "\n".join(
            str(value) for row in book["封面"].iter_rows(values_only=True) for value in row if value
        )
    finally:
        book.close()
