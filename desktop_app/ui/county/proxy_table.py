"""The grid of 代录: where nothing can be typed, the first key already says why."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QMouseEvent

from desktop_app.ui.county.proxy_model import ProxyModel
from desktop_app.ui.township.entry_table import EntryTable

_CONTROL = Qt.KeyboardModifier.ControlModifier


def _writes(event: QKeyEvent) -> bool:
    """Whether a key would put something into a cell or take it out."""
    key = event.key()
    if event.modifiers() & _CONTROL:
        return key in (Qt.Key.Key_V, Qt.Key.Key_Equal, Qt.Key.Key_Plus)
    return key in (Qt.Key.Key_F2, Qt.Key.Key_Delete) or (bool(event.text()) and event.text().isprintable())


class ProxyTable(EntryTable):
    def __init__(self, model: ProxyModel) -> None:
        super().__init__(model)
        self._proxy_model = model

    def _refused(self) -> bool:
        """Nothing typed is swallowed: said in the status line and in the row."""
        words = self._proxy_model.refuse(self.currentIndex().row())
        if words:
            self.told.emit(words)
        return bool(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _writes(event) and self._refused():
            return
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if (event.commitString() or event.preeditString()) and self._refused():
            return
        super().inputMethodEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() in (
            self.entry_model.value_column,
            self.entry_model.hint_column,
        ):
            self._refused()
