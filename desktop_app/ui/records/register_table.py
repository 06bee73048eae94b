"""A register's rows as a table whose columns the declaration gives."""

from __future__ import annotations

from collections.abc import Callable, Collection

from desktop_app.core.i18n import _
from desktop_app.core.model.record_view import RecordView
from desktop_app.core.model.register import Column as Cell
from desktop_app.core.model.register import Register
from desktop_app.ui import text, theme
from desktop_app.ui.widgets.delegates import ChipCell, NumberCell
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable

_SHOWN = 7
"""Columns of the register's own that are shown; the form and the panel below show all of them."""


def _own(cell: Cell, drop: int, stretch: bool) -> Column:
    def shown(record: RecordView) -> str:
        value = record.shown.get(cell.key, "")
        return text.day(record.values.get(cell.key, "")) if cell.type == "date" else value

    right = cell.type in ("number", "money")
    return Column(
        cell.key,
        cell.title,
        84 if cell.type == "date" else min(cell.width, 180) if not stretch else 180,
        shown,
        right=right,
        stretch=stretch,
        drop=drop,
        colour=theme.INK if drop == 0 else theme.INK2,
        cell=NumberCell() if right else None,
        tip=shown,
        sort=lambda record: record.values.get(cell.key, "") or None,
    )


def mood_of(record: RecordView) -> str:
    if record.overdue:
        return "bad"
    if record.warnings:
        return "warn"
    return "ok" if record.closed else "info" if record.answers else "plain"


def state_of(record: RecordView) -> str:
    if record.overdue:
        return _("逾期 {days} 天").format(days=record.overdue)
    return record.state or (_("有提醒") if record.warnings else "")


def make_table(
    register: Register, several_areas: Callable[[], bool], filled: Collection[str] = ()
) -> RecordTable:
    """A table for one register; `several_areas` tells whether the area is worth a column, `filled` which of the
    register's own say anything in any row: where there is little room, the others go first."""
    named = register.called_by
    open_columns = [cell for cell in register.open_columns]
    open_columns.sort(key=lambda cell: cell.key != named)
    columns: list[Column] = []
    if several_areas():
        columns.append(
            Column("area", _("单位"), 92, lambda r: r.area_name, colour=theme.INK2, sort=lambda r: r.area)
        )
    for number, cell in enumerate(open_columns[:_SHOWN]):
        # The last of the register's own go first, the second only when nothing else is left to go.
        drop = _SHOWN - number + 2 if number else 0
        columns.append(_own(cell, drop if not number or cell.key in filled else 1, number == 0))
    if register.about:
        columns.append(
            Column(
                "about",
                _("所属"),
                120,
                lambda r: r.about_name,
                colour=theme.INK2,
                tip=lambda r: r.about_name,
                drop=_SHOWN + 3,
            )
        )
    if register.addressed:
        columns.append(
            Column("to", _("承办单位"), 100, lambda r: r.to_name, sort=lambda r: r.to_name or None)
        )
    if register.dated:
        columns.append(Column("due", _("期限"), 70, lambda r: text.day(r.due), sort=lambda r: r.due or None))
    if register.proof:
        columns.append(Column("evidence", _("佐证"), 52, lambda r: str(r.evidence or ""), right=True, drop=2))
    if register.steps or register.checks or register.unique:
        columns.append(
            Column(
                "state", _("状态"), 96, state_of, cell=ChipCell(mood_of), whole=True,
                tip=lambda r: "\n".join(r.warnings), sort=lambda r: (-r.overdue, r.state),
            )
        )  # fmt: skip
    table = RecordTable(RecordModel(columns), row_height=32)
    table.keep_place_by(lambda record: record.subject)
    table.setAccessibleName(register.title)
    return table
