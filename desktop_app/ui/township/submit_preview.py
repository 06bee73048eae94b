"""The second step of 上报: the figures, and every sheet of the package as its reader will open it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model.view import IndicatorView
from desktop_app.ui import text, theme
from desktop_app.ui.answers import PreviewSheet, SubmissionPreview
from desktop_app.ui.widgets.controls import Card, ScrollPanel, SegmentedFilter
from desktop_app.ui.widgets.delegates import NumberCell
from desktop_app.ui.widgets.labels import Label, WrappedLabel
from desktop_app.ui.widgets.progress_strip import ProgressStrip
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable

FIGURES = "figures"
NARROWEST, WIDEST = 44, 260
WIDE = 6
"""Cells of the cover side by side."""
CHARACTER = 7.5
"""Pixels of a sheet's width unit at 100 %."""


class PreviewStep(QWidget):
    """The figures at once; the sheets as soon as they are drawn."""

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(8))
        self.filter = SegmentedFilter()
        self.filter.chosen.connect(self._show)
        layout.addWidget(self.filter, 0, Qt.AlignmentFlag.AlignLeft)
        self.box = QComboBox()
        self.box.setFont(theme.font("body"))
        self.box.setAccessibleName(_("看哪一张"))
        self.box.activated.connect(lambda _number: self.filter.choose(str(self.box.currentData())))
        layout.addWidget(self.box, 0, Qt.AlignmentFlag.AlignLeft)
        self.words = WrappedLabel("", "note", "ink2")
        layout.addWidget(self.words)
        self.model = RecordModel(
            [
                Column(
                    "no", _("序号"), 44, lambda v: str(v.task), right=True, colour=theme.INK2, sort=lambda v: v.task
                ),
                Column("name", _("指标"), 180, lambda v: v.name, stretch=True, whole=True),
                Column("unit", _("单位"), 52, lambda v: v.unit, colour=theme.INK2),
                Column("previous", _("上期累计"), 78, lambda v: text.value(v, previous=True), right=True),
                Column(
                    "value", _("本期累计"), 96, text.typed, right=True,
                    cell=NumberCell(
                        lambda v: (theme.INK2, "body") if v.figure.carried else (theme.INK, "strong")
                    ),
                ),
                Column("increase", _("本月新增"), 76, text.increase, right=True),
                Column("evidence", _("佐证"), 50, lambda v: str(v.evidence), right=True, drop=2),
                Column("note", _("说明"), 160, self._note, colour=theme.INK2, drop=1),
            ]
        )  # fmt: skip
        self.table = RecordTable(self.model, row_height=32)
        self.table.setAccessibleName(_("要报的数"))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.stack)
        layout.addWidget(sheet, 1)
        self.strip = ProgressStrip()
        layout.addWidget(self.strip)
        self.pages: dict[str, QWidget] = {}
        self._notes: dict[str, str] = {}
        self.show_sheets(None)

    @staticmethod
    def _note(view: IndicatorView) -> str:
        if view.figure.carried:
            return _("沿用{month}").format(month=text.month(view.figure.carried))
        return view.reason or view.note

    def show_sheets(self, preview: SubmissionPreview | None) -> None:
        """The sheets as drawn for the package; None while they are not there (yet)."""
        for page in self.pages.values():
            self.stack.removeWidget(page)
            page.deleteLater()
        self.pages = {}
        self._notes = {FIGURES: _("要报的数。后面几张是对方打开上报包看到的，一格不差。")}
        segments = [(FIGURES, _("要报的数"))]
        for sheet in preview.sheets if preview is not None else ():
            page = _cover(sheet) if not sheet.heads else _table(sheet)
            self.pages[sheet.name] = page
            self.stack.addWidget(page)
            count = len(sheet.rows)
            segments.append((sheet.name, sheet.name))
            self._notes[sheet.name] = (
                _("上报包里的“{name}”，对方打开就是这样。").format(name=sheet.name)
                if not sheet.heads
                else _("上报包里的“{name}”，共 {count} 行。Ctrl+C 复制到 Excel。").format(
                    name=sheet.name, count=count
                )
            )
        self.filter.set_segments(segments)
        self.box.clear()
        for key, name in segments:
            self.box.addItem(name, key)
        self._show(self.filter.current)
        self._fit()

    def _show(self, key: str) -> None:
        self.words.setText(self._notes.get(key, ""))
        self.box.setCurrentIndex(max(0, self.box.findData(key)))
        self.stack.setCurrentWidget(self.pages.get(key, self.table))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Side by side where all of them have room, else in one box."""
        roomy = self.filter.sizeHint().width() <= self.width()
        self.filter.setVisible(roomy)
        self.box.setVisible(not roomy)


def _table(sheet: PreviewSheet) -> RecordTable:
    def cell_of(number: int) -> Column:
        width = sheet.widths[number] if number < len(sheet.widths) else 10
        return Column(
            f"c{number}",
            sheet.heads[number],
            int(max(NARROWEST, min(WIDEST, width * CHARACTER))),
            lambda line: line[number],
            right=number in sheet.right,
            tip=lambda line: line[number],
        )

    model = RecordModel([cell_of(number) for number in range(len(sheet.heads))])
    table = RecordTable(model, row_height=30)
    table.setAccessibleName(sheet.name)
    model.fill(sheet.rows)
    return table


def _cover(sheet: PreviewSheet) -> ScrollPanel:
    """Line by line: a label and what it says beside it, sentences over the whole width."""
    panel = ScrollPanel((24, 14, 24, 14), 8)
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.px(16))
    grid.setVerticalSpacing(theme.px(6))
    grid.setColumnStretch(WIDE - 1, 1)
    for number, line in enumerate(sheet.rows):
        if len(line) == 1:
            grid.addWidget(WrappedLabel(line[0], "body"), number, 0, 1, WIDE)
            continue
        for column, words in enumerate(line[:WIDE]):
            grid.addWidget(Label(words, "body", "" if column % 2 else "ink2"), number, column)
    panel.body.addLayout(grid)
    panel.body.addStretch(1)
    return panel
