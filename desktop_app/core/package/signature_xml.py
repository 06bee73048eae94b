"""`sig1.xml`: its one written form, and reading it back.

The form is already Canonical XML 1.0, so that the bytes that are hashed are slices of the bytes that are written.
A reader takes the values out of a signature, writes it again from them and compares: element order, attributes,
namespaces, comments, duplicate ids and white space can then differ in nothing (rule 5), and no question is left of
what another program's canonicalisation would have seen.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

import msgspec
from lxml import etree

from desktop_app.core.i18n import _
from desktop_app.core.package.faults import invalid
from desktop_app.core.package.opc import Relationship, parse
from desktop_app.core.trust.signing import ECDSA_SHA256, RSA_SHA256

DSIG = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
OBJECT_TYPE = "http://www.w3.org/2000/09/xmldsig#Object"
SIGNED_PROPERTIES_TYPE = "http://uri.etsi.org/01903#SignedProperties"
MDSSI = "http://schemas.openxmlformats.org/package/2006/digital-signature"
RELATIONSHIP_TRANSFORM = "http://schemas.openxmlformats.org/package/2006/RelationshipTransform"
OFFICE = "http://schemas.microsoft.com/office/2006/digsig"
ALGORITHMS = (RSA_SHA256, ECDSA_SHA256)

DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


class PartReference(msgspec.Struct, frozen=True):
    """What the Manifest says of one part: name without the leading slash, content type, SHA-256 (raw bytes).

    `ids` are the relationship ids that a .rels part's transform names, None for every other part.
    """

    part: str
    content_type: str
    digest: bytes
    ids: tuple[str, ...] | None = None


class SignatureValues(msgspec.Struct, frozen=True, kw_only=True):
    """Everything in a signature that is not fixed.  Digests are raw bytes; `chain` DER, the signer's first."""

    algorithm: str
    references: tuple[PartReference, ...]
    signing_time: str
    chain: tuple[bytes, ...]
    certificate_digest: bytes
    issuer_name: str
    serial: str
    reference_digests: tuple[bytes, bytes, bytes] = (b"", b"", b"")
    signature: bytes = b""


class SignatureForm(msgspec.Struct, frozen=True, kw_only=True):
    """A signature's pieces, each in the canonical form that is hashed."""

    signed_info: bytes
    package_object: bytes
    office_object: bytes
    signed_properties: bytes
    whole: bytes


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _attribute(text: str) -> str:
    # Canonical XML's escapes in attributes; parts and types never hold control characters.
    return escape(text, {'"': "&quot;"})


def _digest(data: bytes) -> str:
    return f'<DigestMethod Algorithm="{SHA256}"></DigestMethod><DigestValue>{_b64(data)}</DigestValue>'


def _part_reference(reference: PartReference) -> str:
    transforms = ""
    if reference.ids is not None:
        named = "".join(
            f'<mdssi:RelationshipReference xmlns:mdssi="{MDSSI}" SourceId="{_attribute(ident)}">'
            "</mdssi:RelationshipReference>"
            for ident in reference.ids
        )
        transforms = (
            f'<Transforms><Transform Algorithm="{RELATIONSHIP_TRANSFORM}">{named}</Transform>'
            f'<Transform Algorithm="{C14N}"></Transform></Transforms>'
        )
    uri = _attribute(f"/{reference.part}?ContentType={reference.content_type}")
    return f'<Reference URI="{uri}">{transforms}{_digest(reference.digest)}</Reference>'


def _package_object(values: SignatureValues) -> str:
    manifest = "".join(_part_reference(reference) for reference in values.references)
    return (
        f'Id="idPackageObject"><Manifest>{manifest}</Manifest><SignatureProperties>'
        '<SignatureProperty Id="idSignatureTime" Target="#idPackageSignature">'
        f'<mdssi:SignatureTime xmlns:mdssi="{MDSSI}"><mdssi:Format>YYYY-MM-DDThh:mm:ssTZD</mdssi:Format>'
        f"<mdssi:Value>{escape(values.signing_time)}</mdssi:Value></mdssi:SignatureTime>"
        "</SignatureProperty></SignatureProperties></Object>"
    )


