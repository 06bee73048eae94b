"""Packages going down: the setup package of a new desk, and replies (receipts, returns, new shares)."""

from __future__ import annotations

from collections.abc import Sequence, Set
from pathlib import Path

from desktop_app.core.errors import InputError, UsageError
from desktop_app.core.i18n import _
from desktop_app.core.model.period import Period
from desktop_app.core.model.unit import Unit
from desktop_app.core.operations import gathering, receipts, register_travel, writing
from desktop_app.core.operations.downward_sheets import answer_table, cover, share_table, unit_table
from desktop_app.core.operations.exporting import Exported, ExportedFile
from desktop_app.core.operations.gathering import Key
from desktop_app.core.operations.handing_on import disputed, given_back, other_sides, passed_down
from desktop_app.core.operations.quarantine import safe_name
from desktop_app.core.operations.register_concern import Concern
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package.forward import Forwarded
from desktop_app.core.package.manifest import Purpose
from desktop_app.core.package.sheets import Sheets
from desktop_app.core.package.sources import FileSource
from desktop_app.core.progress import Progress, silent
from desktop_app.core.store.ledger_heads import Head

FOUNDATION = frozenset({"plan", "unit", "setting", "duty", "allocation", "schedule", "revocation", "root"})
ANSWERS = frozenset({"review", "receipt", "closing"})


def concerns(workspace: Workspace, unit: Unit) -> set[str]:
    """Codes whose shares and duties a unit needs to know: itself, its territory, what lies above and below it, and
    areas for which it reports or reviews, or once did."""
    organisation = workspace.organisation
    duties = workspace.store.projector.context().duties
    return {
        *(
            area
            for (_plan, _indicator, area), duty in duties.items()
            if unit.code in (duty.reporter, duty.reviewer, *duty.earlier.values())
        ),
        unit.code,
        organisation.home_area(unit.code),
        *organisation.above(unit.code),
        *(below.code for below in organisation.below(unit.code)),
    }


def is_foundation_for(subject: str, kind: str, codes: set[str]) -> bool:
    if kind not in FOUNDATION:
        return False
    if kind in ("plan", "unit", "setting", "revocation", "root"):
        return True
    return subject.split("/")[1] in codes


def own_foundation(workspace: Workspace, unit: Unit) -> list[Key]:
    codes = concerns(workspace, unit)
    return [
        (subject, ident)
        for subject, ident, kind in workspace.store.ledger.own_keys()
        if is_foundation_for(subject, kind, codes)
    ]


def answers_for(workspace: Workspace, unit: Unit) -> list[Key]:
    """Receipts for the unit's containers, reviews of what it or units below it said, and what this desk said in
    their place (代录, a settled difference)."""
    organisation = workspace.organisation
    units = {unit.code, *(below.code for below in organisation.below(unit.code))}
    context = workspace.store.projector.context()
    ledger = workspace.store.ledger
    concern = Concern(workspace, units)
    containers = {row["digest"] for code in units for row in ledger.containers(unit=code)}
    found = []
    for subject, ident, kind in ledger.own_keys():
        words = subject.split("/")
        if kind == "receipt":
            mine = len(words) > 2 and words[2] in containers
        elif kind == "review" and len(words) == 7 and words[2] == "progress":
            duty = context.duty(words[4], words[5], words[3])
            mine = words[3] in units or (duty is not None and duty.reporter in units)
        elif kind == "review":
            mine = len(words) > 3 and words[3] in units
        elif kind == "progress" and len(words) == 5:
            duty = context.duty(words[2], words[3], words[1])
            mine = duty is not None and duty.reporter_at(words[4]) in units
        elif kind == "site":
            mine = bool(units & context.reporters_in(words[1]))
        elif kind == "evidence":
            head = ledger.head(subject)
            mine = head is not None and speaks_of(workspace, head, units)
        elif kind in ("milestone", "problem", "fund", "submission"):
            mine = words[1] in units or (
                kind == "problem" and register_travel.own_for(workspace, subject, concern)
            )
        elif kind in ("record", "answer"):
            mine = register_travel.own_for(workspace, subject, concern)
        else:
            mine = kind == "closing"
        if mine:
            found.append((subject, ident))
    return found


def speaks_of(workspace: Workspace, evidence: Head, units: set[str]) -> bool:
    """Whether evidence of this desk's proves something it entered for one of these units (代录), and nothing that is
    none of theirs."""
    context = workspace.store.projector.context()
    found = []
    for about in evidence.body.about:
        words = about.split("/")
        if words[0] == "progress" and len(words) == 5:
            duty = context.duty(words[2], words[3], words[1])
            found.append(duty is not None and duty.reporter_at(words[4]) in units)
        elif words[0] == "site" and len(words) == 3:
            found.append(bool(units & context.reporters_in(words[1])))
        elif words[0] == "submission" and len(words) == 3:
            found.append(words[1] in units)
        else:
            found.append(False)
    return bool(found) and all(found) and not evidence.body.personal


