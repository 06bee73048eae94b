"""The year's end: final figures against the target, each judged by its bound word; the papers made of it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from desktop_app.core.figures.judging import Judgement, Verdict, judge, task_verdict
from desktop_app.core.figures.numbers import show
from desktop_app.core.i18n import N_, _, on_paper
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator, Task
from desktop_app.core.operations.bulletins import plain
from desktop_app.core.operations.papers import Sight
from desktop_app.core.operations.situation import Situation
from desktop_app.core.report import docx_style
from desktop_app.core.report.year_end import VERDICTS, YearEnd, YearLine, YearTask, document, write

BOUNDS: dict[str, str] = {">=": N_("不少于"), "~": N_("左右"), "==": N_("达到该数"), "state": N_("建立")}
MOST_NAMED = 12
"""So many areas are named in a line; the sheet by areas has them all."""


@on_paper
def year_end(sight: Sight, *, areas: bool = True) -> YearEnd:
    """Every indicator of this desk's territory at the end of the sight's period, and of each area below."""
    situation = sight.situation
    root = situation.organisation.home_area(situation.workspace.unit_code)
    below = [unit for unit in situation.organisation.child_areas(root) if unit.active] if areas else []
    key = situation.ledger.latest_period(situation.plan.id)
    latest = min(Period.parse(key), situation.period, key=lambda month: month.end) if key else None
    lines: list[YearLine] = []
    by_area: list[YearLine] = []
    tasks = []
    for task in situation.plan.tasks:
        own = [line_of(situation, task, indicator, root) for indicator in task.indicators]
        lines += own
        tasks.append(_task(task, own))
        for indicator in task.indicators:
            for unit in below:
                applies = situation.leaf_areas(indicator.id, unit.code)
                if applies or (indicator.id, unit.code) in situation.shares:
                    by_area.append(line_of(situation, task, indicator, unit.code, unit.name))
    return YearEnd(
        plan=situation.plan.title,
        year=situation.plan.year,
        unit=situation.workspace.unit.name,
        territory=situation.organisation.name(root),
        end=situation.period.end,
        made=sight.made,
        cutoff=sight.cutoff,
        tolerance=show(situation.tolerance * 100, 0 if (situation.tolerance * 100).denominator == 1 else 1),
        tasks=tuple(tasks),
        lines=tuple(lines),
        areas=tuple(by_area),
        sample=situation.plan.sample,
        latest=latest.label if latest is not None else "",
        complete=latest is not None and latest.end >= situation.plan.ends,
    )


def line_of(
    situation: Situation, task: Task, indicator: Indicator, area: str, area_name: str = ""
) -> YearLine:
    target = situation.share(indicator, area)
    found = judge(indicator, situation.rolled(indicator, area), target, situation.tolerance)
    figure = situation.figure(indicator, area)
    return YearLine(
        no=task.no,
        title=task.title,
        category=task.category,
        indicator=indicator.id,
        name=indicator.name,
        bound=_bound(indicator),
        unit=indicator.unit,
        target=found.target,
        value=found.value,
        shown_target=_goal(indicator, found.target),
        shown_value=_shown(indicator, found.value, figure.value, figure.of, found.target),
        verdict=found.verdict,
        words=_words(situation, indicator, found),
        headline=indicator.headline,
        part=indicator.parent is not None,
        area=area if area_name else "",
        area_name=area_name,
        of=figure.of,
        evidence=situation.evidence_of(indicator, area),
    )


def _bound(indicator: Indicator) -> str:
    word = _(BOUNDS[indicator.op])
    if indicator.measure == "standard":
        return _("各地均{word}").format(word=word)
    return word if indicator.baseline is None else _("从 {base} 提高到").format(base=indicator.baseline)


def _goal(indicator: Indicator, target: Fraction | None) -> str:
    if indicator.measure == "state":
        return _("建立")
    text = "–" if target is None else f"{plain(target, indicator.decimals)}{indicator.unit}"
    floor = indicator.floor_value
    return (
        text
        if floor is None
        else _("{target}，各地不低于{floor}").format(
            target=text, floor=f"{plain(floor, indicator.decimals)}{indicator.unit}"
        )
    )


def _shown(
    indicator: Indicator,
    value: Fraction | None,
    numerator: Fraction | None,
    of: Fraction | None,
    target: Fraction | None,
) -> str:
    if value is None:
        return _("未报送")
    if indicator.measure == "state":
        return _("已建立") if value >= 1 else _("未建立")
    # A value below its target is never rounded up to it.
    text = show(value, indicator.decimals, short_of=target)
    text = (text.rstrip("0").rstrip(".") if "." in text else text) + indicator.unit
    if of is not None and numerator is not None:
        text += f"（{plain(numerator, 6)}/{plain(of, 6)}）"
    return text


def _words(situation: Situation, indicator: Indicator, found: Judgement) -> str:
    """Why it is judged so, in one sentence."""
    lacking = f"{plain(found.lacking, max(indicator.decimals, 0))}{indicator.unit}"
    if indicator.measure == "rate" and found.lacking and plain(found.lacking, indicator.decimals) == "0":
        lacking = _("不到 {least}{unit}").format(
            least=plain(Fraction(1, 10**indicator.decimals), indicator.decimals), unit=indicator.unit
        )
    parts = []
    if found.verdict == "open":
        parts.append(_("目标没有明确，不判定"))
    elif found.verdict == "unsaid":
        parts.append(_("没有报过数，不能判为达到"))
    elif found.verdict == "about":
        parts.append(_("比目标少 {lacking}，在“左右”的允许偏差以内").format(lacking=lacking))
    elif found.verdict == "short" and indicator.measure == "state" and not found.short:
        parts.append(_("还没有建立（落实）"))
    elif found.verdict == "short" and found.lacking and indicator.measure != "state":
        parts.append(_("比目标少 {lacking}").format(lacking=lacking))
    elif found.value is not None and found.target is not None and indicator.measure == "count":
        over = found.value - found.target
        parts.append(
            _("超出 {over}").format(over=f"{plain(over, indicator.decimals)}{indicator.unit}")
            if over
            else _("与目标相等")
        )
    if found.short and indicator.measure != "count":
        names = [situation.organisation.name(area) for area in found.short]
        text = "、".join(names[:MOST_NAMED]) + (_("等") if len(names) > MOST_NAMED else "")
        parts.append(_("未达到的有 {count} 家：{names}").format(count=len(names), names=text))
    if found.missing and found.value is not None:
        parts.append(_("{count} 家从未报送").format(count=found.missing))
    return "；".join(parts) + "。" if parts else ""


def _task(task: Task, lines: list[YearLine]) -> YearTask:
    """The task's verdict: of the indicators of its target; of-which parts and sub-targets do not decide."""
    told = [line for line in lines if line.headline and not line.part] or lines[:1]
    verdicts: list[Verdict] = [line.verdict for line in told]  # type: ignore[misc]
    verdict = task_verdict(verdicts)
    short = [line for line in told if line.verdict == verdict and verdict != "reached"]
    return YearTask(
        no=task.no,
        title=task.title,
        category=task.category,
        target=task.target,
        leads=task.lead,
        verdict=verdict,
        words="".join(
            _("{name}：目标{target}，完成{value}。").format(
                name=line.name, target=line.shown_target, value=line.shown_value
            )
            for line in short
            if verdict not in ("unsaid", "open")
        )
        or "、".join(_("{name}：{word}").format(name=line.name, word=_(VERDICTS[verdict])) for line in short),
    )


def last_period(situation_year: int) -> Period:
    """The whole year, at whose end the targets are judged."""
    return Period(situation_year, 1, 12)


def write_papers(year: YearEnd, path: Path) -> list[Path]:
    """The workbook, and the report in Word beside it."""
    return [write(year, path), docx_style.write(document(year), path.with_suffix(".docx"))]
