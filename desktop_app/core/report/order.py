"""督办单 and the meeting pack of a 调度会: what is asked, of whom, until when; with the slip that comes back."""

from __future__ import annotations

import msgspec

from desktop_app.core.figures.numbers import show_percent
from desktop_app.core.i18n import _, on_paper
from desktop_app.core.model.view import LIGHTS
from desktop_app.core.report.bulletin import AreaLine, LagLine, ProblemLine, StepLine, TaskLine, count_words
from desktop_app.core.report.document import (
    Block,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Table,
    ordinal,
)


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One 督办单.  Dates as people write them; `facts` are today's figures of the task at the unit addressed."""

    number: str
    to: str
    issuer: str
    title: str
    task: str
    basis: str
    facts: str
    ask: str
    due: str
    issued: str
    signer: str
    made: str
    answers: tuple[str, ...] = ()
    result: str = ""


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """One action of a meeting: what, who answers, by when, where it stands."""

    what: str
    to: str
    due: str
    state: str


class Meeting(msgspec.Struct, frozen=True, kw_only=True):
    """A 调度会's pack: figures on the table, then room for what is agreed."""

    title: str
    plan: str
    unit: str
    label: str
    date: str
    chair: str
    attendees: str
    minutes: str
    made: str
    areas_word: str
    tasks: tuple[TaskLine, ...]
    areas: tuple[AreaLine, ...]
    lags: tuple[LagLine, ...]
    problems: tuple[ProblemLine, ...]
    steps: tuple[StepLine, ...]
    actions: tuple[Action, ...]
    lag_rule: str


FULL = 156
"""The type area's width in mm."""


@on_paper
def order_document(order: Order) -> Document:
    """The order on one page, the feedback slip on the next."""
    answered = "\n".join(order.answers)
    words = (
        (_("编号"), order.number, _("签发日期"), order.issued),
        (_("督办单位"), order.issuer, _("承办单位"), order.to),
    )
    rest = (
        (_("督办事项"), order.title),
        (_("所属任务"), order.task),
        (_("依据"), order.basis),
        (_("有关情况"), order.facts),
        (_("督办要求"), order.ask),
        (_("办理时限"), order.due),
        (_("签发人"), order.signer),
    )
    slip = (
        (_("编号"), order.number),
        (_("督办事项"), order.title),
        (_("反馈时限"), order.due),
        (_("办理情况"), answered),
        (_("下一步打算"), ""),
        (_("承办单位（盖章）"), ""),
        (_("负责人、联系人"), ""),
        (_("反馈日期"), ""),
        (_("办结意见"), order.result),
    )
    told = tuple(row for row in rest if row[1] or row[0] in (_("督办要求"), _("签发人")))
    roomy = (_("有关情况"), _("督办要求"))
    blocks: list[Block] = [
        Table(rows=words, widths=(26, 52, 26, 52), points=14),
        Table(
            rows=told,
            widths=(26, FULL - 26),
            points=14,
            tall=tuple(number for number, row in enumerate(told) if row[0] in roomy),
        ),
        Paragraph(
            _("请承办单位在时限内办理，并填写后附反馈单，连同佐证材料一并报送{unit}。").format(
                unit=order.issuer
            )
        ),
        PageBreak(),
        Heading(3, _("督办事项办理情况反馈单")),
        Table(rows=slip, widths=(46, FULL - 46), points=14, tall=(3, 4, 5, 8)),
    ]
    return Document(title=_("督办单"), made=order.made, blocks=tuple(blocks), signed="", mark="")


@on_paper
def meeting_document(meeting: Meeting) -> Document:
    """The pack, and the sheet on which actions are written down."""
    blocks: list[Block] = [
        Table(
            rows=(
                (_("时间"), meeting.date, _("主持"), meeting.chair),
                (_("参加单位"), meeting.attendees, _("所议月份"), meeting.label),
            ),
            widths=(26, 52, 26, 52),
            points=14,
        )
    ]
    sections: list[tuple[str, list[Block]]] = [
        (_("总体情况"), _figures(meeting)),
        (_("重点调度事项"), _lag_table(meeting)),
        (_("未销号问题"), _problem_table(meeting)),
        (_("近期时间节点"), _step_table(meeting)),
        (_("议定事项"), _action_table(meeting)),
    ]
    number = 0
    for title, content in sections:
        if content:
            number += 1
            blocks += [Heading(1, f"{ordinal(number)}、{title}"), *content]
    return Document(
        title=meeting.title or _("{plan}调度会材料").format(plan=meeting.plan),
        made=meeting.made,
        mark=_("会议材料"),
        blocks=tuple(blocks),
    )


