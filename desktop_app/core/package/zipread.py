"""Reading the zip, strictly (rule 1): every byte of the file belongs to exactly one entry, and nothing is repaired.

The standard library's reader takes what it can; here a file is either exactly as a plain writer makes it or refused.
"""

from __future__ import annotations

import hashlib
import io
import os
import struct
import threading
import zlib
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from desktop_app.core.i18n import _
from desktop_app.core.package import limits
from desktop_app.core.package.faults import UnreadableFile, changed, damaged, not_ours, truncated
from desktop_app.core.package.opc import is_safe_name

_LOCAL = struct.Struct("<4sHHHHHLLLHH")
_CENTRAL = struct.Struct("<4sHHHHHHLLLHHHHHLL")
_END = struct.Struct("<4sHHHHLLH")
_END64 = struct.Struct("<4sQHHLLQQQQ")
_LOCATOR = struct.Struct("<4sLQL")
_STORED, _DEFLATED = 0, 8
_VERSIONS = {20, 45}
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF


class ZipEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry.  Sizes and `start` (of its data) in bytes."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    start: int


class _Central(msgspec.Struct, frozen=True):
    """A central directory record as it stands, with zip64 values resolved."""

    name: bytes
    version: int
    method: int
    time: int
    date: int
    crc: int
    packed: int
    size: int
    offset: int


