"""archive: the locked pack of a year, and checking one."""

from __future__ import annotations

from pathlib import Path

import click

from desktop_app.cli.common import Line
from desktop_app.core.i18n import _
from desktop_app.core.model.period import Period

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group()
def archive() -> None:
    """年终归档：表、报告、照片、流水和签名，做好后可随时核对。"""


@archive.command("make")
@click.argument("folder", type=FOLDER)
@click.option("--period", default=None, help="判到什么时候；默认方案年度的年末")
@click.option("--cutoff", default="", help="用哪个截止点；不写则用现在的数")
@click.option("--zip", "zipped", is_flag=True, help="做成一个 zip 文件")
@click.pass_obj
def make(line: Line, folder: Path, period: str | None, cutoff: str, zipped: bool) -> None:
    """在 FOLDER 里做一份归档（给评估单位，或留存）。"""
    from desktop_app.core.operations import archive as archives
    from desktop_app.core.operations import papers

    workspace = line.workspace(writing=False)
    chosen = Period.parse(period or str(workspace.plan.year))
    with papers.sight(workspace, chosen, cutoff, line.progress) as sight:
        found = archives.make(sight, folder, paper=line.paper(), zipped=zipped, progress=line.progress)
    line.report(
        {
            "path": str(found.path),
            "files": found.files,
            "entries": found.entries,
            "photos": found.photos,
            "withheld": found.withheld,
            "containers": found.containers,
        },
        lambda: [
            str(found.path),
            _("{files} 个文件，{entries} 条记录，{photos} 份佐证，{containers} 份签名原件。").format(
                files=found.files, entries=found.entries, photos=found.photos, containers=found.containers
            ),
            _("含个人信息的 {count} 份没有放进去。").format(count=found.withheld),
        ],
    )


@archive.command("verify")
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--root", type=click.Path(path_type=Path, exists=True), default=None, help="信任的根证书（PEM）"
)
@click.pass_obj
def verify(line: Line, path: Path, root: Path | None) -> None:
    """核对一份归档：文件、流水、签名是不是和做的时候一样。"""
    from desktop_app.core.operations import archive as archives
    from desktop_app.core.operations import keyring

    found = archives.verify(path, [keyring.read_file(root)] if root else None, line.progress)
    if not found.ok:
        line.status = 3
    line.report(
        {
            "path": str(found.path),
            "ok": found.ok,
            "files": found.files,
            "entries": found.entries,
            "containers": found.containers,
            "signer": found.signer,
            "root": found.root,
            "problems": found.problems,
        },
        lambda: [
            _("没有改动。") if found.ok else _("有 {count} 处不对：").format(count=len(found.problems)),
            *found.problems,
            _("{files} 个文件，{entries} 条记录，{containers} 份签名原件；制作单位：{signer}。").format(
                files=found.files,
                entries=found.entries,
                containers=found.containers,
                signer=found.signer or _("未知"),
            ),
            _("根证书指纹：{root}").format(root=found.root),
            *([] if root else [_("请把这个指纹与发证单位公布的核对。")]),
        ],
    )


def add_to(group: click.Group) -> None:
    group.add_command(archive)
