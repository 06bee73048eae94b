"""Where files are taken from and put: a dialog begins where the person was with such files the last time, and never
where the program stands."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.ui.preferences import Preferences

_Home = QStandardPaths.StandardLocation
HOMES = {
    "photos": _Home.PicturesLocation,
    "papers": _Home.DocumentsLocation,
    "tables": _Home.DocumentsLocation,
    "plans": _Home.DocumentsLocation,
    "scans": _Home.PicturesLocation,
}
"""Where the first dialog of a kind begins; of all others, on the desktop, where what was handed over is put."""


def last_folder(what: str) -> Path | None:
    """Where the person put such files the last time, where that is still there."""
    folder = Preferences().text(f"place/{what}")
    return Path(folder) if folder and Path(folder).is_dir() else None


def begin(what: str) -> str:
    """Where a dialog for such files begins: where the last one ended, else the place made for them."""
    last = last_folder(what)
    if last is not None:
        return str(last)
    home = QStandardPaths.writableLocation(HOMES.get(what, _Home.DesktopLocation))
    return home if home and Path(home).is_dir() else str(Path.home())


def _remember(what: str, folder: Path) -> None:
    Preferences().set_text(f"place/{what}", str(folder))


def choose_file(parent: QWidget, what: str, title: str, kinds: str = "") -> Path | None:
    """One file of these kinds; None where the person thinks better of it.  `what` names the use, each with a place of
    its own."""
    chosen, _filter = QFileDialog.getOpenFileName(parent, title, begin(what), kinds)
    if not chosen:
        return None
    _remember(what, Path(chosen).parent)
    return Path(chosen)


def choose_files(parent: QWidget, what: str, title: str, kinds: str = "") -> list[Path]:
    """Files of these kinds; none where the person thinks better of it."""
    chosen, _filter = QFileDialog.getOpenFileNames(parent, title, begin(what), kinds)
    if chosen:
        _remember(what, Path(chosen[0]).parent)
    return [Path(name) for name in chosen]


def choose_target(parent: QWidget, what: str, title: str, name: str, kinds: str = "") -> Path | None:
    """Where to save, under the name offered or another."""
    chosen, _filter = QFileDialog.getSaveFileName(parent, title, str(Path(begin(what)) / name), kinds)
    if not chosen:
        return None
    _remember(what, Path(chosen).parent)
    return Path(chosen)


def choose_folder(parent: QWidget, what: str, title: str, first: Path | None = None) -> Path | None:
    """`first` is where to begin instead, where something has been chosen already."""
    chosen = QFileDialog.getExistingDirectory(parent, title, str(first) if first else begin(what))
    if not chosen:
        return None
    _remember(what, Path(chosen))
    return Path(chosen)
