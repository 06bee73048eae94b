"""What goes into a package, and what came out of writing one.  Light to import."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import msgspec


class FileSource(msgspec.Struct, frozen=True, kw_only=True):
    """An evidence file to send: `sha256` (hex) and `size` in bytes as the store knows them, `open` gives its plain
    bytes.  `extension` without the dot; it becomes part of a part's name, so it holds nothing about anyone."""

    sha256: str
    extension: str
    media: str
    size: int
    open: Callable[[], BinaryIO]


class PersonalSource(msgspec.Struct, frozen=True, kw_only=True):
    """A sealed record or file to send: `hash` names its plain bytes, `size` counts the sealed ones."""

    hash: str
    size: int
    open: Callable[[], BinaryIO]

    @classmethod
    def of(cls, plain_hash: str, blob: bytes) -> PersonalSource:
        return cls(hash=plain_hash, size=len(blob), open=lambda: io.BytesIO(blob))


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """A package that stands complete on the disk.  `container` is its digest, `size` in bytes, `files` evidence in
    it, `signature` and `payload` the two parts that a desk keeps of its own packages."""

    path: Path
    container: str
    size: int
    files: int
    signature: bytes
    payload: bytes
    volume: int = 1
    volumes: int = 1
