"""Evidence as a grid of thumbnails with captions; what is still wanted stands in the same grid, dashed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.core.i18n import _
from desktop_app.core.model.view import EvidenceView, IssueView
from desktop_app.ui import icons, text, theme
from desktop_app.ui.widgets import painters
from desktop_app.ui.widgets.thumbnails import Thumbnails, draw_missing, draw_thumbnail

WIDTH, HEIGHT, CAPTION = 146, 102, 42
GAP_X, GAP_Y = 10, 12

_USER = int(Qt.ItemDataRole.UserRole)
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)


class EvidenceModel(QAbstractListModel):
    """Evidence first, then what is wanted."""

    def __init__(self) -> None:
        super().__init__()
        self.items: list[EvidenceView | IssueView] = []

    def fill(self, items: list[EvidenceView | IssueView]) -> None:
        self.beginResetModel()
        self.items = items
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: QModelIndex, role: int = _DISPLAY) -> Any:
        item = self.items[index.row()]
        if role == _USER:
            return item
        if role in (_DISPLAY, _TIP):
            if isinstance(item, EvidenceView):
                return f"{item.caption or item.name} {item.stage}".strip()
            return f"{item.name} {item.text}"
        return None


class EvidenceDelegate(QStyledItemDelegate):
    def __init__(self, thumbnails: Thumbnails, parent: QListView) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(theme.px(WIDTH + GAP_X), theme.px(HEIGHT + CAPTION + GAP_Y))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        item = index.data(_USER)
        left = option.rect.left() + 1  # type: ignore[attr-defined]
        box = QRect(left, option.rect.top() + theme.px(2), theme.px(WIDTH), theme.px(HEIGHT + CAPTION))  # type: ignore[attr-defined]
        picture = QRect(box.left(), box.top(), box.width(), theme.px(HEIGHT))
        selected = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        painter.fillRect(box, QColor(theme.SELECTION if selected else theme.WHITE))
        if isinstance(item, EvidenceView):
            draw_thumbnail(painter, picture, item, self._thumbnails)
            if item.personal:
                self._personal(painter, picture)
            first, second = item.caption or item.name, self._second(item)
        else:
            draw_missing(painter, picture, _("待补"), framed=False)
            first, second = item.name, item.text
        inner = QRect(
            box.left() + theme.px(5), picture.bottom() + theme.px(3), box.width() - theme.px(10), theme.px(20)
        )
        painters.draw_text(painter, inner, first, "note")
        below = inner.translated(0, theme.px(18))
        painters.draw_text(painter, below, second, "tiny", theme.INK2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if selected:
            for inset in (0, 1):
                painter.setPen(QColor(theme.ACCENT))
                painter.drawRect(box.adjusted(inset, inset, -1 - inset, -1 - inset))
        else:
            # What is wanted is dashed all round, so that nobody takes it for a piece that is there.
            there = isinstance(item, EvidenceView)
            pen = QPen(QColor(theme.LINE2 if there else theme.BUTTON_EDGE))
            pen.setStyle(Qt.PenStyle.SolidLine if there else Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawRect(box.adjusted(0, 0, -1, -1))

    @staticmethod
    def _second(view: EvidenceView) -> str:
        parts = [view.stage, text.day(view.taken or view.added)]
        return " · ".join(part for part in parts if part)

    @staticmethod
    def _personal(painter: QPainter, picture: QRect) -> None:
        words = _("含个人信息")
        width = theme.metrics("tiny-bold").horizontalAdvance(words) + theme.px(26)
        tag = QRect(picture.left() + theme.px(5), picture.top() + theme.px(5), width, theme.px(20))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.AMBER))
        painter.drawRoundedRect(tag, 3, 3)
        painter.restore()
        icons.draw(painter, tag.left() + theme.px(4), tag.top() + theme.px(3), "lock", theme.WHITE, 14)
        painters.draw_text(painter, tag.adjusted(theme.px(21), 0, 0, 0), words, "tiny-bold", theme.WHITE)


class EvidenceGrid(QListView):
    picked = Signal(object)
    """Evidence, something wanted, or None."""
    opened = Signal(object)
    personal_pressed = Signal()
    """P: the letter acts only here, where no editor can have the focus."""

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.grid_model = EvidenceModel()
        self.setModel(self.grid_model)
        self.setItemDelegate(EvidenceDelegate(thumbnails, self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setAccessibleName(_("佐证"))
        thumbnails.loaded.connect(self.viewport().update)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(_USER)))

    def fill(self, items: list[EvidenceView | IssueView]) -> None:
        before = self.current()
        self.grid_model.fill(items)
        keys = [_key(item) for item in items]
        row = keys.index(_key(before)) if before is not None and _key(before) in keys else 0
        if items:
            self.setCurrentIndex(self.grid_model.index(row))
        else:
            self.picked.emit(None)

    def go_to_subject(self, subject: str) -> bool:
        """The piece with that subject, or one that proves it, or the place where it is missing."""
        items = self.grid_model.items
        row = next((n for n, item in enumerate(items) if item.subject == subject), -1)
        if row < 0:
            row = next(
                (
                    n
                    for n, item in enumerate(items)
                    if isinstance(item, EvidenceView) and subject in item.about
                ),
                -1,
            )
        if row >= 0:
            self.setCurrentIndex(self.grid_model.index(row))
            self.scrollTo(self.grid_model.index(row))
        return row >= 0

    def current(self) -> EvidenceView | IssueView | None:
        row = self.currentIndex().row()
        return self.grid_model.items[row] if 0 <= row < len(self.grid_model.items) else None

    def selected(self) -> list[EvidenceView]:
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [item for row in rows if isinstance(item := self.grid_model.items[row], EvidenceView)]

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        super().currentChanged(current, previous)
        self.picked.emit(self.current())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.opened.emit(self.current())
            return
        if event.key() == Qt.Key.Key_P and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.personal_pressed.emit()
            return
        super().keyPressEvent(event)


def _key(item: EvidenceView | IssueView) -> str:
    return item.subject if isinstance(item, EvidenceView) else f"{item.subject} {item.indicator} {item.text}"
