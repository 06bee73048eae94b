"""The ledger's number tables: figures and verdicts on them.

Numbers are whole millionths, so that sums in SQL are exact.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from operator import itemgetter
from typing import Any

import msgspec

from desktop_app.core.journal.line import read_body
from desktop_app.core.model.bodies import Number, ReviewBody
from desktop_app.core.model.period import Period
from desktop_app.core.store.journal import chunks
from desktop_app.core.trust.authority import Context

MILLION = 1_000_000
CHUNK = 500
Key = tuple[str, str, str, str]
"""(area, plan, indicator, period)."""


class ShownHead(msgspec.Struct, frozen=True, gc=False):
    """The entry shown of a subject, as far as other rows of the ledger depend on it."""

    id: bytes
    heads: int
    body: Any


def to_millionths(value: Number | None) -> int | None:
    """An entry's number as whole millionths; None where there is none or it is no number."""
    if value is None:
        return None
    if type(value) is int:
        return value * MILLION if abs(value) < 2**42 else None
    text = str(value)
    whole, _point, part = text.partition(".")
    if part.isdigit() and len(part) <= 6 and whole.isdigit() and len(whole) <= 12 and text.isascii():
        return int(whole) * MILLION + int(part.ljust(6, "0"))
    try:
        scaled = Decimal(value) * MILLION
        return int(scaled) if scaled == scaled.to_integral_value() and abs(scaled) < 2**62 else None
    except (ArithmeticError, ValueError):
        return None


def from_millionths(value: int | None) -> Fraction | None:
    return None if value is None else Fraction(value, MILLION)


@lru_cache(maxsize=256)
def month_number(period: str) -> int | None:
    """year × 12 + last month of a period; None when it is no period."""
    try:
        parsed = Period.parse(period)
    except Exception:
        return None
    return parsed.year * 12 + parsed.last


def key_touched(subject: str) -> tuple[Key | None, bool]:
    """The figure a subject bears on, a progress subject's own or the one that a review is about; whether it is a
    review."""
    words = subject.split("/")
    count = len(words)
    if count == 5 and words[0] == "progress":
        return (words[1], words[2], words[3], words[4]), False
    if count == 7 and words[0] == "review" and words[2] == "progress":
        return (words[3], words[4], words[5], words[6]), True
    return None, False


def project(
    connection: sqlite3.Connection,
    context: Context,
    keys: Mapping[Key, bool],
    shown: Mapping[str, ShownHead],
    fresh: Container[str] = (),
) -> None:
    """Write the figures and the verdicts of these keys (with whether a review of theirs was touched) anew from the
    heads, which are written already.

    `shown` are heads at hand, by subject; `fresh` subjects of which the ledger has never shown anything, so that
    there is nothing to take out.
    """
    for chunk in chunks(sorted(keys), CHUNK):
        _project_chunk(connection, context, {key: keys[key] for key in chunk}, shown, fresh)


def subject_of(key: Key) -> str:
    return f"progress/{key[0]}/{key[1]}/{key[2]}/{key[3]}"


def _project_chunk(
    connection: sqlite3.Connection,
    context: Context,
    keys: Mapping[Key, bool],
    shown: Mapping[str, ShownHead],
    fresh: Container[str],
) -> None:
    by_subject = {subject_of(key): key for key in keys}
    heads = _heads_of(connection, by_subject, shown, fresh)
    figures: list[tuple[object, ...]] = []
    for subject, head in heads.items():
        area, plan, indicator, period = by_subject[subject]
        value, month = to_millionths(head.body.value), month_number(period)
        if not head.body.void and value is not None and month is not None:
            of = to_millionths(head.body.of)
            figures.append(
                (plan, indicator, area, month, period, value, of, head.heads, int(head.body.proxy))
            )
    verdicts = _verdicts(connection, context, by_subject, heads)
    known = [key for subject, key in by_subject.items() if subject not in fresh]
    # A fresh figure has verdicts only where a review was here before it: it is found again, or it was touched now.
    reviewed = {key for key, review in keys.items() if review}
    reviewed.update((row[2], row[0], row[1], row[4]) for row in verdicts)  # type: ignore[misc]
    _take_out(connection, "figure", known)
    _take_out(connection, "verdict", {*known, *reviewed})
    figures.sort(key=itemgetter(0, 1, 2, 3, 4))
    verdicts.sort(key=itemgetter(0, 1, 2, 3, 4, 5))
    connection.executemany("INSERT INTO figure VALUES (?,?,?,?,?,?,?,?,?)", figures)
    connection.executemany("INSERT INTO verdict VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)", verdicts)


