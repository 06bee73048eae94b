"""Rankings: only where the notice asks for one, or where this desk's unit has switched ranking on."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import msgspec

from desktop_app.core.errors import InputError
from desktop_app.core.figures.numbers import show_percent
from desktop_app.core.figures.ranking import Silent, rank
from desktop_app.core.i18n import N_, _
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator, Plan, Task
from desktop_app.core.model.view import LIGHTS, Light
from desktop_app.core.operations import reading
from desktop_app.core.operations.period_figures import describe_figure
from desktop_app.core.operations.situation import Situation
from desktop_app.core.report.ranking import RankLine, RankTable

Rule = Literal["done", "increase"]
GOOD: tuple[Light, ...] = ("done", "green")
RULES: dict[str, str] = {
    "steps": N_("名次按不落后（正常和完成）的项数占应做项数的比例，从高到低。"),
    "done": N_(
        "名次按完成率从高到低。完成率 = 完成数 ÷ 本地份额（比率类 = 本地比率 ÷ 目标）；"
        "有几项指标的取平均，每项最多算 100%。"
    ),
    "increase": N_("名次按本期新增的完成率从高到低，即本期末完成率减去上期末完成率。"),
}
TIES = N_("得分相同的并列，后面的名次空出（如 1、2、2、4）。")
SILENT: dict[str, str] = {
    "last": N_("从未报送的排在最后，多家从未报送的并列。"),
    "out": N_("从未报送的列在后面，不排名次。"),
}
CARRIED = N_("本期没有新报、沿用前期数的，按沿用的数排，并注明。")


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """An area over all its tasks: `good` of `of` are not behind; `counts` by light; `mean` of their percents."""

    area: str
    name: str
    good: int
    of: int
    counts: dict[str, int]
    mean: Fraction | None


def asked(plan: Plan) -> list[Task]:
    """The tasks whose own words ask for a ranking."""
    return [task for task in plan.tasks if any("排名" in words for words in (*task.measures, task.target))]


def is_offered(situation: Situation) -> bool:
    """Whether there is anything this desk may rank: of counties where the notice asks, else where it is switched on."""
    return reading.ranking_is_on(situation.workspace) or (_is_city(situation) and bool(asked(situation.plan)))


def _is_city(situation: Situation) -> bool:
    return situation.workspace.unit_code == situation.workspace.store.city


def standings(situation: Situation) -> list[Standing]:
    """Every area below this desk's, by code."""
    root = situation.organisation.home_area(situation.workspace.unit_code)
    found = []
    for unit in situation.organisation.child_areas(root):
        if not unit.active:
            continue
        cells = [situation.task_cell(task, unit.code) for task in situation.plan.tasks]
        applying = [(share, light) for share, light, applies in cells if applies]
        shares = [min(share, Fraction(1)) for share, _light in applying if share is not None]
        counts = {word: sum(light == word for _share, light in applying) for word in LIGHTS}
        found.append(
            Standing(
                area=unit.code,
                name=unit.name,
                good=sum(counts[word] for word in GOOD),
                of=len(applying),
                counts=counts,
                mean=sum(shares, Fraction(0)) / len(shares) if shares else None,
            )
        )
    return found


def tables(situation: Situation, *, rule: Rule = "done", silent: Silent = "last") -> list[RankTable]:
    """The rankings this desk may publish: over all tasks where switched on, and one for each task that asks for it.

    InputError where there is none: townships are ranked only where their county has switched it on.
    """
    if not is_offered(situation):
        raise InputError(
            _("这里没有打开排名。"),
            meaning=_("通知没有要求给下级排名；乡镇之间默认不排名，以减轻基层负担。"),
            next_step=_("确实需要的，请在“设置”里打开排名（命令行：taizhang plan set ranking 1）。"),
        )
    found = []
    if reading.ranking_is_on(situation.workspace):
        found.append(_overall(situation, silent))
    if _is_city(situation) or reading.ranking_is_on(situation.workspace):
        found += [_of_task(situation, task, rule, silent) for task in asked(situation.plan)]
    return found


def _overall(situation: Situation, silent: Silent) -> RankTable:
    rows = {row.area: row for row in standings(situation)}
    scores = {
        area: Fraction(row.good, row.of) if row.of and row.counts["none"] < row.of else None
        for area, row in rows.items()
    }
    lines = []
    for place in rank(scores, silent=silent):
        row = rows[place.area]
        lines.append(
            RankLine(
                area=row.area,
                name=row.name,
                place=place.place,
                tied=place.tied,
                score=place.score,
                cells=(
                    f"{row.good}/{row.of}",
                    show_percent(row.mean, 1),
                    *(str(row.counts[word]) for word in LIGHTS),
                ),
                note="" if place.score is not None else _("从未报送"),
            )
        )
    rule = RULES["steps"]
    return RankTable(
        title=_("民生实事进展排名"),
        label=situation.period.label,
        heads=(_("不落后项数"), _("平均完成"), *(_(word) for word in LIGHTS.values())),
        score=_("不落后比例"),
        lines=tuple(lines),
        rules=(_(rule), _(TIES), _(SILENT[silent])),
    )


def _of_task(situation: Situation, task: Task, rule: Rule, silent: Silent) -> RankTable:
    before = None
    if rule == "increase" and situation.period.first > 1:
        before = Situation(situation.workspace, situation.period.shifted(-1))
    root = situation.organisation.home_area(situation.workspace.unit_code)
    areas = {unit.code: unit for unit in situation.organisation.child_areas(root) if unit.active}
    counted = [indicator for indicator in task.headline if indicator.measure != "state"]
    scores: dict[str, Fraction | None] = {}
    for area in areas:
        share, _light, applies = situation.task_cell(task, area)
        if not applies:
            continue
        if before is not None and share is not None:
            share -= before.task_cell(task, area)[0] or Fraction(0)
        scores[area] = share
    lines = []
    for place in rank(scores, silent=silent):
        cells: list[str] = []
        notes = [] if place.score is not None else [_("从未报送")]
        for indicator in counted:
            figure = situation.figure(indicator, place.area)
            cells += [
                describe_figure(indicator, figure.value, figure.of),
                _goal(situation, indicator, place.area),
                show_percent(situation.done(indicator, place.area), 1),
            ]
            if figure.carried:
                month = Period.parse(figure.carried).short_label
                notes.append(_("{name}沿用{month}数").format(name=indicator.name, month=month))
        lines.append(
            RankLine(
                area=place.area,
                name=areas[place.area].name,
                place=place.place,
                tied=place.tied,
                score=place.score,
                cells=tuple(cells),
                note=_("；").join(notes),
            )
        )
    return RankTable(
        task=task.no,
        title=_("{no}. {title}排名").format(no=task.no, title=task.title),
        label=situation.period.label,
        heads=tuple(
            word
            for indicator in counted
            for word in (
                _("分子 / 分母")
                if indicator.measure == "rate"
                else _("完成（{unit}）").format(unit=indicator.unit),
                (_("目标（{unit}）") if indicator.measure == "rate" else _("份额（{unit}）")).format(
                    unit=indicator.unit
                ),
                _("完成率"),
            )
        ),
        of=tuple(indicator.name for indicator in counted for _word in range(3)),
        score=_("完成率") if rule == "done" else _("本期新增完成率"),
        lines=tuple(lines),
        rules=(_(RULES[rule]), _(TIES), _(SILENT[silent]), _(CARRIED)),
        quote=next((words for words in (*task.measures, task.target) if "排名" in words), ""),
    )


def _goal(situation: Situation, indicator: Indicator, area: str) -> str:
    return describe_figure(indicator, situation.share(indicator, area), None)
