"""Which column of a table of sites is which, by the names people give them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from desktop_app.core.model.plan import Indicator
from desktop_app.core.operations.workbooks import cells, opening

HEAD_ROWS = 25
"""Rows in which the column names are looked for; titles stand above them."""
STAGE = re.compile(r"阶段[:：](.+)")
NUMBERED = re.compile(r"(\d{1,3}\.\d{1,3})(?!\d)")
"""Begins a column's name, or a cell, with an indicator's number."""

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
    for cells_of in sheet.iter_rows(max_row=min(sheet.max_row, HEAD_ROWS), max_col=width(sheet)):
        fields: dict[str, int] = {}
        amounts: dict[str, int] = {}
        stages: dict[str, int] = {}
        personal: list[str] = []
        unknown: list[str] = []
        for cell in cells_of:
            if not isinstance(cell.value, str) or not cell.value.strip():
                continue
            word = head_word(cell.value)
            numbered = NUMBERED.match(cells.plain(cell.value))
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


def width(sheet: Any) -> int:
    return max(1, min(int(sheet.max_column or 1), opening.COLUMNS))
