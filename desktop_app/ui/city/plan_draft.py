"""A draft being checked: the notice's words at the left, what was read from them at the right, doubts below."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.plan.notice.draft import Draft, DraftIndicator, DraftTask
from desktop_app.ui import theme
from desktop_app.ui.city.plan_edit import indicator_dialog, task_dialog, whole_dialog
from desktop_app.ui.city.plan_words import WordsView, quotes_in
from desktop_app.ui.widgets.controls import Card, SegmentedFilter, button, row
from desktop_app.ui.widgets.delegates import ChipCell
from desktop_app.ui.widgets.labels import Label
from desktop_app.ui.widgets.records import Column, Grouping, RecordModel
from desktop_app.ui.widgets.table import RecordTable

OPS = {">=": "≥", "~": "约", "==": "=", "state": "状态"}


@dataclass
class Line:
    """An indicator with its task."""

    task: DraftTask
    item: DraftIndicator


@dataclass
class Doubt:
    """A doubt with its task, None where it is about the whole."""

    task: DraftTask | None
    text: str
    settled: bool


def shown_number(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,f}"


class DraftView(QWidget):
    """Everything about one draft; `changed` after every edit."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.draft: Draft | None = None
        self.words = WordsView()
        self._shown_task: DraftTask | None = None
        self._make_tables()
        left = Card((1, 1, 1, 1), 0)
        left.body.addWidget(self.words)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        upper = Card((1, 1, 1, 1), 0)
        upper.body.addWidget(self.indicators)
        self.shown = SegmentedFilter()
        self.shown.chosen.connect(lambda _key: self._apply())
        self.take = button(_("取舍"), "small", clicked=self._toggle)
        self.take.setToolTip(_("采用或不采用选中的指标"))
        self.add = button(_("补指标"), "small", "plus", self._add)
        self.add.setToolTip(_("给选中的任务补一个没有读出的指标"))
        self.edit = button(_("修改"), "small", "edit", self._edit)
        column.addLayout(
            row(Label(_("读出的指标"), "strong"), self.shown, None, self.take, self.add, self.edit)
        )
        column.addWidget(upper, 3)
        self.filter = SegmentedFilter()
        self.filter.chosen.connect(lambda _key: self._apply())
        self.settle = button(_("定下（空格）"), "small_primary", "check", self._settle)
        self.alter = button(_("改任务"), "small", "edit", self._alter)
        self.alter.setToolTip(_("改选中任务的目标原文、类别、牵头单位和节点"))
        column.addLayout(row(Label(_("要人定的疑点"), "strong"), self.filter, None, self.alter, self.settle))
        lower = Card((1, 1, 1, 1), 0)
        lower.body.addWidget(self.doubts)
        column.addWidget(lower, 2)
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
        space = QShortcut(QKeySequence(Qt.Key.Key_Space), self.doubts)
        space.setContext(Qt.ShortcutContext.WidgetShortcut)
        space.activated.connect(self._settle)
        self.setFocusProxy(self.doubts)

    def _make_tables(self) -> None:
        self.model = RecordModel(
            [
                Column(
                    "take",
                    "",
                    64,
                    lambda r: _("采用") if r.item.take else _("备选"),
                    cell=ChipCell(lambda r: "ok" if r.item.take else "plain"),
                    whole=True,
                ),
                Column(
                    "name", _("指标"), 150, lambda r: r.item.name, stretch=True, tip=lambda r: r.item.name
                ),
                Column("op", _("限定"), 44, lambda r: OPS[r.item.op]),
                Column("value", _("数"), 92, lambda r: shown_number(r.item.value), right=True),
                Column("unit", _("单位"), 64, lambda r: r.item.unit),
                Column(
                    "quote",
                    _("原文"),
                    132,
                    lambda r: r.item.quote or _("样例建议"),
                    colour=theme.INK2,
                    tip=lambda r: r.item.quote,
                    drop=1,
                ),
                Column("like", _("口径参照"), 72, lambda r: r.item.like or "", colour=theme.INK2, drop=2),
            ],
            Grouping(
                key=lambda r: r.task.no,
                title=self._task_title,
                note=lambda rs: "、".join(rs[0].task.lead),
            ),
        )
        self.indicators = RecordTable(self.model, row_height=30)
        self.indicators.keep_place_by(lambda r: (r.task.no, id(r.item)))
        self.indicators.picked.connect(self._picked_line)
        self.indicators.activated_record.connect(lambda _record: self._edit())
        self.doubt_model = RecordModel(
            [
                Column(
                    "state",
                    "",
                    64,
                    lambda r: _("已定") if r.settled else _("待定"),
                    cell=ChipCell(lambda r: "ok" if r.settled else "warn"),
                    whole=True,
                ),
                Column("task", _("任务"), 48, lambda r: str(r.task.no) if r.task else _("全文")),
                Column("text", _("要定的事"), 240, lambda r: r.text, stretch=True, tip=lambda r: r.text),
            ]
        )
        self.doubts = RecordTable(self.doubt_model, row_height=30)
        self.doubts.keep_place_by(lambda r: (r.task.no if r.task else 0, r.text))
        self.doubts.picked.connect(self._picked_doubt)
        self.doubts.activated_record.connect(self._edit_for)

    def _task_title(self, no: int) -> str:
        task = next((task for task in self.draft.tasks if task.no == no), None) if self.draft else None
        return f"{no}　{task.title}" if task else str(no)

    # -- filling -----------------------------------------------------------------------------------------------------

    def show_draft(self, draft: Draft) -> None:
        self.draft = draft
        self._fill()
        self.doubts.go_to_first()
        if self.doubts.current_record() is None:
            self.indicators.go_to_first()

    def _fill(self) -> None:
        assert self.draft is not None
        lines = [Line(task, item) for task in self.draft.tasks for item in task.indicators]
        self.shown.set_segments(
            [
                ("taken", _("采用 {count}").format(count=sum(line.item.take for line in lines))),
                ("all", _("连同备选 {count}").format(count=len(lines))),
            ]
        )
        self.indicators.refill(lines)
        found = [Doubt(None, text, False) for text in self.draft.doubts]
        found += [Doubt(None, text, True) for text in self.draft.settled]
        for task in self.draft.tasks:
            found += [Doubt(task, text, False) for text in task.doubts]
            found += [Doubt(task, text, True) for text in task.settled]
        open_ones = sum(not doubt.settled for doubt in found)
        self.filter.set_segments(
            [
                ("open", _("待定 {count}").format(count=open_ones)),
                ("all", _("全部 {count}").format(count=len(found))),
            ]
        )
        self.doubts.refill(found)
        self._apply()

    def _apply(self) -> None:
        self.model.show_only((lambda r: r.item.take) if self.shown.current == "taken" else None)
        self.doubt_model.show_only((lambda r: not r.settled) if self.filter.current == "open" else None)

    def open_count(self) -> int:
        return len(self.draft.open_doubts()) if self.draft else 0

    # -- words -------------------------------------------------------------------------------------------------------

    def _picked_line(self, line: Line | None) -> None:
        if line is not None and self.indicators.hasFocus():
            self._show(line.task, line.item.quote)

    def _picked_doubt(self, doubt: Doubt | None) -> None:
        if doubt is None:
            return
        if doubt.task is None:
            self._shown_task = None
            self.words.show_nothing(doubt.text)
            return
        quotes = quotes_in(doubt.text)
        self._show(doubt.task, quotes[0] if quotes else "", doubt.text)
        task = doubt.task
        place = self.model.find(lambda line: line.task is task)
        if place >= 0:
            index = self.model.index(max(0, place - 1), 0)
            self.indicators.scrollTo(index, RecordTable.ScrollHint.PositionAtTop)

    def _task(self) -> DraftTask | None:
        """The task whose words are shown at the left."""
        return self._shown_task

    def _show(self, task: DraftTask, chosen: str, doubt: str = "") -> None:
        self._shown_task = task
        seen = [
            _("牵头单位的写法：{names}").format(names=" / ".join(names))
            for names in task.lead_spellings
            if len(names) > 1
        ]
        dates = [_("节点 {date}　{what}").format(date=step.date, what=step.what) for step in task.deadlines]
        self.words.show_task(
            f"{task.no}　{task.category}",
            task.target,
            task.lead,
            task.measures,
            figures=[item.quote for item in task.indicators if item.take and item.quote],
            doubted=[quote for text in task.doubts for quote in quotes_in(text)],
            chosen=chosen,
            doubt=doubt,
            below=[*dates, *seen, *task.remarks],
        )

    # -- acts --------------------------------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Settle the doubt that is chosen (or open it again) and go on to the next."""
        doubt = self.doubts.current_record()
        if doubt is None or self.draft is None:
            return
        place = self.doubts.currentIndex().row()
        home = doubt.task or self.draft
        source, goal = (home.settled, home.doubts) if doubt.settled else (home.doubts, home.settled)
        source.remove(doubt.text)
        goal.append(doubt.text)
        self._fill()
        self.doubts.go_to(min(place, max(0, len(self.doubt_model.rows) - 1)))
        self.changed.emit()

    def _edit_for(self, doubt: Doubt) -> None:
        """Enter on a doubt: change the figure it speaks of, or the lead."""
        if self.draft is None:
            return
        if doubt.task is None:
            self._edit_whole()
            return
        quotes = quotes_in(doubt.text)
        item = next(
            (item for item in doubt.task.indicators if item.quote and any(item.quote in q for q in quotes)),
            None,
        )
        if item is not None:
            self.edit_indicator(Line(doubt.task, item))
        else:
            self.edit_task(doubt.task)

    def _edit(self) -> None:
        line = self.indicators.current_record()
        if line is not None:
            self.edit_indicator(line)

    def _add(self) -> None:
        """An indicator that nobody could read from the words; the doubt that asks for it gives its quotation."""
        task = self._task()
        if task is None:
            return
        doubt = self.doubts.current_record()
        quotes = quotes_in(doubt.text) if doubt is not None and doubt.task is task else []
        quote = quotes[0] if quotes and quotes[0] in task.target else ""
        item = DraftIndicator(name="", op="==", quote=quote, unit="")
        self.edit_indicator(Line(task, item), new=True)

    def _alter(self) -> None:
        task = self._task()
        if task is not None:
            self.edit_task(task)
        elif self.draft is not None:
            self._edit_whole()

    def _toggle(self) -> None:
        line = self.indicators.current_record()
        if line is not None:
            line.item.take = not line.item.take
            self._after()

    def _after(self) -> None:
        self._fill()
        self.changed.emit()

    def edit_indicator(self, line: Line, new: bool = False) -> None:
        indicator_dialog(self, line.task, line.item, self._after, new=new).exec()

    def edit_task(self, task: DraftTask) -> None:
        task_dialog(self, task, self._after).exec()

    def _edit_whole(self) -> None:
        if self.draft is not None:
            whole_dialog(self, self.draft, self._after).exec()
