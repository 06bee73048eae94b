"""From a notice's file to the draft of a plan."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _
from desktop_app.core.plan.notice.dates import cell_date, read_dates
from desktop_app.core.plan.notice.draft import Draft, DraftIndicator, DraftTask
from desktop_app.core.plan.notice.figures import read_figures
from desktop_app.core.plan.notice.files import read_blocks
from desktop_app.core.plan.notice.found import Found
from desktop_app.core.plan.notice.layout import Layout, lay_out
from desktop_app.core.plan.notice.leads import less_masked
from desktop_app.core.plan.notice.naming import short_of, title_of
from desktop_app.core.plan.notice.text import fold, short, tight

TITLE, SHORT = 20, 10


def read_notice(path: Path) -> Draft:
    """The draft of the plan in a notice (txt, docx, xlsx).  InputError where the file is no such notice."""
    layout = lay_out(read_blocks(path))
    if not layout.tasks:
        raise InputError(
            _("“{name}”里没有找到任务。").format(name=path.name),
            meaning=_("找的是：带牵头（责任）单位的编号任务，或有“目标任务”“牵头单位”列的表格。"),
            next_step=_("请核对是不是选错了文件；确是通知的，请给每项任务写上“（牵头单位：…）”再读。"),
        )
    return _assembled(layout, path.name)


def _assembled(layout: Layout, source: str) -> Draft:
    year = layout.year or date.today().year
    tasks = [_task(number, found, year) for number, found in enumerate(layout.tasks, start=1)]
    draft = Draft(
        title=layout.title or _("{year}年民生实事").format(year=year),
        year=year,
        issued=layout.issued,
        tasks=tasks,
        categories=list(dict.fromkeys(task.category for task in tasks)),
        source=source,
    )
    _check_whole(draft, layout)
    return draft


def _check_whole(draft: Draft, layout: Layout) -> None:
    if not layout.title:
        draft.doubts.append(_("没有找到通知的标题，请补上。"))
    if not layout.year:
        draft.doubts.append(_("没有找到年份，暂按 {year} 年，请核对。").format(year=draft.year))
    if not layout.issued:
        draft.doubts.append(_("没有找到印发日期，暂按 {year} 年 1 月 1 日，请核对。").format(year=draft.year))
    if layout.total is not None and layout.total != len(draft.tasks):
        draft.doubts.append(
            _("标题或正文说有 {said} 项，读出 {read} 项，请核对。").format(
                said=layout.total, read=len(draft.tasks)
            )
        )
    sizes = Counter(task.category for task in draft.tasks)
    for name, count in dict.fromkeys(layout.categories):
        if count is not None and sizes.get(name, 0) != count:
            draft.doubts.append(
                _("类别“{name}”写明 {said} 项，读出 {read} 项，请核对。").format(
                    name=name, said=count, read=sizes.get(name, 0)
                )
            )
    for name in draft.categories:
        if "*" in name:
            draft.remarks.append(_("类别“{name}”的名称有遮盖，原样保留。").format(name=name))
    hidden = Counter(lead for task in draft.tasks for lead in task.lead if "*" in lead)
    for lead, times in hidden.items():
        if times > 1:
            draft.remarks.append(
                _("「{lead}」出现在 {count} 项任务里；遮盖相同未必是同一个单位，没有归并。").format(
                    lead=lead, count=times
                )
            )
    first = min((step.date for task in draft.tasks for step in task.deadlines), default="")
    if (
        draft.issued
        and first
        and 0 <= (date.fromisoformat(first) - date.fromisoformat(draft.issued)).days < 15
    ):
        draft.remarks.append(
            _("最早的节点 {first} 离印发日期 {issued} 不到半个月。").format(first=first, issued=draft.issued)
        )


def _task(number: int, found: Found, year: int) -> DraftTask:
    found.target = tight(found.target)
    lead, spellings, agree = less_masked(found.lead, found.other_lead)
    task = DraftTask(
        no=number,
        mark=found.mark,
        category=found.category or _("民生实事"),
        title=short(found.title, TITLE) if found.title else title_of(found.target, TITLE),
        target=found.target,
        lead=lead,
        lead_spellings=spellings,
        support=list(found.support),
        measures=[tight(measure) for measure in found.measures],
        unnumbered=found.unnumbered,
        indicators=[],
        deadlines=[],
        doubts=[],
    )
    task.short = short_of(task.title, SHORT)
    _doubt_leads(task, agree)
    if found.other:
        task.doubts.append(
            _("表格与正文的目标文字不同，正文写作「{other}」，请核对以哪个为准。").format(other=found.other)
        )
    if not found.category:
        task.remarks.append(_("没有找到类别，暂归入“民生实事”。"))
    if found.unnumbered:
        task.remarks.append(_("推进措施里有没编号的段落，算一条。"))
    _read_target(task, found, year)
    for place, measure in enumerate(task.measures, start=1):
        reading = read_figures(measure, place)
        task.indicators += reading.indicators
        task.deadlines += read_dates(measure, year, place)
    return task


def _doubt_leads(task: DraftTask, agree: bool) -> None:
    if not task.lead:
        task.doubts.append(_("没有写牵头单位，请补上。"))
    if not agree:
        task.doubts.append(
            _("表格与正文的牵头单位不一致：{names}，请核对。").format(
                names=" / ".join("、".join(names) for names in task.lead_spellings)
            )
        )
    for name in task.lead:
        if "*" in name:
            task.doubts.append(_("牵头单位「{name}」的名称有遮盖，请补全。").format(name=name))


def _read_target(task: DraftTask, found: Found, year: int) -> None:
    reading = read_figures(task.target)
    task.indicators = reading.indicators
    task.doubts += list(dict.fromkeys(reading.doubts))
    task.remarks += list(dict.fromkeys(reading.remarks))
    if not reading.indicators:
        task.indicators = [
            DraftIndicator(
                name=short(task.title + _("已落实"), 24),
                op="state",
                value=None,
                unit=_("项"),
                quote=task.target,
                measure="state",
                flow=False,
            )
        ]
        task.remarks.append(_("目标里没有数字，设为状态指标（已落实/未落实）。"))
    for item in reading.indicators:
        words = fold(task.target)
        if item.measure == "rate" and item.unit == "%":
            task.remarks.append(_("「{quote}」是比率，分子分母请在指标里写明。").format(quote=item.quote))
        if item.value is not None and item.quote and words.count(fold(item.quote)) == 0:
            task.doubts.append(_("「{quote}」在原文里找不到，请核对。").format(quote=item.quote))
    task.deadlines = read_dates(task.target, year, 0)
    for step in cell_date(found.due, year) if found.due else []:
        step.what = short(task.title, 30)
        task.deadlines.append(step)
    if found.due and not task.deadlines:
        task.doubts.append(_("完成时限「{due}」没有读出日期，请补上节点。").format(due=found.due))
