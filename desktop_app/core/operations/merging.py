"""Verify and merge: any number of packages, up or down, in any order; every file gets one row whatever became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from desktop_app.core.errors import Cancelled, VerificationError
from desktop_app.core.i18n import _
from desktop_app.core.model.entry import Changes
from desktop_app.core.operations import (
    enveloping,
    evidence,
    file_names,
    keyring,
    known_files,
    quarantine,
    rooting,
)
from desktop_app.core.operations.outcomes import Merged, Verified
from desktop_app.core.operations.reading_ahead import Ahead
from desktop_app.core.operations.setting_aside import UnknownSigner, left_out, set_aside
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package.faults import ForeignFile, UnreadableFile
from desktop_app.core.package.opened import ForwardedSubmission, OpenedPackage
from desktop_app.core.package.verify import open_package
from desktop_app.core.progress import Progress, silent
from desktop_app.core.store import journal
from desktop_app.core.store.batch import batches
from desktop_app.core.store.journal import ContainerRow
from desktop_app.core.store.store import Arrival, Counts


def verify(
    paths: Sequence[Path],
    roots: Sequence[bytes],
    progress: Progress = silent,
    workspace: Workspace | None = None,
) -> list[Verified]:
    """Check files without taking them in.  Encrypted ones need the workspace whose key opens them."""
    found = []
    if workspace is not None:
        enveloping.unlock_for(workspace, paths)
    for number, path in enumerate(paths):
        progress(number, len(paths), path.name)
        try:
            with open_package(path, roots, content=enveloping.content(workspace, path)) as package:
                found.append(
                    Verified(
                        file=path,
                        state=package.state,
                        reason=package.reason,
                        next_step=package.next_step,
                        unit=package.signer.unit,
                        name=package.signer.name,
                        digest=package.manifest.digest,
                        period=package.manifest.period,
                        fingerprint=package.signer.fingerprint,
                    )
                )
        except (VerificationError, UnreadableFile) as problem:
            found.append(
                Verified(
                    file=path,
                    state="invalid",
                    reason=problem.what,
                    next_step=problem.next_step,
                    rule=getattr(problem, "rule", 0),
                )
            )
    progress(len(paths), len(paths))
    return found


# -- merging -------------------------------------------------------------------------------------------------------


def merge(
    workspace: Workspace, paths: Sequence[Path], progress: Progress = silent, *, foreign: bool = True
) -> tuple[list[Merged], Changes]:
    """Take packages in, each whole or not at all; a bad one is set aside with its reason and stops no other.

    Without `foreign`, files that are no packages at all are left where they are, unmentioned: a watched folder holds
    whatever people send one another.

    Cancelling between files keeps those already taken in.  Small files are committed a few at a time: killed in
    between, those of the last moment are gone, and merging again brings them back.
    """
    files = expand(paths)
    results: list[Merged] = []
    touched: list[Changes] = []
    named = 0
    roots = keyring.roots(workspace)
    enveloping.unlock_for(workspace, files)
    with batches(workspace.store.transaction) as batch, Ahead(workspace, files, roots) as ahead:
        for number, path in enumerate(files):
            try:
                progress(number, len(files), _named(workspace, path))
                small = ahead.small(number)
                batch.next(alone=small is None)
                result, changes = merge_one(workspace, path, roots, small, partial(ahead.opened, number))
                touched.append(changes)
                named += len(changes.subjects)
                if named > NAMED:
                    # Nobody redraws by so many names, and each would hold on to a page of memory.
                    touched = [_unnamed(touched)]
            except Cancelled:
                break
            except VerificationError as problem:
                if isinstance(problem, ForeignFile) and not foreign:
                    continue
                result = set_aside(workspace, path, problem)
            except UnreadableFile as problem:
                result = left_out(path, problem)
            results.append(result)
        else:
            progress(len(files), len(files))
    return results, Changes.joined(touched)


def _named(workspace: Workspace, path: Path) -> str:
    """A package's name holds its unit's code; people know it by the unit's name."""
    unit = file_names.seems_from(workspace, path.name)
    name = workspace.organisation.name(unit) if unit else ""
    return path.name if not name or name in path.name else f"{name} {path.name}"


NAMED = 20_000
"""Subjects that a merge names in what it changed; a larger one tells kinds and number alone."""


def _unnamed(parts: Sequence[Changes]) -> Changes:
    return Changes(
        kinds=frozenset().union(*(part.kinds for part in parts)), entries=sum(part.entries for part in parts)
    )


