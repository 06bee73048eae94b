"""The form of what is said: what a subject and a body must look like for this version to count them.

An entry of another form is kept and forwarded, shown as refused, and counts for nothing, so that one that a newer
version or a careless program wrote never stops a desk.  Whether it may be said, and whether it is likely, is asked
elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

import msgspec

from desktop_app.core.errors import UsageError
from desktop_app.core.model.bodies import Body
from desktop_app.core.model.period import Period

_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,6})?", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}")
LARGEST = 10**12
"""Numbers stay below this, so that they and their sums fit the ledger's whole millionths."""

WORDS = {
    "plan": 2,
    "unit": 2,
    "allocation": 4,
    "duty": 4,
    "progress": 5,
    "milestone": 4,
    "record": 4,
    "schedule": 4,
}
"""How many words the subject of a kind has; 3 where it is not named.  A review's and an answer's hold the
subject they are about."""

SETTINGS: dict[str, tuple[int, int]] = {
    "tolerance_percent": (0, 100),
    "lag_percent": (0, 100),
    "cutoff_day": (1, 31),
    "due_day": (0, 366),
    "lock_day": (0, 366),
    "ranking": (0, 1),
}
"""The settings whose values are whole numbers within bounds; what others mean only a newer version knows."""


def well_formed(kind: str, words: list[str], body: Body) -> bool:
    """Whether this version can count an entry of a kind it knows; `words` are its subject's."""
    if not all(words):
        return False
    if kind in ("review", "answer"):
        fits = len(words) > 3
    else:
        fits = len(words) == WORDS.get(kind, 3)
    # What is void says nothing but that.
    check = None if body.void else _CHECKS.get(kind)
    return fits and (check is None or check(words, body))


def is_number(value: object) -> bool:
    """A whole number or a decimal that the ledger can hold exactly."""
    if isinstance(value, str):
        return _NUMBER.fullmatch(value) is not None
    return isinstance(value, int) and -LARGEST < value < LARGEST


def is_amount(value: object) -> bool:
    """A number that counts something: never below nothing."""
    return is_number(value) and not str(value).startswith("-")


def is_hash(text: str) -> bool:
    """A SHA-256 in hex, which may also be the name of a file."""
    return _HASH.fullmatch(text) is not None


@lru_cache(maxsize=1024)
def is_date(text: str) -> bool:
    """A date as 2024-06-18, or none."""
    return text == "" or day_of(text) == text


@lru_cache(maxsize=256)
def is_period(text: str) -> bool:
    try:
        return Period.parse(text).key == text
    except UsageError:
        return False


def day_of(at: str) -> str:
    """The day of a time as somebody's clock told it, 2024-06-18; "" where it tells none."""
    try:
        return date.fromisoformat(at[:10]).isoformat()
    except ValueError:
        return ""


def _optional(*values: object) -> bool:
    return all(value is None or is_number(value) for value in values)


def _progress(words: list[str], body: Any) -> bool:
    # Most figures are a number and nothing else, and a merge asks of a hundred thousand.
    return (
        is_number(body.value)
        and (body.of is None or is_number(body.of))
        and is_period(words[4])
        and (not body.parts or _is_sum(body))
        and (not (body.corrects or body.corrects_of) or _corrects(body))
    )


def _corrects(body: Any) -> bool:
    """Whether what a figure corrects of earlier periods are numbers by period."""
    return all(is_period(key) and is_number(amount) for key, amount in body.corrects.items()) and all(
        key in body.corrects and is_number(amount) for key, amount in body.corrects_of.items()
    )


def _is_sum(body: Any) -> bool:
    """Whether a figure made of parts is their sum."""
    parts = body.parts.values()
    if not all(is_number(part.value) and (part.of is None or is_number(part.of)) for part in parts):
        return False
    whole = [part.of for part in parts if part.of is not None]
    return sum(Fraction(part.value) for part in parts) == Fraction(body.value) and (
        sum(map(Fraction, whole)) == Fraction(body.of) if body.of is not None else not whole
    )


def _site(words: list[str], body: Any) -> bool:
    return (
        all(map(is_amount, body.quantities.values()))
        and is_date(body.started)
        and is_date(body.completed)
        and (not body.sealed or is_hash(body.sealed))
    )


def _record(words: list[str], body: Any) -> bool:
    return body.task >= 0 and is_date(body.due) and (not body.sealed or is_hash(body.sealed))


def _setting(words: list[str], body: Any) -> bool:
    bounds = SETTINGS.get(words[2])
    if bounds is None:
        return True
    value = msgspec.json.decode(body.value)
    return type(value) is int and bounds[0] <= value <= bounds[1]


def _share(words: list[str], body: Any) -> bool:
    amounts = [*body.earlier.values(), *([] if body.value is None else [body.value])]
    return all(map(is_amount, amounts)) and is_date(body.effective) and all(map(is_date, body.earlier))


def _schedule(words: list[str], body: Any) -> bool:
    return all(map(is_amount, body.steps.values())) and all(day and is_date(day) for day in body.steps)


def _cutoff(words: list[str], body: Any) -> bool:
    return is_period(body.period) and is_hash(body.digest) and min(body.container, body.segment) >= 0


_CHECKS: dict[str, Callable[[list[str], Any], bool]] = {
    "setting": _setting,
    "allocation": _share,
    "progress": _progress,
    "site": _site,
    "milestone": lambda words, body: is_date(body.done),
    "problem": lambda words, body: not body.sealed or is_hash(body.sealed),
    "fund": lambda words, body: _optional(body.arrived, body.paid, body.planned),
    "record": _record,
    "answer": lambda words, body: is_date(body.date),
    "evidence": lambda words, body: is_hash(body.sha256) and body.size >= 0,
    "submission": lambda words, body: is_period(words[2]),
    "closing": lambda words, body: is_period(words[2]),
    "review": lambda words, body: _optional(body.value, body.of, body.seen),
    "erasure": lambda words, body: is_hash(body.hash),
    "schedule": _schedule,
    "cutoff": _cutoff,
}
