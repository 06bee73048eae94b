"""What the tick under the passphrase promises is what happens: not asked again here, asked again at another unit."""

from __future__ import annotations

from desktop_app.core.operations.desk import Desk
from desktop_app.core.operations.workspace import Workspace
from desktop_app.ui import jobs
from desktop_app.ui.identity import dialogs

TOWN, OTHER = "990101101", "990101102"


def test_the_key_stays_open_until_the_unit_is_switched(real_desk, qtbot, monkeypatch):
    desk = real_desk(TOWN)
    asked: list[str] = []

    def answer(dialog: dialogs.PassphraseDialog) -> int:
        asked.append(dialog.keep.text())
        dialog.field.setText("demo")
        dialog.keep.setChecked(True)
        dialog.go.click()
        return dialog.result()

    monkeypatch.setattr(dialogs.PassphraseDialog, "exec", answer)
    assert dialogs.unlocked(desk, None) and dialogs.unlocked(desk, None)
    jobs.wait(1000)
    assert len(asked) == 1 and "换单位" in asked[0] and "关闭程序" in asked[0]
    # The switch closes the desk; whoever comes back is asked again, as the words say.
    folder = desk.workspace.root
    desk.close()
    back = Desk(Workspace.open(folder))
    try:
        assert back.locked()
        assert dialogs.unlocked(back, None) and len(asked) == 2
    finally:
        back.close()
