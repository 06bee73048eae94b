"""One drawing as a pdf page of a given size, or as a picture of a given number of pixels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRect, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from desktop_app.core.i18n import _

Draw = Callable[[QPainter, QRect], None]
RESOLUTION = 144


def pdf(path: Path, size: tuple[float, float], draw: Draw, *, margin: float, title: str = "") -> None:
    """One page of `size` millimetres, with a margin on all sides."""
    _writable(path)
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QSizeF(*size), QPageSize.Unit.Millimeter))
    writer.setPageMargins(QMarginsF(margin, margin, margin, margin), QPageLayout.Unit.Millimeter)
    writer.setResolution(RESOLUTION)
    writer.setTitle(title or path.stem)
    writer.setCreator("taizhang")
    painter = QPainter()
    if not painter.begin(writer):
        raise OSError(_("写不了“{path}”").format(path=path))
    try:
        draw(painter, QRect(0, 0, writer.width(), writer.height()))
    finally:
        # A device that goes while it is painted on takes the whole program with it.
        painter.end()


def picture(path: Path, size: tuple[int, int], draw: Draw) -> None:
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    try:
        draw(painter, image.rect())
    finally:
        painter.end()
    save(image, path)


def save(image: QImage, path: Path) -> None:
    _writable(path)
    if not image.save(str(path)):
        raise OSError(_("写不了“{path}”").format(path=path))


def _writable(path: Path) -> None:
    """The system's own error where the file cannot be written, since Qt tells none."""
    with path.open("wb"):
        pass
