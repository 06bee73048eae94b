"""Where files are taken from and put: a dialog begins where the person was the last time, not where the program is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.ui.preferences import Preferences


def _last(what: str) -> str:
    folder = Preferences().text(f"place/{what}")
    return folder if folder and Path(folder).is_dir() else str(Path.home())


def last_folder(what: str) -> Path | None:
    """Where the person put such files the last time, where that is still there."""
    folder = Preferences().text(f"place/{what}")
    return Path(folder) if folder and Path(folder).is_dir() else None


def choose_files(parent: QWidget, what: str, title: str, kinds: str) -> list[Path]:
    """Files of these kinds; none where the person gave up.  `what` names the use, each with a place of its own."""
    chosen, _filter = QFileDialog.getOpenFileNames(parent, title, _last(what), kinds)
    if chosen:
        Preferences().set_text(f"place/{what}", str(Path(chosen[0]).parent))
    return [Path(name) for name in chosen]


def choose_folder(parent: QWidget, what: str, title: str) -> Path | None:
    chosen = QFileDialog.getExistingDirectory(parent, title, _last(what))
    if chosen:
        Preferences().set_text(f"place/{what}", chosen)
    return Path(chosen) if chosen else None
