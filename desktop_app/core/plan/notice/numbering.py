"""Automatic numbers of a Word document (w:numPr), which stand in no paragraph's text: counted here as Word counts."""

from __future__ import annotations

import re
from typing import Any

_CHINESE = "一二三四五六七八九十"


def _chinese(number: int) -> str:
    if number <= 10:
        return _CHINESE[number - 1]
    tens, rest = divmod(number, 10)
    return ("" if tens == 1 else _CHINESE[tens - 1]) + "十" + (_CHINESE[rest - 1] if rest else "")


def _spelt(number: int, style: str) -> str:
    if style.startswith(("chinese", "japaneseCounting", "ideograph", "taiwanese")):
        return _chinese(number) if 0 < number < 100 else str(number)
    if style == "decimalEnclosedCircle" and 0 < number <= 20:
        return chr(ord("①") + number - 1)
    return str(number)


class Numbering:
    """Counts while the document is read from its beginning to its end."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        kinds: dict[str, dict[int, tuple[str, str, int]]] = {}
        for kind in root.findall(_name("abstractNum")):
            levels = {}
            for level in kind.findall(_name("lvl")):
                style = _value(level, "numFmt") or "decimal"
                text = _value(level, "lvlText") or ""
                start = int(_value(level, "start") or 1)
                levels[int(level.get(_name("ilvl")) or 0)] = (style, text, start)
            kinds[kind.get(_name("abstractNumId"))] = levels
        for number in root.findall(_name("num")):
            self._levels[number.get(_name("numId"))] = kinds.get(_value(number, "abstractNumId"), {})

    def written(self, paragraph: Any) -> str:
        """The number that Word shows before the paragraph, "" where it shows none."""
        found = self._place(paragraph)
        if found is None:
            return ""
        ident, level = found
        levels = self._levels.get(ident)
        if not levels or level not in levels:
            return ""
        style, text, start = levels[level]
        counts = self._counts.setdefault(ident, {})
        counts[level] = counts.get(level, start - 1) + 1
        for deeper in [key for key in counts if key > level]:
            del counts[deeper]
        if style in ("bullet", "none") or not text:
            return ""
        return re.sub(
            r"%(\d)",
            lambda match: _spelt(
                counts.get(int(match.group(1)) - 1, 1),
                levels.get(int(match.group(1)) - 1, (style, "", 1))[0],
            ),
            text,
        )

    def bare(self, cell: Any) -> str:
        """The number of a cell that holds nothing but an automatic one."""
        for paragraph in cell.paragraphs:
            shown = self.written(paragraph)
            if shown:
                return shown.strip("、.．()（）")
        return ""

    def _place(self, paragraph: Any) -> tuple[str, int] | None:
        places = paragraph._p.xpath("./w:pPr/w:numPr")
        if not places and paragraph.style is not None:
            places = paragraph.style.element.xpath("./w:pPr/w:numPr")
        if not places:
            return None
        ident, level = _value(places[0], "numId"), _value(places[0], "ilvl")
        return (ident, int(level or 0)) if ident and ident != "0" else None


def _name(word: str) -> str:
    return "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}" + word


def _value(element: Any, word: str) -> str:
    found = element.find(_name(word))
    return str(found.get(_name("val")) or "") if found is not None else ""
