"""Private keys: making them, and keeping them encrypted under a passphrase.

At rest a key is an encrypted PKCS#8 block (AES-256).  The library derives PKCS#8 keys with few rounds, so the
passphrase is first stretched by scrypt; its parameters stand in a line above the block, which PEM readers skip.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import tempfile
import unicodedata
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from desktop_app.core.disks import disk_error, sync_folder
from desktop_app.core.errors import StorageError, TrustError, WrongPassphrase
from desktop_app.core.i18n import _

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
KeyKind = Literal["rsa-3072", "p256"]

RSA_BITS = 3072
SHORTEST_PASSPHRASE = 4
"""Shorter ones are refused; how good a longer one is, the screens advise on."""

# scrypt with 32 MiB: a tenth of a second here, and dear to anyone who tries a dictionary on a stolen file.
_SCRYPT_N, _SCRYPT_R, _SCRYPT_P = 1 << 15, 8, 1
_LARGEST_SCRYPT_N = 1 << 20
_HEADER = re.compile(rb"\Ataizhang-key: scrypt n=(\d{1,8}) r=(\d{1,2}) p=(\d{1,2}) salt=([0-9a-f]{32})\r?\n")


def generate(kind: KeyKind = "rsa-3072") -> PrivateKey:
    """A new key: RSA with 3072 bits, which Office and WPS know, or NIST P-256."""
    if kind == "p256":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)


def is_allowed(key: object) -> bool:
    """Whether a public or private key is of a kind this program signs with: RSA from 3072 bits on, or P-256."""
    if isinstance(key, rsa.RSAPrivateKey | rsa.RSAPublicKey):
        return RSA_BITS <= key.key_size <= 8192
    if isinstance(key, ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey):
        return isinstance(key.curve, ec.SECP256R1)
    return False


def _stretched(passphrase: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    # The same passphrase typed on another system must give the same bytes, hence NFKC.
    typed = unicodedata.normalize("NFKC", passphrase).encode()
    return Scrypt(salt=salt, length=32, n=n, r=r, p=p).derive(typed).hex().encode()


def encrypted(key: PrivateKey, passphrase: str) -> bytes:
    """The key as an encrypted PKCS#8 PEM block below our scrypt line."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise TrustError(
            _("口令太短。"),
            next_step=_("请至少用 {count} 个字符，最好更长。").format(count=SHORTEST_PASSPHRASE),
        )
    salt = secrets.token_bytes(16)
    secret = _stretched(passphrase, salt, _SCRYPT_N, _SCRYPT_R, _SCRYPT_P)
    block = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(secret),
    )
    header = f"taizhang-key: scrypt n={_SCRYPT_N} r={_SCRYPT_R} p={_SCRYPT_P} salt={salt.hex()}\n"
    return header.encode() + block


def opened(data: bytes, passphrase: str) -> PrivateKey:
    """The key in `encrypted`'s bytes, or in an encrypted PKCS#8 block of another program.

    Raises WrongPassphrase, and TrustError where the bytes hold no key that can be used.
    """
    header = _HEADER.match(data)
    secret = unicodedata.normalize("NFKC", passphrase).encode()
    if header:
        n, r, p = (int(part) for part in header.groups()[:3])
        if n > _LARGEST_SCRYPT_N or n < 2 or n & (n - 1) or not 1 <= r <= 16 or not 1 <= p <= 4:
            raise _damaged("scrypt parameters")
        secret = _stretched(passphrase, bytes.fromhex(header.group(4).decode()), n, r, p)
    if b"-----BEGIN ENCRYPTED PRIVATE KEY-----" not in data:
        raise _damaged("no encrypted PKCS#8 block")
    try:
        key = serialization.load_pem_private_key(data[data.index(b"-----BEGIN") :], secret)
    except ValueError as error:
        # A wrong passphrase and a damaged block look alike to the library; the first is what happens to people.
        raise WrongPassphrase(
            _("口令不对，密钥打不开。"),
            next_step=_("请检查大小写和输入法后再试。口令忘了，只能重新生成密钥并请上级换发证书。"),
            detail=str(error),
        ) from error
    except TypeError as error:
        raise _damaged(str(error)) from error
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) or not is_allowed(key):
        raise _damaged("key type not allowed")
    return key


def _damaged(detail: str) -> TrustError:
    return TrustError(
        _("密钥文件不能用。"),
        meaning=_("它不是本程序的密钥文件，或者已经损坏。"),
        next_step=_("请从备份恢复密钥文件；没有备份就重新生成密钥并请上级换发证书。"),
        detail=detail,
    )


def save(key: PrivateKey, path: Path, passphrase: str) -> None:
    """Write the key, encrypted, readable by its owner only."""
    write_private(path, encrypted(key, passphrase))


def load(path: Path, passphrase: str) -> PrivateKey:
    """Read a key that `save` wrote.  Raises WrongPassphrase, TrustError or StorageError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StorageError(
            _("读不到密钥文件 {path}。").format(path=path),
            next_step=_("请确认工作区完整，或从备份恢复。"),
            detail=str(error),
        ) from error
    return opened(data, passphrase)


def change_passphrase(path: Path, old: str, new: str) -> None:
    """Encrypt the key in the file anew; the old file stands until the new one is complete."""
    save(load(path, old), path, new)


def write_private(path: Path, data: bytes) -> None:
    """Write a file only its owner can read, whole or not at all (a crash leaves the old one)."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # mkstemp makes the file with mode 0600, so the secret is never readable by others, not even for a moment.
        handle, name = tempfile.mkstemp(prefix=".key-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            os.replace(name, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
    except OSError as error:
        raise disk_error(error, path) from error
    sync_folder(path.parent)
