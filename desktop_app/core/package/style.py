"""Cell formats of the package's sheets.  A narrow set, so that every sheet looks of one kind and prints well."""

from __future__ import annotations

from typing import Any

FONT = "宋体"
HEAD_FONT = "微软雅黑"
_LINE = "#9AA5B1"
_HEAD_FILL = "#E7EDF5"
_INK = "#1F2933"
_PALE = "#9AA5B1"

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

LIGHTS: dict[str, tuple[str, str]] = {
    "完成": ("✓", "#1D4ED8"),
    "正常": ("●", "#1B6E3C"),
    "滞后": ("▲", "#9A5B00"),
    "逾期": ("■", "#B42318"),
    "未填": ("○", "#52606D"),
}
"""A light's word with its shape and its ink: a shape and a word and a colour, never colour alone."""


class Styles:
    """The formats of one workbook."""

    def __init__(self, book: Any) -> None:
        base = {"font_name": FONT, "font_size": 9, "font_color": _INK, "valign": "vcenter"}
        cell = {**base, "border": 1, "border_color": _LINE}
        wrapped = {**cell, "text_wrap": True}

        def add(**more: Any) -> Any:
            return book.add_format({**base, **more})

        self.text = book.add_format({**wrapped, "align": "center"})
        self.left = book.add_format({**wrapped, "align": "left", "indent": 1})
        # Someone's text that begins like a formula also stays text when the cell is edited by hand (the little
        # apostrophe of spreadsheets).
        self.quoted = book.add_format({**wrapped, "align": "left", "indent": 1, "quote_prefix": True})
        self.counter = book.add_format({**cell, "align": "center"})
        self.lights = {
            word: book.add_format({**cell, "align": "center", "font_color": ink, "bold": word != "未填"})
            for word, (_shape, ink) in LIGHTS.items()
        }
        self.whole = book.add_format({**cell, "align": "right", "num_format": "#,##0"})
        self.exact = book.add_format({**cell, "align": "right", "num_format": "#,##0.######"})
        self.head = book.add_format(
            {
                **wrapped,
                "font_name": HEAD_FONT,
                "bold": True,
                "align": "center",
                "bg_color": _HEAD_FILL,
            }
        )
        self.title = add(font_name=HEAD_FONT, font_size=15, bold=True, align="left")
        self.subtitle = add(font_color="#52606D", align="left")
        # "fill" cuts the text off at the cell's edge instead of letting it run over the sheet.
        self.ident = book.add_format(
            {**base, "font_size": 6, "font_color": _PALE, "border": 1, "border_color": _LINE, "align": "fill"}
        )
        self.id_head = book.add_format(
            {**wrapped, "font_size": 7, "font_color": _PALE, "align": "center", "bg_color": _HEAD_FILL}
        )
        # The cover.
        self.cover_city = add(font_name=HEAD_FONT, font_size=12, font_color="#52606D", align="center")
        self.cover_title = add(font_name=HEAD_FONT, font_size=22, bold=True, align="center", text_wrap=True)
        self.cover_kind = add(font_name=HEAD_FONT, font_size=16, align="center")
        self.cover_label = book.add_format(
            {**cell, "font_size": 11, "align": "center", "bg_color": _HEAD_FILL}
        )
        self.cover_value = book.add_format({**wrapped, "font_size": 11, "align": "left", "indent": 1})
        self.cover_stamp = book.add_format(
            {**wrapped, "font_size": 11, "align": "center", "font_color": "#52606D"}
        )
        self.cover_code = book.add_format(
            {
                **cell,
                "font_name": "Consolas",
                "font_size": 18,
                "bold": True,
                "font_color": "#123A66",
                "align": "left",
                "indent": 1,
            }
        )
        self.cover_section = add(font_name=HEAD_FONT, font_size=11, bold=True, align="left")
        self.cover_note = add(font_size=9, align="left", text_wrap=True, valign="top")
        self.cover_sample = add(
            font_name=HEAD_FONT, font_size=12, bold=True, font_color="#B42318", align="center"
        )

    def for_text(self, text: str, *, left: bool) -> Any:
        if text.startswith(_FORMULA_STARTS):
            return self.quoted
        return self.left if left else self.text


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column of that width (in characters of the default font, 11 points)."""
    # Chinese signs are two characters wide; our 9-point text gets somewhat more into a line.
    room = max(1.0, width * 1.22 - 0.5)
    lines = 0
    for part in text.split("\n"):
        wide = sum(2 if ord(sign) > 0x2E7F else 1 for sign in part)
        lines += max(1, -int(-wide // room))
    return lines
