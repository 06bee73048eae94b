"""The passphrase is asked at signing; it is remembered until the program is closed only where that was wanted."""

from __future__ import annotations

import pytest

from desktop_app.ui import jobs
from desktop_app.ui.identity import dialogs


@pytest.mark.parametrize("kept", [False, True])
def test_the_key_is_open_for_one_act_or_for_the_sitting(
    qtbot, real_window, city, monkeypatch: pytest.MonkeyPatch, tmp_path, kept: bool
) -> None:
    monkeypatch.delenv("TAIZHANG_PASSPHRASE")
    window = real_window("submit", unit=city.town)
    desk = window.session.desk
    asked: list[dialogs.PassphraseDialog] = []

    def answer(dialog: dialogs.PassphraseDialog) -> int:
        asked.append(dialog)
        dialog.field.setText("demo")
        dialog.keep.setChecked(kept)
        dialog._accept()
        return dialog.result()

    monkeypatch.setattr(dialogs.PassphraseDialog, "exec", answer)
    assert desk.locked()
    done: list[object] = []
    for number in range(2):
        assert dialogs.unlocked(desk, window)
        jobs.start(
            lambda own, progress, to=tmp_path / str(number): own.exchange(to, progress),
            desk=desk,
            finished=done.append,
        )
        qtbot.waitUntil(lambda: jobs.running() == 0, timeout=30_000)
        qtbot.wait(300)
        assert desk.locked() is not kept
    assert len(asked) == (1 if kept else 2) and len(done) == 2


def test_a_wrong_passphrase_is_told_and_asked_again(qtbot, real_window, city, monkeypatch) -> None:
    monkeypatch.delenv("TAIZHANG_PASSPHRASE")
    desk = real_window("submit", unit=city.town).session.desk
    dialog = dialogs.PassphraseDialog(desk)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.field.setText("not it")
    dialog.go.click()
    assert dialog.isVisible() and dialog.words.text() and desk.locked()
