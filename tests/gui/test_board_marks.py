"""What the board does not hide: figures that nobody has reported, in its cells, its card and behind them."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest
from PySide6.QtGui import QImage, QPainter

from desktop_app.core.model.period import Period
from desktop_app.ui import text
from desktop_app.ui.city.board_drill import BoardDrill
from desktop_app.ui.paper.board import BoardPicture

JUNE = Period.parse("2024-06")
"""What is asked once a quarter or half a year is due, and the sample has not reported it."""


@pytest.fixture
def page(real_window, city):
    return real_window("board", JUNE, unit=city.code).pages["board"]


def _partly(view):
    return next(key for key, cell in view.cells.items() if cell.incomplete)


def drawn(picture: BoardPicture, width: int = 1200) -> list[str]:
    """Every word that is written when the chart is painted."""
    words: list[str] = []
    kept = picture._text

    def noted(painter, rect, said, *rest, **more):
        words.append(said)
        kept(painter, rect, said, *rest, **more)

    picture._text = noted
    image = QImage(width, 700, QImage.Format.Format_ARGB32)
    picture.lay_out(image.rect())
    painter = QPainter(image)
    picture.paint(painter)
    picture.legend(painter, image.rect(), 13)
    painter.end()
    return words


def test_a_partly_reported_task_shows_its_figure_and_what_is_missing(page):
    view = page.now
    key = _partly(view)
    cell = view.cells[key]
    assert cell.shown is not None and cell.missing
    words = drawn(BoardPicture(view, False))
    assert f"缺{cell.missing}" in words
    assert any("缺：" in word for word in words)


def test_a_narrow_cell_still_says_that_something_is_missing(page):
    view = page.now
    many = tuple((f"{n}", f"{n}县") for n in range(10))
    cells = {(no, code): cell for (no, _area), cell in view.cells.items() for code, _name in many}
    words = drawn(BoardPicture(msgspec.structs.replace(view, areas=many, cells=cells), False))
    assert "缺" in words


def test_never_reported_has_one_word(page):
    """As on the tasks' page and in the manual: 未填."""
    assert "未报" not in drawn(BoardPicture(page.now, False))
    no, area = next(key for key, cell in page.now.cells.items() if cell.applies and cell.light == "none")
    page.board.go_to((no, area))
    page.board._show_card()
    assert page.board.card.light._word == "未填"
    page.board.go_to(_partly(page.now))
    page.board._show_card()
    assert "缺数" in dict(page.board.card.facts.facts())


def test_one_area_needs_no_sum_of_its_own_figures(page):
    """Its column says it already; what is expected stays.  What the city itself reports is seen in the sum alone."""
    view = page.now
    assert len(view.areas) == 1
    assert "合计" in drawn(BoardPicture(view, False))
    own = tuple(task for task in view.tasks if view.cells[task.no, view.areas[0][0]].applies)
    assert len(own) < len(view.tasks)
    words = drawn(BoardPicture(msgspec.structs.replace(view, tasks=own), False))
    assert "合计" not in words and "应达" in words


def test_what_is_missing_is_said_behind_the_cell(page):
    no, area = _partly(page.now)
    page._open(no, area)
    drill = page.drill
    lines = list(page.session.desk.behind_cell(no, area, JUNE))
    column = next(c for c in drill.indicators.model().columns if c.key == "last")
    assert sum(line.missing for line in lines) >= page.now.cells[no, area].missing
    for line in lines:
        said = column.text(line)
        if line.missing >= line.leaves:
            assert said == "没有报"
        elif line.missing:
            assert f"缺 {line.missing}/{line.leaves} 家" in said
        else:
            assert "缺" not in said
    drill.close()


def test_the_sites_behind_a_figure_add_up_to_it(page):
    desk = page.session.desk
    found = [
        (task.no, unit)
        for task in page.now.tasks
        for line in desk.behind_cell(task.no, "990101", JUNE)
        if line.site_based
        for unit in desk.behind_indicator(line.indicator, "990101", JUNE)
        if unit.done
        and any(
            amount > 1
            for site in desk.sites(line.indicator)
            if site.area == unit.area
            for amount in site.quantities.values()
        )
    ]
    assert found, "a sample without sites of more than one"
    for no, unit in found:
        drill = BoardDrill(page.session, no, "", "990101", "云溪县", page)
        drill._go([("", drill.reject), ("", lambda: None), ("", lambda: None)])
        drill._site_level(unit)
        column = next(c for c in drill.sites.model().columns if c.key == "amount")
        counted = [
            s
            for s in desk.sites(unit.indicator)
            if s.area == unit.area and s.counts and s.since <= "2024-06-30"
        ]
        total = sum((s.quantities[unit.indicator] for s in counted), Fraction(0))
        assert Fraction(unit.said.replace(",", "")) == total
        assert f"、{text.number(total, 6)} {unit.unit}" in drill.note.text()
        assert column.text(counted[0]).endswith(unit.unit)
        drill.close()
