"""A notice's file as lines and tables: txt (utf-8 or GB 18030), docx, xlsx."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import msgspec

from desktop_app.core.errors import InputError, StorageError
from desktop_app.core.i18n import _
from desktop_app.core.plan.notice.text import fold

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_ROWS, MAX_COLUMNS = 5000, 60


class Line(msgspec.Struct, frozen=True):
    """One paragraph."""

    text: str


class Table(msgspec.Struct, frozen=True):
    """Rows of cells; what spans several rows or columns stands in each.  `grid` is False where cells were split from
    a line of text, so that columns need not line up.  `name` is a sheet's."""

    rows: tuple[tuple[str, ...], ...]
    grid: bool = True
    name: str = ""


Block = Line | Table


def read_blocks(path: Path) -> list[Block]:
    """Lines and tables in order.  StorageError where the file cannot be opened, InputError where it cannot be read
    as a notice, each saying what to do."""
    name = path.name
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise InputError(_("“{name}”是文件夹。").format(name=name), next_step=_("请选通知文件本身。"))
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as problem:
        raise StorageError(
            _("打不开“{name}”。").format(name=name),
            next_step=_("请确认文件还在原处，且没有被别的程序占用。"),
            detail=str(problem),
        ) from problem
    if len(data) > MAX_BYTES:
        raise InputError(
            _("“{name}”有 {size} MB，太大，不像是通知。").format(name=name, size=size // 2**20),
            next_step=_("通知里有大图的，请删去图片再另存；或者把文字另存为 txt。"),
        )
    if not data.strip():
        raise InputError(_("“{name}”是空的。").format(name=name), next_step=_("请核对是不是选错了文件。"))
    _refuse_other_kinds(name, path.suffix.lower(), data)
    if data[:2] == b"PK":
        blocks = _packed(name, data)
    else:
        blocks = _text(name, data)
    if not any(isinstance(block, Table) or block.text.strip() for block in blocks):
        raise InputError(
            _("“{name}”里没有文字。").format(name=name),
            meaning=_("通知可能是扫描的图片，读不出字。"),
            next_step=_("请找有文字的原稿（docx、xlsx 或 txt），不要用扫描件。"),
        )
    return blocks


def _refuse_other_kinds(name: str, suffix: str, data: bytes) -> None:
    if data[:5] == b"%PDF-" or suffix == ".pdf":
        raise InputError(
            _("“{name}”是 PDF，读不出可靠的文字。").format(name=name),
            next_step=_("请用 Word 或 WPS 打开通知的原稿，另存为 docx 后再选。"),
        )
    if data[:8] == bytes.fromhex("d0cf11e0a1b11ae1") or suffix in (".doc", ".wps", ".xls", ".et"):
        better = "xlsx" if suffix in (".xls", ".et") else "docx"
        raise InputError(
            _("“{name}”是旧格式的文档。").format(name=name),
            next_step=_("请用 Word 或 WPS 打开它，另存为 {kind} 后再选。").format(kind=better),
        )
    if data[:8] in (b"\x89PNG\r\n\x1a\n",) or data[:3] == b"\xff\xd8\xff" or data[:4] == b"Rar!":
        raise InputError(
            _("“{name}”不是文字文件。").format(name=name),
            next_step=_("请选通知的文字稿：docx、xlsx 或 txt。"),
        )


# -- text ----------------------------------------------------------------------------------------------------------


def _text(name: str, data: bytes) -> list[Block]:
    return _grouped(decode_text(name, data).splitlines())


def decode_text(name: str, data: bytes) -> str:
    """UTF-8, UTF-16 with its mark, else GB 18030."""
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InputError(
        _("“{name}”不是能读的文字。").format(name=name),
        next_step=_("请用记事本打开，另存为 UTF-8 编码的 txt；或另存为 docx。"),
    )


def _grouped(lines: list[str]) -> list[Block]:
    """Runs of lines whose cells are parted by bars or tabs become tables."""
    blocks: list[Block] = []
    rows: list[tuple[str, ...]] = []
    for line in [*lines, ""]:
        cells = _cells(line)
        if cells is not None:
            rows.append(cells)
            continue
        if rows:
            blocks.append(Table(tuple(rows), grid=False))
            rows = []
        if line.strip():
            blocks.append(Line(line.strip()))
    return blocks


def _cells(line: str) -> tuple[str, ...] | None:
    folded = fold(line) if "|" not in line else line
    for sign in ("|", "\t"):
        source = folded if sign == "|" else line
        if source.count(sign) >= 2:
            cells = [cell.strip() for cell in source.split(sign)]
            if sign == "|" and all(set(cell) <= set("-: ") for cell in cells):
                return None
            return tuple(cells)
    return None


# -- packed files --------------------------------------------------------------------------------------------------


def _packed(name: str, data: bytes) -> list[Block]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if sum(info.file_size for info in infos) > MAX_UNPACKED:
                raise InputError(
                    _("“{name}”展开后太大，不像是通知。").format(name=name),
                    next_step=_("请删去图片再另存；或者把文字另存为 txt。"),
                )
            names = {info.filename for info in infos}
        if "word/document.xml" in names:
            return _word(name, data)
        if "xl/workbook.xml" in names:
            return _workbook(data)
    except InputError:
        raise
    except Exception as problem:
        raise InputError(
            _("“{name}”打不开，可能没有传完整。").format(name=name),
            next_step=_("请用 Word、Excel 或 WPS 打开看看，重新另存后再试。"),
            detail=str(problem),
        ) from problem
    raise InputError(
        _("“{name}”不是 Word 或 Excel 文件。").format(name=name),
        next_step=_("请选通知的文字稿：docx、xlsx 或 txt。"),
    )


def _workbook(data: bytes) -> list[Block]:
    import warnings

    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    blocks: list[Block] = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        spans = {
            (row, column): (span.min_row, span.min_col)
            for span in sheet.merged_cells.ranges
            for row in range(span.min_row, min(span.max_row, MAX_ROWS) + 1)
            for column in range(span.min_col, min(span.max_col, MAX_COLUMNS) + 1)
        }
        rows: list[tuple[str, ...]] = []
        for row in range(1, min(sheet.max_row, MAX_ROWS) + 1):
            cells = tuple(
                _cell(sheet.cell(*spans.get((row, column), (row, column))).value)
                for column in range(1, min(sheet.max_column, MAX_COLUMNS) + 1)
            )
            said = [cell for cell in cells if cell]
            if not said:
                continue
            if len(set(said)) == 1 and (len(said) == 1 or len(said) == len(cells)):
                if rows and len(cells) > 1:
                    rows.append((said[0],) if cells[0] else cells)
                else:
                    blocks += [Line(part.strip()) for part in said[0].splitlines() if part.strip()]
                continue
            rows.append(cells)
        if rows:
            blocks.append(Table(tuple(rows), name=sheet.title))
    return blocks


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _word(name: str, data: bytes) -> list[Block]:
    import docx
    from docx.table import Table as WordTable
    from docx.text.paragraph import Paragraph

    from desktop_app.core.plan.notice.numbering import Numbering
    from desktop_app.core.plan.notice.word_text import bodies, words

    document = docx.Document(io.BytesIO(data))
    numbering = Numbering(document)
    blocks: list[Block] = []
    lines: list[str] = []
    pictures = False
    for element in bodies(document.element.body):
        if element.tag.endswith("}p"):
            item = Paragraph(element, document._body)
            pictures = pictures or bool(element.xpath(".//w:drawing | .//w:pict"))
            text = numbering.written(item) + words(element)
            lines += [part for part in re.split(r"[\n\v]", text) if part.strip()]
        else:
            blocks += _grouped(lines)
            lines = []
            blocks += _word_table(WordTable(element, document._body), numbering)
    blocks += _grouped(lines)
    if not blocks and pictures:
        raise InputError(
            _("“{name}”里只有图片，没有文字。").format(name=name),
            next_step=_("请找有文字的原稿；扫描的通知请先转成文字再另存为 docx。"),
        )
    return blocks


def _word_table(table: Any, numbering: Any) -> list[Block]:
    from desktop_app.core.plan.notice.word_text import words

    rows: list[tuple[str, ...]] = []
    for row in table.rows[:MAX_ROWS]:
        cells: list[str] = []
        before: Any = None
        for cell in row.cells[:MAX_COLUMNS]:
            if cell._tc is before:
                # A cell over several columns is told once for each; columns stay in their places.
                cells.append(cells[-1])
                continue
            before = cell._tc
            cells.append(
                "\n".join(
                    numbering.written(part) + said
                    for part in cell.paragraphs
                    if (said := words(part._p)).strip()
                )
                or numbering.bare(cell)
            )
        cells = [cell.strip() for cell in cells]
        if len(set(cells)) == 1 and cells[0]:
            cells = cells[:1]
        if any(cells):
            rows.append(tuple(cells))
    return [Table(tuple(rows))] if rows else []
