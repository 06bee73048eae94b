"""填报: the month's figures typed one under the other, as in a spreadsheet."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout

from desktop_app.core.i18n import _
from desktop_app.core.model import subject
from desktop_app.core.model.view import IndicatorView
from desktop_app.ui import text, theme
from desktop_app.ui.session import Session
from desktop_app.ui.sheets.actions import template_button
from desktop_app.ui.township.entry_model import EntryModel
from desktop_app.ui.township.entry_panel import EntryPanel
from desktop_app.ui.township.entry_table import EntryTable
from desktop_app.ui.widgets.controls import Card, SegmentedFilter, button
from desktop_app.ui.widgets.labels import ElidedLabel, IconLabel, Label
from desktop_app.ui.widgets.page import Page

PANEL = 236
NO_PANEL_BELOW = 940


class EntryPage(Page):
    kinds = frozenset({"progress", "site", "review", "plan", "allocation", "duty", "evidence"})

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("数据填报"))
        self.paste = self.add_action(button(_("从 Excel 粘贴"), "", "copy", self._paste))
        self.sheets = self.add_action(template_button(session, self))
        self.next = self.add_action(button(_("下一个未填  F8"), clicked=self._next))
        self.add_action(button(_("去上报 ▸"), "primary", clicked=self._submit), primary=True)
        self.filter = SegmentedFilter()
        self.filter.chosen.connect(self._apply)
        self.undo = button(_("撤销"), "small", "arrow-back-up", self._undo)
        self.due = Label("", "note-bold", "amber")
        line = QHBoxLayout()
        line.setSpacing(theme.px(12))
        line.addWidget(self.filter)
        line.addWidget(self.undo)
        line.addStretch(1)
        line.addWidget(self.due)
        self.body.addLayout(line)
        self.model = EntryModel(session)
        self.table = EntryTable(self.model)
        self.table.empty_words = _("这里没有格。点“要填”看全部")
        self.table.told.connect(session.told)
        self.table.history_wanted.connect(self._show_history)
        self.table.action_pressed.connect(self._press)
        self.table.selectionModel().currentChanged.connect(self._moved)
        self.model.dataChanged.connect(self._count)
        self.model.dataChanged.connect(self._touch_panel)
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.table)
        self.panel = EntryPanel(session)
        self.panel.history_wanted.connect(self._show_history)
        self.panel.setFixedWidth(theme.px(PANEL))
        middle = QHBoxLayout()
        middle.setSpacing(theme.px(10))
        middle.addWidget(sheet, 1)
        middle.addWidget(self.panel)
        self.body.addLayout(middle, 1)
        self.errors = IconLabel("alert-circle", "", "note-bold", theme.RED)
        self.warnings = IconLabel("alert-triangle", "", "note", theme.AMBER)
        self.unfilled = IconLabel("clock", "", "note", theme.INK2)
        keys = ElidedLabel(
            _("Enter 下一格　Ctrl+= 本期无变化　Ctrl+Z 撤销　F3 历史　Ctrl+V 粘贴一块"),
            "note",
            theme.INK2,
            right=True,
        )
        foot = QHBoxLayout()
        foot.setSpacing(theme.px(14))
        for part in (self.errors, self.warnings, self.unfilled):
            foot.addWidget(part)
        foot.addWidget(keys, 1)
        self.body.addLayout(foot)
        # F8 and F3 work from anywhere on the page, also while a cell is being edited.
        for keys_, call in (("F8", self._next), ("F3", self._show_history)):
            QShortcut(QKeySequence(keys_), self).activated.connect(call)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(60)
        self._later.timeout.connect(self._show_panel)
        self._views: list[IndicatorView] = []
        self._started = False
        self.setFocusProxy(self.table)

    def refresh(self) -> None:
        period, desk = self.session.period, self.session.desk
        self._views = self.model.views_of(desk.tasks(period))
        month = text.month(period.key)
        self.set_title(
            _("{month}数据填报").format(month=month),
            _("填年初到{month}底的累计数；本月新增自动算出").format(month=month),
        )
        due = desk.due(period)
        self.due.setText(
            _("报送日 {day}（{weekday}） · {rest}").format(
                day=text.day(due), weekday=text.weekday(due), rest=text.days_left(due, desk.today())
            )
        )
        closed = desk.closed(period)
        if closed is not None:
            self.due.setText(_("{month}已封账；报错了的到“期限更正”写更正").format(month=month))
        self.undo.setEnabled(bool(desk.undoable().undo))
        self.undo.setToolTip(desk.undoable().undo)
        self.table.refill(self._views)
        self._count()
        if not self._started and self._views:
            self._started = True
            self.table.go_to_row(self.model.find(lambda view: True))
            first = self.table.current_view()
            if first is not None and not self.model.unfilled(first):
                self.table.go_to_next_unfilled()
            # The table has its size only after the page has been laid out.
            QTimer.singleShot(0, self, self._centre_current)
        self._show_panel()

    def _centre_current(self) -> None:
        self.table.scrollTo(self.table.currentIndex(), EntryTable.ScrollHint.PositionAtCenter)

    def _count(self) -> None:
        errors = sum(self.model.has_error(view) for view in self._views)
        warnings = [view for view in self._views if self.model.has_warning(view)]
        unfilled = sum(self.model.unfilled(view) for view in self._views)
        self.filter.set_segments(
            [
                ("all", _("要填 {count}").format(count=len(self._views))),
                ("unfilled", _("未填 {count}").format(count=unfilled)),
                ("errors", _("有错 {count}").format(count=errors)),
                ("warnings", _("有提醒 {count}").format(count=len(warnings))),
            ]
        )
        self.errors.set(
            "alert-circle", _("{count} 个错误必须改").format(count=errors) if errors else "", theme.RED
        )
        waiting = sum(view.id in self.model.pending for view in warnings)
        words = (
            _("{count} 个提醒要写原因").format(count=waiting)
            if waiting
            else _("{count} 个提醒已说明").format(count=len(warnings))
        )
        self.warnings.set("alert-triangle", words if warnings else "", theme.AMBER)
        if unfilled:
            self.unfilled.set("clock", _("{count} 格未填").format(count=unfilled), theme.INK2)
        else:
            self.unfilled.set("check", _("都填了"), theme.GREEN)
        self.errors.setVisible(bool(errors))
        self.warnings.setVisible(bool(warnings))

    def _apply(self, _key: str = "") -> None:
        tests = {
            "unfilled": self.model.unfilled,
            "errors": self.model.has_error,
            "warnings": self.model.has_warning,
        }
        view = self.table.current_view()
        self.model.show_only(tests.get(self.filter.current))
        if view is None or not self.table.go_to_indicator(view.id):
            self.table.go_to_row(self.model.find(lambda shown: True))

    def show_subject(self, what: Any) -> None:
        if not self.table.go_to_indicator(str(what)):
            self.filter.choose("all")
            self.table.go_to_indicator(str(what))
        self.table.setFocus()

    def _moved(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.row() != previous.row():
            self._later.start()

    def _touch_panel(self) -> None:
        self._later.start()

    def _show_panel(self) -> None:
        self._later.stop()
        view = self.table.current_view()
        self.panel.inside.setVisible(view is not None)
        if view is not None and not self.panel.isHidden():
            self.panel.show_view(view, *self.model.said(view))

    def _press(self, view: IndicatorView, column: str) -> None:
        if view.heads > 1 and view.id not in self.model.pending:
            about = subject.progress(view.area, self.session.desk.plan, view.id, self.session.period.key)
            self.wanted.emit("forks", about)
        elif (month := self.model.returned_elsewhere(view)) and view.id not in self.model.pending:
            self.session.show_period(month)
            self.show_subject(view.id)
        elif view.basis == "site":
            self.wanted.emit("sites", view.id)

    def _show_history(self) -> None:
        from desktop_app.ui.widgets.history_dialog import HistoryDialog

        view = self.table.current_view()
        if view is not None:
            desk = self.session.desk
            about = subject.progress(view.area, desk.plan, view.id, self.session.period.key)
            HistoryDialog(
                f"{view.task}  {view.name}", desk.dealings(about), desk.today(), self.window()
            ).exec()

    def _next(self) -> None:
        if not self.table.go_to_next_unfilled():
            self.session.told.emit(_("没有未填的格了"))
        self.table.setFocus()

    def _paste(self) -> None:
        self.table.setFocus()
        self.table.paste()

    def _undo(self) -> None:
        step = self.session.desk.undoable()
        if step.undo:
            self.session.attempt(lambda desk: desk.undo(), step.undone)

    def _submit(self) -> None:
        errors = [view for view in self._views if self.model.has_error(view)]
        if errors:
            self._go_back_to(errors[0], _("先改好红色的格，再去上报"))
        elif not self.holds_back():
            self.wanted.emit("submit", None)

    def holds_back(self) -> bool:
        # A figure that was refused, or waits for its reason, is not in the ledger; it must not be lost on the way out.
        waiting = [view for view in self._views if view.id in self.model.pending]
        if waiting:
            self._go_back_to(waiting[0], _("这一格还没有存：改对，或写一句原因，再去上报"))
            if self.model.has_warning(waiting[0]):
                self.table.step_sideways(1)
        return bool(waiting)

    def _go_back_to(self, view: IndicatorView, words: str) -> None:
        self.filter.choose("all")
        self.table.go_to_indicator(view.id)
        self.table.setFocus()
        self.session.told.emit(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        narrow = self.width() < NO_PANEL_BELOW * theme.ratio()
        if self.panel.isHidden() != narrow:
            self.panel.setVisible(not narrow)
            self.paste.setVisible(not narrow)
            if not narrow:
                self._show_panel()
