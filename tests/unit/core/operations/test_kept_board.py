"""The board that is kept ready says what the figures give, and goes with whatever it rests on."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest

from desktop_app.core.model.period import Period
from desktop_app.core.operations import boarding, division, kept_board, scheduling
from desktop_app.core.operations.period_figures import PeriodFigures

APRIL, MAY = Period(2024, 4, 4), Period(2024, 5, 5)


def kept(workspace) -> set[tuple[str, str]]:
    rows = workspace.store.connection.execute("SELECT area, what FROM area_sum").fetchall()
    return {(row["area"], row["what"]) for row in rows}


@pytest.fixture
def at_city(opened, city):
    workspace = opened(city.code)
    workspace.store.connection.execute("DELETE FROM area_sum")
    return workspace


def test_kept_and_computed_are_the_same(at_city):
    fresh = boarding.view_of(at_city, MAY)
    assert ("990100", "board") in kept(at_city)
    assert boarding.view_of(at_city, MAY) == fresh
    assert boarding.untrue(at_city) == []


def test_a_kept_board_asks_nobody_who_reports_what(at_city, monkeypatch):
    fresh = boarding.view_of(at_city, MAY)
    at_city.store.projector.forget()
    monkeypatch.setattr(type(at_city.store.projector), "context", lambda self: pytest.fail("asked"))
    assert boarding.view_of(at_city, MAY) == fresh


def test_another_figure_below_makes_it_anew(at_city, city):
    before = boarding.view_of(at_city, MAY)
    scheduling.set_course(at_city, "12.1", city.county, "steps", {"2024-05-30": "100"})
    assert ("990100", "board") not in kept(at_city)
    after = boarding.view_of(at_city, MAY)
    assert after.cells[12, city.county].due != before.cells[12, city.county].due


def test_a_setting_makes_it_anew(at_city):
    assert not boarding.view_of(at_city, MAY).ranked
    division.set_setting(at_city, "ranking", "1")
    assert boarding.view_of(at_city, MAY).ranked


def test_a_lie_in_it_is_found(at_city):
    boarding.view_of(at_city, MAY)
    told = at_city.store.connection.execute("SELECT told FROM area_sum WHERE what = 'board'").fetchone()[0]
    lied = bytes(told).replace(b'"green"', b'"done"', 1)
    assert lied != bytes(told)
    at_city.store.connection.execute("UPDATE area_sum SET told = ? WHERE what = 'board'", (lied,))
    assert boarding.untrue(at_city) == ["990100"]


def test_what_another_version_wrote_is_not_read(at_city):
    boarding.view_of(at_city, MAY)
    told = bytes(
        at_city.store.connection.execute("SELECT told FROM area_sum WHERE what = 'board'").fetchone()[0]
    )
    assert kept_board.decode_board(told, at_city.plan) is not None
    other = msgspec.json.encode(["0.0.1", *msgspec.json.decode(told)[1:]])
    assert kept_board.decode_board(other, at_city.plan) is None
    assert kept_board.decode_board(b"[]", at_city.plan) is None
    assert kept_board.decode_lights(b"[]") is None


def test_the_arrow_follows_the_figure_that_is_shown(at_city):
    """Beside a bad light stands its own indicator's figure; that the task's mean went up must not turn its arrow up."""
    now = kept_board.Now(
        Fraction(1, 2),
        "yellow",
        Fraction(0),
        Fraction(1, 2),
        1,
        2,
        "a",
        "",
        {"a": Fraction(0), "b": Fraction(1)},
        0,
    )
    earlier = now._replace(percent=Fraction(1, 4), dones={"a": Fraction(0), "b": Fraction(1, 2)})
    found = boarding.cell(now, earlier)
    assert (found.shown, found.change) == (0, 0)
    assert boarding.cell(now._replace(light="green"), earlier).change == 1


def test_an_overdue_cell_says_which_step_was_missed(at_city, city):
    """A figure ahead of its course beside a red light is a riddle without it."""
    view = boarding.view_of(at_city, MAY)
    red = [cell for cell in view.cells.values() if cell.light == "red"]
    assert red
    for cell in red:
        assert cell.step and cell.step_due is not None and cell.step_due <= MAY.end
    assert all(not cell.step for cell in view.cells.values() if cell.light != "red")


def test_quarters_are_not_mistaken_for_months(at_city):
    month = boarding.view_of(at_city, Period(2024, 6, 6))
    quarter = boarding.view_of(at_city, Period(2024, 4, 6))
    assert quarter.label != month.label
    assert {key: cell.percent for key, cell in quarter.cells.items()} == {
        key: cell.percent for key, cell in month.cells.items()
    }


def test_the_latest_month_is_kept_and_struck(at_city):
    ledger, plan = at_city.store.ledger, at_city.plan.id
    assert ledger.latest_period(plan) == "2024-05"
    boarding.view_of(at_city, MAY)
    assert ("990100", "latest") in kept(at_city)
    assert ledger.latest_period(plan) == "2024-05"
    division.set_setting(at_city, "due_day", "6")
    assert ("990100", "latest") not in kept(at_city)
    assert PeriodFigures(at_city, MAY).workspace.latest_period() == MAY
