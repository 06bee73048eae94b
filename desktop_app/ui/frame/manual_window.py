"""使用手册: the chapters of docs/manual, read without a network; F1 opens the one about the page in front.

What is looked for is listed at the left, in place of the chapters, for as long as there are words to look for.

A chapter is a Markdown file whose first line may name the pages it is about: <!-- pages: entry, submit -->.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QPoint, QPointF, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeySequence,
    QMouseEvent,
    QPixmap,
    QResizeEvent,
    QShortcut,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStackedWidget,
    QTextBrowser,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core import paths
from desktop_app.core.i18n import _
from desktop_app.ui import theme
from desktop_app.ui.frame.manual_search import HIT, Block, Hit, HitDelegate, blocks, find
from desktop_app.ui.widgets.controls import button, row
from desktop_app.ui.widgets.labels import Label

if TYPE_CHECKING:
    from pathlib import Path

_PAGES = re.compile(r"<!--\s*pages:\s*([\w ,-]+?)\s*-->\n?")
_TITLE = re.compile(r"^#\s+(.+)$", re.MULTILINE)


class Chapter(NamedTuple):
    path: Path
    title: str
    pages: tuple[str, ...]
    text: str


def chapters(folder: Path = paths.MANUAL) -> list[Chapter]:
    """In the order of their file names."""
    found = []
    for path in sorted(folder.glob("[0-9][0-9]-*.md")):
        text = path.read_text(encoding="utf-8")
        about = _PAGES.match(text)
        title = _TITLE.search(text)
        pages = tuple(word.strip() for word in about.group(1).split(",")) if about else ()
        found.append(Chapter(path, title.group(1) if title else path.stem, pages, _PAGES.sub("", text)))
    return found


class _Reader(QTextBrowser):
    """Pictures are as wide as there is room, never wider than they are; a click shows one in its own size."""

    pressed = Signal(str)
    """The name of the picture that was clicked on."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        name = self._picture_at(event.position().toPoint())
        if name and not self.textCursor().hasSelection():
            self.pressed.emit(name)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self._picture_at(event.position().toPoint()):
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)

    def _picture_at(self, place: QPoint) -> str:
        where = (
            self.document()
            .documentLayout()
            .imageAt(
                QPointF(place) + QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
            )
        )
        return where.removeprefix("file://")

    def loadResource(self, kind: int, name: QUrl) -> Any:
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return super().loadResource(kind, name)
        image = QImage(str(paths.MANUAL / name.toString()))
        room = int((self.viewport().width() - 2 * theme.px(24)) * self.devicePixelRatioF())
        if not image.isNull() and image.width() > room > 0:
            image = image.scaledToWidth(room, Qt.TransformationMode.SmoothTransformation)
            image.setDevicePixelRatio(self.devicePixelRatioF())
        return image


