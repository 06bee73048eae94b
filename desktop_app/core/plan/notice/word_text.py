"""The words of a Word document as a reader sees them: insertions and content controls are read, deletions are not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_SPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = {_SPACE + name for name in ("del", "moveFrom", "pPr", "rPr", "instrText", "delText")}
_SIGNS = {_SPACE + "tab": "\t", _SPACE + "br": "\n", _SPACE + "cr": "\n", _SPACE + "noBreakHyphen": "-"}
_HOLDERS = {_SPACE + name for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def bodies(element: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, also those inside content controls and those of text boxes."""
    for child in element.iterchildren():
        if child.tag in _HOLDERS:
            yield from bodies(child)
        elif child.tag == _SPACE + "p":
            yield child
            for box in child.iter(_SPACE + "txbxContent"):
                # Word keeps a second copy of every text box for old programs.
                if not any(above.tag == _FALLBACK for above in box.iterancestors()):
                    yield from bodies(box)
        elif child.tag == _SPACE + "tbl":
            yield child


def words(paragraph: Any) -> str:
    """A paragraph's text without what was struck out and without the text boxes that hang on it."""
    return "".join(_pieces(paragraph))


def _pieces(element: Any) -> Iterator[str]:
    for child in element.iterchildren():
        if child.tag in _SKIPPED or child.tag in (_SPACE + "txbxContent", _FALLBACK):
            continue
        if child.tag == _SPACE + "t":
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        else:
            yield from _pieces(child)
