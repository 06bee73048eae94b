"""Who has not sent yet, and a reminder to copy."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model.view import InboxView, MissingView
from desktop_app.ui import text, theme
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import ScrollPanel, button, clear, row, rule
from desktop_app.ui.widgets.labels import ElidedLabel, Label, WrappedLabel

SHOWN = 4


class ChasePanel(ScrollPanel):
    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("card")
        self._session = session
        self.title = Label("", "strong")
        self.due = Label("", "note", "ink2")
        self.body.addLayout(row(self.title, None, self.due))
        holder = QWidget()
        self._list = QVBoxLayout(holder)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(theme.px(5))
        self.body.addWidget(holder)
        self.copy = button(_("复制"), "small", "copy", self.copy_text)
        self.words_title = Label(_("催报文字"), "strong")
        self.body.addLayout(row(self.words_title, None, self.copy))
        self.words = QPlainTextEdit()
        self.words.setFont(theme.font("note"))
        self.words.setAccessibleName(_("催报文字"))
        self.words.setFixedHeight(theme.px(136))
        self.body.addWidget(self.words)
        self.partial_title = Label("", "strong")
        self.body.addWidget(self.partial_title)
        self.partial = WrappedLabel("", "note", "ink2")
        self.body.addWidget(self.partial)
        self.late_title = Label("", "strong")
        self.late = WrappedLabel("", "note", "ink2")
        self.entered_title = Label("", "strong")
        self.entered = WrappedLabel("", "note", "ink2")
        self.stamps_title = Label("", "strong")
        self.stamps = WrappedLabel("", "note", "ink2")
        self.voided = WrappedLabel("", "note", "red")
        for part in (
            self.late_title, self.late, self.entered_title, self.entered, self.stamps_title, self.stamps,
            self.voided,
        ):  # fmt: skip
            self.body.addWidget(part)
        self.body.addStretch(1)

    def show_missing(self, rows: list[MissingView], received: Sequence[InboxView] = ()) -> None:
        """`received` tells whose stamped scan is not here yet, or was voided by a changed figure."""
        absent = [line for line in rows if line.state == "missing"]
        partial = [line for line in rows if line.state == "incomplete"]
        self.title.setText(_("还没报的 {count} 家").format(count=len(absent)) if absent else _("都报了"))
        self.due.setText(_("报送日 {day}").format(day=text.day(rows[0].due)) if rows else "")
        clear(self._list)
        for line in absent[:SHOWN]:
            self._list.addWidget(self._entry(line))
            self._list.addWidget(rule())
        if len(absent) > SHOWN:
            rest = "、".join(line.unit_name for line in absent[SHOWN:])
            self._list.addWidget(WrappedLabel(_("还有 {names}").format(names=rest), "note", "ink2"))
        words = self._session.desk.reminder(self._session.period)
        if not self.words.document().isModified() or not absent:
            self.words.setPlainText(words)
        for part in (self.words_title, self.copy, self.words):
            part.setVisible(bool(absent))
        self.partial_title.setVisible(bool(partial))
        self.partial.setVisible(bool(partial))
        self.partial_title.setText(_("文件不全 {count} 家").format(count=len(partial)))
        self.partial.setText("\n".join(f"{line.unit_name} {line.detail}" for line in partial))
        late = [line for line in rows if line.state == "late"]
        self._tell(
            self.late_title,
            _("迟报 {count} 家").format(count=len(late)),
            self.late,
            "、".join(
                (_("{unit}（{days} 天，代录）") if line.entered else _("{unit}（{days} 天）")).format(
                    unit=line.unit_name, days=line.days_late
                )
                for line in late
            ),
        )
        entered = [line.unit_name for line in rows if line.entered == "proxy"]
        self._tell(
            self.entered_title,
            _("已代录 {count} 家，待其确认").format(count=len(entered)),
            self.entered,
            "、".join(entered),
        )
        stamps = {row.unit_name: row.stamp for row in received if row.stamp and not row.later}
        unstamped = [name for name, state in stamps.items() if state == "missing"]
        voided = [name for name, state in stamps.items() if state == "voided"]
        self._tell(
            self.stamps_title,
            _("盖章件未收 {count} 家").format(count=len(unstamped) + len(voided)) if stamps else "",
            self.stamps,
            "、".join(unstamped),
            bool(unstamped or voided),
        )
        self.voided.setText(
            _("{names}改过数，盖章作废，要重盖").format(names="、".join(voided)) if voided else ""
        )
        self.voided.setVisible(bool(voided))

    @staticmethod
    def _tell(title: Label, head: str, words: WrappedLabel, told: str, shown: bool | None = None) -> None:
        visible = bool(told) if shown is None else shown
        title.setText(head)
        title.setVisible(visible)
        words.setText(told)
        words.setVisible(visible and bool(told))

    @staticmethod
    def _entry(line: MissingView) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.addWidget(Label(line.unit_name, "body"), 1)
        late = _("迟 {days} 天").format(days=line.days_late) if line.days_late > 0 else _("还没到期")
        head.addWidget(Label(late, "note-bold", "red" if line.days_late > 0 else "ink2"))
        column.addLayout(head)
        parts = [part for part in (line.detail, line.phone) if part]
        column.addWidget(ElidedLabel(" · ".join(parts), "note", theme.INK2))
        return holder

    def copy_text(self) -> None:
        QGuiApplication.clipboard().setText(self.words.toPlainText())
        self._session.told.emit(_("催报文字已复制，可以粘贴到微信或短信"))
