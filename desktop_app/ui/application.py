"""Starting the program: dress it, find the desk, show its window; otherwise the first page."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QByteArray,
    QLibraryInfo,
    QTimer,
    QtMsgType,
    QTranslator,
    qInstallMessageHandler,
)
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from desktop_app.core import errors as known
from desktop_app.core import i18n, paths
from desktop_app.core.i18n import _
from desktop_app.core.lazy import later
from desktop_app.ui.opening import Opening, keep, manner
from desktop_app.ui.preferences import Preferences

if TYPE_CHECKING:
    from desktop_app.core.operations import logbook
    from desktop_app.ui import errors, theme
    from desktop_app.ui.desk import Desk, Entrance
    from desktop_app.ui.main_window import MainWindow
else:
    # Read while the opening picture is already to be seen.
    later(globals(), "desktop_app.core.operations", "logbook")
    later(globals(), "desktop_app.ui", "errors theme")

QUIET = ("propagateSizeHints",)
"""Lines of the offscreen platform that say nothing to anyone."""
STEADY = 3000
"""Milliseconds after which a start is held to have gone well."""


def _message(kind: QtMsgType, context: object, words: str) -> None:
    if not any(part in words for part in QUIET):
        print(words, file=sys.stderr)


def make_application(arguments: list[str] | None = None, language: str = "") -> QApplication:
    """The QApplication, in the language chosen: ours and Qt's own words.  Widgets are made after it."""
    language = i18n.choose_language(language)
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    qInstallMessageHandler(_message)
    application = QApplication(arguments if arguments is not None else sys.argv[:1])
    application.setApplicationName("taizhang")
    application.setApplicationDisplayName("")
    if language != "zh":
        return application
    translator = QTranslator(application)
    where = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load("qtbase_zh_CN", where):
        application.installTranslator(translator)
    return application


class Windows:
    """Which window is open: a desk's, or the first page.  It keeps them alive and swaps them."""

    def __init__(self, entrance: Entrance | None, preferences: Preferences) -> None:
        self.entrance = entrance
        self.preferences = preferences
        self.window: MainWindow | None = None
        self.first: object | None = None
        self.opening: Opening | None = None

    def open_folder(self, folder: Path) -> bool:
        assert self.entrance is not None
        try:
            desk = self.entrance.open(folder)
        except known.KnownError as error:
            if self.opening is not None:
                self.opening.forget_picture()
            errors.show(error)
            return False
        self.preferences.set_text("last_folder", str(folder))
        self.open_desk(desk, folder)
        return True

    def open_desk(self, desk: Desk, folder: Path | None = None, page: str = "") -> MainWindow:
        from desktop_app.ui.main_window import MainWindow
        from desktop_app.ui.session import Session

        workspaces = self.entrance.workspaces() if self.entrance is not None else []
        window = MainWindow(Session(desk), workspaces, folder)
        window.workspace_chosen.connect(self._choose)
        window.restart_wanted.connect(self._restart)
        self._show(window, page)
        return window

    def _keep_place(self, window: MainWindow) -> None:
        """Where and how large a person left the window, on this computer."""
        self.preferences.set_text("window", bytes(window.saveGeometry().toBase64().data()).decode())

    def _keep_picture(self, window: MainWindow) -> None:
        """What will be seen first the next time: the first page, of the month it will open with."""
        if not window.closes_desk or window.folder is None or window.isMinimized() or not window.isVisible():
            return
        months = window.session.desk.periods()
        if months:
            window.session.show_period(months[0])
        window.show_page(window.places[0].key)
        keep(window, window.folder, self._manner())

    def _manner(self) -> str:
        return manner(i18n.language(), self.preferences.large_text)

    def _find_place(self, window: MainWindow) -> bool:
        left = self.preferences.text("window")
        return bool(left) and window.restoreGeometry(QByteArray.fromBase64(left.encode()))

    def _show(self, window: MainWindow, page: str = "") -> None:
        old, self.window = self.window, window
        window.closing.connect(lambda: self._keep_place(window))
        window.closing.connect(lambda: self._keep_picture(window))
        kept = old is None and self._find_place(window)
        if old is not None:
            window.resize(old.size())
        elif not kept:
            screen = window.screen().availableGeometry()
            # 1366×768 less title bar and taskbar is the plan; a larger screen gets a larger window.
            window.resize(min(screen.width(), 1440), min(screen.height(), 900))
        window.show_page(page or window.places[0].key)
        small = old is None and not kept and window.screen().availableGeometry().width() <= 1440
        if (old is not None and old.isMaximized()) or small:
            window.showMaximized()
        else:
            window.show()
        self._opened()
        if old is not None:
            old.close()
            old.deleteLater()
        if self.first is not None:
            self.first.close()  # type: ignore[attr-defined]
            self.first = None

    def _opened(self) -> None:
        if self.opening is not None:
            self.opening.close()
            self.opening.deleteLater()
            self.opening = None

    def open_first(self) -> None:
        from desktop_app.ui.identity.first_start import FirstStartWindow

        assert self.entrance is not None
        first = FirstStartWindow(self.entrance, self.preferences)
        first.opened.connect(self.open_folder)
        first.restart_wanted.connect(self._restart_first)
        first.page.sample_going.connect(self._leave_sample)
        old, self.first = self.first, first
        first.show()
        self._opened()
        if old is not None:
            old.close()  # type: ignore[attr-defined]

    def _leave_sample(self) -> None:
        window = self.window
        if window is not None and window.overview.sample:
            self.window = None
            window.close()
            window.deleteLater()

    def _restart_first(self) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        theme.apply(application, self.preferences.large_text)
        self.open_first()

    def _choose(self, folder: object) -> None:
        if isinstance(folder, Path):
            self.open_folder(folder)
        elif self.entrance is not None:
            self.open_first()

    def take_in(self, files: list[Path]) -> None:
        """Packages opened from outside go where this desk takes them in; on the first page, a setup package."""
        from desktop_app.ui.identity.first_start import FirstStartWindow
        from desktop_app.ui.township import receiving

        if self.window is None:
            if isinstance(self.first, FirstStartWindow):
                self.first.page.open_setup(files[0])
            return
        page = self.window.show_page("inbox")
        if page is not None and hasattr(page, "merge"):
            page.merge(files)
        else:
            receiving.take_in(self.window.session, files)

    def _restart(self) -> None:
        """Build the window again in the new text size or language, where the person was."""
        i18n.choose_language(self.preferences.language)
        application = QApplication.instance()
        assert isinstance(application, QApplication) and self.window is not None
        theme.apply(application, self.preferences.large_text)
        window = self.window
        workspaces = self.entrance.workspaces() if self.entrance is not None else []
        from desktop_app.ui.main_window import MainWindow
        from desktop_app.ui.session import Session

        rebuilt = MainWindow(Session(window.session.desk, window.session.period), workspaces, window.folder)
        rebuilt.workspace_chosen.connect(self._choose)
        rebuilt.restart_wanted.connect(self._restart)
        window.keep_desk_open()
        self._show(rebuilt, window.current)


