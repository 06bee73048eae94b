"""Safe mode: the program without anything it remembers, for when it does not come up any more.

Nothing of the workspaces is touched: only the preferences are left aside for this sitting, no folder is opened by
itself, none is watched.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from PySide6.QtWidgets import QMessageBox

from desktop_app.core.i18n import _
from desktop_app.ui.preferences import Preferences

FAILED_STARTS = 2
"""So many starts in a row that never showed a window make it ask."""


def offer(failed: int) -> bool:
    """Ask whether to start without what is remembered."""
    if failed < FAILED_STARTS:
        return False
    box = QMessageBox()
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(_("民生实事台账"))
    box.setText(_("前几次启动都没有成功。"))
    box.setInformativeText(
        _("可以用安全模式打开：不记得上次的窗口和文件夹，数据一点不动。打开后可在“帮助”里给数据做一次体检。")
    )
    safe = box.addButton(_("用安全模式打开"), QMessageBox.ButtonRole.AcceptRole)
    box.addButton(_("照常打开"), QMessageBox.ButtonRole.RejectRole)
    box.exec()
    return box.clickedButton() is safe


def preferences() -> Preferences:
    """Preferences of this sitting only."""
    return Preferences(Path(tempfile.mkdtemp(prefix="taizhang-")) / "preferences.ini")
