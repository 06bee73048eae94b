"""Rule 8: nothing in the workbook may act.

Parts and relationships are limited to those a plain workbook of ours has (`opc.WORKBOOK_TYPES`, `opc.WORKBOOK_RELS`).
Here the elements inside are: a list of what may stand there, so that formulas, links, objects, validations, data
connections and whatever a later office program brings are refused without being named.
"""

from __future__ import annotations

import re

from desktop_app.core.i18n import _
from desktop_app.core.package.faults import invalid

_PROLOGUE = re.compile(rb'<\?xml version="1\.0" encoding="UTF-8" standalone="yes"\?>\s*<')

# What every "<" begins, closing tags aside: names, and the signs of comments, CDATA and instructions.
_OPENED = re.compile(rb"<([^/][^/>\s]*)")
# The same without the cells, which are nearly everything and allowed in sheets.
_OPENED_BESIDE_CELLS = re.compile(rb"<(?!(?:c|v|row|is|t)[\s/>])([^/][^/>\s]*)")
_DEFINED_NAME = re.compile(rb'<definedName name="([^"]*)"')
_ACTING_ATTRIBUTE = re.compile(rb"\s(?:\w+:)?(?:macro|textlink|link|href|action)\s*=\s*[\"'][^\"']")

_SHEET = frozenset(
    b"worksheet sheetPr pageSetUpPr tabColor dimension sheetViews sheetView pane selection sheetFormatPr cols col"
    b" sheetData row c v is t mergeCells mergeCell printOptions pageMargins pageSetup headerFooter oddHeader"
    b" oddFooter rowBreaks brk drawing ignoredErrors ignoredError autoFilter".split()
)
_WORKBOOK = frozenset(
    b"workbook fileVersion fileSharing workbookPr bookViews workbookView sheets sheet definedNames definedName"
    b" calcPr".split()
)
_STRINGS = frozenset(b"sst si t r rPr rFont sz color family charset scheme b i u".split())
_DRAWING = frozenset(
    b"xdr:wsDr xdr:twoCellAnchor xdr:oneCellAnchor xdr:from xdr:to xdr:col xdr:colOff xdr:row xdr:rowOff xdr:ext"
    b" xdr:pic xdr:nvPicPr xdr:cNvPr xdr:cNvPicPr a:picLocks xdr:blipFill a:blip a:stretch a:fillRect xdr:spPr"
    b" a:xfrm a:off a:ext a:prstGeom a:avLst xdr:clientData".split()
)
_DECLARATION = frozenset((b"?xml",))
_NAMES = frozenset((b"_xlnm.Print_Titles", b"_xlnm.Print_Area", b"_xlnm._FilterDatabase"))
_ALLOWED: tuple[tuple[str, frozenset[bytes]], ...] = (
    ("xl/workbook.xml", _WORKBOOK),
    ("xl/worksheets/", _SHEET),
    ("xl/sharedStrings.xml", _STRINGS),
    ("xl/drawings/", _DRAWING),
)


def check_workbook_part(part: str, data: bytes) -> None:
    """Refuse an XML part of the workbook that holds anything but plain cells, pictures and layout."""
    if not _PROLOGUE.match(data):
        raise _acting(part, "not plain XML")
    allowed = next((names for start, names in _ALLOWED if part.startswith(start)), None)
    if allowed is None:
        # Styles and theme say how things look and cannot refer to anything.
        if b"<!" in data or data.count(b"<?") != 1:
            raise _acting(part, "not plain XML")
        return
    opened = _OPENED_BESIDE_CELLS if allowed is _SHEET else _OPENED
    others = set(opened.findall(data)) - allowed - _DECLARATION
    if others:
        raise _acting(part, ", ".join(sorted(other.decode(errors="replace") for other in others))[:200])
    if part.startswith("xl/drawings/") and _ACTING_ATTRIBUTE.search(data):
        raise _acting(part, "attribute")
    if part == "xl/workbook.xml" and not _NAMES.issuperset(_DEFINED_NAME.findall(data)):
        raise _acting(part, "defined name")


def _acting(part: str, detail: str) -> Exception:
    return invalid(8, _("表格里有公式、链接、宏或其他会自动运行的内容。"), f"{part}: {detail}")
