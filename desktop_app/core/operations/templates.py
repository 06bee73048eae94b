"""Fill-in workbooks (填报表): for village staff without the program.  Made here; taken back in `workbooks/entering`.

Only the cells to be filled in are open; lists and checks stand in the cells; a hidden sheet says what it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from desktop_app.core.errors import InputError, RuleError
from desktop_app.core.i18n import _
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator
from desktop_app.core.model.sheet import Offer
from desktop_app.core.operations import situation
from desktop_app.core.operations.workbooks import drawing
from desktop_app.core.operations.workbooks.identity import Identity, new_token
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store.database import disk_error

MOST_PLACES = 400
LONGEST_PLACE = 30


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What a template asks for: indicators by number (none: all that are due and may be asked), and the villages that
    each say their own part (none: the office's whole figures)."""

    indicators: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def can_sum(indicator: Indicator) -> str:
    """ "" where villages' parts make up the whole, else why not."""
    if indicator.measure == "state":
        return _("这是有没有做到的指标，不能按村相加。")
    if indicator.measure == "standard":
        return _("这是标准类指标，不能按村相加。")
    if indicator.adds == "city":
        return _("这是全市一个数的指标，不能按村相加。")
    return ""


def offers(workspace: Workspace, period: Period) -> list[Offer]:
    """The indicators that this desk reports, in the plan's order."""
    return [
        Offer(
            id=indicator.id,
            task=task.no,
            title=task.title,
            name=indicator.name,
            unit=indicator.unit,
            site=indicator.basis == "site",
            due=period.closes(indicator.frequency),
            why_not_parts=can_sum(indicator),
        )
        for task in workspace.plan.tasks
        for indicator in task.indicators
        if situation.reported_areas(workspace, indicator.id)
    ]


def tasks_to_indicators(workspace: Workspace, words: Sequence[str]) -> tuple[str, ...]:
    """Task numbers and indicator numbers ("3", "12.1") as indicator numbers; InputError for one that is unknown."""
    found: list[str] = []
    for word in (part.strip() for text in words for part in text.replace("，", ",").split(",")):
        if not word:
            continue
        task = workspace.plan.task(int(word)) if word.isdecimal() else None
        if task is not None:
            found += [
                indicator.id
                for indicator in task.indicators
                if situation.reported_areas(workspace, indicator.id)
            ]
        else:
            found.append(workspace.indicator(word).id)
    return tuple(dict.fromkeys(found))


def make(workspace: Workspace, path: Path, period: Period, choice: Choice) -> Identity:
    """Write a fill-in workbook.  RuleError where it asks for what this desk does not report, or for parts of what
    cannot be summed; nothing is ever overwritten but the file named."""
    places = _places(choice.places)
    offered = {offer.id: offer for offer in offers(workspace, period)}
    named = choice.indicators or tuple(
        offer.id
        for offer in offered.values()
        if offer.due and not (places and offer.why_not_parts and not offer.site)
    )
    _refuse_foreign(workspace, named, offered, bool(places))
    indicators = [indicator for indicator in workspace.plan.indicators() if indicator.id in named]
    if not indicators:
        raise InputError(_("没有可以发下去填的指标。"), next_step=_("请选本单位填报的任务；分工由上级定。"))
    identity = Identity(
        token=new_token(),
        city=workspace.store.city,
        plan=workspace.plan.id,
        unit=workspace.unit_code,
        unit_name=workspace.unit.name,
        period=period.key,
        mode="parts" if places else "own",
        places=places,
        indicators=tuple(item.id for item in indicators if item.basis == "typed"),
        sites=tuple(item.id for item in indicators if item.basis == "site"),
    )
    try:
        drawing.draw(workspace, path, period, identity, indicators)
    except OSError as problem:
        raise disk_error(problem, path.parent) from problem
    return identity


def _places(names: Sequence[str]) -> tuple[str, ...]:
    places = tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
    if len(places) > MOST_PLACES:
        raise InputError(
            _("一份表最多发给 {most} 个村。").format(most=MOST_PLACES), next_step=_("请分成几份。")
        )
    for name in places:
        if len(name) > LONGEST_PLACE or name.startswith(("=", "+", "-", "@")):
            raise InputError(
                _("“{name}”不像村名。").format(name=name[:40]), next_step=_("请写村或社区的名称。")
            )
    return places


def _refuse_foreign(
    workspace: Workspace, named: Sequence[str], offered: dict[str, Offer], parts: bool
) -> None:
    for ident in named:
        offer = offered.get(ident)
        if offer is None:
            indicator = workspace.indicator(ident)
            raise RuleError(
                _("{id} {name} 不由本单位填报。").format(id=ident, name=indicator.name),
                next_step=_("请只选本单位填报的指标。"),
            )
        if parts and offer.why_not_parts and not offer.site:
            raise RuleError(
                _("{id} {name}：{why}").format(id=ident, name=offer.name, why=offer.why_not_parts),
                next_step=_("请去掉这一项，由本单位直接填；或不列村名，发一份给承办人填。"),
            )
