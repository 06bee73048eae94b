"""Registers (台账册): what rows an office keeps beside its figures, declared in `resources/registers.json`.

A row is a `record` entry.  What a register needs — its columns, the steps a row goes through, who keeps it, what is
asked every month, what closes it, what it may be warned of — is declared and never coded, so that one page, one
command and one sheet serve all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

import msgspec

from desktop_app.core import paths

FILE = "registers.json"

ColumnType = Literal[
    "text", "number", "date", "choice", "bool", "unit", "indicator", "site", "money", "month"
]
Level = Literal["city", "county", "township"]


class Column(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`personal` columns never stand in the entry: they go into the sealed record beside the journal."""

    key: str
    title: str
    type: ColumnType = "text"
    required: bool = False
    personal: bool = False
    choices: tuple[str, ...] = ()
    width: int = 110
    hint: str = ""


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A row's state.  `closed` ones end it: it is no longer open, and never overdue."""

    key: str
    title: str
    closed: bool = False


class Check(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a row is warned of; numbers are decimal strings.  Only filled cells are looked at: nothing is guessed.

    The sum of `columns` is to be at least `least`, at most `most`, at most `percent` of the column `of`, at least
    the column `above`, below the column `below`, at least the column `of` raised by the percentage in the column
    `rise`.  The first of them, a date, must not lie before the column `after`, and where it is filled the column
    `needs` has to be; it must not say `never`.  `first`: of several 是/否 columns the first 是 must be what that
    column says.  The check is left out where the column `unless` is filled, where a cell is not as in `when`, and
    for other tasks than `tasks`.
    """

    columns: tuple[str, ...]
    words: str
    least: str = ""
    most: str = ""
    percent: str = ""
    of: str = ""
    above: str = ""
    below: str = ""
    rise: str = ""
    after: str = ""
    needs: str = ""
    never: str = ""
    first: str = ""
    unless: str = ""
    when: dict[str, str] = {}
    tasks: tuple[int, ...] = ()


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """Days between two of a row's dates, shown and never stored."""

    title: str
    start: str
    end: str


class Gate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A register whose rows decide whether what they are about counts (验收)."""

    column: str
    passes: tuple[str, ...]
    date: str = "date"


class Register(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One register.

    `kept` are the levels that write it; `tasks` those of the sample plan that ask for it.  `about` names the kind of
    subject a row belongs to ("site", "problem", "record/<register>"; "" for none).  `addressed` rows name a unit that
    answers (`due` by when).  `proof`: closing wants evidence about the row.  `entry` and `exit` are the date columns
    of a roster; `log` is the register in which each of its rows is to appear once `every` month (visits, reviews).
    `freezes`: rows of an area are frozen together, and not changed afterwards.  `unique` columns must not say the
    same twice, also across registers of the same `family`.  `number` is the column that gets the next number.
    `shared` rows go down to every unit below.
    """

    key: str
    title: str
    group: str
    what: str
    columns: tuple[Column, ...]
    steps: tuple[Step, ...] = ()
    kept: tuple[Level, ...] = ("city", "county", "township")
    tasks: tuple[int, ...] = ()
    about: str = ""
    addressed: bool = False
    dated: bool = False
    proof: bool = False
    entry: str = ""
    exit: str = ""
    log: str = ""
    every: Literal["", "month"] = ""
    freezes: bool = False
    unique: tuple[str, ...] = ()
    family: str = ""
    number: str = ""
    shared: bool = False
    gate: Gate | None = None
    checks: tuple[Check, ...] = ()
    spans: tuple[Span, ...] = ()
    total: tuple[str, ...] = ()
    """Columns that a summary adds up."""
    name: str = ""
    """The column by which a row is called; the first where none is named."""

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)

    def step(self, key: str) -> Step | None:
        return next((step for step in self.steps if step.key == key), None)

    @property
    def called_by(self) -> str:
        return self.name or self.columns[0].key

    @property
    def first_status(self) -> str:
        return self.steps[0].key if self.steps else ""

    @property
    def closing(self) -> str:
        """The status that closes a row; "" where none does."""
        return next((step.key for step in self.steps if step.closed), "")

    def is_closed(self, status: str) -> bool:
        step = self.step(status)
        return step is not None and step.closed

    @property
    def open_columns(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if not column.personal)


class Group(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    title: str


class Registers(msgspec.Struct, frozen=True, kw_only=True):
    """The whole declaration; `plan` is the one whose task numbers `tasks` speak of."""

    plan: str
    groups: tuple[Group, ...]
    registers: tuple[Register, ...]

    def get(self, key: str) -> Register | None:
        return next((register for register in self.registers if register.key == key), None)

    def of(self, group: str) -> list[Register]:
        return [register for register in self.registers if register.group == group]

    def gates(self) -> list[Register]:
        return [register for register in self.registers if register.gate is not None]


@lru_cache(maxsize=1)
def declared() -> Registers:
    """The registers of this version."""
    return msgspec.json.decode((paths.RESOURCES / FILE).read_bytes(), type=Registers, strict=True)


def register_or_plain(key: str, fields: Iterable[str] = ()) -> Register:
    """A declared register, or for one of a newer version a plain one under its key with what its rows hold."""
    found = declared().get(key)
    if found is not None:
        return found
    columns = tuple(Column(key=name, title=name) for name in fields) or (Column(key="text", title="text"),)
    return Register(key=key, title=key, group="other", what="", columns=columns)


def passed(register: str, fields: dict[str, str]) -> str | None:
    """Whether a row of a gate (验收) lets what it is about count: the date from which it does, None where it does
    not or the register is no gate.  A row without a date lets nothing through."""
    found = declared().get(register)
    if found is None or found.gate is None:
        return None
    gate = found.gate
    return fields.get(gate.date) or None if fields.get(gate.column) in gate.passes else None
