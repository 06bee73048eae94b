"""A plain workbook that an office sent, read for 代录: rows found by an indicator's number or name, figures by the
columns' names.  Figures pass the rules as typed ones do; the file stays with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from desktop_app.core.errors import InputError
from desktop_app.core.figures.numbers import read_number
from desktop_app.core.i18n import _
from desktop_app.core.model.bodies import Number
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator
from desktop_app.core.model.sheet import CellProblem, FileNote, Reading, Spot
from desktop_app.core.operations import changing, recording
from desktop_app.core.operations.workbooks import cells, entering, figures, opening
from desktop_app.core.operations.workbooks.site_heads import HEAD_ROWS, head_word
from desktop_app.core.operations.workspace import Workspace

HEADS: dict[str, tuple[str, ...]] = {
    "id": ("编号", "指标编号", "序号"),
    "name": ("指标", "指标名称", "任务指标", "名称", "内容"),
    "value": (
        *("本期数", "本期", "本月", "累计", "年初累计", "本年累计", "累计完成", "完成数", "完成"),
        *("分子", "本期上报数", "数值", "数量"),
    ),
    "of": ("分母", "总数", "应办数"),
    "note": ("备注", "说明"),
    "reason": ("原因", "变化原因"),
}
_NUMBER = re.compile(r"(\d{1,3}\.\d{1,3})(?!\d)")


def read(
    workspace: Workspace,
    path: Path,
    period: Period,
    *,
    area: str,
    source: str = "",
    reasons: Mapping[str, str] | None = None,
    dry: bool,
) -> tuple[Reading, Changes]:
    """Figures of an office below from its own workbook; `source` is the SHA-256 the file is kept under (its own,
    where none is given).  InputError where no sheet has rows of indicators; with `dry` nothing is written."""
    content = opening.read_bytes(path)
    book = opening.open_book(path, content)
    source = source or entering.hash_of(content)
    problems: list[CellProblem] = []
    wishes: dict[str, figures.Wish] = {}
    by_name = _names(workspace)
    found = False
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        columns = _columns(sheet)
        if columns is None:
            continue
        head, where = columns
        for row in sheet.iter_rows(
            min_row=head + 1, max_row=min(sheet.max_row, opening.ROWS), max_col=opening.COLUMNS
        ):
            by_column = {cell.column: cell for cell in row}
            indicator = _indicator(workspace, by_name, by_column, where)
            if indicator is None:
                continue
            found = True
            spot = Spot(file=path.name, sheet=sheet.title, cell=by_column[where["value"]].coordinate)
            try:
                wish = _wish(
                    workspace, indicator, by_column, where, period, area, spot, source, reasons or {}
                )
            except InputError as error:
                problems.append(
                    figures.cell_problem(spot, error, f"{indicator.id} {indicator.name}", indicator.id)
                )
                continue
            if wish is not None and indicator.id in wishes:
                problems.append(
                    CellProblem(
                        spot=spot,
                        text=_("{name}：与{where}重复。").format(
                            name=f"{indicator.id} {indicator.name}", where=wishes[indicator.id].spot.words
                        ),
                        next_step=_("只读了前面的一行；请核对哪一行对。"),
                        indicator=indicator.id,
                    )
                )
            elif wish is not None:
                wishes[indicator.id] = wish
    if not found:
        raise InputError(
            _("“{file}”里没有认出指标的行。").format(file=path.name),
            next_step=_("表里要有“编号”或“指标”列和“本期数”列；认不出的请照着表逐格录入。"),
        )
    settled = figures.settle(workspace, period, list(wishes.values()), dry=dry)
    return (
        Reading(
            files=(FileNote(file=path.name, state="read", sha256=source),),
            rows=settled.rows,
            problems=(*problems, *settled.problems),
            entered=settled.changes.entries,
        ),
        settled.changes,
    )


def _names(workspace: Workspace) -> dict[str, str]:
    """Indicators by name, those whose name stands for one alone."""
    found: dict[str, list[str]] = {}
    for indicator in workspace.plan.indicators():
        found.setdefault(head_word(indicator.name), []).append(indicator.id)
    return {name: ids[0] for name, ids in found.items() if len(ids) == 1}


def _columns(sheet: Any) -> tuple[int, dict[str, int]] | None:
    for row in sheet.iter_rows(max_row=min(sheet.max_row, HEAD_ROWS), max_col=opening.COLUMNS):
        where: dict[str, int] = {}
        for cell in row:
            if isinstance(cell.value, str):
                word = head_word(cell.value)
                for field, words in HEADS.items():
                    if word in words and field not in where:
                        where[field] = cell.column
        if "value" in where and ("id" in where or "name" in where):
            return row[0].row, where
    return None


def _indicator(
    workspace: Workspace, by_name: Mapping[str, str], by_column: Mapping[int, Any], where: Mapping[str, int]
) -> Indicator | None:
    for field in ("id", "name"):
        cell = by_column.get(where.get(field, 0))
        if cell is None or cells.is_blank(cell):
            continue
        text = cells.plain(str(cell.value))
        numbered = _NUMBER.match(text)
        ident = numbered[1] if numbered else by_name.get(head_word(text), "")
        # A number such as 12.10 that a spreadsheet has made 12.1 is told by the name beside it.
        named = by_column.get(where.get("name", 0))
        beside = by_name.get(head_word(str(named.value)), "") if named is not None and named.value else ""
        found = workspace.plan.indicator(beside or ident)
        if found is not None:
            return found
    return None


def _wish(
    workspace: Workspace,
    indicator: Indicator,
    by_column: Mapping[int, Any],
    where: Mapping[str, int],
    period: Period,
    area: str,
    spot: Spot,
    source: str,
    reasons: Mapping[str, str],
) -> figures.Wish | None:
    value = by_column[where["value"]]
    below = by_column.get(where.get("of", 0))
    if cells.is_blank(value):
        return None
    place = recording.typed_figure(workspace, indicator.id, period, area)[1]
    rate = indicator.measure == "rate"
    decimals = indicator.part_decimals if rate else indicator.decimals
    number = _value(value, indicator, decimals)
    of: Number | None = None
    if rate:
        if below is None or cells.is_blank(below):
            raise InputError(_("这是比率，表里没有分母。"), next_step=_("请照原件逐格录入分子和分母。"))
        of = _value(below, indicator, decimals)
    note, reason = (
        cells.text_of(by_column[where[field]]) if field in where else "" for field in ("note", "reason")
    )
    changing.refuse_personal({"note": note, "reason": reason})
    return figures.Wish(
        indicator=indicator,
        area=place,
        value=number,
        of=of,
        spot=spot,
        note=note[:500],
        reason=reason or reasons.get(indicator.id, ""),
        source=source,
    )


def _value(cell: Any, indicator: Indicator, decimals: int) -> Number:
    rate = indicator.measure == "rate"
    text = cells.number_text(cell, "" if rate else indicator.unit)
    return read_number(text, decimals=decimals, negative=True)
