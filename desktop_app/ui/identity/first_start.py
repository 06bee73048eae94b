"""The first page on a new computer: three ways to begin, and the way back from a backup."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app import __version__
from desktop_app.core.errors import KnownError
from desktop_app.core.i18n import _
from desktop_app.ui import errors, icons, jobs, places, theme
from desktop_app.ui.answers import SetupOffer
from desktop_app.ui.preferences import Preferences
from desktop_app.ui.session import Entrance
from desktop_app.ui.widgets.controls import ScrollPanel, button, row, rule
from desktop_app.ui.widgets.drop_zone import dropped_paths
from desktop_app.ui.widgets.labels import ElidedLabel, Label, WrappedLabel
from desktop_app.ui.widgets.progress_strip import ProgressStrip

WIDTH = 860


class Choice(QFrame):
    """One way to begin: icon, title, what it is for, and its button."""

    def __init__(self, icon: str, title: str, words: str, note: str, made: QPushButton, chosen: bool) -> None:
        super().__init__()
        self.setObjectName("choice")
        self.setProperty("chosen", chosen)
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.px(24), theme.px(16), theme.px(22), theme.px(16))
        line.setSpacing(theme.px(24))
        sign = QLabel()
        sign.setPixmap(icons.pixmap(icon, theme.ACCENT, 32))
        line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(theme.px(4))
        column.addWidget(Label(title, "panel"))
        column.addWidget(WrappedLabel(words, "body"))
        column.addWidget(WrappedLabel(note, "note", "ink2"))
        line.addLayout(column, 1)
        made.setMinimumWidth(theme.px(150))
        line.addWidget(made, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(title)


class FirstStartPage(QWidget):
    """`opened` says which new workspace is ready; `sample_going` asks that no window stays open on the sample."""

    opened = Signal(object)
    restart_wanted = Signal()
    sample_going = Signal()

    def __init__(self, entrance: Entrance, preferences: Preferences) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAcceptDrops(True)
        self._entrance, self._preferences = entrance, preferences
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        panel = ScrollPanel((24, 16, 24, 16), 12)
        outer.addWidget(panel)
        holder = QWidget()
        holder.setMaximumWidth(theme.px(WIDTH))
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(12))
        column.addWidget(Label(_("这台电脑第一次使用，先选一种开始方式"), "display"))
        column.addWidget(Label(_("不用联网。选错了可以重来，不会影响别的单位。"), "body", "ink2"))
        column.addSpacing(theme.px(4))
        self.setup = button(_("选择设立包…"), "primary", clicked=self._choose_setup)
        self.new_city = button(_("新建…"), clicked=self._new_city)
        self.demo = button(_("打开演示"), clicked=self._demo)
        column.addWidget(
            Choice(
                "package",
                _("打开上级发来的设立包"),
                _(
                    "乡镇、街道和部门选这个。"
                    "设立包里有本单位名称、50 项任务、分到的份额，由县民生办发来，用U盘或微信。"
                ),
                _("文件名里有本单位的名字，例如“…枫桥镇设立包-1.xlsx”。打开时要和县里电话核对 8 组数字。"),
                self.setup,
                True,
            )
        )
        column.addWidget(
            Choice(
                "plus",
                _("新建一套（市级牵头单位）"),
                _("由市里的牵头单位建一次：先导入下级单位名单，再给下级做设立包。"),
                _("需要下级单位名单（Excel 或 CSV）。"),
                self.new_city,
                False,
            )
        )
        column.addWidget(
            Choice(
                "eye",
                _("先用演示数据看看"),
                _("装好一套假的“云川市”，所有页面都能点、能填、能上报。"),
                _("窗口顶上会一直写着“演示”，随时可以回到这一页整套删掉。"),
                self.demo,
                False,
            )
        )
        self.throw_away = button(_("删掉演示数据"), "link", "trash", clicked=self._throw_away)
        self.throw_away.setVisible(bool(entrance.samples()))
        self._sure = False
        self.said = Label("", "note", "ink2")
        column.addLayout(row(None, self.said, self.throw_away))
        self.strip = ProgressStrip()
        column.addWidget(self.strip)
        column.addWidget(rule())
        self.large = button(
            _("A+ 14 磅") if not preferences.large_text else _("A− 标准"), "small", clicked=self._toggle_size
        )
        column.addLayout(
            row(
                Label(_("以前用过？"), "body", "ink2"),
                button(_("从备份恢复…"), "link", "history", self._restore),
                None,
                Label(_("大字"), "body", "ink2"),
                8,
                self.large,
            )
        )
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(holder, 30)
        line.addStretch(1)
        panel.body.addStretch(2)
        panel.body.addLayout(line)
        panel.body.addStretch(3)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self.setup.click)

    # Ways in
    def _choose_setup(self) -> None:
        chosen = places.choose_file(self, "setups", _("选择设立包"), _("设立包 (*.xlsx);;所有文件 (*)"))
        if chosen is not None:
            self.open_setup(chosen)

    def open_setup(self, file: Path) -> None:
        """Read it away from the screen, compare the fingerprint by phone, then make the key."""

        def read(offer: SetupOffer) -> None:
            from desktop_app.ui.identity.dialogs import SetupDialog

            dialog = SetupDialog(offer, self)
            if dialog.exec():
                operator, passphrase = dialog.operator(), dialog.passphrase()
                self._run(
                    lambda progress: self._entrance.join(
                        file,
                        fingerprint=offer.fingerprint,
                        operator=operator,
                        passphrase=passphrase,
                        progress=progress,
                    ),
                    _("正在生成本单位的密钥…"),
                )

        jobs.start(
            lambda progress: self._entrance.read_setup(file),
            # The strip goes first: a bar that runs on behind the question would say that something is still done.
            finished=lambda offer: QTimer.singleShot(0, self, lambda: read(offer)),
            strip=self.strip,
            words=_("正在核对设立包…"),
        )

    def _new_city(self) -> None:
        from desktop_app.ui.identity.dialogs import FoundDialog

        dialog = FoundDialog(self)
        if dialog.exec():
            organisation, operator, passphrase = dialog.organisation(), dialog.operator(), dialog.passphrase()
            self._run(
                lambda progress: self._entrance.found(
                    organisation, operator=operator, passphrase=passphrase, progress=progress
                ),
                _("正在建立…"),
            )

    def _demo(self) -> None:
        self._run(lambda progress: self._entrance.demo(progress)[0], _("正在准备演示数据…"))

    def _throw_away(self) -> None:
        """Only what was tried in the sample goes, and only when the same place is pressed twice."""
        if not self._sure:
            self._sure = True
            self.throw_away.setText(_("再点一次就删掉，在演示里填的找不回来"))
            return
        # This page was most likely reached from the sample's own window.
        self.sample_going.emit()
        try:
            self._entrance.throw_away_samples()
        except KnownError as error:
            errors.show(error)
            return
        self.throw_away.hide()
        self.said.setText(_("演示数据已经删掉"))

    def _restore(self) -> None:
        # A backup is a folder, so that its photos can be looked at without this program.
        chosen = places.choose_folder(self, "backups", _("选择备份的文件夹"))
        if chosen is not None:
            self._run(lambda progress: self._entrance.restore(chosen, progress), _("正在恢复…"))

    def _run(self, work: Callable[..., Path], words: str) -> None:
        buttons = (self.setup, self.new_city, self.demo)
        for made in buttons:
            made.setEnabled(False)

        def ended() -> None:
            for made in buttons:
                made.setEnabled(True)

        jobs.start(work, finished=self.opened.emit, strip=self.strip, words=words, ended=ended)

    def _toggle_size(self) -> None:
        self._preferences.large_text = not self._preferences.large_text
        self.restart_wanted.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = dropped_paths(event)
        if files:
            event.acceptProposedAction()
            self.open_setup(files[0])


class FirstStartWindow(QMainWindow):
    opened = Signal(object)
    restart_wanted = Signal()

    def __init__(self, entrance: Entrance, preferences: Preferences) -> None:
        super().__init__()
        self.setWindowTitle(_("民生实事台账"))
        self.resize(1366, 768)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = QFrame()
        top.setObjectName("top")
        top.setFixedHeight(theme.px(44))
        help_button = button(_("帮助 F1"), icon="help-circle", clicked=self._help)
        help_button.setIcon(icons.icon("help-circle", theme.WHITE, 16))
        top.setLayout(row(Label(_("民生实事台账"), "panel"), None, help_button, margins=(14, 0, 16, 0)))
        column.addWidget(top)
        self.page = FirstStartPage(entrance, preferences)
        self.page.opened.connect(self.opened)
        self.page.restart_wanted.connect(self.restart_wanted)
        column.addWidget(self.page, 1)
        foot = QFrame()
        foot.setObjectName("status")
        foot.setFixedHeight(theme.px(28))
        where = ElidedLabel(_("数据放在 {folder}").format(folder=entrance.home()), "note", theme.INK2)
        version = Label(_("版本 {version}").format(version=__version__), "note", "ink2")
        foot.setLayout(row(where, version, margins=(14, 0, 14, 0)))
        column.addWidget(foot)
        self.setCentralWidget(centre)
        self.page.setup.setFocus()
        QShortcut(QKeySequence("F1"), self).activated.connect(self._help)

    def _help(self) -> None:
        from desktop_app.ui.frame.help_dialog import HelpDialog

        HelpDialog("", self).exec()
