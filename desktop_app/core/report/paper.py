"""Who draws pages for pdf and pictures.  The drawing needs Qt, which nothing here knows; whoever starts the program
hands one in."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from desktop_app.core.model.view import BoardView
from desktop_app.core.report.board import LeaderPage
from desktop_app.core.report.course import ScheduleView
from desktop_app.core.report.document import Document
from desktop_app.core.report.form import Form


class Paper(Protocol):
    """Each verb draws one product into one file and returns nothing; OSError where the file cannot be written."""

    def form(self, form: Form, out: Path) -> None:
        """The unit's own form to print and stamp: A4 pages as pdf."""
        ...

    def prose(self, document: Document, path: Path) -> None:
        """A paper in words: pages (.pdf), or one long picture (.png)."""
        ...

    def board(self, view: BoardView, path: Path, size: str, *, changes: bool = False) -> None:
        """The wall board: a pdf page (A3 or A0), or a picture."""
        ...

    def schedule(self, view: ScheduleView, area: str, path: Path) -> None:
        """The backward schedule of one area ("" for all): A3 pages as pdf."""
        ...

    def leader(self, page: LeaderPage, path: Path) -> None:
        """For leaders: one A4 page (.pdf), or a picture as wide as a phone (.png)."""
        ...
