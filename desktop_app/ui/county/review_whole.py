"""A submission that only sums others up: there is no figure of its own to judge, so it is judged as a whole."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit

from desktop_app.core.i18n import _
from desktop_app.core.model.view import ReviewUnitView
from desktop_app.ui import text, theme
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import Banner, Card, button, row
from desktop_app.ui.widgets.labels import Label, WrappedLabel


class WholeCard(Card):
    """`judged` carries accept or return and the comment."""

    judged = Signal(str, str)

    def __init__(self, session: Session) -> None:
        super().__init__((20, 16, 20, 16), 10)
        self._session = session
        self.title = Label("", "panel")
        self.body.addWidget(self.title)
        self.body.addWidget(
            WrappedLabel(
                _(
                    "这一份里的数都由它的下级填报，已由它审核汇总，这里没有要逐项审的。看过以后整份接受，或者整份退回。"
                ),
                "body",
                "ink2",
            )
        )
        self.state = Banner()
        self.body.addWidget(self.state)
        self.body.addWidget(Label(_("审核意见（退回时必填）"), "note", "ink2"))
        self.comment = QPlainTextEdit()
        self.comment.setFont(theme.font("note"))
        self.comment.setAccessibleName(_("审核意见"))
        self.comment.setTabChangesFocus(True)
        self.comment.setFixedHeight(theme.px(64))
        self.body.addWidget(self.comment)
        self.words = WrappedLabel("", "note", "red")
        self.words.hide()
        self.body.addWidget(self.words)
        self.accept = button(_("整份接受"), "", "check", lambda: self.judge("accept"))
        self.send_back = button(_("整份退回"), "danger", "arrow-back-up", lambda: self.judge("return"))
        self.body.addLayout(row(self.accept, self.send_back, None))
        self.body.addStretch(1)
        self._shown = ""

    def show_unit(self, unit: ReviewUnitView) -> None:
        month = text.month(self._session.period.key)
        self.title.setText(_("{unit} {month}整份上报").format(unit=unit.unit_name, month=month))
        if unit.whole == "accept":
            self.state.set("ok", _("已接受"), "", "circle-check")
        elif unit.whole == "return":
            self.state.set("warn", _("已退回，等它重报"), "", "arrow-back-up")
        else:
            self.state.set("info", _("还没有审核"), "", "info-circle")
        self.accept.setEnabled(unit.whole != "accept")
        if self._shown != unit.unit:
            self._shown = unit.unit
            self.comment.clear()
            self._say("")

    def _say(self, fault: str) -> None:
        self.words.setText(fault)
        self.words.setVisible(bool(fault))

    def judge(self, verdict: str) -> None:
        comment = self.comment.toPlainText().strip()
        if verdict == "return" and not comment:
            self._say(_("请先写一句审核意见"))
            self.comment.setFocus()
            return
        self._say("")
        self.judged.emit(verdict, comment)
