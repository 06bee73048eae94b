"""Bad packages signed anew by a genuine key, so that only the rule itself can refuse them.

Each entry of RESIGNED is a name, a function and the rule.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from make_bad_packages import SHEET, Parts, first, insert, related, sub

from desktop_app.core.package import opc, signature
from desktop_app.core.package.opc import Relationship
from desktop_app.core.package.signature_xml import PartReference, relationship_ids

TYPES = {
    "xl/vbaProject.bin": "application/vnd.ms-office.vbaProject",
    "xl/connections.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.connections+xml",
    "xl/externalLinks/externalLink1.xml": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
    ),
    "xl/embeddings/oleObject1.bin": "application/vnd.openxmlformats-officedocument.oleObject",
}
"""Of parts that a package of ours never has."""


def resign(parts: Parts, signer: Any, at: Any, types: Mapping[str, str] | None = None) -> Parts:
    """Sign these parts as they are, whatever stands in them.  `types` for parts that a package never has."""
    types = TYPES | dict(types or {})
    references, everything = [], {}
    body = {name: data for name, data in parts.items() if name not in opc.UNSIGNED}
    for name, data in body.items():
        content_type = types.get(name) or opc.type_of(name)
        everything[name] = content_type
        if not name.endswith(".rels"):
            references.append(PartReference(name, content_type, hashlib.sha256(data).digest()))
            continue
        items = [
            Relationship(*(value.decode() for value in found))
            for found in re.findall(rb'<Relationship Id="([^"]*)" Type="([^"]*)" Target="([^"]*)"', data)
        ]
        unsigned = "rId3" if name == opc.ROOT_RELS else ""
        signed = opc.transformed(item for item in items if item.id != unsigned)
        digest = hashlib.sha256(signed).digest()
        references.append(PartReference(name, content_type, digest, relationship_ids(items, unsigned)))
    everything |= {opc.ORIGIN: opc.ORIGIN_TYPE, opc.SIGNATURE: opc.SIGNATURE_TYPE}
    head = {opc.CONTENT_TYPES: opc.content_types(everything)}
    tail = {
        opc.ORIGIN: b"",
        opc.ORIGIN_RELS: opc.relationships(opc.ORIGIN_RELATIONSHIPS),
        opc.SIGNATURE: signature.sign(references, signer, at),
    }
    return head | body | tail


def with_formula(parts: Parts) -> Parts:
    return sub(parts, SHEET, b"<v>", b"<f>1+1</f><v>")


def with_prefixed_formula(parts: Parts) -> Parts:
    return sub(parts, SHEET, b"<v>", b'<m:f xmlns:m="urn:x">1+1</m:f><v>')


def with_link(parts: Parts) -> Parts:
    return sub(parts, SHEET, b"</worksheet>", b'<hyperlinks><hyperlink ref="A1"/></hyperlinks></worksheet>')


def with_validation(parts: Parts) -> Parts:
    return sub(parts, SHEET, b"</worksheet>", b"<dataValidations/></worksheet>")


def with_cdata(parts: Parts) -> Parts:
    return sub(parts, SHEET, b"</worksheet>", b"<![CDATA[<]]></worksheet>")


def with_defined_name(parts: Parts) -> Parts:
    name = b'<definedName name="Auto_Open">1</definedName></definedNames>'
    return sub(parts, opc.WORKBOOK, b"</definedNames>", name)


def with_external_book(parts: Parts) -> Parts:
    return sub(parts, opc.WORKBOOK, b"</workbook>", b"<externalReferences/></workbook>")


def with_macro(parts: Parts) -> Parts:
    return insert(parts, "xl/vbaProject.bin", b"x")


def with_other_relationship(parts: Parts) -> Parts:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/oleObject"
    relationship = f'<Relationship Id="rId80" Type="{kind}" Target="worksheets/sheet1.xml"/>'
    return related(parts, "xl/_rels/workbook.xml.rels", relationship)


def with_dangling_relationship(parts: Parts) -> Parts:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    relationship = f'<Relationship Id="rId81" Type="{kind}" Target="worksheets/sheet77.xml"/>'
    return related(parts, "xl/_rels/workbook.xml.rels", relationship)


def with_external_link(parts: Parts) -> Parts:
    link = (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<externalLink><ddeLink ddeService="cmd"'
        b' ddeTopic="/c calc"/></externalLink>'
    )
    return insert(parts, "xl/externalLinks/externalLink1.xml", link)


def with_connection(parts: Parts) -> Parts:
    return insert(parts, "xl/connections.xml", b"<connections/>")


def with_embedded_object(parts: Parts) -> Parts:
    return insert(parts, "xl/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0")


def with_remote_image(parts: Parts) -> Parts:
    rels = next(name for name in parts if name.startswith("xl/drawings/_rels/"))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    remote = f'<Relationship Id="rId90" Type="{kind}" Target="http://x/y.png" TargetMode="External"/>'
    return related(parts, rels, remote)


def with_sheet_doctype(parts: Parts) -> Parts:
    return sub(parts, SHEET, b"<worksheet", b'<!DOCTYPE worksheet [<!ENTITY a "b">]><worksheet')


def other_unit(parts: Parts) -> Parts:
    """Another unit's name under this unit's genuine signature."""
    unit = re.search(rb'"unit":"([^"]+)"', parts[opc.PAYLOAD])
    assert unit
    return sub(parts, opc.PAYLOAD, unit.group(), b'"unit":"' + unit.group(1)[:-1] + b'9"')


def newer_format(parts: Parts) -> Parts:
    return sub(parts, opc.PAYLOAD, b'"format":1', b'"format":2')


def payload_twice(parts: Parts) -> Parts:
    return sub(parts, opc.PAYLOAD, b'"format":1', b'"format":1,"format":1')


def payload_garbage(parts: Parts) -> Parts:
    return parts | {opc.PAYLOAD: b"\xff\xfe{"}


def payload_without_journal(parts: Parts) -> Parts:
    return parts | {opc.PAYLOAD: re.sub(rb'"journals":\[[^\]]*\]', b'"journals":[]', parts[opc.PAYLOAD])}


def payload_without_files(parts: Parts) -> Parts:
    return parts | {opc.PAYLOAD: re.sub(rb'"files":\[[^\]]*\]', b'"files":[]', parts[opc.PAYLOAD])}


def _journal(parts: Parts, change: Callable[[bytes], bytes]) -> Parts:
    """A changed journal with the manifest changed to fit, so that only rule 10 is left."""
    name = first(parts, opc.JOURNALS)
    old, new = parts[name], change(parts[name])
    payload = parts[opc.PAYLOAD].replace(
        hashlib.sha256(old).hexdigest().encode(), hashlib.sha256(new).hexdigest().encode()
    )
    payload = payload.replace(b'"size":%d,' % len(old), b'"size":%d,' % len(new))
    payload = payload.replace(b'"size":%d}' % len(old), b'"size":%d}' % len(new))
    return parts | {name: new, opc.PAYLOAD: payload}


def entry_duplicate_key(parts: Parts) -> Parts:
    return _journal(parts, lambda data: data.replace(b'"n":1,', b'"n":1,"n":1,', 1))


def entry_space(parts: Parts) -> Parts:
    return _journal(parts, lambda data: data.replace(b'"n":1,', b'"n": 1,', 1))


def entry_float(parts: Parts) -> Parts:
    return _journal(parts, lambda data: data.replace(b'"value":37}', b'"value":3.5}', 1))


def entry_body(parts: Parts) -> Parts:
    return _journal(parts, lambda data: data.replace(b'"value":37}', b'"worth":37}', 1))


def entry_subject(parts: Parts) -> Parts:
    return _journal(parts, lambda data: data.replace(b'"subject":"progress/', b'"subject":"problem/', 1))


def entry_blank(parts: Parts) -> Parts:
    return _journal(parts, lambda data: b"\n" + data)


def entry_cut(parts: Parts) -> Parts:
    return _journal(parts, lambda data: data[:-1])


RESIGNED: dict[str, tuple[Callable[[Parts], Parts], int]] = {
    "formula": (with_formula, 8),
    "formula under a prefix": (with_prefixed_formula, 8),
    "hyperlink": (with_link, 8),
    "data validation": (with_validation, 8),
    "CDATA": (with_cdata, 8),
    "defined name": (with_defined_name, 8),
    "external references": (with_external_book, 8),
    "macro part": (with_macro, 8),
    "external link with DDE": (with_external_link, 8),
    "data connection": (with_connection, 8),
    "embedded object": (with_embedded_object, 8),
    "DTD in a sheet": (with_sheet_doctype, 8),
    "remote image": (with_remote_image, 4),
    "OLE relationship": (with_other_relationship, 4),
    "dangling relationship": (with_dangling_relationship, 4),
    "another unit": (other_unit, 7),
    "newer format": (newer_format, 0),
    "payload key twice": (payload_twice, 3),
    "payload garbage": (payload_garbage, 3),
    "journal not in the manifest": (payload_without_journal, 3),
    "files not in the manifest": (payload_without_files, 3),
    "entry with a key twice": (entry_duplicate_key, 10),
    "entry with a space": (entry_space, 10),
    "entry with a float": (entry_float, 10),
    "entry with an invalid body": (entry_body, 10),
    "entry with another kind's subject": (entry_subject, 10),
    "blank line": (entry_blank, 10),
    "line without an end": (entry_cut, 10),
}
