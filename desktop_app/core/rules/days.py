"""Days that people type: read, or refused with what is wrong with them."""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _

_FORM = re.compile(r"(?:(\d{4})\s*[-/.年]\s*)?(\d\d?)\s*[-/.月]\s*(\d\d?)\s*[日号]?")
LEAP = 2024
"""Where no year is said, the 29th of February is a day."""


def absent(text: str) -> str:
    """Why what looks like a day stands on no calendar: "6月没有31日"; "" for everything else."""
    found = _FORM.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return ""
    year, month, day = int(found[1] or LEAP), int(found[2]), int(found[3])
    if not 1 <= month <= 12:
        return _("一年没有{month}月").format(month=month)
    if not 1 <= year <= 9999 or 1 <= day <= calendar.monthrange(year, month)[1]:
        return ""
    if month == 2 and day == 29:
        return _("{year}年2月没有29日").format(year=year)
    return _("{month}月没有{day}日").format(month=month, day=day)


def read(text: str, what: str = "") -> date:
    """A day as 2024-06-18; InputError for anything else.  `what` names the field."""
    try:
        return date.fromisoformat(text.strip().replace("/", "-").replace(".", "-"))
    except ValueError:
        pass
    why = absent(text)
    if why:
        raise InputError(
            _("{what}“{text}”：{why}，日历上没有这一天。").format(what=what, text=text, why=why),
            next_step=_("请核对月份和日子。"),
        )
    raise InputError(
        _("{what}“{text}”不是日期。").format(what=what, text=text),
        next_step=_("请写成 2024-06-18 的样子。"),
    )
