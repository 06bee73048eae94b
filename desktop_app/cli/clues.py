"""clues, report appraisal: what a dispatch has to look at, and the facts an appraisal is made from."""

from __future__ import annotations

from pathlib import Path

import click

from desktop_app.cli.common import Line, grid
from desktop_app.core.i18n import _


@click.command()
@click.option("--period", default=None, help="期间，例如 2024-06；默认最近有数的月份")
@click.option(
    "--kind",
    type=click.Choice(["still", "floor", "projects", "levels"]),
    default=None,
    help="只看一种：没有变化、低于下限、项目不够、分级不符",
)
@click.pass_obj
def clues(line: Line, period: str | None, kind: str | None) -> None:
    """调度线索：没有变化的、低于下限的、项目不够份额的、分级合计不符的。"""
    from desktop_app.core.operations import clues as operation
    from desktop_app.core.operations import reading

    when = line.period(period)
    found = operation.clues(line.workspace(writing=False), when, kind or "")
    line.report(
        {"period": when.key, "clues": [reading.json_ready(clue) for clue in found]},
        lambda: [
            *grid(
                [_("线索"), _("任务"), _("指标"), _("地区"), _("情况")],
                [(c.word, f"{c.task} {c.title}", c.name, c.area_name, c.words) for c in found],
            ),
            *(_(rule) for key, rule in operation.RULES.items() if not kind or key == kind),
        ],
    )


@click.command()
@click.option("--period", default=None, help="期间，例如 2024-12；默认最近有数的月份")
@click.option("--cutoff", default="", help="用哪个截止点（taizhang cutoff list）；不写则用现在的数")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="存成哪个 xlsx")
@click.pass_obj
def appraisal(line: Line, period: str | None, cutoff: str, out: Path) -> None:
    """考核评价底数（xlsx）：各地结果、验收、报送、督办和登记的考核事项；不设权重。"""
    from desktop_app.cli.reports_city import sight_of, wanted_suffix, written
    from desktop_app.core.operations import appraisal as operation

    wanted_suffix(out, ".xlsx")
    with sight_of(line, period, cutoff) as sight:
        written(line, [operation.write(sight, out)])


def add_to(group: click.Group) -> None:
    from desktop_app.cli.reports import report

    group.add_command(clues)
    report.add_command(appraisal)
