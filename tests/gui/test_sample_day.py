"""A sample city lives on a day of its own: whatever is said in it is said then, at every desk."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.core.model.period import Period
from desktop_app.core.operations import calendar, chasing, exporting, merging, recording
from desktop_app.core.operations.period_figures import reported_areas
from desktop_app.core.operations.workspace import SAMPLE_DAY, Workspace
from desktop_app.core.store import journal
from desktop_app.ui import text

APRIL, MAY = Period.parse("2024-04"), Period.parse("2024-05")
DAY = date(2024, 6, 3)


@pytest.fixture(autouse=True)
def years_later(monkeypatch):
    """The clock is years ahead of the sample, as it will be for good."""
    monkeypatch.setattr(journal, "now", lambda: "2031-11-28T09:15:00+08:00")


@pytest.fixture
def opened(real_desk):
    """opened(unit) → the workspace of a copied desk."""
    return lambda unit: real_desk(unit).workspace


def test_every_desk_of_a_sample_has_the_same_day(opened, city):
    assert {calendar.today(opened(unit)) for unit in (city.town, city.bureau, city.county, city.code)} == {
        DAY
    }


def test_what_is_typed_is_said_on_the_sample_s_day(real_window, qtbot, settled):
    """In the history of the cell, in the bar at the foot, and on the pages: one day."""
    window = real_window("entry", MAY)
    settled()
    desk = window.session.desk
    view = next(
        view
        for task in desk.tasks(MAY)
        for view in task.indicators
        if view.mine and view.basis == "typed" and view.measure == "count" and view.figure.value
    )
    more = text.plain(view.figure.value + 1)
    assert window.session.attempt(
        lambda d: d.record(view.id, more, period=MAY, area=view.area, reason="核实"), ""
    )
    settled()
    history = desk.history(f"progress/{view.area}/{desk.workspace.plan.id}/{view.id}/{MAY.key}")
    assert history[0].at.startswith("2024-06-03T09:15")
    assert desk.overview(MAY).last_saved.startswith("2024-06-03T09:15")
    assert all(step.at[:4] == "2024" for step in history)
    window.status.show_overview(desk.overview(MAY), desk.today())
    assert "已保存 09:15" in window.status._facts


def test_before_that_nothing_in_the_bar_is_older_than_the_cells(opened, city):
    """The month's last word is on its last day, whatever it was about."""
    ledger = opened(city.town).store.ledger
    latest = max(
        head.at for kind in ("progress", "site", "record", "fund") for head in ledger.heads(kind, city.town)
    )
    assert ledger.last_typed() == latest


def test_what_is_sent_in_time_is_in_time_at_the_county(opened, city, tmp_path):
    town, county = opened(city.town), opened(city.county)
    assert calendar.today(town) <= calendar.due(town, MAY)
    made = exporting.export(town, MAY, tmp_path)
    merging.merge(county, [file.path for file in made.files])
    assert _state(county, MAY, city.town) == ("received", 0)


def test_the_counties_of_a_sample_report_in_time(opened, city):
    assert _state(opened(city.code), APRIL, city.county) == ("received", 0)


def _state(workspace, period, unit):
    line = next(line for line in chasing.missing(workspace, period) if line.unit == unit)
    return line.state, line.days_late


def test_an_office_that_works_with_the_sample_plan_keeps_its_clock(opened, city):
    workspace = opened(city.town)
    workspace.store.set_meta(SAMPLE_DAY, "")
    workspace.store.clock = journal.now
    root = workspace.root
    workspace.close()
    with Workspace.open(root) as again:
        assert again.store.clock().startswith("2031-11-28")


def test_the_day_goes_on_with_the_figures(opened, city, monkeypatch):
    """Whoever fills in a later month of the sample is not held in the month it was made in."""
    workspace = opened(city.town)
    june = Period.parse("2024-06")
    indicator, area = next(
        (indicator, areas[0])
        for indicator in workspace.plan.indicators()
        if indicator.measure == "count" and indicator.basis == "typed"
        if (areas := reported_areas(workspace, indicator.id))
    )
    recording.record(workspace, indicator.id, "999999", period=june, area=area, reason="核实")
    assert calendar.today(workspace) == date(2024, 7, 3)
    monkeypatch.setattr(journal, "now", lambda: "2031-11-28T09:15:01+08:00")
    assert workspace.store.clock() == "2024-07-03T09:15:01+08:00"
