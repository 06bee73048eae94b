"""发退回与回执: for whom a file is written and what is new in it, asked before; and which files were written, after."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.ui import theme
from desktop_app.ui.answers import Exported
from desktop_app.ui.identity.dialogs import PlainDialog
from desktop_app.ui.places import choose_folder, last_folder
from desktop_app.ui.verbs.county import ReplyNews
from desktop_app.ui.widgets.controls import button, row, rule
from desktop_app.ui.widgets.labels import ElidedLabel, Label, WrappedLabel


def news_words(news: ReplyNews) -> str:
    """收到 1 份 · 退回 2 · 接受 31 · 份额 3, without what there is none of."""
    parts = (
        (news.received, _("收到 {count} 份")),
        (news.returned, _("退回 {count} 项")),
        (news.approved, _("核定 {count} 项")),
        (news.accepted, _("接受 {count} 项")),
        (news.taken_back, _("收回意见 {count} 条")),
        (news.shares, _("份额和填报单位 {count} 条")),
        (news.closed, _("封账 {count} 条")),
        (news.handed_on, _("转发上级和别处的 {count} 份")),
        (news.other, _("其他 {count} 条")),
    )
    said = " · ".join(words.format(count=count) for count, words in parts if count)
    if said:
        return said
    return _("没有新的") if news.heard else _("没有来往过")


class ReplyDialog(PlainDialog):
    """Ticks beside the units that something is new for; the others stand below, without."""

    def __init__(self, news: Sequence[ReplyNews], parent: QWidget | None = None) -> None:
        super().__init__(_("发退回与回执"), parent)
        self.folder = last_folder("replies")
        fresh = [one for one in news if one.new]
        idle = [one for one in news if not one.new]
        self.column.addWidget(Label(_("给哪些单位写"), "panel"))
        self.column.addWidget(
            WrappedLabel(
                _("一家一个签名文件，里面是上次发过以后新有的回执、审核意见和份额。"), "note", "ink2"
            )
        )
        self.ticks: dict[str, QCheckBox] = {}
        self.words: dict[str, str] = {}
        if fresh:
            self.column.addLayout(self._list(fresh, ticked=True))
        else:
            self.column.addWidget(WrappedLabel(_("没有新的要发。"), "body"))
        if idle:
            self.column.addWidget(rule())
            self.idle = WrappedLabel(
                _("没有新内容的 {count} 家，不写。对方没收到的，勾上，以前的全部再写一遍：").format(
                    count=len(idle)
                ),
                "note",
                "ink2",
            )
            self.column.addWidget(self.idle)
            self.column.addLayout(self._list(idle, ticked=False))
        self.place = ElidedLabel("", "body")
        self.change = button("", "small", "folder-open", self._choose)
        self.foot.setSpacing(theme.px(10))
        self.foot.addWidget(rule())
        line = row(Label(_("放到"), "note", "ink2"), self.place, self.change)
        line.setStretch(1, 1)
        self.foot.addLayout(line)
        self.go = button("", "primary", "send", self._go)
        self.foot.addLayout(row(None, button(_("取消"), clicked=self.reject), self.go))
        self._show_folder()
        self._count()
        self.go.setDefault(True)
        self.go.setFocus()

    def _list(self, news: Sequence[ReplyNews], ticked: bool) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(16))
        grid.setVerticalSpacing(theme.px(4))
        grid.setColumnStretch(1, 1)
        for number, one in enumerate(news):
            tick = QCheckBox(one.unit_name)
            tick.setFont(theme.font("body"))
            tick.setChecked(ticked)
            tick.toggled.connect(lambda _on: self._count())
            self.ticks[one.unit] = tick
            self.words[one.unit] = news_words(one)
            tick.setAccessibleDescription(self.words[one.unit])
            grid.addWidget(tick, number, 0)
            grid.addWidget(WrappedLabel(self.words[one.unit], "note", "ink2"), number, 1)
        return grid

    def chosen(self) -> list[str]:
        return [unit for unit, tick in self.ticks.items() if tick.isChecked()]

    def _count(self) -> None:
        count = len(self.chosen())
        self.go.setText("\u2009" + _("写出 {count} 份").format(count=count))
        self.go.setEnabled(count > 0)

    def _show_folder(self) -> None:
        self.place.setText(str(self.folder) if self.folder is not None else _("还没有选"))
        self.change.setText("\u2009" + (_("换一个…") if self.folder is not None else _("选文件夹…")))

    def _choose(self) -> None:
        chosen = choose_folder(self, "replies", _("退回与回执放到哪个文件夹"))
        if chosen is not None:
            self.folder = chosen
            self._show_folder()

    def _go(self) -> None:
        if self.folder is None or not self.folder.is_dir():
            # A stick that was there the last time may have been pulled out since.
            self._choose()
        if self.folder is not None and self.folder.is_dir():
            self.accept()


class WrittenDialog(PlainDialog):
    """Which file is whose."""

    def __init__(
        self, result: Exported, names: dict[str, str], folder: Path, parent: QWidget | None = None
    ) -> None:
        title = _("写好 {count} 份").format(count=len(result.files))
        super().__init__(title, parent)
        self.column.addWidget(Label(title, "panel"))
        self.column.addWidget(WrappedLabel(_("都在 {folder}").format(folder=folder), "note", "ink2"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(16))
        grid.setVerticalSpacing(theme.px(4))
        grid.setColumnStretch(1, 1)
        self.lines: list[tuple[str, str]] = []
        for number, file in enumerate(result.files):
            name = names.get(file.unit, file.unit)
            self.lines.append((name, file.path.name))
            grid.addWidget(Label(_("给{unit}").format(unit=name), "body"), number, 0)
            grid.addWidget(Label(file.path.name, "note", "ink2"), number, 1)
        self.column.addLayout(grid)
        self.column.addWidget(
            WrappedLabel(_("把各家的文件送到各家；对方在首页按“打开…发来的文件”，选自己的那一份。"), "note")
        )
        self.column.addStretch(1)
        self.close_it = button(_("知道了"), "primary", clicked=self.accept)
        self.close_it.setDefault(True)
        show = button(_("打开文件夹"), "", "folder-open", lambda: _open(folder))
        self.foot.addLayout(row(None, show, self.close_it))


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
