"""What the first page is made of: a figure with its word, a list of which every line leads somewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.ui import icons, theme
from desktop_app.ui.widgets.controls import Card, button, clear
from desktop_app.ui.widgets.labels import ElidedLabel, Label

SHOWN = 6


class Item(NamedTuple):
    """One line of a list: icon, colour, words, what stands at the right, and where a click leads."""

    icon: str
    colour: str
    words: str
    note: str
    page: str
    what: object


class Key(QWidget):
    """A figure with its word."""

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.value = Label("", "key")
        self.words = Label("", "note", "ink2")
        layout.addWidget(self.value)
        layout.addWidget(self.words)

    def set(self, value: str, words: str, tone: str = "") -> None:
        self.value.setText(value)
        self.value.set_tone(tone)
        self.words.setText(words)


class ItemList(Card):
    def __init__(self, title: str, go: Callable[[str, object], None]) -> None:
        super().__init__((16, 12, 16, 10), 6)
        self._go = go
        self.title = Label(title, "panel")
        self.body.addWidget(self.title)
        holder = QWidget()
        self._lines = QVBoxLayout(holder)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(theme.px(2))
        self.body.addWidget(holder)
        self.body.addStretch(1)

    def show_items(self, title: str, items: list[Item], empty: str) -> None:
        self.title.setText(title)
        clear(self._lines)
        for item in items[:SHOWN]:
            holder = QWidget()
            line = QHBoxLayout(holder)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(theme.px(8))
            sign = QLabel()
            sign.setPixmap(icons.pixmap(item.icon, item.colour, 16))
            line.addWidget(sign)
            link = button(item.words, "link", clicked=partial(self._go, item.page, item.what))
            link.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            link.setToolTip(item.words)
            line.addWidget(link, 3)
            line.addWidget(ElidedLabel(item.note, "note", theme.INK2, right=True), 2)
            self._lines.addWidget(holder)
        if len(items) > SHOWN:
            rest = button(_("还有 {count} 项…").format(count=len(items) - SHOWN), "link", role="note")
            rest.clicked.connect(lambda _checked=False: self._go(items[SHOWN].page, None))
            self._lines.addWidget(rest, 0, Qt.AlignmentFlag.AlignLeft)
        if not items:
            self._lines.addWidget(Label(empty, "body", "ink3"))
