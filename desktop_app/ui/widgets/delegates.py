"""How one cell of a table looks.  A cell painter knows nothing of models: it gets the record and draws it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter

from desktop_app.ui import icons, theme
from desktop_app.ui.widgets import painters

INSET = 8
"""Space at the left and right of what stands in a cell."""


def inset(rect: QRect) -> QRect:
    side = theme.px(INSET)
    return rect.adjusted(side, 0, -side, 0)


class CellPainter:
    """Draws one cell's content; the row's background is there already."""

    def paint(self, painter: QPainter, rect: QRect, record: Any, column: Any, current: bool) -> None:
        raise NotImplementedError

    def width(self, record: Any, column: Any) -> int:
        """What the content needs; tests look here for cells that would be cut."""
        return 0


class TextCell(CellPainter):
    """Plain text in the column's font; `tone` gives a colour and a font role by record."""

    def __init__(self, tone: Callable[[Any], tuple[str, str]] | None = None) -> None:
        self.tone = tone

    def paint(self, painter: QPainter, rect: QRect, record: Any, column: Any, current: bool) -> None:
        colour, role = self.tone(record) if self.tone else (column.colour, column.role)
        align = painters.RIGHT if column.right else painters.LEFT
        painters.draw_text(painter, inset(rect), column.text(record), role, colour, align)

    def width(self, record: Any, column: Any) -> int:
        role = self.tone(record)[1] if self.tone else column.role
        return theme.metrics(role).horizontalAdvance(column.text(record)) + 2 * theme.px(INSET)


class NumberCell(TextCell):
    """Right-aligned; zero and nothing stand back so that the rest stands out."""

    def paint(self, painter: QPainter, rect: QRect, record: Any, column: Any, current: bool) -> None:
        text = column.text(record)
        if self.tone:
            colour, role = self.tone(record)
        else:
            faint = text in ("0", "–", "")
            colour, role = (theme.INK3 if faint else column.colour), column.role
        painters.draw_text(painter, inset(rect), text, role, colour, painters.RIGHT)


class LightCell(CellPainter):
    """A light's shape and word."""

    def __init__(self, light: Callable[[Any], str]) -> None:
        self.light = light

    def paint(self, painter: QPainter, rect: QRect, record: Any, column: Any, current: bool) -> None:
        painters.draw_light_word(painter, inset(rect), self.light(record), column.text(record))

    def width(self, record: Any, column: Any) -> int:
        return (
            theme.metrics("note-bold").horizontalAdvance(column.text(record))
            + theme.px(16)
            + 2 * theme.px(INSET)
        )


class ProgressCell(CellPainter):
    """The bar with the 应达 tick, and the percent at the right in a fixed width."""

    NUMBER = 46

    def __init__(
        self,
        state: Callable[[Any], tuple[Fraction | None, Fraction | None, str]],
        tone: Callable[[Any], tuple[str, str]] | None = None,
    ) -> None:
        self.state = state
        self.tone = tone

    def paint(self, painter: QPainter, rect: QRect, record: Any, column: Any, current: bool) -> None:
        done, expected, light = self.state(record)
        inner = inset(rect)
        number = theme.px(self.NUMBER)
        bar = QRect(inner.left(), inner.top(), max(0, inner.width() - number - theme.px(2)), inner.height())
        if bar.width() > theme.px(24):
            painters.draw_progress(painter, bar, done, expected, light)
        text = column.text(record)
        colour, role = self.tone(record) if self.tone else (theme.INK, "body")
        painters.draw_text(
            painter,
            QRect(inner.right() - number, inner.top(), number + 1, inner.height()),
            text,
            role,
            colour,
            painters.RIGHT,
        )


class IconTextCell(CellPainter):
    """An icon with its word; `look` gives icon name, colour and font role, `ink` another colour for the word."""

    def __init__(self, look: Callable[[Any], tuple[str, str, str]], size: int = 16, ink: str = "") -> None:
        self.look = look
        self.size = size
        self.ink = ink

    def paint(self, painter: QPainter, rect: QRect, record: Any, column: Any, current: bool) -> None:
        name, colour, role = self.look(record)
        inner = inset(rect)
        gap = 0
        if name:
            side = theme.px(self.size)
            icons.draw(
                painter, inner.left(), inner.top() + (inner.height() - side) // 2, name, colour, self.size
            )
            gap = side + theme.px(5)
        words = column.text(record)
        painters.draw_text(painter, inner.adjusted(gap, 0, 0, 0), words, role, self.ink or colour)

    def width(self, record: Any, column: Any) -> int:
        name, _colour, role = self.look(record)
        return (
            theme.metrics(role).horizontalAdvance(column.text(record))
            + (theme.px(self.size + 5) if name else 0)
            + 2 * theme.px(INSET)
        )


class IconCell(CellPainter):
    """The one icon that stands without a word: the remark mark of a row, explained by its tooltip."""

    def __init__(self, look: Callable[[Any], tuple[str, str]], size: int = 16) -> None:
        self.look = look
        self.size = size

    def paint(self, painter: QPainter, rect: QRect, record: Any, column: Any, current: bool) -> None:
        name, colour = self.look(record)
        if name:
            side = theme.px(self.size)
            icons.draw(
                painter,
                rect.left() + (rect.width() - side) // 2,
                rect.top() + (rect.height() - side) // 2,
                name,
                colour,
                self.size,
            )


class ChipCell(CellPainter):
    """A state in its tint."""

    def __init__(self, mood: Callable[[Any], str]) -> None:
        self.mood = mood

    def paint(self, painter: QPainter, rect: QRect, record: Any, column: Any, current: bool) -> None:
        text = column.text(record)
        if text:
            painters.draw_chip(painter, inset(rect), text, self.mood(record))

    def width(self, record: Any, column: Any) -> int:
        return theme.metrics("note").horizontalAdvance(column.text(record)) + theme.px(14 + 2 * INSET)


class ActionCell(CellPainter):
    """A button where the row needs work (filled for the current row), a plain link otherwise."""

    def __init__(self, needs_work: Callable[[Any], bool]) -> None:
        self.needs_work = needs_work

    def paint(self, painter: QPainter, rect: QRect, record: Any, column: Any, current: bool) -> None:
        words = column.text(record)
        if not words:
            return
        inner = rect.adjusted(theme.px(6), 0, -theme.px(6), 0)
        if self.needs_work(record):
            painters.draw_button(painter, inner, words, current)
        else:
            painters.draw_text(painter, inner, words, "note", theme.ACCENT, painters.CENTRE)


def fill(painter: QPainter, rect: QRect, colour: str) -> None:
    painter.fillRect(rect, QColor(colour))
