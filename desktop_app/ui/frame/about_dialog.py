"""关于: versions, where the log stands, what our certificates are and are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication

from desktop_app import __version__
from desktop_app.core.i18n import _
from desktop_app.core.operations import logbook
from desktop_app.ui.identity.dialogs import PlainDialog
from desktop_app.ui.widgets.controls import button, row, rule
from desktop_app.ui.widgets.labels import Label, WrappedLabel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class AboutDialog(PlainDialog):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("关于民生实事台账"), parent)
        self.column.addWidget(Label(_("民生实事台账 {version}").format(version=__version__), "panel"))
        self.column.addWidget(
            WrappedLabel(_("登记、签名上报、汇总民生实事，全程离线，数据都在本机。"), "body")
        )
        self.column.addWidget(
            WrappedLabel(_("证书用于防篡改和来源核对，不替代公章和电子签章。"), "body", "ink2")
        )
        self.column.addWidget(rule())
        self.versions = WrappedLabel("\n".join([*logbook.machine(), f"Qt {qVersion()}"]), "note", "ink2")
        self.column.addWidget(self.versions)
        self.place = WrappedLabel(
            _("运行记录在：{folder}（只记程序自己的事，不含填报内容）").format(folder=logbook.folder()),
            "note",
            "ink2",
        )
        self.column.addWidget(self.place)
        copy = button(_("复制版本信息"), clicked=self._copy)
        show = button(_("打开运行记录文件夹"), "", "folder-open", self._open)
        self.foot.addLayout(row(show, copy, None, button(_("知道了"), "primary", clicked=self.accept)))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.versions.text())

    def _open(self) -> None:
        logbook.folder().mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(logbook.folder())))
