"""The wall chart of the fake city: two counties behind, one late, a few done."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import fake_data as data

from desktop_app.core.model.period import Period
from desktop_app.core.model.view import BoardCell, BoardView


def board(desk: Any, period: Period) -> BoardView:
    areas = tuple((unit.code, unit.name) for unit in desk.units().child_areas(desk.unit))
    cells: dict[tuple[int, str], BoardCell] = {}
    totals: dict[int, BoardCell] = {}
    expected: dict[int, Fraction | None] = {}
    for task in data.PLAN["tasks"]:
        no = task["no"]
        want = Fraction(50, 100) if no != 4 else Fraction(1)
        expected[no] = want
        sums = []
        for number, (code, _name) in enumerate(areas):
            seed = data.noise(no, code)
            if number >= 8 and no in (22, 29, 31, 37, 42):
                cells[no, code] = BoardCell(percent=None, light="none", change=0, applies=False)
                continue
            weak = number in (1, 9)
            share = Fraction(int((0.33 if weak else 0.44) * 100 + seed * 28), 100)
            light = "green" if share >= want * Fraction(95, 100) else "yellow"
            if seed > 0.94 or no in (4, 15):
                share, light = Fraction(1), "done"
            if (no, number) == (12, 1):
                share, light = Fraction(32, 100), "red"
            if (no, number) == (24, 4):
                cells[no, code] = BoardCell(percent=None, light="none", change=0, applies=True)
                continue
            change = (
                -1
                if data.noise(code, no) < 0.22
                else 1
                if data.noise(code, no) > 0.66 and light != "done"
                else 0
            )
            cells[no, code] = BoardCell(
                percent=share, light=light, change=0 if light == "done" else change, applies=True
            )  # type: ignore[arg-type]
            sums.append(share)
        mean = sum(sums, Fraction(0)) / max(1, len(sums))
        light = "done" if mean == 1 else "green" if mean >= want * Fraction(95, 100) else "yellow"
        totals[no] = BoardCell(percent=mean, light=light, change=0, applies=True)  # type: ignore[arg-type]
    return BoardView(
        title="云川市2024年50项民生实事 挂图",
        plan="2024",
        period=period.key,
        label=period.label,
        areas=areas,
        tasks=tuple(desk.tasks(period)),
        cells=cells,
        totals=totals,
        expected=expected,
        received=10,
        of=10,
    )
