"""Ranking areas.  Which areas may be ranked at all is the caller's matter (townships only where switched on)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Literal

import msgspec

Silent = Literal["last", "out"]
"""Where an area without a report stands: behind all others, all of them sharing that place, or in no place at all."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """An area's place.  `place` is None where it has not reported and so is listed, not ranked.

    `ranked` says of how many, `tied` whether others share the place.
    """

    area: str
    score: Fraction | None
    place: int | None
    ranked: int
    tied: bool = False


def rank(
    scores: Mapping[str, Fraction | None], *, highest_first: bool = True, silent: Silent = "out"
) -> list[Place]:
    """Places by score, equal scores sharing the better place (1, 2, 2, 4); areas without a score come last, with a
    place of their own only where `silent` says so.

    Ties, and areas that have not reported, keep the order given.
    """
    known = [(area, score) for area, score in scores.items() if score is not None]
    known.sort(key=lambda item: item[1], reverse=highest_first)
    values = [score for _area, score in known]
    first: dict[Fraction, int] = {}
    for number, score in enumerate(values, start=1):
        first.setdefault(score, number)
    times: dict[Fraction, int] = {}
    for score in values:
        times[score] = times.get(score, 0) + 1
    places = [
        Place(area=area, score=score, place=first[score], ranked=len(known), tied=times[score] > 1)
        for area, score in known
    ]
    quiet = [area for area, score in scores.items() if score is None]
    last = len(known) + 1 if silent == "last" else None
    return places + [
        Place(area=area, score=None, place=last, ranked=len(known), tied=last is not None and len(quiet) > 1)
        for area in quiet
    ]


def leading_and_lagging(places: Sequence[Place], count: int = 3) -> tuple[list[Place], list[Place]]:
    """The first and the last `count` of a ranking for a bulletin; those who share the edge's score come along.

    Nobody stands in both lists: where too few are ranked, or all score the same, the lagging list stays shorter.
    Areas that have not reported are in neither.
    """
    ranked = [place for place in places if place.score is not None]
    if not ranked or count < 1:
        return [], []
    edge = ranked[min(count, len(ranked)) - 1].score
    leading = [place for number, place in enumerate(ranked) if number < count or place.score == edge]
    rest = [place for place in ranked if place not in leading]
    if not rest:
        return leading, []
    low = rest[max(0, len(rest) - count)].score
    lagging = [p for number, p in enumerate(rest) if number >= len(rest) - count or p.score == low]
    return leading, lagging
