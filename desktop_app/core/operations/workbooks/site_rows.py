"""Rows of sites read from any workbook, matched with the ledger and entered together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.sheet import CellProblem, PlannedRow, Spot
from desktop_app.core.operations import recording, site_writing
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.rules import privacy
from desktop_app.core.store.ledger_heads import Head
from desktop_app.core.store.store import Said

FIELD_WORDS = ("name", "place", "started", "completed", "charge", "note")


class SiteRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row as read: `fields` by the names of SiteBody, empty texts for empty cells.

    `key` is the site's number as an export wrote it; a row that carries it says everything, so its empty cells
    empty the field; in other rows an empty cell leaves what stands.
    """

    spot: Spot
    fields: Mapping[str, Any]
    key: str = ""
    area: str = ""
    source: str = ""


class SitesSettled(msgspec.Struct, frozen=True, kw_only=True):
    rows: tuple[PlannedRow, ...]
    problems: tuple[CellProblem, ...]
    said: tuple[Said, ...]
    sources: frozenset[str]


class _Ledger:
    """The sites that are here, by number and by name and place, the void ones too."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.by_key: dict[str, Head] = {}
        self.by_name: dict[tuple[str, str], list[Head]] = {}
        for head in workspace.store.ledger.heads("site", void=True):
            self.by_key[head.subject.split("/")[-1]] = head
            self.by_name.setdefault((head.body.name.strip(), head.body.place.strip()), []).append(head)

    def find(self, row: SiteRow) -> Head | None:
        """The site a row is about; InputError where more than one fits, or a number is unknown."""
        if row.key:
            head = self.by_key.get(row.key)
            if head is None:
                raise InputError(
                    _("台账里没有编号 {key}。").format(key=row.key),
                    next_step=_("新增的行请把“编号”一格留空。"),
                )
            if head.body.void:
                raise InputError(_("这一条已经作废。"), next_step=_("要重新登记请把“编号”一格留空。"))
            return head
        name, place = str(row.fields.get("name", "")).strip(), str(row.fields.get("place", "")).strip()
        found = [
            head
            for head in self.by_name.get((name, place), ())
            if (not row.area or head.owner == row.area)
            and (not head.body.void or self.came_from(head, row.source))
        ]
        standing = [head for head in found if not head.body.void] or found
        if len(standing) > 1:
            raise InputError(
                _("台账里有 {count} 条同名同地点的。").format(count=len(standing)),
                next_step=_("请先导出台账，在导出的表里按编号改。"),
            )
        return standing[0] if standing else None

    def came_from(self, head: Head, source: str) -> bool:
        """Whether a file has said something of this site before."""
        return bool(source) and any(
            getattr(step.body, "source", "") == source
            for step in self.workspace.store.ledger.history(head.subject)
        )


def settle(
    workspace: Workspace, rows: Sequence[SiteRow], *, area: str | None = None, known: bool = False
) -> SitesSettled:
    """What the rows would change.  Nothing is written; `said` is ready to be.  `known`: the file was here before, so
    that what it has said already is not said again over what came later."""
    ledger = _Ledger(workspace)
    planned: list[PlannedRow] = []
    problems: list[CellProblem] = []
    said: list[Said] = []
    sources: set[str] = set()
    seen: dict[object, Spot] = {}
    for row in rows:
        try:
            head = ledger.find(row)
            twin = head.subject if head is not None else _identity(row)
            if twin in seen:
                raise InputError(
                    _("与{where}是同一个（名称、地点都一样）。").format(where=seen[twin].words),
                    next_step=_("请删去重复的一行；确实是两个的，请在名称里加编号区分。"),
                )
            seen[twin] = row.spot
            if known and head is not None and ledger.came_from(head, row.source):
                planned.append(_row(workspace, row, head, head.body, "same", ""))
                continue
            fields = _changes(workspace, row, head)
            if head is not None and not fields:
                planned.append(_row(workspace, row, head, head.body, "same", ""))
                continue
            _refuse_any_personal(fields)
            entry = site_writing.site_said(
                workspace,
                head.subject if head is not None else None,
                fields | ({"source": row.source} if row.source else {}),
                area=None if head is not None else row.area or area,
            )
        except InputError as error:
            problems.append(CellProblem(spot=row.spot, text=error.what, next_step=error.next_step))
            continue
        said.append(entry)
        sources.add(row.source)
        detail = "、".join(_words(name) for name in fields if name != "quantities" or head is None)
        if head is not None and "quantities" in fields:
            detail = "、".join(filter(None, (detail, _("数量"))))
        planned.append(
            _row(
                workspace, row, head, entry.body, "new" if head is None else "changed", detail, entry.subject
            )
        )
    return SitesSettled(
        rows=tuple(planned), problems=tuple(problems), said=tuple(said), sources=frozenset(sources - {""})
    )


def enter(workspace: Workspace, settled: SitesSettled) -> Changes:
    """Write what `settle` made ready, in one transaction."""
    return recording.save_many(workspace, settled.said)


def _identity(row: SiteRow) -> tuple[str, str, str]:
    return (
        row.area,
        str(row.fields.get("name", "")).strip(),
        str(row.fields.get("place", "")).strip(),
    )


def _changes(workspace: Workspace, row: SiteRow, head: Head | None) -> dict[str, Any]:
    """The fields of a row that differ from what stands."""
    given = dict(row.fields)
    quantities: dict[str, str] = dict(given.pop("quantities", None) or {})
    stages: dict[str, str] = dict(given.pop("stages", None) or {})
    fields: dict[str, Any] = {name: str(value).strip() for name, value in given.items()}
    if head is None:
        fields = {name: value for name, value in fields.items() if value != ""}
        fields["quantities"] = {ident: amount for ident, amount in quantities.items() if amount != ""}
        if quantities and not fields["quantities"]:
            raise InputError(_("数量空着。"), next_step=_("一户、一处填 1；公里、泊位等填实际数。"))
        if not quantities:
            raise InputError(
                _("没有说算哪项指标。"), next_step=_("请加一列“指标”写编号（如 12.1），或导入时选一项指标。")
            )
        if any(stages.values()):
            fields["stages"] = {stage: day for stage, day in stages.items() if day}
        return fields
    body = head.body
    changed: dict[str, Any] = {}
    for name, value in fields.items():
        stands = str(getattr(body, name))
        if value == stands or (value == "" and not row.key) or value == privacy.mask(stands):
            continue
        changed[name] = value
    merged = {
        ident: amount
        for ident, amount in (dict(body.quantities) | quantities).items()
        if amount != "" or (ident in body.quantities and not row.key)
    }
    merged = {ident: amount if amount != "" else body.quantities[ident] for ident, amount in merged.items()}
    if {ident: _number(workspace, ident, amount) for ident, amount in merged.items()} != dict(
        body.quantities
    ):
        changed["quantities"] = merged
    days = {
        stage: day
        for stage, day in (dict(body.stages) | {s: d for s, d in stages.items() if d or row.key}).items()
        if day
    }
    if days != dict(body.stages):
        changed["stages"] = days
    return changed


def _number(workspace: Workspace, ident: str, amount: object) -> object:
    from desktop_app.core.figures.numbers import read_number

    indicator = workspace.indicator(ident)
    return read_number(str(amount), unit=indicator.unit, decimals=indicator.decimals)


def _refuse_any_personal(fields: Mapping[str, Any]) -> None:
    """Lists pass through many hands: here telephone numbers are refused too."""
    for value in fields.values():
        if not isinstance(value, str):
            continue
        found = privacy.find(value)
        if found:
            raise InputError(
                _("“{text}”里像是有{kind}。").format(
                    text=privacy.mask(value)[:40], kind=_(privacy.NAMES[found[0].kind])
                ),
                next_step=_("请删去；要登记的请在“台账”里写进“个人信息”栏（加密保存）。"),
            )


def _words(name: str) -> str:
    return {
        "name": _("名称"),
        "place": _("地点"),
        "quantities": _("数量"),
        "stages": _("阶段"),
        "started": _("开工日期"),
        "completed": _("完成日期"),
        "charge": _("责任人"),
        "note": _("备注"),
    }.get(name, name)


def _row(
    workspace: Workspace,
    row: SiteRow,
    head: Head | None,
    body: Any,
    state: Any,
    detail: str,
    subject: str = "",
) -> PlannedRow:
    owner = head.owner if head is not None else subject.split("/")[1] if subject else ""
    return PlannedRow(
        kind="site",
        state=state,
        name=privacy.mask(body.name),
        area_name=workspace.organisation.name(owner) if owner else "",
        before="" if head is None else _state(head.body),
        after=_state(body),
        detail=detail,
        spot=row.spot,
    )


def _state(body: Any) -> str:
    amounts = "、".join(f"{key}×{amount}" for key, amount in body.quantities.items())
    day = _("完成 {day}").format(day=body.completed) if body.completed else _("未完成")
    return f"{amounts} {day}"
