"""Labels in the roles of the type scale: one line, elided, or wrapped with a height that holds all lines."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop_app.ui import icons, theme
from desktop_app.ui.widgets import painters


class Label(QLabel):
    """One line of text in a role and a tone ("", ink2, ink3, accent, red, amber, green, blue)."""

    def __init__(
        self, text: str = "", role: str = "body", tone: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self.setFont(theme.font(role))
        self.setTextFormat(Qt.TextFormat.PlainText)
        if tone:
            self.setProperty("tone", tone)

    def set_tone(self, tone: str) -> None:
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            # A style sheet looks at properties only when asked to.
            self.style().unpolish(self)
            self.style().polish(self)


def unbroken(text: str) -> str:
    """With a word joiner where a line must not break: Qt would part U from 盘."""
    return text.replace("U盘", "U\u2060盘")


class WrappedLabel(Label):
    """Several lines.  A word-wrapped label inside nested layouts is cut to its one-line hint, so this one asks for
    the height its present width needs."""

    def __init__(
        self, text: str = "", role: str = "body", tone: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(unbroken(text), role, tone, parent)
        self._laid_out = False
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)

    def setText(self, text: str) -> None:
        super().setText(unbroken(text))

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        # Before the first layout the width says nothing yet, and Qt's own guess is the better one.
        return QSize(hint.width(), self.heightForWidth(self.width())) if self._laid_out else hint

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(40), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._laid_out or event.size().width() != event.oldSize().width():
            self._laid_out = True
            self.updateGeometry()


class ElidedLabel(QWidget):
    """One line that gives way: what does not fit ends in an ellipsis, and stands in the tooltip."""

    def __init__(
        self, text: str = "", role: str = "body", colour: str = theme.INK, right: bool = False
    ) -> None:
        super().__init__()
        self._text, self._role, self._colour, self._right = text, role, colour, right
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def text(self) -> str:
        return self._text

    def setText(self, text: str) -> None:
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def set_look(self, role: str, colour: str) -> None:
        self._role, self._colour = role, colour
        self.update()

    def sizeHint(self) -> QSize:
        metrics = theme.metrics(self._role)
        return QSize(metrics.horizontalAdvance(self._text) + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(24), theme.metrics(self._role).height())

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        align = painters.RIGHT if self._right else painters.LEFT
        whole = painters.draw_text(painter, self.rect(), self._text, self._role, self._colour, align)
        painter.end()
        tip = "" if whole else self._text
        if self.toolTip() != tip:
            self.setToolTip(tip)


class IconLabel(QWidget):
    """An icon and its word in one colour."""

    def __init__(
        self, icon: str, text: str, role: str = "body", colour: str = theme.INK2, size: int = 16
    ) -> None:
        super().__init__()
        self._icon, self._text, self._role, self._colour, self._size = icon, text, role, colour, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def text(self) -> str:
        return self._text

    def set(self, icon: str, text: str, colour: str) -> None:
        self._icon, self._text, self._colour = icon, text, colour
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        if not self._text:
            return QSize(0, theme.metrics(self._role).height())
        metrics = theme.metrics(self._role)
        return QSize(theme.px(self._size + 6) + metrics.horizontalAdvance(self._text) + 2, metrics.height())

    def paintEvent(self, event) -> None:
        if not self._text:
            return
        painter = QPainter(self)
        side = theme.px(self._size)
        icons.draw(painter, 0, (self.height() - side) // 2, self._icon, self._colour, self._size)
        beside = self.rect().adjusted(side + theme.px(6), 0, 0, 0)
        painters.draw_text(painter, beside, self._text, self._role, self._colour)
        painter.end()


class LightLabel(QWidget):
    """A light with its word, as in a table cell."""

    def __init__(self, light: str = "none", word: str = "") -> None:
        super().__init__()
        self._light, self._word = light, word
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_light(self, light: str, word: str) -> None:
        self._light, self._word = light, word
        self.setAccessibleName(word)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = theme.metrics("note-bold")
        return QSize(theme.px(16) + metrics.horizontalAdvance(self._word) + 4, metrics.height())

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        painters.draw_light_word(painter, self.rect(), self._light, self._word)
        painter.end()
