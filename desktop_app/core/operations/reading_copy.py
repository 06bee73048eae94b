"""A reading copy for a lead department without the program: a plain workbook of its own tasks, to look at only."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from desktop_app.core.disks import save
from desktop_app.core.errors import InputError
from desktop_app.core.figures.numbers import show
from desktop_app.core.i18n import _
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Task
from desktop_app.core.model.view import LIGHTS
from desktop_app.core.operations.problems import problems
from desktop_app.core.operations.registers import Reader
from desktop_app.core.operations.situation import Situation
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.rules.privacy import mask

Rows = Iterable[Sequence[object]]
PROGRESS = (
    ("任务", 6), ("任务名称", 26), ("指标", 8), ("指标名称", 28), ("地区", 14), ("计量", 8), ("份额", 11),
    ("累计", 11), ("分母", 11), ("完成率%", 9), ("状态", 9),
)  # fmt: skip
WORDS = (("任务", 6), ("类别", 14), ("目标（原文）", 60), ("推进措施（原文）", 90))
MILESTONES = (("任务", 6), ("节点", 44), ("期限", 12), ("地区", 14), ("完成日期", 12), ("状态", 9))
PROBLEMS = (
    ("任务", 6), ("地区", 14), ("问题", 46), ("状态", 9), ("要求解决", 12), ("已（天）", 8), ("答复", 40),
)  # fmt: skip
ORDERS = (
    ("任务", 6), ("编号", 14), ("事项", 40), ("承办单位", 16), ("期限", 12), ("状态", 10), ("反馈", 40),
)  # fmt: skip


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    path: Path
    tasks: tuple[int, ...]


def tasks_of(workspace: Workspace, lead: str) -> list[Task]:
    """The tasks a department leads, alone or with another; `lead` is its name or its unit's code.  InputError where
    there is none."""
    unit = workspace.organisation.get(lead)
    name = unit.name if unit else lead.strip()
    found = [task for task in workspace.plan.tasks if name in task.lead]
    if not found:
        leads = dict.fromkeys(one for task in workspace.plan.tasks for one in task.lead)
        raise InputError(
            _("方案里没有“{name}”牵头的任务。").format(name=name),
            next_step=_("牵头部门有：{names}。").format(names="、".join(leads)),
        )
    return found


def write(workspace: Workspace, lead: str, period: Period, out: Path) -> Copy:
    """Write the copy; what is personal is masked, and nothing in it can be merged back."""
    tasks = tasks_of(workspace, lead)
    numbers = {task.no for task in tasks}
    situation = Situation(workspace, period)
    sheets = (
        ("进度", PROGRESS, progress_rows(situation, tasks)),
        ("任务原文", WORDS, word_rows(tasks)),
        ("节点", MILESTONES, milestone_rows(situation, tasks)),
        ("问题", PROBLEMS, problem_rows(workspace, numbers)),
        ("督办", ORDERS, order_rows(workspace, numbers)),
    )
    unit = workspace.organisation.get(lead)
    title = f"{unit.name if unit else lead}牵头任务（{period.chinese_label}，{workspace.unit.name}提供，仅供阅读）"
    _draw(out, title, sheets)
    return Copy(path=out, tasks=tuple(sorted(numbers)))


def _areas(situation: Situation, home: str) -> list[str]:
    return [home, *(child.code for child in situation.organisation.child_areas(home))]


def progress_rows(situation: Situation, tasks: Iterable[Task]) -> Rows:
    home = situation.organisation.home_area(situation.workspace.unit_code)
    for task in tasks:
        for indicator in task.indicators:
            for area in _areas(situation, home):
                view = situation.indicator_view(indicator, area)
                if area != home and view.share is None and view.figure.value is None:
                    continue
                yield (
                    task.no,
                    task.short,
                    indicator.id,
                    indicator.name,
                    view.area_name,
                    indicator.unit,
                    show(view.share, indicator.decimals),
                    show(view.figure.value, indicator.decimals),
                    show(view.figure.of, 0) if view.figure.of is not None else "",
                    show(view.done * 100, 1) if view.done is not None else "",
                    LIGHTS[view.light],
                )


def word_rows(tasks: Iterable[Task]) -> Rows:
    """What the notice itself says of each task."""
    for task in tasks:
        measures = "\n".join(f"({place}) {text}" for place, text in enumerate(task.measures, start=1))
        yield task.no, task.category, task.target, measures


def milestone_rows(situation: Situation, tasks: Iterable[Task]) -> Rows:
    home = situation.organisation.home_area(situation.workspace.unit_code)
    for task in tasks:
        for milestone in task.milestones:
            areas = _areas(situation, home)[1:] if milestone.scope == "county" else [home]
            for area in areas or [home]:
                view = situation.milestone_view(task, milestone, area)
                done = view.done.isoformat() if view.done else ""
                name = situation.organisation.name(area)
                yield task.no, view.what, view.due.isoformat(), name, done, LIGHTS[view.light]


def problem_rows(workspace: Workspace, tasks: set[int]) -> Rows:
    for problem in problems(workspace):
        if problem.task in tasks:
            said = "；".join([problem.answer, *(f"{a.unit_name}：{a.text}" for a in problem.answers)]).strip(
                "；"
            )
            state = "已销号" if problem.status == "closed" else "未销号"
            yield (
                problem.task, problem.area_name, mask(problem.text), state, problem.due, problem.age_days,
                mask(said),
            )  # fmt: skip


def order_rows(workspace: Workspace, tasks: set[int]) -> Rows:
    for row in Reader(workspace).rows("orders"):
        if row.task in tasks:
            said = "；".join(f"{a.unit_name} {a.date}：{a.text}" for a in row.answers)
            yield (
                row.task, row.values.get("number", ""), mask(row.name), row.to_name, row.due, row.state,
                mask(said),
            )  # fmt: skip


def _draw(out: Path, title: str, sheets: Sequence[tuple[str, Sequence[tuple[str, int]], Rows]]) -> None:
    import xlsxwriter

    content = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(content, options | {"in_memory": True})
    heading = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bg_color": "#E8EDF3", "border": 1, "text_wrap": True})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
    for name, columns, rows in sheets:
        sheet = book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(1)
        sheet.freeze_panes(2, 0)
        sheet.write_string(0, 0, title, heading)
        for place, (word, width) in enumerate(columns):
            sheet.set_column(place, place, width)
            sheet.write_string(1, place, word, head)
        _fill(sheet, rows, cell)
    book.close()
    save(out, content.getvalue())


def _fill(sheet: Any, rows: Rows, cell: Any) -> None:
    line = 2
    for row in rows:
        for place, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(line, place, value, cell)
            else:
                sheet.write_string(line, place, str(value), cell)
        line += 1
    if line == 2:
        sheet.write_string(2, 0, "（没有）", cell)
