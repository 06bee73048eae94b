"""Small parts: text, theme, table model, jobs, errors, first start, pictures."""

from __future__ import annotations

import threading
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from fake_desk import FakeDesk
from PySide6.QtGui import QGuiApplication

from desktop_app import __version__
from desktop_app.core.errors import KnownError
from desktop_app.ui import errors, icons, jobs, pictures, text, theme
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.progress_strip import rest_time
from desktop_app.ui.widgets.records import Column, Grouping, GroupRow, RecordModel
from desktop_app.ui.widgets.table import RecordTable


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (Fraction(12400), 0, "12,400"),
        (Fraction(-2), 0, "−2"),
        (Fraction(243, 50), 2, "4.86"),
        (Fraction(38, 10), 3, "3.8"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(-1, 1000), 1, "0"),
        (None, 0, "–"),
    ],
)
def test_numbers_for_people(value, places, expected):
    assert text.number(value, places) == expected


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        (Fraction(17, 38), "45%"),
        (Fraction(999, 1000), "99%"),
        (Fraction(1), "100%"),
        (Fraction(1, 1000), "1%"),
        (Fraction(0), "0%"),
        (Fraction(3, 2), "150%"),
        (None, "–"),
    ],
)
def test_percents_never_promise_too_much(done, expected):
    assert text.percent(done) == expected


def test_dates_for_people():
    today = date(2024, 7, 3)
    assert text.day("2024-06-18") == "6月18日"
    assert text.moment("2024-07-03T14:31:00+08:00", today) == "今天 14:31"
    assert text.moment("2024-06-04T09:12:00", today) == "6月4日 09:12"
    assert text.days_left(date(2024, 7, 5), today) == "还有 2 天"
    assert text.days_left(date(2024, 7, 1), today) == "已过 2 天"
    assert text.size(2_202_009) == "2.1 MB" and text.size(300) == "1 KB"


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_text_can_be_read_on_every_ground():
    pairs = [
        (theme.INK, theme.SELECTION),
        (theme.INK2, theme.HEAD),
        (theme.INK2, theme.NAV),
        (theme.INK3, theme.SELECTION),
    ]
    pairs += [(theme.WHITE, theme.ACCENT), (theme.WHITE, theme.BAR), (theme.BAR_HINT, theme.BAR_FIELD)]
    for light in theme.LIGHTS.values():
        pairs += [(light.text, theme.WHITE), (light.text, theme.SELECTION), (light.text, light.tint)]
    for colour, tint in theme.TONES.values():
        pairs.append((colour, tint))
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []


def test_the_style_sheet_has_no_fonts_and_no_words_left():
    sheet = theme.style_sheet()
    assert "@" not in sheet
    rules = sheet.split("*/", 1)[1]
    assert "font" not in rules and "QTableView::item" not in rules


def test_every_icon_named_in_the_code_is_there():
    import re

    names = set()
    for file in (Path(icons.__file__).parent).rglob("*.py"):
        for found in re.findall(
            r'"([a-z]+(?:-[a-z0-9]+)+|home|photo|table|inbox|send|lock|check|plus|copy|eye)"',
            file.read_text("utf-8"),
        ):
            if (icons.FOLDER / f"{found}.svg").exists():
                names.add(found)
    assert len(names) > 30
    assert (icons.FOLDER / "LICENSE.txt").exists()
    for name in names:
        assert not icons.pixmap(name).isNull()


def columns() -> list[Column]:
    return [
        Column("name", "名称", 120, lambda r: r[0], stretch=True, whole=True, sort=lambda r: r[0]),
        Column(
            "value", "数", 60, lambda r: "" if r[1] is None else str(r[1]), right=True, sort=lambda r: r[1]
        ),
        Column("extra", "其他", 200, lambda r: "", drop=1),
    ]


