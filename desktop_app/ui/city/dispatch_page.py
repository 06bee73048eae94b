"""调度 with its papers: a 督办单 with its slip to send back, and the pack for a 调度会."""

from __future__ import annotations

from pathlib import Path

from desktop_app.core.i18n import _
from desktop_app.core.model.record_view import RecordView
from desktop_app.ui import jobs, places
from desktop_app.ui.paper import QtPaper
from desktop_app.ui.records.register_page import DispatchPage
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import button

ORDERS, MEETINGS = "orders", "meetings"


class DispatchPapersPage(DispatchPage):
    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.paper = button("", "", "printer", self._ask)
        self.head.insertWidget(self.head.indexOf(self.copy_button), self.paper)
        self.paper.hide()

    def _show_rows(self, rows: list[RecordView]) -> None:
        super()._show_rows(rows)
        words = {ORDERS: _("出督办单…"), MEETINGS: _("出会议材料…")}
        key = self._register.key if self._register is not None else ""
        self.paper.setText(words.get(key, ""))
        # A meeting's pack can be made before the meeting is written down.
        self.paper.setVisible(key == MEETINGS or (key == ORDERS and bool(rows)))

    def _ask(self) -> None:
        record, register = self.current, self._register
        if register is None or (record is None and register.key == ORDERS):
            return
        name = record.name if record is not None else _("调度会材料")
        if register.key == ORDERS:
            name = _("督办单 {name}").format(name=name)
        path = places.choose_target(
            self, "papers", _("存到哪里"), f"{name}.docx", _("Word 文档 (*.docx);;PDF (*.pdf)")
        )
        if path is not None:
            if path.suffix.lower() not in (".docx", ".pdf"):
                path = path.with_name(path.name + ".docx")
            self.write_paper(record, path)

    def write_paper(self, record: RecordView | None, path: Path) -> None:
        register, period = self._register, self.session.period
        assert register is not None
        orders, subject = register.key == ORDERS, record.subject if record is not None else ""
        # Qt wants its application before a job draws.
        paper = QtPaper()
        jobs.start(
            lambda desk, _progress: (desk.write_order if orders else desk.write_meeting)(
                subject, path, period, paper
            ),
            desk=self.session.desk,
            finished=lambda made: self.session.told.emit(_("已存为 {path}").format(path=made)),
        )
