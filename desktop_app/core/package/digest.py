"""校验码: the short code on cover, paper form and receipts, over the figures of a submission alone.

It covers the unit, the period and the ids of the submitted heads of progress, site, milestone, problem and fund;
not evidence, operator, time or file bytes, so that a stamped scan can follow without changing it.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""30 signs: without 0 O, 1 I L and U (for V), which are taken for one another in print and on the telephone."""

GROUPS = 3
GROUP_SIGNS = 4
KINDS = ("progress", "site", "milestone", "problem", "fund")
"""The kinds of entries whose heads a code covers."""


def check_code(unit: str, period: str, head_ids: Iterable[str]) -> str:
    """The code, such as "7F3K-92QA-M4TX" (12 signs of 30, some 58.9 bits of a SHA-256).

    `unit` is a unit's code, `period` a period's key (2024-06), `head_ids` entry ids in hex in any order; the same
    id twice counts once.
    """
    lines = ["taizhang 1", unit, period, *sorted(set(head_ids))]
    number = int.from_bytes(hashlib.sha256("\n".join(lines).encode()).digest(), "big")
    signs = ""
    for _position in range(GROUPS * GROUP_SIGNS):
        number, sign = divmod(number, len(ALPHABET))
        signs += ALPHABET[sign]
    return "-".join(signs[at : at + GROUP_SIGNS] for at in range(0, len(signs), GROUP_SIGNS))


def normal(text: str) -> str:
    """A typed code in its printed form; "" where it is none.

    Taken are lower case, full-width signs, and any or no separators.
    """
    typed = unicodedata.normalize("NFKC", text).upper()
    signs = "".join(sign for sign in typed if sign.isalnum())
    if len(signs) != GROUPS * GROUP_SIGNS or any(sign not in ALPHABET for sign in signs):
        return ""
    return "-".join(signs[at : at + GROUP_SIGNS] for at in range(0, len(signs), GROUP_SIGNS))


def same_code(one: str, other: str) -> bool:
    """Whether two codes, as typed or printed, are the same code (two that are none are not)."""
    first, second = normal(one), normal(other)
    return bool(first) and hmac.compare_digest(first, second)
