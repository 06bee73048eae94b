"""不一致: two heads of one subject side by side, and the decision."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model.forms import is_period
from desktop_app.core.model.period import Period
from desktop_app.core.model.view import HistoryView
from desktop_app.ui import text, theme
from desktop_app.ui.answers import Fork
from desktop_app.ui.county.fork_decision import LETTERS, Decision, RuleDialog
from desktop_app.ui.session import Session
from desktop_app.ui.widgets import painters
from desktop_app.ui.widgets.controls import Card, Chip, EmptyState, ScrollPanel, button, clear, row, rule
from desktop_app.ui.widgets.delegates import IconTextCell, TextCell
from desktop_app.ui.widgets.labels import Label, WrappedLabel
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable


def answered_words(fork: Fork) -> str:
    return {"return": _("已退回"), "set": _("已核定")}.get(fork.answered, "")


def month_words(period: str) -> str:
    """2024年6月; whatever is no month stays as it is."""
    return Period.parse(period).chinese_label if is_period(period) else period


def _cell_of(side: int, line: list[str]) -> str:
    return line[side + 1]


class OriginLine(QWidget):
    """The steps of one side, the newest on top, joined by a line."""

    def __init__(self, steps: list[HistoryView], measure: str) -> None:
        super().__init__()
        self._steps, self._measure = steps, measure
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("；".join(f"{s.before}→{s.after} {s.operator}" for s in steps))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(260), theme.px(42) * len(self._steps) + theme.px(4))

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = QColor(theme.ACCENT)
        for number, step in enumerate(self._steps):
            top = number * theme.px(42)
            x = theme.px(7)
            painter.setPen(QPen(QColor(theme.LINE2), 1))
            painter.drawLine(QPointF(x, top + theme.px(16)), QPointF(x, top + theme.px(40)))
            painter.setPen(QPen(accent, 1.6))
            painter.setBrush(accent if number == 0 else QColor(theme.WHITE))
            painter.drawEllipse(QPointF(x, top + theme.px(10)), 4.2, 4.2)
            left = theme.px(22)
            first = QRect(left, top, self.width() - left, theme.px(20))
            painters.draw_text(painter, first, f"{step.before or _('空')} → {step.after or _('空')}", "body")
            painters.draw_text(painter, first, text.moment(step.at), "note", theme.INK2, painters.RIGHT)
            below = first.translated(0, theme.px(19))
            words = " · ".join(part for part in (step.operator, step.reason) if part)
            painters.draw_text(painter, below, words, "note", theme.INK2)
        painter.end()


class ForkPage(Page):
    def __init__(self, session: Session) -> None:
        super().__init__(session, _("这一格有两种说法"))
        self.rule = self.add_action(button(_("按规则一次定…"), clicked=self._by_rule))
        self.add_action(button(_("上一处"), "", "chevron-left", lambda: self._step(-1)))
        self.add_action(button(_("下一处"), "", "chevron-right", lambda: self._step(1)))
        self.settle = self.add_action(button(_("定下来"), "primary", clicked=self.settle_now), primary=True)
        middle = QHBoxLayout()
        middle.setSpacing(theme.px(14))
        middle.addWidget(self._make_list())
        self.right = QWidget()
        right = QVBoxLayout(self.right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(theme.px(10))
        self.heading = Label("", "panel")
        right.addWidget(self.heading)
        self.fields = RecordModel([])
        self.table = RecordTable(self.fields, row_height=31, whole_rows=False, upright_lines=True)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.setSelectionMode(RecordTable.SelectionMode.NoSelection)
        self.table_sheet = Card((1, 1, 1, 1), 0)
        self.table_sheet.body.addWidget(self.table)
        self.origins = QHBoxLayout()
        self.origins.setSpacing(theme.px(10))
        holder = QWidget()
        holder.setLayout(self.origins)
        self.origins.setContentsMargins(0, 0, 0, 0)
        panel = ScrollPanel((0, 0, 0, 0), 10)
        panel.body.addWidget(self.table_sheet)
        panel.body.addWidget(holder)
        panel.body.addStretch(1)
        right.addWidget(panel, 1)
        self.decision = Decision(session)
        self.decision.named.connect(self.settle.setText)
        self.reason, self.other, self.words = self.decision.reason, self.decision.other, self.decision.words
        right.addWidget(self.decision)
        middle.addWidget(self.right, 1)
        self.empty = EmptyState(
            _("没有说法不一致的地方"), _("两台电脑各改了同一格时，会列在这里，由人来定。")
        )
        middle.addWidget(self.empty, 1)
        self.body.addLayout(middle, 1)
        self.setFocusProxy(self.list)

    def _make_list(self) -> QWidget:
        self.left = QWidget()
        self.left.setFixedWidth(theme.px(262))
        column = QVBoxLayout(self.left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(10))
        self.forks = RecordModel(
            [
                Column(
                    "title",
                    _("说法不同的地方"),
                    104,
                    lambda f: f.title,
                    stretch=True,
                    tip=lambda f: f"{f.unit_name} {f.title} {f.period}",
                ),
                Column("period", _("月份"), 44, lambda f: text.month(f.period) if f.period else ""),
                Column("unit", _("单位"), 64, lambda f: f.unit_name, drop=2),
                Column("state", "", 50, answered_words, colour=theme.INK2, drop=1),
            ]
        )
        self.list = RecordTable(self.forks, row_height=36)
        self.list.keep_place_by(lambda fork: fork.subject)
        self.list.picked.connect(self._pick)
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.list)
        column.addWidget(sheet, 2)
        about = Card((0, 0, 0, 12), 8)
        words = ScrollPanel((14, 12, 14, 4), 8)
        words.body.addWidget(Label(_("为什么会不一致"), "strong"))
        self.why = WrappedLabel("", "note")
        words.body.addWidget(self.why)
        words.body.addWidget(rule())
        words.body.addWidget(Label(_("在定下来之前"), "strong"))
        self.until = WrappedLabel("", "note")
        words.body.addWidget(self.until)
        words.body.addStretch(1)
        about.body.addWidget(words, 1)
        self.copy = button(_("复制说明"), "", "copy", self._copy)
        about.body.addLayout(row(self.copy, margins=(14, 0, 14, 0)))
        column.addWidget(about, 3)
        return self.left

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < 1000 * theme.ratio()
        self.left.setFixedWidth(theme.px(200 if narrow else 262))

    # Filling
    def refresh(self) -> None:
        forks = self.session.desk.forks()
        self.list.refill(forks)
        if self.list.current_record() is None:
            self.list.go_to_first()
        self._pick(self.list.current_record())

    def current(self) -> Fork | None:
        return self.list.current_record()

    def show_subject(self, what: Any) -> None:
        """A subject, or a unit's code."""
        self.list.go_to(self.forks.find(lambda fork: what in (fork.subject, fork.unit, fork.unit_name)))

    def _step(self, step: int) -> None:
        number = self.list.currentIndex().row() + step
        if 0 <= number < len(self.forks.rows):
            self.list.go_to(number)

    def _pick(self, fork: Fork | None) -> None:
        self.right.setVisible(fork is not None)
        self.left.setVisible(fork is not None)
        self.empty.setVisible(fork is None)
        self.settle.setEnabled(fork is not None)
        waiting = sum(not found.answered for found in self.forks.records)
        self.rule.setVisible(waiting > 1)
        if fork is None:
            self.settle.setText(_("定下来"))
            self.set_title(_("不一致"), _("没有要处理的"))
            return
        number = self.list.currentIndex().row() + 1
        self.set_title(
            _("这一格有两种说法")
            if len(fork.sides) == 2
            else _("这一格有 {count} 种说法").format(count=len(fork.sides)),
            _("第 {number} 处，共 {total} 处").format(number=number, total=len(self.forks.rows)),
        )
        parts = (fork.unit_name, fork.title, month_words(fork.period))
        self.heading.setText(" · ".join(part for part in parts if part))
        self._show_fields(fork)
        self._show_origins(fork)
        self.decision.show_fork(fork)
        names = "、".join(dict.fromkeys(side.operator for side in fork.sides))
        self.why.setText(
            _(
                "{unit}的{names}各自改了同一格，谁也没看到对方的改动。几份都有有效签名，所以都留着，由人来定。"
            ).format(unit=fork.unit_name, names=names)
        )
        counted = next((side for side in fork.sides if side.counted), fork.sides[0])
        self.until.setText(
            _("总数暂按 {value} 算，并标“暂计”。不影响收件和其他单位。").format(value=counted.value)
        )
        self.copy.setText("\u2009" + _("复制说明给{unit}").format(unit=fork.unit_name))
        # Between two computers of this very office there is nobody to write to.
        self.copy.setVisible(fork.unit != self.session.desk.unit)

    def _show_fields(self, fork: Fork) -> None:
        names = [name for name, _words in fork.sides[0].fields]
        rows = [[name, *(dict(side.fields).get(name, "") for side in fork.sides)] for name in names]

        def different(line: list[str]) -> bool:
            return len(set(line[1:])) > 1

        columns = [Column("field", _("字段"), 168, lambda line: line[0], colour=theme.INK2)]
        for number, side in enumerate(fork.sides):
            columns.append(
                Column(
                    f"side{number}",
                    f"{LETTERS[number]}　{side.operator} {text.moment(side.at)}",
                    150,
                    partial(_cell_of, number),
                    note=side.origin,
                    stretch=True,
                    cell=TextCell(lambda line: (theme.INK, "strong" if different(line) else "body")),
                    fill=lambda line: theme.AMBER_TINT if different(line) else None,
                )
            )
        columns.append(
            Column(
                "compare",
                _("比较"),
                86,
                lambda line: _("不同") if different(line) else _("相同"),
                cell=IconTextCell(
                    lambda line: (
                        ("arrows-split", theme.AMBER, "note")
                        if different(line)
                        else ("check", theme.GREEN, "note")
                    )
                ),
            )
        )
        self.fields.beginResetModel()
        self.fields.columns = columns
        self.fields.endResetModel()
        self.fields.fill(rows)
        self.table.fit_columns()
        self.table_sheet.setFixedHeight(
            theme.px(40) + len(rows) * self.table.verticalHeader().defaultSectionSize() + 4
        )

    def _show_origins(self, fork: Fork) -> None:
        clear(self.origins)
        for number, side in enumerate(fork.sides):
            card = Card((14, 10, 14, 8), 6)
            chip = _("{value} {unit} 暂计") if side.counted else "{value} {unit}"
            words = chip.format(value=side.value, unit=fork.measure).replace("  ", " ")
            card.body.addLayout(
                row(
                    Label(_("{letter}的来历").format(letter=LETTERS[number]), "strong"),
                    None,
                    Chip(words, "info" if side.counted else "plain"),
                )
            )
            card.body.addWidget(OriginLine(list(side.history), fork.measure))
            card.body.addStretch(1)
            self.origins.addWidget(card, 1)

    # Deciding
    def settle_now(self) -> None:
        self.decision.decide()

    def _by_rule(self) -> None:
        open_ones = [fork for fork in self.forks.records if not fork.answered]
        RuleDialog(self.session, open_ones, self.window()).exec()

    def _copy(self) -> None:
        fork = self.current()
        if fork is None:
            return
        lines = [f"{fork.unit_name} {fork.title} {month_words(fork.period)}", self.why.text()]
        for number, side in enumerate(fork.sides):
            lines.append(
                f"{LETTERS[number]}：{side.value} {fork.measure}，{side.operator}，{text.moment(side.at)}"
            )
        lines.append(_("请商量后告诉我们按哪个算。"))
        QGuiApplication.clipboard().setText("\n".join(lines))
        self.session.told.emit(_("说明已复制"))
