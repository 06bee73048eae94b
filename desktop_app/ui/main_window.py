"""The main window of one desk: the frame and the pages, which are made when they are first shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.ui import text, theme
from desktop_app.ui.answers import Workspace
from desktop_app.ui.frame.desks import Place, places_for
from desktop_app.ui.frame.navigation import Navigation
from desktop_app.ui.frame.status_bar import StatusBar
from desktop_app.ui.frame.top_bar import TopBar
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.page import Page, PageStack

FOLD_BELOW = 1100
"""Narrower than this the navigation folds to icons over words."""
FOLD_WIDE_PAGES_BELOW = 1500
WATCH_FIRST = 1_500
"""Milliseconds after which a watched folder is looked at again: the first page comes first."""
BACKUP_FIRST, BACKUP_EVERY = 60_000, 1_800_000
"""Milliseconds after which it is asked whether the day's backup is due."""


class MainWindow(QMainWindow):
    workspace_chosen = Signal(object)
    """Another unit's folder from the switch; None asks for the first page (another unit)."""
    closing = Signal()
    """About to go: what is remembered of it is written now."""
    restart_wanted = Signal()
    """The text setting changed: the windows must be built again."""

    def __init__(
        self, session: Session, workspaces: Sequence[Workspace] = (), folder: Path | None = None
    ) -> None:
        super().__init__()
        self.session = session
        self.overview = session.desk.overview(session.period)
        self.places: list[Place] = places_for(self.overview)
        self.pages: dict[str, Page] = {}
        self.current = ""
        self._finder: Any = None
        self._manual: Any = None
        self.closes_desk = True
        self.setWindowTitle(_("{unit} · 民生实事台账").format(unit=self.overview.unit_name))
        self.top = TopBar()
        self.navigation = Navigation(self.places)
        self.stack = PageStack()
        self.status = StatusBar()
        centre = QWidget()
        centre.setObjectName("body")
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.navigation)
        middle.addWidget(self.stack, 1)
        column.addLayout(middle, 1)
        column.addWidget(self.status)
        self.setCentralWidget(centre)
        self._badges = QTimer(self)
        self._badges.setSingleShot(True)
        self._badges.setInterval(80)
        self._badges.timeout.connect(self._show_badges)
        self._fill_switches(workspaces, folder)
        self._just_noted = False
        self._noted = session.desk.undoable().noted
        self._backups = QTimer(self)
        self._backups.setInterval(BACKUP_EVERY)
        self._backups.timeout.connect(self._back_up_by_itself)
        self._backups.start()
        QTimer.singleShot(BACKUP_FIRST, self, self._back_up_by_itself)
        QTimer.singleShot(WATCH_FIRST, self, self._watch)
        self._show_forks_place()
        self._connect()
        self._add_shortcuts()
        self._show_overview()

    def minimumSizeHint(self) -> QSize:
        # Panels scroll inside; the window may become as small as a laptop at 150 % asks.
        return QSize(theme.px(640), theme.px(360))

    def _fill_switches(self, workspaces: Sequence[Workspace], folder: Path | None) -> None:
        own = self.top.unit_word(self.overview)
        entries: list[tuple[str, object]] = []
        current = 0
        for workspace in workspaces:
            if workspace.folder == folder:
                current = len(entries)
                entries.append((own, workspace.folder))
            else:
                entries.append((workspace.name, workspace.folder))
        if not entries:
            entries.append((own, folder))
        entries.append((_("另一个单位…"), "add"))
        self.top.set_units(entries, current)
        self._unit_number = current
        self.folder = folder
        self.top.set_periods(self.session.desk.periods(), self.session.period)

    def _connect(self) -> None:
        self.navigation.chosen.connect(self._start_page)
        self.top.period_chosen.connect(self.session.show_period)
        self.top.unit_chosen.connect(self._choose_unit)
        self.top.help_wanted.connect(self.show_help)
        self.top.unsent_pressed.connect(self._show_unsent)
        self.top.searched.connect(self._search)
        self.status.undo_pressed.connect(self.undo)
        self.session.changed.connect(self._written)
        self.session.changed.connect(self._on_changed)
        self.session.period_changed.connect(self._on_period_changed)
        self.session.told.connect(self._tell)

    def _add_shortcuts(self) -> None:
        def add(keys: str, call) -> None:
            QShortcut(QKeySequence(keys), self).activated.connect(call)

        add("F1", self.show_manual)
        add("Shift+F1", self.show_help)
        add("Ctrl+K", self._focus_search)
        add("Ctrl+Return", self._press_primary)
        add("Ctrl+Enter", self._press_primary)
        add("Ctrl+Z", self.undo)
        add("Ctrl+Y", self.redo)
        add("Ctrl+S", self.save_backup)
        for number, place in enumerate(self.places[:9]):
            add(f"Ctrl+{number + 1}", lambda key=place.key: self._start_page(key))

    # Pages
    def show_page(self, key: str, what: object = None) -> Page | None:
        """Go to a page; `what` is the thing it should show there."""
        key = {"submit": "forward", "forward": "submit"}.get(key, key) if not self._has(key) else key
        place = next((place for place in self.places if place.key == key), None)
        if place is None:
            return None
        entry = self.pages.get("entry")
        if key == "submit" and entry is not None and entry.holds_back():
            return self.show_page("entry")
        page = self._page(place)
        self.current = key
        self.navigation.mark(key)
        self._fold(page)
        self.stack.setCurrentWidget(page)
        page.refresh_if_stale()
        page.take_focus()
        if what is not None:
            page.show_subject(what)
        return page

    def _start_page(self, key: str) -> None:
        page = self.show_page(key)
        if page is not None and page is self.pages.get(self.current):
            page.start_over()

    def _page(self, place: Place) -> Page:
        """The page of a place, made when it is first wanted."""
        page = self.pages.get(place.key)
        if page is None:
            page = self.pages[place.key] = place.open(self.session)
            page.wanted.connect(self._go)
            self.stack.addWidget(page)
        return page

    def _watch(self) -> None:
        """What 收件 watched the last time is watched again, whichever page is looked at."""
        from desktop_app.ui.preferences import Preferences

        place = next((place for place in self.places if place.key == "inbox"), None)
        if place is not None and Preferences().watches(self.session.desk.unit):
            self._page(place)

    def _has(self, key: str) -> bool:
        return any(place.key == key for place in self.places)

    def _go(self, key: str, what: object) -> None:
        if key == "restart":
            self.restart_wanted.emit()
        else:
            self.show_page(key, what)

    def _fold(self, page: Page | None) -> None:
        ratio = theme.ratio()
        below = FOLD_WIDE_PAGES_BELOW if page is not None and page.wide else FOLD_BELOW
        self.navigation.set_compact(self.width() < below * ratio)
        self.top.set_compact(self.width() < FOLD_BELOW * ratio)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold(self.pages.get(self.current))

    def _press_primary(self) -> None:
        page = self.pages.get(self.current)
        if page is not None and page.primary is not None and page.primary.isEnabled():
            page.primary.click()

    # Frame
    def _show_overview(self) -> None:
        self.overview = self.session.desk.overview(self.session.period)
        self.top.show_overview(self.overview)
        self.status.show_overview(self.overview, self.session.desk.today())
        # Counting what waits reads whole lists: only after the page has been drawn.
        self._badges.start()

    def _show_badges(self) -> None:
        desk, period = self.session.desk, self.session.period

        def waiting_files() -> int:
            from desktop_app.ui.county.inbox_model import needs_work

            return sum(needs_work(row) for row in desk.inbox(period))

        counts = {
            "problems": lambda: sum(problem.status == "open" for problem in desk.problems()),
            "inbox": waiting_files,
            "forks": self._count_forks,
            "missing": lambda: sum(row.state == "missing" for row in desk.missing(period)),
        }
        for key, count in counts.items():
            if key in self.navigation.buttons:
                self.navigation.buttons[key].set_badge(count())
        self._show_forks_place()

    def _count_forks(self) -> int:
        """How many differences wait; which they are, and of which months, stands in the place's tooltip."""
        waiting = [fork for fork in self.session.desk.forks() if not fork.answered]
        self.navigation.buttons["forks"].setToolTip(
            "\n".join(f"{fork.unit_name} {text.fork_title(fork.title, fork.period)}" for fork in waiting[:10])
        )
        return len(waiting)

    def _show_forks_place(self) -> None:
        """A desk that reports meets 不一致 seldom; its place is there while something is to be settled."""
        place = self.navigation.buttons.get("forks")
        if place is not None and self._has("submit"):
            place.setVisible(place.badge > 0 or self.current == "forks")

    def _on_changed(self, changes: Changes) -> None:
        # A package from outside may have brought a new month.
        self.top.set_periods(self.session.desk.periods(), self.session.period)
        self._show_overview()

    def _on_period_changed(self, period: Period) -> None:
        self.top.set_periods(self.session.desk.periods(), period)
        self._show_overview()

    def _tell(self, words: str) -> None:
        # Beside other words than those of the act itself the button would undo something else.
        self.status.tell(words, self._just_noted and bool(self.session.desk.undoable().undo))

    def _written(self, changes: Changes) -> None:
        """A write is told of within the same event, or not at all.  Not every write can be undone: a month that was
        closed must not offer to undo the figure that was typed before."""
        noted = self.session.desk.undoable().noted
        self._just_noted, self._noted = noted != self._noted, noted
        QTimer.singleShot(0, self, self._forget_write)

    def _forget_write(self) -> None:
        self._just_noted = False

    def _choose_unit(self, data: object) -> None:
        self.top.unit.setCurrentIndex(self._unit_number)
        if data == "add":
            self.workspace_chosen.emit(None)
        elif data != self.folder:
            self.workspace_chosen.emit(data)

    def _show_unsent(self) -> None:
        self.show_page("submit")

    # Commands
    def undo(self) -> None:
        step = self.session.desk.undoable()
        if step.undo:
            self._tell_step(self.session.attempt(lambda desk: desk.undo()), step.undone)

    def redo(self) -> None:
        step = self.session.desk.undoable()
        if step.redo:
            self._tell_step(self.session.attempt(lambda desk: desk.redo()), step.redone)

    def _tell_step(self, done: Changes | None, words: str) -> None:
        if done is not None:
            self.status.tell(words if done.entries else _("这一步以后又改过，没有撤销"))

    def save_backup(self) -> None:
        from desktop_app.ui.frame.backup import choose_and_save

        choose_and_save(self.session, self)

    def _back_up_by_itself(self) -> None:
        from desktop_app.ui.frame.backup import look

        # A window that was closed may be told once more; its desk is closed too.
        if self.isVisible():
            look(self.session)

    def show_help(self) -> None:
        from desktop_app.ui.frame.help_dialog import HelpDialog

        HelpDialog(self.current, self).exec()

    def show_manual(self) -> None:
        """The manual, open beside the work, at the chapter about the page in front."""
        from desktop_app.ui.frame.manual_window import ManualWindow

        if self._manual is None:
            self._manual = ManualWindow(self.current, self)
        else:
            self._manual.open_at(self.current)
        self._manual.show()
        self._manual.raise_()

    def _focus_search(self) -> None:
        self.top.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.top.search.selectAll()

    def _search(self, words: str) -> None:
        from desktop_app.ui.frame.finder import Finder

        if self._finder is None:
            self._finder = Finder(self.session, self.top.search, [(p.key, p.word) for p in self.places])
            self._finder.chosen.connect(self._go)
        self._finder.look_for(words)

    def keep_desk_open(self) -> None:
        """Another window goes on with the same desk."""
        self.closes_desk = False

    def closeEvent(self, event: QCloseEvent) -> None:
        from desktop_app.ui import jobs

        self.closing.emit()
        self._backups.stop()
        self._badges.stop()
        if self.closes_desk:
            from desktop_app.ui.frame.backup import before_closing

            try:
                before_closing(self.session, self)
                jobs.wait(5000)
            finally:
                # Also where the disk has gone: nothing holds on to the workspace of a window that is closed.
                self.session.desk.close()
        super().closeEvent(event)
