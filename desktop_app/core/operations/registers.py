"""Registers: reading their rows with what was answered, what is late and what is wrong; summaries, missed visits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from desktop_app.core.errors import InputError
from desktop_app.core.figures.numbers import show
from desktop_app.core.i18n import N_, _
from desktop_app.core.model.forms import day_of, is_date
from desktop_app.core.model.record_view import AnswerView, MissedView, RecordView, SummaryView
from desktop_app.core.model.register import Column, Register, declared, register_or_plain
from desktop_app.core.operations import calendar
from desktop_app.core.operations.own_line import own_line
from desktop_app.core.operations.register_concern import Concern
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.rules import register_rules
from desktop_app.core.store.ledger_heads import Head
from desktop_app.core.trust import authority

ANSWER_WORDS: dict[str, str] = {
    "": N_("已答复"),
    "doing": N_("在办"),
    "done": N_("已办"),
    "confirmed": N_("已核实"),
    "returned": N_("退回"),
}
"""What an answering unit says of its part, for package sheets; screens look them up with `_`."""


def register_of(key: str) -> Register:
    """A declared register; InputError where there is none of that name."""
    found = declared().get(key) or next((r for r in declared().registers if r.title == key), None)
    if found is None:
        raise InputError(
            _("没有“{key}”这个台账册。").format(key=key),
            next_step=_("请从台账册清单里选（命令行：taizhang register list）。"),
        )
    return found


def keeps(workspace: Workspace, register: Register) -> bool:
    """Whether this desk's unit writes rows of the register."""
    return workspace.unit.level in register.kept


# -- answers ---------------------------------------------------------------------------------------------------------


def answers_by_subject(workspace: Workspace) -> dict[str, list[AnswerView]]:
    """Every unit's latest word, by what it is about; the oldest first."""
    organisation = workspace.organisation
    found: dict[str, list[AnswerView]] = {}
    for head in workspace.store.ledger.heads("answer"):
        about = head.subject.split("/", 2)[2]
        body = head.body
        found.setdefault(about, []).append(
            AnswerView(
                subject=head.subject,
                about=about,
                unit=head.owner,
                unit_name=organisation.name(head.owner),
                text=body.text,
                status=body.status,
                word=_(ANSWER_WORDS[body.status]),
                date=body.date or day_of(head.at),
                to=body.to,
                to_name=organisation.name(body.to) if body.to else "",
                at=head.at,
            )
        )
    for answers in found.values():
        answers.sort(key=lambda answer: (answer.date, answer.at, answer.unit))
    return found


# -- rows ------------------------------------------------------------------------------------------------------------


