"""Recognising an honest package that an office program opened and saved again.

Its signature is gone and that is nobody's fault, so it must not be called tampering.  This only chooses the words of
a refusal: nothing found here is ever imported.
"""

from __future__ import annotations

import html
import re
import zipfile
from typing import BinaryIO

from desktop_app.core.package.faults import resaved
from desktop_app.core.package.sheets import MARK

_APPLICATION = re.compile(rb"<Application>([^<]{0,80})</Application>")
_GENERATOR = re.compile(rb"<meta:generator>([^<]{0,80})</meta:generator>")
_LARGEST = 4 * 1024 * 1024
_LARGEST_FILE = 256 * 1024 * 1024
"""An office program drops the evidence, so what it saved is small."""

_OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1")
_SIGNATURE = "_xmlsignatures/sig1.xml"


def recognise(file: BinaryIO) -> Exception | None:
    """The ResavedError that fits the file, or None where it does not look re-saved.  Never raises."""
    try:
        if file.seek(0, 2) > _LARGEST_FILE:
            return None
        file.seek(0)
        start = file.read(8)
        if start == _OLD_EXCEL:
            file.seek(0)
            found = MARK.encode("utf-16-le") in file.read(_LARGEST)
            return resaved("", "saved as .xls") if found else None
        if not start.startswith(b"PK"):
            return None
        with zipfile.ZipFile(file) as archive:
            return _in_zip(archive)
    except Exception:  # Whatever is wrong with the file, the caller already has the error that says so.
        return None


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as part:
            return part.read(_LARGEST)
    except KeyError:
        return b""


def _text(data: bytes) -> str:
    # Some writers spell Chinese as numbers (&#26412;), so that they are read before anything is looked for.
    text = data.decode(errors="replace")
    return html.unescape(text) if "&#" in text else text


def _in_zip(archive: zipfile.ZipFile) -> Exception | None:
    names = archive.namelist()
    folded = {name.lower() for name in names}
    ours = "taizhang/payload.json" in folded or any(
        MARK in _text(_read(archive, name))
        for name in ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "content.xml")
        if name in names
    )
    if not ours:
        return None
    writer = _APPLICATION.search(_read(archive, "docProps/app.xml")) or _GENERATOR.search(
        _read(archive, "meta.xml")
    )
    program = _program(writer.group(1).decode(errors="replace")) if writer else ""
    # Our own packages have no docProps at all: with them, or without a signature, someone else wrote this file.
    if "docprops/app.xml" in folded or "docprops/core.xml" in folded or "content.xml" in folded:
        return resaved(program, writer.group(1).decode(errors="replace") if writer else "docProps")
    if _SIGNATURE not in folded and "taizhang/payload.json" not in folded:
        return resaved(program, "no signature")
    return None


def _program(writer: str) -> str:
    lowered = writer.lower()
    if "wps" in lowered or "kingsoft" in lowered:
        return "WPS"
    if "libreoffice" in lowered:
        return "LibreOffice"
    if "excel" in lowered or "microsoft" in lowered:
        # WPS writes Excel's name here too, so that naming Excel alone would often be wrong.
        return ""
    return ""
