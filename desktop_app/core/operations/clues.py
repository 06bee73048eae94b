"""调度线索: what a dispatch has to look at though no light need be red for it.

Four kinds, each by a rule that is told with it: a figure that has not moved, an area below a floor that the notice
sets for each, too few projects registered for a share, and levels whose parts do not add up to the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from desktop_app.core.figures.numbers import show
from desktop_app.core.figures.rollup import level
from desktop_app.core.i18n import N_, _
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator, Task
from desktop_app.core.model.record_view import ClueView
from desktop_app.core.model.unit import Unit
from desktop_app.core.operations.boarding import GRACE
from desktop_app.core.operations.period_figures import PeriodFigures
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store.figures_table import MILLION

Kind = Literal["still", "floor", "projects", "levels"]
KINDS: dict[str, str] = {
    "still": N_("没有变化"),
    "floor": N_("低于下限"),
    "projects": N_("项目不够"),
    "levels": N_("分级不符"),
}
RULES: dict[str, str] = {
    "still": N_("没有变化：本期报了数，和上一期一样，还没有完成任务。"),
    "floor": N_("低于下限：比率类指标，本地区低于通知给各地定的下限。"),
    "projects": N_("项目不够：台账里登记的项目、户、件合计少于本地份额。"),
    "levels": N_("分级不符：各级（各类）目标合计等于总目标，报上来的各级数合计却不等于总数。"),
}
_FURTHEST = 6


def clues(workspace: Workspace, period: Period, kind: str = "") -> list[ClueView]:
    """Those of the areas directly below this desk's, or of its own area where there are none; by kind, task, area."""
    found = list(_Clues(workspace, period).all())
    order = list(KINDS)
    return sorted(
        (clue for clue in found if not kind or clue.kind == kind),
        key=lambda clue: (order.index(clue.kind), clue.task, clue.indicator, clue.area),
    )


class _Clues:
    def __init__(self, workspace: Workspace, period: Period) -> None:
        self.workspace = workspace
        self.figures = [PeriodFigures(workspace, period)]
        self.plan = workspace.plan
        organisation = workspace.organisation
        root = organisation.home_area(workspace.unit_code)
        below = [unit for unit in organisation.child_areas(root) if unit.active]
        home = organisation.get(root)
        self.areas: list[Unit] = below or ([home] if home is not None else [])

    @property
    def now(self) -> PeriodFigures:
        return self.figures[0]

    def _back(self, months: int) -> PeriodFigures | None:
        """The figures so many periods earlier, none of before the plan came out; read once."""
        while len(self.figures) <= months:
            last = self.figures[-1].period
            if last.first == 1 or (last.shifted(-1).end - self.plan.issued).days < GRACE:
                return None
            self.figures.append(PeriodFigures(self.workspace, last.shifted(-1)))
        return self.figures[months]

    def all(self) -> Iterator[ClueView]:
        projects = self._projects()
        for task in self.plan.tasks:
            for indicator in task.indicators:
                for unit in self.areas:
                    yield from self._still(task, indicator, unit)
                    yield from self._floor(task, indicator, unit)
                    yield from self._few_projects(task, indicator, unit, projects)
                    yield from self._levels(task, indicator, unit)

    def _clue(
        self,
        kind: Kind,
        task: Task,
        indicator: Indicator,
        unit: Unit,
        value: Fraction,
        line: Fraction,
        words: str,
    ) -> ClueView:
        return ClueView(
            kind=kind,
            word=_(KINDS[kind]),
            task=task.no,
            title=task.short,
            indicator=indicator.id,
            name=indicator.name,
            area=unit.code,
            area_name=unit.name,
            value=value,
            line=line,
            words=words,
        )

    def _still(self, task: Task, indicator: Indicator, unit: Unit) -> Iterator[ClueView]:
        if indicator.measure != "count" or not indicator.flow or indicator.parent:
            return
        figure = self.now.figure(indicator, unit.code)
        done = self.now.done(indicator, unit.code)
        if figure.value is None or figure.carried or done is None or done >= 1:
            return
        if indicator.basis == "site" and self.now.period.key not in self.now.submitted_for(unit.code):
            # A sum of sites is there in any month; only a report says that it is all.
            return
        months = 0
        while months < _FURTHEST and (before := self._back(months + 1)) is not None:
            if before.figure(indicator, unit.code).value != figure.value:
                break
            months += 1
        if months:
            share = self.now.share(indicator, unit.code) or Fraction(0)
            words = _("连续 {months} 期没有变化，停在 {value} {unit}（份额 {share}）").format(
                months=months + 1,
                value=_told(figure.value, indicator),
                unit=indicator.unit,
                share=_told(share, indicator),
            )
            yield self._clue("still", task, indicator, unit, figure.value, share, words)

    def _floor(self, task: Task, indicator: Indicator, unit: Unit) -> Iterator[ClueView]:
        floor = indicator.floor_value
        if indicator.measure != "rate" or floor is None:
            return
        value = level(indicator, self.now.figure(indicator, unit.code))
        if value is not None and value < floor:
            words = _("{value}{unit}，低于各地下限 {floor}{unit}").format(
                value=show(value, max(1, indicator.decimals)),
                unit=indicator.unit,
                floor=_told(floor, indicator),
            )
            yield self._clue("floor", task, indicator, unit, value, floor, words)

    def _projects(self) -> dict[tuple[str, str], Fraction]:
        """What the sites registered come to, done or not, by (indicator, area)."""
        rows = self.workspace.store.connection.execute(
            "SELECT indicator, area, sum(quantity) AS total FROM site_quantity GROUP BY indicator, area"
        )
        return {(row["indicator"], row["area"]): Fraction(row["total"], MILLION) for row in rows}

    def _few_projects(
        self, task: Task, indicator: Indicator, unit: Unit, projects: dict[tuple[str, str], Fraction]
    ) -> Iterator[ClueView]:
        if indicator.basis != "site" or indicator.measure != "count" or indicator.parent:
            return
        share = self.now.share(indicator, unit.code)
        if not share:
            return
        inside = [unit.code, *(below.code for below in self.workspace.organisation.below(unit.code))]
        listed = sum((projects.get((indicator.id, area), Fraction(0)) for area in inside), Fraction(0))
        if listed < share:
            words = _("已登记 {listed} {unit}，份额 {share}，还差 {short}").format(
                listed=_told(listed, indicator),
                unit=indicator.unit,
                share=_told(share, indicator),
                short=_told(share - listed, indicator),
            )
            yield self._clue("projects", task, indicator, unit, listed, share, words)

    def _levels(self, task: Task, indicator: Indicator, unit: Unit) -> Iterator[ClueView]:
        parts = [other for other in task.indicators if other.parent == indicator.id]
        goals = [part.target_value for part in parts]
        if not parts or None in goals or sum(goal for goal in goals if goal) != indicator.target_value:
            return
        whole = self.now.figure(indicator, unit.code).value
        values = [self.now.figure(part, unit.code).value for part in parts]
        told = [value for value in values if value is not None]
        if whole is None or len(told) < len(parts) or sum(told, Fraction(0)) == whole:
            return
        words = _("{names}合计 {sum}，总数 {whole}").format(
            names="、".join(part.name.removeprefix("其中：") for part in parts),
            sum=_told(sum(told, Fraction(0)), indicator),
            whole=_told(whole, indicator),
        )
        yield self._clue("levels", task, indicator, unit, sum(told, Fraction(0)), whole, words)


def _told(value: Fraction, indicator: Indicator) -> str:
    text = show(value, indicator.decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text
