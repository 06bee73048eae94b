"""The draft of a plan, as read from a notice: what a person checks, settles and then puts into force.

It is one JSON file, which the screen and a text editor can change.  `doubts` must be settled one by one (moved to
`settled`); `remarks` only tell what was read how.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import msgspec

from desktop_app.core.errors import InputError, StorageError
from desktop_app.core.i18n import _
from desktop_app.core.model.plan import Measure, Op

MAX_BYTES = 16 * 1024 * 1024


class DraftIndicator(msgspec.Struct, kw_only=True):
    """A figure with its bound word.  `quote` are the notice's own words it came from, `bound` the word that bounds it
    ("" for a bare figure); `where` is 0 for the target, else the measure's number; `like` names the indicator of a
    known plan whose fuller definition is proposed."""

    name: str
    op: Op
    value: Decimal | None = None
    unit: str = ""
    quote: str = ""
    bound: str = ""
    measure: Measure = "count"
    flow: bool = True
    per: int = 100
    baseline: Decimal | None = None
    parent: int | None = None
    """The place (from 1) in this task's list of the figure this one is a part of."""
    where: int = 0
    take: bool = True
    """Whether it becomes an indicator; figures of the measures are only offered."""
    like: str | None = None


class Deadline(msgspec.Struct, kw_only=True):
    date: str
    what: str
    quote: str = ""
    scope: str = "county"
    where: int = 0
    like: str | None = None


class DraftTask(msgspec.Struct, kw_only=True):
    """`mark` is the number as the notice writes it, `no` the running one."""

    no: int
    category: str
    target: str
    lead: list[str]
    measures: list[str]
    indicators: list[DraftIndicator]
    deadlines: list[Deadline]
    doubts: list[str]
    remarks: list[str] = []
    settled: list[str] = []
    title: str = ""
    short: str = ""
    mark: str = ""
    lead_spellings: list[list[str]] = []
    support: list[str] = []
    unnumbered: bool = False


class Draft(msgspec.Struct, kw_only=True):
    """`source` is the notice's file name, `issued` the date it bears ("" where it bears none)."""

    title: str
    year: int
    tasks: list[DraftTask]
    issued: str = ""
    categories: list[str] = []
    doubts: list[str] = []
    remarks: list[str] = []
    settled: list[str] = []
    source: str = ""

    def open_doubts(self) -> list[tuple[int, str]]:
        """(task number, 0 for the whole; what is to be settled)."""
        return [(0, text) for text in self.doubts] + [
            (task.no, text) for task in self.tasks for text in task.doubts
        ]


def encode(draft: Draft) -> bytes:
    """JSON to read and edit; figures are exact numbers."""
    encoder = msgspec.json.Encoder(decimal_format="number")
    return msgspec.json.format(encoder.encode(draft), indent=1) + b"\n"


def decode(data: bytes, name: str) -> Draft:
    """The draft in these bytes; InputError where they hold none."""
    try:
        text = data.decode("utf-8-sig")
        return msgspec.json.decode(text, type=Draft)
    except (ValueError, RecursionError) as problem:
        raise InputError(
            _("“{name}”不是方案草稿。").format(name=name),
            meaning=_("方案没有生效，原来的方案不变。"),
            next_step=_("请选“读取通知”得到的草稿（.json）；改坏了的请从通知重新读取。"),
            detail=str(problem),
        ) from problem


def is_draft(data: bytes) -> bool:
    """Whether the JSON says doubts, which only drafts have."""
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    tasks = found.get("tasks") if isinstance(found, dict) else None
    return isinstance(tasks, list) and any(isinstance(task, dict) and "doubts" in task for task in tasks)


def read_bytes(path: Path) -> bytes:
    """A plan's or draft's file; StorageError where it cannot be opened, InputError where it is far too large."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as problem:
        raise StorageError(
            _("打不开方案文件“{name}”。").format(name=path.name),
            next_step=_("请确认文件还在原处，且没有被别的程序占用。"),
            detail=str(problem),
        ) from problem
    if len(data) > MAX_BYTES:
        raise InputError(
            _("“{name}”太大，不像是方案文件。").format(name=path.name),
            next_step=_("请选择导出的方案文件（.json）。"),
        )
    return data
