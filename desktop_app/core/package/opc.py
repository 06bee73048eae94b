"""The parts of an Open Packaging Conventions file: names, content types, relationships.

Content types and relationships have one written form here.  A reader parses them, writes what it read and compares
the bytes: whatever else hides in such a part (comments, foreign markup, a second declaration) cannot survive that.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping

import msgspec
from lxml import etree

from desktop_app.core.i18n import _
from desktop_app.core.package.faults import invalid
from desktop_app.core.package.limits import MAX_NAME, MAX_XML

CONTENT_TYPES = "[Content_Types].xml"
ROOT_RELS = "_rels/.rels"
WORKBOOK = "xl/workbook.xml"
PAYLOAD = "taizhang/payload.json"
PAYLOAD_RELS = "taizhang/_rels/payload.json.rels"
SIGNATURES = "_xmlsignatures/"
ORIGIN = "_xmlsignatures/origin.sigs"
ORIGIN_RELS = "_xmlsignatures/_rels/origin.sigs.rels"
SIGNATURE = "_xmlsignatures/sig1.xml"
UNSIGNED = frozenset({CONTENT_TYPES, ORIGIN, ORIGIN_RELS, SIGNATURE})
"""What the signature does not cover, and each of them has only one possible content beside the signature."""

JOURNALS = "taizhang/journal/"
EVIDENCE = "taizhang/evidence/"
PERSONAL = "taizhang/personal/"
SUBMISSIONS = "taizhang/submissions/"

_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RELS_NS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES_NS = "http://schemas.openxmlformats.org/package/2006/content-types"

# --- content types -------------------------------------------------------------------------------------------------

RELS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
ORIGIN_TYPE = "application/vnd.openxmlformats-package.digital-signature-origin"
SIGNATURE_TYPE = "application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml"
PAYLOAD_TYPE = "application/vnd.taizhang.payload+json"
JOURNAL_TYPE = "application/vnd.taizhang.journal+jsonl"
PERSONAL_TYPE = "application/vnd.taizhang.sealed"
FORWARDED_TYPE = "application/vnd.taizhang.signature+xml"
"""A forwarded sig1.xml: never the signature type itself, or a reader would take it for this file's signature."""
OTHER_TYPE = "application/octet-stream"

EVIDENCE_TYPES: dict[str, str] = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "pdf": "application/pdf",
}
"""Evidence of other kinds is plain octets here: an office program must never take it for a part of the workbook."""

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."
WORKBOOK_TYPES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"xl/workbook\.xml"), _SHEET + "sheet.main+xml"),
    (re.compile(r"xl/worksheets/sheet[0-9]+\.xml"), _SHEET + "worksheet+xml"),
    (re.compile(r"xl/styles\.xml"), _SHEET + "styles+xml"),
    (re.compile(r"xl/sharedStrings\.xml"), _SHEET + "sharedStrings+xml"),
    (re.compile(r"xl/theme/theme[0-9]+\.xml"), "application/vnd.openxmlformats-officedocument.theme+xml"),
    (
        re.compile(r"xl/drawings/drawing[0-9]+\.xml"),
        "application/vnd.openxmlformats-officedocument.drawing+xml",
    ),
    (re.compile(r"xl/media/image[0-9]+\.png"), "image/png"),
    (re.compile(r"xl/media/image[0-9]+\.jpe?g"), "image/jpeg"),
)
"""Every part a workbook of ours may have (rule 8: nothing that could act), and its type."""

