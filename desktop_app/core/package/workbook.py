"""Drawing the sheets with XlsxWriter, and taking the workbook apart into the parts a package carries.

Everything here is Chinese whatever the program's language, since the sheets travel between offices.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import xlsxwriter

from desktop_app.core.model.bodies import Number
from desktop_app.core.package import columns, opc, sheets
from desktop_app.core.package.cover import draw_cover
from desktop_app.core.package.opc import Relationship
from desktop_app.core.package.sheets import Cell, Sheets, TableSheet
from desktop_app.core.package.style import LIGHTS, Styles, lines_of

_ID_WIDTH = 9
_NOTHING = "（本期无）"
_MAX_TEXT = 32_000
"""Excel takes 32,767 characters in a cell."""


def build(content: Sheets) -> dict[str, bytes]:
    """The workbook's parts by name (`xl/…`), relationships in their one form; the same bytes for the same content."""
    return _parts(draw(content))


def draw(content: Sheets) -> bytes:
    """The workbook as XlsxWriter saves it, before it is taken apart: what a preview reads."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            # Text that someone typed stays text, whatever it begins with.
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    book.read_only_recommended()
    # There is nothing to calculate; asked to do it on loading, Excel would want to save the file when it is closed,
    # and with that the signature would go.
    book.calc_on_load = False
    styles = Styles(book)
    draw_cover(book, styles, content.cover)
    drawer = _Drawer(book, styles, content)
    drawer.draw_all()
    book.close()
    return out.getvalue()


def _parts(data: bytes) -> dict[str, bytes]:
    """Take XlsxWriter's file apart: docProps go (Office leaves them unsigned), relationships get their one form."""
    parts = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            if not name.startswith("xl/"):
                continue
            if name.endswith(".rels"):
                found = opc.parse(content, 0, name)
                content = opc.relationships(
                    Relationship(item.get("Id", ""), item.get("Type", ""), item.get("Target", ""))
                    for item in found
                )
            parts[name] = content
    return parts


