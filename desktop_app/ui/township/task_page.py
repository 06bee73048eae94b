"""任务: what is to be filled this month, how each indicator stands, and everything about the chosen one."""

from __future__ import annotations

import unicodedata
from collections.abc import Container
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QInputDialog, QLineEdit

from desktop_app.core.i18n import _
from desktop_app.ui import text, theme
from desktop_app.ui.county.remembered import remember_order
from desktop_app.ui.frame.finder import initials
from desktop_app.ui.preferences import Preferences
from desktop_app.ui.session import Session
from desktop_app.ui.township.task_model import TaskModel, TaskRow, found_by
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
        {
            "progress",
            "evidence",
            "site",
            "milestone",
            "review",
            "plan",
            "allocation",
            "unit",
            "duty",
            "setting",
        }
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("本月要填的任务"))
        self.assigning = self.add_action(button(_("分派…"), "", "users", self._assign))
        self.assigning.setToolTip(_("把选中的任务分给人或站所；按住 Ctrl 可以多选"))
        self.printing = self.add_action(button(_("打印清单"), "", "printer", self._print))
        self.add_action(button(_("继续填报 ▸"), "primary", clicked=self._continue), primary=True)
        self._preferences = Preferences()
        self._started = False
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
        self.search = QLineEdit()
        self.search.setFont(theme.font("body"))
        self.search.setToolTip(_("按字、序号、部门或拼音首字母找"))
        self.search.setAccessibleName(_("搜索任务"))
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(theme.px(250))
        self.search.textChanged.connect(self._apply)
        line.addWidget(self.search, 2)
        line.addWidget(self.lead)
        line.addWidget(self.category)
        self.body.addLayout(line)
        self.model = TaskModel()
        self.table = RecordTable(self.model, several=True)
        self.table.keep_place_by(lambda record: record.key)
        self.table.setAccessibleName(_("任务清单"))
        self.table.empty_words = _("没有符合的任务。换个词，或点“全部”")
        remember_order(self.table, "tasks", self._preferences)
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
        self._operator = ""
        self._initials: dict[str, str] = {}
        # Holding an arrow key passes many rows; only the one that is stopped at is drawn.
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(40)
        self._later.timeout.connect(self._show_panel)
        self.setFocusProxy(self.table)
        self._fit_panel()

    def refresh(self) -> None:
        tasks = self.session.desk.tasks(self.session.period)
        desk = self.session.desk
        assigned = desk.assigned()
        self._operator = desk.overview(self.session.period).operator.split(" · ")[0]
        rows = self.model.fill_tasks(tasks, assigned)
        self._initials = {}
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
            "given": sum(self._is_given(row) for row in own),
        }
        words = {
            "all": _("全部 {count}"),
            "mine": _("本单位 {count}"),
            "behind": _("滞后 {count}"),
            "evidence": _("缺佐证 {count}"),
            "returned": _("被退回 {count}"),
            "given": _("我的 {count}"),
        }
        if not assigned:
            del words["given"]
        if not self.filter.current:
            self._recall(words)
        if not self.filter.current:
            self.filter.current = "mine" if own else "all"
        self.filter.set_segments([(key, words[key].format(count=counts[key])) for key in words])
        self._fill_combo(self.lead, _("牵头单位：全部"), sorted({n for row in rows for n in row.task.lead}))
        self._fill_combo(
            self.category, _("分类：全部"), list(dict.fromkeys(row.task.category for row in rows))
        )
        self._recall_category()
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
        sought = unicodedata.normalize("NFKC", self.search.text()).strip().lower()
        self._remember("filter", kind)
        self._remember("category", category or "")

        def wanted(row: TaskRow) -> bool:
            if lead is not None and lead not in row.task.lead:
                return False
            if category is not None and row.task.category != category:
                return False
            if sought:
                # Looked for, it is found wherever it is.
                return found_by(row, sought, self._initials_of(row) if sought.isascii() else "")
            if kind == "mine":
                return row.mine
            if kind == "behind":
                return row.mine and row.behind
            if kind == "evidence":
                return row.mine and bool(row.view.evidence_missing)
            if kind == "returned":
                return row.view.returned
            if kind == "given":
                return row.mine and self._is_given(row)
            return True

        key = self._shown.key if self._shown is not None else self._recalled("row") or None
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

    # What a person left it at, on this computer
    def _remember(self, name: str, value: str) -> None:
        if value != self._recalled(name):
            self._preferences.set_text(f"tasks/{self.session.desk.unit}/{name}", value)

    def _recalled(self, name: str) -> str:
        return self._preferences.text(f"tasks/{self.session.desk.unit}/{name}")

    def _recall(self, known: Container[str]) -> None:
        left_at = self._recalled("filter")
        if left_at in known:
            self.filter.current = left_at

    def _recall_category(self) -> None:
        if not self._started:
            self._started = True
            self.category.setCurrentIndex(max(0, self.category.findData(self._recalled("category"))))

    def _is_given(self, row: TaskRow) -> bool:
        return bool(row.who) and row.who == self._operator

    def _initials_of(self, row: TaskRow) -> str:
        if row.key not in self._initials:
            self._initials[row.key] = initials(f"{row.task.title} {row.view.name} {''.join(row.task.lead)}")
        return self._initials[row.key]

    def _assign(self) -> None:
        rows = self.table.chosen_records()
        tasks = sorted({row.task.no for row in rows})
        if not tasks:
            return
        known = [self._operator, *sorted(set(self.session.desk.assigned().values()) - {self._operator})]
        words = _("把第 {tasks} 项分给谁（人名或站所，空着就是不分派）：").format(
            tasks="、".join(str(no) for no in tasks)
        )
        current = known.index(rows[0].who) if rows[0].who in known else 0
        name, ok = QInputDialog.getItem(self, _("分派任务"), words, known, current, True)
        if ok:
            self.assign(tasks, name)

    def assign(self, tasks: list[int], name: str) -> None:
        done = (
            _("已把 {count} 项任务分给{name}").format(count=len(tasks), name=name.strip())
            if name.strip()
            else _("已取消 {count} 项任务的分派").format(count=len(tasks))
        )
        self.session.attempt(lambda desk: desk.assign(tasks, name), done)

    def _pick(self, record: TaskRow | None) -> None:
        if record is not None:
            self._remember("row", record.key)
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
        self.search.setPlaceholderText(_("搜索任务") if brief else _("搜：字、序号、部门、拼音首字母"))
        self.lead.setVisible(not brief)
