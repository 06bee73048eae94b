"""Writing a package of this desk to a folder and remembering what it carried."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

from desktop_app import __version__
from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _
from desktop_app.core.model.period import Period
from desktop_app.core.operations import gathering, keyring
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package import placing
from desktop_app.core.package.forward import Forwarded
from desktop_app.core.package.manifest import Absent, Manifest, People, Purpose
from desktop_app.core.package.sheets import Sheets
from desktop_app.core.package.sources import FileSource, PersonalSource, Sealed
from desktop_app.core.package.volumes import DEFAULT_MAX, write_volumes
from desktop_app.core.progress import Progress, silent
from desktop_app.core.store.journal import ContainerRow
from desktop_app.core.trust.signing import Signer

Key = tuple[str, bytes]


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
    # A replaced computer knows its former packages from what the unit above gave back.
    rows = [
        row["sequence"]
        for row in workspace.store.ledger.containers(unit=workspace.unit_code)
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
    names: Path | None = None,
    progress: Progress = silent,
) -> list[Sealed]:
    """Write a package (volumes, where it is larger than `max_size` bytes) under the next free number; nothing is
    ever overwritten.  `names` is the folder whose names count, where the package is to go on to another."""
    names = names or folder
    name, _dash, period = stem.rpartition("-") if manifest.period else (stem, "", "")
    number = manifest.sequence
    while True:
        number = placing.next_free(names, name, period, number) if period else number
        target = folder / f"{stem}-{number}.xlsx"
        if not (names / target.name).exists() and not target.exists():
            return write_volumes(
                target,
                manifest,
                sheets,
                journals={workspace.unit_code: gathering.journal_bytes(workspace, keys)},
                files=files,
                personal=personal,
                submissions=submissions,
                signer=signer,
                max_size=max_size or DEFAULT_MAX,
                progress=progress,
            )
        number += 1


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
    locked: bool = False,
) -> Manifest:
    """`locked`: for a look at the sheets alone, where the key is not opened and no request travels."""
    ledger = workspace.store.ledger
    plan = ledger.plan_of_year(Period.parse(period).year) if period else ledger.plan()
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
        request="" if locked else keyring.travelling_request(workspace),
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
            # From memory: the stick may be out again already.
            {"sig1.xml": item.signature, "payload.json": item.payload},
            keys if number == 0 else (),
        )


def whole(value: Fraction) -> int | str:
    """A figure for a sheet's cell."""
    from desktop_app.core.figures.numbers import canonical

    return canonical(round(value, 6))
