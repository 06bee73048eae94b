"""template, site export and import: workbooks that go out and come back."""

from __future__ import annotations

from pathlib import Path

import click

from desktop_app.cli.common import Line, grid
from desktop_app.cli.sites import pairs, site
from desktop_app.core.i18n import _
from desktop_app.core.model.sheet import Reading

STATES = {"new": "新增", "changed": "更改", "same": "不变"}


@click.group()
def template() -> None:
    """填报表：发给没有软件的人填，再收回来。"""


@template.command("out")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--period", default=None, help="报告期，例如 2024-06")
@click.option("--tasks", multiple=True, help="任务或指标编号，例如 3,12.1；不写则为本期应报的")
@click.option("--places", "--area", multiple=True, help="村（社区）名，用逗号隔开；写了就按村相加")
@click.pass_obj
def template_out(
    line: Line, file: Path, period: str | None, tasks: tuple[str, ...], places: tuple[str, ...]
) -> None:
    """写一份填报表。"""
    from desktop_app.core.operations import templates

    workspace = line.workspace()
    choice = templates.Choice(
        indicators=templates.tasks_to_indicators(workspace, tasks),
        places=tuple(
            name for text in places for name in text.replace("，", ",").replace("、", ",").split(",")
        ),
    )
    made = templates.make(workspace, file, line.period(period), choice)
    line.report(
        {
            "file": str(file),
            "period": made.period,
            "mode": made.mode,
            "places": list(made.places),
            "indicators": [*made.indicators, *made.sites],
        },
        lambda: [
            _("已写出 {file}：{period}，指标 {count} 项。").format(
                file=file, period=made.period, count=len(made.indicators) + len(made.sites)
            )
        ],
    )


@template.command("in")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="只看会填进什么、有什么问题，不写入")
@click.option("--reason", multiple=True, help="指标=原因，例如 3.1=集中办班")
@click.pass_obj
def template_in(line: Line, files: tuple[Path, ...], check: bool, reason: tuple[str, ...]) -> None:
    """收回填好的填报表。"""
    from desktop_app.core.operations.workbooks import entering

    reading, _changes = entering.take_in(
        line.workspace(), files, dry=check, reasons=pairs(reason, _("原因")), progress=line.progress
    )
    _report(line, reading, check)


@site.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--indicator", default=None, help="只导出一项指标")
@click.pass_obj
def site_export(line: Line, file: Path, indicator: str | None) -> None:
    """把台账导出成可以改了再导入的表格。"""
    from desktop_app.core.operations.workbooks import sites_io

    count = sites_io.export_sites(line.workspace(writing=False), file, indicator)
    line.report(
        {"file": str(file), "sites": count},
        lambda: [_("已导出 {count} 条到 {file}。").format(count=count, file=file)],
    )


@site.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--indicator", default="", help="表里没有“指标”列时，算哪项指标")
@click.option("--area", default="", help="哪个地区（代录时）")
@click.option("--check", is_flag=True, help="只看会改什么、有什么问题，不写入")
@click.pass_obj
def site_import(line: Line, file: Path, indicator: str, area: str, check: bool) -> None:
    """从表格登记或更新台账。"""
    from desktop_app.core.operations.workbooks import sites_io

    reading, _changes = sites_io.import_sites(
        line.workspace(), file, indicator=indicator, area=area, dry=check
    )
    _report(line, reading, check)


def _report(line: Line, reading: Reading, check: bool) -> None:
    """The rows, then the problems by file, sheet and cell.  Nothing taken and something wrong is a refusal."""
    if reading.problems and not reading.rows:
        line.status = 1

    def text() -> list[str]:
        lines = [
            f"{note.file}：{_(WORDS[note.state])}{' ' + note.place if note.place else ''} {note.text}".rstrip()
            for note in reading.files
        ]
        if reading.rows:
            lines += grid(
                [_("变化"), _("内容"), _("原来"), _("现在"), _("明细"), _("位置")],
                [
                    (_(STATES[row.state]), row.name, row.before, row.after, row.detail, row.spot.words)
                    for row in reading.rows
                ],
            )
        lines += [*reading.notes]
        for item in reading.problems:
            click.echo(f"✗ {item.spot.words}：{item.text}\n→ {item.next_step}", err=True)
        done = (
            _("会写入 {count} 项，问题 {problems} 处。（只查看，没有写入）")
            if check
            else _("已写入 {count} 项，问题 {problems} 处。")
        )
        count = reading.fresh if check else reading.entered
        return [*lines, done.format(count=count, problems=len(reading.problems))]

    line.report(
        {
            "files": [_plain(note) for note in reading.files],
            "rows": [_plain(row) for row in reading.rows],
            "problems": [_plain(item) for item in reading.problems],
            "notes": list(reading.notes),
            "entered": reading.entered,
            "checked_only": check,
        },
        text,
    )


WORDS = {"read": "已读", "known": "已收过", "refused": "没有读入"}


def _plain(value: object) -> object:
    import msgspec

    return msgspec.to_builtins(value)


def add_to(group: click.Group) -> None:
    group.add_command(template)
