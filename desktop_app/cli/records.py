"""problem, fund: the problem list and the money."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desktop_app.cli.common import Line, grid
from desktop_app.core.errors import InputError
from desktop_app.core.figures.numbers import show
from desktop_app.core.i18n import N_, _
from desktop_app.core.lazy import later

if TYPE_CHECKING:
    from desktop_app.core.operations import recording
else:
    later(globals(), "desktop_app.core.operations", "recording")

LEVEL_WORDS = {
    "central": N_("中央"),
    "province": N_("省级"),
    "city": N_("市级"),
    "county": N_("县级"),
    "township": N_("乡镇"),
    "other": N_("其他"),
}
LEVELS = ("central", "province", "city", "county", "township", "other")


@click.group()
def problem() -> None:
    """问题清单：提出、交办、提请、答复、销号、回头看。"""


@problem.command("add")
@click.argument("task", type=int)
@click.argument("text")
@click.option("--due", default="", help="要求解决日期")
@click.option("--domain", default="", help="领域")
@click.option("--to", default="", help="交办给哪个单位")
@click.option("--area", default="", help="记在哪个地区（默认本地区）")
@click.pass_obj
def problem_add(line: Line, task: int, text: str, due: str, domain: str, to: str, area: str) -> None:
    """提出一个问题。"""
    from desktop_app.core.operations.register_writing import unit_code

    workspace = line.workspace()
    fields = {"task": task, "text": text, "due": due, "domain": domain}
    if to:
        fields["to"] = unit_code(workspace, to)
    _changes, subject = recording.save_problem(
        workspace, None, fields, area=unit_code(workspace, area) if area else None
    )
    line.report({"subject": subject}, lambda: [subject])


@problem.command("close")
@click.argument("subject")
@click.option("--answer", required=True, help="怎么解决的")
@click.option("--date", "day", default="", help="销号日期")
@click.option(
    "--proof", multiple=True, type=click.Path(path_type=Path, exists=True), help="证明已解决的照片、文件"
)
@click.pass_obj
def problem_close(line: Line, subject: str, answer: str, day: str, proof: tuple[Path, ...]) -> None:
    """销号。"""
    from desktop_app.core.operations import problems

    problems.close(line.workspace(), subject, answer, day=day, proof=proof)
    line.tell(_("已销号。"))


@problem.command("assign")
@click.argument("subject")
@click.argument("unit")
@click.option("--due", default="", help="要求解决日期")
@click.pass_obj
def problem_assign(line: Line, subject: str, unit: str, due: str) -> None:
    """交办给一个单位。"""
    from desktop_app.core.operations import problems

    problems.assign(line.workspace(), subject, unit, due=due)
    line.tell(_("已交办。"))


@problem.command("escalate")
@click.argument("subject")
@click.option("--lead", default="", help="牵头部门（默认是该任务的牵头部门）")
@click.pass_obj
def problem_escalate(line: Line, subject: str, lead: str) -> None:
    """提请牵头部门协调。"""
    from desktop_app.core.operations import problems

    problems.escalate(line.workspace(), subject, lead)
    line.tell(_("已提请，随下次上报送出。"))


@problem.command("answer")
@click.argument("subject")
@click.argument("text")
@click.option("--status", type=click.Choice(["doing", "done", "confirmed", "returned"]), default=None)
@click.pass_obj
def problem_answer(line: Line, subject: str, text: str, status: str | None) -> None:
    """以本单位名义答复。"""
    from desktop_app.core.operations import problems

    problems.answer(line.workspace(), subject, text, status=status or "")
    line.tell(_("已答复。"))


@problem.command("recheck")
@click.argument("subject")
@click.option("--held/--again", required=True, help="没有反弹 / 又出现了")
@click.option("--note", default="", help="情况（反弹时必填）")
@click.option("--date", "day", default="", help="回头看日期")
@click.pass_obj
def problem_recheck(line: Line, subject: str, held: bool, note: str, day: str) -> None:
    """回头看：没有反弹，或又出现了（自动重新打开）。"""
    from desktop_app.core.operations import problems

    problems.recheck(line.workspace(), subject, held=held, note=note, day=day)
    line.tell(_("已记下。"))


@problem.command("reopen")
@click.argument("subject")
@click.option("--reason", required=True, help="原因")
@click.pass_obj
def problem_reopen(line: Line, subject: str, reason: str) -> None:
    """重新打开已销号的问题。"""
    from desktop_app.core.operations import problems

    problems.reopen(line.workspace(), subject, reason)
    line.tell(_("已重新打开。"))


@problem.command("list")
@click.option("--overdue", is_flag=True, help="只看逾期的")
@click.option("--area", default="", help="只看一个地区")
@click.option("--domain", default="", help="只看一个领域")
@click.pass_obj
def problem_list(line: Line, overdue: bool, area: str, domain: str) -> None:
    """问题清单，未销号的在前。"""
    from desktop_app.core.operations import problems, reading
    from desktop_app.core.operations.register_writing import unit_code

    workspace = line.workspace(writing=False)
    where = unit_code(workspace, area) if area else ""
    rows = [
        row
        for row in problems.problems(workspace)
        if (row.overdue or not overdue)
        and (not where or row.area == where)
        and (not domain or row.domain == domain)
    ]
    line.report(
        {"problems": [reading.json_ready(row) for row in rows]},
        lambda: grid(
            [
                _("编号"),
                _("地区"),
                _("任务"),
                _("领域"),
                _("状态"),
                _("天数"),
                _("逾期"),
                _("承办"),
                _("内容"),
            ],
            [
                (
                    r.subject.split("/")[-1],
                    r.area_name,
                    r.task,
                    r.domain,
                    problems.state_words(r),
                    r.age_days,
                    r.overdue or "",
                    r.lead_name or r.to_name,
                    r.text,
                )
                for r in rows
            ],
        ),
    )


@problem.command("summary")
@click.pass_obj
def problem_summary(line: Line) -> None:
    """分县区、分领域的件数：共几件、没销号几件、逾期几件。"""
    from desktop_app.core.operations import problems, reading

    rows = problems.summary(line.workspace(writing=False))
    line.report(
        {"summary": [reading.json_ready(row) for row in rows]},
        lambda: grid(
            [_("地区"), _("领域"), _("件数"), _("未销号"), _("逾期")],
            [(r.area_name, r.domain or _("未分领域"), r.count, r.open, r.overdue) for r in rows],
        ),
    )


# -- money -----------------------------------------------------------------------------------------------------------


@click.group()
def fund() -> None:
    """资金：到位、支付、应筹、缺口。"""


@fund.command("record")
@click.argument("task", type=int)
@click.option("--level", required=True, type=click.Choice(LEVELS), help="资金来源级次")
@click.option("--arrived", default=None, help="到账（元）")
@click.option("--paid", default=None, help="支出（元）")
@click.option("--planned", default=None, help="这一级应承担（元），依据写在说明里")
@click.option("--date", "day", default="", help="日期")
@click.option("--note", default="", help="说明")
@click.pass_obj
def fund_record(
    line: Line,
    task: int,
    level: str,
    arrived: str | None,
    paid: str | None,
    planned: str | None,
    day: str,
    note: str,
) -> None:
    """登记到账、支出或应筹。"""
    fields = {
        "task": task, "level": level, "arrived": arrived, "paid": paid, "planned": planned, "date": day,
        "note": note,
    }  # fmt: skip
    recording.record_fund(
        line.workspace(), {key: value for key, value in fields.items() if value is not None}
    )
    line.tell(_("已登记。"))


@fund.command("summary")
@click.option("--period", default=None, help="月份，例如 2024-06")
@click.option("--task", type=int, default=None, help="只看一项任务，按县区列")
@click.option("--unit", default="", help="哪个地区（默认本地区）")
@click.pass_obj
def fund_summary(line: Line, period: str | None, task: int | None, unit: str) -> None:
    """参考数（标准×数量）、到位、支付、缺口；没有依据的显示“未定”。"""
    from desktop_app.core.operations import funds, reading
    from desktop_app.core.operations.register_writing import unit_code

    workspace = line.workspace(writing=False)
    home = workspace.organisation.home_area(workspace.unit_code)
    area = unit_code(workspace, unit) if unit else home
    money = funds.Money(workspace, line.period(period))
    if task is None:
        views = money.tasks(area)
    else:
        found = workspace.plan.task(task)
        if found is None:
            raise InputError(_("没有第 {no} 项任务。").format(no=task), next_step=_("任务序号见“任务”页。"))
        views = [money.view(found, area), *money.areas(found, area)]

    def yuan(value: Fraction | None) -> str:
        return _("未定") if value is None else show(value, 0 if value.denominator == 1 else 2)

    line.report(
        {"funds": [reading.json_ready(view) for view in views]},
        lambda: [
            *grid(
                [_("任务"), _("地区"), _("参考数"), _("到位"), _("支付"), _("缺口"), _("分担")],
                [
                    (
                        view.task,
                        view.area_name,
                        yuan(view.reference),
                        yuan(view.total_arrived),
                        yuan(view.total_paid),
                        yuan(view.gap),
                        view.split_rule,
                    )
                    for view in views
                ],
            ),
            *(
                f"{view.task} {view.area_name}：{words}"
                for view in views
                for words in (*view.warnings, *view.open)
            ),
        ],
    )


def _yuan(amount: object) -> str:
    """An amount of money with its thousands, and cents only where it has some."""
    return "" if amount is None else show(Fraction(str(amount)), 2).removesuffix(".00")


@fund.command("list")
@click.option("--task", type=int, default=None, help="只看一项任务")
@click.pass_obj
def fund_list(line: Line, task: int | None) -> None:
    """一笔一行的清单。"""
    workspace = line.workspace(writing=False)
    heads = [head for head in workspace.store.ledger.heads("fund") if task in (None, head.body.task)]
    line.report(
        {
            "funds": [
                {
                    "subject": head.subject,
                    "area": head.owner,
                    "task": head.body.task,
                    "level": head.body.level,
                    "arrived": head.body.arrived,
                    "paid": head.body.paid,
                    "planned": head.body.planned,
                    "date": head.body.date,
                    "note": head.body.note,
                }
                for head in heads
            ]
        },
        lambda: grid(
            [
                _("编号"),
                _("地区"),
                _("任务"),
                _("级次"),
                _("到位"),
                _("支付"),
                _("应筹"),
                _("日期"),
                _("说明"),
            ],
            [
                (
                    head.subject.split("/")[-1],
                    workspace.organisation.name(head.owner),
                    head.body.task,
                    _(LEVEL_WORDS[head.body.level]),
                    _yuan(head.body.arrived),
                    _yuan(head.body.paid),
                    _yuan(head.body.planned),
                    head.body.date,
                    head.body.note,
                )
                for head in heads
            ],
        ),
    )


@click.command("copy")
@click.option("--lead", required=True, help="牵头部门的名称")
@click.option("--period", default=None, help="月份，例如 2024-06")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="写到哪个 xlsx 文件")
@click.pass_obj
def report_copy(line: Line, lead: str, period: str | None, out: Path) -> None:
    """给没有装软件的牵头部门一份只读表：只有它牵头的任务。"""
    from desktop_app.core.operations import reading_copy

    made = reading_copy.write(line.workspace(writing=False), lead, line.period(period), out)
    line.report(
        {"path": str(made.path), "tasks": list(made.tasks)},
        lambda: [
            _("已写出 {path}：{count} 项任务。").format(path=made.path, count=len(made.tasks)),
        ],
    )


def add_to(group: click.Group) -> None:
    from desktop_app.cli import reports

    for command in (problem, fund):
        group.add_command(command)
    reports.report.add_command(report_copy)
