"""The table every page uses: a RecordModel on screen, painted by us.

The delegate paints the row (selection, hover, hairline, group row) and lets the column's cell painter draw the
content.  There is no proxy model and no item widget.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop_app.core.i18n import language
from desktop_app.ui import theme
from desktop_app.ui.widgets import painters
from desktop_app.ui.widgets.delegates import INSET
from desktop_app.ui.widgets.records import RECORD, Column, GroupRow, RecordModel

MEASURED = 400
"""Rows looked at for a column's width: more would cost more than it tells."""


class HeadView(QHeaderView):
    """The head: aligned as its columns, short separators, a second line for the rule where there is one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(8)

    def _columns(self) -> list[Column]:
        return self.model().columns  # type: ignore[attr-defined]

    def sizeHint(self) -> QSize:
        two = self.model() is not None and any(column.note for column in self._columns())
        hint = super().sizeHint()
        return QSize(hint.width(), theme.px(40 if two else 30))

    def paintEvent(self, event) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        edge = self.viewport().rect()
        painter.fillRect(QRect(edge.left(), edge.bottom(), edge.width(), 1), QColor(theme.LINE2))
        painter.end()

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        column = self._columns()[section]
        painter.fillRect(rect, QColor(theme.HEAD))
        last = section == self.model().columnCount() - 1
        if not last:
            gap = theme.px(7)
            painter.fillRect(
                QRect(rect.right(), rect.top() + gap, 1, rect.height() - 2 * gap), QColor(theme.LINE)
            )
        inner = rect.adjusted(theme.px(INSET), 0, -theme.px(INSET), -1)
        align = painters.RIGHT if column.right else painters.LEFT
        sorted_by, descending = self.model().sorting  # type: ignore[attr-defined]
        table = self.parent()
        words = (
            column.short if column.short and isinstance(table, RecordTable) and table.tight else column.head
        )
        if sorted_by == section:
            words = f"{words} {'▾' if descending else '▴'}"
        if column.note:
            height = theme.metrics("head").height()
            total = height + theme.metrics("tiny").height() - theme.px(5)
            top = inner.top() + (inner.height() - total) // 2
            first = QRect(inner.left(), top, inner.width(), height)
            second = QRect(
                inner.left(), first.bottom() - theme.px(4), inner.width(), total - height + theme.px(5)
            )
            painters.draw_text(painter, first, words, "head", theme.INK2, align)
            painters.draw_text(painter, second, column.note, "tiny", theme.INK3, align)
        elif column.tick:
            first_word, _space, second_word = words.partition(" ")
            metrics = theme.metrics("head")
            painters.draw_text(painter, inner, first_word, "head", theme.INK2)
            x = inner.left() + metrics.horizontalAdvance(first_word) + theme.px(9)
            tall = theme.px(14)
            painter.fillRect(QRect(x, inner.top() + (inner.height() - tall) // 2, 2, tall), QColor(theme.INK))
            rest = QRect(x + theme.px(7), inner.top(), inner.right() - x - theme.px(6), inner.height())
            painters.draw_text(painter, rest, second_word, "head", theme.INK2)
        else:
            painters.draw_text(painter, inner, words, "head", theme.INK2, align)


class RowDelegate(QStyledItemDelegate):
    """Paints the row's background and hands the rest to the column."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        table = self.parent()
        assert isinstance(table, RecordTable)
        record = index.data(RECORD)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        if isinstance(record, GroupRow):
            painter.fillRect(rect, QColor(theme.GROUP))
            painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(theme.LINE))
            inner = rect.adjusted(theme.px(INSET), 0, -theme.px(INSET), -1)
            painters.draw_text(painter, inner, record.title, "note-bold", theme.INK)
            painters.draw_text(painter, inner, record.note, "small", theme.INK2, painters.RIGHT)
            return
        column = table.record_model.columns[index.column()]
        # Asked of the table and not of `option.state`: the classes behind that cost 8 ms when first touched.
        chosen = table.currentIndex()
        current = chosen.row() == index.row()
        selected = current and (table.whole_rows or chosen.column() == index.column())
        if table.several and not current:
            selected = table.selectionModel().isRowSelected(index.row(), index.parent())
        own = column.fill(record) if column.fill else None
        if own is not None:
            painter.fillRect(rect, QColor(own))
        elif selected and table.whole_rows:
            painter.fillRect(rect, QColor(theme.SELECTION))
        elif table.hovered_row == index.row() and table.whole_rows:
            painter.fillRect(rect, QColor(theme.HOVER))
        else:
            # The style has filled a selected cell with the highlight colour before anyone asked.
            painter.fillRect(rect, QColor(theme.WHITE))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(theme.LINE))
        if table.upright_lines:
            painter.fillRect(QRect(rect.right(), rect.top(), 1, rect.height()), QColor(theme.LINE))
        if table.whole_rows and selected and index.column() == table.first_column():
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), QColor(theme.ACCENT))
        if column.corner:
            colour = column.corner(record)
            if colour:
                painters.draw_corner(painter, rect, colour)
        assert column.cell is not None
        column.cell.paint(painter, rect.adjusted(0, 0, 0, -1), record, column, current)
        if not table.whole_rows and selected:
            frame = theme.ACCENT
            painter.fillRect(QRect(rect.left(), rect.top(), rect.width() - 1, 2), QColor(frame))
            painter.fillRect(QRect(rect.left(), rect.bottom() - 2, rect.width() - 1, 2), QColor(frame))
            painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height() - 1), QColor(frame))
            painter.fillRect(QRect(rect.right() - 2, rect.top(), 2, rect.height() - 1), QColor(frame))


