"""Closing (封账): after it a figure of the period is not written any more; what was wrong is corrected in the current
period, with a reason.

A period is closed for a unit when a unit above it (or it itself) says so with a `closing` entry, or when its locking
day is over; an extension that has not run out keeps it open.  A figure that was said all the same, at a desk that had
not heard of it, counts as every figure does (what has arrived must not depend on the order of arrival) and is listed
among the corrections.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from desktop_app.core.errors import InputError, RuleError
from desktop_app.core.i18n import _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.bodies import ClosingBody
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.operations import calendar, changing
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store.store import Said


class Closed(msgspec.Struct, frozen=True, kw_only=True):
    """Why a period is closed for a unit.  `at` is the moment, as the closing desk's clock told it or the end of the
    locking day."""

    period: str
    by: str
    by_name: str
    at: str
    operator: str = ""
    locked: bool = False
    """By the locking day, and not by word."""


def closed(workspace: Workspace, period: Period, unit: str) -> Closed | None:
    """None while the period is open for the unit."""
    ruling = calendar.ruling_for(workspace, unit)
    extension = calendar.extension_of(workspace, unit, period, ruling)
    if extension is not None and calendar.today(workspace) <= extension.until:
        return None
    found = stated(workspace, period, [*ruling, unit])
    if found is not None:
        return found
    lock = calendar.days_of(workspace, period, unit).lock
    if lock is not None and calendar.today(workspace) > lock:
        return Closed(
            period=period.key,
            by=ruling[0],
            by_name=workspace.organisation.name(ruling[0]),
            at=f"{lock.isoformat()}T23:59:59",
            locked=True,
        )
    return None


def stated(workspace: Workspace, period: Period, units: Sequence[str]) -> Closed | None:
    """A closing that stands by one of these units, of the period or of its last month."""
    month = f"{period.year}-{period.last:02d}"
    for code in units:
        for key in dict.fromkeys((period.key, month)):
            head = workspace.store.ledger.head(f"closing/{code}/{key}")
            if head is not None and not head.body.void and head.body.closed:
                return Closed(
                    period=key,
                    by=code,
                    by_name=workspace.organisation.name(code),
                    at=head.at,
                    operator=head.operator,
                )
    return None


def refuse_closed(workspace: Workspace, indicator: str, area: str, period: Period) -> None:
    """RuleError where the period is closed for who reports the indicator there."""
    duty = workspace.store.projector.context().duty(workspace.plan.id, indicator, area)
    reporter = (duty.reporter_at(period.key) if duty else None) or workspace.unit_code
    found = closed(workspace, period, reporter)
    if found is None:
        return
    why = (
        _("{period}的封账日已过。").format(period=period.label)
        if found.locked
        else _("{period}已由{name}封账。").format(period=period.label, name=found.by_name)
    )
    raise RuleError(
        why,
        meaning=_("没有保存。封账以后，这个期间的数不再改动。"),
        next_step=_(
            "确实报错了的，请在“期限与更正”里写一条更正，记到本期并写明原因（命令行：taizhang correct）。"
        ),
    )


def close(workspace: Workspace, period: Period, *, note: str = "", reopen: bool = False) -> Changes:
    """Close a period for this desk and every unit below it; `reopen` opens it again and wants a reason."""
    subject = f"closing/{workspace.unit_code}/{period.key}"
    head = workspace.store.ledger.head(subject)
    now = head is not None and not head.body.void and head.body.closed
    changing.refuse_personal({"note": note})
    if reopen and not now:
        raise InputError(_("{period}没有封账。").format(period=period.label), next_step=_("可以直接填报。"))
    if reopen and not note.strip():
        raise InputError(_("重新开放要写原因。"), next_step=_("请写一句为什么要重新开放。"))
    if not reopen and now:
        return Changes()
    body = ClosingBody(closed=not reopen, note=note.strip(), reason=note.strip() if reopen else "")
    return workspace.say([Said(kind="closing", subject=subject, body=body, operator=workspace.operator)])[0]


class PeriodState(msgspec.Struct, frozen=True, kw_only=True):
    """One month as this desk's calendar shows it: the days its units below keep, and whether it is closed."""

    period: str
    label: str
    days: calendar.Days
    closed: Closed | None
    units: int
    received: int
    note: str = ""


def months(workspace: Workspace) -> list[PeriodState]:
    """The plan's twelve months."""
    from desktop_app.core.operations.reviewing import reporting_units

    units = reporting_units(workspace)
    ledger = workspace.store.ledger
    year = workspace.plan.year
    found = []
    for month in range(1, 13):
        period = Period(year, month, month)
        own = ledger.head(f"closing/{workspace.unit_code}/{period.key}")
        found.append(
            PeriodState(
                period=period.key,
                label=period.label,
                days=calendar.days_below(workspace, period) if units else calendar.days_of(workspace, period),
                closed=closed(workspace, period, workspace.unit_code)
                or stated(workspace, period, [workspace.unit_code]),
                units=len(units),
                received=sum(
                    ledger.head(subjects.submission(unit.code, period.key)) is not None for unit in units
                ),
                note=own.body.note if own is not None and not own.body.void else "",
            )
        )
    return found
