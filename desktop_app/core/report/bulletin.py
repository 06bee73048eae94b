"""通报: the month in words, what lags, what is asked; a draft (代拟稿) in the layout of GB/T 9704.

Titles and targets are the adopted plan's own wording.  Which areas and items are named is a person's choice: the lines
carry `chosen` and `remark`, and their order is the order of printing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import msgspec

from desktop_app.core.figures.numbers import show_percent
from desktop_app.core.i18n import N_, _, on_paper
from desktop_app.core.model.view import LIGHTS
from desktop_app.core.report.document import (
    Block,
    Document,
    Heading,
    Paragraph,
    ordinal,
)


class TaskLine(msgspec.Struct, frozen=True, kw_only=True):
    """One task over the whole territory; `words` are its figures ("新增就业22,500人")."""

    no: int
    category: str
    title: str
    light: str
    percent: Fraction | None
    expected: Fraction | None
    words: str
    lead: str = ""


class AreaLine(msgspec.Struct, frozen=True, kw_only=True):
    """One area over its tasks.  `place` only where ranking is switched on."""

    area: str
    name: str
    good: int
    of: int
    counts: dict[str, int]
    mean: Fraction | None
    place: int | None = None
    received: bool = True
    side: str = ""
    """leading, lagging or neither."""
    chosen: bool = True
    remark: str = ""


class LagLine(msgspec.Struct, frozen=True, kw_only=True):
    """One task of one area that is behind; `score` is its part of the whole × what is lacking."""

    area: str
    name: str
    no: int
    title: str
    lead: str
    words: str
    light: str
    percent: Fraction | None
    expected: Fraction | None
    part: Fraction
    score: Fraction
    step: str = ""
    """The dated step that was missed, in words."""
    chosen: bool = True
    remark: str = ""

    @property
    def told(self) -> str:
        """The figures, and the step that was missed."""
        return _("；").join(part for part in (self.words, self.step) if part)


class ProblemLine(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    task: int
    text: str
    age: int
    due: str = ""
    overdue: bool = False


class StepLine(msgspec.Struct, frozen=True, kw_only=True):
    """A dated step ahead, in the plan's own words; `left` areas have not done it."""

    day: date
    no: int
    what: str
    left: int


