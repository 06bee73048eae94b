"""Tables of sites: any workbook whose columns are named as people name them, and our own that can be edited and read
again without a change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _
from desktop_app.core.model.plan import Indicator
from desktop_app.core.model.sheet import CellProblem, Spot
from desktop_app.core.operations.workbooks import cells, opening
from desktop_app.core.operations.workbooks.site_rows import SiteRow
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.rules.privacy import mask
from desktop_app.core.store.database import disk_error

SHEET = "台账"
HEAD_ROWS = 25
"""Rows in which the column names are looked for; titles stand above them."""
STAGE = re.compile(r"阶段[:：](.+)")
_KEY = re.compile(r"[0-9a-f]{16}")
"""A site's number as exports write it; other tables count their rows in a column of that name."""
_NUMBERED = re.compile(r"(\d{1,3}\.\d{1,3})(?!\d)")

HEADS: dict[str, tuple[str, ...]] = {
    "key": ("编号", "台账编号"),
    "area": ("地区", "乡镇", "镇街", "乡镇街道", "所属乡镇", "所属镇街", "填报单位", "单位"),
    "name": (
        "名称",
        "项目名称",
        "点位名称",
        "项目",
        "点位",
        "小区名称",
        "小区",
        "站点名称",
        "道路名称",
        "对象编号",
    ),
    "place": ("地点", "地址", "位置", "建设地点", "所在村", "村", "社区", "村社区", "村居", "所在村社区"),
    "indicator": ("指标", "指标编号", "对应指标", "事项"),
    "quantity": ("数量", "规模", "里程", "户数", "个数", "套数", "间数", "泊位数", "桩数"),
    "started": ("开工日期", "开工时间", "开始日期", "开始时间"),
    "completed": (
        "完成日期",
        "完成时间",
        "竣工日期",
        "竣工时间",
        "完工日期",
        "完工时间",
        "建成日期",
        "建成时间",
        "办结日期",
    ),
    "charge": ("责任人", "负责人", "联系人"),
    "note": ("备注", "说明"),
}
PERSONAL = tuple(
    "身份证 证件号 电话 手机 联系方式 银行卡 银行账 账号 卡号 姓名 户主 残疾证".split()  # noqa: SIM905
)
"""Columns that are passed over whole, whatever they hold."""


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """Where what stands: `fields` by name, `amounts` by indicator, `stages` by stage; numbers begin with 1."""

    row: int
    fields: dict[str, int]
    amounts: dict[str, int]
    stages: dict[str, int]
    personal: tuple[str, ...]
    unknown: tuple[str, ...]


class Read(msgspec.Struct, frozen=True, kw_only=True):
    rows: tuple[SiteRow, ...]
    problems: tuple[CellProblem, ...]
    notes: tuple[str, ...]
    personal: bool = False
    """Whether columns with personal data were passed over."""


def head_word(text: str) -> str:
    """A column's name without spaces, line breaks, marks and what stands in brackets."""
    bare = re.sub(r"\s|\*|＊", "", cells.plain(text))
    return re.sub(r"[(（][^()（）]*[)）]$", "", bare).strip(":：") or bare


def is_personal(word: str) -> bool:
    return any(part in word for part in PERSONAL)


def find_columns(sheet: Any, indicators: Sequence[Indicator]) -> Columns | None:
    """The row of column names that fits best; None where no row names a site's name and something else."""
    by_id = {indicator.id for indicator in indicators if indicator.basis == "site"}
    known = {stage for indicator in indicators for stage in indicator.stages}
    best: Columns | None = None
    for cells_of in sheet.iter_rows(max_row=min(sheet.max_row, HEAD_ROWS), max_col=_width(sheet)):
        fields: dict[str, int] = {}
        amounts: dict[str, int] = {}
        stages: dict[str, int] = {}
        personal: list[str] = []
        unknown: list[str] = []
        for cell in cells_of:
            if not isinstance(cell.value, str) or not cell.value.strip():
                continue
            word = head_word(cell.value)
            numbered = _NUMBERED.match(cells.plain(cell.value))
            stage = STAGE.fullmatch(word)
            field = next((name for name, words in HEADS.items() if word in words), "")
            if field and field not in fields:
                fields[field] = cell.column
            elif numbered and numbered[1] in by_id:
                amounts[numbered[1]] = cell.column
            elif stage or word in known:
                stages[stage[1] if stage else word] = cell.column
            elif is_personal(word):
                personal.append(word)
            elif word not in ("序号", "#"):
                unknown.append(word)
        found = Columns(
            row=cells_of[0].row if cells_of else 1,
            fields=fields,
            amounts=amounts,
            stages=stages,
            personal=tuple(personal),
            unknown=tuple(unknown),
        )
        if "name" in fields and _weight(found) >= 2 and (best is None or _weight(found) > _weight(best)):
            best = found
    return best


def _weight(columns: Columns) -> int:
    return len(columns.fields) + len(columns.amounts) + len(columns.stages)


def _width(sheet: Any) -> int:
    return max(1, min(int(sheet.max_column or 1), opening.COLUMNS))


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
        yield from self.sheet.iter_rows(min_row=first, max_row=last, max_col=_width(self.sheet))

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
        numbered = _NUMBERED.match(cells.plain(text))
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


def export(workspace: Workspace, path: Path, indicator: str | None = None) -> int:
    """Write the sites as a workbook that can be edited and read again; returns how many.

    Personal numbers that stand in old texts are masked; a masked text changes nothing when it comes back.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    from desktop_app.core.operations import site_list

    views = site_list.sites(workspace, indicator)
    plan = workspace.plan
    used = [item for item in plan.indicators() if any(item.id in view.quantities for view in views)]
    if not used:
        used = [item for item in plan.indicators() if item.id == indicator]
    wanted = [stage for item in used for stage in item.stages]
    stages = list(dict.fromkeys([*wanted, *(stage for view in views for stage in view.stages)]))
    heads = [
        "编号",
        "地区",
        "名称",
        "地点",
        *(f"{item.id} {item.name}（{item.unit}）" for item in used),
        "开工日期",
        *(f"阶段：{stage}" for stage in stages),
        "完成日期",
        "责任人",
        "备注",
    ]
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    try:
        sheet = book.add_worksheet(SHEET)
        head = book.add_format(
            {"bold": True, "bg_color": "#DCE6F2", "border": 1, "text_wrap": True, "valign": "vcenter"}
        )
        text = book.add_format({"num_format": "@"})
        sheet.freeze_panes(1, 3)
        sheet.set_row(0, 32)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        widths = {"编号": 18, "地区": 14, "名称": 26, "地点": 20, "备注": 24}
        for column, name in enumerate(heads):
            sheet.set_column(column, column, widths.get(name, 13), text if name == "编号" else None)
            sheet.write_string(0, column, name, head)
        for number, view in enumerate(views, start=1):
            row: list[Any] = [
                view.subject.split("/")[-1],
                view.area_name,
                mask(view.name),
                mask(view.place),
                *(view.quantities.get(item.id) for item in used),
                view.started,
                *(view.stages.get(stage, "") for stage in stages),
                view.completed,
                mask(view.charge),
                mask(view.note),
            ]
            for column, value in enumerate(row):
                if value is None or value == "":
                    continue
                if isinstance(value, str):
                    sheet.write_string(number, column, value, text if column == 0 else None)
                else:
                    sheet.write_number(number, column, float(value))
        if views:
            sheet.autofilter(0, 0, len(views), len(heads) - 1)
    finally:
        try:
            book.close()
        except (FileCreateError, OSError) as problem:
            raise disk_error(OSError(*problem.args), path.parent) from problem
    return len(views)
