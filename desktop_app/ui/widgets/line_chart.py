"""The year of one indicator: a solid line of what was reached over a dashed one of what should be.

The expected line comes from the backward schedule and is never assumed to be straight.
"""

from __future__ import annotations

from fractions import Fraction

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model.view import PointView
from desktop_app.ui import text, theme
from desktop_app.ui.widgets import painters

SHOWN_MONTHS = (1, 3, 6, 9, 12)


class LineChart(QWidget):
    """Twelve months; `set_line` gives the points, the target and the month looked at."""

    def __init__(self, height: int = 118) -> None:
        super().__init__()
        self._points: list[PointView] = []
        self._target: Fraction | None = None
        self._unit = ""
        self._month = 12
        self._decimals = 0
        self._height = height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.px(height))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(300), theme.px(self._height))

    def set_line(
        self, points: list[PointView], target: Fraction | None, unit: str, month: int, decimals: int = 0
    ) -> None:
        self._points, self._target, self._unit = points, target, unit
        self._month, self._decimals = month, decimals
        said = [
            _("{month}月 {value}").format(month=p.month, value=text.number(p.value, decimals))
            for p in points
            if p.value is not None
        ]
        self.setAccessibleName(_("全年走势：{line}").format(line=_("，").join(said)))
        self.update()

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw(painter)
        painter.end()

    def _draw(self, painter: QPainter) -> None:
        values = [p.value for p in self._points if p.value is not None and p.month <= self._month]
        expected = [p.expected for p in self._points if p.expected is not None]
        top_value = max([*values, *expected, self._target or 0, 1])
        tiny = theme.metrics("tiny")
        target_words = (
            f"{text.number(self._target, self._decimals)}{self._unit}" if self._target is not None else ""
        )
        room = max(tiny.horizontalAdvance(target_words) + theme.px(10), theme.px(26))
        left, right = theme.px(12), self.width() - room
        top, bottom = theme.px(14), self.height() - tiny.height() - theme.px(4)
        step = (right - left) / 11

        def x_of(month: int) -> float:
            return left + (month - 1) * step

        def y_of(value: Fraction | float) -> float:
            return bottom - float(value) / float(top_value) * (bottom - top)

        painter.setPen(QPen(QColor(theme.LINE), 1))
        painter.drawLine(
            QPointF(left - theme.px(8), bottom + 0.5), QPointF(right + theme.px(6), bottom + 0.5)
        )
        for month in SHOWN_MONTHS:
            words = _("{month}月").format(month=month)
            width = tiny.horizontalAdvance(words) + 4
            box = QRect(round(x_of(month) - width / 2), bottom + 2, width, tiny.height())
            painters.draw_text(painter, box, words, "tiny", theme.INK2, painters.CENTRE)
        if self._target is not None:
            pen = QPen(QColor(theme.LINE2), 1, Qt.PenStyle.DashLine)
            painter.setPen(pen)
            y = round(y_of(self._target)) + 0.5
            painter.drawLine(QPointF(left - theme.px(8), y), QPointF(right, y))
            box = QRect(right + theme.px(4), round(y - tiny.height() / 2), room, tiny.height())
            painters.draw_text(painter, box, target_words, "tiny", theme.INK2)
        dashed = [QPointF(x_of(p.month), y_of(p.expected)) for p in self._points if p.expected is not None]
        painter.setPen(QPen(QColor(theme.INK3), 1.2, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(dashed))
        done = [
            (p.month, QPointF(x_of(p.month), y_of(p.value)))
            for p in self._points
            if p.value is not None and p.month <= self._month
        ]
        if done:
            self._draw_done(painter, [point for _month, point in done], bottom)
            self._draw_labels(painter, done[-1][1], x_of, y_of)

    def _draw_done(self, painter: QPainter, points: list[QPointF], bottom: float) -> None:
        accent = QColor(theme.ACCENT)
        area = QColor(accent)
        area.setAlphaF(0.11)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(area)
        painter.drawPolygon(
            QPolygonF([QPointF(points[0].x(), bottom), *points, QPointF(points[-1].x(), bottom)])
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(accent, 2))
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(QColor(theme.WHITE))
        painter.setPen(QPen(accent, 1.5))
        for point in points[:-1]:
            painter.drawEllipse(point, 2.4, 2.4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        painter.drawEllipse(points[-1], 4.8, 4.8)

    def _draw_labels(self, painter: QPainter, last: QPointF, x_of, y_of) -> None:
        shown = next((p for p in self._points if p.month == self._month), None)
        latest = [p for p in self._points if p.value is not None and p.month <= self._month][-1]
        bold = theme.metrics("note-bold")
        words = f"{text.number(latest.value, self._decimals)}{self._unit}"
        below = theme.px(1)
        if shown is not None and shown.expected is not None and latest.value is not None:
            x, y = x_of(shown.month), y_of(shown.expected)
            if shown.expected > latest.value and y < last.y() - 7:
                painter.setBrush(QColor(theme.WHITE))
                painter.setPen(QPen(QColor(theme.AMBER), 1.6))
                painter.drawEllipse(QPointF(x, y), 3, 3)
                said = _("应达 {value}").format(value=text.number(shown.expected, self._decimals))
                width = theme.metrics("tiny").horizontalAdvance(said) + 4
                height = theme.metrics("tiny").height()
                box = QRect(round(x - width - theme.px(6)), round(y - height + theme.px(2)), width, height)
                painters.draw_text(painter, box, said, "tiny", theme.INK2, painters.RIGHT)
        width = bold.horizontalAdvance(words) + 4
        x = last.x() + theme.px(8)
        if x + width > self.width():
            x = last.x() - width - theme.px(8)
        box = QRect(round(x), round(last.y() - bold.height() / 2 + theme.px(5) + below), width, bold.height())
        if box.bottom() > self.height() - theme.metrics("tiny").height() - theme.px(4):
            box.moveBottom(round(last.y()) - theme.px(4))
        painters.draw_text(painter, box, words, "note-bold", theme.ACCENT)
