"""A small store on disk, and lets these tests use the property tests' small world."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.core.store.store import Store

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "property"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store of unit `a` in city `c`."""
    with Store.create(tmp_path / "desk", "a", "c") as opened:
        yield opened
