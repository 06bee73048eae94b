"""Figures of a target text: value, unit, the word that bounds it, and what is doubtful about it.

Every number in the text ends up in one of three places: an indicator with the words it came from, a doubt that
quotes it, or a remark saying why it is no figure to be reached (a year, an age, minutes).
"""

from __future__ import annotations

import itertools
import re
from decimal import Decimal

import msgspec

from desktop_app.core.i18n import _
from desktop_app.core.plan.notice.draft import DraftIndicator
from desktop_app.core.plan.notice.naming import measure_of, name_of, subjects_of
from desktop_app.core.plan.notice.text import fold

_NUMBER = re.compile(
    r"[1-9]\d{0,2}(?:,\d{3})+(?![\d,])(?=\s*[\u4e00-\u9fff])|\d+(?:\.\d+)?",
    re.ASCII,
)
"""Digits, in groups of three where a word follows them at once; 、 parts lists, so that 1,200台 is one number."""
_MOST_DIGITS = 15
"""A longer row of digits is some number of a document or a slip, and no figure to be reached."""
_SCALE = {
    "": 1,
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "万亿": 10**12,
}
_SCALED = re.compile(
    r"\s*(余|多)?(万亿|亿|千万|百万|万(?!千瓦)|千(?![瓦克米伏户人家])|千(?=[户人家])|百)?(余|多)?"
)
_CLASSIFIERS = (
    "个百分点|百分点|人次|人\\(次\\)|人·次|人|名|户次|户|家|个|件次|件|套\\(间\\)|套|间|条|公里|千米|批次|批|场次|场|所|座|处|台|辆|张|床|对"
    "|项|支|组|只|株|盏|部|村|次|份|篇|架|艘|根|块|片|班|期|课时|例|位|堂|门|栋|幢|孔|口|眼|宗|册|本|吨|亩|公顷|平方公里"
    "|万平方米|平方米|立方米|万千瓦时|万千瓦|兆瓦|千瓦时|千瓦|千伏|米|元|%|‰|倍|天|小时|分钟|岁|种|类|级|年|届"
)
_UNIT = re.compile(
    rf"\s*((?:{_CLASSIFIERS})(?:\s*/\s*(?:{_CLASSIFIERS}|人|月|年|生|院|村|台|公里|平方米|学期|学年|季度|季|餐|顿|天|户|例)|·(?:月|年))*)"
)
_LEAST = ("不少于", "不低于", "不小于", "不得少于", "不得低于", "至少", "超过", "突破", "大于", "高于")
_MOST = (
    "不超过",
    "不高于",
    "不大于",
    "最高",
    "最多",
    "至多",
    "低于",
    "小于",
    "控制在",
    "降至",
    "降到",
    "下降到",
)
_ABOUT = ("约", "大约", "约为", "近")
_REACH = ("达到", "达", "提高到", "提升到", "提高至", "提升至", "增加到", "增至", "稳定在", "保持在", "力争")
_JOINT = re.compile(r"(?:[、,和及与或]|以及)+")
_BOUNDS = "|".join(sorted((*_LEAST, *_MOST, *_ABOUT, *_REACH), key=len, reverse=True))
_PREFIX = re.compile(rf"({_BOUNDS})(?:为|到|至|在|(?:上一?年度?|去年|总数|当年)的?)?\s*$")
_SUFFIX = re.compile(r"\s*(?:\([^)]{1,4}\))?\s*(及以上|以上|左右|上下|及以下|以下|以内|之内|多(?=[,。;]|$))")
_DONE = re.compile(
    r"应[\u4e00-\u9fff]{1,2}尽[\u4e00-\u9fff]{1,2}|全覆盖|全部(?=完成|建成|达标|落实|覆盖)|动态清零|清零"
)
_LACKING = re.compile(
    r"[^,。;:]{0,20}(?:覆盖率|普及率|占比|比例|达标率|合格率|参保率|满意度|入学率|处理率|普惠率)(?=[,。;]|$)"
)
_CHINESE = re.compile(
    r"(?<![\d.余多])(?:[二两三四五六七八九]|[一二三四五六七八九]?[十百千万][一二三四五六七八九十百千万]*)"
    r"(?:所|座|处|条|公里|万人|人次|名(?!单)|万户|间(?!接)|套|辆|台|家(?!庭))"
)


