"""site, erase: the ledger of sites and cases, and the removal of what is personal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from desktop_app.cli.common import Line, grid
from desktop_app.core.errors import UsageError
from desktop_app.core.i18n import _
from desktop_app.core.lazy import later

if TYPE_CHECKING:
    from desktop_app.core.operations import evidence, reading, recording, site_writing
    from desktop_app.core.operations import site_list as ledger_sites
else:
    later(
        globals(),
        "desktop_app.core.operations",
        "evidence reading site_writing recording site_list:ledger_sites",
    )


def pairs(words: Sequence[str], what: str) -> dict[str, str]:
    """NAME=VALUE options as a dictionary."""
    found = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise UsageError(
                _("{what}“{word}”要写成 名称=值。").format(what=what, word=word), next_step=_("例如 12.1=1。")
            )
        found[name] = value
    return found


@click.group()
def site() -> None:
    """台账：项目、户、件。"""


_SITE_OPTIONS = [
    click.option("--quantity", multiple=True, help="指标=数量，例如 12.1=1"),
    click.option("--stage", multiple=True, help="阶段=日期，例如 方案=2024-05-22"),
    click.option("--personal", multiple=True, help="个人信息 名称=内容（加密保存）"),
    click.option("--place", default=None, help="地点"),
    click.option("--started", default=None, help="开工日期"),
    click.option("--completed", default=None, help="完成日期"),
    click.option("--charge", default=None, help="责任人"),
    click.option("--note", default=None, help="备注"),
    click.option("--reason", default=None, help="更改原因"),
    click.option("--seal", is_flag=True, help="文字里的身份证号、卡号、手机号自动移入加密的个人信息"),
]


def site_options(command: Any) -> Any:
    for option in reversed(_SITE_OPTIONS):
        command = option(command)
    return command


def site_fields(options: dict[str, Any]) -> dict[str, Any]:
    fields = {name: value for name, value in options.items() if value not in (None, ())}
    for name, what in (("quantity", _("数量")), ("stage", _("阶段")), ("personal", _("个人信息"))):
        if name in fields:
            target = {"quantity": "quantities", "stage": "stages", "personal": "personal"}[name]
            fields[target] = pairs(fields.pop(name), what)
    return fields


@site.command("add")
@click.argument("name")
@click.option("--area", default=None, help="哪个地区（代录时）")
@site_options
@click.pass_obj
def site_add(line: Line, name: str, area: str | None, **options: Any) -> None:
    """登记一个项目、一户或一件。NAME 不要写人名。"""
    seal = options.pop("seal")
    fields = site_fields(options) | {"name": name}
    _changes, subject = site_writing.save_site(line.workspace(), None, fields, area=area, seal=seal)
    line.report({"subject": subject}, lambda: [subject])


@site.command("update")
@click.argument("subject")
@click.option("--name", default=None, help="名称")
@site_options
@click.pass_obj
def site_update(line: Line, subject: str, **options: Any) -> None:
    """更改一条台账。"""
    workspace = line.workspace()
    seal = options.pop("seal")
    _changes, subject = site_writing.save_site(
        workspace, evidence.resolve_about(workspace, subject), site_fields(options), seal=seal
    )
    line.report({"subject": subject}, lambda: [subject])


@site.command("void")
@click.argument("subject")
@click.option("--reason", required=True, help="作废原因")
@click.pass_obj
def site_void(line: Line, subject: str, reason: str) -> None:
    """作废一条台账（历史保留）。"""
    workspace = line.workspace()
    recording.withdraw(workspace, evidence.resolve_about(workspace, subject), reason)
    line.tell(_("已作废。"))


@site.command("list")
@click.option("--indicator", default=None, help="只看一项指标")
@click.pass_obj
def site_list(line: Line, indicator: str | None) -> None:
    """台账清单。"""
    rows = ledger_sites.sites(line.workspace(writing=False), indicator)
    line.report(
        {"sites": [reading.json_ready(row) for row in rows]},
        lambda: grid(
            [_("编号"), _("地区"), _("名称"), _("数量"), _("完成"), _("佐证")],
            [
                (
                    row.subject.split("/")[-1],
                    row.area_name,
                    row.name,
                    " ".join(f"{key}×{amount}" for key, amount in row.quantities.items()),
                    row.completed,
                    row.evidence,
                )
                for row in rows
            ],
        ),
    )


@click.command()
@click.argument("what")
@click.option("--reason", required=True, help="依据")
@click.pass_obj
def erase(line: Line, what: str, reason: str) -> None:
    """删除一条加密的个人信息或一份附件的内容；编号留作删除记录。"""
    from desktop_app.core.operations import erasing

    erasing.erase(line.workspace(), what, reason)
    line.tell(_("已删除，不能恢复。删除记录已写入流水。"))


def add_to(group: click.Group) -> None:
    for command in (site, erase):
        group.add_command(command)
