"""The decisions of a beginning: is the fingerprint the one read out, who works here, which passphrase."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.errors import KnownError
from desktop_app.core.i18n import _
from desktop_app.ui import jobs, places, theme
from desktop_app.ui.answers import SetupOffer
from desktop_app.ui.session import Desk
from desktop_app.ui.widgets.controls import Card, FactRows, ScrollPanel, button, row
from desktop_app.ui.widgets.labels import Label, WrappedLabel

SHORTEST = 8


class PersonFields(QWidget):
    """Who works here, and the passphrase twice."""

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(6))
        self.operator = QLineEdit()
        self.operator.setPlaceholderText(_("例如 周桂兰"))
        self.first = QLineEdit()
        self.second = QLineEdit()
        for field in (self.first, self.second):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        for words, field in (
            (_("经办人姓名"), self.operator),
            (_("设一个口令（上报签名时用，至少 8 个字）"), self.first),
            (_("再输一遍"), self.second),
        ):
            field.setFont(theme.font("body"))
            field.setAccessibleName(words)
            layout.addWidget(Label(words, "note", "ink2"))
            layout.addWidget(field)
        self.words = Label("", "note", "red")
        self.words.hide()
        layout.addWidget(self.words)
        layout.addWidget(
            WrappedLabel(_("口令忘了别人也查不到，要向上级申请换密钥；数据不会丢。"), "note", "ink2")
        )

    def say(self, fault: str) -> None:
        self.words.setText(fault)
        self.words.setVisible(bool(fault))

    def fault(self) -> str:
        if not self.operator.text().strip():
            return _("请填经办人姓名")
        if len(self.first.text()) < SHORTEST:
            return _("口令至少 {count} 个字").format(count=SHORTEST)
        if self.first.text() != self.second.text():
            return _("两遍口令不一样")
        return ""


class PlainDialog(QDialog):
    """The width, the margins and the column every dialog of this kind has.  On a small screen the column scrolls and
    the line of buttons (`foot`) stays in sight."""

    def __init__(self, title: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.px(520))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._panel = ScrollPanel((24, 20, 24, 6), 10)
        # On the grey of a dialog, not on a white sheet.
        self._panel.inside.setObjectName("plain")
        # The keyboard belongs to the first field.
        self._panel.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.column = self._panel.body
        outer.addWidget(self._panel, 1)
        self.foot = QVBoxLayout()
        self.foot.setContentsMargins(theme.px(24), theme.px(6), theme.px(24), theme.px(16))
        outer.addLayout(self.foot)
        self._panel.inside.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._panel.inside and event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            QTimer.singleShot(0, self, self._grow)
        return super().eventFilter(watched, event)

    def _room(self) -> int:
        """How tall it may be: the screen without bars and title, and no more than the window it belongs to."""
        room = self.screen().availableGeometry().height() - theme.px(40)
        parent = self.parentWidget()
        return min(room, max(parent.window().height(), theme.px(360))) if parent is not None else room

    def _grow(self) -> None:
        layout = self._panel.inside.layout()
        if layout is None:
            return
        wide = max(self.minimumWidth(), layout.minimumSize().width())
        self._panel.setMinimumWidth(min(wide, self.screen().availableGeometry().width()))
        tall = max(
            layout.minimumSize().height(), layout.minimumHeightForWidth(self._panel.viewport().width())
        )
        height = tall + self.foot.sizeHint().height() + 2
        self.setMinimumHeight(min(height, self._room()))

    def _order(self) -> None:
        """The keyboard goes down the fields and then to the buttons, in whatever order they were made."""
        inside = self._panel.inside.findChildren(QWidget)
        fields = [w for w in inside if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisibleTo(self)]
        buttons = [w for w in self.findChildren(QPushButton) if w not in inside]
        chain = [*fields, *buttons]
        for first, second in pairwise(chain):
            QWidget.setTabOrder(first, second)
        typed = next((w for w in fields if isinstance(w, QLineEdit)), None)
        start = typed or next(iter(fields), None)
        if start is not None and self.focusWidget() in (None, *buttons):
            start.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._order()
        self._grow()
        self.resize(self.width(), self.minimumHeight())

    def passphrase(self) -> str:
        return self.person.first.text()  # type: ignore[attr-defined]

    def operator(self) -> str:
        return self.person.operator.text().strip()  # type: ignore[attr-defined]


class SetupDialog(PlainDialog):
    """What the package says, the fingerprint to compare, and the person."""

    def __init__(self, offer: SetupOffer, parent: QWidget | None = None) -> None:
        super().__init__(_("核对设立包"), parent)
        self.column.addWidget(
            Label(_("请打电话和 {sender} 核对这组数字").format(sender=offer.sender), "panel")
        )
        box = Card((18, 12, 18, 12), name="code_box")
        box.body.addWidget(Label(_("根指纹"), "note", "ink2"))
        groups = offer.fingerprint.split()
        half = (len(groups) + 1) // 2
        lines = [" ".join(groups[:half]), " ".join(groups[half:])] if len(groups) > 4 else [offer.fingerprint]
        for line in lines:
            label = Label(line, "code", "accent")
            box.body.addWidget(label)
        # Two halves side by side: what is compared, and who works here.  One below the other is too tall for a laptop
        # at 150 %.
        self.setMinimumWidth(theme.px(780))
        left, right = QVBoxLayout(), QVBoxLayout()
        halves = QHBoxLayout()
        halves.setSpacing(theme.px(24))
        halves.addLayout(left, 1)
        halves.addLayout(right, 1)
        self.column.addLayout(halves)
        left.setSpacing(theme.px(10))
        left.addWidget(box)
        facts = FactRows(right=False, key_width=80, role="body")
        facts.set_facts(
            [
                (_("本单位"), offer.unit_name),
                (_("发来的"), offer.sender),
                (_("方案"), offer.plan_title),
                (
                    _("内容"),
                    _("{tasks} 项任务，{indicators} 个指标").format(
                        tasks=offer.tasks, indicators=offer.indicators
                    ),
                ),
            ]
        )
        left.addWidget(facts)
        left.addStretch(1)
        self.same = QCheckBox(_("电话里念的和上面一字不差"))
        self.same.setFont(theme.font("strong"))
        self.same.toggled.connect(lambda _on: self._check())
        left.addWidget(self.same)
        self.person = PersonFields()
        right.addWidget(self.person)
        right.addStretch(1)
        self.go = button(_("一致，开始使用"), "primary", clicked=self._accept)
        self.go.setEnabled(False)
        self.foot.addLayout(row(None, button(_("不一致，先不用"), clicked=self.reject), self.go))

    def _check(self) -> None:
        self.go.setEnabled(self.same.isChecked())

    def _accept(self) -> None:
        fault = self.person.fault()
        self.person.say(fault)
        if not fault:
            self.accept()


class FoundDialog(PlainDialog):
    """A new city: the list of units, and the person."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("新建一套"), parent)
        self._file: Path | None = None
        self.column.addWidget(Label(_("新建一套市级台账"), "panel"))
        self.column.addWidget(
            WrappedLabel(
                _("全市只建一次。会生成全市的根证书，之后给县区和部门做设立包。先选下级单位名单。"),
                "body",
                "ink2",
            )
        )
        self.name = Label(_("还没有选"), "body", "ink2")
        choose = button(_("选择单位名单…"), "", "folder-open", self._choose)
        self.column.addLayout(row(choose, self.name, None))
        self.person = PersonFields()
        self.column.addWidget(self.person)
        self.go = button(_("建立"), "primary", clicked=self._accept)
        self.foot.addLayout(row(None, button(_("取消"), clicked=self.reject), self.go))

    def organisation(self) -> Path:
        assert self._file is not None
        return self._file

    def set_file(self, file: Path) -> None:
        self._file = file
        self.name.setText(file.name)

    def _choose(self) -> None:
        chosen = places.choose_file(
            self, "tables", _("选择单位名单"), _("名单 (*.json *.xlsx *.csv);;所有文件 (*)")
        )
        if chosen is not None:
            self.set_file(chosen)

    def _accept(self) -> None:
        fault = _("请先选单位名单") if self._file is None else self.person.fault()
        self.person.say(fault)
        if not fault:
            self.accept()


