"""Bad packages, made from a good one: every alteration that other verifiers miss, and many they do not.

Each entry of ALTERED is a name, a function and the rule that must refuse it: what anybody can do to a file's parts.
`make_bad_zips` alters the zip itself, `make_bad_signed` signs what is wrong with a genuine key.

Run it to have them as files, the good one and its root among them: python tests/data/make_bad_packages.py FOLDER
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from desktop_app.core.package import opc
from desktop_app.core.package.opc import Relationship
from desktop_app.core.package.zipwrite import ZipWriter

Parts = dict[str, bytes]
SHEET = "xl/worksheets/sheet2.xml"
SIG = opc.SIGNATURE


def read(package: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(parts: Mapping[str, bytes], names: Mapping[str, str] | None = None) -> bytes:
    """A zip as plain as our own, so that nothing but the contents is wrong."""
    out = io.BytesIO()
    writer = ZipWriter(out)
    for name, data in parts.items():
        writer.add(name, data, compress=not name.startswith(("taizhang/evidence/", "xl/media/")))
    writer.close()
    return out.getvalue()


def insert(parts: Parts, name: str, data: bytes) -> Parts:
    """A part more, before the signature's own."""
    found = {key: value for key, value in parts.items() if not key.startswith("_xmlsignatures/")}
    found[name] = data
    return found | {key: value for key, value in parts.items() if key.startswith("_xmlsignatures/")}


def typed(parts: Parts, name: str, content_type: str) -> Parts:
    override = f'<Override PartName="/{name}" ContentType="{content_type}"/></Types>'.encode()
    return parts | {opc.CONTENT_TYPES: parts[opc.CONTENT_TYPES].replace(b"</Types>", override)}


def related(parts: Parts, rels: str, relationship: str) -> Parts:
    return parts | {
        rels: parts[rels].replace(b"</Relationships>", relationship.encode() + b"</Relationships>")
    }


def sub(parts: Parts, name: str, old: bytes, new: bytes) -> Parts:
    assert old in parts[name], (name, old)
    return parts | {name: parts[name].replace(old, new, 1)}


def first(parts: Parts, folder: str) -> str:
    return next(name for name in parts if name.startswith(folder))


# --- alterations of parts -------------------------------------------------------------------------------------------


def flip_cell(parts: Parts) -> Parts:
    return parts | {SHEET: re.sub(rb"<v>\d+</v></c></row>", b"<v>7</v></c></row>", parts[SHEET], count=1)}


def swap_evidence(parts: Parts) -> Parts:
    one, other = [name for name in parts if name.startswith(opc.EVIDENCE)][:2]
    return parts | {one: parts[other], other: parts[one]}


def edit_payload(parts: Parts) -> Parts:
    return sub(parts, opc.PAYLOAD, b'"sequence":1', b'"sequence":2')


def edit_journal(parts: Parts) -> Parts:
    return sub(parts, first(parts, opc.JOURNALS), b'"value":37', b'"value":38')


def drop_evidence(parts: Parts) -> Parts:
    lost = first(parts, opc.EVIDENCE)
    return {name: data for name, data in parts.items() if name != lost}


def add_part(parts: Parts) -> Parts:
    return typed(
        insert(parts, "xl/worksheets/sheet99.xml", parts[SHEET]), "xl/worksheets/sheet99.xml", "text/plain"
    )


def add_part_with_relationship(parts: Parts) -> Parts:
    added = add_part(parts)
    relationship = f'<Relationship Id="rId77" Type="{opc.PART_REL}" Target="/xl/worksheets/sheet99.xml"/>'
    return related(added, opc.PAYLOAD_RELS, relationship)


def add_untyped(parts: Parts) -> Parts:
    return insert(parts, "notes.txt", b"hello")


def inject_comment(parts: Parts) -> Parts:
    """A note shown beside a cell, hung on through a .rels part nobody signed."""
    comments = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments/>'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
    rels = opc.relationships([Relationship("rId9", kind, "../comments1.xml")])
    added = insert(insert(parts, "xl/comments1.xml", comments), "xl/worksheets/_rels/sheet2.xml.rels", rels)
    return typed(added, "xl/comments1.xml", "application/xml")


