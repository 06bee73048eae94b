"""Characters of a notice: half- and full-width forms made one, Chinese numerals, numbering marks, masks."""

from __future__ import annotations

import re

import msgspec

_FOLDED = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {
    ord(sign): plain
    for plain, signs in {
        " ": "\u3000\u00a0\u2002\u2003\u2009\u202f\t",
        "*": "＊×✱✳",
        "-": "\u2212\u2010\u2011",
        "—": "\u2013\u2015\u2500",
        "(": "〔﹙【〖［",
        ")": "〕﹚】〗］",
        ".": "．",
        ";": "；",
    }.items()
    for sign in signs
}
_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
NUMERAL = "〇零一二两三四五六七八九十百千"
MASK = re.compile(r"\*+")
_SPACES, _WIDE = " \t\u3000\u00a0\u2002\u2003\u2009\u202f", r"[^\x21-\x7e \t]"

MARKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("A", re.compile(r"第?([一二三四五六七八九十]{1,3})[、.](?!\d)\s*")),
    ("B", re.compile(r"\(\s*([一二三四五六七八九十]{1,3})\s*\)[、.]?\s*")),
    ("C", re.compile(r"(\d{1,3})(?:[、)]|\.(?!\d|$)|\.(?=\d{1,2}月|20\d\d年))\s*")),
    ("D", re.compile(r"\(\s*(\d{1,2})(?:\s*\)|(?=\*))[、.]?\s*")),
    ("E", re.compile(r"([①-⑳])\s*")),
)
"""Numbering at a line's start, from the widest to the narrowest.  A mask may have swallowed a bracket."""


class Mark(msgspec.Struct, frozen=True):
    """How a line is numbered: the mark's kind (a letter of MARKS), its number, where the words begin."""

    kind: str
    number: int
    end: int


def fold(text: str) -> str:
    """The same text, character by character, with full-width signs and digits as half-width ones; places agree."""
    return text.translate(_FOLDED)


def numeral(text: str) -> int:
    """A Chinese numeral up to thousands (十二, 二百零三), or digits."""
    if text.isdigit() and text.isascii():
        return int(text)
    total, digit = 0, 0
    for char in text:
        if char in _TENS:
            total += (digit or 1) * _TENS[char]
            digit = 0
        else:
            digit = _DIGITS.get(char, 0)
    return total + digit


def mark_of(line: str) -> Mark | None:
    """The numbering at the start of a folded line."""
    for kind, pattern in MARKS:
        match = pattern.match(line)
        if match:
            written = match.group(1)
            number = ord(written) - ord("①") + 1 if kind == "E" else numeral(written)
            return Mark(kind, number, match.end())
    return None


def squeezed(text: str) -> str:
    """Without any space, as line wrapping leaves them inside names."""
    return re.sub(r"\s+", "", text)


def tight(text: str) -> str:
    """Without the spaces that some typists put between digits or letters and Chinese words; "HPV vaccine" keeps its."""
    return re.sub(rf"(?<={_WIDE})[{_SPACES}]+|[{_SPACES}]+(?={_WIDE})", "", text)


def masked(text: str) -> int:
    """How many characters are masked."""
    return text.count("*")


def short(text: str, most: int) -> str:
    """The text cut to `most` characters at a natural place where there is one."""
    if len(text) <= most:
        return text
    cut = max(text.rfind(sign, 2, most + 1) for sign in "，,、；;和及")
    return text[:cut] if cut >= most // 2 else text[:most]
