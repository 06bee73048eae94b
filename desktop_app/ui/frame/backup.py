"""Backups: Ctrl+S into a folder the person chooses, and by themselves to the second place chosen once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QProgressBar, QWidget

from desktop_app.core.errors import KnownError
from desktop_app.core.i18n import _
from desktop_app.core.model.entry import Changes
from desktop_app.ui import errors, jobs, places
from desktop_app.ui.identity.dialogs import PlainDialog
from desktop_app.ui.widgets.controls import button, row
from desktop_app.ui.widgets.labels import Label, WrappedLabel

if TYPE_CHECKING:
    from desktop_app.ui.session import Session


def choose_and_save(session: Session, parent: QWidget) -> None:
    folder = places.choose_folder(parent, "backups", _("备份放到哪个文件夹"))
    if folder is not None:
        save(session, folder)


def save(session: Session, folder: Path) -> jobs.Job:
    def done(path: Path) -> None:
        session.write(Changes(), _("备份好了：{path}").format(path=path))

    return jobs.start(lambda desk, progress: desk.backup(folder, progress), desk=session.desk, finished=done)


def choose_place(session: Session, parent: QWidget) -> bool:
    """Choose the second place, and make the first backup there at once."""
    folder = places.choose_folder(parent, "backups", _("自动备份放到哪里（另一个盘或U盘）"))
    if folder is None:
        return False
    try:
        session.desk.choose_backup(folder)
    except KnownError as error:
        errors.show(error)
        return False
    save_by_itself(session, force=True)
    return True


def save_by_itself(session: Session, *, force: bool = False) -> jobs.Job:
    """The day's backup in the background; how it went is told in the status bar, never in a dialog."""

    def done(path: Path | None) -> None:
        if path is not None:
            session.write(Changes(), _("已自动备份到 {path}").format(path=path.parent))

    def failed(error: object) -> None:
        what = error.what if isinstance(error, KnownError) else str(error)
        session.write(Changes(), _("没有备份成：{what}").format(what=what))

    job = jobs.Job(lambda desk, progress: desk.back_up_daily(progress, force=force), session.desk)
    job.quiet = True
    job.finished.connect(done)
    job.failed.connect(failed)
    return job.start()


def look(session: Session) -> jobs.Job | None:
    """Make the day's backup if it is due."""
    return save_by_itself(session) if session.desk.backup_state().due else None


class ClosingBackup(PlainDialog):
    """The backup that is made when the program is closed: it can be skipped, and never holds the person up."""

    def __init__(self, session: Session, folder: str, parent: QWidget | None = None) -> None:
        super().__init__(_("正在备份"), parent)
        self.column.addWidget(Label(_("正在备份，完了就关"), "panel"))
        self.column.addWidget(WrappedLabel(_("放到 {folder}").format(folder=folder), "body", "ink2"))
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.column.addWidget(self.bar)
        self.words = WrappedLabel("", "note", "red")
        self.column.addWidget(self.words)
        self.skip = button(_("这次不备份，直接关"), clicked=self._skip)
        self.foot.addLayout(row(None, self.skip))
        self._job = jobs.Job(lambda desk, progress: desk.back_up_daily(progress, force=True), session.desk)
        self._job.quiet = True
        self._job.advanced.connect(self._advance)
        self._job.finished.connect(lambda _path: self.accept())
        self._job.cancelled.connect(self.reject)
        self._job.failed.connect(self._fail)
        self._job.start()

    def _advance(self, done: int, total: int, _text: str) -> None:
        self.bar.setRange(0, max(total, 0))
        self.bar.setValue(done)

    def _fail(self, error: object) -> None:
        self.words.setText(error.what if isinstance(error, KnownError) else str(error))
        self.skip.setText(_("知道了，关闭"))
        self.skip.clicked.connect(self.reject)

    def _skip(self) -> None:
        self._job.stop()

    def reject(self) -> None:
        self._job.stop()
        super().reject()


def before_closing(session: Session, parent: QWidget) -> QDialog | None:
    """Back up what was written since the last backup, where the second place is there."""
    found = session.desk.backup_state()
    if not (found.folder and found.present and found.changed):
        return None
    dialog = ClosingBackup(session, found.folder, parent)
    dialog.exec()
    return dialog
