"""The error dialog: Enter closes it; help is offered where somebody else could help."""

from __future__ import annotations

import errno
import sqlite3

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from desktop_app.core.errors import InputError, RuleError, StorageError, UsageError, VerificationError
from desktop_app.core.rules import days
from desktop_app.ui import errors

SHOWN = errors.ErrorDialog.exec


@pytest.fixture
def shown(qtbot, monkeypatch):
    """shown(error) → the dialog as a person sees it."""
    made: list[errors.ErrorDialog] = []

    def run(dialog: errors.ErrorDialog) -> int:
        made.append(dialog)
        qtbot.addWidget(dialog)
        dialog.show()
        return 0

    monkeypatch.setattr(errors.ErrorDialog, "exec", run)

    def show(error: BaseException) -> errors.ErrorDialog:
        errors.show(error)
        return made[-1]

    return show


@pytest.mark.parametrize("error", [StorageError("U盘已满", next_step="换一个。"), InputError("写错了")])
@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape])
def test_enter_closes_it_and_copies_nothing(shown, qtbot, error, key):
    QGuiApplication.clipboard().setText("别的")
    dialog = shown(error)
    assert dialog.close_button.isDefault() and dialog.close_button.text() == "知道了"
    qtbot.keyClick(dialog, key)
    assert not dialog.isVisible()
    assert QGuiApplication.clipboard().text() == "别的"


@pytest.mark.parametrize("kind", [InputError, RuleError, UsageError])
def test_what_was_typed_wrong_needs_no_help(shown, kind):
    assert not shown(kind("日期不对", next_step="请改。")).copy_button.isVisible()


@pytest.mark.parametrize(
    "error",
    [StorageError("U盘已满"), VerificationError("附件被改动"), InputError("读不出来", detail="bad zip")],
)
def test_elsewhere_the_words_for_help_can_be_copied(shown, qtbot, error):
    dialog = shown(error)
    assert dialog.copy_button.isVisible() and not dialog.copy_button.isDefault()
    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    assert error.what in QGuiApplication.clipboard().text()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("6.31", "6月没有31日"),
        ("6月31日", "6月没有31日"),
        ("2024-02-30", "2月没有30日"),
        ("2023/2/29", "2023年2月没有29日"),
        ("2024-13-01", "一年没有13月"),
    ],
)
def test_a_day_that_no_month_has_is_named(typed, said):
    with pytest.raises(InputError, match=said):
        days.read(typed, "完成日期")


@pytest.mark.parametrize("typed", ["明天", "2024", "6.31.2", ""])
def test_what_is_no_day_at_all_is_told_how_to_be_written(typed):
    with pytest.raises(InputError) as told:
        days.read(typed)
    assert "不是日期" in told.value.what and "2024-06-18" in told.value.next_step


def test_a_wrong_day_in_the_form_of_a_site(real_window, qtbot, monkeypatch, shown):
    """Typed where people type it: the site's form of a township."""
    window = real_window("sites")
    told = []
    monkeypatch.setattr(errors, "show", lambda error, *_parent: told.append(error))
    desk = window.session.desk
    site = next(
        s for task in desk.tasks(window.session.period) for v in task.indicators for s in desk.sites(v.id)
    )
    assert window.session.attempt(lambda d: d.save_site(site.subject, {"completed": "6.31"}), "") is None
    assert "6月没有31日" in told[0].what


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (sqlite3.DatabaseError("database disk image is malformed"), "已损坏"),
        (
            OSError(errno.EIO, "Input/output error", "D:/民生实事/photo.jpg"),
            "读写“D:/民生实事/photo.jpg”时出错",
        ),
        (sqlite3.OperationalError("no such table: x"), "没有料到"),
        (FileNotFoundError(errno.ENOENT, "No such file"), "没有料到"),
    ],
)
def test_a_disk_that_fails_while_reading_is_no_fault_of_the_program(shown, error, words):
    assert words in shown(error).what.text()


def test_a_window_whose_disk_has_gone_still_lets_go_of_its_workspace(real_window, monkeypatch, tmp_path):
    from PySide6.QtGui import QCloseEvent

    from desktop_app.core.operations.workspace import Workspace
    from desktop_app.ui.frame import backup

    def gone(*_words: object) -> None:
        raise sqlite3.DatabaseError("database disk image is malformed")

    window = real_window("home")
    folder = window.session.desk.workspace.root
    monkeypatch.setattr(window, "closes_desk", True)
    monkeypatch.setattr(backup, "before_closing", gone)
    with pytest.raises(sqlite3.DatabaseError):
        window.closeEvent(QCloseEvent())
    Workspace.open(folder).close()
    monkeypatch.undo()
    window.closes_desk = False
