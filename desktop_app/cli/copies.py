"""preview, copy: what a submission will show, and further copies of what was written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from desktop_app.cli.common import Line, grid
from desktop_app.core.errors import StorageError
from desktop_app.core.i18n import _

if TYPE_CHECKING:
    from desktop_app.core.operations.gathering import EvidenceChoice

FILE = click.Path(path_type=Path)


@click.command()
@click.option("--period", required=True, help="期间，例如 2024-06")
@click.option("--evidence", type=click.Choice(["new", "all", "none"]), default="new", help="带哪些佐证")
@click.option("--sheet", default="", help="只看这一张，例如 进度")
@click.pass_obj
def preview(line: Line, period: str, evidence: str, sheet: str) -> None:
    """上报包里的每一张表，和对方打开看到的一样；什么都不写，不用口令。"""
    from desktop_app.core.operations import previewing

    workspace = line.workspace(writing=False)
    shown = previewing.preview(
        workspace, line.period(period), evidence=cast("EvidenceChoice", evidence), progress=line.progress
    )
    chosen = [one for one in shown.sheets if sheet in ("", one.name)]

    def words() -> list[str]:
        lines = [_("校验码 {code}").format(code=shown.code)]
        for one in chosen:
            lines += ["", f"【{one.name}】"]
            lines += grid(one.heads, one.rows) if one.heads else ["  ".join(row) for row in one.rows]
        return lines

    line.report(
        {
            "code": shown.code,
            "evidence": shown.evidence,
            "withheld": shown.withheld,
            "sheets": [{"name": one.name, "heads": one.heads, "rows": one.rows} for one in chosen],
        },
        words,
    )


@click.command()
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option("--to", "folder", type=FILE, required=True, help="再存到哪个文件夹；--compare 时是光盘、U盘")
@click.option("--compare", is_flag=True, help="不复制，只把那里的同名文件读出来比一遍")
@click.pass_obj
def copy(line: Line, files: tuple[Path, ...], folder: Path, compare: bool) -> None:
    """写好的上报包再存一份并读回核对，或核对刻好的光盘。"""
    from desktop_app.core.operations import copies

    if not compare:
        made = copies.copy(files, folder, line.progress)
        line.report(
            {"files": [str(path) for path in made]},
            lambda: [_("{path} 读回核对一致").format(path=path) for path in made],
        )
        return
    compared = copies.compare(files, folder, line.progress)
    said = {"missing": _("没有“{name}”"), "differs": _("“{name}”和写好的不一样")}
    wrong = [said[item.state].format(name=item.name) for item in compared if item.state != "same"]
    if wrong:
        raise StorageError(
            _("{folder} 里：{what}。请重新刻一张或再存一份。").format(
                folder=folder, what=_("，").join(wrong)
            ),
            next_step=_("原来写好的那份没有动。"),
        )
    line.report(
        {"files": [{"name": item.name, "state": item.state} for item in compared]},
        lambda: [_("{path} 读回核对一致").format(path=folder / item.name) for item in compared],
    )


def add_to(group: click.Group) -> None:
    for command in (preview, copy):
        group.add_command(command)