class Reader:
    """Reads rows of registers; what all rows share is read once."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.organisation = workspace.organisation
        self.today = calendar.today(workspace)
        self.answers = answers_by_subject(workspace)
        self.evidence = workspace.store.ledger.evidence_counts(sites=False)
        self.plan = workspace.store.ledger.plan()
        self.line = own_line(workspace) if self.plan is not None else None
        self.context = workspace.store.projector.context()
        self._heads: list[Head] | None = None
        self._concern: Concern | None = None
        self._by_subject: dict[str, Head] = {}
        self._raised: set[str] = {
            row["subject"]
            for row in workspace.store.connection.execute(
                "SELECT subject FROM head WHERE kind IN ('record', 'problem') AND n = 1"
            )
        }

    @property
    def heads(self) -> list[Head]:
        if self._heads is None:
            every = self.workspace.store.ledger.heads("record")
            self._heads = [head for head in every if self._is_ours(head)]
            self._by_subject = {head.subject: head for head in self._heads}
        return self._heads

    def _is_ours(self, head: Head) -> bool:
        """What a unit above wrote and sent to another comes along in its packages; it is not shown here.  To a
        department its own line is."""
        own = self.workspace.unit_code
        if self.line is not None and not self._of_the_line(head):
            return False
        if head.owner == own or not self.organisation.is_above(head.owner, own):
            return True
        if self._concern is None:
            units = {own, *(unit.code for unit in self.organisation.below(own))}
            self._concern = Concern(self.workspace, units)
        return self._concern.record(head) or self.organisation.home_area(own) == head.owner

    def _of_the_line(self, head: Head) -> bool:
        if self.workspace.unit_code in (head.unit, head.owner, head.body.to):
            return True
        register = declared().get(head.subject.split("/")[2])
        asked = {head.body.task} if head.body.task else set(register.tasks if register is not None else ())
        return not asked or bool(asked & (self.line or frozenset()))

    def raised(self, head: Head) -> str:
        """The day of a subject's first word."""
        if head.subject in self._raised:
            return day_of(head.at)
        steps = self.workspace.store.ledger.history(head.subject)
        return day_of(steps[0].entry.at) if steps else day_of(head.at)

    def rows(self, key: str, area: str | None = None) -> list[RecordView]:
        heads = [
            head
            for head in self.heads
            if head.subject.split("/")[2] == key and (area is None or head.owner == area)
        ]
        register = declared().get(key) or register_or_plain(key, self._columns(heads))
        twice = self._duplicates(register, heads)
        views = [self.row(register, head, twice) for head in heads]
        return sorted(views, key=lambda view: (view.closed, view.area, view.raised, view.name, view.subject))

    @staticmethod
    def _columns(heads: Iterable[Head]) -> list[str]:
        return list(dict.fromkeys(key for head in heads for key in head.body.fields))

    def _duplicates(self, register: Register, heads: list[Head]) -> dict[str, list[str]]:
        if not register.unique:
            return {}
        return register_rules.duplicates(
            (head.subject, tuple(head.body.fields.get(key, "") for key in register.unique)) for head in heads
        )

    def row(self, register: Register, head: Head, twice: Mapping[str, list[str]]) -> RecordView:
        body = head.body
        raised = self.raised(head)
        said = tuple(self.answers.get(head.subject, ()))
        closed = register.is_closed(body.status)
        answered = any(answer.unit == body.to for answer in said) if body.to else False
        due = date.fromisoformat(body.due) if body.due and is_date(body.due) else None
        late = (self.today - due).days if due is not None and not closed and not answered else 0
        return RecordView(
            subject=head.subject,
            register=register.key,
            register_title=register.title,
            area=head.owner,
            area_name=self.organisation.name(head.owner),
            unit=head.unit,
            task=body.task,
            name=body.fields.get(register.called_by, "") or register.title,
            values=dict(body.fields),
            shown={key: self.shown(register.column(key), text) for key, text in body.fields.items() if text},
            spans=_spans(register, body.fields),
            status=body.status,
            state=self._state(register, body.status, said, closed, answered),
            closed=closed,
            due=body.due,
            to=body.to,
            to_name=self.organisation.name(body.to) if body.to else "",
            about=body.about,
            about_name=self.about_name(body.about),
            sealed=bool(body.sealed),
            raised=raised,
            age_days=max(0, (self.today - date.fromisoformat(raised)).days) if raised else 0,
            overdue=max(0, late),
            evidence=self.evidence.get(head.subject, 0),
            answers=said,
            warnings=self._warnings(register, head, twice, said),
            heads=head.heads,
            mine=not authority.refusal(self.context, "record", head.subject, self.workspace.unit_code, body),
        )

    def _state(
        self, register: Register, status: str, said: tuple[AnswerView, ...], closed: bool, answered: bool
    ) -> str:
        step = register.step(status)
        if answered and not closed:
            return _("已反馈")
        if step is not None:
            return step.title
        return status

    def _warnings(
        self, register: Register, head: Head, twice: Mapping[str, list[str]], said: tuple[AnswerView, ...]
    ) -> tuple[str, ...]:
        found = list(register_rules.row_warnings(register, head.body.fields, head.body.task))
        if others := twice.get(head.subject):
            areas = "、".join(dict.fromkeys(self.organisation.name(item.split("/")[1]) for item in others))
            found.append(_("与{areas}的另外 {count} 条重复。").format(areas=areas, count=len(others)))
        if register.proof and register.is_closed(head.body.status) and not self.evidence.get(head.subject):
            found.append(_("办结了，还没有佐证。"))
        late = [answer for answer in said if head.body.due and answer.date > head.body.due]
        if head.body.to and late and all(answer.date > head.body.due for answer in said):
            found.append(
                _("{name}在 {day} 才答复，晚于期限。").format(name=late[0].unit_name, day=late[0].date)
            )
        return tuple(found)

    def shown(self, column: Column | None, text: str) -> str:
        """A cell as people read it."""
        if column is None:
            return text
        if column.type == "unit":
            return self.organisation.name(text)
        if column.type == "indicator" and self.plan is not None:
            indicator = self.plan.indicator(text)
            return f"{text} {indicator.name}" if indicator else text
        if column.type in ("number", "money"):
            amount = register_rules.number(text)
            decimals = len(text.partition(".")[2])
            return text if amount is None else show(amount, decimals)
        return text

    def about_name(self, about: str) -> str:
        """What a row belongs to, by name."""
        if not about:
            return ""
        head = self._by_subject.get(about) or self.workspace.store.ledger.head(about)
        if head is None:
            return _("（尚未收到）")
        if head.kind == "record":
            register = register_or_plain(about.split("/")[2], head.body.fields)
            return str(head.body.fields.get(register.called_by, "")) or register.title
        if head.kind == "problem":
            return str(head.body.text)
        return str(getattr(head.body, "name", about))


