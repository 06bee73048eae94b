"""The way back from a backup, from the first page on."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QPushButton

from desktop_app.core.errors import InputError
from desktop_app.core.operations import backing_up
from desktop_app.core.operations.entrance import Entrance
from desktop_app.ui import jobs
from desktop_app.ui.identity.first_start import FirstStartPage
from desktop_app.ui.preferences import Preferences

TOWN = "990101101"


@pytest.mark.parametrize("chosen", ["the backup", "the folder it lies in"])
def test_a_backup_is_restored_from_the_first_page(
    qtbot, real_desk, tmp_path: Path, monkeypatch, chosen
) -> None:
    stick = tmp_path / "U盘"
    stick.mkdir()
    desk = real_desk(TOWN)
    before = desk.workspace.store.ledger.counts()
    made = desk.backup(stick)
    folder = made if chosen == "the backup" else stick
    entrance = Entrance(tmp_path / "家")
    page = FirstStartPage(entrance, Preferences(tmp_path / "settings.ini"))
    qtbot.addWidget(page)
    page.show()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_words: str(folder))
    link = next(b for b in page.findChildren(QPushButton) if "从备份恢复" in b.text())
    with qtbot.waitSignal(page.opened, timeout=30_000) as opened:
        link.click()
    jobs.wait(5000)
    restored = entrance.open(opened.args[0])
    try:
        assert restored.unit == TOWN
        assert restored.workspace.store.ledger.counts() == before
    finally:
        restored.close()


def test_the_latest_backup_is_taken_and_several_units_are_told_apart(tmp_path: Path) -> None:
    for name in ("990101101-20240630-173000", "990101101-20240701-080000"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "taizhang.db").touch()
    assert backing_up.find(tmp_path).name == "990101101-20240701-080000"
    other = tmp_path / "990101102-20240701-080000"
    other.mkdir()
    (other / "taizhang.db").touch()
    with pytest.raises(InputError, match="2 个单位"):
        backing_up.find(tmp_path)
    with pytest.raises(InputError, match="没有备份") as refused:
        backing_up.find(tmp_path / "没有这个文件夹")
    assert "taizhang.db" in refused.value.next_step
