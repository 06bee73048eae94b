"""Whose a file seems to be, going by its name: all that is left to go by where nothing in it can be read or believed.

People put a unit's name or code into a file's name; a guess is said to be one, and nothing is ever booked by it.
"""

from __future__ import annotations

import re
from pathlib import PurePath

from desktop_app.core.operations.workspace import Workspace

_CODE = re.compile(r"(?<!\d)\d{6,12}(?!\d)")
_PACKAGE = re.compile(r"(?P<unit>\d{6,12})-(?P<period>\d{4}-\d{2})(?!\d)")
"""How this program names a package."""


def seems_from(workspace: Workspace, file: str) -> str:
    """The code of the one unit below (or of the desk above) that a file's name points to; "" where it is none or
    several."""
    organisation, own = workspace.organisation, workspace.unit_code
    stem = PurePath(file).name
    codes = [code for code in _CODE.findall(stem) if code in organisation and code != own]
    if codes:
        return str(codes[0])
    named = {unit.code: unit.name for unit in organisation.below(own) if unit.name and unit.name in stem}
    # 枫桥镇中心校 holds 枫桥镇: the longer name is the one that is meant.
    meant = [
        code for code, name in named.items() if not any(name in other != name for other in named.values())
    ]
    return meant[0] if len(meant) == 1 else ""


def period_of(workspace: Workspace, file: str) -> str:
    """The month that a package's name tells, where its unit is known; "" else."""
    found = _PACKAGE.match(PurePath(file).name)
    return found["period"] if found is not None and found["unit"] in workspace.organisation else ""
