"""Encryption at rest: sealed records and files that hold personal data.

A sealed blob is

    "TZSEAL1\n"   length of the header (4 bytes, big-endian)   header (JSON)   chunks

The header lists for each recipient the fingerprints of certificate and key and the content key wrapped for that
key: RSA-OAEP with SHA-256, or for P-256 an ephemeral ECDH, HKDF-SHA256 and AES key wrap.  The content is AES-256-GCM
in chunks of 256 KiB; a chunk's nonce is its number and whether it is the last, so that reordering and truncation
are noticed, and the whole header is authenticated with every chunk.

Sealing needs certificates only; opening needs a private key, and with it the passphrase.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from desktop_app.core.errors import TrustError
from desktop_app.core.i18n import _
from desktop_app.core.trust import certificates
from desktop_app.core.trust.keys import PrivateKey, is_allowed

MAGIC = b"TZSEAL1\n"
CHUNK = 256 * 1024
_TAG = 16
_LARGEST_HEADER = 1024 * 1024
_OAEP = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)


class _Recipient(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    certificate: str
    key: str
    wrapped: str
    ephemeral: str = ""


class _Header(msgspec.Struct, frozen=True, kw_only=True):
    version: int
    recipients: tuple[_Recipient, ...]


class SealedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A sealed personal record.  `hash` (SHA-256 hex of the plain bytes) is what an entry may hold."""

    hash: str
    blob: bytes


def _unreadable(detail: str) -> TrustError:
    return TrustError(
        _("加密内容打不开。"),
        meaning=_("它已损坏或不完整，或者不是本程序加密的。"),
        next_step=_("请从备份恢复，或请对方重新提供。"),
        detail=detail,
    )


# --- the content key, wrapped for each recipient -------------------------------------------------------------------


def _kek(shared: bytes, key_fingerprint: str) -> bytes:
    return HKDF(
        algorithm=hashes.SHA256(), length=32, salt=None, info=b"taizhang seal 1 " + key_fingerprint.encode()
    ).derive(shared)


def _wrap(content_key: bytes, certificate: bytes) -> _Recipient:
    parsed = certificates.load(certificates.to_der(certificate))
    key = parsed.public_key()
    said = certificates.certificate_fingerprint(parsed)
    if not is_allowed(key):
        raise TrustError(_("收件单位的证书不能用来加密。"), next_step=_("请对方换发证书。"))
    if isinstance(key, rsa.RSAPublicKey):
        fingerprint = certificates.key_fingerprint(key)
        return _Recipient(certificate=said, key=fingerprint, wrapped=_text(key.encrypt(content_key, _OAEP)))
    assert isinstance(key, ec.EllipticCurvePublicKey)
    fingerprint = certificates.key_fingerprint(key)
    ephemeral = ec.generate_private_key(ec.SECP256R1())
    wrapped = aes_key_wrap(_kek(ephemeral.exchange(ec.ECDH(), key), fingerprint), content_key)
    point = ephemeral.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return _Recipient(certificate=said, key=fingerprint, wrapped=_text(wrapped), ephemeral=_text(point))


def _unwrap(recipient: _Recipient, key: PrivateKey) -> bytes:
    try:
        wrapped = base64.b64decode(recipient.wrapped, validate=True)
        if isinstance(key, rsa.RSAPrivateKey):
            content_key = key.decrypt(wrapped, _OAEP)
        else:
            point = base64.b64decode(recipient.ephemeral, validate=True)
            public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
            content_key = aes_key_unwrap(_kek(key.exchange(ec.ECDH(), public), recipient.key), wrapped)
    except (ValueError, InvalidUnwrap, binascii.Error) as error:
        raise _unreadable(str(error) or "content key") from error
    if len(content_key) != 32:
        raise _unreadable("content key length")
    return content_key


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


# --- streams -------------------------------------------------------------------------------------------------------


def _nonce(number: int, last: bool) -> bytes:
    # The content key is drawn anew for each blob, so that a plain counter never repeats under one key.
    return number.to_bytes(11, "big") + (b"\1" if last else b"\0")


def seal_stream(source: BinaryIO, target: BinaryIO, recipients: Iterable[bytes]) -> None:
    """Encrypt a stream for the holders of these certificates (DER or PEM; at least one)."""
    content_key = secrets.token_bytes(32)
    wrapped = tuple(_wrap(content_key, certificate) for certificate in recipients)
    if not wrapped:
        raise TrustError(_("没有可以加密给的单位证书。"), next_step=_("请先安装本单位的证书。"))
    header = msgspec.json.encode(_Header(version=1, recipients=wrapped))
    head = MAGIC + len(header).to_bytes(4, "big") + header
    target.write(head)
    cipher, bound = AESGCM(content_key), hashlib.sha256(head).digest()
    number, chunk = 0, _read_full(source, CHUNK)
    while True:
        following = _read_full(source, CHUNK) if len(chunk) == CHUNK else b""
        last = not following
        target.write(cipher.encrypt(_nonce(number, last), chunk, bound))
        if last:
            return
        number, chunk = number + 1, following


