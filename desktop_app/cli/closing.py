"""calendar, close, corrections, correct, proxy: the days of a period, closing it, and what is put right afterwards."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desktop_app.cli.common import Line, grid
from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _
from desktop_app.core.lazy import later
from desktop_app.core.model.period import Period

if TYPE_CHECKING:
    from desktop_app.core.operations import calendar as days
    from desktop_app.core.operations import (
        changing,
        closing,
        correcting,
        division,
        proxying,
        reading,
    )
else:
    later(
        globals(), "desktop_app.core.operations",
        "calendar:days closing correcting division proxying reading changing recording",
    )  # fmt: skip

FILE = click.Path(path_type=Path)


@click.group()
def calendar() -> None:
    """日历：统计截止日、报送日、封账日、节假日、宽限。"""


@calendar.command("show")
@click.pass_obj
def calendar_show(line: Line) -> None:
    """全年各月的三个日子，封账没有，谁有宽限。"""
    workspace = line.workspace(writing=False)
    months = closing.months(workspace)
    extended = days.extensions(workspace)
    off = days.days_off(workspace, days.ruling_below(workspace))

    def text() -> list[str]:
        rows = [
            (
                month.period,
                month.days.cutoff.isoformat(),
                month.days.due.isoformat(),
                month.days.lock.isoformat() if month.days.lock else "",
                _("已封账（{name}）").format(name=month.closed.by_name) if month.closed else _("开放"),
                f"{month.received}/{month.units}" if month.units else "",
            )
            for month in months
        ]
        lines = grid([_("期间"), _("统计截止日"), _("报送日"), _("封账日"), _("状态"), _("已收")], rows)
        lines += [
            _("宽限：{unit} {period} 到 {day}（{reason}）").format(
                unit=item.unit_name, period=item.period, day=item.until.isoformat(), reason=item.reason
            )
            for item in extended
        ]
        return lines

    document = {
        "months": [reading.json_ready(month) for month in months],
        "extensions": [reading.json_ready(item) for item in extended],
        "days_off": sorted(day for day, is_off in off.items() if is_off),
        "days_worked": sorted(day for day, is_off in off.items() if not is_off),
    }
    line.report(document, text)


def _day(text: str) -> date:
    return date.fromisoformat(changing.checked_date(text, _("日期")))


@calendar.command("set")
@click.argument("name", type=click.Choice(["cutoff_day", "due_day", "lock_day", "off", "work", "clear"]))
@click.argument("values", nargs=-1, required=True)
@click.pass_obj
def calendar_set(line: Line, name: str, values: tuple[str, ...]) -> None:
    """定日子：cutoff_day 25、due_day 5、lock_day 10，或 off / work / clear 加日期（放假、上班、恢复平常）。"""
    workspace = line.workspace()
    if name in division.SETTINGS:
        division.set_setting(workspace, name, values[0])
    else:
        stated = days.stated_days_off(workspace, workspace.unit_code)
        for value in values:
            day = _day(value).isoformat()
            if name == "clear":
                stated.pop(day, None)
            else:
                stated[day] = name == "off"
        days.state_days_off(workspace, stated)
    line.tell(_("已定。"))


@calendar.command("extend")
@click.argument("unit")
@click.argument("period")
@click.argument("until")
@click.option("--reason", default="", help="为什么宽限")
@click.pass_obj
def calendar_extend(line: Line, unit: str, period: str, until: str, reason: str) -> None:
    """给一个下级单位宽限到某天（UNTIL 写 none 为取消）。"""
    last = None if until == "none" else _day(until)
    days.extend(line.workspace(), unit, Period.parse(period), last, reason)
    line.tell(_("已定。"))


@click.command()
@click.argument("period")
@click.option("--reopen", is_flag=True, help="重新开放")
@click.option("--reason", default="", help="说明；重新开放必填")
@click.pass_obj
def close(line: Line, period: str, reopen: bool, reason: str) -> None:
    """封账：这个期间的数以后不再改动，错的用更正。"""
    wanted = Period.parse(period)
    changes = closing.close(line.workspace(), wanted, note=reason, reopen=reopen)
    words = _("{period}已重新开放。") if reopen else _("{period}已封账。")
    line.report(
        {"period": wanted.key, "closed": not reopen, "entries": changes.entries},
        lambda: [words.format(period=wanted.label)],
    )


@click.command()
@click.argument("indicator")
@click.argument("value")
@click.option("--closed", required=True, help="更正哪个已封账的期间，例如 2024-04")
@click.option("--period", required=True, help="记在哪个期间，例如 2024-06")
@click.option("--of", default=None, help="比率的分母")
@click.option("--now", default="", help="记在的那个期间自己的数；不写则按差额推算")
@click.option("--reason", default="", help="为什么更正")
@click.option("--area", default=None, help="代下级更正时，地区代码")
@click.pass_obj
def correct(
    line: Line,
    indicator: str,
    value: str,
    closed: str,
    period: str,
    of: str | None,
    now: str,
    reason: str,
    area: str | None,
) -> None:
    """更正封账期间的一个数：原来的数不动，更正记在本期，列入更正表。"""
    changes = correcting.correct(
        line.workspace(),
        indicator,
        Period.parse(closed),
        value,
        period=Period.parse(period),
        reason=reason,
        now=now,
        of=of,
        area=area,
    )
    line.report({"entries": changes.entries}, lambda: [_("已记入更正表。")])


@click.command()
@click.option("--period", default=None, help="只看记在这个期间的")
@click.option("--out", type=FILE, default=None, help="存成 xlsx")
@click.pass_obj
def corrections(line: Line, period: str | None, out: Path | None) -> None:
    """更正表：封账以后更正了什么，为什么。"""
    workspace = line.workspace(writing=False)
    wanted = Period.parse(period) if period else None
    found = correcting.corrections(workspace, wanted)
    if out is not None:
        title = f"{workspace.unit.name}更正表" + (f"（{wanted.chinese_label}）" if wanted else "")
        correcting.write_table(found, out, title)

    def text() -> list[str]:
        if not found:
            return [_("没有更正。")]
        return grid(
            [_("单位"), _("指标"), _("名称"), _("更正的期间"), _("记在"), _("原报"), _("更正后"), _("类别"), _("原因")],
            [
                (
                    row.unit_name,
                    row.indicator,
                    row.name,
                    row.period,
                    row.said_in,
                    row.before,
                    row.after,
                    _(correcting.KIND_WORDS[row.kind]),
                    row.reason,
                )
                for row in found
            ],
        )  # fmt: skip

    document: dict[str, Any] = {"corrections": [reading.json_ready(row) for row in found]}
    if out is not None:
        document["path"] = str(out)
    line.report(document, text)


@click.group()
def proxy() -> None:
    """代录：下级交来纸质表或普通表格，由本单位照着录入，原件一并留存。"""


@proxy.command("source")
@click.argument("unit")
@click.argument("files", nargs=-1, type=FILE, required=True)
@click.option("--period", required=True, help="期间，例如 2024-06")
@click.pass_obj
def proxy_source(line: Line, unit: str, files: tuple[Path, ...], period: str) -> None:
    """先放原件：扫描件、照片或普通表格。"""
    workspace = line.workspace()
    wanted = Period.parse(period)
    proxying.keep_source(workspace, unit, wanted, files, line.progress)
    kept = proxying.sources(workspace, unit, wanted)
    line.report(
        {"sources": [reading.json_ready(item) for item in kept]},
        lambda: [_("原件 {count} 份：{names}").format(
            count=len(kept), names="、".join(item.name for item in kept)
        )],
    )  # fmt: skip


@proxy.command("record")
@click.argument("unit")
@click.argument("indicator")
@click.argument("value")
@click.option("--period", required=True, help="期间，例如 2024-06")
@click.option("--of", default=None, help="比率的分母")
@click.option("--area", default=None, help="地区代码，默认就是该单位的地区")
@click.option("--reason", default="", help="原因")
@click.pass_obj
def proxy_record(
    line: Line,
    unit: str,
    indicator: str,
    value: str,
    period: str,
    of: str | None,
    area: str | None,
    reason: str,
) -> None:
    """照原件录一个数。"""
    workspace = line.workspace()
    wanted = Period.parse(period)
    kept = proxying.sources(workspace, unit, wanted)
    views = {view.id: view for view in proxying.items(workspace, unit, wanted)}
    if indicator not in views:
        raise InputError(
            _("{indicator} 不由{name}填报。").format(
                indicator=indicator, name=workspace.known_unit(unit).name
            ),
            next_step=_("请核对指标编号和单位。"),
        )
    changes = proxying.record(
        workspace,
        unit,
        indicator,
        value,
        period=wanted,
        area=area or views[indicator].area,
        source=kept[0].sha256 if kept else "",
        of=of,
        reason=reason,
    )
    line.report({"entries": changes.entries}, lambda: [_("已代录。")])


@proxy.command("confirm")
@click.argument("unit")
@click.argument("files", nargs=-1, type=FILE, required=True)
@click.option("--period", required=True, help="期间，例如 2024-06")
@click.pass_obj
def proxy_confirm(line: Line, unit: str, files: tuple[Path, ...], period: str) -> None:
    """对方在纸上盖章确认了代录的数：放进扫描件。"""
    changes = proxying.confirm(line.workspace(), unit, Period.parse(period), files, line.progress)
    line.report({"confirmed": changes.entries}, lambda: [_("已记下确认。")])


@proxy.command("finish")
@click.argument("unit")
@click.option("--period", required=True, help="期间，例如 2024-06")
@click.pass_obj
def proxy_finish(line: Line, unit: str, period: str) -> None:
    """原件上的都录完了：算作已收（代录），等对方确认。"""
    workspace, wanted = line.workspace(), Period.parse(period)
    changes = proxying.finish(workspace, unit, wanted)
    cells, left = proxying.empty_cells(proxying.items(workspace, unit, wanted))
    said = _("已记为代录。")
    if left:
        said += _("一共 {total} 格，{left} 格没有录，沿用它上一次的数；以前也没有数的仍是未填。").format(
            total=cells, left=len(left)
        )
    line.report({"entries": changes.entries, "cells": cells, "left": len(left)}, lambda: [said])


def add_to(group: click.Group) -> None:
    for command in (calendar, close, correct, corrections, proxy):
        group.add_command(command)
