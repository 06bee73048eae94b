"""Tables of sites, read: any workbook whose columns are named as people name them, and our own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _
from desktop_app.core.model.plan import Indicator
from desktop_app.core.model.sheet import CellProblem, Spot
from desktop_app.core.operations.workbooks import cells, opening
from desktop_app.core.operations.workbooks.site_heads import (
    NUMBERED,
    Columns,
    find_columns,
    head_word,
    width,
)
from desktop_app.core.operations.workbooks.site_rows import SiteRow
from desktop_app.core.operations.workspace import Workspace

_KEY = re.compile(r"[0-9a-f]{16}")
"""A site's number as exports write it; other tables count their rows in a column of that name."""


class Read(msgspec.Struct, frozen=True, kw_only=True):
    rows: tuple[SiteRow, ...]
    problems: tuple[CellProblem, ...]
    notes: tuple[str, ...]
    personal: bool = False
    """Whether columns with personal data were passed over."""


def read(workspace: Workspace, path: Path, *, indicator: str = "", area: str = "", source: str = "") -> Read:
    """The rows of every sheet that has columns of sites.  `indicator` serves rows that name none; `area` sites of
    another territory (代录).  InputError where no sheet has them."""
    book = opening.open_book(path)
    rows: list[SiteRow] = []
    problems: list[CellProblem] = []
    notes: list[str] = []
    found = personal = False
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        columns = find_columns(sheet, workspace.plan.indicators())
        if columns is None:
            if sheet.max_row > 1 and len(book.worksheets) > 1:
                notes.append(_("工作表“{sheet}”里没有认出台账的列，没有读。").format(sheet=sheet.title))
            continue
        found = True
        if columns.personal:
            personal = True
            notes.append(
                _("“{columns}”列像是个人信息，没有读入。").format(columns="、".join(columns.personal))
            )
        if columns.unknown:
            notes.append(_("“{columns}”列不认识，没有读入。").format(columns="、".join(columns.unknown[:8])))
        reader = _Reader(workspace, path.name, sheet, columns, book.epoch, indicator, area, source)
        rows += reader.rows()
        problems += reader.problems
    if not found:
        raise InputError(
            _("“{file}”里没有找到台账的列名。").format(file=path.name),
            next_step=_("表里要有一行列名，至少有“名称”和“数量”“完成日期”等；可先“导出表格”照着填。"),
        )
    return Read(
        rows=tuple(rows), problems=tuple(problems), notes=tuple(dict.fromkeys(notes)), personal=personal
    )


def read_sheet(
    workspace: Workspace, book: Any, title: str, file: str, *, source: str = "", place: str = ""
) -> Read:
    """The rows of one sheet; `place` stands where a row names none.  InputError is told as a problem."""
    sheet = book[title]
    columns = find_columns(sheet, workspace.plan.indicators())
    if columns is None:
        error = CellProblem(
            spot=Spot(file=file, sheet=title),
            text=_("列名不见了，认不出哪一列是什么。"),
            next_step=_("请用发下去的那份表重填，不要改列名。"),
        )
        return Read(rows=(), problems=(error,), notes=())
    reader = _Reader(workspace, file, sheet, columns, book.epoch, "", "", source)
    rows = reader.rows()
    if place:
        rows = [
            msgspec.structs.replace(
                row, fields=dict(row.fields) | {"place": row.fields.get("place") or place}
            )
            for row in rows
        ]
    return Read(rows=tuple(rows), problems=tuple(reader.problems), notes=())


