"""From the signer's certificate to the pinned root (rule 7).

`check` is a pure function of the certificates and the pinned roots: it looks at no clock, since a time outside a
certificate's validity is a note for people and not a verdict (see `validity_note`).
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Sequence

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtensionOID

from desktop_app.core.errors import TrustError
from desktop_app.core.i18n import _
from desktop_app.core.trust import certificates
from desktop_app.core.trust.certificates import PATH_LENGTHS, CertificateInfo
from desktop_app.core.trust.keys import is_allowed

LONGEST_CHAIN = 3
"""desk, county CA, root."""

_KNOWN_EXTENSIONS = {
    ExtensionOID.BASIC_CONSTRAINTS,
    ExtensionOID.KEY_USAGE,
    ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
    ExtensionOID.SUBJECT_KEY_IDENTIFIER,
    ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
}


class ChainError(TrustError):
    """The chain is wrong in itself, whatever root is pinned."""


class CheckedChain(msgspec.Struct, frozen=True, kw_only=True):
    """A chain that holds.  `trusted` tells whether it leads to a pinned root; the caller must not merge otherwise."""

    infos: tuple[CertificateInfo, ...]
    """Leaf first."""
    ders: tuple[bytes, ...]
    trusted: bool

    @property
    def leaf(self) -> CertificateInfo:
        return self.infos[0]

    @property
    def root(self) -> CertificateInfo:
        """The last one: the root, or a provisional desk certificate that stands for itself."""
        return self.infos[-1]


def _refuse(what: str, detail: str = "") -> ChainError:
    return ChainError(
        what,
        meaning=_("证书不合规定，不能证明文件是谁签的。"),
        next_step=_("请对方向上级申请换发证书后重新导出。"),
        detail=detail,
    )


def check(chain: Sequence[bytes], roots: Iterable[bytes], *, role: str = "desk") -> CheckedChain:
    """Check certificates (DER, the signer's first, each followed by its issuer) against pinned roots (DER or PEM).

    `role` is what the first one must be: "desk" for whoever signs packages, "ca" when a county installs its own.

    Every link's signature, basicConstraints, pathLen, keyUsage, role and unit are checked.  ChainError where
    anything is wrong or missing; a sound chain to a root that is not pinned comes back with `trusted` False.
    """
    checked = _checked(tuple(bytes(der) for der in chain), role)
    pinned = {certificates.to_der(root) for root in roots}
    trusted = checked.ders[-1] in pinned and checked.root.role == "root"
    return msgspec.structs.replace(checked, trusted=trusted)


# The same few signers send month after month, hundreds in one merge: the answer depends on the bytes alone.
@functools.lru_cache(maxsize=512)
def _checked(chain: tuple[bytes, ...], first: str) -> CheckedChain:
    if not 1 <= len(chain) <= LONGEST_CHAIN:
        raise _refuse(_("附带的证书张数不对。"), f"{len(chain)} certificates")
    try:
        parsed = [certificates.load(der) for der in chain]
        infos = []
        for position, certificate in enumerate(parsed):
            issuer = parsed[min(position + 1, len(parsed) - 1)]
            infos.append(_check_one(certificate, issuer, position, len(parsed), first))
    except ChainError:
        raise
    except TrustError as error:
        raise _refuse(error.what, error.detail) from error
    except Exception as error:  # Malformed extensions and names come as several kinds of errors.
        raise _refuse(_("证书内容不能识别。"), str(error)) from error
    return CheckedChain(infos=tuple(infos), ders=chain, trusted=False)


def _check_one(
    certificate: x509.Certificate, issuer: x509.Certificate, position: int, length: int, first: str
) -> CertificateInfo:
    said = certificates.info(certificate, issuer)
    name = said.name
    # The place in the chain decides the role; nothing else may stand there.
    role = first if position == 0 else "root" if position == length - 1 else "ca"
    if said.role != role:
        raise _refuse(_("证书“{name}”的角色不对。").format(name=name), f"role {said.role!r}, wanted {role!r}")
    if certificate.version is not x509.Version.v3:
        raise _refuse(_("证书“{name}”的版本不对。").format(name=name))
    if not is_allowed(certificate.public_key()):
        raise _refuse(_("证书“{name}”的密钥种类或长度不合要求。").format(name=name))
    _check_extensions(certificate, role, said)
    _check_link(certificate, issuer, name)
    return said


def _check_extensions(certificate: x509.Certificate, role: str, said: CertificateInfo) -> None:
    extensions = certificate.extensions
    for extension in extensions:
        if extension.critical and extension.oid not in _KNOWN_EXTENSIONS:
            raise _refuse(
                _("证书“{name}”里有本软件不认识的内容。").format(name=said.name), str(extension.oid)
            )
    try:
        constraints = extensions.get_extension_for_class(x509.BasicConstraints)
        usage = extensions.get_extension_for_class(x509.KeyUsage)
    except x509.ExtensionNotFound as error:
        raise _refuse(_("证书“{name}”缺少必需的内容。").format(name=said.name), str(error)) from error
    issues = role in PATH_LENGTHS
    wrong = (
        not constraints.critical
        or constraints.value.ca is not issues
        or constraints.value.path_length != PATH_LENGTHS.get(role)
    )
    if wrong:
        raise _refuse(_("证书“{name}”写明的签发权限不对。").format(name=said.name), "basicConstraints")
    if (
        usage.value.key_cert_sign is not issues
        or usage.value.digital_signature is issues
        or not usage.critical
    ):
        raise _refuse(_("证书“{name}”的密钥用途不对。").format(name=said.name))
    codes = certificates.alternative_codes(extensions)
    if not said.code or codes != [said.code]:
        raise _refuse(_("证书“{name}”没有写明单位代码，或前后不一致。").format(name=said.name))


def _check_link(certificate: x509.Certificate, issuer: x509.Certificate, name: str) -> None:
    if certificate.issuer != issuer.subject:
        raise _refuse(_("证书“{name}”不是由附带的上级证书签发的。").format(name=name))
    algorithm = certificate.signature_hash_algorithm
    key = issuer.public_key()
    if not isinstance(algorithm, hashes.SHA256) or not is_allowed(key):
        raise _refuse(_("证书“{name}”的签名方式不合要求。").format(name=name))
    try:
        if isinstance(key, rsa.RSAPublicKey):
            parameters = certificate.signature_algorithm_parameters
            if not isinstance(parameters, padding.PKCS1v15):
                raise _refuse(_("证书“{name}”的签名方式不合要求。").format(name=name))
            key.verify(certificate.signature, certificate.tbs_certificate_bytes, parameters, algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(certificate.signature, certificate.tbs_certificate_bytes, ec.ECDSA(algorithm))
    except InvalidSignature as error:
        raise _refuse(_("证书“{name}”上的签名不对。").format(name=name)) from error


def validity_note(chain: CheckedChain, claimed: dt.datetime) -> str:
    """A sentence for people when the claimed signing time lies outside a certificate's validity, else ""."""
    for said in chain.infos:
        begin, end = dt.datetime.fromisoformat(said.not_before), dt.datetime.fromisoformat(said.not_after)
        if claimed < begin:
            return _("签名时间 {time} 早于证书“{name}”的生效日期，可能是电脑时钟不准。").format(
                time=claimed.date(), name=said.name
            )
        if claimed > end:
            return _("签名时间 {time} 晚于证书“{name}”的到期日期 {end}，请提醒对方换发证书。").format(
                time=claimed.date(), name=said.name, end=end.date()
            )
    return ""