def _spans(register: Register, fields: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for span in register.spans:
        days = register_rules.days_between(fields.get(span.start, ""), fields.get(span.end, ""))
        if days is not None:
            found[span.title] = str(days)
    return found


def rows(workspace: Workspace, key: str, area: str | None = None) -> list[RecordView]:
    """A register's rows: open ones first, by area and age."""
    return Reader(workspace).rows(key, area)


def row(workspace: Workspace, subject: str) -> RecordView:
    """One row by its subject or the end of it.  InputError where there is none."""
    subject = resolve(workspace, subject)
    reader = Reader(workspace)
    return next(view for view in reader.rows(subject.split("/")[2]) if view.subject == subject)


def resolve(workspace: Workspace, what: str) -> str:
    """A row's subject, from the whole of it, its key or a number like 〔2024〕3号."""
    found = []
    for head in workspace.store.ledger.heads("record"):
        if head.subject == what:
            return what
        register = declared().get(head.subject.split("/")[2])
        numbered = register is not None and register.number and head.body.fields.get(register.number) == what
        if head.subject.endswith("/" + what) or numbered:
            found.append(head.subject)
    if len(found) == 1:
        return found[0]
    raise InputError(
        _("台账册里没有“{what}”这一条。").format(what=what)
        if not found
        else _("“{what}”不止一条。").format(what=what),
        next_step=_("请写完整的编号（命令行：taizhang register show 台账册）。"),
    )


def counts(workspace: Workspace) -> dict[str, tuple[int, int, int]]:
    """(rows, open, overdue) by register; registers without a row are left out."""
    reader = Reader(workspace)
    found: dict[str, tuple[int, int, int]] = {}
    for head in reader.heads:
        key = head.subject.split("/")[2]
        register = register_or_plain(key, head.body.fields)
        total, opened, overdue = found.get(key, (0, 0, 0))
        is_open = bool(register.steps) and not register.is_closed(head.body.status)
        answered = any(answer.unit == head.body.to for answer in reader.answers.get(head.subject, ()))
        late = is_open and not answered and bool(head.body.due) and head.body.due < reader.today.isoformat()
        found[key] = (total + 1, opened + is_open, overdue + late)
    return found


# -- over many rows --------------------------------------------------------------------------------------------------


def summary(workspace: Workspace, key: str, on: str = "") -> list[SummaryView]:
    """A register by area; `on` is the day on which a roster's net number is taken (today's by default)."""
    reader = Reader(workspace)
    register = register_or_plain(key)
    day = on or reader.today.isoformat()
    by_area: dict[str, list[RecordView]] = {}
    for view in reader.rows(key):
        by_area.setdefault(view.area, []).append(view)
    lines = []
    for area, views in sorted(by_area.items()):
        totals = {
            column: sum(
                (amount for view in views if (amount := register_rules.number(view.values.get(column, "")))),
                Fraction(0),
            )
            for column in register.total
        }
        net = None
        if register.entry:
            net = sum(register_rules.is_on(register, view.values, day) for view in views)
        lines.append(
            SummaryView(
                area=area,
                area_name=reader.organisation.name(area),
                count=len(views),
                open=sum(bool(register.steps) and not view.closed for view in views),
                overdue=sum(view.overdue > 0 for view in views),
                closed=sum(view.closed for view in views),
                net=net,
                totals=totals,
            )
        )
    return lines


def missed(workspace: Workspace, key: str, month: str) -> list[MissedView]:
    """Rows of a roster that stand in a month and have no row of its log (a visit, a review) in it; of a register that
    is itself to have a row every month, the areas that have none.  InputError for a register of which nothing is asked
    every month."""
    register = register_of(key)
    if register.every and not register.log:
        return _areas_without(Reader(workspace), register, month)
    if not register.log:
        raise InputError(
            _("“{title}”没有规定每月要做什么。").format(title=register.title),
            next_step=_("可以查的有：{titles}。").format(
                titles="、".join(r.title for r in declared().registers if r.every)
            ),
        )
    log = register_of(register.log)
    when = next(column.key for column in log.columns if column.type == "date")
    reader = Reader(workspace)
    days: dict[str, list[str]] = {}
    for entry in reader.rows(log.key):
        days.setdefault(entry.about, []).append(entry.values.get(when, ""))
    return [
        MissedView(
            subject=view.subject,
            area_name=view.area_name,
            name=view.name,
            month=month,
            last=max((day for day in days.get(view.subject, ()) if day[:7] <= month), default=""),
        )
        for view in reader.rows(key)
        if register_rules.in_month(register, view.values, month)
        and not any(day[:7] == month for day in days.get(view.subject, ()))
    ]


def _areas_without(reader: Reader, register: Register, month: str) -> list[MissedView]:
    """The areas that have rows of earlier months and no closed one of this month."""
    when = next(column.key for column in register.columns if column.type == "month")
    by_area: dict[str, list[RecordView]] = {}
    for view in reader.rows(register.key):
        if view.values.get(when, "") <= month:
            by_area.setdefault(view.area, []).append(view)
    found = []
    for _area, views in sorted(by_area.items()):
        here = [view for view in views if view.values.get(when) == month]
        if any(view.closed for view in here):
            continue
        last = max(views, key=lambda view: view.values.get(when, ""))
        found.append(
            MissedView(
                subject=last.subject,
                area_name=last.area_name,
                name=register.title,
                month=month,
                last=max((v.values.get(when, "") for v in views if v.closed), default=""),
            )
        )
    return found
