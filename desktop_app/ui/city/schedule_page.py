"""倒排: every indicator from its last deadline back, with its course, its slack, its steps, and what is late."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QComboBox

from desktop_app.core.i18n import _
from desktop_app.core.operations.scheduling import CourseView, ScheduleView
from desktop_app.ui import errors, places, text, theme
from desktop_app.ui.city.course_dialog import CourseDialog
from desktop_app.ui.paper import schedule as paper
from desktop_app.ui.paper.schedule import slack_words, step_words
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import Card, SegmentedFilter, button, row
from desktop_app.ui.widgets.delegates import CellPainter, LightCell, TextCell, inset
from desktop_app.ui.widgets.labels import Label
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable


class CourseCell(CellPainter):
    """The course over the year."""

    def __init__(self, page: SchedulePage) -> None:
        self._page = page

    def paint(self, painter: QPainter, rect: QRect, record: Any, column: Any, current: bool) -> None:
        if self._page.view is not None:
            paper.draw_course(painter, inset(rect), record, self._page.view)


def _slack_tone(line: CourseView) -> tuple[str, str]:
    days = line.slack.days
    if line.done is not None and line.done >= 1:
        return theme.INK2, "body"
    return (theme.RED, "strong") if days is not None and days < 0 else (theme.INK, "body")


def _step_tone(line: CourseView) -> tuple[str, str]:
    if line.overdue:
        return theme.RED, "strong"
    return (theme.AMBER, "body") if any(step.state == "late" for step in line.steps) else (theme.INK2, "body")


def step_tip(line: CourseView) -> str:
    """Every step in words."""
    words = {"done": _("按期完成"), "overdue": _("逾期"), "coming": _("未到")}
    said = []
    for step in line.steps:
        state = (
            _("迟完成 {days} 天").format(days=step.days_late) if step.state == "late" else words[step.state]
        )
        said.append(f"{text.day(step.due)} {step.what}：{state}")
    return "\n".join(said)


class SchedulePage(Page):
    kinds = frozenset({"milestone", "plan", "progress", "site", "allocation", "schedule"})
    wide = True

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("什么时候到什么节点"))
        self.view: ScheduleView | None = None
        self.add_action(button(_("复制到 Excel"), "", "copy", self._copy))
        self.add_action(button(_("存为 PDF"), "", "printer", self._save))
        self.course = self.add_action(button(_("定进度…"), clicked=self._course))
        self.filter = SegmentedFilter()
        self.filter.chosen.connect(lambda _key: self._apply())
        self.area = QComboBox()
        self.area.setFont(theme.font("body"))
        self.area.setAccessibleName(_("地区"))
        self.area.currentIndexChanged.connect(lambda _index: self._apply())
        self.body.addLayout(row(self.filter, None, Label(_("地区"), "note"), self.area))
        self.model = RecordModel(
            [
                Column("task", _("任务指标"), 190, lambda c: f"{c.task} {c.name}", stretch=True, sort=lambda c: c.task,
                       tip=lambda c: f"{c.task} {c.task_name}\n{c.name}\n{c.lead}"),
                Column("area", _("地区"), 72, lambda c: c.area_name, colour=theme.INK2, drop=2),
                Column("who", _("责任单位"), 104, lambda c: c.reporter, colour=theme.INK2, drop=1),
                Column("done", _("完成"), 56, lambda c: text.percent(c.done), right=True, role="strong"),
                Column("expected", _("应达"), 56, lambda c: text.percent(c.expected), right=True, colour=theme.INK2,
                       drop=3),
                Column(
                    "light", _("灯"), 76, lambda c: text.light(c.light), cell=LightCell(lambda c: c.light), whole=True
                ),
                Column("course", _("1月 → 12月"), 200, lambda c: "", cell=CourseCell(self), tip=step_tip),
                Column("slack", _("余量"), 142, slack_words, cell=TextCell(_slack_tone), tip=self._slack_tip,
                       sort=lambda c: (c.slack.days is None, c.slack.days or 0)),
                Column("steps", _("节点"), 250, step_words, drop=4, cell=TextCell(_step_tone), tip=step_tip),
            ]
        )  # fmt: skip
        self.table = RecordTable(self.model)
        self.table.keep_place_by(lambda line: (line.indicator, line.area))
        self.table.activated_record.connect(lambda line: self.wanted.emit("tasks", line.task))
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.table)
        self.body.addWidget(sheet, 1)
        self.rule = Label("", "small", theme.INK2)
        self.rule.setWordWrap(True)
        self.body.addWidget(self.rule)
        self.setFocusProxy(self.table)

    def refresh(self) -> None:
        view = self.view = self.session.desk.schedule(self.session.period)
        chosen = self.area.currentData()
        self.area.blockSignals(True)
        self.area.clear()
        self.area.addItem(_("全部地区"), "")
        for code, name in view.areas:
            self.area.addItem(name, code)
        self.area.setCurrentIndex(
            max(0, self.area.findData(chosen if chosen is not None else view.areas[0][0]))
        )
        self.area.blockSignals(False)
        self.rule.setText(_("亮灯规则：{rule}").format(rule=view.rule))
        self.table.refill(list(view.rows))
        self._apply()

    @staticmethod
    def _slack_tip(line: CourseView) -> str:
        if line.slack.needed is None:
            return _("还没有进度，算不出照此要多少天。")
        return _("照现在的速度还要 {needed} 天，离 {day} 还有 {left} 天。").format(
            needed=line.slack.needed, day=text.day(line.last), left=line.slack.left
        )

    TESTS: ClassVar[dict[str, Callable[[CourseView], bool]]] = {
        "late": lambda c: bool(c.overdue) or c.light == "red",
        "short": lambda c: (
            c.slack.days is not None and c.slack.days < 0 and not (c.done is not None and c.done >= 1)
        ),
        "made_up": lambda c: any(step.state == "late" for step in c.steps),
    }

    def _apply(self) -> None:
        if self.view is None:
            return
        area = self.area.currentData()
        rows = [line for line in self.view.rows if not area or line.area == area]
        counts = {key: sum(bool(test(line)) for line in rows) for key, test in self.TESTS.items()}
        self.filter.set_segments(
            [
                ("all", _("全部 {count}").format(count=len(rows))),
                ("late", _("逾期 {count}").format(count=counts["late"])),
                ("short", _("照此赶不上 {count}").format(count=counts["short"])),
                ("made_up", _("迟完成 {count}").format(count=counts["made_up"])),
            ]
        )
        self.set_title(_("什么时候到什么节点"), _("截至{day}").format(day=text.day(self.view.at)))
        test = self.TESTS.get(self.filter.current)
        self.model.show_only(
            lambda line: (not area or line.area == area) and (test is None or bool(test(line)))
        )
        self.table.go_to_first()

    def _course(self) -> None:
        line = self.table.current_record()
        if line is not None:
            CourseDialog(self.session, line, self).exec()

    def _copy(self) -> None:
        self.table.copy()
        self.session.told.emit(_("已复制，可以粘贴到 Excel"))

    def _save(self) -> None:
        if self.view is None:
            return
        title = paper.title_of(self.area.currentText())
        chosen = places.choose_target(self, "papers", _("存到哪里"), f"{title}.pdf")
        if chosen is not None:
            try:
                paper.draw(self.view, self.model.shown(), chosen, title)
            except OSError as problem:
                from desktop_app.core.store.database import disk_error

                errors.show(disk_error(problem, chosen))
                return
            self.session.told.emit(_("已存为 {path}").format(path=chosen))
