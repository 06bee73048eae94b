"""X.509 certificates of the three roles, and the requests for them.

root  the city's own CA: self-signed, may sign unit CAs and desks (path length 1)
ca    a county's CA: signs desks only (path length 0)
desk  what signs packages; its key also opens what is sealed for the unit

The unit's code stands in the subject's serialNumber and in a subject alternative name `urn:taizhang:unit:<code>`,
the role in OU, the unit's name in CN and O.  CN is shortened to what X.520 and the library allow (64 bytes);
O keeps up to 64 characters.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import urllib.parse
import warnings
from typing import Literal

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import NameOID

from desktop_app.core.errors import TrustError
from desktop_app.core.i18n import _
from desktop_app.core.trust import fingerprint as fingerprints
from desktop_app.core.trust.keys import PrivateKey, PublicKey, is_allowed

Role = Literal["root", "ca", "desk"]
ROLES: tuple[Role, ...] = ("root", "ca", "desk")
PATH_LENGTHS: dict[str, int] = {"root": 1, "ca": 0}

UNIT_URN = "urn:taizhang:unit:"
DESK_DAYS = 365 * 5
CA_DAYS = 365 * 10
ROOT_YEARS = 20
LONGEST_CODE = 64
LONGEST_NAME = 64
"""Characters of an organisation's name in X.520; longer unit names are shortened in the certificate only."""
_CN_BYTES = 64
_BACKDATED = dt.timedelta(days=1)
"""Office clocks are wrong by hours; a new certificate must be valid on the desk beside."""


class CertificateInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What a certificate says.  Times are UTC in ISO 8601; `fingerprint` and `issuer` are SHA-256 in hex.

    `issuer` is "" where the issuing certificate was not at hand.  `role` is "" where the certificate names none.
    """

    code: str
    name: str
    role: str
    fingerprint: str
    issuer: str
    serial: str
    not_before: str
    not_after: str
    self_signed: bool
    algorithm: Literal["rsa", "p256", "other"]

    @property
    def spoken(self) -> str:
        """The fingerprint as 8 groups of digits, for the telephone."""
        return fingerprints.spoken(self.fingerprint)


class RequestInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What a request says; `fingerprint` is the SHA-256 (hex) of its public key, printed on the stamped paper."""

    code: str
    name: str
    role: str
    fingerprint: str

    @property
    def spoken(self) -> str:
        return fingerprints.spoken(self.fingerprint)


# --- reading -----------------------------------------------------------------------------------------------------


def to_der(data: bytes) -> bytes:
    """DER bytes of a certificate given as DER or PEM."""
    if b"-----BEGIN CERTIFICATE-----" in data:
        return load(data).public_bytes(serialization.Encoding.DER)
    return data


def to_pem(der: bytes) -> bytes:
    return load(der).public_bytes(serialization.Encoding.PEM)


@functools.lru_cache(maxsize=512)
def load(data: bytes) -> x509.Certificate:
    """Parse a certificate (DER or PEM).  TrustError where it is none."""
    try:
        with warnings.catch_warnings():
            # What the library will one day refuse to load is refused today.
            warnings.simplefilter("error", category=CryptographyDeprecationWarning)
            if b"-----BEGIN CERTIFICATE-----" in data:
                return x509.load_pem_x509_certificate(data)
            certificate = x509.load_der_x509_certificate(data)
        # DER has one form for one content; anything else would give a second fingerprint to the same certificate.
        if certificate.public_bytes(serialization.Encoding.DER) != data:
            raise ValueError("not DER")
        return certificate
    except Exception as error:  # The parser has raised several kinds of errors over its versions.
        raise TrustError(
            _("证书不能识别。"),
            next_step=_("请向发证单位重新要一份证书文件。"),
            detail=str(error),
        ) from error


def certificate_fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex()