def _figures(meeting: Meeting) -> list[Block]:
    counts = [
        [sum(t.category == category and t.light == light for t in meeting.tasks) for light in LIGHTS]
        for category in dict.fromkeys(task.category for task in meeting.tasks)
    ]
    names = list(dict.fromkeys(task.category for task in meeting.tasks))
    blocks: list[Block] = [
        Paragraph(
            _("{count}项民生实事中，{states}。").format(
                count=len(meeting.tasks), states=count_words([task.light for task in meeting.tasks])
            )
        ),
        Table(
            caption=_("分类进展"),
            heads=(_("类别"), _("项数"), *(_(word) for word in LIGHTS.values())),
            rows=tuple(
                (name, str(sum(line)), *(str(count) if count else "" for count in line))
                for name, line in zip(names, counts, strict=True)
            ),
            widths=(46, 20, 18, 18, 18, 18, 18),
            right=(1, 2, 3, 4, 5, 6),
        ),
    ]
    if meeting.areas:
        blocks.append(
            Table(
                caption=_("{areas}进展").format(areas=meeting.areas_word),
                heads=(_("单位"), _("应做"), _("不落后"), _("滞后"), _("逾期"), _("平均完成"), _("报送")),
                rows=tuple(
                    (
                        line.name,
                        str(line.of),
                        str(line.good),
                        str(line.counts["yellow"]),
                        str(line.counts["red"]),
                        show_percent(line.mean, 1),
                        _("已报") if line.received else _("未报"),
                    )
                    for line in meeting.areas
                ),
                widths=(40, 18, 20, 18, 18, 24, 18),
                right=(1, 2, 3, 4, 5),
            )
        )
    return blocks


def _lag_table(meeting: Meeting) -> list[Block]:
    lines = [line for line in meeting.lags if line.chosen]
    if not lines:
        return []
    return [
        Table(
            heads=(_("序号"), _("单位"), _("任务"), _("进展"), _("完成"), _("应达")),
            rows=tuple(
                (
                    str(number),
                    line.name,
                    f"{line.no} {line.title}",
                    line.told + (f"；{line.remark}" if line.remark else ""),
                    show_percent(line.percent, 1),
                    show_percent(line.expected, 1),
                )
                for number, line in enumerate(lines, start=1)
            ),
            widths=(12, 22, 40, 46, 18, 18),
            right=(4, 5),
            points=11,
            note=meeting.lag_rule,
        )
    ]


def _problem_table(meeting: Meeting) -> list[Block]:
    if not meeting.problems:
        return []
    return [
        Table(
            heads=(_("单位"), _("任务"), _("问题"), _("已有天数"), _("期限")),
            rows=tuple(
                (
                    line.name,
                    str(line.task),
                    line.text,
                    str(line.age),
                    line.due + (_("（已超期）") if line.overdue else ""),
                )
                for line in meeting.problems
            ),
            widths=(26, 14, 54, 20, 42),
            right=(3,),
            points=11,
        )
    ]


def _step_table(meeting: Meeting) -> list[Block]:
    if not meeting.steps:
        return []
    return [
        Table(
            heads=(_("日期"), _("任务"), _("节点"), _("未完成家数")),
            rows=tuple(
                (
                    _("{month}月{day}日").format(month=line.day.month, day=line.day.day),
                    str(line.no),
                    line.what,
                    str(line.left),
                )
                for line in meeting.steps
            ),
            widths=(24, 14, 92, 26),
            right=(3,),
            points=11,
        )
    ]


BLANKS = 6
"""Empty rows for what is agreed at the meeting."""


def _action_table(meeting: Meeting) -> list[Block]:
    rows = [(str(n), a.what, a.to, a.due, a.state) for n, a in enumerate(meeting.actions, start=1)]
    rows += [("", "", "", "", "")] * max(0, BLANKS - len(rows))
    table = Table(
        heads=(_("序号"), _("要做的事"), _("责任单位"), _("答复期限"), _("办理情况")),
        rows=tuple(rows),
        widths=(14, 60, 30, 30, 22),
    )
    return [*([Paragraph(meeting.minutes)] if meeting.minutes else []), table]
