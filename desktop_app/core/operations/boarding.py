"""挂图: how far every task is in every area below, in one view; from sums kept beside the figures."""

from __future__ import annotations

import contextlib
from datetime import date
from fractions import Fraction
from typing import NamedTuple

import msgspec

from desktop_app import __version__
from desktop_app.core.errors import InputError, UsageError
from desktop_app.core.figures import lights
from desktop_app.core.i18n import _
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator, Task
from desktop_app.core.model.view import BoardCell, BoardView, Light, TaskView
from desktop_app.core.operations import area_sums, cutoffs
from desktop_app.core.operations.period_figures import PeriodFigures, month_key
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.progress import Progress, silent
from desktop_app.core.report import board as report
from desktop_app.core.store import sums_table

GRACE = 15
"""A period that ends sooner than so many days after the plan came out is not yet reported on."""
LIGHTS = "lights"
BAD: tuple[Light, ...] = ("red", "yellow")


class Now(NamedTuple):
    """A task in an area: the mean, the light, how far the indicator is that makes it and should be, how many are bad,
    of how many."""

    percent: Fraction | None
    light: Light
    worst: Fraction | None
    due: Fraction | None
    behind: int
    of: int


class Board:
    """How the tasks stand at the end of one period."""

    def __init__(self, figures: PeriodFigures) -> None:
        self.figures = figures
        self.heads = {
            task.no: [i for i in task.indicators if i.headline and i.parent is None]
            for task in figures.plan.tasks
        }
        year = figures.plan.year
        closed = [Period(year, month, month) for month in range(1, figures.period.last + 1)]
        self._closed = [month for month in closed if (month.end - figures.plan.issued).days >= GRACE]

    def was_due(self, indicator: Indicator) -> bool:
        """Whether a report was due between the plan's issue and the period's end."""
        return any(month.closes(indicator.frequency) for month in self._closed)

    def now(self, task: Task, area: str) -> Now | None:
        """None where the task does not concern the area."""
        figures = self.figures
        found = [
            (indicator, figures.done(indicator, area), figures.light(indicator, area))
            for indicator in self.heads[task.no]
            if figures.share_given(indicator.id, area) is not None
            or figures.reported_at_all(indicator.id, area)
        ]
        if not found:
            return None
        telling = [item for item in found if item[2] != "none" or self.was_due(item[0])] or found
        light = lights.worst_light(item[2] for item in telling)
        making = [item for item in found if item[2] == light]
        known = [(done, indicator) for indicator, done, _light in making if done is not None]
        worst, slowest = min(known, key=lambda item: item[0], default=(None, making[0][0]))
        return Now(
            percent=lights.task_percent([done for _indicator, done, _light in found]),
            light=light,
            worst=worst,
            due=figures.expected(slowest, area),
            behind=sum(item[2] in BAD for item in found) if light in BAD else 0,
            of=len(found),
        )

    def all(self, area: str) -> dict[int, Now]:
        """Every task that concerns an area, by number: as kept beside the figures, else computed and kept."""
        figures = self.figures
        told = figures.kept(area, LIGHTS)
        if told is not None:
            with contextlib.suppress(msgspec.MsgspecError, ValueError, ZeroDivisionError):
                kept = _decoder.decode(told)
                if kept.version == __version__:
                    return {no: _read(item) for no, item in kept.tasks.items()}
        if figures.is_summed(area):
            figures.sums(area)
        before = figures.workspace.store.stamp()
        found = {task.no: now for task in figures.plan.tasks if (now := self.now(task, area)) is not None}
        tasks = {no: _kept(now) for no, now in found.items()}
        figures.keep(area, LIGHTS, msgspec.json.encode(_Lights(__version__, tasks)), before)
        return found


class _Kept(msgspec.Struct, frozen=True, array_like=True, gc=False):
    light: Light
    percent: str | None
    worst: str | None
    due: str | None
    behind: int
    of: int


class _Lights(msgspec.Struct, frozen=True, array_like=True):
    version: str
    tasks: dict[int, _Kept]


