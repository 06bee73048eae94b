"""tasks, record, milestone, attach, check, log: figures and what belongs to them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desktop_app.cli.common import Line, cell_text, grid, percent
from desktop_app.core.i18n import _
from desktop_app.core.lazy import later
from desktop_app.core.model.period import Period
from desktop_app.core.model.view import LIGHTS, IndicatorView

if TYPE_CHECKING:
    from desktop_app.core.operations import reading
else:
    later(globals(), "desktop_app.core.operations", "reading")


def indicator_json(view: IndicatorView) -> dict[str, Any]:
    """One indicator of `tasks --json`; the city's share is its target."""
    goal = view.share
    return {
        "id": view.id,
        "name": view.name,
        "measure": view.measure,
        "op": view.op,
        "unit": view.unit,
        "target": reading.json_ready(goal),
        "share": reading.json_ready(goal),
        "value": reading.json_ready(view.figure.value),
        "of": reading.json_ready(view.figure.of),
        "parent": view.parent,
        "reporter": view.reporter,
        "area": view.area,
        "reported": reading.json_ready(view.figure.reported),
        "carried": view.figure.carried,
        "rate": reading.json_ready(view.rate),
        "done": None if view.done is None else round(float(view.done), 4),
        "expected": None if view.expected is None else round(float(view.expected), 4),
        "light": view.light,
        "evidence": view.evidence,
        "missing": view.figure.missing,
        "disputed": view.heads > 1 or view.figure.disputed,
    }


@click.command()
@click.option("--unit", default=None, help="看哪个单位（地区），默认本单位")
@click.option("--period", default=None, help="期间，例如 2024-06；默认最近有数的月份")
@click.option("--mine", is_flag=True, help="只看本单位填报的")
@click.pass_obj
def tasks(line: Line, unit: str | None, period: str | None, mine: bool) -> None:
    """50 项任务：份额、完成、应达、灯。"""
    from desktop_app.core.operations.situation import Situation

    workspace = line.workspace(writing=False)
    when = line.period(period)
    area = workspace.organisation.home_area(workspace.known_unit(unit).code) if unit else None
    views = Situation(workspace, when).tasks(area)
    document = {
        "plan": workspace.plan.id,
        "unit": unit or workspace.unit_code,
        "period": when.key,
        "tasks": [
            {
                "no": task.no,
                "category": task.category,
                "title": task.title,
                "lead": list(task.lead),
                "percent": None if task.percent is None else round(float(task.percent), 4),
                "light": task.light,
                "indicators": [indicator_json(view) for view in task.indicators if view.mine or not mine],
                "milestones": [
                    {
                        "id": milestone.id,
                        "what": milestone.what,
                        "due": milestone.due.isoformat(),
                        "done": milestone.done.isoformat() if milestone.done else None,
                        "light": milestone.light,
                    }
                    for milestone in task.milestones
                ],
            }
            for task in views
            if task.mine or not mine
        ],
    }

    def text() -> list[str]:
        rows = []
        for task in views:
            for view in task.indicators:
                if mine and not view.mine:
                    continue
                value = cell_text(view.figure.value)
                if view.figure.of is not None:
                    value += f" / {cell_text(view.figure.of)}"
                rows.append(
                    (
                        view.id,
                        view.name[:18],
                        cell_text(view.share),
                        view.unit,
                        value,
                        percent(view.done),
                        percent(view.expected),
                        _(LIGHTS[view.light]),
                        view.reporter_name,
                    )
                )
        heads = [_("编号"), _("指标"), _("份额"), _("单位"), _("完成"), "%", _("应达"), _("灯"), _("填报")]
        title = f"{workspace.organisation.name(unit or workspace.unit_code)} {when.label}"
        return [title, *grid(heads, rows)]

    line.report(document, text)


@click.command()
@click.argument("indicator")
@click.argument("value")
@click.option("--period", required=True, help="期间，例如 2024-06")
@click.option("--of", "of", default=None, help="比率的分母")
@click.option("--area", default=None, help="代哪个地区填（代录时）")
@click.option("--note", default="", help="说明")
@click.option("--reason", default="", help="异常变动的原因")
@click.pass_obj
def record(
    line: Line,
    indicator: str,
    value: str,
    period: str,
    of: str | None,
    area: str | None,
    note: str,
    reason: str,
) -> None:
    """填一个数：流量填年初累计，存量填期末数。"""
    from desktop_app.core.operations import recording

    workspace = line.workspace()
    when = Period.parse(period)
    recording.record(workspace, indicator, value, period=when, of=of, area=area, note=note, reason=reason)
    from desktop_app.core.operations.situation import Situation

    found = workspace.indicator(indicator)
    view = Situation(workspace, when).indicator_view(
        found, area or recording.reporting_area(workspace, found)
    )
    line.report(
        {"period": when.key, "indicator": indicator_json(view)},
        lambda: [
            _("已保存：{id} {name} {value} {unit}，完成 {done}，{light}").format(
                id=view.id,
                name=view.name,
                value=cell_text(view.figure.value),
                unit=view.unit,
                done=percent(view.done),
                light=_(LIGHTS[view.light]),
            )
        ],
    )


