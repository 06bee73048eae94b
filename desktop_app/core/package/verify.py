"""Opening a package: rules 1 to 10 of ARCHITECTURE.md, in one pass over the bytes.

Returned is a package whose every rule held, or a VerificationError is raised that says which did not; a signer that
no pinned root vouches for is not invalid but unknown (`OpenedPackage.state`).  Malformed input never leaks another
kind of error.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from desktop_app.core.errors import StorageError, VerificationError
from desktop_app.core.i18n import _
from desktop_app.core.package import forward, limits, opc, own_form, resaved, signature
from desktop_app.core.package.active import check_workbook_part
from desktop_app.core.package.faults import UnreadableFile, changed, describe, invalid, not_ours
from desktop_app.core.package.hashing import digests
from desktop_app.core.package.manifest import Manifest
from desktop_app.core.package.opc import Relationship
from desktop_app.core.package.opened import ForwardedSubmission, OpenedPackage
from desktop_app.core.package.signature_xml import PartReference, relationship_ids
from desktop_app.core.package.zipread import ZipReader
from desktop_app.core.progress import Progress, silent

_SMALL = 8 * limits.MIB
"""Files up to this size are read at once; larger ones hold evidence and are read in pieces."""

_REQUIRED = (
    opc.CONTENT_TYPES,
    opc.ROOT_RELS,
    opc.WORKBOOK,
    opc.PAYLOAD,
    opc.PAYLOAD_RELS,
    opc.ORIGIN,
    opc.ORIGIN_RELS,
    opc.SIGNATURE,
)


def open_package(
    path: Path,
    roots: Sequence[bytes],
    *,
    sheets: bool = True,
    progress: Progress = silent,
    content: bytes | None = None,
) -> OpenedPackage:
    """Open and verify a package.  The caller closes it (it is a context manager).

    `roots` are the pinned root certificates, DER or PEM; with none of them, every signer is unknown.  `sheets` False
    leaves out the comparison of the sheets with the journal (rule 9's note; import never reads the sheets).
    `progress` counts bytes.  `content` is what the file holds where it was decrypted first; `path` then only names
    it.  Which plan and city it is about, the caller compares (`manifest.plan`, `.city`).

    Raises VerificationError (with `rule`), ResavedError, StorageError where the file cannot be read.
    """
    file = _open(path) if content is None else io.BytesIO(content)
    try:
        try:
            return _Verification(file, path.name, roots, progress).run(sheets)
        except VerificationError as error:
            friendly = resaved.recognise(file) or own_form.recognise(file, path.name)
            if friendly is not None:
                raise friendly from error
            raise
    except BaseException:
        file.close()
        raise


def container_of(path: Path) -> str:
    """The container digest (SHA-256 hex of sig1.xml) of a package, without verifying it; "" where there is none.

    For skipping what is already known; nothing else may rest on it.
    """
    try:
        with _open(path, whole=False) as file:
            reader = ZipReader(file)
            return hashlib.sha256(_signature_bytes(reader)).hexdigest()
    except (VerificationError, StorageError):
        return ""


def _open(path: Path, *, whole: bool = True) -> BinaryIO:
    try:
        file = path.open("rb")
        try:
            size = file.seek(0, 2)
            file.seek(0)
            if not whole or size > _SMALL:
                return file
            with file:
                return io.BytesIO(file.read())
        except BaseException:
            file.close()
            raise
    except OSError as error:
        raise UnreadableFile.of(path, error) from error


def _signature_bytes(reader: ZipReader) -> bytes:
    entry = reader.entries.get(opc.SIGNATURE)
    if entry is None:
        raise not_ours("no signature part")
    if entry.size > limits.MAX_SIGNATURE:
        raise invalid(1, _("文件结构过大。"), opc.SIGNATURE)
    return reader.read(opc.SIGNATURE)


class _Verification:
    """One file's verification; each method is one or two of the numbered rules."""

    def __init__(self, file: BinaryIO, name: str, roots: Sequence[bytes], progress: Progress) -> None:
        self.file = file
        self.name = name
        self.roots = roots
        self.progress = progress
        self.kept: dict[str, bytes] = {}
        self.relationships: dict[str, tuple[Relationship, ...]] = {}

    def run(self, sheets: bool) -> OpenedPackage:
        self.reader = ZipReader(self.file)  # Rule 1.
        self._check_required()
        sig1 = _signature_bytes(self.reader)
        self.checked = signature.check(sig1, self.roots)  # Rules 5, 6, 7.
        self._check_coverage()
        self._check_types()
        self._check_parts()
        self._check_relationships()
        payload = self.kept[opc.PAYLOAD]
        manifest = forward.read_manifest(payload)
        forward.check_unit(manifest, self.checked)
        self._check_manifest(manifest)
        journals = forward.check_journals(manifest, self._under(opc.JOURNALS), "")  # Rule 10.
        forwarded = self._check_forwarded(manifest)
        notes = list(self.checked.notes)
        unknown = sum(1 for item in forwarded if not item.trusted)
        if unknown:
            notes.append(_("转报的下级数据中有 {count} 份签名人未知，没有汇入。").format(count=unknown))
        package = OpenedPackage(
            file=self.file,
            reader=self.reader,
            name=self.name,
            container=self.checked.container,
            sig1=sig1,
            payload=payload,
            manifest=manifest,
            signer=forward.signer_info(self.checked),
            journals=journals,
            forwarded=forwarded,
            notes=tuple(notes),
        )
        if sheets:  # Rule 9.
            package.notes += self._compare_sheets(package)
        return package

    # --- rules 2 and 3: what is there, and what type it has ---------------------------------------------------------

    def _check_required(self) -> None:
        missing = [part for part in _REQUIRED if part not in self.reader.entries]
        if opc.PAYLOAD in missing and opc.SIGNATURE in missing:
            raise not_ours("neither payload nor signature")
        if missing:
            raise invalid(3, _("文件缺少必需的部分。"), ", ".join(missing))

    def _check_coverage(self) -> None:
        """Rule 3: every entry is listed in the signature exactly once, and everything listed is there."""
        listed = self.checked.references
        here = self.reader.entries.keys() - opc.UNSIGNED
        extra = sorted(here - listed.keys())
        if extra:
            raise invalid(3, _("文件里夹带了签名以外的内容。"), ", ".join(extra)[:200])
        missing = sorted(listed.keys() - here)
        if missing:
            raise invalid(
                3,
                _("{what}不见了，文件不完整。").format(what=_first(missing)),
                ", ".join(missing)[:200],
            )

    def _check_types(self) -> None:
        """Rule 2: each part has the one type its name stands for, and the list of types says exactly that."""
        types = {opc.ORIGIN: opc.ORIGIN_TYPE, opc.SIGNATURE: opc.SIGNATURE_TYPE}
        for part, reference in self.checked.references.items():
            wanted = opc.type_of(part)
            if not wanted:
                raise invalid(8, _("文件里有不属于上报包的内容。"), part)
            if reference.content_type != wanted:
                raise invalid(2, _("文件里有一部分的类型不对。"), f"{part}: {reference.content_type}"[:200])
            types[part] = wanted
        if self._small(opc.CONTENT_TYPES) != opc.content_types(types):
            raise invalid(2, _("文件里写明的内容类型被改动过。"), opc.CONTENT_TYPES)

    def _small(self, part: str) -> bytes:
        if self.reader.entries[part].size > limits.MAX_XML:
            raise invalid(1, _("文件结构过大。"), part)
        return self.reader.read(part)

    # --- rule 3: the bytes; each part is read and hashed exactly once -----------------------------------------------

    def _check_parts(self) -> None:
        sizes = {part: entry.size for part, entry in self.reader.entries.items()}
        total = sum(sizes.values())
        references = self.checked.references
        large: list[str] = []
        done = 0
        for part, reference in references.items():
            if (reference.ids is not None) != part.endswith(".rels"):
                raise invalid(5, _("签名文件的结构不对。"), f"transform of {part}")
            if part.startswith((opc.EVIDENCE, opc.PERSONAL)):
                large.append(part)
                continue
            self._check_small(part, reference)
            done += sizes[part]
            self.progress(done, total, self.name)
        for part, digest in digests(
            self.reader, large, lambda hashed: self.progress(done + hashed, total, self.name)
        ):
            if digest != references[part].digest:
                raise changed(part)

    def _check_small(self, part: str, reference: PartReference) -> None:
        if reference.ids is not None:
            digest = self._hash_relationships(part, reference)
        else:
            data = self.reader.read(part)
            digest = hashlib.sha256(data).digest()
            if not part.startswith("xl/media/"):
                self.kept[part] = data
        if digest != reference.digest:
            raise changed(part)
        if part.startswith("xl/") and part.endswith(".xml"):
            check_workbook_part(part, self.kept[part])  # Rule 8.

    def _hash_relationships(self, part: str, reference: PartReference) -> bytes:
        """Rule 4: every relationship is signed; only the one to the signature itself cannot be."""
        items = opc.read_relationships(part, self._small(part))
        unsigned = opc.ROOT_RELATIONSHIPS[-1].id if part == opc.ROOT_RELS else ""
        if reference.ids != relationship_ids(items, unsigned):
            raise invalid(4, _("文件各部分之间的对应关系没有全部签名。"), part)
        self.relationships[part] = items
        return hashlib.sha256(opc.transformed(item for item in items if item.id != unsigned)).digest()

    # --- rule 4: relationships --------------------------------------------------------------------------------------

    def _check_relationships(self) -> None:
        if self.relationships.get(opc.ROOT_RELS) != opc.ROOT_RELATIONSHIPS:
            raise invalid(4, _("文件各部分之间的对应关系不对。"), opc.ROOT_RELS)
        origin = self._small(opc.ORIGIN_RELS)
        if origin != opc.relationships(opc.ORIGIN_RELATIONSHIPS) or self.reader.entries[opc.ORIGIN].size:
            raise invalid(4, _("文件各部分之间的对应关系不对。"), opc.ORIGIN_RELS)
        parts = self.checked.references.keys()
        for rels, items in self.relationships.items():
            if rels == opc.ROOT_RELS:
                continue
            source = opc.source_of(rels)
            targets = [opc.resolve(rels, item.target) for item in items]
            types = {item.type for item in items}
            if source == opc.PAYLOAD:
                own = {part for part in parts if part.startswith("taizhang/")} - {opc.PAYLOAD, rels}
                right = types <= {opc.PART_REL} and sorted(targets) == sorted(own)
            else:
                right = (
                    source.startswith("xl/")
                    and source in parts
                    and types <= opc.WORKBOOK_RELS
                    and all(target.startswith("xl/") and target in parts for target in targets)
                )
            if not right:
                raise invalid(4, _("文件各部分之间的对应关系不对。"), rels)

    # --- the manifest against the parts -----------------------------------------------------------------------------

    def _under(self, folder: str) -> dict[str, bytes]:
        return {part: data for part, data in self.kept.items() if part.startswith(folder)}

    def _check_manifest(self, manifest: Manifest) -> None:
        """Rule 3 from the other side: the manifest names all files, with the hashes that were signed."""
        entries, references = self.reader.entries, self.checked.references
        files = {}
        for file in manifest.files:
            reference = references.get(file.part)
            right = (
                reference is not None
                and file.part.startswith(f"{opc.EVIDENCE}{file.sha256}.")
                and reference.digest.hex() == file.sha256
                and entries[file.part].size == file.size
            )
            if not right:
                raise invalid(3, _("佐证材料与清单对不上。"), file.part)
            files[file.part] = file
        personal = {item.part: item for item in manifest.personal}
        for part, item in personal.items():
            if part not in entries or part != opc.PERSONAL + item.hash or entries[part].size != item.size:
                raise invalid(3, _("含个人信息的附件与清单对不上。"), part)
        for folder, named in ((opc.EVIDENCE, files), (opc.PERSONAL, personal)):
            if len(named) != sum(1 for part in references if part.startswith(folder)):
                raise invalid(3, _("附件与清单对不上。"), folder)
        if len(files) != len(manifest.files) or len(personal) != len(manifest.personal):
            raise invalid(3, _("附件与清单对不上。"), "twice in the manifest")

    def _check_forwarded(self, manifest: Manifest) -> tuple[ForwardedSubmission, ...]:
        carried = forward.collect(self._under(opc.SUBMISSIONS))
        if len(carried) > limits.MAX_FORWARDED:
            raise invalid(1, _("文件结构过大。"), f"{len(carried)} submissions")
        if [item.container for item in carried] != [listed.id for listed in manifest.submissions]:
            raise invalid(3, _("转报的下级原始数据与清单对不上。"), "submissions")
        found = []
        for item, listed in zip(carried, manifest.submissions, strict=True):
            verified = forward.verify(item, self.roots)
            said = verified.manifest
            if (said.unit, said.period, said.sequence) != (listed.unit, listed.period, listed.sequence):
                raise invalid(3, _("转报的下级原始数据与清单对不上。"), item.container)
            found.append(verified)
        return tuple(found)

    # --- rule 9: the sheets say what the journal says ---------------------------------------------------------------

    def _compare_sheets(self, package: OpenedPackage) -> tuple[str, ...]:
        from desktop_app.core.package.compare import compare_sheets

        rels = {
            part: opc.relationships(items)
            for part, items in self.relationships.items()
            if part.startswith("xl/")
        }
        return compare_sheets(package, self._under("xl/") | rels)


def _first(parts: Sequence[str]) -> str:
    return describe(parts[0])
