"""Rule 9: do the sheets say what the journal says?

Import never reads the sheets, so a difference endangers no figure; but people read them, and are told.  Values are
compared, not bytes; columns are found by their heads, so that the sheets of older templates stay checkable.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import msgspec

from desktop_app.core.i18n import _
from desktop_app.core.journal.line import read_body
from desktop_app.core.model.entry import Entry
from desktop_app.core.package import columns, opc, plain_sheets, sheets
from desktop_app.core.package.opened import EntryLine, Journal, OpenedPackage
from desktop_app.core.rules.privacy import mask

_SHOWN = 5
"""Differences told one by one; the rest are counted."""

_HEAD_ROWS = 6
_entry = msgspec.json.Decoder(Entry)


class _Row(msgspec.Struct, frozen=True, gc=False):
    """A data row: its number on the sheet, its cells, and what stands in the id column."""

    number: int
    cells: plain_sheets.Row
    ident: str


class _Table(msgspec.Struct, frozen=True):
    """A sheet's data rows, and where each column stands."""

    name: str
    place: dict[str, int]
    rows: list[_Row]

    def cell(self, row: _Row, head: str) -> Any:
        """A row's cell by its column's head; "" where there is no such column."""
        at = self.place.get(head, -1)
        return row.cells[at] if 0 <= at < len(row.cells) else ""


def compare_sheets(package: OpenedPackage, parts: Mapping[str, bytes]) -> tuple[str, ...]:
    """Notes on every difference between the verified sheets (`parts`, xl/… by name) and the verified journals."""
    plain = plain_sheets.read(parts)
    if plain is not None:
        try:
            return _compared(package, plain)
        except plain_sheets.OtherForm:
            pass  # A cell turned out to be what only the other reader understands.
    try:
        found = _read(parts)
    except (
        Exception
    ):  # The reader is someone else's and raises its own kinds; the sheets are only for people.
        return (_("表格读不出来，没有和数据核对；汇入以数据为准。"),)
    return _compared(package, found)


def _compared(package: OpenedPackage, found: Mapping[str, Sequence[plain_sheets.Row]]) -> tuple[str, ...]:
    comparison = _Comparison(package)
    comparison.cover(found.get(sheets.COVER, []))
    for name, rows in found.items():
        table = _table(name, rows)
        if table is not None:
            comparison.table(table)
    return comparison.notes()


