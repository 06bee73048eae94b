"""Icons: Tabler's outline set, coloured when asked for and kept by name, colour, size and pixel ratio.

An icon never stands alone without a word, so nothing here carries an accessible name of its own.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap

from desktop_app.core import paths
from desktop_app.ui import theme

FOLDER = paths.RESOURCES / "icons"


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    return (FOLDER / f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=512)
def _pixmap(name: str, colour: str, size: int, dpr: float) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer  # half of what is shown first needs no drawing of SVG

    drawn = QPixmap(QSize(round(size * dpr), round(size * dpr)))
    drawn.setDevicePixelRatio(dpr)
    drawn.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    painter = QPainter(drawn)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return drawn


def pixmap(name: str, colour: str = theme.INK2, size: int = 16, dpr: float | None = None) -> QPixmap:
    """The icon as a picture of `size` logical pixels (grown by the text setting)."""
    if dpr is None:
        application = QGuiApplication.instance()
        dpr = application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0
    return _pixmap(name, colour, theme.px(size), dpr)


def icon(name: str, colour: str = theme.INK2, size: int = 16) -> QIcon:
    made = QIcon(pixmap(name, colour, size))
    # A button that is switched off shows its icon as pale as its word.
    made.addPixmap(pixmap(name, "#8792A0", size), QIcon.Mode.Disabled)
    return made


def draw(painter: QPainter, x: int, y: int, name: str, colour: str, size: int = 16) -> None:
    """Draw with the top left corner at (x, y) on any device."""
    device = painter.device()
    painter.drawPixmap(x, y, pixmap(name, colour, size, device.devicePixelRatio()))
