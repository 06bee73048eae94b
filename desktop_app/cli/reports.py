"""report: what goes out on paper.  Each paper is a command of this group; all ask for `--period` and `--out`."""

from __future__ import annotations

from pathlib import Path

import click

from desktop_app.cli.common import Line
from desktop_app.core.errors import UsageError
from desktop_app.core.i18n import _


@click.group()
def report() -> None:
    """报表：通报、排名、挂图、本单位打印件。"""


@report.command("form")
@click.option("--period", default=None, help="报告期，例如 2024-06")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="写到哪个 pdf")
@click.pass_obj
def form(line: Line, period: str | None, out: Path) -> None:
    """本单位的盖章表（pdf），每页都有校验码。"""
    from desktop_app.core.operations.forming import form_of
    from desktop_app.core.store.database import disk_error

    if out.suffix.lower() != ".pdf":
        raise UsageError(_("盖章表只能是 pdf。"), next_step=_("请把文件名写成 .pdf 结尾。"))
    made = form_of(line.workspace(writing=False), line.period(period))
    try:
        line.paper().form(made, out)
    except OSError as problem:
        raise disk_error(problem, out.parent) from problem
    line.report(
        {"file": str(out), "code": made.code, "figures": made.figures, "exported": made.exported},
        lambda: [str(out), f"{_('校验码')} {made.code}"],
    )


def add_to(group: click.Group) -> None:
    from desktop_app.cli import reports_city

    reports_city.add_to(report)
    group.add_command(report)
