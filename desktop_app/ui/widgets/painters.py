"""What is drawn by hand in tables and pictures: lights, progress bars, chips, text that keeps its place.

All colours come from the palette in `theme`, nothing from QStyle.  Rectangles are whole pixels, so that hairlines
stay sharp at 150 %.
"""

from __future__ import annotations

from fractions import Fraction

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from desktop_app.ui import theme

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter

_SOLID = Qt.PenStyle.NoPen


def draw_text(
    painter: QPainter, rect: QRect, text: str, role: str = "body", colour: str = theme.INK, align=LEFT
) -> bool:
    """One line, elided where it must be; tells whether all of it was drawn."""
    if not text:
        return True
    painter.setFont(theme.font(role))
    painter.setPen(QColor(colour))
    metrics = theme.metrics(role)
    whole = metrics.horizontalAdvance(text) <= rect.width()
    if not whole:
        # A pixel spare: an exact fit is cut by rounding.
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width() - 1)
    painter.drawText(rect, int(align) | int(Qt.TextFlag.TextSingleLine), text)
    return whole


def draw_light(
    painter: QPainter, x: float, y: float, light: str, size: float, colour: str | None = None
) -> None:
    """The shape of a light in a box of `size` with its top left corner at (x, y)."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink = QColor(colour or theme.LIGHTS[light].text)
    box = QRectF(x, y, size, size)
    painter.setPen(_SOLID)
    painter.setBrush(ink)
    if light == "green":
        painter.drawEllipse(box)
    elif light == "yellow":
        path = QPainterPath(QPointF(box.center().x(), box.top()))
        path.lineTo(box.right() + 0.5, box.bottom() - size * 0.04)
        path.lineTo(box.left() - 0.5, box.bottom() - size * 0.04)
        path.closeSubpath()
        painter.drawPath(path)
    elif light == "red":
        inset = size * 0.06
        painter.drawRect(box.adjusted(inset, inset, -inset, -inset))
    elif light == "done":
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen = QPen(ink, max(1.4, size * 0.17))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        path = QPainterPath(QPointF(x + size * 0.02, y + size * 0.56))
        path.lineTo(x + size * 0.36, y + size * 0.88)
        path.lineTo(x + size, y + size * 0.16)
        painter.drawPath(path)
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        width = max(1.3, size * 0.16)
        painter.setPen(QPen(ink, width))
        inset = width / 2 + size * 0.06
        painter.drawEllipse(box.adjusted(inset, inset, -inset, -inset))
    painter.restore()


def draw_light_word(painter: QPainter, rect: QRect, light: str, word: str) -> None:
    """Shape, word and colour: never colour alone.  What is wrong is bold as well."""
    size = theme.px(10)
    top = rect.top() + (rect.height() - size) / 2 + 0.5
    draw_light(painter, rect.left(), top, light, size)
    role = "note-bold" if light in ("yellow", "red") else "note"
    beside = rect.adjusted(size + theme.px(6), 0, 0, 0)
    draw_text(painter, beside, word, role, theme.LIGHTS[light].text)


def draw_progress(
    painter: QPainter, rect: QRect, done: Fraction | None, expected: Fraction | None, light: str
) -> None:
    """A track with its fill and the tick of what should be done by now (应达)."""
    height = theme.px(9)
    track = QRect(rect.left(), rect.top() + (rect.height() - height) // 2, rect.width(), height)
    painter.fillRect(track, QColor(theme.BUTTON_EDGE))
    inner = track.adjusted(1, 1, -1, -1)
    painter.fillRect(inner, QColor(theme.TRACK))
    if done is not None and done > 0:
        share = min(float(done), 1.0)
        width = max(1, round(inner.width() * share))
        painter.fillRect(
            QRect(inner.left(), inner.top(), width, inner.height()), QColor(theme.LIGHTS[light].fill)
        )
    if expected is not None and 0 < expected <= 1:
        x = inner.left() + round((inner.width() - 1) * min(float(expected), 1.0))
        beyond = theme.px(4)
        top, tall = track.top() - beyond, track.height() + 2 * beyond
        # A white halo, because ink on the blue fill has too little contrast.
        painter.fillRect(QRect(x - 2, top, 4, tall), QColor(theme.WHITE))
        painter.fillRect(QRect(x - 1, top, 2, tall), QColor(theme.INK))


def draw_chip(painter: QPainter, rect: QRect, words: str, mood: str) -> None:
    """A state in its tint, 22 px tall, at the left of the rectangle."""
    text, tint = theme.TONES[mood]
    metrics = theme.metrics("note")
    height = theme.px(22)
    width = min(metrics.horizontalAdvance(words) + theme.px(14), rect.width())
    box = QRect(rect.left(), rect.top() + (rect.height() - height) // 2, width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(_SOLID)
    painter.setBrush(QColor(tint))
    painter.drawRoundedRect(box, 3, 3)
    painter.restore()
    draw_text(painter, box.adjusted(theme.px(7), 0, -theme.px(6), 0), words, "note", text)


def draw_button(painter: QPainter, rect: QRect, words: str, filled: bool) -> None:
    """A button inside a row: filled for the current one only."""
    height = theme.px(26)
    box = QRect(rect.left(), rect.top() + (rect.height() - height) // 2, rect.width(), height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.ACCENT if filled else theme.BUTTON_EDGE), 1))
    painter.setBrush(QColor(theme.ACCENT if filled else theme.WHITE))
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.restore()
    draw_text(
        painter, box, words, "note-bold" if filled else "note", theme.WHITE if filled else theme.INK, CENTRE
    )


def draw_corner(painter: QPainter, rect: QRect, colour: str, size: int = 8) -> None:
    """The small triangle at the top right of a cell that has something to say."""
    side = theme.px(size)
    painter.save()
    painter.setPen(_SOLID)
    painter.setBrush(QColor(colour))
    right, top = rect.right() + 1, rect.top()
    path = QPainterPath(QPointF(right - side, top))
    path.lineTo(right, top)
    path.lineTo(right, top + side)
    path.closeSubpath()
    painter.drawPath(path)
    painter.restore()
