"""Comparing two rosters (数据比对): who stands in one and not in the other, and who twice.

Files are read into memory, compared and forgotten: nothing of them is kept, and what is shown is masked.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import msgspec

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _
from desktop_app.core.operations import calendar, personal_fields, registers, tables
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.rules import register_rules
from desktop_app.core.rules.privacy import mask


class RosterRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a file: its number there, and what stands in it, masked."""

    line: int
    by: str
    words: str


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """`both` counts who stands in both; rows without the compared value are told apart and never matched."""

    by: str
    left: str
    right: str
    left_count: int
    right_count: int
    both: int
    only_left: tuple[RosterRow, ...]
    only_right: tuple[RosterRow, ...]
    twice_left: tuple[RosterRow, ...]
    twice_right: tuple[RosterRow, ...]
    empty_left: int
    empty_right: int


class _Roster:
    """`rows` with the numbers of their lines; the heads stand in one of the first five."""

    def __init__(self, name: str, numbered: list[tuple[int, list[str]]], by: str) -> None:
        if not numbered:
            raise InputError(
                _("“{file}”里没有内容。").format(file=name), next_step=_("请核对是不是选错了文件。")
            )
        self.name = name
        # Some tables have a title above the heads.
        at = next((n for n, (_line, row) in enumerate(numbered[:5]) if by in row), None)
        if at is None:
            raise InputError(
                _("“{file}”没有“{column}”这一列。").format(file=name, column=by),
                next_step=_("这个文件的列有：{columns}。").format(
                    columns="、".join(cell for cell in numbered[0][1] if cell)
                ),
            )
        self.heads = numbered[at][1]
        self.place = self.heads.index(by)
        self.by_key: dict[str, list[RosterRow]] = {}
        self.count = 0
        self.empty = 0
        for line, row in numbered[at + 1 :]:
            self.count += 1
            key = key_of(row[self.place] if self.place < len(row) else "")
            if key:
                self.by_key.setdefault(key, []).append(self._row(line, row))
            else:
                self.empty += 1

    def _row(self, line: int, row: list[str]) -> RosterRow:
        shown = [masked(head, cell) for head, cell in zip(self.heads, row, strict=False) if cell]
        return RosterRow(
            line=line, by=masked(self.heads[self.place], row[self.place]), words="，".join(shown[:6])
        )

    def twice(self) -> tuple[RosterRow, ...]:
        return tuple(row for rows in self.by_key.values() if len(rows) > 1 for row in rows)

    def without(self, other: _Roster) -> tuple[RosterRow, ...]:
        return tuple(row for key, rows in self.by_key.items() if key not in other.by_key for row in rows)


def key_of(text: str) -> str:
    """What two files have to share: full-width signs, spaces, dashes and the case of a closing x make no difference."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


_PERSONS = ("姓名", "名字", "户主", "联系人", "监护人")


def masked(head: str, text: str) -> str:
    """A cell as it may be shown: personal numbers by their form, long numbers of any kind and names by their column."""
    hidden = mask(text)
    if hidden != text:
        return hidden
    if any(word in head for word in _PERSONS):
        return text[:1] + "*" * (len(text) - 1)
    digits = sum(sign.isdigit() for sign in text)
    if digits >= 10 and len(text) <= 20:
        return text[:3] + "*" * (len(text) - 7) + text[-4:]
    return text


def _of_file(path: Path, by: str) -> _Roster:
    rows = tables.rows_of(path)
    return _Roster(path.name, [(number, row) for number, row in enumerate(rows, start=1) if any(row)], by)


def _of_register(workspace: Workspace, key: str, by: str, on: str) -> _Roster:
    """The rows of a register, of a roster those that stand on a day; personal columns are opened with the desk's key
    for as long as the comparison lasts."""
    register = registers.register_of(key)
    asked = next((column for column in register.columns if column.title == by), None)
    day = on or calendar.today(workspace).isoformat()
    columns = [column for column in register.columns if not column.personal or column is asked]
    rows = [(1, [column.title for column in columns])]
    for view in registers.rows(workspace, register.key):
        if register.entry and not register_rules.is_on(register, view.values, day):
            continue
        values = dict(view.values)
        if asked is not None and asked.personal and view.sealed:
            head = workspace.store.ledger.head(view.subject)
            values |= personal_fields.open_personal(workspace, head.body.sealed) if head is not None else {}
        rows.append((len(rows) + 1, [values.get(column.key, "") for column in columns]))
    return _Roster(register.title, rows, by)


def compare(left: Path, right: Path, by: str) -> Comparison:
    """Two files, told apart by one column that both have."""
    return _compared(_of_file(left, by), _of_file(right, by), by)


def compare_with_register(
    workspace: Workspace, file: Path, register: str, by: str, on: str = ""
) -> Comparison:
    """A file (an extract of a business system) and a register of this desk (线上线下一致), told apart by the column
    that both have."""
    return _compared(_of_file(file, by), _of_register(workspace, register, by, on), by)


def _compared(first: _Roster, second: _Roster, by: str) -> Comparison:
    return Comparison(
        by=by,
        left=first.name,
        right=second.name,
        left_count=first.count,
        right_count=second.count,
        both=len(first.by_key.keys() & second.by_key.keys()),
        only_left=first.without(second),
        only_right=second.without(first),
        twice_left=first.twice(),
        twice_right=second.twice(),
        empty_left=first.empty,
        empty_right=second.empty,
    )
