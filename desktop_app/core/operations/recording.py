"""Recording on this desk: figures, milestones, problems, money.  All offline, every value saved as typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from desktop_app.core.errors import InputError, ReasonNeeded, RuleError
from desktop_app.core.figures.numbers import read_number
from desktop_app.core.i18n import _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.bodies import (
    Body,
    EvidenceBody,
    FundBody,
    MilestoneBody,
    Number,
    Part,
    ProblemBody,
    ProgressBody,
    SiteBody,
)
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator
from desktop_app.core.operations import changing, division, situation
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.rules.entry_rules import Finding, check_value
from desktop_app.core.store.store import Said


def reporting_area(workspace: Workspace, indicator: Indicator, area: str | None = None) -> str:
    """The area for which this desk reports the indicator.

    RuleError when another unit reports it.  A unit above a reporting unit may name `area` and enters it by 代录.
    """
    context = workspace.store.projector.context()
    plan = workspace.plan.id
    mine = situation.reported_areas(workspace, indicator.id)
    if area is None:
        if mine:
            return mine[0]
        area = workspace.organisation.home_area(workspace.unit_code)
    else:
        workspace.known_unit(area)
    duty = context.duty(plan, indicator.id, area)
    reporter = duty.reporter if duty else None
    if area in mine or (reporter and context.above(workspace.unit_code, reporter)):
        return area
    for upper in workspace.organisation.above(area):
        if reporter is None and (duty := context.duty(plan, indicator.id, upper)) is not None:
            reporter = duty.reporter
    if reporter:
        raise RuleError(
            _("{indicator} {name} 由{reporter}填报，不是本单位的。").format(
                indicator=indicator.id, name=indicator.name, reporter=workspace.organisation.name(reporter)
            ),
            meaning=_("没有保存。"),
            next_step=_("请只填本单位要填的指标；分工有变请找上级改。"),
        )
    raise RuleError(
        _("{indicator} {name} 在本地区由下级分别填报，或还没有定填报单位。").format(
            indicator=indicator.id, name=indicator.name
        ),
        meaning=_("没有保存。"),
        next_step=_("合计由下级数字自动相加；要代录请指明地区（命令行：--area）。"),
    )


def record(
    workspace: Workspace,
    indicator_id: str,
    value: str,
    *,
    period: Period,
    of: str | None = None,
    area: str | None = None,
    note: str = "",
    reason: str = "",
    same: bool = False,
    source: str = "",
    operator: str = "",
    at: str = "",
) -> Changes:
    """Record one figure: a running total, an end value, or a rate's numerator and denominator.

    InputError for what is no number; RuleError for what cannot be; ReasonNeeded for what is possible but wants a
    reason once (a running total below the last one, an unusual jump).
    """
    changing.refuse_personal({"note": note, "reason": reason})
    workspace.look_at(period)
    indicator, where = typed_figure(workspace, indicator_id, period, area)
    number, denominator = read_parts(indicator, value, of)
    findings = findings_on(workspace, indicator, where, period, number, denominator)
    for finding in findings:
        if finding.level == "hard":
            raise RuleError(finding.text, meaning=_("没有保存。"), next_step=finding.next_step)
    soft = [finding for finding in findings if finding.level == "soft"]
    if soft and not reason.strip():
        # All of them at once, so that one reason can answer all.
        words = " ".join(finding.text for finding in soft)
        raise ReasonNeeded(words, meaning=_("还没有保存。"), next_step=soft[0].next_step)
    return say_figure(
        workspace, indicator, where, period, number, denominator,
        note=note, reason=reason.strip(), same=same, source=source, operator=operator, at=at,
    )  # fmt: skip


def typed_figure(
    workspace: Workspace, indicator_id: str, period: Period, area: str | None = None
) -> tuple[Indicator, str]:
    """An indicator that this desk may type a figure for, and the area it is for; RuleError where it may not."""
    indicator = workspace.indicator(indicator_id)
    where = reporting_area(workspace, indicator, area)
    if indicator.basis == "site":
        raise RuleError(
            _("{name} 的数字由台账自动相加，不能直接填。").format(name=indicator.name),
            meaning=_("没有保存。"),
            next_step=_("请到“台账”登记或更新项目、户，数字会跟着变。"),
        )
    check_period(workspace, indicator, period)
    from desktop_app.core.operations import closing

    closing.refuse_closed(workspace, indicator.id, where, period)
    return indicator, where


def read_parts(indicator: Indicator, value: str, of: str | None) -> tuple[Number, Number | None]:
    """A figure as typed: the value or numerator, and a rate's denominator.  InputError for what is no number."""
    rate = indicator.measure == "rate"
    decimals = indicator.part_decimals if rate else indicator.decimals
    number = read_number(value, unit="" if rate else indicator.unit, decimals=decimals, negative=True)
    denominator = None
    if rate:
        if of is None or not str(of).strip():
            raise InputError(
                _("{name} 是比率，要同时填分子和分母。").format(name=indicator.name),
                next_step=_("请写成 分子/分母，例如 2176/2189（命令行：--of 分母）。"),
            )
        denominator = read_number(str(of), decimals=decimals)
    elif of is not None and str(of).strip():
        raise InputError(
            _("{name} 不是比率，不用填分母。").format(name=indicator.name), next_step=_("请去掉分母再试。")
        )
    return number, denominator