def files_of(workspace: Workspace, keys: Sequence[Key]) -> list[FileSource]:
    """The bytes of the evidence among these entries, as far as they are here and in the open."""
    found: dict[str, FileSource] = {}
    for subject, ident in keys:
        head = workspace.store.ledger.head(subject) if subject.startswith("evidence/") else None
        if head is None or head.id != ident.hex() or head.body.void or head.body.personal:
            continue
        stored = workspace.store.files.find(head.body.sha256)
        if stored is not None and not stored[1]:
            found[head.body.sha256] = gathering.open_file(head, stored[0])
    return [found[key] for key in sorted(found)]


# -- writing -------------------------------------------------------------------------------------------------------


def send_down(
    workspace: Workspace,
    unit: Unit,
    folder: Path,
    purpose: Purpose,
    keys: list[Key],
    sheets: Sheets,
    stem: str,
    submissions: Sequence[Forwarded],
    progress: Progress,
    period: str = "",
    answers: Sequence[str] = (),
) -> ExportedFile:
    writing.refuse_missing_folder(folder)
    signer = workspace.signer()
    sequence = writing.next_sequence(workspace, purpose, period, unit.code)
    manifest = writing.new_manifest(
        workspace, purpose, to=unit.code, period=period, sequence=sequence, answers=answers
    )
    written = writing.write(
        workspace,
        folder,
        stem,
        manifest,
        sheets,
        keys,
        files=files_of(workspace, keys),
        submissions=submissions,
        signer=signer,
        progress=progress,
    )
    writing.remember(workspace, written, manifest, keys)
    return ExportedFile(
        path=written[0].path, digest=written[0].container, size=written[0].size, unit=unit.code
    )


def setup_package(
    workspace: Workspace, unit_code: str, folder: Path, progress: Progress = silent
) -> ExportedFile:
    """The signed setup package of a unit below (or of this unit's second computer): organisation, plan, shares, and
    for a replaced computer what was answered so far."""
    unit = workspace.known_unit(unit_code)
    organisation = workspace.organisation
    if unit.code != workspace.unit_code and not organisation.is_above(workspace.unit_code, unit.code):
        raise InputError(
            _("{name}不是本单位的下级。").format(name=unit.name), next_step=_("设立包由它的上级来做。")
        )
    keys = [*own_foundation(workspace, unit), *answers_for(workspace, unit)]
    sheets = Sheets(
        cover=cover(
            workspace,
            unit,
            "设立包",
            "",
            [
                f"请{unit.name}用“民生实事台账”打开本文件，不要用 WPS 或 Excel 另存。",
                "打开时请与发件单位电话核对根证书的 8 组数字。",
            ],
        ),
        tables=(unit_table(workspace), share_table(workspace, unit)),
    )
    stem = f"{workspace.unit_code}-setup-{unit.code}-{safe_name(unit.name)}设立包"
    others = register_travel.brought_by_others(workspace, unit)
    carried = list(
        {
            item.container: item for item in (*passed_down(workspace), *others, *given_back(workspace, unit))
        }.values()
    )
    return send_down(workspace, unit, folder, "setup", keys, sheets, stem, carried, progress)


