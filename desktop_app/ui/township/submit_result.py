"""The last step of 上报: the code, where it is, what is in it, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout

from desktop_app.core.i18n import _
from desktop_app.core.model.view import IndicatorView
from desktop_app.ui import icons, text, theme
from desktop_app.ui.answers import Exported
from desktop_app.ui.widgets.controls import Banner, Card, FactRows, ScrollPanel, button, row, rule
from desktop_app.ui.widgets.delegates import IconTextCell
from desktop_app.ui.widgets.labels import Label, WrappedLabel
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable


def join_code(code: str) -> str:
    """7F3K-92QA-M4TX with air round the dashes, to be read aloud."""
    return " – ".join(code.split("-"))


def counted(views: Sequence[IndicatorView]) -> str:
    """填的 24 项 · 来自台账 11 项 · 沿用 1 项, as a clerk counts the month's figures."""
    carried = sum(bool(view.figure.carried) and view.basis != "site" for view in views)
    empty = sum(view.figure.value is None and view.basis != "site" for view in views)
    sites = sum(view.basis == "site" for view in views)
    parts = (
        (len(views) - sites - carried - empty, _("填的 {count} 项")),
        (sites, _("来自台账 {count} 项")),
        (carried, _("沿用 {count} 项")),
        (empty, _("没填 {count} 项")),
    )
    return " · ".join(words.format(count=count) for count, words in parts if count)


