"""Export: the submission of a period as one signed package (or volumes), and the packages that go down."""

from __future__ import annotations

from pathlib import Path

import msgspec

from desktop_app.core.errors import RuleError
from desktop_app.core.i18n import _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.bodies import SubmissionBody
from desktop_app.core.model.period import Period
from desktop_app.core.model.unit import LEVEL_NAMES
from desktop_app.core.operations import checking, enveloping, gathering, writing
from desktop_app.core.operations.export_sheets import submission_sheets
from desktop_app.core.operations.gathering import EvidenceChoice
from desktop_app.core.operations.situation import Situation
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package.digest import check_code
from desktop_app.core.package.manifest import People
from desktop_app.core.package.sheets import Cover, Sheets
from desktop_app.core.progress import Progress, silent
from desktop_app.core.store.ledger_heads import Head
from desktop_app.core.store.store import Said


class ExportedFile(msgspec.Struct, frozen=True, kw_only=True):
    path: Path
    digest: str
    """The container digest: SHA-256 of the package's signature part."""
    size: int
    unit: str = ""
    """Whom it is for, where it is for one unit below."""


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What was written and read back.  `code` is the 校验码."""

    files: tuple[ExportedFile, ...]
    code: str
    entries: int
    sites: int
    evidence: int
    withheld: int


def commit_submission(
    workspace: Workspace, period: Period, *, filled: str, checked: str, responsible: str, at: str = ""
) -> tuple[str, Head]:
    """The submission's entry with its 校验码; exporting again without a change reuses the one that is there."""
    subject = subjects.submission(workspace.unit_code, period.key)
    heads = gathering.submitted_heads(workspace, period)
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
    encrypt: bool = False,
    at: str = "",
    progress: Progress = silent,
) -> Exported:
    """Write the period's submission into `folder` as one signed package, or as volumes of at most `max_size` bytes.

    `encrypt` puts each file into an envelope that only the unit above can open (`enveloping`).

    RuleError when a hard finding stops it; TrustError without key or passphrase; StorageError when the disk
    refuses.  A cancelled or failed export leaves nothing behind at the destination.
    """
    writing.refuse_missing_folder(folder)
    receiver = enveloping.receiver(workspace) if encrypt else b""
    signer = workspace.signer()
    hard = [issue for issue in checking.check(workspace, period) if issue.level == "hard"]
    if hard:
        raise RuleError(
            _("{name}：{text}").format(name=hard[0].name, text=hard[0].text),
            meaning=_("有 {count} 处必须先改，这次没有导出。").format(count=len(hard)),
            next_step=hard[0].next_step,
        )
    code, said = commit_submission(
        workspace, period, filled=filled, checked=checked, responsible=responsible, at=at
    )
    situation = Situation(workspace, period)
    keys = gathering.own_entries(workspace, period)
    gathered = gathering.gather_files(workspace, evidence, personal=personal)
    sequence = writing.next_sequence(workspace, "submission", period.key)
    unit = workspace.unit
    upper = workspace.organisation.above(unit.code)
    manifest = writing.new_manifest(
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
    forwarded = gathering.forwarded_from_below(workspace, period)
    with enveloping.passage(workspace, folder, receiver) as place:
        written = writing.write(
            workspace,
            place.folder,
            f"{unit.code}-{period.key}",
            manifest,
            sheets,
            keys,
            files=gathered.files,
            personal=gathered.personal,
            submissions=forwarded,
            signer=signer,
            max_size=place.largest(max_size),
            names=folder,
            progress=progress,
        )
        delivered = place.deliver(written, progress)
        writing.remember(workspace, written, manifest, keys)
    return Exported(
        files=tuple(
            ExportedFile(path=item.path, digest=item.container, size=item.size) for item in delivered
        ),
        code=code,
        entries=len(keys),
        sites=sum(subject.startswith("site/") for subject, _ident in keys),
        evidence=len(gathered.files),
        withheld=gathered.withheld,
    )


def exchange(workspace: Workspace, folder: Path, progress: Progress = silent) -> Exported:
    """Everything this desk has said, for another computer of the same unit: merged there, differences show as
    不一致."""
    writing.refuse_missing_folder(folder)
    keys = [(subject, ident) for subject, ident, _kind in workspace.store.ledger.own_keys()]
    gathered = gathering.gather_files(workspace, "all", personal=False)
    sequence = writing.next_sequence(workspace, "exchange", "")
    manifest = writing.new_manifest(
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
            notes=("只供本单位另一台电脑汇入，不要往上报。",),
            sample=plan.sample,
        )
    )
    written = writing.write(
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
    writing.remember(workspace, written, manifest, ())
    return Exported(
        files=tuple(ExportedFile(path=item.path, digest=item.container, size=item.size) for item in written),
        code="",
        entries=len(keys),
        sites=sum(subject.startswith("site/") for subject, _ident in keys),
        evidence=len(gathered.files),
        withheld=gathered.withheld,
    )
