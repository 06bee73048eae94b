"""How far 代录 has come with a unit, in its page's words: the list's, the banner's, and why nothing can be typed."""

from __future__ import annotations

from desktop_app.core.i18n import _
from desktop_app.core.model.period import Period
from desktop_app.ui import text
from desktop_app.ui.verbs.county import Closed, ProxyUnit
from desktop_app.ui.widgets.controls import Banner

MOODS = {"own": "ok", "proxy": "info", "confirmed": "ok", "begun": "warn", "none": "plain"}


def state_words(unit: ProxyUnit) -> str:
    return {
        "own": _("已自报"),
        "proxy": _("已代录"),
        "confirmed": _("已确认"),
        "begun": _("录了 {count}").format(count=unit.entered),
        "none": _("还没报"),
    }[unit.state]


def why_not(unit: ProxyUnit, period: Period, shut: Closed | None, kept: bool) -> str:
    """Why nothing can be typed for the unit now; "" where it can.  `kept`: a source file is there."""
    if unit.state == "own":
        return _("{unit}已经自己报了，这里只能看").format(unit=unit.unit_name)
    if shut is not None:
        return _("不能再录：{month}{closed}").format(
            month=text.month(period.key), closed=text.closed(shut.at, shut.locked)
        )
    return "" if kept else _("先放原件，再照着录")


def say(
    banner: Banner, unit: ProxyUnit, period: Period, shut: Closed | None, kept: bool, not_needed: str = ""
) -> None:
    """`not_needed`: a file that was offered for a unit that has reported itself."""
    if unit.state == "own":
        words = _("以它自己报的为准，这里只能看。有疑问请到“审核”退回。")
        if not_needed:
            words = _("刚收到的“{file}”不用再录。").format(file=not_needed) + words
        banner.set("ok", _("{unit}已经自己报了").format(unit=unit.unit_name), words, "circle-check")
    elif unit.state == "confirmed":
        banner.set(
            "ok",
            _("{unit}已盖章确认代录的数").format(unit=unit.unit_name),
            _("确认件随数据留存、上报。改了任何一个数，确认就作废，要重新盖章。"),
            "circle-check",
        )
    elif shut is not None:
        _say_closed(banner, unit, period, shut)
    elif unit.state == "proxy":
        words = _("到处都标着“代录”。等它自己的上报包来了，就以它报的为准；或打印给它盖章，把扫描件放进来。")
        banner.set("info", _("{unit}已由本单位代录").format(unit=unit.unit_name), words, "info-circle")
    elif not kept:
        banner.set(
            "warn",
            _("第一步：放原件"),
            _("原件会随数据一起留存、上报，并随回执发给{unit}核对。").format(unit=unit.unit_name),
            "alert-triangle",
        )
    else:
        banner.set(
            "info",
            _("第二步：照着原件录"),
            _("填年初到本期末的累计数，回车到下一格。录完按右上角“录完了，记为代录”。"),
            "info-circle",
        )


def _say_closed(banner: Banner, unit: ProxyUnit, period: Period, shut: Closed) -> None:
    words = (
        _("封账日已过，这个月的数不再改动，不能再代录。")
        if shut.locked
        else _("{by}已经把这个月封账，数不再改动，不能再代录。").format(by=shut.by_name)
    )
    words += _("真要补：到“期限更正”给{unit}宽限几天再录，或把差错写成更正、记到后面的月份。").format(
        unit=unit.unit_name
    )
    title = _("{month}{closed}").format(
        month=text.month(period.key), closed=text.closed(shut.at, shut.locked)
    )
    banner.set("warn", title, words, "lock")