def unsigned_relationship(parts: Parts) -> Parts:
    relationship = f'<Relationship Id="rId78" Type="{opc.PART_REL}" Target="/{opc.WORKBOOK}"/>'
    return related(parts, opc.PAYLOAD_RELS, relationship)


def external_relationship(parts: Parts) -> Parts:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink"
    relationship = f'<Relationship Id="rId79" Type="{kind}" Target="file:///x" TargetMode="External"/>'
    return related(parts, "xl/_rels/workbook.xml.rels", relationship)


def second_origin(parts: Parts) -> Parts:
    relationship = f'<Relationship Id="rId4" Type="{opc.ORIGIN_REL}" Target="_xmlsignatures/origin.sigs"/>'
    return related(parts, opc.ROOT_RELS, relationship)


def retarget_signature(parts: Parts) -> Parts:
    return sub(parts, opc.ORIGIN_RELS, b'"sig1.xml"', b'"sig2.xml"')


def fill_origin(parts: Parts) -> Parts:
    return parts | {opc.ORIGIN: b"x"}


def second_signature(parts: Parts) -> Parts:
    return parts | {"_xmlsignatures/sig2.xml": parts[SIG]}


def change_type(parts: Parts) -> Parts:
    return sub(parts, opc.CONTENT_TYPES, opc.PAYLOAD_TYPE.encode(), b"text/html")


def duplicate_type(parts: Parts) -> Parts:
    return typed(parts, opc.PAYLOAD, opc.PAYLOAD_TYPE)


def type_without_part(parts: Parts) -> Parts:
    return typed(parts, "xl/gone.xml", "application/xml")


def type_comment(parts: Parts) -> Parts:
    return sub(parts, opc.CONTENT_TYPES, b"</Types>", b"<!-- x --></Types>")


def case_twin(parts: Parts) -> Parts:
    return insert(parts, "xl/Workbook.xml", parts[opc.WORKBOOK])


def markup_in_rels(parts: Parts) -> Parts:
    return sub(parts, opc.PAYLOAD_RELS, b"</Relationships>", b'<x xmlns="urn:x"/></Relationships>')


def text_in_rels(parts: Parts) -> Parts:
    return sub(parts, opc.ROOT_RELS, b"</Relationships>", b" </Relationships>")


def duplicate_relationship(parts: Parts) -> Parts:
    found = re.search(rb"<Relationship [^>]*/>", parts[opc.PAYLOAD_RELS])
    assert found
    return sub(parts, opc.PAYLOAD_RELS, b"</Relationships>", found.group() + b"</Relationships>")


def types_doctype(parts: Parts) -> Parts:
    return sub(parts, opc.CONTENT_TYPES, b"<Types", b'<!DOCTYPE Types [<!ENTITY a "b">]><Types')


def rels_doctype(parts: Parts) -> Parts:
    return sub(parts, opc.PAYLOAD_RELS, b"<Relationships", b"<!DOCTYPE Relationships><Relationships")


# --- alterations of sig1.xml ----------------------------------------------------------------------------------------


def duplicate_id(parts: Parts) -> Parts:
    """Signature wrapping: a second object under the same Id."""
    return sub(parts, SIG, b"</Signature>", b'<Object Id="idPackageObject"></Object></Signature>')


def wrap_objects(parts: Parts) -> Parts:
    """The signed object moved aside, a forged one in its place."""
    found = re.search(rb'<Object Id="idPackageObject">.*?</Object>', parts[SIG], re.S)
    assert found
    forged = found.group().replace(b"<DigestValue>", b"<DigestValue>AAAA", 1)
    return sub(parts, SIG, found.group(), forged + b"<Object>" + found.group() + b"</Object>")


def wrap_before(parts: Parts) -> Parts:
    """A forged object before the signed one, for a reader that takes the first with the Id it looks for."""
    found = re.search(rb'<Object Id="idPackageObject">.*?</Object>', parts[SIG], re.S)
    assert found
    forged = found.group().replace(b"<DigestValue>", b"<DigestValue>AAAA", 1)
    return sub(parts, SIG, found.group(), forged + found.group())


