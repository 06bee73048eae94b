"""Small tables people hand over: the first sheet of an xlsx, or a csv in whatever encoding their Excel wrote."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _

ENCODINGS = ("utf-8-sig", "gb18030")


def read_table(
    path: Path, heads: Mapping[str, Sequence[str]], required: Sequence[str]
) -> list[tuple[int, dict[str, str]]]:
    """Rows as (row number in the file, {field: text}), found by the words in the first non-empty row.

    `heads` gives the accepted column names of each field.  InputError where the file cannot be read or a required
    column is missing; a row lacking a required value is named; empty rows are passed over.
    """
    rows = rows_of(path)
    numbered = [(number, row) for number, row in enumerate(rows, start=1) if any(row)]
    if not numbered:
        raise InputError(
            _("“{file}”里没有内容。").format(file=path.name), next_step=_("请核对是不是选错了文件。")
        )
    columns: dict[str, int] = {}
    for index, text in enumerate(numbered[0][1]):
        for field, names in heads.items():
            if text.lower() in names and field not in columns:
                columns[field] = index
    lacking = [heads[field][0] for field in required if field not in columns]
    if lacking:
        raise InputError(
            _("“{file}”的第一行缺少这几列：{columns}。").format(file=path.name, columns="、".join(lacking)),
            next_step=_("请在第一行写上列名后再试。"),
        )
    found = []
    for number, row in numbered[1:]:
        record = {field: row[index] if index < len(row) else "" for field, index in columns.items()}
        empty = [heads[field][0] for field in required if not record[field]]
        if empty:
            raise InputError(
                _("“{file}”第 {row} 行缺少：{columns}。").format(
                    file=path.name, row=number, columns="、".join(empty)
                ),
                next_step=_("请补齐后再试。"),
            )
        found.append((number, record))
    return found


def rows_of(path: Path) -> list[list[str]]:
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise InputError(
            _("打不开“{file}”。").format(file=path.name),
            next_step=_("请确认文件还在，且没有被别的程序占用。"),
            detail=str(problem),
        ) from problem
    if content[:2] == b"PK":
        return _workbook_rows(path, content)
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text))]
    raise InputError(
        _("“{file}”不是能读的表格。").format(file=path.name),
        next_step=_("请另存为 xlsx 或 csv 后再试（旧的 xls 请先另存）。"),
    )


def _workbook_rows(path: Path, content: bytes) -> list[list[str]]:
    import warnings

    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheet = book.worksheets[0]
            return [[_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    except Exception as problem:
        raise InputError(
            _("“{file}”读不出来，可能不是完整的 Excel 文件。").format(file=path.name),
            next_step=_("请用 Excel 或 WPS 打开看看，重新另存为 xlsx 后再试。"),
            detail=str(problem),
        ) from problem


def _text(value: object) -> str:
    """A cell as text; a code that Excel turned into a number keeps its digits."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
