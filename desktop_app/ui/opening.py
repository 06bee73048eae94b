"""What is seen while the desk is being opened: its window as it was left, or the program's name on its own colours.

It comes before everything else, so it imports the least there is: no style, no fonts, and nothing of Qt's large name
space (`Qt` itself takes longer to make than this whole window).  The picture is taken when a desk is closed, lies in
the desk's own folder, and carries a veil that says that it is being opened.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage, QImageReader, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop_app import __version__
from desktop_app.core.i18n import _
from desktop_app.core.paths import DESK_PICTURE

_DRAWN_AS, _RATIO = "drawn-as", "ratio"


def manner(language: str, large_text: bool) -> str:
    """What a picture must have been drawn as, to stand for the window that comes."""
    return f"{__version__} {language or 'zh'} {'large' if large_text else 'plain'}"


class Opening(QWidget):
    """Where the window that will take its place stood; it does nothing and goes when that one is there."""

    def __init__(self, folder: Path | None = None, drawn_as: str = "", place: str = "") -> None:
        super().__init__()
        self.setWindowTitle(_("民生实事台账"))
        room = self.screen().availableGeometry()
        self.resize(min(room.width(), 1440), min(room.height(), 900))
        self._placed = bool(place) and self.restoreGeometry(QByteArray.fromBase64(place.encode()))
        self._maximized = not self._placed and room.width() <= 1440
        self._picture = _kept(folder, drawn_as) if folder is not None else None

    def begin(self) -> None:
        if self._maximized:
            self.showMaximized()
        else:
            self.show()

    def forget_picture(self) -> None:
        """The desk is not to be had; what it looked like must not stand behind the words that say so."""
        self._picture = None
        self.update()

    def shows_picture(self) -> bool:
        """Whether there is one, made for a window of this size on such a screen."""
        return self._picture is not None and self._fits(self._picture)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._picture is not None and self.shows_picture():
            self._picture.setDevicePixelRatio(self.devicePixelRatio())
            painter.drawImage(0, 0, self._picture)
        else:
            _draw_plain(self, painter)
        painter.end()

    def _fits(self, picture: QImage) -> bool:
        ratio = self.devicePixelRatio()
        same = picture.text(_RATIO) == f"{ratio:g}"
        return (
            same
            and picture.width() == round(self.width() * ratio)
            and picture.height() == round(self.height() * ratio)
        )


def _kept(folder: Path, drawn_as: str) -> QImage | None:
    file = folder / DESK_PICTURE
    if not file.is_file():
        return None
    reader = QImageReader(str(file), b"png")
    if reader.text(_DRAWN_AS) != drawn_as:
        return None
    picture = reader.read()
    return None if picture.isNull() else picture


def _draw_plain(widget: QWidget, painter: QPainter) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QColor

    from desktop_app.ui import theme

    room = widget.rect()
    painter.fillRect(room, QColor(theme.PAGE))
    bar = widget.rect()
    bar.setHeight(theme.px(44))
    painter.fillRect(bar, QColor(theme.BAR))
    painter.setPen(QColor(theme.WHITE))
    painter.setFont(theme.font("strong"))
    painter.drawText(bar.adjusted(theme.px(16), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, _("民生实事台账"))
    painter.setPen(QColor(theme.INK2))
    painter.setFont(theme.font("body"))
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, _("正在打开…"))


def keep(window: QWidget, folder: Path, drawn_as: str) -> None:
    """Keep what the window looks like now, for the next time it is opened.  Best effort: without it the next start
    shows the program's name."""
    from PySide6.QtGui import QImageWriter

    picture = window.grab().toImage()
    ratio = picture.devicePixelRatio()
    _veil(picture)
    picture = picture.convertToFormat(QImage.Format.Format_RGB32)
    picture.setText(_DRAWN_AS, drawn_as)
    picture.setText(_RATIO, f"{ratio:g}")
    part = folder / f".{DESK_PICTURE}.part"
    with contextlib.suppress(OSError):
        if QImageWriter(str(part), b"png").write(picture):
            os.replace(part, folder / DESK_PICTURE)
        else:
            part.unlink(missing_ok=True)


def _veil(picture: QImage) -> None:
    """Paler than the real window, with a word in the middle: nobody shall think that it answers."""
    from PySide6.QtCore import QRect, QRectF, Qt
    from PySide6.QtGui import QColor

    from desktop_app.ui import theme

    ratio = picture.devicePixelRatio()
    room = QRect(0, 0, round(picture.width() / ratio), round(picture.height() / ratio))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    veil = QColor(theme.PAGE)
    veil.setAlpha(110)
    painter.fillRect(room, veil)
    word = QRectF(0, 0, theme.px(180), theme.px(48))
    word.moveCenter(room.toRectF().center())
    painter.setPen(QColor(theme.LINE2))
    painter.setBrush(QColor(theme.WHITE))
    painter.drawRoundedRect(word, theme.px(6), theme.px(6))
    painter.setPen(QColor(theme.INK))
    painter.setFont(theme.font("strong"))
    painter.drawText(word, Qt.AlignmentFlag.AlignCenter, _("正在打开…"))
    painter.end()
