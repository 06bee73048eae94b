"""The strip that stands where long work runs: what it does, how far it is, how long it will take, and 取消."""

from __future__ import annotations

import time

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.ui import theme
from desktop_app.ui.widgets.controls import button, row
from desktop_app.ui.widgets.labels import ElidedLabel, Label


def rest_time(spent: float, done: int, total: int) -> str:
    """How long is left, once enough is done to say so."""
    if total <= 0 or done <= 0 or spent < 1 or done / total < 0.03:
        return ""
    rest = spent * (total - done) / done
    if rest < 2:
        return _("就快好了")
    if rest < 60:
        return _("还要约 {seconds} 秒").format(seconds=round(rest))
    return _("还要约 {minutes} 分钟").format(minutes=max(1, round(rest / 60)))


class ProgressStrip(QWidget):
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(6))
        self.words = ElidedLabel("", "note", theme.INK)
        self.rest = Label("", "note", "ink2")
        self.cancel = button(_("取消"), "small", clicked=self._cancel)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        line = row(self.words, self.rest, self.cancel)
        line.setStretch(0, 1)
        layout.addLayout(line)
        layout.addWidget(self.bar)
        self._began = 0.0
        self.hide()

    def begin(self, words: str) -> None:
        self._began = time.monotonic()
        self.words.setText(words)
        self.rest.setText("")
        self.bar.setRange(0, 0)
        self.cancel.setEnabled(True)
        self.show()

    def advance(self, done: int, total: int, words: str = "") -> None:
        if words:
            self.words.setText(words)
        if total > 0:
            # Bytes may pass what an int of Qt holds.
            self.bar.setRange(0, 1000)
            self.bar.setValue(min(1000, done * 1000 // total))
        else:
            self.bar.setRange(0, 0)
        self.rest.setText(rest_time(time.monotonic() - self._began, done, total))

    def end(self) -> None:
        self.hide()

    def _cancel(self) -> None:
        self.cancel.setEnabled(False)
        self.words.setText(_("正在停下来…"))
        self.cancelled.emit()
