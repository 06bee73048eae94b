"""How records and answers travel: whom they concern, what one office is given of another's, and the sheets that show
them.

An entry is valid only in a container its own unit signed.  What a lead department says therefore goes on to a county
in the department's own signed package, handed on unchanged by the city; and what a department has to review comes to
it in the packages of the units that reported it.
"""

from __future__ import annotations

from collections.abc import Iterable

from desktop_app.core.model.register import register_or_plain
from desktop_app.core.model.unit import Unit
from desktop_app.core.operations import gathering, reviewing
from desktop_app.core.operations.register_concern import Concern
from desktop_app.core.operations.registers import ANSWER_WORDS
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package.columns import ANSWER_COLUMNS, RECORD_COLUMNS
from desktop_app.core.package.forward import Forwarded
from desktop_app.core.package.sheets import ANSWERS, RECORDS, TableRow, TableSheet
from desktop_app.core.rules.privacy import mask
from desktop_app.core.store.ledger_heads import Head


def units_of(workspace: Workspace, unit: Unit) -> set[str]:
    """A unit and everything below it."""
    return {unit.code, *(below.code for below in workspace.organisation.below(unit.code))}


def own_for(workspace: Workspace, subject: str, concern: Concern) -> bool:
    """Whether a record, an answer or a problem that this desk has spoken of goes down to the units of `concern`."""
    head = workspace.store.ledger.head(subject)
    return head is not None and concern.said(head)


def brought_by_others(workspace: Workspace, unit: Unit) -> list[Forwarded]:
    """Signed packages of other offices that a unit below needs: answers and records that concern it, reviews of what
    it reports, problems put before it, and the figures that it is to review."""
    units = units_of(workspace, unit)
    own = workspace.unit_code
    above = set(workspace.organisation.above(own))
    concern = Concern(workspace, units)
    ledger = workspace.store.ledger
    needed = {
        (head.subject, head.id)
        for kind in ("record", "answer", "review", "problem")
        for head in ledger.heads(kind)
        if head.unit != own and head.unit not in above | units and concern.said(head)
    }
    wanted = _containers_of(workspace, needed) | _to_review(workspace, unit, units)
    standing = workspace.store.projector.standing()
    return [
        gathering.load_forwarded(workspace, row["seq"])
        for row in ledger.containers()
        if row["seq"] in wanted
        and row["origin"] in ("package", "forwarded")
        and row["seq"] in standing.unit
        and gathering.has_journal(workspace, row["seq"])
    ]


def _containers_of(workspace: Workspace, keys: Iterable[tuple[str, str]]) -> set[int]:
    """The containers that carry these entries, signed by the entries' own units."""
    found: set[int] = set()
    for subject, ident in keys:
        found.update(
            row["container"]
            for row in workspace.store.connection.execute(
                "SELECT origin.container FROM origin"
                " JOIN entry ON entry.subject = origin.subject AND entry.id = origin.id"
                " JOIN container ON container.seq = origin.container AND container.unit = entry.unit"
                " WHERE origin.subject = ? AND origin.id = ? ORDER BY container.seq DESC LIMIT 1",
                (subject, bytes.fromhex(ident)),
            )
        )
    return found


def _to_review(workspace: Workspace, unit: Unit, units: set[str]) -> set[int]:
    """The submissions of the units whose figures this one reviews (审核单位), the unit's own left out."""
    reporters = {other.code for other in reviewing.reviewed_elsewhere(workspace, unit.code)}
    return {
        row["seq"]
        for row in workspace.store.ledger.containers()
        if row["unit"] in reporters - units and row["purpose"] in ("submission", "supplement")
    }


# -- sheets ----------------------------------------------------------------------------------------------------------


def fields_text(head: Head) -> str:
    """A row's cells, one to a line: the title and what it says."""
    register = register_or_plain(head.subject.split("/")[2], head.body.fields)
    titles = {column.key: column.title for column in register.columns}
    order = {key: place for place, key in enumerate(titles)}
    fields = sorted(head.body.fields.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))
    return "\n".join(f"{titles.get(key, key)}：{mask(' '.join(text.split()))}" for key, text in fields)


def register_tables(workspace: Workspace) -> tuple[TableSheet, ...]:
    """台账册 and 答复 of this desk's territory, each only where there is something to show."""
    units = gathering.territory(workspace)
    organisation = workspace.organisation
    ledger = workspace.store.ledger
    records: list[TableRow] = []
    for head in ledger.heads("record"):
        if head.unit not in units:
            continue
        register = register_or_plain(head.subject.split("/")[2], head.body.fields)
        step = register.step(head.body.status)
        state = step.title if step else head.body.status
        to = organisation.name(head.body.to) if head.body.to else ""
        records.append(
            TableRow(
                cells=(
                    len(records) + 1,
                    register.title,
                    head.body.task or None,
                    organisation.name(head.owner),
                    fields_text(head),
                    state,
                    head.body.due,
                    to,
                ),
                entry=head.id,
            )
        )
    answers: list[TableRow] = []
    for head in ledger.heads("answer"):
        if head.unit not in units:
            continue
        about = head.subject.split("/", 2)[2]
        asked = ledger.head(about)
        body = head.body
        answers.append(
            TableRow(
                cells=(
                    len(answers) + 1,
                    organisation.name(head.owner),
                    _called(asked) if asked is not None else about.split("/")[0],
                    mask(body.text),
                    ANSWER_WORDS[body.status],
                    body.date,
                ),
                entry=head.id,
            )
        )
    tables = []
    if records:
        tables.append(_table(RECORDS, "台账册（督办、验收、名册等）", RECORD_COLUMNS, records))
    if answers:
        tables.append(_table(ANSWERS, "对督办、问题等的答复", ANSWER_COLUMNS, answers))
    return tuple(tables)


def _called(head: Head) -> str:
    if head.kind == "record":
        register = register_or_plain(head.subject.split("/")[2], head.body.fields)
        return mask(f"{register.title}：{head.body.fields.get(register.called_by, '')}")
    return mask(str(getattr(head.body, "text", head.kind)))


def _table(name: str, title: str, columns: tuple[tuple[str, float], ...], rows: list[TableRow]) -> TableSheet:
    return TableSheet(
        name=name,
        title=title,
        heads=tuple(head for head, _width in columns),
        rows=tuple(rows),
        widths=tuple(int(width) for _head, width in columns),
    )