_decoder = msgspec.json.Decoder(_Lights)


def _kept(now: Now) -> _Kept:
    percent, worst, due = [
        None if value is None else str(value) for value in (now.percent, now.worst, now.due)
    ]
    return _Kept(now.light, percent, worst, due, now.behind, now.of)


def _read(item: _Kept) -> Now:
    numbers = [None if value is None else Fraction(value) for value in (item.percent, item.worst, item.due)]
    return Now(numbers[0], item.light, numbers[1], numbers[2], item.behind, item.of)


def cell(now: Now | None, earlier: Now | None) -> BoardCell:
    """What the board shows of a task in an area, and how that has changed."""
    if now is None:
        return BoardCell(percent=None, light="none", change=0, applies=False)
    change = 0
    if earlier is not None and now.percent is not None:
        past = earlier.percent or Fraction(0)
        change = (now.percent > past) - (now.percent < past)
    return BoardCell(
        percent=now.percent,
        light=now.light,
        change=change,
        applies=True,
        worst=now.worst,
        due=now.due,
        behind=now.behind,
        of=now.of,
        before=earlier.light if earlier is not None else None,
        percent_before=earlier.percent if earlier is not None else None,
    )


def board(situation: PeriodFigures) -> BoardView:
    """50 tasks × the areas below the city (or the county whose desk this is)."""
    organisation, period, plan = situation.organisation, situation.period, situation.plan
    root = organisation.home_area(situation.workspace.unit_code)
    areas = [unit for unit in organisation.child_areas(root) if unit.active]
    before = PeriodFigures(situation.workspace, period.shifted(-1)) if period.first > 1 else None
    made, earlier = Board(situation), Board(before) if before is not None else None
    cells: dict[tuple[int, str], BoardCell] = {}
    totals: dict[int, BoardCell] = {}
    for code in (*(unit.code for unit in areas), root):
        here, past = made.all(code), earlier.all(code) if earlier is not None else {}
        for task in plan.tasks:
            found = cell(here.get(task.no), past.get(task.no))
            if code == root:
                totals[task.no] = found
            else:
                cells[task.no, code] = found
    return BoardView(
        title=_("{name}{year}年民生实事挂图").format(name=organisation.name(root), year=plan.year),
        plan=plan.title,
        period=period.key,
        label=period.label,
        areas=tuple((unit.code, unit.name) for unit in areas),
        tasks=tuple(_named(task, totals[task.no]) for task in plan.tasks),
        cells=cells,
        totals=totals,
        expected={task.no: _expected(situation, task) for task in plan.tasks},
        received=sum(period.key in situation.submitted_for(unit.code) for unit in areas),
        of=len(areas),
        ranked=situation.says("ranking", 0) > 0,
        category_shorts=dict(zip(plan.categories, plan.category_shorts, strict=False)),
        rule=rule(situation),
    )


def _named(task: Task, cell: BoardCell) -> TaskView:
    """A task as the board names it: without its indicators, which whoever asks for one cell reads then."""
    return TaskView(
        no=task.no,
        category=task.category,
        title=task.title,
        short=task.short,
        target=task.target,
        lead=task.lead,
        measures=task.measures,
        indicators=(),
        milestones=(),
        percent=cell.percent,
        light=cell.light,
        mine=False,
        open_points=task.open_points,
    )


def _expected(situation: PeriodFigures, task: Task) -> Fraction | None:
    values = [situation.expected(indicator) for indicator in task.headline]
    return sum(values, Fraction(0)) / len(values) if values else None


def rule(situation: PeriodFigures) -> str:
    """The rule that the lights come by, with the figures that the city has stated."""
    return _(
        "完成：达到目标（“左右”差 {tolerance}% 以内也算）。逾期：节点或年底的日子已过而没达到。"
        "未填：应报而从没报过。滞后：不到应达的 {lag}%。其余正常。应达按倒排进度，没有倒排的从方案印发日到年底匀速。"
    ).format(tolerance=int(situation.tolerance * 100), lag=int(situation.lag * 100))


