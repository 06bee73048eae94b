"""A dated step is done in a city when it is done in each of its counties: the sum's light is that of its parts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core.model import subject as subjects
from desktop_app.core.model.bodies import MilestoneBody
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.operations import exporting, merging, recording
from desktop_app.core.operations.period_figures import PeriodFigures
from desktop_app.core.operations.situation import Situation
from desktop_app.core.store.store import Said

Open = Callable[[str], Any]
MAY = Period.parse("2024-05")
STEP, TASK = "12.m1", 12


def _finish(workspace: Any, done: str, **more: str) -> Changes:
    return recording.finish_milestone(workspace, STEP, done=done, **more)


@pytest.fixture
def the_city(city: Any, opened: Open, tmp_path: Path) -> Any:
    """The city's desk after its county has said that the step is done, and sent it up."""
    county = opened(city.county)
    _finish(county, "2024-05-20")
    made = exporting.export(county, MAY, tmp_path / "out")
    workspace = opened(city.code)
    merging.merge(workspace, [file.path for file in made.files])
    return workspace


def test_done_by_the_only_county_is_done_by_the_city(city: Any, the_city: Any) -> None:
    board = Situation(the_city, MAY).board()
    part, whole = board.cells[TASK, city.county], board.totals[TASK]
    assert (part.percent, part.light, part.step) == (whole.percent, whole.light, whole.step)
    milestone = next(m for _task, m in the_city.plan.milestones() if m.id == STEP)
    assert PeriodFigures(the_city, MAY).steps.done(milestone, city.code) == date(2024, 5, 20)
    assert (
        Situation(the_city, MAY).milestone_view(the_city.plan.task(TASK), milestone, city.code).light
        == "done"
    )


def test_not_done_while_no_county_has_said_so(city: Any, opened: Open) -> None:
    workspace = opened(city.code)
    milestone = next(m for _task, m in workspace.plan.milestones() if m.id == STEP)
    assert PeriodFigures(workspace, MAY).steps.done(milestone, city.code) is None
    assert Situation(workspace, MAY).board().totals[TASK].light == "red"


def test_said_for_another_year_it_says_nothing_for_this_one(city: Any, opened: Open) -> None:
    county = opened(city.county)
    body = MilestoneBody(done="2023-05-20")
    subject = subjects.milestone(city.county, "an-earlier-plan", STEP)
    county.say([Said(kind="milestone", subject=subject, body=body)])
    assert STEP not in PeriodFigures(county, MAY).steps.finished(city.county)
