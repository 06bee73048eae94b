"""The one place where this program makes or checks a signature over bytes."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from desktop_app.core.errors import TrustError
from desktop_app.core.i18n import _
from desktop_app.core.trust import certificates, chain
from desktop_app.core.trust.keys import PrivateKey, PublicKey

RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"

_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_COORDINATE = 32


class Signer:
    """A private key with the certificates that vouch for it: [leaf, (county CA,) root], DER.

    Before the grant the chain is one provisional certificate (`certificates.make_provisional`) and whoever opens
    the package is told that the signer is unknown.
    """

    def __init__(self, key: PrivateKey, certificate_chain: Sequence[bytes]) -> None:
        self._key = key
        self.chain: tuple[bytes, ...] = tuple(certificates.to_der(der) for der in certificate_chain)
        # A chain that nobody would accept must be noticed here, not by the receiver.
        checked = chain.check(self.chain, ())
        self.certificate = checked.leaf
        if certificates.load(self.chain[0]).public_key() != key.public_key():
            raise TrustError(
                _("密钥和证书不是一对。"),
                next_step=_("请安装与本机密钥对应的证书，或重新申请证书。"),
            )

    @property
    def private_key(self) -> PrivateKey:
        """The opened key, for reading what was sealed for this desk."""
        return self._key

    @property
    def unit(self) -> str:
        """The unit's code, as its certificate names it."""
        return self.certificate.code

    @property
    def name(self) -> str:
        return self.certificate.name

    @property
    def certified(self) -> bool:
        """False while the certificate is a provisional one."""
        return not self.certificate.self_signed

    @property
    def algorithm(self) -> str:
        """The XML signature algorithm's URI."""
        return RSA_SHA256 if isinstance(self._key, rsa.RSAPrivateKey) else ECDSA_SHA256

    def sign(self, data: bytes) -> bytes:
        """RSA PKCS#1 v1.5 or ECDSA (r ‖ s, 32 bytes each) over SHA-256; the same bytes for the same data."""
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        try:
            der = self._key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        except UnsupportedAlgorithm:
            # An OpenSSL older than 3.2 draws a random nonce: as sound, only not the same bytes twice.
            der = self._key.sign(data, ec.ECDSA(hashes.SHA256()))
        r, s = decode_dss_signature(der)
        # Of s and its negative, both valid, only the smaller is used, so that nobody can make a second form of a
        # signature and with it a second name of the same package.
        s = min(s, _P256_ORDER - s)
        return r.to_bytes(_COORDINATE, "big") + s.to_bytes(_COORDINATE, "big")


def algorithm_of(key: PublicKey) -> str:
    return RSA_SHA256 if isinstance(key, rsa.RSAPublicKey) else ECDSA_SHA256


def is_signed(key: PublicKey, data: bytes, signature: bytes) -> bool:
    """Whether `signature` is the key's, in the form that `Signer.sign` makes."""
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
            return True
        if len(signature) != 2 * _COORDINATE:
            return False
        r, s = int.from_bytes(signature[:_COORDINATE], "big"), int.from_bytes(signature[_COORDINATE:], "big")
        if s > _P256_ORDER // 2:
            return False
        key.verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
        return True
    except (InvalidSignature, ValueError):
        return False
