"""分解: an indicator's target divided among the units below, the sum watched while one types; who reports it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from desktop_app.core.errors import KnownError
from desktop_app.core.i18n import _
from desktop_app.core.model.view import IndicatorView
from desktop_app.ui import errors, text, theme
from desktop_app.ui.answers import Share
from desktop_app.ui.city.share_changes import ShareChangesButton
from desktop_app.ui.county.duty_dialog import DutyDialog, reporter_words
from desktop_app.ui.county.share_grid import ShareModel, ShareTable, number
from desktop_app.ui.session import Session
from desktop_app.ui.township.recorder import clean
from desktop_app.ui.widgets.controls import Banner, Card, SegmentedFilter, button, row
from desktop_app.ui.widgets.delegates import TextCell
from desktop_app.ui.widgets.labels import Label
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable


def divides(view: IndicatorView) -> bool:
    """Whether an indicator's target is divided among the areas below."""
    return view.measure == "count" and view.share is not None


class SharePage(Page):
    kinds = frozenset({"allocation", "plan", "unit", "duty"})

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("目标怎么分"))
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(40)
        self._drafts: dict[str, tuple[dict[str, str], dict[str, str]]] = {}
        self.changed = ShareChangesButton(session)
        self.add_action(self.changed)
        self.history = self.add_action(button(_("变更记录"), "", "history", self._show_history))
        self.equal = self.add_action(button(_("平均分"), clicked=lambda: self._divide("equal")))
        self.proportional = self.add_action(
            button(_("按基数分"), clicked=lambda: self._divide("proportional"))
        )
        self.save = self.add_action(button(_("保存分解"), "primary", clicked=self.save_now), primary=True)
        self.indicators = RecordModel(
            [
                Column("no", _("序号"), 46, lambda v: str(v.task), right=True, colour=theme.INK2),
                Column(
                    "name",
                    _("指标"),
                    148,
                    lambda v: v.name,
                    stretch=True,
                    cell=TextCell(self._name_tone),
                    tip=lambda v: (
                        _("{name}：改了还没有保存").format(name=v.name) if self._open(v) else v.name
                    ),
                ),
                Column("target", _("目标"), 84, text.share, right=True),
                Column("unit", _("单位"), 64, lambda v: v.unit, colour=theme.INK2, drop=1),
            ]
        )
        self.list = RecordTable(self.indicators)
        self.list.keep_place_by(lambda view: view.id)
        self.list.picked.connect(lambda _view: self._later.start())
        self.filter = SegmentedFilter()
        self.filter.chosen.connect(lambda _key: self._apply())
        self.body.addLayout(row(self.filter, None))
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
        middle.addWidget(left, 4)
        middle.addWidget(right, 6)
        self.body.addLayout(middle, 1)
        self._later.timeout.connect(self._show)
        self.setFocusProxy(self.list)

    def refresh(self) -> None:
        self.changed.look()
        tasks = self.session.desk.tasks(self.session.period)
        views = [view for task in tasks for view in task.indicators]
        divisible = sum(divides(view) for view in views)
        self.set_title(_("目标怎么分，由谁填报"), _("{count} 个可以往下分的指标").format(count=divisible))
        self.filter.set_segments(
            [
                ("divide", _("要往下分的 {count}").format(count=divisible)),
                ("other", _("其余 {count}").format(count=len(views) - divisible)),
            ]
        )
        self.list.refill(views)
        self._apply()
        self._show()

    def _apply(self) -> None:
        """What is divided, or what holds for every area as it stands and only wants somebody to report it."""
        wanted = self.filter.current != "other"
        current = self.current()
        self.indicators.show_only(lambda view: divides(view) == wanted)
        number = self.indicators.find(lambda view: current is not None and view.id == current.id)
        self.list.go_to(number if number >= 0 else self.indicators.find(lambda _view: True))

    def _open(self, view: IndicatorView) -> bool:
        return bool(self._drafts.get(view.id, ({}, {}))[0])

    def _name_tone(self, view: IndicatorView) -> tuple[str, str]:
        return (theme.AMBER, "strong") if self._open(view) else (theme.INK, "body")

    def holds_back(self) -> bool:
        return any(typed for typed, _base in self._drafts.values())

    def current(self) -> IndicatorView | None:
        return self.list.current_record()

    def show_subject(self, what: Any) -> None:
        found = next((v for v in self.indicators.records if v.id == what or v.task == what), None)
        if found is not None:
            self.filter.choose("divide" if divides(found) else "other")
        self.list.go_to(self.indicators.find(lambda view: view.id == what or view.task == what))

    def _show(self) -> None:
        self._later.stop()
        view = self.current()
        if view is None:
            return
        # What was typed for an indicator stays until it is saved, whichever one looks at meanwhile.
        self.model.typed, self.model.base = self._drafts.setdefault(view.id, ({}, {}))
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
        dividing = divides(view)
        for part in (self.equal, self.proportional):
            part.setEnabled(dividing)
        bad = any(number(words) is None for words in self.model.typed.values() if words)
        self.save.setEnabled(bool(self.model.typed) and not bad)
        if not dividing:
            if view.measure == "count":
                title = _("这一项上级还没有分到本地区")
                words = _("上级的份额随设立包或回执来；现在可以先定由谁填报。")
            else:
                title = _("这一项不用往下分")
                words = _("比率、统一标准和“有没有”的事项，各地都按同一个目标；这里只定由谁填报。")
            self.banner.set("info", title, words, "info-circle")
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
        try:
            found = self.session.desk.split(view.id, base if method == "proportional" else None)
        except KnownError as error:
            errors.show(error)
            return
        self.model.take(found)
        self._check()
        if not self.model.typed:
            words = _("和现在的份额一样，没有改动")
        elif method == "proportional" and not base:
            words = _("已按现有份额的比例分好，还没有保存")
        else:
            words = _("已分好，还没有保存：看一下合计，再按“保存分解”")
        self.session.told.emit(words)

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
            self._drafts.pop(view.id, None)
            self._show()
            self.session.told.emit(_("已保存 {count} 家的份额").format(count=done.entries))
            self.effective.clear()

    def _show_history(self) -> None:
        from desktop_app.ui.county.share_history import ShareHistoryDialog

        view = self.current()
        if view is not None:
            desk = self.session.desk
            title = _("{name}：份额和填报单位的变更").format(name=view.name)
            ShareHistoryDialog(title, desk.division_changes(view.id), desk.today(), self.window()).exec()

    def _name_reporter(self, share: Share | None) -> None:
        view = self.current()
        if view is None:
            return
        duties = self.session.desk.duties(view.id)
        duty = next((duty for duty in duties if share is None or duty.area == share.area), None)
        if duty is not None:
            DutyDialog(self.session, view, duty, self.window()).exec()
