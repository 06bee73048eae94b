"""更正: a wrong figure of a closed period is put right in the current one, with a reason, and listed in the 更正表.

The closed figure stays as it was reported.  The current period's figure carries what should have been said for the
closed one (`ProgressBody.corrects`), so that a correction is one entry, travels as every figure does, and cannot be
lost from the figure it changed.
"""

from __future__ import annotations

import io
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Literal

import msgspec

from desktop_app.core.disks import save
from desktop_app.core.errors import InputError, RuleError
from desktop_app.core.figures.numbers import canonical, read_number
from desktop_app.core.i18n import N_, _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.bodies import ProgressBody
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator
from desktop_app.core.model.view import Figure
from desktop_app.core.operations import changing, closing, recording
from desktop_app.core.operations.situation import Situation, describe_figure
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store.ledger_heads import Head
from desktop_app.core.store.store import Said

CorrectionKind = Literal["correction", "late", "approved"]

KIND_WORDS: dict[str, str] = {
    "correction": N_("更正"),
    "late": N_("封账后改动"),
    "approved": N_("封账后核定"),
}
"""correction: said as one.  late: a closed figure that was changed at a desk that had not heard of the closing.
approved: a 核定数 recorded after closing."""


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the 更正表; `before`, `after` and `now` in words, `now` the figure of the period it was said in."""

    kind: CorrectionKind
    unit: str
    unit_name: str
    area: str
    area_name: str
    task: int
    indicator: str
    name: str
    measure: str
    period: str
    said_in: str
    before: str
    after: str
    now: str
    reason: str
    operator: str
    at: str
    entry: str


def correct(
    workspace: Workspace,
    indicator_id: str,
    closed_period: Period,
    value: str,
    *,
    period: Period,
    reason: str,
    now: str = "",
    of: str | None = None,
    now_of: str | None = None,
    area: str | None = None,
    source: str = "",
) -> Changes:
    """Say in `period` what should have been said for `closed_period`.

    `now` is the figure of `period` itself; without it a running total is moved by the difference, and an end value
    stays as it stands.  RuleError where the corrected period is not closed (it is simply changed) or is not before
    `period`; InputError without a reason.
    """
    indicator = workspace.indicator(indicator_id)
    where = recording.reporting_area(workspace, indicator, area)
    if indicator.basis == "site":
        raise RuleError(
            _("{name} 的数字由台账自动相加。").format(name=indicator.name),
            meaning=_("没有保存。"),
            next_step=_("请在“台账”里改那一处；改动会列进更正表。"),
        )
    if not reason.strip():
        raise InputError(_("更正要写原因。"), next_step=_("请写一句错在哪里、依据什么改。"))
    changing.refuse_personal({"reason": reason})
    if closed_period.order >= period.order or closed_period.year != period.year:
        raise RuleError(
            _("更正要记到后面的月份。"),
            meaning=_("没有保存。"),
            next_step=_("请选择正在填报的月份来记这条更正。"),
        )
    reporter = workspace.store.projector.context().duty(workspace.plan.id, indicator.id, where)
    unit = (reporter.reporter_at(closed_period.key) if reporter else None) or workspace.unit_code
    if closing.closed(workspace, closed_period, unit) is None:
        raise RuleError(
            _("{period}还没有封账，可以直接改。").format(period=closed_period.label),
            meaning=_("没有保存。"),
            next_step=_("请回到“填报”，选那个月份改。"),
        )
    closing.refuse_closed(workspace, indicator.id, where, period)
    right, right_of = _read(indicator, value, of)
    old = Situation(workspace, closed_period).figure(indicator, where)
    current = Situation(workspace, period).figure(indicator, where)
    present = workspace.store.ledger.head(
        subjects.progress(where, workspace.plan.id, indicator.id, period.key)
    )
    if now.strip():
        number, denominator = _read(indicator, now, now_of)
    else:
        number, denominator = _moved(indicator, old, current, right, right_of)
    body: ProgressBody | None = present.body if present is not None and not present.body.void else None
    corrects = dict(body.corrects) if body else {}
    corrects_of = dict(body.corrects_of) if body else {}
    corrects[closed_period.key] = canonical(right)
    if right_of is not None:
        corrects_of[closed_period.key] = canonical(right_of)
    if number < 0:
        raise RuleError(
            _("按这条更正，本期会变成负数。"),
            meaning=_("没有保存。"),
            next_step=_("请核对更正后的数，或写明本期应是多少。"),
        )
    duty = workspace.store.projector.context().duty(workspace.plan.id, indicator.id, where)
    said = ProgressBody(
        value=canonical(number),
        of=None if denominator is None else canonical(denominator),
        note=body.note if body else "",
        reason=reason.strip(),
        corrects=corrects,
        corrects_of=corrects_of,
        proxy=duty is not None and duty.reporter != workspace.unit_code,
        source=source or (body.source if body else ""),
    )
    subject = subjects.progress(where, workspace.plan.id, indicator.id, period.key)
    return workspace.say([Said(kind="progress", subject=subject, body=said, operator=workspace.operator)])[0]


def _read(indicator: Indicator, value: str, of: str | None) -> tuple[Fraction, Fraction | None]:
    rate = indicator.measure == "rate"
    if rate and (of is None or not of.strip()):
        value, slash, of = value.partition("/")
        if not slash:
            raise InputError(
                _("{name} 是比率，要同时填分子和分母。").format(name=indicator.name),
                next_step=_("请写成 分子/分母，例如 2176/2189。"),
            )
    decimals = indicator.part_decimals if rate else indicator.decimals
    number = Fraction(read_number(value, unit="" if rate else indicator.unit, decimals=decimals))
    return number, Fraction(read_number(str(of), decimals=decimals)) if rate else None


def _moved(
    indicator: Indicator, old: Figure, current: Figure, right: Fraction, right_of: Fraction | None
) -> tuple[Fraction, Fraction | None]:
    """The current figure after the correction: a running total moves with it, an end value stays."""
    stands = current.reported if current.reported is not None else current.value
    if stands is None or current.carried:
        return right, right_of
    if not indicator.flow or old.value is None:
        return stands, current.of
    moved = stands + (right - old.value)
    if right_of is not None and current.of is not None and old.of is not None:
        return moved, current.of + (right_of - old.of)
    return moved, current.of


# -- 更正表 --------------------------------------------------------------------------------------------------------


def corrections(workspace: Workspace, period: Period | None = None) -> list[Correction]:
    """What was corrected, of every unit this desk knows: those said in a period, or all; by unit and indicator."""
    found = [*_said(workspace), *_late(workspace)]
    if period is not None:
        found = [row for row in found if row.said_in == period.key]
    return sorted(found, key=lambda row: (row.unit, row.task, row.indicator, row.period))


def _said(workspace: Workspace) -> list[Correction]:
    rows = workspace.store.connection.execute(
        "SELECT subject FROM head WHERE kind = 'progress' AND instr(body, '\"corrects\"') > 0 ORDER BY subject"
    ).fetchall()
    found = []
    for row in rows:
        head = workspace.store.ledger.head(row["subject"])
        if head is None or head.body.void:
            continue
        for key, right in head.body.corrects.items():
            found.append(_row(workspace, head, "correction", key, right))
    return [row for row in found if row is not None]


def _row(
    workspace: Workspace, head: Head, kind: CorrectionKind, closed_period: str, right: object
) -> Correction | None:
    words = head.subject.split("/")
    indicator = workspace.plan.indicator(words[3])
    if indicator is None or words[2] != workspace.plan.id:
        return None
    series = workspace.store.ledger.series(words[2], words[3], words[1])
    old = series.get(closed_period) or max(
        (figure for key, figure in series.items() if key < closed_period),
        key=lambda figure: figure.month,
        default=None,
    )
    right_of = head.body.corrects_of.get(closed_period)
    return Correction(
        kind=kind,
        unit=_reporter(workspace, words, head.unit),
        unit_name=workspace.organisation.name(_reporter(workspace, words, head.unit)),
        area=words[1],
        area_name=workspace.organisation.name(words[1]),
        task=indicator.task_no,
        indicator=indicator.id,
        name=indicator.name,
        measure=indicator.unit,
        period=closed_period,
        said_in=words[4],
        before=describe_figure(indicator, old.value if old else None, old.of if old else None),
        after=describe_figure(
            indicator, Fraction(str(right)), None if right_of is None else Fraction(str(right_of))
        ),
        now=_words(indicator, head.body),
        reason=head.body.reason,
        operator=head.operator,
        at=head.at,
        entry=head.id,
    )


def _reporter(workspace: Workspace, words: list[str], author: str) -> str:
    duty = workspace.store.projector.context().duty(words[2], words[3], words[1])
    return (duty.reporter_at(words[4]) if duty else None) or author


def _words(indicator: Indicator, body: ProgressBody) -> str:
    return describe_figure(
        indicator, Fraction(str(body.value)), None if body.of is None else Fraction(str(body.of))
    )


def _late(workspace: Workspace) -> list[Correction]:
    """Figures and 核定数 of closed periods whose authors' clocks say that they came after the closing."""
    ledger = workspace.store.ledger
    first: dict[str, tuple[str, str]] = {}
    for head in ledger.heads("closing"):
        period = head.subject.split("/")[2]
        if head.body.closed and (period not in first or head.at < first[period][0]):
            first[period] = (head.at, head.owner)
    found = []
    for period, (at, _owner) in sorted(first.items()):
        rows = workspace.store.connection.execute(
            "SELECT subject FROM head WHERE kind IN ('progress', 'review') AND at >= ? AND subject LIKE ?"
            " ORDER BY subject",
            (at[:10], f"%/{period}"),
        ).fetchall()
        for row in rows:
            made = head_late(workspace, row["subject"], period)
            if made is not None:
                found.append(made)
    return found


