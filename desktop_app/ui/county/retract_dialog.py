"""撤回: what would fall out with a file, and why it is taken back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLineEdit, QWidget

from desktop_app.core.i18n import _
from desktop_app.ui import theme
from desktop_app.ui.identity.dialogs import PlainDialog
from desktop_app.ui.widgets.controls import ScrollPanel, button, row
from desktop_app.ui.widgets.labels import Label, WrappedLabel


class RetractDialog(PlainDialog):
    def __init__(self, file: str, dependents: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(_("撤回这份"), parent)
        self.column.addWidget(WrappedLabel(_("撤回“{file}”").format(file=file), "panel"))
        if dependents:
            words = _("只有这份文件带来的 {count} 项会退出汇总：").format(count=len(dependents))
        else:
            words = _("里面的数别的文件也带来过，撤回后汇总不变。")
        self.column.addWidget(WrappedLabel(words, "body"))
        self.list = WrappedLabel("\n".join(dependents), "note", "ink2")
        panel = ScrollPanel((0, 0, 0, 0), 0)
        panel.body.addWidget(self.list)
        panel.body.addStretch(1)
        panel.setFixedHeight(theme.px(min(150, 22 * len(dependents) + 4)))
        panel.setVisible(bool(dependents))
        self.column.addWidget(panel)
        self.column.addWidget(
            WrappedLabel(_("文件和流水都留着，不会删除。对方重新报来的照常汇入。"), "note", "ink2")
        )
        self.reason = QLineEdit()
        self.reason.setFont(theme.font("body"))
        self.reason.setPlaceholderText(_("例如 报错了单位，对方要求撤回"))
        self.reason.setAccessibleName(_("撤回原因"))
        self.column.addWidget(Label(_("撤回原因"), "note", "ink2"))
        self.column.addWidget(self.reason)
        self.reason.returnPressed.connect(self._accept)
        self.words = Label("", "note", "red")
        self.column.addWidget(self.words)
        self.go = button(_("撤回"), "danger", clicked=self._accept)
        self.foot.addLayout(row(None, button(_("取消"), clicked=self.reject), self.go))

    def _accept(self) -> None:
        if self.reason.text().strip():
            self.accept()
            return
        self.words.setText(_("请写一句为什么撤回"))
        self.reason.setFocus()
