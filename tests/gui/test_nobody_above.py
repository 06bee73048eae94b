"""The city reports to nobody: its frame speaks of no submission and no receipt, and its first page of none to make."""

from __future__ import annotations

from types import SimpleNamespace

from desktop_app.core.model.period import Period

APRIL = Period(2024, 4, 4)
CITY, COUNTY = "990100", "990101"


def test_a_city_is_not_told_of_reports_of_its_own(city, real_window):
    window = real_window("home", APRIL, city.code)
    overview = window.overview
    assert overview.unsent > 0 and overview.last_sent, "it packs for its archive and downwards"
    assert overview.reports_to == ""
    assert window.top.unsent.isHidden() and window.top.dot.isHidden()
    said = window.status.left.text()
    assert "上报" not in said and "回执" not in said and "已保存" in said


def test_a_county_is(real_window):
    window = real_window("home", APRIL, COUNTY)
    assert window.overview.reports_to == "云川市"
    assert "上次上报 4月" in window.status.left.text()
    window.top.show_overview(
        window.overview.__class__(
            **{
                **{name: getattr(window.overview, name) for name in window.overview.__struct_fields__},
                "unsent": 7,
            }
        )
    )
    assert not window.top.unsent.isHidden() and "7" in window.top.unsent.text()


def test_when_everything_has_come_in_the_city_goes_to_its_board(city, real_window, monkeypatch):
    window = real_window("home", APRIL, city.code)
    home, desk = window.pages["home"], window.session.desk
    done = SimpleNamespace(state="received", unit="x", unit_name="x", detail="", phone="")
    for name, rows in (("inbox", []), ("missing", [done]), ("forks", []), ("review_units", [])):
        monkeypatch.setattr(desk, name, lambda *_args, rows=rows: rows)
    home.refresh()
    assert home.next.text() == "看挂图"
    home.next.click()
    assert window.current == "board"
