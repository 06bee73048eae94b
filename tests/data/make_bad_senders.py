"""Bad packages from people who hold some genuine key: another city's, a neighbour's, the carrier's own.

Each entry of FOREIGN is a name, a function that is given the parts of a good package and the `Strangers`, and the rule
(None where the signer is merely unknown).  Each of CARRIED is a name, a function of the parts of a package that
carries two submissions on, which its sender then signs anew, and the rule.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives import serialization
from make_bad_packages import Parts, sub
from make_bad_signed import resign

from desktop_app.core.package import opc
from desktop_app.core.package.opc import Relationship

# --- other people's keys and certificates ---------------------------------------------------------------------------


class Strangers:
    """Who is not entitled: `genuine` signed the good package; `other` is a desk of the same code under another root;
    `neighbour` a desk of the same city; `at` the claimed time."""

    def __init__(self, genuine: Any, other: Any, neighbour: Any, at: Any) -> None:
        self.genuine, self.other, self.neighbour, self.at = genuine, other, neighbour, at

    def claiming(self, chain: Any, signer: Any) -> Any:
        """A signer that puts a chain into its signatures that is not its own."""
        made = object.__new__(type(signer))
        made._key, made.chain = signer.private_key, tuple(chain)
        made.certificate = self.genuine.certificate
        return made


def whole_other_city(parts: Parts, who: Strangers) -> Parts:
    return resign(parts, who.other, who.at)


def neighbour_signs(parts: Parts, who: Strangers) -> Parts:
    return resign(parts, who.neighbour, who.at)


def our_chain_their_key(parts: Parts, who: Strangers) -> Parts:
    return resign(parts, who.claiming(who.genuine.chain, who.other), who.at)


def certificates_exchanged(parts: Parts, who: Strangers) -> Parts:
    """Signed by another city, our certificates put in afterwards."""
    signed = resign(parts, who.other, who.at)
    name, theirs, ours = opc.SIGNATURE, who.other.chain, who.genuine.chain
    for their, our in zip(theirs, ours, strict=False):
        signed = sub(signed, name, base64.b64encode(their), base64.b64encode(our))
    return signed


def our_root_added(parts: Parts, who: Strangers) -> Parts:
    """A provisional certificate that stands for itself, with our root behind it."""
    from desktop_app.core.trust import certificates

    provisional = certificates.make_provisional(
        who.other.private_key, who.genuine.unit, who.genuine.name, at=who.at
    )
    return resign(parts, who.claiming([provisional, who.genuine.chain[-1]], who.other), who.at)


def _leaf(who: Strangers, issuer: bytes, signing: Any) -> bytes:
    """The genuine certificate once more, for another city's key, under an issuer's name and whosoever's signature."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    model = x509.load_der_x509_certificate(who.genuine.chain[0])
    builder = (
        x509.CertificateBuilder()
        .subject_name(model.subject)
        .issuer_name(x509.load_der_x509_certificate(issuer).subject)
        .public_key(who.other.private_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(model.not_valid_before_utc)
        .not_valid_after(model.not_valid_after_utc)
    )
    for extension in model.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    return builder.sign(signing, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def desk_as_authority(parts: Parts, who: Strangers) -> Parts:
    """A desk's own key grants a certificate, as only an authority may."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    desk = x509.load_der_x509_certificate(who.neighbour.chain[0])
    model = x509.load_der_x509_certificate(who.genuine.chain[0])
    key = who.other.private_key
    builder = (
        x509.CertificateBuilder()
        .subject_name(model.subject)
        .issuer_name(desk.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(model.not_valid_before_utc)
        .not_valid_after(model.not_valid_after_utc)
    )
    for extension in model.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    leaf = builder.sign(who.neighbour.private_key, hashes.SHA256())
    der = leaf.public_bytes(serialization.Encoding.DER)
    return resign(
        parts, who.claiming([der, who.neighbour.chain[0], who.genuine.chain[-1]], who.other), who.at
    )


def forged_leaf(parts: Parts, who: Strangers) -> Parts:
    """A certificate that names our authority as its issuer and was signed by nobody of ours."""
    leaf = _leaf(who, who.genuine.chain[1], who.other.private_key)
    return resign(parts, who.claiming([leaf, *who.genuine.chain[1:]], who.other), who.at)


FOREIGN: dict[str, tuple[Callable[[Parts, Strangers], Parts], int | None]] = {
    "all of it signed by another city": (whole_other_city, None),
    "signed by a neighbour": (neighbour_signs, 7),
    "our chain over another key": (our_chain_their_key, 5),
    "certificates exchanged": (certificates_exchanged, 7),
    "provisional certificate with our root": (our_root_added, 7),
    "a desk as authority": (desk_as_authority, 7),
    "forged certificate": (forged_leaf, 7),
}


# --- a carrier that spoils what it carries --------------------------------------------------------------------------


def _carried(parts: Parts, tail: str) -> list[str]:
    return sorted(name for name in parts if name.startswith(opc.SUBMISSIONS) and name.endswith(tail))


def _without(parts: Parts, name: str) -> Parts:
    """A part less, and the relationships say so."""
    items = opc.read_relationships(opc.PAYLOAD_RELS, parts[opc.PAYLOAD_RELS])
    left = [item for item in items if item.target != "/" + name]
    numbered = [Relationship(f"rId{number}", item.type, item.target) for number, item in enumerate(left, 1)]
    return {key: data for key, data in parts.items() if key != name} | {
        opc.PAYLOAD_RELS: opc.relationships(numbered)
    }


def _exchanged(parts: Parts, tail: str) -> Parts:
    one, other = _carried(parts, tail)
    return parts | {one: parts[other], other: parts[one]}


def carried_journal_missing(parts: Parts) -> Parts:
    return _without(parts, _carried(parts, ".jsonl")[0])


def carried_journals_exchanged(parts: Parts) -> Parts:
    return _exchanged(parts, ".jsonl")


def carried_payloads_exchanged(parts: Parts) -> Parts:
    return _exchanged(parts, "payload.json")


def carried_signatures_exchanged(parts: Parts) -> Parts:
    return _exchanged(parts, "sig1.xml")


def carried_entry_altered(parts: Parts) -> Parts:
    name = _carried(parts, ".jsonl")[0]
    return sub(parts, name, b'"value":37', b'"value":38')


def carried_entry_altered_and_rehashed(parts: Parts) -> Parts:
    """The carrier has its own key, and the township's it has not: the township's Manifest still tells."""
    name = _carried(parts, ".jsonl")[0]
    changed = carried_entry_altered(parts)
    payload = name.split("/journal/")[0] + "/payload.json"
    old, new = (hashlib.sha256(found[name]).hexdigest().encode() for found in (parts, changed))
    return sub(changed, payload, old, new)


def carried_signature_missing(parts: Parts) -> Parts:
    return _without(parts, _carried(parts, "sig1.xml")[0])


def carried_and_not_listed(parts: Parts) -> Parts:
    return parts | {
        opc.PAYLOAD: re.sub(rb'"submissions":\[[^\]]*\]', b'"submissions":[]', parts[opc.PAYLOAD])
    }


def carried_under_another_name(parts: Parts) -> Parts:
    """The list says it is another unit's than the one whose signature it bears."""
    listed = re.search(rb'"submissions":\[\{[^}]*"unit":"([^"]+)"', parts[opc.PAYLOAD])
    assert listed
    said = listed.group().replace(listed.group(1), listed.group(1)[:-1] + b"9")
    return sub(parts, opc.PAYLOAD, listed.group(), said)


CARRIED: dict[str, tuple[Callable[[Parts], Parts], int]] = {
    "journal missing": (carried_journal_missing, 3),
    "journals exchanged": (carried_journals_exchanged, 3),
    "payloads exchanged": (carried_payloads_exchanged, 3),
    "signatures exchanged": (carried_signatures_exchanged, 3),
    "entry altered": (carried_entry_altered, 3),
    "entry altered and re-hashed": (carried_entry_altered_and_rehashed, 3),
    "signature missing": (carried_signature_missing, 3),
    "not listed": (carried_and_not_listed, 3),
    "listed as another's": (carried_under_another_name, 3),
}
