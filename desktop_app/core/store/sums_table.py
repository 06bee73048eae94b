"""What an area's figures come to at a month's end, kept beside the figures they rest on.

A row is struck out with whatever changes below the area, so that it is missing or true.  `told` is the reader's own
record (`operations/area_sums.py`, `kept_board.py`); nothing but the latest month is computed here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from desktop_app.core.model.unit import Organisation
from desktop_app.core.store.figures_table import Key, key_touched, month_number

ALL_YEARS = 0
"""Struck out from the very first month."""
LATEST, FAR = "latest", 999_999
"""The latest month that has a figure stands under a month later than any, so that every change strikes it out."""

_FROM_ABOVE = frozenset({"milestone", "schedule"})
"""What is said of an area holds for the areas below it too."""
_BEARING = frozenset({"site", "share", "submission"}) | _FROM_ABOVE


def strike(
    connection: sqlite3.Connection,
    organisation: Organisation,
    subjects: Iterable[str],
    figures: Iterable[Key] = (),
) -> None:
    """Take out what rests on these figures and subjects: figures and reviews from their month on, sites, shares,
    submissions, steps and schedules in every month; everything where a rule of the lights was stated."""
    subjects = list(subjects)
    if any(subject.startswith("setting/") for subject in subjects):
        strike_all(connection)
        return
    since: dict[str, int] = {}
    downward: set[str] = set()
    # A package's figures are of few areas and periods.
    for area, period in {(key[0], key[3]) for key in figures}:
        month = month_number(period) or ALL_YEARS
        since[area] = min(month, since.get(area, month))
    for subject in subjects:
        key, _review = key_touched(subject)
        if key is not None:
            area, month = key[0], month_number(key[3]) or ALL_YEARS
        else:
            words = subject.split("/", 2)
            if words[0] not in _BEARING or len(words) < 3:
                continue
            area, month = words[1], ALL_YEARS
            if words[0] in _FROM_ABOVE:
                downward.add(area)
        known = since.get(area)
        if known is None or month < known:
            since[area] = month
    above: dict[str, int] = {}
    for area, month in since.items():
        for upper in (area, *organisation.above(area)):
            above[upper] = min(month, above.get(upper, month))
    for area in downward:
        above |= dict.fromkeys((unit.code for unit in organisation.below(area)), ALL_YEARS)
    connection.executemany("DELETE FROM area_sum WHERE area = ? AND month >= ?", sorted(above.items()))


def strike_all(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM area_sum")


def read(connection: sqlite3.Connection, area: str, month: int, plan: str, what: str) -> bytes | None:
    row = connection.execute(
        "SELECT told FROM area_sum WHERE area = ? AND month = ? AND plan = ? AND what = ?",
        (area, month, plan, what),
    ).fetchone()
    return bytes(row["told"]) if row else None


def read_latest(connection: sqlite3.Connection, city: str, plan: str) -> int | None:
    """The latest month of a plan that has a figure, where that has been kept."""
    told = read(connection, city, FAR, plan, LATEST)
    return None if told is None else int(told)


def keep_latest(connection: sqlite3.Connection, city: str, plan: str) -> None:
    """Look for the latest month among all figures, and keep it."""
    (found,) = connection.execute("SELECT max(month) FROM figure WHERE plan = ?", (plan,)).fetchone()
    if found is not None:
        keep(connection, city, FAR, plan, LATEST, str(found).encode())


def keep(connection: sqlite3.Connection, area: str, month: int, plan: str, what: str, told: bytes) -> None:
    connection.execute("INSERT OR REPLACE INTO area_sum VALUES (?,?,?,?,?)", (area, month, plan, what, told))
