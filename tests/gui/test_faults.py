"""When the program itself is at fault: one dialog, a report without anything typed, safe mode after failed starts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from desktop_app.core.operations import logbook
from desktop_app.ui import errors, safe_mode
from desktop_app.ui.frame.about_dialog import AboutDialog


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TAIZHANG_HOME", str(tmp_path))
    return tmp_path / "logs"


def when_shown(kind: type, act: Callable[[object], None]) -> None:
    def look() -> None:
        found = [
            widget
            for widget in QApplication.topLevelWidgets()
            if isinstance(widget, kind) and widget.isVisible()
        ]
        if found:
            act(found[0])
        else:
            QTimer.singleShot(20, look)

    QTimer.singleShot(0, look)


def test_a_fault_is_told_once_and_reported(qtbot, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[errors.ErrorDialog] = []

    def run(dialog: errors.ErrorDialog) -> int:
        told.append(dialog)
        qtbot.addWidget(dialog)
        # The same again while the dialog stands, as a fault in drawing would.
        errors.show(ValueError("again"))
        return 0

    monkeypatch.setattr(errors.ErrorDialog, "exec", run)
    errors.show(ValueError("王小花 的数字"))
    assert len(told) == 1
    assert not told[0].report_button.isHidden()
    [report] = (place / "reports").iterdir()
    assert "ValueError" in report.read_text("utf-8")
    assert "王小花" not in report.read_text("utf-8")


@pytest.mark.parametrize(("failed", "asked"), [(0, False), (1, False), (2, True)])
def test_safe_mode_is_offered_after_two_failed_starts(qtbot, failed: int, asked: bool) -> None:
    shown: list[QMessageBox] = []

    def act(box: object) -> None:
        assert isinstance(box, QMessageBox)
        shown.append(box)
        next(one for one in box.buttons() if "安全" in one.text()).click()

    if asked:
        when_shown(QMessageBox, act)
    assert safe_mode.offer(failed) is asked
    assert bool(shown) is asked


def test_safe_mode_remembers_nothing(qtbot) -> None:
    preferences = safe_mode.preferences()
    assert preferences.text("last_folder") == "" and not preferences.large_text


def test_about_tells_versions_and_where_the_log_is(qtbot, place: Path) -> None:
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    assert "taizhang 1." in dialog.versions.text() and "Qt 6" in dialog.versions.text()
    assert str(place) in dialog.place.text()
    dialog._copy()
    assert "SQLite" in QApplication.clipboard().text()
    assert logbook.folder() == place