class Number(msgspec.Struct, kw_only=True):
    """One number where it stands: `start` to `end` with scale and unit; `bound` of either side."""

    start: int
    end: int
    core: int
    """Where the digits end."""
    value: Decimal
    unit: str
    before: str = ""
    after: str = ""
    more: bool = False
    head: int = 0
    """Where the words that bound it begin."""
    said: int = -1
    """Where the bound word stands that it shares with figures before it; -1 where it has its own or none."""


class Reading(msgspec.Struct, kw_only=True):
    """What a text holds.  Indicators are in the order of the text."""

    indicators: list[DraftIndicator] = []
    doubts: list[str] = []
    remarks: list[str] = []


def read_figures(text: str, where: int = 0) -> Reading:
    """Every figure of a target (`where` 0) or of a measure (its number)."""
    from desktop_app.core.plan.notice.context import no_target

    folded = fold(text)
    reading = Reading()
    numbers: list[Number] = []
    for match in _NUMBER.finditer(folded):
        if len(match.group()) > _MOST_DIGITS and not where:
            reading.doubts.append(
                _("「{quote}」位数太多，不像是目标数，没有作为指标，请核对。").format(
                    quote=text[match.start() : match.end()]
                )
            )
    for number in _numbers(folded):
        reason = no_target(folded, number.start, number.end, number.unit)
        if reason is None:
            numbers.append(number)
            continue
        weight, words = reason
        quote = _quote(text, folded, number)
        (reading.doubts if weight == "doubt" and not where else reading.remarks).append(
            words.format(quote=quote)
        )
    _share_bounds(folded, numbers)
    groups = _grouped(folded, numbers)
    for group in groups:
        _read_group(reading, text, folded, group, where)
    if not where:
        _whole(reading, text, folded)
    return reading


# -- finding numbers -----------------------------------------------------------------------------------------------


def _numbers(folded: str) -> list[Number]:
    found = []
    for match in _NUMBER.finditer(folded):
        start, core = match.span()
        if core - start > _MOST_DIGITS:
            continue
        value = Decimal(match.group().replace(",", ""))
        scaled = _SCALED.match(folded, core)
        assert scaled is not None
        more = bool(scaled.group(1) or scaled.group(3))
        end = scaled.end()
        value *= _SCALE[scaled.group(2) or ""]
        unit = _UNIT.match(folded, end)
        word = unit.group(1).replace(" ", "") if unit else ""
        if unit:
            end = unit.end()
        value = value.normalize()
        if value == value.to_integral_value():
            value = value.quantize(Decimal(1))
        found.append(Number(start=start, end=end, core=core, value=value, unit=word, more=more, head=start))
    for number in found:
        before = _PREFIX.search(folded, max(0, number.start - 10), number.start)
        if before:
            number.before, number.head = before.group(1), before.start()
            further = _PREFIX.search(folded, max(0, number.head - 4), number.head)
            if further and number.before in (*_REACH, *_ABOUT):
                number.head = further.start()
        after = _SUFFIX.match(folded, number.end)
        if after:
            number.after, number.end = after.group(1), after.end()
    return found


def _share_bounds(folded: str, numbers: list[Number]) -> None:
    """One word before or one unit behind may serve a whole list (不低于80%、75%、60%)."""
    for first, second in itertools.pairwise(numbers):
        joined = _JOINT.fullmatch(folded[first.end : second.head])
        if first.before in (*_LEAST, *_MOST) and joined and not second.before:
            second.before, second.said = first.before, first.said if first.said >= 0 else first.head
    for first, second in zip(reversed(numbers[:-1]), reversed(numbers[1:]), strict=False):
        if not first.unit and _JOINT.fullmatch(folded[first.end : second.start]):
            first.unit = second.unit


