"""A percentage of which nothing is asked yet shows itself where others show how much is done."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest

from desktop_app.core.model.period import Period
from desktop_app.core.model.view import Figure
from desktop_app.ui import text

MAY = Period.parse("2024-05")


@pytest.fixture
def rate(real_desk):
    """A rate of the sample's first town, as if the notice had hidden its figure."""
    desk = real_desk()
    view = next(view for task in desk.tasks(MAY) for view in task.indicators if view.measure == "rate")
    figure = Figure(value=Fraction(3), of=Fraction(5))
    return msgspec.structs.replace(
        view, done=None, share=None, target=None, per=100, figure=figure, rate=Fraction(60), light="green"
    )


def test_it_shows_itself(rate):
    assert text.done(rate) == "60%"
    assert text.done(msgspec.structs.replace(rate, done=Fraction(1, 2))) == "50%"
    assert text.done(msgspec.structs.replace(rate, rate=None)) == "–"
    assert text.done(msgspec.structs.replace(rate, per=1)) == "–", "an average is no percentage"


def test_in_the_tables_of_figures_and_of_tasks(rate, real_window, city):
    window = real_window("entry", MAY, unit=city.bureau)
    column = next(c for c in window.pages["entry"].table.model().columns if c.key == "progress")
    assert column.text(rate) == "60%"


def test_behind_a_cell_of_the_board(real_window, city, monkeypatch):
    window = real_window("board", MAY, unit=city.code)
    page = window.pages["board"]
    desk = window.session.desk
    line = next(
        line
        for task in page.now.tasks
        for line in desk.behind_cell(task.no, city.county, MAY)
        if line.rate is not None
    )
    page._open(int(line.indicator.split(".")[0]), city.county)
    column = next(c for c in page.drill.indicators.model().columns if c.key == "done")
    assert column.text(msgspec.structs.replace(line, done=None)) == text.percent(line.rate)
    page.drill.close()