def test_the_model_sorts_filters_and_groups(qtmodeltester):
    model = RecordModel(columns(), Grouping(key=lambda r: r[2], title=str, note=lambda rs: str(len(rs))))
    model.fill([("b", 2, "甲"), ("a", None, "乙"), ("c", 1, "甲")])
    qtmodeltester.check(model)
    assert model.rows == [
        GroupRow("甲", "2"),
        ("b", 2, "甲"),
        ("c", 1, "甲"),
        GroupRow("乙", "1"),
        ("a", None, "乙"),
    ]
    model.sort_by(1)
    assert [row[0] for row in model.rows] == ["c", "b", "a"]
    model.sort_by(1)
    assert [row[0] for row in model.rows] == ["b", "c", "a"]
    model.show_only(lambda row: row[1] is not None)
    assert len(model.rows) == 2
    assert model.as_text().splitlines()[0] == "名称\t数\t其他"


def test_columns_are_dropped_in_their_order_and_figures_grow(qtbot):
    model = RecordModel(columns())
    model.fill([("甲", 123456789012, "")])
    table = RecordTable(model)
    qtbot.addWidget(table)
    table.resize(300, 200)
    table.show()
    assert table.isColumnHidden(2)
    assert table.columnWidth(1) >= model.columns[1].cell.width(model.rows[0], model.columns[1])
    table.resize(700, 200)
    assert not table.isColumnHidden(2)


def test_a_hundred_thousand_rows_stay_quick(qtbot):
    import time

    model = RecordModel(columns())
    table = RecordTable(model)
    qtbot.addWidget(table)
    table.resize(600, 400)
    table.show()
    began = time.perf_counter()
    model.fill([(f"行{n}", n * 7919 % 100_003, "") for n in range(100_000)])
    model.sort_by(1)
    table.viewport().repaint()
    assert time.perf_counter() - began < 5


def test_a_job_ends_with_its_result_on_our_thread(qtbot):
    got = []

    def work(progress):
        progress(1, 2, "一半")
        return threading.current_thread()

    job = jobs.Job(work)
    job.finished.connect(lambda thread: got.append((thread, threading.current_thread())))
    with qtbot.waitSignal(job.ended):
        job.start()
    worker, ours = got[0]
    assert worker is not ours and ours is threading.main_thread()


def test_a_cancelled_job_is_silent(qtbot, monkeypatch):
    shown = []
    monkeypatch.setattr(errors, "show", shown.append)
    started = threading.Event()

    def work(progress):
        started.set()
        for number in range(10_000):
            progress(number, 10_000)
            threading.Event().wait(0.001)

    job = jobs.Job(work)
    with qtbot.waitSignals([job.cancelled, job.ended]):
        job.start()
        started.wait(5)
        job.stop()
    assert shown == []


def test_a_failed_job_shows_its_error(qtbot, monkeypatch):
    shown = []
    monkeypatch.setattr(errors, "show", shown.append)

    def work(progress):
        raise KnownError("U盘已满")

    with qtbot.waitSignal(jobs.Job(work).start().ended):
        pass
    assert [error.what for error in shown] == ["U盘已满"]


def test_the_error_dialog_copies_the_words_for_help(qtbot):
    dialog = errors.ErrorDialog("U盘已满", "备份没有写完。", "换一个U盘。", "errno 28")
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.copy_help()
    copied = QGuiApplication.clipboard().text()
    assert all(words in copied for words in ("U盘已满", "备份没有写完", "换一个", "errno 28", __version__))


def test_an_unexpected_fault_is_logged_and_reported(monkeypatch, caplog):
    opened = []
    monkeypatch.setattr(errors.ErrorDialog, "exec", lambda self: opened.append(self.what.text()))
    errors.show(ZeroDivisionError("x"))
    assert opened and "没有料到" in opened[0]
    assert "ZeroDivisionError" in caplog.text


def test_the_rest_time_is_said_when_it_is_known():
    assert rest_time(0.2, 1, 100) == "" and rest_time(10, 0, 100) == "" and rest_time(10, 5, 0) == ""
    assert rest_time(10, 50, 100) == "还要约 10 秒"
    assert rest_time(60, 10, 100) == "还要约 9 分钟"


def test_backup_that_fails_tells_why(qtbot, monkeypatch, tmp_path, settled):
    from desktop_app.ui.frame.backup import save

    shown = []
    monkeypatch.setattr(errors, "show", shown.append)
    save(Session(FakeDesk()), tmp_path)
    settled()
    assert shown[0].what == "U盘已满"


