"""The board's numbers as they are kept beside the figures, so that a city of ten counties opens it like one of one.

Two records (`store/sums_table`): an area's lights, struck out with whatever changes in the area; and the whole board of
a month with its comparison, struck out with whatever changes anywhere below.  Numbers and words that repeat are written
once and named by their place.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

import msgspec

from desktop_app import __version__
from desktop_app.core.model.plan import Plan
from desktop_app.core.model.view import BoardCell, Light

NOTHING = -1
"""The place of a number that is not there."""
ABSENT = BoardCell(percent=None, light="none", change=0, applies=False)
"""Where an area has no part in a task."""


class Now(NamedTuple):
    """A task in an area: the mean of its indicators, its light; of the indicator that makes the light its id, how far
    it is and should be, and the dated step it has missed; how many are bad, of how many; how far each is; how many
    figures that were due nobody has ever reported."""

    percent: Fraction | None
    light: Light
    worst: Fraction | None
    due: Fraction | None
    behind: int
    of: int
    slowest: str
    step: str
    dones: dict[str, Fraction | None]
    missing: int


# -- lights of one area ----------------------------------------------------------------------------------------------


class _Light(msgspec.Struct, frozen=True, array_like=True, gc=False):
    light: Light
    percent: str | None
    due: str | None
    behind: int
    slowest: str
    step: str
    dones: dict[str, str | None]
    missing: int


class _Lights(msgspec.Struct, frozen=True, array_like=True):
    version: str
    tasks: dict[int, _Light]


_lights = msgspec.json.Decoder(_Lights)


def encode_lights(tasks: Mapping[int, Now]) -> bytes:
    kept = {
        no: _Light(
            now.light,
            _written(now.percent),
            _written(now.due),
            now.behind,
            now.slowest,
            now.step,
            {ident: _written(done) for ident, done in now.dones.items()},
            now.missing,
        )
        for no, now in tasks.items()
    }
    return msgspec.json.encode(_Lights(__version__, kept))


def decode_lights(told: bytes) -> dict[int, Now] | None:
    """None where another version wrote them."""
    try:
        kept = _lights.decode(told)
        if kept.version != __version__:
            return None
        return {no: _now(item) for no, item in kept.tasks.items()}
    except (msgspec.MsgspecError, ValueError, ZeroDivisionError, KeyError):
        return None


def _now(item: _Light) -> Now:
    dones = {ident: _number(done) for ident, done in item.dones.items()}
    return Now(
        _number(item.percent),
        item.light,
        dones[item.slowest],
        _number(item.due),
        item.behind,
        len(dones),
        item.slowest,
        item.step,
        dones,
        item.missing,
    )


def _written(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _number(value: str | None) -> Fraction | None:
    return None if value is None else _fraction(value)


def _fraction(text: str) -> Fraction:
    """Written by `str` of one: without the reading of every other form, which takes most of the time."""
    numerator, _slash, denominator = text.partition("/")
    return Fraction(int(numerator), int(denominator or 1))


# -- the whole board -------------------------------------------------------------------------------------------------


class Board(NamedTuple):
    """What a board says, without its words."""

    name: str
    areas: tuple[tuple[str, str], ...]
    cells: dict[tuple[int, str], BoardCell]
    totals: dict[int, BoardCell]
    expected: dict[int, Fraction | None]
    received: int
    ranked: bool
    tolerance: Fraction
    lag: Fraction


class _Cell(msgspec.Struct, frozen=True, array_like=True, gc=False):
    light: Light
    change: int
    percent: int
    worst: int
    due: int
    behind: int
    of: int
    before: Light | None
    step: str
    missing: int


class _Board(msgspec.Struct, frozen=True, array_like=True):
    version: str
    name: str
    areas: tuple[tuple[str, str], ...]
    numbers: list[str]
    cells: dict[str, dict[int, _Cell]]
    totals: dict[int, _Cell]
    expected: dict[int, int]
    received: int
    ranked: bool
    tolerance: int
    lag: int


_boards = msgspec.json.Decoder(_Board)


def encode_board(board: Board, steps: Mapping[tuple[int, str], str]) -> bytes:
    """`steps` are the ids of missed steps by (task, area), "" for the whole territory."""
    places: dict[Fraction, int] = {}

    def place(value: Fraction | None) -> int:
        return NOTHING if value is None else places.setdefault(value, len(places))

    def kept(no: int, area: str, cell: BoardCell) -> _Cell:
        return _Cell(
            cell.light,
            cell.change,
            place(cell.percent),
            place(cell.worst),
            place(cell.due),
            cell.behind,
            cell.of,
            cell.before,
            steps.get((no, area), ""),
            cell.missing,
        )

    cells: dict[str, dict[int, _Cell]] = {area: {} for area, _name in board.areas}
    for (no, area), cell in board.cells.items():
        if cell.applies:
            cells[area][no] = kept(no, area, cell)
    totals = {no: kept(no, "", cell) for no, cell in board.totals.items() if cell.applies}
    expected = {no: place(value) for no, value in board.expected.items()}
    tolerance, lag = place(board.tolerance), place(board.lag)
    numbers = [str(value) for value in places]
    return msgspec.json.encode(
        _Board(
            __version__, board.name, board.areas, numbers, cells, totals, expected,
            board.received, board.ranked, tolerance, lag,
        )
    )  # fmt: skip


def decode_board(told: bytes, plan: Plan) -> Board | None:
    """None where another version wrote it, or for another plan."""
    try:
        kept = _boards.decode(told)
        if kept.version != __version__:
            return None
        numbers: list[Fraction | None] = [_fraction(text) for text in kept.numbers]
        numbers.append(None)  # What NOTHING points at.
        steps = {milestone.id: milestone for _task, milestone in plan.milestones()}

        def read(item: _Cell) -> BoardCell:
            step = steps[item.step] if item.step else None
            return BoardCell(
                percent=numbers[item.percent],
                light=item.light,
                change=item.change,
                applies=True,
                worst=numbers[item.worst],
                due=numbers[item.due],
                behind=item.behind,
                of=item.of,
                before=item.before,
                step=step.what if step is not None else "",
                step_due=step.due if step is not None else None,
                missing=item.missing,
            )

        cells = {
            (task.no, area): ABSENT if (item := here.get(task.no)) is None else read(item)
            for area, here in kept.cells.items()
            for task in plan.tasks
        }
        totals = {
            task.no: ABSENT if (item := kept.totals.get(task.no)) is None else read(item)
            for task in plan.tasks
        }
        tolerance, lag = numbers[kept.tolerance], numbers[kept.lag]
        assert tolerance is not None and lag is not None
        return Board(
            kept.name,
            kept.areas,
            cells,
            totals,
            {no: numbers[where] for no, where in kept.expected.items()},
            kept.received,
            kept.ranked,
            tolerance,
            lag,
        )
    except (msgspec.MsgspecError, ValueError, ZeroDivisionError, LookupError):
        return None
