"""Writing sites, households and cases into the ledger (台账)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop_app.core.errors import InputError, ReasonNeeded, RuleError
from desktop_app.core.figures.numbers import read_number
from desktop_app.core.i18n import _
from desktop_app.core.model.bodies import Number, SiteBody
from desktop_app.core.model.entry import Changes
from desktop_app.core.operations import changing, personal_fields, recording
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.rules import register_rules
from desktop_app.core.store.ledger_heads import Head
from desktop_app.core.store.store import Said


def save_site(
    workspace: Workspace,
    subject: str | None,
    fields: Mapping[str, Any],
    *,
    area: str | None = None,
    seal: bool = False,
    **said_by: str,
) -> tuple[Changes, str]:
    """Add or change a site, household or case.

    `fields` by the names of SiteBody; `quantities` {indicator: text or number}, `stages` {stage: date}, `personal`
    {field: text} is sealed beside the journal and never stands in the entry.  With `seal`, texts that hold personal
    numbers go into the sealed record and stay masked in the open.
    """
    said = site_said(workspace, subject, fields, area=area, seal=seal, **said_by)
    return workspace.say([said])[0], said.subject


def site_said(
    workspace: Workspace,
    subject: str | None,
    fields: Mapping[str, Any],
    *,
    area: str | None = None,
    seal: bool = False,
    **said_by: str,
) -> Said:
    """What `save_site` would write: checked, ready to be written with others."""
    fields = changing.seal_found(dict(fields)) if seal else dict(fields)
    changing.refuse_personal(fields)
    head = site_head(workspace, subject) if subject else None
    if "quantities" in fields:
        fields["quantities"] = {
            indicator: _site_quantity(workspace, indicator, amount)
            for indicator, amount in fields["quantities"].items()
        }
        if not fields["quantities"]:
            raise InputError(_("请至少选一项指标。"), next_step=_("一个项目或一户要记到某项指标名下。"))
    elif head is None:
        raise InputError(_("请至少选一项指标。"), next_step=_("一个项目或一户要记到某项指标名下。"))
    if head is None and not str(fields.get("name", "")).strip():
        raise InputError(
            _("名称不能空着。"), next_step=_("写村名加编号即可，例如“张家湾 03 户”；不要写人名。")
        )
    for name, words in (("started", _("开工日期")), ("completed", _("完成日期"))):
        if name in fields:
            fields[name] = changing.checked_date(str(fields[name] or ""), words)
    if "stages" in fields:
        fields["stages"] = {
            stage: changing.checked_date(str(day), stage)
            for stage, day in fields["stages"].items()
            if str(day or "").strip()
        }
    started = fields.get("started", head.body.started if head else "")
    completed = fields.get("completed", head.body.completed if head else "")
    if started and completed and completed < started:
        raise RuleError(_("完成日期早于开工日期。"), meaning=_("没有保存。"), next_step=_("请核对两个日期。"))
    _ask_about_order(workspace, fields, head)
    quantities = fields.get("quantities") or (head.body.quantities if head else {})
    where = area or (head.owner if head else "")
    for indicator in quantities:
        where = where or recording.reporting_area(workspace, workspace.indicator(indicator))
        recording.reporting_area(workspace, workspace.indicator(indicator), where)
    personal = fields.pop("personal", None)
    if personal:
        fields["sealed"] = personal_fields.seal_personal(workspace, personal)
    duty = workspace.store.projector.context().reporters_in(where)
    fields["proxy"] = workspace.unit_code not in duty
    return changing.changed(workspace, "site", subject, where, SiteBody, fields, **said_by)


def _ask_about_order(workspace: Workspace, fields: Mapping[str, Any], head: Head | None) -> None:
    """The plan's steps of a case follow one another; a date against their order wants a reason."""
    stages = fields.get("stages", head.body.stages if head else {})
    quantities = fields.get("quantities") or (head.body.quantities if head else {})
    if "stages" not in fields or str(fields.get("reason") or "").strip():
        return
    if head is not None and stages == head.body.stages:
        # It was said before, and answered for then.
        return
    for indicator in map(workspace.plan.indicator, quantities):
        wrong = register_rules.out_of_order(stages, indicator.stages) if indicator else None
        if wrong is not None:
            raise ReasonNeeded(
                _("“{step}”的日期早于“{before}”。").format(step=wrong[0], before=wrong[1]),
                meaning=_("还没有保存。环节要一步一步来。"),
                next_step=_("请核对日期；确实如此的，写明原因再保存。"),
            )


def site_head(workspace: Workspace, subject: str) -> Head:
    head = workspace.store.ledger.head(subject)
    if head is None or head.kind != "site":
        raise InputError(
            _("台账里没有“{subject}”。").format(subject=subject),
            next_step=_("请在“台账”页查看（命令行：taizhang site list）。"),
        )
    return head


def _site_quantity(workspace: Workspace, indicator_id: str, amount: object) -> Number:
    indicator = workspace.indicator(indicator_id)
    if indicator.basis != "site":
        raise RuleError(
            _("{name} 是直接填数的指标，不从台账计数。").format(name=indicator.name),
            next_step=_("请在“填报”页填这个数。"),
        )
    number = read_number(str(amount), unit=indicator.unit, decimals=indicator.decimals)
    return number
