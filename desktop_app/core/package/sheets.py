"""What the sheets for people show, as typed rows; `workbook` draws them.

Values are what a journal holds: whole numbers or decimal strings, "" or None for nothing.  Every row that stands for
an entry carries that entry's id (64 hex digits), so that the receiver can compare the sheet with the journal.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from desktop_app.core.model.bodies import Number

Cell = int | str | None
"""A table's cell.  Text stays text: nothing in a sheet is ever a formula."""

RECORDS, ANSWERS = "台账册", "答复"

Basis = Literal["entry", "sites", "sum", "other"]

COVER, PROGRESS, SITES, EVIDENCE, PROBLEMS, FUNDS = "封面", "进度", "项目台账", "佐证材料", "问题清单", "资金"

BASIS_WORDS: dict[str, str] = {
    "sites": "由项目台账汇总",
    "sum": "由下级数据汇总",
    "other": "其他",
    "entry": "",
}
"""What stands in a 进度 row's last column where no single entry says the figure."""

THUMBNAILS = 200
"""Evidence rows that show their picture; the rest are told by name, so that the file opens quickly."""


class Cover(msgspec.Struct, frozen=True, kw_only=True):
    """The cover.  `counts` are (label, value) pairs, `notes` whole sentences, `sample` prints 样例.

    `from_label` and `to_label` stand before the names ("制发单位", "发给" for what goes downward); `to_sign` False
    leaves out the block to sign and stamp.
    """

    city: str
    title: str
    unit: str
    unit_name: str
    level: str
    period: str
    digest: str = ""
    sequence: int = 0
    purpose: str = "民生实事进展情况上报包"
    from_label: str = "报送单位"
    to_name: str = ""
    to_label: str = "报送至"
    to_sign: bool = True
    filled: str = ""
    checked: str = ""
    responsible: str = ""
    created: str = ""
    counts: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    sample: bool = False
    volume: int = 1
    volumes: int = 1


class ProgressRow(msgspec.Struct, frozen=True, kw_only=True):
    """One indicator of one area.

    `value` is the running total, end value or numerator, `of` a rate's denominator; `done` is a percentage with one
    decimal ("38.7"), `light` a word.  `basis` says where the figure comes from: "entry" (then `entry` is its id),
    "sites" (the quantities of the sites that count, on the sheet 项目台账), "sum" (the other rows of the same
    indicator added up) or "other" (carried forward and the like; not compared).
    """

    entry: str = ""
    basis: Basis = "entry"
    task: int
    category: str
    indicator: str
    name: str
    area: str
    area_name: str
    measure: str
    share: Number | None = None
    previous: Number | None = None
    value: Number | None = None
    of: Number | None = None
    increase: Number | None = None
    done: str = ""
    light: str = ""
    note: str = ""
    reporter_name: str = ""


class SiteRow(msgspec.Struct, frozen=True, kw_only=True):
    """One site.  `indicators` are (indicator id, quantity) pairs; `counts` tells whether they enter the figure."""

    entry: str
    area: str
    area_name: str
    name: str
    place: str = ""
    indicators: tuple[tuple[str, Number], ...] = ()
    stage: str = ""
    started: str = ""
    completed: str = ""
    charge: str = ""
    counts: bool = False
    evidence: int = 0
    note: str = ""


class EvidenceRow(msgspec.Struct, frozen=True, kw_only=True):
    """One evidence file.  `thumbnail` are JPEG or PNG bytes, at most some 240 points wide, b"" for none.

    `inside` tells whether the bytes are in this package, else `where` says why not (另一卷, 此前已报 …).
    """

    entry: str
    sha256: str
    name: str
    caption: str = ""
    about: str = ""
    taken: str = ""
    size: int = 0
    inside: bool = True
    where: str = ""
    thumbnail: bytes = b""


class ProblemRow(msgspec.Struct, frozen=True, kw_only=True):
    """One problem; `status` is open or closed."""

    entry: str
    task: int
    area_name: str
    text: str
    status: str
    due: str = ""
    answer: str = ""
    closed: str = ""


class FundRow(msgspec.Struct, frozen=True, kw_only=True):
    """Money of one task from one level, in 元; `level` is FundBody's."""

    entry: str
    task: int
    area_name: str
    level: str
    arrived: Number | None = None
    paid: Number | None = None
    date: str = ""
    note: str = ""


class TableRow(msgspec.Struct, frozen=True, kw_only=True):
    cells: tuple[Cell, ...]
    entry: str = ""


class TableSheet(msgspec.Struct, frozen=True, kw_only=True):
    """Any other table (organisation, shares, receipts …) of a setup or reply package.

    `widths` are column widths in characters; missing ones are 14.
    """

    name: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[TableRow, ...]
    widths: tuple[int, ...] = ()


class Sheets(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a workbook shows.  A list that is None has no sheet; an empty one has a sheet that says 无."""

    cover: Cover
    progress: tuple[ProgressRow, ...] | None = None
    sites: tuple[SiteRow, ...] | None = None
    evidence: tuple[EvidenceRow, ...] | None = None
    problems: tuple[ProblemRow, ...] | None = None
    funds: tuple[FundRow, ...] | None = None
    tables: tuple[TableSheet, ...] = ()


MARK = "本文件由“民生实事台账”软件导出"
"""A sentence on every cover: by it a file is known again after an office program has saved it anew."""


def footer(cover: Cover) -> str:
    """The printed footer: unit and 校验码 left, page numbers right."""
    # "&" is a command sign there.
    left = "  ".join(part for part in (cover.unit_name, cover.period) if part).replace("&", "&&")
    code = f"校验码 {cover.digest}" if cover.digest else ""
    return f"&L&8{left}&C&8{code}&R&8第 &P 页，共 &N 页"


def quantities_text(indicators: tuple[tuple[str, Number], ...]) -> str:
    """A site's quantities as its cell shows them: "29.1×2.5;31.2×1"."""
    return ";".join(f"{indicator}×{quantity}" for indicator, quantity in indicators)
