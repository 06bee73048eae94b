"""An entry: one line of JSON, written once and kept byte for byte, named by the SHA-256 of those bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec


class Entry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A parsed line.  `body` is raw JSON of the kind's own record (see `bodies`); `line` are the bytes themselves."""

    kind: str
    subject: str
    unit: str
    operator: str
    at: str
    replaces: tuple[str, ...]
    n: int
    body: msgspec.Raw


class Change(msgspec.Struct, frozen=True):
    """What one subject looked like before and after a write."""

    subject: str
    kind: str


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What a write touched, so that each screen can decide whether to redraw."""

    kinds: frozenset[str] = frozenset()
    subjects: tuple[str, ...] = ()
    entries: int = 0

    @classmethod
    def joined(cls, parts: Iterable[Changes]) -> Changes:
        """Many together; adding them one by one would copy the subjects again and again."""
        every = list(parts)
        return cls(
            kinds=frozenset().union(*(part.kinds for part in every)),
            subjects=tuple(dict.fromkeys(subject for part in every for subject in part.subjects)),
            entries=sum(part.entries for part in every),
        )

    def __add__(self, other: Changes) -> Changes:
        return Changes(
            kinds=self.kinds | other.kinds,
            subjects=self.subjects + other.subjects,
            entries=self.entries + other.entries,
        )


def entry_id(line: bytes) -> str:
    """The entry's name: SHA-256 of its line (without the line end), 64 hex digits."""
    return hashlib.sha256(line).hexdigest()
