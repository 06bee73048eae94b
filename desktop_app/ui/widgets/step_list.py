"""Steps from top to bottom: done ones ticked, the current one filled, the rest numbered."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.core.i18n import _
from desktop_app.ui import icons, theme
from desktop_app.ui.widgets import painters


class StepList(QWidget):
    """`pressed` tells which earlier step the person wants to go back to."""

    pressed = Signal(int)

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self._names = names
        self._notes = [""] * len(names)
        self.current = 0
        self.reached = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._say()

    def _pitch(self) -> int:
        return theme.px(62)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(230), self._pitch() * len(self._names))

    def set_note(self, step: int, note: str) -> None:
        self._notes[step] = note
        self.update()

    def go_to(self, step: int) -> None:
        self.current = step
        self.reached = max(self.reached, step)
        self._say()
        self.update()

    def restart(self) -> None:
        self.current = self.reached = 0
        self._notes = [""] * len(self._names)
        self._say()
        self.update()

    def _say(self) -> None:
        self.setAccessibleName(
            _("第 {number} 步，共 {total} 步：{name}").format(
                number=self.current + 1, total=len(self._names), name=self._names[self.current]
            )
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        step = int(event.position().y() // self._pitch())
        if 0 <= step < self.current:
            self.pressed.emit(step)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Up and self.current > 0:
            self.pressed.emit(self.current - 1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pitch, radius = self._pitch(), theme.px(15)
        x = theme.px(28)
        accent = QColor(theme.ACCENT)
        for number, name in enumerate(self._names):
            top = number * pitch
            centre = QPointF(x, top + pitch / 2 - theme.px(3))
            if number == self.current:
                band = QRect(0, top + theme.px(4), self.width(), pitch - theme.px(12))
                painter.fillRect(band, QColor(theme.SELECTION))
                painter.fillRect(QRect(0, band.top(), 3, band.height()), accent)
            if number + 1 < len(self._names):
                painter.setPen(QPen(accent if number < self.current else QColor(theme.LINE2), 2))
                painter.drawLine(QPointF(x, centre.y() + radius), QPointF(x, centre.y() + pitch - radius))
            done = number < self.current
            painter.setPen(QPen(accent if done or number == self.current else QColor(theme.BUTTON_EDGE), 2))
            painter.setBrush(accent if number == self.current else QColor(theme.WHITE))
            painter.drawEllipse(centre, radius - 1, radius - 1)
            if done:
                side = theme.px(16)
                icons.draw(
                    painter, round(x - side / 2), round(centre.y() - side / 2), "check", theme.ACCENT, 16
                )
            else:
                colour = theme.WHITE if number == self.current else theme.INK3
                box = QRectF(x - radius, centre.y() - radius, 2 * radius, 2 * radius).toRect()
                painters.draw_text(painter, box, str(number + 1), "strong", colour, painters.CENTRE)
            words = x + theme.px(26)
            height = theme.metrics("body").height()
            note_height = theme.metrics("small").height()
            role = "strong" if number == self.current else "body"
            colour = theme.ACCENT if number == self.current else theme.INK if done else theme.INK2
            note = self._notes[number]
            start = (
                round(centre.y()) - (height + note_height) // 2 if note else round(centre.y()) - height // 2
            )
            width = self.width() - words - theme.px(8)
            painters.draw_text(painter, QRect(words, start, width, height), name, role, colour)
            if note:
                below = QRect(words, start + height - theme.px(1), width, note_height)
                painters.draw_text(painter, below, note, "small", theme.INK2)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(accent, 2))
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))
        painter.end()
