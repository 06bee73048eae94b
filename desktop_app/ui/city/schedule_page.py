"""倒排: every dated step of all tasks, what is due next and what has passed."""

from __future__ import annotations

from desktop_app.core.i18n import _
from desktop_app.core.model.view import MilestoneView
from desktop_app.ui import text, theme
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import Card, SegmentedFilter, button, row
from desktop_app.ui.widgets.delegates import LightCell
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.records import Column, Grouping, RecordModel
from desktop_app.ui.widgets.table import RecordTable

SOON = 60


class SchedulePage(Page):
    kinds = frozenset({"milestone", "plan"})

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("什么时候到什么节点"))
        self.add_action(button(_("复制到 Excel"), "", "copy", self._copy))
        self.filter = SegmentedFilter()
        self.filter.chosen.connect(lambda _key: self._apply())
        self.body.addLayout(row(self.filter, None))
        self._titles: dict[int, str] = {}
        names = session.desk.units()
        self.model = RecordModel(
            [
                Column("due", _("日期"), 96, lambda m: text.day(m.due), sort=lambda m: m.due),
                Column(
                    "task",
                    _("任务"),
                    180,
                    lambda m: f"{m.task} {self._titles.get(m.task, '')}",
                    whole=True,
                    sort=lambda m: m.task,
                ),
                Column("what", _("节点"), 240, lambda m: m.what, stretch=True, tip=lambda m: m.what),
                Column("area", _("单位"), 110, lambda m: names.name(m.area), colour=theme.INK2, drop=1),
                Column(
                    "light",
                    _("灯"),
                    80,
                    lambda m: text.milestone_light(m.light),
                    cell=LightCell(lambda m: "none" if m.light == "green" else m.light),
                    whole=True,
                ),
                Column("state", _("情况"), 150, self._state, colour=theme.INK2),
            ],
            Grouping(
                key=lambda m: m.due.strftime("%Y-%m"),
                title=self._month,
                note=lambda ms: _("{count} 个").format(count=len(ms)),
            ),
        )
        self.table = RecordTable(self.model)
        self.table.activated_record.connect(lambda step: self.wanted.emit("tasks", step.task))
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.table)
        self.body.addWidget(sheet, 1)
        self.setFocusProxy(self.table)

    @staticmethod
    def _month(key: str) -> str:
        return _("{year}年{month}月").format(year=key[:4], month=int(key[5:]))

    def _state(self, step: MilestoneView) -> str:
        if step.done:
            return _("{day} 完成").format(day=text.day(step.done))
        return text.days_left(step.due, self.session.desk.today())

    def refresh(self) -> None:
        tasks = self.session.desk.tasks(self.session.period)
        self._titles = {task.no: task.short for task in tasks}
        steps = sorted((step for task in tasks for step in task.milestones), key=lambda step: step.due)
        today = self.session.desk.today()
        late = sum(step.done is None and step.due < today for step in steps)
        self.set_title(
            _("什么时候到什么节点"),
            _("共 {count} 个 · 过期没完成 {late} 个").format(count=len(steps), late=late),
        )
        soon = sum(step.done is None and 0 <= (step.due - today).days <= SOON for step in steps)
        self.filter.set_segments(
            [
                ("all", _("全部 {count}").format(count=len(steps))),
                ("late", _("过期 {count}").format(count=late)),
                ("soon", _("{days} 天内 {count}").format(days=SOON, count=soon)),
                ("done", _("已完成 {count}").format(count=sum(step.done is not None for step in steps))),
            ]
        )
        self.table.refill(steps)
        self._apply()

    def _apply(self) -> None:
        today = self.session.desk.today()
        tests = {
            "late": lambda step: step.done is None and step.due < today,
            "soon": lambda step: step.done is None and 0 <= (step.due - today).days <= SOON,
            "done": lambda step: step.done is not None,
        }
        self.model.show_only(tests.get(self.filter.current))
        self.table.go_to_first()

    def _copy(self) -> None:
        self.table.copy()
        self.session.told.emit(_("已复制，可以粘贴到 Excel"))
