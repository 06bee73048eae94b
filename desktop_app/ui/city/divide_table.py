"""The grid of the dividing workbench: indicators down, areas across; typed, pasted, undone before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QLineEdit,
    QStyleOptionViewItem,
    QWidget,
)

from desktop_app.core.i18n import _
from desktop_app.core.operations.dividing import Grid, Line, Sum, above_whole, number, sum_of
from desktop_app.ui import text, theme
from desktop_app.ui.township.pasting import clipboard_block, is_block
from desktop_app.ui.widgets.delegates import NumberCell, TextCell
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable, RowDelegate

_EDIT = int(Qt.ItemDataRole.EditRole)
FIRST = 4
"""The column of the first area."""
MOODS = {"ok": theme.GREEN, "warn": theme.AMBER, "error": theme.RED, "plain": theme.INK2}
Key = tuple[str, str]


class DivideModel(RecordModel):
    """What was typed stands in `typed` until it is saved; each act can be undone."""

    altered = Signal()

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.typed: dict[Key, str] = {}
        self._acts: list[dict[Key, str]] = []
        columns = [
            Column("no", _("序号"), 44, lambda v: str(v.task), right=True, colour=theme.INK2),
            Column(
                "name", _("指标"), 170, lambda v: v.name, stretch=True, tip=self._tip, cell=TextCell(_tone)
            ),
            Column("unit", _("单位"), 58, lambda v: v.unit, colour=theme.INK2),
            Column("target", _("目标"), 76, lambda v: text.number(v.target, v.decimals), right=True),
        ]
        for area, name in grid.areas:
            columns.append(self._column(area, name, _("市直") if area in grid.offices else ""))
        columns.append(Column("sum", _("合计"), 84, self._sum, right=True, role="strong"))
        columns.append(
            Column(
                "rest",
                _("差额"),
                132,
                lambda v: self.sum(v).text,
                cell=TextCell(lambda v: (MOODS[self.sum(v).mood], "strong")),
            )
        )
        super().__init__(columns)

    def _column(self, area: str, name: str, note: str) -> Column:
        return Column(
            area,
            name,
            78,
            lambda v: self.shown(v, area),
            right=True,
            note=note,
            cell=NumberCell(lambda v: self._look(v, area)),
            fill=lambda v: self._fill(v, area),
            tip=lambda v: self._cell_tip(v, area),
        )

    # What is shown
    def words(self, line: Line, area: str) -> str:
        """What stands in a cell: as typed, else as given."""
        key = (line.id, area)
        return self.typed[key] if key in self.typed else line.cells[area].value

    def shown(self, line: Line, area: str) -> str:
        words = self.words(line, area)
        if (line.id, area) in self.typed:
            return words
        value = number(words)
        if value is None and line.adds in ("ratio", "uniform") and line.target is not None:
            return text.number(line.target, line.decimals)
        return (
            text.number(value, max(line.decimals, 2 if value is not None and value.denominator != 1 else 0))
            if value is not None
            else ""
        )

    def _look(self, line: Line, area: str) -> tuple[str, str]:
        given = bool(self.words(line, area).strip())
        return (
            (theme.INK, "strong")
            if given and (line.id, area) in self.typed
            else (theme.INK if given else theme.INK3, "body")
        )

    def _fill(self, line: Line, area: str) -> str | None:
        if (line.id, area) in self.typed:
            words = self.typed[line.id, area]
            return theme.RED_TINT if words.strip() and number(words) is None else theme.AMBER_TINT
        return theme.PAGE if line.adds == "city" else None

    def _cell_tip(self, line: Line, area: str) -> str:
        cell = line.cells[area]
        parts = [
            _("依据文号：{document}").format(document=cell.document) if cell.document else "",
            _("{day}起").format(day=cell.effective) if cell.effective else "",
            cell.former,
            _("填报：{unit}").format(unit=cell.reporter) if cell.reporter else "",
        ]
        return "\n".join(part for part in parts if part)

    @staticmethod
    def _tip(line: Line) -> str:
        return "\n".join(part for part in (line.name, line.said, line.hint) if part)

    def values(self, line: Line) -> dict[str, str]:
        return {area: self.words(line, area) for area, _name in self.grid.areas}

    def sum(self, line: Line) -> Sum:
        found = sum_of(line, self.values(line))
        whole = next((other for other in self.grid.lines if other.id == line.parent), None)
        over = above_whole(line, self.values(line), self.values(whole)) if whole is not None else ()
        if over and found.mood != "error":
            words = _("{count} 家大于总数").format(count=len(over))
            return Sum(text=words, mood="error", total=found.total, rest=found.rest)
        return found

    def _sum(self, line: Line) -> str:
        found = self.sum(line)
        return text.number(found.total, line.decimals) if found.total is not None else ""

    # Typing
    def area_at(self, column: int) -> str | None:
        place = column - FIRST
        return self.grid.areas[place][0] if 0 <= place < len(self.grid.areas) else None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        flags = super().flags(index)
        line = self.record(index.row()) if index.isValid() else None
        if line is not None and self.area_at(index.column()) is not None and line.adds != "city":
            flags |= Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: QModelIndex, role: int = 0) -> Any:
        area = self.area_at(index.column()) if role == _EDIT and index.isValid() else None
        line = self.record(index.row()) if area is not None else None
        return self.words(line, area) if line is not None and area is not None else super().data(index, role)

    def setData(self, index: QModelIndex, value: Any, role: int = _EDIT) -> bool:
        line, area = self.record(index.row()), self.area_at(index.column())
        if line is None or area is None or str(value).strip() == self.words(line, area):
            return False
        self.put({(line.id, area): str(value).strip()})
        return True

    def put(self, cells: Mapping[Key, str]) -> None:
        """Type many cells in one act."""
        lines = {line.id: line for line in self.records}
        changed = {key: words for key, words in cells.items() if words != self.words(lines[key[0]], key[1])}
        if not changed:
            return
        self._acts.append(dict(self.typed))
        for key, words in changed.items():
            if words == lines[key[0]].cells[key[1]].value:
                self.typed.pop(key, None)
            else:
                self.typed[key] = words
        self._tell()

    def undo(self) -> bool:
        if not self._acts:
            return False
        self.typed = self._acts.pop()
        self._tell()
        return True

    @property
    def undoable(self) -> bool:
        return bool(self._acts)

    def forget(self) -> None:
        self.typed, self._acts = {}, []
        self._tell()

    def _tell(self) -> None:
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(self.columns) - 1))
        self.altered.emit()

    def bad(self) -> int:
        return sum(bool(words.strip()) and number(words) is None for words in self.typed.values())


def _tone(line: Line) -> tuple[str, str]:
    return (theme.INK2, "body") if line.parent or line.adds == "city" else (theme.INK, "body")


class DivideTable(RecordTable):
    """Moves as a spreadsheet does; a block from Excel is laid from the current cell on."""

    lost = Signal(int)
    """So many pasted cells had no place."""

    def __init__(self, model: DivideModel) -> None:
        super().__init__(model, row_height=32, whole_rows=False, upright_lines=True)
        self.divide_model = model
        self.setItemDelegate(_Delegate(self))
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.divide_model.undo()
        elif event.key() == Qt.Key.Key_Delete:
            self.divide_model.setData(self.currentIndex(), "")
        else:
            super().keyPressEvent(event)

    def paste(self) -> None:
        """Rows and columns as copied; cells that have no place are counted and told."""
        model, at = self.divide_model, self.currentIndex()
        cells: dict[Key, str] = {}
        lost = 0
        for down, words in enumerate(clipboard_block()):
            line = model.record(at.row() + down)
            for across, word in enumerate(words):
                area = model.area_at(max(FIRST, at.column()) + across)
                if line is None or area is None or line.adds == "city":
                    lost += bool(word)
                elif word:
                    cells[line.id, area] = word.replace(",", "").replace("，", "")
        model.put(cells)
        if lost:
            self.lost.emit(lost)

    def step(self, rows: int, columns: int = 0) -> None:
        at = self.currentIndex()
        index = self.model().index(at.row() + rows, at.column() + columns)
        if index.isValid():
            self.setCurrentIndex(index)


class _Delegate(RowDelegate):
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex) -> QWidget:
        editor = QLineEdit(parent)
        editor.setObjectName("cell")
        editor.setFont(theme.font("strong"))
        editor.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        editor.setGeometry(option.rect.adjusted(0, 0, 0, -1))  # type: ignore[attr-defined]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        table = self.parent()
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and isinstance(table, DivideTable)
        ):
            if event.matches(QKeySequence.StandardKey.Paste) and is_block():
                self.closeEditor.emit(watched, QAbstractItemDelegate.EndEditHint.NoHint)
                table.setFocus()
                table.paste()
                return True
            steps = {
                Qt.Key.Key_Return: (1, 0), Qt.Key.Key_Enter: (1, 0), Qt.Key.Key_Down: (1, 0),
                Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Tab: (0, 1), Qt.Key.Key_Backtab: (0, -1),
            }  # fmt: skip
            step = steps.get(Qt.Key(event.key()))
            if step is not None:
                self.commitData.emit(watched)
                self.closeEditor.emit(watched, QAbstractItemDelegate.EndEditHint.NoHint)
                table.setFocus()
                table.step(*step)
                return True
        return super().eventFilter(watched, event)
