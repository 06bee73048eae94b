"""Many figures at once, through the rules that one typed figure passes.

All are written together and then judged beside one another, so that a total and its parts (其中) may change in one
workbook; what a rule refuses is taken back, and the rest is judged again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.bodies import Number, Part
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator, exact
from desktop_app.core.model.sheet import CellProblem, PlannedRow, Spot
from desktop_app.core.operations import recording
from desktop_app.core.operations.situation import describe_figure
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.rules.entry_rules import Finding


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """A figure that a workbook would have, already read as a number."""

    indicator: Indicator
    area: str
    value: Number
    of: Number | None
    spot: Spot
    note: str = ""
    reason: str = ""
    source: str = ""
    parts: dict[str, Part] = {}
    detail: str = ""


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    rows: tuple[PlannedRow, ...]
    problems: tuple[CellProblem, ...]
    changes: Changes
    sources: frozenset[str]
    """The files of which something was entered."""


class _TakenBack(Exception):
    """Ends a transaction that is not to stand."""


def settle(workspace: Workspace, period: Period, wishes: Sequence[Wish], *, dry: bool) -> Settled:
    """Enter what stands up to the rules; with `dry` only say what would come of it."""
    rows = {wish.spot: _planned(workspace, period, wish) for wish in wishes}
    left = [wish for wish in wishes if rows[wish.spot].state != "same"]
    problems: list[CellProblem] = []
    changes = Changes()
    while left:
        bad: dict[Spot, CellProblem] = {}
        try:
            with workspace.store.transaction():
                changes = workspace.say([_said(workspace, period, wish) for wish in left])[0]
                for wish in left:
                    found = _judge(workspace, period, wish)
                    if found is not None:
                        bad[wish.spot] = found
                if bad or dry:
                    raise _TakenBack
        except _TakenBack:
            changes = Changes()
        problems += bad.values()
        if not bad:
            break
        left = [wish for wish in left if wish.spot not in bad]
    refused = {problem.spot for problem in problems}
    return Settled(
        rows=tuple(row for spot, row in rows.items() if spot not in refused),
        problems=tuple(problems),
        changes=changes,
        sources=frozenset(source for wish in left for source in sources_of(wish)),
    )


def sources_of(wish: Wish) -> set[str]:
    return {source for source in (wish.source, *(part.source for part in wish.parts.values())) if source}


def _said(workspace: Workspace, period: Period, wish: Wish) -> recording.Said:
    subject = subjects.progress(wish.area, workspace.plan.id, wish.indicator.id, period.key)
    head = workspace.store.ledger.head(subject)
    note = wish.note or (head.body.note if head is not None and not wish.parts else "")
    return recording.figure_said(
        workspace,
        wish.indicator,
        wish.area,
        period,
        wish.value,
        wish.of,
        note=note,
        reason=wish.reason,
        source=wish.source,
        parts=wish.parts,
    )


def _judge(workspace: Workspace, period: Period, wish: Wish) -> CellProblem | None:
    findings = recording.findings_on(workspace, wish.indicator, wish.area, period, wish.value, wish.of)
    hard = next((item for item in findings if item.level == "hard"), None)
    soft = next((item for item in findings if item.level == "soft"), None)
    if hard is not None:
        return _problem(wish, hard, soft=False)
    if soft is not None and not wish.reason.strip():
        return _problem(wish, soft, soft=True)
    return None


def _problem(wish: Wish, finding: Finding, *, soft: bool) -> CellProblem:
    name = f"{wish.indicator.id} {wish.indicator.name}"
    return CellProblem(
        spot=wish.spot,
        text=_("{name}：{text}").format(name=name, text=finding.text),
        next_step=_("请核对；确实如此的，在“原因”里写一句为什么。") if soft else finding.next_step,
        soft=soft,
        indicator=wish.indicator.id,
    )


def _planned(workspace: Workspace, period: Period, wish: Wish) -> PlannedRow:
    """The row of the preview: what stands now and what would."""
    subject = subjects.progress(wish.area, workspace.plan.id, wish.indicator.id, period.key)
    head = workspace.store.ledger.head(subject)
    before = None if head is None or head.body.void else head.body
    same = (
        before is not None
        and head is not None
        and head.heads == 1
        and (before.value, before.of) == (wish.value, wish.of)
        and wish.note in ("", before.note)
        and before.parts == wish.parts
    )
    return PlannedRow(
        kind="figure",
        state="same" if same else "new" if before is None else "changed",
        name=f"{wish.indicator.id} {wish.indicator.name}",
        area_name=workspace.organisation.name(wish.area),
        before=""
        if before is None
        else describe_figure(wish.indicator, exact(before.value), exact(before.of)),
        after=describe_figure(wish.indicator, exact(wish.value), exact(wish.of)),
        detail=wish.detail,
        spot=wish.spot,
    )


def cell_problem(spot: Spot, error: InputError, name: str = "", indicator: str = "") -> CellProblem:
    """An error of one cell, with its place."""
    text = _("{name}：{text}").format(name=name, text=error.what) if name else error.what
    return CellProblem(spot=spot, text=text, next_step=error.next_step, indicator=indicator)


def parts_before(
    workspace: Workspace, indicator: Indicator, area: str, period: Period, places: Sequence[str]
) -> Mapping[str, Part]:
    """What each of these places last said of the indicator in the year up to the period; that of an earlier month
    carries its month (沿用)."""
    found: dict[str, Part] = {}
    for month in range(period.last, 0, -1):
        moment = Period(period.year, month, month)
        subject = subjects.progress(area, workspace.plan.id, indicator.id, moment.key)
        body = _last_with_parts(workspace, subject)
        if body is None:
            continue
        for place, part in body.items():
            if place in places and place not in found:
                since = part.period or moment.key
                found[place] = msgspec.structs.replace(part, period="" if since == period.key else since)
    return found


def _last_with_parts(workspace: Workspace, subject: str) -> Mapping[str, Part] | None:
    """The parts of the latest entry of a subject that had some, whatever was typed over it since."""
    if workspace.store.ledger.head(subject) is None:
        return None
    for step in reversed(workspace.store.ledger.history(subject)):
        parts = getattr(step.body, "parts", None)
        if parts and not step.why_not and not step.body.void:
            return dict(parts)
    return None
