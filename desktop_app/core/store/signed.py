"""What a container's own signature says beyond its row: the claimed time, and the certificates it rests on.

Asked only where something was revoked, or where verifying had a remark to make.  The signature was verified when it
came in, so that it is merely read here.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import re
import sqlite3

import msgspec

from desktop_app.core.errors import TrustError

_TIME = re.compile(rb"<xd:SigningTime>([0-9TZ:\-]{20})</xd:SigningTime>")
_CERTIFICATE = re.compile(rb"<X509Certificate>([A-Za-z0-9+/=]+)</X509Certificate>")


class Signed(msgspec.Struct, frozen=True):
    """`at` is the signer's own claim (UTC, ISO 8601), "" where nothing is known; `above` are SHA-256 in hex; `expired`
    whether the claimed time lies behind the validity of the certificate or of one above it."""

    at: str = ""
    above: tuple[str, ...] = ()
    expired: bool = False


def read(sig1: bytes) -> Signed:
    found = _TIME.search(sig1)
    try:
        chain = [base64.b64decode(text) for text in _CERTIFICATE.findall(sig1)]
    except binascii.Error:
        chain = []
    at = found.group(1).decode() if found else ""
    return Signed(at, tuple(hashlib.sha256(der).hexdigest() for der in chain[1:]), _expired(at, chain))


def _expired(at: str, chain: list[bytes]) -> bool:
    """Signed after its time by its own claim.  Before its time is a wrong clock, which offices have."""
    from desktop_app.core.trust import certificates

    try:
        claimed = dt.datetime.fromisoformat(at)
        ends = [dt.datetime.fromisoformat(certificates.info(der).not_after) for der in chain]
    except (ValueError, TrustError):
        return False
    return any(claimed > end for end in ends)


def of_container(connection: sqlite3.Connection, seq: int) -> Signed:
    row = connection.execute(
        "SELECT CAST(bytes AS BLOB) AS bytes FROM container_part WHERE container = ? AND name = 'sig1.xml'",
        (seq,),
    ).fetchone()
    return read(bytes(row["bytes"])) if row else Signed()
