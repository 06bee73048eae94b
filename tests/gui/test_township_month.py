"""A township's month from first start to signed package, through the program's own windows."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from desktop_app.core.model.period import Period
from desktop_app.core.operations import merging
from desktop_app.core.operations.desk import Desk
from desktop_app.core.operations.entrance import Entrance
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.progress import silent
from desktop_app.ui import application, jobs
from desktop_app.ui.identity.dialogs import PassphraseDialog, SetupDialog
from desktop_app.ui.identity.first_start import FirstStartPage
from desktop_app.ui.preferences import Preferences
from desktop_app.ui.township import submit_page

TOWN, COUNTY, PASSPHRASE = "990101101", "990101", "枫桥镇 2024 的口令"


@pytest.fixture
def county(city, tmp_path: Path):
    """The county's desk, which has just been founded for this town: its setup package, and later its inbox."""
    import shutil

    target = tmp_path / "county"
    shutil.copytree(city.desk(COUNTY), target, ignore=shutil.ignore_patterns("outbox", ".lock"))
    desk = Desk(Workspace.open(target))
    desk.unlock("demo")
    yield desk
    desk.close()


@pytest.fixture
def windows(tmp_path: Path):
    made = application.Windows(Entrance(tmp_path / "home"), Preferences(tmp_path / "settings.ini"))
    yield made
    import shiboken6

    jobs.wait(10_000)
    if made.window is not None:
        made.window.close()
        shiboken6.delete(made.window)
        made.window = None


def by_hand(monkeypatch: pytest.MonkeyPatch, dialog: type, fill) -> None:
    """Where the program asks, the person fills the dialog and presses its button."""

    def exec_(self) -> int:
        self.show()
        fill(self)
        return self.result()

    monkeypatch.setattr(dialog, "exec", exec_)


def typed(qtbot, text: str) -> None:
    """To whatever has the keyboard, and Enter; Chinese comes from an input method."""
    for key in (*text, Qt.Key.Key_Return):
        target = QApplication.focusWidget()
        assert target is not None, f"nothing has the keyboard at {key!r} of {text!r}"
        if not isinstance(key, str):
            qtbot.keyClick(target, key)
        elif key.isascii():
            qtbot.keyClicks(target, key)
        else:
            committed = QInputMethodEvent("", [])
            committed.setCommitString(key)
            QApplication.sendEvent(target, committed)


def photo(path: Path) -> Path:
    out = io.BytesIO()
    Image.effect_noise((3200, 2400), 60).convert("RGB").save(out, "JPEG")
    path.write_bytes(out.getvalue())
    return path


def test_a_month_from_first_start_to_the_signed_package(
    qtbot, county, windows, tmp_path, monkeypatch, settled, dropped
):
    # The county hands over a setup package; the town opens it on a computer that has never seen the program.
    setup = Path(county.setup(TOWN, tmp_path, silent).path)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(setup), ""))

    def compare(dialog: SetupDialog) -> None:
        assert not dialog.go.isEnabled(), "nobody goes on without comparing"
        dialog.same.click()
        dialog.person.operator.setText("王秀珍")
        dialog.person.first.setText(PASSPHRASE)
        dialog.person.second.setText(PASSPHRASE)
        dialog.go.click()

    by_hand(monkeypatch, SetupDialog, compare)
    windows.open_first()
    qtbot.mouseClick(windows.first.findChild(FirstStartPage).setup, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: windows.window is not None, timeout=60_000)
    window = windows.window
    settled()
    desk, period = window.session.desk, Period(2024, 5, 5)
    window.session.show_period(period)
    assert window.current == "home"

    # The request for a certificate goes up, the fingerprint is compared, the certificate comes back.
    request, certificate = tmp_path / "request.pem", tmp_path / "certificate.pem"
    desk.save_request(request, PASSPHRASE)
    county.grant(request, certificate, "demo", desk.key_report().key_spoken)
    desk.install_certificate(certificate, PASSPHRASE)

    # The big button leads to the first empty cell; figures are typed one under the other.
    qtbot.mouseClick(window.pages["home"].next, Qt.MouseButton.LeftButton)
    assert window.current == "entry"
    entry = window.pages["entry"]
    window.activateWindow()
    entry.table.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is entry.table, timeout=5_000)
    entry.table.go_to_indicator("1.1")
    previous = entry.table.current_view().previous.value
    amount = str(int(previous or 0) + 3)
    typed(qtbot, amount)
    if entry.model.pending:
        typed(qtbot, "核对过，情况属实")
    assert entry.model.pending == {}
    for view in list(entry.model.shown()):
        if entry.model.unfilled(view) and view.previous.value is not None:
            entry.table.go_to_indicator(view.id)
            qtbot.keyClick(entry.table, Qt.Key.Key_Equal, Qt.KeyboardModifier.ControlModifier)

    # A household is entered, finished, and proved by a photo dropped onto the page.
    sites = window.pages.get("sites") or (window.show_page("sites"), window.pages["sites"])[1]
    window.show_page("sites")
    form = sites.form(None)
    form.indicator.setCurrentIndex(form.indicator.findData("12.1"))
    form.name.setText("张家湾 88 户")
    for field in form.stages.values():
        field.setText(f"{period.last}.6")
    form.completed.setText(f"{period.last}.8")
    form.keep()
    site = next(one for one in desk.sites() if one.name == "张家湾 88 户")
    assert site.why_not == "缺佐证材料"
    sites.wanted.emit("evidence", site.subject)
    evidence = window.pages["evidence"]
    dropped(evidence.zone, [photo(tmp_path / "IMG_0001.jpg")])
    settled()
    assert next(one for one in desk.sites() if one.subject == site.subject).counts

    # Check, preview, names, sign, write, read back.
    window.show_page("submit")
    submit = window.pages["submit"]
    assert submit.forward.isEnabled(), [issue.text for issue in desk.check(period) if issue.level == "hard"]
    qtbot.mouseClick(submit.forward, Qt.MouseButton.LeftButton)
    shown = {view.id: view for view in submit.preview.model.records}
    assert str(shown["1.1"].figure.value) == amount
    qtbot.mouseClick(submit.forward, Qt.MouseButton.LeftButton)
    for field, name in ((submit.sign.filled, "王秀珍"), (submit.sign.checked, "赵建国")):
        field.setText(name)
    submit.sign.responsible.setText("孙明远")
    submit.sign.agreed.setChecked(True)
    qtbot.mouseClick(submit.forward, Qt.MouseButton.LeftButton)
    stick = tmp_path / "stick"
    stick.mkdir()
    submit.target.set_folder(stick)

    def unlock(dialog: PassphraseDialog) -> None:
        dialog.field.setText(PASSPHRASE)
        dialog.go.click()

    by_hand(monkeypatch, PassphraseDialog, unlock)
    qtbot.mouseClick(submit.forward, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: submit.steps.current == submit_page.RESULT, timeout=60_000)
    files = list(stick.glob("*.xlsx"))
    assert len(files) == 1
    code = submit.done.code.text().replace(" – ", "-")

    # What lies on the stick is what the county opens: the same code, the same figure, the photo with it.
    results, _changes = merging.merge(county.workspace, files)
    assert [item.state for item in results] == ["merged"]
    row = next(row for row in county.inbox(period) if row.file == files[0].name)
    assert (row.digest, row.missing_files) == (code, 0)
    told = county.task(1, TOWN, period)
    assert str(next(view for view in told.indicators if view.id == "1.1").figure.value) == amount