def wrap_whole(parts: Parts) -> Parts:
    """The genuine signature inside another one that lists something else."""
    found = re.search(rb"<Signature .*</Signature>", parts[SIG], re.S)
    assert found
    outer = found.group().replace(b"</Signature>", b"<Object>" + found.group() + b"</Object></Signature>")
    forged = outer.replace(b"<DigestValue>", b"<DigestValue>AAAA", 1)
    return parts | {SIG: parts[SIG].replace(found.group(), forged)}


def sig_comment(parts: Parts) -> Parts:
    return sub(parts, SIG, b"</SignedInfo>", b"<!-- x --></SignedInfo>")


def sig_instruction(parts: Parts) -> Parts:
    return sub(parts, SIG, b"<KeyInfo>", b"<?x y?><KeyInfo>")


def sig_doctype(parts: Parts) -> Parts:
    return sub(parts, SIG, b"<Signature", b'<!DOCTYPE Signature [<!ENTITY a "b">]><Signature')


def sig_space(parts: Parts) -> Parts:
    return sub(parts, SIG, b"<SignatureValue>", b"<SignatureValue>\n")


def sig_namespace(parts: Parts) -> Parts:
    return sub(parts, SIG, b' Id="idPackageSignature"', b' xmlns:x="urn:x" Id="idPackageSignature"')


def sig_child(parts: Parts) -> Parts:
    return sub(parts, SIG, b"</KeyInfo>", b"<KeyName>x</KeyName></KeyInfo>")


def sig_value(parts: Parts) -> Parts:
    value = re.search(rb"<SignatureValue>([^<]+)<", parts[SIG])
    assert value
    raw = bytearray(base64.b64decode(value.group(1)))
    raw[5] ^= 1
    return sub(parts, SIG, value.group(1), base64.b64encode(bytes(raw)))


def sig_time(parts: Parts) -> Parts:
    return parts | {SIG: parts[SIG].replace(b"2024-07-03T", b"2024-07-04T")}


def sig_digest(parts: Parts) -> Parts:
    """A part changed together with its digest in the Manifest, which the signature then no longer fits."""
    parts = edit_payload(parts)
    digest = base64.b64encode(hashlib.sha256(parts[opc.PAYLOAD]).digest())
    pattern = rb'(URI="/taizhang/payload.json\?[^>]*>.*?<DigestValue>)[^<]+'
    return parts | {SIG: re.sub(pattern, lambda m: m.group(1) + digest, parts[SIG], count=1, flags=re.S)}


def _digest_in_manifest(parts: Parts, name: str) -> Parts:
    digest = base64.b64encode(hashlib.sha256(parts[name]).digest())
    pattern = rb'(URI="/' + re.escape(name.encode()) + rb"\?[^>]*>.*?<DigestValue>)[^<]+"
    return parts | {SIG: re.sub(pattern, lambda m: m.group(1) + digest, parts[SIG], count=1, flags=re.S)}


def rehashed_entry(parts: Parts) -> Parts:
    """An entry altered, and every hash that names it made to fit: the payload's, and both in the Manifest."""
    name = first(parts, opc.JOURNALS)
    changed = edit_journal(parts)
    old, new = (hashlib.sha256(found[name]).hexdigest().encode() for found in (parts, changed))
    changed = sub(changed, opc.PAYLOAD, old, new)
    return _digest_in_manifest(_digest_in_manifest(changed, name), opc.PAYLOAD)


def rehashed_to_the_top(parts: Parts) -> Parts:
    """The same, with the Manifest's own digest in SignedInfo made to fit as well: only the key is missing."""
    from desktop_app.core.package import signature_xml

    changed = rehashed_entry(parts)
    before, after = (signature_xml.read(found[SIG], "sig1.xml")[1] for found in (parts, changed))
    old, new = (base64.b64encode(hashlib.sha256(form.package_object).digest()) for form in (before, after))
    return sub(changed, SIG, old, new)


def weak_digest(parts: Parts) -> Parts:
    return sub(
        parts,
        SIG,
        b"http://www.w3.org/2001/04/xmlenc#sha256",
        b"http://www.w3.org/2000/09/xmldsig#sha1",
    )


def weak_signature(parts: Parts) -> Parts:
    return parts | {SIG: re.sub(rb"xmldsig-more#\w+-sha256", b"xmldsig-more#hmac-sha256", parts[SIG])}


