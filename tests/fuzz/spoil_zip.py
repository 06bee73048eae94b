"""Spoiling a package as a zip: every field of every record can lie, alone or together with its twin."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

LOCAL = struct.Struct("<4sHHHHHLLLHH")
CENTRAL = struct.Struct("<4sHHHHHHLLLHHHHHLL")
END = struct.Struct("<4sHHHHLLH")


@dataclass
class Entry:
    """One entry: what its central record says, what its local header says where that differs,
    its packed bytes."""

    name: bytes
    method: int
    crc: int
    size: int
    packed: bytes
    version: int = 20
    flags: int = 0
    time: int = 0
    date: int = 33
    made: int = 0x0314
    external: int = 0o600 << 16
    extra: bytes = b""
    comment: bytes = b""
    local: dict[str, object] = field(default_factory=dict)
    central: dict[str, int] = field(default_factory=dict)
    before: bytes = b""
    behind: bytes = b""

    @property
    def plain(self) -> bytes:
        return zlib.decompress(self.packed, -15) if self.method == 8 else self.packed


def read(data: bytes) -> list[Entry]:
    """The entries of a good package."""
    *_rest, count, _size, at, _comment = END.unpack(data[-END.size :])
    entries = []
    for _number in range(count):
        (_mark, made, version, flags, method, time, date, crc, packed, size, names, extras, _c, _d, _i,
        external, offset) = (
            CENTRAL.unpack_from(data, at)
        )  # fmt: skip
        name = data[at + CENTRAL.size : at + CENTRAL.size + names]
        at += CENTRAL.size + names + extras
        begin = offset + LOCAL.size + sum(struct.unpack_from("<HH", data, offset + 26))
        entries.append(
            Entry(
                name=name,
                method=method,
                crc=crc,
                size=size,
                packed=data[begin : begin + packed],
                version=version,
                flags=flags,
                time=time,
                date=date,
                made=made,
                external=external,
            )
        )
    return entries


@dataclass
class Tail:
    """The end of the directory, as far as it lies."""

    entries: int = 0
    size: int = 0
    offset: int = 0
    disk: int = 0
    comment: bytes = b""
    before: bytes = b""
    between: bytes = b""
    order: list[int] | None = None


def write(entries: list[Entry], tail: Tail | None = None) -> bytes:
    tail = tail or Tail()
    out, records = bytearray(), []
    for entry in entries:
        out += entry.before
        offset = len(out)
        said = {
            "version": entry.version,
            "flags": entry.flags,
            "method": entry.method,
            "time": entry.time,
            "date": entry.date,
            "crc": entry.crc,
            "packed": len(entry.packed),
            "size": entry.size,
            "name": entry.name,
            "extra": entry.extra,
        }
        here = said | entry.local
        name, extra = bytes(here["name"]), bytes(here["extra"])  # type: ignore[call-overload]
        numbers = [
            here[key] for key in ("version", "flags", "method", "time", "date", "crc", "packed", "size")
        ]
        out += (
            LOCAL.pack(b"PK\3\4", *numbers, len(name), len(extra))
            + name
            + extra
            + entry.packed
            + entry.behind
        )
        there = {
            "offset": offset,
            **{key: said[key] for key in said if key not in ("name", "extra")},
        } | entry.central
        numbers = [
            there[key] for key in ("version", "flags", "method", "time", "date", "crc", "packed", "size")
        ]
        lengths = (
            len(entry.name),
            len(entry.extra),
            len(entry.comment),
            there.get("disk", 0),
            0,
            entry.external,
        )
        records.append(
            CENTRAL.pack(b"PK\1\2", entry.made, *numbers, *lengths, there["offset"])
            + entry.name
            + entry.extra
            + entry.comment
        )
    out += tail.before
    begin = len(out)
    out += b"".join(records[index] for index in tail.order or range(len(records)))
    size = len(out) - begin
    out += tail.between
    count = (len(records) + tail.entries) % 0x10000
    out += END.pack(
        b"PK\5\6",
        tail.disk,
        0,
        count,
        count,
        size + tail.size,
        max(0, begin + tail.offset),
        len(tail.comment),
    )
    return bytes(out) + tail.comment


# -- spoilers --------------------------------------------------------------------------------------------------------

Spoiler = Callable[[random.Random, list[Entry]], bytes]


def _one(rng: random.Random, entries: list[Entry], **changes: object) -> bytes:
    at = rng.randrange(len(entries))
    out = list(entries)
    out[at] = replace(out[at], **changes)  # type: ignore[arg-type]
    return write(out)


def names(rng: random.Random, entries: list[Entry]) -> bytes:
    name = rng.choice(entries).name
    other = rng.choice(entries).name
    return _one(
        rng,
        entries,
        name=rng.choice(
            (
                name, name.upper(), name.swapcase(), b"../" + name, b"/" + name, b"./" + name, name + b"/", name + b".",
                name + b" ", name + b"\0", name.replace(b"/", b"\\"), name.replace(b"/", b"//"), b"", b".", b"..",
                "表.xml".encode(), name + "é".encode("latin-1"), b"a" * 300, b"CON",
                b"xl/worksheets/sheet1.xml:x",
                other, b"taizhang/journal/x.jsonl", b"_xmlsignatures/sig2.xml", b"[Content_Types].XML",
                b"taizhang/evidence/" + b"0" * 64 + b".jpg", b"xl/vbaProject.bin",
            )
        ),
    )  # fmt: skip


def local_name(rng: random.Random, entries: list[Entry]) -> bytes:
    return _one(rng, entries, local={"name": rng.choice((b"x", b"", rng.choice(entries).name))})


def twice(rng: random.Random, entries: list[Entry]) -> bytes:
    out = list(entries)
    out.insert(rng.randrange(len(out) + 1), rng.choice(entries))
    return write(out)


def twice_with_other_contents(rng: random.Random, entries: list[Entry]) -> bytes:
    out = list(entries)
    other = rng.choice(entries)
    out.insert(rng.randrange(len(out) + 1), replace(other, name=rng.choice(entries).name))
    return write(out)


def without(rng: random.Random, entries: list[Entry]) -> bytes:
    out = list(entries)
    del out[rng.randrange(len(out))]
    return write(out)


def shuffled(rng: random.Random, entries: list[Entry]) -> bytes:
    out = list(entries)
    if rng.random() < 0.5:
        rng.shuffle(out)
    else:
        one, other = rng.randrange(len(out)), rng.randrange(len(out))
        out[one], out[other] = out[other], out[one]
    return write(out)


def directory_shuffled(rng: random.Random, entries: list[Entry]) -> bytes:
    order = list(range(len(entries)))
    rng.shuffle(order)
    return write(entries, Tail(order=order))


def contents_exchanged(rng: random.Random, entries: list[Entry]) -> bytes:
    out = list(entries)
    one, other = rng.sample(range(len(out)), 2)
    out[one], out[other] = replace(out[other], name=out[one].name), replace(out[one], name=out[other].name)
    return write(out)


def packed_otherwise(rng: random.Random, entries: list[Entry]) -> bytes:
    """The same contents, stored or deflated in another way: nothing is wrong with that."""
    out = []
    for entry in entries:
        if rng.random() < 0.5:
            out.append(replace(entry, method=0, packed=entry.plain))
        else:
            press = zlib.compressobj(rng.choice((0, 1, 6, 9)), zlib.DEFLATED, -15)
            out.append(replace(entry, method=8, packed=press.compress(entry.plain) + press.flush()))
    return write(out)


def stretched(rng: random.Random, entries: list[Entry]) -> bytes:
    """A deflated entry with something behind its end, or cut before it."""
    at = rng.randrange(len(entries))
    entry = entries[at]
    press = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = press.compress(entry.plain) + press.flush()
    packed = rng.choice(
        (packed + b"\0", packed + packed, packed[:-1], packed[: len(packed) // 2], b"\x03\x00" + packed)
    )
    out = list(entries)
    out[at] = replace(entry, method=8, packed=packed)
    return write(out)


def empty_blocks(rng: random.Random, entries: list[Entry]) -> bytes:
    """A million empty deflate blocks: little on the disk, work for whoever unpacks it."""
    at = rng.randrange(len(entries))
    entry = entries[at]
    press = zlib.compressobj(6, zlib.DEFLATED, -15)
    body = b"\x00\x00\x00\xff\xff" * rng.choice((1, 1000, 100_000))
    out = list(entries)
    out[at] = replace(entry, method=8, packed=body + press.compress(entry.plain) + press.flush())
    return write(out)


def bomb(rng: random.Random, entries: list[Entry]) -> bytes:
    at = rng.randrange(len(entries))
    size = rng.choice((1 << 16, 1 << 22, 1 << 24))
    press = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = press.compress(bytes(size)) + press.flush()
    out = list(entries)
    said = rng.choice((size, 10, 0xFFFFFFFF))
    out[at] = replace(out[at], method=8, packed=packed, size=said, crc=zlib.crc32(bytes(size)))
    return write(out)


def lies(rng: random.Random, entries: list[Entry]) -> bytes:
    """One field of one header, in the local header, in the central record, or in both."""
    key = rng.choice(("version", "flags", "method", "time", "date", "crc", "packed", "size"))
    wide = key in ("crc", "packed", "size")
    value = rng.choice(
        (0, 1, 2, 8, 9, 12, 45, 99, 0xFFFF, *((0xFFFFFFFF, 0x7FFFFFFF, 1 << 20) if wide else ()))
    )
    where = rng.randrange(3)
    changes: dict[str, object] = {}
    if where != 1:
        changes["local"] = {key: value}
    if where != 0:
        changes["central"] = {key: value}
    return _one(rng, entries, **changes)


def fields(rng: random.Random, entries: list[Entry]) -> bytes:
    zip64 = struct.pack("<HHQQ", 1, 16, 5, 5)
    return _one(
        rng,
        entries,
        **rng.choice(
            (
                {"extra": zip64}, {"extra": b"\0" * 4}, {"extra": b"up\x05\0\x01\0\0\0\0"}, {"comment": b"hello"},
                {"local": {"extra": zip64}}, {"before": b"hidden"}, {"behind": b"hidden"}, {"made": 0x1F3F},
                {"external": 0xFFFFFFFF}, {"flags": 0x800}, {"flags": 8, "behind": b"PK\x07\x08" + bytes(12)},
                {"central": {"offset": rng.choice((0, 1, 0xFFFFFFFF))}}, {"central": {"disk": 1}},
            )
        ),
    )  # fmt: skip


def other_times(rng: random.Random, entries: list[Entry]) -> bytes:
    """Harmless: a time said alike in both headers."""
    return _one(rng, entries, time=rng.randrange(1 << 16), date=rng.randrange(1 << 16))


def tails(rng: random.Random, entries: list[Entry]) -> bytes:
    return write(
        entries,
        rng.choice(
            (
                Tail(entries=1), Tail(entries=-1), Tail(size=1), Tail(offset=1), Tail(offset=-4), Tail(disk=1),
                Tail(comment=b"hello"), Tail(comment=b"PK\5\6" + bytes(18)), Tail(before=b"gap"), Tail(between=b"gap"),
                Tail(entries=0xFFFF - len(entries)), Tail(before=b"PK\1\2" + bytes(42)),
            )
        ),
    )  # fmt: skip


def wide_end(rng: random.Random, entries: list[Entry]) -> bytes:
    """The wide form of the end, right or wrong."""
    data = write(entries)
    end = len(data) - END.size
    *_rest, count, size, offset, _comment = END.unpack(data[end:])
    lie = rng.choice((0, 0, 1, -1, 1 << 40))
    record = struct.pack(
        "<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, max(0, offset + lie)
    )
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, end, rng.choice((1, 1, 2)))
    narrow = rng.choice(((count, size, offset), (0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)))
    tail = END.pack(b"PK\5\6", 0, 0, narrow[0], narrow[0], narrow[1], narrow[2], 0)
    return data[:end] + record + locator + tail


SPOILERS: tuple[Spoiler, ...] = (
    names,
    names,
    local_name,
    twice,
    twice_with_other_contents,
    without,
    shuffled,
    directory_shuffled,
    contents_exchanged,
    packed_otherwise,
    stretched,
    empty_blocks,
    bomb,
    lies,
    lies,
    lies,
    fields,
    fields,
    other_times,
    tails,
    wide_end,
)


def spoil(rng: random.Random, data: bytes, other: bytes) -> tuple[str, bytes]:
    entries = read(data)
    if rng.random() < 0.1:
        # One part from another good package.
        at = rng.randrange(len(entries))
        entries[at] = replace(rng.choice(read(other)), name=entries[at].name)
        return "foreign part", write(entries)
    spoiler = rng.choice(SPOILERS)
    return spoiler.__name__, spoiler(rng, entries)
