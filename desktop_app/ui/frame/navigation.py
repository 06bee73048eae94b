"""The navigation at the left: words beside icons, or below them when the window is narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.ui import icons, theme
from desktop_app.ui.widgets import painters

if TYPE_CHECKING:
    from desktop_app.ui.frame.desks import Place

WIDE, NARROW = 112, 60
TALL, FLAT = 40, 32
"""The height of an entry; where many stand on a low screen they give way before the list begins to scroll."""
STACKED, LEAST_STACKED = 46, 42
"""The same with the word below the icon."""


class NavigationButton(QAbstractButton):
    """One place, with the number of things waiting there."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.compact = False
        self.height_wanted = theme.px(TALL)
        self.stacked_height = theme.px(STACKED)
        self.badge = 0
        self.setCheckable(True)
        self.setAccessibleName(place.word)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        return (
            QSize(theme.px(NARROW), self.stacked_height)
            if self.compact
            else QSize(theme.px(WIDE), self.height_wanted)
        )

    def set_badge(self, count: int) -> None:
        if count != self.badge:
            self.badge = count
            self.setAccessibleName(f"{self.place.word} {count}" if count else self.place.word)
            self.update()

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        on = self.isChecked()
        colour = theme.ACCENT if on else theme.INK2
        if on:
            painter.fillRect(self.rect(), QColor(theme.WHITE))
            painter.fillRect(QRect(0, 0, 3, self.height()), QColor(theme.ACCENT))
        elif self.underMouse():
            painter.fillRect(self.rect(), QColor(theme.HOVER))
        if self.compact:
            side = theme.px(18)
            icons.draw(painter, (self.width() - side) // 2, theme.px(5), self.place.icon, colour, 18)
            words = self.place.word
            box = QRect(0, self.height() - theme.px(21), self.width(), theme.px(18))
            painters.draw_text(
                painter,
                box,
                words,
                "tiny-bold" if on else "tiny",
                colour if on else theme.INK,
                painters.CENTRE,
            )
            if self.badge:
                self._draw_badge(painter)
        else:
            side = theme.px(18)
            icons.draw(painter, theme.px(17), (self.height() - side) // 2, self.place.icon, colour, 18)
            words = f"{self.place.word} {self.badge}" if self.badge else self.place.word
            box = self.rect().adjusted(theme.px(44), 0, -2, 0)
            painters.draw_text(painter, box, words, "nav-bold" if on else "nav", colour if on else theme.INK)
        if self.hasFocus():
            painter.setPen(QColor(theme.ACCENT))
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))
            painter.drawRect(self.rect().adjusted(2, 2, -3, -3))
        painter.end()

    def _draw_badge(self, painter: QPainter) -> None:
        words = str(self.badge) if self.badge < 100 else "99+"
        metrics = theme.metrics("tiny-bold")
        width = max(theme.px(16), metrics.horizontalAdvance(words) + theme.px(6))
        # Two digits must not run out at the edge, where the list has a scroll bar.
        left = min(self.width() // 2 + theme.px(6), self.width() - width - 1)
        box = QRect(left, theme.px(2), width, theme.px(15))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.ACCENT))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.restore()
        painters.draw_text(painter, box, words, "tiny-bold", theme.WHITE, painters.CENTRE)

    def enterEvent(self, event) -> None:
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event) -> None:
        self.update()
        super().leaveEvent(event)


class Navigation(QFrame):
    chosen = Signal(str)

    def __init__(self, places: list[Place]) -> None:
        super().__init__()
        self.setObjectName("nav")
        self.places = places
        self.compact = False
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, theme.px(8), 1, theme.px(6))
        outer.setSpacing(0)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.buttons: dict[str, NavigationButton] = {}
        for place in places:
            made = NavigationButton(place)
            made.clicked.connect(lambda _checked=False, key=place.key: self.chosen.emit(key))
            self.buttons[place.key] = made
            if place.key != "settings":
                layout.addWidget(made)
        layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setObjectName("nav_scroll")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        scroll.setMinimumHeight(theme.px(80))
        outer.addWidget(scroll, 1)
        if "settings" in self.buttons:
            outer.addWidget(self.buttons["settings"])
        self.set_compact(False)

    def set_compact(self, compact: bool) -> None:
        self.compact = compact
        self.setFixedWidth(theme.px(NARROW if compact else WIDE))
        for made in self.buttons.values():
            made.compact = compact
            made.updateGeometry()
            made.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        shown = [made for made in self.buttons.values() if not made.isHidden()]
        room = self.height() - theme.px(14)
        each = room // max(len(shown), 1)
        height = max(theme.px(FLAT), min(theme.px(TALL), each))
        stacked = max(theme.px(LEAST_STACKED), min(theme.px(STACKED), each))
        if shown and (shown[0].height_wanted, shown[0].stacked_height) != (height, stacked):
            for made in self.buttons.values():
                made.height_wanted, made.stacked_height = height, stacked
                made.updateGeometry()

    def mark(self, key: str) -> None:
        # Not auto-exclusive: 设置 stands outside the part that scrolls, under another parent.
        for name, made in self.buttons.items():
            made.setChecked(name == key)
