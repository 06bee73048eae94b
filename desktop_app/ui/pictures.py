"""Every main page as a picture, drawn without a screen: for the README, for `demo`, and to look at."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEventLoop, QPoint, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.ui import jobs, theme
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.session import Session


def settle(milliseconds: int = 250) -> None:
    """Let layouts, timers and thumbnails come to rest."""
    until = time.monotonic() + milliseconds / 1000
    while time.monotonic() < until or jobs.running():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        time.sleep(0.002)


def grab(widget: QWidget, scale: float = 1.0) -> QImage:
    """The widget at a device pixel ratio of `scale`, whatever the screen's is."""
    size = widget.size()
    image = QImage(
        QSize(round(size.width() * scale), round(size.height() * scale)), QImage.Format.Format_RGB32
    )
    image.setDevicePixelRatio(scale)
    image.fill(theme.PAGE)
    painter = QPainter(image)
    widget.render(painter, QPoint(0, 0))
    painter.end()
    return image


def save_pictures(
    session: Session,
    folder: Path,
    size: tuple[int, int] = (1366, 768),
    scale: float = 1.0,
    pages: Sequence[str] | None = None,
    prefix: str = "",
) -> list[Path]:
    """Draw the main pages of the session's desk; `size` is logical, so 150 % on a laptop is 911×512 at 1.5."""
    folder.mkdir(parents=True, exist_ok=True)
    if QApplication.instance() is None:
        theme.apply(QApplication([]))
    window = MainWindow(session)
    window.resize(*size)
    window.show()
    saved: list[Path] = []
    try:
        for place in window.places:
            if pages is not None and place.key not in pages:
                continue
            window.show_page(place.key)
            settle()
            path = folder / f"{prefix}{window.overview.level}-{place.key}.png"
            grab(window, scale).save(str(path))
            saved.append(path)
    finally:
        window.hide()
        window.deleteLater()
        settle(20)
    return saved
