"""How figures, dates and sizes are written for people: the same on every page."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from fractions import Fraction

from desktop_app.core.i18n import _
from desktop_app.core.model.view import LIGHTS, IndicatorView

NOTHING = "–"
MINUS = "−"
_DAY = re.compile(r"(?:(\d{4})\s*[-./年]\s*)?(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?")
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)")


def number(value: Fraction | int | None, decimals: int = 0) -> str:
    """Thousands separators, a true minus sign, and no more places than asked; – where there is nothing."""
    if value is None:
        return NOTHING
    value = Fraction(value)
    scale = 10**decimals
    # Half goes away from zero, as offices round.
    whole = (abs(value) * scale * 2 + 1) // 2
    shown = f"{whole // scale:,}"
    if decimals:
        tail = f"{whole % scale:0{decimals}d}".rstrip("0")
        shown += f".{tail}" if tail else ""
    return f"{MINUS}{shown}" if value < 0 and whole else shown


def plain(value: Fraction | None, decimals: int = 0) -> str:
    """As `number`, without separators: what stands in a field to be changed."""
    return "" if value is None else number(value, decimals).replace(",", "").replace(MINUS, "-")


def typed_day(words: str, year: int) -> str:
    """A date as people write it, 6.18, 6月18日, 2024/6/18 or 20240618, as 2024-06-18; others stay as they are."""
    said = unicodedata.normalize("NFKC", words).strip()
    match = _DAY.fullmatch(said) or _DIGITS.fullmatch(said)
    if match is None:
        return words
    try:
        return date(int(match[1] or year), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return words


def signed(value: Fraction | None, decimals: int = 0) -> str:
    """An increase: +8, −2, 0."""
    if value is None:
        return ""
    return f"+{number(value, decimals)}" if value > 0 else number(value, decimals)


def percent(done: Fraction | None, sign: str = "%") -> str:
    """A whole percent that never says 100 before all is done, nor hides a beginning behind 0."""
    if done is None:
        return NOTHING
    shown = int(done * 100 + Fraction(1, 2))
    if done < 1 and shown >= 100:
        shown = 99
    if done > 0 and shown == 0:
        shown = 1
    return f"{shown}{sign}"


def done(view: IndicatorView) -> str:
    """How much is done of what is asked; a percentage that nothing is asked of yet stands for itself."""
    if view.done is None and view.measure == "rate" and view.per == 100:
        return percent(view.rate / 100 if view.rate is not None else None)
    return percent(view.done)


def light(name: str) -> str:
    """The word of a light."""
    return _(LIGHTS[name])


def milestone_light(name: str) -> str:
    """A dated step that nobody need have done yet is 未到, not 未填."""
    return {"none": _("未到"), "green": _("未到"), "yellow": _("临近")}.get(name) or light(name)


def figure_places(view: IndicatorView) -> int:
    return max(view.decimals, 1) if view.measure == "rate" and view.decimals == 0 else view.decimals


def share(view: IndicatorView) -> str:
    """This area's share for the whole year; a rate's is a floor."""
    value = view.share if view.share is not None else view.target
    if value is None:
        return NOTHING
    shown = number(value, view.decimals or (1 if view.measure == "rate" else 0))
    return f"≥{shown}" if view.measure in ("rate", "standard") and view.op == ">=" else shown


def value(view: IndicatorView, *, previous: bool = False) -> str:
    """The figure as one number: of a rate the quotient, of a state whether it exists."""
    figure = view.previous if previous else view.figure
    if figure.value is None:
        return NOTHING
    if view.measure == "state":
        return _("已建") if figure.value else _("未建")
    if view.measure == "rate":
        if not figure.of:
            return NOTHING
        return number(figure.value / figure.of * view.per, figure_places(view))
    return number(figure.value, view.decimals)


def typed(view: IndicatorView) -> str:
    """The figure as it was typed: of a rate the numerator over the denominator."""
    figure = view.figure
    if figure.value is None:
        return ""
    if view.measure == "rate" and figure.of is not None:
        return f"{number(figure.value, view.decimals)} / {number(figure.of, view.decimals)}"
    return number(figure.value, view.decimals)


def increase(view: IndicatorView) -> str:
    if view.measure in ("rate", "state") or view.increase is None:
        return ""
    return signed(view.increase, view.decimals)


def expected_value(view: IndicatorView) -> Fraction | None:
    """What should stand there by now, in the indicator's own unit; only where the share is a plain amount."""
    if view.expected is None or view.share is None or view.measure not in ("count",):
        return None
    return view.expected * view.share


def task_name(view: IndicatorView) -> str:
    return f"{view.task} {view.name}"


def day(text: str | date | None) -> str:
    """6月18日; anything that is no date stays as it is."""
    if not text:
        return ""
    if isinstance(text, str):
        try:
            text = date.fromisoformat(text[:10])
        except ValueError:
            return str(text)
    return _("{month}月{day}日").format(month=text.month, day=text.day)


def moment(text: str, today: date | None = None) -> str:
    """今天 14:31 or 6月4日 09:12."""
    if not text:
        return ""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return text
    clock = f"{when:%H:%M}"
    if "T" not in text and " " not in text:
        return day(when.date())
    if today is not None and when.date() == today:
        return _("今天 {clock}").format(clock=clock)
    return f"{day(when.date())} {clock}"


def weekday(when: date) -> str:
    return [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")][when.weekday()]


def days_left(due: date, today: date) -> str:
    rest = (due - today).days
    if rest > 0:
        return _("还有 {days} 天").format(days=rest)
    if rest == 0:
        return _("今天到期")
    return _("已过 {days} 天").format(days=-rest)


def closed(at: str, locked: bool) -> str:
    """已封账（6月6日）, or that the locking day is over."""
    words = _("过了封账日（{day}）") if locked else _("已封账（{day}）")
    return words.format(day=day(at))


def size(count: int) -> str:
    """A file's size: 812 KB, 2.1 MB."""
    if count < 1024 * 1024:
        return f"{max(1, round(count / 1024))} KB"
    if count < 1024**3:
        return f"{count / 1024**2:.1f} MB"
    return f"{count / 1024**3:.1f} GB"


def month(period_key: str) -> str:
    """6月 of 2024-06; other periods in full."""
    if len(period_key) == 7 and period_key[5:].isdigit():
        return _("{month}月").format(month=int(period_key[5:]))
    return period_key


def fork_title(title: str, period_key: str) -> str:
    """What differs, with its month: it may be another than the one that is worked on."""
    return f"{month(period_key)} {title}" if period_key else title


def level_name(level: str, kind: str) -> str:
    """What stands behind a unit's name in the switch: 乡镇, 县区, 部门 …"""
    if kind == "department":
        return _("部门")
    if kind not in ("government", "street"):
        return {"park": _("园区"), "school": _("学校"), "hospital": _("医院"), "company": _("企业")}.get(
            kind, _("单位")
        )
    if kind == "street":
        return _("街道")
    return {"city": _("市级"), "county": _("县区"), "township": _("乡镇")}.get(level, level)