def other_c14n(parts: Parts) -> Parts:
    other = b"http://www.w3.org/2001/10/xml-exc-c14n#"
    return sub(parts, SIG, b"http://www.w3.org/TR/2001/REC-xml-c14n-20010315", other)


def extra_transform(parts: Parts) -> Parts:
    xpath = b'<Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"></Transform></Transforms>'
    return sub(parts, SIG, b"</Transforms>", xpath)


def certificates_of(parts: Parts) -> list[bytes]:
    return re.findall(rb"<X509Certificate>([^<]+)</X509Certificate>", parts[SIG])


def drop_intermediate(parts: Parts) -> Parts:
    return sub(parts, SIG, b"<X509Certificate>" + certificates_of(parts)[1] + b"</X509Certificate>", b"")


def swap_certificates(parts: Parts) -> Parts:
    leaf, above = certificates_of(parts)[:2]
    changed = parts[SIG].replace(leaf, b"@").replace(above, leaf).replace(b"@", above)
    return parts | {SIG: changed}


def garbage_certificate(parts: Parts) -> Parts:
    return sub(parts, SIG, certificates_of(parts)[0], base64.b64encode(b"no certificate"))


ALTERED: dict[str, tuple[Callable[[Parts], Parts], int]] = {
    "flip a cell": (flip_cell, 3),
    "swap evidence bytes": (swap_evidence, 3),
    "edit payload": (edit_payload, 3),
    "edit journal": (edit_journal, 3),
    "drop a part": (drop_evidence, 3),
    "add a part": (add_part, 3),
    "add a part with a relationship": (add_part_with_relationship, 3),
    "untyped entry": (add_untyped, 3),
    "comment through an unsigned relationship": (inject_comment, 3),
    "second signature": (second_signature, 3),
    "unsigned relationship": (unsigned_relationship, 4),
    "unsigned external relationship": (external_relationship, 4),
    "second origin": (second_origin, 4),
    "signature retargeted": (retarget_signature, 4),
    "origin filled": (fill_origin, 4),
    "extra markup in rels": (markup_in_rels, 4),
    "white space in rels": (text_in_rels, 4),
    "duplicate relationship id": (duplicate_relationship, 4),
    "DTD in rels": (rels_doctype, 4),
    "changed content type": (change_type, 2),
    "content type twice": (duplicate_type, 2),
    "content type without a part": (type_without_part, 2),
    "comment in content types": (type_comment, 2),
    "DTD in content types": (types_doctype, 2),
    "name differing in case only": (case_twin, 1),
    "duplicate Id": (duplicate_id, 5),
    "wrapped after": (wrap_objects, 5),
    "wrapped before": (wrap_before, 5),
    "wrapped whole": (wrap_whole, 5),
    "comment in sig1": (sig_comment, 5),
    "processing instruction in sig1": (sig_instruction, 5),
    "DTD in sig1": (sig_doctype, 5),
    "white space in sig1": (sig_space, 5),
    "namespace in sig1": (sig_namespace, 5),
    "extra child in sig1": (sig_child, 5),
    "signature value": (sig_value, 5),
    "signing time": (sig_time, 5),
    "digest replaced too": (sig_digest, 5),
    "entry altered and re-hashed": (rehashed_entry, 5),
    "entry altered and re-hashed to the top": (rehashed_to_the_top, 5),
    "SHA-1 digest": (weak_digest, 6),
    "HMAC signature": (weak_signature, 6),
    "exclusive C14N": (other_c14n, 6),
    "XPath transform": (extra_transform, 6),
    "intermediate dropped": (drop_intermediate, 7),
    "certificates swapped": (swap_certificates, 7),
    "garbage certificate": (garbage_certificate, 7),
}


if __name__ == "__main__":
    import make_good_package
    from make_bad_zips import BROKEN_ZIPS

    target = Path(sys.argv[1])
    # The alterations know the good one's figures.
    good = make_good_package.write(target / "good").read_bytes()
    for title, (alter, _rule) in ALTERED.items():
        (target / f"{title.replace(' ', '-')}.xlsx").write_bytes(write(alter(read(good))))
    for title, broken in BROKEN_ZIPS.items():
        (target / f"zip-{title.replace(' ', '-')}.xlsx").write_bytes(broken(good))
