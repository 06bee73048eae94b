"""One drawing as a pdf page of a given size, or as a picture of a given number of pixels."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRect, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from desktop_app.core.disks import write_whole
from desktop_app.core.i18n import _

Draw = Callable[[QPainter, QRect], None]
RESOLUTION = 144


def pdf(path: Path, size: tuple[float, float], draw: Draw, *, margin: float, title: str = "") -> None:
    """One page of `size` millimetres, with a margin on all sides."""
    with pdf_file(path) as writer:
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


@contextlib.contextmanager
def pdf_file(path: Path) -> Iterator[QPdfWriter]:
    """Pages to be drawn, and the file of them once they are.  OSError where it cannot be written.

    They are drawn into memory: of a disk that is full Qt says nothing, and leaves half a file under the name of the
    whole.
    """
    content = QBuffer()
    content.open(QIODevice.OpenModeFlag.WriteOnly)
    yield QPdfWriter(content)
    write_whole(path, bytes(content.data().data()))


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
    content = QBuffer()
    content.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(content, path.suffix[1:].upper()):  # type: ignore[call-overload]
        raise OSError(_("写不了“{path}”").format(path=path))
    write_whole(path, bytes(content.data().data()))
