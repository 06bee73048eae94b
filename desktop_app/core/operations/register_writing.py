"""Writing registers: rows, their closing and freezing, and what a unit answers to another's row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from desktop_app.core.errors import InputError, ReasonNeeded, RuleError
from desktop_app.core.figures.numbers import read_number
from desktop_app.core.i18n import _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.bodies import AnswerBody, RecordBody
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.register import Column, Register, declared
from desktop_app.core.model.unit import LEVEL_NAMES
from desktop_app.core.operations import calendar, changing, personal_fields
from desktop_app.core.operations.registers import register_of, resolve
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.rules import register_rules
from desktop_app.core.store.ledger_heads import Head
from desktop_app.core.store.store import Said

OWN_FIELDS = ("task", "status", "due", "to", "about", "reason")
"""What every row has beside its register's columns."""
FROZEN = "frozen"
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?", re.ASCII)
"""A day as people and spreadsheets write it."""
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


def save(
    workspace: Workspace,
    key: str,
    subject: str | None,
    values: Mapping[str, object],
    *,
    area: str | None = None,
    name: str = "",
    **said: str,
) -> tuple[Changes, str]:
    """Add a row (subject None) or change some of its cells; `values` by column and by OWN_FIELDS, as typed.

    InputError and RuleError for what cannot be, ReasonNeeded for what says the same as another row.  Personal columns
    go into the sealed record.  `name` gives a new row's key where a known one is wanted.
    """
    register = register_of(key)
    head = _head(workspace, subject) if subject else None
    _refuse_level(workspace, register)
    where = head.owner if head else area or workspace.organisation.home_area(workspace.unit_code)
    workspace.known_unit(where)
    given = {column: str(value or "").strip() for column, value in values.items()}
    _refuse_unknown(register, given)
    fields = dict(head.body.fields) if head else {}
    personal: dict[str, str] = {}
    for column in register.columns:
        if column.key not in given:
            continue
        if column.personal:
            if given[column.key]:
                personal[column.key] = given[column.key]
        else:
            fields[column.key] = _cell(workspace, column, given[column.key])
    own = _own_fields(workspace, register, head, given)
    _refuse_frozen(workspace, register, head, where, int(own["task"]))
    if register.number and not fields.get(register.number):
        fields[register.number] = next_number(workspace, register, where)
    _refuse_empty(register, fields, personal, head)
    for text in (*fields.values(), own["reason"]):
        changing.refuse_personal({"note": text})
    if not own["reason"]:
        _ask_about_same(workspace, register, subject, fields)
    sealed = head.body.sealed if head else ""
    if personal:
        before = personal_fields.open_personal(workspace, sealed) if sealed else {}
        sealed = personal_fields.seal_personal(workspace, before | personal)
    body = RecordBody(
        task=int(own["task"]),
        fields={name: text for name, text in fields.items() if text},
        status=str(own["status"]),
        due=str(own["due"]),
        to=str(own["to"]),
        about=str(own["about"]),
        sealed=sealed,
        reason=str(own["reason"]),
    )
    subject = subject or subjects.record(where, register.key, name)
    return _say(workspace, subject, body, said), subject


def _say(workspace: Workspace, subject: str, body: RecordBody, said: Mapping[str, str]) -> Changes:
    operator = said.get("operator") or workspace.operator
    return workspace.say(
        [Said(kind="record", subject=subject, body=body, operator=operator, at=said.get("at", ""))]
    )[0]


def _head(workspace: Workspace, subject: str) -> Head:
    head = workspace.store.ledger.head(subject)
    if head is None or head.kind != "record" or head.body.void:
        raise InputError(
            _("台账册里没有“{what}”这一条。").format(what=subject),
            next_step=_("它可能已作废，请刷新后再试。"),
        )
    return head


def _refuse_level(workspace: Workspace, register: Register) -> None:
    if workspace.unit.level not in register.kept:
        raise RuleError(
            _("“{title}”由{levels}登记。").format(
                title=register.title, levels="、".join(_(LEVEL_NAMES[level]) for level in register.kept)
            ),
            meaning=_("没有保存。"),
            next_step=_("有要反馈的，请在那一条上写答复。"),
        )


