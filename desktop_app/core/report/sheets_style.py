"""What the xlsx papers share: fixed times, typefaces, heads, print layout.  XlsxWriter is imported when one is made."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from desktop_app.core import disks

FONT = "仿宋_GB2312"


HEIGHT = 15
"""Points of a line of 11-pt text."""


def lines_of(value: object, width: float) -> int:
    """On how many lines a text stands in a column; widths are in half characters, as in Excel."""
    if not isinstance(value, str):
        return 1
    cells = sum(2 if ord(char) >= 0x2E80 or char in "“”‘’—…·" else 1.1 for char in value)
    return max(1, math.ceil(cells / max(width - 1, 1)))


class Book:
    """One workbook under way; the same calls give the same bytes."""

    def __init__(self, title: str, made: str, author: str = "") -> None:
        import xlsxwriter

        self._stream = io.BytesIO()
        self.book: Any = xlsxwriter.Workbook(
            self._stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self.book.set_properties(
            {"title": title, "author": author, "created": datetime.fromisoformat(made).replace(tzinfo=None)}
        )
        base = {"font_name": FONT, "font_size": 11, "valign": "vcenter"}
        cell = {**base, "border": 1, "text_wrap": True}
        self.formats = {
            "title": self.book.add_format(
                {"font_name": "方正小标宋简体", "font_size": 18, "align": "center", "valign": "vcenter"}
            ),
            "under": self.book.add_format({**base, "align": "center", "font_color": "#4A5563"}),
            "head": self.book.add_format(
                {**cell, "font_name": "黑体", "align": "center", "bg_color": "#ECEFF3"}
            ),
            "text": self.book.add_format(cell),
            "centre": self.book.add_format({**cell, "align": "center"}),
            "number": self.book.add_format({**cell, "align": "right", "num_format": "#,##0.######"}),
            "percent": self.book.add_format({**cell, "align": "right", "num_format": "0.0%"}),
            "fine": self.book.add_format({**cell, "align": "right", "num_format": "0.00%"}),
            "note": self.book.add_format({**base, "font_size": 10, "text_wrap": True, "valign": "top"}),
            "band": self.book.add_format({**cell, "bold": True, "bg_color": "#F6F8FA"}),
            "red": self.book.add_format({**cell, "align": "center", "font_color": "#B3261E", "bold": True}),
            "amber": self.book.add_format({**cell, "align": "center", "font_color": "#8A5300", "bold": True}),
            "blue": self.book.add_format({**cell, "align": "center", "font_color": "#1F5FA8"}),
            "green": self.book.add_format({**cell, "align": "center", "font_color": "#1E6B3A"}),
        }

    def sheet(
        self,
        name: str,
        title: str,
        under: str,
        heads: Sequence[str],
        widths: Sequence[float],
        *,
        landscape: bool = True,
        paper: int = 9,
        corner: str = "",
    ) -> Sheet:
        """`paper` 9 is A4, 8 is A3; `corner` stands above the title at the left of every printed page."""
        sheet = self.book.add_worksheet(name[:31])
        last = len(heads) - 1
        sheet.merge_range(0, 0, 0, last, title, self.formats["title"]) if last else sheet.write_string(
            0, 0, title, self.formats["title"]
        )
        sheet.merge_range(1, 0, 1, last, under, self.formats["under"]) if last else sheet.write_string(
            1, 0, under, self.formats["under"]
        )
        sheet.set_row(0, 32)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for column, head in enumerate(heads):
            sheet.write_string(2, column, head, self.formats["head"])
        sheet.set_row(2, 32)
        sheet.freeze_panes(3, 1)
        sheet.repeat_rows(2)
        sheet.set_paper(paper)
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.5, 0.5, 0.6, 0.6)
        sheet.set_footer("&C— &P —")
        if corner:
            sheet.set_header(f"&L&14{corner}", {"margin": 0.3})
        return Sheet(self, sheet, widths)

    def finish(self) -> bytes:
        self.book.close()
        return self._stream.getvalue()


class Sheet:
    """A sheet filled from the top; `put` adds a row."""

    def __init__(self, book: Book, sheet: Any, widths: Sequence[float]) -> None:
        self.book, self.sheet, self.widths, self.columns = book, sheet, widths, len(widths)
        self.row = 3

    def put(self, values: Sequence[object], formats: Sequence[str]) -> None:
        for column, (value, name) in enumerate(zip(values, formats, strict=True)):
            form = self.book.formats[name]
            if value is None or value == "":
                self.sheet.write_blank(self.row, column, None, form)
            elif isinstance(value, (Fraction, int)):
                # Excel itself counts in floats; what is exact stands in the text beside or in the journal.
                self.sheet.write_number(self.row, column, float(value), form)
            else:
                self.sheet.write_string(self.row, column, str(value), form)
        # A file that nobody has opened yet has no heights of its own.
        self.sheet.set_row(self.row, HEIGHT * max(map(lines_of, values, self.widths)) + 4)
        self.row += 1

    def band(self, text: str) -> None:
        self.sheet.merge_range(self.row, 0, self.row, self.columns - 1, text, self.book.formats["band"])
        self.row += 1

    def note(self, text: str) -> None:
        """A line of small print over the whole width."""
        if self.columns > 1:
            self.sheet.merge_range(self.row, 0, self.row, self.columns - 1, text, self.book.formats["note"])
        else:
            self.sheet.write_string(self.row, 0, text, self.book.formats["note"])
        self.sheet.set_row(self.row, HEIGHT * lines_of(text, sum(self.widths) * 1.1))
        self.row += 1


def save(path: Path, build: Callable[[], bytes]) -> Path:
    """Write what is built; StorageError where the disk refuses."""
    disks.save(path, build())
    return path
