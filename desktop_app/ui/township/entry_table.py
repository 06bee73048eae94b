"""The grid itself: moving as in a spreadsheet, an editor that takes the whole cell, a block pasted from Excel."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QLineEdit,
    QStyleOptionViewItem,
    QWidget,
)

from desktop_app.core.i18n import _
from desktop_app.core.model.view import IndicatorView
from desktop_app.ui import theme
from desktop_app.ui.township.entry_model import EntryModel
from desktop_app.ui.township.pasting import Placed, clipboard_block, is_block, placed_lines
from desktop_app.ui.widgets.records import GroupRow
from desktop_app.ui.widgets.table import RecordTable, RowDelegate

_DOWN = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down)


def _upward(event: QKeyEvent) -> bool:
    """Shift+Enter goes up, as in Excel."""
    return event.key() != Qt.Key.Key_Down and bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)


class EntryDelegate(RowDelegate):
    """A line editor in the cell; Enter and the arrows save and move."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex) -> QWidget:
        table = self.parent()
        assert isinstance(table, EntryTable)
        editor = QLineEdit(parent)
        editor.setObjectName("cell")
        value = index.column() == table.entry_model.value_column
        editor.setFont(theme.font("strong" if value else "note"))
        editor.setAlignment(
            (Qt.AlignmentFlag.AlignRight if value else Qt.AlignmentFlag.AlignLeft)
            | Qt.AlignmentFlag.AlignVCenter
        )
        if not value:
            editor.setPlaceholderText(_("原因或说明"))
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        editor.setGeometry(option.rect.adjusted(0, 0, 0, -1))  # type: ignore[attr-defined]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        table = self.parent()
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(watched, QLineEdit)
            and isinstance(table, EntryTable)
        ):
            assert isinstance(event, QKeyEvent)
            key = event.key()
            step = 0
            if event.matches(QKeySequence.StandardKey.Paste) and is_block():
                # A block belongs to the grid, not into one cell.
                self.closeEditor.emit(watched, QAbstractItemDelegate.EndEditHint.NoHint)
                table.setFocus()
                table.paste()
                return True
            if key in _DOWN and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                step = -1 if _upward(event) else 1
            elif key == Qt.Key.Key_Up:
                step = -1
            if step or key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                # Closed before it is saved: saving fills the grid anew, and an editor lost in that would take the
                # keyboard's focus with it.
                index, words = table.currentIndex(), watched.text()
                self.closeEditor.emit(watched, QAbstractItemDelegate.EndEditHint.NoHint)
                table.setFocus()
                table.entry_model.setData(index, words)
                if step:
                    table.step_after_edit(step)
                else:
                    table.step_sideways(1 if key == Qt.Key.Key_Tab else -1)
                return True
        return super().eventFilter(watched, event)