def findings_on(
    workspace: Workspace,
    indicator: Indicator,
    area: str,
    period: Period,
    number: Number,
    denominator: Number | None,
) -> list[Finding]:
    """What the rules say of a figure beside what the ledger holds."""
    return check_value(
        indicator,
        number,
        denominator,
        previous=situation.previous_value(workspace, indicator, area, period),
        share=division.share_of(workspace, indicator, area),
        months=period.last,
        whole=situation.parent_value(workspace, indicator, area, period),
        parts=situation.part_values(workspace, indicator, area, period),
    )


def say_figure(
    workspace: Workspace,
    indicator: Indicator,
    area: str,
    period: Period,
    number: Number,
    denominator: Number | None,
    *,
    note: str = "",
    reason: str = "",
    same: bool = False,
    source: str = "",
    operator: str = "",
    at: str = "",
) -> Changes:
    """Write a figure that has been checked."""
    said = figure_said(
        workspace, indicator, area, period, number, denominator,
        note=note, reason=reason, same=same, source=source, operator=operator, at=at,
    )  # fmt: skip
    return workspace.say([said])[0]


def figure_said(
    workspace: Workspace,
    indicator: Indicator,
    area: str,
    period: Period,
    number: Number,
    denominator: Number | None,
    *,
    note: str = "",
    reason: str = "",
    same: bool = False,
    source: str = "",
    parts: Mapping[str, Part] | None = None,
    operator: str = "",
    at: str = "",
) -> Said:
    """A figure that has been checked, ready to be written with others."""
    plan = workspace.plan.id
    duty = workspace.store.projector.context().duty(plan, indicator.id, area)
    proxy = duty is not None and duty.reporter != workspace.unit_code
    subject = subjects.progress(area, plan, indicator.id, period.key)
    before = workspace.store.ledger.head(subject)
    # A correction stands on the figure it was said with, and is not lost when that is typed anew.
    kept: ProgressBody | None = before.body if before is not None and not before.body.void else None
    body = ProgressBody(
        value=number,
        of=denominator,
        note=note,
        reason=_("；").join(dict.fromkeys(filter(None, (kept.reason, reason))))
        if kept and kept.corrects
        else reason,
        same=same,
        proxy=proxy,
        source=source,
        corrects=kept.corrects if kept else {},
        corrects_of=kept.corrects_of if kept else {},
        parts=dict(parts or {}),
    )
    return Said(kind="progress", subject=subject, body=body, operator=operator or workspace.operator, at=at)


def clear_figure(workspace: Workspace, subject: str, reason: str) -> Changes:
    """Take a period's figure back, so that the cell is unfilled again; RuleError where it may no longer be changed."""
    head = workspace.store.ledger.head(subject)
    if head is None or head.kind != "progress" or head.body.void:
        raise InputError(_("这一格本来就是空的。"), next_step=_("请刷新后再试。"))
    _word, area, _plan, indicator, period = subject.split("/")
    typed_figure(workspace, indicator, Period.parse(period), area)
    return changing.change(
        workspace, "progress", subject, area, ProgressBody, {"void": True, "reason": reason.strip()}
    )[0]


def check_period(workspace: Workspace, indicator: Indicator, period: Period) -> None:
    """A figure belongs to the plan's year, and to a month in which the indicator is due or any month before its
    end (an early figure of a quarterly indicator is welcome)."""
    plan = workspace.plan
    if period.year != plan.year:
        raise RuleError(
            _("{period}不在{year}年方案之内。").format(period=period.label, year=plan.year),
            meaning=_("没有保存。"),
            next_step=_("请选择 {year} 年的月份。").format(year=plan.year),
        )


