"""A certificate's fingerprint: SHA-256 over its DER bytes, and the form of it that people read out by telephone.

The spoken form is 8 groups of 4 digits: the fingerprint as a number modulo 10^32, some 106 bits, far beyond what
anyone can search for a second certificate with the same digits.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

GROUPS = 8
GROUP_DIGITS = 4
_MODULUS = 10 ** (GROUPS * GROUP_DIGITS)
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−_.,、,。:;;·/|]+")


def fingerprint(certificate: bytes) -> str:
    """64 hex digits for a certificate's DER bytes."""
    return hashlib.sha256(certificate).hexdigest()


def spoken(fingerprint_hex: str) -> str:
    """The fingerprint for the telephone, for instance "4821 0093 7716 …": 8 groups of 4 digits."""
    digits = str(int(fingerprint_hex, 16) % _MODULUS).zfill(GROUPS * GROUP_DIGITS)
    return " ".join(digits[at : at + GROUP_DIGITS] for at in range(0, len(digits), GROUP_DIGITS))


def same_fingerprint(text: str, certificate: bytes | str) -> bool:
    """Whether what a person typed names this certificate (DER bytes, or its fingerprint in hex).

    Taken are the full 64 hex digits or the 32 spoken digits, full-width or not, with any spaces, dashes, dots or
    colons between.  A part of either is refused: half a fingerprint proves nothing.
    """
    whole = certificate if isinstance(certificate, str) else fingerprint(certificate)
    typed = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).lower()
    for expected in (whole.lower(), spoken(whole).replace(" ", "")):
        if hmac.compare_digest(typed.encode(), expected.encode()):
            return True
    return False
