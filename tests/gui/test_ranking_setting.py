"""A county switches ranking of its townships on in 设置, and finds it where the bulletin's page sent it there."""

from __future__ import annotations

from desktop_app.ui import jobs

COUNTY, TOWN = "990101", "990101101"


def test_a_county_switches_ranking_on(qtbot, real_window) -> None:
    window = real_window("papers", unit=COUNTY)
    papers = window.pages["papers"]
    papers.view.choose("ranking")
    qtbot.waitUntil(lambda: papers.parts["ranking"].asked, timeout=20_000)
    ranking = papers.parts["ranking"]
    before = [table.task for table in ranking.tables]
    window.show_page("settings")
    card = window.pages["settings"].ranking
    assert card.isVisible() and card.choice.current == "off"
    card.choice.choose("on")
    assert window.session.desk.ranks()
    window.show_page("papers")
    ranking.fill("")
    qtbot.waitUntil(lambda: jobs.running() == 0 and ranking.ready(), timeout=20_000)
    assert len(ranking.tables) > len(before)
    card.choice.choose("off")
    assert not window.session.desk.ranks()


def test_a_township_has_nobody_to_rank(real_window) -> None:
    window = real_window("settings", unit=TOWN)
    assert not window.pages["settings"].ranking.isVisible()
