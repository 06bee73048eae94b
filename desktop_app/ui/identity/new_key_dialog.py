"""A key for a desk that has none: made in the background, since it takes a second or two."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from desktop_app.core.errors import KnownError
from desktop_app.core.i18n import _
from desktop_app.ui import jobs
from desktop_app.ui.identity.dialogs import SHORTEST, PlainDialog
from desktop_app.ui.identity.key_dialogs import fault_words
from desktop_app.ui.session import Desk
from desktop_app.ui.widgets.controls import button, row
from desktop_app.ui.widgets.labels import Label, WrappedLabel


class NewKeyDialog(PlainDialog):
    """`lost`: there is a key, but nobody knows its passphrase."""

    def __init__(self, desk: Desk, parent: QWidget | None = None, lost: bool = False) -> None:
        super().__init__(_("新建密钥"), parent)
        self._desk, self._lost = desk, lost
        self._job: jobs.Job | None = None
        title = _("口令忘了，换一把密钥") if lost else _("给本机新建密钥")
        words = _("上报包要签名，签名要用密钥。建好就能上报；再向上级申请证书，对方才认得出是本单位。")
        if lost:
            words = _(
                "数据都在，不用重填。换了以后重新申请证书，并请上级吊销旧的；以前加密保存的个人信息，本机就打不开了。"
            )
        self.column.addWidget(Label(title, "panel"))
        self.column.addWidget(WrappedLabel(words, "body", "ink2"))
        self.first, self.second = QLineEdit(), QLineEdit()
        for words, field in (
            (_("设一个口令（上报签名时用，至少 8 个字）"), self.first),
            (_("再输一遍"), self.second),
        ):
            field.setEchoMode(QLineEdit.EchoMode.Password)
            field.setAccessibleName(words)
            self.column.addWidget(Label(words, "note", "ink2"))
            self.column.addWidget(field)
        self.second.returnPressed.connect(self.make)
        self.words = WrappedLabel("", "note", "red")
        self.column.addWidget(self.words)
        self.column.addWidget(
            WrappedLabel(_("口令忘了别人也查不到，要向上级申请换密钥；数据不会丢。"), "note", "ink2")
        )
        self.go = button(_("换密钥") if lost else _("新建"), "primary", clicked=self.make)
        self.foot.addLayout(row(None, button(_("取消"), clicked=self.reject), self.go))

    def _fault(self) -> str:
        if len(self.first.text()) < SHORTEST:
            return _("口令至少 {count} 个字").format(count=SHORTEST)
        return "" if self.first.text() == self.second.text() else _("两遍口令不一样")

    def make(self) -> None:
        fault = self._fault()
        self.words.setText(fault)
        if fault or self._job is not None:
            return
        self.words.set_tone("ink2")
        self.words.setText(_("正在生成，约一两秒…"))
        self.go.setEnabled(False)
        passphrase = self.first.text()
        lost = self._lost
        self._job = jobs.Job(
            lambda desk, progress: desk.replace_key(passphrase) if lost else desk.make_key(passphrase),
            self._desk,
        )
        self._job.quiet = True
        self._job.finished.connect(lambda _none: self._made(passphrase))
        self._job.failed.connect(self._failed)
        self._job.start()

    def _made(self, passphrase: str) -> None:
        self._desk.unlock(passphrase)
        self.accept()

    def _failed(self, error: object) -> None:
        self._job = None
        self.go.setEnabled(True)
        self.words.set_tone("red")
        self.words.setText(fault_words(error) if isinstance(error, KnownError) else str(error))

    def reject(self) -> None:
        # A key that is being made is not left half made.
        if self._job is None:
            super().reject()
