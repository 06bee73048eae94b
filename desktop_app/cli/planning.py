"""plan, units, allocate: what is to be done, by whom, how much each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from desktop_app.cli.common import Line, cell_text, grid
from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _
from desktop_app.core.lazy import later
from desktop_app.core.model.period import Period
from desktop_app.core.operations.workspace import Workspace

if TYPE_CHECKING:
    from desktop_app.core.operations import changing, division, duties, planning, reading
else:
    later(globals(), "desktop_app.core.operations", "division duties planning reading changing recording")

FILE = click.Path(path_type=Path)


@click.group()
def plan() -> None:
    """方案：查看、确认。"""


@plan.command("show")
@click.option("--year", type=int, default=None, help="哪一年的方案；不写是当前的")
@click.pass_obj
def plan_show(line: Line, year: int | None) -> None:
    """当前方案：任务、指标、节点、待明确事项。"""
    workspace = line.workspace(writing=False)
    _look_at_year(workspace, year)
    found = workspace.plan

    def text() -> list[str]:
        rows = [found.title]
        for task in found.tasks:
            rows.append(f"{task.no}. [{task.category}] {task.title}  {'、'.join(task.lead)}")
            rows += [
                f"    {i.id}  {i.name}  {i.op} {i.target or _('待定')} {i.unit}" for i in task.indicators
            ]
            rows += [f"    {m.id}  {m.due.isoformat()}  {m.what}" for m in task.milestones]
            rows += [f"    ? {point}" for point in task.open_points]
        return rows

    line.report(found, text)


@plan.command("import")
@click.argument("notice", type=FILE)
@click.option("--out", type=FILE, default=None, help="把草稿写到这个文件（JSON），核对后用 plan adopt 确认")
@click.pass_obj
def plan_import(line: Line, notice: Path, out: Path | None) -> None:
    """读取正式通知（txt、docx、xlsx），得到一份等人核对的方案草稿。"""
    workspace = line.workspace(writing=False) if line.folder is not None else None
    found = planning.read(notice, workspace, line.progress)
    if out is not None:
        planning.save(found, out)

    def text() -> list[str]:
        rows = [found.title]
        for task in found.tasks:
            rows.append(f"{task.no}. [{task.category}] {task.target}  {'、'.join(task.lead)}")
            for item in task.indicators:
                if item.take:
                    value = "" if item.value is None else f"{item.value:f}"
                    rows.append(f"    {item.name}  {item.op} {value} {item.unit}  「{item.quote}」")
            rows += [f"    {step.date}  {step.what}" for step in task.deadlines]
            rows += [f"    ? {doubt}" for doubt in task.doubts]
        rows += [f"? {doubt}" for doubt in found.doubts]
        rows.append(
            _("{tasks} 项任务，{measures} 条措施，{doubts} 处疑点要定。").format(
                tasks=len(found.tasks),
                measures=sum(len(task.measures) for task in found.tasks),
                doubts=len(found.open_doubts()),
            )
        )
        return rows

    line.report(planning.document(found), text)


@plan.command("adopt")
@click.argument("file", type=FILE)
@click.option("--reason", default="", help="依据或说明")
@click.pass_obj
def plan_adopt(line: Line, file: Path, reason: str) -> None:
    """确认一份核对过的方案或草稿（JSON），使之生效；与其他年度的方案并存。"""
    found, _changes = planning.adopt_file(line.workspace(), file, reason)
    line.tell(_("{year}年方案已生效：{tasks} 项任务。").format(year=found.year, tasks=len(found.tasks)))


@plan.command("change")
@click.argument("indicator")
@click.argument("value")
@click.option("--document", required=True, help="依据文号")
@click.option("--effective", required=True, help="从哪天起，例如 2024-07-01；以前的照旧算")
@click.option("--reason", default="", help="说明")
@click.option("--year", type=int, default=None, help="哪一年的方案")
@click.pass_obj
def plan_change(
    line: Line, indicator: str, value: str, document: str, effective: str, reason: str, year: int | None
) -> None:
    """年中调整一项指标的目标，记下依据文号、生效日期、原目标和新目标。"""
    workspace = line.workspace()
    _look_at_year(workspace, year)
    planning.change_target(workspace, indicator, value, document=document, effective=effective, reason=reason)
    _report_changes(line, planning.target_changes(workspace, indicator))


@plan.command("changes")
@click.argument("indicator", required=False)
@click.option("--year", type=int, default=None, help="哪一年的方案")
@click.pass_obj
def plan_changes(line: Line, indicator: str | None, year: int | None) -> None:
    """年中调整过的目标。"""
    workspace = line.workspace(writing=False)
    _look_at_year(workspace, year)
    _report_changes(line, planning.target_changes(workspace, indicator))


def _look_at_year(workspace: Workspace, year: int | None) -> None:
    if year is not None:
        workspace.look_at(Period(year, 1, 12))


def _report_changes(line: Line, changes: list[planning.TargetChange]) -> None:
    line.report(
        {"changes": [reading.json_ready(item) for item in changes]},
        lambda: (
            grid(
                [_("指标"), _("名称"), _("原目标"), _("新目标"), _("单位"), _("生效"), _("依据文号")],
                [
                    (item.indicator, item.name, item.old, item.new, item.unit, item.effective, item.document)
                    for item in changes
                ],
            )
            if changes
            else [_("没有调整过目标。")]
        ),
    )


@click.group()
def units() -> None:
    """组织机构：查看、导入。"""


@units.command("show")
@click.pass_obj
def units_show(line: Line) -> None:
    """所有单位。"""
    organisation = line.workspace(writing=False).organisation

    def text() -> list[str]:
        from desktop_app.core.model.unit import KIND_NAMES, LEVEL_NAMES

        return grid(
            [_("代码"), _("名称"), _("层级"), _("类别"), _("上级")],
            [
                (
                    unit.code,
                    "  " * len(organisation.above(unit.code)) + unit.name,
                    _(LEVEL_NAMES[unit.level]),
                    _(KIND_NAMES[unit.kind]),
                    unit.parent or "",
                )
                for root in [organisation.root()]
                if root is not None
                for unit in [root, *organisation.below(root.code)]
            ],
        )

    line.report(division.units_json(organisation), text)


@units.command("import")
@click.argument("file", type=FILE)
@click.pass_obj
def units_import(line: Line, file: Path) -> None:
    """从表格（xlsx 或 csv）导入单位：代码、名称、层级、类别、上级代码、电话。"""
    found = division.read_units(file)
    changes = division.import_units(line.workspace(), found)
    line.tell(
        _("表中 {count} 个单位，新增或修改 {changed} 个。").format(count=len(found), changed=changes.entries)
    )


@click.group()
def allocate() -> None:
    """分解：给下级地区分份额。"""


def _report_shares(line: Line, table: list[division.ShareSum]) -> None:
    def text() -> list[str]:
        rows = []
        for row in table:
            for code, name, value in row.parts:
                if value is not None:
                    rows.append((row.indicator, row.name, code, name, value, row.unit))
            if row.difference is not None:
                state = _("正好") if not row.difference else _("差 {n}").format(n=cell_text(row.difference))
                rows.append((row.indicator, row.name, "", _("合计"), row.given, f"{row.unit} {state}"))
        return grid([_("指标"), _("名称"), _("代码"), _("地区"), _("份额"), _("单位")], rows)

    line.report({"shares": [reading.json_ready(row) for row in table]}, text)


@allocate.command("show")
@click.pass_obj
def allocate_show(line: Line) -> None:
    """现有份额与合计。"""
    _report_shares(line, division.share_table(line.workspace(writing=False)))


@allocate.command("set")
@click.argument("indicator")
@click.argument("unit")
@click.argument("value")
@click.option("--document", default="", help="依据文号")
@click.option("--effective", default=None, help="从哪天起，例如 2024-07-01；以前的份额照旧算")
@click.pass_obj
def allocate_set(
    line: Line, indicator: str, unit: str, value: str, document: str, effective: str | None
) -> None:
    """给一个下级地区定份额。"""
    from fractions import Fraction

    from desktop_app.core.figures.numbers import read_number

    workspace = line.workspace()
    found = workspace.indicator(indicator)
    amount = Fraction(read_number(value, unit=found.unit, decimals=found.decimals))
    since = None if effective is None else changing.checked_date(effective, _("生效日期"))
    division.set_share(workspace, indicator, unit, amount, document, since)
    _report_shares(line, division.share_table(workspace, [indicator]))


@allocate.command("equal")
@click.argument("indicator")
@click.option("--document", default="", help="依据文号")
@click.pass_obj
def allocate_equal(line: Line, indicator: str, document: str) -> None:
    """平均分给下级地区（最大余数法，合计正好）。"""
    workspace = line.workspace()
    division.divide(workspace, indicator, document=document)
    _report_shares(line, division.share_table(workspace, [indicator]))


@allocate.command("proportional")
@click.argument("indicator")
@click.option("--base", type=FILE, required=True, help="表格：单位代码、基数")
@click.option("--document", default="", help="依据文号")
@click.pass_obj
def allocate_proportional(line: Line, indicator: str, base: Path, document: str) -> None:
    """按基数比例分给下级地区（最大余数法，合计正好）。"""
    workspace = line.workspace()
    division.divide(workspace, indicator, base=division.read_base(base), document=document)
    _report_shares(line, division.share_table(workspace, [indicator]))


@allocate.command("import")
@click.argument("file", type=FILE)
@click.option("--document", default="", help="依据文号")
@click.pass_obj
def allocate_import(line: Line, file: Path, document: str) -> None:
    """从表格导入份额：指标、单位代码、份额。有一行不对就都不导入。"""
    _changes, table = division.import_shares(line.workspace(), file, document)
    _report_shares(line, table)


@allocate.command("reporter")
@click.argument("indicator")
@click.argument("area")
@click.argument("unit", required=False)
@click.option("--each", is_flag=True, help="由下级地区各自填报")
@click.option("--reviewer", default=None, help="审核单位代码")
@click.option("--since", default="", help="从哪个月起，例如 2024-07")
@click.option("--document", default="", help="依据文号")
@click.pass_obj
def allocate_reporter(
    line: Line,
    indicator: str,
    area: str,
    unit: str | None,
    each: bool,
    reviewer: str | None,
    since: str,
    document: str,
) -> None:
    """定一个地区某项指标的填报单位。"""
    if bool(unit) == each:
        raise InputError(_("请给出填报单位，或者用 --each。"), next_step=_("两者选一个。"))
    workspace = line.workspace()
    duties.assign(
        workspace,
        indicator,
        area,
        reporter=unit,
        each=each,
        reviewer=reviewer,
        since=since,
        document=document,
    )
    line.tell(_("已定。"))


@click.group()
def setting() -> None:
    """市里定的规则：容差、滞后线、报送日、是否排名。"""


@setting.command("set")
@click.argument("name", type=click.Choice(list(division.SETTINGS)))
@click.argument("value")
@click.pass_obj
def setting_set(line: Line, name: str, value: str) -> None:
    """定一项规则。"""
    division.set_setting(line.workspace(), name, value)
    line.tell(_("已定。"))


@setting.command("show")
@click.pass_obj
def setting_show(line: Line) -> None:
    """现有的规则。"""
    workspace = line.workspace(writing=False)
    found = {
        head.subject.split("/", 1)[1]: bytes(head.body.value).decode()
        for head in workspace.store.ledger.heads("setting")
    }
    line.report(
        {"settings": found},
        lambda: [f"{name} = {value}" for name, value in found.items()] or [_("都是默认值。")],
    )


def add_to(group: click.Group) -> None:
    for command in (plan, units, allocate, setting):
        group.add_command(command)
