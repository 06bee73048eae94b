"""demo, init, setup, doctor, rebuild, backup, restore, screenshots: the workspace itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from desktop_app.cli.common import Line, passphrase_for
from desktop_app.core.errors import UsageError
from desktop_app.core.i18n import _
from desktop_app.core.lazy import later

if TYPE_CHECKING:
    from desktop_app.core.operations import reading
else:
    later(globals(), "desktop_app.core.operations", "reading")

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("folder", type=FILE)
@click.option("--counties", default=3, show_default=True, type=click.IntRange(1, 99))
@click.option("--towns", default=4, show_default=True, type=click.IntRange(1, 300))
@click.option("--months", default=3, show_default=True, type=click.IntRange(1, 12))
@click.option("--seed", default=1, show_default=True)
@click.pass_obj
def demo(line: Line, folder: Path, counties: int, towns: int, months: int, seed: int) -> None:
    """造一个样例城市：各单位的工作区、密钥、数据、照片、上报包（口令都是 demo）。"""
    from desktop_app.core.operations.demo import make_city

    made = make_city(folder, counties=counties, towns=towns, months=months, seed=seed, progress=line.progress)
    line.report(made, lambda: made.lines())


@click.command()
@click.argument("folder", type=FILE)
@click.option("--setup", type=FILE, default=None, help="上级发来的设立包")
@click.option("--root", is_flag=True, help="新建一个市（自带根证书）")
@click.option("--unit", required=True, help="本单位代码")
@click.option("--fingerprint", default="", help="电话核对的根证书指纹（8 组数字）")
@click.option("--org", type=FILE, default=None, help="组织机构表（xlsx 或 csv）")
@click.option("--operator", default="", help="经办人")
@click.option("--algorithm", type=click.Choice(["rsa-3072", "p256"]), default="rsa-3072", show_default=True)
@click.pass_obj
def init(
    line: Line,
    folder: Path,
    setup: Path | None,
    root: bool,
    unit: str,
    fingerprint: str,
    org: Path | None,
    operator: str,
    algorithm: str,
) -> None:
    """新建工作区：用设立包加入，或新建一个市。"""
    from desktop_app.core.operations import founding

    if root == (setup is not None):
        raise UsageError(_("请给出 --setup 设立包，或者 --root。"), next_step=_("两者选一个。"))
    if root:
        if org is None:
            raise UsageError(_("新建一个市要有组织机构表。"), next_step=_("请加 --org 表格。"))
        workspace = founding.found_city(
            folder,
            unit,
            org,
            passphrase_for(line, confirm=True),
            operator=operator,
            kind=algorithm,  # type: ignore[arg-type]
        )
    else:
        assert setup is not None
        if not fingerprint:
            offer = founding.read_setup(setup)
            raise UsageError(
                _("要先和发件单位电话核对指纹。这个文件里的是：{text}").format(text=offer.fingerprint),
                next_step=_('核对一致后，加 --fingerprint "{text}" 再执行。').format(text=offer.fingerprint),
            )
        workspace = founding.join(folder, setup, unit, fingerprint, operator=operator, progress=line.progress)
    line.adopt(workspace)
    line.tell(
        _("工作区已建好：{path}（{name}）。下一步：{step}").format(
            path=folder,
            name=workspace.unit.name,
            step=_("taizhang setup 给下级做设立包") if root else _("taizhang key new 新建密钥"),
        )
    )


@click.command()
@click.argument("unit")
@click.option("--out", type=FILE, required=True, help="写到哪个文件夹")
@click.pass_obj
def setup(line: Line, unit: str, out: Path) -> None:
    """给下级单位做设立包（组织机构、方案、份额、根证书）。"""
    from desktop_app.core.operations import downward, keyring

    workspace = line.workspace()
    done = downward.setup_package(workspace, unit, out, line.progress)
    spoken = keyring.report(workspace).root_spoken
    line.report(
        {"files": [{"path": str(done.path), "size": done.size}], "fingerprint": spoken},
        lambda: [str(done.path), _("电话核对用的指纹：{text}").format(text=spoken)],
    )


@click.command()
@click.option("--mend", is_flag=True, help="能修的顺手修好（只重算、只从备份找回，不动流水）")
@click.pass_obj
def doctor(line: Line, mend: bool) -> None:
    """体检：核对每条记录、每个附件、台账与流水是否一致。"""
    from desktop_app.core.operations import care, mending

    done: tuple[str, ...] = ()
    if mend:
        made = mending.mend(line.workspace(), line.progress)
        done, found = made.done, made.after
    else:
        found = care.doctor(line.workspace(), line.progress)
    line.status = 0 if found.ok else 1
    line.report(
        reading.json_ready(found) | ({"mended": list(done)} if mend else {}),
        lambda: [
            *done,
            _("记录 {entries} 条，不一致 {forks} 处，附件未收到 {missing} 份。").format(
                entries=found.entries, forks=found.forks, missing=found.missing
            ),
            *(found.problems or (_("一切正常。"),)),
        ],
    )


@click.command()
@click.pass_obj
def rebuild(line: Line) -> None:
    """从流水重建台账。"""
    from desktop_app.core.operations import care

    count = care.rebuild(line.workspace())
    line.tell(_("已重建，共 {count} 项。").format(count=count))


@click.command()
@click.argument("folder", type=FILE)
@click.pass_obj
def backup(line: Line, folder: Path) -> None:
    """备份整个工作区（含附件和密钥），并核对。"""
    from desktop_app.core.operations import care

    target = care.back_up_to(line.workspace(), folder, line.progress)
    line.report({"path": str(target)}, lambda: [str(target)])


@click.command()
@click.argument("folder", type=FILE)
@click.pass_obj
def restore(line: Line, folder: Path) -> None:
    """从备份恢复到 --workspace 指的空文件夹。"""
    from desktop_app.core.operations import care

    if line.folder is None:
        raise UsageError(_("要说明恢复到哪里。"), next_step=_("请加 --workspace 空文件夹。"))
    target = care.restore(folder, line.folder, line.progress)
    line.report({"path": str(target)}, lambda: [str(target)])


def add_to(group: click.Group) -> None:
    for command in (demo, init, setup, doctor, rebuild, backup, restore):
        group.add_command(command)
