"""What can be done about one received file: certify its sender, take it back; and the record of the last merge."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from desktop_app.core.errors import KnownError
from desktop_app.core.i18n import _
from desktop_app.core.model.view import InboxView
from desktop_app.ui import errors, jobs
from desktop_app.ui.county.retract_dialog import RetractDialog
from desktop_app.ui.identity.key_card import read_and_grant
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.progress_strip import ProgressStrip


def can_certify(view: InboxView) -> bool:
    return view.state == "unknown_signer" and bool(view.quarantined)


def can_retract(view: InboxView) -> bool:
    return not view.quarantined and view.state in ("valid", "valid_with_notes")


def certify_sender(
    session: Session, view: InboxView, parent: QWidget, strip: ProgressStrip
) -> jobs.Job | None:
    """The request travels in the file that was set aside."""
    try:
        file = session.desk.set_aside_path(view.quarantined)
    except KnownError as error:
        errors.show(error)
        return None
    return read_and_grant(session, file, parent, strip)


def retract(session: Session, view: InboxView, parent: QWidget) -> None:
    dialog = RetractDialog(view.file, session.desk.dependents(view.container), parent.window())
    if dialog.exec():
        session.attempt(
            lambda desk: desk.retract(view.container, dialog.reason.text().strip()),
            _("已撤回“{file}”").format(file=view.file),
        )


def save_report(session: Session, parent: QWidget) -> None:
    chosen, _filter = QFileDialog.getSaveFileName(
        parent, _("汇入记录存到哪里"), _("汇入记录.xlsx"), _("Excel 表格 (*.xlsx)")
    )
    if not chosen:
        return
    try:
        path = session.desk.write_run_report(Path(chosen).with_suffix(".xlsx"))
    except KnownError as error:
        errors.show(error)
        return
    session.told.emit(_("汇入记录已存到 {path}").format(path=path))


def row_menu(page, view: InboxView) -> QMenu:
    """The menu of a row: what its button does, and what is rarer."""
    menu = QMenu(page)
    menu.addAction(_("查看"), lambda: page.open_row(view))
    if can_certify(view):
        menu.addAction(_("核对并发证书…"), lambda: page.certify(view))
    taking_back = menu.addAction(_("撤回这份…"), lambda: retract(page.session, view, page))
    taking_back.setEnabled(can_retract(view))
    return menu
