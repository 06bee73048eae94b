"""Whether a plan makes sense: ids, parents, figures, dates.  Nothing here raises; findings are returned.

A hard finding means that figures would come out wrong, so the plan must not be put into force; a note is
something that a person should look at.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Literal

import msgspec

from desktop_app.core.i18n import _
from desktop_app.core.model.plan import Indicator, Plan, Task, exact

TITLE_LENGTH = 20
SHORT_LENGTH = 10
_ID = re.compile(r"[1-9]\d*\.[1-9]\d*")
PEOPLE = frozenset({"人", "人次", "名", "户", "家"})
"""Units that are never split, so their figures have no decimals."""


class Finding(msgspec.Struct, frozen=True):
    """`where` is a task number ("12"), an indicator or milestone id ("12.1", "12.m2"), or "" for the plan."""

    level: Literal["hard", "note"]
    where: str
    text: str


def check_plan(plan: Plan) -> list[Finding]:
    """Every finding, hard ones first, otherwise in the plan's order.  An empty list means nothing to remark."""
    found = [*_plan_wide(plan)]
    for task in plan.tasks:
        found.extend(_task(plan, task))
    return sorted(found, key=lambda finding: finding.level != "hard")


def category_sizes(plan: Plan) -> dict[str, int]:
    """How many tasks each category has, in the plan's order of categories."""
    sizes = dict.fromkeys(plan.categories, 0)
    for task in plan.tasks:
        sizes[task.category] = sizes.get(task.category, 0) + 1
    return sizes


def _hard(where: str, text: str) -> Finding:
    return Finding("hard", where, text)


def _note(where: str, text: str) -> Finding:
    return Finding("note", where, text)


def _twice(ids: Iterable[str]) -> list[str]:
    return [found for found, times in Counter(ids).items() if times > 1]


def _plan_wide(plan: Plan) -> Iterator[Finding]:
    if not plan.tasks:
        yield _hard("", _("方案里没有任务。"))
    if not plan.id or "/" in plan.id:
        yield _hard("", _("方案编号不能为空，也不能含“/”。"))
    for number in _twice(str(task.no) for task in plan.tasks):
        yield _hard(number, _("任务序号 {no} 出现了两次。").format(no=number))
    ids = [i.id for i in plan.indicators()] + [m.id for _task_, m in plan.milestones()]
    for found in _twice(ids):
        yield _hard(found, _("编号 {id} 出现了两次。").format(id=found))
    for name in _twice(plan.categories):
        yield _hard("", _("类别“{name}”列了两次。").format(name=name))
    if plan.category_shorts and len(plan.category_shorts) != len(plan.categories):
        yield _hard("", _("类别简称的个数与类别不一致。"))
    for name, size in category_sizes(plan).items():
        if size == 0:
            yield _note("", _("类别“{name}”下没有任务。").format(name=name))
    numbers = [task.no for task in plan.tasks]
    if numbers != list(range(1, len(numbers) + 1)):
        yield _note("", _("任务序号不是从 1 起连续排列。"))
    order = [plan.categories.index(t.category) for t in plan.tasks if t.category in plan.categories]
    if order != sorted(order):
        yield _note("", _("同一类别的任务没有排在一起。"))
    if plan.issued.year not in (plan.year - 1, plan.year):
        yield _note(
            "", _("印发日期 {day} 不在方案年度 {year} 年附近。").format(day=plan.issued, year=plan.year)
        )


def _task(plan: Plan, task: Task) -> Iterator[Finding]:
    where = str(task.no)
    if task.category not in plan.categories:
        yield _hard(where, _("类别“{name}”不在方案的类别表里。").format(name=task.category))
    if not task.indicators:
        yield _hard(where, _("任务没有指标；没有数字的任务请设一个状态指标。"))
    if not task.lead:
        yield _note(where, _("没有写牵头单位。"))
    if len(task.title) > TITLE_LENGTH:
        yield _note(where, _("标题超过 {most} 个字。").format(most=TITLE_LENGTH))
    if len(task.short) > SHORT_LENGTH:
        yield _note(where, _("简称超过 {most} 个字。").format(most=SHORT_LENGTH))
    if any("*" in lead for lead in task.lead) and not task.open_points:
        yield _note(where, _("牵头单位名称被遮盖，请列入待定事项。"))
    for indicator in task.indicators:
        yield from _indicator(task, indicator)
    yield from _parts(task)
    yield from _milestones(plan, task)
    ids = {indicator.id for indicator in task.indicators}
    for fund in task.funds:
        if fund.amount is not None and exact(fund.amount) is None:
            yield _hard(where, _("“{what}”的金额 {text} 不是数字。").format(what=fund.what, text=fund.amount))
        if fund.indicator is not None and fund.indicator not in ids:
            yield _hard(where, _("“{what}”指向不存在的指标 {id}。").format(what=fund.what, id=fund.indicator))


