"""What came of reading people's workbooks: which file, which cell, what it would change, what is wrong with it."""

from __future__ import annotations

from typing import Literal

import msgspec


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """Where something stands: a cell of a sheet of a file ("C7"), or the file as a whole."""

    file: str
    sheet: str = ""
    cell: str = ""

    @property
    def words(self) -> str:
        """ "张家湾村.xlsx · 指标 · G7"."""
        return " · ".join(part for part in (self.file, self.sheet, self.cell) if part)


class CellProblem(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was not taken, in words, with how to mend it.  `soft`: a reason is all that is lacking, for the
    indicator `indicator`."""

    spot: Spot
    text: str
    next_step: str
    soft: bool = False
    indicator: str = ""


RowState = Literal["new", "changed", "same"]


class PlannedRow(msgspec.Struct, frozen=True, kw_only=True):
    """One figure or site as it would stand afterwards.  `before` and `after` are for people."""

    kind: Literal["figure", "site"]
    state: RowState
    name: str
    area_name: str
    before: str
    after: str
    detail: str
    """Of a sum: its parts ("张家湾村 12、李家村 8"); of a site what changes."""
    spot: Spot


class FileNote(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one file.  known: taken in before, it changes nothing; refused: nothing of it can be read."""

    file: str
    state: Literal["read", "known", "refused"]
    text: str = ""
    place: str = ""
    filled_by: str = ""
    sha256: str = ""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What files say and what would come of it, or, once entered, what came of it."""

    files: tuple[FileNote, ...] = ()
    rows: tuple[PlannedRow, ...] = ()
    problems: tuple[CellProblem, ...] = ()
    notes: tuple[str, ...] = ()
    entered: int = 0
    """Entries written; 0 of what was only looked at."""

    @property
    def fresh(self) -> int:
        """How many figures and sites are new or different."""
        return sum(row.state != "same" for row in self.rows)

    def __add__(self, other: Reading) -> Reading:
        return Reading(
            files=self.files + other.files,
            rows=self.rows + other.rows,
            problems=self.problems + other.problems,
            notes=tuple(dict.fromkeys(self.notes + other.notes)),
            entered=self.entered + other.entered,
        )


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """An indicator that may be asked for.  `why_not_parts` says why villages' figures of it cannot be summed."""

    id: str
    task: int
    title: str
    name: str
    unit: str
    site: bool
    due: bool
    why_not_parts: str = ""


class Extract(msgspec.Struct, frozen=True, kw_only=True):
    """The first sheet of an extract: column names, and rows as texts.  `personal` are the names of columns that
    hold personal data, by their name or by what stands in them; they are in no row here."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    personal: tuple[str, ...]
    sha256: str


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """`matched` subjects by the text they were found by; what the extract alone has, and what the ledger alone has
    (subject, name); `doubtful` texts that fit more than one case."""

    matched: dict[str, str]
    extract_only: tuple[str, ...]
    ledger_only: tuple[tuple[str, str], ...]
    doubtful: tuple[str, ...]
