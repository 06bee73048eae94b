"""期限与更正: the three days of each month, closing it, extensions; and what was corrected after closing."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from desktop_app.core.errors import KnownError
from desktop_app.core.i18n import _
from desktop_app.core.model.period import Period
from desktop_app.ui import errors, places, text, theme
from desktop_app.ui.county.closing_dialogs import ask_close, ask_correction
from desktop_app.ui.county.closing_panel import ClosingPanel
from desktop_app.ui.session import Session
from desktop_app.ui.verbs.county import Correction, PeriodState
from desktop_app.ui.widgets.controls import Card, EmptyState, SegmentedFilter, button, row
from desktop_app.ui.widgets.delegates import ActionCell, ChipCell
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable

NO_PANEL_BELOW = 1040


def state_words(month: PeriodState) -> str:
    if month.closed is None:
        return _("开放")
    return _("过了封账日") if month.closed.locked else _("已封账")


def kind_words(row: Correction) -> str:
    return {"correction": _("更正"), "late": _("封账后改动"), "approved": _("封账后核定")}[row.kind]


class ClosingPage(Page):
    kinds = frozenset(
        {"setting", "closing", "progress", "review", "submission", "unit", "plan", "retraction"}
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("期限与更正"))
        self._collects, self._wide, self._corrected = False, True, 0
        self._own, self._today = "", session.desk.today()
        self.save = self.add_action(button(_("更正表存成 Excel…"), "", "download", self._save))
        self.add = self.add_action(button(_("写一条更正…"), "primary", "plus", self._correct), primary=True)
        self.view = SegmentedFilter()
        self.view.chosen.connect(self._choose)
        self.body.addLayout(row(self.view, None))
        self.stack = QStackedWidget()
        self.body.addWidget(self.stack, 1)
        self.stack.addWidget(self._make_calendar())
        self.stack.addWidget(self._make_corrections())
        self.setFocusProxy(self.months_table)

    def _make_calendar(self) -> QWidget:
        page = QWidget()
        line = QHBoxLayout(page)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(10))
        self.months = RecordModel(
            [
                Column("period", _("月份"), 60, lambda m: text.month(m.period), whole=True, role="strong"),
                Column("cutoff", _("统计截止日"), 96, lambda m: text.day(m.days.cutoff), whole=True, drop=1),
                Column("due", _("报送日"), 96, lambda m: text.day(m.days.due), whole=True),
                Column(
                    "lock",
                    _("封账日"),
                    96,
                    lambda m: text.day(m.days.lock) if m.days.lock else text.NOTHING,
                    whole=True,
                ),
                Column(
                    "received",
                    _("已收"),
                    64,
                    lambda m: f"{m.received}/{m.units}" if m.units else text.NOTHING,
                    right=True,
                ),
                Column(
                    "state",
                    _("状态"),
                    110,
                    state_words,
                    cell=ChipCell(lambda m: "plain" if m.closed is None else "info"),
                    whole=True,
                ),
                Column("note", _("说明"), 100, self._note, stretch=True, colour=theme.INK2, tip=self._note),
                Column("action", "", 84, self._action, cell=ActionCell(lambda m: False), pressable=True),
            ]
        )
        self.months_table = RecordTable(self.months)
        self.months_table.setAccessibleName(_("各月期限"))
        self.months_table.keep_place_by(lambda month: month.period)
        self.months_table.action_pressed.connect(self._close)
        self.sheet = Card((1, 1, 1, 1), 0)
        self.sheet.body.addWidget(self.months_table)
        line.addWidget(self.sheet, 1)
        self.panel = ClosingPanel(self.session)
        line.addWidget(self.panel)
        # Alone on a narrow page the rules stand at the left as everything else does.
        line.addStretch(0)
        self._line = line
        return page

    def _make_corrections(self) -> QWidget:
        page = Card((1, 1, 1, 1), 0)
        self.rows = RecordModel(
            [
                Column("unit", _("单位"), 96, lambda r: r.unit_name, whole=True, sort=lambda r: r.unit_name),
                Column(
                    "name",
                    _("指标"),
                    150,
                    lambda r: f"{r.task} {r.name}",
                    stretch=True,
                    tip=lambda r: f"{r.indicator} {r.name}",
                    sort=lambda r: (r.task, r.indicator),
                ),
                Column("period", _("更正的"), 60, lambda r: text.month(r.period), sort=lambda r: r.period),
                Column("said", _("记在"), 56, lambda r: text.month(r.said_in), sort=lambda r: r.said_in),
                Column("before", _("原报"), 80, lambda r: r.before, right=True),
                Column("after", _("更正后"), 80, lambda r: r.after, right=True, role="strong"),
                Column("now", _("本期数"), 80, lambda r: r.now, right=True, drop=2),
                Column(
                    "kind",
                    _("类别"),
                    96,
                    kind_words,
                    cell=ChipCell(lambda r: "info" if r.kind == "correction" else "warn"),
                    whole=True,
                    sort=lambda r: r.kind,
                ),
                Column("reason", _("原因"), 150, lambda r: r.reason, stretch=True, tip=lambda r: r.reason),
                Column("who", _("经办"), 80, lambda r: r.operator, colour=theme.INK2, drop=3),
                Column("at", _("时间"), 110, lambda r: text.moment(r.at), colour=theme.INK2, drop=1),
            ]
        )
        self.rows_table = RecordTable(self.rows)
        self.rows_table.setAccessibleName(_("更正表"))
        self.rows_table.keep_place_by(lambda found: (found.entry, found.period))
        self.empty = EmptyState(
            _("没有更正"),
            _("封账以后发现报错了的，按“写一条更正”：原来的数不动，更正记在本期，并列在这里。"),
        )
        page.body.addWidget(self.rows_table)
        page.body.addWidget(self.empty)
        return page

    def _note(self, month: PeriodState) -> str:
        if month.closed is None:
            return month.note
        at = text.day(month.closed.at)
        words = _("{name} {day}封账").format(name=month.closed.by_name, day=at)
        return f"{words} · {month.note}" if month.note else words

    def _action(self, month: PeriodState) -> str:
        if not month.units:
            return ""
        if month.closed is None and month.days.cutoff > self._today:
            # What is not over yet cannot be closed.
            return ""
        own = month.closed is not None and not month.closed.locked
        if own and month.closed is not None and month.closed.by_name != self._own:
            return ""
        return _("重新开放") if own else _("封账…")

    # Filling
    def refresh(self) -> None:
        desk = self.session.desk
        self._own, self._today = desk.units().name(desk.unit), desk.today()
        months = desk.months()
        corrected = desk.corrections()
        closed = sum(month.closed is not None for month in months)
        self.set_title(
            _("期限与更正"),
            _("已封账 {closed} 个月 · 更正 {count} 条").format(closed=closed, count=len(corrected)),
        )
        self._corrected = len(corrected)
        self._collects = any(month.units for month in months)
        self.months_table.refill(months)
        if self.months_table.current_record() is None:
            number = self.months.find(lambda month: month.period == self.session.period.key)
            self.months_table.go_to(max(0, number))
        self.rows_table.refill(corrected)
        self.rows_table.setVisible(bool(corrected))
        self.empty.setVisible(not corrected)
        self.save.setEnabled(bool(corrected))
        self.add.setEnabled(closed > 0)
        self.add.setToolTip("" if closed else _("还没有封账的月份，报错了可以直接改"))
        self.panel.refresh()
        self._fit()

    def _choose(self, key: str) -> None:
        self.stack.setCurrentIndex(1 if key == "corrections" else 0)
        self.save.setVisible(key == "corrections")
        self.sheet.setVisible(self._wide or key != "rules")
        self.panel.setVisible(self._collects and (self._wide or key == "rules"))
        alone = key == "rules" and not self._wide
        self._line.setStretch(1, 2 if alone else 0)
        self._line.setStretch(2, 1 if alone else 0)

    def _name_segments(self) -> None:
        """Where it is narrow the rules have a place of their own instead of a panel beside the months."""
        segments = [("days", _("期限"))]
        if self._collects and not self._wide:
            segments.append(("rules", _("日子、节假日、宽限")))
        segments.append(("corrections", _("更正表 {count}").format(count=self._corrected)))
        self.view.set_segments(segments)

    def show_subject(self, what: Any) -> None:
        self.view.choose("corrections" if what == "corrections" else "days")
        self._choose(self.view.current)

    # Doing
    def _close(self, month: PeriodState, _key: str) -> None:
        period = Period.parse(month.period)
        reopen = month.closed is not None and not month.closed.locked
        note = ask_close(self.session, month, reopen, self.window())
        if note is None:
            return
        words = _("{month}已重新开放") if reopen else _("{month}已封账，随下一次回执告诉下级")
        self.session.attempt(
            lambda desk: desk.close_period(period, note=note, reopen=reopen),
            words.format(month=text.month(month.period)),
        )

    def _correct(self) -> None:
        if ask_correction(self.session, self.window()):
            self.view.choose("corrections")
            self._choose("corrections")

    def _save(self) -> None:
        chosen = places.choose_target(
            self, "papers", _("更正表存到哪里"), _("更正表.xlsx"), _("Excel 表格 (*.xlsx)")
        )
        if chosen is not None:
            try:
                path = self.session.desk.save_corrections(None, chosen.with_suffix(".xlsx"))
            except KnownError as error:
                errors.show(error)
                return
            self.session.told.emit(_("更正表已存到 {path}").format(path=path))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._wide = self.width() >= NO_PANEL_BELOW * theme.ratio()
        self.panel.setMinimumWidth(theme.px(330))
        self.panel.setMaximumWidth(theme.px(330 if self._wide else 560))
        self._name_segments()
        self._choose(self.view.current)