def _attribute(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    found = name.get_attributes_for_oid(oid)
    value = found[0].value if len(found) == 1 else ""
    return value if isinstance(value, str) else ""


def subject_code(name: x509.Name) -> str:
    return _attribute(name, NameOID.SERIAL_NUMBER)


def subject_role(name: x509.Name) -> str:
    role = _attribute(name, NameOID.ORGANIZATIONAL_UNIT_NAME)
    return role if role in ROLES else ""


def alternative_codes(extensions: x509.Extensions) -> list[str]:
    """Unit codes in the subject alternative name's URIs (there must be one; callers check)."""
    try:
        names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    uris = names.get_values_for_type(x509.UniformResourceIdentifier)
    return [urllib.parse.unquote(uri[len(UNIT_URN) :]) for uri in uris if uri.startswith(UNIT_URN)]


def info(
    certificate: bytes | x509.Certificate, issuer: bytes | x509.Certificate | None = None
) -> CertificateInfo:
    """What the certificate says.  It checks nothing: `chain.check` does.  TrustError where it cannot be read."""
    parsed = load(certificate) if isinstance(certificate, bytes) else certificate
    above = load(issuer) if isinstance(issuer, bytes) else issuer
    try:
        key = parsed.public_key()
        subject, issued_by = parsed.subject, parsed.issuer
    except Exception as error:  # Unknown curves and malformed names come as several kinds of errors.
        raise TrustError(_("证书内容不能识别。"), detail=str(error)) from error
    algorithm: Literal["rsa", "p256", "other"] = "other"
    if is_allowed(key):
        algorithm = "rsa" if isinstance(key, rsa.RSAPublicKey) else "p256"
    return CertificateInfo(
        code=subject_code(subject),
        name=_attribute(subject, NameOID.ORGANIZATION_NAME) or _attribute(subject, NameOID.COMMON_NAME),
        role=subject_role(subject),
        fingerprint=certificate_fingerprint(parsed),
        issuer=certificate_fingerprint(above) if above is not None else "",
        serial=format(parsed.serial_number, "x"),
        not_before=parsed.not_valid_before_utc.isoformat(timespec="seconds"),
        not_after=parsed.not_valid_after_utc.isoformat(timespec="seconds"),
        self_signed=subject == issued_by,
        algorithm=algorithm,
    )


# --- making ------------------------------------------------------------------------------------------------------


def _shortened(text: str, limit: int) -> str:
    """As much of the text as fits into so many UTF-8 bytes, whole characters only."""
    return text.encode()[:limit].decode(errors="ignore").strip() or "?"


def checked_code(code: str) -> str:
    """The unit's code, refused where it could not stand in a file name or a URN."""
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z._\-]*", code) or len(code) > LONGEST_CODE:
        raise TrustError(
            _("单位代码“{code}”不能用在证书里。").format(code=code),
            next_step=_("请只用数字、英文字母、点、横线，最长 {count} 位。").format(count=LONGEST_CODE),
        )
    return code


def _subject(code: str, name: str, role: Role) -> x509.Name:
    full = " ".join(name.split()) or code
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, full[:LONGEST_NAME]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, role),
            x509.NameAttribute(NameOID.COMMON_NAME, _shortened(full, _CN_BYTES)),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, checked_code(code)),
        ]
    )


def _alternative(code: str) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([x509.UniformResourceIdentifier(UNIT_URN + urllib.parse.quote(code))])


def _key_usage(role: Role, key: PublicKey) -> x509.KeyUsage:
    issues = role != "desk"
    return x509.KeyUsage(
        digital_signature=not issues,
        content_commitment=False,
        key_encipherment=not issues and isinstance(key, rsa.RSAPublicKey),
        data_encipherment=False,
        key_agreement=not issues and isinstance(key, ec.EllipticCurvePublicKey),
        key_cert_sign=issues,
        crl_sign=issues,
        encipher_only=False,
        decipher_only=False,
    )


def _allowed(key: object) -> PublicKey:
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) or not is_allowed(key):
        raise TrustError(
            _("这种密钥不能用。"),
            meaning=_("只接受 RSA（3072 位及以上）或 P-256 密钥。"),
            next_step=_("请用本软件重新生成密钥。"),
        )
    return key


def _build(
    key: PublicKey,
    role: Role,
    code: str,
    name: str,
    issuer_key: PrivateKey,
    issuer: x509.Certificate | None,
    not_before: dt.datetime,
    not_after: dt.datetime,
) -> bytes:
    subject = _subject(code, name, role)
    above = issuer_key.public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer is not None else subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(
            x509.BasicConstraints(ca=role in PATH_LENGTHS, path_length=PATH_LENGTHS.get(role)), critical=True
        )
        .add_extension(_key_usage(role, key), critical=True)
        .add_extension(_alternative(code), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(above), critical=False)
    )
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _now(at: dt.datetime | None) -> dt.datetime:
    return (at or dt.datetime.now(dt.UTC)).astimezone(dt.UTC).replace(microsecond=0)


