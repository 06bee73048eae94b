"""Export: the submission of a period as one signed package (or volumes), and the packages that go down."""

from __future__ import annotations

import functools
import zipfile
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from desktop_app import __version__
from desktop_app.core.errors import InputError, RuleError
from desktop_app.core.i18n import _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.bodies import SubmissionBody
from desktop_app.core.model.period import Period
from desktop_app.core.model.unit import LEVEL_NAMES
from desktop_app.core.operations import checking
from desktop_app.core.operations.export_sheets import submission_sheets
from desktop_app.core.operations.media import EXTENSIONS
from desktop_app.core.operations.situation import Situation
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package import opc, placing
from desktop_app.core.package.digest import KINDS, check_code
from desktop_app.core.package.forward import Forwarded
from desktop_app.core.package.manifest import Absent, Manifest, People, Purpose
from desktop_app.core.package.sheets import Cover, Sheets
from desktop_app.core.package.sources import FileSource, PersonalSource, Sealed
from desktop_app.core.package.volumes import DEFAULT_MAX, write_volumes
from desktop_app.core.progress import Progress, silent
from desktop_app.core.store import journal
from desktop_app.core.store.journal import ContainerRow
from desktop_app.core.store.ledger import Head
from desktop_app.core.store.store import Said
from desktop_app.core.trust.signing import Signer

EvidenceChoice = Literal["new", "all", "none"]
STAYS = frozenset({"receipt", "retraction", "erasure"})
"""Kinds that bind only this desk, or answer someone below; they do not go up."""
Key = tuple[str, bytes]


class ExportedFile(msgspec.Struct, frozen=True, kw_only=True):
    path: Path
    digest: str
    """The container digest: SHA-256 of the package's signature part."""
    size: int


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What was written and read back.  `code` is the 校验码."""

    files: tuple[ExportedFile, ...]
    code: str
    entries: int
    sites: int
    evidence: int
    withheld: int


# -- what goes in --------------------------------------------------------------------------------------------------


def territory(workspace: Workspace) -> set[str]:
    """This desk's unit and everything below it."""
    return {workspace.unit_code, *(unit.code for unit in workspace.organisation.below(workspace.unit_code))}


def submitted_heads(workspace: Workspace, period: Period) -> list[Head]:
    """The heads a submission's 校验码 covers: figures of the period, sites, milestones, problems and money, said by
    this desk or by units below it."""
    units = territory(workspace)
    found = []
    for kind in KINDS:
        for head in workspace.store.ledger.heads(kind, void=True):
            if head.unit in units and (kind != "progress" or head.subject.split("/")[-1] == period.key):
                found.append(head)
    return found


def own_entries(workspace: Workspace, period: Period) -> list[Key]:
    """What this desk's own journal carries: all that nobody above has acknowledged, and the present state of
    everything its sheets show; figures of later periods stay until those are sent."""
    ledger = workspace.store.ledger
    organisation = workspace.organisation
    acknowledged = ledger.acknowledged(organisation.above(workspace.unit_code))
    shown = {
        bytes.fromhex(head.id)
        for kind in ("progress", "site", "milestone", "problem", "fund", "evidence", "submission", "review")
        for head in ledger.heads(kind, void=True)
        if head.unit == workspace.unit_code
    }
    keys = []
    for subject, ident, kind in ledger.own_keys():
        if kind in STAYS or (kind in ("progress", "submission") and later(subject, period)):
            continue
        if ident not in acknowledged or ident in shown:
            keys.append((subject, ident))
    return keys


def later(subject: str, period: Period) -> bool:
    """Whether a subject is about a period that ends after this one."""
    key = subject.rsplit("/", 1)[-1]
    try:
        return Period.parse(key).order[:2] > period.order[:2]
    except InputError:
        return False


def journal_bytes(workspace: Workspace, keys: Iterable[Key]) -> bytes:
    return b"".join(line + b"\n" for line in journal.lines_of(workspace.store.connection, keys))


def forwarded_from_below(workspace: Workspace, period: Period) -> list[Forwarded]:
    """Signed submissions of units below to carry on: those of the period, and any never acknowledged above."""
    ledger = workspace.store.ledger
    upper = workspace.organisation.above(workspace.unit_code)
    units = territory(workspace) - {workspace.unit_code}
    sent: set[str] = set()
    receipts = {
        head.subject.split("/", 2)[2]
        for unit in upper
        for head in ledger.heads("receipt", unit)
        if head.unit == unit
    }
    for row in ledger.containers("own"):
        if row["digest"] in receipts:
            sent.update(carried_ids(workspace, row["seq"]))
    standing = workspace.store.projector.standing()
    return [
        load_forwarded(workspace, row["seq"])
        for row in ledger.containers()
        if row["origin"] in ("package", "forwarded")
        and row["unit"] in units
        and row["seq"] in standing.unit
        and row["purpose"] in ("submission", "supplement")
        and (row["period"] == period.key or row["digest"] not in sent)
        and has_journal(workspace, row["seq"])
    ]


