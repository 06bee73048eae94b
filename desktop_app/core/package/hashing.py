"""Many large parts hashed at once: hashing lets other threads run, and a disk is read the better for it."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet

from desktop_app.core.package.limits import MIB
from desktop_app.core.package.zipread import ZipReader

_WORTH_IT = 8 * MIB
"""Bytes below which starting threads costs more than it gains."""

_MOST_THREADS = 4
_TOLD_EVERY = 0.1
"""Seconds between two calls of `tell`."""


def digests(
    reader: ZipReader, parts: Sequence[str], tell: Callable[[int], None]
) -> Iterator[tuple[str, bytes]]:
    """The SHA-256 of each part, in the order given.  `tell` is called in the caller's own thread with the bytes done
    so far, and stops everything by raising; what a part itself raises comes at its turn."""
    total = sum(reader.entries[part].size for part in parts)
    threads = min(_MOST_THREADS, os.cpu_count() or 1, len(parts))
    if total < _WORTH_IT or threads < 2:
        yield from _one_by_one(reader, parts, tell)
    else:
        yield from _side_by_side(reader, parts, tell, threads)


def _one_by_one(
    reader: ZipReader, parts: Sequence[str], tell: Callable[[int], None]
) -> Iterator[tuple[str, bytes]]:
    done = 0
    for part in parts:
        digest = hashlib.sha256()
        for block in reader.chunks(part):
            digest.update(block)
            done += len(block)
            tell(done)
        yield part, digest.digest()


class _Stopped(Exception):
    """Told to a thread whose result nobody waits for any more."""


def _side_by_side(
    reader: ZipReader, parts: Sequence[str], tell: Callable[[int], None], threads: int
) -> Iterator[tuple[str, bytes]]:
    done = [0] * len(parts)
    stop = threading.Event()

    def hash_one(number: int) -> bytes:
        digest = hashlib.sha256()
        for block in reader.chunks(parts[number]):
            if stop.is_set():
                raise _Stopped
            digest.update(block)
            done[number] += len(block)
        return digest.digest()

    with ThreadPoolExecutor(threads, thread_name_prefix="hash") as pool:
        waiting = [pool.submit(hash_one, number) for number in range(len(parts))]
        try:
            for part, future in zip(parts, waiting, strict=True):
                yield part, _result(future, lambda: tell(sum(done)))
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)


def _result(future: Future[bytes], still: Callable[[], None]) -> bytes:
    while True:
        try:
            found = future.result(_TOLD_EVERY)
        except NotYet:
            if future.done():
                raise
            still()
        else:
            still()
            return found
