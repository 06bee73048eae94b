"""代录: a unit's paper or plain workbook, entered for it; the source file first, the figures after it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.core.errors import KnownError
from desktop_app.core.i18n import _
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.view import InboxView, IndicatorView
from desktop_app.core.progress import Progress
from desktop_app.ui import errors, jobs, text, theme
from desktop_app.ui.county.proxy_finish import ask_finish
from desktop_app.ui.county.proxy_model import Offered, ProxyModel
from desktop_app.ui.county.proxy_says import MOODS, say, state_words, why_not
from desktop_app.ui.county.proxy_table import ProxyTable
from desktop_app.ui.places import choose_files
from desktop_app.ui.session import Desk, Session
from desktop_app.ui.verbs.county import ProxyUnit, Source
from desktop_app.ui.widgets.controls import Banner, Card, EmptyState, button, row
from desktop_app.ui.widgets.delegates import ChipCell
from desktop_app.ui.widgets.drop_zone import dropped_paths
from desktop_app.ui.widgets.labels import ElidedLabel, Label
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.progress_strip import ProgressStrip
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable


class ProxyPage(Page):
    kinds = frozenset(
        {
            "progress",
            "submission",
            "evidence",
            "duty",
            "plan",
            "unit",
            "site",
            "retraction",
            "closing",
            "setting",
        }
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("代录"))
        self.setAcceptDrops(True)
        self.confirm = self.add_action(
            button(_("对方盖章确认了…"), "", "rubber-stamp", self._choose_confirmation)
        )
        self.finish = self.add_action(
            button(_("录完了，记为代录"), "primary", "check", self._finish), primary=True
        )
        self.strip = ProgressStrip()
        self.body.addWidget(self.strip)
        self.units = RecordModel(
            [
                Column(
                    "name",
                    _("单位"),
                    88,
                    lambda u: u.unit_name,
                    stretch=True,
                    tip=lambda u: u.unit_name,
                    sort=lambda u: u.unit_name,
                ),
                Column(
                    "state",
                    _("情况"),
                    84,
                    state_words,
                    cell=ChipCell(lambda u: MOODS[u.state]),
                    whole=True,
                    sort=lambda u: u.state,
                ),
            ]
        )
        self.unit_table = RecordTable(self.units)
        self.unit_table.setAccessibleName(_("单位"))
        self.unit_table.keep_place_by(lambda unit: unit.unit)
        self.unit_table.picked.connect(lambda _unit: self._show_unit())
        self.left = Card((1, 1, 1, 1), 0)
        self.left.setFixedWidth(theme.px(208))
        self.left.body.addWidget(self.unit_table)
        self.right = QWidget()
        column = QVBoxLayout(self.right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addWidget(self._make_source())
        self.banner = Banner()
        column.addWidget(self.banner)
        self.model = ProxyModel(session)
        self.table = ProxyTable(self.model)
        self.table.setAccessibleName(_("代录表"))
        self.table.told.connect(session.told)
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.table)
        column.addWidget(sheet, 1)
        self.empty = EmptyState(_("没有要代录的单位"), _("下级单位都定了填报任务以后，会列在这里。"))
        middle = QHBoxLayout()
        middle.setSpacing(theme.px(10))
        middle.addWidget(self.left)
        middle.addWidget(self.right, 1)
        middle.addWidget(self.empty, 1)
        self.body.addLayout(middle, 1)
        self._order: dict[str, int] = {}
        self._order_of: Period | None = None
        self.source: Source | None = None
        self.offered: InboxView | None = None
        self._asking = False
        """A file was offered of which nobody knows whose it is: no unit is chosen until somebody chooses one."""
        self._views: list[IndicatorView] = []
        self.setFocusProxy(self.table)

    def _make_source(self) -> QWidget:
        card = Card((14, 8, 14, 8), 4)
        self.source_words = ElidedLabel("", "body")
        self.choose = button(_("选择原件…"), "small_primary", "upload", self._choose_source)
        self.look = button(_("打开原件"), "small", "eye", self._open_source)
        self.take = button("", "small_primary", "inbox", self._take_offered)
        line = row(
            Label(_("原件"), "strong"), self.source_words, self.look, self.take, self.choose, spacing=10
        )
        line.setStretch(1, 1)
        card.body.addLayout(line)
        return card

    # Filling
    def refresh(self) -> None:
        units = self.session.desk.proxy_units(self.session.period)
        month = text.month(self.session.period.key)
        lacking = sum(unit.state in ("none", "begun") for unit in units)
        self.set_title(
            _("替下级录入 {month}数据").format(month=month),
            _("{count} 家还没有自己报来；交来纸质表或普通表格的，在这里照着录").format(count=lacking),
        )
        for part in (self.left, self.right):
            part.setVisible(bool(units))
        self.empty.setVisible(not units)
        if self._order_of != self.session.period:
            self._order_of, self._order = self.session.period, {}
        # The list stays as it stands while one works through it.
        for unit in units:
            self._order.setdefault(unit.unit, len(self._order))
        self.unit_table.refill(sorted(units, key=lambda unit: self._order[unit.unit]))
        if self.unit_table.current_record() is None and not self._asking:
            self.unit_table.go_to_first()
        self._show_unit()

    def unit(self) -> ProxyUnit | None:
        return self.unit_table.current_record()

    def show_subject(self, what: Any) -> None:
        """A unit's code, or a received file that may be a unit's source: whose, the inbox may know.  Where it does not,
        nobody is chosen: one unit's paper must not land silently with another."""
        if isinstance(what, Offered):
            self.offered = row = what.row
            number = self.units.find(
                lambda unit: unit.unit == row.unit if row.unit else unit.unit_name in row.file
            )
            self._asking = number < 0
        else:
            number = self.units.find(lambda unit: what in (unit.unit, unit.unit_name))
        if number >= 0:
            self.unit_table.go_to(number)
        elif self._asking:
            self.unit_table.setCurrentIndex(QModelIndex())
        self._show_unit()

    def _is_offered(self, unit: ProxyUnit) -> bool:
        """Whether the file that was just received may be this unit's."""
        return self.offered is not None and self.offered.unit in ("", unit.unit)

    def _show_unit(self) -> None:
        unit, desk, period = self.unit(), self.session.desk, self.session.period
        self.finish.setEnabled(unit is not None and unit.state in ("begun", "proxy", "confirmed"))
        self.confirm.setVisible(unit is not None and unit.state == "proxy")
        if unit is None:
            self._ask_whose()
            return
        self._asking = False
        kept = desk.proxy_sources(unit.unit, period)
        self.source = kept[0] if kept else None
        shim = self.model.writing.desk
        if shim.for_unit != unit.unit:
            self.model.pending = {}
        shim.for_unit, shim.source = unit.unit, self.source.sha256 if self.source else ""
        shut = desk.closed(period, unit.unit)
        self.model.shut(why_not(unit, period, shut, self.source is not None))
        self._name_source(len(kept), unit.state != "own" and shut is None)
        say(self.banner, unit, period, shut, self.source is not None, self._not_needed(unit))
        self._views = self.model.prepare(desk.proxy_items(unit.unit, period), desk.tasks(period))
        self.table.refill(self._views)
        if self.table.current_record() is None:
            self.table.go_to_row(self.model.find(lambda view: view.basis != "site"))

    def _ask_whose(self) -> None:
        """A file is offered and no unit is chosen: the right side holds nothing but the question."""
        self.source, self._views = None, []
        self.model.shut(_("先在左边点一家"))
        self.table.refill([])
        for part in (self.look, self.take, self.choose):
            part.setVisible(False)
        file = self.offered.file if self.offered is not None else ""
        self.source_words.set_look("body", theme.INK2)
        self.source_words.setText(file)
        self.banner.set(
            "warn",
            _("这份文件是哪一家交来的？"),
            _("从“{file}”看不出是谁的。请在左边点那一家，再按“用刚收到的…”。").format(file=file),
            "alert-triangle",
        )

    def _not_needed(self, unit: ProxyUnit) -> str:
        """A file that was offered, of a unit that has reported itself."""
        own = self.offered is not None and self.offered.unit == unit.unit and unit.state == "own"
        return self.offered.file if own and self.offered is not None else ""

    def _name_source(self, count: int, wanted: bool) -> None:
        """`wanted`: one more source file can be of use."""
        if self.source is None:
            self.source_words.set_look("body", theme.INK2)
            words = _("还没有。先放扫描件、照片，或对方发来的普通表格，再照着录")
            self.source_words.setText(words if wanted else _("没有放过原件"))
        else:
            self.source_words.set_look("body", theme.INK)
            more = _("，共 {count} 份").format(count=count) if count > 1 else ""
            self.source_words.setText(self.source.name + more)
        self.look.setVisible(self.source is not None)
        self.choose.setText("\u2009" + (_("再放一份…") if self.source else _("选择原件…")))
        unit = self.unit()
        self.take.setVisible(wanted and unit is not None and self._is_offered(unit))
        if self.offered is not None:
            self.take.setText("\u2009" + _("用刚收到的“{file}”").format(file=self.offered.file))
        self.choose.setVisible(wanted)

    # Doing
    def _choose_source(self) -> None:
        files = choose_files(
            self,
            "sources",
            _("选择原件"),
            _("扫描件、照片、表格 (*.pdf *.jpg *.jpeg *.png *.heic *.xls *.xlsx *.et *.docx);;所有文件 (*)"),
        )
        if files:
            self.keep(files)

    def keep(self, files: list[Path]) -> jobs.Job | None:
        unit, period = self.unit(), self.session.period
        if unit is None:
            return None

        def done(changes: Any) -> None:
            self.session.write(changes, _("原件已存好，可以照着录了"))
            self.table.setFocus()

        return jobs.start(
            lambda desk, progress: desk.keep_source(unit.unit, period, files, progress),
            desk=self.session.desk,
            finished=done,
            strip=self.strip,
            words=_("正在存原件…"),
        )

    def _take_offered(self) -> None:
        """The received file becomes the source, under the name it came with; then it needs no reminding."""
        offered, unit, period = self.offered, self.unit(), self.session.period
        if offered is None or unit is None:
            return
        try:
            copy = self.session.desk.set_aside_path(offered.quarantined)
        except KnownError as error:
            errors.show(error)
            return

        def work(desk: Desk, progress: Progress) -> Changes:
            with tempfile.TemporaryDirectory(prefix="taizhang-") as folder:
                named = Path(folder, Path(offered.file).name)
                shutil.copyfile(copy, named)
                kept = desk.keep_source(unit.unit, period, [named], progress)
                return kept + desk.put_away(offered.container, True)

        def done(changes: Changes) -> None:
            self.offered = None
            self.session.write(changes, _("原件已存好，可以照着录了"))
            self.table.setFocus()

        jobs.start(work, desk=self.session.desk, finished=done, strip=self.strip, words=_("正在存原件…"))

    def _choose_confirmation(self) -> None:
        files = choose_files(
            self,
            "sources",
            _("选择盖章确认的扫描件或照片"),
            _("扫描件、照片 (*.pdf *.jpg *.jpeg *.png *.heic);;所有文件 (*)"),
        )
        unit, period = self.unit(), self.session.period
        if not files or unit is None:
            return
        jobs.start(
            lambda desk, progress: desk.confirm_proxy(unit.unit, period, files, progress),
            desk=self.session.desk,
            finished=lambda changes: self.session.write(
                changes, _("{unit}已确认代录的数").format(unit=unit.unit_name)
            ),
            strip=self.strip,
            words=_("正在存确认件…"),
        )

    def _open_source(self) -> None:
        if self.source is None:
            return
        source, folder = self.source, Path(tempfile.mkdtemp(prefix="taizhang-"))

        def done(path: Path | None) -> None:
            if path is not None:
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
            else:
                self.session.told.emit(_("原件不在本机"))

        jobs.start(
            lambda desk, progress: desk.open_source(source.sha256, folder),
            desk=self.session.desk,
            finished=done,
        )

    def _finish(self) -> None:
        unit = self.unit()
        if unit is None:
            return
        waiting = [view for view in self._views if view.id in self.model.pending]
        if waiting:
            self.table.go_to_indicator(waiting[0].id)
            self.table.setFocus()
            self.session.told.emit(_("这一格还没有存：改对，或写一句原因"))
            return
        period = self.session.period
        cells = [view for view in self._views if view.basis == "typed"]
        left = [view for view in cells if self.model.unfilled(view)]
        if not ask_finish(unit.unit_name, period, len(cells), left, self.window()):
            self.table.go_to_indicator(left[0].id)
            self.table.setFocus()
            return
        self.session.attempt(
            lambda desk: desk.finish_proxy(unit.unit, period),
            _("{unit}{month}已记为代录").format(unit=unit.unit_name, month=text.month(period.key)),
        )

    def holds_back(self) -> bool:
        return bool(self.model.pending)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = dropped_paths(event)
        if files:
            event.acceptProposedAction()
            self.keep(files)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < 1000 * theme.ratio()
        self.left.setFixedWidth(theme.px(176 if narrow else 208))
        self.banner.setVisible(self.height() > 440 * theme.ratio())
