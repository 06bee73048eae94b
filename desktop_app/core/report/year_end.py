"""The year's end on paper: each figure against its target, judged by the word that binds it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import msgspec

from desktop_app.core.figures.numbers import show
from desktop_app.core.i18n import N_, _, on_paper
from desktop_app.core.report.bulletin import day_words
from desktop_app.core.report.document import Block, Document, Heading, Paragraph, Table, ordinal
from desktop_app.core.report.sheets_style import Book, save

VERDICTS: dict[str, str] = {
    "reached": N_("达到"),
    "about": N_("达到（允许偏差内）"),
    "short": N_("未达到"),
    "unsaid": N_("未报送"),
    "open": N_("目标待定"),
}
COLOURS = {"reached": "green", "about": "green", "short": "red", "unsaid": "amber", "open": "centre"}


class YearLine(msgspec.Struct, frozen=True, kw_only=True):
    """One indicator of the territory, or of one area (`area_name`).  `words` say why it is judged so."""

    no: int
    title: str
    category: str
    indicator: str
    name: str
    bound: str
    unit: str
    target: Fraction | None
    value: Fraction | None
    shown_target: str
    shown_value: str
    verdict: str
    words: str
    headline: bool
    part: bool
    """An of-which (其中): judged, and no task is short because of it."""
    area: str = ""
    area_name: str = ""
    of: Fraction | None = None
    evidence: int = 0


class YearTask(msgspec.Struct, frozen=True, kw_only=True):
    no: int
    title: str
    category: str
    target: str
    leads: tuple[str, ...]
    verdict: str
    words: str


class PhotoLine(msgspec.Struct, frozen=True, kw_only=True):
    """A file of the pack: where it lies, what it proves."""

    path: str
    sha256: str
    caption: str
    tasks: tuple[int, ...]
    unit: str
    taken: str


class YearEnd(msgspec.Struct, frozen=True, kw_only=True):
    plan: str
    year: int
    unit: str
    territory: str
    end: date
    made: str
    cutoff: str
    tolerance: str
    tasks: tuple[YearTask, ...]
    lines: tuple[YearLine, ...]
    areas: tuple[YearLine, ...]
    photos: tuple[PhotoLine, ...] = ()
    sample: bool = False
    latest: str = ""
    """The latest month that has figures."""
    complete: bool = True
    """Whether that is the year's last; before, this is a look ahead and no judgement."""


def rules(year: YearEnd) -> tuple[str, ...]:
    """How each bound word is judged, as printed below the tables."""
    return (
        _("“不少于”“以上”“达”：完成数不小于目标为达到。"),
        _("“左右”：完成数不小于目标的 {least}% 为达到（允许偏差 {tolerance}%），低于目标的注明差额。").format(
            least=show(100 - Fraction(year.tolerance), 2).removesuffix(".00"), tolerance=year.tolerance
        ),
        _("只写一个数的：达到或超过为达到，超额不算错。"),
        _("比率：分子、分母分别相加后只除一次；有下限的，各地都不低于下限才算达到。"),
        _("标准、制度类：各地都达到（建立）才算达到，没有达到的逐家列出。"),
        _("其中数单列判定，不重复加总，不影响任务的结论；目标待定、没有报过数的不判为达到。"),
        _("一项任务的目标指标全部达到，任务才算完成。"),
    )


def counts(lines: Sequence[YearTask] | Sequence[YearLine]) -> dict[str, int]:
    return {verdict: sum(line.verdict == verdict for line in lines) for verdict in VERDICTS}


@on_paper
def build(year: YearEnd) -> bytes:
    """The workbook: tasks, indicators, areas, files, rules."""
    book = Book(_("年终完成情况"), year.made, year.unit)
    under = _("{plan}　截至{day}　{unit}").format(plan=year.plan, day=day_words(year.end), unit=year.unit)
    sheet = book.sheet(
        _("任务结论"),
        _("{plan}年终完成情况").format(plan=year.plan),
        under,
        (_("序号"), _("任务"), _("目标（原文）"), _("牵头单位"), _("结论"), _("说明")),
        (6, 28, 46, 24, 14, 40),
    )
    category = ""
    for task in year.tasks:
        if task.category != category:
            category = task.category
            sheet.band(category)
        sheet.put(
            (task.no, task.title, task.target, "、".join(task.leads), _(VERDICTS[task.verdict]), task.words),
            ("centre", "text", "text", "text", COLOURS[task.verdict], "text"),
        )
    if not year.complete:
        sheet.note(early_words(year))
    for number, rule in enumerate(rules(year), start=1):
        sheet.note(f"{number}. {rule}")
    _indicator_sheet(book, year, _("指标判定"), _("指标判定表"), under, year.lines, areas=False)
    if year.areas:
        _indicator_sheet(book, year, _("各地判定"), _("各地指标判定表"), under, year.areas, areas=True)
    if year.photos:
        files = book.sheet(
            _("佐证清单"),
            _("佐证材料清单"),
            under,
            (_("文件"), _("任务"), _("说明"), _("单位"), _("拍摄时间"), "SHA-256"),
            (44, 12, 40, 20, 20, 68),
        )
        for photo in year.photos:
            files.put(
                (
                    photo.path,
                    "、".join(map(str, photo.tasks)),
                    photo.caption,
                    photo.unit,
                    photo.taken,
                    photo.sha256,
                ),
                ("text",) * 6,
            )
    return book.finish()