def _refuse_unknown(register: Register, given: Mapping[str, str]) -> None:
    known = {*(column.key for column in register.columns), *OWN_FIELDS}
    unknown = [key for key in given if key not in known]
    if unknown:
        raise InputError(
            _("“{title}”没有“{column}”这一栏。").format(title=register.title, column=unknown[0]),
            next_step=_("可用的栏有：{columns}。").format(
                columns="、".join(f"{column.key}（{column.title}）" for column in register.columns)
            ),
        )


def _cell(workspace: Workspace, column: Column, text: str) -> str:
    """A cell as the entry holds it."""
    if not text:
        return ""
    if column.type == "date":
        written = _DAY.fullmatch(text)
        plain = "-".join(part.zfill(2) for part in written.groups()) if written else text
        return changing.checked_date(plain, column.title)
    if column.type == "month" and not _MONTH.fullmatch(text):
        raise InputError(
            _("{what}“{text}”不是月份。").format(what=column.title, text=text),
            next_step=_("请写成 2024-06 的样子。"),
        )
    if column.type in ("number", "money"):
        unit = "元" if column.type == "money" else ""
        return str(read_number(text, unit=unit, decimals=2 if unit else 4))
    if column.type == "bool":
        if text in ("1", "yes", "true", "True", "有"):
            text = register_rules.YES
        if text in ("0", "no", "false", "False", "无"):
            text = register_rules.NO
        return _chosen(column, text, (register_rules.YES, register_rules.NO))
    if column.type == "choice":
        return _chosen(column, text, column.choices)
    if column.type == "unit":
        return unit_code(workspace, text)
    if column.type == "indicator":
        return workspace.indicator(text.split(" ")[0]).id
    return text


def _chosen(column: Column, text: str, choices: Sequence[str]) -> str:
    if text not in choices:
        raise InputError(
            _("{what}不能写“{text}”。").format(what=column.title, text=text),
            next_step=_("请从这几项里选：{choices}。").format(choices="、".join(choices)),
        )
    return text


def unit_code(workspace: Workspace, text: str) -> str:
    """A unit by its code or its name; InputError when there is none, or several of that name."""
    organisation = workspace.organisation
    if organisation.get(text) is None:
        named = [unit.code for unit in organisation if unit.name == text]
        if len(named) == 1:
            return named[0]
    return workspace.known_unit(text).code


def _own_fields(
    workspace: Workspace, register: Register, head: Head | None, given: Mapping[str, str]
) -> dict[str, str | int]:
    """Task, status, time limit, addressee and what the row is about; unchanged ones as they are."""
    body = head.body if head else RecordBody(status=register.first_status)
    task = given.get("task", str(body.task or "")) or "0"
    if not task.isdecimal() or (task != "0" and workspace.plan.task(int(task)) is None):
        raise InputError(_("没有第 {no} 项任务。").format(no=task), next_step=_("任务序号见“任务”页。"))
    status = given.get("status", body.status) or register.first_status
    if register.steps and register.step(status) is None:
        named = next((step.key for step in register.steps if step.title == status), None)
        if named is None:
            raise InputError(
                _("状态不能写“{text}”。").format(text=status),
                next_step=_("请从这几项里选：{choices}。").format(
                    choices="、".join(step.title for step in register.steps)
                ),
            )
        status = named
    to = given.get("to", body.to)
    if register.addressed and to:
        to = unit_code(workspace, to)
    about = given.get("about", body.about)
    if about and about != body.about:
        about = _about(workspace, register, about)
    due = changing.checked_date(given["due"], _("期限")) if "due" in given else body.due
    return {
        "task": int(task), "status": status, "due": due, "to": to, "about": about,
        "reason": given.get("reason", ""),
    }  # fmt: skip


def _about(workspace: Workspace, register: Register, about: str) -> str:
    """The subject a row belongs to, checked against what the register says it may be."""
    from desktop_app.core.operations import evidence

    found = resolve(workspace, about) if register.about.startswith("record/") else None
    found = found or evidence.resolve_about(workspace, about)
    kind = register.about.split("/")
    words = found.split("/")
    if register.about and (words[0] != kind[0] or (len(kind) > 1 and words[2] != kind[1])):
        raise InputError(
            _("“{about}”不是“{title}”能挂的对象。").format(about=about, title=register.title),
            next_step=_("请选对应的一处或一条。"),
        )
    return found


