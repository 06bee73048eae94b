"""The rules one progress figure has to pass, wherever it comes from: typed, imported, or merged from a package.

Hard findings refuse the figure and stop a submission; soft ones want a reason once; notes are only told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import msgspec

from desktop_app.core.i18n import _
from desktop_app.core.model.bodies import Number
from desktop_app.core.model.period import MONTHS_OF
from desktop_app.core.model.plan import Indicator, exact

GROWTH = 3
"""An increase above this many times the usual one wants a reason."""
SMALL = Fraction(1, 20)
"""An increase of at most this part of the share is never asked about, however unusual: small figures jump."""
OVERSHOOT = Fraction(150, 100)
"""A figure above this part of the share wants a reason."""

Rule = Literal[
    "not_reporter",
    "from_sites",
    "not_a_number",
    "negative",
    "fraction",
    "state",
    "no_denominator",
    "zero_denominator",
    "above_denominator",
    "above_whole",
    "below_part",
    "falls",
    "jumps",
    "far_above_share",
]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule has to say.  `text` says what is wrong, `next_step` what to do; both for people."""

    level: Literal["hard", "soft", "note"]
    rule: Rule
    text: str
    next_step: str


def check_value(
    indicator: Indicator,
    value: Number | Fraction,
    of: Number | Fraction | None = None,
    *,
    previous: Fraction | None = None,
    share: Fraction | None = None,
    months: int = 0,
    whole: Fraction | None = None,
    parts: Sequence[Fraction] = (),
    reporter: bool = True,
    by_hand: bool = False,
) -> list[Finding]:
    """Every finding on one figure, hard ones first.

    `value` is the count, end value or numerator and `of` the denominator, as an entry holds them or as fractions.
    `previous` is the figure as it stood a period before, `share` the area's share or target, `months` how many
    months of the year are over at the period's end, `whole` the figure this one is a part of (其中), `parts` the
    figures of its own parts.  What is not known is left out, and its rule is not applied.  `reporter` False: the unit
    that speaks does not report this; `by_hand`: the figure was typed, which one made of sites refuses.

    With a hard finding the soft rules are not asked: they would only repeat it in other words.
    """
    found = list(_standing(indicator, reporter, by_hand))
    number, total = _exact(value), _exact(of)
    if number is None or (of is not None and total is None):
        said = value if number is None else of
        found.append(
            _hard("not_a_number", _("“{text}”不是数字。").format(text=said), _("请只填数字，如 1234。"))
        )
        return found
    found.extend(_form(indicator, number, total))
    if indicator.measure == "rate":
        found.extend(_rate(indicator, number, total))
    else:
        found.extend(_parts(number, whole, parts))
    if not found and indicator.measure == "count":
        found.extend(_soft(indicator, number, previous, share, months))
    return found


def usual_increase(indicator: Indicator, previous: Fraction | None, months: int) -> Fraction | None:
    """The mean increase of the periods before this one: the running total as it stood, shared among them.

    None for stocks, and with fewer than two periods before, since one month is no habit.
    """
    span = MONTHS_OF[indicator.frequency]
    before = months // span - 1
    if previous is None or not indicator.flow or before < 2:
        return None
    return previous / before


def refused(findings: Iterable[Finding]) -> bool:
    """Whether a hard rule refuses it."""
    return any(finding.level == "hard" for finding in findings)


def needs_reason(findings: Iterable[Finding]) -> bool:
    """Whether a soft rule wants a reason."""
    return any(finding.level == "soft" for finding in findings)


def _hard(rule: Rule, text: str, next_step: str) -> Finding:
    return Finding(level="hard", rule=rule, text=text, next_step=next_step)


def _soft_finding(rule: Rule, text: str, next_step: str) -> Finding:
    return Finding(level="soft", rule=rule, text=text, next_step=next_step)


def _exact(value: Number | Fraction | None) -> Fraction | None:
    return value if isinstance(value, Fraction) else exact(value)


def _standing(indicator: Indicator, reporter: bool, by_hand: bool) -> Iterator[Finding]:
    if not reporter:
        yield _hard(
            "not_reporter",
            _("指标 {id} 不由本单位填报。").format(id=indicator.id),
            _("请与县区或市级牵头单位核对填报单位。"),
        )
    if indicator.basis == "site" and by_hand:
        yield _hard(
            "from_sites",
            _("指标 {id} 的数由台账汇总，不能直接填。").format(id=indicator.id),
            _("请到台账里登记或更新，完成后自动计数。"),
        )