def _read(parts: Mapping[str, bytes]) -> dict[str, list[list[Any]]]:
    from python_calamine import CalamineWorkbook

    # A small workbook of the verified bytes alone: the file itself may hold gigabytes of evidence.
    small = io.BytesIO()
    with zipfile.ZipFile(small, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(opc.ROOT_RELS, opc.relationships(opc.ROOT_RELATIONSHIPS[:1]))
        for name, data in parts.items():
            if not name.startswith(("xl/drawings/", "xl/theme/", "xl/worksheets/_rels/")):
                archive.writestr(name, data)
    small.seek(0)
    with CalamineWorkbook.from_filelike(small) as book:
        return {name: book.get_sheet_by_name(name).to_python(False) for name in book.sheet_names}


def _table(name: str, rows: Sequence[plain_sheets.Row]) -> _Table | None:
    """The data below the row of heads, or None for a sheet without ids (the cover)."""
    for at, cells in enumerate(rows[:_HEAD_ROWS]):
        heads = list(cells)
        if columns.ID_HEAD in heads:
            last = heads.index(columns.ID_HEAD)
            data = [
                _Row(number, cells, str(cells[last]) if last < len(cells) else "")
                for number, cells in enumerate(rows[at + 1 :], at + 2)
            ]
            return _Table(name, {str(head): place for place, head in enumerate(heads)}, data)
    return None


# --- values --------------------------------------------------------------------------------------------------------


def _fraction(value: Any) -> Fraction | None:
    """A figure as an exact number; None for nothing or no number."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        # A decimal that went through a binary float comes back as its shortest form.
        return Fraction(repr(value) if isinstance(value, float) else str(value).replace(",", ""))
    except (ValueError, ZeroDivisionError):
        return None


def _float(said: Any) -> float | None:
    try:
        return float(said)
    except ValueError:
        return None


def _same_number(shown: Any, said: Any) -> bool:
    if said is None or said == "":
        return shown is None or shown == ""
    # Nearly always they are simply equal, and exact fractions are slow.
    if shown == (said if isinstance(said, int) else _float(said)):
        return True
    return _fraction(shown) == _fraction(said)


_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def _same_text(shown: Any, said: Any) -> bool:
    if shown == said:
        return True
    if isinstance(shown, float) and shown.is_integer():
        shown = int(shown)
    # Control characters stand in a sheet as _x0008_; some readers hand that out as it is.
    plain = _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), str(shown))
    left, right = " ".join(plain.split()), " ".join(str(said or "").split())
    return left == right or (len(left) > 30_000 and right.startswith(left))


def _same_quantities(shown: Any, said: Any) -> bool:
    pairs = [part.partition("×") for part in str(shown).split(";") if part]
    read = {name: _fraction(amount) for name, _times, amount in pairs}
    return read == {name: _fraction(amount) for name, amount in dict(said).items()}


def _same_fields(shown: Any, said: Any) -> bool:
    """A register's row: one line a cell, "title：text"; titles may be another version's, what is said may not."""
    lines = [line.partition("：")[2] for line in str(shown).split("\n") if line]
    plain = [_ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), line) for line in lines]
    texts = [mask(text) for text in dict(said).values()]
    return sorted(" ".join(line.split()) for line in plain) == sorted(
        " ".join(text.split()) for text in texts
    )


def _same_masked(shown: Any, said: Any) -> bool:
    return _same_text(shown, mask(str(said)))


class _Column(msgspec.Struct, frozen=True):
    """How a column is compared: what the entry says, and whether the cell says the same."""

    head: str
    said: Callable[[EntryLine, Any], Any]
    same: Callable[[Any, Any], bool]


def _subject_word(at: int) -> Callable[[EntryLine, Any], str]:
    def word(entry: EntryLine, _body: Any) -> str:
        words = entry.subject.split("/")
        return words[at] if at < len(words) else ""

    return word


_VALUE = (
    _Column("本期累计", lambda _entry, body: body.value, _same_number),
    _Column("分母", lambda _entry, body: body.of, _same_number),
)
_COMPARED: dict[str, tuple[_Column, ...]] = {
    "progress": (_Column("指标编号", _subject_word(3), _same_text), *_VALUE),
    "review": _VALUE,
    "site": (
        _Column("项目名称", lambda _entry, body: body.name, _same_text),
        _Column("地点", lambda _entry, body: body.place, _same_text),
        _Column("指标与数量", lambda _entry, body: body.quantities, _same_quantities),
        _Column("完成", lambda _entry, body: body.completed, _same_text),
    ),
    "evidence": (
        _Column("文件名", lambda _entry, body: body.name, _same_text),
        _Column("文件校验值(SHA-256)", lambda _entry, body: body.sha256, _same_text),
    ),
    "problem": (
        _Column("任务", lambda _entry, body: body.task, _same_number),
        _Column("问题", lambda _entry, body: body.text, _same_text),
        _Column("状态", lambda _entry, body: columns.PROBLEM_WORDS[body.status], _same_text),
        _Column("整改期限", lambda _entry, body: body.due, _same_text),
    ),
    "fund": (
        _Column("任务", lambda _entry, body: body.task, _same_number),
        _Column("资金级次", lambda _entry, body: columns.FUND_LEVELS[body.level], _same_text),
        _Column("到位（元）", lambda _entry, body: body.arrived, _same_number),
        _Column("支付（元）", lambda _entry, body: body.paid, _same_number),
    ),
    "record": (
        _Column("任务", lambda _entry, body: body.task or None, _same_number),
        _Column("内容", lambda _entry, body: body.fields, _same_fields),
        _Column("期限", lambda _entry, body: body.due, _same_text),
    ),
    "answer": (
        _Column("答复", lambda _entry, body: body.text, _same_masked),
        _Column("日期", lambda _entry, body: body.date, _same_text),
    ),
}


def _columns_in(table: _Table, kind: str) -> list[tuple[int, _Column]] | None:
    """The columns by which a kind's rows are compared, with their places; None where the sheet is not the kind's."""
    if table.name != _SHEET_OF[kind]:
        return None
    return [(table.place[column.head], column) for column in _COMPARED[kind] if column.head in table.place]


class _Comparison:
    """Goes through the tables and collects what differs."""

    def __init__(self, package: OpenedPackage) -> None:
        self.package = package
        journals = [*package.journals]
        for item in package.forwarded:
            journals.extend(item.journals)
        self.index: dict[bytes, tuple[Journal, EntryLine]] = {
            entry.id: (journal, entry) for journal in journals for entry in journal.entries
        }
        self.files = {file.sha256 for file in package.manifest.files}
        self.found: list[str] = []
        self.sites: list[tuple[str, dict[str, Any]]] = []
        """(area's name, quantities) of the sites that the sheet counts."""
        self.progress: _Table | None = None
        self.shown: set[bytes] = set()

    def notes(self) -> tuple[str, ...]:
        self._check_recomputed()
        self._check_hidden()
        if len(self.found) <= _SHOWN:
            return tuple(self.found)
        more = _("表格里还有 {count} 处与数据不一致。").format(count=len(self.found) - _SHOWN)
        return (*self.found[:_SHOWN], more)

    def _differs(self, sheet: str, row: int, column: str, shown: Any, said: Any) -> None:
        self.found.append(
            _("表格“{sheet}”第 {row} 行“{column}”显示“{shown}”，数据是“{said}”，汇入以数据为准。").format(
                sheet=sheet, row=row, column=column, shown=_plain(shown), said=_plain(said)
            )
        )

    # --- the cover -------------------------------------------------------------------------------------------------

    def cover(self, rows: Sequence[plain_sheets.Row]) -> None:
        manifest = self.package.manifest
        for number, row in enumerate(rows, 1):
            if len(row) > 1 and row[0] == "校验码" and str(row[1]) != manifest.digest:
                self._differs(sheets.COVER, number, "校验码", row[1], manifest.digest)
        if manifest.purpose != "submission" or not manifest.digest or not self.package.journals:
            return
        codes = {
            body.digest
            for journal in self.package.journals
            for entry in journal.entries
            if entry.kind == "submission"
            for body in (self._body(journal, entry),)
        }
        if manifest.digest not in codes:
            self.found.append(_("校验码 {code} 在数据里没有对应的报送记录。").format(code=manifest.digest))

    # --- rows that stand for entries -------------------------------------------------------------------------------

    @staticmethod
    def _body(journal: Journal, line: EntryLine) -> Any:
        body = journal.bodies.get(line.id)
        return read_body(line.kind, _entry.decode(journal.line(line)).body) if body is None else body

    def table(self, table: _Table) -> None:
        if table.name == sheets.PROGRESS:
            self.progress = table
        if table.name == sheets.EVIDENCE:
            self._check_inside(table)
        if not self.index:
            return
        compared = {kind: _columns_in(table, kind) for kind in _COMPARED}
        for row in table.rows:
            if len(row.ident) != 64:
                continue
            try:
                located = self.index.get(bytes.fromhex(row.ident))
            except ValueError:
                located = None
            if located is not None:
                journal, line = located
                self.shown.add(line.id)
                columns_here = compared.get(line.kind)
                if columns_here is not None:
                    self._check_row(table, row, journal, line, columns_here)
                continue
            self.found.append(
                _("表格“{sheet}”第 {row} 行在数据里没有对应的记录。").format(sheet=table.name, row=row.number)
            )

    def _check_row(
        self, table: _Table, row: _Row, journal: Journal, line: EntryLine, compared: list[tuple[int, _Column]]
    ) -> None:
        body = self._body(journal, line)
        cells, width = row.cells, len(row.cells)
        for at, column in compared:
            shown, said = cells[at] if at < width else "", column.said(line, body)
            # Nearly always they are simply equal.
            if shown != said and not column.same(shown, said):
                self._differs(table.name, row.number, column.head, shown, said)
        if line.kind == "site" and table.cell(row, "计入") == "是":
            self.sites.append((str(table.cell(row, "单位（地区）")), dict(body.quantities)))

    def _check_inside(self, table: _Table) -> None:
        for row in table.rows:
            sha256 = str(table.cell(row, "文件校验值(SHA-256)"))
            if table.cell(row, "是否在本包") == "在" and sha256 not in self.files:
                self._differs(table.name, row.number, "是否在本包", "在", "不在")

    # --- rows that are computed ------------------------------------------------------------------------------------

    def _check_recomputed(self) -> None:
        table = self.progress
        if table is None:
            return
        added = self._added(table)
        for row in table.rows:
            if len(row.ident) == 64:
                continue
            indicator, area = str(table.cell(row, "指标编号")), str(table.cell(row, "单位（地区）"))
            if row.ident == sheets.BASIS_WORDS["sites"]:
                amounts = [
                    quantities[indicator]
                    for name, quantities in self.sites
                    if name == area and indicator in quantities
                ]
                self._check_total(table, row, "本期累计", amounts)
            elif row.ident == sheets.BASIS_WORDS["sum"]:
                parts = [part for part in added.get(indicator, ()) if part.number != row.number]
                for head in ("本期累计", "分母"):
                    self._check_total(table, row, head, [table.cell(part, head) for part in parts])

    @staticmethod
    def _added(table: _Table) -> dict[str, list[_Row]]:
        """The rows that totals add up, by indicator: entries and site sums."""
        found: dict[str, list[_Row]] = {}
        if any(row.ident == sheets.BASIS_WORDS["sum"] for row in table.rows):
            for row in table.rows:
                if len(row.ident) == 64 or row.ident == sheets.BASIS_WORDS["sites"]:
                    found.setdefault(str(table.cell(row, "指标编号")), []).append(row)
        return found

    def _check_total(self, table: _Table, row: _Row, head: str, amounts: Sequence[Any]) -> None:
        values = [value for value in map(_fraction, amounts) if value is not None]
        shown = table.cell(row, head)
        if (_fraction(shown) or 0) != sum(values):
            total = sum(values, Fraction(0))
            self._differs(table.name, row.number, head, shown, _plain(float(total)))

    def _check_hidden(self) -> None:
        """Figures of this period that the journal brings and the sheet does not show."""
        manifest = self.package.manifest
        if manifest.purpose != "submission" or self.progress is None or not manifest.period:
            return
        ending = "/" + manifest.period
        said = [
            (journal, entry)
            for journal in self.package.journals
            for entry in journal.entries
            if entry.kind == "progress" and entry.subject.endswith(ending)
        ]
        visible = {entry.subject for _journal, entry in said if entry.id in self.shown}
        if all(entry.subject in visible for _journal, entry in said):
            return
        counted = [entry for journal, entry in said if not self._body(journal, entry).void]
        replaced = {
            entry.replaces[at : at + 32] for entry in counted for at in range(0, len(entry.replaces), 32)
        }
        hidden = {entry.subject for entry in counted if entry.id not in replaced} - visible
        if hidden:
            self.found.append(
                _("数据里有 {count} 项本期数字没有写在表格“{sheet}”上。").format(
                    count=len(hidden), sheet=sheets.PROGRESS
                )
            )


_SHEET_OF: dict[str, str] = {
    "progress": sheets.PROGRESS,
    "review": sheets.PROGRESS,
    "site": sheets.SITES,
    "evidence": sheets.EVIDENCE,
    "problem": sheets.PROBLEMS,
    "fund": sheets.FUNDS,
    "record": sheets.RECORDS,
    "answer": sheets.ANSWERS,
}


def _plain(value: Any) -> str:
    """A value as a note shows it."""
    if value is None or value == "":
        return _("空")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"
