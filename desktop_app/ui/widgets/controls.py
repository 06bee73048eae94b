"""Small parts every page is made of: buttons, cards, rules, banners, segmented filters, key-value rows, chips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_app.ui import icons, theme
from desktop_app.ui.widgets.labels import Label, WrappedLabel

THIN = "\u2009"
"""Qt puts icon and text 4 px apart; a thin space in front of the word gives it air."""


def button(
    text: str,
    name: str = "",
    icon: str = "",
    clicked: Callable[[], object] | None = None,
    role: str | None = None,
) -> QPushButton:
    """A button; `name` is a style of the sheet: primary, danger, small, small_primary, link."""
    made = QPushButton(f"{THIN}{text}" if icon else text)
    if name:
        made.setObjectName(name)
    bold = name in ("primary", "small_primary")
    small = name.startswith("small")
    made.setFont(
        theme.font(
            role or ("strong" if bold and not small else "note-bold" if bold else "note" if small else "body")
        )
    )
    if icon:
        colour = {
            "primary": theme.WHITE,
            "small_primary": theme.WHITE,
            "danger": theme.RED,
            "link": theme.ACCENT,
        }.get(name, theme.INK2)
        made.setIcon(icons.icon(icon, colour, 16))
        made.setIconSize(QSize(theme.px(16), theme.px(16)))
    if name == "link":
        made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setAutoDefault(False)
    if clicked is not None:
        made.clicked.connect(lambda _checked=False: clicked())
    return made


def rule() -> QFrame:
    line = QFrame()
    line.setObjectName("rule")
    line.setFixedHeight(1)
    return line


def row(
    *parts: QWidget | int | None, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QHBoxLayout:
    """Widgets side by side; None stretches, a number is space."""
    layout = QHBoxLayout()
    layout.setContentsMargins(*(theme.px(m) for m in margins))
    layout.setSpacing(theme.px(spacing))
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(theme.px(part))
        else:
            layout.addWidget(part)
    return layout


def clear(layout: QLayout) -> None:
    """Take everything out and throw it away; hidden at once, since deleting comes later."""
    while layout.count():
        widget = layout.takeAt(0).widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def fitting(parent: QWidget | None, width: int, height: int) -> QSize:
    """The size a dialog asks for, and no larger than the window it belongs to: at 150 % a laptop has 911×512."""
    wanted = QSize(theme.px(width), theme.px(height))
    if parent is None:
        return wanted
    room = parent.window().size()
    return wanted.boundedTo(QSize(max(room.width(), theme.px(480)), max(room.height(), theme.px(320))))


class Card(QFrame):
    """A white sheet on the grey page."""

    def __init__(
        self, padding: tuple[int, int, int, int] = (14, 10, 14, 10), spacing: int = 8, name: str = "card"
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(*(theme.px(p) for p in padding))
        self.body.setSpacing(theme.px(spacing))


class ScrollPanel(QScrollArea):
    """A panel that scrolls inside, so that it never sets the window's height."""

    def __init__(self, padding: tuple[int, int, int, int] = (14, 10, 14, 10), spacing: int = 8) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.inside = QWidget()
        self.inside.setObjectName("scrolled")
        self.body = QVBoxLayout(self.inside)
        self.body.setContentsMargins(*(theme.px(p) for p in padding))
        self.body.setSpacing(theme.px(spacing))
        self.setWidget(self.inside)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(80), theme.px(60))


class Chip(QLabel):
    """A state in its tint."""

    def __init__(self, text: str = "", mood: str = "plain") -> None:
        super().__init__(text)
        self.setObjectName("chip")
        self.setFont(theme.font("note"))
        self.setProperty("mood", mood)

    def set(self, text: str, mood: str) -> None:
        self.setText(text)
        self.setProperty("mood", mood)
        self.style().unpolish(self)
        self.style().polish(self)


