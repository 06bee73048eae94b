"""The panel beside the task list: this month's cell, the year's line, milestones, evidence, remarks."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model.view import MilestoneView
from desktop_app.ui import text, theme
from desktop_app.ui.session import Session
from desktop_app.ui.township import recorder
from desktop_app.ui.township.task_model import TaskRow
from desktop_app.ui.widgets.controls import Banner, ScrollPanel, button, clear, row, rule
from desktop_app.ui.widgets.evidence_strip import EvidenceStrip
from desktop_app.ui.widgets.labels import ElidedLabel, Label, LightLabel, WrappedLabel
from desktop_app.ui.widgets.line_chart import LineChart
from desktop_app.ui.widgets.thumbnails import Thumbnails


class FigureEntry(QWidget):
    """本期累计 to be typed, beside last period, increase, share and expected."""

    recorded = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._row: TaskRow | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(4))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(12))
        grid.setVerticalSpacing(theme.px(2))
        self.caption = Label("", "note", "ink2")
        self.field = QLineEdit()
        self.field.setFont(theme.font("strong"))
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.field.setFixedWidth(theme.px(96))
        self.field.setObjectName("figure")
        self.field.setAccessibleName(_("本期累计"))
        self.field.returnPressed.connect(self.commit)
        grid.addWidget(self.caption, 0, 0)
        grid.addWidget(self.field, 1, 0)
        self.facts: list[tuple[Label, Label]] = []
        names = (_("上期"), _("本月新增"), _("全年份额"), _("应达"))
        for number, name in enumerate(names, start=1):
            head, value = Label(name, "note", "ink2"), Label("", "strong")
            grid.addWidget(head, 0, number)
            grid.addWidget(value, 1, number)
            self.facts.append((head, value))
        grid.setColumnStretch(5, 1)
        layout.addLayout(grid)
        self.words = WrappedLabel("", "note")
        self.words.hide()
        layout.addWidget(self.words)
        self.reason = QLineEdit()
        self.reason.setFont(theme.font("note"))
        self.reason.setPlaceholderText(_("写一句原因，按回车保存"))
        self.reason.setAccessibleName(_("原因"))
        self.reason.returnPressed.connect(self.commit)
        self.reason.hide()
        layout.addWidget(self.reason)
        self.to_sites = button(_("来自台账，去台账改"), "link", "table")
        layout.addWidget(self.to_sites, 0, Qt.AlignmentFlag.AlignLeft)

    def set_brief(self, brief: bool) -> None:
        for head, value in self.facts[1:3]:
            head.setVisible(not brief)
            value.setVisible(not brief)

    def show_row(self, shown: TaskRow) -> None:
        same = self._row is not None and self._row.key == shown.key
        self._row = shown
        view = shown.view
        self.caption.setText(_("本期累计（{unit}）").format(unit=view.unit))
        by_site = view.basis == "site"
        self.field.setReadOnly(by_site or not view.mine)
        self.to_sites.setVisible(by_site and view.mine)
        if not (same and self.field.hasFocus() and self.field.isModified()):
            unfilled = view.figure.carried
            self.field.setFixedWidth(theme.px(132 if view.measure == "rate" else 96))
            self.field.setText("" if unfilled and not by_site else text.typed(view))
            self.field.setPlaceholderText(
                _("沿用 {value}").format(value=text.typed(view)) if unfilled and text.typed(view) else ""
            )
            self._say("", "")
        expected = text.expected_value(view)
        behind = view.light in ("yellow", "red")
        values = (
            text.value(view, previous=True),
            text.increase(view) or text.NOTHING,
            text.share(view),
            text.number(expected, view.decimals) if expected is not None else text.percent(view.expected),
        )
        for (_head, label), words in zip(self.facts, values, strict=True):
            label.setText(words)
        self.facts[3][1].set_tone("amber" if behind else "")

    def _say(self, error: str, warning: str) -> None:
        self.field.setProperty("wrong", bool(error))
        self.field.style().unpolish(self.field)
        self.field.style().polish(self.field)
        self.words.setText(error or warning)
        self.words.set_tone("red" if error else "amber")
        self.words.setVisible(bool(error or warning))
        self.reason.setVisible(bool(warning))
        if warning:
            self.reason.setFocus()

    def commit(self) -> None:
        if self._row is None or self.field.isReadOnly():
            return
        self.field.setModified(False)
        outcome = recorder.record(
            self._session, self._row.view, self.field.text(), reason=self.reason.text().strip()
        )
        if outcome.done:
            self.reason.clear()
            self._say("", "")
            self.recorded.emit()
        else:
            self._say(outcome.error, outcome.warning)


class MilestoneRow(QWidget):
    """One dated step: light, date, what, and how it stands."""

    def __init__(self, view: MilestoneView, today) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(8))
        sign = LightLabel(view.light, "")
        sign.setFixedWidth(theme.px(14))
        line.addWidget(sign)
        line.addWidget(Label(text.day(view.due), "note", "ink2"))
        what = ElidedLabel(view.what, "note")
        line.addWidget(what, 1)
        if view.done:
            state, tone = _("{day} 完成").format(day=text.day(view.done)), "ink2"
        elif view.light in ("yellow", "red"):
            state, tone = text.days_left(view.due, today), "red" if view.light == "red" else "amber"
        else:
            state, tone = _("未到"), "ink2"
        line.addWidget(Label(state, "note", tone))


class TaskPanel(ScrollPanel):
    """Everything about the chosen row; `wanted` asks for another page."""

    wanted = Signal(str, object)

    def __init__(self, session: Session, thumbnails: Thumbnails) -> None:
        super().__init__(spacing=6)
        self.setObjectName("card")
        self._session = session
        self._row: TaskRow | None = None
        self._brief = False
        self.title = ElidedLabel("", "panel")
        self.light = LightLabel()
        line = QHBoxLayout()
        line.addWidget(self.title, 1)
        line.addWidget(self.light)
        self.body.addLayout(line)
        self.who = ElidedLabel("", "note", theme.INK2)
        self.body.addWidget(self.who)
        self.banner = Banner()
        self._go_figure = button(_("去填报"), "small", clicked=self._go_to_figure)
        self.banner.add_buttons(
            button(_("去补佐证"), "small", clicked=partial(self._go, "evidence")),
            self._go_figure,
        )
        self.body.addWidget(self.banner)
        self.entry = FigureEntry(session)
        self.entry.to_sites.clicked.connect(lambda: self._go("sites"))
        self.body.addWidget(self.entry)
        self.body.addWidget(rule())
        self.chart_title = Label(_("全年走势"), "strong")
        self.chart_note = Label(_("实线 累计 · 虚线 应达"), "note", "ink2")
        self.body.addLayout(row(self.chart_title, None, self.chart_note))
        self.chart = LineChart(104)
        self.body.addWidget(self.chart)
        self.milestone_part = QWidget()
        part = QVBoxLayout(self.milestone_part)
        part.setContentsMargins(0, 0, 0, 0)
        part.setSpacing(theme.px(7))
        part.addWidget(rule())
        self.milestone_note = Label("", "note", "ink2")
        part.addLayout(row(Label(_("倒排节点"), "strong"), None, self.milestone_note))
        self._milestones = QVBoxLayout()
        self._milestones.setSpacing(theme.px(7))
        part.addLayout(self._milestones)
        self.body.addWidget(self.milestone_part)
        self.body.addWidget(rule())
        self.evidence_title = Label("", "strong")
        everything = button(_("全部"), "link", clicked=partial(self._go, "evidence"))
        self.body.addLayout(row(self.evidence_title, None, everything))
        self.strip = EvidenceStrip(thumbnails)
        self.strip.pressed.connect(lambda _view: self._go("evidence"))
        self.body.addWidget(self.strip)
        self.target_part = QWidget()
        target = QVBoxLayout(self.target_part)
        target.setContentsMargins(0, 0, 0, 0)
        target.setSpacing(theme.px(6))
        target.addWidget(rule())
        target.addWidget(Label(_("目标和措施"), "strong"))
        self.target = WrappedLabel("", "note")
        target.addWidget(self.target)
        self.measures = WrappedLabel("", "note", "ink2")
        target.addWidget(self.measures)
        self.body.addWidget(self.target_part)
        self.body.addStretch(1)

    def _go(self, page: str) -> None:
        if self._row is not None:
            self.wanted.emit(page, self._row.view.id)

    def _go_to_figure(self) -> None:
        if self._row is not None:
            self._go("sites" if self._row.view.basis == "site" else "entry")

    def set_brief(self, brief: bool) -> None:
        """On a small screen only what one works with: remark, entry, chart, evidence."""
        if brief == self._brief:
            return
        self._brief = brief
        self.entry.set_brief(brief)
        self.chart_note.setVisible(not brief)
        self.who.setVisible(not brief)
        self.chart_title.setVisible(not brief)
        if self._row is not None:
            self.show_row(self._row)

    def show_row(self, shown: TaskRow) -> None:
        self._row = shown
        task, view, desk = shown.task, shown.view, self._session.desk
        self.title.setText(f"{task.no}  {task.title}")
        self.light.set_light(shown.light, text.light(shown.light))
        parts = [
            _("牵头 {names}").format(names="、".join(task.lead)),
            _("填报 {name}").format(name=view.reporter_name),
        ]
        reviewer = desk.units().get(view.reviewer)
        if reviewer is not None:
            parts.append(_("审核 {name}").format(name=reviewer.name))
        if shown.who:
            parts.insert(0, _("经办 {name}").format(name=shown.who))
        if view.target is not None and view.measure == "count":
            parts.append(
                _("市目标 {value} {unit}").format(
                    value=text.number(view.target, view.decimals), unit=view.unit
                )
            )
        self.who.setText(" · ".join(parts))
        self._show_remark(shown)
        self.entry.setVisible(shown.mine)
        if shown.mine:
            self.entry.show_row(shown)
            # The remark's own button leads there already.
            self.entry.to_sites.setVisible(shown.view.basis == "site" and not view.remark)
        target = view.share if view.measure == "count" else None
        self.chart.set_line(
            desk.line(view.id, view.area), target, view.unit, self._session.period.last, view.decimals
        )
        self._show_milestones(shown)
        evidence = desk.evidence(view.id)
        count = max(view.evidence, len(evidence))
        words = _("佐证 {count} 份").format(count=count)
        if view.evidence_missing:
            words += _(" · 缺 {count} 份").format(count=view.evidence_missing)
        self.evidence_title.setText(words)
        self.strip.set_evidence(evidence, view.evidence_missing)
        self.strip.setVisible(bool(evidence) or bool(view.evidence_missing))
        self.target.setText(task.target)
        self.measures.setText("\n".join(f"{n}. {words}" for n, words in enumerate(task.measures, start=1)))
        self.target_part.setVisible(not self._brief)
        self.verticalScrollBar().setValue(0)

    def _show_remark(self, shown: TaskRow) -> None:
        view = shown.view
        self.banner.setVisible(bool(view.remark) and shown.mine)
        if not view.remark or not shown.mine:
            return
        reviewer = self._session.desk.units().get(view.reviewer)
        name = reviewer.name if reviewer else _("上级")
        self._go_figure.setText(_("去台账") if view.basis == "site" else _("去填报"))
        if view.returned:
            self.banner.set("bad", _("{name} 退回").format(name=name), view.remark, "arrow-back-up")
        else:
            self.banner.set("info", _("{name} 的意见").format(name=name), view.remark, "message")

    def _show_milestones(self, shown: TaskRow) -> None:
        clear(self._milestones)
        today = self._session.desk.today()
        for view in shown.task.milestones:
            self._milestones.addWidget(MilestoneRow(view, today))
        self.milestone_note.setText(_("共 {count} 个").format(count=len(shown.task.milestones)))
        self.milestone_part.setVisible(bool(shown.task.milestones) and not self._brief)
