"""The wall chart on paper and as a picture: with title, legend, and the rules of lights and places."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from desktop_app.core.i18n import _, on_paper
from desktop_app.core.model.view import BoardView
from desktop_app.core.report.board import as_paper
from desktop_app.ui.paper import pages
from desktop_app.ui.paper.board import BoardPicture
from desktop_app.ui.paper.board_layout import rank_rule

PAGES = {"A3": (420, 297), "A0": (1189, 841)}
"""Landscape, in millimetres."""
PICTURE = (3840, 2160)


def draw_sheet(painter: QPainter, rect: QRect, picture: BoardPicture) -> None:
    """The whole sheet with title, legend and the rule of the lights."""
    sheet = BoardPicture(picture.view, bool(picture.ranks), changes=picture.changes)
    title = round(rect.height() * 0.053)
    notes = [_("亮灯规则：{rule}").format(rule=picture.view.rule)] if picture.view.rule else []
    notes += [rank_rule()] if picture.ranks else []
    foot = round(rect.height() * 0.02) * len(notes)
    margin = round(rect.width() * 0.008)
    sheet.title(painter, QRect(rect.left() + margin, rect.top(), rect.width() - 2 * margin, title))
    sheet.lay_out(rect.adjusted(margin, title, -margin, -margin - foot))
    sheet.paint(painter)
    for number, words in enumerate(notes):
        line = foot // len(notes)
        top = rect.bottom() - foot - margin // 3 + number * line
        below = QRect(rect.left() + margin, top, rect.width() - 2 * margin, line)
        sheet.small(painter, below, words, line * 0.6)


@on_paper
def draw(view: BoardView, path: Path, size: str = "A3", *, changes: bool = False) -> None:
    """As pdf (A3 or A0, landscape) or picture, by the name's ending.  OSError where it cannot be written."""
    picture = BoardPicture(as_paper(view), view.ranked, changes=changes)
    if path.suffix.lower() == ".pdf":
        pages.pdf(path, PAGES[size], lambda painter, rect: draw_sheet(painter, rect, picture), margin=8)
        return
    pages.picture(path, PICTURE, lambda painter, rect: draw_sheet(painter, rect, picture))
