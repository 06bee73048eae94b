"""体检 in the window: what is wrong is told, and what can be mended is mended with one button."""

from __future__ import annotations

from desktop_app.ui import jobs
from desktop_app.ui.frame.doctor_dialog import DoctorDialog


def test_a_wrong_ledger_is_told_and_mended(qtbot, real_window, city) -> None:
    window = real_window("home", unit=city.town)
    connection = window.session.desk.workspace.store.connection
    connection.execute("UPDATE figure SET value = value + 1000000")
    dialog = DoctorDialog(window.session, window)
    dialog.show()
    qtbot.waitUntil(lambda: jobs.running() == 0 and dialog.banner.isVisible(), timeout=30_000)
    assert dialog.mend_button.isVisible() and "体检" not in dialog.list.text()
    dialog.mend_button.click()
    qtbot.waitUntil(lambda: jobs.running() == 0 and dialog.banner.isVisible(), timeout=30_000)
    assert not dialog.mend_button.isVisible()
    assert window.session.desk.workspace.store.connection.execute("SELECT count(*) FROM figure").fetchone()[0]
    assert "重新算过" in dialog.list.text()
    dialog.close()


def test_a_sound_desk_has_nothing_to_mend(qtbot, real_window, city) -> None:
    window = real_window("home", unit=city.town)
    dialog = DoctorDialog(window.session, window)
    dialog.show()
    qtbot.waitUntil(lambda: jobs.running() == 0 and dialog.banner.isVisible(), timeout=30_000)
    assert not dialog.mend_button.isVisible() and not dialog.panel.isVisible()
    dialog.close()
