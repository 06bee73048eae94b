"""台账: sites, households and cases; a completed one counts by itself."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit

from desktop_app.core.i18n import _
from desktop_app.core.model.view import SiteView
from desktop_app.ui import text, theme
from desktop_app.ui.session import Session
from desktop_app.ui.township.record_dialog import RecordDialog
from desktop_app.ui.widgets.controls import Card, EmptyState, SegmentedFilter, button, row
from desktop_app.ui.widgets.delegates import ActionCell, ChipCell, NumberCell
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable


def state_words(site: SiteView) -> str:
    if site.counts:
        return _("已完成，计入")
    if site.completed:
        return _("完成，未计入")
    return _("在做") if site.stages or site.started else _("未开始")


def state_mood(site: SiteView) -> str:
    if site.counts:
        return "ok"
    return "warn" if site.completed else "info" if site.stages or site.started else "plain"


class SitePage(Page):
    kinds = frozenset({"site", "evidence", "plan"})

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("台账"))
        self._names: dict[str, str] = {}
        self.add_action(button(_("复制到 Excel"), "", "copy", self._copy))
        self.add_action(button(_("新增一处"), "primary", "plus", self._add), primary=True)
        self.filter = SegmentedFilter()
        self.filter.chosen.connect(lambda _key: self._apply())
        self.indicator = QComboBox()
        self.indicator.setFont(theme.font("body"))
        self.indicator.setAccessibleName(_("指标"))
        self.indicator.setMinimumWidth(theme.px(200))
        self.indicator.activated.connect(lambda _number: self._apply())
        self.search = QLineEdit()
        self.search.setFont(theme.font("body"))
        self.search.setPlaceholderText(_("名称、地点、负责人"))
        self.search.setFixedWidth(theme.px(190))
        self.search.textChanged.connect(lambda _words: self._apply())
        self.body.addLayout(row(self.filter, None, self.search, self.indicator))
        self.model = RecordModel(
            [
                Column(
                    "name", _("名称"), 160, lambda s: s.name, stretch=True, whole=True, sort=lambda s: s.name
                ),
                Column(
                    "place",
                    _("地点"),
                    110,
                    lambda s: s.place,
                    colour=theme.INK2,
                    drop=2,
                    sort=lambda s: s.place,
                ),
                Column("for", _("用于"), 170, self._for, colour=theme.INK2, drop=3, tip=self._for),
                Column("quantity", _("数量"), 64, self._quantity, right=True),
                Column("stage", _("进展"), 148, self._stage, colour=theme.INK2, drop=4),
                Column(
                    "completed",
                    _("完成日期"),
                    84,
                    lambda s: text.day(s.completed),
                    sort=lambda s: s.completed or None,
                ),
                Column("charge", _("负责人"), 72, lambda s: s.charge, colour=theme.INK2, drop=1),
                Column(
                    "evidence",
                    _("佐证"),
                    92,
                    lambda s: (
                        _("{count} · 缺 {missing}").format(count=s.evidence, missing=s.evidence_missing)
                        if s.evidence_missing
                        else str(s.evidence)
                    ),
                    right=True,
                    cell=NumberCell(
                        lambda s: (theme.RED, "note-bold") if s.evidence_missing else (theme.INK, "body")
                    ),
                    sort=lambda s: -s.evidence_missing,
                ),
                Column(
                    "state",
                    _("状态"),
                    122,
                    state_words,
                    cell=ChipCell(state_mood),
                    whole=True,
                    tip=lambda s: s.why_not,
                    sort=state_words,
                ),
                Column(
                    "action",
                    "",
                    72,
                    lambda s: _("完成") if not s.completed else _("佐证"),
                    pressable=True,
                    cell=ActionCell(lambda s: not s.completed),
                ),
            ]
        )
        self.table = RecordTable(self.model, row_height=32)
        self.table.keep_place_by(lambda site: site.subject)
        self.table.setAccessibleName(_("台账"))
        self.table.activated_record.connect(self._change)
        self.table.action_pressed.connect(self._act)
        self.empty = EmptyState(
            _("还没有登记"),
            _("一户、一处、一段登记一条；完成后数量自动进累计。"),
            button(_("新增一处"), "primary", clicked=self._add),
        )
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.table)
        sheet.body.addWidget(self.empty)
        self.body.addWidget(sheet, 1)
        self.setFocusProxy(self.table)

    # What a row says
    def _for(self, site: SiteView) -> str:
        return "、".join(self._names.get(key, key) for key in site.quantities)

    @staticmethod
    def _quantity(site: SiteView) -> str:
        return "、".join(text.number(value, 2) for value in site.quantities.values())

    @staticmethod
    def _stage(site: SiteView) -> str:
        done = [(when, stage) for stage, when in site.stages.items() if when]
        if not done:
            return ""
        when, stage = max(done)
        return f"{stage} {text.day(when)}"

    # Filling
    def refresh(self) -> None:
        desk = self.session.desk
        views = [
            view
            for task in desk.tasks(self.session.period)
            for view in task.indicators
            if view.mine and view.basis == "site"
        ]
        self._names = {view.id: f"{view.task} {view.name}" for view in views}
        chosen = self.indicator.currentData()
        self.indicator.clear()
        self.indicator.addItem(_("全部指标"), None)
        for key, name in self._names.items():
            self.indicator.addItem(name, key)
        self.indicator.setCurrentIndex(max(0, self.indicator.findData(chosen)))
        sites = desk.sites()
        done = sum(site.counts for site in sites)
        self.set_title(_("台账"), _("共 {count} 处 · 计入 {done} 处").format(count=len(sites), done=done))
        self.table.refill(sites)
        self.table.setVisible(bool(sites))
        self.empty.setVisible(not sites)
        self._apply()

    def _apply(self) -> None:
        key, words = self.indicator.currentData(), self.search.text().strip()
        inside = [site for site in self.model.records if key is None or key in site.quantities]
        tests = {
            "open": lambda site: not site.completed,
            "done": lambda site: site.counts,
            "short": lambda site: bool(site.completed) and not site.counts,
        }
        labels = {"open": _("没完成 {count}"), "done": _("已计入 {count}"), "short": _("完成没计入 {count}")}
        self.filter.set_segments(
            [("all", _("全部 {count}").format(count=len(inside)))]
            + [
                (name, labels[name].format(count=sum(test(s) for s in inside)))
                for name, test in tests.items()
            ]
        )
        test = tests.get(self.filter.current)
        self.model.show_only(
            lambda site: (
                (key is None or key in site.quantities)
                and (test is None or test(site))
                and (not words or words in f"{site.name} {site.place} {site.charge}")
            )
        )
        if self.table.current_record() is None:
            self.table.go_to_first()

    def show_subject(self, what: Any) -> None:
        """An indicator's id or a site's subject."""
        if what in self._names:
            self.indicator.setCurrentIndex(self.indicator.findData(what))
            self._apply()
        else:
            self.table.go_to(self.model.find(lambda site: site.subject == what))

    # Changing
    def _fields(
        self, site: SiteView | None
    ) -> dict[str, tuple[str, str, list[tuple[str, str]] | None, bool]]:
        options = [(name, key) for key, name in self._names.items()]
        key = next(iter(site.quantities), "") if site else (self.indicator.currentData() or "")
        quantity = text.plain(site.quantities[key], 2) if site and key in site.quantities else "1"
        return {
            "name": (_("名称（不写个人姓名）"), site.name if site else "", None, True),
            "place": (_("地点"), site.place if site else "", None, False),
            "indicator": (_("用于"), key, options, True),
            "quantity": (_("数量"), quantity, None, True),
            "started": (_("开始日期"), site.started if site else "", None, False),
            "completed": (_("完成日期"), site.completed if site else "", None, False),
            "charge": (_("负责人"), site.charge if site else "", None, False),
            "personal": (_("个人信息（加密保存）"), "", None, False),
            "note": (_("说明"), site.note if site else "", None, False),
        }

    def _save(self, site: SiteView | None, values: dict[str, str]) -> object | None:
        for name in ("started", "completed"):
            values[name] = text.typed_day(values[name], self.session.period.year)
        personal = values.pop("personal")
        quantities = {k: text.plain(v, 4) for k, v in site.quantities.items()} if site else {}
        quantities[values.pop("indicator")] = values.pop("quantity")
        fields: dict[str, Any] = {**values, "quantities": quantities}
        if personal:
            fields["personal"] = {_("个人信息"): personal}
        return self.session.attempt(
            lambda desk: desk.save_site(site.subject if site else None, fields),
            _("已保存 {name}").format(name=values["name"]),
        )

    def _form(self, title: str, site: SiteView | None) -> RecordDialog:
        day = _("例如 {month}.18").format(month=self.session.period.last)
        hints = {
            "name": _("村名加编号，例如 张家湾 03 户"),
            "started": day,
            "completed": _("{day}；没完成就空着").format(day=day),
            "personal": _("姓名、电话等；默认不上报") if site is None else _("要换才填；以前填的还在"),
        }
        return RecordDialog(
            title,
            self._fields(site),
            self.window(),
            long_field="note",
            save=lambda values: self._save(site, values),
            hints=hints,
        )

    def _add(self) -> None:
        self._form(_("新增一处"), None).exec()

    def _change(self, site: SiteView) -> None:
        self._form(site.name, site).exec()

    def _act(self, site: SiteView, _key: str) -> None:
        if site.completed:
            self.wanted.emit("evidence", next(iter(site.quantities), None))
            return
        dialog = self._form(site.name, site)
        dialog.set_value("completed", self.session.desk.today().isoformat())
        dialog.exec()

    def _copy(self) -> None:
        self.table.copy()
        self.session.told.emit(_("台账已复制，可以粘贴到 Excel"))