_HASH = r"[0-9a-f]{64}"
_OWN_PARTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"taizhang/payload\.json"), PAYLOAD_TYPE),
    (re.compile(r"taizhang/journal/[a-z0-9][a-z0-9\-]{0,63}\.jsonl"), JOURNAL_TYPE),
    (re.compile(rf"taizhang/personal/{_HASH}"), PERSONAL_TYPE),
    (re.compile(rf"taizhang/submissions/{_HASH}/sig1\.xml"), FORWARDED_TYPE),
    (re.compile(rf"taizhang/submissions/{_HASH}/payload\.json"), PAYLOAD_TYPE),
    (
        re.compile(rf"taizhang/submissions/{_HASH}/journal/[a-z0-9][a-z0-9\-]{{0,63}}\.jsonl"),
        JOURNAL_TYPE,
    ),
)
_EVIDENCE_NAME = re.compile(rf"taizhang/evidence/{_HASH}\.([a-z0-9]{{1,8}})")
_RELS_NAME = re.compile(r"(?:[A-Za-z0-9_\-./]+/)?_rels/[A-Za-z0-9_\-.]*\.rels")


def type_of(part: str) -> str:
    """The content type a part of this name has, "" where no such part belongs into a package."""
    if _RELS_NAME.fullmatch(part):
        return RELS_TYPE
    evidence = _EVIDENCE_NAME.fullmatch(part)
    if evidence:
        return EVIDENCE_TYPES.get(evidence.group(1), OTHER_TYPE)
    for pattern, content_type in (*_OWN_PARTS, *WORKBOOK_TYPES):
        if pattern.fullmatch(part):
            return content_type
    return {ORIGIN: ORIGIN_TYPE, SIGNATURE: SIGNATURE_TYPE}.get(part, "")


_DEFAULTS: dict[str, str] = {"jpeg": "image/jpeg", "jpg": "image/jpeg", "png": "image/png", "rels": RELS_TYPE}


def content_types(types: Mapping[str, str]) -> bytes:
    """`[Content_Types].xml` for these parts (name to type), in its one form."""
    defaults: dict[str, str] = {}
    overrides = []
    for part in sorted(types):
        extension = part.rpartition(".")[2]
        if _DEFAULTS.get(extension) == types[part]:
            defaults[extension] = types[part]
        else:
            overrides.append(f'<Override PartName="/{part}" ContentType="{types[part]}"/>')
    head = "".join(
        f'<Default Extension="{extension}" ContentType="{defaults[extension]}"/>'
        for extension in sorted(defaults)
    )
    return _DECLARATION + f'<Types xmlns="{_TYPES_NS}">{head}{"".join(overrides)}</Types>'.encode()


# --- names ---------------------------------------------------------------------------------------------------------

_SAFE_NAME = re.compile(r"[A-Za-z0-9_\-.]+(?:/[A-Za-z0-9_\-.]+)*")


def is_safe_name(name: str) -> bool:
    """Whether a zip entry's name is safe: ASCII, relative, no dots that climb, no trailing slash."""
    if name == CONTENT_TYPES:
        return True
    if len(name) > MAX_NAME or not _SAFE_NAME.fullmatch(name):
        return False
    return not any(segment.strip(".") == "" or segment.endswith(".") for segment in name.split("/"))


def evidence_part(sha256: str, extension: str) -> str:
    """The part name of an evidence file; an extension that is not plain becomes "bin"."""
    plain = extension.lower().lstrip(".")
    # .xml and .rels would be read as structure by other programs.
    if not re.fullmatch(r"[a-z0-9]{1,8}", plain) or plain in ("xml", "rels"):
        plain = "bin"
    return f"{EVIDENCE}{sha256}.{plain}"


def source_of(rels: str) -> str:
    """The part whose relationships a .rels part holds ("" for the package's own)."""
    folder, _slash, name = rels.rpartition("/")
    return posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))


def rels_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", name + ".rels")


# --- relationships -------------------------------------------------------------------------------------------------

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
OFFICE_DOCUMENT = _OFFICE + "officeDocument"
ORIGIN_REL = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
SIGNATURE_REL = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/signature"
PAYLOAD_REL = "urn:taizhang:relationship:payload"
PART_REL = "urn:taizhang:relationship:part"

WORKBOOK_RELS = frozenset(
    _OFFICE + kind for kind in ("worksheet", "theme", "styles", "sharedStrings", "drawing", "image")
)
"""What a workbook of ours may refer to: no links outward, no objects, no comments, no macros."""