ENDINGS = (".xlsx", ".xlsx" + enveloping.SUFFIX)


def expand(paths: Sequence[Path]) -> list[Path]:
    """Files as given; a folder stands for the workbooks in it."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            found = [item for ending in ENDINGS for item in path.rglob("*" + ending)]
            files += sorted(item for item in found if not item.name.startswith(("~$", ".")))
        else:
            files.append(path)
    return files


def merge_one(
    workspace: Workspace,
    path: Path,
    roots: Sequence[bytes],
    small: known_files.Small | None = None,
    verified: Callable[[], OpenedPackage | None] = lambda: None,
) -> tuple[Merged, Changes]:
    """Verify one package and take it in.  VerificationError where it must be set aside.

    `small` is the file's content where it is small; `verified` gives the package these very bytes are, where it was
    verified already.
    """
    content = None if small is None else small.content
    if small is not None:
        known = known_files.recall(workspace, small.key)
        if known is not None:
            return recalled(workspace, path, known), Changes()
    inside = enveloping.content(workspace, path)
    opened = verified() if inside is None else None
    with opened or open_package(path, roots, content=content if inside is None else inside) as package:
        check_belongs(workspace, package)
        result, changes = admit(workspace, path, package)
        # What is not yet trusted, or was held back as personal, may be taken another time.
        if small and not package.personal and all(item.trusted for item in package.forwarded):
            known_files.note(workspace, small.key, recollection(result, package))
        return result, changes


def recollection(result: Merged, package: OpenedPackage) -> known_files.Recalled:
    return known_files.Recalled(
        container=result.container,
        unit=result.unit,
        unit_name=result.unit_name,
        period=result.period,
        digest=result.digest,
        sequence=result.sequence,
        verified=result.verified,
        entries=result.counts.entries,
        files=tuple(part.sha256 for part in package.files),
    )


def recalled(workspace: Workspace, path: Path, known: known_files.Recalled) -> Merged:
    """The row of a file whose very bytes were merged before."""
    own = known.unit == workspace.unit_code
    return Merged(
        file=path,
        state="known",
        reason=_("这份文件以前汇入过，没有变化。"),
        unit=known.unit,
        unit_name=known.unit_name,
        period=known.period,
        digest=known.digest,
        sequence=known.sequence,
        verified=known.verified,
        counts=Counts(entries=known.entries, known=known.entries),
        files_known=len(known.files),
        files_missing=0 if own else len(workspace.store.ledger.missing_files(known.unit)),
        container=known.container,
    )


def check_belongs(workspace: Workspace, package: OpenedPackage) -> None:
    """A package for another city or plan, from a stranger, or from a signer nobody vouches for is set aside."""
    manifest = package.manifest
    if package.state == "unknown_signer":
        raise UnknownSigner(package)
    if manifest.city != workspace.store.city:
        raise VerificationError(
            _("这是另一个市的文件（{city}）。").format(city=manifest.city),
            meaning=_("没有汇入。"),
            next_step=_("请核对是不是拿错了文件。"),
        )
    plan = workspace.store.ledger.plan()
    known = set(workspace.store.ledger.plans())
    if plan is not None and manifest.plan not in known and manifest.purpose in ("submission", "supplement"):
        raise VerificationError(
            _("这是另一份方案（{plan}）的数据。").format(plan=manifest.plan),
            meaning=_("没有汇入。"),
            next_step=_("请核对年份；本工作区的方案是 {plan}。").format(plan=plan.id),
        )
    unit, own = manifest.unit, workspace.unit_code
    organisation = workspace.organisation
    if organisation.units and unit != own and unit not in organisation:
        raise VerificationError(
            _("发件单位“{name}”（{code}）不在组织机构表里。").format(name=manifest.unit_name, code=unit),
            meaning=_("没有汇入。"),
            next_step=_("请先把它加进机构表，再重新汇入这个文件。"),
        )
    related = unit == own or organisation.is_above(unit, own) or organisation.is_above(own, unit)
    if organisation.units and not related:
        raise VerificationError(
            _("{name}既不是本单位的上级，也不是下级。").format(name=manifest.unit_name),
            meaning=_("没有汇入。"),
            next_step=_("请把文件交给它的上级。"),
        )


def container_row(package: OpenedPackage | ForwardedSubmission, file: str, origin: str) -> ContainerRow:
    manifest, signer = package.manifest, package.signer
    return ContainerRow(
        digest=package.container,
        origin=origin,
        unit=signer.unit,
        issuer=signer.issuer,
        certificate=signer.fingerprint,
        purpose=manifest.purpose,
        addressee=manifest.to,
        plan=manifest.plan,
        period=manifest.period,
        sequence=manifest.sequence,
        code=manifest.digest,
        file=file,
        state=package.state,
        notes=tuple(package.notes),
    )


def admit(workspace: Workspace, path: Path, package: OpenedPackage) -> tuple[Merged, Changes]:
    """Bytes first (harmless if the rest fails), then all entries and the list of files in one transaction."""
    store = workspace.store
    before = {
        digest
        for digest in [package.container, *(item.container for item in package.forwarded)]
        if journal.find_container(store.connection, digest) is not None
    }
    known_package = package.container in before
    files_new = files_known = 0
    arrived: list[tuple[str, int]] = []
    erased = {head.body.hash for head in store.ledger.heads("erasure", workspace.unit_code)}
    for part in package.files:
        if part.sha256 in erased:
            continue
        if store.ledger.has_file(part.sha256) and store.files.find(part.sha256):
            files_known += 1
            continue
        with package.open(part.sha256) as stream:
            store.files.write(stream, part.size, name=part.part.rsplit("/", 1)[-1], expected=part.sha256)
        arrived.append((part.sha256, part.size))
        files_new += 1
    personal = [(part, package.personal_bytes(part)) for part in package.personal if part.hash not in erased]
    counts = Counts()
    # A forwarded journal that this desk itself once sent or received directly is the same container.
    carried: list[OpenedPackage | ForwardedSubmission] = [
        package,
        *(item for item in package.forwarded if item.trusted),
    ]
    arrivals = [
        Arrival(
            row=container_row(item, path.name, "package" if item is package else "forwarded"),
            parts={"sig1.xml": item.sig1, "payload.json": item.payload},
            journals=tuple((part.part, part.data, part.entries) for part in item.journals),
        )
        for item in carried
    ]
    entries = [entry for arrival in arrivals for entry in arrival.entries]
    with store.transaction():
        for found in store.admit(arrivals):
            counts += found
        for sha256, size in arrived:
            evidence.note_file(workspace, sha256, size, sealed=False)
        for personal_part, blob in personal:
            keep_personal(workspace, personal_part.hash, blob)
        quarantine.release(workspace, package)
        if store.ledger.organisation.is_above(package.signer.unit, workspace.unit_code):
            remember_upper(workspace, package)
    rooting.pin_learned(workspace)
    units = {package.signer.unit, *(item.signer.unit for item in package.forwarded)} - {workspace.unit_code}
    missing = sum(len(store.ledger.missing_files(unit)) for unit in units)
    manifest = package.manifest
    return (
        Merged(
            file=path,
            state="known" if known_package and not files_new else "merged",
            reason=_("这份文件以前汇入过，没有变化。") if known_package and not files_new else package.reason,
            unit=package.signer.unit,
            unit_name=package.signer.name,
            period=manifest.period,
            digest=manifest.digest,
            sequence=manifest.sequence,
            verified=package.state,
            counts=counts,
            files_new=files_new,
            files_known=files_known,
            files_missing=missing,
            container=package.container,
        ),
        Changes(
            kinds=frozenset(entry.kind for entry in entries),
            subjects=tuple(dict.fromkeys(entry.subject for entry in entries)),
            entries=counts.new + counts.conflicting,
        ),
    )


def keep_personal(workspace: Workspace, name: str, blob: bytes) -> None:
    """Sealed bytes that were sent on purpose: a record, or a file where an evidence entry claims the hash."""
    store = workspace.store
    claimed = any(head.body.sha256 == name for head in store.ledger.heads("evidence"))
    if claimed:
        store.files.keep_sealed(name, blob)
        evidence.note_file(workspace, name, len(blob), sealed=True)
    else:
        store.connection.execute("INSERT OR IGNORE INTO sealed_record VALUES (?,?)", (name, blob))


def remember_upper(workspace: Workspace, package: OpenedPackage) -> None:
    """Keep the certificate of the unit directly above: personal data is sealed for it too, for recovery."""
    unit = workspace.organisation.get(workspace.unit_code)
    if unit is None or unit.parent != package.signer.unit:
        return
    from desktop_app.core.trust import certificates

    # An older file may be merged later: the certificate granted last is the one in use.
    known = workspace.store.meta("upper_certificate")
    granted = package.signer.infos[0].not_before
    if not known or certificates.info(known.encode()).not_before <= granted:
        workspace.store.set_meta("upper_certificate", certificates.to_pem(package.signer.chain[0]).decode())
