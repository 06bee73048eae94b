"""Making and checking a package's signature: the digests, the value, the chain (rules 5 to 7)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

import msgspec

from desktop_app.core.errors import TrustError
from desktop_app.core.i18n import _
from desktop_app.core.package import signature_xml
from desktop_app.core.package.faults import invalid
from desktop_app.core.package.signature_xml import PartReference, SignatureForm, SignatureValues
from desktop_app.core.trust import certificates, chain
from desktop_app.core.trust.chain import ChainError, CheckedChain
from desktop_app.core.trust.signing import Signer, algorithm_of, is_signed


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _digests(form: SignatureForm) -> tuple[bytes, bytes, bytes]:
    return _sha256(form.package_object), _sha256(form.office_object), _sha256(form.signed_properties)


def sign(references: Sequence[PartReference], signer: Signer, at: dt.datetime) -> bytes:
    """The bytes of sig1.xml over these parts.  `at` is the claimed signing time, with its offset."""
    leaf = certificates.load(signer.chain[0])
    values = SignatureValues(
        algorithm=signer.algorithm,
        references=tuple(sorted(references, key=lambda reference: reference.part)),
        signing_time=at.astimezone(dt.UTC).strftime(signature_xml.TIME_FORMAT),
        chain=signer.chain,
        certificate_digest=_sha256(signer.chain[0]),
        issuer_name=leaf.issuer.rfc4514_string(),
        serial=str(leaf.serial_number),
    )
    values = msgspec.structs.replace(values, reference_digests=_digests(signature_xml.form(values)))
    signature = signer.sign(signature_xml.form(values).signed_info)
    return signature_xml.form(msgspec.structs.replace(values, signature=signature)).whole


class CheckedSignature(msgspec.Struct, frozen=True, kw_only=True):
    """A signature that holds for what it lists; the parts themselves are still to be compared with `references`."""

    container: str
    """SHA-256 (hex) of sig1.xml: the package's name."""
    references: dict[str, PartReference]
    """By part name."""
    chain: CheckedChain
    signed_at: dt.datetime
    notes: tuple[str, ...]


def check(data: bytes, roots: Sequence[bytes], part: str = "sig1.xml") -> CheckedSignature:
    """Check sig1.xml: form, algorithms, digests, value, certificates.  `roots` are pinned roots, DER or PEM.

    A sound chain to a root that is not pinned is no error: `chain.trusted` tells.
    """
    values, form = signature_xml.read(data, part)  # rules 5 and 6
    if values.reference_digests != _digests(form):
        raise invalid(5, _("签名与它所列的内容对不上，文件被改动过。"), f"{part}: object digests")
    references = {reference.part: reference for reference in values.references}
    folded = {reference.part.lower() for reference in values.references}
    if len(folded) != len(values.references):
        raise invalid(3, _("签名清单里有重复的项目。"), part)
    # Rule 7: the chain first, since its leaf's key decides what the value is checked with.
    try:
        checked = chain.check(values.chain, roots)
    except ChainError as error:
        raise invalid(7, error.what, f"{part}: {error.detail}", next_step=error.next_step) from error
    except TrustError as error:
        raise invalid(7, _("证书内容不能识别。"), f"{part}: {error.detail}") from error
    leaf = certificates.load(values.chain[0])
    if values.certificate_digest != _sha256(values.chain[0]) or values.serial != str(leaf.serial_number):
        raise invalid(7, _("签名里写明的证书和附带的证书不是同一张。"), part)
    key = leaf.public_key()
    if values.algorithm != algorithm_of(key):  # type: ignore[arg-type]  # chain.check has allowed the key
        raise invalid(6, _("签名方式和证书的密钥不相符。"), part)
    if not is_signed(key, form.signed_info, values.signature):  # type: ignore[arg-type]
        raise invalid(5, _("签名不对，文件被改动过，或者不是证书持有人签的。"), f"{part}: signature value")
    signed_at = signature_xml.signing_time(values)
    note = chain.validity_note(checked, signed_at)
    return CheckedSignature(
        container=hashlib.sha256(data).hexdigest(),
        references=references,
        chain=checked,
        signed_at=signed_at,
        notes=(note,) if note else (),
    )
