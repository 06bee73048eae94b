"""A refusal that leaves nothing behind: what every bad input has to meet."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def saved(desk: Path) -> tuple[int, int, int]:
    """How many entries, figures and evidence files a workspace holds."""
    connection = sqlite3.connect(desk / "taizhang.db")
    try:
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("entry", "figure")
        ]
    finally:
        connection.close()
    return counts[0], counts[1], sum(path.is_file() for path in (desk / "evidence").rglob("*"))


@pytest.fixture
def refuses(refused: Callable[..., Any]) -> Callable[..., Any]:
    """`refused` at a desk that afterwards holds exactly what it held before."""

    def call(desk: Path, *words: object, saying: str, status: int = 1) -> Any:
        before = saved(desk)
        answer = refused(*words, at=desk, status=status, saying=saying)
        assert saved(desk) == before, "something was saved"
        return answer

    return call
