"""Drawing a fill-in workbook: a page of instructions, the figures, the sites, and a hidden sheet that says what it
is.  Its words are always Chinese, as those of packages are."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.core.disks import write_whole
from desktop_app.core.figures.numbers import show
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator
from desktop_app.core.operations.situation import Situation
from desktop_app.core.operations.workbooks.identity import FIGURES, IDENTITY, SITES, START, Identity

if TYPE_CHECKING:
    from desktop_app.core.operations.workspace import Workspace

FIGURE_HEADS = ("编号", "任务", "指标", "单位", "怎么填", "上期", "本期数（分子）", "分母", "备注", "原因")
FIGURE_HEAD_ROW = 3
"""The row of the column names, as people count; the figures begin below it."""
VALUE, OF, NOTE, REASON = "G", "H", "I", "J"

SITE_HEADS = ("名称", "地点", "指标", "数量", "开工日期", "完成日期", "责任人", "备注")
SITE_HEAD_ROW = 3
SITE_ROWS = 300
"""Rows open for sites."""
STAGE = "阶段："
_FONT = "微软雅黑"
_LARGEST = 10**11


def draw(
    workspace: Workspace, path: Path, period: Period, identity: Identity, indicators: Sequence[Indicator]
) -> None:
    """OSError where the file cannot be written."""
    import xlsxwriter

    content = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": f"{identity.unit_name} {period.chinese_label}填报表"})
        looks = _Looks(book)
        _start(book, looks, period, identity, workspace.plan.title)
        typed = [item for item in indicators if item.basis == "typed"]
        if typed:
            _figures(book, looks, period, identity, typed, workspace)
        sites = [item for item in indicators if item.basis == "site"]
        if sites:
            _sites(book, looks, period, sites)
        _identity(book, identity, sites)
    write_whole(path, content.getvalue())


class _Looks:
    """The formats, made once."""

    def __init__(self, book: Any) -> None:
        base = {"font_name": _FONT, "font_size": 11, "valign": "vcenter", "text_wrap": True}
        cell = base | {"border": 1, "border_color": "#C9CED6"}
        fill = cell | {"locked": False, "bg_color": "#FFF9E5"}
        self.title = book.add_format(base | {"font_size": 16, "bold": True})
        self.text = book.add_format(base)
        self.label = book.add_format(cell | {"bold": True, "bg_color": "#EEF1F5"})
        self.head = book.add_format(cell | {"bold": True, "bg_color": "#DCE6F2", "align": "center"})
        self.fixed = book.add_format(cell | {"font_color": "#3C4450"})
        self.fixed_right = book.add_format(cell | {"font_color": "#3C4450", "align": "right"})
        self.closed = book.add_format(cell | {"bg_color": "#E3E5E8"})
        self.entry = book.add_format(fill)
        self.number = book.add_format(fill | {"align": "right"})
        self.day = book.add_format(fill | {"num_format": "yyyy-mm-dd", "align": "center"})
        self.band = book.add_format(base | {"font_color": "#5A6472"})


_PROTECTION = {
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "format_columns": True,
    "format_rows": True,
}


def _how(identity: Identity, period: Period) -> list[str]:
    whose = "本村（社区）" if identity.mode == "parts" else "本单位"
    lines = [
        "只填淡黄色的格子，其他格子是锁住的，不用动。",
        f"“{FIGURES}”表：填{whose}的数。“年初累计”填今年1月1日到{period.last}月底一共多少，不是本月新增；"
        "“期末数”填月底时有多少；“比率”在“本期数”填分子，在“分母”填分母。",
        "没有发生填 0；不知道的留空，不要填 0。",
        "只填数字，不写单位和文字（12000，不写 1.2万、12000人），不填公式。",
        "与上期相比减少、或一下子增加很多的，请在“原因”里写一句为什么。",
        f"“{SITES}”表：一个项目、一户或一件填一行。名称写村名加编号（如“张家湾 03 户”），不写人名。",
        "不要写身份证号、手机号、银行卡号。",
        "填好后直接保存（WPS、Excel 都可以，格式为 xlsx），把文件发回。不要改表名，不要另建新表抄写。",
    ]
    if identity.mode == "own":
        return lines
    return ["先在上面选本村（社区）的名称，写上填表人。", *lines]


def _start(book: Any, looks: _Looks, period: Period, identity: Identity, plan: str) -> None:
    sheet = book.add_worksheet(START)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 3)
    sheet.set_column(1, 1, 16)
    sheet.set_column(2, 2, 66)
    sheet.set_row(0, 30)
    sheet.write_string("B1", f"{identity.unit_name} {period.chinese_label}填报表", _no_wrap(book, looks))
    sheet.write_string("B2", plan, _plain_band(book))
    if identity.mode == "parts":
        sheet.write_string("B4", "村（社区）", looks.label)
        sheet.write_blank("C4", None, looks.entry)
        # A list of names: on the hidden sheet, since in the cell itself it may have 255 signs only.
        last = len(identity.places)
        sheet.data_validation(
            "C4",
            {
                "validate": "list",
                "source": f"='{IDENTITY}'!$D$1:$D${last}",
                "input_title": "选村名",
                "input_message": "点右边的小箭头，选本村（社区）。",
                "error_title": "没有这个名称",
                "error_message": "请从列表里选。列表里没有的，请与发表的单位联系。",
            },
        )
    else:
        sheet.write_string("B4", "填报单位", looks.label)
        sheet.write_string("C4", identity.unit_name, looks.fixed)
    sheet.write_string("B5", "填表人", looks.label)
    sheet.write_blank("C5", None, looks.entry)
    for index in (3, 4):
        sheet.set_row(index, 26)
    row = 6
    sheet.write_string(row, 1, "怎么填", looks.label)
    for number, line in enumerate(_how(identity, period), start=1):
        sheet.write_string(row, 2, f"{number}. {line}", looks.text)
        sheet.set_row(row, 20 * (1 + len(line) // 42))
        row += 1
    sheet.protect("", _PROTECTION)
    sheet.activate()


def _no_wrap(book: Any, looks: _Looks) -> Any:
    return book.add_format({"font_name": _FONT, "font_size": 16, "bold": True, "valign": "vcenter"})


def how_to(indicator: Indicator) -> str:
    """What a figure of this indicator is, in two words and its parts."""
    if indicator.measure == "rate":
        return f"比率：{indicator.numerator or '分子'}／{indicator.denominator or '分母'}"
    if indicator.measure == "state":
        return "做到填1，没有填0"
    if indicator.measure == "standard":
        return "标准"
    return "年初累计" if indicator.flow else "期末数"


def _figures(
    book: Any,
    looks: _Looks,
    period: Period,
    identity: Identity,
    indicators: Sequence[Indicator],
    workspace: Workspace,
) -> None:
    sheet = book.add_worksheet(FIGURES)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(FIGURE_HEAD_ROW - 1)
    unused = {5} if identity.mode == "parts" else set()
    if not any(indicator.measure == "rate" for indicator in indicators):
        unused.add(7)
    for column, width in enumerate((7, 20, 24, 8, 24, 13, 15, 12, 22, 22)):
        sheet.set_column(column, column, width, None, {"hidden": column in unused})
    sheet.set_row(0, 28)
    sheet.write_string("A1", f"{period.chinese_label} 指标", _no_wrap(book, looks))
    sheet.write_string("A2", "只填淡黄色的格子；没有发生填 0，不知道的留空。", _plain_band(book))
    for column, head in enumerate(FIGURE_HEADS):
        sheet.write_string(FIGURE_HEAD_ROW - 1, column, head, looks.head)
    sheet.set_row(FIGURE_HEAD_ROW - 1, 24)
    sheet.freeze_panes(FIGURE_HEAD_ROW, 3)
    moment = Situation(workspace, period)
    for at, indicator in enumerate(indicators):
        row = FIGURE_HEAD_ROW + at
        task = workspace.plan.task(indicator.task_no)
        sheet.write_string(row, 0, indicator.id, looks.fixed)
        sheet.write_string(row, 1, f"{indicator.task_no} {task.title if task else ''}", looks.fixed)
        sheet.write_string(row, 2, indicator.name, looks.fixed)
        sheet.write_string(row, 3, indicator.unit, looks.fixed)
        sheet.write_string(row, 4, how_to(indicator), looks.fixed)
        sheet.write_string(row, 5, _last(moment, indicator, identity), looks.fixed_right)
        sheet.write_blank(row, 6, None, looks.number)
        _only_numbers(sheet, row, 6, indicator, indicator.measure == "rate")
        if indicator.measure == "rate":
            sheet.write_blank(row, 7, None, looks.number)
            _only_numbers(sheet, row, 7, indicator, True)
        else:
            sheet.write_blank(row, 7, None, looks.closed)
        sheet.write_blank(row, 8, None, looks.entry)
        sheet.write_blank(row, 9, None, looks.entry)
        sheet.set_row(row, 34)
    sheet.protect("", _PROTECTION)


def _plain_band(book: Any) -> Any:
    return book.add_format({"font_name": _FONT, "font_size": 10, "font_color": "#5A6472"})


def _last(moment: Situation, indicator: Indicator, identity: Identity) -> str:
    """The office's last figure; villages are not shown the whole office's."""
    if identity.mode == "parts":
        return ""
    view = moment.indicator_view(indicator)
    decimals = indicator.part_decimals if indicator.measure == "rate" else indicator.decimals
    if view.previous.value is None:
        return ""
    text = show(view.previous.value, decimals)
    return f"{text} / {show(view.previous.of, decimals)}" if view.previous.of is not None else text


def _only_numbers(sheet: Any, row: int, column: int, indicator: Indicator, part: bool) -> None:
    decimals = indicator.part_decimals if part else indicator.decimals
    may_fall = indicator.measure == "standard" and indicator.unit == "%"
    least = -_LARGEST if may_fall else 0
    most = 1 if indicator.measure == "state" else _LARGEST
    what = "整数" if decimals == 0 else f"数字，最多 {decimals} 位小数"
    unit = indicator.numerator if part and indicator.numerator else indicator.unit
    sheet.data_validation(
        row,
        column,
        row,
        column,
        {
            "validate": "integer" if decimals == 0 else "decimal",
            "criteria": "between",
            "minimum": least,
            "maximum": most,
            "input_title": indicator.name[:32],
            "input_message": f"{how_to(indicator)}。只填{what}（{unit}）。"[:255],
            "error_title": "请填数字",
            "error_message": f"这一格只能填{what}，不写单位和文字。",
        },
    )


def _sites(book: Any, looks: _Looks, period: Period, indicators: Sequence[Indicator]) -> None:
    sheet = book.add_worksheet(SITES)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(SITE_HEAD_ROW - 1)
    stages = tuple(dict.fromkeys(stage for item in indicators for stage in item.stages))
    heads = (*SITE_HEADS[:5], *(STAGE + stage for stage in stages), *SITE_HEADS[5:])
    widths = {"名称": 24, "地点": 18, "指标": 26, "数量": 9, "责任人": 11, "备注": 22}
    for column, head in enumerate(heads):
        sheet.set_column(column, column, widths.get(head, 13))
        sheet.write_string(SITE_HEAD_ROW - 1, column, head, looks.head)
    sheet.set_row(0, 28)
    sheet.set_row(SITE_HEAD_ROW - 1, 34)
    sheet.write_string("A1", "台账：一个项目、一户或一件一行", _no_wrap(book, looks))
    sheet.write_string(
        "A2", "名称写村名加编号，不写人名；做完了才填完成日期；不要写身份证号、手机号。", _plain_band(book)
    )
    sheet.freeze_panes(SITE_HEAD_ROW, 1)
    first, last = SITE_HEAD_ROW, SITE_HEAD_ROW + SITE_ROWS - 1
    for row in range(first, last + 1):
        for column, head in enumerate(heads):
            look = looks.day if _is_day(head) else looks.number if head == "数量" else looks.entry
            sheet.write_blank(row, column, None, look)
    for column, head in enumerate(heads):
        if head == "指标":
            sheet.data_validation(
                first,
                column,
                last,
                column,
                {
                    "validate": "list",
                    "source": f"='{IDENTITY}'!$E$1:$E${len(indicators)}",
                    "error_title": "请从列表里选",
                    "error_message": "点右边的小箭头，选这一行算哪项指标。",
                },
            )
        elif head == "数量":
            sheet.data_validation(
                first,
                column,
                last,
                column,
                {
                    "validate": "decimal",
                    "criteria": "between",
                    "minimum": 0,
                    "maximum": _LARGEST,
                    "input_message": "一户、一处填 1；公里、泊位等填实际数。",
                    "error_title": "请填数字",
                    "error_message": "只填数字，不写单位。",
                },
            )
        elif _is_day(head):
            sheet.data_validation(
                first,
                column,
                last,
                column,
                {
                    "validate": "date",
                    "criteria": "between",
                    "minimum": date(2000, 1, 1),
                    "maximum": date(2099, 12, 31),
                    "input_message": "写成 2024-06-18 的样子。",
                    "error_title": "请填日期",
                    "error_message": "请写成 2024-06-18 的样子，年、月、日都要有。",
                },
            )
    sheet.protect("", _PROTECTION)


def _is_day(head: str) -> bool:
    return head.startswith(STAGE) or head.endswith("日期")


def _identity(book: Any, identity: Identity, sites: Sequence[Indicator]) -> None:
    sheet = book.add_worksheet(IDENTITY)
    for row, (name, value) in enumerate(identity.rows()):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, value)
    for row, place in enumerate(identity.places):
        sheet.write_string(row, 3, place)
    for row, indicator in enumerate(sites):
        sheet.write_string(row, 4, site_label(indicator))
    sheet.protect("", {})
    sheet.very_hidden()


def site_label(indicator: Indicator) -> str:
    """An indicator as the list of a site's row offers it; it begins with the number."""
    return f"{indicator.id} {indicator.name}（{indicator.unit}）"
