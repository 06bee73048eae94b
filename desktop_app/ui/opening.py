"""What is seen while the desk is being opened: the program's name on its own colours, at once.

It imports nothing but Qt and the palette, so that an old laptop shows something before it has read the rest.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop_app.core.i18n import _
from desktop_app.ui import theme


class Opening(QWidget):
    """As large as the window that will take its place; it does nothing and goes when that one is there."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(_("民生实事台账"))
        room = self.screen().availableGeometry()
        self.resize(min(room.width(), 1440), min(room.height(), 900))
        self._maximized = room.width() <= 1440

    def begin(self) -> None:
        if self._maximized:
            self.showMaximized()
        else:
            self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.PAGE))
        bar = self.rect()
        bar.setHeight(theme.px(44))
        painter.fillRect(bar, QColor(theme.BAR))
        painter.setPen(QColor(theme.WHITE))
        painter.setFont(theme.font("strong"))
        painter.drawText(
            bar.adjusted(theme.px(16), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, _("民生实事台账")
        )
        painter.setPen(QColor(theme.INK2))
        painter.setFont(theme.font("body"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, _("正在打开…"))
        painter.end()
