"""Many rows by few statements: the same rows, whatever their number."""

from __future__ import annotations

import sqlite3

import pytest

from desktop_app.core.store import rows


@pytest.mark.parametrize(
    "count", [0, 1, rows.AT_ONCE - 1, rows.AT_ONCE, rows.AT_ONCE + 1, 3 * rows.AT_ONCE + 7]
)
def test_every_row_is_written_once_and_in_order(count: int):
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE thing (a INTEGER, b TEXT, c BLOB)")
    wanted = [(number, f"第{number}", bytes([number % 256])) for number in range(count)]
    rows.insert(connection, "INSERT INTO thing", wanted)
    assert connection.execute("SELECT * FROM thing ORDER BY rowid").fetchall() == wanted


def test_one_that_is_there_is_left_out_alone():
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE thing (a INTEGER PRIMARY KEY)")
    connection.execute("INSERT INTO thing VALUES (7)")
    rows.insert(connection, "INSERT OR IGNORE INTO thing", [(number,) for number in range(120)])
    assert connection.execute("SELECT count(*) FROM thing").fetchone() == (120,)
    with pytest.raises(sqlite3.IntegrityError):
        rows.insert(connection, "INSERT INTO thing", [(number,) for number in range(119, 180)])