class RecordTable(QTableView):
    """A RecordModel on screen, by whole rows unless `whole_rows` is switched off; `several` rows can be chosen with
    Ctrl and Shift, as in a spreadsheet."""

    picked = Signal(object)
    """The record the selection moved to, None when it is on none."""
    activated_record = Signal(object)
    """Double click or Enter."""
    action_pressed = Signal(object, str)
    """A pressable cell was clicked: the record and the column's key."""

    def __init__(
        self,
        model: RecordModel,
        *,
        row_height: int = 34,
        group_height: int = 28,
        whole_rows: bool = True,
        upright_lines: bool = False,
        several: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.record_model = model
        self.several = several
        self.whole_rows = whole_rows
        self.upright_lines = upright_lines
        self.hovered_row = -1
        self.empty_words = ""
        """Said in the middle while no row is shown."""
        self.tight = False
        self._group_height = group_height
        self._keep: Callable[[Any], Any] | None = None
        self.setFont(theme.font("body"))
        self.setHorizontalHeader(HeadView(self))
        self.setItemDelegate(RowDelegate(self))
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(not whole_rows)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.ExtendedSelection if several else mode.SingleSelection)
        if whole_rows:
            self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        head = self.verticalHeader()
        head.setVisible(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setMinimumSectionSize(8)
        head.setDefaultSectionSize(theme.row_height("body", row_height))
        self._group_rows: list[int] = []
        self.setModel(model)
        horizontal = self.horizontalHeader()
        horizontal.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        horizontal.sectionClicked.connect(model.sort_by)
        model.refilled.connect(self._lay_out)
        self._lay_out()
        self.fit_columns()

    def keep_place_by(self, key: Callable[[Any], Any]) -> None:
        """After a refill the selection goes back to the record with the same key."""
        self._keep = key

    # Layout
    def _lay_out(self) -> None:
        self._lay_groups()
        self._widen()

    def _widen(self) -> None:
        """A figure is never cut: columns of figures, and those that must be read whole, grow to their content.  Heads
        are planned in Chinese; in another language every column grows to its head."""
        rows = [row for row in self.record_model.rows[:MEASURED] if not isinstance(row, GroupRow)]
        measured = language() != "zh"
        for column in self.record_model.columns:
            assert column.cell is not None
            if column.stretch:
                continue
            head = (
                theme.metrics("head").horizontalAdvance(column.head) + 2 * theme.px(INSET) if measured else 0
            )
            if not (column.right or column.whole) and not head:
                continue
            content = rows if column.right or column.whole else ()
            needed = max((column.cell.width(row, column) for row in content), default=0)
            column.grown = int(max(needed, head) / theme.ratio()) + 2
        self.fit_columns()

    def _lay_groups(self) -> None:
        """Group rows span everything and are lower; only rows that were or are such are touched, however many."""
        model = self.record_model
        plain, tall = (
            self.verticalHeader().defaultSectionSize(),
            theme.row_height("note-bold", self._group_height),
        )
        groups = [
            number
            for number, row in enumerate(model.rows if model.grouping else ())
            if isinstance(row, GroupRow)
        ]
        if self._group_rows:
            self.clearSpans()
        for number in self._group_rows:
            if number < len(model.rows):
                self.setRowHeight(number, plain)
        for number in groups:
            self.setSpan(number, 0, 1, len(model.columns))
            self.setRowHeight(number, tall)
        self._group_rows = groups

    def first_column(self) -> int:
        return next(n for n in range(len(self.record_model.columns)) if not self.isColumnHidden(n))

    def fit_columns(self) -> None:
        """Give the stretching columns what is left; drop columns in their order when that is too little."""
        columns = self.record_model.columns
        available = self.viewport().width()
        stretching = [n for n, c in enumerate(columns) if c.stretch]
        shown = set(range(len(columns)))

        self.tight = False

        def needed() -> int:
            return sum(theme.px(columns[n].wide(self.tight)) for n in shown)

        for number in sorted((n for n, c in enumerate(columns) if c.drop), key=lambda n: columns[n].drop):
            if needed() <= available:
                break
            shown.discard(number)
        self.tight = needed() > available
        rest = available - needed()
        stretching = [n for n in stretching if n in shown] or stretching
        for number, column in enumerate(columns):
            hidden = number not in shown
            if self.isColumnHidden(number) != hidden:
                self.setColumnHidden(number, hidden)
            width = theme.px(column.wide(self.tight))
            if column.stretch:
                # Too narrow even without the columns that may go: the stretching one gives way before a
                # horizontal scroll bar does.
                width = max(theme.px(48), width + rest // len(stretching))
            if self.columnWidth(number) != width:
                self.setColumnWidth(number, width)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.empty_words and not self.record_model.rows:
            painter = QPainter(self.viewport())
            area = self.viewport().rect().adjusted(theme.px(16), 0, -theme.px(16), 0)
            painters.draw_text(painter, area, self.empty_words, "body", theme.INK3, painters.CENTRE)
            painter.end()

    # Moving
    def current_record(self) -> Any | None:
        return self.record_model.record(self.currentIndex().row())

    def chosen_records(self) -> list[Any]:
        """The records of all selected rows, where several can be."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows(self.first_column()))
        return [record for row in rows if (record := self.record_model.record(row)) is not None]

    def go_to(self, row: int, column: int = -1) -> None:
        if row < 0:
            return
        index = self.record_model.index(row, column if column >= 0 else self.first_column())
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def go_to_first(self) -> None:
        self.go_to(self.record_model.find(lambda record: True))

    def refill(self, records: Iterable[Any]) -> None:
        """New records; the selection and the scroll position stay where the person left them."""
        before = self.current_record()
        column = self.currentIndex().column()
        place = self.verticalScrollBar().value()
        self.record_model.fill(records)
        if before is not None and self._keep is not None:
            key = self._keep(before)
            row = self.record_model.find(lambda record: self._keep(record) == key)  # type: ignore[misc]
            if row >= 0:
                self.setCurrentIndex(self.record_model.index(row, max(column, 0)))
        self.fit_columns()
        self.verticalScrollBar().setValue(place)

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        super().currentChanged(current, previous)
        if current.row() != previous.row():
            self.viewport().update()
        if current.row() != previous.row() or current.isValid() != previous.isValid():
            self.picked.emit(self.record_model.record(current.row()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        self._hover(index.row() if index.isValid() else -1)
        record = self.record_model.record(index.row()) if index.isValid() else None
        link = (
            record is not None
            and self.record_model.columns[index.column()].pressable
            and bool(self.record_model.columns[index.column()].text(record))
        )
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if link else Qt.CursorShape.ArrowCursor)

    def leaveEvent(self, event) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        if row != self.hovered_row:
            self.hovered_row = row
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        index = self.indexAt(event.position().toPoint())
        if not index.isValid():
            return
        record = self.record_model.record(index.row())
        column = self.record_model.columns[index.column()]
        if record is not None and column.pressable and column.text(record):
            self.action_pressed.emit(record, column.key)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        record = self.record_model.record(self.indexAt(event.position().toPoint()).row())
        if record is not None:
            self.activated_record.emit(record)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_C and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.copy()
            return
        if self.whole_rows and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            record = self.current_record()
            if record is not None:
                self.activated_record.emit(record)
            return
        super().keyPressEvent(event)

    def copy(self) -> None:
        """The whole table, for Excel; pages with cells of their own copy less."""
        QGuiApplication.clipboard().setText(self.record_model.as_text())
