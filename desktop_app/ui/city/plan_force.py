"""A plan in force: its tasks in the notice's words, its indicators, and targets that were changed in mid-year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from desktop_app.core.figures.numbers import show
from desktop_app.core.i18n import _
from desktop_app.core.model.plan import Indicator, Plan, Task
from desktop_app.core.operations.planning import TargetChange
from desktop_app.ui import theme
from desktop_app.ui.city.plan_draft import OPS
from desktop_app.ui.city.plan_words import WordsView
from desktop_app.ui.widgets.controls import Card
from desktop_app.ui.widgets.labels import Label
from desktop_app.ui.widgets.records import Column, Grouping, RecordModel
from desktop_app.ui.widgets.table import RecordTable

MEASURES = {"count": "数量", "rate": "比率", "standard": "标准", "state": "状态"}


@dataclass
class Row:
    """An indicator with its task and how often its target was changed."""

    task: Task
    indicator: Indicator
    changes: int


def target_text(indicator: Indicator) -> str:
    if indicator.measure == "state":
        return _("落实")
    return show(indicator.target_value, indicator.decimals) if indicator.target else _("待定")


def plain(value: Fraction | None) -> str:
    return show(value, 0 if value is None or value.denominator == 1 else 2)


class ForceView(QWidget):
    """`chosen` tells the indicator under the cursor."""

    chosen = Signal(object)
    asked = Signal(object)
    """Enter or a double click on an indicator."""

    def __init__(self) -> None:
        super().__init__()
        self.words = WordsView()
        self.model = RecordModel(
            [
                Column("id", _("编号"), 56, lambda r: r.indicator.id, whole=True),
                Column(
                    "name",
                    _("指标"),
                    170,
                    lambda r: r.indicator.name,
                    stretch=True,
                    tip=lambda r: r.indicator.name,
                ),
                Column("op", _("限定"), 44, lambda r: OPS[r.indicator.op]),
                Column("target", _("目标"), 96, lambda r: target_text(r.indicator), right=True),
                Column("unit", _("单位"), 72, lambda r: r.indicator.unit),
                Column(
                    "measure",
                    _("类型"),
                    56,
                    lambda r: MEASURES[r.indicator.measure],
                    colour=theme.INK2,
                    drop=1,
                ),
                Column(
                    "changed",
                    _("年中调整"),
                    76,
                    lambda r: _("{count} 次").format(count=r.changes) if r.changes else "",
                    colour=theme.AMBER,
                    drop=2,
                ),
            ],
            Grouping(
                key=lambda r: r.task.no,
                title=lambda no: f"{no}　{self._titles.get(no, '')}",
                note=lambda rs: "、".join(rs[0].task.lead),
            ),
        )
        self._titles: dict[int, str] = {}
        self.table = RecordTable(self.model, row_height=30)
        self.table.keep_place_by(lambda r: r.indicator.id)
        self.table.picked.connect(self._picked)
        self.table.activated_record.connect(lambda record: self.asked.emit(record.indicator))
        self.change_model = RecordModel(
            [
                Column("effective", _("生效"), 92, lambda c: c.effective, whole=True),
                Column("name", _("指标"), 140, lambda c: f"{c.indicator} {c.name}", stretch=True),
                Column("values", _("目标"), 136, lambda c: f"{plain(c.old)} → {plain(c.new)}"),
                Column("document", _("依据文号"), 168, lambda c: c.document, tip=lambda c: c.reason),
                Column("operator", _("经办"), 76, lambda c: c.operator, colour=theme.INK2, drop=1),
            ]
        )
        self.changes = RecordTable(self.change_model, row_height=30)
        left, upper, self.below = Card((1, 1, 1, 1), 0), Card((1, 1, 1, 1), 0), Card((1, 1, 1, 1), 0)
        left.body.addWidget(self.words)
        upper.body.addWidget(self.table)
        self.below.body.addWidget(self.changes)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addWidget(upper, 4)
        self.change_title = Label(_("年中调整过的目标"), "strong")
        column.addWidget(self.change_title)
        column.addWidget(self.below, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(right)
        split.setHandleWidth(theme.px(8))
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(split)
        self.setFocusProxy(self.table)

    def show_plan(self, plan: Plan, changes: Sequence[TargetChange]) -> None:
        self._titles = {task.no: task.title for task in plan.tasks}
        counted: dict[str, int] = {}
        for change in changes:
            counted[change.indicator] = counted.get(change.indicator, 0) + 1
        self.table.refill(
            [Row(task, item, counted.get(item.id, 0)) for task in plan.tasks for item in task.indicators]
        )
        if self.table.current_record() is None:
            self.table.go_to_first()
        self.changes.refill(list(reversed(changes)))
        self.below.setVisible(bool(changes))
        self.change_title.setVisible(bool(changes))

    def current(self) -> Indicator | None:
        record = self.table.current_record()
        return record.indicator if record is not None else None

    def _picked(self, record: Row | None) -> None:
        self.chosen.emit(record.indicator if record is not None else None)
        if record is None:
            return
        task = record.task
        dates = [
            _("节点 {date}　{what}").format(date=step.due.isoformat(), what=step.what)
            for step in task.milestones
        ]
        self.words.show_task(
            f"{task.no}　{task.category}",
            task.target,
            task.lead,
            task.measures,
            below=[*dates, *task.open_points],
        )
