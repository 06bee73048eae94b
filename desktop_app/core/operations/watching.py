"""Watching a folder or a stick for packages: which files are new and lie still."""

from __future__ import annotations

import contextlib
import os
import string
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from desktop_app.core.operations import network_share
from desktop_app.core.operations.merging import ENDINGS

STILL_SECONDS = 2.0
"""A file younger than this may still be on its way."""
DEEPEST = 3
MOST = 2000
"""Files looked at in one round; a stick that is a whole archive must not hold the program up."""

Seen = tuple[str, int, int]
"""Path, size, time of the last change: a file that was replaced is looked at again."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One round: files to take in now, and every file that was there (those on their way aside)."""

    fresh: tuple[Path, ...]
    seen: frozenset[Seen]
    absent: tuple[Path, ...] = ()
    """Places that are not there (a stick that was pulled)."""


def look(places: Sequence[Path], seen: Iterable[Seen], now: float) -> Found:
    """Look once; `now` in seconds since 1970."""
    known = set(seen)
    fresh: list[Path] = []
    present: set[Seen] = set()
    absent = []
    for place in places:
        if not place.is_dir():
            absent.append(place)
            continue
        for path in _packages(place):
            try:
                stat = path.stat()
            except OSError:
                continue
            key = (str(path), stat.st_size, stat.st_mtime_ns)
            if key in known:
                present.add(key)
            elif stat.st_size and now - stat.st_mtime >= STILL_SECONDS:
                present.add(key)
                fresh.append(path)
    # What a pulled stick held stays known: put in again, it is not merged again.
    gone = {key for key in known if any(_below(key[0], place) for place in absent)}
    return Found(fresh=tuple(fresh), seen=frozenset(present | gone), absent=tuple(absent))


def _below(path: str, place: Path) -> bool:
    return path.startswith(str(place) + os.sep)


def _packages(place: Path) -> list[Path]:
    found: list[Path] = []
    base = len(place.parts)
    for folder, folders, files in os.walk(place, onerror=lambda _error: None):
        if len(Path(folder).parts) - base >= DEEPEST:
            folders.clear()
        folders[:] = sorted(name for name in folders if not name.startswith((".", "$")))
        for name in sorted(files):
            if name.endswith(ENDINGS) and not name.startswith(("~$", ".")):
                found.append(Path(folder, name))
        if len(found) >= MOST:
            break
    return found[:MOST]


def sticks(roots: Sequence[Path] | None = None) -> list[Path]:
    """Removable places that are there now: drive letters on Windows, what is mounted for the person on Linux."""
    if roots is None and sys.platform == "win32":
        letters = [f"{letter}:\\" for letter in string.ascii_uppercase[3:]]
        return [
            Path(root)
            for root in letters
            if network_share.drive_type_of(root) == network_share.DRIVE_REMOVABLE and Path(root).is_dir()
        ]
    if roots is None:
        user = os.environ.get("USER", "")
        roots = [Path("/media", user), Path("/run/media", user)] if user else []
    found: list[Path] = []
    for root in roots:
        with contextlib.suppress(OSError):
            found += sorted(path for path in root.iterdir() if path.is_dir())
    return found
