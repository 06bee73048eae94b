"""What a piece of evidence proves, chosen from a list; and the form that describes several pieces at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.i18n import _
from desktop_app.ui import theme
from desktop_app.ui.frame.finder import initials
from desktop_app.ui.township.site_dialog import FormDialog, text_field
from desktop_app.ui.widgets.controls import button, fitting, row
from desktop_app.ui.widgets.labels import Label, WrappedLabel

USUAL_STAGES = ("改造前", "改造中", "改造后", "验收")
"""Said in the record and in packages, which are Chinese in every language of the screen."""
_KEY = int(Qt.ItemDataRole.UserRole)


class StageBox(QComboBox):
    """Before, after and the like, the plan's own stages below them; any other word may be typed."""

    def __init__(self, stages: Sequence[str] = (), chosen: str = "") -> None:
        super().__init__()
        self.setEditable(True)
        self.words = QLineEdit()
        self.words.setFont(theme.font("note"))
        self.words.setPlaceholderText(_("改造前、改造后…"))
        # The box has frame and padding already.
        self.words.setStyleSheet("QLineEdit { border: none; padding: 0; background: transparent; }")
        self.setLineEdit(self.words)
        # The line keeps the keyboard while its list is open, so that any word can be typed, from an input method too.
        self.offered = QCompleter(self.model(), self)
        self.offered.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.offered.setWidget(self.words)
        self.offered.popup().setFont(theme.font("note"))
        self.offered.activated.connect(self._take)
        self.words.textEdited.connect(lambda _words: self.offered.popup().hide())
        self.words.installEventFilter(self)
        self.setFont(theme.font("note"))
        self.setAccessibleName(_("阶段"))
        self.fill(stages, chosen)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click on the word opens the list, as on any other choice."""
        opens = (QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick)
        if watched is self.words and event.type() in opens and self.words.isEnabled():
            self.words.selectAll()
            self.offered.complete(QRect(0, 0, self.words.width(), self.words.height()))
            return True
        return super().eventFilter(watched, event)

    def _take(self, word: str) -> None:
        self.setCurrentText(word)
        self.activated.emit(self.findText(word))

    def fill(self, stages: Sequence[str], chosen: str) -> None:
        self.clear()
        self.addItems(list(dict.fromkeys(["", *USUAL_STAGES, *stages])))
        self.setCurrentText(chosen)


class AboutDialog(QDialog):
    """Indicators and places of the ledger to tick; letters find by the initials of their pinyin."""

    def __init__(
        self, names: Mapping[str, str], ticked: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("证明什么"))
        self._initials: dict[str, str] = {}
        self._kept = [about for about in ticked if about not in names]
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.px(edge) for edge in (20, 14, 20, 14)))
        column.setSpacing(theme.px(8))
        column.addWidget(Label(_("这份材料证明什么"), "panel"))
        column.addWidget(
            WrappedLabel(_("勾上它证明的指标，或台账里的某一处；一份可以证明几处。"), "note", "ink2")
        )
        self.search = text_field(_("查找"), "", _("名称、序号或拼音首字母"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._narrow)
        column.addWidget(self.search)
        self.list = QListWidget()
        self.list.setFont(theme.font("body"))
        self.list.setAccessibleName(_("证明什么"))
        for key in sorted(names, key=lambda key: key not in ticked):
            item = QListWidgetItem(names[key])
            item.setData(_KEY, key)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
            )
            item.setCheckState(Qt.CheckState.Checked if key in ticked else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.itemChanged.connect(lambda _item: self._allow())
        column.addWidget(self.list, 1)
        self.go = button(_("就这些"), "primary", clicked=self.accept)
        self.go.setDefault(True)
        column.addLayout(row(None, button(_("取消"), clicked=self.reject), self.go))
        self.resize(fitting(parent, 460, 520))
        self._allow()
        self.search.setFocus()

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(number) for number in range(self.list.count())]

    def _narrow(self, words: str) -> None:
        sought = words.strip().lower()
        for item in self._items():
            name = item.text().lower()
            found = sought in name or (sought.isascii() and sought in self._initials_of(name))
            # What is ticked stays in sight: nobody should wonder where it went.
            item.setHidden(bool(sought) and not found and item.checkState() != Qt.CheckState.Checked)

    def _initials_of(self, name: str) -> str:
        if name not in self._initials:
            self._initials[name] = initials(name)
        return self._initials[name]

    def _allow(self) -> None:
        self.go.setEnabled(bool(self.chosen()))

    def chosen(self) -> list[str]:
        ticked = [item.data(_KEY) for item in self._items() if item.checkState() == Qt.CheckState.Checked]
        return [*self._kept, *ticked]


class PiecesDialog(FormDialog):
    """One caption and one stage for several pieces; what is left empty stays as it is at each."""

    def __init__(
        self, count: int, caption: str, stages: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(_("一起改 {count} 份").format(count=count), parent)
        self.lead.insertWidget(1, WrappedLabel(_("空着的不改。"), "note", "ink2"))
        self.caption: QLineEdit = text_field(_("说明"), caption, _("不改"))
        self.stage = StageBox(stages)
        self.add_line(_("说明"), self.caption)
        self.add_line(_("阶段"), self.stage)
        self.fields: dict[str, Any] = {}
        self.resize(fitting(parent, 480, 260))

    def keep(self) -> None:
        told = {"caption": self.caption.text().strip(), "stage": self.stage.currentText().strip()}
        self.fields = {name: words for name, words in told.items() if words}
        if not self.fields:
            self.fault(_("请至少填一栏"), self.caption)
            return
        self.accept()
