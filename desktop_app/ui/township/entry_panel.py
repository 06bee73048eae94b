"""Beside the grid: what the cell means, where it stands, its year and its history."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model import subject
from desktop_app.core.model.view import HistoryView, IndicatorView
from desktop_app.ui import text, theme
from desktop_app.ui.session import Session
from desktop_app.ui.township.entry_model import own_words
from desktop_app.ui.widgets.controls import FactRows, ScrollPanel, button, clear, row, rule
from desktop_app.ui.widgets.labels import ElidedLabel, Label, WrappedLabel
from desktop_app.ui.widgets.line_chart import LineChart

HISTORY_SHOWN = 6


def history_step(step: HistoryView) -> str:
    """空 → 15; of a verdict the word."""
    if step.kind == "review":
        return step.after
    return f"{step.before or _('空')} → {step.after or _('空')}"


class EntryPanel(ScrollPanel):
    history_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("card")
        self._session = session
        self.body.addWidget(Label(_("当前格"), "note", "ink2"))
        self.title = WrappedLabel("", "panel")
        self.body.addWidget(self.title)
        self.definition = WrappedLabel("", "note", "ink2")
        self.body.addWidget(self.definition)
        self.said = WrappedLabel("", "note-bold")
        self.said.hide()
        self.body.addWidget(self.said)
        self.own = WrappedLabel("", "note")
        self.own.hide()
        self.body.addWidget(self.own)
        self.body.addWidget(rule())
        self.facts = FactRows()
        self.body.addWidget(self.facts)
        self.chart = LineChart(96)
        self.body.addWidget(self.chart)
        self.body.addWidget(rule())
        self.body.addLayout(
            row(
                Label(_("这一格的历史"), "strong"),
                None,
                button("F3", "link", clicked=self.history_wanted.emit, role="note"),
            )
        )
        holder = QWidget()
        self._steps = QVBoxLayout(holder)
        self._steps.setContentsMargins(0, 0, 0, 0)
        self._steps.setSpacing(theme.px(8))
        self.body.addWidget(holder)
        self.body.addStretch(1)

    def show_view(self, view: IndicatorView, said: str = "", tone: str = "") -> None:
        """`said`: what is wrong with the cell, or what the unit above wrote about it."""
        self.said.set_tone(tone)
        self.said.setText(said)
        self.said.setVisible(bool(said))
        own = own_words(view)
        self.own.setText(own)
        self.own.setVisible(bool(own))
        desk, period = self._session.desk, self._session.period
        self.title.setText(f"{view.task}  {view.name}")
        words = view.definition or (
            _("年初到本期末的累计数，本月新增自动算出。") if view.flow else _("本期末的实有数。")
        )
        self.definition.setText(_("口径：{words}").format(words=words))
        unit = view.unit

        def measured(words: str) -> str:
            return words if words == text.NOTHING else f"{words} {unit}"

        facts = [
            (_("全年份额"), measured(text.share(view))),
            (
                _("上期累计（{month}）").format(month=text.month(period.shifted(-1).key)),
                measured(text.value(view, previous=True)),
            ),
        ]
        expected = text.expected_value(view)
        if expected is not None:
            facts.append((_("本期应达"), f"{text.number(expected, view.decimals)} {unit}"))
        if view.increase is not None and view.measure == "count":
            facts.append((_("本月新增"), f"{text.increase(view)} {unit}"))
        if view.measure == "rate":
            facts.append((_("完成率"), measured(text.value(view))))
        self.facts.set_facts(facts)
        target = view.share if view.measure == "count" else None
        self.chart.set_line(desk.line(view.id, view.area), target, unit, period.last, view.decimals)
        self._show_history(desk.dealings(subject.progress(view.area, desk.plan, view.id, period.key)))
        self.verticalScrollBar().setValue(0)

    def _show_history(self, steps: list[HistoryView]) -> None:
        clear(self._steps)
        if not steps:
            self._steps.addWidget(Label(_("这个月还没有填过"), "note", "ink2"))
        for step in steps[:HISTORY_SHOWN]:
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            line = QHBoxLayout()
            judged = step.kind == "review"
            who = f"{step.unit_name} {step.operator}" if judged else step.operator
            when = text.moment(step.at, self._session.desk.today())
            line.addWidget(ElidedLabel(f"{when} {who}", "note", theme.INK2), 1)
            line.addWidget(Label(history_step(step), "note"))
            column.addLayout(line)
            if step.reason:
                column.addWidget(WrappedLabel(step.reason, "note", "red" if judged else "ink2"))
            self._steps.addWidget(holder)
