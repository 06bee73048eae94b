"""Who has not sent, who was late, whose files are incomplete; and the words to remind them with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

import msgspec

from desktop_app.core.i18n import _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.forms import day_of, is_period
from desktop_app.core.model.period import Period
from desktop_app.core.model.view import MissingView
from desktop_app.core.operations import calendar, proxying, stamping
from desktop_app.core.operations.reviewing import reporting_units
from desktop_app.core.operations.workspace import Workspace

GRACE_DAYS = 2
"""How long from today a reminder gives to those who are late."""


class Chase(msgspec.Struct, frozen=True, kw_only=True):
    """The chase list and a reminder to copy."""

    rows: tuple[MissingView, ...]
    text: str


def missing(workspace: Workspace, period: Period) -> list[MissingView]:
    """Every unit that should have sent the period, those that have not first."""
    store = workspace.store
    common = calendar.due_below(workspace, period)
    today = calendar.today(workspace)
    rows = []
    for unit in reporting_units(workspace):
        head = store.ledger.head(subjects.submission(unit.code, period.key))
        received = [
            row
            for row in store.ledger.containers(unit=unit.code)
            if row["purpose"] == "submission" and row["origin"] != "own"
        ]
        last = max((row["period"] for row in received), default="")
        lacking = len(store.ledger.missing_files(unit.code))
        extension = calendar.extension_of(workspace, unit.code, period)
        due = max(common, extension.until) if extension else common
        late = max(0, (today - due).days)
        state: Literal["missing", "late", "incomplete", "received"]
        entered: Literal["", "proxy", "confirmed"] = ""
        detail = ""
        if head is None:
            state = "missing"
            detail = _("上次报的是{month}").format(month=_month(last, period)) if last else _("从未报过")
            if proxying.sources(workspace, unit.code, period):
                detail += _("；原件已放，代录还没有记完")
        else:
            gaps = sequence_gaps([row["sequence"] for row in received if row["period"] == period.key])
            # Who was in time and sends again, corrected, is not late.
            steps = store.ledger.history(subjects.submission(unit.code, period.key))
            sent = min(day_of(step.entry.at) for step in steps if not step.why_not)
            # A sample lives in another year than the clock; and nothing was sent later than today.
            sent = min(sent, today.isoformat()) if sent else sent
            late = max(0, (date.fromisoformat(sent) - due).days) if sent else 0
            if gaps:
                numbers = "、".join(map(str, gaps[:_MOST_GAPS])) + ("…" if len(gaps) > _MOST_GAPS else "")
                state, detail = "incomplete", _("第 {number} 次上报尚未收到").format(number=numbers)
            elif lacking:
                state, detail = "incomplete", _("缺 {count} 份附件").format(count=lacking)
            else:
                state = "late" if late else "received"
            if head.body.proxy and head.body.source:
                # A unit that is entered for after the day was late all the same, and the cover says so.
                confirmed = stamping.stamp_state(workspace, unit.code, period.key) == "received"
                entered = "confirmed" if confirmed else "proxy"
                how = (
                    _("已代录，对方已盖章确认，不用再报")
                    if confirmed
                    else _("已代录；还要它盖章确认，或自己报来")
                )
                detail = _("；").join(part for part in (how, detail) if part)
        if extension:
            more = _("宽限到{month}月{day}日：{reason}").format(
                month=extension.until.month, day=extension.until.day, reason=extension.reason
            )
            detail = _("；").join(part for part in (detail, more) if part)
        rows.append(
            MissingView(
                unit=unit.code,
                unit_name=unit.name,
                kind=unit.sort,
                phone=unit.phone,
                state=state,
                due=due,
                days_late=late,
                last=last,
                detail=detail,
                entered=entered,
            )
        )
    order = {"missing": 0, "incomplete": 1, "late": 2, "received": 3}
    return sorted(rows, key=lambda row: (order[row.state], row.unit))


def _month(key: str, beside: Period) -> str:
    """5月, and with its year where that is another one."""
    if not is_period(key):
        return key
    period = Period.parse(key)
    return period.short_label if period.year == beside.year else period.label


_MOST_GAPS = 5
"""Missing packages that are named one by one."""


def sequence_gaps(sequences: Sequence[int]) -> list[int]:
    """The numbers of 1..max that are not among them."""
    have = set(sequences)
    return [number for number in range(1, max(have, default=0)) if number not in have]


def reminder(workspace: Workspace, rows: Sequence[MissingView], period: Period) -> str:
    """A text to paste into a message to those who have not sent."""
    absent = [row for row in rows if row.state == "missing"]
    if not absent:
        return ""
    due = calendar.due_below(workspace, period)
    today = calendar.today(workspace)
    # Before the day one reminds of the day; afterwards one names a day that can still be kept.
    if today <= due:
        words = _(
            "{names}：\n{period}民生实事数据报送日为{month}月{day}日，"
            "请最晚于{until_month}月{until_day}日下班前导出上报包送{desk}。"
        )
        until = due
    else:
        words = _(
            "{names}：\n{period}民生实事数据报送日为{month}月{day}日，贵单位尚未报送。"
            "请最晚于{until_month}月{until_day}日12时前导出上报包送{desk}。"
        )
        until = today + timedelta(days=GRACE_DAYS)
    told = words.format(
        names="、".join(row.unit_name for row in absent),
        period=period.label,
        month=due.month,
        day=due.day,
        until_month=until.month,
        until_day=until.day,
        desk=workspace.unit.name,
    )
    # Who was given more time is not to be told a day before it.
    longer = [row for row in absent if row.due > until]
    if longer:
        told += _("已给宽限的：{units}。").format(
            units="、".join(
                _("{unit}最晚{month}月{day}日").format(
                    unit=row.unit_name, month=row.due.month, day=row.due.day
                )
                for row in longer
            )
        )
    return told