@click.group()
def milestone() -> None:
    """倒排节点。"""


@milestone.command("done")
@click.argument("milestone_id")
@click.option("--date", "day", required=True, help="完成日期，例如 2024-05-22")
@click.option("--area", default=None, help="哪个地区")
@click.option("--note", default="", help="说明")
@click.pass_obj
def milestone_done(line: Line, milestone_id: str, day: str, area: str | None, note: str) -> None:
    """登记一个节点的完成日期。"""
    from desktop_app.core.operations import recording

    recording.finish_milestone(line.workspace(), milestone_id, done=day, area=area, note=note)
    line.tell(_("已登记。"))


@milestone.command("list")
@click.option("--period", default=None)
@click.pass_obj
def milestone_list(line: Line, period: str | None) -> None:
    """所有节点和完成情况。"""
    from desktop_app.core.operations.situation import Situation

    workspace = line.workspace(writing=False)
    situation = Situation(workspace, line.period(period))
    area = workspace.organisation.home_area(workspace.unit_code)
    views = [view for task in situation.plan.tasks for view in situation.milestone_views(task, area)]
    line.report(
        {"milestones": [reading.json_ready(view) for view in views]},
        lambda: grid(
            [_("编号"), _("到期"), _("节点"), _("完成"), _("灯")],
            [
                (v.id, v.due.isoformat(), v.what, v.done.isoformat() if v.done else "", _(LIGHTS[v.light]))
                for v in views
            ],
        ),
    )


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--to", "about", multiple=True, required=True, help="挂到哪里：指标编号、节点编号、台账编号")
@click.option("--caption", default="", help="说明文字")
@click.option("--stage", default="", help="阶段，例如 改造前、改造后、验收")
@click.option("--personal", is_flag=True, help="含个人信息：加密保存，默认不上报")
@click.option("--keep-location", is_flag=True, help="保留照片里的拍摄地点（默认去掉）")
@click.pass_obj
def attach(
    line: Line,
    files: tuple[Path, ...],
    about: tuple[str, ...],
    caption: str,
    stage: str,
    personal: bool,
    keep_location: bool,
) -> None:
    """添加佐证材料（照片、PDF、办公文档）。"""
    from desktop_app.core.operations import evidence

    changes = evidence.attach(
        line.workspace(),
        files,
        about,
        caption=caption,
        stage=stage,
        personal=personal,
        keep_location=keep_location,
        progress=line.progress,
    )
    line.report(
        {"files": len(files), "new": changes.entries},
        lambda: [_("收下 {count} 个文件，新增 {new} 条佐证。").format(count=len(files), new=changes.entries)],
    )


@click.command()
@click.option("--period", required=True, help="期间，例如 2024-06")
@click.pass_obj
def check(line: Line, period: str) -> None:
    """上报前检查：哪些必须改，哪些要说明。"""
    from desktop_app.core.operations.checking import check as run_check

    issues = run_check(line.workspace(writing=False), Period.parse(period))
    marks = {"hard": _("必须改"), "soft": _("请说明"), "note": _("提示")}
    if any(issue.level == "hard" for issue in issues):
        line.status = 1
    line.report(
        {"ok": line.status == 0, "issues": [reading.json_ready(issue) for issue in issues]},
        lambda: (
            [
                f"[{marks[i.level]}] {_('{name}：{text}').format(name=i.name, text=i.text)} → {i.next_step}"
                for i in issues
            ]
            or [_("没有问题，可以上报。")]
        ),
    )


@click.command()
@click.argument("subject", required=False, default="")
@click.option("--limit", default=200, show_default=True)
@click.pass_obj
def log(line: Line, subject: str, limit: int) -> None:
    """谁在什么时候把什么从多少改成多少、为什么。"""
    workspace = line.workspace(writing=False)
    if subject and "/" not in subject and workspace.plan.indicator(subject):
        steps = [
            step
            for found in workspace.store.ledger.subjects("progress/")
            if f"/{subject}/" in found
            for step in reading.history(workspace, found)
        ][:limit]
    else:
        if subject and "/" not in subject:
            # The short number that lists show is the end of a subject.
            ending = [found for found in workspace.store.ledger.subjects("") if found.endswith("/" + subject)]
            subject = ending[0] if len(ending) == 1 else subject
        steps = reading.log(workspace, subject, limit)

    def text() -> list[str]:
        return [
            f"{step.at[:16].replace('T', ' ')}  {step.unit_name} {step.operator}  {step.subject}  "
            f"{step.before + ' → ' if step.before else ''}{step.after}"
            f"{'  ' + _('（{text}）').format(text=step.reason) if step.reason else ''}"
            f"{'  ✗ ' + step.why_not if not step.counted else ''}"
            for step in steps
        ]

    line.report({"entries": [reading.json_ready(step) for step in steps]}, text)


def add_to(group: click.Group) -> None:
    for command in (tasks, record, milestone, attach, check, log):
        group.add_command(command)