def _grouped(folded: str, numbers: list[Number]) -> list[list[Number]]:
    """Numbers of one list, joined by nothing but 、 , 和."""
    groups: list[list[Number]] = []
    for number in numbers:
        joint = folded[groups[-1][-1].end : number.head] if groups else ""
        if groups and _JOINT.fullmatch(joint) and "," not in joint:
            groups[-1].append(number)
        else:
            groups.append([number])
    return groups


# -- reading them --------------------------------------------------------------------------------------------------


def _op(number: Number) -> tuple[str, str] | None:
    """The operator and the bound word; None for an upper limit."""
    if number.after in ("左右", "上下") or number.before in _ABOUT:
        return "~", number.after or number.before
    if number.after in ("以上", "及以上"):
        return ">=", number.after
    if number.after in ("以下", "及以下", "以内", "之内") or number.before in _MOST:
        return None
    if number.before in _LEAST or number.before in _REACH:
        return ">=", number.before
    if number.more or number.after == "多":
        return ">=", "余" if number.more else "多"
    return "==", ""


def _quote(text: str, folded: str, number: Number) -> str:
    return text[number.said if number.said >= 0 else number.head : number.end].strip()


def _clause(folded: str, number: Number) -> tuple[int, int]:
    """From the punctuation before the number to the one behind it."""
    start = max(folded.rfind(sign, 0, number.start) for sign in ",。;:") + 1
    # 其中 in brackets opens a clause of its own.
    inner = folded.rfind("(其中", start, number.start)
    start = inner + 1 if inner >= 0 else start
    ends = [place for sign in (",", "。", ";", "(其中") if (place := folded.find(sign, number.end)) >= 0]
    return start, min(ends, default=len(folded))


def _read_group(reading: Reading, text: str, folded: str, group: list[Number], where: int) -> None:
    start, _end = _clause(folded, group[0])
    doubts = reading.remarks if where else reading.doubts
    apart = re.search(r"分别|各自|均|全部|都|各(?!类|级|县|地|项|种|校|部门)", folded[start : group[0].start])
    subjects = subjects_of(text[start : start + apart.start()]) if apart else []
    if len(group) == 1 and apart and len(subjects) > 1 and apart.group() != "各" and where == 0:
        made = [_indicator(text, folded, group[0], where, name) for name in subjects]
        reading.indicators += [item for item in made if item is not None]
        doubts.append(
            _("「{quote}」一个数字对应 {count} 项（{names}），已按每项各一个读取，请核对。").format(
                quote=text[start + apart.start() : group[0].end],
                count=len(subjects),
                names="、".join(subjects),
            )
        )
    else:
        names: list[str] = subjects if len(subjects) == len(group) and len(group) > 1 else [""] * len(group)
        for place, (number, name) in enumerate(zip(group, names, strict=True), start=1):
            if not name and place > 1:
                first = reading.indicators[-1].name if reading.indicators else ""
                name = _("{name}（{place}）").format(name=first.split("（")[0], place=place) if first else ""
            item = _indicator(text, folded, number, where, name)
            if item is None:
                reading.doubts.append(
                    _("「{quote}」是上限或范围条件，没有作为指标，请核对。").format(
                        quote=_quote(text, folded, number)
                    )
                ) if not where else None
                continue
            reading.indicators.append(item)
        if len(group) > 1 or (apart and apart.group() in ("分别", "各自")):
            doubts.append(
                _("「{quote}」几个数字并列，与前面各项的对应关系请核对。").format(
                    quote=text[group[0].head : group[-1].end]
                )
            )
    if where:
        return
    for number in group:
        reading.doubts += _doubts_of(text, folded, number)
    _part_of(reading, folded, group)


