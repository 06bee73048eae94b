"""Signed packages of others that go down unchanged: those from above, a unit's own, and both sides of a difference."""

from __future__ import annotations

from collections.abc import Set

from desktop_app.core.model.unit import Unit
from desktop_app.core.operations import gathering
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package.forward import Forwarded


def passed_down(workspace: Workspace) -> list[Forwarded]:
    """Signed packages from above (plan, organisation, shares) to hand on unchanged."""
    ledger = workspace.store.ledger
    upper = set(workspace.organisation.above(workspace.unit_code))
    standing = workspace.store.projector.standing()
    return [
        gathering.load_forwarded(workspace, row["seq"])
        for row in ledger.containers()
        if row["origin"] in ("package", "forwarded")
        and row["unit"] in upper
        and row["seq"] in standing.unit
        and row["purpose"] in ("setup", "reply")
        and gathering.has_journal(workspace, row["seq"])
    ]


def given_back(workspace: Workspace, unit: Unit) -> list[Forwarded]:
    """The unit's own signed submissions, so that a replaced computer has its history again."""
    ledger = workspace.store.ledger
    standing = workspace.store.projector.standing()
    return [
        gathering.load_forwarded(workspace, row["seq"])
        for row in ledger.containers(unit=unit.code)
        if row["origin"] in ("package", "forwarded")
        and row["seq"] in standing.unit
        and gathering.has_journal(workspace, row["seq"])
    ]


def disputed(workspace: Workspace) -> dict[str, set[str]]:
    """The containers that say something differently from one another, by the unit whose word it is: each of its
    computers knows only its own side, and the office is to choose between both."""
    found: dict[str, set[str]] = {}
    for subject in workspace.store.ledger.forks():
        for step in workspace.store.ledger.history(subject):
            if step.head and not step.why_not:
                found.setdefault(step.entry.unit, set()).update(step.containers)
    return found


def other_sides(workspace: Workspace, unit: Unit, wanted: Set[str]) -> list[Forwarded]:
    """The unit's own signed submissions among these containers."""
    if not wanted:
        return []
    standing = workspace.store.projector.standing()
    return [
        gathering.load_forwarded(workspace, row["seq"])
        for row in workspace.store.ledger.containers(unit=unit.code)
        if row["digest"] in wanted
        and row["origin"] in ("package", "forwarded")
        and row["seq"] in standing.unit
        and gathering.has_journal(workspace, row["seq"])
    ]
