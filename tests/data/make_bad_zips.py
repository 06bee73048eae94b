"""Bad packages whose zip is altered: hidden, doubled, lying, exploding (rule 1)."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from make_bad_packages import read, write

from desktop_app.core.package import opc


def _end(package: bytes) -> int:
    return package.rindex(b"PK\x05\x06")


def prefix(package: bytes) -> bytes:
    """Something before the zip that itself looks like one, as self-extracting files have."""
    return b"PK\x03\x04" + package


def trailing(package: bytes) -> bytes:
    return package + b"\0"


def comment(package: bytes) -> bytes:
    return package[:-2] + struct.pack("<H", 5) + b"hello"


def gap(package: bytes) -> bytes:
    """Bytes between the last entry and the directory, with the offset set right."""
    end = _end(package)
    offset = struct.unpack_from("<L", package, end + 16)[0]
    moved = package[:offset] + b"hidden" + package[offset:end] + package[end:]
    return moved[: end + 6 + 16] + struct.pack("<L", offset + 6) + moved[end + 6 + 20 :]


def _central(package: bytes, at: int, offset: int, value: bytes) -> bytes:
    """Change a field of the first central record (`at` bytes into it) and, at `offset`, of the first local header."""
    start = struct.unpack_from("<L", package, _end(package) + 16)[0]
    changed = bytearray(package)
    changed[start + at : start + at + len(value)] = value
    if offset >= 0:
        changed[offset : offset + len(value)] = value
    return bytes(changed)


def encrypted(package: bytes) -> bytes:
    return _central(package, 8, 6, struct.pack("<H", 1))


def described(package: bytes) -> bytes:
    return _central(package, 8, 6, struct.pack("<H", 8))


def other_method(package: bytes) -> bytes:
    return _central(package, 10, 8, struct.pack("<H", 12))


def local_differs(package: bytes) -> bytes:
    return _central(package, 16, -1, b"\1\2\3\4")


def size_lies(package: bytes) -> bytes:
    return _central(package, 24, 22, struct.pack("<L", 9))


def empty_name(package: bytes) -> bytes:
    return _central(package, 46, 30, b"../")


def _with_name(package: bytes, name: str) -> bytes:
    parts = read(package)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for key, data in parts.items():
            archive.writestr(zipfile.ZipInfo(key), data)
        archive.writestr(zipfile.ZipInfo(name), b"x")
    return out.getvalue()


def traversal(package: bytes) -> bytes:
    return _with_name(package, "xl/../../evil.xml")


def absolute(package: bytes) -> bytes:
    return _with_name(package, "/etc/evil.xml")


def backslash(package: bytes) -> bytes:
    return _with_name(package, "xl\\evil.xml")


def not_ascii(package: bytes) -> bytes:
    return _with_name(package, "xl/表.xml")


def folder(package: bytes) -> bytes:
    return _with_name(package, "xl/empty/")


def twice(package: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for key, data in read(package).items():
            archive.writestr(zipfile.ZipInfo(key), data)
        archive.start_dir = archive.fp.tell()  # type: ignore[union-attr]
        entry = zipfile.ZipInfo(opc.PAYLOAD)
        archive.NameToInfo.pop(opc.PAYLOAD)
        archive.writestr(entry, b"{}")
    return out.getvalue()


def overlap(package: bytes) -> bytes:
    """Two directory records for the same bytes: the last one once more, under another name."""
    end = _end(package)
    start, count, size = (
        struct.unpack_from("<L", package, end + 16)[0],
        struct.unpack_from("<H", package, end + 10)[0],
        struct.unpack_from("<L", package, end + 12)[0],
    )
    record = package[package.rindex(b"PK\x01\x02", 0, end) : end].replace(b"sig1", b"sig9")
    tail = bytearray(package[end:])
    struct.pack_into("<HHLL", tail, 8, count + 1, count + 1, size + len(record), start)
    return package[:end] + record + bytes(tail)


def bomb(package: bytes) -> bytes:
    """Zeros, a thousand to one."""
    return write(
        read(package) | {"xl/media/image9.png": b""} | {"xl/theme/theme9.xml": bytes(64 * 1024 * 1024)}
    )


def lying_bomb(package: bytes) -> bytes:
    """An entry that unpacks to far more than it announces."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packed.compress(bytes(8_000_000)) + packed.flush()
    name = b"xl/theme/theme9.xml"
    local = (
        struct.pack("<4sHHHHHLLLHH", b"PK\3\4", 20, 0, 8, 0, 33, 0, len(data), 1000, len(name), 0)
        + name
        + data
    )
    end = _end(package)
    start, count, size = (
        struct.unpack_from("<L", package, end + 16)[0],
        struct.unpack_from("<H", package, end + 10)[0],
        struct.unpack_from("<L", package, end + 12)[0],
    )
    record = struct.pack(
        "<4sHHHHHHLLLHHHHHLL",
        b"PK\1\2",
        20,
        20,
        0,
        8,
        0,
        33,
        0,
        len(data),
        1000,
        len(name),
        0,
        0,
        0,
        0,
        0,
        start,
    )
    tail = bytearray(package[end:])
    struct.pack_into(
        "<HHLL", tail, 8, count + 1, count + 1, size + len(record) + len(name), start + len(local)
    )
    return package[:start] + local + package[start:end] + record + name + bytes(tail)


BROKEN_ZIPS: dict[str, Callable[[bytes], bytes]] = {
    "prefix": prefix,
    "trailing byte": trailing,
    "comment": comment,
    "gap": gap,
    "encryption flag": encrypted,
    "sizes behind the data": described,
    "another method": other_method,
    "local header differs": local_differs,
    "size lies": size_lies,
    "dotted name": empty_name,
    "traversal": traversal,
    "absolute name": absolute,
    "backslash": backslash,
    "name not ASCII": not_ascii,
    "folder": folder,
    "name twice": twice,
    "overlap": overlap,
    "bomb": bomb,
}
