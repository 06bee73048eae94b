"""Writes that share a transaction, as long as they are small and few: each commit has to wait for the disk."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

MOST = 50
SECONDS = 1.0
"""Nobody else can write while a batch is open, so it is never open for long."""

Transaction = Callable[[], contextlib.AbstractContextManager[None]]


class Batch:
    """Made by `batches`; `next` is called before each write."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._open: contextlib.AbstractContextManager[None] | None = None
        self._number = 0
        self._begun = 0.0

    def next(self, *, alone: bool = False) -> None:
        """One that may take long stands `alone`, in a transaction of its own making."""
        if self._open and (alone or self._number >= MOST or time.monotonic() - self._begun > SECONDS):
            self.end()
        if self._open is None and not alone:
            begun = self._transaction()
            begun.__enter__()
            self._open, self._number, self._begun = begun, 0, time.monotonic()
        self._number += 1

    def end(self, error: BaseException | None = None) -> None:
        """Commit what is open, or take it back because of an error."""
        if self._open is not None:
            ending, self._open = self._open, None
            ending.__exit__(type(error) if error else None, error, error.__traceback__ if error else None)


@contextlib.contextmanager
def batches(transaction: Transaction) -> Iterator[Batch]:
    """For many writes in a row; what was begun is committed at the end, or taken back where an exception ends it."""
    batch = Batch(transaction)
    try:
        yield batch
    except BaseException as error:
        batch.end(error)
        raise
    batch.end()
