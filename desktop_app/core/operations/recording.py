"""Recording on this desk: figures, sites, milestones, problems, money.  All offline, every value saved as typed."""

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
from desktop_app.core.operations import division, situation
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.rules import days, privacy, register_rules
from desktop_app.core.rules.entry_rules import Finding, check_value
from desktop_app.core.store.ledger import Head
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
    refuse_personal({"note": note, "reason": reason})
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
    return change(
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


OPEN_TEXT = ("name", "place", "note", "text", "answer", "caption", "reason", "comment", "charge")
"""Fields that travel openly."""


def refuse_personal(fields: Mapping[str, Any]) -> None:
    """ID and bank card numbers do not stand in open text: it goes up, and is printed."""
    for name in OPEN_TEXT:
        text = fields.get(name)
        if not isinstance(text, str):
            continue
        kinds = [item.kind for item in privacy.find(text) if item.kind != "phone"]
        if kinds:
            raise RuleError(
                _("“{text}”里像是有{kind}。").format(
                    text=privacy.mask(text)[:40], kind=_(privacy.NAMES[kinds[0]])
                ),
                meaning=_("没有保存。这一栏会随上报包送出去。"),
                next_step=_("请把它写进“个人信息”栏（加密保存，默认不上报），这里只写编号。"),
            )


def seal_found(fields: dict[str, Any]) -> dict[str, Any]:
    """Move text with personal numbers into the sealed record, and leave it masked in the open field."""
    personal = dict(fields.get("personal") or {})
    for name in OPEN_TEXT:
        text = fields.get(name)
        if isinstance(text, str) and privacy.find(text):
            personal[name] = text
            fields[name] = privacy.mask(text)
    return fields | ({"personal": personal} if personal else {})


# -- sites, problems, money: all change the same way ---------------------------------------------------------------


def change(
    workspace: Workspace,
    kind: str,
    subject: str | None,
    owner: str,
    body_type: type[Body],
    fields: Mapping[str, Any],
    *,
    operator: str = "",
    at: str = "",
) -> tuple[Changes, str]:
    """Add something (subject None) or change some of its fields; returns what changed and the subject."""
    said = changed(workspace, kind, subject, owner, body_type, fields, operator=operator, at=at)
    return workspace.say([said])[0], said.subject


def changed(
    workspace: Workspace,
    kind: str,
    subject: str | None,
    owner: str,
    body_type: type[Body],
    fields: Mapping[str, Any],
    *,
    operator: str = "",
    at: str = "",
) -> Said:
    """What `change` would write."""
    refuse_personal(fields)
    merged = dict(fields)
    if subject is not None:
        head = workspace.store.ledger.head(subject)
        if head is None or head.kind != kind:
            raise InputError(
                _("没有找到“{subject}”。").format(subject=subject),
                next_step=_("它可能已被删除，请刷新后再试。"),
            )
        merged = {name: getattr(head.body, name) for name in body_type.__struct_fields__} | merged
    else:
        subject = subjects.fresh(kind, owner)
    return Said(
        kind=kind,
        subject=subject,
        body=body_type(**merged),
        operator=operator or workspace.operator,
        at=at,
    )


def checked_date(text: str, what: str) -> str:
    """A date as 2024-06-18, or "" ; InputError otherwise."""
    return days.read(text, what).isoformat() if text else ""


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
    fields = seal_found(dict(fields)) if seal else dict(fields)
    refuse_personal(fields)
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
            fields[name] = checked_date(str(fields[name] or ""), words)
    if "stages" in fields:
        fields["stages"] = {
            stage: checked_date(str(day), stage)
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
        where = where or reporting_area(workspace, workspace.indicator(indicator))
        reporting_area(workspace, workspace.indicator(indicator), where)
    personal = fields.pop("personal", None)
    if personal:
        fields["sealed"] = seal_personal(workspace, personal)
    duty = workspace.store.projector.context().reporters_in(where)
    fields["proxy"] = workspace.unit_code not in duty
    return changed(workspace, "site", subject, where, SiteBody, fields, **said_by)


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


def seal_personal(workspace: Workspace, personal: Mapping[str, str]) -> str:
    """Seal personal fields beside the journal, encrypted for this desk and for the unit above; returns the hash."""
    from desktop_app.core.operations import keyring
    from desktop_app.core.trust import sealing

    record = sealing.seal_record(
        {name: text for name, text in personal.items() if text}, keyring.sealing_recipients(workspace)
    )
    with workspace.store.transaction():
        workspace.store.connection.execute(
            "INSERT OR IGNORE INTO sealed_record VALUES (?,?)", (record.hash, record.blob)
        )
    return record.hash


def open_personal(workspace: Workspace, sealed: str) -> dict[str, str]:
    """The personal fields behind a hash; {} when the record is not here.  Needs the desk key."""
    from desktop_app.core.operations import keyring
    from desktop_app.core.trust import sealing

    row = workspace.store.connection.execute(
        "SELECT blob FROM sealed_record WHERE hash = ?", (sealed,)
    ).fetchone()
    if row is None:
        return {}
    fields = sealing.open_record(bytes(row["blob"]), keyring.private_key(workspace), sealed)
    return {name: str(text) for name, text in fields.items()}


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
    refuse_personal({"note": note})
    where = workspace.known_unit(area).code if area else workspace.organisation.home_area(workspace.unit_code)
    body = MilestoneBody(done=checked_date(done, _("完成日期")), note=note, void=not done)
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
        fields["due"] = checked_date(str(fields["due"] or ""), _("要求解决日期"))
    if "task" in fields and workspace.plan.task(int(fields["task"])) is None:
        raise InputError(
            _("没有第 {no} 项任务。").format(no=fields["task"]), next_step=_("任务序号见“任务”页。")
        )
    if subject is None and not str(fields.get("text", "")).strip():
        raise InputError(_("问题内容不能空着。"), next_step=_("请写清楚卡在哪里、要谁帮助。"))
    if fields.get("status") == "closed" and not fields.get("closed"):
        fields["closed"] = workspace.store.clock()[:10]
    return change(
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
    fields["date"] = checked_date(str(fields.get("date", "")), _("日期"))
    where = area or workspace.organisation.home_area(workspace.unit_code)
    return change(workspace, "fund", None, where, FundBody, fields, **said)[0]


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
    return change(
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