def test_pictures_of_every_page(tmp_path):
    saved = pictures.save_pictures(Session(FakeDesk()), tmp_path, (911, 512), 1.5)
    assert len(saved) == 11
    from PySide6.QtGui import QImage

    assert {QImage(str(path)).width() for path in saved} == {1366}


class Offer:
    unit, unit_name, sender, plan_title = "1", "枫桥镇", "云溪县民生办", "2024年50项民生实事"
    tasks, indicators = 50, 36
    fingerprint = "3F2A 91C7 5D04 B86E 1A7C 44F0 9E35 2B68"


class FakeEntrance:
    """The ways in, remembered."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls: list[tuple] = []

    def home(self) -> Path:
        return self.folder

    def workspaces(self) -> list:
        return []

    def samples(self) -> list[Path]:
        return []

    def open(self, folder: Path):
        self.calls.append(("open", folder))
        return FakeDesk()

    def read_setup(self, file: Path) -> Offer:
        if file.suffix != ".xlsx":
            raise KnownError("这不是设立包")
        return Offer()

    def join(self, file: Path, *, fingerprint: str, operator: str, passphrase: str, progress) -> Path:
        progress(1, 1)
        self.calls.append(("join", file.name, fingerprint, operator, passphrase))
        return self.folder / "town"

    def demo(self, progress) -> list[Path]:
        return [self.folder / "demo"]


@pytest.fixture
def first(qtbot, tmp_path):
    from desktop_app.ui.identity.first_start import FirstStartPage
    from desktop_app.ui.preferences import Preferences

    page = FirstStartPage(FakeEntrance(tmp_path), Preferences(tmp_path / "p.ini"))
    qtbot.addWidget(page)
    page.show()
    return page


def test_a_setup_package_is_compared_by_phone_before_anything_is_made(
    first, qtbot, monkeypatch, settled, tmp_path
):
    from desktop_app.ui.identity.dialogs import SetupDialog

    def answer(dialog):
        assert not dialog.go.isEnabled()
        dialog.same.setChecked(True)
        dialog._accept()
        assert "经办人" in dialog.person.words.text()
        dialog.person.operator.setText("周桂兰")
        dialog.person.first.setText("short")
        dialog._accept()
        assert "至少" in dialog.person.words.text()
        dialog.person.first.setText("long enough")
        dialog.person.second.setText("long enougn")
        dialog._accept()
        assert "不一样" in dialog.person.words.text()
        dialog.person.second.setText("long enough")
        dialog._accept()
        return dialog.result()

    monkeypatch.setattr(SetupDialog, "exec", answer)
    with qtbot.waitSignal(first.opened) as opened:
        first.open_setup(Path("云溪县_设立包_枫桥镇.xlsx"))
    assert opened.args == [tmp_path / "town"]
    assert first._entrance.calls == [
        ("join", "云溪县_设立包_枫桥镇.xlsx", Offer.fingerprint, "周桂兰", "long enough")
    ]


def test_the_demo_opens_with_one_press(first, qtbot, tmp_path):
    with qtbot.waitSignal(first.opened) as opened:
        first.demo.click()
    assert opened.args == [tmp_path / "demo"]


def test_a_file_that_is_no_setup_package_is_explained(first, monkeypatch, settled):
    shown = []
    monkeypatch.setattr(errors, "show", shown.append)
    first.open_setup(Path("x.pdf"))
    settled()
    assert shown[0].what == "这不是设立包"


def test_windows_are_swapped_and_text_size_is_kept(qtbot, qapp, tmp_path):
    from desktop_app.ui.application import Windows
    from desktop_app.ui.preferences import Preferences

    preferences = Preferences(tmp_path / "p.ini")
    windows = Windows(FakeEntrance(tmp_path), preferences)
    try:
        assert windows.open_folder(tmp_path / "town")
        before = windows.window
        before.show_page("tasks")
        preferences.large_text = True
        windows._restart()
        assert windows.window is not before and windows.window.current == "tasks"
        assert theme.ratio() > 1
    finally:
        windows.window.close()
        theme.apply(qapp)
