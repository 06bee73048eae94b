"""The schema of a fresh database, for reading: `python -m desktop_app.core.store.schema > db/schema.sql`."""

from __future__ import annotations

import contextlib
import sqlite3
import sys
import tempfile
from pathlib import Path

from desktop_app.core.store.database import FILE_NAME, open_database, version_of

HEADER = "-- Made from a fresh database by desktop_app.core.store.schema; change the migrations, not this."


def schema_of(connection: sqlite3.Connection) -> str:
    """Every table, index and trigger of ours, in the order in which they were made."""
    rows = connection.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND substr(tbl_name, 1, 1) <> '_' ORDER BY rowid"
    )
    parts = [HEADER, f"PRAGMA user_version = {version_of(connection)};", *(row[0] + ";" for row in rows)]
    return "\n\n".join(parts) + "\n"


def fresh_schema() -> str:
    """The schema that this program's migrations make."""
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.closing(open_database(Path(folder) / FILE_NAME, create=True)) as connection,
    ):
        return schema_of(connection)


if __name__ == "__main__":
    sys.stdout.buffer.write(fresh_schema().encode())
