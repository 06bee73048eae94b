"""通报 on screen: who has not reported is said first, and it goes out with a day."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from desktop_app.core.model.period import Period
from desktop_app.ui import errors

APRIL, MAY = Period.parse("2024-04"), Period.parse("2024-05")


@pytest.fixture
def panel_of(real_window, settled):
    def opened(unit: str, period: Period):
        page = real_window("papers", period, unit=unit).pages["papers"]
        settled()
        return page, page.parts["bulletin"]

    return opened


def test_who_has_not_reported_is_said_before_anything_is_written(panel_of, city):
    _page, panel = panel_of(city.code, MAY)
    assert panel.warning.isVisible()
    said = panel.warning._title.text() + panel.warning._text.text()
    assert "1 个县（区）没有报 5月的数" in said and "沿用" in said and "云溪县" in said


def test_where_all_have_reported_nothing_is_said(panel_of, city):
    _page, panel = panel_of(city.code, APRIL)
    assert not panel.draft.silent and not panel.warning.isVisible()


def test_it_is_dated_by_the_desk_s_own_day(panel_of, city):
    _page, panel = panel_of(city.code, MAY)
    today = panel.session.desk.today()
    assert panel.dated.text() == f"{today.year}年{today.month}月{today.day}日"


@pytest.mark.parametrize("words", ["", "2024年　月　日", "2024年6月31日"])
def test_without_a_day_it_is_not_written(panel_of, city, qtbot, monkeypatch, words):
    page, panel = panel_of(city.code, MAY)
    told = []
    monkeypatch.setattr(errors, "show", lambda error, *_parent: told.append(error))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_m: pytest.fail("asked where to"))
    panel.dated.setText(words)
    qtbot.mouseClick(page.act, Qt.MouseButton.LeftButton)
    assert "成文日期" in told[0].what and told[0].next_step


def test_a_day_typed_short_is_written_out(panel_of, city, qtbot, monkeypatch, tmp_path, settled):
    import docx

    page, panel = panel_of(city.code, MAY)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_m: (str(tmp_path / "a.docx"), ""))
    panel.dated.setText("6.8")
    qtbot.mouseClick(page.act, Qt.MouseButton.LeftButton)
    settled()
    assert panel.dated.text() == "2024年6月8日"
    lines = [paragraph.text for paragraph in docx.Document(str(tmp_path / "a.docx")).paragraphs]
    assert any("2024年6月8日" in line for line in lines)


def test_a_county_speaks_of_its_townships(panel_of, city):
    _page, panel = panel_of(city.county, APRIL)
    assert panel.kind.word("areas") == "各乡镇"
    assert panel.to.width() > 600, "the addressees are to be read"
    _page, panel = panel_of(city.code, APRIL)
    assert panel.kind.word("areas") == "各县区"


def test_on_a_low_screen_the_warning_leaves_room_for_the_list(panel_of, city):
    page, panel = panel_of(city.code, MAY)
    page.window().resize(911, 512)
    assert panel.warning.isVisible() and not panel.warning._text.isVisible()
    assert "云溪县" in panel.warning.toolTip()
    page.window().resize(1366, 768)
    assert panel.warning._text.isVisible()
