"""The wall chart."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QImage, QPainter

from desktop_app.ui.paper.board import BoardPicture
from desktop_app.ui.paper.board_layout import halves, ranks
from desktop_app.ui.paper.board_sheet import draw
from desktop_app.ui.session import Session


@pytest.fixture
def page(open_window, city_desk):
    return open_window(city_desk, "board").pages["board"]


@pytest.fixture
def view(city_desk):
    return city_desk.board(Session(city_desk).period)


def test_categories_are_not_torn_apart(view):
    first, second = halves(list(view.tasks))
    assert (len(first), len(second)) == (25, 25)
    assert first[-1].category != second[0].category


def test_hovering_a_cell_tells_what_is_behind_it(qtbot, page):
    box = page.board.picture.cell_rect((12, "349902"))
    qtbot.mouseMove(page.board, box.center())
    page.board.point_at(QPointF(box.center()))
    qtbot.waitUntil(page.board.card.isVisible)
    assert page.board.card.title.text() == "南屏县 · 12 重残无障碍改造"
    facts = dict(page.board.card.facts.facts())
    assert "份额 / 完成" in facts and "佐证" in facts
    assert not page.board.card.geometry().intersects(box)


def test_a_cell_that_does_not_apply_has_no_card(qtbot, page):
    page.board.go_to((22, "349909"))
    page.board._show_card()
    assert not page.board.card.isVisible()


def test_arrows_walk_and_enter_opens(qtbot, page):
    page.board.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        qtbot.keyClick(page.board, key)
    assert page.board.current == (2, "349902")
    page.board.cell_opened.disconnect()
    with qtbot.waitSignal(page.board.cell_opened) as opened:
        qtbot.keyClick(page.board, Qt.Key.Key_Return)
    assert opened.args == [2, "349902"]


def test_a_cell_opens_down_to_the_site_and_its_photos(qtbot, real_window, city):
    page = real_window("board", unit=city.code).pages["board"]
    page._open(12, city.county)
    drill = page.drill
    assert drill.isVisible() and "12" in drill.windowTitle() + drill.crumbs.itemAt(0).widget().text()
    drill.close()


@pytest.mark.parametrize("size", [(1290, 640), (1850, 980), (3840, 2160), (830, 1300)])
def test_text_fits_its_cells_at_every_size(view, size):
    picture = BoardPicture(view)
    picture.lay_out(QRect(0, 0, *size), stacked=size[0] < 1000)
    for panel in picture.panels:
        _font, metrics = picture._font(panel.text)
        _bold, bold = picture._font(panel.text, True)
        assert bold.horizontalAdvance("00") <= panel.cell - panel.text * (1.05 + 0.62)
        assert metrics.horizontalAdvance("100") <= panel.cell - panel.text * (1.05 + 0.2) + 1
        assert metrics.height() <= panel.row + 1
        assert panel.rect.bottom() < size[1] and panel.rect.right() < size[0]


def test_ranks_share_a_place(view):
    places = sorted(ranks(view).values())
    assert places[0] == 1 and len(places) == 10
    assert all(place == places.index(place) + 1 for place in places)


def test_full_screen_shows_the_same_chart(qtbot, page):
    page.show_full_screen()
    full = page.full_screen
    qtbot.addWidget(full)
    assert full.board.picture.view is page.board.picture.view
    full.close()


def test_sheets_for_paper(view, tmp_path):
    for size in ("A3", "A0"):
        draw(view, tmp_path / f"{size}.pdf", size)
        assert (tmp_path / f"{size}.pdf").read_bytes()[:5] == b"%PDF-"
    draw(view, tmp_path / "board.png")
    assert QImage(str(tmp_path / "board.png")).width() == 3840


def test_narrow_windows_stack_the_panels(open_window, city_desk):
    page = open_window(city_desk, "board", (911, 512)).pages["board"]
    assert page.board.stacked()
    assert page.board.height() > page.frame.viewport().height()


def test_painting_twice_gives_the_same_picture(view):
    images = []
    for _number in range(2):
        image = QImage(1300, 660, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        picture = BoardPicture(view)
        picture.lay_out(image.rect())
        picture.paint(painter)
        painter.end()
        images.append(image)
    assert images[0] == images[1]
