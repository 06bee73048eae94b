"""What screens, commands and papers show of registers, answers, problems and money; computed, never stored."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import msgspec


class AnswerView(msgspec.Struct, frozen=True, kw_only=True):
    """What one unit said to a subject, its latest word.  `status` is AnswerBody's, `word` that in words."""

    subject: str
    about: str
    unit: str
    unit_name: str
    text: str
    status: str
    word: str
    date: str
    to: str
    to_name: str
    at: str


class RecordView(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a register.

    `values` are the open columns as they stand, `shown` the same as people read them (unit and indicator by name,
    money grouped).  `state` is the status in words with what follows from the answers; `overdue` counts days past
    `due` while nothing was answered or closed, else 0.
    """

    subject: str
    register: str
    register_title: str
    area: str
    area_name: str
    unit: str
    task: int
    name: str
    values: dict[str, str]
    shown: dict[str, str]
    spans: dict[str, str]
    status: str
    state: str
    closed: bool
    due: str
    to: str
    to_name: str
    about: str
    about_name: str
    sealed: bool
    raised: str
    age_days: int
    overdue: int
    evidence: int
    answers: tuple[AnswerView, ...]
    warnings: tuple[str, ...]
    heads: int
    mine: bool = True
    """Whether this desk may change it; others answer in their own name."""


class SummaryView(msgspec.Struct, frozen=True, kw_only=True):
    """One area's line of a register's summary: how many, how many of them open and overdue, how many stand on the
    day asked for (rosters), and the totals of the columns that add up."""

    area: str
    area_name: str
    count: int
    open: int
    overdue: int
    closed: int
    net: int | None
    totals: dict[str, Fraction]


class MissedView(msgspec.Struct, frozen=True, kw_only=True):
    """A roster's row that has no visit (review, patrol) in the month asked for; `last` is the day of the latest."""

    subject: str
    area_name: str
    name: str
    month: str
    last: str


class ClueView(msgspec.Struct, frozen=True, kw_only=True):
    """What a dispatch has to look at: where, about what, and in words what was found.  `value` and `line` are the two
    numbers compared; `word` names the kind."""

    kind: Literal["still", "floor", "projects", "levels"]
    word: str
    task: int
    title: str
    indicator: str
    name: str
    area: str
    area_name: str
    value: Fraction
    line: Fraction
    words: str


class FundView(msgspec.Struct, frozen=True, kw_only=True):
    """Money of one task in one area, in yuan.

    `reference` is Σ standard × count, with `open` telling what it lacks; `planned` what each level is to bear,
    `arrived` and `paid` by level.  `split` are shares by level of what is left after upper-level money, {} where no
    document says (未定).  `gap` is reference − arrived, None where there is no reference.
    """

    task: int
    title: str
    area: str
    area_name: str
    reference: Fraction | None
    parts: tuple[FundPart, ...]
    planned: dict[str, Fraction]
    arrived: dict[str, Fraction]
    paid: dict[str, Fraction]
    total_arrived: Fraction
    total_paid: Fraction
    upper: Fraction
    split: dict[str, Fraction]
    split_rule: str
    gap: Fraction | None
    open: tuple[str, ...]
    warnings: tuple[str, ...]


class FundPart(msgspec.Struct, frozen=True, kw_only=True):
    """One standard times its count; `source` tells where the count comes from."""

    what: str
    amount: Fraction
    per: str
    count: Fraction | None
    sum: Fraction | None
    bound: str
    source: str
