"""The bar at the foot: what is saved, backed up and sent; a result and its undo; who is working."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from desktop_app.core.i18n import _
from desktop_app.ui import text, theme
from desktop_app.ui.widgets.controls import button
from desktop_app.ui.widgets.labels import ElidedLabel

if TYPE_CHECKING:
    from datetime import date

    from desktop_app.core.model.view import Overview

RESULT_SECONDS = 20


class StatusBar(QFrame):
    undo_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("status")
        self.setFixedHeight(theme.px(28))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.px(14), 0, theme.px(14), 0)
        layout.setSpacing(theme.px(20))
        self.left = ElidedLabel("", "note", theme.INK2)
        self.undo = button(_("撤销"), "link", role="note", clicked=self.undo_pressed.emit)
        self.undo.hide()
        self.right = ElidedLabel("", "note", theme.INK2, right=True)
        layout.addWidget(self.left, 3)
        layout.addWidget(self.undo)
        layout.addWidget(self.right, 1)
        self._facts = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._show_facts)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(300), theme.px(28))

    def show_overview(self, overview: Overview, today: date) -> None:
        parts = []
        if overview.last_saved:
            parts.append(_("已保存 {when}").format(when=_clock(overview.last_saved, today)))
        backup = text.moment(overview.last_backup, today) or _("还没有")
        parts.append(_("上次备份 {when}").format(when=backup))
        # Where nobody stands above, what is packed goes into the archive or down, and no receipt comes.
        if overview.reports_to and overview.last_sent:
            parts.append(
                _("上次上报 {period} · {state}").format(
                    period=text.month(overview.last_sent), state=overview.last_sent_state or _("等回执")
                )
            )
        elif overview.reports_to:
            parts.append(_("还没有上报过"))
        self._facts = "　 ".join(parts)
        if not self._timer.isActive():
            self._show_facts()
        self.right.setText(_("经办 {name}").format(name=overview.operator) if overview.operator else "")

    def tell(self, words: str, undoable: bool = False) -> None:
        """A result; toasts there are none."""
        self.left.set_look("note-bold", theme.INK)
        self.left.setText(words)
        self.undo.setVisible(undoable)
        self._timer.start(RESULT_SECONDS * 1000)

    def _show_facts(self) -> None:
        self.undo.hide()
        self.left.set_look("note", theme.INK2)
        self.left.setText(self._facts)


def _clock(moment: str, today: date) -> str:
    """Of today only the time: what was just saved was saved today."""
    words = text.moment(moment, today)
    head = text.moment(f"{today.isoformat()}T00:00", today).split(" ")[0]
    return words.removeprefix(head).strip() if words.startswith(head) else words
