"""Packages going down: the setup package of a new desk, and replies (receipts, returns, new shares)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _
from desktop_app.core.model.period import Period
from desktop_app.core.model.unit import KIND_NAMES, LEVEL_NAMES, Unit
from desktop_app.core.operations import division, gathering, reviewing, writing
from desktop_app.core.operations.exporting import Exported, ExportedFile
from desktop_app.core.operations.gathering import Key
from desktop_app.core.operations.quarantine import safe_name
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package.forward import Forwarded
from desktop_app.core.package.manifest import Purpose
from desktop_app.core.package.sheets import Cover, Sheets, TableRow, TableSheet
from desktop_app.core.progress import Progress, silent

FOUNDATION = frozenset({"plan", "unit", "setting", "duty", "allocation", "revocation", "root"})
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
        elif kind in ("milestone", "problem", "fund", "submission"):
            mine = words[1] in units
        else:
            mine = kind == "closing"
        if mine:
            found.append((subject, ident))
    return found


def passed_down(workspace: Workspace) -> list[Forwarded]:
    """Signed packages from above (plan, organisation, shares) to hand on unchanged."""
    ledger = workspace.store.ledger
    upper = set(workspace.organisation.above(workspace.unit_code))
    standing = workspace.store.projector.standing()
    return [
        gathering.load_forwarded(workspace, row["seq"])
        for row in ledger.containers()
        if row["origin"] in ("package", "forwarded")
        and row["unit"] in upper
        and row["seq"] in standing.unit
        and row["purpose"] in ("setup", "reply")
        and gathering.has_journal(workspace, row["seq"])
    ]


def given_back(workspace: Workspace, unit: Unit) -> list[Forwarded]:
    """The unit's own signed submissions, so that a replaced computer has its history again."""
    ledger = workspace.store.ledger
    standing = workspace.store.projector.standing()
    return [
        gathering.load_forwarded(workspace, row["seq"])
        for row in ledger.containers(unit=unit.code)
        if row["origin"] in ("package", "forwarded")
        and row["seq"] in standing.unit
        and gathering.has_journal(workspace, row["seq"])
    ]


# -- sheets --------------------------------------------------------------------------------------------------------


def cover(workspace: Workspace, unit: Unit, purpose: str, period: str, notes: Iterable[str]) -> Cover:
    plan = workspace.store.ledger.plan()
    return Cover(
        city=workspace.organisation.name(workspace.store.city),
        title=plan.title if plan else "",
        unit=workspace.unit_code,
        unit_name=workspace.unit.name,
        level=LEVEL_NAMES[workspace.unit.level],
        period=period,
        purpose=purpose,
        to_name=unit.name,
        from_label="制发单位",
        to_label="发给",
        to_sign=False,
        notes=tuple(notes),
        sample=plan.sample if plan else False,
    )


def unit_table(workspace: Workspace) -> TableSheet:
    organisation = workspace.organisation
    return TableSheet(
        name="组织机构",
        title="组织机构",
        heads=("代码", "名称", "层级", "类别", "上级代码"),
        rows=tuple(
            TableRow(
                cells=(
                    unit.code,
                    unit.name,
                    LEVEL_NAMES[unit.level],
                    KIND_NAMES[unit.kind],
                    unit.parent or "",
                )
            )
            for unit in sorted(organisation, key=lambda unit: unit.code)
        ),
        widths=(14, 24, 8, 8, 14),
    )


def share_table(workspace: Workspace, unit: Unit) -> TableSheet:
    """The shares of the unit and of the areas below it, and who reports."""
    plan = workspace.plan
    context = workspace.store.projector.context()
    shares = workspace.store.ledger.shares(plan.id)
    area = workspace.organisation.home_area(unit.code)
    rows = []
    for indicator in plan.indicators():
        duty = context.duty(plan.id, indicator.id, area)
        value = shares.get((indicator.id, area)) or division.share_of(workspace, indicator, area)
        reporter = workspace.organisation.name(duty.reporter) if duty and duty.reporter else "下级各自填报"
        rows.append(
            TableRow(
                cells=(
                    indicator.task_no,
                    indicator.id,
                    indicator.name,
                    "" if value is None else writing.whole(value),
                    indicator.unit,
                    reporter,
                )
            )
        )
    return TableSheet(
        name="份额",
        title=f"{workspace.organisation.name(area)}的份额与填报单位",
        heads=("任务", "指标", "名称", "份额", "单位", "填报单位"),
        rows=tuple(rows),
        widths=(8, 10, 30, 14, 10, 24),
    )


def answer_table(workspace: Workspace, unit: Unit, keys: Sequence[Key]) -> TableSheet:
    from desktop_app.core.operations.reading import VERDICT_WORDS

    rows = []
    for subject, ident in keys:
        head = workspace.store.ledger.head(subject)
        if head is None or head.id != ident.hex():
            continue
        if head.kind == "receipt":
            body = head.body
            text = (
                f"已收到第 {body.sequence} 次上报：新增 {body.new}，已有 {body.known}，"
                f"不一致 {body.conflicting}，拒收 {body.refused}"
            )
            rows.append(TableRow(cells=("回执", body.period, body.digest, text, ""), entry=head.id))
        elif head.kind == "review":
            words = subject.split("/")
            about = words[5] if len(words) == 7 else "整份上报"
            value = "" if head.body.value is None else str(head.body.value)
            rows.append(
                TableRow(
                    cells=(VERDICT_WORDS[head.body.verdict], words[-1], about, head.body.comment, value),
                    entry=head.id,
                )
            )
    return TableSheet(
        name="回复",
        title=f"给{unit.name}的回复",
        heads=("类别", "期间", "对象", "意见", "核定数"),
        rows=tuple(rows),
        widths=(10, 10, 20, 60, 12),
    )


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
        submissions=submissions,
        signer=signer,
        progress=progress,
    )
    writing.remember(workspace, written, manifest, keys)
    return ExportedFile(path=written[0].path, digest=written[0].container, size=written[0].size)


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
    carried = [*passed_down(workspace), *given_back(workspace, unit)]
    return send_down(workspace, unit, folder, "setup", keys, sheets, stem, carried, progress)


def reply(
    workspace: Workspace,
    folder: Path,
    units: Sequence[str] | None = None,
    progress: Progress = silent,
) -> Exported:
    """Receipts, returns and new shares for the units directly below, one signed package each.

    Only units with something new since the last reply get one, unless named.
    """
    reviewing.give_receipts(workspace)
    organisation = workspace.organisation
    plan = workspace.plan
    chosen = (
        [workspace.known_unit(code) for code in units]
        if units
        else organisation.children(workspace.unit_code)
    )
    handed = passed_down(workspace)
    files = []
    entries = 0
    for number, unit in enumerate(chosen):
        progress(number, len(chosen), unit.name)
        sent = sent_to(workspace, unit.code)
        answers = answers_for(workspace, unit)
        keys = [key for key in [*own_foundation(workspace, unit), *answers] if key[1] not in sent]
        carried = carried_to(workspace, unit.code)
        fresh = [item for item in handed if item.container not in carried]
        if not keys and not fresh and units is None:
            continue
        if not workspace.store.ledger.containers(unit=unit.code) and not keys and units is None:
            continue
        latest = max(
            (row["period"] for row in workspace.store.ledger.containers(unit=unit.code) if row["period"]),
            default="",
        )
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
