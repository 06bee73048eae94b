"""密钥和证书 in 设置: how this desk is proved, in words, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.core.errors import KnownError
from desktop_app.core.i18n import _
from desktop_app.core.model.entry import Changes
from desktop_app.ui import errors, jobs, places
from desktop_app.ui.answers import CertificateRequest, ExportedFile, KeyReport
from desktop_app.ui.identity.dialogs import asked_passphrase, unlocked
from desktop_app.ui.identity.key_dialogs import DoneDialog, HandOverDialog, SetupPackageDialog, grant
from desktop_app.ui.identity.new_key_dialog import NewKeyDialog
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import Card, FactRows, button, row
from desktop_app.ui.widgets.labels import Label, WrappedLabel
from desktop_app.ui.widgets.progress_strip import ProgressStrip

SOON = timedelta(days=60)


def state_words(report: KeyReport, today: date) -> tuple[str, str]:
    """How the key stands, and the tone to say it in."""
    if report.state == "none":
        return _("没有密钥"), "amber"
    if report.state == "requested":
        return _("等证书（可以先上报，上级收到先放着；装上证书后再导出一次）"), "amber"
    until = date.fromisoformat(report.not_after[:10])
    words = _("证书有效至{year}年{month}月{day}日").format(year=until.year, month=until.month, day=until.day)
    if until < today:
        return words + _("，已经过期，请重新申请"), "red"
    if until < today + SOON:
        return words + _("，快到期了，请重新申请"), "amber"
    return words, "green"


class KeyCard(Card):
    def __init__(self, session: Session) -> None:
        super().__init__((20, 14, 20, 14))
        self._session = session
        self.body.addWidget(Label(_("密钥和证书"), "panel"))
        self.facts = FactRows(right=False, key_width=96, role="body")
        self.body.addWidget(self.facts)
        self.copy_own = button(_("复制本机指纹"), "small", "copy", lambda: self._copy(own=True))
        self.copy_root = button(_("复制全市根指纹"), "small", "copy", lambda: self._copy(own=False))
        self.body.addLayout(row(self.copy_own, self.copy_root, None))
        self.make = button(_("新建密钥…"), "primary", "shield-check", self._make)
        self.request = button(_("导出证书申请…"), "", "file-export", self._save_request)
        self.install = button(_("安装证书…"), "", "file-import", self._install)
        self.pass_on = button(_("交接…"), "", "user", self._hand_over)
        self.lost = button(_("口令忘了…"), "link", clicked=self._replace)
        self.body.addLayout(row(self.make, self.request, self.install, self.pass_on, None, self.lost))
        self.below_words = WrappedLabel(
            _("下级第一次用，要先给它做设立包；它报上来的证书申请，在“收件”里核对后发证书。"), "note", "ink2"
        )
        self.body.addWidget(self.below_words)
        self.setup = button(_("给下级做设立包…"), "", "package", self._set_up)
        self.certify = button(_("按申请文件发证书…"), "", "shield-check", self._certify)
        self.body.addLayout(row(self.setup, self.certify, None))
        self.strip = ProgressStrip()
        self.body.addWidget(self.strip)

    def refresh(self) -> None:
        desk = self._session.desk
        report = desk.key_report()
        words, tone = state_words(report, date.today())
        facts = [(_("状态"), words)]
        if report.state == "certified" and report.issuer:
            facts.append((_("发证单位"), report.issuer))
        if report.key_spoken:
            facts.append((_("本机指纹"), report.key_spoken))
        if report.ca_spoken:
            facts.append((_("签发指纹"), report.ca_spoken))
        facts.append((_("全市根指纹"), report.root_spoken or _("还没有")))
        self.facts.set_facts(facts, {_("状态"): tone})
        self.copy_own.setVisible(bool(report.key_spoken))
        self.copy_root.setVisible(bool(report.root_spoken))
        root = desk.units().root()
        # The city certifies itself: it has nobody to ask.
        asks = root is None or root.code != desk.unit
        self.make.setVisible(report.state == "none")
        self.request.setVisible(asks)
        self.request.setEnabled(report.state != "none")
        self.install.setVisible(asks)
        self.install.setEnabled(report.state != "none")
        self.pass_on.setEnabled(report.state != "none")
        self.lost.setVisible(asks and report.state != "none")
        below = bool(desk.units().below(desk.unit))
        for part in (self.below_words, self.setup, self.certify):
            part.setVisible(below)
        self.certify.setEnabled(report.ca)

    def _copy(self, own: bool) -> None:
        report = self._session.desk.key_report()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.clipboard().setText(report.key_spoken if own else report.root_spoken)
        self._session.told.emit(_("指纹已复制"))

    # This desk's own certificate
    def _make(self) -> None:
        if NewKeyDialog(self._session.desk, self.window()).exec():
            self._session.write(
                Changes(kinds=frozenset({"unit"})), _("密钥已建好。接下来导出证书申请，交给上级")
            )
            self.refresh()

    def _replace(self) -> None:
        if NewKeyDialog(self._session.desk, self.window(), lost=True).exec():
            self._session.write(
                Changes(kinds=frozenset({"unit"})),
                _("密钥已换。接下来导出证书申请，交给上级，并请上级吊销旧的"),
            )
            self.refresh()

    def _save_request(self) -> None:
        desk = self._session.desk
        passphrase = asked_passphrase(
            desk,
            self.window(),
            _("证书申请要用本机密钥签名。写好后把文件和盖章的申请表一起交给上级。"),
            _("下一步 ▸"),
        )
        if passphrase is None:
            return
        name = _("{code}证书申请.pem").format(code=desk.unit)
        chosen = places.choose_target(self, "keys", _("证书申请存到哪里"), name, _("证书申请 (*.pem)"))
        if chosen is None:
            return
        try:
            path = desk.save_request(chosen.with_suffix(".pem"), passphrase)
        except KnownError as error:
            errors.show(error)
            return
        report = desk.key_report()
        words = _("把文件交给上级，申请表上盖章并写上面的数字。领回证书后点“安装证书”。")
        if report.ca_spoken:
            words += _("申请里有两把密钥，签发指纹是 {text}，也要写上。").format(text=report.ca_spoken)
        DoneDialog(_("证书申请已写好"), path, words, report.key_spoken, self.window()).exec()

    def _install(self) -> None:
        chosen = places.choose_file(
            self, "keys", _("选择上级发回的证书"), _("证书 (*.pem *.crt *.cer);;所有文件 (*)")
        )
        if chosen is None:
            return
        desk = self._session.desk
        passphrase = asked_passphrase(
            desk, self.window(), _("要用口令打开本机密钥，核对证书是不是发给它的。"), _("安装")
        )
        if passphrase is None:
            return

        def install(desk) -> Changes:
            desk.install_certificate(Path(chosen), passphrase)
            return Changes(kinds=frozenset({"unit"}))

        self._session.attempt(install, _("证书已装上。以前没被收下的，再导出一次就行，不用重填"))

    def _hand_over(self) -> None:
        dialog = HandOverDialog(self._session.desk, self.window())
        if dialog.exec():
            self._session.write(
                Changes(kinds=frozenset({"unit"})),
                _("已交接给{name}").format(name=dialog.person.text().strip()),
            )

    # Units below
    def _set_up(self) -> None:
        desk = self._session.desk
        dialog = SetupPackageDialog(desk.units().below(desk.unit), self.window())
        if not dialog.exec() or dialog.folder is None or not unlocked(desk, self.window()):
            return
        code, folder = dialog.code(), dialog.folder
        name = desk.units().name(code)

        def done(file: ExportedFile) -> None:
            self._session.told.emit(_("{name}的设立包已写好").format(name=name))
            words = _("把文件交给{name}。对方打开时会看到这组数字，请电话里核对，一字不差才能用。")
            DoneDialog(
                _("{name}的设立包已写好").format(name=name),
                Path(file.path),
                words.format(name=name),
                self._session.desk.key_report().root_spoken,
                self.window(),
            ).exec()

        jobs.start(
            lambda desk, progress: desk.setup(code, folder, progress),
            desk=desk,
            finished=done,
            strip=self.strip,
            words=_("正在写设立包…"),
        )

    def _certify(self) -> None:
        chosen = places.choose_file(
            self, "keys", _("选择下级的证书申请"), _("证书申请 (*.pem *.xlsx);;所有文件 (*)")
        )
        if chosen is not None:
            read_and_grant(self._session, chosen, self, self.strip)


def read_and_grant(session: Session, file: Path, parent: QWidget, strip: ProgressStrip) -> jobs.Job:
    """Read who asks (a package may be large), then let the person compare and grant."""

    def ask(asked: Sequence[CertificateRequest]) -> None:
        written = grant(session.desk, file, asked, parent.window())
        if written is not None:
            session.told.emit(_("证书已写到 {path}").format(path=written))

    return jobs.start(
        lambda desk, progress: desk.asked_by(file),
        desk=session.desk,
        finished=ask,
        strip=strip,
        words=_("正在读证书申请…"),
    )
