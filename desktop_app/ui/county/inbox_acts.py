"""What can be done about one received file: certify its sender, take it back, wave it aside, answer it once more;
and the record of the last merge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QMenu, QWidget

from desktop_app.core.errors import KnownError
from desktop_app.core.i18n import _
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.view import InboxView
from desktop_app.core.progress import Progress
from desktop_app.ui import errors, jobs
from desktop_app.ui.answers import Exported
from desktop_app.ui.county.inbox_model import set_aside
from desktop_app.ui.county.retract_dialog import RetractDialog
from desktop_app.ui.identity.dialogs import unlocked
from desktop_app.ui.identity.key_card import read_and_grant
from desktop_app.ui.places import choose_folder, choose_target
from desktop_app.ui.session import Desk, Session
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


def can_put_away(view: InboxView) -> bool:
    """What waits for an answer that may come in another way than through this program."""
    return set_aside(view) or bool(view.refused)


def put_away(session: Session, view: InboxView, away: bool) -> None:
    words = _("“{file}”不再提醒，文件还在") if away else _("“{file}”又列入要处理的")
    session.attempt(lambda desk: desk.put_away(view.container, away), words.format(file=view.file))


def send_again(session: Session, view: InboxView, parent: QWidget, strip: ProgressStrip) -> None:
    """The whole of what was ever answered to one unit: its stick may have been lost on the way."""
    title = _("重发给{unit}的回执放到哪个文件夹").format(unit=view.unit_name)
    chosen = choose_folder(parent, "replies", title)
    if chosen is not None:
        write_replies(session, chosen, parent, strip, [view.unit])


def ask_and_reply(session: Session, parent: QWidget, strip: ProgressStrip) -> jobs.Job | None:
    """Which units a file is written for, and where, is asked before anything is."""
    from desktop_app.ui.county.reply_dialog import ReplyDialog

    dialog = ReplyDialog(session.desk.reply_news(), parent.window())
    if not dialog.exec() or dialog.folder is None:
        return None
    return write_replies(session, dialog.folder, parent, strip, dialog.chosen(), again=False)


def write_replies(
    session: Session,
    folder: Path,
    parent: QWidget,
    strip: ProgressStrip,
    units: Sequence[str] | None = None,
    *,
    again: bool = True,
) -> jobs.Job | None:
    """Receipts, returns and new shares, one signed file a unit; the key is asked for where it is locked.  Units that
    are named get everything again, or without `again` what is new."""
    if not unlocked(session.desk, parent.window()):
        return None

    def done(result: Exported) -> None:
        count = len(result.files)
        words = (
            _("写好 {count} 份，一家一份，在 {folder}").format(count=count, folder=folder)
            if count
            else _("没有新的要发。哪一家没收到，在“收件”里它那一行点右键重发")
        )
        session.write(Changes(kinds=frozenset({"container"})), words)
        if count:
            from desktop_app.ui.county.reply_dialog import WrittenDialog

            organisation = session.desk.units()
            names = {file.unit: organisation.name(file.unit) for file in result.files if file.unit}
            # Not `exec`: the work that is just ending must not wait for somebody to have read it.
            WrittenDialog(result, names, folder, parent.window()).open()

    def write(desk: Desk, progress: Progress) -> Exported:
        if units is not None and not again:
            return desk.answer_units(folder, units, progress)
        return desk.reply(folder, units, progress)

    return jobs.start(
        write,
        desk=session.desk,
        finished=done,
        strip=strip,
        words=_("正在写回执…"),
    )


def save_report(session: Session, parent: QWidget) -> None:
    chosen = choose_target(
        parent, "papers", _("汇入记录存到哪里"), _("汇入记录.xlsx"), _("Excel 表格 (*.xlsx)")
    )
    if chosen is None:
        return
    try:
        path = session.desk.write_run_report(chosen.with_suffix(".xlsx"))
    except KnownError as error:
        errors.show(error)
        return
    session.told.emit(_("汇入记录已存到 {path}").format(path=path))


def row_menu(page, view: InboxView) -> QMenu:
    """The menu of a row: what its button does, and what is rarer."""
    menu = QMenu(page)
    menu.addAction(_("查看"), lambda: page.open_row(view))
    if view.late:
        menu.addAction(_("去审核"), lambda: page.wanted.emit("review", view.unit))
    if can_certify(view):
        menu.addAction(_("核对并发证书…"), lambda: page.certify(view))
    if can_put_away(view):
        words = _("还要处理") if view.put_away else _("处理过了，不再提醒")
        menu.addAction(words, lambda: put_away(page.session, view, not view.put_away))
    if page.answers(view):
        menu.addAction(_("重发给这家的回执…"), lambda: send_again(page.session, view, page, page.strip))
    taking_back = menu.addAction(_("撤回这份…"), lambda: retract(page.session, view, page))
    taking_back.setEnabled(can_retract(view))
    return menu
