"""The board in words: what changed since the month before, what a leader reads on one page."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import msgspec

from desktop_app.core.figures.lights import SEVERITY
from desktop_app.core.figures.numbers import show_percent
from desktop_app.core.i18n import _, on_paper
from desktop_app.core.model.view import LIGHTS, BoardCell, BoardView, Light, TaskView

BEHIND: tuple[Light, ...] = ("red", "yellow", "none")
ORDER: tuple[Light, ...] = ("done", "green", "yellow", "red", "none")


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A cell whose light is another than a month before; `worse` tells which way."""

    task: int
    task_name: str
    area: str
    area_name: str
    before: Light
    after: Light
    percent: Fraction | None
    worse: bool

    @property
    def words(self) -> str:
        after = light_word(self.after)
        if self.after not in ("done", "none"):
            after += f" {show_percent(self.percent)}"
        return _("{area} {no} {task}：{before} → {after}").format(
            area=self.area_name,
            no=self.task,
            task=self.task_name,
            before=light_word(self.before),
            after=after,
        )


def light_word(light: Light) -> str:
    return _(LIGHTS[light])


def changes(view: BoardView) -> list[Change]:
    """What changed since the month before, the worse first, then by task and area."""
    names = {task.no: task.short or task.title for task in view.tasks}
    found = []
    for task in view.tasks:
        for area, area_name in view.areas:
            cell = view.cells.get((task.no, area))
            if cell is None or not cell.applies or cell.before is None or cell.before == cell.light:
                continue
            found.append(
                Change(
                    task=task.no,
                    task_name=names[task.no],
                    area=area,
                    area_name=area_name,
                    before=cell.before,
                    after=cell.light,
                    percent=cell.shown,
                    worse=SEVERITY.index(cell.light) < SEVERITY.index(cell.before),
                )
            )
    return sorted(found, key=lambda change: (not change.worse, SEVERITY.index(change.after), change.task))


def leads(view: BoardView) -> list[str]:
    """Lead departments, in the plan's order."""
    return list(dict.fromkeys(name for task in view.tasks for name in task.lead))


def categories(view: BoardView) -> list[str]:
    return list(dict.fromkeys(task.category for task in view.tasks))


def narrowed(view: BoardView, *, lead: str = "", category: str = "", note: str = "") -> BoardView:
    """The tasks of one lead department or category only; the counts along the edges follow."""
    chosen = tuple(
        task
        for task in view.tasks
        if (not lead or lead in task.lead) and (not category or category == task.category)
    )
    words = "、".join(
        part for part in (_("牵头：{name}").format(name=lead) if lead else "", category) if part
    )
    return msgspec.structs.replace(view, tasks=chosen, filter=words, note=note or view.note)


class AreaLine(msgspec.Struct, frozen=True, kw_only=True):
    """One area's lights: how many tasks have each, and how many are not behind of how many."""

    area: str
    name: str
    lights: dict[str, int]
    good: int
    of: int


class Laggard(msgspec.Struct, frozen=True, kw_only=True):
    """A task that is behind in the whole area, with the areas below that are."""

    no: int
    name: str
    lead: str
    light: Light
    percent: Fraction | None
    expected: Fraction | None
    areas: tuple[str, ...]
    step: str = ""
    """The dated step that was missed, and its day, in words."""


class LeaderPage(msgspec.Struct, frozen=True, kw_only=True):
    """What a leader reads: how all tasks stand, who is behind, what has changed."""

    title: str
    facts: str
    lights: dict[str, int]
    areas: tuple[AreaLine, ...]
    laggards: tuple[Laggard, ...]
    worse: tuple[Change, ...]
    better: tuple[Change, ...]
    rule: str
    sample: bool = False


def as_paper(view: BoardView) -> BoardView:
    """The board with its words in Chinese."""
    return msgspec.structs.replace(view, **view.chinese)


@on_paper
def leader_page(view: BoardView, title: str = "") -> LeaderPage:
    """Everything on it is counted from the board, so that the two cannot disagree."""
    view = as_paper(view)
    changed = changes(view)
    facts = [_("截至{label}底").format(label=view.label)]
    facts.append(_("已报送 {received}/{of}").format(received=view.received, of=view.of))
    facts += [part for part in (view.filter, view.note) if part]
    return LeaderPage(
        title=title or _("{name}一页通").format(name=view.title.removesuffix(_("挂图")).strip()),
        facts=" · ".join(facts),
        lights=_count(view, lambda task: view.totals.get(task.no)),
        areas=tuple(_area_line(view, area, name) for area, name in view.areas),
        laggards=tuple(_laggards(view)),
        worse=tuple(change for change in changed if change.worse),
        better=tuple(change for change in changed if not change.worse),
        rule=view.rule,
    )


def step_words(cell: BoardCell) -> str:
    """Which dated step a cell has missed."""
    if not cell.step or cell.step_due is None:
        return ""
    return _("{month}月{day}日的节点“{what}”没有完成").format(
        month=cell.step_due.month, day=cell.step_due.day, what=cell.step.replace("“", "‘").replace("”", "’")
    )


def _count(view: BoardView, cell_of: Callable[[TaskView], BoardCell | None]) -> dict[str, int]:
    found = dict.fromkeys(ORDER, 0)
    for task in view.tasks:
        cell = cell_of(task)
        if cell is not None and cell.applies:
            found[cell.light] += 1
    return {str(light): number for light, number in found.items()}


def _area_line(view: BoardView, area: str, name: str) -> AreaLine:
    lights = _count(view, lambda task: view.cells.get((task.no, area)))
    return AreaLine(
        area=area,
        name=name,
        lights=lights,
        good=sum(number for light, number in lights.items() if light not in BEHIND),
        of=sum(lights.values()),
    )


def _laggards(view: BoardView) -> list[Laggard]:
    """Behind in the whole area, the worst first; areas below that are behind are named."""
    found = []
    for task in view.tasks:
        cell = view.totals.get(task.no)
        if cell is None or cell.light not in ("red", "yellow"):
            continue
        below = [
            name
            for area, name in view.areas
            if (there := view.cells.get((task.no, area))) is not None
            and there.applies
            and there.light in ("red", "yellow")
        ]
        found.append(
            Laggard(
                no=task.no,
                name=task.short or task.title,
                lead="、".join(task.lead),
                light=cell.light,
                percent=cell.shown,
                expected=cell.due if cell.of else view.expected.get(task.no),
                areas=tuple(below),
                step=step_words(cell),
            )
        )
    return sorted(found, key=lambda item: (SEVERITY.index(item.light), item.percent or Fraction(0), item.no))
