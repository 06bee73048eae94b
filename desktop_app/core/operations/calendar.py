"""Days: what today is; 统计截止日, 报送日 and locking day of a period; days off; extensions (宽限).

What is stated for a unit is stated by the units above it, the nearest first.  All of it is `setting` entries:
`cutoff_day`, `due_day`, `lock_day`, `holidays` ({"off": [dates], "work": [dates]}) and `extension.<unit>.<period>`.
"""

from __future__ import annotations

import calendar
import os
from collections.abc import Callable, Iterable
from datetime import date, timedelta

import msgspec

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _
from desktop_app.core.model.bodies import SettingBody
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.forms import is_date
from desktop_app.core.model.period import Period
from desktop_app.core.operations.workspace import SAMPLE_DAY, Workspace
from desktop_app.core.rules import days as reading_days
from desktop_app.core.store import journal
from desktop_app.core.store.ledger_heads import Head
from desktop_app.core.store.store import Said

DUE_DAY = 5
"""A month is due on the 5th of the next one, unless a unit above states another day."""


class Days(msgspec.Struct, frozen=True, kw_only=True):
    """The three days of a period for one unit.  `lock` is None where nobody has stated one; `extended` is the last
    day of an extension."""

    cutoff: date
    due: date
    lock: date | None
    extended: date | None = None
    reason: str = ""


class Extension(msgspec.Struct, frozen=True, kw_only=True):
    unit: str
    unit_name: str
    period: str
    until: date
    reason: str
    by: str
    operator: str
    at: str


def today(workspace: Workspace) -> date:
    """Today; a sample city lives in the month after its latest figures, so that it does not look years late; where that
    month is closed already, in the month in which the next one is due."""
    if workspace.day is not None:
        return workspace.day
    fixed = os.environ.get("TAIZHANG_TODAY")
    if fixed:
        return date.fromisoformat(fixed)
    plan = workspace.store.ledger.plan()
    now = date.today()
    if plan is None or not plan.sample or now.year == plan.year:
        return now
    month = workspace.latest_period()
    while month.last < 12 and _is_closed(workspace, month):
        month = month.shifted(1)
    own = month.shifted(1).start + timedelta(days=2)
    # The same day at all of its desks, whether or not the figures have come to them.
    said = workspace.store.meta(SAMPLE_DAY)
    return max(own, date.fromisoformat(said)) if said else own


def sample_clock(workspace: Workspace) -> Callable[[], str]:
    """What is said at a desk of a sample city is said on its own day, at the hour it is, so that nothing in it speaks
    of two years at once.  Only desks that were made as a sample have it: an office that works with the sample plan
    keeps the real time."""
    last = real_day = ""

    def now() -> str:
        nonlocal last, real_day
        real = journal.now()
        if real != last:
            # A batch of entries asks for each of them.
            last, real_day = real, today(workspace).isoformat()
        return f"{real_day}{real[10:]}"

    return now


def _is_closed(workspace: Workspace, month: Period) -> bool:
    """By word of this desk or of one above; whether a day is over asks for today and cannot answer it."""
    for code in (workspace.unit_code, *workspace.organisation.above(workspace.unit_code)):
        head = workspace.store.ledger.head(f"closing/{code}/{month.key}")
        if head is not None and not head.body.void and head.body.closed:
            return True
    return False


def due(workspace: Workspace, period: Period, unit: str | None = None) -> date:
    """报送日 for a unit (this one where none is named): the day of the month after the period's end, moved past days
    off, or the end of an extension."""
    days = days_of(workspace, period, unit)
    return max(days.due, days.extended) if days.extended else days.due


def due_below(workspace: Workspace, period: Period) -> date:
    """报送日 for the units below this desk."""
    return _due(workspace, period, ruling_below(workspace))


def days_of(workspace: Workspace, period: Period, unit: str | None = None) -> Days:
    unit = unit or workspace.unit_code
    ruling = ruling_for(workspace, unit)
    found = _days(workspace, period, ruling)
    extension = extension_of(workspace, unit, period, ruling)
    if extension is None:
        return found
    return msgspec.structs.replace(found, extended=extension.until, reason=extension.reason)


def days_below(workspace: Workspace, period: Period) -> Days:
    """The days this desk's units below have to keep, extensions aside."""
    return _days(workspace, period, ruling_below(workspace))


def ruling_for(workspace: Workspace, unit: str) -> list[str]:
    """Units whose settings bind a unit, the nearest first; the city's bind itself."""
    return workspace.organisation.above(unit) or [unit]


def ruling_below(workspace: Workspace) -> list[str]:
    return [workspace.unit_code, *workspace.organisation.above(workspace.unit_code)]


def _days(workspace: Workspace, period: Period, ruling: list[str]) -> Days:
    cutoff = rule(workspace, ruling, "cutoff_day")
    last = calendar.monthrange(period.year, period.last)[1]
    locking = rule(workspace, ruling, "lock_day")
    return Days(
        cutoff=date(period.year, period.last, min(cutoff or last, last)),
        due=_due(workspace, period, ruling),
        lock=None if locking is None else _after_days_off(workspace, period, locking, ruling),
    )


