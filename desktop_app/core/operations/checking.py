"""What still stops or questions a submission, said before it is sent."""

from __future__ import annotations

from datetime import date

from desktop_app.core.i18n import _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.period import Period
from desktop_app.core.model.view import IndicatorView, IssueView
from desktop_app.core.operations import chasing, forking, reviewing, site_list, uncounted
from desktop_app.core.operations.situation import Situation
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store.store import CERTIFICATE_ENDS


def check(workspace: Workspace, period: Period, situation: Situation | None = None) -> list[IssueView]:
    """Hard findings first (they stop the submission), then soft ones that want a reason, then notes.  `situation` is
    the period's where somebody has read it since the last write."""
    situation = situation or Situation(workspace, period)
    issues: list[IssueView] = []
    left_out = uncounted.uncounted(workspace, situation)
    unfilled = 0
    for task in situation.plan.tasks:
        for indicator in task.indicators:
            view = situation.indicator_view(indicator)
            if not view.mine:
                continue
            subject = subjects.progress(view.area, situation.plan.id, view.id, period.key)
            issues += _of_indicator(view, subject)
            if view.id in left_out:
                issues.append(_of_sites(view, left_out[view.id]))
            if view.due and view.basis == "typed" and (view.figure.value is None or view.figure.carried):
                unfilled += 1
        for milestone in situation.milestone_views(task, _home(workspace)):
            if milestone.mine and milestone.light == "red":
                issues.append(
                    IssueView(
                        level="note",
                        subject=subjects.milestone(milestone.area, situation.plan.id, milestone.id),
                        indicator=milestone.id,
                        name=f"{task.no} {milestone.what}",
                        text=_("{due}前要完成，还没有登记完成日期。").format(due=milestone.due.isoformat()),
                        next_step=_("已完成的请登记日期；没完成的请在问题清单写明原因。"),
                    )
                )
    if unfilled:
        issues.append(
            IssueView(
                level="note",
                subject="",
                indicator="",
                name=_("未填"),
                text=_("有 {count} 项本期没有填，将沿用上期数并注明。").format(count=unfilled),
                next_step=_("没有变化的可以按“本期无变化”。"),
            )
        )
    issues += _of_those_below(workspace, period)
    issues += _of_forks(workspace, {issue.subject for issue in issues})
    issues += _of_certificate(workspace)
    order = {"hard": 0, "soft": 1, "note": 2}
    return sorted(issues, key=lambda issue: order[issue.level])


PAGE = "page/"
"""Begins the subject of an issue that is put right on another page; the page's key follows."""


def _of_those_below(workspace: Workspace, period: Period) -> list[IssueView]:
    """What a unit that sums others up sends without: who has not reported, what nobody has judged, what differs."""
    if not reviewing.reporting_units(workspace):
        return []
    found: list[IssueView] = []

    def note(page: str, name: str, text: str, next_step: str) -> None:
        found.append(
            IssueView(
                level="note", subject=PAGE + page, indicator="", name=name, text=text, next_step=next_step
            )
        )

    rows = chasing.missing(workspace, period)
    silent = [row.unit_name for row in rows if row.state == "missing"]
    partial = [row.unit_name for row in rows if row.state == "incomplete"]
    if silent:
        note(
            "missing",
            _("没有报"),
            _("{count} 家没有报，沿用上期数：{names}。").format(count=len(silent), names="、".join(silent)),
            _("可以先催报，也可以照此上报，封面上会写明。"),
        )
    if partial:
        note(
            "missing",
            _("没收全"),
            _("{count} 家的文件没收全：{names}。").format(count=len(partial), names="、".join(partial)),
            _("请在“缺报”里看缺什么。"),
        )
    waiting = [unit for unit in reviewing.review_units(workspace, period) if unit.waiting]
    if waiting:
        note(
            "review",
            _("没审完"),
            _("{count} 项还没有审：{names}。").format(
                count=sum(unit.waiting for unit in waiting),
                names="、".join(unit.unit_name for unit in waiting),
            ),
            _("没审的按上报数计入。"),
        )
    return found


_MOST_FORKS = 5
"""Differences that are named one by one."""