def _take_out(connection: sqlite3.Connection, table: str, keys: Iterable[Key]) -> None:
    connection.executemany(
        f"DELETE FROM {table} WHERE area = ? AND plan = ? AND indicator = ? AND period = ?", sorted(keys)
    )


def _heads_of(
    connection: sqlite3.Connection,
    subjects: Iterable[str],
    shown: Mapping[str, ShownHead],
    fresh: Container[str],
) -> dict[str, ShownHead]:
    """The heads of these subjects: those at hand, the others read."""
    found = {subject: shown[subject] for subject in subjects if subject in shown}
    asked = [subject for subject in subjects if subject not in found and subject not in fresh]
    for chunk in chunks(asked, CHUNK):
        marks = ",".join("?" * len(chunk))
        for subject, ident, heads, body in connection.execute(
            f"SELECT subject, id, heads, body FROM head WHERE subject IN ({marks})", chunk
        ):
            found[subject] = ShownHead(ident, heads, read_body("progress", msgspec.Raw(body.encode())))
    return found


class _Reviewers:
    """Who may have reviewed a figure: whoever is above the area or above who reports, and the named reviewer; only
    those who have reviewed anything at all."""

    def __init__(self, connection: sqlite3.Connection, context: Context) -> None:
        self._connection = connection
        self._context = context
        self._active: dict[str, bool] = {}
        self._known: dict[tuple[str, str | None, str | None], tuple[str, ...]] = {}

    def of(self, key: Key) -> tuple[str, ...]:
        area, plan, indicator, _period = key
        duty = self._context.duty(plan, indicator, area)
        asked = (area, duty.reporter, duty.reviewer) if duty else (area, None, None)
        found = self._known.get(asked)
        if found is None:
            found = self._known[asked] = tuple(filter(self._is_active, self._find(*asked)))
        return found

    def _find(self, area: str, reporter: str | None, reviewer: str | None) -> list[str]:
        reviewers = [area, *self._context.organisation.above(area)]
        if reporter:
            reviewers += self._context.organisation.above(reporter)
        if reviewer:
            reviewers.append(reviewer)
        # Once each, even where someone's units stand above one another in a ring.
        return list(dict.fromkeys(reviewers))

    def _is_active(self, reviewer: str) -> bool:
        if reviewer not in self._active:
            said = self._connection.execute(
                "SELECT 1 FROM head WHERE kind = 'review' AND owner = ? LIMIT 1", (reviewer,)
            ).fetchone()
            self._active[reviewer] = said is not None
        return self._active[reviewer]


def _verdicts(
    connection: sqlite3.Connection,
    context: Context,
    by_subject: Mapping[str, Key],
    heads: Mapping[str, ShownHead],
) -> list[tuple[object, ...]]:
    """Verdict rows of these figures."""
    if connection.execute("SELECT 1 FROM head WHERE kind = 'review' LIMIT 1").fetchone() is None:
        return []
    reviewers = _Reviewers(connection, context)
    asked = {
        f"review/{reviewer}/{subject}": (reviewer, subject)
        for subject, key in by_subject.items()
        for reviewer in reviewers.of(key)
    }
    rows: list[tuple[object, ...]] = []
    for chunk in chunks(list(asked), CHUNK):
        marks = ",".join("?" * len(chunk))
        for at, operator, when, said in connection.execute(
            f"SELECT subject, operator, at, body FROM head WHERE subject IN ({marks})", chunk
        ):
            reviewer, subject = asked[at]
            area, plan, indicator, period = by_subject[subject]
            month = month_number(period)
            review: ReviewBody = read_body("review", msgspec.Raw(said.encode()))
            if review.void or month is None:
                continue
            head = heads.get(subject)
            # A review of a figure that was corrected since is kept but no longer current.
            current = not review.about if head is None else head.id.hex() in review.about
            numbers = (to_millionths(review.seen), to_millionths(review.value), to_millionths(review.of))
            told = (reviewer, review.verdict, int(current), *numbers, review.comment, operator, when)
            rows.append((plan, indicator, area, month, period, *told))
    return rows
