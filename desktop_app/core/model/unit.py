"""Units (单位) and the tree they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from desktop_app.core.i18n import N_

Level = Literal["city", "county", "township"]
Kind = Literal["government", "department", "street", "park", "school", "hospital", "company", "other"]

LEVEL_NAMES: dict[str, str] = {"city": N_("市级"), "county": N_("县区"), "township": N_("乡镇")}
KIND_NAMES: dict[str, str] = {
    "government": N_("政府"),
    "department": N_("部门"),
    "street": N_("街道"),
    "park": N_("园区"),
    "school": N_("学校"),
    "hospital": N_("医院"),
    "company": N_("企业"),
    "other": N_("其他"),
}
"""Words for tables and package sheets; screens and the command line look them up with `_`."""


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """One desk-holding unit.  `parent` is the code of the unit above, None for the city."""

    code: str
    name: str
    level: Level
    kind: Kind = "government"
    parent: str | None = None
    phone: str = ""
    active: bool = True

    @property
    def is_area(self) -> bool:
        """Whether the unit stands for a territory that is counted (a government, street or park), not an office."""
        return self.kind in ("government", "street", "park")

    @property
    def sort(self) -> str:
        """What sort of desk it is, for a narrow column: the level of a government, the kind of any other."""
        return self.level if self.kind == "government" else self.kind


class Organisation:
    """The tree of units, by code.  Unknown codes are answered with None or an empty result, never an error."""

    def __init__(self, units: Iterable[Unit] = ()) -> None:
        self.units: dict[str, Unit] = {unit.code: unit for unit in units}
        self._children: dict[str | None, list[Unit]] = {}
        self._above: dict[str, list[str]] = {}
        for unit in sorted(self.units.values(), key=lambda u: (not u.is_area, u.code)):
            self._children.setdefault(unit.parent, []).append(unit)

    def __contains__(self, code: str) -> bool:
        return code in self.units

    def __iter__(self) -> Iterator[Unit]:
        return iter(self.units.values())

    def get(self, code: str | None) -> Unit | None:
        return self.units.get(code) if code is not None else None

    def name(self, code: str) -> str:
        """The unit's name, or its code where it is not known."""
        unit = self.units.get(code)
        return unit.name if unit else code

    def root(self) -> Unit | None:
        """The city: the unit without a parent."""
        roots = self._children.get(None, [])
        return roots[0] if roots else None

    def children(self, code: str | None) -> list[Unit]:
        """Units directly below, territories first, then offices, each by code."""
        return self._children.get(code, [])

    def child_areas(self, code: str) -> list[Unit]:
        return [unit for unit in self.children(code) if unit.is_area]

    def above(self, code: str) -> list[str]:
        """Codes of the units above, the nearest first."""
        if code not in self._above:
            self._above[code] = self._path(code)
        return self._above[code].copy()

    def _path(self, code: str) -> list[str]:
        path: list[str] = []
        unit = self.units.get(code)
        while unit is not None and unit.parent is not None and unit.parent not in path:
            path.append(unit.parent)
            unit = self.units.get(unit.parent)
        return path

    def is_above(self, upper: str, lower: str) -> bool:
        if lower not in self._above:
            self.above(lower)
        return upper in self._above[lower]

    def below(self, code: str) -> list[Unit]:
        """Every unit below, depth first."""
        found: list[Unit] = []
        stack = list(reversed(self.children(code)))
        while stack:
            unit = stack.pop()
            found.append(unit)
            stack.extend(reversed(self.children(unit.code)))
        return found

    def home_area(self, code: str) -> str:
        """The territory a unit works for: itself, or for an office the nearest territory above."""
        unit = self.units.get(code)
        if unit is None or unit.is_area:
            return code
        for upper in self.above(code):
            above = self.units.get(upper)
            if above is not None and above.is_area:
                return upper
        return code
