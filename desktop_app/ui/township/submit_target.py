"""The fourth step of 上报: a stick, a folder, a disc or chat; and what goes with it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStorageInfo, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.i18n import _
from desktop_app.ui import places, text, theme
from desktop_app.ui.widgets.controls import ScrollPanel, button, clear, row, rule
from desktop_app.ui.widgets.labels import ElidedLabel, Label, WrappedLabel

MEGABYTE = 1024 * 1024
CHAT_SIZES = (100, 50, 20)
"""Megabytes that chat programs and offices' mail let through; the first is the usual one."""
DISC_SIZE = 650 * MEGABYTE
"""What fits on every CD that can be bought."""
STICK, FOLDER, DISC, CHAT = "stick", "folder", "disc", "chat"


def removable(root: str) -> bool:
    return root.startswith(("/media/", "/run/media/", "/Volumes/")) or (
        len(root) == 3 and root[1:] == ":/" and root[0] not in "CcDd"
    )


class TargetStep(ScrollPanel):
    changed = Signal()
    """Another way or folder was chosen."""

    def __init__(self) -> None:
        super().__init__((0, 0, 0, 0), 8)
        self.folder: Path | None = None
        again = button(_("再找一次U盘"), "small", "refresh", self.find_sticks)
        self.body.addLayout(row(Label(_("送到哪里"), "panel"), None, again))
        self._group = QButtonGroup(self)
        self._group.buttonToggled.connect(lambda _button, on: self._chosen() if on else None)
        self._sticks = QVBoxLayout()
        self._sticks.setSpacing(theme.px(4))
        self.body.addLayout(self._sticks)
        self.no_stick = Label(_("没有看到U盘。插上以后点右边的“再找一次U盘”。"), "note", "ink2")
        self.body.addWidget(self.no_stick)
        self.other = self._way(_("存到一个文件夹"))
        self.disc = self._way(_("刻光盘：先写到一个文件夹，再用刻录软件刻上去"))
        self.chat = self._way(_("用微信、邮件发：先写到一个文件夹，再从那里发"))
        self.limit = QComboBox()
        self.limit.setFont(theme.font("note"))
        self.limit.setAccessibleName(_("每个文件的上限"))
        for size in CHAT_SIZES:
            self.limit.addItem(_("每个文件不超过 {size} MB").format(size=size), size)
        for part in (row(self.other, None), row(self.disc, None), row(self.chat, self.limit, None)):
            self.body.addLayout(part)
        self.where = ElidedLabel("", "note", theme.INK2)
        self.choose = button(_("选择文件夹…"), "small", "folder-open", self._choose)
        self.folder_line = QWidget()
        line = row(self.choose, self.where, margins=(24, 0, 0, 0))
        line.setStretch(1, 1)
        self.folder_line.setLayout(line)
        self.body.addWidget(self.folder_line)
        self.said = WrappedLabel("", "note", "ink2")
        self.body.addWidget(self.said)
        self.body.addWidget(rule())
        self.body.addWidget(Label(_("带哪些佐证"), "panel"))
        self._evidence = QButtonGroup(self)
        self.choices: dict[str, QRadioButton] = {}
        for key, words in (
            ("new", _("上次以后新加的（对方已有以前的）")),
            ("all", _("全部（第一次报，或对方说没收到）")),
            ("none", _("先不带，照片以后另送一卷")),
        ):
            made = QRadioButton(words)
            made.setFont(theme.font("body"))
            self._evidence.addButton(made)
            self.choices[key] = made
            self.body.addWidget(made)
        self.choices["new"].setChecked(True)
        self.personal = QCheckBox(_("连同含个人信息的材料（只在对方要、并且当面交时勾）"))
        self.personal.setFont(theme.font("body"))
        self.body.addWidget(self.personal)
        self.words = Label("", "note", "red")
        self.body.addWidget(self.words)
        self.body.addStretch(1)
        self.other.setChecked(True)

    def _way(self, words: str) -> QRadioButton:
        made = QRadioButton(words)
        made.setFont(theme.font("body"))
        self._group.addButton(made)
        return made

    def _chosen(self) -> None:
        way = self.way()
        self.folder_line.setVisible(way != STICK)
        self.limit.setEnabled(way == CHAT)
        # Sending by chat excludes personal data without exception.
        if way == CHAT:
            self.personal.setChecked(False)
        self.personal.setEnabled(way != CHAT)
        self.said.setText(
            {
                STICK: "",
                FOLDER: "",
                DISC: _("写好后刻盘；刻完回到结果页点“核对另一份…”，选光盘，读出来比一遍。"),
                CHAT: _("太大就分成几个文件，一起发给对方；含个人信息的材料一律不带。"),
            }[way]
        )
        self.said.setVisible(bool(self.said.text()))
        self.words.setText("")
        self.changed.emit()

    def way(self) -> str:
        chosen = self._group.checkedButton()
        if chosen is None or chosen is self.other:
            return FOLDER
        return DISC if chosen is self.disc else CHAT if chosen is self.chat else STICK

    def go_way(self, way: str) -> None:
        """The way of last time; a stick is chosen by being there."""
        {DISC: self.disc, CHAT: self.chat}.get(way, self.other).setChecked(True)

    def size_limit(self) -> int:
        """Bytes of one file; 0 where anything goes."""
        way = self.way()
        if way == CHAT:
            return int(self.limit.currentData()) * MEGABYTE
        return DISC_SIZE if way == DISC else 0

    def find_sticks(self) -> None:
        was_folder = self._group.checkedButton() in (self.other, self.disc, self.chat)
        before = None if was_folder else self.target()
        for made in self._group.buttons():
            if made.property("folder"):
                self._group.removeButton(made)
        clear(self._sticks)
        found = []
        for volume in QStorageInfo.mountedVolumes():
            root = volume.rootPath()
            if removable(root) and volume.isReady() and not volume.isReadOnly():
                found.append((root, volume.displayName(), volume.bytesAvailable()))
        self.show_sticks(found)
        kept = [b for b in self._group.buttons() if before and b.property("folder") == str(before)]
        if kept:
            kept[0].setChecked(True)
        elif not was_folder or self.folder is None:
            # A stick that was put in is what a person wants to write to, unless a folder was chosen on purpose.
            sticks = [b for b in self._group.buttons() if b.property("folder")]
            (sticks[0] if sticks and not self._by_hand() else self.other).setChecked(True)
        self._chosen()

    def _by_hand(self) -> bool:
        return self.way() in (DISC, CHAT)

    def show_sticks(self, found: list[tuple[str, str, int]]) -> None:
        for root, name, room in found:
            made = self._way(
                _("U盘 {name}（{root}，空余 {free}）").format(name=name, root=root, free=text.size(room))
            )
            made.setProperty("folder", root)
            self._sticks.addWidget(made)
        self.no_stick.setVisible(not found)

    def _choose(self) -> None:
        chosen = places.choose_folder(self, "submissions", _("上报包放到哪个文件夹"), self.folder)
        if chosen is not None:
            self.set_folder(chosen)

    def set_folder(self, folder: Path) -> None:
        self.folder = folder
        self.where.setText(str(folder))
        self.words.setText("")
        if self.way() == STICK:
            self.other.setChecked(True)
        self.changed.emit()

    def target(self) -> Path | None:
        chosen = self._group.checkedButton()
        root = chosen.property("folder") if chosen is not None else None
        return Path(root) if root else self.folder

    def evidence(self) -> str:
        return next(key for key, made in self.choices.items() if made.isChecked())
