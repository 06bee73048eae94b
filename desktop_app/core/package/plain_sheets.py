"""Reading the sheets of a package as this program writes them, for comparing them with the journal.

Of a merge's time, a reader of any workbook took a third; this one knows the one form that the writer gives, row after
row without a gap, and reads it in a quarter of that.  Whatever is not of that form to the byte it does not read at
all: then the caller takes the reader that knows every form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any
from xml.parsers import expat

from desktop_app.core.package import opc

WORKBOOK_RELS = "xl/_rels/workbook.xml.rels"
STRINGS, STYLES = "xl/sharedStrings.xml", "xl/styles.xml"

_SHEET = re.compile(r'<sheet name="([^"<>]*)" sheetId="\d+" r:id="(rId\d+)"/>')
_TARGET = re.compile(
    r'<Relationship Id="(rId\d+)" Type="[^"<>]*/worksheet" Target="(worksheets/sheet\d+\.xml)"/>'
)
_STRING = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
_STRINGS = re.compile(r"<\?xml [^<>]*\?>\s*<sst [^<>]*>(?=<si>).*</sst>\Z", re.DOTALL)
_ESCAPED = re.compile("_x[0-9A-Fa-f]{4}_")
_STYLE = re.compile(rb'numFmtId="(\d*)"')
_CODE = re.compile(rb'formatCode="([^"]*)"')
_PLAIN_CODES = frozenset((b"#,##0", b"#,##0.######"))
"""Number formats that show a number as one; others may show a date, which the other reader would hand out as such."""
_OWN_FORMATS = 164
"""Formats from here on are those that a workbook states itself."""
_ENTITY = re.compile("&(amp|lt|gt|quot);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"'}
_ROW = re.compile(rb'<row r="([1-9]\d{0,6})"[^<>]*(/?)>')
# A cell holds a string's number, a number, or nothing.
_CONTENT = rb'(?: s="\d+")?(?: t="s"><v>(\d{1,9})</v></c>|><v>([-+.\deE]{1,40})</v></c>|/>)'
_CELL = re.compile(rb'<c r="([A-Z]{1,2})(\d+)"' + _CONTENT)
_END = b"</row>"
_DIMENSION = re.compile(rb'<dimension ref="A1(?::[A-Z]{1,2}[1-9]\d{0,6})?"/>')
_MERGED = re.compile(rb'<mergeCell ref="[A-Z]{1,2}[1-9]\d{0,6}:[A-Z]{1,2}[1-9]\d{0,6}"/>')
_MOST_EMPTY = 1000


class OtherForm(Exception):
    """Not as this program writes it; never leaves this module and `compare`."""


class Cells:
    """A row's cells; each is made out when it is asked for, since few are."""

    __slots__ = ("_match", "_strings", "_width")

    def __init__(self, match: re.Match[bytes], width: int, strings: list[str]) -> None:
        self._match = match
        """Of each cell in turn: the number of its text, its own number, either None."""
        self._width = width
        self._strings = strings

    def __len__(self) -> int:
        return self._width

    def __getitem__(self, at: int) -> Any:
        text, number = self._match.group(2 * at + 2, 2 * at + 3)
        return _value(text, number, self._strings)

    def __iter__(self) -> Iterator[Any]:
        return (self[at] for at in range(self._width))


Row = Cells | list[Any]


def _value(text: bytes | None, number: bytes | None, strings: list[str]) -> Any:
    try:
        if text is not None:
            return strings[int(text)]
        return "" if number is None else float(number)
    except (IndexError, ValueError):
        raise OtherForm from None


def read(parts: Mapping[str, bytes]) -> dict[str, list[Row]] | None:
    """The rows of every sheet by its name, the first row first; None where a part is of another form.

    What is handed out is what the other reader would: text, numbers as floats, "" for nothing.  A cell may raise
    OtherForm when it is asked for.
    """
    try:
        _check_styles(parts[STYLES])
        strings = _strings(parts[STRINGS])
        named = _named(parts[opc.WORKBOOK].decode(), parts[WORKBOOK_RELS].decode())
        return {name: _rows(parts[part], strings) for name, part in named}
    except (OtherForm, KeyError, ValueError):
        return None


def _check_xml(data: bytes) -> None:
    """What a reader of XML would stumble over is not of our form."""
    try:
        expat.ParserCreate().Parse(data, True)
    except expat.ExpatError:
        raise OtherForm from None


