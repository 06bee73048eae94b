"""The records of a table: columns, groups, filter and sorting, in our own model.

A proxy model would sort a long list many times slower.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal

from desktop_app.ui import theme
from desktop_app.ui.widgets.delegates import CellPainter, NumberCell, TextCell

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
RECORD = int(Qt.ItemDataRole.UserRole)


@dataclass
class Column:
    """One column.  `width` is of the 100 % plan; a column with `stretch` takes what is left.

    Columns with a `drop` number are hidden in that order (1 first) when the stretching one falls below `width`.
    `whole` columns must never be elided; a test looks.
    """

    key: str
    head: str
    width: int
    text: Callable[[Any], str]
    note: str = ""
    right: bool = False
    stretch: bool = False
    drop: int = 0
    whole: bool = False
    sort: Callable[[Any], Any] | None = None
    cell: CellPainter | None = None
    role: str = "body"
    colour: str = theme.INK
    fill: Callable[[Any], str | None] | None = None
    corner: Callable[[Any], str | None] | None = None
    tip: Callable[[Any], str] | None = None
    tick: bool = False
    """The head draws the 应达 tick after its first word."""
    pressable: bool = False
    tight: int = 0
    """The width, and `short` the head, where even dropping columns leaves too little room."""
    short: str = ""
    grown: int = 0
    """What the content needs, measured by the table."""

    def wide(self, tight: bool = False) -> int:
        return max(self.tight if tight and self.tight else self.width, self.grown)

    def __post_init__(self) -> None:
        if self.cell is None:
            self.cell = NumberCell() if self.right else TextCell()


@dataclass(frozen=True)
class GroupRow:
    """A row that spans all columns: the group's title, and counts at the right."""

    title: str
    note: str = ""


@dataclass
class Grouping:
    """`key` of a record names its group; `title` and `note` tell what its row says."""

    key: Callable[[Any], Any]
    title: Callable[[Any], str]
    note: Callable[[list[Any]], str] = field(default=lambda records: "")


class RecordModel(QAbstractTableModel):
    """Records, some of them shown.  Rows are records or group rows."""

    refilled = Signal()

    def __init__(
        self, columns: list[Column], grouping: Grouping | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = columns
        self.grouping = grouping
        self.records: list[Any] = []
        self.rows: list[Any] = []
        self._wanted: Callable[[Any], bool] | None = None
        self._sorted_by: int = -1
        self._descending = False

    # What is shown
    def fill(self, records: Iterable[Any]) -> None:
        self.records = list(records)
        self._refill()

    def show_only(self, wanted: Callable[[Any], bool] | None) -> None:
        self._wanted = wanted
        self._refill()

    def sort_by(self, column: int) -> None:
        """Ascending, then descending, then as the page means it."""
        if column >= 0 and self.columns[column].sort is None:
            return
        if column != self._sorted_by:
            self._sorted_by, self._descending = column, False
        elif not self._descending:
            self._descending = True
        else:
            self._sorted_by, self._descending = -1, False
        self._refill()

    @property
    def sorting(self) -> tuple[int, bool]:
        return self._sorted_by, self._descending

    def _refill(self) -> None:
        self.beginResetModel()
        wanted = self._wanted
        # Neither list is changed in place, so that the whole of a long one may be both.
        shown = self.records if wanted is None else [r for r in self.records if wanted(r)]
        if self._sorted_by >= 0:
            key = self.columns[self._sorted_by].sort
            assert key is not None
            known = [r for r in shown if key(r) is not None]
            unknown = [r for r in shown if key(r) is None]
            known.sort(key=key, reverse=self._descending)
            self.rows = known + unknown
        elif self.grouping is not None:
            groups: dict[Any, list[Any]] = {}
            for record in shown:
                groups.setdefault(self.grouping.key(record), []).append(record)
            self.rows = []
            for key_, members in groups.items():
                self.rows.append(GroupRow(self.grouping.title(key_), self.grouping.note(members)))
                self.rows.extend(members)
        else:
            self.rows = shown
        self.endResetModel()
        self.refilled.emit()

    def shown(self) -> list[Any]:
        return [row for row in self.rows if not isinstance(row, GroupRow)]

    def record(self, row: int) -> Any | None:
        if 0 <= row < len(self.rows) and not isinstance(self.rows[row], GroupRow):
            return self.rows[row]
        return None

    def find(self, matches: Callable[[Any], bool]) -> int:
        """The row of the first record that matches, or -1."""
        for number, row in enumerate(self.rows):
            if not isinstance(row, GroupRow) and matches(row):
                return number
        return -1

    def column(self, key: str) -> int:
        return next(n for n, column in enumerate(self.columns) if column.key == key)

    # Qt
    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: QModelIndex, role: int = _DISPLAY) -> Any:
        if role not in (_DISPLAY, _TIP, _ACCESSIBLE, RECORD):
            return None
        row = self.rows[index.row()]
        if role == RECORD:
            return row
        if isinstance(row, GroupRow):
            return row.title if role != _TIP and index.column() == 0 else None
        column = self.columns[index.column()]
        if role == _TIP:
            return column.tip(row) if column.tip else None
        text = column.text(row)
        if role == _ACCESSIBLE:
            return f"{column.head} {text}" if text else column.head
        return text

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == _DISPLAY:
            return self.columns[section].head
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if isinstance(self.rows[index.row()], GroupRow):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def as_text(self, rows: Iterable[int] | None = None) -> str:
        """The table as Excel takes it from the clipboard: tabs and lines, heads first."""
        lines = ["\t".join(column.head for column in self.columns if column.head)]
        for number in rows if rows is not None else range(len(self.rows)):
            record = self.rows[number]
            if isinstance(record, GroupRow):
                lines.append(record.title)
            else:
                lines.append("\t".join(c.text(record).replace("\t", " ") for c in self.columns if c.head))
        return "\n".join(lines)
