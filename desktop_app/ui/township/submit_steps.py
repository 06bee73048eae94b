"""The first and the third step of 上报: what stops it, and who answers for it; the page joins all five."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.i18n import _
from desktop_app.core.model.view import IssueView
from desktop_app.ui import theme
from desktop_app.ui.widgets.controls import Banner, Card
from desktop_app.ui.widgets.delegates import ActionCell, IconTextCell
from desktop_app.ui.widgets.labels import Label, WrappedLabel
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable

_LOOK = {
    "hard": ("alert-circle", theme.RED, "strong"),
    "soft": ("alert-triangle", theme.AMBER, "body"),
    "left": ("alert-triangle", theme.AMBER, "body"),
    "note": ("info-circle", theme.INK2, "body"),
}


def _sort(issue: IssueView) -> str:
    """A note on sites that the figure goes without is no mere note."""
    return "left" if issue.uncounted else issue.level


def _left_out(issues: list[IssueView]) -> str:
    count = sum(issue.uncounted for issue in issues)
    return _("有 {count} 处完成了的没有计入，报上去的数不含它们。").format(count=count) if count else ""


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
        words = {"hard": _("必须改"), "soft": _("提醒"), "note": _("知道就行"), "left": _("没计入")}
        self.model = RecordModel(
            [
                Column(
                    "level",
                    _("轻重"),
                    104,
                    lambda i: words[_sort(i)],
                    cell=IconTextCell(lambda i: _LOOK[_sort(i)]),
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
        self.table.setAccessibleName(_("检查结果"))
        self.table.empty_words = _("没有要看的")
        self.table.action_pressed.connect(lambda issue, _key: self.fix_wanted.emit(issue))
        self.table.activated_record.connect(self.fix_wanted)
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.table)
        layout.addWidget(sheet, 1)

    def show_issues(self, issues: list[IssueView], count: int) -> None:
        hard = sum(issue.level == "hard" for issue in issues)
        soft = sum(issue.level == "soft" for issue in issues)
        self.model.fill(sorted(issues, key=lambda issue: list(_LOOK).index(_sort(issue))))
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
                _("可以接着上报；对方会看到这些提醒。") + _left_out(issues),
                "alert-triangle",
            )
        else:
            words = _("{total} 项都通过了").format(total=count) if count else _("没有错误，可以上报")
            if issues:
                # Not all is there: what is unfilled or lacks its photo is listed below, and nothing stops it.
                words = _("没有必须改的，可以上报；下面 {count} 条请看一眼").format(count=len(issues))
            self.banner.set("ok", words, _left_out(issues), "circle-check")


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
            field.returnPressed.connect(self.focus_next)
            # What was wrong is no longer said once it is being put right.
            field.textChanged.connect(self._forget_fault)
            grid.addWidget(Label(words, "body", "ink2"), number, 0)
            grid.addWidget(field, number, 1)
        grid.setColumnStretch(2, 1)
        layout.addLayout(grid)
        self.agreed = QCheckBox(_("负责人已看过这些数，同意上报"))
        self.agreed.setFont(theme.font("strong"))
        layout.addWidget(self.agreed)
        self.words = Label("", "note", "red")
        self.agreed.toggled.connect(self._forget_fault)
        layout.addWidget(self.words)
        layout.addStretch(1)

    def _forget_fault(self, _what: object = None) -> None:
        self.words.setText("")

    def focus_next(self) -> None:
        """To the first name that is wanted, then to the tick: Enter goes on as in a form on paper."""
        fields = (self.filled, self.checked, self.responsible)
        empty = next((field for field in fields if not field.text().strip()), None)
        (empty or self.agreed).setFocus()

    def fault(self) -> str:
        for field in (self.filled, self.checked, self.responsible):
            if not field.text().strip():
                field.setFocus()
                return _("请填{who}").format(who=field.accessibleName())
        return "" if self.agreed.isChecked() else _("请勾选负责人同意上报")
