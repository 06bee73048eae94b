"""分解: the whole grid of indicators × areas at once, with sums, shortfalls, and what does not add up said as such."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Literal

import msgspec

from desktop_app.core.errors import InputError
from desktop_app.core.figures import shares as rules
from desktop_app.core.figures.numbers import read_number, show
from desktop_app.core.i18n import _
from desktop_app.core.model.bodies import Allocation
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.plan import Indicator
from desktop_app.core.model.unit import Unit
from desktop_app.core.operations import division
from desktop_app.core.operations.workspace import Workspace

Method = Literal["equal", "proportional", "same", "base"]
Key = tuple[str, str]
"""(indicator, area)."""


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One area's share.  `value` "" where none was given; `former` what held before `effective`, in words."""

    value: str = ""
    document: str = ""
    effective: str = ""
    former: str = ""
    reporter: str = ""
    """Who reports there, in words."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One indicator's row.  `adds` sum, ratio, uniform, universal or city; `said` what that means in words."""

    id: str
    task: int
    name: str
    unit: str
    decimals: int
    adds: str
    said: str
    target: Fraction | None
    floor: Fraction | None
    parent: str | None
    cells: dict[str, Cell]
    hint: str = ""
    """What the plan says of how it is divided."""


class Grid(msgspec.Struct, frozen=True, kw_only=True):
    areas: tuple[tuple[str, str], ...]
    """Areas below, then offices of this level that report something for themselves (市直)."""
    offices: frozenset[str]
    lines: tuple[Line, ...]


class Sum(msgspec.Struct, frozen=True, kw_only=True):
    """What a row comes to: `text` in words, `mood` ok, warn, error or plain; `rest` what is still to be given."""

    text: str
    mood: str
    total: Fraction | None = None
    rest: Fraction | None = None


def said(adds: str) -> str:
    return {
        "sum": "",
        "ratio": _("比率，不相加：各地都按这个目标"),
        "uniform": _("统一标准，不相加：各地都要达到"),
        "universal": _("逐村（户）都要有，按各地底数"),
        "city": _("只在市级，不分"),
    }.get(adds, "")


def areas_of(workspace: Workspace) -> tuple[list[Unit], list[Unit]]:
    """Areas directly below, and offices directly below that report something for themselves."""
    own = division.own_area(workspace)
    duties = workspace.store.projector.context().duties
    named = {area for (_plan, _indicator, area) in duties}
    offices = [
        unit
        for unit in workspace.organisation.children(own)
        if not unit.is_area and unit.active and unit.code in named
    ]
    return division.divisible_areas(workspace), offices


def grid(workspace: Workspace) -> Grid:
    """Everything that is divided, or need not be, as it stands."""
    plan = workspace.plan
    own = division.own_area(workspace)
    areas, offices = areas_of(workspace)
    context = workspace.store.projector.context()
    heads = {
        unit.code: {
            head.subject.split("/")[3]: head.body
            for head in workspace.store.ledger.heads("allocation", unit.code)
            if head.subject.split("/")[2] == plan.id
        }
        for unit in (*areas, *offices)
    }
    lines = []
    for task in plan.tasks:
        for indicator in task.indicators:
            cells = {}
            for unit in (*areas, *offices):
                duty = context.duty(plan.id, indicator.id, unit.code)
                reporter = _reporter(workspace, duty)
                cells[unit.code] = _cell(heads[unit.code].get(indicator.id), reporter)
            lines.append(
                Line(
                    id=indicator.id,
                    task=task.no,
                    name=indicator.name,
                    unit=indicator.unit,
                    decimals=indicator.decimals,
                    adds=indicator.adds,
                    said=said(indicator.adds),
                    target=division.share_of(workspace, indicator, own),
                    floor=indicator.floor_value,
                    parent=indicator.parent,
                    cells=cells,
                    hint=task.division,
                )
            )
    return Grid(
        areas=tuple((unit.code, unit.name) for unit in (*areas, *offices)),
        offices=frozenset(unit.code for unit in offices),
        lines=tuple(lines),
    )


