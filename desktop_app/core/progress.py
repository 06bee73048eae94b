"""Progress and cancelling meet in one call: `progress(done, total, text)` raises `Cancelled` when asked to."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called by long work now and then; raises `errors.Cancelled` when the person has asked to stop.

    `done` and `total` are in the work's own unit (files, bytes, entries); `total` 0 means unknown.
    """

    def __call__(self, done: int, total: int, text: str = "") -> None: ...


def silent(done: int, total: int, text: str = "") -> None:
    """The progress of work that nobody watches."""
