"""督办单 and the pack of a 调度会, from the registers and the figures."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _, on_paper
from desktop_app.core.model.forms import day_of
from desktop_app.core.model.record_view import RecordView
from desktop_app.core.operations import bulletins, registers
from desktop_app.core.operations.papers import Sight
from desktop_app.core.report.bulletin import day_words
from desktop_app.core.report.docx_style import write
from desktop_app.core.report.order import Action, Meeting, Order, meeting_document, order_document
from desktop_app.core.rules.privacy import mask

MOST_LAGS = 30
"""What a meeting can go through; the bulletin's annex has them all."""


def spoken(day: str) -> str:
    """2024-06-18 as 2024年6月18日; what is no date as it is."""
    return day_words(date.fromisoformat(day)) if day and day_of(day) == day else day


@on_paper
def order(sight: Sight, what: str) -> Order:
    """The order by its number, key or subject; InputError where there is none."""
    workspace = sight.situation.workspace
    row = _found(registers.rows(workspace, "orders"), what, "number")
    task = sight.situation.plan.task(row.task)
    area = sight.situation.organisation.home_area(row.to) if row.to else row.area
    facts = bulletins.figure_words(sight.situation, task, area) if task else ""
    if facts:
        facts = _("截至{day}，{facts}。").format(day=day_words(sight.situation.period.end), facts=facts)
    return Order(
        number=row.values.get("number", ""),
        to=row.to_name,
        issuer=sight.situation.organisation.name(row.unit),
        title=mask(row.values.get("title", "")),
        task=f"{task.no}. {task.title}" if task else "",
        basis=mask(row.values.get("basis", "")),
        facts=facts,
        ask=mask(row.values.get("ask", "")),
        due=spoken(row.due),
        issued=spoken(row.values.get("issued", "")),
        signer=row.values.get("signer", ""),
        made=sight.made,
        answers=tuple(
            _("{day} {unit}（{word}）：{text}").format(
                day=spoken(answer.date), unit=answer.unit_name, word=answer.word, text=mask(answer.text)
            )
            for answer in row.answers
        ),
        result=mask(row.values.get("result", "")),
    )


def _found(rows: list[RecordView], what: str, column: str) -> RecordView:
    for row in rows:
        if what in (row.subject, row.subject.rsplit("/", 1)[-1], row.values.get(column)):
            return row
    raise InputError(
        _("没有找到“{what}”。").format(what=what),
        next_step=_("请从台账册里选（命令行：taizhang register list）。"),
    )


def write_order(sight: Sight, what: str, path: Path) -> Path:
    return write(order_document(order(sight, what)), path)


@on_paper
def meeting(sight: Sight, what: str = "") -> Meeting:
    """The pack of a meeting in the register, or of one that is not written down yet (`what` empty)."""
    workspace = sight.situation.workspace
    row = _found(registers.rows(workspace, "meetings"), what, "title") if what else None
    draft = bulletins.draft(sight.situation, made=sight.made)
    values = row.values if row else {}
    actions = [
        Action(what=mask(item.name), to=item.to_name, due=item.due, state=item.state)
        for item in registers.rows(workspace, "actions")
        if (row is not None and item.about == row.subject) or (row is None and not item.closed)
    ]
    return Meeting(
        title=values.get("title", ""),
        plan=draft.plan,
        unit=draft.unit,
        label=draft.label,
        date=spoken(values.get("date", "")) or draft.dated,
        chair=values.get("chair", ""),
        attendees=values.get("attendees", ""),
        minutes=mask(values.get("minutes", "")),
        made=draft.made,
        areas_word=draft.areas_word,
        tasks=draft.tasks,
        areas=draft.areas,
        lags=draft.lags[:MOST_LAGS],
        problems=draft.problems,
        steps=draft.steps,
        actions=tuple(actions),
        lag_rule=draft.lag_rule,
    )


def write_meeting(sight: Sight, path: Path, what: str = "") -> Path:
    return write(meeting_document(meeting(sight, what)), path)