def run(
    entrance: Entrance | Callable[[], Entrance] | None = None,
    *,
    workspace: Path | None = None,
    desk: Desk | None = None,
    preferences: Preferences | None = None,
    prepare: Callable[[QApplication], None] | None = None,
    safe: bool = False,
    files: Sequence[Path] = (),
) -> int:
    """Show the program until it is closed; the exit status.

    With `desk` that desk is shown; with `workspace` its folder is opened; otherwise the folder of last time, the only
    one there is, or the first page.  `safe` starts without anything remembered.  `files` are then taken in there, as
    if dropped.  `entrance` may be what makes one: it is called once something is to be seen.
    """
    logbook.start()
    failed = logbook.begin_start()
    preferences = preferences or Preferences()
    application = make_application(language=preferences.language)
    last = workspace or Path(preferences.text("last_folder") or ".")
    drawn_as = manner(i18n.language(), preferences.large_text)
    opening = Opening(None if safe or failed else last, drawn_as, preferences.text("window"))
    opening.begin()
    application.processEvents()
    theme.apply(application, preferences.large_text)
    if safe or _wants_safe_mode(failed):
        from desktop_app.ui import safe_mode

        safe, preferences = True, safe_mode.preferences()
        theme.apply(application, preferences.large_text)
    errors.catch_everything()
    windows = Windows(entrance() if callable(entrance) else entrance, preferences)
    windows.opening = opening
    if desk is not None:
        windows.open_desk(desk)
    elif windows.entrance is None:
        raise known.UsageError(_("没有说明要打开哪个单位的文件夹。"))
    elif safe or not _open_some(windows, windows.entrance, workspace, preferences):
        windows.open_first()
    if files:
        QTimer.singleShot(0, application, lambda: windows.take_in(list(files)))
    # Shown, and the events of its first seconds have been worked off.
    QTimer.singleShot(STEADY, application, logbook.started)
    # Drawing it takes longer than a first window should wait for.
    QTimer.singleShot(0, application, lambda: application.setWindowIcon(_icon()))
    if prepare is not None:
        prepare(application)
    status = application.exec()
    logbook.started()
    return status


def _icon() -> QIcon:
    return QIcon(str(paths.ICON))


def _wants_safe_mode(failed: int) -> bool:
    if not failed:
        return False
    from desktop_app.ui import safe_mode

    return safe_mode.offer(failed)


def _open_some(
    windows: Windows, entrance: Entrance, workspace: Path | None, preferences: Preferences
) -> bool:
    if workspace is not None:
        return windows.open_folder(workspace)
    known_folders = [place.folder for place in entrance.workspaces()]
    last = preferences.text("last_folder")
    if last and Path(last) in known_folders:
        return windows.open_folder(Path(last))
    return len(known_folders) == 1 and windows.open_folder(known_folders[0])
