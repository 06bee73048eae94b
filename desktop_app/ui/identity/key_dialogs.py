"""Dialogs about keys: a certificate for a unit below, the setup package of one, and who takes this desk over."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from desktop_app.core.errors import KnownError
from desktop_app.core.i18n import _
from desktop_app.core.model.unit import Unit
from desktop_app.ui import places, theme
from desktop_app.ui.answers import CertificateRequest
from desktop_app.ui.identity.dialogs import SHORTEST, PlainDialog
from desktop_app.ui.session import Desk
from desktop_app.ui.widgets.controls import Card, FactRows, button, row
from desktop_app.ui.widgets.labels import ElidedLabel, Label, WrappedLabel


def digits_box(title: str, spoken: str, flat: bool = False) -> Card:
    """Eight groups on two lines, large enough to be read out; `flat` on one line, where there is much beside."""
    box = Card((18, 10, 18, 10), 2, "code_box")
    box.body.addWidget(Label(title, "note", "ink2"))
    groups = spoken.split()
    for part in (groups,) if flat else (groups[:4], groups[4:]):
        if part:
            line = Label("  ".join(part), "title" if flat else "code", "accent")
            line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            box.body.addWidget(line)
    return box


def role_words(role: str) -> str:
    return _("签发密钥指纹") if role == "ca" else _("密钥指纹")


def fault_words(error: KnownError) -> str:
    return f"{error.what}{error.next_step}"


class DoneDialog(PlainDialog):
    """Something was written for another office: where it lies, what to read out, what to say."""

    def __init__(
        self, title: str, path: Path, words: str, spoken: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(title, parent)
        self.column.addWidget(Label(title, "panel"))
        self.facts = FactRows(right=False, key_width=48, role="body")
        self.facts.set_facts([(_("文件"), path.name), (_("位置"), str(path.parent))])
        self.column.addWidget(self.facts)
        if spoken:
            self.column.addWidget(digits_box(_("请在电话里念这 8 组数字"), spoken))
        self.words = WrappedLabel(words, "body")
        self.column.addWidget(self.words)
        look = button(
            _("打开所在文件夹"),
            "",
            "folder-open",
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent))),
        )
        done = button(_("好"), "primary", clicked=self.accept)
        self.foot.addLayout(row(look, None, done))
        done.setDefault(True)
        done.setFocus()


class GrantDialog(PlainDialog):
    """Who asks, and the digits typed from the stamped paper: only then is a certificate written."""

    def __init__(
        self, desk: Desk, file: Path, asked: Sequence[CertificateRequest], parent: QWidget | None = None
    ) -> None:
        super().__init__(_("核对并发证书"), parent)
        self._desk, self._file, self._code = desk, file, asked[0].code
        self.written: Path | None = None
        self.name = desk.units().name(self._code)
        self.column.addWidget(Label(_("{name}申请证书").format(name=self.name), "panel"))
        self.column.addWidget(
            WrappedLabel(
                _("单位代码 {code}。请拿着盖章的申请表，照表上印的 8 组数字填，不要照屏幕抄。").format(
                    code=self._code
                ),
                "body",
                "ink2",
            )
        )
        self.digits: list[QLineEdit] = []
        for request in asked:
            self.column.addWidget(
                digits_box(
                    _("文件里的{what}").format(what=role_words(request.role)), request.spoken, flat=True
                )
            )
            words = _("申请表上的{what}（8 组）").format(what=role_words(request.role))
            self.digits.append(self._add_field(words))
        self.passphrase_field = self._add_field(_("本单位的签名口令"), secret=True)
        self.words = WrappedLabel("", "note", "red")
        self.column.addWidget(self.words)
        self.column.addWidget(
            WrappedLabel(_("把证书文件交回，对方装上后再导出一次，不用重填。"), "note", "ink2")
        )
        self.go = button(_("一致，发证书…"), "primary", clicked=self._accept)
        self.foot.addLayout(row(None, button(_("取消"), clicked=self.reject), self.go))

    def _add_field(self, words: str, secret: bool = False) -> QLineEdit:
        field = QLineEdit()
        field.setFont(theme.font("body"))
        field.setAccessibleName(words)
        if secret:
            field.setEchoMode(QLineEdit.EchoMode.Password)
        label = Label(words, "note", "ink2")
        label.setMinimumWidth(theme.px(170))
        line = row(label, field)
        line.setStretch(1, 1)
        self.column.addLayout(line)
        return field

    def _accept(self) -> None:
        empty = next((f for f in (*self.digits, self.passphrase_field) if not f.text().strip()), None)
        if empty is not None:
            self.words.setText(_("请填{what}").format(what=empty.accessibleName()))
            empty.setFocus()
            return
        chosen = places.choose_folder(self, "keys", _("证书文件放到哪个文件夹"))
        if chosen is None:
            return
        out = chosen / _("{code}-{name}证书.pem").format(code=self._code, name=self.name)
        try:
            self.written = self._desk.grant(
                self._file, out, self.passphrase_field.text(), *(field.text() for field in self.digits)
            )
        except KnownError as error:
            self.words.setText(fault_words(error))
            return
        self.accept()


def grant(desk: Desk, file: Path, asked: Sequence[CertificateRequest], parent: QWidget) -> Path | None:
    """Ask, certify and tell what to do with the file; None when nothing was granted."""
    dialog = GrantDialog(desk, file, asked, parent)
    if not dialog.exec() or dialog.written is None:
        return None
    words = _("把证书文件交回，对方装上后再导出一次，不用重填。")
    DoneDialog(_("{name}的证书已写好").format(name=dialog.name), dialog.written, words, "", parent).exec()
    return dialog.written


class SetupPackageDialog(PlainDialog):
    """For which unit, and where to."""

    def __init__(self, units: Sequence[Unit], parent: QWidget | None = None) -> None:
        super().__init__(_("做设立包"), parent)
        self.folder: Path | None = None
        self.column.addWidget(Label(_("给下级做设立包"), "panel"))
        self.column.addWidget(
            WrappedLabel(
                _("里面有本市的单位、方案和它分到的份额。对方第一次打开程序时用它加入；换了电脑也用它。"),
                "body",
                "ink2",
            )
        )
        self.unit = QComboBox()
        self.unit.setFont(theme.font("body"))
        self.unit.setAccessibleName(_("给哪个单位"))
        for unit in units:
            self.unit.addItem(f"{unit.name}  {unit.code}", unit.code)
        self.column.addWidget(Label(_("给哪个单位"), "note", "ink2"))
        self.column.addWidget(self.unit)
        self.where = ElidedLabel(_("还没有选"), "body", theme.INK2)
        line = row(button(_("选择文件夹…"), "", "folder-open", self._choose), self.where)
        line.setStretch(1, 1)
        self.column.addLayout(line)
        self.words = WrappedLabel("", "note", "red")
        self.column.addWidget(self.words)
        self.go = button(_("做设立包"), "primary", clicked=self._accept)
        self.foot.addLayout(row(None, button(_("取消"), clicked=self.reject), self.go))

    def code(self) -> str:
        return str(self.unit.currentData())

    def set_folder(self, folder: Path) -> None:
        self.folder = folder
        self.where.setText(str(folder))
        self.words.setText("")

    def _choose(self) -> None:
        chosen = places.choose_folder(self, "setups", _("设立包放到哪个文件夹"))
        if chosen is not None:
            self.set_folder(chosen)

    def _accept(self) -> None:
        if self.folder is None:
            self.words.setText(_("请先选一个文件夹"))
        else:
            self.accept()


class HandOverDialog(PlainDialog):
    """交接: the successor's name, the passphrase that was and the one that will be."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(_("交接"), parent)
        self._desk = desk
        self.column.addWidget(Label(_("把这台电脑上的工作交给接任的人"), "panel"))
        self.column.addWidget(
            WrappedLabel(_("单位、数据和密钥都不变，只换经办人和口令。请两个人都在场时办。"), "body", "ink2")
        )
        self.person, self.old, self.first, self.second = (QLineEdit() for _number in range(4))
        for words, field in (
            (_("接任经办人姓名"), self.person),
            (_("现在的口令（交出的人输）"), self.old),
            (_("新口令（接任的人设，至少 8 个字）"), self.first),
            (_("再输一遍"), self.second),
        ):
            if field is not self.person:
                field.setEchoMode(QLineEdit.EchoMode.Password)
            field.setFont(theme.font("body"))
            field.setAccessibleName(words)
            self.column.addWidget(Label(words, "note", "ink2"))
            self.column.addWidget(field)
        self.words = WrappedLabel("", "note", "red")
        self.column.addWidget(self.words)
        self.go = button(_("交接"), "primary", clicked=self._accept)
        self.foot.addLayout(row(None, button(_("取消"), clicked=self.reject), self.go))

    def _fault(self) -> str:
        if not self.person.text().strip():
            return _("请填经办人姓名")
        if len(self.first.text()) < SHORTEST:
            return _("口令至少 {count} 个字").format(count=SHORTEST)
        return "" if self.first.text() == self.second.text() else _("两遍口令不一样")

    def _accept(self) -> None:
        fault = self._fault()
        if not fault:
            try:
                self._desk.hand_over(self.person.text().strip(), self.old.text(), self.first.text())
            except KnownError as error:
                fault = fault_words(error)
        self.words.setText(fault)
        if not fault:
            self.accept()
