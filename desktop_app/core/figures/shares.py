"""Dividing a target among areas so that the parts add up exactly, and checking that they do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import msgspec

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _
from desktop_app.core.model.plan import Adds


class SumCheck(msgspec.Struct, frozen=True, kw_only=True):
    """What a set of shares comes to.

    `adds` tells whether shares of this kind add up at all; only then `total` and `difference` (total − target,
    None without a target) are given.  `missing` are areas without a share, `below` areas whose share is under
    the target where every area must reach it, `given` areas with a share of what only the city reaches.
    """

    adds: bool
    total: Fraction | None = None
    difference: Fraction | None = None
    missing: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    given: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Nothing left to do: all shares are there and they come to the target."""
        return not (self.difference or self.missing or self.below or self.given)


def largest_remainder(
    total: Fraction | int, weights: Sequence[Fraction | int], step: Fraction | int = 1
) -> list[Fraction]:
    """`total` divided in proportion to `weights` into multiples of `step`, adding up to it exactly.

    The rule (最大余数法): each gets its exact quota rounded down to a step; the steps left over go one each to
    those with the largest remainders, of equal ones to the earlier.  A weight of 0 gets nothing.  Where the total
    itself is no multiple of the step, the bit smaller than a step goes to the next in that line.

    Raises InputError for a negative total or weight, and where there is something to divide but no weight.
    """
    whole, unit = Fraction(total), Fraction(step)
    parts = [Fraction(weight) for weight in weights]
    if whole < 0 or unit <= 0 or any(part < 0 for part in parts):
        raise InputError(
            _("分解的总数和依据都不能是负数。"), next_step=_("请检查总数和各单位的依据数，改正后再分解。")
        )
    base = sum(parts, Fraction(0))
    if base == 0:
        if whole == 0:
            return [Fraction(0)] * len(parts)
        raise InputError(
            _("没有可以作依据的数，无法分解。"),
            next_step=_("请至少给一个单位填上大于 0 的依据数，或改用平均分解、逐个填写。"),
        )
    quotas = [whole * part / base for part in parts]
    shares = [quota // unit * unit for quota in quotas]
    left = whole - sum(shares, Fraction(0))
    # sorted() is stable, so that equal remainders keep the order given.
    for index in sorted(range(len(parts)), key=lambda i: shares[i] - quotas[i]):
        if left <= 0:
            break
        extra = min(unit, left)
        shares[index] += extra
        left -= extra
    return shares


def equal(total: Fraction | int, areas: Sequence[str], step: Fraction | int = 1) -> dict[str, Fraction]:
    """The same for every area, as nearly as whole steps allow; the first ones take what is left over."""
    return dict(zip(areas, largest_remainder(total, [1] * len(areas), step), strict=True))


def proportional(
    total: Fraction | int, base: Mapping[str, Fraction | int], step: Fraction | int = 1
) -> dict[str, Fraction]:
    """In proportion to `base` (area -> need, population, villages …), by the rule of `largest_remainder`."""
    return dict(zip(base, largest_remainder(total, list(base.values()), step), strict=True))


def step_of(decimals: int) -> Fraction:
    """The smallest step of a figure with that many decimals: 1, 1/10, 1/100 …"""
    return Fraction(1, 10**decimals)


def check_sum(target: Fraction | None, shares: Mapping[str, Fraction | None], adds: Adds = "sum") -> SumCheck:
    """Whether the areas' shares (None where none was given yet) come to the target.

    "sum" must add up to the target; "ratio", "uniform" and "universal" never add: there each area's share must not
    be under the target (a missing one means the target itself); "city" is not divided at all.
    """
    if adds == "sum":
        total = sum((share for share in shares.values() if share is not None), Fraction(0))
        missing = tuple(area for area, share in shares.items() if share is None)
        difference = None if target is None else total - target
        return SumCheck(adds=True, total=total, difference=difference, missing=missing)
    named = {area: share for area, share in shares.items() if share is not None}
    if adds == "city":
        return SumCheck(adds=False, given=tuple(named))
    if target is None:
        return SumCheck(adds=False)
    return SumCheck(adds=False, below=tuple(area for area, share in named.items() if share < target))


def parts_above_whole(
    whole: Mapping[str, Fraction | None], part: Mapping[str, Fraction | None]
) -> tuple[str, ...]:
    """The areas whose share of an of-which part (其中) is greater than their share of the whole."""
    found = []
    for area, share in part.items():
        upper = whole.get(area)
        if share is not None and upper is not None and share > upper:
            found.append(area)
    return tuple(found)
