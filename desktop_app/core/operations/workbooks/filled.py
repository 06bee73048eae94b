"""Reading one filled workbook: whose it is, and its cells as numbers, dates and texts."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import msgspec

from desktop_app.core.errors import InputError
from desktop_app.core.figures.numbers import read_number
from desktop_app.core.i18n import _
from desktop_app.core.model.bodies import Number
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator
from desktop_app.core.model.sheet import CellProblem, Spot
from desktop_app.core.operations import changing, recording
from desktop_app.core.operations.workbooks import cells, opening, site_table
from desktop_app.core.operations.workbooks.drawing import (
    FIGURE_HEAD_ROW,
    FIGURE_HEADS,
    NOTE,
    OF,
    REASON,
    VALUE,
)
from desktop_app.core.operations.workbooks.identity import (
    FIGURES,
    PERSON_CELL,
    PLACE_CELL,
    SITES,
    START,
    Identity,
    read_identity,
)
from desktop_app.core.operations.workbooks.site_rows import SiteRow
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.rules import privacy

LETTERS = "ABCDEFGHIJ"


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of a workbook."""

    indicator: Indicator
    area: str
    value: Number
    of: Number | None
    note: str
    reason: str
    spot: Spot


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """A workbook that came back.  `place` the village of a part ("" for the office's own), `personal` whether
    personal numbers stand anywhere in it."""

    path: Path
    sha256: str
    identity: Identity
    period: Period
    place: str
    person: str
    figures: tuple[Said, ...]
    sites: tuple[SiteRow, ...]
    problems: tuple[CellProblem, ...]
    personal: bool


def read_filled(workspace: Workspace, path: Path) -> Filled:
    """InputError where nothing of the file can be taken: no workbook of ours, another unit's or plan's, no village
    chosen.  What is wrong with single cells stands in `problems`."""
    content = opening.read_bytes(path)
    book = opening.open_book(path, content)
    identity = read_identity(book, path.name)
    _refuse_foreign(workspace, identity, path.name)
    period = Period.parse(identity.period)
    start = book[START] if START in book.sheetnames else None
    reader = _Reader(workspace, path.name, book, identity, period, hashlib.sha256(content).hexdigest())
    place = reader.place(start)
    figures = reader.figures()
    sites = reader.sites(place)
    return Filled(
        path=path,
        sha256=reader.sha256,
        identity=identity,
        period=period,
        place=place,
        person=reader.person(start),
        figures=tuple(figures),
        sites=tuple(sites),
        problems=tuple(reader.problems),
        personal=any(privacy.find(text) for text in cells.every_text(book)),
    )


def _refuse_foreign(workspace: Workspace, identity: Identity, file: str) -> None:
    if identity.city != workspace.store.city or identity.unit != workspace.unit_code:
        raise InputError(
            _("“{file}”是{unit}发出的填报表，不是本单位的。").format(file=file, unit=identity.unit_name),
            meaning=_("没有读入任何内容。"),
            next_step=_("请退给发表的单位，或核对是不是选错了文件。"),
        )
    if identity.plan != workspace.plan.id:
        raise InputError(
            _("“{file}”是另一年方案（{plan}）的填报表。").format(file=file, plan=identity.plan),
            next_step=_("请用本年方案重新发一份填报表。"),
        )


