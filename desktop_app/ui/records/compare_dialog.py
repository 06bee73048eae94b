"""比对名单: two files, one column; who stands in one and not in the other.  Nothing of them is kept."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QVBoxLayout, QWidget

from desktop_app.core.errors import KnownError
from desktop_app.core.i18n import _
from desktop_app.ui import places, theme
from desktop_app.ui.session import Session
from desktop_app.ui.verbs.records import Comparison, RosterRow
from desktop_app.ui.widgets.controls import Card, SegmentedFilter, button, row
from desktop_app.ui.widgets.labels import ElidedLabel, Label, WrappedLabel
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable


class CompareDialog(QDialog):
    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.files: list[Path | None] = [None, None]
        self.found: Comparison | None = None
        self.setWindowTitle(_("比对名单"))
        self.resize(theme.px(760), theme.px(460))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), theme.px(14))
        layout.setSpacing(theme.px(8))
        layout.addWidget(Label(_("比对两份名单"), "panel"))
        layout.addWidget(
            WrappedLabel(
                _(
                    "按一列（例如身份证号）比：谁只在甲里、谁只在乙里、谁重复。只在本机比，不保存名单，显示时打码。"
                ),
                "note",
                "ink2",
            )
        )
        self.names = [ElidedLabel(_("还没有选"), "note", theme.INK2) for _side in range(2)]
        self.choosers = [
            button(word, "small", "folder-open", partial(self._choose, side))
            for side, word in enumerate((_("选甲名单"), _("选乙名单")))
        ]
        self.against = QComboBox()
        self.against.setFont(theme.font("body"))
        self.against.setAccessibleName(_("乙是什么"))
        self.against.addItem(_("乙是另一份名单"), "")
        for register in session.desk.registers():
            if register.entry or register.unique:
                self.against.addItem(_("乙是台账册：{title}").format(title=register.title), register.key)
        self.against.currentIndexChanged.connect(self._show_second)
        layout.addLayout(row(self.choosers[0], self.names[0]))
        layout.addLayout(row(self.against, self.choosers[1], self.names[1]))
        self.by = QLineEdit(_("身份证号"))
        self.by.setFont(theme.font("body"))
        self.by.setFixedWidth(theme.px(180))
        self.by.setAccessibleName(_("按哪一列比"))
        self.go = button(_("开始比对"), "small_primary", "git-compare", self.compare)
        layout.addLayout(row(Label(_("按哪一列比"), "body", "ink2"), self.by, self.go, None))
        self.words = WrappedLabel("", "note", "red")
        self.words.hide()
        layout.addWidget(self.words)
        self.filter = SegmentedFilter()
        self.filter.chosen.connect(lambda _key: self._show())
        self.filter.hide()
        layout.addWidget(self.filter)
        self.table = RecordTable(
            RecordModel(
                [
                    Column("line", _("行"), 56, lambda r: str(r.line), right=True),
                    Column("by", _("比对值"), 190, lambda r: r.by),
                    Column("words", _("内容（打码）"), 260, lambda r: r.words, stretch=True),
                ]
            ),
            row_height=30,
        )
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.table)
        layout.addWidget(sheet, 1)
        layout.addLayout(row(None, button(_("关闭"), clicked=self.accept)))

    def _show_second(self) -> None:
        """A register is here already; only another list has to be chosen."""
        for widget in (self.choosers[1], self.names[1]):
            widget.setVisible(not self.against.currentData())

    def _choose(self, side: int) -> None:
        chosen = places.choose_file(self, "tables", _("选择名单"), "Excel (*.xlsx *.csv)")
        if chosen is not None:
            self.set_file(side, chosen)

    def set_file(self, side: int, path: Path) -> None:
        self.files[side] = path
        self.names[side].setText(path.name)

    def compare(self) -> None:
        left, right = self.files
        register, by = str(self.against.currentData() or ""), self.by.text().strip()
        if left is None or (right is None and not register):
            self._say(_("请先选好甲、乙两份名单。"))
            return
        try:
            if register or right is None:
                self.found = self.session.desk.compare_with_register(left, register, by)
            else:
                self.found = self.session.desk.compare_rosters(left, right, by)
        except KnownError as error:
            self._say(str(error))
            return
        self.words.hide()
        found = self.found
        self.filter.set_segments(
            [
                ("left", _("只在甲 {count}").format(count=len(found.only_left))),
                ("right", _("只在乙 {count}").format(count=len(found.only_right))),
                ("twice", _("重复 {count}").format(count=len(found.twice_left) + len(found.twice_right))),
            ]
        )
        self.filter.show()
        self._show()

    def _show(self) -> None:
        found = self.found
        if found is None:
            return
        rows: dict[str, list[RosterRow]] = {
            "left": list(found.only_left),
            "right": list(found.only_right),
            "twice": [*found.twice_left, *found.twice_right],
        }
        self.table.refill(rows[self.filter.current])

    def _say(self, words: str) -> None:
        self.words.setText(words)
        self.words.show()
