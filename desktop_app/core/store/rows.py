"""Many rows into one table, several by each statement: half of what a row costs is the statement around it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import chain

AT_ONCE = 49
"""Rows of a statement; with ten columns, the values stay below what the oldest SQLite takes."""


def insert(connection: sqlite3.Connection, into: str, rows: Sequence[Sequence[object]]) -> None:
    """`into` is how the statement begins ("INSERT INTO origin"); the rows hold every column, all the same number."""
    if not rows:
        return
    marks = f"({','.join('?' * len(rows[0]))})"
    whole = len(rows) - len(rows) % AT_ONCE
    several = f"{into} VALUES {','.join([marks] * AT_ONCE)}"
    for at in range(0, whole, AT_ONCE):
        connection.execute(several, list(chain.from_iterable(rows[at : at + AT_ONCE])))
    connection.executemany(f"{into} VALUES {marks}", rows[whole:])
