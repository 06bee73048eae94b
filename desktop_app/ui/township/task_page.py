"""任务: what is to be filled this month, how each indicator stands, and everything about the chosen one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout

from desktop_app.core.i18n import _
from desktop_app.ui import text, theme
from desktop_app.ui.session import Session
from desktop_app.ui.township.task_model import TaskModel, TaskRow
from desktop_app.ui.township.task_panel import TaskPanel
from desktop_app.ui.widgets.controls import Card, SegmentedFilter, button
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.table import RecordTable
from desktop_app.ui.widgets.thumbnails import Thumbnails

PANEL = 372
NARROW_PANEL = 264
BRIEF_BELOW = 1000


class TaskPage(Page):
    kinds = frozenset(
        {"progress", "evidence", "site", "milestone", "review", "plan", "allocation", "unit", "duty"}
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("本月要填的任务"))
        self.printing = self.add_action(button(_("打印清单"), "", "printer", self._print))
        self.add_action(button(_("继续填报 ▸"), "primary", clicked=self._continue), primary=True)
        self.filter = SegmentedFilter()
        self.filter.chosen.connect(self._apply)
        self.lead = QComboBox()
        self.category = QComboBox()
        for combo, name in ((self.lead, _("牵头单位")), (self.category, _("分类"))):
            combo.setFont(theme.font("body"))
            combo.setAccessibleName(name)
            combo.setMinimumWidth(theme.px(150))
            combo.activated.connect(self._apply)
        line = QHBoxLayout()
        line.setSpacing(theme.px(8))
        line.addWidget(self.filter)
        line.addStretch(1)
        line.addWidget(self.lead)
        line.addWidget(self.category)
        self.body.addLayout(line)
        self.model = TaskModel()
        self.table = RecordTable(self.model)
        self.table.keep_place_by(lambda record: record.key)
        self.table.setAccessibleName(_("任务清单"))
        self.table.picked.connect(self._pick)
        self.table.activated_record.connect(self._open)
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.table)
        self.panel = TaskPanel(session, Thumbnails(session.desk, self))
        self.panel.wanted.connect(self.wanted)
        middle = QHBoxLayout()
        middle.setSpacing(theme.px(10))
        middle.addWidget(sheet, 1)
        middle.addWidget(self.panel)
        self.body.addLayout(middle, 1)
        self._shown: TaskRow | None = None
        # Holding an arrow key passes many rows; only the one that is stopped at is drawn.
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(40)
        self._later.timeout.connect(self._show_panel)
        self.setFocusProxy(self.table)
        self._fit_panel()

    def refresh(self) -> None:
        tasks = self.session.desk.tasks(self.session.period)
        rows = self.model.fill_tasks(tasks)
        own = [row for row in rows if row.mine]
        filled = sum(not row.view.figure.carried and row.view.figure.value is not None for row in own)
        self.set_title(
            _("{month}要填的任务").format(month=text.month(self.session.period.key)),
            _("{filled} / {total} 项已填，还有 {rest} 项").format(
                filled=filled, total=len(own), rest=len(own) - filled
            )
            if filled < len(own)
            else _("{total} 项都填了").format(total=len(own)),
        )
        counts = {
            "all": len(tasks),
            "mine": len(own),
            "behind": sum(row.behind for row in own),
            "evidence": sum(bool(row.view.evidence_missing) for row in own),
            "returned": sum(row.view.returned for row in own),
        }
        words = {
            "all": _("全部 {count}"),
            "mine": _("本单位 {count}"),
            "behind": _("滞后 {count}"),
            "evidence": _("缺佐证 {count}"),
            "returned": _("被退回 {count}"),
        }
        if not self.filter.current:
            self.filter.current = "mine" if own else "all"
        self.filter.set_segments([(key, words[key].format(count=counts[key])) for key in words])
        self._fill_combo(self.lead, _("牵头单位：全部"), sorted({n for row in rows for n in row.task.lead}))
        self._fill_combo(
            self.category, _("分类：全部"), list(dict.fromkeys(row.task.category for row in rows))
        )
        self.table.refill(rows)
        self._apply()

    @staticmethod
    def _fill_combo(combo: QComboBox, everything: str, words: list[str]) -> None:
        chosen = combo.currentData()
        combo.clear()
        combo.addItem(everything, None)
        for word in words:
            combo.addItem(word, word)
        combo.setCurrentIndex(max(0, combo.findData(chosen)))

    def _apply(self, _what: object = None) -> None:
        lead, category, kind = self.lead.currentData(), self.category.currentData(), self.filter.current

        def wanted(row: TaskRow) -> bool:
            if lead is not None and lead not in row.task.lead:
                return False
            if category is not None and row.task.category != category:
                return False
            if kind == "mine":
                return row.mine
            if kind == "behind":
                return row.mine and row.behind
            if kind == "evidence":
                return row.mine and bool(row.view.evidence_missing)
            if kind == "returned":
                return row.view.returned
            return True

        key = self._shown.key if self._shown is not None else None
        self.model.show_only(wanted)
        row = self.model.find(lambda record: record.key == key) if key else -1
        if row < 0:
            # What came back is looked at first.
            row = self.model.find(lambda record: record.view.returned) if key is None else -1
        if row >= 0:
            self.table.go_to(row)
        else:
            self.table.go_to_first()
        self._show_panel()

    def show_subject(self, what: Any) -> None:
        """A task's number or an indicator's id."""

        def same(row: TaskRow) -> bool:
            return row.key == what or row.task.no == what

        if self.model.find(same) < 0:
            self.filter.choose("all")
            self.lead.setCurrentIndex(0)
            self.category.setCurrentIndex(0)
            self._apply()
        self.table.go_to(self.model.find(same))

    def _pick(self, record: TaskRow | None) -> None:
        if record is not None:
            self._shown = record
            self._later.start()

    def _show_panel(self) -> None:
        self._later.stop()
        record = self.table.current_record()
        self.panel.inside.setVisible(record is not None)
        if record is not None:
            self._shown = record
            self.panel.show_row(record)

    def _open(self, record: TaskRow) -> None:
        if record.mine:
            self.wanted.emit("sites" if record.view.basis == "site" else "entry", record.view.id)

    def _continue(self) -> None:
        self.wanted.emit("entry", None)

    def _print(self) -> None:
        from desktop_app.ui.printing import print_table

        print_table(self, self.title.text(), self.model)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_panel()

    def _fit_panel(self) -> None:
        brief = self.width() < BRIEF_BELOW * theme.ratio()
        self.panel.set_brief(brief)
        self.panel.setFixedWidth(theme.px(NARROW_PANEL if brief else PANEL))
        self.printing.setVisible(not brief)
        self.lead.setVisible(not brief)