# What Office writes about the machine that signed.  Fixed, so that it tells nothing about anyone's desk; the comment
# is what Office shows under 'purpose of signing'.
_OFFICE_OBJECT = (
    'Id="idOfficeObject"><SignatureProperties>'
    '<SignatureProperty Id="idOfficeV1Details" Target="#idPackageSignature">'
    f'<SignatureInfoV1 xmlns="{OFFICE}"><SetupID></SetupID><SignatureText></SignatureText>'
    "<SignatureImage></SignatureImage><SignatureComments>防篡改和来源核对（不替代公章和电子签章）</SignatureComments>"
    "<WindowsVersion>10.0</WindowsVersion><OfficeVersion>16.0</OfficeVersion>"
    "<ApplicationVersion>16.0</ApplicationVersion><Monitors>1</Monitors>"
    "<HorizontalResolution>1366</HorizontalResolution><VerticalResolution>768</VerticalResolution>"
    "<ColorDepth>32</ColorDepth><SignatureProviderId>{00000000-0000-0000-0000-000000000000}</SignatureProviderId>"
    "<SignatureProviderUrl></SignatureProviderUrl><SignatureProviderDetails>9</SignatureProviderDetails>"
    "<SignatureType>1</SignatureType></SignatureInfoV1></SignatureProperty></SignatureProperties></Object>"
)


def _signed_properties(values: SignatureValues) -> str:
    return (
        'Id="idSignedProperties"><xd:SignedSignatureProperties>'
        f"<xd:SigningTime>{escape(values.signing_time)}</xd:SigningTime>"
        "<xd:SigningCertificate><xd:Cert><xd:CertDigest>"
        f"{_digest(values.certificate_digest)}</xd:CertDigest><xd:IssuerSerial>"
        f"<X509IssuerName>{escape(values.issuer_name)}</X509IssuerName>"
        f"<X509SerialNumber>{escape(values.serial)}</X509SerialNumber></xd:IssuerSerial></xd:Cert>"
        "</xd:SigningCertificate><xd:SignaturePolicyIdentifier><xd:SignaturePolicyImplied>"
        "</xd:SignaturePolicyImplied></xd:SignaturePolicyIdentifier></xd:SignedSignatureProperties>"
        "</xd:SignedProperties>"
    )


def _signed_info(values: SignatureValues) -> str:
    package, office, properties = values.reference_digests
    return (
        f'<CanonicalizationMethod Algorithm="{C14N}"></CanonicalizationMethod>'
        f'<SignatureMethod Algorithm="{_attribute(values.algorithm)}"></SignatureMethod>'
        f'<Reference Type="{OBJECT_TYPE}" URI="#idPackageObject">{_digest(package)}</Reference>'
        f'<Reference Type="{OBJECT_TYPE}" URI="#idOfficeObject">{_digest(office)}</Reference>'
        f'<Reference Type="{SIGNED_PROPERTIES_TYPE}" URI="#idSignedProperties"><Transforms>'
        f'<Transform Algorithm="{C14N}"></Transform></Transforms>{_digest(properties)}</Reference></SignedInfo>'
    )


def form(values: SignatureValues) -> SignatureForm:
    """The signature's bytes and its hashed pieces, from the values."""
    info, package = _signed_info(values), _package_object(values)
    properties = _signed_properties(values)
    certificates = "".join(f"<X509Certificate>{_b64(der)}</X509Certificate>" for der in values.chain)
    whole = (
        f'<Signature xmlns="{DSIG}" Id="idPackageSignature"><SignedInfo>{info}'
        f"<SignatureValue>{_b64(values.signature)}</SignatureValue>"
        f"<KeyInfo><X509Data>{certificates}</X509Data></KeyInfo>"
        f"<Object {package}<Object {_OFFICE_OBJECT}"
        f'<Object><xd:QualifyingProperties xmlns:xd="{XADES}" Target="#idPackageSignature">'
        f"<xd:SignedProperties {properties}</xd:QualifyingProperties></Object></Signature>"
    )
    # A piece that is hashed alone declares the namespaces that it has from above: that is all that differs.
    return SignatureForm(
        signed_info=f'<SignedInfo xmlns="{DSIG}">{info}'.encode(),
        package_object=f'<Object xmlns="{DSIG}" {package}'.encode(),
        office_object=f'<Object xmlns="{DSIG}" {_OFFICE_OBJECT}'.encode(),
        signed_properties=f'<xd:SignedProperties xmlns="{DSIG}" xmlns:xd="{XADES}" {properties}'.encode(),
        whole=DECLARATION + whole.encode(),
    )


# --- reading -------------------------------------------------------------------------------------------------------


def _q(name: str, namespace: str = DSIG) -> str:
    return f"{{{namespace}}}{name}"


