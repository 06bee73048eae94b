"""分解: an indicator's target divided among the units below, the sum watched while one types; who reports it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from desktop_app.core.i18n import _
from desktop_app.core.model.view import IndicatorView
from desktop_app.ui import text, theme
from desktop_app.ui.answers import Share
from desktop_app.ui.county.duty_dialog import DutyDialog, reporter_words
from desktop_app.ui.county.share_grid import ShareModel, ShareTable, number
from desktop_app.ui.session import Session
from desktop_app.ui.township.recorder import clean
from desktop_app.ui.widgets.controls import Banner, Card, button, row
from desktop_app.ui.widgets.labels import Label
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable


class SharePage(Page):
    kinds = frozenset({"allocation", "plan", "unit", "duty"})

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("目标怎么分"))
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(40)
        self.history = self.add_action(button(_("变更记录"), "", "history", self._show_history))
        self.equal = self.add_action(button(_("平均分"), clicked=lambda: self._divide("equal")))
        self.proportional = self.add_action(
            button(_("按基数分"), clicked=lambda: self._divide("proportional"))
        )
        self.save = self.add_action(button(_("保存分解"), "primary", clicked=self.save_now), primary=True)
        self.indicators = RecordModel(
            [
                Column("no", _("序号"), 46, lambda v: str(v.task), right=True, colour=theme.INK2),
                Column("name", _("指标"), 160, lambda v: v.name, stretch=True, tip=lambda v: v.name),
                Column("target", _("目标"), 84, text.share, right=True),
                Column("unit", _("单位"), 64, lambda v: v.unit, colour=theme.INK2),
            ]
        )
        self.list = RecordTable(self.indicators)
        self.list.keep_place_by(lambda view: view.id)
        self.list.picked.connect(lambda _view: self._later.start())
        left = Card((1, 1, 1, 1), 0)
        left.body.addWidget(self.list)
        right = Card((16, 12, 16, 12), 8)
        self.heading = Label("", "panel")
        right.body.addWidget(self.heading)
        self.banner = Banner()
        right.body.addWidget(self.banner)
        self.model = ShareModel()
        self.model.dataChanged.connect(lambda *_: self._check())
        self.table = ShareTable(self.model)
        self.table.action_pressed.connect(lambda share, _key: self._name_reporter(share))
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.table)
        right.body.addWidget(sheet, 1)
        self.document = QLineEdit()
        self.document.setFont(theme.font("body"))
        self.document.setAccessibleName(_("依据文号"))
        self.document.setPlaceholderText(_("例如 云民生办〔2024〕3 号"))
        self.effective = QLineEdit()
        self.effective.setFont(theme.font("body"))
        self.effective.setAccessibleName(_("从哪天起"))
        self.effective.setPlaceholderText(_("年初起"))
        self.effective.setFixedWidth(theme.px(104))
        self.effective.setToolTip(_("年中调整的，写从哪天起，例如 7月1日；以前的份额照旧算以前的进度"))
        line = row(Label(_("依据文号"), "body"), self.document, Label(_("从哪天起"), "body"), self.effective)
        line.setStretch(1, 1)
        right.body.addLayout(line)
        self.area_line = row(Label(_("本地区填报单位"), "body"), None)
        self.own_reporter = button("", "link", clicked=lambda: self._name_reporter(None))
        self.area_line.insertWidget(1, self.own_reporter)
        right.body.addLayout(self.area_line)
        middle = QHBoxLayout()
        middle.setSpacing(theme.px(10))
        middle.addWidget(left, 3)
        middle.addWidget(right, 5)
        self.body.addLayout(middle, 1)
        self._later.timeout.connect(self._show)
        self.setFocusProxy(self.list)

    def refresh(self) -> None:
        tasks = self.session.desk.tasks(self.session.period)
        views = [
            view
            for task in tasks
            for view in task.indicators
            if view.measure == "count" and view.share is not None
        ]
        self.set_title(_("目标怎么分"), _("{count} 个可以往下分的指标").format(count=len(views)))
        self.list.refill(views)
        if self.list.current_record() is None:
            self.list.go_to_first()
        self._show()

    def current(self) -> IndicatorView | None:
        return self.list.current_record()

    def show_subject(self, what: Any) -> None:
        self.list.go_to(self.indicators.find(lambda view: view.id == what or view.task == what))

    def _show(self) -> None:
        self._later.stop()
        view = self.current()
        if view is None:
            return
        self.model.typed, self.model.base = {}, {}
        self.heading.setText(f"{view.task}  {view.name}（{view.unit}）")
        desk = self.session.desk
        duties = {duty.area: duty for duty in desk.duties(view.id)}
        self.model.reporters = {area: reporter_words(duty) for area, duty in duties.items()}
        own = next(iter(duties.values()), None)
        self.own_reporter.setText(f"{own.area_name}：{reporter_words(own)}" if own is not None else "")
        self.own_reporter.setEnabled(own is not None)
        shares = desk.shares(view.id)
        self.table.refill(shares)
        self.document.setText(next((share.document for share in shares if share.document), ""))
        self._check()

    def _check(self) -> None:
        view = self.current()
        if view is None:
            return
        target, total = view.share or Fraction(0), self.model.total()
        rest = target - total
        words = _("目标 {target}，已分 {total} {unit}").format(
            target=text.number(target, view.decimals), total=text.number(total, 2), unit=view.unit
        )
        if rest > 0:
            self.banner.set(
                "warn", words, _("还差 {rest}").format(rest=text.number(rest, 2)), "alert-triangle"
            )
        elif rest < 0:
            self.banner.set(
                "info", words, _("比目标多分 {rest}").format(rest=text.number(-rest, 2)), "info-circle"
            )
        else:
            self.banner.set("ok", words, "", "circle-check")
        bad = any(number(words) is None for words in self.model.typed.values())
        self.save.setEnabled(bool(self.model.typed) and not bad)

    def _effective(self) -> str | None:
        """ "" from the beginning of the year, None (with nothing written) where the field holds no date."""
        words = self.effective.text().strip()
        return text.typed_day(words, self.session.period.year) if words else None

    def _divide(self, method: str) -> None:
        view = self.current()
        if view is None:
            return
        base = {area: clean(words) for area, words in self.model.base.items() if words}
        wrong = next((words for words in base.values() if number(words) is None), None)
        if wrong is not None:
            self.session.told.emit(_("基数“{text}”不是数字").format(text=wrong))
            return
        document, effective = self.document.text().strip(), self._effective()
        if method == "proportional" and not base:
            self.session.attempt(
                lambda desk: desk.divide(view.id, "proportional"), _("已按现有份额的比例分好，请看一下合计")
            )
        else:
            chosen = base if method == "proportional" else {}
            self.session.attempt(
                lambda desk: desk.divide_by(view.id, chosen, document=document, effective=effective),
                _("已分好，请看一下合计"),
            )

    def save_now(self) -> None:
        view = self.current()
        if view is None:
            return
        values = {area: clean(words) for area, words in self.model.typed.items()}
        document, effective = self.document.text().strip(), self._effective()
        done = self.session.attempt(
            lambda desk: desk.allocate_many(view.id, values, document=document, effective=effective)
        )
        if done is not None and done.entries:
            self.session.told.emit(_("已保存 {count} 家的份额").format(count=done.entries))
            self.effective.clear()

    def _show_history(self) -> None:
        from desktop_app.ui.widgets.history_dialog import HistoryDialog

        view = self.current()
        if view is not None:
            desk = self.session.desk
            HistoryDialog(
                _("{name}的份额变更").format(name=view.name),
                desk.share_history(view.id),
                desk.today(),
                self.window(),
            ).exec()

    def _name_reporter(self, share: Share | None) -> None:
        view = self.current()
        if view is None:
            return
        duties = self.session.desk.duties(view.id)
        duty = next((duty for duty in duties if share is None or duty.area == share.area), None)
        if duty is not None:
            DutyDialog(self.session, view, duty, self.window()).exec()