def _indicator(text: str, folded: str, number: Number, where: int, name: str) -> DraftIndicator | None:
    bound = _op(number)
    if bound is None:
        return None
    start, end = _clause(folded, number)
    clause = folded[start:end]
    measure, per, flow = measure_of(clause, number.unit, folded[max(0, number.start - 30) : number.end + 12])
    baseline = None
    rise = re.search(
        r"[从由](?:每[年月人天]|上年的?|原来的?)*(\d+(?:\.\d+)?)[%\u4e00-\u9fff]{0,3}?(?:提高|提升|增加|增长|上升)[到至]$",
        folded[: number.start],
    )
    if rise:
        baseline = Decimal(rise.group(1))
    return DraftIndicator(
        name=name or name_of(text, folded, start, end, number.head, number.end, number.unit),
        op=bound[0],  # type: ignore[arg-type]
        value=number.value,
        unit=number.unit.replace("个百分点", "百分点"),
        quote=_quote(text, folded, number),
        bound=bound[1],
        measure=measure,
        flow=flow,
        per=per,
        baseline=baseline,
        where=where,
        take=not where,
    )


def _doubts_of(text: str, folded: str, number: Number) -> list[str]:
    quote = _quote(text, folded, number)
    start, end = _clause(folded, number)
    found = []
    if not number.unit:
        hidden = folded[number.end : number.end + 1] == "*" or folded[number.core : number.core + 1] == "*"
        found.append(
            _("「{quote}」后面的计量单位被遮盖，请补上单位。").format(
                quote=text[number.head : number.core + 2]
            )
            if hidden
            else _("「{quote}」没有读出计量单位，请补上。").format(quote=quote)
        )
    if "*" in folded[start : number.head]:
        found.append(
            _("「{quote}」前面的文字有遮盖，指标名称或限定词可能不全，请核对。").format(
                quote=text[start : number.end].strip()
            )
        )
    elif "*" in folded[number.end : end] and number.unit:
        found.append(
            _("「{quote}」后面的文字有遮盖，指标名称可能不全，请核对。").format(
                quote=text[number.head : end].strip()
            )
        )
    if re.search(
        r"每(?!年|月|季|天|学期)[个家村户院所校镇乡县区人名]?|各县|各乡", folded[start : number.head]
    ) and not number.unit.startswith("元"):
        found.append(
            _("「{quote}」是按每一个单位说的，不是全市总数，请核对目标怎样算。").format(
                quote=text[start:end].strip()
            )
        )
    rise = re.search(r"上年|去年|同比|年均|增幅|增长率|增长", folded[start : number.head])
    if (rise and number.unit == "%") or number.unit.endswith("百分点"):
        found.append(
            _("「{quote}」是与上一年相比的幅度，要有上年的数才能核对。").format(quote=text[start:end].strip())
        )
    if number.more:
        found.append(_("「{quote}」是概数，已按“不少于”读取，请核对。").format(quote=quote))
    if number.before in ("近", "力争"):
        found.append(_("「{quote}」的限定词“{word}”不明确，请核对。").format(quote=quote, word=number.before))
    return found


def _part_of(reading: Reading, folded: str, group: list[Number]) -> None:
    """其中 marks a part of the figure before it, never something on top."""
    start, _end = _clause(folded, group[0])
    if not re.match(r"\s*\(?其中", folded[start : group[0].start]):
        return
    first = len(reading.indicators) - len(group)
    if first <= 0:
        return
    whole = first - 1
    while whole > 0 and reading.indicators[whole].parent is not None:
        whole -= 1
    for item in reading.indicators[first:]:
        item.parent = whole + 1


def _whole(reading: Reading, text: str, folded: str) -> None:
    """Words that promise a whole without a figure, measures without one, and figures spelt out in characters."""
    for match in _DONE.finditer(folded):
        reading.doubts.append(
            _("「{quote}」没有数字，要不要设为比率指标请定。").format(quote=text[match.start() : match.end()])
        )
    for match in _LACKING.finditer(folded):
        if not re.search(r"\d", match.group()):
            reading.doubts.append(
                _("「{quote}」没有给出数字，请补上或确认不设指标。").format(quote=match.group().strip())
            )
    quoted = [match.span() for match in re.finditer(r"[“\"「《][^”\"」》]*[”\"」》]", folded)]
    for match in _CHINESE.finditer(folded):
        if any(a <= match.start() < b for a, b in quoted):
            continue
        reading.doubts.append(
            _("「{quote}」是汉字写的数量，没有作为指标，请核对。").format(quote=match.group())
        )
