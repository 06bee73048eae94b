"""The grid itself: moving as in a spreadsheet, an editor that takes the whole cell, a block pasted from Excel."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent
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
from desktop_app.ui.township import recorder
from desktop_app.ui.township.entry_model import EntryModel
from desktop_app.ui.widgets.records import GroupRow
from desktop_app.ui.widgets.table import RecordTable, RowDelegate

_DOWN = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down)


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
            if key in _DOWN and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                step = 1
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
            self.step(1)
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
            if view is not None and view.id in self.entry_model.pending:
                self.entry_model.type_in(view, "")
        else:
            super().keyPressEvent(event)

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
        """A column of values fills the rows from here down; rows with names find their own."""
        lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines() if line.strip()]
        if not lines:
            return
        model = self.entry_model
        done = refused = passed = 0
        row = self.currentIndex().row()
        for cells in lines:
            view, typed = self._match(cells)
            if view is None and len(cells) == 1:
                while 0 <= row < len(model.rows) and isinstance(model.rows[row], GroupRow):
                    row += 1
                view = model.record(row)
                typed = cells[0]
                row += 1
            if view is None or not typed.strip() or view.basis == "site":
                passed += 1
                continue
            if model.type_in(view, typed):
                done += 1
            else:
                refused += 1
            row = model.row_of(view.id) + 1
        words = [_("粘贴了 {count} 格").format(count=done)]
        if refused:
            words.append(_("{count} 格要看一下").format(count=refused))
        if passed:
            words.append(_("跳过 {count} 格（来自台账、空的或对不上名称）").format(count=passed))
        self.told.emit(_("，").join(words))

    def _match(self, cells: list[str]) -> tuple[IndicatorView | None, str]:
        """A line that names an indicator belongs to it; its figure is the last number in the line."""
        if len(cells) < 2:
            return None, ""
        names = {cell.strip() for cell in cells}
        row = self.entry_model.find(lambda view: view.name in names)
        numbers = [
            cell
            for cell in cells
            if recorder.clean(cell).replace("/", "").replace(".", "").lstrip("-").isdigit()
        ]
        return self.entry_model.record(row), numbers[-1] if numbers else ""

    def edit_soon(self) -> None:
        QTimer.singleShot(0, self, lambda: self.edit(self.currentIndex()))
