"""Dated steps: by a day, by a month's end, by the year's end.  A date without a year is of the plan's year."""

from __future__ import annotations

import calendar
import re
from datetime import date

from desktop_app.core.plan.notice.draft import Deadline
from desktop_app.core.plan.notice.text import fold, short

_DAY = re.compile(
    r"(?:(?P<year>20\d{2})年|(?P<this>当年|今年|本年)?)(?P<month>1[0-2]|0?[1-9])月"
    r"(?:(?P<day>3[01]|[12]\d|0?[1-9])[日号]|(?P<end>底|末|月底)|(?P<third>上旬|中旬|下旬))?"
    r"\s*(?P<before>之?前|以前|前)?"
)
_YEAR_END = re.compile(
    r"(?:(?P<year>20\d{2})年|(?P<word>当年|今年|本年|年))(?P<end>底|末)\s*(?P<before>之?前|以前|前)"
)
_PART = re.compile(
    r"(?P<part>上半年|[一二三]季度末|第[一二三]季度(?:末|结束)?)\s*(?P<before>之?前|前|完成|建成|底前|末)"
)
_ENDS = {"上半年": 6, "一": 3, "二": 6, "三": 9}
_LONGEST = 40


def read_dates(text: str, year: int, where: int) -> list[Deadline]:
    """The dated steps of a text.  Dates that look back (自…起, a base, a list's date) are none."""
    folded = fold(text)
    found: list[tuple[int, int, date]] = []
    for match in _DAY.finditer(folded):
        firm = match["before"] or re.match(r"[^,。;]{0,4}(?:完成|建成|投用)", folded[match.end() :])
        if not firm or re.match(r"\s*(?:起|以来|至|—|-)", folded[match.end() :]):
            continue
        if not (match["day"] or match["end"] or match["third"] or match["before"]):
            continue
        of, month = int(match["year"] or year), int(match["month"])
        last = calendar.monthrange(of, month)[1]
        day = int(match["day"]) if match["day"] else {"上旬": 10, "中旬": 20}.get(match["third"] or "", last)
        if day <= last:
            found.append((*match.span(), date(of, month, day)))
    for match in _YEAR_END.finditer(folded):
        of = int(match["year"] or year)
        if of >= year:
            found.append((*match.span(), date(of, 12, 31)))
    for match in _PART.finditer(folded):
        word = next(month for key, month in _ENDS.items() if key in match["part"])
        found.append((*match.span(), date(year, word, calendar.monthrange(year, word)[1])))
    found.sort()
    steps = []
    for place, (start, end, due) in enumerate(found):
        following = found[place + 1][0] if place + 1 < len(found) else len(folded)
        what = _what(text, folded, start, end, following)
        steps.append(
            Deadline(
                date=due.isoformat(),
                what=what,
                quote=_sentence(text, folded, start, end, following),
                scope=_scope(folded, start, end),
                where=where,
            )
        )
    return steps


def cell_date(text: str, year: int) -> list[Deadline]:
    """The date of a table's column of time limits: 12月底, 2024年12月, 年底."""
    folded = fold(text).strip()
    match = re.match(
        r"(?:20\d{2}年?[.\-/]?)?(?:(1[0-2]|0?[1-9])(?:月|[.\-/]))?(\d{1,2})?[日号]?(底|末|年底)?", folded
    )
    written = re.match(r"(20\d{2})", folded)
    of = int(written.group(1)) if written else year
    found = _DAY.search(folded)
    if found:
        month = int(found["month"])
        last = calendar.monthrange(of, month)[1]
        day = min(int(found["day"]), last) if found["day"] else last
        return [Deadline(date=date(of, month, day).isoformat(), what="", quote=text)]
    if re.search(r"年底|年末|全年|年内|12月", folded) or (match and written and len(folded) <= 5):
        return [Deadline(date=date(of, 12, 31).isoformat(), what="", quote=text)]
    return []


def _what(text: str, folded: str, start: int, end: int, following: int) -> str:
    """What is due: the words behind the date, else those before it."""
    stop = min(
        (place for place in (folded.find(sign, end) for sign in "。;") if place >= 0), default=len(folded)
    )
    stop = min(stop, following)
    behind = text[end:stop].strip("，,、 ")
    comma = next(
        (place for place, char in enumerate(fold(behind)) if char == "," and place >= 4), len(behind)
    )
    behind = behind[:comma]
    if len(behind) >= 2:
        return short(behind, _LONGEST)
    begin = max(folded.rfind(sign, 0, start) for sign in "。;,") + 1
    return short(text[begin:start].strip("，,于在 "), _LONGEST)


def _sentence(text: str, folded: str, start: int, end: int, following: int) -> str:
    stop = min(
        (place for place in (folded.find(sign, end) for sign in "。;,") if place >= 0), default=len(folded)
    )
    return text[start : min(stop, following)].strip()


def _scope(folded: str, start: int, end: int) -> str:
    """Who must do it: the last office named before the date in its sentence."""
    begin = max(folded.rfind(sign, 0, start) for sign in "。;") + 1
    before = folded[begin:start]
    counties = max(before.rfind(word) for word in ("县", "区)", "各区", "各地"))
    towns = max(before.rfind(word) for word in ("各乡镇", "各镇", "各街道", "乡镇(街道)"))
    city = max(before.rfind(word) for word in ("市级", "全市", "我市", "第三方", "市直"))
    if towns > max(counties, city):
        return "township"
    if counties >= 0 and counties > city:
        return "county"
    if city >= 0 or re.search(r"全市|省级", folded[end : end + 16]):
        return "city"
    return "county"
