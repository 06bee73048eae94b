"""Recognising our own 盖章表: the pdf to print and stamp that is written beside a package.

Whoever takes a whole folder takes it along.  It is no package and no unit's paper either, so that it must neither be
called foreign nor be offered for 代录.  This only chooses the words of a refusal: nothing found here is ever imported.
"""

from __future__ import annotations

import html
import re
from pathlib import PurePath
from typing import BinaryIO

from desktop_app.core.package.faults import OwnForm, own_form

NAMED = "盖章表"
_HEAD = 16 * 1024
"""Qt writes title and creator at the very beginning."""
_CREATOR = re.compile(rb'xmp:CreatorTool="taizhang"')
_TITLE = re.compile(rb'<rdf:li xml:lang="x-default">([^<]{1,300})</rdf:li>')
_FORM = re.compile(r"(?P<unit>.+) (?P<period>\d{4}年\S*) (?P<code>[0-9A-Z]{4}(?:-[0-9A-Z]{4})+)")
"""As `ui/paper/form.py` titles it."""
_MONTH = re.compile(r"(\d{4})年(\d{1,2})月")
_FILE = re.compile(r"(?P<unit>\d{6,12})-(?P<period>\d{4}-\d{2})(?!\d)")


def recognise(file: BinaryIO, name: str) -> OwnForm | None:
    """The OwnForm that a pdf is, by what it says of itself, or else by its name; None for anything else."""
    try:
        file.seek(0)
        head = file.read(_HEAD)
    except OSError:
        # The caller already has the error that says why the file cannot be taken in.
        return None
    if not head.startswith(b"%PDF"):
        return None
    stem = PurePath(name).stem
    found = _FILE.match(stem)
    unit, period = (found["unit"], found["period"]) if found else ("", "")
    title = _TITLE.search(head) if _CREATOR.search(head) else None
    said = _FORM.fullmatch(html.unescape(title[1].decode("utf-8", "replace"))) if title else None
    if said is not None:
        month = _MONTH.fullmatch(said["period"])
        period = f"{month[1]}-{int(month[2]):02d}" if month else period
        return own_form(unit=unit, unit_name=said["unit"], period=period, code=said["code"])
    # Printed into a pdf once more, or scanned and given the old name back.
    return own_form(unit=unit, period=period) if found and NAMED in stem else None