def carried_ids(workspace: Workspace, seq: int) -> list[str]:
    payload = journal.container_parts(workspace.store.connection, seq).get("payload.json")
    if payload is None:
        return []
    return [part.id for part in msgspec.json.decode(payload, type=Manifest).submissions]


def has_journal(workspace: Workspace, seq: int) -> bool:
    """A volume that holds evidence only need not be carried on."""
    return bool(journal.container_journals(workspace.store.connection, seq))


def load_forwarded(workspace: Workspace, seq: int) -> Forwarded:
    connection = workspace.store.connection
    parts = journal.container_parts(connection, seq)
    return Forwarded(
        sig1=parts["sig1.xml"],
        payload=parts["payload.json"],
        journals=dict(journal.container_journals(connection, seq)),
    )


def evidence_heads(workspace: Workspace) -> list[Head]:
    units = territory(workspace)
    return [head for head in workspace.store.ledger.heads("evidence") if head.owner in units]


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    files: tuple[FileSource, ...]
    personal: tuple[PersonalSource, ...]
    absent: tuple[Absent, ...]
    withheld: int


def gather_files(workspace: Workspace, choice: EvidenceChoice, *, personal: bool) -> Gathered:
    """Which evidence bytes go in.  New: what no acknowledged package of this desk has carried.  Personal files and
    records stay unless included on purpose, and then travel sealed, for the unit above alone to open."""
    store = workspace.store
    upper = workspace.organisation.above(workspace.unit_code)
    receipts = {
        head.subject.split("/", 2)[2]
        for unit in upper
        for head in store.ledger.heads("receipt", unit)
        if head.unit == unit
    }
    arrived: set[str] = set()
    for row in store.ledger.containers("own"):
        if row["digest"] in receipts:
            payload = journal.container_parts(store.connection, row["seq"]).get("payload.json")
            if payload is not None:
                arrived.update(part.sha256 for part in msgspec.json.decode(payload, type=Manifest).files)
    files: dict[str, FileSource] = {}
    absent: dict[str, Absent] = {}
    sealed: dict[str, PersonalSource] = {}
    withheld = 0
    for head in evidence_heads(workspace):
        body = head.body
        found = store.files.find(body.sha256)
        if body.personal or (found is not None and found[1]):
            if personal and found is not None and found[1]:
                sealed[body.sha256] = personal_file(body.sha256, found[0])
            else:
                withheld += 1
                absent[body.sha256] = Absent(sha256=body.sha256, why="personal")
        elif choice == "none":
            absent[body.sha256] = Absent(sha256=body.sha256, why="chosen")
        elif choice == "new" and body.sha256 in arrived:
            absent[body.sha256] = Absent(sha256=body.sha256, why="earlier")
        elif found is None:
            absent[body.sha256] = Absent(sha256=body.sha256, why="missing")
        else:
            files[body.sha256] = FileSource(
                sha256=body.sha256,
                extension=EXTENSIONS.get(body.media, ".bin").lstrip("."),
                media=body.media,
                size=body.size,
                open=functools.partial(read_binary, found[0]),
            )
    for site in store.ledger.heads("site"):
        if site.body.sealed:
            row = store.connection.execute(
                "SELECT blob FROM sealed_record WHERE hash = ?", (site.body.sealed,)
            ).fetchone()
            if personal and row is not None:
                sealed[site.body.sealed] = PersonalSource.of(site.body.sealed, bytes(row["blob"]))
            else:
                withheld += 1
    return Gathered(
        files=tuple(files[key] for key in sorted(files)),
        personal=tuple(sealed[key] for key in sorted(sealed)),
        absent=tuple(absent[key] for key in sorted(absent)),
        withheld=withheld,
    )


def read_binary(path: Path) -> BinaryIO:
    return path.open("rb")


def personal_file(sha256: str, path: Path) -> PersonalSource:
    """A file that is encrypted at rest, as it lies here."""
    return PersonalSource(hash=sha256, size=path.stat().st_size, open=functools.partial(read_binary, path))


# -- the submission ------------------------------------------------------------------------------------------------