def unseal_stream(source: BinaryIO, target: BinaryIO, key: PrivateKey) -> None:
    """Decrypt a stream.  TrustError when it is damaged, cut short or meant for others.

    What has been written before the error must be thrown away: the end proves that nothing is missing.
    """
    head, header = _read_header(source)
    own = certificates.key_fingerprint(key.public_key())
    mine = next((recipient for recipient in header.recipients if recipient.key == own), None)
    if mine is None:
        raise TrustError(
            _("这份加密内容不是给本单位的，打不开。"),
            next_step=_("请用接收单位的密钥打开，或请提供单位重新加密给本单位。"),
        )
    cipher, bound = AESGCM(_unwrap(mine, key)), hashlib.sha256(head).digest()
    number, chunk = 0, _read_full(source, CHUNK + _TAG)
    while True:
        following = _read_full(source, CHUNK + _TAG) if len(chunk) == CHUNK + _TAG else b""
        last = not following
        try:
            target.write(cipher.decrypt(_nonce(number, last), chunk, bound))
        except (InvalidTag, ValueError) as error:
            raise _unreadable(f"chunk {number}") from error
        if last:
            return
        number, chunk = number + 1, following


def _read_full(source: BinaryIO, size: int) -> bytes:
    """Exactly `size` bytes, fewer only at the end: a raw stream may give less at a time."""
    block = source.read(size)
    while 0 < len(block) < size:
        more = source.read(size - len(block))
        if not more:
            break
        block += more
    return block


def _read_header(source: BinaryIO) -> tuple[bytes, _Header]:
    start = _read_full(source, len(MAGIC) + 4)
    if len(start) != len(MAGIC) + 4 or not start.startswith(MAGIC):
        raise _unreadable("not a sealed blob")
    length = int.from_bytes(start[len(MAGIC) :], "big")
    if length > _LARGEST_HEADER:
        raise _unreadable("header too long")
    body = _read_full(source, length)
    try:
        header = msgspec.json.decode(body, type=_Header)
    except (msgspec.MsgspecError, ValueError) as error:
        raise _unreadable(str(error)) from error
    if len(body) != length or header.version != 1:
        raise _unreadable(f"version {header.version}")
    return start + body, header


# --- bytes and records ---------------------------------------------------------------------------------------------


def seal(plain: bytes, recipients: Iterable[bytes]) -> bytes:
    """Encrypt bytes for the holders of these certificates (DER or PEM)."""
    out = io.BytesIO()
    seal_stream(io.BytesIO(plain), out, recipients)
    return out.getvalue()


def unseal(blob: bytes, key: PrivateKey) -> bytes:
    """Decrypt what `seal` made.  TrustError when it is damaged, cut short or meant for others."""
    out = io.BytesIO()
    unseal_stream(io.BytesIO(blob), out, key)
    return out.getvalue()


def reseal(blob: bytes, key: PrivateKey, recipients: Iterable[bytes]) -> bytes:
    """The same content for other recipients."""
    return seal(unseal(blob, key), recipients)


def is_sealed(start: bytes) -> bool:
    """Whether bytes (or the first eight of them) are a sealed blob."""
    return start.startswith(MAGIC)


def recipients_of(blob: bytes) -> list[str]:
    """Fingerprints (hex) of the certificates it is sealed for."""
    return [recipient.certificate for recipient in _read_header(io.BytesIO(blob))[1].recipients]


def record_hash(plain: bytes) -> str:
    """The name of a personal record: SHA-256 of its plain bytes; the salt inside keeps it from being guessed."""
    return hashlib.sha256(plain).hexdigest()


def record_bytes(fields: Mapping[str, Any], salt: bytes | None = None) -> bytes:
    """The plain bytes of a record: one line of canonical JSON with a random salt of 16 bytes under "salt"."""
    if "salt" in fields:
        raise ValueError("salt is ours")
    drawn = os.urandom(16) if salt is None else salt
    return msgspec.json.encode({**fields, "salt": drawn.hex()}, order="sorted")


def seal_record(fields: Mapping[str, Any], recipients: Sequence[bytes]) -> SealedRecord:
    """Seal a personal record (names, ID numbers, illness, free text …) under its salted hash."""
    plain = record_bytes(fields)
    return SealedRecord(hash=record_hash(plain), blob=seal(plain, recipients))


def open_record(blob: bytes, key: PrivateKey, expected: str = "") -> dict[str, Any]:
    """The fields of a sealed record, without the salt.  With `expected`, TrustError where the hash is another."""
    plain = unseal(blob, key)
    if expected and record_hash(plain) != expected:
        raise _unreadable("record hash")
    try:
        fields = msgspec.json.decode(plain, type=dict[str, Any])
    except (msgspec.MsgspecError, ValueError) as error:
        raise _unreadable(str(error)) from error
    fields.pop("salt", None)
    return fields
