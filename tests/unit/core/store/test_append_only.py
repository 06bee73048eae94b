"""The journal is append-only: the database itself refuses every change and deletion, by whatever statement."""

from __future__ import annotations

import sqlite3

import pytest
import worlds

from desktop_app.core.operations.care import ledger_rows
from desktop_app.core.store.store import Store

JOURNAL = ("container", "container_part", "segment", "entry", "origin")


@pytest.fixture
def filled() -> Store:
    return worlds.admitted(worlds.foundation_boxes())


def content(store: Store) -> list[list[tuple[object, ...]]]:
    return [[tuple(row) for row in store.connection.execute(f"SELECT * FROM {table}")] for table in JOURNAL]


def columns(store: Store, table: str) -> list[str]:
    return [row["name"] for row in store.connection.execute(f"PRAGMA table_info({table})")]


@pytest.mark.parametrize("table", JOURNAL)
@pytest.mark.parametrize(
    "way", ["update", "update or replace", "delete", "insert or replace", "replace", "upsert"]
)
def test_every_change_is_refused(filled: Store, table: str, way: str):
    names = columns(filled, table)
    row = list(filled.connection.execute(f"SELECT * FROM {table}").fetchone())
    marks = ",".join("?" * len(names))
    # The last column is no part of a key, except in `origin`, which has nothing else.
    last = names[-1]
    key = "seq" if "seq" in names else ", ".join(names if table == "origin" else names[:2])
    statements = {
        "update": (f"UPDATE {table} SET {last} = {last}", []),
        "update or replace": (f"UPDATE OR REPLACE {table} SET {last} = {last}", []),
        "delete": (f"DELETE FROM {table}", []),
        "insert or replace": (f"INSERT OR REPLACE INTO {table} VALUES ({marks})", row),
        "replace": (f"REPLACE INTO {table} VALUES ({marks})", row),
        "upsert": (
            f"INSERT INTO {table} VALUES ({marks}) ON CONFLICT ({key}) DO UPDATE SET {last} = excluded.{last}",
            row,
        ),
    }
    before = content(filled)
    statement, values = statements[way]
    with pytest.raises(sqlite3.IntegrityError, match="the journal is append-only"):
        filled.connection.execute(statement, values)
    assert content(filled) == before


def test_only_the_journal_is_fixed_and_the_ledger_can_be_thrown_away(filled: Store):
    before = ledger_rows(filled)
    assert before["head"]
    for table in ("head", "refused", "figure", "verdict", "site_quantity", "evidence_about"):
        filled.connection.execute(f"DELETE FROM {table}")
    assert not ledger_rows(filled)["head"]
    filled.rebuild()
    assert ledger_rows(filled) == before
