"""Beside the months: the rules they follow, days off, and extensions given to units."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QGridLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.ui import text, theme
from desktop_app.ui.county.closing_dialogs import ask_extension
from desktop_app.ui.session import Desk, Session
from desktop_app.ui.verbs.county import Extension
from desktop_app.ui.widgets.controls import ScrollPanel, button, clear, row, rule
from desktop_app.ui.widgets.labels import Label, WrappedLabel

WORKED = ("班", "上班", "调休上班")


def read_days(words: str, year: int) -> tuple[dict[str, bool], str]:
    """Dates, one a line: off, or worked where the line says 班; and the first line that is no date."""
    found: dict[str, bool] = {}
    for line in words.splitlines():
        said = line.strip()
        if not said:
            continue
        worked = any(said.endswith(word) for word in WORKED)
        day = re.sub(r"(调休)?(上班|放假|休|班)?$", "", said).strip()
        plain = text.typed_day(day, year)
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", plain):
            return {}, said
        found[plain] = not worked
    return found, ""


def write_days(days: dict[str, bool]) -> str:
    return "\n".join(day if off else f"{day} 上班" for day, off in sorted(days.items()))


class ClosingPanel(ScrollPanel):
    def __init__(self, session: Session) -> None:
        super().__init__((14, 12, 14, 10), 8)
        self.setObjectName("card")
        self._session = session
        self.body.addWidget(Label(_("每月的三个日子"), "strong"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(8))
        grid.setVerticalSpacing(theme.px(6))
        self.fields: dict[str, QLineEdit] = {}
        for number, (name, before, after) in enumerate(
            (
                ("cutoff_day", _("统计截止：当月"), _("日（空着为月底）")),
                ("due_day", _("报送：次月"), _("日")),
                ("lock_day", _("封账：次月"), _("日（空着不自动封）")),
            )
        ):
            field = QLineEdit()
            field.setFont(theme.font("strong"))
            field.setFixedWidth(theme.px(46))
            field.setAccessibleName(before)
            field.setMaxLength(3)
            self.fields[name] = field
            grid.addWidget(Label(before, "note", "ink2"), number, 0)
            grid.addWidget(field, number, 1)
            grid.addWidget(Label(after, "note", "ink2"), number, 2)
        grid.setColumnStretch(2, 1)
        self.body.addLayout(grid)
        self.body.addWidget(
            WrappedLabel(_("碰到节假日往后顺延。下级收到下一次回执后按新的来。"), "note", "ink2")
        )
        self.body.addWidget(rule())
        self.body.addWidget(Label(_("节假日与调休"), "strong"))
        self.off = QPlainTextEdit()
        self.off.setFont(theme.font("note"))
        self.off.setAccessibleName(_("节假日与调休"))
        self.off.setPlaceholderText(_("一行一天，例如\n2024-10-01\n2024-10-12 上班"))
        self.off.setTabChangesFocus(True)
        self.off.setFixedHeight(theme.px(92))
        self.body.addWidget(self.off)
        self.words = WrappedLabel("", "note", "red")
        self.words.hide()
        self.body.addWidget(self.words)
        self.save = button(_("保存期限"), "small_primary", clicked=self.save_now)
        self.body.addLayout(row(None, self.save))
        self.body.addWidget(rule())
        self.more = button(_("给一家宽限…"), "small", "plus", self._extend)
        self.body.addLayout(row(Label(_("宽限"), "strong"), None, self.more))
        holder = QWidget()
        self._list = QVBoxLayout(holder)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(theme.px(6))
        self.body.addWidget(holder)
        self.body.addStretch(1)

    def refresh(self) -> None:
        desk = self._session.desk
        for name, value in desk.day_rules().items():
            self.fields[name].setText("" if value is None else str(value))
        self.off.setPlainText(write_days(desk.days_off()))
        self._say("")
        clear(self._list)
        given = desk.extensions()
        for item in given:
            self._list.addWidget(self._entry(item))
        if not given:
            self._list.addWidget(
                WrappedLabel(_("没有。确有原因的可以给一家宽限几天，会记下原因。"), "note", "ink2")
            )

    def _entry(self, item: Extension) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        words = _("{unit} {month} 到{day}").format(
            unit=item.unit_name, month=text.month(item.period), day=text.day(item.until)
        )
        take = button(_("取消"), "link", role="note", clicked=lambda: self._take_back(item))
        column.addLayout(row(Label(words, "body"), None, take))
        column.addWidget(WrappedLabel(f"{item.reason} · {item.by}", "note", "ink2"))
        return holder

    def _say(self, fault: str) -> None:
        self.words.setText(fault)
        self.words.setVisible(bool(fault))

    def save_now(self) -> None:
        """Only what differs is stated anew."""
        desk = self._session.desk
        days, wrong = read_days(self.off.toPlainText(), self._session.period.year)
        if wrong:
            self._say(_("“{line}”不是日期，请写成 2024-10-01").format(line=wrong))
            return
        before = desk.day_rules()
        for field in self.fields.values():
            said = field.text().strip()
            if said and not said.isdigit():
                self._say(_("日子只填数字"))
                field.setFocus()
                return
        # Read before anything is written: what is written is read back into the fields.
        said_now = {name: field.text().strip() for name, field in self.fields.items()}
        changed = {
            name: said
            for name, said in said_now.items()
            if said != ("" if before[name] is None else str(before[name]))
        }

        def write(desk: Desk) -> Changes:
            changes = Changes()
            for name, said in changed.items():
                changes += desk.state_rule(name, said)
            if days != desk.days_off():
                changes += desk.state_days_off(days)
            return changes

        if self._session.attempt(write) is None:
            return
        self._say("")
        self._session.told.emit(_("期限已保存"))

    def _extend(self) -> None:
        ask_extension(self._session, self.window())

    def _take_back(self, item: Extension) -> None:
        self._session.attempt(
            lambda desk: desk.extend(item.unit, Period.parse(item.period), "", _("取消宽限")),
            _("已取消{unit}的宽限").format(unit=item.unit_name),
        )
