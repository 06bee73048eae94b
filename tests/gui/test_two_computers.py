"""Two people, two computers, several units: packages sideways, what differs, the switch, a share that is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from desktop_app.core.model.period import Period
from desktop_app.core.operations import network_share
from desktop_app.core.operations.desk import Desk
from desktop_app.core.operations.entrance import Entrance
from desktop_app.core.operations.network_share import is_network_share
from desktop_app.core.operations.workspace import Workspace
from desktop_app.ui import application, errors, jobs
from desktop_app.ui.identity.key_dialogs import HandOverDialog
from desktop_app.ui.preferences import Preferences

TOWN, JUNE = "990101101", Period(2024, 6, 6)


@pytest.fixture
def second(city, tmp_path: Path):
    """The other computer of the same office: what it holds was copied from the first."""
    target = tmp_path / "second"
    shutil.copytree(city.desk(TOWN), target, ignore=shutil.ignore_patterns("outbox", ".lock"))
    desk = Desk(Workspace.open(target))
    desk.unlock("demo")
    yield desk
    desk.close()


def typed(desk, indicator: str, value: int, reason: str = "核对过") -> None:
    desk.record(indicator, str(value), period=JUNE, area=TOWN, reason=reason)


def of(page, indicator: str):
    return page.model.record(page.model.row_of(indicator))


def test_what_two_computers_typed_comes_together_and_what_differs_is_settled(
    qtbot, real_window, second, tmp_path, settled, monkeypatch
):
    window = real_window("entry", JUNE)
    entry, desk = window.pages["entry"], window.session.desk
    # What the sample left undecided is settled first on the one computer and the other.
    for one in (desk, second):
        for fork in one.forks():
            one.settle(fork.subject, keep=fork.sides[0].id, reason="测试")
    entry.refresh()
    before = int(of(entry, "1.1").previous.value)
    entry.table.go_to_indicator("1.1")
    assert entry.model.type_in(of(entry, "1.1"), str(before + 10))
    typed(second, "1.1", before + 20)
    typed(second, "3.1", 9000)
    folder = tmp_path / "between"
    folder.mkdir()
    second.exchange(folder, lambda *_: None)
    assert window.navigation.buttons["forks"].isHidden(), "nothing differs yet"

    window.show_page("settings")
    card = window.pages["settings"].exchange
    package = next(folder.glob("*.xlsx"))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(package)], ""))
    qtbot.mouseClick(card.open, Qt.MouseButton.LeftButton)
    settled()
    assert "有 1 处两边填得不一样" in window.status.left.text()
    window.show_page("entry")
    assert of(entry, "3.1").figure.value == 9000, "what only the other typed is simply there"
    row = entry.model.row_of("1.1")
    assert "有两种说法" in entry.model.columns[entry.model.hint_column].text(entry.model.record(row))
    qtbot.waitUntil(lambda: not window.navigation.buttons["forks"].isHidden(), timeout=3000)

    # A click on the words leads to the decision.
    entry.table.scrollTo(entry.model.index(row, entry.model.hint_column))
    place = entry.table.visualRect(entry.model.index(row, entry.model.hint_column)).center()
    qtbot.mouseClick(entry.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.current == "forks"
    forks = window.pages["forks"]
    assert f"{before + 10:,}" in forks.table.record_model.as_text()
    assert f"{before + 20:,}" in forks.table.record_model.as_text()
    mine = next(s for s in desk.forks()[0].sides if str(before + 20) in s.value.replace(",", ""))
    desk_changes = desk.settle(desk.forks()[0].subject, keep=mine.id, reason="以台账为准")
    window.session.write(desk_changes)
    window.show_page("entry")
    assert of(entry, "1.1").figure.value == before + 20
    qtbot.waitUntil(lambda: window.navigation.buttons["forks"].isHidden(), timeout=3000)


def test_the_package_for_the_other_computer_is_written_from_the_settings(
    qtbot, real_window, second, tmp_path, settled, monkeypatch
):
    window = real_window("settings", JUNE)
    desk = window.session.desk
    desk.unlock("demo")
    typed(desk, "3.1", 9000)
    card = window.pages["settings"].exchange
    folder = tmp_path / "between"
    folder.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    qtbot.mouseClick(card.write, Qt.MouseButton.LeftButton)
    settled()
    package = next(folder.glob("*.xlsx"))
    assert package.name in card.words.text()
    rows, _changes = second.merge([package], lambda *_: None)
    assert rows[0].new > 0
    shown = {v.id: v for task in second.tasks(JUNE) for v in task.indicators}
    assert shown["3.1"].figure.value == 9000
    assert not any("上报" in row.state for row in rows)


def test_the_successor_takes_over_operator_and_passphrase(qtbot, real_window):
    window = real_window("settings", JUNE)
    desk = window.session.desk
    dialog = HandOverDialog(desk, window)
    qtbot.addWidget(dialog)
    dialog.person.setText("周桂兰")
    dialog.old.setText("demo")
    for field in (dialog.first, dialog.second):
        field.setText("新来的人的口令 2024")
    buttons = [made for made in dialog.findChildren(type(window.pages["settings"].exchange.write))]
    go = next(made for made in buttons if made.objectName() == "primary")
    qtbot.mouseClick(go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.result() == 1 and jobs.running() == 0, timeout=20_000)
    desk.unlock("新来的人的口令 2024")
    typed(desk, "3.1", 9000)
    said = desk.history(f"progress/{TOWN}/2024/3.1/2024-06")[0]
    assert said.operator.endswith("周桂兰")
    assert desk.overview(JUNE).unit == TOWN, "the unit stays the same"


@pytest.fixture
def windows(city, tmp_path: Path):
    """A computer with two units' folders."""
    home = tmp_path / "home"
    for unit in (TOWN, "990101102"):
        shutil.copytree(city.desk(unit), home / unit, ignore=shutil.ignore_patterns("outbox", ".lock"))
    made = application.Windows(Entrance(home), Preferences(tmp_path / "settings.ini"))
    yield made
    import shiboken6

    jobs.wait(10_000)
    if made.window is not None:
        made.window.close()
        shiboken6.delete(made.window)
        made.window = None