def commit_submission(
    workspace: Workspace, period: Period, *, filled: str, checked: str, responsible: str, at: str = ""
) -> tuple[str, Head]:
    """The submission's entry with its 校验码; exporting again without a change reuses the one that is there."""
    subject = subjects.submission(workspace.unit_code, period.key)
    heads = submitted_heads(workspace, period)
    code = check_code(workspace.unit_code, period.key, [head.id for head in heads])
    present = workspace.store.ledger.head(subject)
    people = (
        filled or (present.body.filled if present else "") or workspace.operator,
        checked or (present.body.checked if present else ""),
        responsible or (present.body.responsible if present else ""),
    )
    if (
        present is None
        or present.body.digest != code
        or present.heads > 1
        or people
        != (
            present.body.filled,
            present.body.checked,
            present.body.responsible,
        )
    ):
        workspace.store.say(
            [
                Said(
                    kind="submission",
                    subject=subject,
                    body=SubmissionBody(
                        digest=code,
                        count=len(heads),
                        filled=people[0],
                        checked=people[1],
                        responsible=people[2],
                    ),
                    operator=workspace.operator,
                    at=at,
                )
            ]
        )
        present = workspace.store.ledger.head(subject)
    assert present is not None
    return code, present


def export(
    workspace: Workspace,
    period: Period,
    folder: Path,
    *,
    filled: str = "",
    checked: str = "",
    responsible: str = "",
    evidence: EvidenceChoice = "new",
    personal: bool = False,
    max_size: int = 0,
    at: str = "",
    progress: Progress = silent,
) -> Exported:
    """Write the period's submission into `folder` as one signed package, or as volumes of at most `max_size` bytes.

    RuleError when a hard finding stops it; TrustError without key or passphrase; StorageError when the disk
    refuses.  A cancelled or failed export leaves nothing behind at the destination.
    """
    refuse_missing_folder(folder)
    signer = workspace.signer()
    hard = [issue for issue in checking.check(workspace, period) if issue.level == "hard"]
    if hard:
        raise RuleError(
            _("{name}:{text}").format(name=hard[0].name, text=hard[0].text),
            meaning=_("有 {count} 处必须先改,这次没有导出。").format(count=len(hard)),
            next_step=hard[0].next_step,
        )
    code, said = commit_submission(
        workspace, period, filled=filled, checked=checked, responsible=responsible, at=at
    )
    situation = Situation(workspace, period)
    keys = own_entries(workspace, period)
    gathered = gather_files(workspace, evidence, personal=personal)
    sequence = next_sequence(workspace, "submission", period.key)
    unit = workspace.unit
    upper = workspace.organisation.above(unit.code)
    manifest = new_manifest(
        workspace,
        "submission",
        to=upper[0] if upper else "",
        period=period.key,
        sequence=sequence,
        digest=code,
        people=People(filled=said.body.filled, checked=said.body.checked, responsible=said.body.responsible),
        created=said.at,
        absent=gathered.absent,
    )
    sheets = submission_sheets(workspace, situation, manifest, gathered.files, gathered.withheld)
    forwarded = forwarded_from_below(workspace, period)
    written = write(
        workspace,
        folder,
        f"{unit.code}-{period.key}",
        manifest,
        sheets,
        keys,
        files=gathered.files,
        personal=gathered.personal,
        submissions=forwarded,
        signer=signer,
        max_size=max_size,
        progress=progress,
    )
    remember(workspace, written, manifest, keys)
    return Exported(
        files=tuple(ExportedFile(path=item.path, digest=item.container, size=item.size) for item in written),
        code=code,
        entries=len(keys),
        sites=sum(subject.startswith("site/") for subject, _ident in keys),
        evidence=len(gathered.files),
        withheld=gathered.withheld,
    )


def exchange(workspace: Workspace, folder: Path, progress: Progress = silent) -> Exported:
    """Everything this desk has said, for another computer of the same unit: merged there, differences show as
    不一致."""
    refuse_missing_folder(folder)
    keys = [(subject, ident) for subject, ident, _kind in workspace.store.ledger.own_keys()]
    gathered = gather_files(workspace, "all", personal=False)
    sequence = next_sequence(workspace, "exchange", "")
    manifest = new_manifest(
        workspace, "exchange", to=workspace.unit_code, sequence=sequence, absent=gathered.absent
    )
    plan = workspace.plan
    sheets = Sheets(
        cover=Cover(
            city=workspace.organisation.name(workspace.store.city),
            title=plan.title,
            unit=workspace.unit_code,
            unit_name=workspace.unit.name,
            level=LEVEL_NAMES[workspace.unit.level],
            period="",
            purpose="本单位两台电脑之间的交换包",
            sequence=sequence,
            to_name=workspace.unit.name,
            notes=("只供本单位另一台电脑汇入,不要往上报。",),
            sample=plan.sample,
        )
    )
    written = write(
        workspace,
        folder,
        f"{workspace.unit_code}-exchange",
        manifest,
        sheets,
        keys,
        files=gathered.files,
        signer=workspace.signer(),
        progress=progress,
    )
    remember(workspace, written, manifest, ())
    return Exported(
        files=tuple(ExportedFile(path=item.path, digest=item.container, size=item.size) for item in written),
        code="",
        entries=len(keys),
        sites=sum(subject.startswith("site/") for subject, _ident in keys),
        evidence=len(gathered.files),
        withheld=gathered.withheld,
    )


