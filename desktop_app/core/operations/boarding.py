"""挂图: how far every task is in every area below, in one view; from sums kept beside the figures."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from fractions import Fraction

import msgspec

from desktop_app.core.errors import InputError, UsageError
from desktop_app.core.figures import lights
from desktop_app.core.i18n import _, on_paper
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator, Task
from desktop_app.core.model.view import BoardCell, BoardView, Light, TaskView
from desktop_app.core.operations import area_sums, cutoffs, kept_board
from desktop_app.core.operations.kept_board import ABSENT, Now
from desktop_app.core.operations.period_figures import PeriodFigures, month_key
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.progress import Progress, silent
from desktop_app.core.report import board as report
from desktop_app.core.rules import days
from desktop_app.core.store import sums_table

GRACE = 15
"""A period that ends sooner than so many days after the plan came out is not yet reported on."""
LIGHTS, BOARD = "lights", "board"
BAD: tuple[Light, ...] = ("red", "yellow")


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
        step = figures.missed(slowest, area) if light == "red" else None
        return Now(
            percent=lights.task_percent([done for _indicator, done, _light in found]),
            light=light,
            worst=worst,
            due=figures.expected(slowest, area),
            behind=sum(item[2] in BAD for item in found) if light in BAD else 0,
            of=len(found),
            slowest=slowest.id,
            step=step.id if step is not None else "",
            dones={indicator.id: done for indicator, done, _light in found},
            missing=sum(
                figures.figure(indicator, area).missing
                for indicator, _done, _light in found
                if self.was_due(indicator)
            ),
        )

    def all(self, area: str) -> dict[int, Now]:
        """Every task that concerns an area, by number: as kept beside the figures, else computed and kept."""
        figures = self.figures
        told = figures.kept(area, LIGHTS)
        kept = kept_board.decode_lights(told) if told is not None else None
        if kept is not None:
            return kept
        if figures.is_summed(area):
            figures.sums(area)
        before = figures.workspace.store.stamp()
        found = {task.no: now for task in figures.plan.tasks if (now := self.now(task, area)) is not None}
        figures.keep(area, LIGHTS, kept_board.encode_lights(found), before)
        return found


def cell(now: Now | None, earlier: Now | None) -> BoardCell:
    """What the board shows of a task in an area, and how that has changed: the same figure a month earlier, be it the
    task's mean or that of the indicator which makes the light."""
    if now is None:
        return ABSENT
    made = BoardCell(
        percent=now.percent,
        light=now.light,
        change=0,
        applies=True,
        worst=now.worst,
        due=now.due,
        behind=now.behind,
        of=now.of,
        before=earlier.light if earlier is not None else None,
        missing=now.missing,
    )
    if earlier is None or made.shown is None:
        return made
    past = (earlier.percent if made.shows_mean else earlier.dones.get(now.slowest)) or Fraction(0)
    return msgspec.structs.replace(made, change=(made.shown > past) - (made.shown < past))


def board(situation: PeriodFigures) -> BoardView:
    """50 tasks × the areas below the city (or the county whose desk this is)."""
    period, plan = situation.period, situation.plan
    found = _numbers(situation)
    said = _words(found, plan.year, period)
    return BoardView(
        title=said["title"],
        plan=plan.title,
        period=period.key,
        label=said["label"],
        areas=found.areas,
        tasks=tuple(_named(task, found.totals[task.no]) for task in plan.tasks),
        cells=found.cells,
        totals=found.totals,
        expected=found.expected,
        received=found.received,
        of=len(found.areas),
        ranked=found.ranked,
        category_shorts=dict(zip(plan.categories, plan.category_shorts, strict=False)),
        rule=said["rule"],
        chinese=on_paper(_words)(found, plan.year, period),
    )


def _words(found: kept_board.Board, year: int, period: Period) -> dict[str, str]:
    return {
        "title": _("{name}{year}年民生实事挂图").format(name=found.name, year=year),
        "label": period.label,
        "rule": _rule(found.tolerance, found.lag),
    }


def _root(workspace: Workspace) -> str:
    """The desk's own territory; the city knows its own without asking who else there is."""
    if workspace.unit_code == workspace.store.city:
        return workspace.unit_code
    return workspace.organisation.home_area(workspace.unit_code)


def _numbers(figures: PeriodFigures) -> kept_board.Board:
    """The board of a month as kept, else computed and kept."""
    root = _root(figures.workspace)
    monthly = figures.period.first == figures.period.last
    told = figures.kept(root, BOARD) if monthly else None
    kept = kept_board.decode_board(told, figures.plan) if told is not None else None
    if kept is not None:
        return kept
    others, _own = figures.workspace.store.stamp()
    found, steps = _computed(figures, root)
    told = kept_board.encode_board(found, steps)
    if monthly:
        # What this connection wrote meanwhile are the sums that were kept on the way.
        figures.keep(root, BOARD, told, (others, figures.workspace.store.stamp()[1]))
    again = kept_board.decode_board(told, figures.plan)
    assert again is not None
    return again


