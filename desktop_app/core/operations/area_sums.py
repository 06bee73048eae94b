"""What all indicators come to in one area at a month's end, as it is kept beside the figures (`store/sums_table`)."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from desktop_app.core.figures.rollup import Rolled
from desktop_app.core.model.view import Figure


class AreaSum(msgspec.Struct, frozen=True):
    """An area's rolled figure of one indicator, and how many areas below report it."""

    rolled: Rolled
    leaves: int


class _Kept(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True, gc=False):
    """The record in the database; numbers as whole ones or as "numerator/denominator"."""

    leaves: int
    value: int | str | None = None
    of: int | str | None = None
    missing: int = 0
    carried: str = ""
    approved: bool = False
    reported: int | str | None = None
    disputed: bool = False
    reached: int = 0
    areas: int = 0
    short: tuple[str, ...] = ()
    worst: str = ""


_decoder = msgspec.json.Decoder(dict[str, _Kept])


def encode(sums: dict[str, AreaSum]) -> bytes:
    return msgspec.json.encode({indicator: _kept(item) for indicator, item in sorted(sums.items())})


def decode(told: bytes) -> dict[str, AreaSum] | None:
    """None where another version wrote it."""
    try:
        return {indicator: _read(item) for indicator, item in _decoder.decode(told).items()}
    except (msgspec.MsgspecError, ValueError, ZeroDivisionError):
        return None


def _kept(item: AreaSum) -> _Kept:
    rolled, figure = item.rolled, item.rolled.figure
    return _Kept(
        leaves=item.leaves,
        value=_written(figure.value),
        of=_written(figure.of),
        missing=figure.missing,
        carried=figure.carried,
        approved=figure.approved,
        reported=_written(figure.reported),
        disputed=figure.disputed,
        reached=rolled.reached,
        areas=rolled.areas,
        short=rolled.short,
        worst=rolled.worst,
    )


def _read(item: _Kept) -> AreaSum:
    figure = Figure(
        value=_number(item.value),
        of=_number(item.of),
        missing=item.missing,
        carried=item.carried,
        approved=item.approved,
        reported=_number(item.reported),
        disputed=item.disputed,
    )
    rolled = Rolled(figure=figure, reached=item.reached, areas=item.areas, short=item.short, worst=item.worst)
    return AreaSum(rolled, item.leaves)


def _written(value: Fraction | None) -> int | str | None:
    if value is None:
        return None
    return value.numerator if value.denominator == 1 and abs(value) < 2**53 else str(value)


def _number(value: int | str | None) -> Fraction | None:
    return None if value is None else Fraction(value)
