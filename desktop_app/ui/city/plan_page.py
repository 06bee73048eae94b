"""方案: the plan in force and those of other years; reading a notice into a new one, and changing a target."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QComboBox, QStackedWidget

from desktop_app.core.errors import KnownError
from desktop_app.core.i18n import _
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator, Plan
from desktop_app.core.plan.notice.draft import Draft
from desktop_app.core.progress import Progress
from desktop_app.ui import errors, jobs, places, theme
from desktop_app.ui.city.plan_draft import DraftView
from desktop_app.ui.city.plan_force import ForceView
from desktop_app.ui.session import Desk, Session
from desktop_app.ui.township.record_dialog import RecordDialog
from desktop_app.ui.widgets.controls import Banner, EmptyState, button
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.progress_strip import ProgressStrip

NOTICES = "*.docx *.xlsx *.txt"


class PlanPage(Page):
    kinds = frozenset({"plan", "allocation"})

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("方案"))
        overview = session.desk.overview(session.period)
        self.may_decide = overview.level == "city" and overview.kind == "government"
        self._plans: list[Plan] = []
        self._source = ""
        self.years = QComboBox()
        self.years.setAccessibleName(_("年度"))
        self.years.setFont(theme.font("body"))
        self.years.activated.connect(self._show_year)
        self.head.addWidget(self.years)
        self.drop = self.add_action(button(_("放弃草稿"), clicked=self._drop))
        self.keep = self.add_action(button(_("保存草稿"), "", "device-floppy", self._keep))
        self.reopen = self.add_action(button(_("打开草稿"), "", "folder-open", self._reopen))
        self.change = self.add_action(button(_("年中调整"), "", "edit", self._change))
        self.read = self.add_action(button(_("读取通知"), "primary", "file-import", self._choose), True)
        self.adopt = self.add_action(button(_("确认生效"), "primary", "check", self._adopt))
        self.strip = ProgressStrip()
        self.strip.hide()
        self.body.addWidget(self.strip)
        self.banner = Banner("info", "")
        self.body.addWidget(self.banner)
        self.force = ForceView()
        self.force.asked.connect(lambda _indicator: self._change())
        self.drafting = DraftView()
        self.drafting.changed.connect(self._tell_draft)
        self.empty = EmptyState(_("还没有方案"), _("市级读取正式通知并确认后，这里列出全部任务和指标。"))
        self.stack = QStackedWidget()
        for view in (self.force, self.drafting, self.empty):
            self.stack.addWidget(view)
        self.body.addWidget(self.stack, 1)
        self.setFocusProxy(self.stack)

    # -- the plan in force -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        self._plans = list(self.session.desk.plans())
        shown = self.years.currentData() or self.session.period.year
        self.years.blockSignals(True)
        self.years.clear()
        for plan in self._plans:
            self.years.addItem(_("{year}年").format(year=plan.year), plan.year)
        self.years.setCurrentIndex(max(0, self.years.findData(shown)))
        self.years.blockSignals(False)
        if self.drafting.draft is None:
            self._show_plan()
        else:
            self._tell_draft()

    def _plan(self) -> Plan | None:
        year = self.years.currentData()
        return next((plan for plan in self._plans if plan.year == year), None)

    def _show_plan(self) -> None:
        plan = self._plan()
        self._show_buttons(drafting=False)
        self.banner.hide()
        if plan is None:
            self.set_title(_("方案"))
            self.stack.setCurrentWidget(self.empty)
            return
        self.set_title(
            _("方案"),
            _("{title} · {tasks} 项任务 {indicators} 个指标").format(
                title=plan.title, tasks=len(plan.tasks), indicators=len(plan.indicators())
            ),
        )
        self._look_at(plan.year)
        self.force.show_plan(plan, self.session.desk.target_changes())
        self.session.desk.look_at(self.session.period)
        self.stack.setCurrentWidget(self.force)

    def _look_at(self, year: int) -> None:
        self.session.desk.look_at(Period(year, 1, 12))

    def _show_year(self, _index: int) -> None:
        self._show_plan()

    def _show_buttons(self, *, drafting: bool) -> None:
        for made in (self.drop, self.keep, self.adopt):
            made.setVisible(drafting)
        for made in (self.reopen, self.change, self.read):
            made.setVisible(self.may_decide and not drafting)
        self.years.setVisible(not drafting and len(self._plans) > 1)
        self.primary = self.adopt if drafting else self.read if self.may_decide else None

    # -- a draft -----------------------------------------------------------------------------------------------------

    def _choose(self) -> None:
        kinds = _("通知（{kinds}）").format(kinds=NOTICES) + ";;" + _("所有文件 (*)")
        chosen = places.choose_file(self, "plans", _("选通知文件"), kinds)
        if chosen is not None:
            self.read_notice(chosen)

    def read_notice(self, path: Path) -> None:
        """Read in the background, then show the draft."""

        def work(desk: Desk, progress: Progress) -> Draft:
            return desk.read_notice(path, progress)

        jobs.start(
            work,
            desk=self.session.desk,
            finished=self.show_draft,
            strip=self.strip,
            words=_("正在读“{name}”").format(name=path.name),
        )

    def _reopen(self) -> None:
        chosen = places.choose_file(self, "plans", _("打开草稿"), _("方案草稿 (*.json)"))
        if chosen is not None:
            try:
                self.show_draft(self.session.desk.read_draft(chosen))
            except KnownError as problem:
                errors.show(problem)

    def show_draft(self, draft: Draft) -> None:
        self.drafting.show_draft(draft)
        self.stack.setCurrentWidget(self.drafting)
        self._show_buttons(drafting=True)
        self._tell_draft()
        self.drafting.doubts.setFocus()

    def _tell_draft(self) -> None:
        draft = self.drafting.draft
        if draft is None:
            return
        self.set_title(
            _("核对草稿"),
            _("{title} · {tasks} 项任务 {measures} 条措施").format(
                title=draft.title,
                tasks=len(draft.tasks),
                measures=sum(len(task.measures) for task in draft.tasks),
            ),
        )
        count = self.drafting.open_count()
        self.adopt.setEnabled(count == 0)
        self.adopt.setToolTip("" if count == 0 else _("疑点都定了才能确认"))
        if count:
            self.banner.set(
                "warn",
                _("还有 {count} 处疑点要人定：对照左边的原文，按回车修改，按空格定下").format(count=count),
                "",
                "alert-triangle",
            )
        else:
            self.banner.set(
                "ok",
                _("疑点都定了，可以确认生效"),
                _("确认后随设立包和回复发到县区；同一年的方案会换成这一份，其他年度的不动。"),
                "check",
            )
        self.banner.show()

    def _drop(self) -> None:
        self.drafting.draft = None
        self._show_plan()

    def _keep(self) -> None:
        draft = self.drafting.draft
        if draft is None:
            return
        name = _("{year}年方案草稿.json").format(year=draft.year)
        chosen = places.choose_target(self, "plans", _("存到哪里"), name, _("方案草稿 (*.json)"))
        if chosen is None:
            return
        try:
            self.session.desk.save_draft(draft, chosen)
        except KnownError as problem:
            errors.show(problem)
        else:
            self.session.told.emit(_("草稿已保存到 {path}").format(path=chosen))

    def _adopt(self) -> None:
        draft = self.drafting.draft
        if draft is None:
            return
        year = draft.year

        def adopt(desk: Desk) -> Changes:
            return desk.adopt_draft(draft)

        self.drafting.draft = None
        if self.session.attempt(adopt, _("{year}年方案已生效").format(year=year)) is None:
            self.drafting.draft = draft
            return
        self.years.setCurrentIndex(self.years.findData(year))
        self._show_plan()

    # -- a change in mid-year ----------------------------------------------------------------------------------------

    def _change(self) -> None:
        indicator = self.force.current()
        if not self.may_decide or indicator is None or indicator.measure == "state":
            return
        self.change_dialog(indicator).exec()

    def change_dialog(self, indicator: Indicator) -> RecordDialog:
        plan = self._plan()
        assert plan is not None

        def save(values: dict[str, str]) -> object | None:
            def change(desk: Desk) -> Changes:
                self._look_at(plan.year)
                try:
                    return desk.change_target(
                        indicator.id,
                        values["value"],
                        document=values["document"],
                        effective=values["effective"],
                        reason=values["reason"],
                    )
                finally:
                    desk.look_at(self.session.period)

            return self.session.attempt(change, _("目标已调整，生效日以前仍按原目标算"))

        return RecordDialog(
            _("年中调整 {id} {name}").format(id=indicator.id, name=indicator.name),
            {
                "value": (
                    _("新目标（原 {old} {unit}）").format(old=indicator.target or "—", unit=indicator.unit),
                    "",
                    None,
                    True,
                ),
                "document": (_("依据文号"), "", None, True),
                "effective": (_("生效日期"), self.session.desk.today().isoformat(), None, True),
                "reason": (_("说明"), "", None, False),
            },
            self,
            save=save,
            hints={"document": _("例如 市政办〔2024〕18号"), "effective": "2024-07-01"},
        )
