"""Writing a package as volumes that chat, mail or a stick can take.

The first volume carries sheets, journals, submissions and personal parts, the others evidence with a cover of their
own.  Each is a valid signed package; any order, any subset, any of them twice is fine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from desktop_app.core.package import placing
from desktop_app.core.package.forward import Forwarded
from desktop_app.core.package.manifest import Absent, Manifest
from desktop_app.core.package.seal import Contents
from desktop_app.core.package.sheets import EvidenceRow, Sheets
from desktop_app.core.package.sources import FileSource, PersonalSource, Sealed
from desktop_app.core.progress import Progress, silent
from desktop_app.core.trust.signing import Signer

DEFAULT_MAX = 4_000_000_000
"""Bytes: below the 4 GiB that a FAT32 stick takes."""

_PER_FILE = 1500
"""Bytes a file costs beside its own: two zip headers, three listings, a row on the sheet."""

_PER_VOLUME = 64 * 1024
"""Bytes of cover, styles, signature and certificates."""


def write_volumes(
    target: Path,
    manifest: Manifest,
    sheets: Sheets,
    *,
    signer: Signer,
    max_size: int = DEFAULT_MAX,
    name: Callable[[int, int], str] | None = None,
    journals: Mapping[str, bytes] | None = None,
    files: Iterable[FileSource] = (),
    personal: Iterable[PersonalSource] = (),
    submissions: Iterable[Forwarded] = (),
    at: dt.datetime | None = None,
    progress: Progress = silent,
) -> list[Sealed]:
    """Write a package whole where it fits into `max_size` bytes, else in volumes; all of them or none.

    `name(volume, volumes)` gives the file names beside `target`; without it a single file is `target` itself and
    volumes are its stem with -v1, -v2 ….  A file larger than the limit gets a volume of its own.  Otherwise as
    `seal.write_package`.
    """
    at = at or dt.datetime.now(dt.UTC)
    listed = list({file.sha256: file for file in files}.values())
    rest = (signer, journals or {})
    first = (tuple(personal), tuple(submissions))
    whole = Contents(manifest, sheets, *rest, listed, *first)
    if _estimate(whole) <= max_size or not listed:
        contents = [whole]
    else:
        groups = _groups(listed, max_size)
        contents = [
            Contents(
                _manifest(manifest, number, len(groups) + 1, listed),
                _sheets(sheets, number, groups),
                signer,
                rest[1] if number == 1 else {},
                groups[number - 2] if number > 1 else (),
                *(first if number == 1 else ((), ())),
            )
            for number in range(1, len(groups) + 2)
        ]
    count = len(contents)
    name = name or (lambda volume, volumes: target.name if volumes == 1 else f"{target.stem}-v{volume}.xlsx")
    targets = [target.with_name(name(number, count)) for number in range(1, count + 1)]
    needed = sum(map(_estimate, contents))
    total, done = 2 * sum(item.bytes_inside for item in contents), 0
    with placing.Placement(targets) as placement:
        placing.check_space(target.parent, needed)
        sealed = []
        for item, path, final in zip(contents, placement.temporary, targets, strict=True):
            result = item.write(path, at, _shifted(progress, done, total, final.name))
            sealed.append(msgspec.structs.replace(result, path=final))
            done += 2 * item.bytes_inside
        placement.commit()
    return sealed


def _shifted(progress: Progress, before: int, whole: int, name: str) -> Progress:
    def tell(done: int, total: int, text: str = "") -> None:
        progress(before + done, whole, text or name)

    return tell


def _estimate(contents: Contents) -> int:
    """At most so many bytes the file will have: parts unpacked, and what each file costs beside."""
    return contents.bytes_inside + _PER_FILE * (len(contents.files) + len(contents.personal)) + _PER_VOLUME


def _groups(files: Sequence[FileSource], max_size: int) -> list[list[FileSource]]:
    """Evidence in volumes, in the order given, so that pictures of one site stay together."""
    groups: list[list[FileSource]] = []
    room = 0
    for file in files:
        cost = file.size + _PER_FILE
        if not groups or cost > room:
            groups.append([])
            room = max_size - _PER_VOLUME
        groups[-1].append(file)
        room -= cost
    return groups


def _manifest(manifest: Manifest, number: int, count: int, files: Sequence[FileSource]) -> Manifest:
    if number > 1:
        return msgspec.structs.replace(manifest, volume=number, volumes=count, absent=(), request="")
    elsewhere = tuple(Absent(sha256=file.sha256, why="volume") for file in files)
    return msgspec.structs.replace(manifest, volume=1, volumes=count, absent=(*manifest.absent, *elsewhere))


def _sheets(sheets: Sheets, number: int, groups: Sequence[Sequence[FileSource]]) -> Sheets:
    """The first volume's sheets say in which volume each file is; the others have a cover and their own files."""
    count = len(groups) + 1
    volume_of = {file.sha256: at for at, group in enumerate(groups, 2) for file in group}
    rows = sheets.evidence or ()
    if number == 1:
        note = f"本次上报共 {count} 卷：第 1 卷是数据和表格，第 2 至 {count} 卷是佐证材料，先后次序不限。"
        cover = msgspec.structs.replace(
            sheets.cover, volume=1, volumes=count, notes=(*sheets.cover.notes, note)
        )
        told = tuple(_told(row, volume_of) for row in rows)
        evidence = told if sheets.evidence is not None else None
        return msgspec.structs.replace(sheets, cover=cover, evidence=evidence)
    group = groups[number - 2]
    size = sum(file.size for file in group)
    cover = msgspec.structs.replace(
        sheets.cover,
        purpose="佐证材料分卷",
        to_sign=False,
        volume=number,
        volumes=count,
        counts=(("附件", f"{len(group)} 个"), ("大小", f"{size / 1_000_000:.1f} MB")),
        notes=(f"本卷只含佐证材料，数据和表格在第 1 卷；共 {count} 卷，先后次序不限。",),
    )
    known = {row.sha256: row for row in rows}
    own = tuple(
        msgspec.structs.replace(known[file.sha256], thumbnail=b"", inside=True, where="")
        if file.sha256 in known
        else EvidenceRow(entry="", sha256=file.sha256, name="（见第 1 卷）", size=file.size)
        for file in group
    )
    return Sheets(cover=cover, evidence=own)


def _told(row: EvidenceRow, volume_of: Mapping[str, int]) -> EvidenceRow:
    volume = volume_of.get(row.sha256)
    return row if volume is None else msgspec.structs.replace(row, inside=False, where=f"第 {volume} 卷")
