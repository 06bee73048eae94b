"""report bulletin|ranking|order|meeting|result|year: the city's and the county's papers."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from desktop_app.cli.common import Line
from desktop_app.core.errors import InputError, UsageError
from desktop_app.core.i18n import _
from desktop_app.core.model.period import Period

if TYPE_CHECKING:
    from desktop_app.core.operations.papers import Sight
    from desktop_app.core.report.document import Document

FILE = click.Path(path_type=Path, dir_okay=False)


def written(line: Line, paths: list[Path], **more: object) -> None:
    """What was written: paths for people, {"files": [...], …} with --json."""
    line.report({"files": [str(path) for path in paths], **more}, lambda: [str(path) for path in paths])


def wanted_suffix(path: Path, *suffixes: str) -> Path:
    """UsageError where the file named is not of a kind this paper can be."""
    if path.suffix.lower() not in suffixes:
        raise UsageError(
            _("“{file}”不是 {kinds} 文件。").format(file=path.name, kinds="、".join(suffixes)),
            next_step=_("请把 --out 的文件名改成以 {kind} 结尾。").format(kind=suffixes[0]),
        )
    return path


def sight_of(line: Line, period: str | None, cutoff: str) -> contextlib.AbstractContextManager[Sight]:
    """The period asked for, as it stands now or as it stood at the cut-off."""
    from desktop_app.core.operations import papers

    return papers.sight(
        line.workspace(writing=False),
        Period.parse(period) if period else None,
        cutoff,
        line.progress,
    )


def save_paper(line: Line, document: Document, path: Path) -> Path:
    """A paper in words, in the form its file name asks for."""
    from desktop_app.core.operations import papers

    return papers.save(document, path, line.paper)


PERIOD = click.option("--period", default=None, help="期间，例如 2024-06；默认最近有数的月份")
CUTOFF = click.option("--cutoff", default="", help="用哪个截止点（taizhang cutoff list）；不写则用现在的数")


@click.command()
@PERIOD
@CUTOFF
@click.option("--out", required=True, type=FILE, help="通报存成哪个 docx；附件表存在旁边")
@click.option("--dated", default="", help="成文日期，例如 2024年7月8日；不写则留空待填")
@click.option("--answer-by", default="", help="要求报送整改情况的日期，例如 7月20日")
@click.option(
    "--edits", type=FILE, default=None, help="修改（JSON）：addressee、lags、areas 的取舍、次序和备注"
)
@click.pass_obj
def bulletin(
    line: Line, period: str | None, cutoff: str, out: Path, dated: str, answer_by: str, edits: Path | None
) -> None:
    """通报代拟稿（docx）和附件表（xlsx）。"""
    from desktop_app.core.operations import bulletins

    path = wanted_suffix(out, ".docx")
    with sight_of(line, period, cutoff) as sight:
        found = bulletins.draft(sight.situation, made=sight.made, cutoff=sight.cutoff, dated=dated)
    changes: dict[str, Any] = {"answer_by": answer_by}
    found = bulletins.edited(found, changes | (_edits(edits) if edits else {}))
    written(
        line,
        bulletins.write(found, path),
        period=found.label,
        cutoff=found.cutoff,
        lagging=[
            {"area": row.area, "name": row.name, "task": row.no, "title": row.title, "chosen": row.chosen}
            for row in found.lags
        ],
    )


def _edits(path: Path) -> dict[str, Any]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.MsgspecError) as problem:
        raise InputError(
            _("“{file}”读不出来。").format(file=path.name),
            next_step=_("修改文件应是一个 JSON 对象，例如 {example}。").format(example='{"lags": []}'),
            detail=str(problem),
        ) from problem


@click.command()
@PERIOD
@CUTOFF
@click.option("--out", required=True, type=FILE, help="存成哪个 xlsx")
@click.option(
    "--rule", type=click.Choice(["done", "increase"]), default="done", help="按完成率，或按本期新增"
)
@click.option("--silent", type=click.Choice(["last", "out"]), default="last", help="从未报送的排最后，或不排")
@click.pass_obj
def ranking(line: Line, period: str | None, cutoff: str, out: Path, rule: str, silent: str) -> None:
    """排名表（xlsx）：只排通知要求排名的任务，或本单位打开了排名的。"""
    from desktop_app.core.operations import standings
    from desktop_app.core.report import ranking as paper

    path = wanted_suffix(out, ".xlsx")
    with sight_of(line, period, cutoff) as sight:
        situation = sight.situation
        tables = standings.tables(situation, rule=rule, silent=silent)  # type: ignore[arg-type]
        plan, unit, key = situation.plan.title, situation.workspace.unit.name, situation.period.key
    paper.write(tables, path, plan=plan, unit=unit, made=sight.made)
    written(
        line,
        [path],
        period=key,
        tables=[
            {
                "task": table.task,
                "title": table.title,
                "rules": table.rules,
                "lines": [
                    {
                        "area": row.area,
                        "name": row.name,
                        "place": row.place,
                        "tied": row.tied,
                        "score": row.score,
                        "note": row.note,
                    }
                    for row in table.lines
                ],
            }
            for table in tables
        ],
    )


@click.command()
@click.argument("number")
@PERIOD
@click.option("--out", required=True, type=FILE, help="存成哪个 docx 或 pdf")
@click.pass_obj
def order(line: Line, number: str, period: str | None, out: Path) -> None:
    """督办单和反馈单（docx、pdf）：NUMBER 是督办单编号。"""
    from desktop_app.core.operations import dispatch_papers
    from desktop_app.core.report.order import order_document

    path = wanted_suffix(out, ".docx", ".pdf")
    with sight_of(line, period, "") as sight:
        found = dispatch_papers.order(sight, number)
    written(line, [save_paper(line, order_document(found), path)], number=found.number, to=found.to)


@click.command()
@click.argument("title", default="")
@PERIOD
@CUTOFF
@click.option("--out", required=True, type=FILE, help="存成哪个 docx 或 pdf")
@click.pass_obj
def meeting(line: Line, title: str, period: str | None, cutoff: str, out: Path) -> None:
    """调度会材料（docx、pdf）：TITLE 是已登记的会议名称，不写则按当前进展出一份。"""
    from desktop_app.core.operations import dispatch_papers
    from desktop_app.core.report.order import meeting_document

    path = wanted_suffix(out, ".docx", ".pdf")
    with sight_of(line, period, cutoff) as sight:
        found = dispatch_papers.meeting(sight, title)
    written(line, [save_paper(line, meeting_document(found), path)], actions=len(found.actions))


@click.command()
@click.argument("task", type=int)
@PERIOD
@CUTOFF
@click.option("--out", required=True, type=FILE, help="存成哪个 docx、pdf 或 png")
@click.option("--photo", "photos", multiple=True, help="配哪张照片（SHA-256 的前几位），可重复")
@click.option("--text", default="", help="另加的一段话（不得有个人信息）")
@click.option("--list", "listing", is_flag=True, help="只列出可以公开的照片")
@click.pass_obj
def result(
    line: Line,
    task: int,
    period: str | None,
    cutoff: str,
    out: Path,
    photos: tuple[str, ...],
    text: str,
    listing: bool,
) -> None:
    """公开用的成果页（docx、pdf、png）：不含个人信息，照片去掉拍摄地点。"""
    from desktop_app.core.operations import publication
    from desktop_app.core.report.result_sheet import result_document

    path = wanted_suffix(out, ".docx", ".pdf", ".png")
    with sight_of(line, period, cutoff) as sight:
        known = sight.situation.plan.task(task)
        there = publication.candidates(sight.situation.workspace, known) if known else []
        chosen = [
            next((view.sha256 for view in there if photo and view.sha256.startswith(photo)), photo)
            for photo in photos
        ]
        found = publication.sheet(sight, task, chosen, text)
    paths = [] if listing else [save_paper(line, result_document(found), path)]
    offered = [{"sha256": view.sha256, "caption": view.caption, "taken": view.taken} for view in there]
    written(line, paths, task=task, photos=offered)
    if listing and not line.json:
        for view in there:
            click.echo(f"{view.sha256[:12]}  {view.taken[:10]}  {view.caption}")


@click.command()
@click.option("--period", default=None, help="判到什么时候；默认方案年度的年末")
@CUTOFF
@click.option("--out", required=True, type=FILE, help="存成哪个 xlsx；文字报告（docx）存在旁边")
@click.pass_obj
def year(line: Line, period: str | None, cutoff: str, out: Path) -> None:
    """年终完成情况：每个指标按约束词判定（xlsx 和 docx）。"""
    from desktop_app.core.operations import year_end
    from desktop_app.core.report.year_end import counts

    path = wanted_suffix(out, ".xlsx")
    chosen = period or str(line.workspace(writing=False).plan.year)
    with sight_of(line, chosen, cutoff) as sight:
        found = year_end.year_end(sight)
    written(
        line,
        year_end.write_papers(found, path),
        tasks=counts(found.tasks),
        indicators=[
            {
                "id": row.indicator,
                "bound": row.bound,
                "target": row.target,
                "value": row.value,
                "verdict": row.verdict,
                "words": row.words,
            }
            for row in found.lines
        ],
    )


def add_to(group: click.Group) -> None:
    for command in (bulletin, ranking, order, meeting, result, year):
        group.add_command(command)