def make_ready(workspace: Workspace, progress: Progress = silent) -> None:
    """Have the sums of the latest month and of the one before at hand, after much has come in."""
    plan = workspace.store.ledger.plan()
    if plan is None or not workspace.store.ledger.latest_period(plan.id):
        return
    latest = workspace.latest_period()
    for period in [latest, *([latest.shifted(-1)] if latest.first > 1 else [])]:
        figures = PeriodFigures(workspace, period)
        root = figures.organisation.home_area(workspace.unit_code)
        if figures.is_summed(root):
            progress(0, 0, _("汇总{period}").format(period=period.label))
            made = Board(figures)
            for area in (*(unit.code for unit in figures.organisation.child_areas(root)), root):
                made.all(area)


def view_of(
    workspace: Workspace,
    period: Period | None = None,
    *,
    day: str | None = None,
    cutoff: str | None = None,
    lead: str = "",
    category: str = "",
    progress: Progress = silent,
) -> BoardView:
    """The board now, as of the end of a past day, or from a named cut-off; of all tasks, or of one lead department or
    category.  *Long* where a past state is asked for the first time."""
    if day is not None and cutoff is not None:
        raise UsageError(_("日期和截止点只能选一个。"), next_step=_("请去掉其中一个。"))
    now = PeriodFigures(workspace, period or workspace.latest_period()) if not (day or cutoff) else None
    if now is not None:
        view = board(now)
    else:
        view = _past_board(workspace, period, day, cutoff, progress)
    known = report.leads(view), report.categories(view)
    for name, among in zip((lead, category), known, strict=True):
        if name and name not in among:
            raise InputError(
                _("方案里没有“{name}”。").format(name=name),
                next_step=_("可选：{names}。").format(names="、".join(among)),
            )
    return report.narrowed(view, lead=lead, category=category) if lead or category else view


def _past_board(
    workspace: Workspace, period: Period | None, day: str | None, cutoff: str | None, progress: Progress
) -> BoardView:
    if cutoff is not None:
        known = cutoffs.find(workspace, cutoff)
        past = cutoffs.open(workspace, known, progress)
        period = period or Period.parse(known.period)
        note = _("截止点：{name}（{day}）").format(name=known.name, day=known.day)
    else:
        try:
            chosen = date.fromisoformat(day or "")
        except ValueError:
            raise UsageError(
                _("“{day}”不是一个日期。").format(day=day), next_step=_("请写成 2024-06-30 的样子。")
            ) from None
        past = cutoffs.open_day(workspace, chosen, progress)
        note = _("按 {day} 收到的数据").format(day=chosen.isoformat())
    try:
        made = board(PeriodFigures(past, period or past.latest_period()))
        return msgspec.structs.replace(made, note=note)
    finally:
        past.close()


class _Undo(Exception):
    pass


def untrue(workspace: Workspace) -> list[str]:
    """Areas whose kept sums or lights are not what the figures give; found by computing them anew."""
    store, wrong = workspace.store, list[str]()
    plan = store.ledger.plan()
    rows = store.connection.execute("SELECT area, month, plan, what, told FROM area_sum").fetchall()
    with contextlib.suppress(_Undo), store.transaction():
        sums_table.strike_all(store.connection)
        made: dict[int, Board] = {}
        for row in rows:
            if plan is None or row["plan"] != plan.id:
                continue
            month = row["month"]
            if month not in made:
                made[month] = Board(PeriodFigures(workspace, Period.parse(month_key(month))))
            board_then, area = made[month], row["area"]
            if row["what"] == LIGHTS:
                kept: object = _decoder.decode(row["told"])
                now: object = _Lights(
                    __version__, {no: _kept(item) for no, item in board_then.all(area).items()}
                )
            else:
                kept, now = area_sums.decode(row["told"]), board_then.figures.sums(area)
            if kept != now:
                wrong.append(area)
        raise _Undo
    return sorted(set(wrong))
