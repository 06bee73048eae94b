"""review, reply: what a desk says of what came in from below, and the files that carry it down."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desktop_app.cli.common import Line, grid
from desktop_app.core.errors import UsageError
from desktop_app.core.i18n import _
from desktop_app.core.lazy import later
from desktop_app.core.model.period import Period

if TYPE_CHECKING:
    from desktop_app.core.operations import reading
else:
    later(globals(), "desktop_app.core.operations", "reading")

FILE = click.Path(path_type=Path)


@click.group()
def review() -> None:
    """审核下级的上报。"""


def _review(line: Line, unit: str, period: str, verdict: Any, comment: str) -> None:
    from desktop_app.core.operations import reviewing

    changes = reviewing.review_unit(line.workspace(), unit, Period.parse(period), verdict, comment)
    line.report(
        {"reviewed": changes.entries},
        lambda: [_("写下 {count} 条审核意见；用 taizhang reply 发给对方。").format(count=changes.entries)],
    )


@review.command("accept")
@click.argument("unit")
@click.option("--period", required=True)
@click.option("--comment", default="")
@click.pass_obj
def review_accept(line: Line, unit: str, period: str, comment: str) -> None:
    """接受一个单位的上报（检查通过的各项）。"""
    _review(line, unit, period, "accept", comment)


@review.command("return")
@click.argument("unit")
@click.option("--period", required=True)
@click.option("--comment", required=True, help="退回意见")
@click.pass_obj
def review_return(line: Line, unit: str, period: str, comment: str) -> None:
    """退回一个单位的上报。"""
    _review(line, unit, period, "return", comment)


@review.command("item")
@click.argument("subject")
@click.argument("verdict", type=click.Choice(["accept", "return", "set"]))
@click.option("--value", default=None, help="核定数")
@click.option("--of", "of", default=None, help="核定数的分母")
@click.option("--comment", default="")
@click.pass_obj
def review_item(
    line: Line, subject: str, verdict: Any, value: str | None, of: str | None, comment: str
) -> None:
    """审核一格：接受、退回，或另记一个核定数。"""
    from desktop_app.core.operations import reviewing

    reviewing.review(line.workspace(), subject, verdict, value=value, of=of, comment=comment)
    line.tell(_("已记下。"))


@review.command("list")
@click.option("--period", required=True)
@click.pass_obj
def review_list(line: Line, period: str) -> None:
    """谁的上报等着审核。"""
    from desktop_app.core.operations import reviewing

    rows = reviewing.review_units(line.workspace(writing=False), Period.parse(period))
    line.report(
        {"units": [reading.json_ready(row) for row in rows]},
        lambda: grid(
            [_("代码"), _("单位"), _("待审"), _("不过"), _("接受"), _("退回"), _("校验码")],
            [(r.unit, r.unit_name, r.waiting, r.failed, r.accepted, r.returned, r.digest) for r in rows],
        ),
    )


@review.command("take-back")
@click.argument("subject")
@click.pass_obj
def review_take_back(line: Line, subject: str) -> None:
    """撤回对一格的意见：回到前一个结论或“待定”；已经随文件发出去的不能撤回。"""
    from desktop_app.core.operations import reviewing

    reviewing.take_back(line.workspace(), subject)
    line.tell(_("已撤回这条意见。"))


@click.command()
@click.option("--out", type=FILE, default=None, help="写到哪个文件夹")
@click.option("--unit", "units", multiple=True, help="只发给这些单位，以前发过的也再发一遍")
@click.option("--list", "look", is_flag=True, help="只看各家有什么新的，不写文件")
@click.pass_obj
def reply(line: Line, out: Path | None, units: tuple[str, ...], look: bool) -> None:
    """给下级发回执、退回和新的份额，每个单位一份签名文件。"""
    from desktop_app.core.operations import downward

    if look:
        _list_news(line)
        return
    if out is None:
        raise UsageError(_("没有说写到哪个文件夹。"), next_step=_("请加 --out；只想看看的加 --list。"))
    done = downward.reply(line.workspace(), out, units or None, line.progress)
    line.report(
        {"files": [{"path": str(item.path), "size": item.size} for item in done.files]},
        lambda: [str(item.path) for item in done.files] or [_("没有要发的。")],
    )


def _list_news(line: Line) -> None:
    from desktop_app.core.operations import replying

    rows = replying.reply_news(line.workspace(writing=False))
    heads = [
        _("代码"),
        _("单位"),
        _("收到"),
        _("退回"),
        _("核定"),
        _("接受"),
        _("份额"),
        _("封账"),
        _("其他"),
    ]
    line.report(
        {"units": [reading.json_ready(row) | {"new": row.new} for row in rows]},
        lambda: grid(
            heads,
            [
                (
                    row.unit,
                    row.unit_name,
                    row.received,
                    row.returned,
                    row.approved,
                    row.accepted,
                    row.shares,
                    row.closed,
                    row.other + row.handed_on + row.taken_back,
                )
                for row in rows
            ],
        ),
    )


def add_to(group: click.Group) -> None:
    group.add_command(review)
    group.add_command(reply)
