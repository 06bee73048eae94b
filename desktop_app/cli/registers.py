"""register, roster: the registers of every sort, visits that were missed, and the comparison of two rosters."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import click

from desktop_app.cli.common import Line, grid
from desktop_app.cli.sites import pairs
from desktop_app.core.errors import UsageError
from desktop_app.core.figures.numbers import show, show_percent
from desktop_app.core.i18n import _


@click.group()
def register() -> None:
    """台账册：督办单、验收、摸底、名册、走访等。"""


@register.command("list")
@click.pass_obj
def register_list(line: Line) -> None:
    """有哪些台账册，各有几条、几条未办、几条逾期。"""
    from desktop_app.core.model.register import declared
    from desktop_app.core.operations import registers

    workspace = line.workspace(writing=False)
    counts = registers.counts(workspace)
    titles = {group.key: group.title for group in declared().groups}
    found = [(item, *counts.get(item.key, (0, 0, 0))) for item in declared().registers]
    line.report(
        {
            "registers": [
                {
                    "register": item.key,
                    "title": item.title,
                    "group": item.group,
                    "tasks": list(item.tasks),
                    "kept": registers.keeps(workspace, item),
                    "rows": total,
                    "open": opened,
                    "overdue": late,
                }
                for item, total, opened, late in found
            ]
        },
        lambda: grid(
            [_("代号"), _("台账册"), _("类别"), _("条数"), _("未办"), _("逾期"), _("用途")],
            [
                (item.key, item.title, titles[item.group], total, opened or "", late or "", item.what)
                for item, total, opened, late in found
            ],
        ),
    )


@register.command("columns")
@click.argument("name")
@click.pass_obj
def register_columns(line: Line, name: str) -> None:
    """一本台账册有哪些栏，怎么填。"""
    from desktop_app.core.operations import reading, registers

    found = registers.register_of(name)
    line.report(
        {"register": found.key, "columns": [reading.json_ready(column) for column in found.columns]},
        lambda: grid(
            [_("栏"), _("名称"), _("填法"), _("必填"), _("可选值")],
            [
                (
                    column.key,
                    column.title,
                    _("加密") if column.personal else column.type,
                    _("是") if column.required else "",
                    "、".join(column.choices),
                )
                for column in found.columns
            ],
        ),
    )


@register.command("show")
@click.argument("name")
@click.option("--open", "only_open", is_flag=True, help="只看没办结的")
@click.option("--overdue", is_flag=True, help="只看逾期的")
@click.option("--unit", default="", help="只看一个地区")
@click.pass_obj
def register_show(line: Line, name: str, only_open: bool, overdue: bool, unit: str) -> None:
    """一本台账册的内容。"""
    from desktop_app.core.operations import reading, registers
    from desktop_app.core.operations.register_writing import unit_code

    workspace = line.workspace(writing=False)
    found = registers.register_of(name)
    rows = [
        row
        for row in registers.rows(workspace, found.key, unit_code(workspace, unit) if unit else None)
        if not (only_open and row.closed) and not (overdue and not row.overdue)
    ]
    heads = [column for column in found.open_columns][:6]
    line.report(
        {"register": found.key, "records": [reading.json_ready(row) for row in rows]},
        lambda: [
            *grid(
                [
                    _("编号"),
                    _("地区"),
                    *(column.title for column in heads),
                    _("状态"),
                    _("期限"),
                    _("逾期"),
                    _("承办"),
                ],
                [
                    (
                        row.subject.split("/")[-1],
                        row.area_name,
                        *(row.shown.get(column.key, "") for column in heads),
                        row.state,
                        row.due,
                        row.overdue or "",
                        row.to_name,
                    )
                    for row in rows
                ],
            ),
            *(f"{row.name}：{words}" for row in rows for words in row.warnings),
        ],
    )


_OPTIONS = [
    click.option("--set", "cells", multiple=True, help="栏=内容，例如 date=2024-06-18"),
    click.option("--task", type=int, default=None, help="任务序号"),
    click.option("--due", default=None, help="期限"),
    click.option("--to", default=None, help="承办单位（代码或名称）"),
    click.option("--about", default=None, help="属于哪一处、哪一条（编号）"),
    click.option("--status", default=None, help="状态"),
    click.option("--reason", default=None, help="原因（更改、重复时）"),
]


def _options(command: click.decorators.FC) -> click.decorators.FC:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def _values(cells: tuple[str, ...], options: dict[str, object]) -> dict[str, object]:
    return {
        **pairs(cells, _("内容")),
        **{name: value for name, value in options.items() if value is not None},
    }


@register.command("add")
@click.argument("name")
@click.option("--area", default="", help="记在哪个地区（默认本地区）")
@_options
@click.pass_obj
def register_add(line: Line, name: str, area: str, cells: tuple[str, ...], **options: object) -> None:
    """登记一条。"""
    from desktop_app.core.operations import register_writing

    workspace = line.workspace()
    where = register_writing.unit_code(workspace, area) if area else None
    _changes, subject = register_writing.save(workspace, name, None, _values(cells, options), area=where)
    line.report({"subject": subject}, lambda: [subject])


@register.command("update")
@click.argument("subject")
@_options
@click.pass_obj
def register_update(line: Line, subject: str, cells: tuple[str, ...], **options: object) -> None:
    """修改一条；没写的栏不变。"""
    from desktop_app.core.operations import register_writing, registers

    workspace = line.workspace()
    found = registers.resolve(workspace, subject)
    register_writing.save(workspace, found.split("/")[2], found, _values(cells, options))
    line.report({"subject": found}, lambda: [found])


@register.command("close")
@click.argument("subject")
@_options
@click.pass_obj
def register_close(line: Line, subject: str, cells: tuple[str, ...], **options: object) -> None:
    """办结（销号）。要佐证的，先挂上佐证。"""
    from desktop_app.core.operations import register_writing

    register_writing.close(line.workspace(), subject, _values(cells, options))
    line.tell(_("已办结。"))


@register.command("answer")
@click.argument("subject")
@click.argument("text")
@click.option("--status", type=click.Choice(["doing", "done", "confirmed", "returned"]), default=None)
@click.option("--date", "day", default="", help="日期")
@click.pass_obj
def register_answer(line: Line, subject: str, text: str, status: str | None, day: str) -> None:
    """以本单位名义反馈（督办单、议定事项等）。"""
    from desktop_app.core.operations import register_writing, registers

    workspace = line.workspace()
    found = registers.resolve(workspace, subject)
    register_writing.answer(workspace, found, text, status=status or "", day=day)
    line.tell(_("已反馈，随下次上报送出。"))


@register.command("void")
@click.argument("subject")
@click.option("--reason", required=True, help="作废原因")
@click.pass_obj
def register_void(line: Line, subject: str, reason: str) -> None:
    """作废一条（历史保留）。"""
    from desktop_app.core.operations import register_writing

    register_writing.void(line.workspace(), subject, reason)
    line.tell(_("已作废。"))


@register.command("freeze")
@click.argument("name", default="baseline")
@click.option("--task", type=int, default=0, help="只冻结一项任务的底数")
@click.pass_obj
def register_freeze(line: Line, name: str, task: int) -> None:
    """冻结底数：以后不能再改。"""
    from desktop_app.core.operations import register_writing

    changes = register_writing.freeze(line.workspace(), name, task=task)
    line.report({"frozen": changes.entries}, lambda: [_("已冻结 {count} 条。").format(count=changes.entries)])


@register.command("import")
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.option("--task", type=int, default=0, help="任务序号")
@click.pass_obj
def register_import(line: Line, name: str, file: Path, task: int) -> None:
    """从 xlsx 或 csv 登记多条：第一行写栏名；有一行不对就一行也不存。"""
    from desktop_app.core.operations import register_writing

    changes = register_writing.import_rows(line.workspace(), name, file, task=task)
    line.report({"rows": changes.entries}, lambda: [_("已登记 {count} 条。").format(count=changes.entries)])


@register.command("summary")
@click.argument("name")
@click.option("--on", default="", help="名册：哪一天的净数，例如 2024-06-30")
@click.pass_obj
def register_summary(line: Line, name: str, on: str) -> None:
    """按地区汇总：条数、未办、办结率、逾期、净数、合计。"""
    from desktop_app.core.operations import changing, reading, registers

    found = registers.register_of(name)
    rows = registers.summary(line.workspace(writing=False), found.key, changing.checked_date(on, _("日期")))
    totals = [column for column in found.columns if column.key in found.total]
    line.report(
        {"register": found.key, "areas": [reading.json_ready(row) for row in rows]},
        lambda: grid(
            [
                _("地区"),
                _("条数"),
                _("未办"),
                _("办结率"),
                _("逾期"),
                _("在册"),
                *(column.title for column in totals),
            ],
            [
                (
                    row.area_name,
                    row.count,
                    row.open,
                    show_percent(Fraction(row.closed, row.count)) if found.steps and row.count else "",
                    row.overdue,
                    row.net,
                    *(show(row.totals[column.key], 0) for column in totals),
                )
                for row in rows
            ],
        ),
    )


@register.command("missed")
@click.argument("name", default="children")
@click.option("--month", default=None, help="月份，例如 2024-06（默认最近有数的月份）")
@click.pass_obj
def register_missed(line: Line, name: str, month: str | None) -> None:
    """这个月该走访（复核、巡查）而没有记录的。"""
    from desktop_app.core.operations import reading, registers

    workspace = line.workspace(writing=False)
    key = line.period(month).key
    rows = registers.missed(workspace, name, key)
    line.report(
        {"month": key, "missed": [reading.json_ready(row) for row in rows]},
        lambda: grid(
            [_("编号"), _("地区"), _("对象"), _("上次")],
            [(row.subject.split("/")[-1], row.area_name, row.name, row.last) for row in rows],
        ),
    )


@click.group()
def roster() -> None:
    """名册：两份名单比对。"""


@roster.command("compare")
@click.argument("left", type=click.Path(path_type=Path, exists=True))
@click.argument("right", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--by", required=True, help="按哪一列比，例如 身份证号")
@click.option("--register", "against", default="", help="乙是本机的一本台账册（线上线下核对）")
@click.option("--on", default="", help="台账册取哪一天在册的，例如 2024-06-30")
@click.pass_obj
def roster_compare(line: Line, left: Path, right: Path | None, by: str, against: str, on: str) -> None:
    """甲有乙无、乙有甲无、各自重复；显示时打码，不保存任何内容。"""
    from desktop_app.core.operations import changing, reading, rosters

    if (right is None) == (not against):
        raise UsageError(
            _("乙名单没有说清。"), next_step=_("请再写一个文件，或者用 --register 指一本台账册，只写一样。")
        )
    if right is not None:
        found = rosters.compare(left, right, by)
    else:
        day = changing.checked_date(on, _("日期"))
        found = rosters.compare_with_register(line.workspace(writing=False), left, against, by, day)

    def text() -> list[str]:
        parts = [
            (_("只在“{name}”里的").format(name=found.left), found.only_left),
            (_("只在“{name}”里的").format(name=found.right), found.only_right),
            (_("“{name}”里重复的").format(name=found.left), found.twice_left),
            (_("“{name}”里重复的").format(name=found.right), found.twice_right),
        ]
        lines = [
            _("甲 {left} 行，乙 {right} 行，两份都有 {both}。").format(
                left=found.left_count, right=found.right_count, both=found.both
            )
        ]
        for title, rows in parts:
            lines.append(_("{title}：{count}").format(title=title, count=len(rows)))
            lines += [_("  第 {line} 行  {words}").format(line=row.line, words=row.words) for row in rows]
        if found.empty_left or found.empty_right:
            lines.append(
                _("“{by}”空着、没有比的：甲 {left} 行，乙 {right} 行。").format(
                    by=by, left=found.empty_left, right=found.empty_right
                )
            )
        return lines

    line.report(reading.json_ready(found), text)


def add_to(group: click.Group) -> None:
    from desktop_app.cli import clues

    for command in (register, roster):
        group.add_command(command)
    clues.add_to(group)
