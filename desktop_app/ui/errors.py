"""How an action ends that did not end well.

Cancelled: silence.  KnownError: what happened, what it means, what to do, in a dialog whose primary button copies
the text to send when asking for help.  Anything else is a fault of ours: logged, and a report can be saved.
"""

from __future__ import annotations

import logging
import sys
from types import TracebackType

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app import __version__
from desktop_app.core.errors import Cancelled, KnownError
from desktop_app.core.i18n import _
from desktop_app.ui import icons, theme
from desktop_app.ui.widgets.controls import button, row, rule
from desktop_app.ui.widgets.labels import Label, WrappedLabel

logger = logging.getLogger(__name__)


class ErrorDialog(QDialog):
    """发生了什么 / 对你有什么影响 / 怎么办; details folded at the foot."""

    def __init__(
        self,
        what: str,
        meaning: str,
        next_step: str,
        detail: str,
        parent: QWidget | None = None,
        bug: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("民生实事台账"))
        self.setMinimumWidth(theme.px(520))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.px(24), theme.px(20), theme.px(24), theme.px(16))
        layout.setSpacing(theme.px(6))
        head = QHBoxLayout()
        head.setSpacing(theme.px(12))
        sign = QLabel()
        sign.setPixmap(
            icons.pixmap(
                "alert-triangle" if not bug else "alert-circle", theme.AMBER if not bug else theme.RED, 28
            )
        )
        head.addWidget(sign)
        self.what = WrappedLabel(what, "panel")
        head.addWidget(self.what, 1)
        layout.addLayout(head)
        layout.addSpacing(theme.px(4))
        parts = ((_("对你有什么影响"), meaning), (_("怎么办"), next_step))
        for title, words in parts:
            if words:
                layout.addWidget(Label(title, "strong", "accent"))
                layout.addWidget(WrappedLabel(words, "body"))
                layout.addSpacing(theme.px(6))
        self._help = help_text(what, meaning, next_step, detail)
        self._detail = QPlainTextEdit(detail)
        self._detail.setReadOnly(True)
        self._detail.setFont(theme.font("mono"))
        self._detail.setFixedHeight(theme.px(140))
        self._detail.hide()
        layout.addWidget(rule())
        unfold = button(_("给技术人员看的细节"), "link", "chevron-right", self._unfold)
        unfold.setVisible(bool(detail))
        layout.addWidget(unfold)
        layout.addWidget(self._detail)
        self.copy_button = button(_("复制求助文字"), "primary", "copy", self.copy_help)
        self.copy_button.setDefault(True)
        layout.addLayout(row(None, button(_("关闭"), clicked=self.reject), self.copy_button))

    def copy_help(self) -> None:
        QGuiApplication.clipboard().setText(self._help)
        self.copy_button.setText(_("已复制，可以发给对方"))

    def _unfold(self) -> None:
        self._detail.setVisible(not self._detail.isVisible())
        self.adjustSize()


def help_text(what: str, meaning: str, next_step: str, detail: str) -> str:
    """What to send when asking for help: the same words, and what machine this is."""
    import platform

    lines = [what, meaning, next_step]
    if detail:
        lines += ["", detail]
    lines += [
        "",
        _("民生实事台账 {version} · {system}").format(version=__version__, system=platform.platform()),
    ]
    return "\n".join(line for line in lines if line is not None)


def show(error: BaseException, parent: QWidget | None = None) -> None:
    """Tell the person, by the kind of ending."""
    if isinstance(error, (Cancelled, KeyboardInterrupt)):
        return
    parent = parent or QApplication.activeWindow()
    if isinstance(error, KnownError):
        ErrorDialog(error.what, error.meaning, error.next_step, error.detail, parent).exec()
        return
    import traceback

    logger.error("unexpected", exc_info=error)
    ErrorDialog(
        _("程序里出了一个没有料到的错"),
        _("刚才这一步没有做完；已经保存的数据不受影响。"),
        _("可以再试一次。还不行，请把求助文字发给技术人员。"),
        "".join(traceback.format_exception(error)),
        parent,
        bug=True,
    ).exec()


def catch_everything() -> None:
    """Exceptions out of slots reach a person instead of a console nobody has."""

    def hook(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, where)
            return
        if QApplication.instance() is not None:
            show(error)

    sys.excepthook = hook
