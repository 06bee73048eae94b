"""A task as the notice's layout gives it, before its figures are read."""

from __future__ import annotations

import msgspec


class Found(msgspec.Struct, kw_only=True):
    """`declared` is how many tasks its category says it has; `other` the target's other wording (table, heading)."""

    mark: str = ""
    category: str = ""
    declared: int | None = None
    title: str = ""
    target: str = ""
    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    measures: list[str] = []
    due: str = ""
    from_table: bool = False
    unnumbered: bool = False
    other: str = ""
    other_lead: tuple[str, ...] = ()