def _refuse_empty(
    register: Register, fields: Mapping[str, str], personal: Mapping[str, str], head: Head | None
) -> None:
    for column in register.columns:
        kept = personal.get(column.key) or (head is not None and head.body.sealed)
        if column.required and not (kept if column.personal else fields.get(column.key)):
            raise InputError(
                _("“{column}”不能空着。").format(column=column.title), next_step=_("请填好这一栏再保存。")
            )


def _refuse_frozen(workspace: Workspace, register: Register, head: Head | None, area: str, task: int) -> None:
    if not register.freezes:
        return
    frozen = head is not None and head.body.status == FROZEN
    if head is None:
        frozen = any(
            other.body.status == FROZEN and other.body.task == task
            for other in _rows_of(workspace, register, area)
        )
    if frozen:
        raise RuleError(
            _("“{title}”已经冻结，不能再改。").format(title=register.title),
            meaning=_("没有保存。底数冻结以后，完成率都按它算。"),
            next_step=_("情况有变或确属数错，请在“问题”里说明，由上级定。"),
        )


def _rows_of(workspace: Workspace, register: Register, area: str | None = None) -> list[Head]:
    return [
        head
        for head in workspace.store.ledger.heads("record", area)
        if head.subject.split("/")[2] == register.key
    ]


def next_number(workspace: Workspace, register: Register, area: str) -> str:
    """The number after the highest of this area's: 〔2024〕3号."""
    year = workspace.plan.year
    taken = [
        int(found.group(1))
        for head in _rows_of(workspace, register, area)
        if (found := re.fullmatch(rf"〔{year}〕(\d+)号", head.body.fields.get(register.number, "")))
    ]
    return f"〔{year}〕{max(taken, default=0) + 1}号"


def _ask_about_same(
    workspace: Workspace, register: Register, subject: str | None, fields: Mapping[str, str]
) -> None:
    """Something that is not to be said twice, here or in a register of the same family."""
    said = tuple(fields.get(key, "") for key in register.unique)
    if not register.unique or not all(said):
        return
    wanted = tuple(map(register_rules.sameness, said))
    related = [r for r in declared().registers if r.family and r.family == register.family] or [register]
    for other in related:
        for head in _rows_of(workspace, other):
            words = tuple(register_rules.sameness(head.body.fields.get(key, "")) for key in other.unique)
            if head.subject != subject and words == wanted:
                raise ReasonNeeded(
                    _("“{name}”在{area}的“{title}”里已经有一条。").format(
                        name="、".join(said),
                        area=workspace.organisation.name(head.owner),
                        title=other.title,
                    ),
                    meaning=_("还没有保存。可能重复登记、重复享受。"),
                    next_step=_("核对后确属两回事的，请写明原因再保存。"),
                )


# -- closing, freezing, taking back ----------------------------------------------------------------------------------


def close(
    workspace: Workspace, subject: str, values: Mapping[str, object] | None = None, **said: str
) -> Changes:
    """办结、销号: the closing status, with more cells where given.  RuleError where the register wants proof and there
    is none."""
    subject = resolve(workspace, subject)
    head = _head(workspace, subject)
    register = register_of(subject.split("/")[2])
    if not register.closing:
        raise InputError(
            _("“{title}”没有办结这一步。").format(title=register.title), next_step=_("直接修改这一条即可。")
        )
    if register.proof and not workspace.store.ledger.evidence_about(subject):
        raise RuleError(
            _("这一条还没有佐证材料，不能办结。"),
            meaning=_("没有保存。"),
            next_step=_(
                "请先给它添加照片或文件，再点办结（命令行：taizhang attach 文件 --to {key}）。"
            ).format(key=subject.rsplit("/", 1)[1]),
        )
    if register.freezes and head.body.status == FROZEN:
        return Changes()
    more = {"status": register.closing, **(values or {})}
    day = register.column("closed") or register.column("done")
    if day is not None and day.type == "date" and not more.get(day.key) and not head.body.fields.get(day.key):
        more[day.key] = calendar.today(workspace).isoformat()
    return save(workspace, register.key, subject, more, **said)[0]


