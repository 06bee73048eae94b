"""考核评价底数 as a workbook: facts by area, and no weights."""

from __future__ import annotations

from datetime import date

import msgspec

from desktop_app.core.i18n import _, on_paper
from desktop_app.core.report.bulletin import day_words
from desktop_app.core.report.sheets_style import Book
from desktop_app.core.report.year_end import COLOURS, VERDICTS


class ResultLine(msgspec.Struct, frozen=True, kw_only=True):
    area: str
    no: int
    task: str
    indicator: str
    share: str
    value: str
    done: str
    verdict: str


class AcceptanceLine(msgspec.Struct, frozen=True, kw_only=True):
    area: str
    no: int
    task: str
    passed: int
    nearly: int
    failed: int


class DutyLine(msgspec.Struct, frozen=True, kw_only=True):
    area: str
    late: int
    missing: int
    problems: int
    problems_open: int
    problems_late: int
    orders: int
    orders_late: int


class EnteredLine(msgspec.Struct, frozen=True, kw_only=True):
    area: str
    item: str
    result: str
    score: str
    source: str


class Appraisal(msgspec.Struct, frozen=True, kw_only=True):
    plan: str
    unit: str
    label: str
    end: date
    made: str
    cutoff: str
    results: tuple[ResultLine, ...]
    acceptances: tuple[AcceptanceLine, ...]
    duties: tuple[DutyLine, ...]
    entered: tuple[EnteredLine, ...]


@on_paper
def build(facts: Appraisal) -> bytes:
    """The workbook; the same facts give the same bytes."""
    book = Book(_("考核评价底数"), facts.made, facts.unit)
    under = _("{plan}　截至{day}　{unit}").format(plan=facts.plan, day=day_words(facts.end), unit=facts.unit)
    sheet = book.sheet(
        _("指标结果"),
        _("各地指标结果"),
        under,
        (_("地区"), _("任务"), _("任务名称"), _("指标"), _("份额"), _("完成"), _("完成率"), _("结论")),
        (14, 7, 22, 34, 18, 22, 10, 18),
    )
    for line in facts.results:
        sheet.put(
            (
                line.area,
                line.no,
                line.task,
                line.indicator,
                line.share,
                line.value,
                line.done,
                _(VERDICTS[line.verdict]),
            ),
            ("text", "centre", "text", "text", "centre", "centre", "centre", COLOURS[line.verdict]),
        )
    sheet.note(_("结论按通知的限定词对本地份额判定；年度中间只反映到期末为止的情况。"))
    sheet.note(_("本表只列事实和出处，不设权重、不计总分；分数由有关部门按考核办法给。"))
    sheet = book.sheet(
        _("验收结论"),
        _("各地验收结论"),
        under,
        (_("地区"), _("任务"), _("任务名称"), _("合格"), _("基本合格"), _("不合格")),
        (16, 8, 28, 12, 12, 12),
    )
    for found in facts.acceptances:
        sheet.put(
            (found.area, found.no, found.task, found.passed, found.nearly, found.failed),
            ("text", "centre", "text", "number", "number", "number"),
        )
    sheet.note(_("来自台账册“验收”，按验收日期截至期末。"))
    sheet = book.sheet(
        _("报送与督办"),
        _("各地报送、问题与督办"),
        under,
        (
            _("地区"),
            _("迟报（月）"),
            _("未报（月）"),
            _("问题"),
            _("未销号"),
            _("逾期未销号"),
            _("督办单"),
            _("逾期或迟复"),
        ),
        (16, 12, 12, 10, 10, 14, 10, 14),
    )
    for duty in facts.duties:
        sheet.put(
            (
                duty.area,
                duty.late,
                duty.missing,
                duty.problems,
                duty.problems_open,
                duty.problems_late,
                duty.orders,
                duty.orders_late,
            ),
            ("text", *("number",) * 7),
        )
    sheet.note(_("迟报按日历里的报送日（含节假日、宽限）算；方案印发以前的月份不算。"))
    sheet = book.sheet(
        _("登记的考核事项"),
        _("登记的考核事项"),
        under,
        (_("地区"), _("考核事项"), _("结果"), _("得分"), _("依据")),
        (16, 36, 18, 10, 36),
    )
    for entered in facts.entered:
        sheet.put(
            (entered.area, entered.item, entered.result, entered.score, entered.source),
            ("text", "text", "text", "centre", "text"),
        )
    sheet.note(_("来自台账册“考核得分来源”，照登记的列，软件不改。"))
    return book.finish()
