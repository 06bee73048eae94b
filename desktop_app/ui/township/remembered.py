"""How a person left a page's filters, on this computer and for this unit."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox

from desktop_app.ui.preferences import Preferences
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import SegmentedFilter


class Remembered:
    """What is kept of one page; words only, none of them about people."""

    def __init__(self, session: Session, page: str) -> None:
        self.preferences = Preferences()
        self._at = f"{page}/{session.desk.unit}"

    def filter(self, chosen: SegmentedFilter) -> None:
        """Begin with the segment of last time; one that is not there any more falls back to the first."""
        chosen.current = self.preferences.text(f"{self._at}/filter")
        chosen.chosen.connect(lambda key: self.preferences.set_text(f"{self._at}/filter", key))

    def choice(self, box: QComboBox) -> None:
        box.activated.connect(
            lambda _number: self.preferences.set_text(f"{self._at}/choice", str(box.currentData() or ""))
        )

    def chosen(self) -> str:
        return self.preferences.text(f"{self._at}/choice")
