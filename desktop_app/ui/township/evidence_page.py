"""佐证: everything that proves something, by task; dropped, pasted or chosen, and what is still missing."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QInputDialog, QVBoxLayout, QWidget

from desktop_app.core.i18n import N_, _
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.view import EvidenceView, IssueView
from desktop_app.ui import errors, jobs, places, theme
from desktop_app.ui.preferences import Preferences
from desktop_app.ui.session import Desk, Session
from desktop_app.ui.township.evidence_adding import Added, add, refusal
from desktop_app.ui.township.evidence_dialog import AboutDialog, PiecesDialog
from desktop_app.ui.township.evidence_panel import EvidencePanel
from desktop_app.ui.widgets.controls import Card, SegmentedFilter, button, clear, row, rule
from desktop_app.ui.widgets.delegates import NumberCell, TextCell
from desktop_app.ui.widgets.drop_zone import DropZone, dropped_paths
from desktop_app.ui.widgets.evidence_grid import EvidenceGrid
from desktop_app.ui.widgets.labels import ElidedLabel, IconLabel, Label
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.progress_strip import ProgressStrip
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable
from desktop_app.ui.widgets.thumbnails import Thumbnails
from desktop_app.ui.widgets.viewer import ViewerDialog, pair_of

EVERYTHING, LOOSE = "*", ""
SIZES = {2560: N_("照片缩到 2560"), 1600: N_("照片缩到 1600"), 0: N_("照片原大")}
"""Longest edge in pixels: enough to read a plate and to print; enough to look at; as it came."""
USUAL = 2560
GAPS_SHOWN = 3
NO_PANEL_BELOW = 1000
LOW = 520
FILES = "*.jpg *.jpeg *.png *.heic *.webp *.bmp *.tif *.tiff *.pdf *.doc *.docx *.xls *.xlsx *.wps *.et *.ofd"


class Folder(NamedTuple):
    """A line of the left list: an indicator (or everything, or what belongs to none) with its counts."""

    key: str
    name: str
    pieces: int
    missing: int


class EvidencePage(Page):
    kinds = frozenset({"evidence", "site", "erasure"})

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("佐证齐不齐"))
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._evidence: list[EvidenceView] = []
        self._gaps: list[IssueView] = []
        self._names: dict[str, str] = {}
        self._stages: dict[str, tuple[str, ...]] = {}
        self._used_for: dict[str, tuple[str, ...]] = {}
        self._added: tuple[str, ...] = ()
        self.preferences = Preferences()
        self.thumbnails = Thumbnails(session.desk, self)
        self._places: dict[str, int] = {}
        """Where the person chose photos the last time."""
        self.batch = self.add_action(button(_("批量修改"), "", "edit", self._change_selected))
        self.add_action(button(_("添加佐证"), "primary", "plus", self._choose_files), primary=True)
        middle = QHBoxLayout()
        middle.setSpacing(theme.px(10))
        self.left = QWidget()
        self.left.setFixedWidth(theme.px(258))
        left = QVBoxLayout(self.left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(theme.px(10))
        self.folders = RecordModel(
            [
                Column("name", _("按任务"), 150, lambda f: f.name, stretch=True, cell=TextCell(self._folder_tone)),
                Column("count", _("份"), 44, lambda f: str(f.pieces), right=True),
                Column(
                    "missing", _("缺"), 40, lambda f: str(f.missing) if f.missing else "", right=True,
                    cell=NumberCell(lambda f: (theme.RED, "strong")),
                ),
            ]
        )  # fmt: skip
        self.folder_table = RecordTable(self.folders, row_height=32)
        self.folder_table.setAccessibleName(_("按任务"))
        self.folder_table.keep_place_by(lambda folder: folder.key)
        self.folder_table.picked.connect(lambda _folder: self._show_folder())
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.folder_table)
        left.addWidget(sheet, 1)
        self.gap_card = Card((14, 10, 14, 8), 6)
        left.addWidget(self.gap_card)
        self._low = self._narrow = False
        middle.addWidget(self.left)
        centre = Card((12, 12, 12, 12), 8)
        self.filter = SegmentedFilter()
        self.filter.chosen.connect(lambda _key: self._show_folder())
        self.scale = QComboBox()
        self.scale.setFont(theme.font("note"))
        self.scale.setAccessibleName(_("照片大小"))
        for longest, words in SIZES.items():
            self.scale.addItem(_(words), longest)
        self.scale.setToolTip(_("加入时把大照片缩小存放，原照片的指纹记在案；手机的 HEIC 照片转成 JPG"))
        chosen = self.preferences.text("photo_size")
        self.scale.setCurrentIndex(max(0, self.scale.findData(int(chosen) if chosen.isdigit() else USUAL)))
        self.scale.activated.connect(self._keep_scale)
        self.look = button(_("说明"), "small", "eye", self._toggle_panel)
        self.look.setCheckable(True)
        self.look.hide()
        centre.body.addLayout(row(self.filter, None, self.scale, self.look))
        self.grid = EvidenceGrid(self.thumbnails)
        self.grid.picked.connect(self._pick)
        self.grid.opened.connect(self._enlarge)
        centre.body.addWidget(self.grid, 1)
        self.strip = ProgressStrip()
        centre.body.addWidget(self.strip)
        self.zone = DropZone(
            self._zone_words(False),
            button(_("选择文件"), "small", clicked=self._choose_files),
            centred=True,
        )
        self.zone.dropped.connect(self.attach)
        centre.body.addWidget(self.zone)
        middle.addWidget(centre, 1)
        self.panel = EvidencePanel(session, self.thumbnails)
        self.panel.setFixedWidth(theme.px(276))
        self.panel.enlarged.connect(self._enlarge)
        self.panel.compared.connect(self._compare)
        self.panel.withdrawn.connect(self._withdraw)
        self.panel.about_wanted.connect(self._choose_about)
        self.panel.gap_pressed.connect(self._choose_files)
        middle.addWidget(self.panel)
        self.body.addLayout(middle, 1)
        QShortcut(QKeySequence.StandardKey.Paste, self).activated.connect(self.paste)
        self.grid.personal_pressed.connect(self.panel.toggle_personal)
        self.setFocusProxy(self.grid)

    @staticmethod
    def _folder_tone(folder: Folder) -> tuple[str, str]:
        return theme.INK, "body"

    # Filling
    def refresh(self) -> None:
        desk, period = self.session.desk, self.session.period
        self._evidence = desk.evidence()
        self._gaps = desk.gaps(period)
        views = {view.id: view for task in desk.tasks(period) for view in task.indicators if view.mine}
        self._names = {key: f"{view.task} {view.name}" for key, view in views.items()}
        self._stages = {key: view.stages for key, view in views.items()}
        sites = desk.sites()
        self._names |= {site.subject: site.name for site in sites}
        self._used_for = {site.subject: tuple(site.quantities) for site in sites}
        lacking = {key: sum(gap.indicator == key for gap in self._gaps) for key in views}
        loose = [view for view in self._evidence if self._is_loose(view)]
        folders = [Folder(EVERYTHING, _("全部"), len(self._evidence), len(self._gaps))]
        with_any = [key for key in views if lacking[key] or views[key].evidence]
        with_any.sort(key=lambda key: (not lacking[key], views[key].task))
        folders.extend(Folder(key, self._names[key], views[key].evidence, lacking[key]) for key in with_any)
        if loose:
            folders.append(Folder(LOOSE, _("未归到任务"), len(loose), 0))
        total = len(self._evidence)
        words = _("共 {count} 份").format(count=total)
        self.set_title(
            _("佐证齐不齐"),
            words + (_(" · 还缺 {count} 份").format(count=len(self._gaps)) if self._gaps else _(" · 都齐了")),
        )
        first = self.folder_table.current_record() is None
        self.folder_table.refill(folders)
        if first:
            row_number = self.folders.find(lambda folder: folder.key not in (EVERYTHING, LOOSE))
            self.folder_table.go_to(max(row_number, 0))
        self._show_folder()

    def _current_key(self) -> str:
        folder = self.folder_table.current_record()
        return folder.key if folder is not None else EVERYTHING

    def _inside(self) -> list[EvidenceView]:
        """Evidence of the folder shown; the desk knows which of it proves an indicator through its sites."""
        key = self._current_key()
        if key == EVERYTHING:
            return self._evidence
        if key == LOOSE:
            return [view for view in self._evidence if self._is_loose(view)]
        return self.session.desk.evidence(key)

    def _is_loose(self, view: EvidenceView) -> bool:
        return not any(about in self._names or "/" in about for about in view.about)

    def _show_folder(self) -> None:
        key = self._current_key()
        inside = self._inside()
        gaps = [gap for gap in self._gaps if key in (EVERYTHING, gap.indicator)]
        stages = list(dict.fromkeys(view.stage for view in inside if view.stage))
        # Before comes before after; the rest as it was met.
        stages = sorted(
            stages, key=lambda stage: 0 if stage.endswith("前") else 1 if stage.endswith("后") else 2
        )[:4]
        segments = [("all", _("全部 {count}").format(count=len(inside)))]
        segments += [(f"s:{s}", f"{s} {sum(view.stage == s for view in inside)}") for s in stages]
        if gaps:
            segments.append(("gaps", _("缺 {count}").format(count=len(gaps))))
        self.filter.set_segments(segments)
        chosen = self.filter.current
        items: list[EvidenceView | IssueView] = []
        if chosen != "gaps":
            items.extend(view for view in inside if chosen == "all" or chosen == f"s:{view.stage}")
        if chosen in ("all", "gaps"):
            items.extend(gaps)
        self.grid.fill(self._in_place(items))
        if self._added and self.grid.go_to_subject(self._added[-1]):
            self._added = ()
        self._show_gaps(gaps)

    def _in_place(self, items: list[EvidenceView | IssueView]) -> list[EvidenceView | IssueView]:
        """A picture keeps its place while one works on it, although describing it makes it the newest."""
        for item in items:
            if isinstance(item, EvidenceView):
                self._places.setdefault(item.subject, len(self._places))
        pieces = [item for item in items if isinstance(item, EvidenceView)]
        pieces.sort(key=lambda piece: self._places[piece.subject])
        return [*pieces, *(item for item in items if not isinstance(item, EvidenceView))]

    def _show_gaps(self, gaps: list[IssueView]) -> None:
        layout = self.gap_card.body
        clear(layout)
        self.gap_card.setVisible(bool(gaps) and not self._low)
        if not gaps:
            return
        layout.addWidget(Label(_("还缺 {count} 份").format(count=len(gaps)), "strong"))
        for gap in gaps[:GAPS_SHOWN]:
            holder = QWidget()
            line = QHBoxLayout(holder)
            line.setContentsMargins(0, 0, 0, 0)
            line.addWidget(IconLabel("alert-triangle", " ", "note", theme.AMBER))
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(ElidedLabel(gap.name, "note"))
            words.addWidget(ElidedLabel(gap.text, "small", theme.INK2))
            line.addLayout(words, 1)
            line.addWidget(button(_("添加"), "small", clicked=partial(self._choose_files, gap)))
            layout.addWidget(holder)
            layout.addWidget(rule())
        if len(gaps) > GAPS_SHOWN:
            rest = _("还有 {count} 份，见右边虚线格").format(count=len(gaps) - GAPS_SHOWN)
            layout.addWidget(Label(rest, "small", "ink2"))
        else:
            layout.addWidget(Label(_("没有的，审核时会标“缺佐证”"), "small", "ink2"))

    def show_subject(self, what: Any) -> None:
        """An indicator's id, or a site's subject: its pieces, or the place where one is missing."""
        about = str(what)
        if "/" in about:
            gap = next((gap for gap in self._gaps if gap.subject == about), None)
            site = next((site for site in self.session.desk.sites() if site.subject == about), None)
            key = gap.indicator if gap else next(iter(site.quantities), "") if site else ""
        else:
            key = about
        self.folder_table.go_to(self.folders.find(lambda folder: folder.key == key))
        if about != key:
            self.filter.choose("all")
            self.grid.go_to_subject(about)

    def _pick(self, item: EvidenceView | IssueView | None) -> None:
        view = item if isinstance(item, EvidenceView) else None
        self.panel.show_gap(item if isinstance(item, IssueView) else None)
        comparable = view is not None and bool(pair_of(view, self._evidence))
        self.panel.show_view(view, self._names, comparable, self._stages_of(view))

    def _stages_of(self, view: EvidenceView | None) -> list[str]:
        """The plan's stages of what the piece is about."""
        concerned = {self._current_key()}
        for about in view.about if view is not None else ():
            concerned |= {about.rsplit("/", 1)[-1], *self._used_for.get(about, ())}
        return list(
            dict.fromkeys(s for key, stages in self._stages.items() if key in concerned for s in stages)
        )

    # Adding
    def _target(self, gap: IssueView | None = None) -> tuple[list[str], str]:
        """What new evidence is about: the gap chosen, or the indicator shown."""
        if gap is None:
            current = self.grid.current()
            gap = current if isinstance(current, IssueView) else None
        if gap is not None:
            about = [about for about in (gap.indicator, gap.subject) if about]
            return about, gap.stage
        key = self._current_key()
        return ([key] if key not in (EVERYTHING, LOOSE) else []), ""

    def _choose_files(self, gap: IssueView | None = None) -> None:
        kinds = _("照片和文件 ({files});;所有文件 (*)").format(files=FILES)
        chosen = places.choose_files(self, "photos", _("选择佐证"), kinds)
        if chosen:
            self.attach(chosen, gap)

    def attach(self, files: list[Path], gap: IssueView | None = None) -> jobs.Job:
        about, stage = self._target(gap)
        longest = int(self.scale.currentData())

        def done(added: Added) -> None:
            # What was just added is what a person wants to describe next.
            self._added = added.changes.subjects
            count, known = added.changes.entries, len(files) - added.changes.entries - len(added.refused)
            words = _("加了 {count} 份佐证").format(count=count)
            if known > 0:
                words += _("，{count} 份以前加过").format(count=known)
            self.session.write(added.changes, words)
            self.grid.setFocus()
            if added.refused:
                QTimer.singleShot(0, self, lambda: errors.show(refusal(added.refused, count)))

        job = jobs.start(
            lambda desk, progress: add(desk, files, about, stage, longest, progress),
            desk=self.session.desk,
            finished=done,
            strip=self.strip,
            words=_("正在加入 {count} 份…").format(count=len(files)),
        )
        # Those that were in before somebody pressed 取消 are there.
        job.cancelled.connect(lambda: self.session.write(Changes(kinds=frozenset({"evidence"}))))
        return job

    def paste(self) -> None:
        """A picture or files from the clipboard."""
        mime = QGuiApplication.clipboard().mimeData()
        files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()] if mime else []
        if files:
            self.attach(files)
            return
        image = QGuiApplication.clipboard().image()
        if image.isNull():
            self.session.told.emit(_("剪贴板里没有图片或文件"))
            return
        folder = Path(tempfile.mkdtemp(prefix="taizhang-"))
        file = folder / _("粘贴的图片.png")
        image.save(str(file))

        def clear() -> None:
            # The desk keeps its own copy; nothing personal may lie about in a temporary folder.
            file.unlink(missing_ok=True)
            folder.rmdir()

        self.attach([file]).ended.connect(clear)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = dropped_paths(event)
        if files:
            event.acceptProposedAction()
            self.attach(files)

    # Looking and changing
    def _enlarge(self, item: object) -> None:
        if isinstance(item, EvidenceView):
            ViewerDialog([item], self.thumbnails, self.window()).exec()
        elif isinstance(item, IssueView):
            self._choose_files(item)

    def _compare(self, view: EvidenceView) -> None:
        pair = pair_of(view, self._evidence)
        if pair:
            ViewerDialog(pair, self.thumbnails, self.window()).exec()

    def _withdraw(self, view: EvidenceView) -> None:
        reason, ok = QInputDialog.getText(
            self, _("撤下这份佐证"), _("为什么撤下（会记在历史里，文件不会删掉）：")
        )
        if ok and reason.strip():
            self.session.attempt(
                lambda desk: desk.withdraw(view.subject, reason.strip()), _("已撤下一份佐证")
            )

    def _choose_about(self, view: EvidenceView | None) -> None:
        if view is None:
            return
        # An indicator stands in the list by its id, in the piece as indicator/…; both are the same one.
        ticked = [self._own_name(about) for about in view.about]
        dialog = AboutDialog(self._names, ticked, self.window())
        if dialog.exec():
            self.set_about(view, dialog.chosen())

    def _own_name(self, about: str) -> str:
        last = about.rsplit("/", 1)[-1]
        return last if about not in self._names and last in self._names else about

    def set_about(self, view: EvidenceView, about: list[str]) -> None:
        self.session.attempt(lambda desk: desk.describe(view.subject, {"about": about}), _("已改它证明什么"))

    def _change_selected(self) -> None:
        views = self.grid.selected()
        if not views:
            self.session.told.emit(_("先在中间选几份（按住 Ctrl 可以多选）"))
            return
        dialog = PiecesDialog(len(views), "", self._stages_of(views[0]), self.window())
        if dialog.exec():
            self.change_pieces(views, dialog.fields)

    def change_pieces(self, views: list[EvidenceView], fields: dict[str, Any]) -> None:
        """All of them or, where one cannot be, none."""

        def all_of_them(desk: Desk) -> Changes:
            with desk.together():
                return Changes.joined([desk.describe(view.subject, fields) for view in views])

        self.session.attempt(all_of_them, _("已改 {count} 份").format(count=len(views)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NO_PANEL_BELOW * theme.ratio()
        self._narrow = narrow
        self.look.setVisible(narrow)
        self._fit_panel()
        self.left.setFixedWidth(theme.px(246 if narrow else 258))
        self.zone.sentence.setText(self._zone_words(narrow))
        low = self.height() < LOW * theme.ratio()
        if low != self._low:
            # The dashed cells say the same where the list of what is missing has no room.
            self._low = low
            self.panel.preview.setFixedHeight(theme.px(118 if low else 172))
            self.gap_card.setVisible(not low and bool(self._gaps))

    def _toggle_panel(self) -> None:
        """Where there is room for two of three columns, the piece itself takes the list's place."""
        self.look.setText(_("清单") if self.look.isChecked() else _("说明"))
        self._fit_panel()
        self.grid.setFocus()

    def _fit_panel(self) -> None:
        looking = not self._narrow or self.look.isChecked()
        self.panel.setVisible(looking)
        self.left.setVisible(not (self._narrow and looking))

    def _keep_scale(self) -> None:
        self.preferences.set_text("photo_size", str(self.scale.currentData()))

    @staticmethod
    def _zone_words(narrow: bool) -> str:
        return (
            _("拖到这里，或按 Ctrl+V 粘贴")
            if narrow
            else _("把照片、PDF、Office 文件拖到这里，或按 Ctrl+V 粘贴")
        )
