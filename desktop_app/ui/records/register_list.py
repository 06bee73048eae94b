"""The registers to choose from, in their groups, with what is open and what is late."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from desktop_app.core.i18n import _
from desktop_app.core.model.register import Group, Register
from desktop_app.ui import theme
from desktop_app.ui.widgets.delegates import NumberCell
from desktop_app.ui.widgets.records import Column, Grouping, RecordModel
from desktop_app.ui.widgets.table import RecordTable


class Line(NamedTuple):
    register: Register
    group: str
    total: int
    open: int
    late: int


def _count(line: Line) -> str:
    if line.late:
        return _("逾期 {count}").format(count=line.late)
    return str(line.open or line.total or "")


class RegisterList(RecordTable):
    """One line a register; the number is what is late (red), else what is open, else how many rows there are."""

    def __init__(self) -> None:
        model = RecordModel(
            [
                Column(
                    "title", _("台账册"), 120, lambda line: line.register.title, stretch=True,
                    tip=lambda line: line.register.what,
                ),
                Column(
                    "count", "", 56, _count, right=True,
                    cell=NumberCell(
                        lambda line: (theme.RED, "note-bold") if line.late
                        else (theme.AMBER, "note-bold") if line.open
                        else (theme.INK2, "note")
                    ),
                ),
            ],
            Grouping(lambda line: line.group, lambda group: group),
        )  # fmt: skip
        super().__init__(model, row_height=30, group_height=26)
        self.horizontalHeader().hide()
        self.keep_place_by(lambda line: line.register.key)
        self.setAccessibleName(_("台账册"))

    def show_registers(
        self,
        registers: Iterable[Register],
        groups: Iterable[Group],
        counts: Mapping[str, tuple[int, int, int]],
    ) -> None:
        found = list(registers)
        self.refill(
            Line(register, group.title, *counts.get(register.key, (0, 0, 0)))
            for group in groups
            for register in found
            if register.group == group.key
        )

    def choose(self, key: str) -> bool:
        """Whether the register is in the list; it is then the current one."""
        at = self.record_model.find(lambda line: line.register.key == key)
        self.go_to(at)
        return at >= 0

    def go_to_pressing(self, keeps: Callable[[str], bool]) -> None:
        """To the first register with something late, else the first that is written here, else the first."""
        find = self.record_model.find
        for at in (find(lambda line: line.late > 0), find(lambda line: keeps(line.register.key))):
            if at >= 0:
                self.go_to(at)
                return
        self.go_to_first()

    @property
    def chosen(self) -> Register | None:
        line = self.current_record()
        return line.register if line is not None else None
