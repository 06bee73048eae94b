"""The bodies of the five steps of 上报; the page joins them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStorageInfo, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFileDialog,
    QGridLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.i18n import _
from desktop_app.core.model.view import IndicatorView, IssueView
from desktop_app.ui import icons, text, theme
from desktop_app.ui.answers import Exported
from desktop_app.ui.widgets.controls import Banner, Card, FactRows, ScrollPanel, button, clear, row, rule
from desktop_app.ui.widgets.delegates import ActionCell, IconTextCell, NumberCell
from desktop_app.ui.widgets.labels import ElidedLabel, Label, WrappedLabel
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable

_LOOK = {
    "hard": ("alert-circle", theme.RED, "strong"),
    "soft": ("alert-triangle", theme.AMBER, "body"),
    "note": ("info-circle", theme.INK2, "body"),
}


def join_code(code: str) -> str:
    """7F3K-92QA-M4TX with air round the dashes, to be read aloud."""
    return " – ".join(code.split("-"))


class CheckStep(QWidget):
    """What stops or questions the submission."""

    fix_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(10))
        self.banner = Banner()
        layout.addWidget(self.banner)
        words = {"hard": _("必须改"), "soft": _("提醒"), "note": _("知道就行")}
        self.model = RecordModel(
            [
                Column(
                    "level",
                    _("轻重"),
                    104,
                    lambda i: words[i.level],
                    cell=IconTextCell(lambda i: _LOOK[i.level]),
                ),
                Column("name", _("哪一项"), 160, lambda i: i.name, whole=True),
                Column("text", _("怎么回事"), 240, lambda i: i.text, stretch=True, tip=lambda i: i.text),
                Column(
                    "next",
                    _("怎么办"),
                    200,
                    lambda i: i.next_step,
                    colour=theme.INK2,
                    drop=1,
                    stretch=True,
                    tip=lambda i: i.next_step,
                ),
                Column(
                    "fix",
                    "",
                    72,
                    lambda i: _("去改") if i.level == "hard" else _("看看"),
                    pressable=True,
                    cell=ActionCell(lambda i: i.level == "hard"),
                ),
            ]
        )
        self.table = RecordTable(self.model)
        self.table.action_pressed.connect(lambda issue, _key: self.fix_wanted.emit(issue))
        self.table.activated_record.connect(self.fix_wanted)
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.table)
        layout.addWidget(sheet, 1)

    def show_issues(self, issues: list[IssueView], count: int) -> None:
        hard = sum(issue.level == "hard" for issue in issues)
        soft = sum(issue.level == "soft" for issue in issues)
        self.model.fill(sorted(issues, key=lambda issue: list(_LOOK).index(issue.level)))
        if hard:
            self.banner.set(
                "bad",
                _("有 {count} 个错误，改好才能上报").format(count=hard),
                _("点右边的“去改”，改完回到这里会自动再查一遍。"),
                "alert-circle",
            )
        elif soft:
            self.banner.set(
                "warn",
                _("{total} 项没有错误，{count} 个提醒").format(total=count, count=soft),
                _("可以接着上报；对方会看到这些提醒。"),
                "alert-triangle",
            )
        else:
            words = _("{total} 项都通过了").format(total=count) if count else _("没有错误，可以上报")
            if issues:
                # Not all is there: what is unfilled or lacks its photo is listed below, and nothing stops it.
                words = _("没有必须改的，可以上报；下面 {count} 条请看一眼").format(count=len(issues))
            self.banner.set("ok", words, "", "circle-check")


class PreviewStep(QWidget):
    """The figures as the receiver will see them."""

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(10))
        layout.addWidget(
            Label(_("上报包里的数，和对方看到的一样。点表头可以排序，Ctrl+C 复制到 Excel。"), "note", "ink2")
        )
        self.model = RecordModel(
            [
                Column(
                    "no",
                    _("序号"),
                    48,
                    lambda v: str(v.task),
                    right=True,
                    colour=theme.INK2,
                    sort=lambda v: v.task,
                ),
                Column("name", _("指标"), 210, lambda v: v.name, stretch=True, whole=True),
                Column("unit", _("单位"), 76, lambda v: v.unit, colour=theme.INK2),
                Column("previous", _("上期累计"), 96, lambda v: text.value(v, previous=True), right=True),
                Column(
                    "value",
                    _("本期累计"),
                    130,
                    text.typed,
                    right=True,
                    cell=NumberCell(
                        lambda v: (theme.INK2, "body") if v.figure.carried else (theme.INK, "strong")
                    ),
                ),
                Column("increase", _("本月新增"), 90, text.increase, right=True),
                Column("evidence", _("佐证"), 70, lambda v: str(v.evidence), right=True, drop=2),
                Column("note", _("说明"), 160, self._note, colour=theme.INK2, drop=1),
            ]
        )
        sheet = Card((1, 1, 1, 1), 0)
        self.table = RecordTable(self.model, row_height=32)
        sheet.body.addWidget(self.table)
        layout.addWidget(sheet, 1)

    @staticmethod
    def _note(view: IndicatorView) -> str:
        if view.figure.carried:
            return _("沿用{month}").format(month=text.month(view.figure.carried))
        return view.reason or view.note


class SignStep(QWidget):
    """Who filled, checked and answers for it."""

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(10))
        layout.addWidget(Label(_("谁填的、谁审的、谁负责"), "panel"))
        layout.addWidget(
            WrappedLabel(_("三个名字会写进上报包，也印在盖章表上。负责人确认以后再签名。"), "body", "ink2")
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(14))
        grid.setVerticalSpacing(theme.px(10))
        self.filled, self.checked, self.responsible = QLineEdit(), QLineEdit(), QLineEdit()
        for number, (words, field) in enumerate(
            ((_("填报人"), self.filled), (_("审核人"), self.checked), (_("负责人"), self.responsible))
        ):
            field.setFont(theme.font("body"))
            field.setAccessibleName(words)
            field.setFixedWidth(theme.px(240))
            grid.addWidget(Label(words, "body", "ink2"), number, 0)
            grid.addWidget(field, number, 1)
        grid.setColumnStretch(2, 1)
        layout.addLayout(grid)
        self.agreed = QCheckBox(_("负责人已看过这些数，同意上报"))
        self.agreed.setFont(theme.font("strong"))
        layout.addWidget(self.agreed)
        self.words = Label("", "note", "red")
        layout.addWidget(self.words)
        layout.addStretch(1)

    def fault(self) -> str:
        for field in (self.filled, self.checked, self.responsible):
            if not field.text().strip():
                field.setFocus()
                return _("请填{who}").format(who=field.accessibleName())
        return "" if self.agreed.isChecked() else _("请勾选负责人同意上报")


class TargetStep(ScrollPanel):
    """Where it goes: a stick, a folder, by chat; and what goes with it."""

    def __init__(self) -> None:
        super().__init__((0, 0, 0, 0), 10)
        self.folder: Path | None = None
        self.body.addWidget(Label(_("送到哪里"), "panel"))
        self._group = QButtonGroup(self)
        self._sticks = QVBoxLayout()
        self._sticks.setSpacing(theme.px(4))
        self.body.addLayout(self._sticks)
        self.other = QRadioButton(_("存到一个文件夹"))
        self.other.setFont(theme.font("body"))
        self._group.addButton(self.other)
        self.where = ElidedLabel("", "note", theme.INK2)
        line = row(self.other, button(_("选择…"), "small", clicked=self._choose), self.where)
        line.setStretch(2, 1)
        self.body.addLayout(line)
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
        self.personal = QCheckBox(_("连同含个人信息的材料（只在对方要、并且当面交U盘时勾）"))
        self.personal.setFont(theme.font("body"))
        self.body.addWidget(self.personal)
        self.split = QCheckBox(_("每个文件不超过 100 MB（微信和政务内网邮件发得出去）"))
        self.split.setFont(theme.font("body"))
        self.split.toggled.connect(self._by_chat)
        self.body.addWidget(self.split)
        self.words = Label("", "note", "red")
        self.body.addWidget(self.words)
        self.body.addStretch(1)

    def _by_chat(self, on: bool) -> None:
        # Sending by chat excludes personal data without exception.
        if on:
            self.personal.setChecked(False)
        self.personal.setEnabled(not on)

    def find_sticks(self) -> None:
        clear(self._sticks)
        for volume in QStorageInfo.mountedVolumes():
            root = volume.rootPath()
            removable = root.startswith(("/media/", "/run/media/", "/Volumes/")) or (
                len(root) == 3 and root[1:] == ":/" and root[0] not in "CcDd"
            )
            if not (removable and volume.isReady() and not volume.isReadOnly()):
                continue
            made = QRadioButton(
                _("U盘 {name}（{root}，空余 {free}）").format(
                    name=volume.displayName(), root=root, free=text.size(volume.bytesAvailable())
                )
            )
            made.setFont(theme.font("body"))
            made.setProperty("folder", root)
            self._group.addButton(made)
            self._sticks.addWidget(made)
            if self._group.checkedButton() is None:
                made.setChecked(True)
        if self._group.checkedButton() is None:
            self.other.setChecked(True)

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, _("上报包放到哪个文件夹"), str(self.folder or Path.home())
        )
        if chosen:
            self.set_folder(Path(chosen))

    def set_folder(self, folder: Path) -> None:
        self.folder = folder
        self.where.setText(str(folder))
        self.words.setText("")
        self.other.setChecked(True)

    def target(self) -> Path | None:
        chosen = self._group.checkedButton()
        if chosen is None or chosen is self.other:
            return self.folder
        return Path(chosen.property("folder"))

    def evidence(self) -> str:
        return next(key for key, made in self.choices.items() if made.isChecked())


class ResultStep(ScrollPanel):
    """It is written and read back: the code, where it is, what is in it, what comes next."""

    open_wanted = Signal()
    again_wanted = Signal()
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
        self.export = button(_("再导出一次"), "", "file-export", self.export_wanted.emit)
        self.next = Banner("info")
        self.body.addWidget(self.next)
        self.body.addLayout(
            row(
                button(_("打开所在文件夹"), "", "folder-open", self.open_wanted.emit),
                button(_("再存一份…"), "", "copy", self.again_wanted.emit),
                button(_("补交盖章件…"), "", "rubber-stamp", self.stamp_wanted.emit),
                self.export,
                None,
            )
        )
        self.body.addStretch(1)

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
                (_("本期数据"), _("{count} 项").format(count=result.entries), ok, "", same),
                (_("台账变动"), _("{count} 条").format(count=result.sites), ok, "", same),
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
