"""Words in the manual: every line that holds them, the titles first, and what such a line looks like in a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QTextDocument
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.ui import theme

MOST = 200
"""So many lines are listed; whoever finds more than that looks for another word."""
LAST = "command-line"
"""The chapter for technicians comes after all others: it names everything there is."""
HIT = Qt.ItemDataRole.UserRole


class Block(NamedTuple):
    """A line as the reader lays it out: `place` is where it begins, `level` a heading's (0 for text)."""

    place: int
    text: str
    level: int


class Hit(NamedTuple):
    """A line of a chapter that holds the words; `at` is where the first of them stands in it."""

    chapter: int
    title: str
    block: Block
    at: int
    word: str

    @property
    def place(self) -> int:
        return self.block.place + self.at


def blocks(markdown: str) -> list[Block]:
    """The lines of a chapter, at the places where the reader has them."""
    document = QTextDocument()
    document.setMarkdown(markdown)
    found = []
    block = document.begin()
    while block.isValid():
        if block.text().strip():
            found.append(Block(block.position(), block.text(), block.blockFormat().headingLevel()))
        block = block.next()
    return found


def find(words: str, chapters: Sequence[tuple[str, str, Sequence[Block]]]) -> list[Hit]:
    """`chapters` are (file name, title, lines).  Every one of the words must stand in the line: first the chapters
    that are called so, then headings, then text, each in the manual's order."""
    wanted = words.casefold().split()
    ranked: list[tuple[tuple[bool, int, int, int], Hit]] = []
    for number, (name, title, lines) in enumerate(chapters):
        for block in lines:
            plain = block.text.casefold()
            if not wanted or not all(word in plain for word in wanted):
                continue
            at = plain.index(wanted[0])
            rank = (LAST in name, block.level or 9, number, block.place)
            ranked.append((rank, Hit(number, title, block, at, wanted[0])))
    return [hit for _rank, hit in sorted(ranked, key=lambda item: item[0])][:MOST]


def around(text: str, at: int, room: int = 9) -> tuple[str, int]:
    """The line from shortly before the word on, and where the word stands in that."""
    start = max(0, at - room) if at > room else 0
    return ("…" if start else "") + text[start:], at - start + bool(start)


class HitDelegate(QStyledItemDelegate):
    """The chapter above, the line below it with the word in bold."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(theme.px(120), theme.px(50))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        hit: Hit = index.data(HIT)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        if option.state & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            painter.fillRect(rect, QColor(theme.SELECTION))
        box = rect.adjusted(theme.px(10), theme.px(5), -theme.px(6), -theme.px(4))
        half = box.height() // 2
        upper, lower = QRect(box), QRect(box)
        upper.setHeight(half)
        lower.setTop(box.top() + half)
        self._words(painter, upper, hit.title, "note", theme.INK2)
        text, at = around(hit.block.text, hit.at)
        place = QRect(lower)
        whole = "strong" if hit.block.level else "body"
        for part, role, colour in (
            (text[:at], whole, theme.INK),
            (text[at : at + len(hit.word)], "strong", theme.ACCENT),
            (text[at + len(hit.word) :], whole, theme.INK),
        ):
            place.setLeft(self._words(painter, place, part, role, colour))

    @staticmethod
    def _words(painter: QPainter, box: QRect, words: str, role: str, colour: str) -> int:
        """Draws what fits; answers where it ends."""
        if not words or box.width() <= 0:
            return box.left()
        metrics = theme.metrics(role)
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, box.width())
        painter.setFont(theme.font(role))
        painter.setPen(QColor(colour))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
        return box.left() + metrics.horizontalAdvance(shown)