class _Reader:
    """Takes values out of the tree; whatever is not there is empty, and the comparison of bytes finds it."""

    def __init__(self, root: etree._Element, part: str) -> None:
        self.root = root
        self.part = part

    def text(self, base: etree._Element, path: str) -> str:
        return base.findtext(path) or ""

    def raw(self, base: etree._Element, path: str) -> bytes:
        return self.decoded(self.text(base, path))

    def decoded(self, text: str) -> bytes:
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise malformed(self.part, f"base64: {error}") from error

    def reference(self, element: etree._Element) -> PartReference:
        name, mark, content_type = (element.get("URI") or "").partition("?ContentType=")
        if not mark or not name.startswith("/"):
            raise malformed(self.part, f"reference {name!r}"[:120])
        transforms = element.findall(f"{_q('Transforms')}/{_q('Transform')}")
        ids = None
        if transforms:
            named = transforms[0].findall(_q("RelationshipReference", MDSSI))
            ids = tuple(item.get("SourceId") or "" for item in named)
        return PartReference(name[1:], content_type, self.raw(element, _q("DigestValue")), ids)


def malformed(part: str, detail: str) -> Exception:
    return invalid(5, _("签名文件的结构不对。"), f"{part}: {detail}")


_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def read(data: bytes, part: str) -> tuple[SignatureValues, SignatureForm]:
    """The values of a signature and its canonical pieces.

    Refused are: anything that is not byte for byte this form (rule 5), other algorithms (rule 6).  Nothing is
    verified yet.
    """
    root = parse(data, 5, part)
    reader = _Reader(root, part)
    _check_algorithms(root, part)
    objects = root.findall(_q("Object"))
    references = root.findall(f"{_q('SignedInfo')}/{_q('Reference')}")
    if root.tag != _q("Signature") or len(objects) != 3 or len(references) != 3:
        raise malformed(part, "shape")
    manifest = objects[0].findall(f"{_q('Manifest')}/{_q('Reference')}")
    certificate = (
        f"{_q('QualifyingProperties', XADES)}/{_q('SignedProperties', XADES)}"
        f"/{_q('SignedSignatureProperties', XADES)}/{_q('SigningCertificate', XADES)}/{_q('Cert', XADES)}"
    )
    serial = f"{certificate}/{_q('IssuerSerial', XADES)}"
    time = objects[0].find(f".//{_q('Value', MDSSI)}")
    values = SignatureValues(
        algorithm=_algorithm(root),
        references=tuple(reader.reference(element) for element in manifest),
        signing_time=(time.text or "") if time is not None else "",
        chain=tuple(
            reader.decoded(element.text or "")
            for element in root.findall(f"{_q('KeyInfo')}/{_q('X509Data')}/{_q('X509Certificate')}")
        ),
        certificate_digest=reader.raw(
            objects[2], f"{certificate}/{_q('CertDigest', XADES)}/{_q('DigestValue')}"
        ),
        issuer_name=reader.text(objects[2], f"{serial}/{_q('X509IssuerName')}"),
        serial=reader.text(objects[2], f"{serial}/{_q('X509SerialNumber')}"),
        reference_digests=(
            reader.raw(references[0], _q("DigestValue")),
            reader.raw(references[1], _q("DigestValue")),
            reader.raw(references[2], _q("DigestValue")),
        ),
        signature=reader.raw(root, _q("SignatureValue")),
    )
    written = form(values)
    if written.whole != data or not _TIME.fullmatch(values.signing_time):
        raise malformed(part, "differs from the one form of these values")
    return values, written


def _algorithm(root: etree._Element) -> str:
    method = root.find(f"{_q('SignedInfo')}/{_q('SignatureMethod')}")
    return (method.get("Algorithm") or "") if method is not None else ""


def _check_algorithms(root: etree._Element, part: str) -> None:
    """Rule 6: SHA-256, Canonical XML 1.0, RSA or P-256 with SHA-256, and nothing else."""
    allowed = {
        "DigestMethod": (SHA256,),
        "CanonicalizationMethod": (C14N,),
        "Transform": (C14N, RELATIONSHIP_TRANSFORM),
        "SignatureMethod": ALGORITHMS,
    }
    for name, algorithms in allowed.items():
        for element in root.iter(_q(name)):
            if element.get("Algorithm") not in algorithms:
                raise invalid(
                    6,
                    _("签名方式不合要求。"),
                    f"{part}: {name} {element.get('Algorithm')}"[:200],
                )


def signing_time(values: SignatureValues) -> dt.datetime:
    """The claimed time, UTC.  Rule 5 where the digits are no time."""
    try:
        return dt.datetime.strptime(values.signing_time, TIME_FORMAT).replace(tzinfo=dt.UTC)
    except ValueError as error:
        raise malformed("sig1.xml", "signing time") from error


def relationship_ids(items: Sequence[Relationship], without: str = "") -> tuple[str, ...]:
    """The ids a relationships transform must name, in their one order."""
    return tuple(sorted(item.id for item in items if item.id != without))