class Banner(QFrame):
    """A remark or a warning: tint with a bar at the left, the first line bold."""

    MOODS: ClassVar[dict[str, str]] = {
        "bad": theme.RED,
        "warn": theme.AMBER,
        "info": theme.BLUE,
        "ok": theme.GREEN,
        "plain": theme.INK2,
    }

    def __init__(self, mood: str = "info", title: str = "", text: str = "", icon: str = "") -> None:
        super().__init__()
        self.setObjectName("banner")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(theme.px(12), theme.px(8), theme.px(10), theme.px(8))
        self.body.setSpacing(theme.px(4))
        self._icon = QLabel()
        self._title = Label(title, "strong")
        self._text = WrappedLabel(text, "note")
        self.head = QHBoxLayout()
        self.head.setSpacing(theme.px(8))
        self.head.addWidget(self._icon)
        self.head.addWidget(self._title, 1)
        self.body.addLayout(self.head)
        self.body.addWidget(self._text)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(theme.px(8))
        self._mood, self._icon_name = "", icon
        self.set(mood, title, text, icon)

    def set(self, mood: str, title: str, text: str = "", icon: str = "") -> None:
        colour = self.MOODS[mood]
        self._title.setText(title)
        self._title.set_tone(
            {"bad": "red", "warn": "amber", "info": "blue", "ok": "green", "plain": ""}[mood]
        )
        self._icon.setVisible(bool(icon))
        if icon:
            self._icon.setPixmap(icons.pixmap(icon, colour, 16))
        self._text.setText(text)
        self._text.setVisible(bool(text))
        if mood != self._mood:
            self._mood = mood
            self.setProperty("mood", mood)
            self.style().unpolish(self)
            self.style().polish(self)

    def title(self) -> str:
        return self._title.text()

    def text(self) -> str:
        return self._text.text()

    def add_buttons(self, *buttons: QPushButton) -> None:
        if self.buttons.parent() is None:
            self.body.addLayout(self.buttons)
        for made in buttons:
            self.buttons.addWidget(made)
        self.buttons.addStretch(1)


class SegmentedFilter(QWidget):
    """Filters side by side with their counts; exactly one is chosen."""

    chosen = Signal(str)

    def __init__(self, segments: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__()
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._buttons: dict[str, QPushButton] = {}
        self._words: dict[str, str] = {}
        self.current = ""
        if segments:
            self.set_segments(segments)

    def set_segments(self, segments: Sequence[tuple[str, str]]) -> None:
        """(key, word) pairs; the chosen one stays where its key remains."""
        keys = [key for key, _word in segments]
        if keys != list(self._buttons):
            for old in self._buttons.values():
                self._layout.removeWidget(old)
                old.deleteLater()
            self._buttons = {}
            for number, key in enumerate(keys):
                made = QPushButton()
                made.setObjectName("seg")
                made.setCheckable(True)
                made.setProperty("first", number == 0)
                made.clicked.connect(lambda _checked=False, key=key: self.choose(key))
                self._buttons[key] = made
                self._layout.addWidget(made)
        for key, word in segments:
            self._words[key] = word
            self._buttons[key].setText(word)
        if self.current not in self._buttons and keys:
            self.current = keys[0]
        self._mark()

    def _mark(self) -> None:
        for key, made in self._buttons.items():
            made.setChecked(key == self.current)
            made.setFont(theme.font("strong" if key == self.current else "body"))

    def choose(self, key: str) -> None:
        if key not in self._buttons:
            return
        different = key != self.current
        self.current = key
        self._mark()
        if different:
            self.chosen.emit(key)

    def word(self, key: str) -> str:
        return self._words.get(key, "")


class FactRows(QWidget):
    """Key and value, line by line: the key grey at the left, the value at the right (or beside it)."""

    def __init__(self, right: bool = True, key_width: int = 0, spacing: int = 7, role: str = "note") -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(theme.px(spacing))
        self._grid.setHorizontalSpacing(theme.px(12))
        self._right, self._key_width, self._role = right, key_width, role
        self._rows: list[tuple[Label, Label]] = []
        self._grid.setColumnStretch(1, 1)

    def set_facts(self, facts: Sequence[tuple[str, str]], tones: dict[str, str] | None = None) -> None:
        while len(self._rows) < len(facts):
            key = Label("", self._role, "ink2")
            value = Label("", self._role) if self._right else WrappedLabel("", self._role)
            align = Qt.AlignmentFlag.AlignRight if self._right else Qt.AlignmentFlag.AlignLeft
            value.setAlignment(align | Qt.AlignmentFlag.AlignTop)
            key.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            if self._key_width:
                key.setMinimumWidth(theme.px(self._key_width))
            number = len(self._rows)
            self._grid.addWidget(key, number, 0)
            self._grid.addWidget(value, number, 1)
            self._rows.append((key, value))
        for number, (key, value) in enumerate(self._rows):
            shown = number < len(facts)
            key.setVisible(shown)
            value.setVisible(shown)
            if shown:
                key.setText(facts[number][0])
                value.setText(facts[number][1])
                value.set_tone((tones or {}).get(facts[number][0], ""))

    def facts(self) -> list[tuple[str, str]]:
        return [(k.text(), v.text()) for k, v in self._rows if not k.isHidden()]


class EmptyState(QWidget):
    """What belongs here, how it gets here, and the button; no pictures."""

    def __init__(self, what: str, how: str = "", action: QPushButton | None = None) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.px(8))
        layout.addStretch(2)
        self.what = Label(what, "panel")
        self.how = Label(how, "note", "ink2")
        for label in (self.what, self.how):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            layout.addWidget(label)
        if action is not None:
            layout.addSpacing(theme.px(4))
            layout.addLayout(row(None, action, None))
        layout.addStretch(3)

    def set(self, what: str, how: str = "") -> None:
        self.what.setText(what)
        self.how.setText(how)