class _Reader:
    def __init__(
        self,
        workspace: Workspace,
        file: str,
        sheet: Any,
        columns: Columns,
        epoch: Any,
        indicator: str,
        area: str,
        source: str,
    ) -> None:
        self.workspace = workspace
        self.file = file
        self.sheet = sheet
        self.columns = columns
        self.epoch = epoch
        self.indicator = indicator
        self.area = area
        self.source = source
        self.problems: list[CellProblem] = []
        self._areas = {unit.name: unit.code for unit in workspace.organisation}
        self._known = {item.id: item for item in workspace.plan.indicators()}

    def spot(self, cell: str) -> Spot:
        return Spot(file=self.file, sheet=self.sheet.title, cell=cell)

    def rows(self) -> list[SiteRow]:
        found = []
        merged = self._merged()
        last = self.sheet.max_row
        if last - self.columns.row > opening.ROWS:
            last = self.columns.row + opening.ROWS
            if any(not cells.is_blank(cell) for row in self._cells(last + 1, last + 50) for cell in row):
                self.problems.append(
                    CellProblem(
                        spot=self.spot(f"A{last + 1}"),
                        text=_("超过 {most} 行，后面的没有读。").format(most=opening.ROWS),
                        next_step=_("请分成几份表再导入。"),
                    )
                )
        for row in self._cells(self.columns.row + 1, last):
            by_column = {cell.column: cell for cell in row}
            used = [
                cell
                for column in self._used()
                if (cell := by_column.get(column)) is not None and not cells.is_blank(cell)
            ]
            if not used:
                continue
            number = row[0].row
            if number in merged:
                self.problems.append(
                    CellProblem(
                        spot=self.spot(merged[number]),
                        text=_("这里的单元格是合并的，分不清每行是什么。"),
                        next_step=_("请取消合并，把每一行都填上。"),
                    )
                )
                continue
            if self._is_total(by_column):
                continue
            before = len(self.problems)
            read = self._row(number, by_column)
            if read is not None and len(self.problems) == before:
                found.append(read)
        return found

    def _cells(self, first: int, last: int) -> Iterator[Any]:
        yield from self.sheet.iter_rows(min_row=first, max_row=last, max_col=width(self.sheet))

    def _used(self) -> list[int]:
        columns = self.columns
        return [*columns.fields.values(), *columns.amounts.values(), *columns.stages.values()]

    def _merged(self) -> dict[int, str]:
        """Rows below the column names that a merged range touches in a column that is read."""
        used = set(self._used())
        found: dict[int, str] = {}
        for span in self.sheet.merged_cells.ranges:
            if span.max_row > self.columns.row and used & set(range(span.min_col, span.max_col + 1)):
                for number in range(max(span.min_row, self.columns.row + 1), span.max_row + 1):
                    found.setdefault(number, str(span.coord))
        return found

    def _is_total(self, by_column: dict[int, Any]) -> bool:
        name = by_column.get(self.columns.fields["name"])
        first = by_column.get(1)
        return any(
            cell is not None
            and isinstance(cell.value, str)
            and head_word(cell.value) in ("合计", "总计", "小计")
            for cell in (name, first)
        )

    def _row(self, number: int, by_column: dict[int, Any]) -> SiteRow | None:
        fields: dict[str, Any] = {}
        for name in ("name", "place", "charge", "note"):
            if name in self.columns.fields:
                fields[name] = self._take(by_column, self.columns.fields[name], cells.text_of)
        for name in ("started", "completed"):
            if name in self.columns.fields:
                fields[name] = self._take(by_column, self.columns.fields[name], self._day)
        key = self._take(by_column, self.columns.fields.get("key", 0), cells.text_of)
        if self.columns.stages:
            fields["stages"] = {
                stage: self._take(by_column, column, self._day)
                for stage, column in self.columns.stages.items()
            }
        fields["quantities"] = self._quantities(by_column, number)
        if not fields["name"]:
            self._complain(
                by_column,
                self.columns.fields["name"],
                number,
                InputError(
                    _("名称空着。"), next_step=_("写村名加编号即可，例如“张家湾 03 户”；不要写人名。")
                ),
            )
            return None
        if not fields["quantities"]:
            fields.pop("quantities")
        return SiteRow(
            spot=self.spot(f"{_letter(self.columns.fields['name'])}{number}"),
            fields=fields,
            key=key if _KEY.fullmatch(key) else "",
            area=self._area(by_column, number) or self.area,
            source=self.source,
        )

    def _day(self, cell: Any) -> str:
        return cells.date_text(cell, self.epoch)

    def _take(self, by_column: dict[int, Any], column: int, read: Any) -> str:
        cell = by_column.get(column)
        if cell is None:
            return ""
        try:
            return str(read(cell))
        except InputError as error:
            self.problems.append(
                CellProblem(spot=self.spot(cell.coordinate), text=error.what, next_step=error.next_step)
            )
            return ""

    def _complain(self, by_column: dict[int, Any], column: int, number: int, error: InputError) -> None:
        self.problems.append(
            CellProblem(
                spot=self.spot(f"{_letter(column)}{number}"), text=error.what, next_step=error.next_step
            )
        )

    def _area(self, by_column: dict[int, Any], number: int) -> str:
        column = self.columns.fields.get("area", 0)
        text = self._take(by_column, column, cells.text_of)
        if not text:
            return ""
        code = text if text in self.workspace.organisation else self._areas.get(text, "")
        if not code:
            self._complain(
                by_column,
                column,
                number,
                InputError(
                    _("没有叫“{name}”的单位。").format(name=text[:30]),
                    next_step=_("请写组织机构表里的全名，或删去这一格。"),
                ),
            )
        return code

    def _quantities(self, by_column: dict[int, Any], number: int) -> dict[str, str]:
        found: dict[str, str] = {}
        for ident, column in self.columns.amounts.items():
            found[ident] = self._amount(by_column, column, self._known[ident])
        named = self._take(by_column, self.columns.fields.get("indicator", 0), cells.text_of)
        ident = self.indicator
        if named:
            ident = self._named(named)
            if not ident:
                self._complain(
                    by_column,
                    self.columns.fields["indicator"],
                    number,
                    InputError(
                        _("没有台账类指标“{name}”。").format(name=named[:30]),
                        next_step=_("请写指标编号，如 12.1；编号见“任务”页。"),
                    ),
                )
                return {}
        if ident and ident not in found:
            column = self.columns.fields.get("quantity", 0)
            amount = self._amount(by_column, column, self._known[ident]) if ident in self._known else ""
            # Without a column of quantities each row is one; an empty cell says nothing.
            found[ident] = amount if column else "1"
        return found

    def _named(self, text: str) -> str:
        numbered = NUMBERED.match(cells.plain(text))
        if numbered and numbered[1] in self._known:
            return numbered[1] if self._known[numbered[1]].basis == "site" else ""
        same = [i.id for i in self._known.values() if i.name == text.strip() and i.basis == "site"]
        return same[0] if len(same) == 1 else ""

    def _amount(self, by_column: dict[int, Any], column: int, indicator: Indicator) -> str:
        from desktop_app.core.figures.numbers import read_number

        def read(cell: Any) -> str:
            text = cells.number_text(cell, indicator.unit)
            return str(read_number(text, decimals=indicator.decimals)) if text else ""

        return self._take(by_column, column, read)


def _letter(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(column))