def _indicator_sheet(
    book: Book, year: YearEnd, name: str, title: str, under: str, lines: Sequence[YearLine], *, areas: bool
) -> None:
    heads = [_("任务"), _("指标"), _("约束"), _("目标"), _("完成"), _("结论"), _("说明"), _("佐证份数")]
    widths = [26, 30, 14, 16, 18, 14, 46, 10]
    if areas:
        heads.insert(0, _("单位"))
        widths.insert(0, 16)
    sheet = book.sheet(name, title, under, heads, widths)
    for line in lines:
        values: list[object] = [
            f"{line.no} {line.title}",
            f"{line.indicator} {'其中：' if line.part else ''}{line.name}",
            line.bound,
            line.shown_target,
            line.shown_value,
            _(VERDICTS[line.verdict]),
            line.words,
            line.evidence,
        ]
        formats = ["text", "text", "centre", "text", "text", COLOURS[line.verdict], "text", "centre"]
        if areas:
            values.insert(0, line.area_name)
            formats.insert(0, "text")
        sheet.put(values, formats)


def write(year: YearEnd, path: Path) -> Path:
    return save(path, lambda: build(year))


@on_paper
def document(year: YearEnd) -> Document:
    """The report in words: how many are reached, which are not and by how much."""
    total = counts(year.tasks)
    text = _("{count}项任务中，{states}。").format(
        count=len(year.tasks),
        states="、".join(
            _("{word}{number}项").format(word=_(VERDICTS[verdict]), number=number)
            for verdict, number in total.items()
            if number
        ),
    )
    figures = counts([line for line in year.lines if line.headline and not line.part])
    text += _("按目标指标计，{states}。").format(
        states="、".join(
            _("{word}{number}个").format(word=_(VERDICTS[verdict]), number=number)
            for verdict, number in figures.items()
            if number
        )
    )
    opening: list[Block] = [Paragraph(text)]
    if not year.complete:
        opening.insert(0, Paragraph(early_words(year)))
    sections: list[tuple[str, list[Block]]] = [(_("总体结论"), opening)]
    for verdict, title in (
        ("short", _("没有达到目标的指标")),
        ("about", _("在允许偏差以内的指标")),
        ("unsaid", _("没有报送的指标")),
        ("open", _("目标待定的指标")),
    ):
        lines = [line for line in year.lines if line.verdict == verdict and line.headline and not line.part]
        if lines:
            sections.append(
                (
                    title,
                    [
                        Paragraph(
                            _("{number}.任务{no}“{title}”，{name}：{words}").format(
                                number=number,
                                no=line.no,
                                title=inner_title(line),
                                name=line.name,
                                words=line.words,
                            )
                        )
                        for number, line in enumerate(lines, start=1)
                    ],
                )
            )
    sections.append(
        (
            _("各项任务结论"),
            [
                Table(
                    heads=(_("序号"), _("任务"), _("结论"), _("说明")),
                    rows=tuple(
                        (str(task.no), task.title, _(VERDICTS[task.verdict]), task.words)
                        for task in year.tasks
                    ),
                    widths=(14, 52, 28, 62),
                    points=11,
                )
            ],
        )
    )
    sections.append(
        (_("判定规则"), [Paragraph(f"{n}.{rule}") for n, rule in enumerate(rules(year), start=1)])
    )
    blocks: list[Block] = []
    for number, (title, content) in enumerate(sections, start=1):
        blocks += [Heading(1, f"{ordinal(number)}、{title}"), *content]
    return Document(
        title=_("{plan}年终完成情况").format(plan=year.plan),
        made=year.made,
        mark=_("供评估验收"),
        blocks=tuple(blocks),
        signed=year.unit,
        dated=day_words(year.end),
    )


def early_words(year: YearEnd) -> str:
    """That the year is not over, where it is not: what is short in May is no failure."""
    return _("全年的数还没报齐（最近一个月是{month}），以下是按已报的数试判，不是年终结论。").format(
        month=year.latest or _("没有")
    )


def inner_title(line: YearLine) -> str:
    return line.title.replace("“", "‘").replace("”", "’")
