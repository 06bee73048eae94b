"""Personal numbers in free text: resident ID numbers, bank cards, telephone numbers.

ID numbers are told by their check digit (GB 11643, ISO 7064 MOD 11-2), old ones of 15 digits by place and birthday,
bank cards by the Luhn digit, so that a figure or a document number is seldom taken for one.  Passbooks have accounts
without a check digit: those are told by the word before them.  Names and illnesses cannot be told by rule; for those
there is the sealed record.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

import msgspec

from desktop_app.core.i18n import N_

Kind = Literal["id", "card", "phone", "account"]
NAMES: dict[str, str] = {
    "id": N_("身份证号"),
    "card": N_("银行卡号"),
    "phone": N_("手机号"),
    "account": N_("银行账号"),
}

_DIGITS = re.compile(r"(?<![0-9A-Za-z])[0-9](?:[ -]?[0-9]){9,18}[Xx]?(?![0-9A-Za-z])")
_ACCOUNT = re.compile(
    r"(?:账号|帐号|账户|帐户|卡号|存折|一卡通|一折通)(?:号码?)?[^0-9A-Za-z]{0,4}"
    r"([0-9](?:[ -]?[0-9]){9,24})(?![0-9A-Za-z])"
)
_PROVINCES = frozenset(
    {
        *(
            "11",
            "12",
            "13",
            "14",
            "15",
            "21",
            "22",
            "23",
            "31",
            "32",
            "33",
            "34",
            "35",
            "36",
            "37",
            "41",
            "42",
            "43",
        ),
        *("44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82"),
    }
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


class Found(msgspec.Struct, frozen=True):
    """One number: its kind and where it stands in the text."""

    kind: Kind
    start: int
    end: int


def find(text: str) -> list[Found]:
    """Personal numbers in a text, in order.  Full-width digits and spaces or dashes inside count too."""
    plain = "".join(unicodedata.normalize("NFKC", char)[:1] or " " for char in text)
    found = []
    for match in _DIGITS.finditer(plain):
        digits = re.sub(r"[ -]", "", match.group()).upper()
        kind = _kind(digits)
        if kind is not None:
            found.append(Found(kind, match.start(), match.end()))
    taken = [(item.start, item.end) for item in found]
    for match in _ACCOUNT.finditer(plain):
        start, end = match.span(1)
        if not any(start < other_end and other_start < end for other_start, other_end in taken):
            found.append(Found("account", start, end))
    return sorted(found, key=lambda item: item.start)


def _kind(digits: str) -> Kind | None:
    if len(digits) == 18 and _is_id(digits):
        return "id"
    if len(digits) == 15 and _is_old_id(digits):
        return "id"
    if len(digits) == 11 and re.fullmatch(r"1[3-9]\d{9}", digits):
        return "phone"
    if 16 <= len(digits) <= 19 and digits.isdigit() and _luhn(digits):
        return "card"
    return None


def _is_id(digits: str) -> bool:
    if not digits[:17].isdigit() or not ("01" <= digits[10:12] <= "12" and "01" <= digits[12:14] <= "31"):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return digits[17] == _CHECKS[total % 11]


def _is_old_id(digits: str) -> bool:
    """Place, birthday (yymmdd) and a number of three digits; without a century and a check digit."""
    plausible = "01" <= digits[8:10] <= "12" and "01" <= digits[10:12] <= "31" and digits[12:] != "000"
    return digits.isdigit() and digits[:2] in _PROVINCES and plausible


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def mask(text: str) -> str:
    """The text with each number's middle hidden: 3416…0012 becomes 341***********0012."""
    out, last = [], 0
    for item in find(text):
        number = text[item.start : item.end]
        keep = 3 if item.kind == "phone" else 4
        hidden = max(len(number) - 3 - keep, 0)
        out.append(text[last : item.start] + number[:3] + "*" * hidden + number[len(number) - keep :])
        last = item.end
    return "".join([*out, text[last:]])
