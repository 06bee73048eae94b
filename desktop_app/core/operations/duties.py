"""Duties: who reports an indicator for an area, from when, and by which document."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.bodies import Duty
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.unit import Unit
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store.store import Said


def set_duties(workspace: Workspace, duties: Mapping[tuple[str, str], Duty]) -> Changes:
    """Who reports: {(indicator, area): Duty}.  A changed reporter keeps the former one for its own time."""
    plan = workspace.plan
    said = []
    for (indicator, area), duty in duties.items():
        workspace.indicator(indicator)
        for unit in (duty.reporter, duty.reviewer):
            if unit:
                workspace.known_unit(unit)
        said.append(
            Said(
                kind="duty",
                subject=subjects.duty(area, plan.id, indicator),
                body=duty,
                operator=workspace.operator,
            )
        )
    return workspace.say(said)[0] if said else Changes()


def assign(
    workspace: Workspace,
    indicator_id: str,
    area: str,
    *,
    reporter: str | None = None,
    each: bool = False,
    reviewer: str | None = None,
    since: str = "",
    document: str = "",
) -> Changes:
    """Name the reporting unit of an indicator for an area, from a month on; the former one keeps its own time.

    Without a month the new one answers for the whole year.  InputError where the former one has reported already:
    its figures would count for nothing.
    """
    workspace.indicator(indicator_id)
    workspace.known_unit(area)
    if since:
        first = Period.parse(since)
        since = f"{first.year}-{first.first:02d}"
    before = workspace.store.projector.context().duty(workspace.plan.id, indicator_id, area)
    earlier = dict(before.earlier) if before else {}
    replaced = before is not None and bool(before.reporter) and before.reporter != reporter
    if before is not None and replaced and not since:
        _refuse_forgetting(workspace, indicator_id, area, before)
    if before and before.reporter and replaced:
        # Without a month the new one answers for the whole year; the former is named all the same, so that it is told.
        earlier[before.since] = before.reporter
    duty = Duty(
        reporter=reporter, reviewer=reviewer, each=each, since=since, earlier=earlier, document=document
    )
    return set_duties(workspace, {(indicator_id, area): duty})


def _refuse_forgetting(workspace: Workspace, indicator_id: str, area: str, before: Duty) -> None:
    said = workspace.store.ledger.series(workspace.plan.id, indicator_id, area)
    if said:
        latest = max(said.values(), key=lambda figure: figure.month)
        raise InputError(
            _("{name}已经报过这项指标（最近 {period}）。").format(
                name=workspace.organisation.name(before.reporter or ""), period=latest.period
            ),
            meaning=_("不写从哪个月起换，它以前报的数就都不算了，所以没有保存。"),
            next_step=_("请写明新单位从哪个月起填报（命令行：--since 2024-07）。"),
        )


class DutyView(msgspec.Struct, frozen=True, kw_only=True):
    """Who reports an indicator for one area."""

    area: str
    area_name: str
    reporter: str
    reporter_name: str
    each: bool
    since: str
    document: str
    former: tuple[tuple[str, str], ...]
    """(unit's name, from which month) of those before."""


def duty_views(workspace: Workspace, indicator_id: str) -> list[DutyView]:
    """The duties of this desk's own area and the areas directly below it."""
    from desktop_app.core.operations.division import divisible_areas, own_area

    context = workspace.store.projector.context()
    organisation = workspace.organisation
    found = []
    for code in (own_area(workspace), *(unit.code for unit in divisible_areas(workspace))):
        duty = context.duty(workspace.plan.id, indicator_id, code)
        found.append(
            DutyView(
                area=code,
                area_name=organisation.name(code),
                reporter=(duty.reporter or "") if duty else "",
                reporter_name=organisation.name(duty.reporter) if duty and duty.reporter else "",
                each=bool(duty and duty.each),
                since=duty.since if duty else "",
                document=duty.document if duty else "",
                former=tuple((organisation.name(unit), month) for month, unit in sorted(duty.earlier.items()))
                if duty
                else (),
            )
        )
    return found


def possible_reporters(workspace: Workspace, area: str) -> list[Unit]:
    """Units that may be named for an area: the area itself and what works in it, and offices of the areas above it up
    to this desk's own."""
    organisation = workspace.organisation
    own = workspace.unit_code
    codes = [area, *(unit.code for unit in organisation.below(area) if not unit.is_area)]
    for upper in organisation.above(area):
        if upper != own and not organisation.is_above(own, upper):
            break
        codes += [upper, *(unit.code for unit in organisation.children(upper) if not unit.is_area)]
        if upper == own:
            break
    if area == own:
        codes += [unit.code for unit in organisation.children(own) if not unit.is_area]
    return [
        unit for code in dict.fromkeys(codes) if (unit := organisation.get(code)) is not None and unit.active
    ]
