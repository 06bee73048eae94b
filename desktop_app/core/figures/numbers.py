"""Reading numbers as people type them, and writing them as people read them.  Exact throughout."""

from __future__ import annotations

import re
from fractions import Fraction

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _

MINUS = "\u2212"
NOTHING = "—"
"""What stands where there is no figure; never a 0."""
MAX_DIGITS = 15
"""Before the point; a longer one is a telephone or card number in the wrong cell."""

# The full-width forms of ASCII, and the signs that input methods and spreadsheets put in place of the plain ones.
# Unicode's own folding would go too far: it makes 52 of 5².
_PLAIN = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {
    ord(sign): plain
    for plain, signs in {"-": "\u2212\u2013", " ": "\u3000\u00a0\u2009\u202f"}.items()
    for sign in signs
}
_NUMBER = re.compile(r"(-?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?", re.ASCII)
_SCALES = {"百": 100, "千": 1000, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_SCALED = re.compile(r"(-?\d[\d,]*(?:\.\d+)?)\s*(百万|千万|百|千|万|亿)(.*)", re.ASCII)


def read_number(text: str, unit: str = "", decimals: int = 0, *, negative: bool = False) -> int | str:
    """The number a person typed: an int where it is whole, else a decimal string without trailing zeros ("3.8").

    Taken: 1,234 and its full-width form, spaces around, the unit itself behind it ("120 人" where the unit is 人),
    decimals up to `decimals` (trailing zeros beyond do not count).  Refused with InputError, in words that say what to
    do: an empty cell, text, 2000万 (write 20000000), wrong separators, a sign, more decimals than allowed (people are
    whole), a negative number unless `negative`.
    """
    plain = text.translate(_PLAIN).strip()
    plain_unit = unit.translate(_PLAIN).strip()
    if plain_unit and plain.endswith(plain_unit):
        plain = plain[: -len(plain_unit)].rstrip()
    if not plain:
        raise InputError(_("这一格没有数字。"), next_step=_("请填数字；没有发生请填 0，还不知道请留空不填。"))
    if scaled := _SCALED.fullmatch(plain):
        raise _scaled_error(text, scaled)
    if plain.startswith("+"):
        raise InputError(
            _("“{text}”带了加号。").format(text=_shown(text)),
            next_step=_("请填到本期末的累计数，不填本期新增；新增由软件算出。"),
        )
    match = _NUMBER.fullmatch(plain)
    if match is None:
        raise _unreadable(text, plain, unit)
    sign, whole, fraction = (
        match.group(1),
        match.group(2).replace(",", ""),
        (match.group(3) or "").rstrip("0"),
    )
    whole = whole.lstrip("0") or "0"
    if len(whole) > MAX_DIGITS:
        raise InputError(
            _("“{text}”太大，不像是这一格的数。").format(text=_shown(text)),
            next_step=_("请核对，是否填错了格子。"),
        )
    if sign and (whole != "0" or fraction) and not negative:
        raise InputError(
            _("“{text}”是负数。").format(text=_shown(text)), next_step=_("这一格不能小于 0，请核对后重填。")
        )
    if len(fraction) > decimals:
        raise _too_fine(text, unit, decimals)
    sign = sign if whole != "0" or fraction else ""
    return f"{sign}{whole}.{fraction}" if fraction else int(f"{sign}{whole}")


def read_pair(text: str, decimals: int = 0) -> tuple[int | str, int | str]:
    """A rate typed as numerator / denominator ("2,176 / 2,189"), each by `read_number`."""
    above, slash, below = text.translate(_PLAIN).partition("/")
    if not slash or "/" in below:
        raise InputError(
            _("“{text}”不是“分子/分母”。").format(text=_shown(text)),
            next_step=_("请写成两个数，中间用斜线隔开，如 2176/2189。"),
        )
    return read_number(above, decimals=decimals), read_number(below, decimals=decimals)


def canonical(value: Fraction | int) -> int | str:
    """As an entry holds it: an int, or a decimal string.  ValueError for what no decimal can say (1/3)."""
    exact_value = Fraction(value)
    if exact_value.denominator == 1:
        return exact_value.numerator
    places = 0
    while (exact_value * 10**places).denominator != 1:
        places += 1
        if places > 30:
            raise ValueError(f"{value} has no finite decimal")
    digits = str(abs((exact_value * 10**places).numerator)).rjust(places + 1, "0")
    return f"{'-' if exact_value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def show(value: Fraction | int | None, decimals: int = 0, *, short_of: Fraction | int | None = None) -> str:
    """For people: thousands separated, a true minus, rounded half up to `decimals`; NOTHING for None.

    `short_of` is a bound that a value below it must not seem to reach: 98.97 rounded to one decimal is shown as
    98.9 where 99 is asked for, since "99.0, not reached" would read like a mistake.
    """
    if value is None:
        return NOTHING
    scale = 10**decimals
    steps = _half_up(Fraction(value) * scale)
    if short_of is not None and value < short_of and Fraction(steps, scale) >= short_of:
        steps = Fraction(value) * scale // 1
    digits = str(abs(steps)).rjust(decimals + 1, "0")
    whole = digits[: len(digits) - decimals]
    text = f"{int(whole):,}" + (f".{digits[-decimals:]}" if decimals else "")
    return MINUS + text if steps < 0 else text


def show_percent(share: Fraction | None, decimals: int = 0) -> str:
    """A share of 1 as a percentage ("39%"); less than all is never shown as 100%."""
    if share is None:
        return NOTHING
    return show(share * 100, decimals, short_of=100) + "%"


def show_increase(value: Fraction | int | None, decimals: int = 0) -> str:
    """With its sign: +37, −2, 0."""
    text = show(value, decimals)
    return f"+{text}" if value is not None and value > 0 else text


def _half_up(value: Fraction) -> int:
    rounded = (abs(value) * 2 + 1) // 2
    return -rounded if value < 0 else rounded


def _shown(text: str) -> str:
    """What was typed, cut so that a pasted page does not fill the message."""
    stripped = text.strip()
    return stripped if len(stripped) <= 20 else stripped[:20] + "…"


def _scaled_error(text: str, scaled: re.Match[str]) -> InputError:
    digits = scaled.group(1).replace(",", "")
    written = canonical(Fraction(digits) * _SCALES[scaled.group(2)])
    return InputError(
        _("“{text}”里有“{scale}”字。").format(text=_shown(text), scale=scaled.group(2)),
        next_step=_("请写成 {number}。").format(number=written),
    )


def _unreadable(text: str, plain: str, unit: str) -> InputError:
    if re.fullmatch(r"-?[\d,]+(\.\d+)?", plain, re.ASCII):
        return InputError(
            _("“{text}”的逗号位置不对。").format(text=_shown(text)),
            next_step=_("千位才用逗号，如 1,234；小数点请用“.”。也可以不写逗号。"),
        )
    behind = re.fullmatch(r"-?[\d,]+(?:\.\d+)?\s*([\u4e00-\u9fff%‰].*)", plain)
    if behind and unit and behind.group(1) != unit:
        return InputError(
            _("“{text}”的单位与这一格不同。").format(text=_shown(text)),
            next_step=_("这一格的单位是“{unit}”，请换算后只填数字。").format(unit=unit),
        )
    return InputError(
        _("“{text}”不是数字。").format(text=_shown(text)),
        next_step=_("请只填数字，如 1234；说明请写在备注里。"),
    )


def _too_fine(text: str, unit: str, decimals: int) -> InputError:
    if decimals == 0:
        what = _("“{text}”有小数，这一格只能填整数。").format(text=_shown(text))
        if unit:
            what = _("“{text}”有小数，单位“{unit}”只能填整数。").format(text=_shown(text), unit=unit)
        return InputError(what, next_step=_("请核对后填整数。"))
    return InputError(
        _("“{text}”的小数太多。").format(text=_shown(text)),
        next_step=_("这一格最多 {most} 位小数，请四舍五入后再填。").format(most=decimals),
    )
