"""Writing a package: its parts, its signature, in one file or in volumes.

The evidence's hashes are known beforehand (they are its names), so every byte is hashed once only: when the finished
file is read back from the disk.  That one hash proves both that the source was sound and that the disk holds it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _
from desktop_app.core.package import forward, opc, placing, signature, workbook
from desktop_app.core.package.entries import check_entries
from desktop_app.core.package.forward import Forwarded
from desktop_app.core.package.hashing import digests
from desktop_app.core.package.manifest import FilePart, JournalPart, Manifest, PersonalPart, encode
from desktop_app.core.package.opc import Relationship
from desktop_app.core.package.sheets import Sheets
from desktop_app.core.package.signature_xml import PartReference, relationship_ids
from desktop_app.core.package.sources import FileSource, PersonalSource, Sealed
from desktop_app.core.package.zipread import ZipReader
from desktop_app.core.package.zipwrite import ZipWriter
from desktop_app.core.progress import Progress, silent
from desktop_app.core.trust.signing import Signer

_DEFLATE_MEDIA = ("text/", "image/bmp", "image/tiff", "application/json", "application/msword")
"""Evidence that shrinks; photos, videos, PDF and newer office files are packed already and are stored."""


def write_package(
    target: Path,
    manifest: Manifest,
    sheets: Sheets,
    *,
    signer: Signer,
    journals: Mapping[str, bytes] | None = None,
    files: Iterable[FileSource] = (),
    personal: Iterable[PersonalSource] = (),
    submissions: Iterable[Forwarded] = (),
    at: dt.datetime | None = None,
    progress: Progress = silent,
) -> Sealed:
    """Write one package, whatever its size.

    `manifest` has its first half filled in; the lists are made here.  `journals` are lines by name ("entries" becomes
    taizhang/journal/entries.jsonl).  `at` is the signing time, now by default.  `progress` counts bytes, twice each
    (written, read back).

    Raises FileExistsError where `target` is there (see `placing.next_free`), StorageError where the disk or a source
    refuses, InputError where a journal is not valid.  On any failure nothing is left behind.
    """
    contents = Contents(manifest, sheets, signer, journals or {}, files, personal, submissions)
    with placing.Placement([target]) as placement:
        sealed = contents.write(placement.temporary[0], at or dt.datetime.now(dt.UTC), progress)
        placement.commit()
    return msgspec.structs.replace(sealed, path=target)


class Contents:
    """Everything that goes into one package, ready to be written."""

    def __init__(
        self,
        manifest: Manifest,
        sheets: Sheets,
        signer: Signer,
        journals: Mapping[str, bytes],
        files: Iterable[FileSource],
        personal: Iterable[PersonalSource],
        submissions: Iterable[Forwarded],
    ) -> None:
        if manifest.unit != signer.unit:
            raise InputError(
                _("本机证书是“{name}”的，不能替别的单位签名。").format(name=signer.name),
                next_step=_("请打开证书所属单位的工作区后再导出。"),
            )
        self.signer = signer
        # The same bytes may prove two things; they travel once.
        self.files = {opc.evidence_part(file.sha256, file.extension): file for file in _once(files)}
        self.personal = {opc.PERSONAL + item.hash: item for item in personal}
        self.small: dict[str, bytes] = dict(sorted(workbook.build(sheets).items()))
        named = {_journal_part(name): data for name, data in sorted((journals or {}).items())}
        items = sorted(submissions, key=lambda item: item.container)
        self.manifest = msgspec.structs.replace(
            manifest,
            journals=tuple(_listed(part, data) for part, data in named.items()),
            files=tuple(
                FilePart(part=part, sha256=file.sha256, size=file.size, media=file.media)
                for part, file in self.files.items()
            ),
            personal=tuple(
                PersonalPart(part=part, hash=item.hash, size=item.size)
                for part, item in self.personal.items()
            ),
            submissions=tuple(forward.listing(item) for item in items),
        )
        self.small[opc.PAYLOAD] = encode(self.manifest)
        carried = dict(named)
        for item in items:
            carried |= forward.parts(item)
        self.relationships: dict[str, tuple[Relationship, ...]] = {
            opc.ROOT_RELS: opc.ROOT_RELATIONSHIPS,
            opc.PAYLOAD_RELS: tuple(
                Relationship(f"rId{number}", opc.PART_REL, "/" + part)
                for number, part in enumerate(sorted([*carried, *self.files, *self.personal]), 1)
            ),
        }
        for rels, found in self.relationships.items():
            self.small[rels] = opc.relationships(found)
        for part in [part for part in self.small if part.startswith("xl/") and part.endswith(".rels")]:
            self.relationships[part] = opc.read_relationships(part, self.small[part])
        self.small |= carried
        types = {part: opc.type_of(part) for part in (*self.small, *self.files, *self.personal)}
        self.types = types
        everything = types | {opc.ORIGIN: opc.ORIGIN_TYPE, opc.SIGNATURE: opc.SIGNATURE_TYPE}
        self.content_types = opc.content_types(everything)

    @property
    def bytes_inside(self) -> int:
        """Bytes of all parts, unpacked; the file will not be much larger."""
        evidence = sum(file.size for file in self.files.values())
        personal = sum(item.size for item in self.personal.values())
        return sum(map(len, self.small.values())) + evidence + personal

    def write(self, path: Path, at: dt.datetime, progress: Progress) -> Sealed:
        """Write to `path` (a temporary name), then read it back and compare every part's hash."""
        total = 2 * self.bytes_inside
        meter = _Meter(progress, total)
        expected: dict[str, bytes] = {}
        with placing.writing(path) as target:
            writer = ZipWriter(target)
            try:
                signed = self._write_parts(writer, at, expected, meter)
                writer.close()
            except BaseException:
                writer.abandon()
                raise
        with placing.reading_back(path) as file:
            self._compare(file, expected, meter)
            size = os.fstat(file.fileno()).st_size
        manifest = self.manifest
        return Sealed(
            path=path,
            container=expected[opc.SIGNATURE].hex(),
            size=size,
            files=len(self.files),
            signature=signed,
            payload=self.small[opc.PAYLOAD],
            volume=manifest.volume,
            volumes=manifest.volumes,
        )

    def _write_parts(
        self, writer: ZipWriter, at: dt.datetime, expected: dict[str, bytes], meter: _Meter
    ) -> bytes:
        def add(part: str, data: bytes) -> None:
            expected[part] = hashlib.sha256(data).digest()
            writer.add(part, data, compress=not part.startswith("xl/media/"))
            meter.add(len(data))

        add(opc.CONTENT_TYPES, self.content_types)
        for part in sorted(self.small, key=lambda name: (not name.startswith("_rels/"), name)):
            add(part, self.small[part])
        for part, file in self.files.items():
            expected[part] = bytes.fromhex(file.sha256)
            compress = file.media.startswith(_DEFLATE_MEDIA)
            self._stream(writer, part, file, compress, meter)
        for part, item in self.personal.items():
            expected[part] = self._stream(writer, part, item, False, meter)
        add(opc.ORIGIN, b"")
        add(opc.ORIGIN_RELS, opc.relationships(opc.ORIGIN_RELATIONSHIPS))
        sig1 = signature.sign(self._references(expected), self.signer, at)
        add(opc.SIGNATURE, sig1)
        return sig1

    def _references(self, digests: Mapping[str, bytes]) -> list[PartReference]:
        found = []
        for part, content_type in self.types.items():
            items = self.relationships.get(part)
            if items is None:
                found.append(PartReference(part, content_type, digests[part]))
                continue
            unsigned = opc.ROOT_RELATIONSHIPS[-1].id if part == opc.ROOT_RELS else ""
            signed = opc.transformed(item for item in items if item.id != unsigned)
            ids = relationship_ids(items, unsigned)
            found.append(PartReference(part, content_type, hashlib.sha256(signed).digest(), ids))
        return found

    @staticmethod
    def _stream(
        writer: ZipWriter, part: str, source: FileSource | PersonalSource, compress: bool, meter: _Meter
    ) -> bytes:
        """Copy a source; its SHA-256 where the name is not that already (a sealed part is named by its plain bytes)."""
        digest = None if isinstance(source, FileSource) else hashlib.sha256()
        chunks = placing.source_chunks(part, source.open)
        if digest is not None:
            chunks = _hashed(chunks, digest)
        done = writer.add_stream(part, source.size, chunks, compress=compress, tell=meter.add)
        if done != source.size:
            raise placing.source_damaged(part, f"{done} bytes instead of {source.size}")
        return digest.digest() if digest is not None else b""

    def _compare(self, file: BinaryIO, expected: Mapping[str, bytes], meter: _Meter) -> None:
        reader = ZipReader(file)
        if list(reader.entries) != list(expected):
            raise placing.badly_written("entries")
        written = meter.done
        for part, digest in digests(reader, list(expected), lambda done: meter.reach(written + done)):
            if digest != expected[part]:
                source = self.files.get(part)
                if source is not None and placing.hash_of(part, source.open) != expected[part]:
                    raise placing.source_damaged(part, "hash")
                raise placing.badly_written(part)


