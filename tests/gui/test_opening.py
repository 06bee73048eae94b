"""What is seen while a desk is being opened: its window as it was left, veiled; never another's, never a wrong one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from desktop_app.core.operations.entrance import Entrance
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.paths import DESK_PICTURE
from desktop_app.ui import application, theme
from desktop_app.ui.opening import Opening, keep, manner
from desktop_app.ui.preferences import Preferences

ROOT = Path(__file__).resolve().parents[2]
PLAIN = manner("zh", False)


@pytest.fixture
def windows(tmp_path: Path):
    made = application.Windows(Entrance(tmp_path / "home"), Preferences(tmp_path / "settings.ini"))
    yield made
    if made.window is not None:
        made.window.close()
    if made.first is not None:
        made.first.close()  # type: ignore[attr-defined]


@pytest.fixture
def folder(real_desk) -> Path:
    """A township's folder, closed."""
    desk = real_desk()
    desk.close()
    return desk.workspace.root


def shown(opening: Opening, size: tuple[int, int]) -> QImage:
    opening.resize(*size)
    return opening.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def test_the_window_is_seen_as_it_was_left(windows, folder: Path, qtbot):
    assert windows.open_folder(folder)
    window = windows.window
    window.show_page("tasks")
    window.close()
    windows.window = None
    left = QImage(str(folder / DESK_PICTURE)).convertToFormat(QImage.Format.Format_RGB32)
    assert left.size() == window.size()
    opening = Opening(folder, PLAIN)
    qtbot.addWidget(opening)
    assert shown(opening, (left.width(), left.height())) == left
    # Under the veil it is the first page, not the one that was left.
    assert window.current == window.places[0].key
    assert [path.name for path in folder.glob(".*.part")] == []


def test_a_picture_that_does_not_fit_is_not_shown(windows, folder: Path, qtbot):
    windows.open_folder(folder)
    window = windows.window
    keep(window, folder, PLAIN)
    size = (window.width(), window.height())
    name_only = shown(Opening(), size)
    right = shown(Opening(folder, PLAIN), size)
    assert right != name_only
    for other in (manner("en", False), manner("zh", True)):
        assert shown(Opening(folder, other), size) == name_only
    smaller = (size[0] - 40, size[1] - 40)
    assert shown(Opening(folder, PLAIN), smaller) == shown(Opening(), smaller)
    (folder / DESK_PICTURE).write_bytes(b"no picture")
    assert shown(Opening(folder, PLAIN), size) == name_only


def test_a_desk_that_cannot_be_opened_is_not_shown_behind_the_words(
    windows, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    windows.open_folder(folder)
    keep(windows.window, folder, PLAIN)
    size = (windows.window.width(), windows.window.height())
    other = application.Windows(windows.entrance, windows.preferences)
    other.opening = Opening(folder, PLAIN)
    name_only = shown(Opening(), size)
    assert shown(other.opening, size) != name_only
    told = []
    monkeypatch.setattr("desktop_app.ui.errors.show", told.append)
    assert not other.open_folder(folder)
    assert len(told) == 1
    assert shown(other.opening, size) == name_only


def test_what_may_have_changed_is_not_shown(windows, folder: Path):
    """Whoever opens the folder for writing may change or erase what the picture shows."""
    windows.open_folder(folder)
    windows.window.close()
    windows.window = None
    (folder / f".{DESK_PICTURE}.part").write_bytes(b"killed while writing")
    Workspace.open(folder, writing=False).close()
    assert (folder / DESK_PICTURE).exists()
    Workspace.open(folder).close()
    assert [path.name for path in folder.glob(f"*{DESK_PICTURE}*")] == []


def test_another_manner_is_drawn_anew(windows, folder: Path, qapp: QApplication):
    """Large text set in between: what was kept is of the window that is gone, and the next closing keeps a new one."""
    windows.open_folder(folder)
    windows.preferences.large_text = True
    try:
        windows._restart()
        # The window that went away drew the old text; it must not be kept as the new.
        assert not (folder / DESK_PICTURE).exists()
        windows.window.close()
        size = QImage(str(folder / DESK_PICTURE)).size().toTuple()
        assert shown(Opening(folder, manner("zh", True)), size) != shown(Opening(), size)
    finally:
        windows.window = None
        theme.apply(qapp)


def test_something_is_seen_before_the_desk_is_read():
    """The opening window needs nothing of the core but words and folders, and the picture no style and no fonts."""
    program = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
from desktop_app.ui.application import Windows, make_application
from desktop_app.ui.opening import Opening
application = make_application([])
opening = Opening(Path("."), "zh")
opening.begin()
assert opening.isVisible()
assert "desktop_app.ui.theme" not in sys.modules
application.processEvents()
light = ("i18n", "paths", "errors", "lazy")
print([name for name in sys.modules if name.startswith("desktop_app.core.") and name.split(".")[2] not in light])
"""
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert result.stdout.strip() == "[]"