def _due(workspace: Workspace, period: Period, ruling: list[str]) -> date:
    stated = rule(workspace, ruling, "due_day")
    return _after_days_off(workspace, period, DUE_DAY if stated is None else stated, ruling)


def _after_days_off(workspace: Workspace, period: Period, day: int, ruling: list[str]) -> date:
    off = days_off(workspace, ruling)
    chosen = period.end + timedelta(days=day)
    for _step in range(60):
        if not off.get(chosen.isoformat(), chosen.weekday() >= 5):
            break
        chosen += timedelta(days=1)
    return chosen


def rule(workspace: Workspace, ruling: Iterable[str], name: str) -> int | None:
    """A number that the nearest of these units states."""
    for code in ruling:
        head = workspace.store.ledger.head(f"setting/{code}/{name}")
        if head is not None and not head.body.void:
            try:
                return int(str(_value(head)))
            except ValueError:
                continue
    return None


def days_off(workspace: Workspace, ruling: Iterable[str]) -> dict[str, bool]:
    """Dates stated as days off (True) or as working days (False, a weekend that is worked); of two units the nearer
    one's word holds."""
    found: dict[str, bool] = {}
    for code in reversed(list(ruling)):
        found.update(stated_days_off(workspace, code))
    return found


def stated_days_off(workspace: Workspace, unit: str) -> dict[str, bool]:
    """What one unit states."""
    head = workspace.store.ledger.head(f"setting/{unit}/holidays")
    if head is None or head.body.void:
        return {}
    value = _value(head)
    if not isinstance(value, dict):
        return {}
    found = {}
    for key, off in (("off", True), ("work", False)):
        days = value.get(key)
        for day in days if isinstance(days, list) else ():
            if isinstance(day, str) and day and is_date(day):
                found[day] = off
    return found


def _value(head: Head) -> object:
    try:
        return msgspec.json.decode(head.body.value)
    except msgspec.DecodeError:
        return None


# -- stating -------------------------------------------------------------------------------------------------------


def state_days_off(workspace: Workspace, days: dict[str, bool]) -> Changes:
    """Put this unit's list of days off and worked weekends in place of its former one."""
    for day in days:
        reading_days.read(day)
    value = {
        "off": sorted(day for day, off in days.items() if off),
        "work": sorted(day for day, off in days.items() if not off),
    }
    return _state(workspace, "holidays", value, "")


def state_no_rule(workspace: Workspace, name: str) -> Changes:
    """Take back what this unit stated: what a unit above states, or nothing, holds again."""
    return _state(workspace, name, 0, "", void=True)


def extend(workspace: Workspace, unit: str, period: Period, until: date | None, reason: str) -> Changes:
    """Give a unit below more time for a period (until a day), or take that back (None); always with a reason."""
    workspace.known_unit(unit)
    if not workspace.organisation.is_above(workspace.unit_code, unit):
        raise InputError(
            _("{name}不是本单位的下级。").format(name=workspace.organisation.name(unit)),
            next_step=_("宽限由它的上级来定。"),
        )
    if not reason.strip():
        raise InputError(_("宽限要写原因。"), next_step=_("请写一句，例如“防汛停电，经领导同意”。"))
    name = f"extension.{unit}.{period.key}"
    return _state(workspace, name, until.isoformat() if until else "", reason.strip(), void=until is None)


def _state(workspace: Workspace, name: str, value: object, reason: str, *, void: bool = False) -> Changes:
    return workspace.say(
        [
            Said(
                kind="setting",
                subject=f"setting/{workspace.unit_code}/{name}",
                body=SettingBody(value=msgspec.Raw(msgspec.json.encode(value)), reason=reason, void=void),
                operator=workspace.operator,
            )
        ]
    )[0]


def extension_of(
    workspace: Workspace, unit: str, period: Period, ruling: Iterable[str] | None = None
) -> Extension | None:
    """The longest extension that a unit above has given for the period."""
    found = []
    for code in ruling if ruling is not None else ruling_for(workspace, unit):
        head = workspace.store.ledger.head(f"setting/{code}/extension.{unit}.{period.key}")
        extension = None if head is None else _extension(workspace, head)
        if extension is not None:
            found.append(extension)
    return max(found, key=lambda item: item.until, default=None)


def extensions(workspace: Workspace) -> list[Extension]:
    """Every extension that stands, the latest period first."""
    found = [
        extension
        for head in workspace.store.ledger.heads("setting")
        if (extension := _extension(workspace, head)) is not None
    ]
    return sorted(found, key=lambda item: (item.period, item.unit), reverse=True)


def _extension(workspace: Workspace, head: Head) -> Extension | None:
    words = head.subject.split("/")[2].split(".")
    value = _value(head)
    if len(words) != 3 or words[0] != "extension" or head.body.void:
        return None
    if not isinstance(value, str) or not value or not is_date(value):
        return None
    return Extension(
        unit=words[1],
        unit_name=workspace.organisation.name(words[1]),
        period=words[2],
        until=date.fromisoformat(value),
        reason=head.body.reason,
        by=workspace.organisation.name(head.unit),
        operator=head.operator,
        at=head.at,
    )
