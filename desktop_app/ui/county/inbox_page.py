"""收件: what came in, from whom, and whether it can be trusted; what is missing stands beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model.view import InboxView, MissingView
from desktop_app.ui import jobs, text, theme
from desktop_app.ui.county.chase_panel import ChasePanel
from desktop_app.ui.county.inbox_acts import can_certify, certify_sender, row_menu, save_report
from desktop_app.ui.county.inbox_model import InboxModel, condition, needs_work
from desktop_app.ui.county.quarantine_panel import QuarantinePanel
from desktop_app.ui.county.remembered import remember_order
from desktop_app.ui.county.watcher import Watcher
from desktop_app.ui.preferences import Preferences
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import Card, EmptyState, SegmentedFilter, button
from desktop_app.ui.widgets.drop_zone import DropZone, dropped_paths
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.progress_strip import ProgressStrip
from desktop_app.ui.widgets.table import RecordTable

NO_PANEL_BELOW = 1000
UNREAD = ("quarantined", "resaved", "unknown", "refused")
"""Conditions that the explanation page is for."""


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
        )
        self.zone.dropped.connect(self.merge)
        column.addWidget(self.zone)
        self.strip = ProgressStrip()
        column.addWidget(self.strip)
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
        self.stack.addWidget(self.quarantine)
        self.setFocusProxy(self.table)
        preferences = Preferences()
        remember_order(self.table, "inbox", preferences)
        self.watcher = Watcher(session, preferences, self)
        self.watcher.found.connect(self.merge)
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
        parts = [_("已收 {received} / {total}").format(received=received, total=len(missing))]
        if late:
            parts.append(_("迟报 {count}").format(count=late))
        if work:
            parts.append(_("要处理 {count}").format(count=len(work)))
        self._title = (
            _("{month}收到了谁的").format(month=text.month(period.key)),
            " · ".join(parts),
        )
        waiting = sum(condition(view) == "waiting" for view in rows)
        done = sum(condition(view) in ("done", "known") for view in rows)
        self.filter.set_segments(
            [
                ("all", _("全部 {count}").format(count=len(rows))),
                ("work", _("要处理 {count}").format(count=len(work))),
                ("waiting", _("待审核 {count}").format(count=waiting)),
                ("done", _("已汇总 {count}").format(count=done)),
            ]
        )
        self.reply.setText("\u2009" + _("发回执（{count}）").format(count=len(self._answered(rows, missing))))
        self.table.refill(self.model.fill_inbox(rows))
        if self.table.current_record() is None:
            self.table.go_to_first()
        self.empty.setVisible(not rows)
        self.table.setVisible(bool(rows))
        self._apply()
        self.chase.show_missing(missing)
        unread = [view for view in self.model.records if condition(view) in UNREAD]
        current = self.quarantine.current
        self.quarantine.show_rows(unread, current.container if current else "")
        self._name_page()

    def _answered(self, rows: list[InboxView], missing: list[MissingView]) -> set[str]:
        """The units below whose packages were taken in; what came from above is not answered."""
        desk = self.session.desk
        below = {unit.code for unit in desk.units().below(desk.unit)} | {line.unit for line in missing}
        return {row.unit for row in rows if row.state.startswith("valid")} & below

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
        else:
            name = current.unit_name if current is not None and current.unit_name else _("对方")
            self.forward.setText(_("复制给{name}的话").format(name=name))

    def _apply(self) -> None:
        tests = {
            "work": needs_work,
            "waiting": lambda view: condition(view) == "waiting",
            "done": lambda view: condition(view) in ("done", "known"),
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
    def _show_list(self) -> None:
        self.stack.setCurrentWidget(self.listing)
        self._name_page()
        self.table.setFocus()

    def open_row(self, view: InboxView) -> None:
        kind = condition(view)
        if kind in UNREAD:
            unread = [row for row in self.model.records if condition(row) in UNREAD]
            self.quarantine.show_rows(unread, view.container)
            self.stack.setCurrentWidget(self.quarantine)
            self._name_page()
        elif kind == "conflict":
            self.wanted.emit("forks", view.unit)
        else:
            self.wanted.emit("review", view.unit)

    def _next(self) -> None:
        if self.stack.currentWidget() is not self.listing:
            self.quarantine.copy_message()
            return
        view = next((row for row in self.model.records if needs_work(row)), None)
        if view is None:
            self.session.told.emit(_("没有要处理的了"))
        else:
            self.open_row(view)

    # One row
    def _act(self, view: InboxView, _key: str) -> None:
        if can_certify(view):
            self.certify(view)
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
        chosen, _filter = QFileDialog.getOpenFileNames(
            self, _("选择收到的文件"), "", _("上报包 (*.xlsx);;所有文件 (*)")
        )
        if chosen:
            self.merge([Path(name) for name in chosen])

    def merge(self, files: list[Path]) -> jobs.Job:
        self.watcher.hold(True)

        def done(result) -> None:
            rows, changes = result
            bad = sum(bool(view.quarantined) or view.state == "invalid" for view in rows)
            new = sum(view.new for view in rows)
            words = _("收了 {count} 份，新增 {new} 条").format(count=len(rows) - bad, new=new)
            if bad:
                words += _("，{count} 份没有收").format(count=bad)
            self.session.write(changes, words)
            self._follow(rows)

        return jobs.start(
            lambda desk, progress: desk.merge(files, progress),
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
        files = dropped_paths(event)
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
        chosen = QFileDialog.getExistingDirectory(self, _("看哪个文件夹（例如微信存文件的地方）"))
        if chosen:
            self.watcher.watch_folder(Path(chosen))

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
        from desktop_app.ui.identity.dialogs import unlocked

        chosen = QFileDialog.getExistingDirectory(self, _("回执放到哪个文件夹"))
        if not chosen or not unlocked(self.session.desk, self.window()):
            return
        jobs.start(
            lambda desk, progress: desk.reply(Path(chosen), None, progress),
            desk=self.session.desk,
            finished=lambda result: self.session.told.emit(
                _("写好 {count} 份回执，在 {folder}").format(count=len(result.files), folder=chosen)
            ),
            strip=self.strip,
            words=_("正在写回执…"),
        )

    def _copy(self) -> None:
        self.table.copy()
        self.session.told.emit(_("收件清单已复制，可以粘贴到 Excel"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.chase.setVisible(self.width() >= NO_PANEL_BELOW * theme.ratio())