class ResultStep(ScrollPanel):
    """It is written and read back: the code, where it is, what is in it, what comes next."""

    open_wanted = Signal()
    again_wanted = Signal()
    compare_wanted = Signal()
    form_wanted = Signal()
    stamp_wanted = Signal()
    export_wanted = Signal()
    copied = Signal()

    def __init__(self) -> None:
        super().__init__((8, 4, 8, 0), 12)
        sign = QLabel()
        sign.setPixmap(icons.pixmap("circle-check", theme.GREEN, 40))
        self.title = Label("", "title")
        self.words = WrappedLabel("", "body", "ink2")
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.title)
        column.addWidget(self.words)
        head = row(sign, spacing=14)
        head.addLayout(column, 1)
        self.body.addLayout(head)
        box = Card((18, 8, 16, 8), 0, "code_box")
        code = QVBoxLayout()
        code.setSpacing(0)
        code.addWidget(Label(_("校验码（与盖章表上印的一致）"), "note", "ink2"))
        self.code = Label("", "code", "accent")
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        code.addWidget(self.code)
        line = row()
        line.addLayout(code)
        line.addStretch(1)
        line.addWidget(button(_("复制"), "", "copy", self.copied.emit))
        line.addWidget(button(_("打印盖章表"), "", "printer", self.form_wanted.emit))
        box.body.addLayout(line)
        self.body.addWidget(box)
        self.export = button(_("再导出一次"), "", "file-export", self.export_wanted.emit)
        self.next = Banner("info")
        self.body.addWidget(self.next)
        self.copied_words = WrappedLabel("", "note-bold")
        self.copied_words.hide()
        acts = [
            button(_("打开所在文件夹"), "", "folder-open", self.open_wanted.emit),
            button(_("补交盖章件…"), "", "rubber-stamp", self.stamp_wanted.emit),
            self.export,
            button(_("再存一份…"), "", "copy", self.again_wanted.emit),
            button(_("核对另一份…"), "", "circle-check", self.compare_wanted.emit),
        ]
        acts[-1].setToolTip(_("刻好的光盘、拷走的U盘，读出来和写好的比一遍"))
        # Two lines: five buttons side by side are wider than a laptop at 150 %.
        self.body.addLayout(row(*acts[:3], None))
        self.body.addLayout(row(*acts[3:], None))
        self.body.addWidget(self.copied_words)
        self.left = FactRows(right=False, key_width=48)
        self.right = FactRows(right=False, key_width=60)
        facts = row(self.left, self.right, spacing=24)
        facts.setStretch(0, 1)
        facts.setStretch(1, 1)
        self.body.addLayout(facts)
        self.body.addWidget(rule())
        self.body.addWidget(Label(_("这个包里有什么"), "strong"))
        self.model = RecordModel(
            [
                Column("what", _("内容"), 160, lambda r: r[0], stretch=True),
                Column("count", _("份数"), 90, lambda r: r[1], right=True),
                Column("checked", _("读回核对"), 130, lambda r: r[2], cell=IconTextCell(lambda r: r[4])),
                Column("note", _("说明"), 300, lambda r: r[3], colour=theme.INK2),
            ]
        )
        self.table = RecordTable(self.model, row_height=32)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.table)
        sheet.setFixedHeight(theme.px(30) + 4 * theme.row_height("body", 32) + 4)
        self.body.addWidget(sheet)
        self.body.addStretch(1)

    def show_copy(self, words: str, good: bool) -> None:
        """What became of another copy."""
        self.copied_words.setText(words)
        self.copied_words.set_tone("green" if good else "red")
        self.copied_words.setVisible(bool(words))

    def show_stamp(self, state: str) -> None:
        """What comes next: the stamp, or the export that carries it."""
        self.export.setVisible(state == "added")
        if state == "added":
            self.next.set(
                "warn",
                _("盖章件已加上，还没有送出去"),
                _("请点“再导出一次”，把新的上报包交给上级。校验码不变，数据不用重报。"),
            )
        elif state == "received":
            self.next.set("info", _("接下来"), _("盖章件已在包里。请安全弹出U盘，把文件交给上级。"))
        else:
            self.next.set(
                "info",
                _("接下来"),
                _("1. 打印盖章表，盖章后扫描，点“补交盖章件”加进来（数据不用重报）。　2. 安全弹出U盘。"),
            )

    def show_result(
        self,
        result: Exported,
        month: str,
        receiver: str,
        people: tuple[str, str, str],
        when: str,
        seconds: float,
        views: Sequence[IndicatorView],
    ) -> None:
        files = list(result.files)
        size = sum(file.size for file in files)
        self.title.setText(_("{month}上报包已写好，读回核对一致").format(month=month))
        self.words.setText(
            _("交给{receiver}即可。对方发回的回执文件，在首页打开。").format(receiver=receiver)
        )
        self.code.setText(join_code(result.code))
        names = "、".join(Path(str(file.path)).name for file in files[:2])
        if len(files) > 2:
            names += _(" 等 {count} 个").format(count=len(files))
        folder = str(Path(str(files[0].path)).parent) if files else ""
        self.left.set_facts(
            [
                (_("文件"), names),
                (_("位置"), folder),
                (_("大小"), _("{size}（{count} 个文件）").format(size=text.size(size), count=len(files))),
                (_("写入"), _("{when}，用时 {seconds} 秒").format(when=when, seconds=max(1, round(seconds)))),
            ]
        )
        self.right.set_facts(
            [
                (_("签名"), _("有效，3 人具名")),
                (_("填报人"), people[0]),
                (_("审核人"), people[1]),
                (_("负责人"), people[2]),
            ]
        )
        same = ("check", theme.GREEN, "body")
        kept = ("lock", theme.AMBER, "body")
        ok = _("一致")
        self.model.fill(
            [
                (_("本期数据"), _("{count} 项").format(count=len(views)), ok, counted(views), same),
                (
                    _("台账变动"),
                    _("{count} 条").format(count=result.sites),
                    ok,
                    # Every change since the last receipt travels, so that a lost file is made good by the next.
                    _("连同以前没回执的，共 {count} 条记录").format(count=result.entries),
                    same,
                ),
                (_("佐证"), _("{count} 份").format(count=result.evidence), ok, "", same),
                (
                    _("含个人信息的材料"),
                    _("{count} 份").format(count=result.withheld),
                    _("没有放入"),
                    _("留在本机，对方要时再给"),
                    kept,
                )
                if result.withheld
                else (_("含个人信息的材料"), _("0 份"), ok, "", same),
            ]
        )
