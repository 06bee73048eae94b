"""What a paper says, block by block, whoever renders it: Word (`docx_style`) or Qt (`ui.paper`).

The order of parts is that of GB/T 9704-2012: title, addressee, body, list of annexes, signing unit and date, annexes.
Papers made here are drafts for a person to issue: no red head, no number, no seal.
"""

from __future__ import annotations

import msgspec


class Heading(msgspec.Struct, frozen=True):
    """Level 1 is numbered 一、 2 （一） 3 1. by whoever writes the text; the renderer only knows the typefaces."""

    level: int
    text: str


class Paragraph(msgspec.Struct, frozen=True):
    """`lead` is what the paragraph begins with in the typeface of a second-level heading."""

    text: str
    lead: str = ""
    indent: bool = True
    centred: bool = False


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """`widths` in mm; `right` are the columns of numbers.  Without heads it is a form: the even columns are words."""

    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    heads: tuple[str, ...] = ()
    right: tuple[int, ...] = ()
    points: int = 12
    tall: tuple[int, ...] = ()
    """Rows of a form that leave room for handwriting, by number."""
    caption: str = ""
    note: str = ""


class Picture(msgspec.Struct, frozen=True):
    """A JPEG or PNG, with its words below."""

    data: bytes
    caption: str = ""
    width: int = 120
    """In mm."""


class PageBreak(msgspec.Struct, frozen=True):
    """What follows begins a new page."""


Block = Heading | Paragraph | Table | Picture | PageBreak


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One paper.  `made` (ISO 8601) is the time written into the file, so that the same content gives the same bytes.

    `annexes` are the names listed after the body; `signed` and `dated` stand at its end.  `mark` (代拟稿) stands below
    the title in brackets.
    """

    title: str
    made: str
    blocks: tuple[Block, ...]
    mark: str = ""
    addressee: str = ""
    annexes: tuple[str, ...] = ()
    signed: str = ""
    dated: str = ""
    after: tuple[Block, ...] = ()
    """Annexes that are part of the paper."""
    notes: tuple[str, ...] = ()
    """Small print at the end: rules and sources of the figures."""


CHINESE = "零一二三四五六七八九十"


def ordinal(number: int) -> str:
    """1 → 一, 12 → 十二, 30 → 三十; up to 99."""
    tens, ones = divmod(number, 10)
    if not tens:
        return CHINESE[ones]
    return ("" if tens == 1 else CHINESE[tens]) + "十" + (CHINESE[ones] if ones else "")


def characters(text: str) -> float:
    """How wide a text is in full-width characters: a Latin letter or digit is half of one."""
    return sum(0.5 if ord(char) < 0x2E80 and char not in "“”‘’—…·《》" else 1.0 for char in text)


TITLE_LINE = 18
"""Full-width characters of a title (22 pt) that fit on a line of 156 mm."""

BREAK_BEFORE, BREAK_AFTER = ("进展情况", "完成情况", "《", "（"), "的》）事、，"
"""Where a title may be broken without tearing a word apart."""


def title_lines(title: str) -> list[str]:
    """A long title on lines of about the same length, broken where the meaning allows."""
    if characters(title) <= TITLE_LINE:
        return [title]
    breaks = [
        index
        for index in range(2, len(title) - 1)
        if title.startswith(BREAK_BEFORE, index) or title[index - 1] in BREAK_AFTER
    ]
    middle = len(title) / 2
    place = min(breaks or [round(middle)], key=lambda index: abs(index - middle))
    return title_lines(title[:place]) + title_lines(title[place:])


def signature_indents(signed: str, dated: str) -> tuple[float, float]:
    """Right indents (in characters) of signing unit and date without a seal: the unit two from the edge, the date
    beginning two to the right of where the unit begins; a longer date keeps two itself and the unit gives way."""
    unit, day = characters(signed), characters(dated)
    if day > unit:
        return 4 + day - unit, 2
    return 2, max(0.0, unit - day)