def finish_milestone(
    workspace: Workspace,
    milestone_id: str,
    *,
    done: str,
    area: str | None = None,
    note: str = "",
    operator: str = "",
    at: str = "",
) -> Changes:
    """Say when a dated step was done; an empty date takes it back."""
    plan = workspace.plan
    known = next((m for _task, m in plan.milestones() if m.id == milestone_id), None)
    if known is None:
        raise InputError(
            _("方案里没有编号为“{milestone}”的节点。").format(milestone=milestone_id),
            next_step=_("可用的节点编号有：{ids}（命令行：taizhang plan show）。").format(
                ids="、".join(m.id for _task, m in plan.milestones())
            ),
        )
    changing.refuse_personal({"note": note})
    where = workspace.known_unit(area).code if area else workspace.organisation.home_area(workspace.unit_code)
    body = MilestoneBody(done=changing.checked_date(done, _("完成日期")), note=note, void=not done)
    subject = subjects.milestone(where, plan.id, milestone_id)
    return workspace.say(
        [Said(kind="milestone", subject=subject, body=body, operator=operator or workspace.operator, at=at)]
    )[0]


def save_problem(
    workspace: Workspace,
    subject: str | None,
    fields: Mapping[str, Any],
    *,
    area: str | None = None,
    **said: str,
) -> tuple[Changes, str]:
    """Raise a problem, answer it or close it."""
    fields = dict(fields)
    if "due" in fields:
        fields["due"] = changing.checked_date(str(fields["due"] or ""), _("要求解决日期"))
    if "task" in fields and workspace.plan.task(int(fields["task"])) is None:
        raise InputError(
            _("没有第 {no} 项任务。").format(no=fields["task"]), next_step=_("任务序号见“任务”页。")
        )
    if subject is None and not str(fields.get("text", "")).strip():
        raise InputError(_("问题内容不能空着。"), next_step=_("请写清楚卡在哪里、要谁帮助。"))
    if fields.get("status") == "closed" and not fields.get("closed"):
        fields["closed"] = workspace.store.clock()[:10]
    return changing.change(
        workspace,
        "problem",
        subject,
        area or workspace.organisation.home_area(workspace.unit_code),
        ProblemBody,
        fields,
        **said,
    )


def record_fund(
    workspace: Workspace, fields: Mapping[str, Any], *, area: str | None = None, **said: str
) -> Changes:
    """Money that arrived or was paid, in yuan."""
    fields = dict(fields)
    for name in ("arrived", "paid", "planned"):
        if fields.get(name) not in (None, ""):
            fields[name] = read_number(str(fields[name]), unit="元", decimals=2)
    if workspace.plan.task(int(fields.get("task", 0))) is None:
        raise InputError(
            _("没有第 {no} 项任务。").format(no=fields.get("task")), next_step=_("任务序号见“任务”页。")
        )
    if all(fields.get(name) in (None, "") for name in ("arrived", "paid", "planned")):
        raise InputError(_("到账和支出都没有填。"), next_step=_("请至少填一个，单位是元。"))
    fields["task"] = int(fields["task"])
    fields["date"] = changing.checked_date(str(fields.get("date", "")), _("日期"))
    where = area or workspace.organisation.home_area(workspace.unit_code)
    return changing.change(workspace, "fund", None, where, FundBody, fields, **said)[0]


VOIDABLE: dict[str, type[Body]] = {
    "site": SiteBody,
    "problem": ProblemBody,
    "evidence": EvidenceBody,
    "fund": FundBody,
}


def withdraw(workspace: Workspace, subject: str, reason: str) -> Changes:
    """作废: take back a site, problem, piece of evidence or money entry, with a reason; the history stays."""
    head = workspace.store.ledger.head(subject)
    if head is None or head.kind not in VOIDABLE:
        raise InputError(_("没有找到“{subject}”。").format(subject=subject), next_step=_("请刷新后再试。"))
    if not reason.strip():
        raise InputError(_("作废要写原因。"), next_step=_("请写一句为什么作废。"))
    return changing.change(
        workspace,
        head.kind,
        subject,
        head.owner,
        VOIDABLE[head.kind],
        {"void": True, "reason": reason.strip()},
    )[0]


def save_many(workspace: Workspace, said: Sequence[Said]) -> Changes:
    """Write many prepared entries in one transaction (imports)."""
    return workspace.say(said)[0] if said else Changes()
