"""The open desk and the period shown, shared by all pages; one signal tells them what a write has changed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desktop_app.ui.desk import Desk as Desk
    from desktop_app.ui.desk import Entrance as Entrance
    from desktop_app.ui.desk import Verdict as Verdict
else:
    # What pages call a desk is for the type checker; making so many protocols would delay the first window.
    Desk = Entrance = object
    Verdict = str


class Session(QObject):
    """One open desk and the period shown; pages hear from it when something changed."""

    changed = Signal(object)
    """Changes of a write."""
    period_changed = Signal(object)
    told = Signal(str)
    """A result in one line, for the status bar."""

    def __init__(self, desk: Desk, period: Period | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        periods = desk.periods()
        self.period = period or (periods[0] if periods else Period.containing(desk.today()))
        desk.look_at(self.period)
        self._held: Changes | None = None

    def show_period(self, period: Period) -> None:
        if period != self.period:
            self.period = period
            self.desk.look_at(period)
            self.period_changed.emit(period)

    def write(self, changes: Changes, words: str = "") -> Changes:
        """Tell everyone what a write touched; a page says `session.write(desk.record(…))`."""
        if self._held is not None:
            self._held += changes
            return changes
        self.changed.emit(changes)
        if words:
            self.told.emit(words)
        return changes

    @contextmanager
    def together(self) -> Iterator[None]:
        """Many figures at once: one write, one step of undo, and the pages hear of it once."""
        self._held = Changes()
        try:
            with self.desk.together():
                yield
        finally:
            held, self._held = self._held, None
            if held.entries:
                self.changed.emit(held)

    def attempt(self, call: Callable[[Desk], Changes], words: str = "") -> Changes | None:
        """Write, and show a KnownError to the person where it happens; None when nothing was written."""
        from desktop_app.core.errors import Cancelled, KnownError
        from desktop_app.ui import errors

        try:
            return self.write(call(self.desk), words)
        except Cancelled:
            return None
        except KnownError as error:
            errors.show(error)
            return None
