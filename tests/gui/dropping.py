"""Letting go of files over a widget, as the window system would."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget


def drop(widget: QWidget, files: list[Path]) -> None:
    """Let go of files over the widget, as the window system would."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    middle = QPointF(widget.rect().center())
    action, buttons, keys = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, QDragEnterEvent(middle.toPoint(), action, mime, buttons, keys))
    QApplication.sendEvent(widget, QDropEvent(middle, action, mime, buttons, keys))
