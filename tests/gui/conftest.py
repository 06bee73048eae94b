"""Widgets are tested on the offscreen platform, on a static desk, in our own dress."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parent))

from dropping import drop
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from desktop_app.ui import jobs, theme
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.session import Session


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform says this for every window; it is no fault of ours."""
    for item in items:
        item.add_marker(pytest.mark.qt_log_ignore("propagateSizeHints"))


@pytest.fixture(scope="session", autouse=True)
def dressed(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> QApplication:
    folder = str(tmp_path_factory.mktemp("settings"))
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
    theme.apply(qapp)
    return qapp


@pytest.fixture(autouse=True)
def no_work_left():
    """What a test started must not run on into the next one."""
    yield
    jobs.wait(10_000)


@pytest.fixture(autouse=True)
def no_place_remembered(dressed: QApplication):
    """Where another test put its files is no place for this one's."""
    settings = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "taizhang", "taizhang")
    settings.remove("place")
    settings.sync()


@pytest.fixture(autouse=True)
def no_unexpected_dialog(monkeypatch: pytest.MonkeyPatch):
    """An error dialog nobody expected fails the test; it must not wait for a person."""
    from desktop_app.ui import errors

    shown: list[str] = []
    monkeypatch.setattr(errors.ErrorDialog, "exec", lambda self: shown.append(self._help))
    yield
    assert shown == []


@pytest.fixture
def desk():
    from fake_desk import FakeDesk

    return FakeDesk("township")


@pytest.fixture
def county_desk():
    from fake_desk import FakeDesk

    return FakeDesk("county")


@pytest.fixture
def city_desk():
    from fake_desk import FakeDesk

    return FakeDesk("city")


@pytest.fixture
def open_window(qtbot):
    """open_window(desk, page, size) → the window with that page shown."""

    def opened(desk, page: str = "", size: tuple[int, int] = (1366, 768)) -> MainWindow:
        window = MainWindow(Session(desk))
        qtbot.addWidget(window)
        window.resize(*size)
        window.show()
        window.show_page(page or window.places[0].key)
        qtbot.waitUntil(lambda: jobs.running() == 0, timeout=10_000)
        return window

    return opened


@pytest.fixture
def settled(qtbot):
    """Waits until no job runs and its result has been shown."""

    def wait() -> None:
        qtbot.wait(20)
        qtbot.waitUntil(lambda: jobs.running() == 0, timeout=10_000)
        qtbot.wait(20)

    return wait


@pytest.fixture
def acting(monkeypatch: pytest.MonkeyPatch):
    """acting(SomeDialog, act): `act(dialog)` stands for the person in front of it."""

    def set_up(kind: type, act) -> list:
        met: list = []

        def run(dialog) -> int:
            met.append(dialog)
            dialog.show()
            act(dialog)
            return dialog.result()

        monkeypatch.setattr(kind, "exec", run)
        return met

    return set_up


@pytest.fixture
def dropped():
    return drop


@pytest.fixture
def real_window(real_desk):
    """real_window(page, period) → a window on a real desk; gone, timers and all, before the desk is closed."""
    import shiboken6

    made: list[MainWindow] = []

    def opened(page: str, period=None, unit: str = "990101101", size=(1366, 768)) -> MainWindow:
        window = MainWindow(Session(real_desk(unit), period))
        made.append(window)
        window.resize(*size)
        window.show()
        window.show_page(page)
        return window

    yield opened
    jobs.wait(10_000)
    for window in made:
        window.close()
        shiboken6.delete(window)


@pytest.fixture
def real_desk(city, tmp_path: Path):
    """real_desk(unit) → a real desk on a copy of that unit's folder of the sample city; closed after the test."""
    import shutil

    from desktop_app.core.operations.desk import Desk
    from desktop_app.core.operations.workspace import Workspace

    made: list[Desk] = []

    def opened(unit: str = "990101101") -> Desk:
        target = tmp_path / "desks" / unit
        skipped = shutil.ignore_patterns("outbox", "thumbnails", ".lock")
        shutil.copytree(city.desk(unit), target, ignore=skipped)
        made.append(Desk(Workspace.open(target)))
        return made[-1]

    yield opened
    jobs.wait(10_000)
    for desk in made:
        desk.close()
