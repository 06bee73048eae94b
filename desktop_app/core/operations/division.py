"""Organisation, plan and shares: who there is, what is to be done, who gets how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec

from desktop_app.core.errors import InputError
from desktop_app.core.figures import shares as share_rules
from desktop_app.core.figures.numbers import canonical, read_number
from desktop_app.core.i18n import N_, _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.bodies import Allocation, Number, PlanBody, SettingBody, UnitBody
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.plan import Indicator, Plan
from desktop_app.core.model.unit import KIND_NAMES, LEVEL_NAMES, Organisation, Unit
from desktop_app.core.operations.tables import read_table
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store.store import Said

_LEVELS = (
    {name: key for key, name in LEVEL_NAMES.items()}
    | {
        "市": "city",
        "县": "county",
        "县（区）": "county",
        "县区": "county",
        "乡镇街道": "township",
        "镇": "township",
    }
    | {key: key for key in LEVEL_NAMES}
)
_KINDS = {name: key for key, name in KIND_NAMES.items()} | {key: key for key in KIND_NAMES}
_HEADS = {
    "code": ("代码", "单位代码", "code"),
    "name": ("名称", "单位名称", "单位", "name"),
    "level": ("层级", "级别", "level"),
    "kind": ("类别", "性质", "kind"),
    "parent": ("上级代码", "上级", "parent"),
    "phone": ("电话", "联系电话", "phone"),
}


# -- organisation --------------------------------------------------------------------------------------------------


def read_units(path: Path) -> list[Unit]:
    """Read a table (xlsx or csv) of units: 代码, 名称, 层级, 类别, 上级代码, 电话.

    InputError names the file's row for an unknown level or kind, a code given twice, a parent that is missing, or
    more than one city.
    """
    rows = read_table(path, _HEADS, required=("code", "name", "level"))
    units: dict[str, Unit] = {}
    for number, row in rows:
        level = _LEVELS.get(row["level"])
        kind = _KINDS.get(row.get("kind") or "政府")
        if level is None or kind is None:
            raise InputError(
                _("“{file}”第 {row} 行：层级或类别“{value}”不认识。").format(
                    file=path.name, row=number, value=row["level"] if level is None else row.get("kind")
                ),
                next_step=_("层级写 市级、县区、乡镇；类别写 {kinds}。").format(
                    kinds="、".join(KIND_NAMES.values())
                ),
            )
        if row["code"] in units:
            raise InputError(
                _("“{file}”第 {row} 行：代码 {code} 重复。").format(
                    file=path.name, row=number, code=row["code"]
                ),
                next_step=_("每个单位的代码只能出现一次，请改正后重新导入。"),
            )
        units[row["code"]] = Unit(
            code=row["code"],
            name=row["name"],
            level=level,  # type: ignore[arg-type]
            kind=kind,  # type: ignore[arg-type]
            parent=row.get("parent") or None,
            phone=row.get("phone") or "",
        )
    check_units(path.name, units)
    return list(units.values())


def check_units(file: str, units: Mapping[str, Unit]) -> None:
    roots = [unit for unit in units.values() if unit.parent is None]
    if len(roots) != 1 or roots[0].level != "city":
        raise InputError(
            _("“{file}”里要有且只有一个没有上级的市级单位，现在有 {count} 个。").format(
                file=file, count=len(roots)
            ),
            next_step=_("请给其余单位填上级代码。"),
        )
    for unit in units.values():
        if unit.parent is not None and unit.parent not in units:
            raise InputError(
                _("单位“{name}”的上级代码 {parent} 不在表里。").format(name=unit.name, parent=unit.parent),
                next_step=_("请补上这个上级单位，或改正上级代码。"),
            )
        if len(Organisation(units.values()).above(unit.code)) > 8:
            raise InputError(
                _("单位“{name}”的上下级关系绕成了圈。").format(name=unit.name),
                next_step=_("请改正上级代码。"),
            )


def import_units(workspace: Workspace, units: Iterable[Unit]) -> Changes:
    """Add units or change them; those unchanged are left alone."""
    present = workspace.organisation
    said = [
        Said(
            kind="unit",
            subject=f"unit/{unit.code}",
            body=UnitBody(
                name=unit.name,
                level=unit.level,
                kind=unit.kind,
                parent=unit.parent,
                phone=unit.phone,
                active=unit.active,
            ),
            operator=workspace.operator,
        )
        for unit in units
        if present.get(unit.code) != unit
    ]
    return workspace.say(said)[0] if said else Changes()


def adopt_plan(workspace: Workspace, plan: Plan, reason: str = "") -> Changes:
    """Put a checked plan into force."""
    if workspace.unit_code != workspace.store.city:
        raise InputError(_("方案由市级牵头单位确认。"), next_step=_("县区和乡镇从上级的设立包里收到方案。"))
    body = PlanBody(plan=msgspec.Raw(msgspec.json.encode(plan)), reason=reason)
    return workspace.store.say(
        [Said(kind="plan", subject=f"plan/{plan.id}", body=body, operator=workspace.operator)]
    )[0]


SETTINGS = {
    "tolerance_percent": N_("“左右”的容差（百分之几）"),
    "lag_percent": N_("低于应达的百分之几算滞后"),
    "cutoff_day": N_("当月几日为统计截止日（31 为月底）"),
    "due_day": N_("次月几日为报送日"),
    "lock_day": N_("次月几日封账"),
    "ranking": N_("是否排名（1 是，0 否）"),
}
"""What the city (a county for its own ranking) may state, with words for people."""


def set_setting(workspace: Workspace, name: str, value: str) -> Changes:
    """State a setting of this unit, by a name of SETTINGS; whole numbers only."""
    if name not in SETTINGS or not value.strip().isdigit():
        raise InputError(
            _("没有这项设置，或者值不是整数：{name}={value}。").format(name=name, value=value),
            next_step=_("可用的有：{names}。").format(names="、".join(SETTINGS)),
        )
    return workspace.store.say(
        [
            Said(
                kind="setting",
                subject=f"setting/{workspace.unit_code}/{name}",
                body=SettingBody(value=msgspec.Raw(value.strip().encode())),
                operator=workspace.operator,
            )
        ]
    )[0]


# -- shares --------------------------------------------------------------------------------------------------------


def own_area(workspace: Workspace) -> str:
    return workspace.organisation.home_area(workspace.unit_code)


def share_of(workspace: Workspace, indicator: Indicator, area: str) -> Fraction | None:
    """An area's share; the city's share is the target itself.  Figures that do not add up (rates, standards) hold
    for every area as they stand, unless an area was given its own."""
    given = workspace.store.ledger.share(workspace.plan.id, indicator.id, area)
    if given is not None:
        return given
    if area == workspace.store.city or indicator.adds in ("ratio", "uniform", "universal"):
        return indicator.target_value
    return None


def set_share(
    workspace: Workspace,
    indicator_id: str,
    area: str,
    value: Fraction | None,
    document: str = "",
    effective: str | None = None,
) -> Changes:
    """Give one area below its share."""
    return set_shares(workspace, indicator_id, {area: value}, document, effective)


def set_shares(
    workspace: Workspace,
    indicator_id: str,
    values: Mapping[str, Fraction | None],
    document: str = "",
    effective: str | None = None,
) -> Changes:
    """Give areas below their shares.  From `effective` on (2024-07-01) they hold, and what was asked before that day is
    judged by the former ones; "" from the beginning, None as the share that stands."""
    indicator = workspace.indicator(indicator_id)
    said = []
    for area, value in values.items():
        unit = workspace.known_unit(area)
        if not workspace.organisation.is_above(workspace.unit_code, unit.code):
            raise InputError(
                _("{name}不是本单位的下级，不能给它分任务。").format(name=unit.name),
                next_step=_("份额由它的上级来分。"),
            )
        if value is not None and (value < 0 or (indicator.decimals == 0 and value.denominator != 1)):
            raise InputError(
                _("{indicator} 的份额要是不小于 0 的{kind}。").format(
                    indicator=indicator.name, kind=_("整数") if indicator.decimals == 0 else _("数")
                ),
                next_step=_("请改正后再试。"),
            )
        subject = subjects.share(area, workspace.plan.id, indicator_id)
        head = workspace.store.ledger.head(subject)
        since, earlier = _dated(None if head is None else head.body, effective)
        said.append(
            Said(
                kind="allocation",
                subject=subject,
                body=Allocation(
                    value=None if value is None else canonical(value),
                    document=document,
                    effective=since,
                    earlier=earlier,
                    void=value is None,
                ),
                operator=workspace.operator,
            )
        )
    return workspace.say(said)[0] if said else Changes()


def _dated(before: Allocation | None, effective: str | None) -> tuple[str, dict[str, Number]]:
    """From when a new share holds, and the former ones by their days."""
    if before is None or before.void or before.value is None:
        return effective or "", {}
    if effective is None or effective == before.effective:
        return before.effective, before.earlier
    if not effective:
        return "", {}
    earlier = {day: value for day, value in before.earlier.items() if day < effective}
    if before.effective < effective:
        earlier[before.effective] = before.value
    return effective, earlier


def divisible_areas(workspace: Workspace, area: str | None = None) -> list[Unit]:
    """The areas directly below this desk's own, among which it divides."""
    return [unit for unit in workspace.organisation.child_areas(area or own_area(workspace)) if unit.active]


