"""Nobody knows the passphrase any more: a new key from 设置, the data as it was, and a package the county can grant."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLineEdit

from desktop_app.core.model.period import Period
from desktop_app.ui import jobs
from desktop_app.ui.identity.new_key_dialog import NewKeyDialog

TOWN, COUNTY, CITY = "990101101", "990101", "990100"
NEW = "春风又绿江南岸，八个字以上"


def test_a_lost_passphrase_costs_no_data(qtbot, real_window, real_desk, tmp_path: Path, monkeypatch) -> None:
    window = real_window("settings", unit=TOWN)
    desk = window.session.desk
    before, former = desk.workspace.store.ledger.counts(), desk.key_report().key_spoken
    card = window.pages["settings"].keys
    assert card.lost.isVisible()

    def answer(dialog: NewKeyDialog) -> int:
        dialog.show()
        for field in dialog.findChildren(QLineEdit):
            field.setText(NEW)
        dialog.go.click()
        qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=20_000)
        return dialog.result()

    monkeypatch.setattr(NewKeyDialog, "exec", answer)
    card.lost.click()
    jobs.wait(10_000)
    report = desk.key_report()
    assert report.state == "requested" and report.key_spoken != former
    assert desk.workspace.store.ledger.counts() == before
    made = desk.export(
        Period.parse("2024-05"), tmp_path, filled="甲", checked="乙", responsible="丙", evidence="none"
    )
    asked = real_desk(COUNTY).asked_by(Path(made.files[0].path))
    assert [request.spoken for request in asked] == [report.key_spoken]


def test_the_city_is_not_offered_it(real_window) -> None:
    window = real_window("settings", unit=CITY)
    assert not window.pages["settings"].keys.lost.isVisible()