def reply(
    workspace: Workspace,
    folder: Path,
    units: Sequence[str] | None = None,
    progress: Progress = silent,
    *,
    only_new: bool = False,
) -> Exported:
    """Receipts, returns and new shares for the units directly below, one signed package each.

    Only units with something new since the last reply get one.  A unit that is named gets everything again: a stick may
    have been lost on the way, and what it had already is known to it and changes nothing.  With `only_new` a named unit
    gets what is new, and everything again only where there is nothing new for it.
    """
    organisation = workspace.organisation
    below = [one.code for code in units or () for one in organisation.below(code)]
    receipts.give_receipts(workspace, [*(units or ()), *below] if only_new else None)
    plan = workspace.plan
    chosen = (
        [workspace.known_unit(code) for code in units]
        if units
        else organisation.children(workspace.unit_code)
    )
    handed = passed_down(workspace)
    sides = disputed(workspace)
    files = []
    entries = 0
    for number, unit in enumerate(chosen):
        progress(number, len(chosen), unit.name)
        wanted = sides.get(unit.code, set())
        keys, fresh = news(workspace, unit, handed, wanted, again=units is not None and not only_new)
        if only_new and not keys and not fresh:
            keys, fresh = news(workspace, unit, handed, wanted, again=True)
        if not keys and not fresh and units is None:
            continue
        if not workspace.store.ledger.containers(unit=unit.code) and not keys and units is None:
            continue
        latest = month_of(workspace, unit, keys)
        answered = [
            row["digest"]
            for row in workspace.store.ledger.containers("package", unit.code)
            if row["period"] == latest
        ]
        sheets = Sheets(
            cover=cover(
                workspace,
                unit,
                "回执与退回",
                Period.parse(latest).chinese_label if latest else "",
                [f"请{unit.name}用“民生实事台账”打开本文件；退回的项目会显示在对应的格子旁边。"],
            ),
            tables=(answer_table(workspace, unit, keys), share_table(workspace, unit)),
        )
        # Twenty replies lie in one folder: the name says whom each is for.
        stem = f"{workspace.unit_code}-reply-{unit.code}-{safe_name(unit.name)}" + (
            f"-{latest}" if latest else ""
        )
        files.append(
            send_down(workspace, unit, folder, "reply", keys, sheets, stem, fresh, progress, latest, answered)
        )
        entries += len(keys)
    progress(len(chosen), len(chosen))
    assert plan is not None
    return Exported(files=tuple(files), code="", entries=entries, sites=0, evidence=0, withheld=0)


def month_of(workspace: Workspace, unit: Unit, keys: Sequence[Key]) -> str:
    """The month a reply is named after: the latest that it says something about, else the latest the unit has reported;
    "" where there is none."""
    said = set()
    for subject, _ident in keys:
        words = subject.split("/")
        if words[0] == "receipt":
            head = workspace.store.ledger.head(subject)
            said.add(head.body.period if head is not None else "")
        elif words[0] in ("progress", "submission", "closing"):
            said.add(words[-1])
        elif words[0] == "review" and words[2] in ("progress", "submission"):
            said.add(words[-1])
    said = {key for key in said if _is_month(key)}
    reported = {str(row["period"]) for row in workspace.store.ledger.containers(unit=unit.code)}
    found = said or {key for key in reported if _is_month(key)}
    return max(found, key=lambda key: Period.parse(key).order, default="")


def _is_month(key: str) -> bool:
    try:
        period = Period.parse(key)
    except UsageError:
        return False
    return period.first == period.last


def news(
    workspace: Workspace, unit: Unit, handed: Sequence[Forwarded], wanted: Set[str], again: bool
) -> tuple[list[Key], list[Forwarded]]:
    """What a reply to a unit holds: entries, and others' packages handed on; `again` also what it was sent before."""
    sent = set() if again else sent_to(workspace, unit.code)
    carried = set() if again else carried_to(workspace, unit.code)
    keys = [
        key for key in [*own_foundation(workspace, unit), *answers_for(workspace, unit)] if key[1] not in sent
    ]
    others = {
        item.container: item
        for item in (
            *register_travel.brought_by_others(workspace, unit),
            *other_sides(workspace, unit, wanted),
        )
    }
    known = {item.container for item in handed}
    fresh = [
        item
        for item in (*handed, *(others[key] for key in others if key not in known))
        if item.container not in carried
    ]
    return keys, fresh


def unanswered(workspace: Workspace) -> list[str]:
    """Codes of units directly below whose packages have no receipt yet, or for which something was said since the last
    reply."""
    ledger = workspace.store.ledger
    standing = workspace.store.projector.standing().unit
    found = []
    for unit in workspace.organisation.children(workspace.unit_code):
        rows = [row for row in ledger.containers("package", unit.code) if row["seq"] in standing]
        if not rows:
            continue
        open_ = any(ledger.head(f"receipt/{workspace.unit_code}/{row['digest']}") is None for row in rows)
        if open_ or set(ident for _subject, ident in answers_for(workspace, unit)) - sent_to(
            workspace, unit.code
        ):
            found.append(unit.code)
    return found


def sent_to(workspace: Workspace, unit: str) -> set[bytes]:
    """Ids of own entries that some package addressed to the unit carried."""
    found: set[bytes] = set()
    for row in workspace.store.ledger.containers("own"):
        if row["addressee"] == unit:
            found.update(
                item["id"]
                for item in workspace.store.connection.execute(
                    "SELECT id FROM origin WHERE container = ?", (row["seq"],)
                )
            )
    return found


def carried_to(workspace: Workspace, unit: str) -> set[str]:
    return {
        ident
        for row in workspace.store.ledger.containers("own")
        if row["addressee"] == unit
        for ident in gathering.carried_ids(workspace, row["seq"])
    }