class PassphraseDialog(PlainDialog):
    """Opens the desk's key; stays until it is right or given up."""

    def __init__(self, desk: Desk, parent: QWidget | None = None, words: str = "", go: str = "") -> None:
        super().__init__(_("签名口令"), parent)
        self._desk = desk
        words = words or _("签名证明这份数据是本单位报的、路上没有被改过。口令不会保存。")
        self.column.addWidget(Label(_("请输签名口令"), "panel"))
        self.column.addWidget(WrappedLabel(words, "body", "ink2"))
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(_("签名口令"))
        self.field.returnPressed.connect(self._accept)
        self.column.addWidget(self.field)
        self.words = WrappedLabel("", "note", "red")
        self.column.addWidget(self.words)
        self.keep = QCheckBox(_("换单位、关闭程序以前不再问"))
        self.keep.setFont(theme.font("body"))
        self.column.addWidget(self.keep)
        self.go = button(go or _("签名"), "primary", clicked=self._accept)
        self.foot.addLayout(row(None, button(_("取消"), clicked=self.reject), self.go))

    def _accept(self) -> None:
        try:
            self._desk.unlock(self.field.text())
        except KnownError as error:
            self.words.setText(f"{error.what}。{error.next_step}".replace("。。", "。"))
            self.field.selectAll()
            self.field.setFocus()
            return
        self.accept()


def unlocked(desk: Desk, parent: QWidget) -> bool:
    """Whether the key is open, after asking where it is not; a desk without a key makes its first one."""
    if desk.key_report().state == "none":
        from desktop_app.ui.identity.new_key_dialog import NewKeyDialog

        return bool(NewKeyDialog(desk, parent).exec())
    if not desk.locked():
        return True
    dialog = PassphraseDialog(desk, parent)
    if not dialog.exec():
        return False
    if not dialog.keep.isChecked():
        # Open for the one act that is about to begin, and no longer.
        jobs.when_idle(desk.lock)
    return True


def asked_passphrase(desk: Desk, parent: QWidget, words: str, go: str) -> str | None:
    """The passphrase itself, for what opens the key file again; None when the person gave up."""
    dialog = PassphraseDialog(desk, parent, words, go)
    dialog.keep.hide()
    before = desk.locked()
    given = dialog.exec()
    if before:
        jobs.when_idle(desk.lock)
    return dialog.field.text() if given else None
