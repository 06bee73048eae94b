"""收件: what came in, from whom, and whether it can be trusted; what is missing stands beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.view import InboxView
from desktop_app.ui import jobs, text, theme
from desktop_app.ui.county.chase_panel import ChasePanel
from desktop_app.ui.county.inbox_acts import (
    ask_and_reply,
    can_certify,
    certify_sender,
    put_away,
    row_menu,
    save_report,
)
from desktop_app.ui.county.inbox_model import FINISHED, UNREAD, WAITING, InboxModel, condition, needs_work
from desktop_app.ui.county.inbox_notice import InboxNotice, said
from desktop_app.ui.county.proxy_model import Offered
from desktop_app.ui.county.quarantine_panel import QuarantinePanel
from desktop_app.ui.county.remembered import remember_order
from desktop_app.ui.county.watcher import Watcher
from desktop_app.ui.places import choose_files, choose_folder
from desktop_app.ui.preferences import Preferences
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import Card, EmptyState, SegmentedFilter, button
from desktop_app.ui.widgets.drop_zone import DropZone, dropped_places
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.progress_strip import ProgressStrip
from desktop_app.ui.widgets.table import RecordTable

NO_PANEL_BELOW = 1000


class InboxPage(Page):
    def __init__(self, session: Session) -> None:
        super().__init__(session, _("收到了谁的"))
        self.setAcceptDrops(True)
        self.back = self.add_action(button(_("回到收件"), "", "chevron-left", self._show_list))
        self.reply = self.add_action(button(_("发回执"), "", "send", self._reply))
        self.forward = self.add_action(button(_("处理下一件 ▸"), "primary", clicked=self._next), primary=True)
        self.stack = QStackedWidget()
        self.body.addWidget(self.stack, 1)
        self.listing = QWidget()
        column = QVBoxLayout(self.listing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        self.watch = button(_("自动收…"), "small", clicked=self._show_watch_menu)
        self.zone = DropZone(
            _("把收到的文件、文件夹或U盘拖到这里"),
            button(_("选择文件"), "small", clicked=self._choose_files),
            self.watch,
            button(_("纸质表、普通表格 → 代录"), "small", clicked=lambda: self.wanted.emit("proxy", None)),
            folders=True,
        )
        self.zone.dropped.connect(self.merge)
        column.addWidget(self.zone)
        self.strip = ProgressStrip()
        column.addWidget(self.strip)
        self.notice = InboxNotice()
        self.notice.why_wanted.connect(self._explain)
        self.notice.corrections_wanted.connect(lambda: self.wanted.emit("closing", "corrections"))
        column.addWidget(self.notice)
        self.filter = SegmentedFilter()
        self.filter.chosen.connect(lambda _key: self._apply())
        line = QHBoxLayout()
        line.setSpacing(theme.px(8))
        line.addWidget(self.filter)
        line.addStretch(1)
        self.report = button(_("汇入记录…"), "small", "report", lambda: save_report(session, self))
        line.addWidget(self.report)
        line.addWidget(button(_("复制到 Excel"), "small", "copy", self._copy))
        column.addLayout(line)
        self.model = InboxModel()
        self.table = RecordTable(self.model, row_height=32)
        self.table.keep_place_by(lambda view: view.container)
        self.table.setAccessibleName(_("收件清单"))
        self.table.activated_record.connect(self.open_row)
        self.table.action_pressed.connect(self._act)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.empty = EmptyState(
            _("这个月还没有收到文件"), _("把下级发来的上报包拖到上面的框里，几份都可以，顺序不要紧。")
        )
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.table)
        sheet.body.addWidget(self.empty)
        self.chase = ChasePanel(session)
        self.chase.setFixedWidth(theme.px(262))
        middle = QHBoxLayout()
        middle.setSpacing(theme.px(10))
        middle.addWidget(sheet, 1)
        middle.addWidget(self.chase)
        column.addLayout(middle, 1)
        self.stack.addWidget(self.listing)
        self.quarantine = QuarantinePanel(session)
        self.quarantine.table.picked.connect(lambda _view: self._name_page())
        self.quarantine.certify_wanted.connect(self.certify)
        self.quarantine.away_wanted.connect(self._put_away)
        self.quarantine.proxy_wanted.connect(lambda view: self.wanted.emit("proxy", Offered(view)))
        self.stack.addWidget(self.quarantine)
        self.setFocusProxy(self.table)
        preferences = Preferences()
        remember_order(self.table, "inbox", preferences)
        self.watcher = Watcher(session, preferences, self)
        self.watcher.found.connect(lambda files: self.merge(files, watched=True))
        self._below: set[str] = set()
        self.watcher.changed.connect(self._name_watched)
        self._name_watched()
        self._show_list()
        self.watcher.start()

    # Filling
    def refresh(self) -> None:
        desk, period = self.session.desk, self.session.period
        rows, missing = desk.inbox(period), desk.missing(period)
        work = [view for view in rows if needs_work(view)]
        received = sum(line.state != "missing" for line in missing)
        late = sum(line.state == "late" for line in missing)
        shut = desk.closed(period)
        parts = [text.closed(shut.at, shut.locked)] if shut is not None else []
        parts.append(_("已收 {received} / {total}").format(received=received, total=len(missing)))
        if late:
            parts.append(_("迟报 {count}").format(count=late))
        if work:
            parts.append(_("要处理 {count}").format(count=len(work)))
        self._title = (
            _("{month}收到了谁的").format(month=text.month(period.key)),
            " · ".join(parts),
        )
        waiting = sum(condition(view) in WAITING for view in rows)
        done = sum(condition(view) in FINISHED for view in rows)
        self.filter.set_segments(
            [
                ("all", _("全部 {count}").format(count=len(rows))),
                ("work", _("要处理 {count}").format(count=len(work))),
                ("waiting", _("待审核 {count}").format(count=waiting)),
                ("done", _("办完的 {count}").format(count=done)),
            ]
        )
        units = desk.units()
        self._below = {unit.code for unit in units.below(desk.unit)} | {line.unit for line in missing}
        self._count_replies()
        self.table.refill(self.model.fill_inbox(rows))
        if self.table.current_record() is None:
            self.table.go_to_first()
        self.empty.setVisible(not rows)
        self.table.setVisible(bool(rows))
        self._apply()
        self.chase.show_missing(missing, rows)
        unread = [view for view in self.model.records if condition(view) in UNREAD]
        current = self.quarantine.current
        self.quarantine.show_rows(unread, current.container if current else "")
        self._name_page()

    def answers(self, view: InboxView) -> bool:
        """Whether the row's unit gets receipts from here; what came from above is not answered."""
        return view.unit in self._below and view.state.startswith("valid")

    def _count_replies(self) -> None:
        """For how many units a reply would hold something new: that reads whole lists, so it is told a little later."""
        job = jobs.Job(lambda desk, _progress: desk.unanswered(), self.session.desk)
        job.quiet = True
        job.finished.connect(self._name_replies)
        job.start()

    def _name_replies(self, units: list[str]) -> None:
        words = _("发回执（{count}）").format(count=len(units)) if units else _("发回执")
        self.reply.setText("\u2009" + words)

    def _name_page(self) -> None:
        listing = self.stack.currentWidget() is self.listing
        if listing:
            self.set_title(*getattr(self, "_title", (_("收到了谁的"), "")))
        else:
            count = len(self.quarantine.model.records)
            self.set_title(_("为什么没有收"), _("共 {count} 份 · 收件 ▸ 没有收的").format(count=count))
        self.reply.setVisible(listing)
        self.back.setVisible(not listing)
        current = self.quarantine.current
        if listing:
            self.forward.setText(_("处理下一件 ▸"))
        elif current is not None and current.foreign:
            self.forward.setText(_("去代录"))
        elif current is not None and current.form and current.later:
            self.forward.setText(_("知道了"))
        else:
            name = current.unit_name if current is not None and current.unit_name else _("对方")
            self.forward.setText(_("复制给{name}的话").format(name=name))

    def _apply(self) -> None:
        tests = {
            "work": needs_work,
            "waiting": lambda view: condition(view) in WAITING,
            "done": lambda view: condition(view) in FINISHED,
        }
        current = self.table.current_record()
        self.model.show_only(tests.get(self.filter.current))
        number = self.model.find(lambda view: current is not None and view.container == current.container)
        self.table.go_to(number if number >= 0 else self.model.find(lambda view: True))

    def show_subject(self, what: Any) -> None:
        """A container, or a unit's code."""
        self._show_list()
        self.filter.choose("all")
        number = self.model.find(lambda view: what in (view.container, view.unit))
        self.table.go_to(number)
        view = self.model.record(number)
        if view is not None and condition(view) in UNREAD:
            self.open_row(view)

    # Moving
    def start_over(self) -> None:
        self._show_list()

    def _show_list(self) -> None:
        self.stack.setCurrentWidget(self.listing)
        self._name_page()
        self.table.setFocus()

    def open_row(self, view: InboxView) -> None:
        kind = condition(view)
        if kind in UNREAD:
            self._explain(view)
        elif kind == "conflict":
            self.wanted.emit("forks", view.unit)
        elif view.state == "proxy":
            self.wanted.emit("proxy", view.unit)
        elif view.quarantined:
            self._explain(view)
        elif not self.answers(view):
            self.session.told.emit(_("“{file}”是上级发来的，已经收下").format(file=view.file))
        else:
            self.wanted.emit("review", view.unit)

    def _explain(self, view: InboxView) -> None:
        """Why it was not taken; a row that was waved aside before stands among the others while it is looked at."""
        same = [row for row in self.model.records if row.container == view.container] or [view]
        unread = [row for row in self.model.records if condition(row) in UNREAD and row not in same]
        unread = [*same, *unread]
        self.quarantine.show_rows(unread, view.container)
        self.stack.setCurrentWidget(self.quarantine)
        self._name_page()

    def _put_away(self, view: InboxView) -> None:
        put_away(self.session, view, not view.put_away)
        if not self.quarantine.model.records:
            self._show_list()

    def _next(self) -> None:
        if self.stack.currentWidget() is not self.listing:
            current = self.quarantine.current
            if current is not None and current.foreign:
                self.wanted.emit("proxy", Offered(current))
            elif current is not None and current.form and current.later:
                self._show_list()
            else:
                self.quarantine.copy_message()
            return
        view = next((row for row in self.model.records if needs_work(row)), None)
        if view is None:
            self.session.told.emit(_("没有要处理的了"))
        else:
            self.open_row(view)

    # One row
    def _act(self, view: InboxView, _key: str) -> None:
        if condition(view) == "unknown" and can_certify(view):
            self.certify(view)
        elif condition(view) == "foreign":
            self.wanted.emit("proxy", Offered(view))
        elif condition(view) == "late":
            # What was changed stands in the 更正表; it is judged in 审核, where the row itself leads.
            self.wanted.emit("closing", "corrections")
        else:
            self.open_row(view)

    def certify(self, view: InboxView) -> None:
        certify_sender(self.session, view, self, self.strip)

    def _show_menu(self, place: QPoint) -> None:
        view = self.model.record(self.table.indexAt(place).row())
        if view is not None:
            row_menu(self, view).exec(self.table.viewport().mapToGlobal(place))

    # Taking in
    def _choose_files(self) -> None:
        files = choose_files(
            self, "received", _("选择收到的文件"), _("上报包 (*.xlsx *.xlsx.p7m);;所有文件 (*)")
        )
        if files:
            self.merge(files)

    def merge(self, files: list[Path], watched: bool = False) -> jobs.Job:
        """Take files in; in a watched folder lies whatever people send one another, so what is no package at all is
        passed over there."""
        self.watcher.hold(True)
        more = {"foreign": False} if watched else {}

        def done(result: tuple[list[InboxView], Changes]) -> None:
            rows, changes = result
            if rows or not watched:
                self.session.write(changes, said(rows))
                self.notice.show_rows(rows)
                self._follow(rows)
                if not watched and self.stack.currentWidget() is self.listing:
                    # What was just taken in is looked at from the row that is to be worked on first.
                    self.table.go_to(self.model.find(needs_work))

        return jobs.start(
            lambda desk, progress: desk.merge(files, progress, **more),
            desk=self.session.desk,
            finished=done,
            strip=self.strip,
            words=_("正在核对 {count} 份…").format(count=len(files)),
            ended=lambda: self.watcher.hold(False),
        )

    def _follow(self, rows: list[InboxView]) -> None:
        """Files of another month would be taken in unseen: show the newest month they are of."""
        came = {row.period for row in rows if row.period}
        months = [period for period in self.session.desk.periods() if period.key in came]
        if months and self.session.period not in months:
            self.session.show_period(months[0])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = dropped_places(event)
        if files:
            event.acceptProposedAction()
            self.merge(files)

    def _show_watch_menu(self) -> None:
        menu = self.watch_menu()
        menu.exec(self.watch.mapToGlobal(self.watch.rect().bottomLeft()))

    def watch_menu(self) -> QMenu:
        """What is taken in by itself: a folder, every stick that is put in."""
        menu = QMenu(self)
        if self.watcher.folder:
            menu.addAction(_("不再看这个文件夹"), lambda: self.watcher.watch_folder(None))
        else:
            menu.addAction(_("看一个文件夹（例如微信存文件的地方）…"), self._choose_watched)
        sticks = menu.addAction(_("插上U盘就收"))
        sticks.setCheckable(True)
        sticks.setChecked(self.watcher.sticks)
        sticks.toggled.connect(self.watcher.watch_sticks)
        return menu

    def _choose_watched(self) -> None:
        chosen = choose_folder(self, "received", _("看哪个文件夹（例如微信存文件的地方）"))
        if chosen is not None:
            self.watcher.watch_folder(chosen)

    def _name_watched(self) -> None:
        watcher = self.watcher
        parts = []
        if watcher.folder:
            gone = Path(watcher.folder) in watcher.absent
            words = _("{folder} 不在，插上就接着看") if gone else _("正在看 {folder}")
            parts.append(words.format(folder=watcher.folder))
        if watcher.sticks:
            parts.append(_("插上U盘就收"))
        self.zone.note.setText(" · ".join(parts))

    # Sending back
    def _reply(self) -> None:
        ask_and_reply(self.session, self, self.strip)

    def _copy(self) -> None:
        self.table.copy()
        self.session.told.emit(_("收件清单已复制，可以粘贴到 Excel"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.chase.setVisible(self.width() >= NO_PANEL_BELOW * theme.ratio())
