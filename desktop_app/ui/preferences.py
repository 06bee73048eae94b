"""What a person chose about the program itself, on this computer: text size, last folder, folders watched."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings


class Preferences:
    """A thin, typed reading of one ini file; tests and `demo` give their own."""

    def __init__(self, file: Path | None = None) -> None:
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

    def text(self, name: str) -> str:
        return str(self._settings.value(name, "") or "")

    def set_text(self, name: str, value: str) -> None:
        self._settings.setValue(name, value)