def refuse_missing_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise InputError(_("“{path}”不是文件夹。").format(path=folder), next_step=_("请选择一个文件夹。"))
    if not folder.exists():
        from desktop_app.core.store.database import disk_error

        try:
            folder.mkdir(parents=True)
        except OSError as problem:
            raise disk_error(problem, folder) from problem


def next_sequence(workspace: Workspace, purpose: Purpose, period: str, to: str = "") -> int:
    """The number of this desk's next package of that purpose and period."""
    rows = [
        row["sequence"]
        for row in workspace.store.ledger.containers("own")
        if row["purpose"] == purpose and row["period"] == period and (not to or row["addressee"] == to)
    ]
    return max(rows, default=0) + 1


def write(
    workspace: Workspace,
    folder: Path,
    stem: str,
    manifest: Manifest,
    sheets: Sheets,
    keys: Sequence[Key],
    *,
    signer: Signer,
    files: Iterable[FileSource] = (),
    personal: Iterable[PersonalSource] = (),
    submissions: Iterable[Forwarded] = (),
    max_size: int = 0,
    progress: Progress = silent,
) -> list[Sealed]:
    """Write a package (volumes, where it is larger than `max_size` bytes) under the next free number; nothing is
    ever overwritten."""
    name, _dash, period = stem.rpartition("-") if manifest.period else (stem, "", "")
    number = manifest.sequence
    while True:
        number = placing.next_free(folder, name, period, number) if period else number
        target = folder / f"{stem}-{number}.xlsx"
        if not target.exists():
            return write_volumes(
                target,
                manifest,
                sheets,
                journals={workspace.unit_code: journal_bytes(workspace, keys)},
                files=files,
                personal=personal,
                submissions=submissions,
                signer=signer,
                max_size=max_size or DEFAULT_MAX,
                progress=progress,
            )
        number += 1


def signed_parts(path: Path) -> dict[str, bytes]:
    """The signature and the manifest of a package this desk has just written, to keep them."""
    with zipfile.ZipFile(path) as archive:
        return {
            "sig1.xml": archive.read(opc.SIGNATURE),
            "payload.json": archive.read(opc.PAYLOAD),
        }


def new_manifest(
    workspace: Workspace,
    purpose: Purpose,
    *,
    to: str,
    period: str = "",
    sequence: int = 1,
    digest: str = "",
    people: People | None = None,
    created: str = "",
    absent: Sequence[Absent] = (),
    answers: Sequence[str] = (),
) -> Manifest:
    plan = workspace.store.ledger.plan()
    return Manifest(
        app=__version__,
        purpose=purpose,
        plan=plan.id if plan else "",
        city=workspace.store.city,
        unit=workspace.unit_code,
        unit_name=workspace.unit.name,
        to=to,
        period=period,
        sequence=sequence,
        digest=digest,
        people=people or People(),
        created=created or workspace.store.clock(),
        answers=tuple(answers),
        sample=plan.sample if plan else False,
        absent=tuple(absent),
    )


def remember(
    workspace: Workspace, written: Sequence[Sealed], manifest: Manifest, keys: Sequence[Key]
) -> None:
    """Note each volume as a container of this desk; the first carries the entries."""
    chain = workspace.signer().certificate
    for number, item in enumerate(written):
        workspace.store.note_own(
            ContainerRow(
                digest=item.container,
                origin="own",
                unit=workspace.unit_code,
                issuer="",
                certificate=chain.fingerprint,
                purpose=manifest.purpose,
                addressee=manifest.to,
                plan=manifest.plan,
                period=manifest.period,
                sequence=manifest.sequence,
                code=manifest.digest,
                file=item.path.name,
            ),
            signed_parts(item.path),
            keys if number == 0 else (),
        )


def whole(value: Fraction) -> int | str:
    """A figure for a sheet's cell."""
    from desktop_app.core.figures.numbers import canonical

    return canonical(round(value, 6))
