"""What the wall chart is made of: its two halves, where a task's cells lie, and what its marks and places mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from PySide6.QtCore import QRect

from desktop_app.core.i18n import _
from desktop_app.core.model.view import BoardCell, BoardView, TaskView

TEXT_OF_CELL = 0.31
"""The text's height in pixels is never more than this part of a cell's width: shape, three digits and an arrow
must fit."""
TEXT_OF_ROW = 0.58
FEW = 14
"""So many tasks stand in one panel."""
LIGHT_ORDER = ("green", "yellow", "red", "done", "none")
BEHIND = ("yellow", "red", "none")


@dataclass
class Panel:
    """One half of the chart: some tasks, and where their cells are."""

    tasks: list[TaskView]
    rect: QRect
    band: int
    number: int
    name: int
    cell: float
    total: int
    head: int
    row: float
    foot: int
    last: bool
    text: float
    cells: dict[tuple[int, str], QRect] = field(default_factory=dict)

    def left(self) -> float:
        return self.rect.left() + self.band + self.number + self.name

    def top_of(self, number: int) -> int:
        return self.rect.top() + self.head + round(number * self.row)


def halves(tasks: list[TaskView]) -> tuple[list[TaskView], list[TaskView]]:
    """Split where a category ends, as near to the middle as that gets."""
    ends = [n for n in range(1, len(tasks)) if tasks[n].category != tasks[n - 1].category]
    if not ends:
        return tasks, []
    middle = min(ends, key=lambda n: abs(n - len(tasks) / 2))
    return tasks[:middle], tasks[middle:]


def short_area(name: str) -> str:
    return name[:-1] if len(name) > 2 and name[-1] in "市县区镇乡园" else name


def not_behind(view: BoardView, area: str, tasks: list[TaskView]) -> tuple[int, int]:
    """How many of the area's tasks are not behind, and of how many."""
    cells = [view.cells.get((task.no, area)) for task in tasks]
    applying = [cell for cell in cells if cell is not None and cell.applies]
    return sum(cell.light not in BEHIND for cell in applying), len(applying)


def rank_rule() -> str:
    """Where places stand, how they come about stands too."""
    return _("名次按不落后（正常、完成）的项数占应做项数的比例；比例相同的并列，没报的项算落后。")


def ranks(view: BoardView) -> dict[str, int]:
    """Place by share of tasks not behind; ties share it."""
    shares: dict[str, Fraction] = {}
    for area, _name in view.areas:
        good, of = not_behind(view, area, list(view.tasks))
        shares[area] = Fraction(good, of) if of else Fraction(0)
    return {area: 1 + sum(other > share for other in shares.values()) for area, share in shares.items()}


def says_more(view: BoardView) -> bool:
    """Whether a sum tells anything that the only area's cells do not: what the city's own departments report."""
    for task in view.tasks:
        whole = view.totals.get(task.no)
        part = next((view.cells.get((task.no, area)) for area, _name in view.areas), None)
        if whole is None or not whole.applies:
            continue
        if part is None or (part.light, part.shown) != (whole.light, whole.shown):
            return True
    return False


def missed_only(cell: BoardCell) -> bool:
    """Whether a light is red for a dated step alone: the figure itself is where it should be."""
    return bool(cell.step) and cell.worst is not None and cell.due is not None and cell.worst >= cell.due


def no_goal(cell: BoardCell) -> bool:
    """Whether figures came in, but there is nothing yet to hold them against."""
    return cell.applies and cell.shown is None and cell.light == "green"