class _Reader:
    def __init__(
        self, workspace: Workspace, file: str, book: Any, identity: Identity, period: Period, sha256: str
    ) -> None:
        self.workspace = workspace
        self.file = file
        self.book = book
        self.identity = identity
        self.period = period
        self.sha256 = sha256
        self.problems: list[CellProblem] = []

    def _complain(self, sheet: str, cell: str, error: InputError, indicator: Indicator | None = None) -> None:
        name = f"{indicator.id} {indicator.name}" if indicator is not None else ""
        self.problems.append(
            CellProblem(
                spot=Spot(file=self.file, sheet=sheet, cell=cell),
                text=_("{name}：{text}").format(name=name, text=error.what) if name else error.what,
                next_step=error.next_step,
                indicator=indicator.id if indicator is not None else "",
            )
        )

    def place(self, start: Any) -> str:
        if self.identity.mode == "own":
            return ""
        text = cells.plain(str(start[PLACE_CELL].value or "")) if start is not None else ""
        known = {cells.plain(name): name for name in self.identity.places}
        if not text:
            raise InputError(
                _("“{file}”没有选是哪个村（{sheet} {cell}）。").format(
                    file=self.file, sheet=START, cell=PLACE_CELL
                ),
                next_step=_("请在“填表说明”里选村名后再收回。"),
            )
        if text not in known:
            raise InputError(
                _("“{file}”填的村名“{place}”不在这份表的名单里。").format(file=self.file, place=text[:30]),
                next_step=_("请从列表里选村名；名单有变请重新发一份填报表。"),
            )
        return known[text]

    def person(self, start: Any) -> str:
        if start is None:
            return ""
        try:
            text = cells.text_of(start[PERSON_CELL])
            changing.refuse_personal({"name": text})
        except InputError as error:
            self._complain(START, PERSON_CELL, error)
            return ""
        return privacy.mask(text)[:30]

    # -- figures -------------------------------------------------------------------------------------------------

    def figures(self) -> list[Said]:
        if not self.identity.indicators:
            return []
        if FIGURES not in self.book.sheetnames:
            self._complain(
                FIGURES,
                "",
                InputError(
                    _("“指标”表不见了。"), next_step=_("请用发下去的那份表重填，不要删表、不要改表名。")
                ),
            )
            return []
        sheet = self.book[FIGURES]
        merged = self._merged(sheet)
        found: list[Said] = []
        seen: dict[str, int] = {}
        last = min(sheet.max_row, opening.ROWS)
        for row in sheet.iter_rows(min_row=FIGURE_HEAD_ROW + 1, max_row=last, max_col=len(FIGURE_HEADS)):
            number = row[0].row
            ident = cells.plain(str(row[0].value or ""))
            by_letter = dict(zip(LETTERS, row, strict=False))
            entry = [by_letter[letter] for letter in (VALUE, OF, NOTE, REASON) if letter in by_letter]
            if number in merged:
                self._complain(
                    FIGURES,
                    merged[number],
                    InputError(
                        _("这里的单元格被合并了，分不清是哪一项的数。"),
                        next_step=_("请取消合并，逐格填写。"),
                    ),
                )
                continue
            if ident not in self.identity.indicators or ident in seen:
                if any(not cells.is_blank(cell) for cell in entry):
                    self._complain(FIGURES, f"{VALUE}{number}", self._stray(ident, seen))
                continue
            seen[ident] = number
            indicator = self.workspace.plan.indicator(ident)
            if indicator is None:
                continue
            said = self._figure(indicator, number, by_letter)
            if said is not None:
                found.append(said)
        lost = [ident for ident in self.identity.indicators if ident not in seen]
        if lost:
            self._complain(
                FIGURES,
                "A",
                InputError(
                    _("少了这几行：{ids}。").format(ids="、".join(lost[:10])),
                    next_step=_("第一列的编号不能改、不能删；请用原来的表补填这几项。"),
                ),
            )
        return found

    def _stray(self, ident: str, seen: dict[str, int]) -> InputError:
        if ident in seen:
            return InputError(
                _("编号 {id} 与第 {row} 行重复。").format(id=ident, row=seen[ident]),
                next_step=_("请删去多出的一行。"),
            )
        return InputError(
            _("这一行的编号“{id}”不在这份表里。").format(id=ident[:20]),
            next_step=_("第一列的编号不能改；请填在原来的行里。"),
        )

    def _merged(self, sheet: Any) -> dict[int, str]:
        found: dict[int, str] = {}
        for span in sheet.merged_cells.ranges:
            if span.max_col >= 7:
                for number in range(max(span.min_row, FIGURE_HEAD_ROW + 1), span.max_row + 1):
                    found.setdefault(number, str(span.coord))
        return found

    def _figure(self, indicator: Indicator, number: int, by_letter: dict[str, Any]) -> Said | None:
        """None where nothing was filled in, or something is wrong, which is then told."""
        value, of = by_letter.get(VALUE), by_letter.get(OF)
        note = self._text(by_letter.get(NOTE), indicator)
        reason = self._text(by_letter.get(REASON), indicator)
        if value is None or (cells.is_blank(value) and (of is None or cells.is_blank(of))):
            if note or reason:
                self._complain(
                    FIGURES,
                    f"{VALUE}{number}",
                    InputError(
                        _("写了备注，没有填数。"), next_step=_("没有发生请填 0；不知道的请把备注也删去。")
                    ),
                    indicator,
                )
            return None
        try:
            where = recording.typed_figure(self.workspace, indicator.id, self.period)[1]
        except InputError as error:
            self._complain(FIGURES, f"{VALUE}{number}", error, indicator)
            return None
        rate = indicator.measure == "rate"
        above = self._number(value, indicator, negative=True)
        below = self._number(of, indicator, negative=False) if rate and of is not None else None
        if not rate and of is not None and not cells.is_blank(of):
            self._complain(
                FIGURES,
                f"{OF}{number}",
                InputError(_("这项不是比率，不用填分母。"), next_step=_("请把这一格清空。")),
                indicator,
            )
            return None
        if above is None or (rate and below is None):
            return None
        return Said(
            indicator=indicator,
            area=where,
            value=above,
            of=below,
            note=note,
            reason=reason,
            spot=Spot(file=self.file, sheet=FIGURES, cell=f"{VALUE}{number}"),
        )

    def _number(self, cell: Any, indicator: Indicator, *, negative: bool) -> Number | None:
        rate = indicator.measure == "rate"
        try:
            text = cells.number_text(cell, "" if rate else indicator.unit)
            if rate and not text:
                raise InputError(
                    _("分子、分母要都填。"), next_step=_("请补上；比率由软件算，不要直接填百分数。")
                )
            decimals = indicator.part_decimals if rate else indicator.decimals
            return read_number(text, decimals=decimals, negative=negative)
        except InputError as error:
            self._complain(FIGURES, cell.coordinate, error, indicator)
            return None

    def _text(self, cell: Any, indicator: Indicator) -> str:
        if cell is None:
            return ""
        try:
            text = cells.text_of(cell)
            found = privacy.find(text)
            if found:
                raise InputError(
                    _("“{text}”里像是有{kind}。").format(
                        text=privacy.mask(text)[:40], kind=_(privacy.NAMES[found[0].kind])
                    ),
                    next_step=_("请删去，这里只写情况，不写个人的号码。"),
                )
            return text[:500]
        except InputError as error:
            self._complain(FIGURES, cell.coordinate, error, indicator)
            return ""

    # -- sites ---------------------------------------------------------------------------------------------------

    def sites(self, place: str) -> list[SiteRow]:
        if not self.identity.sites or SITES not in self.book.sheetnames:
            return []
        read = site_table.read_sheet(
            self.workspace, self.book, SITES, self.file, source=self.sha256, place=place
        )
        self.problems += read.problems
        allowed = set(self.identity.sites)
        found = []
        for row in read.rows:
            asked = set(row.fields.get("quantities") or {})
            if asked and not asked <= allowed:
                self._complain(
                    SITES,
                    row.spot.cell,
                    InputError(_("这份表没有问这项指标。"), next_step=_("请从“指标”列的列表里选。")),
                )
                continue
            found.append(row)
        return found
