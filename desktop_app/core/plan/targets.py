"""Targets that were changed in mid-year, put into the plan."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import msgspec

from desktop_app.core.model.plan import Indicator, Plan


def with_targets(plan: Plan, targets: Mapping[str, Fraction]) -> Plan:
    """The plan with other targets, by indicator id; the plan itself where none is another."""
    changed = {
        item.id: value
        for item in plan.indicators()
        if (value := targets.get(item.id)) is not None and value != item.target_value
    }
    if not changed:
        return plan

    def told(item: Indicator) -> Indicator:
        if item.id not in changed:
            return item
        return msgspec.structs.replace(item, target=decimal_text(changed[item.id]), target_open=False)

    return msgspec.structs.replace(
        plan,
        tasks=tuple(
            msgspec.structs.replace(task, indicators=tuple(map(told, task.indicators))) for task in plan.tasks
        ),
    )


def decimal_text(value: Fraction) -> str:
    """A number of the ledger, at most six decimals, as a plan writes it."""
    written = f"{Decimal(value.numerator) / Decimal(value.denominator):f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