def _reporter(workspace: Workspace, duty: object) -> str:
    reporter, each = getattr(duty, "reporter", None), getattr(duty, "each", False)
    if reporter:
        return workspace.organisation.name(reporter)
    return _("下级各自填报") if each else ""


def _cell(body: Allocation | None, reporter: str) -> Cell:
    if body is None or body.value is None:
        return Cell(reporter=reporter)
    former = "，".join(
        _("{day}前 {value}").format(day=following, value=value)
        for following, value in zip(
            [*sorted(body.earlier)[1:], body.effective],
            [body.earlier[day] for day in sorted(body.earlier)],
            strict=False,
        )
    )
    return Cell(
        value=str(body.value),
        document=body.document,
        effective=body.effective,
        former=former,
        reporter=reporter,
    )


def number(words: str) -> Fraction | None:
    """What stands in a cell; None for an empty one and for what is no number."""
    text = words.replace(",", "").replace("，", "").strip()
    try:
        return Fraction(text) if text else None
    except (ValueError, ZeroDivisionError):
        return None


def sum_of(line: Line, values: Mapping[str, str]) -> Sum:
    """What the shares in a row come to against its target, in words."""
    given = {area: number(words) for area, words in values.items()}
    bad = [area for area, words in values.items() if words.strip() and given[area] is None]
    if bad:
        return Sum(text=_("有 {count} 格不是数字").format(count=len(bad)), mood="error")
    check = rules.check_sum(line.target, given, line.adds)  # type: ignore[arg-type]
    if line.adds == "city":
        return Sum(
            text=line.said if not check.given else _("只在市级，不该分"),
            mood="error" if check.given else "plain",
        )
    if line.adds == "universal":
        known = [value for value in given.values() if value is not None]
        if not known:
            return Sum(text=_("未填底数"), mood="plain")
        return Sum(text=_("底数合计 {total}").format(total=show(sum(known, Fraction(0)))), mood="plain")
    if not check.adds:
        if check.below:
            return Sum(text=_("{count} 家低于目标").format(count=len(check.below)), mood="error")
        return Sum(text=_("不相加"), mood="plain")
    total = check.total or Fraction(0)
    if line.target is None:
        return Sum(text=_("目标待定"), mood="warn", total=total)
    if all(value is None for value in given.values()):
        return Sum(text=_("没有分"), mood="warn", total=Fraction(0), rest=line.target)
    rest = line.target - total
    decimals = line.decimals
    if rest > 0:
        return Sum(
            text=_("还差 {rest}").format(rest=show(rest, decimals)), mood="warn", total=total, rest=rest
        )
    if rest < 0:
        return Sum(
            text=_("多分 {rest}").format(rest=show(-rest, decimals)), mood="error", total=total, rest=rest
        )
    return Sum(text=_("正好"), mood="ok", total=total, rest=rest)


def above_whole(line: Line, values: Mapping[str, str], whole: Mapping[str, str]) -> tuple[str, ...]:
    """Areas whose share of a part (其中) is greater than their share of the whole it is a part of."""
    if line.parent is None or line.adds != "sum":
        return ()
    parts = {area: number(words) for area, words in values.items()}
    return rules.parts_above_whole({area: number(words) for area, words in whole.items()}, parts)


