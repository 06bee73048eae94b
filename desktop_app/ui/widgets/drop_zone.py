"""Where files are dropped: a dashed band with one sentence and a button, and the same for a whole page."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from desktop_app.ui import icons, theme
from desktop_app.ui.widgets.labels import Label


def dropped_paths(event: QDragEnterEvent | QDropEvent) -> list[Path]:
    """The local files of a drop; folders are answered with the files in them."""
    mime = event.mimeData()
    if not mime.hasUrls():
        return []
    found: list[Path] = []
    for url in mime.urls():
        if not url.isLocalFile():
            continue
        path = Path(url.toLocalFile())
        if path.is_dir():
            found.extend(
                sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith((".", "~$")))
            )
        else:
            found.append(path)
    return found


def dropped_places(event: QDragEnterEvent | QDropEvent) -> list[Path]:
    """What was let go of as it is: looking into a whole stick takes long and is for a job to do."""
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


class DropZone(QWidget):
    """The band.  `centred` puts sentence and button in the middle; otherwise they stand left."""

    dropped = Signal(list)

    def __init__(
        self,
        sentence: str,
        *buttons: QPushButton,
        centred: bool = False,
        note: str = "",
        folders: bool = False,
    ) -> None:
        """`folders` hands folders on as they are, for whoever looks into them away from the screen."""
        super().__init__()
        self._paths = dropped_places if folders else dropped_paths
        self.setAcceptDrops(True)
        self._over = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.px(52))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.px(16), 0, theme.px(14), 0)
        layout.setSpacing(theme.px(10))
        sign = QLabel()
        sign.setPixmap(icons.pixmap("upload", theme.ACCENT, 20))
        self.sentence = Label(sentence, "body", "accent")
        if centred:
            layout.addStretch(1)
        layout.addWidget(sign)
        layout.addWidget(self.sentence)
        for made in buttons:
            layout.addWidget(made)
        layout.addStretch(1)
        self.note = Label(note, "small", "ink2")
        if not centred:
            layout.addWidget(self.note)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            self._over = True
            self.update()
            event.acceptProposedAction()

    def dragLeaveEvent(self, event) -> None:
        self._over = False
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        self._over = False
        self.update()
        paths = self._paths(event)
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(theme.SELECTION if self._over else theme.HOVER))
        pen = QPen(QColor(theme.ACCENT), 1.5, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([4, 2.5])
        painter.setPen(pen)
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -2, -2), 4, 4)
        painter.end()
