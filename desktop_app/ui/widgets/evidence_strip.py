"""A row of small thumbnails: the newest evidence, then what is still wanted."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model.view import EvidenceView
from desktop_app.ui import theme
from desktop_app.ui.widgets.thumbnails import Thumbnails, draw_missing, draw_thumbnail

WIDTH, HEIGHT, GAP = 76, 54, 8


class EvidenceStrip(QWidget):
    pressed = Signal(object)
    """The evidence pressed, None for a missing one."""

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._views: list[EvidenceView] = []
        self._missing = 0
        self.setFixedHeight(theme.px(HEIGHT) + 2)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        thumbnails.loaded.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(330), theme.px(HEIGHT) + 2)

    def set_evidence(self, views: list[EvidenceView], missing: int) -> None:
        self._views, self._missing = views, missing
        self.setAccessibleName(
            _("佐证 {count} 份，缺 {missing} 份").format(count=len(views), missing=missing)
        )
        self.update()

    def _boxes(self) -> list[tuple[QRect, EvidenceView | None]]:
        width, gap = theme.px(WIDTH), theme.px(GAP)
        room = max(1, (self.width() + gap) // (width + gap))
        shown = self._views[: room - 1 if self._missing and len(self._views) >= room else room]
        boxes: list[tuple[QRect, EvidenceView | None]] = []
        for number, view in enumerate(shown):
            boxes.append((QRect(number * (width + gap), 1, width, theme.px(HEIGHT)), view))
        if self._missing and len(shown) < room:
            boxes.append((QRect(len(shown) * (width + gap), 1, width, theme.px(HEIGHT)), None))
        return boxes

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        for box, view in self._boxes():
            if view is None:
                draw_missing(painter, box, _("待补"))
            else:
                draw_thumbnail(painter, box, view, self._thumbnails)
                painter.setPen(QColor(theme.LINE2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(box.adjusted(0, 0, -1, -1))
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        for box, view in self._boxes():
            if box.contains(event.position().toPoint()):
                self.pressed.emit(view)
                return