class EntryTable(RecordTable):
    told = Signal(str)
    """The result of a paste, in one line."""
    history_wanted = Signal()

    def __init__(self, model: EntryModel) -> None:
        super().__init__(model, row_height=32, group_height=25, whole_rows=False, upright_lines=True)
        self.entry_model = model
        self.setItemDelegate(EntryDelegate(self))
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.setAccessibleName(_("填报表"))
        self.keep_place_by(lambda view: view.id)

    # Moving
    def current_view(self) -> IndicatorView | None:
        return self.current_record()

    def _next_row(self, row: int, step: int) -> int:
        rows = self.entry_model.rows
        row += step
        while 0 <= row < len(rows) and isinstance(rows[row], GroupRow):
            row += step
        return row if 0 <= row < len(rows) else -1

    def go_to_row(self, row: int, column: int = -1) -> None:
        if row >= 0:
            self.go_to(row, column if column >= 0 else self.entry_model.value_column)

    def go_to_indicator(self, indicator: str) -> bool:
        row = self.entry_model.find(lambda view: view.id == indicator)
        self.go_to_row(row)
        return row >= 0

    def step(self, step: int, typable: bool = False) -> None:
        """Down or up; the column stays the value's.  `typable`: past what the ledger fills, where one cannot type."""
        row = self._next_row(self.currentIndex().row(), step)
        while typable and row >= 0 and not self.entry_model.typable(row):
            row = self._next_row(row, step)
        if row >= 0:
            self.go_to_row(row)

    def step_after_edit(self, step: int) -> None:
        view = self.current_view()
        pending = self.entry_model.pending.get(view.id) if view is not None else None
        at_value = self.currentIndex().column() == self.entry_model.value_column
        if pending is not None and pending.warning and at_value:
            # The rule wants a reason: it is typed right beside the figure.
            self.step_sideways(1)
        else:
            self.step(step, typable=True)

    def step_sideways(self, step: int) -> None:
        index, model = self.currentIndex(), self.entry_model
        at_value = index.column() == model.value_column
        if step > 0 and at_value:
            self.go_to(index.row(), model.hint_column)
        elif step < 0 and not at_value:
            self.go_to_row(index.row())
        else:
            row = self._next_row(index.row(), step)
            self.go_to_row(row, model.value_column if step > 0 else model.hint_column)

    def go_to_next_unfilled(self) -> bool:
        """From here down, then from the top."""
        model, start = self.entry_model, self.currentIndex().row()
        order = [*range(start + 1, len(model.rows)), *range(start + 1)]
        for row in order:
            view = model.record(row)
            if view is not None and model.unfilled(view):
                self.go_to_row(row)
                return True
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        cells = (self.entry_model.value_column, self.entry_model.hint_column)
        on_row = index.isValid() and self.entry_model.record(index.row()) is not None
        if on_row and index.column() not in cells:
            # Anywhere in a row means its figure.
            self.go_to_row(index.row())
            return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, control = event.key(), event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if key == Qt.Key.Key_V and control:
            self.paste()
        elif key in (Qt.Key.Key_Equal, Qt.Key.Key_Plus) and control:
            self.same_again()
        elif key in _DOWN and not control:
            self.step(-1 if _upward(event) else 1)
        elif key == Qt.Key.Key_Up:
            self.step(-1)
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Right):
            self.step_sideways(1)
        elif key in (Qt.Key.Key_Backtab, Qt.Key.Key_Left):
            self.step_sideways(-1)
        elif key == Qt.Key.Key_F8:
            self.go_to_next_unfilled()
        elif key == Qt.Key.Key_F3:
            self.history_wanted.emit()
        elif key == Qt.Key.Key_Delete:
            view = self.current_view()
            if view is not None and self.entry_model.typable(self.currentIndex().row()):
                self.entry_model.take_back(view)
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """What an input method gives without composing (a full-width digit, a comma) opens the cell and lands in it;
        Qt itself sees only to what is composed."""
        if event.commitString() and self.state() != QAbstractItemView.State.EditingState:
            self.edit(self.currentIndex())
            # The one of this cell: that of the cell just left may still be waiting to be thrown away.
            editor = self.indexWidget(self.currentIndex())
            if isinstance(editor, QLineEdit):
                editor.selectAll()
                QCoreApplication.sendEvent(editor, event)
                return
        super().inputMethodEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        # Tab belongs to the cells here; Ctrl+Tab and the mouse leave the grid.
        return False

    # Writing
    def same_again(self) -> None:
        view = self.current_view()
        typable = view is not None and self.entry_model.typable(self.currentIndex().row())
        if view is not None and typable and self.entry_model.same_again(view):
            self.step(1, typable=True)

    def paste(self) -> None:
        """A block from Excel or WPS: its lines fill the rows from here down, an empty cell leaves its row alone; a
        line that names an indicator finds its own row."""
        block = clipboard_block()
        if not block:
            return
        placed, lost = placed_lines(self.entry_model, block, self.currentIndex().row())
        with self.entry_model.session.together():
            outcome = [self._put(line) for line in placed]
        words = [_("粘贴了 {count} 格").format(count=outcome.count("done"))]
        if refused := outcome.count("refused"):
            words.append(_("{count} 格要看一下").format(count=refused))
        if passed := outcome.count("passed"):
            words.append(_("跳过 {count} 格（空的，或来自台账）").format(count=passed))
        if lost:
            words.append(_("{count} 行没有地方放（表不够长，或名称对不上）").format(count=lost))
        self.told.emit(_("，").join(words))

    def _put(self, line: Placed) -> str:
        model, view = self.entry_model, line.view
        if not line.typed or view.basis == "site":
            return "passed"
        if not model.type_in(view, line.typed):
            pending = model.pending.get(view.id)
            if pending is None or not pending.warning or not line.words:
                return "refused"
            return "done" if model.give_reason(view, line.words) else "refused"
        return "done"

    def edit_soon(self) -> None:
        QTimer.singleShot(0, self, lambda: self.edit(self.currentIndex()))