class _Picture(QDialog):
    """A picture of the manual in its own size, which scrolls where the screen is smaller."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("使用手册"))
        image = QPixmap(str(paths.MANUAL / name))
        picture = QLabel()
        picture.setPixmap(image)
        area = QScrollArea()
        area.setWidget(picture)
        area.setAccessibleName(_("放大的图"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)
        room = self.screen().availableGeometry().size()
        edge = theme.px(4)
        self.resize(min(image.width() + edge, room.width()), min(image.height() + edge, room.height()))


class ManualWindow(QWidget):
    def __init__(self, page: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(_("使用手册"))
        self.resize(self.sizeHint())
        self.chapters = chapters()
        self._blocks: dict[int, list[Block]] = {}
        self.list = QListWidget()
        self.list.setAccessibleName(_("各章"))
        self.list.addItems([chapter.title for chapter in self.chapters])
        self.list.setSpacing(theme.px(2))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(self._show)
        self.hits = QListWidget()
        self.hits.setAccessibleName(_("找到的地方"))
        self.hits.setItemDelegate(HitDelegate(self.hits))
        self.hits.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hits.currentRowChanged.connect(self._jump)
        self.side = QStackedWidget()
        self.side.addWidget(self.list)
        self.side.addWidget(self.hits)
        # As wide for the hits as for the chapters: the text beside it must not be laid out anew.
        self.side.setFixedWidth(theme.px(280))
        self.reader = _Reader()
        self.reader.setAccessibleName(_("手册正文"))
        self.reader.setOpenLinks(False)
        # Always there, so that the pictures' width is known before the text is laid out.
        self.reader.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.reader.anchorClicked.connect(self._follow)
        self.reader.pressed.connect(self._enlarge)
        self.enlarged: QDialog | None = None
        self.reader.document().setDocumentMargin(theme.px(24))
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("在手册里找"))
        self.search.setAccessibleName(_("在手册里找"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._look)
        self.search.returnPressed.connect(self.find_next)
        self.said = Label("", "note", "ink2")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.px(12), theme.px(12), theme.px(12), theme.px(12))
        layout.setSpacing(theme.px(8))
        layout.addLayout(row(self.search, button(_("找下一处"), clicked=self.find_next), self.said, None))
        self.search.setMinimumWidth(theme.px(260))
        middle = QHBoxLayout()
        middle.setSpacing(theme.px(8))
        middle.addWidget(self.side)
        middle.addWidget(self.reader, 1)
        layout.addLayout(middle, 1)
        for keys, act in (("Esc", self._leave), ("Ctrl+F", self._to_search), ("F3", self.find_next)):
            QShortcut(QKeySequence(keys), self).activated.connect(act)
        self.open_at(page)

    def sizeHint(self) -> QSize:
        """Wide enough to read the pictures, within a laptop's screen."""
        room = self.screen().availableGeometry().size()
        return QSize(min(theme.px(1180), room.width() - 40), min(theme.px(760), room.height() - 60))

    def open_at(self, page: str) -> None:
        """The chapter about a page; the first one where none is."""
        at = next((n for n, chapter in enumerate(self.chapters) if page in chapter.pages), 0)
        self.list.setCurrentRow(at)
        if not self.chapters:
            self.reader.setPlainText(_("手册没有装好。请重新安装软件，或在安装包里的 docs/manual 中查看。"))

    def _show(self, number: int) -> None:
        if 0 <= number < len(self.chapters):
            self.reader.setMarkdown(self.chapters[number].text)
            self.reader.moveCursor(QTextCursor.MoveOperation.Start)

    def _follow(self, target: QUrl) -> None:
        name = target.path().rsplit("/", 1)[-1]
        at = next((n for n, chapter in enumerate(self.chapters) if chapter.path.name == name), None)
        if at is not None:
            self.list.setCurrentRow(at)

    def _enlarge(self, name: str) -> None:
        self.enlarged = _Picture(name, self)
        self.enlarged.open()

    # Looking for words
    def _look(self, words: str) -> None:
        """List every line that holds the words, and show the first."""
        words = words.strip()
        self.said.setText("")
        self.reader.setExtraSelections([])
        found = self._found(words) if words else []
        self.hits.blockSignals(True)
        self.hits.clear()
        for hit in found:
            item = QListWidgetItem(f"{hit.title}：{hit.block.text}")
            item.setData(HIT, hit)
            self.hits.addItem(item)
        self.hits.setCurrentRow(-1)
        self.hits.blockSignals(False)
        self.side.setCurrentWidget(self.hits if found else self.list)
        if found:
            self.said.setText(_("{count} 处").format(count=len(found)))
            self.hits.setCurrentRow(0)
        elif words:
            self.said.setText(_("手册里没有“{words}”").format(words=words))

    def _found(self, words: str) -> list[Hit]:
        for number, chapter in enumerate(self.chapters):
            if number not in self._blocks:
                self._blocks[number] = blocks(chapter.text)
        return find(
            words,
            [
                (chapter.path.name, chapter.title, self._blocks[number])
                for number, chapter in enumerate(self.chapters)
            ],
        )

    def _jump(self, row: int) -> None:
        """To the place of a hit, the word chosen and all others like it in the chapter marked."""
        if not 0 <= row < self.hits.count():
            return
        hit: Hit = self.hits.item(row).data(HIT)
        if self.list.currentRow() != hit.chapter:
            self.list.setCurrentRow(hit.chapter)
        cursor = self.reader.textCursor()
        cursor.setPosition(hit.place)
        cursor.setPosition(hit.place + len(hit.word), QTextCursor.MoveMode.KeepAnchor)
        # From the end, so that what stands around the word is in sight and not at the lower edge.
        self.reader.moveCursor(QTextCursor.MoveOperation.End)
        self.reader.setTextCursor(cursor)
        self._mark(hit.word)

    def _mark(self, word: str) -> None:
        marks, at = [], self.reader.document().find(word)
        while not at.isNull():
            mark = QTextEdit.ExtraSelection()
            mark.cursor = at  # type: ignore[attr-defined]
            mark.format.setBackground(QColor(theme.BAR_AMBER))  # type: ignore[attr-defined]
            marks.append(mark)
            at = self.reader.document().find(word, at)
        self.reader.setExtraSelections(marks)

    def find_next(self) -> None:
        """The next hit, after the last one the first."""
        count = self.hits.count()
        if count:
            self.hits.setCurrentRow((self.hits.currentRow() + 1) % count)
            self.said.setText(
                _("第 {number} / {count} 处").format(number=self.hits.currentRow() + 1, count=count)
            )

    def _to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _leave(self) -> None:
        """Back to the chapters first, then out."""
        if self.search.text():
            self.search.clear()
        else:
            self.close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # The pictures are made for the width at hand.
        self._show(self.list.currentRow())
        self._jump(self.hits.currentRow())
