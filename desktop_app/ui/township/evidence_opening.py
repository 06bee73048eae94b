"""A document read in its own program: a copy in a folder that goes when the program ends."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from desktop_app.core.errors import InputError, KnownError
from desktop_app.core.i18n import _
from desktop_app.core.model.view import EvidenceView
from desktop_app.core.store.database import disk_error
from desktop_app.ui import errors
from desktop_app.ui.session import Session

_folders: list[Path] = []


def _clear() -> None:
    for folder in _folders:
        shutil.rmtree(folder, ignore_errors=True)


def may_open(view: EvidenceView) -> bool:
    """What holds personal data never lies about as a copy in the open."""
    return view.present and not view.personal


def open_piece(session: Session, view: EvidenceView) -> Path | None:
    """Write the bytes to a folder of this run and give them to whatever opens such files."""
    try:
        content = session.desk.evidence_bytes(view.sha256)
        if content is None or not may_open(view):
            raise InputError(_("这份材料现在打不开。"), next_step=_("文件还没收到，或者含个人信息。"))
        if not _folders:
            atexit.register(_clear)
        folder = Path(tempfile.mkdtemp(prefix="taizhang-"))
        _folders.append(folder)
        file = folder / Path(view.name).name
        try:
            file.write_bytes(content)
        except OSError as problem:
            raise disk_error(problem, folder) from problem
    except KnownError as error:
        errors.show(error)
        return None
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(file)))
    session.told.emit(_("已用别的程序打开“{name}”，改了也不会存回来").format(name=view.name))
    return file