class _Meter:
    """Adds up the bytes done and tells the watcher, who may cancel."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._total = total
        self.done = 0

    def add(self, count: int) -> None:
        self.reach(self.done + count)

    def reach(self, done: int) -> None:
        self.done = done
        self._progress(min(done, self._total), self._total)


def _hashed(chunks: Iterator[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    for chunk in chunks:
        digest.update(chunk)
        yield chunk


def _once(files: Iterable[FileSource]) -> Sequence[FileSource]:
    by_hash: dict[str, FileSource] = {}
    for file in files:
        by_hash.setdefault(file.sha256, file)
    return [by_hash[sha256] for sha256 in sorted(by_hash)]


def _journal_part(name: str) -> str:
    part = name if name.startswith(opc.JOURNALS) else f"{opc.JOURNALS}{name}.jsonl"
    if opc.type_of(part) != opc.JOURNAL_TYPE:
        raise ValueError(f"no journal's name: {name}")
    return part


def _listed(part: str, data: bytes) -> JournalPart:
    # What the receiver would refuse must be noticed here, while it can still be mended.
    try:
        entries = check_entries(part, data)
    except Exception as error:
        raise InputError(
            _("台账里有记录格式不对，不能导出。"),
            next_step=_("请做一次体检（命令行：taizhang doctor）查看是哪一条，再与技术支持联系。"),
            detail=getattr(error, "detail", str(error)),
        ) from error
    return JournalPart(
        part=part, sha256=hashlib.sha256(data).hexdigest(), size=len(data), entries=len(entries)
    )
