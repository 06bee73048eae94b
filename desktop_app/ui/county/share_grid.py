"""The grid of 分解: an area's share typed, pasted or computed, the sum watched meanwhile."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QWidget

from desktop_app.core.i18n import _
from desktop_app.ui import text, theme
from desktop_app.ui.answers import Share
from desktop_app.ui.township.entry_table import EntryDelegate
from desktop_app.ui.township.recorder import clean
from desktop_app.ui.widgets.delegates import NumberCell, TextCell
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable

_EDIT = int(Qt.ItemDataRole.EditRole)
VALUE, BASE = 1, 2


def number(words: str) -> Fraction | None:
    try:
        return Fraction(clean(words))
    except (ValueError, ZeroDivisionError):
        return None


class ShareModel(RecordModel):
    """What was typed stands in `typed` until it is saved; `base` are the numbers to divide by, which nobody keeps."""

    def __init__(self) -> None:
        self.typed: dict[str, str] = {}
        self.base: dict[str, str] = {}
        self.reporters: dict[str, str] = {}
        super().__init__(
            [
                Column("area", _("单位"), 150, lambda s: s.area_name, stretch=True, whole=True),
                Column(
                    "value", _("份额"), 120, self.value, right=True, whole=True,
                    cell=NumberCell(lambda s: (theme.INK, "strong")), fill=self._fill,
                ),
                Column(
                    "base", _("基数"), 92, lambda s: self.base.get(s.area, ""), right=True, note=_("人口、村数等"),
                    fill=self._base_fill, colour=theme.INK2,
                ),
                Column(
                    "reporter", _("填报单位"), 120, lambda s: self.reporters.get(s.area, ""), pressable=True,
                    cell=TextCell(lambda s: (theme.ACCENT, "body")), tip=lambda s: self.reporters.get(s.area, ""),
                ),
                Column("document", _("依据文号"), 150, lambda s: s.document, colour=theme.INK2, drop=1,
                       tip=lambda s: s.document),
            ]
        )  # fmt: skip

    def _base_fill(self, share: Share) -> str | None:
        words = self.base.get(share.area, "")
        return theme.RED_TINT if words and number(words) is None else None

    def value(self, share: Share) -> str:
        if share.area in self.typed:
            return self.typed[share.area]
        known = number(share.value)
        return text.number(known, 2) if known is not None else ""

    def _fill(self, share: Share) -> str | None:
        if share.area not in self.typed:
            return None
        words = self.typed[share.area]
        return theme.RED_TINT if words and number(words) is None else theme.AMBER_TINT

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled
        if index.column() in (VALUE, BASE):
            flags |= Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: QModelIndex, role: int = 0) -> Any:
        if role == _EDIT:
            share = self.rows[index.row()]
            return self.base.get(share.area, "") if index.column() == BASE else self.value(share)
        return super().data(index, role)

    def setData(self, index: QModelIndex, value: Any, role: int = _EDIT) -> bool:
        share = self.record(index.row())
        if share is not None and index.column() == BASE:
            self.base[share.area] = str(value).strip()
            self.dataChanged.emit(index, index)
            return True
        if share is None or str(value).strip() == self.value(share):
            return False
        self.typed[share.area] = str(value).strip()
        self.dataChanged.emit(index, index)
        return True

    def take(self, values: dict[str, str]) -> None:
        """What was computed stands as if it had been typed; what is the same as before is no change."""
        said = {share.area: number(share.value) for share in self.records}
        self.typed.clear()
        self.typed.update({area: words for area, words in values.items() if number(words) != said.get(area)})
        if self.rows:
            last = len(self.columns) - 1
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, last))

    def total(self) -> Fraction:
        values = [number(self.value(share)) for share in self.records]
        return sum((value for value in values if value is not None), Fraction(0))


def _row_named(model: RecordModel, name: str) -> int:
    return model.find(lambda share: name in (share.area_name, share.area))


class ShareTable(RecordTable):
    """Typing goes down the column as in the entry grid."""

    def __init__(self, model: ShareModel) -> None:
        super().__init__(model, row_height=32, whole_rows=False, upright_lines=True)
        self.entry_model = self
        self.value_column = VALUE
        self.setItemDelegate(ShareDelegate(self))
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )

    def step(self, step: int) -> None:
        number_ = self.currentIndex().row() + step
        if 0 <= number_ < len(self.record_model.rows):
            self.go_to(number_, self.currentIndex().column())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        else:
            super().keyPressEvent(event)

    def paste(self) -> int:
        """A column from Excel goes down from the current cell; with names in front each number finds its own row."""
        lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines() if line.strip()]
        model, start = self.record_model, self.currentIndex()
        column = start.column() if start.column() in (VALUE, BASE) else VALUE
        taken = 0
        for offset, cells in enumerate(lines):
            if len(cells) > 1:
                name = cells[0].strip()
                row = _row_named(model, name)
            else:
                row = max(start.row(), 0) + offset
            if 0 <= row < len(model.rows) and cells[-1].strip():
                model.setData(model.index(row, column), cells[-1].strip(), _EDIT)
                taken += 1
        return taken


class ShareDelegate(EntryDelegate):
    def createEditor(self, parent: QWidget, option, index: QModelIndex) -> QWidget:
        editor = QLineEdit(parent)
        editor.setObjectName("cell")
        editor.setFont(theme.font("strong"))
        editor.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return editor

    def eventFilter(self, watched, event) -> bool:
        from PySide6.QtCore import QEvent
        from PySide6.QtWidgets import QAbstractItemDelegate

        table = self.parent()
        if event.type() == QEvent.Type.KeyPress and isinstance(table, ShareTable):
            steps = {
                Qt.Key.Key_Return: 1,
                Qt.Key.Key_Enter: 1,
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_Tab: 1,
            }
            step = steps.get(event.key())
            if step and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.commitData.emit(watched)
                self.closeEditor.emit(watched, QAbstractItemDelegate.EndEditHint.NoHint)
                table.step(step)
                return True
        return super().eventFilter(watched, event)