def divide(
    workspace: Workspace,
    indicator_id: str,
    *,
    base: Mapping[str, Fraction] | None = None,
    document: str = "",
    effective: str | None = None,
) -> Changes:
    """Divide this desk's own share among the areas below and say so; see `parts`."""
    return set_shares(workspace, indicator_id, parts(workspace, indicator_id, base), document, effective)


def parts(
    workspace: Workspace, indicator_id: str, base: Mapping[str, Fraction] | None = None
) -> dict[str, Fraction]:
    """What each area below would get of this desk's own share: equally, or in proportion to `base` (by unit code), by
    largest remainder, so that the parts add up exactly.  Nothing is written."""
    indicator = workspace.indicator(indicator_id)
    if indicator.adds != "sum":
        raise InputError(
            _("{name}是比率或统一标准，各地都按同一个目标，不用分。").format(name=indicator.name),
            next_step=_("个别地方目标不同的，用“设定份额”单独填。"),
        )
    areas = divisible_areas(workspace)
    if not areas:
        raise InputError(_("本单位没有下级地区可分。"), next_step=_("请先把下级单位加进机构表。"))
    total = share_of(workspace, indicator, own_area(workspace))
    if total is None:
        raise InputError(
            _("本地区还没有 {name} 的份额。").format(name=indicator.name), next_step=_("请等上级分解后再分。")
        )
    if base is not None:
        unknown = [code for code in base if code not in {unit.code for unit in areas}]
        if unknown:
            raise InputError(
                _("分配依据里有不是下级地区的单位：{codes}。").format(codes="、".join(unknown)),
                next_step=_("请核对单位代码。"),
            )
    step = Fraction(1, 10**indicator.decimals)
    weights = [Fraction(1) if base is None else base.get(unit.code, Fraction(0)) for unit in areas]
    found = share_rules.largest_remainder(total, weights, step)
    return {unit.code: part for unit, part in zip(areas, found, strict=True)}


