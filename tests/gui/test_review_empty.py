"""审核 in a month of which nothing has come says so, and leads to where files come in."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from desktop_app.core.model.period import Period

APRIL, MAY = Period(2024, 4, 4), Period(2024, 5, 5)


def test_a_month_without_submissions_has_words_instead_of_empty_tables(real_window, qtbot):
    window = real_window("review", MAY, "990101")
    page = window.pages["review"]
    assert page.empty.isVisible() and page.empty.what.text() == "5月还没有要审核的"
    assert "上报包" in page.empty.how.text()
    assert not any(part.isVisible() for part in (page.left, page.sheet, page.panel, page.whole))
    window.resize(700, 500)
    assert page.empty.isVisible() and not page.left.isVisible()
    window.resize(1366, 768)
    assert not page.left.isVisible()
    qtbot.mouseClick(page.empty.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert window.current == "inbox"


def test_with_submissions_the_lists_are_there(real_window):
    window = real_window("review", MAY, "990101")
    page = window.pages["review"]
    window.session.show_period(APRIL)
    assert not page.empty.isVisible() and page.left.isVisible() and page.unit() is not None
    assert page.sheet.isVisible() or page.whole.isVisible()
