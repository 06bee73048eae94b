"""Ctrl+S: a backup into a folder the person chooses, in the background."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model.entry import Changes
from desktop_app.ui import jobs
from desktop_app.ui.session import Session


def choose_and_save(session: Session, parent: QWidget) -> None:
    folder = QFileDialog.getExistingDirectory(parent, _("备份放到哪个文件夹"))
    if folder:
        save(session, Path(folder))


def save(session: Session, folder: Path) -> jobs.Job:
    def done(path: Path) -> None:
        session.write(Changes(), _("备份好了：{path}").format(path=path))

    return jobs.start(lambda desk, progress: desk.backup(folder, progress), desk=session.desk, finished=done)