def _computed(figures: PeriodFigures, root: str) -> tuple[kept_board.Board, dict[tuple[int, str], str]]:
    """The board, and the steps that were missed."""
    organisation, period, plan = figures.organisation, figures.period, figures.plan
    areas = [unit for unit in organisation.child_areas(root) if unit.active]
    before = PeriodFigures(figures.workspace, period.shifted(-1)) if period.first > 1 else None
    made, earlier = Board(figures), Board(before) if before is not None else None
    cells: dict[tuple[int, str], BoardCell] = {}
    totals: dict[int, BoardCell] = {}
    steps: dict[tuple[int, str], str] = {}
    for code in (*(unit.code for unit in areas), root):
        here, past = made.all(code), earlier.all(code) if earlier is not None else {}
        for task in plan.tasks:
            now = here.get(task.no)
            found = cell(now, past.get(task.no))
            if now is not None and now.step:
                steps[task.no, "" if code == root else code] = now.step
            if code == root:
                totals[task.no] = found
            else:
                cells[task.no, code] = found
    board = kept_board.Board(
        name=organisation.name(root),
        areas=tuple((unit.code, unit.name) for unit in areas),
        cells=cells,
        totals=totals,
        expected={task.no: _expected(figures, task) for task in plan.tasks},
        received=sum(period.key in figures.submitted_for(unit.code) for unit in areas),
        ranked=figures.says("ranking", 0) > 0,
        tolerance=figures.tolerance,
        lag=figures.lag,
    )
    return board, steps


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
    return _rule(situation.tolerance, situation.lag)


def _rule(tolerance: Fraction, lag: Fraction) -> str:
    return _(
        "完成：达到目标（“左右”差 {tolerance}% 以内也算）。逾期：节点或年底的日子已过而没达到。"
        "未填：应报而从没报过。滞后：不到应达的 {lag}%。其余正常。应达按倒排进度，没有倒排的从方案印发日到年底匀速。"
    ).format(tolerance=int(tolerance * 100), lag=int(lag * 100))


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
            _numbers(figures)


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
    with figures_of(workspace, period, day=day, cutoff=cutoff, progress=progress) as (figures, note):
        view = msgspec.structs.replace(board(figures), note=note)
    known = report.leads(view), report.categories(view)
    for name, among in zip((lead, category), known, strict=True):
        if name and name not in among:
            raise InputError(
                _("方案里没有“{name}”。").format(name=name),
                next_step=_("可选：{names}。").format(names="、".join(among)),
            )
    return report.narrowed(view, lead=lead, category=category) if lead or category else view


@contextlib.contextmanager
def figures_of(
    workspace: Workspace,
    period: Period | None = None,
    *,
    day: str | None = None,
    cutoff: str | None = None,
    progress: Progress = silent,
) -> Iterator[tuple[PeriodFigures, str]]:
    """The figures now ("" beside them), or of the past with what to say of it.  *Long* as `view_of`."""
    if not (day or cutoff):
        yield PeriodFigures(workspace, period or workspace.latest_period()), ""
        return
    if cutoff is not None:
        known = cutoffs.find(workspace, cutoff)
        past = cutoffs.open(workspace, known, progress)
        period = period or Period.parse(known.period)
        note = _("截止点：{name}（{day}）").format(name=known.name, day=known.day)
    else:
        try:
            chosen = days.read(day or "")
        except InputError as error:
            raise UsageError(error.what, next_step=error.next_step) from None
        past = cutoffs.open_day(workspace, chosen, progress)
        note = _("按 {day} 收到的数据").format(day=chosen.isoformat())
    try:
        yield PeriodFigures(past, period or past.latest_period()), note
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
            if row["what"] == sums_table.LATEST:
                sums_table.keep_latest(store.connection, row["area"], plan.id)
                latest = sums_table.read(store.connection, row["area"], row["month"], plan.id, row["what"])
                wrong += [row["area"]] if latest != bytes(row["told"]) else []
                continue
            month = row["month"]
            if month not in made:
                made[month] = Board(PeriodFigures(workspace, Period.parse(month_key(month))))
            board_then, area = made[month], row["area"]
            kept: object
            now: object
            if row["what"] == LIGHTS:
                kept, now = kept_board.decode_lights(row["told"]), board_then.all(area)
            elif row["what"] == BOARD:
                kept = kept_board.decode_board(row["told"], board_then.figures.plan)
                now = _numbers(board_then.figures)
            else:
                kept, now = area_sums.decode(row["told"]), board_then.figures.sums(area)
            if kept is not None and kept != now:
                wrong.append(area)
        raise _Undo
    return sorted(set(wrong))
