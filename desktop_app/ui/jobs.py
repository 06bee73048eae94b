"""Long work away from the screen: the only place with threads.

A job opens its own store (`desk.opened()`), hears of cancelling through `progress(...)`, and ends in one of three
ways on the UI's thread: with its result, with a KnownError or fault, or cancelled in silence.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, QTimer, Signal

from desktop_app.core.errors import Cancelled
from desktop_app.ui import errors
from desktop_app.ui.session import Desk

Work = Callable[..., Any]
_running: set[Job] = set()


class _Signals(QObject):
    advanced = Signal(object, object, str)
    finished = Signal(object)
    failed = Signal(object)
    cancelled = Signal()


class _Runner(QRunnable):
    def __init__(self, job: Job, work: Callable[[], Any]) -> None:
        super().__init__()
        # Python keeps the runner; the pool deleting it as well would free it twice.
        self.setAutoDelete(False)
        self._job, self._work = job, work

    def run(self) -> None:
        signals = self._job.signals
        try:
            result = self._work()
        except Cancelled:
            signals.cancelled.emit()
        except BaseException as error:
            signals.failed.emit(error)
        else:
            signals.finished.emit(result)


class Job(QObject):
    """One piece of long work.  Connect, then `start`."""

    advanced = Signal(object, object, str)
    finished = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    ended = Signal()
    """After any of the three endings."""

    def __init__(self, work: Work, desk: Desk | None = None) -> None:
        """`work(progress)`, or `work(desk, progress)` on a desk of the job's own where one is given."""
        super().__init__()
        self._stop = threading.Event()
        self._told = 0.0
        self.signals = _Signals()
        # Signals cross to this object's thread: what is connected here runs on the UI's thread.
        self.signals.advanced.connect(self.advanced)
        self.signals.finished.connect(self._finish)
        self.signals.failed.connect(self._fail)
        self.signals.cancelled.connect(self._cancel)

        def run() -> Any:
            if desk is None:
                return work(self._progress)
            with desk.opened() as own:
                return work(own, self._progress)

        self._runner = _Runner(self, run)
        self.quiet = False
        """Whether whoever started it shows the errors."""

    def start(self) -> Job:
        _running.add(self)
        QThreadPool.globalInstance().start(self._runner)
        return self

    def stop(self) -> None:
        """Ask the work to stop at its next `progress`."""
        self._stop.set()

    def _progress(self, done: int, total: int, text: str = "") -> None:
        if self._stop.is_set():
            raise Cancelled
        now = time.monotonic()
        # Twenty times a second is all anyone sees; the last step is always told.
        if now - self._told > 0.05 or done >= total > 0:
            self._told = now
            self.signals.advanced.emit(done, total, text)

    def _finish(self, result: Any) -> None:
        _running.discard(self)
        self.finished.emit(result)
        self.ended.emit()

    def _fail(self, error: BaseException) -> None:
        _running.discard(self)
        self.failed.emit(error)
        self.ended.emit()
        if not self.quiet:
            errors.show(error)

    def _cancel(self) -> None:
        _running.discard(self)
        self.cancelled.emit()
        self.ended.emit()


def start(
    work: Callable[..., Any],
    *,
    desk: Desk | None = None,
    finished: Callable[[Any], object] | None = None,
    strip: Any = None,
    words: str = "",
    ended: Callable[[], object] | None = None,
) -> Job:
    """The usual way: run it, show it on a ProgressStrip, hand the result over."""
    job = Job(work, desk)
    if strip is not None:
        strip.begin(words)
        job.advanced.connect(strip.advance)
        strip.cancelled.connect(job.stop)
        job.ended.connect(strip.end)
    if finished is not None:
        job.finished.connect(finished)
    if ended is not None:
        job.ended.connect(ended)
    return job.start()


def when_idle(act: Callable[[], object]) -> None:
    """Call once no work runs any more; what the present event still starts is waited for too."""

    def look() -> None:
        if _running:
            QTimer.singleShot(100, look)
        else:
            act()

    QTimer.singleShot(0, look)


def running() -> int:
    return len(_running)


def wait(milliseconds: int = 30000) -> bool:
    """Until no work runs, for the end of the program and for tests."""
    return QThreadPool.globalInstance().waitForDone(milliseconds)
