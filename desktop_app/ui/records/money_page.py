"""资金: for each task what the standards come to, what has arrived and been paid, and what nobody has settled yet."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from PySide6.QtWidgets import QComboBox

from desktop_app.core.i18n import _
from desktop_app.core.model.record_view import FundView
from desktop_app.core.package.columns import FUND_LEVELS
from desktop_app.ui import text, theme
from desktop_app.ui.records.record_form import Field, RecordForm
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import Card, EmptyState, ScrollPanel, SegmentedFilter, button, row
from desktop_app.ui.widgets.delegates import ChipCell, NumberCell
from desktop_app.ui.widgets.labels import Label, WrappedLabel
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable


def yuan(value: Fraction | None) -> str:
    return _("未定") if value is None else text.number(value, 0 if value.denominator == 1 else 2)


def money(value: Fraction) -> str:
    return yuan(value) if value else ""


def state_of(view: FundView) -> str:
    if view.warnings:
        return _("有提醒")
    if view.open or view.reference is None:
        return _("未定")
    if view.gap is not None and view.gap > 0:
        return _("有缺口")
    return _("已足") if view.reference is not None else ""


class MoneyPage(Page):
    kinds = frozenset({"fund", "record", "progress", "site", "plan", "allocation"})

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("资金"))
        self.add_action(button(_("复制到 Excel"), "", "copy", self._copy))
        self.add_action(button(_("登记一笔"), "primary", "plus", self._add), primary=True)
        self.filter = SegmentedFilter()
        self.filter.chosen.connect(lambda _key: self._apply())
        self.by = QComboBox()
        self.by.setFont(theme.font("body"))
        self.by.setAccessibleName(_("看哪里"))
        self.by.setMinimumWidth(theme.px(210))
        self.by.activated.connect(lambda _number: self._load())
        self.body.addLayout(row(self.filter, None, self.by))
        self.model = RecordModel(
            [
                Column("task", _("任务"), 150, lambda v: f"{v.task} {v.title}", stretch=True, sort=lambda v: v.task),
                Column("area", _("地区"), 86, lambda v: v.area_name, colour=theme.INK2, drop=3),
                self._number("reference", _("参考数（元）"), lambda v: yuan(v.reference), lambda v: v.reference),
                self._number("upper", _("中央省级到位"), lambda v: money(v.upper), lambda v: v.upper, drop=1),
                self._number("arrived", _("到位合计"), lambda v: money(v.total_arrived), lambda v: v.total_arrived),
                self._number("paid", _("已支付"), lambda v: money(v.total_paid), lambda v: v.total_paid),
                self._number("gap", _("缺口"), lambda v: yuan(v.gap), lambda v: v.gap),
                Column("split", _("分担"), 130, lambda v: v.split_rule, drop=2, tip=lambda v: v.split_rule),
                Column(
                    "state", _("状态"), 84, state_of, whole=True, sort=state_of,
                    cell=ChipCell(
                        lambda v: (
                            "warn" if v.warnings or (v.gap or 0) > 0
                            else "plain" if v.open or v.reference is None
                            else "ok"
                        )
                    ),
                ),
            ]
        )  # fmt: skip
        self.table = RecordTable(self.model, row_height=32)
        self.table.keep_place_by(lambda view: (view.task, view.area))
        self.table.setAccessibleName(_("资金"))
        self.table.picked.connect(self._detail)
        self.empty = EmptyState(_("还没有资金规则"), _("方案里写了补助标准的任务会列在这里。"))
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.table)
        sheet.body.addWidget(self.empty)
        self.body.addWidget(sheet, 1)
        self.below = Card((14, 8, 10, 8), 4)
        self.below.setFixedHeight(theme.px(132))
        self.named = Label("", "strong")
        self.to_register = button(_("去填口径"), "small", "table", self._to_register)
        self.below.body.addLayout(row(self.named, None, self.to_register))
        panel = ScrollPanel((0, 0, 8, 0), 3)
        self.warned, self.asked, self.parts = (
            WrappedLabel("", "note", tone) for tone in ("amber", "", "ink2")
        )
        for label in (self.warned, self.asked, self.parts):
            panel.body.addWidget(label)
        panel.body.addStretch(1)
        self.below.body.addWidget(panel, 1)
        self.body.addWidget(self.below)
        self.setFocusProxy(self.table)

    @staticmethod
    def _number(key: str, head: str, shown: Any, sort: Any, drop: int = 0) -> Column:
        return Column(
            key, head, 96, shown, right=True, drop=drop, sort=sort,
            cell=NumberCell(
                lambda v: (theme.INK3, "note") if shown(v) == _("未定") else (theme.INK, "body")
            ),
        )  # fmt: skip

    # -- filling -----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        desk = self.session.desk
        chosen = self.by.currentData()
        self.by.clear()
        home = desk.units().home_area(desk.unit)
        self.by.addItem(_("本地区 · 全部任务"), f"area:{home}")
        for unit in desk.units().child_areas(home):
            self.by.addItem(_("{name} · 全部任务").format(name=unit.name), f"area:{unit.code}")
        if desk.units().child_areas(home):
            for task in desk.tasks(self.session.period):
                self.by.addItem(
                    _("{no} {name} · 按地区").format(no=task.no, name=task.short), f"task:{task.no}"
                )
        self.by.setCurrentIndex(max(0, self.by.findData(chosen)))
        self._load()

    def _load(self) -> None:
        desk = self.session.desk
        how, _colon, what = str(self.by.currentData()).partition(":")
        views = list(
            desk.money(self.session.period, what)
            if how == "area"
            else desk.money_of_areas(int(what), self.session.period)
        )
        arrived = sum((v.total_arrived for v in views), Fraction(0))
        paid = sum((v.total_paid for v in views), Fraction(0))
        self.set_title(
            _("资金"),
            _("到位 {arrived} 元 · 支付 {paid} 元 · 本级没有登记的，由下级相加").format(
                arrived=yuan(arrived), paid=yuan(paid)
            ),
        )
        tests = self._tests()
        self.filter.set_segments(
            [
                (key, word.format(count=sum(map(tests[key], views))))
                for key, word in (
                    ("all", _("全部 {count}")),
                    ("gap", _("有缺口 {count}")),
                    ("open", _("未定 {count}")),
                    ("warned", _("有提醒 {count}")),
                )
            ]
        )
        self.table.refill(views)
        self._apply()

    @staticmethod
    def _tests() -> dict[str, Any]:
        return {
            "all": lambda v: True,
            "gap": lambda v: v.gap is not None and v.gap > 0,
            "open": lambda v: bool(v.open) or v.reference is None,
            "warned": lambda v: bool(v.warnings),
        }

    def _apply(self) -> None:
        self.model.show_only(self._tests()[self.filter.current or "all"])
        shown = bool(self.model.records)
        self.table.setVisible(shown)
        self.empty.setVisible(not shown)
        if self.table.current_record() is None:
            self.table.go_to_first()
        self._detail(self.table.current_record())

    def _detail(self, view: FundView | None) -> None:
        self.below.setVisible(view is not None)
        if view is None:
            return
        self.named.setText(f"{view.task} {view.title} · {view.area_name}")
        self.warned.setText("；".join(word.rstrip("。") for word in view.warnings))
        self.warned.setVisible(bool(view.warnings))
        self.asked.setText("\n".join(view.open))
        self.asked.setVisible(bool(view.open))
        self.to_register.setVisible(bool(view.open))
        lines = [
            _("{what}：{amount} 元/{per} × {count} = {sum}（{source}）").format(
                what=part.what, amount=yuan(part.amount), per=part.per or _("项"),
                count=text.number(part.count or Fraction(0)), sum=yuan(part.sum), source=part.source,
            )
            for part in view.parts
            if part.sum is not None
        ]  # fmt: skip
        for word, amounts in ((_("到位"), view.arrived), (_("支付"), view.paid), (_("应筹"), view.planned)):
            if amounts:
                levels = "、".join(
                    f"{FUND_LEVELS[level]} {yuan(amount)}" for level, amount in amounts.items()
                )
                lines.append(f"{word}：{levels}")
        if view.split:
            shares = "、".join(f"{FUND_LEVELS[level]} {yuan(amount)}" for level, amount in view.split.items())
            lines.append(_("按{rule}应分担：{shares}").format(rule=view.split_rule, shares=shares))
        self.parts.setText("\n".join(lines))
        self.parts.setVisible(bool(lines))

    # -- changing ----------------------------------------------------------------------------------------------------

    def form(self) -> RecordForm:
        desk = self.session.desk
        view = self.table.current_record()
        tasks = [(f"{task.no} {task.short}", str(task.no)) for task in desk.tasks(self.session.period)]
        levels = [(_(word), key) for key, word in FUND_LEVELS.items()]
        fields = [
            Field("task", _("任务"), str(view.task) if view else "", "choice", tasks, True),
            Field("level", _("资金级次"), "county", "choice", levels, True),
            Field("planned", _("应承担（元）"), hint=_("有文件依据才填，依据写在说明里")),
            Field("arrived", _("到位（元）")),
            Field("paid", _("支付（元）")),
            Field(
                "date",
                _("日期"),
                "",
                "date",
                hint=_("例如 {month}.18").format(month=self.session.period.last),
            ),
            Field("note", _("说明")),
        ]

        def save(values: dict[str, str]) -> None:
            given = {key: value for key, value in values.items() if value}
            self.session.write(desk.record_fund(given), _("已登记"))

        return RecordForm(
            _("登记一笔资金"), fields, self.session.period.year, save, self.window(),
            _("一笔一条，填这一笔的数，软件自己累计；单位是元。"),
        )  # fmt: skip

    def _add(self) -> None:
        self.form().exec()

    def _to_register(self) -> None:
        view = self.table.current_record()
        split = view is not None and any(_("分担比例") in words for words in view.open)
        self.wanted.emit("registers", "split" if split else "fund_counts")

    def _copy(self) -> None:
        self.table.copy()
        self.session.told.emit(_("资金表已复制，可以粘贴到 Excel"))
