"""The options that may stand anywhere on a command line.  Light to import: the app's own start goes through it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Globals(NamedTuple):
    workspace: Path | None
    json: bool
    words: tuple[str, ...]


def globals_of(words: Sequence[str]) -> Globals:
    """Take `--workspace DIR` and `--json` out of the line, wherever they stand (not after `--`)."""
    workspace = os.environ.get("TAIZHANG_WORKSPACE") or None
    as_json = False
    rest: list[str] = []
    index = 0
    while index < len(words):
        word = words[index]
        if word == "--":
            rest += words[index:]
            break
        if word == "--json":
            as_json = True
        elif word == "--workspace" and index + 1 < len(words):
            workspace = words[index + 1]
            index += 1
        elif word.startswith("--workspace="):
            workspace = word.split("=", 1)[1]
        else:
            rest.append(word)
        index += 1
    return Globals(workspace=Path(workspace) if workspace else None, json=as_json, words=tuple(rest))
