"""Encryption at rest: only the recipients open it, and nothing can be cut off or moved."""

from __future__ import annotations

import io
import os
from typing import Any

import pytest

from desktop_app.core.errors import TrustError
from desktop_app.core.trust import certificates, keys, sealing
from desktop_app.core.trust.sealing import CHUNK


@pytest.fixture(scope="module")
def pairs() -> dict[str, tuple[Any, bytes]]:
    made = {}
    for name, kind in (("rsa", "rsa-3072"), ("ec", "p256"), ("other", "p256")):
        key = keys.generate(kind)  # type: ignore[arg-type]
        made[name] = (key, certificates.make_provisional(key, "340421", name))
    return made


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7])
def test_round_trip(size: int, pairs: Any):
    plain = os.urandom(size)
    blob = sealing.seal(plain, [pairs["rsa"][1], certificates.to_pem(pairs["ec"][1])])
    assert sealing.unseal(blob, pairs["rsa"][0]) == plain
    assert sealing.unseal(blob, pairs["ec"][0]) == plain
    assert sealing.is_sealed(blob)
    assert size < 16 or plain[:40] not in blob
    with pytest.raises(TrustError, match="不是给本单位的"):
        sealing.unseal(blob, pairs["other"][0])


def test_recipients(pairs: Any):
    blob = sealing.seal(b"x", [pairs["rsa"][1]])
    info = certificates.info(pairs["rsa"][1])
    assert sealing.recipients_of(blob) == [info.fingerprint]
    again = sealing.reseal(blob, pairs["rsa"][0], [pairs["ec"][1]])
    assert sealing.unseal(again, pairs["ec"][0]) == b"x"
    with pytest.raises(TrustError):
        sealing.seal(b"x", [])


def test_renewed_certificate_with_the_same_key_still_opens(pairs: Any):
    key = pairs["ec"][0]
    newer = certificates.make_provisional(key, "340421", "renewed")
    assert newer != pairs["ec"][1]
    assert sealing.unseal(sealing.seal(b"x", [pairs["ec"][1]]), key) == b"x"


@pytest.mark.parametrize("size", [5, CHUNK, CHUNK + 5])
def test_damage_is_noticed(size: int, pairs: Any):
    blob = sealing.seal(os.urandom(size), [pairs["ec"][1]])
    for cut in (1, 15, 16, 17, 21, size, len(blob) - 5, len(blob)):
        with pytest.raises(TrustError):
            sealing.unseal(blob[: len(blob) - cut], pairs["ec"][0])
    with pytest.raises(TrustError):
        sealing.unseal(blob + b"\0", pairs["ec"][0])
    for at in (0, 9, 20, 200, len(blob) - size - 10, len(blob) - 1):
        changed = bytearray(blob)
        changed[at] ^= 1
        with pytest.raises(TrustError):
            sealing.unseal(bytes(changed), pairs["ec"][0])


def test_chunks_cannot_be_moved_or_dropped(pairs: Any):
    blob = sealing.seal(os.urandom(3 * CHUNK), [pairs["ec"][1]])
    whole = CHUNK + 16
    head, chunks = (
        blob[: -3 * whole],
        [blob[-3 * whole : -2 * whole], blob[-2 * whole : -whole], blob[-whole:]],
    )
    for order in ((1, 0, 2), (0, 1), (0, 2), (0, 0, 1, 2), (2,)):
        with pytest.raises(TrustError):
            sealing.unseal(head + b"".join(chunks[at] for at in order), pairs["ec"][0])


class Slow(io.RawIOBase):
    """A stream that gives little at a time, as sockets and some sticks do."""

    def __init__(self, data: bytes) -> None:
        self.inner = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        return self.inner.read(min(size, 1000))


def test_streams(pairs: Any):
    plain = os.urandom(2 * CHUNK + 3)
    sealed, opened = io.BytesIO(), io.BytesIO()
    sealing.seal_stream(Slow(plain), sealed, [pairs["ec"][1]])  # type: ignore[arg-type]
    sealing.unseal_stream(Slow(sealed.getvalue()), opened, pairs["ec"][0])  # type: ignore[arg-type]
    assert opened.getvalue() == plain


@pytest.mark.parametrize(
    "blob", [b"", b"TZSEAL1\n", b"TZSEAL1\n\xff\xff\xff\xff", b"TZSEAL1\n\0\0\0\2{}", b"x" * 99]
)
def test_what_is_no_blob(blob: bytes, pairs: Any):
    with pytest.raises(TrustError):
        sealing.unseal(blob, pairs["ec"][0])
    with pytest.raises(TrustError):
        sealing.recipients_of(blob)


def test_records(pairs: Any):
    fields = {"name": "张三", "id": "340421199001011234", "count": 2}
    one, two = (sealing.seal_record(fields, [pairs["ec"][1]]) for _number in range(2))
    # The salt keeps anyone from guessing a name by its hash, and two records of one person apart.
    assert one.hash != two.hash
    assert sealing.open_record(one.blob, pairs["ec"][0], one.hash) == fields
    with pytest.raises(TrustError):
        sealing.open_record(one.blob, pairs["ec"][0], two.hash)
    plain = sealing.record_bytes({"b": 1, "a": "张"}, bytes(16))
    assert plain == '{"a":"张","b":1,"salt":"00000000000000000000000000000000"}'.encode()
    assert sealing.record_hash(plain) == sealing.record_hash(
        sealing.record_bytes({"a": "张", "b": 1}, bytes(16))
    )
    with pytest.raises(ValueError, match="salt"):
        sealing.record_bytes({"salt": 1})
    with pytest.raises(TrustError):
        sealing.open_record(sealing.seal(b"no json", [pairs["ec"][1]]), pairs["ec"][0])
