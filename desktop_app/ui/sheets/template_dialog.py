"""发出填报表: which figures, for which villages, into which file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.errors import KnownError
from desktop_app.core.i18n import _
from desktop_app.core.model.sheet import Offer
from desktop_app.ui import places, theme
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import button, fitting, row
from desktop_app.ui.widgets.labels import Label, WrappedLabel

_ID = int(Qt.ItemDataRole.UserRole)


def place_names(text: str) -> list[str]:
    """Villages as typed or pasted: by line, comma or 、."""
    for sign in ("，", ",", "、", "；", ";", "\t"):
        text = text.replace(sign, "\n")
    return list(dict.fromkeys(name.strip() for name in text.splitlines() if name.strip()))


class TemplateDialog(QDialog):
    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.saved: Path | None = None
        self.offers = session.desk.template_offers(session.period)
        self.setWindowTitle(_("发出填报表"))
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.px(edge) for edge in (20, 14, 20, 14)))
        column.setSpacing(theme.px(8))
        column.addWidget(Label(_("发出填报表"), "panel"))
        column.addWidget(
            WrappedLabel(
                _("写成一个 Excel 文件，发给没有装软件的人填；填好发回来，点“收回填报表”就能填进来。"),
                "note",
                "ink2",
            )
        )
        self.villages = QRadioButton(_("发给各村（社区）：每村填自己的，收回后自动相加"))
        self.own = QRadioButton(_("发给站所、同事：填的就是本单位的数"))
        for choice in (self.villages, self.own):
            choice.setFont(theme.font("body"))
            choice.toggled.connect(lambda _on: self._refill())
            column.addWidget(choice)
        left = QVBoxLayout()
        left.addWidget(Label(_("要填的指标"), "note", "ink2"))
        self.list = QListWidget()
        self.list.setFont(theme.font("body"))
        self.list.setAccessibleName(_("要填的指标"))
        left.addWidget(self.list, 1)
        self.right = QWidget()
        right = QVBoxLayout(self.right)
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(Label(_("村（社区）名单，一行一个"), "note", "ink2"))
        self.places = QPlainTextEdit("\n".join(session.desk.template_places()))
        self.places.setFont(theme.font("body"))
        self.places.setAccessibleName(_("村（社区）名单"))
        self.places.setPlaceholderText(_("可从 Excel 粘贴一列"))
        self.places.setTabChangesFocus(True)
        right.addWidget(self.places, 1)
        middle = row(spacing=12)
        middle.addLayout(left, 3)
        middle.addWidget(self.right, 2)
        column.addLayout(middle, 1)
        self.words = WrappedLabel("", "note", "red")
        self.words.hide()
        column.addWidget(self.words)
        self.all = button(_("全选"), "small", clicked=lambda: self._tick(True))
        self.none = button(_("全不选"), "small", clicked=lambda: self._tick(False))
        self.go = button(_("保存为文件…"), "primary", clicked=self._save)
        column.addLayout(row(self.all, self.none, None, button(_("取消"), clicked=self.reject), self.go))
        self.resize(fitting(parent, 760, 520))
        self.villages.setChecked(True)

    def _refill(self) -> None:
        parts = self.villages.isChecked()
        self.right.setVisible(parts)
        chosen = set(self.chosen())
        first = not self.list.count()
        self.list.clear()
        for offer in self.offers:
            if parts and offer.why_not_parts and not offer.site:
                continue
            item = QListWidgetItem(self._line(offer))
            item.setData(_ID, offer.id)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
            ticked = offer.due if first else offer.id in chosen
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            self.list.addItem(item)

    @staticmethod
    def _line(offer: Offer) -> str:
        words = f"{offer.id}  {offer.name}（{offer.unit}）"
        return words + (_("  · 台账，一处一行") if offer.site else "")

    def _tick(self, on: bool) -> None:
        for number in range(self.list.count()):
            self.list.item(number).setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def chosen(self) -> Sequence[str]:
        return [
            self.list.item(number).data(_ID)
            for number in range(self.list.count())
            if self.list.item(number).checkState() == Qt.CheckState.Checked
        ]

    def _fault(self) -> str:
        if not self.chosen():
            return _("请至少选一项指标。")
        if self.villages.isChecked() and not place_names(self.places.toPlainText()):
            return _("请写上村（社区）的名称。")
        return ""

    def _save(self) -> None:
        fault = self._fault()
        self.words.setText(fault)
        self.words.setVisible(bool(fault))
        if fault:
            return
        unit = self.session.desk.units().name(self.session.desk.unit)
        name = _("{unit}{period}填报表.xlsx").format(unit=unit, period=self.session.period.label)
        path = places.choose_target(self, "templates", _("填报表存到哪里"), name, _("Excel 表格 (*.xlsx)"))
        if path is None:
            return
        if path.suffix.lower() != ".xlsx":
            path = path.with_name(path.name + ".xlsx")
        villages = place_names(self.places.toPlainText()) if self.villages.isChecked() else []
        try:
            self.session.desk.make_template(
                path, self.session.period, indicators=self.chosen(), places=villages
            )
        except KnownError as error:
            self.words.setText(error.what + error.next_step)
            self.words.show()
            return
        self.saved = path
        self.session.told.emit(_("填报表已存到 {path}").format(path=path))
        self.accept()