def proposed(
    line: Line,
    areas: Sequence[str],
    method: Method,
    base: Mapping[str, Fraction] | None = None,
    *,
    aside: Fraction = Fraction(0),
    least: Fraction = Fraction(0),
) -> dict[str, Fraction]:
    """Shares by a rule, not yet given: equal; proportional (own base × total ÷ Σ bases, by largest remainder); the same
    for each (a floor); the base itself (villages).  `aside` stays with the level itself (市本级); nobody with a base
    gets less than `least`."""
    step = rules.step_of(line.decimals)
    if method == "same":
        if line.target is None and line.floor is None:
            raise InputError(_("这项还没有目标。"), next_step=_("请先在方案里定目标，或逐个填写。"))
        value = line.floor if line.floor is not None else line.target
        assert value is not None
        return dict.fromkeys(areas, value)
    if method == "base":
        return {area: (base or {}).get(area, Fraction(0)) for area in areas}
    if line.adds != "sum":
        raise InputError(
            _("{name}{said}，不能分。").format(name=line.name, said=line.said),
            next_step=_("个别地方目标不同的，直接在格里填。"),
        )
    if line.target is None:
        raise InputError(_("这项还没有目标。"), next_step=_("请先在方案里定目标，或等上级分解。"))
    weights = {
        area: Fraction(1) if method == "equal" else (base or {}).get(area, Fraction(0)) for area in areas
    }
    counted = [area for area in areas if weights[area] > 0]
    total = line.target - aside - least * len(counted)
    if total < 0:
        raise InputError(
            _("留下的和保底的合起来超过了目标。"), next_step=_("请把市本级留下的数或每家保底数改小。")
        )
    parts = rules.largest_remainder(total, [weights[area] for area in areas], step)
    return {area: part + (least if weights[area] > 0 else 0) for area, part in zip(areas, parts, strict=True)}


def save(
    workspace: Workspace, cells: Mapping[Key, str], document: str = "", effective: str | None = None
) -> Changes:
    """Give every changed cell its share, all or nothing: "" takes a share back."""
    if effective and not document.strip():
        raise InputError(
            _("年中调整份额要写依据文号。"),
            meaning=_("没有保存。"),
            next_step=_("请在“依据文号”里填批准调整的文件；年初就这样分的，生效日期不用填。"),
        )
    by_indicator: dict[str, dict[str, Fraction | None]] = {}
    for (indicator_id, area), words in cells.items():
        found = workspace.indicator(indicator_id)
        value: Fraction | None = None
        if words.strip():
            value = Fraction(read_number(words, unit=found.unit, decimals=_decimals(found)))
        by_indicator.setdefault(indicator_id, {})[area] = value
    changes = []
    with workspace.store.transaction():
        for indicator_id, values in by_indicator.items():
            changes.append(division.set_shares(workspace, indicator_id, values, document, effective))
    return Changes.joined(changes)


def _decimals(indicator: Indicator) -> int:
    return max(indicator.decimals, 2) if indicator.adds in ("ratio", "uniform") else indicator.decimals


class ShareChange(msgspec.Struct, frozen=True, kw_only=True):
    """A share that this desk's own area was given, and then another."""

    indicator: str
    name: str
    unit: str
    before: str
    after: str
    document: str
    effective: str
    at: str
    by: str


def changed_for(workspace: Workspace) -> list[ShareChange]:
    """What the unit above has changed in this desk's own shares, the newest first."""
    plan = workspace.plan
    own = division.own_area(workspace)
    found = []
    for head in workspace.store.ledger.heads("allocation", own):
        words = head.subject.split("/")
        indicator = plan.indicator(words[3]) if words[2] == plan.id else None
        steps = workspace.store.ledger.history(head.subject) if indicator is not None else []
        for before, after in itertools.pairwise(steps):
            if indicator is None or after.why_not or before.body.value == after.body.value:
                continue
            found.append(
                ShareChange(
                    indicator=indicator.id,
                    name=indicator.name,
                    unit=indicator.unit,
                    before="" if before.body.value is None else str(before.body.value),
                    after="" if after.body.value is None else str(after.body.value),
                    document=after.body.document,
                    effective=after.body.effective,
                    at=after.entry.at,
                    by=workspace.organisation.name(after.entry.unit),
                )
            )
    return sorted(found, key=lambda change: change.at, reverse=True)
