"""One cell of a workbook as a number, a date or a text.  What cannot be read for certain is an InputError in words;
nothing is guessed."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _

_SERIALS = range(20_000, 70_000)
"""Day numbers of a spreadsheet that are taken for dates: from 1954 to 2091."""
_DATES = (
    re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]0{1,2}:00(?::00)?)?", re.ASCII),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]", re.ASCII),
    re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII),
)


def plain(text: str) -> str:
    """Without spaces around, full-width signs made plain."""
    return unicodedata.normalize("NFKC", text).strip()


def is_blank(cell: Any) -> bool:
    value = cell.value
    return value is None or (isinstance(value, str) and not plain(value))


def _refuse_formula(cell: Any) -> None:
    if cell.data_type == "f" or (isinstance(cell.value, str) and cell.value.startswith("=")):
        raise InputError(
            _("这一格填的是公式。"),
            next_step=_("请复制这一格，再“选择性粘贴”为数值；或直接填数。"),
        )
    if cell.data_type == "e":
        raise InputError(
            _("这一格是出错的结果（{value}）。").format(value=cell.value),
            next_step=_("请直接填数字或日期。"),
        )


def number_text(cell: Any, unit: str = "") -> str:
    """A number as a person would type it, "" where the cell is empty.

    A number keeps all its digits; text is handed on as it stands to be read like something typed.  Refused are
    formulas, dates, yes/no, percentages (50% is held as 0.5) and numbers with a unit behind them.
    """
    if is_blank(cell):
        return ""
    _refuse_formula(cell)
    value = cell.value
    if isinstance(value, bool):
        raise InputError(_("这一格填的是“是/否”，不是数字。"), next_step=_("请填数字；说明请写在备注里。"))
    if isinstance(value, (datetime, date, time, timedelta)):
        raise InputError(
            _("这一格成了日期。"),
            next_step=_("请把单元格格式改为“常规”或“数值”，再重新填数字。"),
        )
    if isinstance(value, (int, float)):
        if isinstance(value, float) and not math.isfinite(value):
            raise InputError(_("这一格不是数字。"), next_step=_("请重新填数字。"))
        if "%" in (cell.number_format or ""):
            raise InputError(
                _("这一格设成了百分比格式，分不清是 {small} 还是 {large}。").format(
                    small=decimal_text(value), large=decimal_text(value * 100)
                ),
                next_step=_("请把单元格格式改为“常规”，再填要报的数。"),
            )
        return decimal_text(value)
    text = plain(str(value))
    if unit and text != unit and text.endswith(plain(unit)) and text[: -len(plain(unit))].strip():
        raise InputError(
            _("“{text}”里带了单位。").format(text=text[:20]),
            next_step=_("请只填数字 {number}，单位不用写。").format(
                number=text[: -len(plain(unit))].strip()[:20]
            ),
        )
    return str(value).strip()


def decimal_text(value: int | float) -> str:
    """A number with the digits that the spreadsheet shows, never with an exponent."""
    exact = Decimal(repr(value))
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def date_text(cell: Any, epoch: datetime | None = None) -> str:
    """A date as 2024-06-18, "" where the cell is empty.  Dates, their day numbers and clear texts are read."""
    if is_blank(cell):
        return ""
    _refuse_formula(cell)
    value = cell.value
    found: date | None = None
    if isinstance(value, datetime):
        found = value.date()
    elif isinstance(value, date):
        found = value
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        if float(value).is_integer() and int(value) in _SERIALS:
            found = ((epoch or datetime(1899, 12, 30)) + timedelta(days=int(value))).date()
        else:
            found = _written(decimal_text(value))
    elif isinstance(value, str):
        found = _written(plain(value))
    if found is None or not 1990 <= found.year <= 2099:
        raise InputError(
            _("“{text}”不是清楚的日期。").format(text=str(value).strip()[:20]),
            next_step=_("请写成 2024-06-18 的样子，年、月、日都要有。"),
        )
    return found.isoformat()


def _written(text: str) -> date | None:
    for form in _DATES:
        match = form.fullmatch(text)
        if match:
            try:
                return date(*(int(part) for part in match.groups()))
            except ValueError:
                return None
    return None


def text_of(cell: Any) -> str:
    """What a cell says; numbers as they are written, dates as dates."""
    if is_blank(cell):
        return ""
    _refuse_formula(cell)
    value = cell.value
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return decimal_text(value)
    return str(value).strip()


def every_text(book: Any) -> Iterator[str]:
    """All texts and long numbers of a workbook, to look for personal numbers in."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows(max_row=min(sheet.max_row, 50_000), max_col=min(sheet.max_column, 300)):
            for cell in row:
                value = cell.value
                if isinstance(value, str):
                    yield value
                elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= 10**10:
                    yield decimal_text(value)