class Relationship(msgspec.Struct, frozen=True):
    id: str
    type: str
    target: str


ROOT_RELATIONSHIPS = (
    Relationship("rId1", OFFICE_DOCUMENT, WORKBOOK),
    Relationship("rId2", PAYLOAD_REL, PAYLOAD),
    Relationship("rId3", ORIGIN_REL, ORIGIN),
)
ORIGIN_RELATIONSHIPS = (Relationship("rId1", SIGNATURE_REL, "sig1.xml"),)

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_\-.]{0,63}")
_NUMBERED = re.compile(r"rId[1-9][0-9]{0,8}")
_TARGET = re.compile(r"/?[A-Za-z0-9_\-.]+(?:/[A-Za-z0-9_\-.]+)*")
_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[A-Za-z0-9_\-./:]+")


def relationships(items: Iterable[Relationship]) -> bytes:
    """A .rels part in its one form.  Nothing in it ever needs escaping."""
    body = "".join(f'<Relationship Id="{r.id}" Type="{r.type}" Target="{r.target}"/>' for r in items)
    return _DECLARATION + f'<Relationships xmlns="{_RELS_NS}">{body}</Relationships>'.encode()


def transformed(items: Iterable[Relationship]) -> bytes:
    """What the relationships transform (OPC Part 2) and Canonical XML make of them: sorted by Id, mode spelled out."""
    body = "".join(
        f'<Relationship Id="{r.id}" Target="{r.target}" TargetMode="Internal" Type="{r.type}"></Relationship>'
        for r in sorted(items, key=lambda r: r.id)
    )
    return f'<Relationships xmlns="{_RELS_NS}">{body}</Relationships>'.encode()


def read_relationships(part: str, data: bytes) -> tuple[Relationship, ...]:
    """Parse a .rels part (rule 4).  Its bytes must be exactly what `relationships` writes for what it says."""
    if len(data) > MAX_XML:
        raise invalid(1, _("文件结构过大。"), part)
    found = []
    for element in parse(data, 4, part):
        found.append(
            Relationship(element.get("Id") or "", element.get("Type") or "", element.get("Target") or "")
        )
        if "TargetMode" in element.attrib:
            raise invalid(4, _("文件里夹带了指向外部的链接。"), f"{part}: TargetMode")
    items = tuple(found)
    for item in items:
        plain = _ID.fullmatch(item.id) and _TYPE.fullmatch(item.type) and _TARGET.fullmatch(item.target)
        if not plain:
            raise invalid(4, _("文件各部分之间的对应关系不对。"), f"{part}: {item.id} {item.target}"[:200])
    if len({item.id for item in items}) != len(items):
        raise invalid(4, _("文件各部分之间的对应关系有重复。"), part)
    # The order is the one thing here that the signature does not cover (its transform sorts), so there is only one.
    numbers = [int(item.id[3:]) if _NUMBERED.fullmatch(item.id) else 0 for item in items]
    if 0 in numbers or numbers != sorted(numbers):
        raise invalid(4, _("文件各部分之间的对应关系不对。"), f"{part}: order")
    if relationships(items) != data:
        raise invalid(4, _("文件各部分之间的对应关系里夹带了别的内容。"), part)
    return items


def resolve(rels: str, target: str) -> str:
    """The part a target means, "" where it climbs out of the package."""
    if target.startswith("/"):
        path = posixpath.normpath(target[1:])
    else:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source_of(rels)), target))
    return "" if path.startswith("..") else path


# --- XML -----------------------------------------------------------------------------------------------------------


def parse(data: bytes, rule: int, part: str) -> etree._Element:
    """The root of a small XML part; refused with that rule where it is not well-formed or declares a DTD."""
    # Entities are the one thing that is dangerous before the bytes are compared, so no DTD reaches the parser.
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or not data.startswith(b"<?xml "):
        raise invalid(rule, _("文件结构被改动或已损坏。"), f"{part}: not plain XML")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise invalid(rule, _("文件结构被改动或已损坏。"), f"{part}: {error}") from error
