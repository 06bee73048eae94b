"""How an action ends that did not end well.

Cancelled: silence.  KnownError: what happened, what it means, what to do, in a dialog that Enter and Esc close; beside
it a button copies the text to send when asking for help, unless the person only has to type something else.  Anything
else is a fault of ours: logged, and a report can be saved.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app import __version__
from desktop_app.core.errors import Cancelled, InputError, KnownError, UsageError
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
        report: Path | None = None,
        helped: bool = True,
    ) -> None:
        """`helped`: whether there is anything that somebody else could help with."""
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
        self.copy_button = button(_("复制求助文字"), "", "copy", self.copy_help)
        self.copy_button.setAutoDefault(False)
        self.copy_button.setVisible(helped)
        self.close_button = button(_("知道了"), "primary", clicked=self.reject)
        self.close_button.setDefault(True)
        self.report_button = button(_("打开报告所在文件夹"), "", "folder-open", self._open_report)
        self.report_button.setVisible(report is not None)
        self._report = report
        layout.addLayout(row(self.report_button, None, self.copy_button, self.close_button))
        self.report_button.setAutoDefault(False)
        self.close_button.setFocus()

    def copy_help(self) -> None:
        QGuiApplication.clipboard().setText(self._help)
        self.copy_button.setText(_("已复制，可以发给对方"))

    def _open_report(self) -> None:
        if self._report is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._report.parent)))

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
        # What was typed is put right by whoever typed it; with details there is something to ask about.
        helped = not isinstance(error, (InputError, UsageError)) or bool(error.detail)
        ErrorDialog(error.what, error.meaning, error.next_step, error.detail, parent, helped=helped).exec()
        return
    logger.error("unexpected", exc_info=error)
    # What goes wrong in drawing comes again with every repaint; one dialog at a time is enough.
    if _Shown.fault:
        return
    _Shown.fault = True
    try:
        _unexpected(error, parent).exec()
    finally:
        _Shown.fault = False


def _unexpected(error: BaseException, parent: QWidget | None) -> ErrorDialog:
    """A disk that went away while somebody was reading is told as such; all else is a fault of ours."""
    from desktop_app.core.operations import logbook
    from desktop_app.core.rules.redact import fault_text
    from desktop_app.core.store.database import in_words

    known = in_words(error, getattr(parent, "folder", None) or Path("."))
    if known is not None:
        return ErrorDialog(known.what, known.meaning, known.next_step, known.detail, parent)
    return ErrorDialog(
        _("程序里出了一个没有料到的错"),
        _("刚才这一步没有做完；已经保存的数据不受影响。"),
        _("可以再试一次。还不行，请把报告文件发给技术人员；里面没有填报内容和个人信息。"),
        fault_text(error),
        parent,
        bug=True,
        report=logbook.write_report(error, str(getattr(parent, "current", ""))),
    )


class _Shown:
    fault = False


def catch_everything() -> None:
    """Exceptions out of slots reach a person instead of a console nobody has."""

    def hook(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, where)
            return
        if QApplication.instance() is not None:
            show(error)

    sys.excepthook = hook
