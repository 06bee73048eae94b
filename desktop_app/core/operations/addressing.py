"""Whom a file was written for, told before it is taken in.

What a package says of its receiver decides nothing about its entries: merging is a union.  But a clerk who opens the
neighbour's receipt by mistake should hear so, instead of wondering about figures that are not theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from desktop_app.core.errors import KnownError
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package import opc
from desktop_app.core.package.forward import read_manifest
from desktop_app.core.package.zipread import ZipReader

DOWNWARD = ("reply", "setup")


def for_others(workspace: Workspace, files: Sequence[Path]) -> list[tuple[Path, str]]:
    """Those files that come from above and are addressed to another unit, each with that unit's name.

    A unit with units below it may hold what goes to them.  A file that cannot be read is not judged here.
    """
    organisation = workspace.organisation
    own = workspace.unit_code
    found = []
    for file in files:
        to = _receiver(file)
        if to and to != own and to in organisation and not organisation.is_above(own, to):
            found.append((file, organisation.name(to)))
    return found


def _receiver(file: Path) -> str:
    """The receiver's code; "" for anyone, for what goes upward or sideways, and for what is no package."""
    try:
        with file.open("rb") as stream:
            manifest = read_manifest(ZipReader(stream).read(opc.PAYLOAD))
    except (KnownError, OSError):
        return ""
    return manifest.to if manifest.purpose in DOWNWARD else ""
