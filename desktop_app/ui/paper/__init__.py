"""Pages drawn with Qt: pdf and pictures, on any machine, with or without a screen."""

from __future__ import annotations

from pathlib import Path

from desktop_app.core.model.view import BoardView
from desktop_app.core.report.board import LeaderPage
from desktop_app.core.report.course import ScheduleView
from desktop_app.core.report.document import Document
from desktop_app.core.report.form import Form


class QtPaper:
    """The `core.report.paper.Paper` of this program.  Each verb imports its own page when asked."""

    def __init__(self) -> None:
        self._application = _application()

    def prose(self, document: Document, path: Path) -> None:
        from desktop_app.ui.paper import prose

        prose.draw(document, path)

    def form(self, form: Form, out: Path) -> None:
        from desktop_app.ui.paper.form import draw

        draw(form, out)

    def board(self, view: BoardView, path: Path, size: str, *, changes: bool = False) -> None:
        from desktop_app.ui.paper import board_sheet

        board_sheet.draw(view, path, size, changes=changes)

    def schedule(self, view: ScheduleView, area: str, path: Path) -> None:
        from desktop_app.ui.paper import schedule

        schedule.draw_area(view, area, path)

    def leader(self, page: LeaderPage, path: Path) -> None:
        from desktop_app.ui.paper import leader

        leader.draw(page, path)


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