def head_late(workspace: Workspace, subject: str, period: str) -> Correction | None:
    head = workspace.store.ledger.head(subject)
    words = subject.split("/")
    about = words if words[0] == "progress" else words[2:]
    if head is None or head.body.void or len(about) != 5 or about[0] != "progress":
        return None
    unit = _reporter(workspace, about, head.unit)
    shut = closing.stated(workspace, Period.parse(period), [*workspace.organisation.above(unit), unit])
    if shut is None or not _after(head.at, shut.at):
        return None
    indicator = workspace.plan.indicator(about[3])
    if indicator is None:
        return None
    if head.kind == "review":
        if head.body.verdict != "set" or head.body.value is None:
            return None
        seen = head.body.seen
        return _late_row(
            workspace, head, about, indicator, "approved",
            before="" if seen is None else describe_figure(indicator, Fraction(str(seen)), None),
            after=describe_figure(indicator, Fraction(str(head.body.value)), None),
            reason=head.body.comment,
        )  # fmt: skip
    steps = [
        step
        for step in workspace.store.ledger.history(subject)
        if not step.why_not and not _after(step.entry.at, shut.at)
    ]
    before = _words(indicator, steps[-1].body) if steps and not steps[-1].body.void else _("未填")
    return _late_row(
        workspace, head, about, indicator, "late",
        before=before, after=_words(indicator, head.body), reason=head.body.reason,
    )  # fmt: skip