def _form(indicator: Indicator, value: Fraction, of: Fraction | None) -> Iterator[Finding]:
    decimals = indicator.part_decimals if indicator.measure == "rate" else indicator.decimals
    numbers = [value] if of is None else [value, of]
    # A growth rate or an increase may fall below nothing; what is counted may not.
    may_fall = indicator.measure == "standard" and indicator.unit == "%"
    if not may_fall and any(number < 0 for number in numbers):
        yield _hard("negative", _("这一格不能是负数。"), _("请核对后重填。"))
    if any((number * 10**decimals).denominator != 1 for number in numbers):
        if decimals == 0:
            text = _("单位“{unit}”只能填整数。").format(unit=_counted_in(indicator))
        else:
            text = _("这一格最多 {most} 位小数。").format(most=decimals)
        yield _hard("fraction", text, _("请核对后重填。"))
    if indicator.measure == "state" and value not in (0, 1):
        yield _hard("state", _("状态指标只填 1（已实现）或 0（未实现）。"), _("请改成 1 或 0。"))


def _counted_in(indicator: Indicator) -> str:
    return indicator.numerator if indicator.measure == "rate" and indicator.numerator else indicator.unit


def _rate(indicator: Indicator, value: Fraction, of: Fraction | None) -> Iterator[Finding]:
    if of is None:
        yield _hard(
            "no_denominator",
            _("还缺分母（{name}）。").format(name=indicator.denominator or _("总数")),
            _("请把分子和分母都填上。"),
        )
    elif of == 0:
        yield _hard("zero_denominator", _("分母是 0，算不出比率。"), _("请核对分母；确无对象的不用填报。"))
    elif value > of and not is_average(indicator):
        yield _hard("above_denominator", _("分子比分母大。"), _("请核对是否填反，或两个数的口径不同。"))


def is_average(indicator: Indicator) -> bool:
    """Whether a rate is so much of one thing for each of another (yuan a home), where the numerator may be the
    greater; the others are a part of a whole."""
    return indicator.measure == "rate" and indicator.per == 1 and indicator.adds != "universal"


def _parts(value: Fraction, whole: Fraction | None, parts: Sequence[Fraction]) -> Iterator[Finding]:
    if whole is not None and value > whole:
        yield _hard("above_whole", _("“其中”的数比总数大。"), _("请核对这一格和总数；先改总数，再改其中。"))
    if any(part > value for part in parts):
        yield _hard("below_part", _("总数比它的“其中”小。"), _("请核对总数和其中各格。"))


def _soft(
    indicator: Indicator, value: Fraction, previous: Fraction | None, share: Fraction | None, months: int
) -> Iterator[Finding]:
    if indicator.flow and 0 < months <= MONTHS_OF[indicator.frequency]:
        # A running total begins anew with the year, so last year's has no say.
        previous = None
    increase = Fraction(0) if previous is None else value - previous
    if increase < 0 and indicator.flow:
        yield _soft_finding(
            "falls",
            _("年初累计比上期少 {less}。").format(less=_words(-increase)),
            _("若是更正以前多报的数，请写明原因；若填成了本期新增，请改填累计数。"),
        )
    usual = usual_increase(indicator, previous, months)
    small = share is not None and increase <= share * SMALL
    if usual and increase > GROWTH * usual and not small:
        yield _soft_finding(
            "jumps",
            _("本期新增 {more}，超过以前平均每期的 {times} 倍。").format(more=_words(increase), times=GROWTH),
            _("请核对；情况属实的请写明原因。"),
        )
    if share is not None and share > 0 and value > share * OVERSHOOT:
        yield _soft_finding(
            "far_above_share",
            _("已超过全年份额的 150%。"),
            _("请核对单位和口径；情况属实的请写明原因。"),
        )


def _words(value: Fraction) -> str:
    """A finite decimal in full; the figures' own formatting stands beside the rules and is not imported."""
    return f"{Decimal(value.numerator) / Decimal(value.denominator):f}"