class ZipReader:
    """The entries of an open zip file, by name in the file's order.  The file must stay open."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._reading = threading.Lock()
        # A file on a disk can be read at several places at once; whatever else was handed in, at one.
        placed = isinstance(file, io.BufferedReader) and hasattr(os, "pread")
        self._handle = file.fileno() if placed else -1
        self.length = file.seek(0, 2)
        begin, records = self._directory()
        self.entries: dict[str, ZipEntry] = self._check_entries(records, begin)

    # --- structure -------------------------------------------------------------------------------------------------

    def _read(self, start: int, size: int) -> bytes:
        if start < 0 or size < 0 or start + size > self.length:
            raise truncated(f"{size} bytes at {start} of {self.length}")
        try:
            if self._handle >= 0:
                data = os.pread(self._handle, size, start)
            else:
                # Several threads may hash parts of one file.
                with self._reading:
                    self._file.seek(start)
                    data = self._file.read(size)
        except OSError as error:
            raise _unreadable(error) from error
        if len(data) != size:
            raise truncated(f"{len(data)} of {size} bytes at {start}")
        return data

    def _directory(self) -> tuple[int, list[_Central]]:
        """Where the central directory begins, and its records."""
        if self.length == 0:
            raise not_ours("empty file")
        start = self._read(0, min(self.length, 8))
        if not start.startswith(b"PK\x03\x04"):
            raise not_ours(f"starts with {start.hex()}")
        if self.length < _END.size:
            raise truncated("shorter than a zip's end")
        end_at = self.length - _END.size
        end = _END.unpack(self._read(end_at, _END.size))
        if end[0] != b"PK\x05\x06":
            tail = self._read(max(0, self.length - 70_000), min(self.length, 70_000))
            if b"PK\x05\x06" in tail:
                raise damaged("bytes after the end of the zip")
            raise truncated("no end of central directory")
        disk, directory_disk, here, count, size, offset, comment = end[1:]
        locator_at = end_at - _LOCATOR.size
        if locator_at > 0 and self._read(locator_at, 4) == b"PK\x06\x07":
            wide = self._end64(locator_at)
            # The narrow fields repeat the wide ones as far as they can hold them.
            for narrow, full, value in zip(
                (here, count, size, offset), (_FULL16, _FULL16, _FULL32, _FULL32), wide[:4], strict=True
            ):
                if narrow not in (value, full):
                    raise damaged("zip64 end differs")
            here, count, size, offset, end_at = wide
        if disk or directory_disk or comment or here != count:
            raise damaged("several disks or a comment")
        if count > limits.MAX_ENTRIES or size > limits.MAX_DIRECTORY:
            raise damaged(f"{count} entries, {size} bytes of directory")
        if offset + size != end_at:
            raise damaged("gap or overlap before the end")
        return offset, self._records(self._read(offset, size), count)

    def _end64(self, at: int) -> tuple[int, int, int, int, int]:
        """Entries here, entries, directory's size and offset, and where this record itself begins."""
        mark, disk, end64_at, disks = _LOCATOR.unpack(self._read(at, _LOCATOR.size))
        if mark != b"PK\x06\x07" or disk or disks != 1 or end64_at + _END64.size != at:
            raise damaged("zip64 locator")
        record = _END64.unpack(self._read(end64_at, _END64.size))
        mark, length, _made, _needed, disk, directory_disk, here, count, size, offset = record
        if mark != b"PK\x06\x06" or length != _END64.size - 12 or disk or directory_disk:
            raise damaged("zip64 end")
        return here, count, size, offset, end64_at

    def _records(self, directory: bytes, count: int) -> list[_Central]:
        records = []
        at = 0
        for _number in range(count):
            if at + _CENTRAL.size > len(directory):
                raise damaged("central directory too short")
            (
                mark, _made, version, flags, method, time, date, crc, packed, size,
                name_length, extra_length, comment, disk, _internal, _external, offset,
            ) = _CENTRAL.unpack_from(directory, at)  # fmt: skip
            at += _CENTRAL.size
            name = directory[at : at + name_length]
            extra = directory[at + name_length : at + name_length + extra_length]
            at += name_length + extra_length
            if mark != b"PK\x01\x02" or at > len(directory) or comment or disk:
                raise damaged("central directory record")
            # No flag is ever set: no encryption, no sizes behind the data, no names but ASCII.
            if flags or method not in (_STORED, _DEFLATED):
                raise damaged(f"{name!r}: flags {flags:#x}, method {method}")
            size, packed, offset = _resolved(extra, (size, packed, offset), name)
            records.append(_Central(name, version, method, time, date, crc, packed, size, offset))
        if at != len(directory):
            raise damaged("central directory too long")
        return records

    def _check_entries(self, records: list[_Central], end: int) -> dict[str, ZipEntry]:
        entries: dict[str, ZipEntry] = {}
        folded: set[str] = set()
        at = unpacked = 0
        for record in records:
            name = record.name.decode("ascii", errors="replace")
            if not is_safe_name(name):
                raise damaged(f"name {record.name[:80]!r}")
            if name.lower() in folded:
                raise damaged(f"name twice: {name}")
            folded.add(name.lower())
            if record.offset != at:
                raise damaged(f"{name}: gap, overlap or other order")
            start = self._check_local(record, name)
            at = start + record.packed
            if at > end:
                raise damaged(f"{name}: runs into the directory")
            self._check_sizes(record, name)
            if not name.startswith("taizhang/evidence/"):
                unpacked += record.size
            entries[name] = ZipEntry(
                name=name,
                method=record.method,
                crc=record.crc,
                packed=record.packed,
                size=record.size,
                start=start,
            )
        if at != end:
            raise damaged("gap before the directory")
        if unpacked > limits.MAX_UNPACKED:
            raise damaged(f"{unpacked} bytes unpacked")
        return entries

    def _check_local(self, record: _Central, name: str) -> int:
        """Compare the local header with the central record; returns where the data begin."""
        head = self._read(record.offset, _LOCAL.size)
        mark, version, flags, method, time, date, crc, packed, size, name_length, extra_length = (
            _LOCAL.unpack(head)
        )
        rest = self._read(record.offset + _LOCAL.size, name_length + extra_length)
        size, packed, _offset = _resolved(rest[name_length:], (size, packed, 0), record.name)
        here = (rest[:name_length], flags, method, time, date, crc, packed, size)
        there = (
            record.name, 0, record.method, record.time, record.date, record.crc, record.packed, record.size,
        )  # fmt: skip
        # The versions differ where only the place in a file beyond 2 GiB needs the wide form.
        if not {version, record.version} <= _VERSIONS:
            raise damaged(f"{name}: version {version}, {record.version}")
        if mark != b"PK\x03\x04" or here != there:
            raise damaged(f"{name}: local header differs")
        return record.offset + _LOCAL.size + name_length + extra_length

    @staticmethod
    def _check_sizes(record: _Central, name: str) -> None:
        evidence = name.startswith(("taizhang/evidence/", "taizhang/personal/"))
        if record.size > (limits.MAX_EVIDENCE if evidence else limits.MAX_PART):
            raise damaged(f"{name}: {record.size} bytes")
        if record.method == _STORED and record.packed != record.size:
            raise damaged(f"{name}: stored, but sizes differ")
        if record.size > limits.RATIO_FREE and record.size > record.packed * limits.MAX_RATIO:
            raise damaged(f"{name}: unpacks {record.size} from {record.packed}")

    # --- contents --------------------------------------------------------------------------------------------------

    def chunks(self, name: str) -> Iterator[bytes]:
        """The unpacked bytes of an entry, a chunk at a time.  Rule 1 where they are not as long as announced."""
        entry = self.entries[name]
        if entry.method == _STORED:
            yield from self._raw(entry)
            return
        inflate = zlib.decompressobj(-15)
        done = 0
        try:
            for raw in self._raw(entry):
                if inflate.eof:
                    raise changed(name)
                pending = raw
                while True:
                    block = inflate.decompress(pending, limits.CHUNK)
                    pending = inflate.unconsumed_tail
                    done += len(block)
                    if done > entry.size:
                        raise damaged(f"{name}: longer than announced")
                    if block:
                        yield block
                    # A full block may leave more output waiting even when all the input has been taken.
                    if inflate.eof or (not pending and len(block) < limits.CHUNK):
                        break
        except zlib.error as error:
            raise changed(name) from error
        if not inflate.eof or inflate.unused_data or done != entry.size:
            raise changed(name)

    def _raw(self, entry: ZipEntry) -> Iterator[bytes]:
        at, left = entry.start, entry.packed
        while left:
            block = self._read(at, min(left, limits.CHUNK))
            at += len(block)
            left -= len(block)
            yield block

    def read(self, name: str) -> bytes:
        """An entry's bytes whole; only for parts that are no evidence.  The zip's own checksum is compared."""
        entry = self.entries[name]
        data = b"".join(self.chunks(name))
        if zlib.crc32(data) != entry.crc:
            raise changed(name)
        return data

    def sha256(self, name: str) -> bytes:
        """The SHA-256 of an entry's bytes.

        The zip's own checksum is left out here: the signature's digest says more, and hashing twice costs time.
        """
        digest = hashlib.sha256()
        for block in self.chunks(name):
            digest.update(block)
        return digest.digest()


def _resolved(extra: bytes, values: tuple[int, int, int], name: bytes) -> tuple[int, int, int]:
    """Size, packed size and offset, with those that do not fit into 32 bits taken from the zip64 field.

    No other extra field is allowed, and the zip64 field holds exactly the values that need it.
    """
    needed = [value for value in values if value == _FULL32]
    if not needed and not extra:
        return values
    if len(extra) != 4 + 8 * len(needed) or not needed or extra[:4] != struct.pack("<HH", 1, 8 * len(needed)):
        raise damaged(f"{name!r}: extra field")
    wide = iter(struct.unpack_from(f"<{len(needed)}Q", extra, 4))
    size, packed, offset = (next(wide) if value == _FULL32 else value for value in values)
    return size, packed, offset


def _unreadable(error: OSError) -> UnreadableFile:
    return UnreadableFile(
        _("文件读到一半读不下去了。"),
        meaning=_("U盘可能松动、已拔出或有坏块。"),
        next_step=_("请把文件复制到电脑上再打开；复制也失败就请对方重新发送。"),
        detail=str(error),
    )