def _late_row(
    workspace: Workspace,
    head: Head,
    about: list[str],
    indicator: Indicator,
    kind: CorrectionKind,
    *,
    before: str,
    after: str,
    reason: str,
) -> Correction:
    unit = _reporter(workspace, about, head.unit)
    return Correction(
        kind=kind,
        unit=unit,
        unit_name=workspace.organisation.name(unit),
        area=about[1],
        area_name=workspace.organisation.name(about[1]),
        task=indicator.task_no,
        indicator=indicator.id,
        name=indicator.name,
        measure=indicator.unit,
        period=about[4],
        said_in=about[4],
        before=before,
        after=after,
        now=after,
        reason=reason,
        operator=head.operator,
        at=head.at,
        entry=head.id,
    )


def _after(said: str, shut: str) -> bool:
    """Whether one clock's moment is later than another's; what cannot be read is not."""
    try:
        first, second = datetime.fromisoformat(said), datetime.fromisoformat(shut)
        if (first.tzinfo is None) != (second.tzinfo is None):
            first, second = first.replace(tzinfo=None), second.replace(tzinfo=None)
        return first > second
    except ValueError:
        return False


HEADS = (
    "单位", "地区", "任务", "指标", "名称", "单位名", "更正的期间", "记在", "原报数", "更正后", "本期数", "类别",
    "原因", "经办", "时间",
)  # fmt: skip
WIDTHS = (18, 14, 8, 10, 26, 10, 12, 12, 14, 14, 14, 12, 40, 12, 18)


def table_rows(found: list[Correction]) -> list[tuple[str | int, ...]]:
    """The 更正表 as sheets show it, always in Chinese."""
    return [
        (
            row.unit_name,
            row.area_name,
            row.task,
            row.indicator,
            row.name,
            row.measure,
            row.period,
            row.said_in,
            row.before,
            row.after,
            row.now,
            KIND_WORDS[row.kind],
            row.reason,
            row.operator,
            row.at[:16].replace("T", " "),
        )
        for row in found
    ]


def write_table(found: list[Correction], path: Path, title: str) -> Path:
    """The 更正表 as a workbook; StorageError where the disk refuses."""
    import xlsxwriter

    content = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(content, options | {"in_memory": True})
    sheet = book.add_worksheet("更正表")
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bg_color": "#ECEFF3", "border": 1, "align": "center"})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
    sheet.write_string(0, 0, title, bold)
    for column, (words, width) in enumerate(zip(HEADS, WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(1, column, words, head)
    for number, row in enumerate(table_rows(found), start=2):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(number, column, value, cell)
            else:
                sheet.write_string(number, column, value, cell)
    if not found:
        sheet.write_string(2, 0, "（没有更正）", cell)
    sheet.freeze_panes(2, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    book.close()
    save(path, content.getvalue())
    return path
