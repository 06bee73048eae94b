"""Files that were merged before, known by their bytes: the same file again says nothing new and is not read again.

Known is a file, not a package: one that carries a known package and differs in a single byte is verified in full.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package.limits import MIB

LARGEST = 8 * MIB
"""Larger files hold evidence, and reading them twice on a slow stick costs more than it saves."""


class Recalled(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of a file that was merged before; `files` are the hashes of its evidence."""

    container: str
    unit: str
    unit_name: str
    period: str
    digest: str
    sequence: int
    verified: str
    entries: int
    files: tuple[str, ...]


class Small(msgspec.Struct, frozen=True):
    """A file small enough to be known: its bytes, and by what it is known."""

    content: bytes
    key: bytes


def read(path: Path, roots: Sequence[bytes]) -> Small | None:
    """A small file; None for others and where it cannot be read."""
    try:
        if path.stat().st_size > LARGEST:
            return None
        content = path.read_bytes()
    except OSError:
        return None
    return Small(content, key_of(content, roots))


def key_of(content: bytes, roots: Sequence[bytes]) -> bytes:
    """With another root pinned, a file may say more than it did."""
    digest = hashlib.sha256(content)
    for root in sorted(roots):
        digest.update(hashlib.sha256(root).digest())
    return digest.digest()


def recall(workspace: Workspace, key: bytes) -> Recalled | None:
    """What was noted of a file, where all its evidence is still here."""
    store = workspace.store
    row = store.connection.execute("SELECT told FROM known_file WHERE sha256 = ?", (key,)).fetchone()
    if row is None:
        return None
    known = msgspec.json.decode(row["told"], type=Recalled)
    here = all(store.ledger.has_file(sha256) and store.files.find(sha256) for sha256 in known.files)
    return known if here else None


def note(workspace: Workspace, key: bytes, known: Recalled) -> None:
    with workspace.store.transaction():
        workspace.store.connection.execute(
            "INSERT OR REPLACE INTO known_file VALUES (?,?)", (key, msgspec.json.encode(known))
        )
