"""The forms in which a draft is put right: one indicator, one task with its steps, the whole."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtWidgets import QWidget

from desktop_app.core.errors import InputError
from desktop_app.core.figures.numbers import read_number
from desktop_app.core.i18n import _
from desktop_app.core.model.forms import is_date
from desktop_app.core.plan.notice.draft import Deadline, Draft, DraftIndicator, DraftTask
from desktop_app.ui import errors
from desktop_app.ui.township.record_dialog import RecordDialog


def op_words() -> list[tuple[str, str]]:
    return [
        (_("不少于（≥）"), ">="),
        (_("左右（约）"), "~"),
        (_("无限定词（=）"), "=="),
        (_("状态（已落实）"), "state"),
    ]


def measure_words() -> list[tuple[str, str]]:
    return [
        (_("数量，各地相加"), "count"),
        (_("比率，分子分母相加再除"), "rate"),
        (_("标准，各地都要达到"), "standard"),
        (_("状态，凭材料认定"), "state"),
    ]


def number_text(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"


def indicator_dialog(
    parent: QWidget, task: DraftTask, item: DraftIndicator, done: Callable[[], None], *, new: bool = False
) -> RecordDialog:
    """Put one indicator right; a `new` one joins its task when it is saved."""

    def save(values: dict[str, str]) -> object | None:
        try:
            set_indicator(item, values)
        except InputError as problem:
            errors.show(problem)
            return None
        if new:
            # Last, because a part names its whole by its place in the list.
            task.indicators.append(item)
        done()
        return item

    return RecordDialog(
        _("补指标：{task}").format(task=task.title) if new else _("修改指标"),
        {
            "name": (_("名称"), item.name, None, True),
            "op": (_("限定词"), item.op, op_words(), True),
            "value": (_("数"), number_text(item.value), None, False),
            "unit": (_("单位"), item.unit, None, False),
            "measure": (_("怎样算"), item.measure, measure_words(), True),
            "flow": (
                _("存量流量"),
                "1" if item.flow else "0",
                [(_("年初累计"), "1"), (_("期末数"), "0")],
                True,
            ),
        },
        parent,
        save=save,
        hints={"value": _("没有数字就留空"), "unit": _("例如 人次、户、%")},
    )


def task_dialog(parent: QWidget, task: DraftTask, done: Callable[[], None]) -> RecordDialog:
    """Put a task right: its words, category, leads and dated steps."""

    def save(values: dict[str, str]) -> object | None:
        try:
            task.deadlines = deadlines_from(values["steps"], task.deadlines)
        except InputError as problem:
            errors.show(problem)
            return None
        task.target = values["target"]
        task.title, task.short = values["title"], values["short"]
        task.lead = [
            name for name in values["lead"].replace(",", "、").replace("，", "、").split("、") if name
        ]
        task.category = values["category"]
        done()
        return task

    return RecordDialog(
        _("修改任务 {no}").format(no=task.no),
        {
            "title": (_("标题"), task.title, None, True),
            "short": (_("简称"), task.short, None, True),
            "category": (_("类别"), task.category, None, True),
            "lead": (_("牵头单位"), "、".join(task.lead), None, True),
            "target": (_("目标原文"), task.target, None, True),
            "steps": (_("节点（一行一个）"), deadlines_text(task.deadlines), None, False),
        },
        parent,
        "steps",
        save=save,
        hints={"lead": _("几个单位用、隔开")},
    )


def whole_dialog(parent: QWidget, draft: Draft, done: Callable[[], None]) -> RecordDialog:
    """Put the notice's title, year and date right."""

    def save(values: dict[str, str]) -> object | None:
        try:
            year = int(read_number(values["year"]))
        except InputError as problem:
            errors.show(problem)
            return None
        draft.title, draft.year, draft.issued = values["title"], year, values["issued"]
        done()
        return draft

    return RecordDialog(
        _("方案"),
        {
            "title": (_("标题"), draft.title, None, True),
            "year": (_("年度"), str(draft.year), None, True),
            "issued": (_("印发日期"), draft.issued, None, False),
        },
        parent,
        save=save,
        hints={"issued": "2025-03-10"},
    )


def deadlines_text(steps: list[Deadline]) -> str:
    """One step a line: its day, a space, what is due."""
    return "\n".join(f"{step.date} {step.what}" for step in steps)


def deadlines_from(text: str, before: list[Deadline]) -> list[Deadline]:
    """What was typed, each step with what was known of it; InputError where a line begins with no day."""
    known = {(step.date, step.what): step for step in before}
    steps = []
    for line in text.splitlines():
        day, _space, what = line.strip().partition(" ")
        if not day:
            continue
        if not is_date(day) or not what.strip():
            raise InputError(
                _("“{line}”不是一个节点。").format(line=line.strip()),
                meaning=_("没有保存。"),
                next_step=_("请写日期、空格、要做的事，例如 2024-05-31 制定改造方案。"),
            )
        known_step = known.get((day, what.strip()))
        steps.append(known_step or Deadline(date=day, what=what.strip()))
    return steps


def set_indicator(item: DraftIndicator, values: dict[str, str]) -> None:
    """Put what was typed into an indicator; InputError where the value is no number."""
    op = values["op"]
    value: Decimal | None = None
    if values["value"] and op != "state":
        value = Decimal(str(read_number(values["value"], unit=values["unit"], decimals=6)))
    item.name, item.unit, item.value = values["name"], values["unit"], value
    item.op = op  # type: ignore[assignment]
    item.measure = "state" if op == "state" else values["measure"]  # type: ignore[assignment]
    if item.measure == "state":
        item.op, item.value = "state", None
    item.flow = values["flow"] == "1"