# Most packages of a month are styled alike.
@lru_cache(maxsize=4)
def _check_styles(data: bytes) -> None:
    _check_xml(data)
    ids = {int(ident) for ident in _STYLE.findall(data)}
    if data.count(b"numFmtId") != len(_STYLE.findall(data)) or not _PLAIN_CODES.issuperset(
        _CODE.findall(data)
    ):
        raise OtherForm
    if data.count(b"formatCode") != len(_CODE.findall(data)) or any(
        0 < ident < _OWN_FORMATS for ident in ids
    ):
        raise OtherForm


def _strings(data: bytes) -> list[str]:
    text = data.decode()
    found = _STRING.findall(text)
    # Whatever opens something is one of the strings' own, so that none is counted that is not seen here; texts hold no
    # character in Excel's own writing (_x0041_), which readers take in different ways.
    signs = 4 * len(found) + 3
    if not _STRINGS.match(text) or text.count("<") != signs or "\r" in text or _ESCAPED.search(text):
        raise OtherForm
    return [_unescaped(item) for item in found] if "&" in text else found


def _unescaped(text: str) -> str:
    if "&" not in text:
        return text
    if text.count("&") != len(_ENTITY.findall(text)):
        raise OtherForm
    return _ENTITY.sub(lambda found: _ENTITIES[found.group(1)], text)


def _named(workbook: str, rels: str) -> list[tuple[str, str]]:
    """Every sheet's name and part, in the workbook's order."""
    _check_xml(workbook.encode())
    listed = _SHEET.findall(workbook)
    targets = dict(_TARGET.findall(rels))
    if workbook.count("<sheet ") != len(listed) or rels.count("/worksheet") != len(targets):
        raise OtherForm
    found = [(_unescaped(name), "xl/" + targets[ident]) for name, ident in listed]
    if len(dict(found)) != len(found):
        raise OtherForm
    return found


def _rows(data: bytes, strings: list[str]) -> list[Row]:
    begin, end = data.find(b"<sheetData>"), data.find(b"</sheetData>")
    if begin < 0 or end < 0 or b"<row" in data[:begin] or b"<row" in data[end:] or b"<c " in data[end:]:
        raise OtherForm
    at = begin + len(b"<sheetData>")
    if len(_DIMENSION.findall(data, 0, at)) != 1:
        raise OtherForm
    if len(_MERGED.findall(data, end)) != data.count(b"<mergeCell ", end):
        raise OtherForm
    _check_xml(data[:at] + data[end:])
    rows: list[Row] = []
    width, whole = 0, _whole_row(0)
    while at < end:
        match = whole.match(data, at, end)
        if match is not None:
            row: Row = Cells(match, width, strings)
            number, at = int(match[1]), match.end()
        else:
            number, row, at = _any_row(data, at, end, strings)
            width, whole = len(row), _whole_row(len(row))
        missing = number - len(rows) - 1
        if missing:
            if not 0 < missing <= _MOST_EMPTY:
                raise OtherForm
            rows += [[]] * missing
        rows.append(row)
    return rows


@lru_cache(maxsize=64)
def _whole_row(width: int) -> re.Pattern[bytes]:
    """A row that holds every cell up to a width, as all below a table's heads do."""
    cells = b"".join(b'<c r="' + _letters(at) + rb'\1"' + _CONTENT for at in range(width))
    return re.compile(rb'<row r="([1-9]\d{0,6})"[^<>]*[^<>/]>' + cells + _END)


def _any_row(data: bytes, at: int, end: int, strings: list[str]) -> tuple[int, list[Any], int]:
    """A row's number, its cells, gaps filled, and where the next begins."""
    row = _ROW.match(data, at, end)
    if row is None:
        raise OtherForm
    number, closed = row.groups()
    found: list[Any] = []
    at = row.end()
    while not closed and (cell := _CELL.match(data, at, end)):
        letters, of_row, text, value = cell.groups()
        place = _place(letters)
        if of_row != number or place < len(found):
            raise OtherForm
        found += [""] * (place - len(found))
        found.append(_value(text, value, strings))
        at = cell.end()
    if not closed:
        if not data.startswith(_END, at):
            raise OtherForm
        at += len(_END)
    return int(number), found, at


def _letters(at: int) -> bytes:
    return (b"" if at < 26 else bytes((64 + at // 26,))) + bytes((65 + at % 26,))


def _place(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = 26 * place + letter - 64
    return place - 1