def _number(value: Number | str | None) -> int | float | str | None:
    """A cell's value: whole numbers and decimal strings become numbers, other text stays text, "" is nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, int):
        # Beyond 15 digits a spreadsheet rounds; then the exact text is better.
        return value if abs(value) < 10**15 else str(value)
    try:
        exact = Decimal(value)
    except InvalidOperation:
        return value
    if not exact.is_finite() or len(exact.as_tuple().digits) > 15:
        return value
    return float(exact)


class _Drawer:
    """Draws the table sheets, all in one manner."""

    def __init__(self, book: Any, styles: Styles, content: Sheets) -> None:
        self.book = book
        self.styles = styles
        self.content = content
        cover = content.cover
        self.footer = sheets.footer(cover)
        self.widths: list[float] = []
        """Column widths of the sheet being drawn."""
        self.subtitle = f"{cover.unit_name}  {cover.period}"

    def draw_all(self) -> None:
        content = self.content
        if content.progress is not None:
            self._progress(content.progress)
        if content.sites is not None:
            self._sites(content.sites)
        if content.evidence is not None:
            self._evidence(content.evidence)
        if content.problems is not None:
            self._problems(content.problems)
        if content.funds is not None:
            self._funds(content.funds)
        for table in content.tables:
            self._table(table)

    def _sheet(self, name: str, title: str, heads: columns.Columns, count: int, extra: int = 0) -> Any:
        """A sheet with title, heads and page set-up; the id column is added as the last one.  `extra` rows follow."""
        sheet = self.book.add_worksheet(name)
        styles, last = self.styles, len(heads)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, 2)
        sheet.freeze_panes(3, 0)
        sheet.hide_gridlines(2)
        sheet.set_footer(self.footer)
        sheet.set_row(0, 26)
        sheet.set_row(1, 16)
        sheet.set_row(2, 24)
        sheet.merge_range(0, 0, 0, last - 1, title, styles.title)
        sheet.write_string(1, 0, self.subtitle, styles.subtitle)
        self.widths = [width for _head, width in heads]
        for column, (head, width) in enumerate(heads):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, head, styles.head)
        sheet.set_column(last, last, _ID_WIDTH)
        # The ids are for the receiving program; on paper the column would only make everything else smaller.
        sheet.print_area(0, 0, max(3, count + 2) + extra, last - 1)
        sheet.write_string(2, last, columns.ID_HEAD, styles.id_head)
        if not count:
            sheet.write_string(3, 0, _NOTHING, styles.subtitle)
        return sheet

    def _row(
        self,
        sheet: Any,
        row: int,
        cells: Sequence[Any],
        ident: str,
        *,
        wide: frozenset[int],
        counters: frozenset[int] = frozenset({0}),
        lowest: float = 18,
    ) -> None:
        """One row; columns in `wide` hold text to the left, `counters` numbers that only count; the rest is centred,
        figures stand right."""
        styles = self.styles
        widths = self.widths
        lines = 1
        for column, value in enumerate(cells):
            if value is None or value == "":
                sheet.write_blank(row, column, None, styles.text)
            elif isinstance(value, int) and column in counters:
                sheet.write_number(row, column, value, styles.counter)
            elif isinstance(value, int | float):
                sheet.write_number(row, column, value, styles.whole if value == int(value) else styles.exact)
            else:
                text = str(value)[:_MAX_TEXT]
                left = column in wide
                lines = max(lines, lines_of(text, widths[column] - (1 if left else 0)))
                sheet.write_string(row, column, text, styles.for_text(text, left=left))
        sheet.write_string(row, len(cells), ident, styles.ident)
        # Excel would find the height itself when it opens the file; LibreOffice does not.
        sheet.set_row(row, max(lowest, min(400, 6 + 12 * lines)))

    # --- the sheets ------------------------------------------------------------------------------------------------

    def _progress(self, rows: Sequence[sheets.ProgressRow]) -> None:
        sheet = self._sheet(sheets.PROGRESS, "民生实事进展情况表", columns.PROGRESS_COLUMNS, len(rows))
        for at, row in enumerate(rows):
            cells = (
                row.task,
                row.category,
                row.indicator,
                row.name,
                row.area_name,
                row.measure,
                _number(row.share),
                _number(row.previous),
                _number(row.value),
                _number(row.of),
                _number(row.increase),
                _number(row.done),
                row.light,
                row.reporter_name,
                row.note,
            )
            ident = row.entry or sheets.BASIS_WORDS[row.basis]
            self._row(sheet, at + 3, cells, ident, wide=frozenset({3, 4, 13, 14}))
            shape, _ink = LIGHTS.get(row.light, ("", ""))
            if shape:
                sheet.write_string(at + 3, 12, f"{shape} {row.light}", self.styles.lights[row.light])

    def _sites(self, rows: Sequence[sheets.SiteRow]) -> None:
        sheet = self._sheet(sheets.SITES, "项目（点位、个案）台账", columns.SITE_COLUMNS, len(rows))
        for at, row in enumerate(rows):
            cells = (
                at + 1,
                row.area_name,
                row.name,
                row.place,
                sheets.quantities_text(row.indicators),
                row.stage,
                row.started,
                row.completed,
                row.charge,
                "是" if row.counts else "否",
                row.evidence,
                row.note,
            )
            self._row(
                sheet, at + 3, cells, row.entry, wide=frozenset({1, 2, 3, 5, 11}), counters=frozenset({0, 10})
            )

    def _evidence(self, rows: Sequence[sheets.EvidenceRow]) -> None:
        shown = sum(1 for row in rows if row.thumbnail)
        more = int(shown > sheets.THUMBNAILS)
        sheet = self._sheet(sheets.EVIDENCE, "佐证材料清单", columns.EVIDENCE_COLUMNS, len(rows), more)
        pictures = 0
        for at, row in enumerate(rows):
            where = "在" if row.inside else row.where or "不在"
            size = max(1, round(row.size / 1024)) if row.size else None
            cells = (
                at + 1,
                "",
                row.name,
                row.caption,
                row.about,
                row.taken,
                size,
                where,
                row.sha256,
            )
            line = at + 3
            placed = pictures < sheets.THUMBNAILS and _place_picture(sheet, line, row)
            pictures += placed
            height = _PICTURE_POINTS + 6 if placed else 18
            self._row(sheet, line, cells, row.entry, wide=frozenset({2, 3, 4, 8}), lowest=height)
        if more:
            text = (
                f"为便于打开，只显示前 {pictures} 张缩略图；其余 {shown - pictures} 张照片见附件，清单完整。"
            )
            sheet.write_string(len(rows) + 3, 0, text, self.styles.subtitle)

    def _problems(self, rows: Sequence[sheets.ProblemRow]) -> None:
        sheet = self._sheet(sheets.PROBLEMS, "问题清单", columns.PROBLEM_COLUMNS, len(rows))
        for at, row in enumerate(rows):
            cells = (
                at + 1,
                row.task,
                row.area_name,
                row.text,
                columns.PROBLEM_WORDS.get(row.status, row.status),
                row.due,
                row.answer,
                row.closed,
            )
            self._row(sheet, at + 3, cells, row.entry, wide=frozenset({2, 3, 6}), counters=frozenset({0, 1}))

    def _funds(self, rows: Sequence[sheets.FundRow]) -> None:
        sheet = self._sheet(sheets.FUNDS, "资金到位和支付情况", columns.FUND_COLUMNS, len(rows))
        for at, row in enumerate(rows):
            cells = (
                at + 1,
                row.task,
                row.area_name,
                columns.FUND_LEVELS.get(row.level, row.level),
                _number(row.arrived),
                _number(row.paid),
                row.date,
                row.note,
            )
            self._row(sheet, at + 3, cells, row.entry, wide=frozenset({2, 7}), counters=frozenset({0, 1}))

    def _table(self, table: TableSheet) -> None:
        widths = (*table.widths, *(14 for _head in table.heads[len(table.widths) :]))
        heads = tuple((head, float(width)) for head, width in zip(table.heads, widths, strict=False))
        sheet = self._sheet(table.name, table.title, heads, len(table.rows))
        counters: frozenset[int] = frozenset({0} if table.heads[:1] in (("序号",), ("任务",)) else ())
        for at, row in enumerate(table.rows):
            cells: list[Cell] = [*row.cells[: len(heads)], *(None for _head in heads[len(row.cells) :])]
            wide = frozenset(range(len(heads)))
            self._row(sheet, at + 3, cells, row.entry, wide=wide, counters=counters)


_PICTURE_POINTS = 66
"""Height of a row with a picture, in points."""


def _place_picture(sheet: Any, line: int, row: sheets.EvidenceRow) -> bool:
    """Put the thumbnail into its row, scaled to fit; False where there is none or the bytes are no picture."""
    from PIL import Image

    if not row.thumbnail:
        return False
    try:
        with Image.open(io.BytesIO(row.thumbnail)) as picture:
            if picture.format not in ("JPEG", "PNG"):
                return False
            width, height = picture.size
    except Exception:  # Pillow raises many kinds; a damaged thumbnail must not stop a submission.
        return False
    # The cell is 17 characters wide, 124 pixels, and 66 points or 88 pixels high.
    scale = min(116 / width, 84 / height)
    sheet.insert_image(
        line,
        1,
        "thumbnail",
        {
            "image_data": io.BytesIO(row.thumbnail),
            "x_scale": scale,
            "y_scale": scale,
            "x_offset": (124 - width * scale) / 2,
            "y_offset": 4,
            "object_position": 1,
            "description": row.caption or row.name,
        },
    )
    return True
