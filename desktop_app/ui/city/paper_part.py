"""What the four parts of 通报 share: title, button words, saving into a file the person chooses, work in a job."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from desktop_app.core.errors import KnownError
from desktop_app.core.i18n import _
from desktop_app.ui import errors, jobs, places, theme
from desktop_app.ui.jobs import Job
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.progress_strip import ProgressStrip


class PaperPart(QWidget):
    changed = Signal()
    """Title, note or readiness have changed."""

    act_word = ""
    second_word = ""
    second_always = False

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.strip: ProgressStrip | None = None
        self.cutoff = ""
        self._job: Job | None = None
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(theme.px(8))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(300), theme.px(160))

    # What each part answers
    def title(self) -> str:
        return ""

    def note(self) -> str:
        return ""

    def ready(self) -> bool:
        return False

    def fill(self, cutoff: str) -> None:
        """Read what is shown again."""

    def act(self) -> None:
        """The primary button."""

    def second(self) -> None:
        """The button beside it."""

    def focus_widget(self) -> QWidget:
        return self

    # Shared
    def work(self, call: Callable[..., Any], finished: Callable[[Any], object], words: str = "") -> None:
        """Run `call(desk, progress)` away from the screen; what was still running is given up."""
        if self._job is not None:
            self._job.stop()
            self._job.finished.disconnect()
        strip = self.strip if words else None
        job = jobs.start(call, desk=self.session.desk, strip=strip, words=words)
        self._job = job

        def done(result: Any) -> None:
            if not isValid(self):
                return  # The window was closed meanwhile.
            if self._job is job:
                self._job = None
            finished(result)
            self.changed.emit()

        def ended() -> None:
            if isValid(self) and self._job is job:
                self._job = None

        job.finished.connect(done)
        job.ended.connect(ended)

    @staticmethod
    def reading(cutoff: str) -> str:
        """What is told while a part fills itself: only a past ledger takes long, and only the first time."""
        return _("正在还原那时的台账，第一次要久一些…") if cutoff else ""

    def choose_file(self, name: str, kinds: str) -> Path | None:
        """Where to save; None when the person thinks better of it."""
        return places.choose_target(self, "papers", _("存到哪里"), name, kinds)

    def save(self, call: Callable[[], object], words: str) -> bool:
        """Write, and show a KnownError or a disk that refuses where it happens."""
        try:
            call()
        except KnownError as error:
            errors.show(error)
            return False
        self.session.told.emit(words)
        return True
