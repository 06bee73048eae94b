"""What a person chose about the program itself, on this computer: text size, last folder, folders watched."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings

from desktop_app.core import paths

BESIDE = "@portable/"
"""Stands in a stick's ini file for the folder 数据 beside the program: the drive has another letter elsewhere."""


class Preferences:
    """A thin, typed reading of one ini file; tests and `demo` give their own."""

    def __init__(self, file: Path | None = None) -> None:
        travelling = paths.portable_own()
        if file is None and travelling is not None:
            file = travelling / "taizhang.ini"
        if file is not None:
            self._settings = QSettings(str(file), QSettings.Format.IniFormat)
        else:
            self._settings = QSettings(
                QSettings.Format.IniFormat, QSettings.Scope.UserScope, "taizhang", "taizhang"
            )

    @property
    def large_text(self) -> bool:
        return self._settings.value("large_text", False, type=bool)  # type: ignore[return-value]

    @large_text.setter
    def large_text(self, value: bool) -> None:
        self._settings.setValue("large_text", value)

    @property
    def language(self) -> str:
        """ "zh" or "en"; "" where nobody has chosen."""
        return str(self._settings.value("language", "") or "")

    @language.setter
    def language(self, value: str) -> None:
        self._settings.setValue("language", value)

    def text(self, name: str) -> str:
        words = str(self._settings.value(name, "") or "")
        folder = paths.portable()
        if folder is not None and words.startswith(BESIDE):
            return str(folder / words.removeprefix(BESIDE))
        return words

    def set_text(self, name: str, value: str) -> None:
        folder = paths.portable()
        if folder is not None and value and Path(value).is_relative_to(folder):
            value = BESIDE + Path(value).relative_to(folder).as_posix()
        self._settings.setValue(name, value)

    def watches(self, unit: str) -> bool:
        """Whether a folder or every stick is taken in by itself for a unit on this computer."""
        return any(self.text(f"watch/{unit}/{what}") for what in ("folder", "sticks"))
