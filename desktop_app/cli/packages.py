"""export, verify, merge, conflicts, missing: what leaves this desk and what comes in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desktop_app.cli.common import Line, grid
from desktop_app.core.errors import UsageError
from desktop_app.core.i18n import N_, _
from desktop_app.core.lazy import later
from desktop_app.core.model.period import Period

if TYPE_CHECKING:
    from desktop_app.core.operations import reading
else:
    later(globals(), "desktop_app.core.operations", "reading")

FILE = click.Path(path_type=Path)
_SIZES = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3}


def read_size(text: str) -> int:
    """100MB, 2G, 500k … in bytes."""
    match = re.fullmatch(r"(\d+)\s*([KMG]?)I?B?", text.strip().upper())
    if not match:
        raise UsageError(
            _("“{text}”不是大小。").format(text=text), next_step=_("请写成 100MB、20MB 的样子。")
        )
    return int(match.group(1)) * _SIZES[match.group(2)]


@click.command()
@click.option("--period", required=True, help="期间，例如 2024-06")
@click.option("--out", type=FILE, required=True, help="写到哪个文件夹")
@click.option("--max-size", default="", help="单个文件的上限，例如 100MB；超过就分卷")
@click.option("--evidence", type=click.Choice(["new", "all", "none"]), default="new", show_default=True)
@click.option("--personal", is_flag=True, help="特意放入含个人信息的材料（加密）")
@click.option("--encrypt", is_flag=True, help="整份加密，只有上级单位的密钥能打开（.xlsx.p7m）")
@click.option("--filled", default="", help="填报人")
@click.option("--checked", default="", help="审核人")
@click.option("--responsible", default="", help="负责人")
@click.pass_obj
def export(
    line: Line,
    period: str,
    out: Path,
    max_size: str,
    evidence: Any,
    personal: bool,
    encrypt: bool,
    filled: str,
    checked: str,
    responsible: str,
) -> None:
    """导出一份签名的上报包（Excel 文件）。"""
    from desktop_app.core.operations import exporting

    done = exporting.export(
        line.workspace(),
        Period.parse(period),
        out,
        filled=filled,
        checked=checked,
        responsible=responsible,
        evidence=evidence,
        personal=personal,
        max_size=read_size(max_size) if max_size else 0,
        encrypt=encrypt,
        progress=line.progress,
    )
    line.report(
        {
            "files": [{"path": str(f.path), "digest": done.code, "size": f.size} for f in done.files],
            "entries": done.entries,
            "evidence": done.evidence,
        },
        lambda: [
            *(str(item.path) for item in done.files),
            _(
                "校验码 {code}  记录 {entries} 条，佐证 {evidence} 份，留在本机的个人信息 {withheld} 份"
            ).format(code=done.code, entries=done.entries, evidence=done.evidence, withheld=done.withheld),
        ],
    )


STATES = {
    "valid": N_("有效"),
    "valid_with_notes": N_("有效（有提示）"),
    "unknown_signer": N_("签名人未知"),
    "invalid": N_("无效"),
}


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--root", type=FILE, default=None, help="市级根证书（PEM）；默认用工作区里的")
@click.pass_obj
def verify(line: Line, files: tuple[Path, ...], root: Path | None) -> None:
    """核对上报包：签名是否有效、是谁签的、有没有被改。"""
    from desktop_app.core.operations import enveloping, keyring, merging

    paths = merging.expand(files)
    # A workspace is needed for its roots, or for the key that opens encrypted files.
    encrypted = line.folder is not None and any(map(enveloping.is_enveloped, paths))
    workspace = line.workspace(writing=False) if root is None or encrypted else None
    roots = [keyring.read_file(root)] if root else keyring.roots(line.workspace(writing=False))
    found = merging.verify(paths, roots, line.progress, workspace)
    if any(item.state in ("invalid", "unknown_signer") for item in found):
        line.status = 3
    line.report(
        {
            "files": [
                {
                    "file": str(item.file),
                    "state": item.state,
                    "reason": item.reason,
                    "next_step": item.next_step,
                    "rule": item.rule,
                    "signer": {"unit": item.unit, "name": item.name},
                    "digest": item.digest,
                }
                for item in found
            ]
        },
        lambda: [
            f"{item.file.name}  {_(STATES[item.state])}  {item.name}  {item.digest}"
            + (f"\n  {item.reason}" if item.reason else "")
            + (f"\n  → {item.next_step}" if item.next_step else "")
            for item in found
        ],
    )


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--report", type=FILE, default=None, help="把这次汇入记录写成一份 xlsx")
@click.pass_obj
def merge(line: Line, files: tuple[Path, ...], report: Path | None) -> None:
    """汇入收到的包：任意多个、任意顺序、重复也不要紧；有问题的放进隔离夹。"""
    from desktop_app.core.operations import merging

    results, _changes = merging.merge(line.workspace(), files, line.progress)
    if report is not None:
        from desktop_app.core.operations import run_report

        run_report.write(results, report)
    if any(item.state == "quarantined" for item in results):
        line.status = 3
    words = {"merged": _("已汇入"), "known": _("以前汇入过"), "quarantined": _("已隔离")}

    def text() -> list[str]:
        rows = [
            (
                item.file.name,
                item.unit_name,
                item.period,
                words[item.state],
                item.counts.new,
                item.counts.known,
                item.counts.conflicting,
                item.counts.refused,
                item.files_missing,
            )
            for item in results
        ]
        heads = [
            _("文件"),
            _("单位"),
            _("期间"),
            _("结果"),
            _("新增"),
            _("已有"),
            _("不一致"),
            _("拒收"),
            _("缺附件"),
        ]
        notes = [
            f"{_('{name}：{text}').format(name=r.file.name, text=r.reason)} → {r.next_step}"
            for r in results
            if r.state == "quarantined"
        ]
        return [*grid(heads, rows), *notes]

    line.report(
        {
            "files": [
                {
                    "file": str(item.file),
                    "state": item.state,
                    "reason": item.reason,
                    "next_step": item.next_step,
                    "unit": item.unit,
                    "period": item.period,
                    "digest": item.digest,
                    "entries": {
                        "new": item.counts.new,
                        "known": item.counts.known,
                        "conflicting": item.counts.conflicting,
                        "refused": item.counts.refused,
                    },
                    "evidence": {
                        "new": item.files_new,
                        "known": item.files_known,
                        "missing": item.files_missing,
                    },
                }
                for item in results
            ]
        },
        text,
    )


@click.command()
@click.argument("file")
@click.option("--reason", required=True, help="为什么撤回")
@click.option("--yes", is_flag=True, help="看过受影响的内容，确认撤回")
@click.pass_obj
def retract(line: Line, file: str, reason: str, yes: bool) -> None:
    """撤回一份已汇入的文件（FILE 是文件名或它的编号）；先列出会受影响的内容。"""
    from desktop_app.core.operations import retracting

    workspace = line.workspace()
    container = retracting.find_merged(workspace, file)
    affected = retracting.dependents(workspace, container)
    if yes:
        retracting.retract(workspace, container, reason)
    else:
        line.status = 1
    line.report(
        {"container": container, "affected": affected, "retracted": yes},
        lambda: [
            _("只由这份文件带来的内容有 {count} 项：").format(count=len(affected)),
            *(f"  {subject}" for subject in affected[:20]),
            _("已撤回。流水里仍保留。") if yes else _("还没有撤回；确认无误请加 --yes 再执行一次。"),
        ],
    )


@click.command()
@click.argument("file", type=FILE)
@click.option("--period", required=True, help="期间，例如 2024-06")
@click.pass_obj
def stamp(line: Line, file: Path, period: str) -> None:
    """补交盖章件（扫描件）；之后再导出一次，校验码不变。"""
    from desktop_app.core.operations import stamping

    stamping.add_stamp(line.workspace(), file, Period.parse(period))
    line.tell(_("已加入盖章件。请再导出一次送上去。"))


@click.group(invoke_without_command=True)
@click.pass_context
def conflicts(context: click.Context) -> None:
    """不一致：同一格有两种说法。"""
    if context.invoked_subcommand is not None:
        return
    line: Line = context.obj
    from desktop_app.core.operations import forking

    forks = forking.forks(line.workspace(writing=False))
    line.report(
        {"conflicts": [reading.json_ready(fork) for fork in forks]},
        lambda: (
            [
                f"{fork.subject}  {fork.title}\n"
                + "\n".join(
                    f"  {side.id[:12]}  {side.value}  {side.operator} {side.at[:16]}"
                    + (_(" （暂计）") if side.counted else "")
                    for side in fork.sides
                )
                for fork in forks
            ]
            or [_("没有不一致。")]
        ),
    )


@conflicts.command("settle")
@click.argument("subject")
@click.option("--keep", default=None, help="留下哪一条（编号或开头几位）")
@click.option("--value", default=None, help="或者改成这个数")
@click.option("--of", "of", default=None, help="比率的分母")
@click.option("--reason", required=True, help="理由")
@click.pass_obj
def conflicts_settle(
    line: Line, subject: str, keep: str | None, value: str | None, of: str | None, reason: str
) -> None:
    """定下来：留一个说法，或写一个新的数。"""
    from desktop_app.core.operations import forking

    forking.settle(line.workspace(), subject, keep=keep, value=value, of=of, reason=reason)
    line.tell(_("已定。两种说法都留在历史里。"))


@conflicts.command("settle-all")
@click.option(
    "--rule", required=True, type=click.Choice(["latest", "greatest", "least", "shown"]), help="规则"
)
@click.option("--reason", required=True, help="理由")
@click.pass_obj
def conflicts_settle_all(line: Line, rule: str, reason: str) -> None:
    """按一条写明的规则，把所有不一致一次定下来。"""
    from desktop_app.core.operations import forking

    changes, left = forking.settle_all(line.workspace(), rule, reason)
    line.report(
        {"settled": changes.entries, "left": [{"subject": subject, "why": why} for subject, why in left]},
        lambda: [
            _("定了 {count} 处。").format(count=changes.entries),
            *(f"  {subject}  {why}" for subject, why in left),
        ],
    )


@click.command()
@click.pass_obj
def refused(line: Line) -> None:
    """拒收的记录：保留在流水里，不计数，逐条写明原因。"""
    rows = reading.refused(line.workspace(writing=False))
    line.report(
        {"refused": [reading.json_ready(row) for row in rows]},
        lambda: (
            [f"{row.unit_name} {row.operator}  {row.subject}  {row.after}  ✗ {row.why_not}" for row in rows]
            or [_("没有拒收的记录。")]
        ),
    )


@click.command()
@click.option("--out", type=FILE, required=True, help="写到哪个文件夹")
@click.pass_obj
def exchange(line: Line, out: Path) -> None:
    """给本单位另一台电脑的交换包：在那边 merge 即可，填得不一样的会显示为不一致。"""
    from desktop_app.core.operations import exporting

    done = exporting.exchange(line.workspace(), out, line.progress)
    line.report(
        {
            "files": [{"path": str(item.path), "size": item.size} for item in done.files],
            "entries": done.entries,
        },
        lambda: [str(item.path) for item in done.files],
    )


@click.command()
@click.option("--period", required=True, help="期间，例如 2024-06")
@click.pass_obj
def missing(line: Line, period: str) -> None:
    """谁没报、谁迟了、谁缺附件。"""
    from desktop_app.core.operations import chasing

    when = Period.parse(period)
    workspace = line.workspace(writing=False)
    rows = chasing.missing(workspace, when)
    states = {"missing": _("未报"), "late": _("迟报"), "incomplete": _("不全"), "received": _("已收")}
    line.report(
        {"period": when.key, "units": [reading.json_ready(row) for row in rows]},
        lambda: [
            *grid(
                [_("代码"), _("单位"), _("状态"), _("报送日"), _("迟天数"), _("说明")],
                [
                    (
                        r.unit,
                        r.unit_name,
                        _("代录") if r.entered else states[r.state],
                        r.due.isoformat(),
                        r.days_late,
                        r.detail,
                    )
                    for r in rows
                ],
            ),
            "",
            chasing.reminder(workspace, rows, when),
        ],
    )


def add_to(group: click.Group) -> None:
    for command in (
        export,
        exchange,
        verify,
        merge,
        retract,
        stamp,
        refused,
        conflicts,
        missing,
    ):
        group.add_command(command)
