"""What the program notes about itself: a log that never grows large, reports to send when asking for help, and how the
last start ended.  None of it holds what somebody typed (see rules/redact.py).
"""

from __future__ import annotations

import faulthandler
import logging
import os
import platform
import sqlite3
import sys
from collections import deque
from datetime import datetime
from pathlib import Path
from typing import TextIO

from desktop_app import __version__
from desktop_app.core import paths
from desktop_app.core.rules.redact import fault_text, redact, without_home

LOG = "taizhang.log"
CRASH = "crash.txt"
_STARTING = "starting"
_LARGEST, _KEPT = 512 * 1024, 3
_LAST_LINES = 40
_REPORTS = 20

logger = logging.getLogger("taizhang")


class _Open:
    """What is noted into now."""

    handler: logging.Handler | None = None
    crash: TextIO | None = None


def folder() -> Path:
    """Where log and reports stand; beside the workspaces where these were put somewhere on purpose."""
    given = os.environ.get("TAIZHANG_HOME")
    if given:
        return Path(given) / "logs"
    travelling = paths.portable_own()
    if travelling is not None:
        return travelling / "logs"
    from platformdirs import user_log_path

    return user_log_path("taizhang", appauthor=False)


class _Redacting(logging.Formatter):
    """Our own lines as they are; what they quote, and every fault, redacted."""

    def formatException(self, ei) -> str:
        return fault_text(ei[1]) if ei and ei[1] is not None else ""

    def format(self, record: logging.LogRecord) -> str:
        # Another handler may have written the fault down in full already, and logging keeps that.
        kept, record.exc_text = record.exc_text, None
        try:
            return without_home(super().format(record))
        finally:
            record.exc_text = kept

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = redact(record.message)
        return super().formatMessage(record)


def start() -> None:
    """Begin to note.  A folder that cannot be written to stops nobody: there is no log then."""
    if _Open.handler is not None:
        return
    from logging.handlers import RotatingFileHandler

    try:
        place = folder()
        place.mkdir(parents=True, exist_ok=True)
        _keep_crash(place)
        handler = RotatingFileHandler(
            place / LOG, maxBytes=_LARGEST, backupCount=_KEPT, encoding="utf-8", delay=True
        )
        handler.setFormatter(_Redacting("%(asctime)s %(levelname)s %(name)s %(message)s"))
        handler.handleError = lambda record: None  # type: ignore[method-assign]
        root = logging.getLogger()
        root.addHandler(handler)
        root.setLevel(logging.INFO)
        _Open.handler = handler
        logger.info("start %s %s", __version__, platform.platform())
        # Kept open: a crash leaves no time to open it.
        _Open.crash = (place / CRASH).open("w", encoding="utf-8")
        faulthandler.enable(_Open.crash, all_threads=True)
    except OSError:
        return


def stop() -> None:
    """End what `start` began."""
    if _Open.crash is not None:
        faulthandler.disable()
        _Open.crash.close()
    if _Open.handler is not None:
        logging.getLogger().removeHandler(_Open.handler)
        _Open.handler.close()
    _Open.handler = _Open.crash = None


def _keep_crash(place: Path) -> None:
    """What the last crash left goes among the reports."""
    left = place / CRASH
    if left.exists() and left.stat().st_size:
        (place / "reports").mkdir(exist_ok=True)
        when = datetime.fromtimestamp(left.stat().st_mtime)
        left.replace(place / "reports" / f"report-{when:%Y%m%d-%H%M%S}-crash.txt")


def machine() -> list[str]:
    """What a technician asks for first."""
    return [
        f"taizhang {__version__}{' frozen' if getattr(sys, 'frozen', False) else ''}",
        f"{platform.platform()}  Python {platform.python_version()}  SQLite {sqlite3.sqlite_version}",
    ]


def write_report(error: BaseException, where: str = "") -> Path | None:
    """A file to send to whoever helps: the fault, the machine, the log's last lines.  None where it cannot be
    written."""
    now = datetime.now()
    lines = [
        f"{now:%Y-%m-%d %H:%M:%S}",
        *machine(),
        f"page {where}" if where else "",
        "",
        fault_text(error),
        "",
        *_last_lines(),
    ]
    try:
        place = folder() / "reports"
        place.mkdir(parents=True, exist_ok=True)
        _thin_out(place)
        path = place / f"report-{now:%Y%m%d-%H%M%S-%f}.txt"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path
    except OSError:
        return None


def _thin_out(place: Path) -> None:
    for old in sorted(place.glob("report-*.txt"))[: 1 - _REPORTS]:
        old.unlink(missing_ok=True)


def _last_lines() -> list[str]:
    try:
        with (folder() / LOG).open(encoding="utf-8", errors="replace") as file:
            return list(deque((line.rstrip("\n") for line in file), _LAST_LINES))
    except OSError:
        return []


# -- how starting went -----------------------------------------------------------------------------------------------


def begin_start() -> int:
    """Note that the program is about to start; returns how many starts before this one, in a row, never came to show
    a working window."""
    path = folder() / _STARTING
    try:
        failed = int(path.read_text(encoding="ascii") or "0")
    except (OSError, ValueError):
        failed = 0
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(failed + 1), encoding="ascii")
    except OSError:
        return 0
    return failed


def started() -> None:
    """The window is there and works."""
    try:
        (folder() / _STARTING).unlink(missing_ok=True)
    except OSError:
        return
