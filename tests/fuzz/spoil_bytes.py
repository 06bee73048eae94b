"""Spoiling a file as bytes: what a bad stick, a cut transfer or a blind hand does."""

from __future__ import annotations

import random
from collections.abc import Callable

INTERESTING = (0, 1, 0x7F, 0x80, 0xFF)
WIDE = (0, 1, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF)


def _at(rng: random.Random, data: bytes) -> int:
    """A place; more often near the end, where the zip's directory lies, or at one of its marks."""
    chance = rng.random()
    if chance < 0.3:
        return max(0, len(data) - 1 - rng.randrange(min(4000, len(data))))
    if chance < 0.6:
        mark = rng.choice((b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"))
        found = data.find(mark, rng.randrange(len(data)))
        if found >= 0:
            return min(len(data) - 1, found + rng.randrange(60))
    return rng.randrange(len(data))


def flip_bits(rng: random.Random, data: bytes) -> bytes:
    out = bytearray(data)
    for _number in range(rng.choice((1, 1, 1, 2, 8, 64))):
        out[_at(rng, data)] ^= 1 << rng.randrange(8)
    return bytes(out)


def set_bytes(rng: random.Random, data: bytes) -> bytes:
    out = bytearray(data)
    for _number in range(rng.choice((1, 1, 2, 16))):
        out[_at(rng, data)] = rng.choice(INTERESTING)
    return bytes(out)


def set_number(rng: random.Random, data: bytes) -> bytes:
    size = rng.choice((2, 4, 8))
    at = min(_at(rng, data), max(0, len(data) - size))
    value = rng.choice(WIDE) % (1 << (8 * size))
    return data[:at] + value.to_bytes(size, "little") + data[at + size :]


def overwrite(rng: random.Random, data: bytes) -> bytes:
    at, size = _at(rng, data), rng.choice((1, 4, 30, 500, 5000))
    return data[:at] + rng.randbytes(min(size, len(data) - at)) + data[at + size :]


def zero_out(rng: random.Random, data: bytes) -> bytes:
    """A bad sector."""
    at = _at(rng, data) // 512 * 512
    return data[:at] + bytes(min(512, len(data) - at)) + data[at + 512 :]


def cut_out(rng: random.Random, data: bytes) -> bytes:
    at, size = _at(rng, data), rng.choice((1, 2, 4, 30, 500, 5000))
    return data[:at] + data[at + size :]


def put_in(rng: random.Random, data: bytes) -> bytes:
    at = _at(rng, data)
    return data[:at] + rng.randbytes(rng.choice((1, 2, 4, 30, 500))) + data[at:]


def repeat(rng: random.Random, data: bytes) -> bytes:
    at, size = _at(rng, data), rng.choice((1, 4, 46, 500, 5000))
    return data[:at] + data[at : at + size] + data[at:]


def exchange(rng: random.Random, data: bytes) -> bytes:
    one, other = sorted((_at(rng, data), _at(rng, data)))
    size = min(rng.choice((1, 16, 512, 4096)), other - one, len(data) - other)
    return (
        data[:one]
        + data[other : other + size]
        + data[one + size : other]
        + data[one : one + size]
        + data[other + size :]
    )


def truncate(rng: random.Random, data: bytes) -> bytes:
    return data[
        : rng.choice((rng.randrange(len(data)), len(data) - 1 - rng.randrange(100), rng.randrange(64)))
    ]


def append(rng: random.Random, data: bytes) -> bytes:
    return data + rng.choice((b"\0", b"PK\x05\x06" + bytes(18), rng.randbytes(22), data[-22:], data))


def prefix(rng: random.Random, data: bytes) -> bytes:
    return rng.choice((b"\0", b"PK\x03\x04", b"MZ", data[:30], data)) + data


def splice(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """The beginning of one good package and the end of another."""
    return data[: _at(rng, data)] + other[_at(rng, other) :]


SPOILERS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    flip_bits,
    flip_bits,
    set_bytes,
    set_number,
    set_number,
    overwrite,
    zero_out,
    cut_out,
    put_in,
    repeat,
    exchange,
    truncate,
    append,
    prefix,
)


def spoil(rng: random.Random, data: bytes, other: bytes) -> tuple[str, bytes]:
    if rng.random() < 0.1:
        return "splice", splice(rng, data, other)
    spoiler = rng.choice(SPOILERS)
    return spoiler.__name__, spoiler(rng, data)
