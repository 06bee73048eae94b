"""A block copied in Excel or WPS, laid onto the rows of the grid."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtGui import QGuiApplication

from desktop_app.core.model.view import IndicatorView
from desktop_app.ui.township import recorder
from desktop_app.ui.township.entry_model import EntryModel
from desktop_app.ui.widgets.records import GroupRow

Line = list[str]


class Placed(NamedTuple):
    """What one line brings for one row: the figure as typed ("" for an empty cell) and words beside it."""

    view: IndicatorView
    typed: str
    words: str = ""


def clipboard_block() -> list[Line]:
    """Lines of cells.  Empty lines stay, since they stand for rows; only the one after the last line break goes."""
    text = QGuiApplication.clipboard().text().replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    return [[cell.strip() for cell in line.split("\t")] for line in text.split("\n")] if text.strip() else []


def is_block() -> bool:
    """Whether the clipboard holds more than one cell."""
    block = clipboard_block()
    return len(block) > 1 or any(len(line) > 1 for line in block)


def placed_lines(model: EntryModel, block: list[Line], row: int) -> tuple[list[Placed], int]:
    """Where each line goes from `row` down, and how many have no place."""
    placed: list[Placed] = []
    lost = 0
    for line in block:
        named = _named(model, line)
        if named is not None:
            figures = [cell for cell in line if is_figure(cell) and cell != str(named.task)]
            typed = _of_rate(figures[-2:]) if named.measure == "rate" else "".join(figures[-1:])
            placed.append(Placed(named, typed))
            row = max(row, model.row_of(named.id) + 1)
            continue
        while 0 <= row < len(model.rows) and isinstance(model.rows[row], GroupRow):
            row += 1
        view = model.record(row)
        foreign = len(line) > 1 and any(line) and not is_figure(line[0]) and line[0] != ""
        if view is None or foreign:
            lost += any(line)
            continue
        placed.append(_beside(view, line))
        row += 1
    return placed, lost


def _named(model: EntryModel, line: Line) -> IndicatorView | None:
    """The indicator whose name stands in the line; of several with the same name the one whose task number does."""
    names = {cell for cell in line if cell and not is_figure(cell)}
    found = [view for view in model.shown() if view.name in names]
    if len(found) > 1:
        found = [view for view in found if str(view.task) in line]
    return found[0] if len(found) == 1 else None


def _beside(view: IndicatorView, line: Line) -> Placed:
    figures = [cell for cell in line if is_figure(cell)]
    words = next((cell for cell in line[1:] if cell and not is_figure(cell)), "")
    if view.measure == "rate":
        return Placed(view, _of_rate(figures) or line[0], words)
    # Two figures for one cell cannot be told apart: they are shown as they came, and refused in the cell.
    return Placed(view, "/".join(figures) if len(figures) > 1 else line[0], words)


def _of_rate(figures: list[str]) -> str:
    """A rate comes as one cell (2176/2189) or as two, numerator and denominator."""
    return "/".join(figures[:2])


def is_figure(cell: str) -> bool:
    """Digits as people write them, a fraction included."""
    plain = recorder.clean(cell).replace("/", "").replace(".", "").lstrip("-")
    return plain.isascii() and plain.isdigit()