def make_root(
    key: PrivateKey, code: str, name: str, years: int = ROOT_YEARS, *, at: dt.datetime | None = None
) -> bytes:
    """The city's self-signed root certificate, DER."""
    begin = _now(at) - _BACKDATED
    return _build(
        _allowed(key.public_key()),
        "root",
        code,
        name,
        key,
        None,
        begin,
        begin + dt.timedelta(days=365 * years),
    )


def make_provisional(
    key: PrivateKey, code: str, name: str, days: int = DESK_DAYS, *, at: dt.datetime | None = None
) -> bytes:
    """A desk certificate signed by its own key, DER: what signs a unit's packages before the grant.

    A package so signed is complete and untouched, but its signer is unknown until someone certifies the key.
    """
    begin = _now(at) - _BACKDATED
    return _build(
        _allowed(key.public_key()), "desk", code, name, key, None, begin, begin + dt.timedelta(days=days)
    )


def make_request(key: PrivateKey, role: Role, code: str, name: str) -> bytes:
    """A PKCS#10 request (PEM) for a desk's or a county CA's certificate."""
    _allowed(key.public_key())
    request = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(_subject(code, name, role))
        .add_extension(_alternative(code), critical=False)
        .sign(key, hashes.SHA256())
    )
    return request.public_bytes(serialization.Encoding.PEM)


def _load_request(data: bytes) -> x509.CertificateSigningRequest:
    try:
        pem = b"-----BEGIN" in data
        request = x509.load_pem_x509_csr(data) if pem else x509.load_der_x509_csr(data)
        valid = request.is_signature_valid
    except Exception as error:  # As with certificates, several kinds of errors over the library's versions.
        raise TrustError(
            _("这不是证书申请文件，或者文件不完整。"),
            next_step=_("请对方重新导出证书申请。"),
            detail=str(error),
        ) from error
    if not valid:
        raise TrustError(
            _("证书申请的自签名不对。"),
            meaning=_("申请在传送中被改动，或者不是持有密钥的人做的。"),
            next_step=_("请对方重新导出证书申请。"),
        )
    return request


def allowed_key(certificate: x509.Certificate) -> PublicKey:
    """The certificate's key; TrustError where it is of no kind this program uses."""
    return _allowed(certificate.public_key())


def read_request(data: bytes) -> RequestInfo:
    """What a request (PEM or DER) says, once its own signature has been checked.  TrustError where it is wrong."""
    request = _load_request(data)
    key = _allowed(request.public_key())
    return RequestInfo(
        code=subject_code(request.subject),
        name=_attribute(request.subject, NameOID.ORGANIZATION_NAME),
        role=subject_role(request.subject),
        fingerprint=key_fingerprint(key),
    )


def key_fingerprint(key: PublicKey) -> str:
    """SHA-256 (hex) of the public key's DER form, the same before and after the certificate is granted."""
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return fingerprints.fingerprint(der)


def certify(
    request: bytes,
    issuer_key: PrivateKey,
    issuer_certificate: bytes,
    role: Role,
    code: str,
    name: str,
    days: int | None = None,
    *,
    at: dt.datetime | None = None,
) -> bytes:
    """Grant a certificate (DER).  Only the key is taken from the request: who it is for, the issuer says.

    A root certifies CAs and desks, a county's CA desks only.  The end is never later than the issuer's own.
    """
    key = _allowed(_load_request(request).public_key())
    issuer = load(to_der(issuer_certificate))
    said = info(issuer)
    if issuer.public_key() != issuer_key.public_key():
        raise TrustError(_("签发密钥和签发证书不是一对。"), next_step=_("请换成与证书对应的密钥。"))
    if role == "root" or said.role not in PATH_LENGTHS or (role == "ca" and said.role != "root"):
        raise TrustError(
            _("“{name}”无权签发这种证书。").format(name=said.name),
            next_step=_("县区只能给所辖单位签发岗位证书；县区的签发证书由市级签发。"),
        )
    begin = _now(at) - _BACKDATED
    end = begin + dt.timedelta(days=days or (DESK_DAYS if role == "desk" else CA_DAYS))
    return _build(key, role, code, name, issuer_key, issuer, begin, min(end, issuer.not_valid_after_utc))
