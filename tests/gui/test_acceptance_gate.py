"""A finished site that only waits for its acceptance says so in 台账, and leads to the register it stands in."""

from __future__ import annotations

from desktop_app.ui.township.site_page import state_words, wants_acceptance

BUREAUS = ("990101001", "990101002", "990101101", "990101102")


def test_what_waits_for_acceptance_leads_to_its_register(real_window) -> None:
    for unit in BUREAUS:
        window = real_window("sites", unit=unit)
        page = window.pages["sites"]
        waiting = [site for site in window.session.desk.sites() if wants_acceptance(site)]
        if waiting:
            break
    site = waiting[0]
    assert "验收" in site.why_not
    assert state_words(site) == "未计入，缺验收"
    page.table.action_pressed.emit(site, "act")
    assert window.current == "registers"
    register = window.pages["registers"]._register
    assert register is not None and register.key == "acceptance"
