"""台账册: every register on one page, drawn from its declaration."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout

from desktop_app.core.i18n import _
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.record_view import RecordView
from desktop_app.core.model.register import Register
from desktop_app.core.progress import Progress, silent
from desktop_app.ui import jobs, places, theme
from desktop_app.ui.records.record_detail import RecordDetail
from desktop_app.ui.records.record_form import RecordForm
from desktop_app.ui.records.register_forms import RegisterForms
from desktop_app.ui.records.register_list import Line, RegisterList
from desktop_app.ui.records.register_table import make_table
from desktop_app.ui.session import Desk, Session
from desktop_app.ui.widgets.controls import Card, EmptyState, SegmentedFilter, button, row
from desktop_app.ui.widgets.labels import ElidedLabel
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.progress_strip import ProgressStrip
from desktop_app.ui.widgets.table import RecordTable


class RegisterPage(Page, RegisterForms):
    kinds = frozenset({"record", "answer", "evidence", "site", "plan", "unit"})
    groups: tuple[str, ...] = ()
    """Only these groups; empty for all."""
    heading = "台账册"

    def __init__(self, session: Session) -> None:
        super().__init__(session, _(self.heading))
        self._register: Register | None = None
        self._rows: list[RecordView] = []
        self._missed: set[str] = set()
        self._first_actions()
        self.copy_button = self.add_action(button(_("复制到 Excel"), "", "copy", self._copy))
        self.import_button = self.add_action(button(_("从表格导入"), "", "file-import", self._import))
        self.freeze_button = self.add_action(button(_("冻结底数"), "", "lock", self._freeze))
        self.facts_button = self.add_action(button(_("考核底数"), "", "file-export", self._save_facts))
        self.add_button = button(_("登记一条"), "primary", "plus", self._add)
        self.add_action(self.add_button, primary=True)
        self.strip = ProgressStrip()
        self.strip.hide()
        self.body.addWidget(self.strip)
        across = QHBoxLayout()
        across.setSpacing(theme.px(8))
        self.body.addLayout(across, 1)
        left = QVBoxLayout()
        left.setSpacing(theme.px(8))
        self.which = SegmentedFilter([("used", _("在用")), ("all", _("全部"))])
        self.which.chosen.connect(lambda _key: self._list())
        left.addWidget(self.which)
        self.list = RegisterList()
        self.list.picked.connect(self._picked)
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.list)
        sheet.setFixedWidth(theme.px(214))
        left.addWidget(sheet, 1)
        across.addLayout(left)
        right = QVBoxLayout()
        right.setSpacing(theme.px(8))
        across.addLayout(right, 1)
        self.filter = SegmentedFilter()
        self.filter.chosen.connect(lambda _key: self._apply())
        self.area = QComboBox()
        self.area.setFont(theme.font("body"))
        self.area.setAccessibleName(_("单位"))
        self.area.setMinimumWidth(theme.px(130))
        self.area.activated.connect(lambda _number: self._apply())
        self.what = ElidedLabel("", "note", theme.INK2)
        right.addLayout(row(self.filter, self.what, self.area))
        self.card = Card((1, 1, 1, 1), 0)
        right.addWidget(self.card, 1)
        self.table: RecordTable | None = None
        self.empty = EmptyState("", "", button(_("登记一条"), "primary", clicked=self._add))
        self.card.body.addWidget(self.empty)
        self.detail = RecordDetail()
        self.detail.pressed.connect(self._act)
        right.addWidget(self.detail)
        self.setFocusProxy(self.list)

    def _first_actions(self) -> None:
        """The buttons at the left of those that every list of registers has."""
        self.add_action(button(_("比对名单"), "", "git-compare", self._compare))

    # -- filling -----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        desk = self.session.desk
        counts = desk.register_counts()
        mine = [r for r in desk.registers() if not self.groups or r.group in self.groups]
        used = sum(r.key in counts for r in mine)
        if not used and not self._register:
            self.which.choose("all")
        late = sum(counts[r.key][2] for r in mine if r.key in counts)
        opened = sum(counts[r.key][1] for r in mine if r.key in counts)
        self.set_title(
            _(self.heading),
            _("未办 {open} 条 · 逾期 {late} 条").format(open=opened, late=late),
        )
        self.which.set_segments(
            [
                ("used", _("在用 {count}").format(count=used)),
                ("all", _("全部 {count}").format(count=len(mine))),
            ]
        )
        self._list()

    def _list(self) -> None:
        desk = self.session.desk
        counts = desk.register_counts()
        everything = self.which.current == "all"
        shown = [
            r
            for r in desk.registers()
            if (not self.groups or r.group in self.groups) and (everything or r.key in counts)
        ]
        groups = [g for g in desk.register_groups() if not self.groups or g.key in self.groups]
        before = self._register.key if self._register else ""
        self.list.show_registers(shown, groups, counts)
        if not (before and self.list.choose(before)):
            self.list.go_to_pressing(desk.keeps)
        self._picked(self.list.current_record())

    def _picked(self, line: Line | None) -> None:
        if line is None:
            self._register = None
            self._show_rows([])
            return
        self._register = line.register
        desk = self.session.desk
        rows = list(desk.records(line.register.key))
        self._missed = set()
        if line.register.every:
            self._missed = {m.subject for m in desk.missed(line.register.key, self.session.period.key)}
        self._show_rows(rows)

    def _show_rows(self, rows: list[RecordView]) -> None:
        register = self._register
        self._rows = rows
        areas = {r.area: r.area_name for r in rows}
        chosen = self.area.currentData()
        self.area.clear()
        self.area.addItem(_("全部单位"), "")
        for code, name in sorted(areas.items()):
            self.area.addItem(name, code)
        self.area.setCurrentIndex(max(0, self.area.findData(chosen)))
        self.area.setVisible(len(areas) > 1)
        if register is None:
            return
        keeps = self.session.desk.keeps(register.key)
        self.add_button.setVisible(keeps)
        self.import_button.setVisible(keeps)
        self.freeze_button.setVisible(keeps and register.freezes)
        self.facts_button.setVisible(keeps and register.key == "appraisal")
        self.what.setText(register.what)
        self.filter.set_segments(self._segments(register, rows))
        same = self.table is not None and self.table.property("register") == register.key
        if not same or self.table is None:
            if self.table is not None:
                self.card.body.removeWidget(self.table)
                self.table.hide()
                self.table.deleteLater()
            filled = {key for r in rows for key, text in r.values.items() if text}
            self.table = make_table(register, lambda: len(areas) > 1, filled)
            self.table.setProperty("register", register.key)
            self.table.picked.connect(self._show_detail)
            self.table.activated_record.connect(lambda record: self._act("change"))
            self.card.body.addWidget(self.table)
        self.table.refill(rows)
        self.empty.set(
            _("“{title}”还没有内容").format(title=register.title),
            register.what if keeps else _("由上级或下级登记，汇入以后在这里看到。"),
        )
        self._apply()

    def _segments(self, register: Register, rows: list[RecordView]) -> list[tuple[str, str]]:
        found = [("all", _("全部 {count}").format(count=len(rows)))]
        if register.steps:
            opened = sum(not r.closed for r in rows)
            late = sum(r.overdue > 0 for r in rows)
            found.insert(0, ("open", _("未办 {count}").format(count=opened)))
            if register.dated:
                found.insert(1, ("late", _("逾期 {count}").format(count=late)))
        if register.every:
            word = {
                "visits": _("本月未走访 {count}"),
                "reviews": _("本月未复核 {count}"),
                "": _("本月没有的地区 {count}"),
            }.get(register.log, _("本月未巡查 {count}"))
            found.append(("missed", word.format(count=len(self._missed))))
        if any(r.warnings for r in rows):
            found.append(("warned", _("有提醒 {count}").format(count=sum(bool(r.warnings) for r in rows))))
        return found

    def _apply(self) -> None:
        if self.table is None:
            return
        area = self.area.currentData() or ""
        tests: dict[str, Callable[[RecordView], bool]] = {
            "open": lambda r: not r.closed,
            "late": lambda r: r.overdue > 0,
            "missed": lambda r: r.subject in self._missed,
            "warned": lambda r: bool(r.warnings),
        }
        test = tests.get(self.filter.current)
        self.table.record_model.show_only(
            lambda r: (not area or r.area == area) and (test is None or test(r))
        )
        shown = bool(self._rows)
        self.table.setVisible(shown)
        self.empty.setVisible(not shown)
        if self.table.current_record() is None:
            self.table.go_to_first()
        self._show_detail(self.table.current_record())

    def _show_detail(self, record: Any) -> None:
        if self._register is not None:
            self.detail.show_record(
                self._register,
                record,
                keeps=self.session.desk.keeps(self._register.key),
                own=self.session.desk.unit,
            )

    def show_subject(self, what: Any) -> None:
        """A register's key or a row's subject."""
        words = str(what).split("/")
        key = words[2] if len(words) == 4 else words[0]
        if not self.list.choose(key):
            self.which.choose("all")
            self.list.choose(key)
        if len(words) == 4 and self.table is not None:
            self.filter.choose("all")
            self.table.go_to(self.table.record_model.find(lambda record: record.subject == what))

    # -- changing ----------------------------------------------------------------------------------------------------

    @property
    def current(self) -> RecordView | None:
        record = self.table.current_record() if self.table is not None else None
        return record if isinstance(record, RecordView) else None

    def _tell(self, changes: Changes, words: str) -> None:
        self.session.write(changes, words)

    def _add(self) -> None:
        form = self.form(None)
        if form is not None:
            form.exec()

    def _act(self, key: str) -> None:
        record, register = self.current, self._register
        if record is None or register is None:
            return
        if key == "change" and self.detail.buttons["change"].isVisible():
            form = self.form(record)
            if form is not None:
                form.exec()
        elif key == "answer":
            self.answer_form(record).exec()
        elif key == "close":
            self.close_form(record).exec()
        elif key == "void":
            self.void_form(record).exec()
        elif key == "prove":
            self._prove(record)

    def _prove(self, record: RecordView) -> None:
        files = places.choose_files(self, "photos", _("选择照片或文件"))
        if files:
            self.session.attempt(
                lambda desk: desk.attach(files, [record.subject], caption=record.name, progress=silent),
                _("佐证已添加"),
            )

    def _import(self) -> None:
        register = self._register
        chosen = places.choose_file(self, "tables", _("选择表格（第一行是栏名）"), "Excel (*.xlsx *.csv)")
        if chosen is not None and register is not None:
            self.session.attempt(lambda desk: desk.import_records(register.key, chosen), _("已导入"))

    def _freeze(self) -> None:
        register = self._register
        if register is None:
            return

        def save(_values: dict[str, str]) -> None:
            self._tell(self.session.desk.freeze_register(register.key), _("底数已冻结"))

        RecordForm(
            _("冻结底数"),
            [],
            self.session.period.year,
            save,
            self.window(),
            _("冻结以后本地区的底数不能再改，完成率都按它算。请先核对清楚。"),
            _("冻结"),
        ).exec()

    def _save_facts(self) -> None:
        name = _("考核评价底数{period}.xlsx").format(period=self.session.period.key)
        chosen = places.choose_target(self, "papers", _("存到哪里"), name, "Excel (*.xlsx)")
        if chosen is not None:
            self.save_facts(chosen)

    def save_facts(self, path: Path) -> None:
        """What an appraisal of the areas below is made from, as a workbook."""
        period = self.session.period

        def work(desk: Desk, _progress: Progress) -> Path:
            return desk.write_appraisal(period, path)

        jobs.start(
            work,
            desk=self.session.desk,
            finished=lambda made: self.session.told.emit(_("已存到 {path}").format(path=made)),
            strip=self.strip,
            words=_("正在汇总考核底数"),
        )

    def _copy(self) -> None:
        if self.table is not None:
            self.table.copy()
            self.session.told.emit(_("已复制，可以粘贴到 Excel"))

    def _compare(self) -> None:
        from desktop_app.ui.records.compare_dialog import CompareDialog

        CompareDialog(self.session, self.window()).exec()


class DispatchPage(RegisterPage):
    """调度: meetings, what was agreed, orders and their answers."""

    groups = ("dispatch",)
    heading = "调度督办"

    def _first_actions(self) -> None:
        self.clues_button = self.add_action(button(_("调度线索"), "", "search", self._clues))

    def _clues(self) -> None:
        from desktop_app.ui.records.clue_dialog import ClueDialog

        ClueDialog(self.session, self.window()).exec()
