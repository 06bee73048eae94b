"""Encrypting a whole file for one receiver: CMS EnvelopedData (RFC 5652), the form that `openssl cms` reads as well.

The content is AES-256 in CBC mode, its key wrapped for the receiver's RSA key.  An envelope hides and does not vouch:
what is inside is a signed package, and only its own signature says whether it is sound.

The library holds content and envelope in memory, hence the limit.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from desktop_app.core.errors import InputError, TrustError
from desktop_app.core.i18n import _
from desktop_app.core.trust import certificates
from desktop_app.core.trust.keys import PrivateKey, is_allowed

LARGEST = 512 * 1024 * 1024
"""Bytes of content; an envelope of them needs some five times as much memory while it is made."""

OVERHEAD = 4096
"""At most so many bytes an envelope for one receiver is longer than its content."""

_ENVELOPED_DATA = bytes.fromhex("06092a864886f70d010703")
_SEQUENCE, _SET, _INTEGER, _CONTENT = 0x30, 0x31, 0x02, 0xA0


def is_envelope(start: bytes) -> bool:
    """Whether a file that begins with these bytes (a dozen or more will do) is an envelope."""
    with contextlib.suppress(ValueError):
        _tag, at, _end = _element(start, 0, len(start) + LARGEST + OVERHEAD)
        return start[:1] == bytes([_SEQUENCE]) and start.startswith(_ENVELOPED_DATA, at)
    return False


def check_receiver(certificate: bytes) -> x509.Certificate:
    """The certificate (DER or PEM) as one that envelopes can be made for.  TrustError where its key is another."""
    parsed = certificates.load(certificates.to_der(certificate))
    key = parsed.public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise TrustError(
            _("收件单位用的是 P-256 密钥，不能给它加密整个文件。"),
            meaning=_("没有导出。"),
            next_step=_("请不加密导出，并当面交接U盘；或请收件单位换用 RSA 密钥。"),
        )
    if not is_allowed(key):
        raise TrustError(_("收件单位的证书不能用来加密。"), next_step=_("请对方换发证书。"))
    return parsed


def check_size(size: int) -> None:
    """InputError where content of so many bytes is too large for an envelope."""
    if size > LARGEST:
        raise InputError(
            _("要加密的文件有 {size} MB，一份加密文件最多 {most} MB。").format(
                size=size // 1024**2 + 1, most=LARGEST // 1024**2
            ),
            next_step=_("请选小一些的分卷大小（例如 400MB）后再导出；单个附件超过上限的不能加密。"),
        )


def enclose(plain: bytes, certificate: bytes) -> bytes:
    """The envelope's bytes (DER).  TrustError or InputError where it cannot be made."""
    check_size(len(plain))
    builder = (
        pkcs7.PKCS7EnvelopeBuilder()
        .set_data(plain)
        .add_recipient(check_receiver(certificate))
        .set_content_encryption_algorithm(algorithms.AES256)
    )
    return builder.encrypt(Encoding.DER, [pkcs7.PKCS7Options.Binary])


class Unreadable(TrustError):
    """The envelope is damaged, or not of the kind this program makes."""


def unreadable(detail: str) -> Unreadable:
    return Unreadable(
        _("加密文件打不开，可能没有传完或被改动过。"),
        meaning=_("没有汇入。"),
        next_step=_("请重新复制，或请对方重新导出发来。"),
        detail=detail,
    )


def disclose(
    blob: bytes, opener: Callable[[Callable[[x509.Certificate], bool]], tuple[bytes, PrivateKey]]
) -> bytes:
    """The content of an envelope.

    `opener(fits)` gives the certificate for which `fits` is true and its private key, or raises where there is none.
    Raises `Unreadable` where the envelope is damaged.
    """
    try:
        receivers = set(_receivers(blob))
    except ValueError as error:
        raise unreadable(str(error)) from error
    certificate, key = opener(lambda one: (one.issuer.public_bytes(), one.serial_number) in receivers)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise unreadable("not for an RSA key")
    try:
        return pkcs7.pkcs7_decrypt_der(blob, certificates.load(certificate), key, [])
    except Exception as error:  # The library has raised several kinds of errors over its versions.
        raise unreadable(str(error)) from error


# --- the few pieces of DER that say for whom an envelope is ----------------------------------------------------------


def _element(data: bytes, at: int, end: int) -> tuple[int, int, int]:
    """(tag, where its content begins, where it ends) of the element at a place; ValueError where it does not fit."""
    if at + 2 > min(end, len(data)):
        raise ValueError("short")
    tag, length, begin = data[at], data[at + 1], at + 2
    if length >= 0x80:
        size = length & 0x7F
        if not 1 <= size <= 5 or begin + size > len(data):
            raise ValueError("length")
        length, begin = int.from_bytes(data[begin : begin + size], "big"), begin + size
    if begin + length > end:
        raise ValueError("longer than what it lies in")
    return tag, begin, begin + length


def _expect(data: bytes, at: int, end: int, tag: int) -> tuple[int, int]:
    found, begin, stop = _element(data, at, end)
    if found != tag:
        raise ValueError(f"tag {found:#x}, wanted {tag:#x}")
    return begin, stop


def _receivers(blob: bytes) -> Iterator[tuple[bytes, int]]:
    """Issuer (DER) and serial number of each receiver's certificate."""
    begin, end = _expect(blob, 0, len(blob), _SEQUENCE)
    if end != len(blob) or not blob.startswith(_ENVELOPED_DATA, begin):
        raise ValueError("no enveloped data, or bytes behind it")
    begin, end = _expect(blob, begin + len(_ENVELOPED_DATA), end, _CONTENT)
    begin, end = _expect(blob, begin, end, _SEQUENCE)
    _begin, at = _expect(blob, begin, end, _INTEGER)
    at, end = _expect(blob, at, end, _SET)
    while at < end:
        begin, stop = _expect(blob, at, end, _SEQUENCE)
        _begin, version_end = _expect(blob, begin, stop, _INTEGER)
        name_at, name_end = _expect(blob, version_end, stop, _SEQUENCE)
        _begin, issuer_end = _expect(blob, name_at, name_end, _SEQUENCE)
        number_at, number_end = _expect(blob, issuer_end, name_end, _INTEGER)
        yield blob[name_at:issuer_end], int.from_bytes(blob[number_at:number_end], "big", signed=True)
        at = stop
