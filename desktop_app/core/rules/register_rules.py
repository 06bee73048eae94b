"""Checks of a register's row, and of rows against each other: pure functions over what the declaration says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from desktop_app.core.model.plan import exact
from desktop_app.core.model.register import Check, Register

YES, NO = "是", "否"


def number(text: str) -> Fraction | None:
    """A cell's exact number; None for an empty one and for anything else."""
    return exact(text) if text else None


def row_warnings(register: Register, values: Mapping[str, str], task: int = 0) -> tuple[str, ...]:
    """What a row is warned of, in the declaration's words."""
    return tuple(
        check.words
        for check in register.checks
        if _applies(check, values, task) and _fails(register, check, values)
    )


def _applies(check: Check, values: Mapping[str, str], task: int) -> bool:
    if check.tasks and task not in check.tasks:
        return False
    if check.unless and values.get(check.unless):
        return False
    return all(values.get(key) == value for key, value in check.when.items())


def _fails(register: Register, check: Check, values: Mapping[str, str]) -> bool:
    if check.first:
        result = values.get(check.first, "")
        looked_at = any(values.get(key) for key in check.columns)
        return bool(result) and looked_at and result != first_fitting(register, check, values)
    first = values.get(check.columns[0], "")
    if check.never:
        return first == check.never
    if check.needs:
        return bool(first) and not values.get(check.needs)
    if check.after:
        before = values.get(check.after, "")
        return bool(first and before) and first < before
    amounts = [amount for key in check.columns if (amount := number(values.get(key, ""))) is not None]
    if not amounts:
        return False
    # A sum is short only once every part of it is there.
    whole = len(amounts) == len(check.columns)
    return _out_of_bounds(check, values, sum(amounts, Fraction(0)), whole)


def _out_of_bounds(check: Check, values: Mapping[str, str], total: Fraction, whole: bool) -> bool:
    least, most = number(check.least), number(check.most)
    above, below = number(values.get(check.above, "")), number(values.get(check.below, ""))
    base = number(values.get(check.of, ""))
    if whole and least is not None and total < least:
        return True
    if most is not None and total > most:
        return True
    if whole and above is not None and total < above:
        return True
    if below is not None and total >= below:
        return True
    if base is None:
        return False
    if check.percent and total > base * Fraction(check.percent) / 100:
        return True
    rise = number(values.get(check.rise, ""))
    return rise is not None and total < base * (1 + rise / 100)


def first_fitting(register: Register, check: Check, values: Mapping[str, str]) -> str:
    """The title of the first column that says 是; the last choice of the result column where none does."""
    for key in check.columns:
        column = register.column(key)
        if column is not None and values.get(key) == YES:
            return column.title
    result = register.column(check.first)
    return result.choices[-1] if result is not None and result.choices else ""


def is_on(register: Register, values: Mapping[str, str], day: str) -> bool:
    """Whether a roster's row stands on a day: entered by then, and not yet gone."""
    entry, gone = values.get(register.entry, ""), values.get(register.exit, "")
    return bool(entry) and entry <= day and (not gone or gone > day)


def in_month(register: Register, values: Mapping[str, str], month: str) -> bool:
    """Whether a roster's row stands on any day of a month (2024-05)."""
    entry, gone = values.get(register.entry, "")[:7], values.get(register.exit, "")[:7]
    return bool(entry) and entry <= month and (not gone or gone >= month)


def sameness(text: str) -> str:
    """What two names have to share to be taken for the same: signs and spaces left out."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def duplicates(rows: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, list[str]]:
    """Subjects that say the same, by subject; `rows` are (subject, what must not be said twice)."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for subject, words in rows:
        key = tuple(map(sameness, words))
        if all(key):
            groups.setdefault(key, []).append(subject)
    return {
        subject: [other for other in group if other != subject]
        for group in groups.values()
        if len(group) > 1
        for subject in group
    }


def days_between(start: str, end: str) -> int | None:
    try:
        return (date.fromisoformat(end) - date.fromisoformat(start)).days
    except ValueError:
        return None


def out_of_order(stages: Mapping[str, str], steps: Iterable[str]) -> tuple[str, str] | None:
    """A case's steps in the order the plan gives them: (step, the one before it) where a step is dated before an
    earlier one; None where the dates follow the order.  Steps without a date are passed over."""
    before, last = "", ""
    for step in steps:
        day = stages.get(step, "")
        if day and day < last:
            return step, before
        if day:
            before, last = step, day
    return None
