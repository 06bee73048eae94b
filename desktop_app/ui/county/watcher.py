"""Watching a folder, or every stick that is put in: looked at every few seconds, never on the window's thread."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.ui import jobs
from desktop_app.ui.preferences import Preferences
from desktop_app.ui.session import Session
from desktop_app.ui.verbs.county import Found, Seen

SECONDS = 5


class Watcher(QObject):
    """`found` carries packages that are new and lie still; `changed` tells that what is watched has changed."""

    found = Signal(list)
    changed = Signal()

    def __init__(self, session: Session, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._preferences = session, preferences
        # What is watched belongs to one unit on one computer.
        self._key = f"watch/{session.desk.unit}"
        self.folder = preferences.text(f"{self._key}/folder")
        self.sticks = preferences.text(f"{self._key}/sticks") == "yes"
        self.absent: tuple[Path, ...] = ()
        self._seen: frozenset[Seen] = frozenset()
        self._looking = False
        self._held = False
        self._timer = QTimer(self)
        self._timer.setInterval(SECONDS * 1000)
        self._timer.timeout.connect(self.look)

    @property
    def active(self) -> bool:
        return bool(self.folder) or self.sticks

    def start(self) -> None:
        """Go on with what was watched the last time."""
        if self.active:
            self._timer.start()
            self.look()

    def watch_folder(self, folder: Path | None) -> None:
        self.folder = str(folder) if folder is not None else ""
        self._preferences.set_text(f"{self._key}/folder", self.folder)
        self._again()

    def watch_sticks(self, wanted: bool) -> None:
        self.sticks = wanted
        self._preferences.set_text(f"{self._key}/sticks", "yes" if wanted else "")
        self._again()

    def _again(self) -> None:
        self._timer.stop()
        self.absent = ()
        self.start()
        self.changed.emit()

    def hold(self, held: bool) -> None:
        """While files are being taken in nobody looks: they would be found a second time."""
        self._held = held

    def look(self) -> None:
        """Look once, in the background; one look at a time."""
        if self._looking or self._held or not self.active:
            return
        self._looking = True
        desk, seen, sticks = self._session.desk, self._seen, self.sticks
        folder = [Path(self.folder)] if self.folder else []

        def work(_progress: object) -> Found:
            return desk.look([*folder, *(desk.sticks() if sticks else ())], seen)

        job = jobs.Job(work)
        job.quiet = True
        job.finished.connect(self._looked)
        job.ended.connect(self._ended)
        job.start()

    def _ended(self) -> None:
        self._looking = False

    def _looked(self, found: Found) -> None:
        self._seen = found.seen
        if tuple(found.absent) != self.absent:
            self.absent = tuple(found.absent)
            self.changed.emit()
        if found.fresh:
            self.found.emit(list(found.fresh))
