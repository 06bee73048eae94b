"""Every change of an indicator's division: whose share went from what to what, from which day, by which document; and
who was named to report."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Literal

import msgspec

from desktop_app.core.figures.numbers import show
from desktop_app.core.i18n import _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.forms import is_number
from desktop_app.core.model.plan import Indicator
from desktop_app.core.operations.division import divisible_areas, own_area
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.trust.authority import why


class ShareChange(msgspec.Struct, frozen=True, kw_only=True):
    kind: Literal["share", "duty"]
    area_name: str
    before: str
    after: str
    effective: str
    """The day (a share) or the month (a reporter) it holds from, "" from the beginning of the year."""
    document: str
    at: str
    unit_name: str
    operator: str
    why_not: str
    """Why it does not count, "" where it does."""


def division_changes(workspace: Workspace, indicator_id: str) -> list[ShareChange]:
    """Of this desk's own area and the areas directly below it, the newest first."""
    indicator, plan = workspace.indicator(indicator_id), workspace.plan.id
    found = []
    for area in (own_area(workspace), *(unit.code for unit in divisible_areas(workspace))):
        found += _changes(workspace, indicator, "share", area, subjects.share(area, plan, indicator_id))
        found += _changes(workspace, indicator, "duty", area, subjects.duty(area, plan, indicator_id))
    return sorted(found, key=lambda change: change.at, reverse=True)


def _changes(
    workspace: Workspace, indicator: Indicator, kind: Literal["share", "duty"], area: str, subject: str
) -> list[ShareChange]:
    steps = {step.id: step for step in workspace.store.ledger.history(subject)}
    found = []
    for step in steps.values():
        former = [steps[ident] for ident in step.entry.replaces if ident in steps]
        found.append(
            ShareChange(
                kind=kind,
                area_name=workspace.organisation.name(area),
                before="、".join(_words(workspace, indicator, kind, one.body) for one in former),
                after=_words(workspace, indicator, kind, step.body),
                effective=step.body.effective if kind == "share" else step.body.since,
                document=step.body.document,
                at=step.entry.at,
                unit_name=workspace.organisation.name(step.entry.unit),
                operator=step.entry.operator,
                why_not=why(step.why_not) if step.why_not else "",
            )
        )
    return found


def _words(workspace: Workspace, indicator: Indicator, kind: str, body: Any) -> str:
    if kind == "duty":
        if body.each:
            return _("下级各自填报")
        return workspace.organisation.name(body.reporter) if body.reporter else ""
    if body.value is None or body.void:
        return ""
    return show(Fraction(body.value), indicator.decimals) if is_number(body.value) else str(body.value)
