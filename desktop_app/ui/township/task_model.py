"""The rows of 任务: every indicator of this desk, and one row for each task that is not its own."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from desktop_app.core.i18n import _
from desktop_app.core.model.view import IndicatorView, TaskView
from desktop_app.ui import text, theme
from desktop_app.ui.widgets.delegates import INSET, IconCell, LightCell, NumberCell, ProgressCell
from desktop_app.ui.widgets.records import Column, Grouping, RecordModel

ORDER = {"red": 0, "yellow": 1, "none": 2, "green": 3, "done": 4}
NUMERALS = "一二三四五六七八九十"
NAME_LEAST, NAME_MOST = 150, 206


class TaskRow(NamedTuple):
    """One indicator, or a whole task where `mine` is False.  `first` of a task shows the number."""

    task: TaskView
    view: IndicatorView
    first: bool
    mine: bool
    who: str = ""
    """The person or the station that looks after the task."""

    @property
    def key(self) -> str:
        return self.view.id

    @property
    def light(self) -> str:
        return self.view.light if self.mine else self.task.light

    @property
    def behind(self) -> bool:
        return self.light in ("yellow", "red")


def rows_of(tasks: list[TaskView], assigned: Mapping[int, str] | None = None) -> list[TaskRow]:
    given = assigned or {}
    rows: list[TaskRow] = []
    for task in tasks:
        own = [view for view in task.indicators if view.mine and view.due]
        if own:
            rows.extend(
                TaskRow(task, view, number == 0, True, given.get(task.no, ""))
                for number, view in enumerate(own)
            )
        elif task.indicators:
            rows.append(TaskRow(task, task.indicators[0], True, False, given.get(task.no, "")))
    return rows


def numbered(categories: list[str]) -> dict[str, str]:
    """促进就业 → 一、促进就业."""
    return {
        name: f"{NUMERALS[number]}、{name}" if number < len(NUMERALS) else name
        for number, name in enumerate(categories)
    }


def _done(row: TaskRow) -> Fraction | None:
    if row.mine and row.view.figure.carried and row.view.light == "none":
        return None
    return row.view.done if row.mine else row.task.percent


def _percent(row: TaskRow) -> str:
    if row.mine and not (row.view.figure.carried and row.view.light == "none"):
        return text.done(row.view)
    return text.percent(_done(row))


def _evidence(row: TaskRow) -> str:
    view = row.view
    if not row.mine:
        return ""
    if view.evidence_missing:
        return _("{count} · 缺 {missing}").format(count=view.evidence, missing=view.evidence_missing)
    return str(view.evidence)


def _evidence_tone(row: TaskRow) -> tuple[str, str]:
    if row.mine and row.view.evidence_missing:
        return theme.RED, "note-bold"
    return (theme.INK3 if not row.view.evidence else theme.INK), "body"


def _mark(row: TaskRow) -> tuple[str, str]:
    if row.view.returned:
        return "arrow-back-up", theme.RED
    return ("message", theme.INK2) if row.view.remark and row.mine else ("", "")


def _value(row: TaskRow) -> str:
    if not row.mine or (row.view.figure.carried and row.view.light == "none"):
        return text.NOTHING
    return text.value(row.view)


def group_note(rows: list[TaskRow]) -> str:
    own = [row for row in rows if row.mine]
    words = (
        [_("本单位 {count} 项").format(count=len(own))]
        if own
        else [_("共 {count} 项").format(count=len(rows))]
    )
    late = sum(row.light == "red" for row in rows)
    behind = sum(row.light == "yellow" for row in rows)
    lacking = sum(bool(row.view.evidence_missing) for row in own)
    if late:
        words.append(_("逾期 {count}").format(count=late))
    if behind:
        words.append(_("滞后 {count}").format(count=behind))
    if lacking:
        words.append(_("缺佐证 {count}").format(count=lacking))
    return " · ".join(words)


def task_columns(name_width: int) -> list[Column]:
    return [
        Column(
            "no", _("序号"), 46, lambda r: str(r.task.no) if r.first else "", right=True, colour=theme.INK2,
            sort=lambda r: (r.task.no, r.view.id), tight=40, short=_("号"),
        ),
        Column(
            "name", _("任务 · 指标"), name_width, lambda r: r.view.name if r.mine else r.task.title, stretch=True,
            whole=True, tip=lambda r: f"{r.task.no} {r.task.title}\n{r.task.target}",
        ),
        Column(
            "lead", _("牵头单位"), 100, lambda r: "、".join(r.task.lead), colour=theme.INK2, drop=1,
            sort=lambda r: r.task.lead,
        ),
        Column(
            "who", _("经办"), 76, lambda r: r.who if r.first else "", colour=theme.INK2, drop=1,
            sort=lambda r: r.who or None,
        ),
        Column(
            "share", _("全年份额"), 76, lambda r: text.share(r.view) if r.mine else text.NOTHING, right=True,
            tight=52, short=_("份额"),
        ),
        Column("unit", _("单位"), 52, lambda r: r.view.unit if r.mine else "", colour=theme.INK2, tight=46),
        Column("value", _("累计完成"), 74, _value, right=True, tight=52, short=_("累计")),
        Column(
            "progress", _("完成 应达"), 126, _percent, tick=True, drop=2, sort=_done,
            cell=ProgressCell(
                lambda r: (_done(r), r.view.expected if r.mine else None, r.light),
                lambda r: (theme.INK3 if _done(r) is None else theme.INK, "body"),
            ),
        ),
        Column(
            "light", _("灯"), 72, lambda r: text.light(r.light), cell=LightCell(lambda r: r.light),
            sort=lambda r: ORDER[r.light], whole=True, tight=62,
        ),
        Column(
            "evidence", _("佐证"), 82, _evidence, right=True, cell=NumberCell(_evidence_tone),
            sort=lambda r: (-r.view.evidence_missing, r.view.evidence),
        ),
        Column(
            "remark", _("上级意见"), 150, lambda r: r.view.remark if r.mine else "", drop=1, colour=theme.INK2,
            tip=lambda r: r.view.remark, sort=lambda r: r.view.remark or None,
        ),
        Column(
            "mark", "", 36, lambda r: "", cell=IconCell(_mark), drop=3,
            tip=lambda r: r.view.remark,
        ),
    ]  # fmt: skip


class TaskModel(RecordModel):
    def __init__(self) -> None:
        self._titles: dict[str, str] = {}
        grouping = Grouping(
            key=lambda row: row.task.category,
            title=lambda category: self._titles.get(category, category),
            note=group_note,
        )
        super().__init__(task_columns(NAME_LEAST), grouping)

    def fill_tasks(self, tasks: list[TaskView], assigned: Mapping[int, str] | None = None) -> list[TaskRow]:
        categories: list[str] = []
        for task in tasks:
            if task.category not in categories:
                categories.append(task.category)
        self._titles = numbered(categories)
        rows = rows_of(tasks, assigned)
        # Names must be read whole, within reason: a longer one pushes the least needed column out.
        metrics = theme.metrics("body")
        longest = max((metrics.horizontalAdvance(self.columns[1].text(row)) for row in rows), default=0)
        needed = int(longest / theme.ratio()) + 2 * INSET + 2
        self.columns[1].width = max(NAME_LEAST, min(needed, NAME_MOST))
        return rows


def words_of(row: TaskRow) -> str:
    """What a search looks through: number, names, departments, who looks after it."""
    return " ".join((str(row.task.no), row.task.title, row.view.name, *row.task.lead, row.who)).lower()


def found_by(row: TaskRow, words: str, initials: str) -> bool:
    """Whether a search finds the row: every word in its text, a number as the task's own, or letters as the initials
    of its pinyin."""
    text = words_of(row)
    return all(
        word == str(row.task.no) if word.isdigit() else word in text or (word.isascii() and word in initials)
        for word in words.split()
    )
