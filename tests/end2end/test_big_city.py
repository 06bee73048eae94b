"""The city that the bench measures is one like any other: its kept board is what its figures give."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from desktop_app.core.model.period import Period
from desktop_app.core.operations import boarding
from desktop_app.core.operations.workspace import Workspace

sys.path.insert(0, str(Path(__file__).parent.parent / "bench"))


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    import big_city

    return big_city.make(tmp_path_factory.mktemp("big") / "c", counties=2, towns=3, months=2, entries=20)


def test_its_board_lies_ready_and_is_true(made):
    with Workspace.open(made) as workspace:
        rows = workspace.store.connection.execute(
            "SELECT month FROM area_sum WHERE what = 'board'"
        ).fetchall()
        assert {row["month"] for row in rows} == {2024 * 12 + 1, 2024 * 12 + 2}
        view = boarding.view_of(workspace, Period(2024, 2, 2))
        assert len(view.areas) == 2 and len(view.cells) == 100
        assert any(cell.change for cell in view.cells.values()), "the second month moved on"
        assert boarding.untrue(workspace) == []


def test_its_county_adds_up_to_what_its_townships_said(made):
    from desktop_app.core.operations.period_figures import PeriodFigures

    with Workspace.open(made) as workspace:
        figures = PeriodFigures(workspace, Period(2024, 2, 2))
        indicator = next(item for item in figures.plan.indicators() if item.id == "1.1")
        leaves = [figures.figure(indicator, area).value for area in figures.leaf_areas("1.1", "990201")]
        assert len(leaves) == 3 and sum(leaves) == figures.figure(indicator, "990201").value