class ShareSum(msgspec.Struct, frozen=True, kw_only=True):
    """How an indicator's division stands: what there is to divide, what was given, what is left."""

    indicator: str
    name: str
    unit: str
    adds: str
    total: Fraction | None
    given: Fraction
    difference: Fraction | None
    parts: tuple[tuple[str, str, Fraction | None], ...]
    """(area code, area name, share)."""


def share_table(workspace: Workspace, indicator_ids: Sequence[str] | None = None) -> list[ShareSum]:
    """The division of this desk's shares among the areas below, with sums."""
    plan = workspace.plan
    shares = workspace.store.ledger.shares(plan.id)
    area = own_area(workspace)
    areas = divisible_areas(workspace)
    table = []
    for indicator in plan.indicators():
        if indicator_ids is not None and indicator.id not in indicator_ids:
            continue
        parts = tuple((unit.code, unit.name, shares.get((indicator.id, unit.code))) for unit in areas)
        given = sum((value for _code, _name, value in parts if value is not None), Fraction(0))
        total = share_of(workspace, indicator, area)
        adds_up = indicator.adds == "sum" and total is not None and any(p[2] is not None for p in parts)
        table.append(
            ShareSum(
                indicator=indicator.id,
                name=indicator.name,
                unit=indicator.unit,
                adds=indicator.adds,
                total=total,
                given=given,
                difference=given - total if adds_up and total is not None else None,
                parts=parts,
            )
        )
    return table


def import_shares(workspace: Workspace, path: Path, document: str = "") -> tuple[Changes, list[ShareSum]]:
    """Read a table of 指标, 单位代码, 份额 (and 文号) and set every row, all or nothing."""
    heads = {
        "indicator": ("指标", "指标编号", "indicator"),
        "unit": ("单位代码", "代码", "单位", "unit"),
        "value": ("份额", "数量", "value"),
        "document": ("文号", "依据文号", "document"),
    }
    changes = Changes()
    touched: list[str] = []
    with workspace.store.transaction():
        for number, row in read_table(path, heads, required=("indicator", "unit", "value")):
            try:
                indicator = workspace.indicator(row["indicator"])
                value = Fraction(read_number(row["value"], unit=indicator.unit, decimals=indicator.decimals))
                changes += set_share(
                    workspace, indicator.id, row["unit"], value, row.get("document") or document
                )
                touched.append(indicator.id)
            except InputError as problem:
                raise InputError(
                    _("“{file}”第 {row} 行：{what}").format(file=path.name, row=number, what=problem.what),
                    next_step=problem.next_step,
                ) from None
    return changes, share_table(workspace, touched)


def read_base(path: Path) -> dict[str, Fraction]:
    """A table of 单位代码 and 基数, for dividing in proportion."""
    heads = {"unit": ("单位代码", "代码", "单位", "unit"), "value": ("基数", "数量", "value")}
    base: dict[str, Fraction] = {}
    for number, row in read_table(path, heads, required=("unit", "value")):
        try:
            base[row["unit"]] = Fraction(row["value"].replace(",", ""))
        except (ValueError, ZeroDivisionError):
            raise InputError(
                _("“{file}”第 {row} 行：基数“{value}”不是数字。").format(
                    file=path.name, row=number, value=row["value"]
                ),
                next_step=_("请改成数字后再试。"),
            ) from None
    return base


def units_json(organisation: Organisation) -> dict[str, Any]:
    """`units show --json`."""
    return {
        "units": [
            {
                "code": unit.code,
                "name": unit.name,
                "level": unit.level,
                "kind": unit.kind,
                "parent": unit.parent,
            }
            for unit in sorted(organisation, key=lambda unit: (len(organisation.above(unit.code)), unit.code))
        ]
    }
