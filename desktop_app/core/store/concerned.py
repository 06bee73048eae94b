"""Whom a change of duties concerns: the subjects that may count otherwise once somebody else reports an indicator.

A duty decides in its own area and, where it lies on each area below, in those.  There it settles who may state the
indicator's figures, who reviews them, and who works for the area at all (`trust/authority.py`); which containers
stand, and who is above whom, it leaves alone.  Rather too many subjects than one too few: they are all judged again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from desktop_app.core.model.unit import Organisation

MOST = 200
"""Duties at once; above that the whole ledger is as quickly computed anew."""

_OF_AREA = ("site", "milestone", "problem", "fund", "record")
"""Kinds whose second word is an area, and whose author has to work there."""


def by_duties(connection: sqlite3.Connection, organisation: Organisation, duties: Iterable[str]) -> set[str]:
    """Subjects that entries are about, `duties` among them, for subjects of duties (duty/<area>/<plan>/<indicator>)."""
    found: set[str] = set()
    reviewers: list[str] | None = None
    areas: set[str] = set()
    for subject in duties:
        found.add(subject)
        words = subject.split("/")
        if len(words) != 4:
            continue
        _kind, area, plan, indicator = words
        below = [area, *(unit.code for unit in organisation.children(area))]
        areas.update(below)
        if reviewers is None:
            reviewers = _second_words(connection, "review")
        for at in below:
            figure = f"progress/{at}/{plan}/{indicator}/"
            found.update(_beginning(connection, figure))
            for reviewer in reviewers:
                found.update(_beginning(connection, f"review/{reviewer}/{figure}"))
    for at in areas:
        for kind in _OF_AREA:
            found.update(_beginning(connection, f"{kind}/{at}/"))
    if areas:
        # An answer's area is that of what it answers; there are few.
        found.update(_beginning(connection, "answer/"))
    return found


def _beginning(connection: sqlite3.Connection, start: str) -> Iterator[str]:
    rows = connection.execute(
        "SELECT DISTINCT subject FROM entry WHERE subject >= ? AND subject < ?", (start, start + "\U0010ffff")
    )
    return (subject for (subject,) in rows)


def _second_words(connection: sqlite3.Connection, kind: str) -> list[str]:
    """The units that a kind's subjects belong to; each is looked up behind the one before, and none read through."""
    found: list[str] = []
    after = f"{kind}/"
    while row := connection.execute(
        "SELECT subject FROM entry WHERE subject > ? AND subject < ? ORDER BY subject LIMIT 1",
        (after, f"{kind}/\U0010ffff"),
    ).fetchone():
        unit = row[0].split("/", 2)[1]
        found.append(unit)
        after = f"{kind}/{unit}/\U0010ffff"
    return found
