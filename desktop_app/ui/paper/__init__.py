"""Pages drawn with Qt: pdf and pictures, on any machine, with or without a screen."""

from __future__ import annotations


class QtPaper:
    """The `core.report.paper.Paper` of this program.  Each verb imports its own page when asked."""

    def __init__(self) -> None:
        self._application = _application()


def _application() -> object:
    """Qt draws text only where there is an application; without a screen it draws off screen."""
    import os
    import sys

    from PySide6.QtWidgets import QApplication

    running = QApplication.instance()
    if running is not None:
        return running
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QApplication(sys.argv[:1])
