"""What the unit above has changed in this desk's own shares, where a county divides further."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.operations.dividing import ShareChange
from desktop_app.ui import text, theme
from desktop_app.ui.city.dialog_size import open_at
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import button, row
from desktop_app.ui.widgets.labels import Label
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable


def _day(words: str) -> str:
    return words[:10] if words else _("年初起")


class ShareChangesDialog(QDialog):
    def __init__(self, changes: list[ShareChange], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("上级调整了哪些份额"))
        open_at(self, 820, 420)
        layout = QVBoxLayout(self)
        layout.addWidget(Label(_("上级调整了 {count} 项份额").format(count=len(changes)), "panel"))
        self.table = RecordTable(
            RecordModel(
                [
                    Column("name", _("指标"), 190, lambda c: f"{c.indicator} {c.name}", stretch=True),
                    Column("before", _("原来"), 84, lambda c: c.before or text.NOTHING, right=True),
                    Column(
                        "after", _("现在"), 84, lambda c: c.after or text.NOTHING, right=True, role="strong"
                    ),
                    Column("unit", _("单位"), 56, lambda c: c.unit, colour=theme.INK2),
                    Column("effective", _("从哪天起"), 100, lambda c: _day(c.effective)),
                    Column("document", _("依据文号"), 170, lambda c: c.document, colour=theme.INK2),
                    Column("by", _("谁定的"), 84, lambda c: c.by, colour=theme.INK2, drop=1),
                ]
            )
        )
        layout.addWidget(self.table, 1)
        layout.addLayout(row(None, button(_("知道了"), "primary", clicked=self.accept)))
        self.table.refill(changes)
        self.table.go_to_first()


class ShareChangesButton(QPushButton):
    """Shown only where something was changed."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setFont(theme.font("body"))
        self._session = session
        self.changes: list[ShareChange] = []
        self.clicked.connect(lambda: self.dialog().exec())
        self.hide()

    def look(self) -> None:
        self.changes = list(self._session.desk.share_changes())
        self.setText(_("上级调整 {count} 项").format(count=len(self.changes)))
        self.setVisible(bool(self.changes))

    def dialog(self) -> ShareChangesDialog:
        return ShareChangesDialog(self.changes, self.window())
