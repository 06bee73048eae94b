"""The unit's own form to print, sign and stamp (盖章表): what stands on it, for whoever draws it.

Its words are always Chinese.  It holds figures only: no notes, no names but those of the officials who fill in, check
and answer for it.
"""

from __future__ import annotations

import msgspec

from desktop_app.core.model.period import Period


class FormRow(msgspec.Struct, frozen=True, kw_only=True):
    """One figure, every field ready to print; "" where there is nothing to say."""

    id: str
    name: str
    unit: str
    share: str
    previous: str
    value: str
    change: str
    remark: str
    """Only what the program itself knows: 沿用5月, 台账汇总, 合计."""


class FormTask(msgspec.Struct, frozen=True, kw_only=True):
    """`title` and `target` in the plan's own wording."""

    no: int
    title: str
    target: str
    rows: tuple[FormRow, ...]


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """`code` is the 校验码 in its groups.  `exported`: a package with this code has been made."""

    city: str
    plan: str
    unit: str
    unit_name: str
    period: Period
    code: str
    tasks: tuple[FormTask, ...]
    filled: str
    checked: str
    responsible: str
    exported: bool
    sample: bool

    @property
    def mark(self) -> str:
        """What the QR code says; capitals and digits only, which makes it small and coarse enough for a copier."""
        return f"TAIZHANG {self.unit} {self.period.key} {self.code}"

    @property
    def figures(self) -> int:
        return sum(len(task.rows) for task in self.tasks)