def _indicator(task: Task, indicator: Indicator) -> Iterator[Finding]:
    where = indicator.id
    if not _ID.fullmatch(where) or indicator.task_no != task.no:
        yield _hard(where, _("指标编号应写成“任务序号.顺序号”，如 {no}.1。").format(no=task.no))
    for name, text in (
        (_("目标"), indicator.target),
        (_("基数"), indicator.baseline),
        (_("下限"), indicator.floor),
    ):
        if text is not None and exact(text) is None:
            yield _hard(where, _("{name}“{text}”不是数字。").format(name=name, text=text))
    target = exact(indicator.target)
    if indicator.target is None and not indicator.target_open:
        yield _hard(where, _("没有目标值，也没有标明目标待定。"))
    if target is not None and target <= 0:
        yield _hard(where, _("目标值应大于 0。"))
    if target is not None and exact(indicator.baseline) == target:
        yield _hard(where, _("基数与目标相同，算不出进度。"))
    if (indicator.measure == "state") != (indicator.op == "state"):
        yield _hard(where, _("状态指标的比较方式应为 state，其他指标不能用 state。"))
    if indicator.measure == "state" and target not in (None, 1):
        yield _hard(where, _("状态指标的目标值应为 1。"))
    if indicator.measure == "rate" and indicator.per <= 0:
        yield _hard(where, _("比率的基数（每百、每千）应大于 0。"))
    if indicator.measure == "rate" and not indicator.denominator:
        yield _note(where, _("比率没有写明分母。"))
    if (
        indicator.measure == "rate"
        and indicator.unit == "%"
        and target is not None
        and target > indicator.per
    ):
        yield _note(where, _("百分比目标超过 100%。"))
    if min(indicator.decimals, indicator.part_decimals) < 0:
        yield _hard(where, _("小数位数不能为负。"))
    elif target is not None and (target * 10**indicator.decimals).denominator != 1:
        yield _hard(where, _("目标值的小数比指标允许的多。"))
    if indicator.measure == "count" and indicator.unit in PEOPLE and indicator.decimals:
        yield _hard(where, _("单位“{unit}”不能有小数。").format(unit=indicator.unit))
    if _twice(indicator.stages):
        yield _hard(where, _("环节名称有重复。"))


def _parts(task: Task) -> Iterator[Finding]:
    """Of-which parts (其中): the whole exists, no part is a whole of itself, and no part exceeds the whole."""
    by_id = {indicator.id: indicator for indicator in task.indicators}
    sums: dict[str, Fraction] = {}
    for part in task.indicators:
        if part.parent is None:
            continue
        whole = by_id.get(part.parent)
        if whole is None:
            yield _hard(part.id, _("上级指标 {id} 不在本任务里。").format(id=part.parent))
            continue
        if whole.parent is not None or whole.id == part.id:
            yield _hard(part.id, _("“其中”只分一层，上级指标不能再是别的指标的一部分。"))
            continue
        if part.measure != "count" or whole.measure != "count":
            yield _hard(part.id, _("“其中”只用于可以相加的数量指标。"))
        target, whole_target = exact(part.target), exact(whole.target)
        if target is None or whole_target is None:
            continue
        if target > whole_target:
            yield _hard(part.id, _("“其中”的目标大于总数的目标。"))
        sums[whole.id] = sums.get(whole.id, Fraction(0)) + target
        if sums[whole.id] > whole_target:
            yield _note(whole.id, _("“其中”各项相加大于总数；若有交叉请在口径里说明。"))


def _milestones(plan: Plan, task: Task) -> Iterator[Finding]:
    by_id = {indicator.id: indicator for indicator in task.indicators}
    for milestone in task.milestones:
        where = milestone.id
        if not where.startswith(f"{task.no}.") or "/" in where:
            yield _hard(where, _("节点编号应以“{no}.”开头。").format(no=task.no))
        if milestone.due.year != plan.year:
            yield _hard(
                where, _("节点日期 {day} 不在 {year} 年内。").format(day=milestone.due, year=plan.year)
            )
        if milestone.indicator is not None and milestone.indicator not in by_id:
            yield _hard(where, _("节点指向不存在的指标 {id}。").format(id=milestone.indicator))
        if milestone.reach is not None:
            reach = exact(milestone.reach)
            if reach is None or not 0 <= reach <= 1:
                yield _hard(where, _("应达比例应是 0 到 1 之间的数。"))
            if milestone.indicator is None:
                yield _hard(where, _("写了应达比例的节点要指明是哪个指标。"))
        if milestone.measure_no is not None and not 1 <= milestone.measure_no <= len(task.measures):
            yield _hard(where, _("节点引用的推进措施序号不存在。"))
