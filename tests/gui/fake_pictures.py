"""Evidence that looks like evidence: a bathroom with handrails, a door with a ramp, a form, a meeting."""

from __future__ import annotations

import hashlib

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPen, QPolygonF

SIZE = (640, 448)


def _finish(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def _start(top: str, bottom: str) -> tuple[QImage, QPainter]:
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    gradient = QLinearGradient(0, 0, 0, SIZE[1])
    gradient.setColorAt(0, QColor(top))
    gradient.setColorAt(1, QColor(bottom))
    painter.fillRect(image.rect(), gradient)
    painter.setPen(Qt.PenStyle.NoPen)
    return image, painter


def bathroom(after: bool, seed: int) -> bytes:
    image, painter = _start("#D9D1C2", "#CFC5B3")
    painter.setPen(QPen(QColor("#C4BAA8"), 2))
    for x in range(0, 640, 58):
        painter.drawLine(x, 0, x, 360)
    for y in range(0, 360, 46):
        painter.drawLine(0, y, 640, y)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#A79E8E"))
    painter.drawRect(0, 350, 640, 98)
    painter.setBrush(QColor("#F4F3EE"))
    shift = seed % 5 * 14
    painter.drawPolygon(
        QPolygonF(
            [
                QPointF(360 + shift, 235),
                QPointF(490 + shift, 235),
                QPointF(460 + shift, 400),
                QPointF(390 + shift, 400),
            ]
        )
    )
    painter.drawRect(345 + shift, 200, 160, 36)
    if after:
        painter.setPen(QPen(QColor("#FBFBF8"), 20, c=Qt.PenCapStyle.RoundCap))
        painter.drawPolyline(QPolygonF([QPointF(190, 165), QPointF(190, 280), QPointF(300, 280)]))
        painter.drawPolyline(QPolygonF([QPointF(560, 170), QPointF(560, 300), QPointF(620, 300)]))
        painter.setPen(QPen(QColor("#C4372C"), 14))
        painter.drawLine(190, 166, 190, 190)
        painter.fillRect(60, 360, 220, 44, QColor("#7D95A3"))
    else:
        painter.fillRect(70, 230, 130, 150, QColor("#8C8070"))
        painter.fillRect(84, 190, 100, 44, QColor("#A4988A"))
    painter.end()
    return _finish(image)


def house(after: bool, seed: int) -> bytes:
    image, painter = _start("#BCD0DB", "#DDE5DD")
    painter.fillRect(0, 330, 640, 118, QColor("#A9AFA2"))
    painter.fillRect(0, 150, 170, 190, QColor("#9DB08F"))
    painter.fillRect(150, 60, 490, 290, QColor("#B9825F" if seed % 2 else "#B27B5C"))
    painter.setPen(QPen(QColor("#A06C4C"), 2))
    for y in range(60, 350, 22):
        painter.drawLine(150, y, 640, y)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.fillRect(350, 135, 120, 215, QColor("#5A4231"))
    for x in (205, 520):
        painter.fillRect(x, 130, 90, 76, QColor("#7FA3BE"))
    if after:
        painter.setBrush(QColor("#C9C6BE"))
        painter.drawPolygon(
            QPolygonF([QPointF(350, 350), QPointF(470, 350), QPointF(300, 448), QPointF(60, 448)])
        )
        painter.setPen(QPen(QColor("#6E94B4"), 9))
        painter.drawLine(80, 400, 345, 290)
        for x, y in ((80, 400), (170, 362), (260, 326), (345, 290)):
            painter.drawLine(x, y, x, y + 52)
    else:
        for step in range(4):
            painter.fillRect(330 - step * 26, 350 + step * 24, 160 + step * 52, 20, QColor("#8F8A80"))
    painter.end()
    return _finish(image)


def form(seed: int) -> bytes:
    image, painter = _start("#B3AA9C", "#A2988A")
    painter.setBrush(QColor("#FDFDFB"))
    painter.drawPolygon(QPolygonF([QPointF(130, 18), QPointF(520, 10), QPointF(535, 440), QPointF(115, 446)]))
    painter.fillRect(240, 62, 160, 12, QColor("#2A2A2A"))
    painter.setPen(QPen(QColor("#8A8A86"), 3))
    for y in range(118, 350, 28):
        painter.drawLine(165, y, 490, y)
    for x in (165, 245, 330, 410, 490):
        painter.drawLine(x, 118, x, 342)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor("#C8372D"), 7))
    painter.drawEllipse(QRectF(380 + seed % 4 * 8, 330, 84, 84))
    painter.end()
    return _finish(image)


def meeting(seed: int) -> bytes:
    image, painter = _start("#E3E6DF", "#C9D2C4")
    painter.fillRect(370, 50, 150, 44, QColor("#9C2F27"))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.fillRect(0, 380, 640, 68, QColor("#7C5B3B"))
    for number, colour in enumerate(("#3F4B57", "#72484A", "#54674F", "#5C6272", "#334A5E")):
        x = 40 + number * 118
        painter.setBrush(QColor("#4A413B"))
        painter.drawEllipse(QPointF(x + 46, 220), 34, 40)
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(x, 256, 92, 140, 30, 30)
    painter.end()
    return _finish(image)


_made: dict[tuple[str, int], bytes] = {}


def picture(kind: str, seed: int = 0) -> tuple[str, bytes]:
    """(sha256, bytes) of a picture of that kind; the same seed gives the same bytes."""
    key = (kind, seed)
    if key not in _made:
        drawn = {
            "bath-before": lambda: bathroom(False, seed),
            "bath-after": lambda: bathroom(True, seed),
            "house-before": lambda: house(False, seed),
            "house-after": lambda: house(True, seed),
            "form": lambda: form(seed),
            "meeting": lambda: meeting(seed),
        }[kind]()
        _made[key] = drawn
    data = _made[key]
    return hashlib.sha256(data).hexdigest(), data
