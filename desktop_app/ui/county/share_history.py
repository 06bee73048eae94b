"""变更记录 of 分解: whose share or reporter changed, from when, by which document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.ui import text, theme
from desktop_app.ui.verbs.county import ShareChange
from desktop_app.ui.widgets.controls import Card, EmptyState, button, fitting, row
from desktop_app.ui.widgets.labels import Label
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable


def since_words(change: ShareChange) -> str:
    if not change.effective:
        return _("年初起")
    return _("{when}起").format(
        when=text.month(change.effective) if change.kind == "duty" else text.day(change.effective)
    )


class ShareHistoryDialog(QDialog):
    def __init__(
        self, title: str, changes: Sequence[ShareChange], today: date, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("变更记录"))
        self.resize(fitting(parent, 900, 420))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.px(16), theme.px(14), theme.px(16), theme.px(14))
        layout.addWidget(Label(title, "panel"))
        self.model = RecordModel(
            [
                Column("area", _("哪里"), 84, lambda c: c.area_name, whole=True, sort=lambda c: c.area_name),
                Column(
                    "kind",
                    _("改什么"),
                    70,
                    lambda c: _("份额") if c.kind == "share" else _("填报单位"),
                    colour=theme.INK2,
                    sort=lambda c: c.kind,
                ),
                Column("before", _("从"), 90, lambda c: c.before or _("没有"), right=True, colour=theme.INK2),
                Column("after", _("到"), 90, lambda c: c.after or _("没有"), right=True, role="strong"),
                Column("since", _("从哪天起"), 84, since_words, sort=lambda c: c.effective),
                Column(
                    "document",
                    _("依据文号"),
                    130,
                    lambda c: c.document if not c.why_not else _("不计：{why}").format(why=c.why_not),
                    stretch=True,
                    tip=lambda c: c.document,
                ),
                Column(
                    "who", _("谁"), 120, lambda c: f"{c.unit_name} {c.operator}", drop=1, colour=theme.INK2
                ),
                Column("at", _("时间"), 96, lambda c: text.moment(c.at, today), colour=theme.INK2),
            ]
        )
        self.model.fill(changes)
        self.table = RecordTable(self.model, row_height=32)
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.table if changes else EmptyState(_("还没有分过")))
        layout.addWidget(sheet, 1)
        copy = button(_("复制到 Excel"), "", "copy", self.table.copy)
        copy.setEnabled(bool(changes))
        layout.addLayout(row(copy, None, button(_("关闭"), "primary", clicked=self.accept)))
