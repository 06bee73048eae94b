"""What goes into a package: own entries, signed submissions from below, evidence, sealed records."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from desktop_app.core.model.forms import is_period
from desktop_app.core.model.period import Period
from desktop_app.core.operations.media import EXTENSIONS
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package.digest import KINDS
from desktop_app.core.package.forward import Forwarded
from desktop_app.core.package.manifest import Absent, Manifest
from desktop_app.core.package.sources import FileSource, PersonalSource
from desktop_app.core.store import journal
from desktop_app.core.store.ledger_heads import Head

EvidenceChoice = Literal["new", "all", "none"]
STAYS = frozenset({"receipt", "retraction", "erasure", "cutoff"})
"""Kinds that bind only this desk, or answer someone below; they do not go up."""
SHOWN = (
    "progress", "site", "milestone", "problem", "fund", "record", "answer", "evidence", "submission", "review",
)  # fmt: skip
"""Kinds of which the present state always travels, so that a package heals one that was lost."""
Key = tuple[str, bytes]


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
    everything its sheets show; figures of later periods stay until those are sent.

    Of a file that was marked personal only that is said: what was said before may hold its own, telling name.
    """
    ledger = workspace.store.ledger
    organisation = workspace.organisation
    acknowledged = ledger.acknowledged(organisation.above(workspace.unit_code))
    shown = {
        bytes.fromhex(head.id)
        for kind in SHOWN
        for head in ledger.heads(kind, void=True)
        if head.unit == workspace.unit_code
    }
    personal = {
        head.subject: bytes.fromhex(head.id)
        for head in ledger.heads("evidence", workspace.unit_code, void=True)
        if head.body.personal
    }
    needed = receipts_needed_above(workspace)
    keys = []
    for subject, ident, kind in ledger.own_keys():
        if (kind in STAYS and subject not in needed) or (
            kind in ("progress", "submission") and later(subject, period)
        ):
            continue
        if personal.get(subject, ident) != ident:
            continue
        if ident not in acknowledged or ident in shown:
            keys.append((subject, ident))
    return keys


def receipts_needed_above(workspace: Workspace) -> set[str]:
    """Receipts that go up all the same: of what was signed with a certificate that this desk revoked as compromised.
    By them alone the desks above can tell what had arrived before, and still counts."""
    ledger = workspace.store.ledger
    own = workspace.unit_code
    revoked = {
        head.body.certificate for head in ledger.heads("revocation", own) if head.body.why == "compromised"
    }
    return {f"receipt/{own}/{row['digest']}" for row in ledger.containers() if row["certificate"] in revoked}


def later(subject: str, period: Period) -> bool:
    """Whether a subject is about a period that ends after this one."""
    key = subject.rsplit("/", 1)[-1]
    return is_period(key) and Period.parse(key).order[:2] > period.order[:2]


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
            files[body.sha256] = open_file(head, found[0])
    for head in (*store.ledger.heads("site"), *store.ledger.heads("record")):
        if head.body.sealed:
            row = store.connection.execute(
                "SELECT blob FROM sealed_record WHERE hash = ?", (head.body.sealed,)
            ).fetchone()
            if personal and row is not None:
                sealed[head.body.sealed] = PersonalSource.of(head.body.sealed, bytes(row["blob"]))
            else:
                withheld += 1
    return Gathered(
        files=tuple(files[key] for key in sorted(files)),
        personal=tuple(sealed[key] for key in sorted(sealed)),
        absent=tuple(absent[key] for key in sorted(absent)),
        withheld=withheld,
    )


def open_file(head: Head, path: Path) -> FileSource:
    """A piece of evidence that lies here in the open."""
    return FileSource(
        sha256=head.body.sha256,
        extension=EXTENSIONS.get(head.body.media, ".bin").lstrip("."),
        media=head.body.media,
        size=head.body.size,
        open=functools.partial(read_binary, path),
    )


def read_binary(path: Path) -> BinaryIO:
    return path.open("rb")


def personal_file(sha256: str, path: Path) -> PersonalSource:
    """A file that is encrypted at rest, as it lies here."""
    return PersonalSource(hash=sha256, size=path.stat().st_size, open=functools.partial(read_binary, path))