def freeze(workspace: Workspace, key: str, *, task: int = 0, area: str | None = None, **said: str) -> Changes:
    """Freeze an area's rows (of one task, where given) together: nothing of them changes afterwards."""
    register = register_of(key)
    if not register.freezes:
        raise InputError(
            _("“{title}”不需要冻结。").format(title=register.title), next_step=_("只有摸底底数要冻结。")
        )
    _refuse_level(workspace, register)
    where = area or workspace.organisation.home_area(workspace.unit_code)
    heads = [
        head
        for head in _rows_of(workspace, register, where)
        if head.body.status != FROZEN and (not task or head.body.task == task)
    ]
    if not heads:
        raise InputError(_("没有可以冻结的底数。"), next_step=_("请先登记底数，数清以后再冻结。"))
    operator = said.get("operator") or workspace.operator
    return workspace.say(
        [
            Said(
                kind="record",
                subject=head.subject,
                body=_with(head.body, status=FROZEN, reason=""),
                operator=operator,
                at=said.get("at", ""),
            )
            for head in heads
        ]
    )[0]


def _with(body: RecordBody, **changed: object) -> RecordBody:
    return RecordBody(**{name: getattr(body, name) for name in body.__struct_fields__} | changed)


def void(workspace: Workspace, subject: str, reason: str) -> Changes:
    """作废 a row, with a reason; its history stays.  A frozen one stays too."""
    subject = resolve(workspace, subject)
    head = _head(workspace, subject)
    if not reason.strip():
        raise InputError(_("作废要写原因。"), next_step=_("请写一句为什么作废。"))
    register = declared().get(subject.split("/")[2])
    if register is not None:
        _refuse_frozen(workspace, register, head, head.owner, head.body.task)
    return _say(workspace, subject, _with(head.body, void=True, reason=reason.strip()), {})


def answer(
    workspace: Workspace,
    about: str,
    text: str,
    *,
    status: str = "",
    day: str = "",
    to: str = "",
    **said: str,
) -> Changes:
    """Answer a row, an order or a problem in this unit's own name; a later answer replaces the earlier one, which
    stays in its history."""
    if not text.strip():
        raise InputError(_("答复不能空着。"), next_step=_("请写清楚办到哪一步、什么时候办完。"))
    if status not in ("", "doing", "done", "confirmed", "returned"):
        raise InputError(
            _("状态不能写“{text}”。").format(text=status),
            next_step=_("请从这几项里选：{choices}。").format(choices="doing、done、confirmed、returned"),
        )
    changing.refuse_personal({"text": text})
    if workspace.store.ledger.head(about) is None:
        raise InputError(_("没有找到“{subject}”。").format(subject=about), next_step=_("请刷新后再试。"))
    body = AnswerBody(
        text=text.strip(),
        status=status,  # type: ignore[arg-type]
        date=changing.checked_date(day, _("日期")) or calendar.today(workspace).isoformat(),
        to=unit_code(workspace, to) if to else "",
    )
    subject = subjects.answer(workspace.unit_code, about)
    operator = said.get("operator") or workspace.operator
    return workspace.say(
        [Said(kind="answer", subject=subject, body=body, operator=operator, at=said.get("at", ""))]
    )[0]


# -- many at once ----------------------------------------------------------------------------------------------------


def import_rows(workspace: Workspace, key: str, path: Path, *, task: int = 0, reason: str = "") -> Changes:
    """Rows from a table whose first line holds column titles; all of them or, at the first that cannot be taken,
    none."""
    from desktop_app.core.operations import tables

    register = register_of(key)
    heads = {column.key: (column.title.lower(), column.key) for column in register.columns}
    heads |= {"due": ("期限", "due"), "to": ("承办单位", "to"), "about": ("所属", "about")}
    required = [column.key for column in register.columns if column.required]
    changes = []
    with workspace.store.transaction():
        for number, values in tables.read_table(path, heads, required):
            more = {"task": task, "reason": reason} if task else {"reason": reason}
            try:
                changes.append(save(workspace, key, None, {**values, **more})[0])
            except InputError as error:
                raise type(error)(
                    _("第 {row} 行：{what}").format(row=number, what=error.what),
                    meaning=_("这个文件一行也没有存。"),
                    next_step=error.next_step,
                ) from error
    return Changes.joined(changes)
