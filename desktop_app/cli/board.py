"""cutoff: named moments that papers are made from; report board: the wall board and the leader's page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from desktop_app.cli.common import Line, grid
from desktop_app.cli.reports import report
from desktop_app.core.errors import UsageError
from desktop_app.core.i18n import _
from desktop_app.core.lazy import later
from desktop_app.core.model.period import Period
from desktop_app.core.store.database import disk_error

if TYPE_CHECKING:
    from desktop_app.core.operations import cutoffs
else:
    later(globals(), "desktop_app.core.operations", "cutoffs")


def _document(found: cutoffs.Cutoff) -> dict[str, object]:
    return {
        "key": found.key,
        "name": found.name,
        "period": found.period,
        "at": found.at,
        "operator": found.operator,
        "entries": found.entries,
        "digest": found.digest,
    }


@click.group()
def cutoff() -> None:
    """截止点：定下一个时刻，通报、挂图照它出，以后再出也一样。"""


@cutoff.command("make")
@click.argument("name")
@click.option("--period", default=None, help="期间，例如 2024-06")
@click.pass_obj
def cutoff_make(line: Line, name: str, period: str | None) -> None:
    """把此刻已收到的全部数据定为一个截止点。"""
    found = cutoffs.make(line.workspace(), name, line.period(period))
    line.report(
        _document(found),
        lambda: [_("已定截止点“{name}”：{count} 条记录。").format(name=found.name, count=found.entries)],
    )


@cutoff.command("list")
@click.pass_obj
def cutoff_list(line: Line) -> None:
    """已定的截止点。"""
    found = cutoffs.all(line.workspace(writing=False))

    def text() -> list[str]:
        if not found:
            return [_("还没有截止点。")]
        return grid(
            [_("名称"), _("期间"), _("定于"), _("记录数"), _("操作人")],
            [(c.name, c.period, c.at.replace("T", " ")[:16], c.entries, c.operator) for c in found],
        )

    line.report({"cutoffs": [_document(known) for known in found]}, text)


SIZES = ("A3", "A0", "A4", "phone")


@click.command("board")
@click.option("--period", default=None, help="期间，例如 2024-06；默认最近有数的月份")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="存成哪个 pdf 或 png"
)
@click.option(
    "--size",
    type=click.Choice(SIZES, case_sensitive=False),
    default=None,
    help="A3、A0 挂图；A4 一页通；phone 手机长图",
)
@click.option("--as-of", "day", default=None, help="按哪一天收到的数据，例如 2024-06-30")
@click.option("--cutoff", "cutoff_name", default=None, help="按哪个截止点")
@click.option("--lead", default="", help="只要哪个牵头单位的")
@click.option("--category", default="", help="只要哪一类的")
@click.option("--changes", is_flag=True, help="标出比上月变了灯的")
@click.pass_obj
def board(
    line: Line,
    period: str | None,
    out: Path,
    size: str | None,
    day: str | None,
    cutoff_name: str | None,
    lead: str,
    category: str,
    changes: bool,
) -> None:
    """挂图（A3、A0 的 pdf，png）、领导一页通（A4 的 pdf）和手机长图（png）。"""
    from desktop_app.core.operations import boarding

    suffix = out.suffix.lower()
    chosen = size or ("A3" if suffix == ".pdf" else "screen")
    if suffix not in (".pdf", ".png") or (chosen == "phone") != (suffix == ".png" and chosen == "phone"):
        raise UsageError(
            _("“{file}”的格式不对。").format(file=out.name),
            next_step=_("挂图和一页通存成 .pdf，图片和手机长图存成 .png。"),
        )
    if chosen == "A4" and suffix == ".png":
        raise UsageError(_("A4 一页通只能存成 pdf。"), next_step=_("要图片请用 --size phone。"))
    view = boarding.view_of(
        line.workspace(writing=False),
        Period.parse(period) if period else None,
        day=day,
        cutoff=cutoff_name,
        lead=lead,
        category=category,
        progress=line.progress,
    )
    try:
        if chosen in ("A4", "phone"):
            from desktop_app.core.report.board import leader_page

            line.paper().leader(leader_page(view), out)
        else:
            line.paper().board(view, out, chosen, changes=changes)
    except OSError as problem:
        raise disk_error(problem, out) from problem
    line.report({"files": [str(out)], "period": view.period, "note": view.note}, lambda: [str(out)])


@click.command("schedule")
@click.option("--period", default=None, help="期间，例如 2024-06；默认最近有数的月份")
@click.option("--area", default=None, help="哪个地区（代码）；默认本级，all 为全部")
@click.option("--overdue", is_flag=True, help="只列逾期的")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=None, help="存成 pdf（A3）")
@click.pass_obj
def schedule(line: Line, period: str | None, area: str | None, overdue: bool, out: Path | None) -> None:
    """倒排工期：每个指标的节点、余量、逾期和迟完成的（pdf 或列表）。"""
    from desktop_app.core.operations import scheduling

    workspace = line.workspace(writing=False)
    view = scheduling.view(workspace, line.period(period))
    chosen = "" if area == "all" else area or view.areas[0][0]
    if chosen and chosen not in dict(view.areas):
        raise UsageError(
            _("没有代码是“{area}”的地区。").format(area=chosen),
            next_step=_("可选：{names}。").format(names="、".join((*dict(view.areas), "all"))),
        )
    if out is not None:
        if out.suffix.lower() != ".pdf":
            raise UsageError(_("倒排工期只能存成 pdf。"), next_step=_("请把文件名写成 .pdf 结尾。"))
        try:
            line.paper().schedule(view, chosen, out)
        except OSError as problem:
            raise disk_error(problem, out) from problem
    rows = [row for row in view.rows if (not chosen or row.area == chosen) and (row.overdue or not overdue)]
    line.report(
        {"files": [str(out)] if out else [], "rule": view.rule, "rows": [scheduling.document(row) for row in rows]},
        lambda: [str(out)] if out else [
            *grid(
                [_("任务"), _("指标"), _("地区"), _("责任单位"), _("余量（天）"), _("逾期的节点")],
                [
                    (
                        row.task, row.name, row.area_name, row.reporter,
                        "" if row.slack.days is None else row.slack.days,
                        "；".join(f"{step.due.isoformat()} {step.what}" for step in row.overdue),
                    )
                    for row in rows
                ],
            ),
            _("亮灯规则：{rule}").format(rule=view.rule),
        ],
    )  # fmt: skip


def add_to(group: click.Group) -> None:
    group.add_command(cutoff)
    report.add_command(board)
    report.add_command(schedule)