def _of_forks(workspace: Workspace, told: set[str]) -> list[IssueView]:
    """What two computers say differently, each with its month: one of an earlier month is in this month's figures too.
    `told` are those that the figures themselves tell of."""
    open_ones = [one for one in forking.forks(workspace) if not one.answered and one.subject not in told]
    own = workspace.unit_code
    found = []
    for one in open_ones[:_MOST_FORKS]:
        month = Period.parse(one.period).short_label if one.period else ""
        whose = "" if one.unit == own else one.unit_name
        found.append(
            IssueView(
                level="soft",
                subject=PAGE + "forks",
                indicator="",
                name=_("不一致"),
                text=_("{what}有两种说法，还没有定，现在暂计其中一个。").format(
                    what=" ".join(part for part in (whose, month, one.title) if part)
                ),
                next_step=_("请在“不一致”里选定一个。"),
            )
        )
    if len(open_ones) > _MOST_FORKS:
        more = _("还有 {count} 处有两种说法，现在各暂计一个。")
        found.append(
            IssueView(
                level="soft",
                subject=PAGE + "forks",
                indicator="",
                name=_("不一致"),
                text=more.format(count=len(open_ones) - _MOST_FORKS),
                next_step=_("请在“不一致”里选定一个。"),
            )
        )
    return found


_SOON = 60
"""Days before a certificate's end from which on it is spoken of: a new one is asked for on paper."""


def _of_certificate(workspace: Workspace) -> list[IssueView]:
    """The certificate ends soon, or has ended; figures signed after its end are kept above and not counted."""
    ends = workspace.store.meta(CERTIFICATE_ENDS)
    left = (date.fromisoformat(ends) - date.today()).days if ends else _SOON + 1
    if left > _SOON:
        return []
    text = (
        _("本单位的证书{day}到期。") if left >= 0 else _("本单位的证书已于{day}到期，上级收到后不计入合计。")
    )
    return [
        IssueView(
            level="note" if left >= 0 else "soft",
            subject="",
            indicator="",
            name=_("证书"),
            text=text.format(day=ends),
            next_step=_("请向上级申请换发证书（照常导出，申请随包带去）；电脑日期不对的请先校准。")
            if left < 0
            else _("请做一份证书申请交上级换发。"),
        )
    ]


def _home(workspace: Workspace) -> str:
    return workspace.organisation.home_area(workspace.unit_code)


def _of_indicator(view: IndicatorView, subject: str) -> list[IssueView]:
    found: list[IssueView] = []
    name = f"{view.task} {view.name}"

    def note(level: str, text: str, next_step: str) -> None:
        found.append(
            IssueView(
                level=level,  # type: ignore[arg-type]
                subject=subject,
                indicator=view.id,
                name=name,
                text=text,
                next_step=next_step,
            )
        )

    if view.error:
        note("hard", view.error, _("请改这一格。"))
    if view.warning:
        note("soft", view.warning, _("请核对；确实如此就写一句原因。"))
    if view.heads > 1:
        note("soft", _("这一格有两种说法，还没有定。"), _("请在“不一致”里选定一个。"))
    if view.returned:
        note(
            "soft", _("上级退回：{remark}").format(remark=view.remark or "–"), _("请改正后再报，或写明情况。")
        )
    return found


def _of_sites(view: IndicatorView, left: uncounted.Uncounted) -> IssueView:
    """Sites that are complete and not in the figure: the number that goes up is smaller by them."""
    return IssueView(
        level="note",
        subject=PAGE + "sites",
        indicator=view.id,
        name=f"{view.task} {view.name}",
        text=uncounted.in_words(view, left),
        next_step=_("补齐就自动计入；不补照现在的数报。"),
        uncounted=left.sites,
    )


def gaps(workspace: Workspace, period: Period, situation: Situation | None = None) -> list[IssueView]:
    """Evidence that is still wanted: one row a complete site that rests on evidence and has none.  An office is asked
    for that of its own sites alone."""
    unproved = situation.unproved if situation is not None else site_list.unproved(workspace)
    needed = {
        indicator.id: indicator for indicator in workspace.plan.indicators() if indicator.evidence_needed
    }
    found = []
    own = workspace.unit
    for head in unproved:
        if not own.is_area and head.unit != own.code:
            continue
        indicator = next((key for key in head.body.quantities if key in needed), None)
        done = head.body.completed <= period.end.isoformat()
        if indicator is not None and done:
            found.append(
                IssueView(
                    level="note",
                    subject=head.subject,
                    indicator=indicator,
                    name=head.body.name,
                    text=_("缺完成后的照片或验收材料"),
                    next_step=_("请添加佐证。"),
                    stage="改造后",
                )
            )
    return sorted(found, key=lambda issue: (needed[issue.indicator].task_no, issue.name))
