"""Notices of our own making."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core.plan.notice.assemble import read_notice
from desktop_app.core.plan.notice.draft import Draft

NOTICES = Path(__file__).resolve().parents[3] / "data" / "notices"


@pytest.fixture(scope="session")
def makers() -> Any:
    sys.path.insert(0, str(NOTICES))
    try:
        import make_notices as make
    finally:
        sys.path.remove(str(NOTICES))
    return make


@pytest.fixture(scope="session")
def notices(makers: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every fixture's file by name."""
    found: dict[str, Path] = makers.write_all(tmp_path_factory.mktemp("notices"))
    return found


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], Draft]:
    """The draft of a notice given as text."""

    def read_text(text: str) -> Draft:
        path = tmp_path / "notice.txt"
        path.write_text(text, encoding="utf-8")
        return read_notice(path)

    return read_text
