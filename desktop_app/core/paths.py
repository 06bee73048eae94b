"""Where the program's own read-only files are, from source and in a frozen build alike, and, on a stick, everything
else: a frozen program with portable.txt beside it keeps what people make and choose in the folder 数据 there.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RESOURCES = ROOT / "resources"
MIGRATIONS = ROOT / "db" / "migrations"
SCHEMA = ROOT / "db" / "schema.sql"
LOCALE = RESOURCES / "locale"
MANUAL = ROOT / "docs" / "manual"
ICON = RESOURCES / "app" / "taizhang.svg"

DESK_PICTURE = "opening.png"
"""In a unit's folder while nobody has it open: what its window looked like when it was closed."""

MARKER = "portable.txt"
DATA = "数据"
OWN = "程序"
"""Below 数据: settings and log of the program itself, beside the units' folders."""


@lru_cache(maxsize=1)
def portable() -> Path | None:
    """The folder 数据 beside the program if it travels with it, else None."""
    if not getattr(sys, "frozen", False):
        return None
    beside = Path(sys.executable).resolve().parent
    return beside / DATA if (beside / MARKER).is_file() else None


def portable_own() -> Path | None:
    """Where the travelling program keeps its settings and its log."""
    folder = portable()
    return folder / OWN if folder is not None else None
