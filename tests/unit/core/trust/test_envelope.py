"""Envelopes for one receiver: what goes in comes out, for the right key only."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.errors import InputError, TrustError
from desktop_app.core.trust import certificates, envelope, keys
from desktop_app.core.trust.keys import PrivateKey


def receiver(kind: keys.KeyKind = "rsa-3072", code: str = "340421") -> tuple[bytes, PrivateKey]:
    key = keys.generate(kind)
    return certificates.make_provisional(key, code, "云溪县"), key


@pytest.fixture(scope="module")
def county() -> tuple[bytes, PrivateKey]:
    return receiver()


@pytest.fixture(scope="module")
def made(county: tuple[bytes, PrivateKey]) -> bytes:
    return envelope.enclose(b"PK\x03\x04" + "枫桥镇".encode() * 1000, county[0])


class NobodyHere(Exception):
    pass


def open_with(blob: bytes, certificate: bytes, key: PrivateKey) -> bytes:
    def opener(fits):
        if not fits(certificates.load(certificate)):
            raise NobodyHere
        return certificate, key

    return envelope.disclose(blob, opener)


def test_what_goes_in_comes_out(county: tuple[bytes, PrivateKey]):
    for plain in (b"x", b"line\nline\r\n\0", os.urandom(100_000), b"PK\x03\x04" * 5000):
        blob = envelope.enclose(plain, county[0])
        assert envelope.is_envelope(blob[:64]) and not envelope.is_envelope(plain[:64])
        assert len(blob) - len(plain) <= envelope.OVERHEAD
        assert open_with(blob, *county) == plain


def test_nothing_of_the_content_can_be_read(county: tuple[bytes, PrivateKey], made: bytes):
    plain = b"PK\x03\x04" + "枫桥镇".encode() * 1000
    assert not any(plain[at : at + 8] in made for at in range(0, 200))
    # Drawn anew each time, so that two envelopes do not show that they hold the same.
    assert envelope.enclose(plain, county[0])[-1000:] != made[-1000:]


def test_someone_else_cannot_open_it(made: bytes):
    with pytest.raises(NobodyHere):
        open_with(made, *receiver())


def test_the_wrong_key_of_the_right_certificate_opens_nothing(county: tuple[bytes, PrivateKey], made: bytes):
    plain = b"PK\x03\x04" + "枫桥镇".encode() * 1000
    try:
        assert open_with(made, county[0], receiver()[1]) != plain
    except envelope.Unreadable as error:
        assert error.what and error.next_step


def test_a_p256_receiver_is_refused_in_clear_words():
    with pytest.raises(TrustError, match="P-256") as caught:
        envelope.enclose(b"x", receiver("p256")[0])
    assert caught.value.next_step


def test_too_large_is_refused_before_anything_is_done(county, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(envelope, "LARGEST", 1024**2)
    with pytest.raises(InputError, match="最多 1 MB") as caught:
        envelope.enclose(bytes(1024**2 + 1), county[0])
    assert "分卷" in caught.value.next_step


@pytest.mark.parametrize("cut", [0, 1, 20, 300, 1000, -1])
def test_a_cut_envelope_is_told_as_damaged(cut: int, made: bytes, county: tuple[bytes, PrivateKey]):
    with pytest.raises(envelope.Unreadable):
        open_with(made[:cut], *county)


def test_bytes_behind_an_envelope_are_refused(made: bytes, county: tuple[bytes, PrivateKey]):
    with pytest.raises(envelope.Unreadable):
        open_with(made + b"\0", *county)


@settings(max_examples=400, deadline=None)
@given(at=st.integers(0, 800), to=st.integers(0, 255))
def test_a_changed_byte_never_leaks_another_kind_of_error(
    at: int, to: int, made: bytes, county: tuple[bytes, PrivateKey]
):
    blob = made[:at] + bytes([to]) + made[at + 1 :]
    with contextlib.suppress(envelope.Unreadable, NobodyHere):
        open_with(blob, *county)


@settings(max_examples=300, deadline=None)
@given(start=st.binary(max_size=80))
def test_any_bytes_can_be_asked_whether_they_are_an_envelope(start: bytes):
    assert not envelope.is_envelope(start)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_openssl_opens_it_too(made: bytes, county: tuple[bytes, PrivateKey], tmp_path: Path):
    from cryptography.hazmat.primitives import serialization

    (tmp_path / "x.p7m").write_bytes(made)
    (tmp_path / "key.pem").write_bytes(
        county[1].private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    (tmp_path / "cert.pem").write_bytes(certificates.to_pem(county[0]))
    done = subprocess.run(
        ["openssl", "cms", "-decrypt", "-inform", "DER", "-binary", "-in", "x.p7m", "-inkey", "key.pem"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert done.stdout == b"PK\x03\x04" + "枫桥镇".encode() * 1000