class Bulletin(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a bulletin says.  `made` (ISO 8601) is the cut-off's own time, so that the same cut-off gives the
    same file; `areas_word` is what the areas are called (县（区）, 乡镇)."""

    plan: str
    territory: str
    unit: str
    label: str
    end: date
    made: str
    areas_word: str
    tasks: tuple[TaskLine, ...]
    areas: tuple[AreaLine, ...]
    lags: tuple[LagLine, ...]
    problems: tuple[ProblemLine, ...]
    steps: tuple[StepLine, ...]
    silent: tuple[str, ...]
    late: tuple[str, ...]
    rule: str
    lag_rule: str
    cutoff: str = ""
    addressee: str = ""
    dated: str = ""
    answer_by: str = ""
    sample: bool = False
    of_city: bool = True
    """Whether the city speaks: a county asks nothing of the city's lead departments."""


MARK = "代拟稿"
STATES = {
    "done": N_("已完成"),
    "green": N_("按时序推进"),
    "yellow": N_("进展滞后"),
    "red": N_("超过时间节点"),
    "none": N_("尚无数据"),
}
"""For a task that has no figure to tell."""
MOST_LAGS = 20
"""So many items are named in the text; the annex has them all."""


def day_words(day: date) -> str:
    return _("{year}年{month}月{day}日").format(year=day.year, month=day.month, day=day.day)


@on_paper
def document(bulletin: Bulletin) -> Document:
    """The paper; what is not chosen is left out."""
    blocks: list[Block] = [
        Paragraph(
            _("根据《{plan}》要求，现将截至{day}的进展情况通报如下。").format(
                plan=bulletin.plan, day=day_words(bulletin.end)
            )
        )
    ]
    sections = [
        (_("总体进展情况"), _overall(bulletin)),
        (_("各类事项进展情况"), _categories(bulletin)),
        (_("{areas}进展情况").format(areas=bulletin.areas_word), _areas(bulletin)),
        (_("存在的主要问题"), _lags(bulletin) + _problems(bulletin)),
        (_("下一步工作要求"), _next(bulletin)),
    ]
    number = 0
    for title, content in sections:
        if content:
            number += 1
            blocks += [Heading(1, f"{ordinal(number)}、{title}"), *content]
    return Document(
        title=_("关于{plan}{label}进展情况的通报").format(plan=bulletin.plan, label=_shorter(bulletin)),
        made=bulletin.made,
        mark=MARK,
        addressee=bulletin.addressee,
        blocks=tuple(blocks),
        annexes=annex_names(bulletin),
        signed=bulletin.unit,
        dated=bulletin.dated,
    )


def annex_names(bulletin: Bulletin) -> tuple[str, ...]:
    return (
        _("民生实事完成情况表"),
        _("{areas}进展情况表").format(areas=bulletin.areas_word),
        _("进展滞后事项清单"),
    )


def _shorter(bulletin: Bulletin) -> str:
    """The period without the year where the plan's own title says it already."""
    year = _("{year}年").format(year=bulletin.end.year)
    return bulletin.label.removeprefix(year) if year in bulletin.plan else bulletin.label


def inner(text: str) -> str:
    """A text that is going to stand in quotation marks: its own become single ones."""
    return text.replace("“", "‘").replace("”", "’")


def count_words(lights: Sequence[str]) -> str:
    """已完成3项、进展正常12项、进展滞后2项 …: only what there is."""
    words = {
        "done": _("已完成{count}项"),
        "green": _("进展正常{count}项"),
        "yellow": _("进展滞后{count}项"),
        "red": _("超过时间节点{count}项"),
        "none": _("尚无数据{count}项"),
    }
    counts = {light: lights.count(light) for light in LIGHTS}
    return "、".join(words[light].format(count=count) for light, count in counts.items() if count)


def mean(values: Sequence[Fraction | None]) -> Fraction | None:
    known = [min(value, Fraction(1)) for value in values if value is not None]
    return sum(known, Fraction(0)) / len(known) if known else None


def _overall(bulletin: Bulletin) -> list[Block]:
    tasks = bulletin.tasks
    text = _("{count}项民生实事中，{states}。").format(
        count=len(tasks), states=count_words([task.light for task in tasks])
    )
    # Both means over the same tasks, otherwise they cannot be compared.
    told = [task for task in tasks if task.percent is not None and task.expected is not None]
    done, want = mean([task.percent for task in told]), mean([task.expected for task in told])
    if done is not None and want is not None:
        text += _("有数的{count}项平均完成进度{done}，这些项按时序平均应达{want}。").format(
            count=len(told), done=show_percent(done, 1), want=show_percent(want, 1)
        )
    if bulletin.areas:
        received = sum(line.received for line in bulletin.areas)
        text += _("{of}个{areas}中，{count}个已报送{label}数据").format(
            of=len(bulletin.areas), areas=bulletin.areas_word, count=received, label=bulletin.label
        )
        if bulletin.silent:
            text += _("，{names}尚未报送（其数沿用以前报送的）").format(names="、".join(bulletin.silent))
        if bulletin.late:
            text += _("，{names}迟报").format(names="、".join(bulletin.late))
        text += "。"
    return [Paragraph(text)]


def _categories(bulletin: Bulletin) -> list[Block]:
    blocks: list[Block] = []
    categories = list(dict.fromkeys(task.category for task in bulletin.tasks))
    for number, category in enumerate(categories, start=1):
        tasks = [task for task in bulletin.tasks if task.category == category]
        figures = "；".join(
            f"{task.no}.{task.title}，{task.words or _(STATES[task.light])}" for task in tasks
        )
        blocks.append(
            Paragraph(
                _("共{count}项，{states}。{figures}。").format(
                    count=len(tasks), states=count_words([task.light for task in tasks]), figures=figures
                ),
                lead=f"（{ordinal(number)}）{category}。",
            )
        )
    return blocks


def _areas(bulletin: Bulletin) -> list[Block]:
    blocks: list[Block] = []
    for side, words in (("leading", _("进展较快的有：")), ("lagging", _("进展较慢的有："))):
        lines = [line for line in bulletin.areas if line.side == side and line.chosen]
        if lines:
            blocks.append(Paragraph(words + "；".join(map(_area_words, lines)) + "。"))
    if blocks:
        blocks.append(Paragraph(_("（{rule}）").format(rule=bulletin.rule.rstrip("。"))))
    return blocks


def _area_words(line: AreaLine) -> str:
    place = _("（第{place}名）").format(place=line.place) if line.place else ""
    text = _("{name}{place}，{of}项中{good}项不落后，平均完成{mean}").format(
        name=line.name, place=place, of=line.of, good=line.good, mean=show_percent(line.mean, 1)
    )
    return text + (f"，{line.remark.rstrip('。；')}" if line.remark else "")


def _lags(bulletin: Bulletin) -> list[Block]:
    chosen = [line for line in bulletin.lags if line.chosen]
    if not chosen:
        return []
    named = chosen[:MOST_LAGS]
    lead = _("（一）部分事项进展滞后。")
    text = _("共有{count}项次低于时序进度或超过时间节点，其中需要重点调度的有：").format(
        count=len(bulletin.lags)
    )
    blocks: list[Block] = [Paragraph(text, lead=lead)]
    for number, line in enumerate(named, start=1):
        words = _("{number}.{name}“{title}”，{words}，进度{percent}，应达{expected}").format(
            number=number,
            name=line.name,
            title=inner(line.title),
            words=line.words or _(STATES[line.light]),
            percent=show_percent(line.percent, 1),
            expected=show_percent(line.expected, 1),
        )
        if line.light == "red":
            words += f"，{line.step}" if line.step else _("，已超过时间节点")
        words += f"；{line.remark.rstrip('。；')}" if line.remark else ""
        blocks.append(Paragraph(words + "。"))
    if len(chosen) > len(named):
        blocks.append(Paragraph(_("其余事项见附件3。")))
    return blocks


def _problems(bulletin: Bulletin) -> list[Block]:
    problems = bulletin.problems
    if not problems:
        return []
    overdue = [line for line in problems if line.overdue]
    text = _("问题清单中尚有{count}个未销号").format(count=len(problems))
    if overdue:
        text += _("，其中{count}个已超过办理期限").format(count=len(overdue))
    oldest = max(line.age for line in problems)
    text += _("，时间最长的已{days}天。").format(days=oldest)
    lead = _("（二）部分问题尚未解决。") if any(line.chosen for line in bulletin.lags) else ""
    return [
        Paragraph(text, lead=lead),
        *(
            Paragraph(
                f"{number}.{line.name}（{_('任务{no}').format(no=line.task)}）：{line.text.rstrip('。')}。"
            )
            for number, line in enumerate((overdue or list(problems))[:5], start=1)
        ),
    ]


def _next(bulletin: Bulletin) -> list[Block]:
    """Only what the figures give cause for."""
    points: list[tuple[str, str]] = []
    behind = list(dict.fromkeys(line.name for line in bulletin.lags if line.chosen))
    if behind:
        leads = list(
            dict.fromkeys(
                lead for line in bulletin.lags if line.chosen for lead in line.lead.split("、") if lead
            )
        )
        by = _("于{day}前").format(day=bulletin.answer_by) if bulletin.answer_by else _("及时")
        points.append(
            (
                _("加快滞后事项进度。"),
                _("{names}要对照附件3逐项分析原因、倒排工期，{by}将整改情况报送{unit}。").format(
                    names="、".join(behind), by=by, unit=bulletin.unit
                )
                + (
                    _("{leads}要加强调度督导。").format(leads="、".join(leads))
                    if leads and bulletin.of_city
                    else ""
                ),
            )
        )
    if bulletin.steps:
        steps = "；".join(
            _("{month}月{day}日前，任务{no}“{what}”").format(
                month=line.day.month, day=line.day.day, no=line.no, what=inner(line.what.rstrip("。"))
            )
            for line in bulletin.steps
        )
        points.append((_("盯紧近期时间节点。"), _("近期到期的节点有：{steps}。").format(steps=steps)))
    if bulletin.problems:
        points.append(
            (
                _("抓好问题销号。"),
                _("对未销号的问题，责任单位要明确办理时限，办结一个、凭佐证销号一个。"),
            )
        )
    if bulletin.silent or bulletin.late:
        names = "、".join((*bulletin.silent, *bulletin.late))
        points.append((_("按时报送数据。"), _("{names}要按时报送当期数据。").format(names=names)))
    return [
        Paragraph(text, lead=f"（{ordinal(number)}）{lead}")
        for number, (lead, text) in enumerate(points, start=1)
    ]
