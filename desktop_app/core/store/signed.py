"""What a container's own signature says beyond its row: the claimed time, and the certificates above the signer's.

Asked only where something was revoked.  The signature was verified when it came in, so that it is merely read here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import sqlite3

import msgspec

_TIME = re.compile(rb"<xd:SigningTime>([0-9TZ:\-]{20})</xd:SigningTime>")
_CERTIFICATE = re.compile(rb"<X509Certificate>([A-Za-z0-9+/=]+)</X509Certificate>")


class Signed(msgspec.Struct, frozen=True):
    """`at` is the signer's own claim (UTC, ISO 8601), "" where nothing is known; `above` are SHA-256 in hex."""

    at: str = ""
    above: tuple[str, ...] = ()


def read(sig1: bytes) -> Signed:
    found = _TIME.search(sig1)
    try:
        chain = [base64.b64decode(text) for text in _CERTIFICATE.findall(sig1)]
    except binascii.Error:
        chain = []
    return Signed(
        found.group(1).decode() if found else "",
        tuple(hashlib.sha256(der).hexdigest() for der in chain[1:]),
    )


def of_container(connection: sqlite3.Connection, seq: int) -> Signed:
    row = connection.execute(
        "SELECT CAST(bytes AS BLOB) AS bytes FROM container_part WHERE container = ? AND name = 'sig1.xml'",
        (seq,),
    ).fetchone()
    return read(bytes(row["bytes"])) if row else Signed()
