"""A package that has been opened and verified: what the caller may use.  Light to import."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

import msgspec

from desktop_app.core.i18n import _
from desktop_app.core.journal.line import Located
from desktop_app.core.package.faults import changed
from desktop_app.core.package.manifest import FilePart, Manifest, PersonalPart

if TYPE_CHECKING:
    from desktop_app.core.package.zipread import ZipReader
    from desktop_app.core.trust.certificates import CertificateInfo

State = Literal["valid", "valid_with_notes", "unknown_signer"]


EntryLine = Located
"""An entry found in a journal; the store indexes the very same records."""


class Journal(msgspec.Struct, frozen=True, kw_only=True):
    """A verified journal: its part name, its bytes as they came, its entries in order; `bodies` by entry id as far
    as they were decoded."""

    part: str
    data: bytes
    entries: tuple[EntryLine, ...]
    bodies: Mapping[bytes, Any] = {}

    def line(self, entry: EntryLine) -> bytes:
        """The entry's own bytes."""
        return self.data[entry.start : entry.start + entry.length]


class SignerInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Who signed.  `chain` are certificates in DER, the signer's first; `issuer` the unit whose CA granted it.

    `root` is the last certificate's fingerprint, to be compared over the telephone on first contact.
    """

    unit: str
    name: str
    fingerprint: str
    issuer: str
    issuer_name: str
    root: str
    chain: tuple[bytes, ...]
    infos: tuple[CertificateInfo, ...]
    trusted: bool
    certified: bool
    signed_at: dt.datetime


class ForwardedSubmission(msgspec.Struct, frozen=True, kw_only=True):
    """A unit's own signed submission, carried by the unit above; evidence and sheets are not with it."""

    container: str
    state: State
    notes: tuple[str, ...]
    manifest: Manifest
    signer: SignerInfo
    sig1: bytes
    payload: bytes
    journals: tuple[Journal, ...]

    @property
    def trusted(self) -> bool:
        return self.signer.trusted


class OpenedPackage:
    """A package whose every rule held.  Use as a context manager; the file stays open for evidence.

    `state` "unknown_signer" means that all is sound except that nobody pinned vouches for the signer: the caller
    shows who it says it is and must not merge it.
    """

    def __init__(
        self,
        *,
        file: BinaryIO,
        reader: ZipReader,
        name: str,
        container: str,
        sig1: bytes,
        payload: bytes,
        manifest: Manifest,
        signer: SignerInfo,
        journals: tuple[Journal, ...],
        forwarded: tuple[ForwardedSubmission, ...],
        notes: tuple[str, ...],
    ) -> None:
        self._file = file
        self._reader = reader
        self.name = name
        self.container = container
        self.sig1 = sig1
        self.payload = payload
        self.manifest = manifest
        self.signer = signer
        self.journals = journals
        self.forwarded = forwarded
        self.notes = notes
        self.size = reader.length

    # --- what a person is told -------------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        if not self.signer.trusted:
            return "unknown_signer"
        return "valid_with_notes" if self.notes else "valid"

    @property
    def reason(self) -> str:
        """Why it is not simply valid; "" where it is."""
        if self.signer.trusted:
            return ";".join(note.rstrip("。") for note in self.notes) + ("。" if self.notes else "")
        if not self.signer.certified:
            return _("“{name}”的密钥还没有获得证书，签名人未知。").format(name=self.signer.name)
        return _("签名证书不是由本市的根证书签发的，签名人未知。")

    @property
    def next_step(self) -> str:
        if self.signer.trusted:
            return ""
        if not self.signer.certified:
            return _("请按盖章的申请表核对指纹并签发证书；对方装上证书后重新导出即可，不用重填。")
        return _("请确认文件来自本市，并与发件单位电话核对根证书的 8 组数字。")

    # --- contents --------------------------------------------------------------------------------------------------

    @property
    def files(self) -> tuple[FilePart, ...]:
        """Evidence in this package."""
        return self.manifest.files

    @property
    def personal(self) -> tuple[PersonalPart, ...]:
        return self.manifest.personal

    def chunks(self, file: FilePart) -> Iterator[bytes]:
        """An evidence file's bytes, a chunk at a time, hashed once more on the way.

        They were verified on opening; should the file have changed since, the last step raises a
        VerificationError, so keep nothing before the iterator has ended.
        """
        digest = hashlib.sha256()
        for block in self._reader.chunks(file.part):
            digest.update(block)
            yield block
        if digest.hexdigest() != file.sha256:
            raise changed(file.part)

    def open(self, sha256: str) -> BinaryIO:
        """An evidence file as a stream (see `chunks`), found by its hash.  KeyError where it is not inside."""
        for file in self.manifest.files:
            if file.sha256 == sha256:
                return _stream(self.chunks(file))
        raise KeyError(sha256)

    def personal_bytes(self, part: PersonalPart) -> bytes:
        """A sealed personal part, still sealed."""
        return self._reader.read(part.part)

    def personal_chunks(self, part: PersonalPart) -> Iterator[bytes]:
        return self._reader.chunks(part.part)

    @property
    def part_names(self) -> tuple[str, ...]:
        """Every part in the file, in its order."""
        return tuple(self._reader.entries)

    def part(self, name: str) -> bytes:
        """Any verified part's bytes, for instance xl/worksheets/sheet1.xml.  KeyError where there is none."""
        return self._reader.read(name)

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> OpenedPackage:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()


def _stream(chunks: Iterator[bytes]) -> BinaryIO:
    import io

    class _Chunks(io.RawIOBase):
        """A raw stream over an iterator of chunks."""

        def __init__(self) -> None:
            self._rest = memoryview(b"")

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: object) -> int:
            target = memoryview(buffer).cast("B")  # type: ignore[arg-type]
            while not len(self._rest):
                block = next(chunks, None)
                if block is None:
                    return 0
                self._rest = memoryview(block)
            count = min(len(target), len(self._rest))
            target[:count] = self._rest[:count]
            self._rest = self._rest[count:]
            return count

    return io.BufferedReader(_Chunks(), buffer_size=1024 * 1024)