def test_another_unit_is_two_clicks_away_and_size_stays(qtbot, windows, tmp_path, settled):
    home = tmp_path / "home"
    assert windows.open_folder(home / TOWN)
    first = windows.window
    first.resize(1200, 700)
    names = [first.top.unit.itemText(n) for n in range(first.top.unit.count())]
    assert len(names) == 3 and names[-1] == "另一个单位…"
    other = next(n for n in range(3) if first.top.unit.itemData(n) == home / "990101102")
    first.top.unit.setCurrentIndex(other)
    first.top.unit.activated.emit(other)
    settled()
    assert windows.window is not first
    assert windows.window.overview.unit == "990101102"
    # The first one is closed: its folder can be opened again.
    Workspace.open(home / TOWN).close()


def test_a_folder_on_a_network_share_is_refused_with_advice(windows, tmp_path, monkeypatch):
    told: list[BaseException] = []
    monkeypatch.setattr(errors, "show", told.append)
    mount = f"//server/share {tmp_path / 'home'} cifs rw 0 0"
    monkeypatch.setattr(network_share, "system_mounts", lambda: ["/dev/sda1 / ext4 rw 0 0", mount])
    assert not windows.open_folder(tmp_path / "home" / TOWN)
    assert windows.window is None
    assert "网络共享盘" in told[0].what and "本机硬盘" in told[0].next_step and "交换包" in told[0].next_step


@pytest.mark.parametrize(
    ("path", "mounts", "drive", "windows", "share"),
    [
        (r"\\server\share\台账", [], None, True, True),
        (r"\\?\UNC\server\share", [], None, True, True),
        (r"Z:\台账", [], lambda root: 4 if root == "Z:\\" else 3, True, True),
        (r"C:\台账", [], lambda root: 3, True, False),
        ("/mnt/nas/台账", ["/dev/sda1 / ext4 rw", "nas:/x /mnt/nas nfs4 rw"], None, False, True),
        ("/mnt/nas2/台账", ["/dev/sda1 / ext4 rw", "nas:/x /mnt/nas nfs4 rw"], None, False, False),
        ("/srv/wang/台账", ["/dev/sda1 / ext4 rw", "x /srv/wang fuse.sshfs rw"], None, False, True),
    ],
)
def test_what_is_a_share(path, mounts, drive, windows, share):
    from pathlib import PurePosixPath, PureWindowsPath

    kind = PureWindowsPath if windows else PurePosixPath
    assert is_network_share(kind(path), mounts=mounts, drive_type=drive, windows=windows) is share
