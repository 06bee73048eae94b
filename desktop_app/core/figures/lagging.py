"""Which lagging matters first (重点督办): a large share of the whole weighs more than a small one (任务重、进展慢)."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

ZERO = Fraction(0)


def shortfall(done: Fraction | None, expected: Fraction | None) -> Fraction:
    """How far behind what is expected, as a share of 1; what was never reported is behind by all of it."""
    if expected is None:
        return ZERO
    return max(ZERO, min(expected, Fraction(1)) - min(done or ZERO, Fraction(1)))


def weight(parts: Iterable[tuple[Fraction | None, Fraction | None]], areas: int) -> Fraction:
    """An area's part of a task: the mean over its indicators of share ÷ target.  (None for a share or a target that
    says nothing, as where every area has to reach the same: then one of `areas`.)"""
    found = [
        min(share / target, Fraction(1)) if share is not None and target else Fraction(1, max(areas, 1))
        for share, target in parts
    ]
    return sum(found, ZERO) / len(found) if found else ZERO


def severity(part: Fraction, behind: Fraction) -> Fraction:
    """Target size × what is lacking."""
    return part * behind
