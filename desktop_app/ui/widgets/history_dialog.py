"""Who changed a figure from what to what, when and why."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model.view import HistoryView
from desktop_app.ui import text, theme
from desktop_app.ui.widgets.controls import Card, button, fitting, row
from desktop_app.ui.widgets.labels import Label
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable


def before(step: HistoryView) -> str:
    """A verdict changes no figure."""
    return step.before or ("" if step.kind == "review" else _("空"))


class HistoryDialog(QDialog):
    def __init__(
        self, title: str, steps: list[HistoryView], today: date, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("这一格的历史"))
        self.resize(fitting(parent, 680, 380))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.px(16), theme.px(14), theme.px(16), theme.px(14))
        layout.addWidget(Label(title, "panel"))
        self.model = RecordModel(
            [
                Column("at", _("时间"), 130, lambda s: text.moment(s.at, today), colour=theme.INK2),
                Column("who", _("谁"), 150, lambda s: f"{s.unit_name} {s.operator}"),
                Column("before", _("从"), 90, before, right=True),
                Column("after", _("到"), 90, lambda s: s.after or _("空"), right=True, role="strong"),
                Column(
                    "why", _("原因"), 140,
                    lambda s: s.reason if s.counted else _("不计：{why}").format(why=s.why_not), stretch=True,
                ),
            ]
        )  # fmt: skip
        self.model.fill(steps)
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(RecordTable(self.model, row_height=32))
        layout.addWidget(sheet, 1)
        if not steps:
            layout.addWidget(Label(_("这个月还没有填过"), "note", "ink2"))
        layout.addLayout(row(None, button(_("关闭"), "primary", clicked=self.accept)))
