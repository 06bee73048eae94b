"""The navigation beside a wide page: every place is there whole, on a laptop's screen."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QScrollArea

from desktop_app.ui import theme


@pytest.mark.parametrize("page", ["board", "divide", "schedule"])
def test_all_places_stand_without_scrolling(real_window, city, settled, page):
    window = real_window(page, unit=city.code)
    settled()
    navigation = window.navigation
    assert navigation.compact
    scroll = navigation.findChild(QScrollArea)
    assert not scroll.verticalScrollBar().isVisible()
    metrics = theme.metrics("tiny-bold")
    for made in navigation.buttons.values():
        if not made.isHidden():
            assert metrics.horizontalAdvance(made.place.word) <= made.width(), made.place.word
            assert made.visibleRegion().boundingRect() == made.rect(), made.place.word
