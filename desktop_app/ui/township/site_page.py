"""台账: sites, households and cases; a completed one counts by itself."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit

from desktop_app.core.errors import KnownError, ReasonNeeded, RuleError
from desktop_app.core.i18n import _
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.view import IndicatorView, SiteView
from desktop_app.core.progress import Progress
from desktop_app.ui import errors, jobs, text, theme
from desktop_app.ui.county.remembered import remember_order
from desktop_app.ui.session import Desk, Session
from desktop_app.ui.sheets.actions import site_button
from desktop_app.ui.township.remembered import Remembered
from desktop_app.ui.township.site_dialog import ManyDialog, SiteDialog, fields_for
from desktop_app.ui.widgets.controls import Card, EmptyState, SegmentedFilter, button, row
from desktop_app.ui.widgets.delegates import ActionCell, ChipCell, NumberCell
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.progress_strip import ProgressStrip
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable


def state_words(site: SiteView) -> str:
    """Whether it counts, and of a complete one that does not, what it wants first."""
    if site.counts:
        return _("已计入")
    if site.missing_stages and site.completed:
        return _("未计入，缺{stage}日期").format(stage=site.missing_stages[0])
    if site.evidence_missing:
        return _("未计入，缺佐证")
    if wants_acceptance(site):
        return _("未计入，缺验收")
    return _("在做") if site.stages or site.started else _("未开始")


def wants_acceptance(site: SiteView) -> bool:
    """All is there but the acceptance, which stands in a register."""
    return bool(site.completed) and not (site.counts or site.missing_stages or site.evidence_missing)


def state_mood(site: SiteView) -> str:
    if site.counts:
        return "ok"
    return "warn" if site.completed else "info" if site.stages or site.started else "plain"


class SitePage(Page):
    kinds = frozenset({"site", "evidence", "plan"})

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("台账"))
        self._names: dict[str, str] = {}
        self._views: list[IndicatorView] = []
        self.add_action(button(_("复制到 Excel"), "", "copy", self._copy))
        self.sheets = self.add_action(
            site_button(session, self, lambda: str(self.indicator.currentData() or ""))
        )
        self.many = self.add_action(button(_("批量修改"), "", "edit", self._change_many))
        self.many.setToolTip(_("先按住 Ctrl 或 Shift 选几行；Ctrl+A 全选"))
        self.add_action(button(_("新增一处"), "primary", "plus", self._add), primary=True)
        self.remembered = Remembered(session, "sites")
        self.filter = SegmentedFilter()
        self.remembered.filter(self.filter)
        self.filter.chosen.connect(lambda _key: self._apply())
        self.indicator = QComboBox()
        self.indicator.setFont(theme.font("body"))
        self.indicator.setAccessibleName(_("指标"))
        self.indicator.setMinimumWidth(theme.px(200))
        self.indicator.activated.connect(lambda _number: self._apply())
        self.remembered.choice(self.indicator)
        self.search = QLineEdit()
        self.search.setFont(theme.font("body"))
        self.search.setPlaceholderText(_("名称、地点、负责人"))
        self.search.setAccessibleName(_("按名称、地点、负责人找"))
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
                Column(
                    "quantity",
                    _("数量"),
                    64,
                    self._quantity,
                    right=True,
                    sort=lambda s: next(iter(s.quantities.values()), None),
                ),
                Column("stage", _("进展"), 148, self._stage, colour=theme.INK2, drop=4),
                Column(
                    "completed",
                    _("完成日期"),
                    84,
                    lambda s: text.day(s.completed),
                    sort=lambda s: s.completed or None,
                ),
                Column(
                    "charge",
                    _("负责人"),
                    72,
                    lambda s: s.charge,
                    colour=theme.INK2,
                    drop=1,
                    sort=lambda s: s.charge,
                ),
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
                    150,
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
                    self._next_word,
                    pressable=True,
                    cell=ActionCell(lambda s: not s.counts),
                ),
            ]
        )
        self.table = RecordTable(self.model, row_height=32, several=True)
        self.table.keep_place_by(lambda site: site.subject)
        self.table.setAccessibleName(_("台账"))
        self.table.empty_words = _("没有符合的。换个词，或点“全部”")
        remember_order(self.table, "sites", self.remembered.preferences)
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
        self.strip = ProgressStrip()
        self.body.addWidget(self.strip)
        self.setFocusProxy(self.table)

    # What a row says
    def _for(self, site: SiteView) -> str:
        return "、".join(self._names.get(key, key) for key in site.quantities)

    @staticmethod
    def _quantity(site: SiteView) -> str:
        return "、".join(text.number(value, 2) for value in site.quantities.values())

    def _stage(self, site: SiteView) -> str:
        """The stage it has come to: the latest day, and of several on one day the last in the plan's order."""
        order = [stage for view in self._views if view.id in site.quantities for stage in view.stages]
        if site.completed and not site.missing_stages:
            return _("已完成")
        done = [(when, order.index(s) if s in order else -1, s) for s, when in site.stages.items() if when]
        if not done:
            return ""
        when, _place, stage = max(done)
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
        self._views = views
        self._names = {view.id: f"{view.task} {view.name}" for view in views}
        first = not self.indicator.count()
        chosen = self.remembered.chosen() if first else self.indicator.currentData()
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
        self.setFocusProxy(self.table if sites or self.primary is None else self.primary)
        self._apply()

    def _apply(self) -> None:
        key, words = self.indicator.currentData(), self.search.text().strip()
        inside = [site for site in self.model.records if key is None or key in site.quantities]
        tests = {
            "open": lambda site: not site.completed,
            "done": lambda site: site.counts,
            "short": lambda site: bool(site.completed) and not site.counts,
        }
        labels = {"open": _("没完成 {count}"), "done": _("已计入 {count}"), "short": _("完成未计入 {count}")}
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
    def _save(self, site: SiteView | None, fields: dict[str, Any]) -> object | None:
        try:
            changes = self.session.desk.save_site(site.subject if site else None, fields)
        except ReasonNeeded:
            raise
        except KnownError as error:
            errors.show(error)
            return None
        written = self.session.write(changes, _("已保存 {name}").format(name=fields["name"]))
        if site is None:
            # Its photo is the next thing to be added, so it must be in sight.
            self._bring_up(changes.subjects[0])
        return written

    def _bring_up(self, subject: str) -> None:
        """Select a site, taking away a filter that would hide it."""
        matches = self.model.find(lambda shown: shown.subject == subject)
        if matches < 0:
            self.search.clear()
            self.filter.choose("all")
            self._apply()
        self.show_subject(subject)

    def form(self, site: SiteView | None) -> SiteDialog:
        chosen = self.indicator.currentData() or ""
        year = self.session.period.year
        return SiteDialog(
            site, self._views, chosen, year, lambda fields: self._save(site, fields), self.window()
        )

    def _add(self) -> None:
        self.form(None).exec()

    def _change(self, site: SiteView) -> None:
        self.form(site).exec()

    @staticmethod
    def _next_word(site: SiteView) -> str:
        if not site.completed:
            return _("完成")
        if wants_acceptance(site):
            return _("验收")
        return _("补日期") if site.missing_stages else _("佐证")

    def _act(self, site: SiteView, _key: str) -> None:
        if wants_acceptance(site):
            self.wanted.emit("registers", "acceptance")
            return
        if site.completed and not site.missing_stages:
            self.wanted.emit("evidence", site.subject)
            return
        dialog = self.form(site)
        dialog.complete_on(site.completed or self.session.desk.today().isoformat())
        dialog.exec()

    def _change_many(self) -> None:
        sites = self.table.chosen_records()
        if len(sites) < 2:
            self.session.told.emit(_("先按住 Ctrl 或 Shift 选几行，再点“批量修改”；Ctrl+A 全选"))
            return
        wanted = {key for site in sites for key in site.quantities}
        stages = list(dict.fromkeys(s for view in self._views if view.id in wanted for s in view.stages))
        dialog = ManyDialog(sites, stages, self.session.period.year, self.window())
        if dialog.exec():
            self.change_sites(sites, dialog.chosen)

    def change_sites(self, sites: list[SiteView], chosen: dict[str, Any]) -> jobs.Job:
        """All of them or, where one cannot be, none."""

        def work(desk: Desk, progress: Progress) -> Changes:
            parts = []
            with desk.together():
                for number, site in enumerate(sites):
                    progress(number, len(sites), site.name)
                    try:
                        parts.append(desk.save_site(site.subject, fields_for(site, chosen)))
                    except ReasonNeeded as needed:
                        raise RuleError(
                            _("{name}：{what}").format(name=site.name, what=needed.what),
                            meaning=_("{count} 处都没有改。").format(count=len(sites)),
                            next_step=_("请核对日期；确实如此的，在“批量修改”里写上原因。"),
                        ) from needed
            return Changes.joined(parts)

        words = _("已改 {count} 处").format(count=len(sites))
        return jobs.start(
            work,
            desk=self.session.desk,
            finished=lambda changes: self.session.write(changes, words),
            strip=self.strip,
            words=_("正在改 {count} 处…").format(count=len(sites)),
        )

    def _copy(self) -> None:
        self.table.copy()
        self.session.told.emit(_("台账已复制，可以粘贴到 Excel"))
