"""Telling what a file is from its first bytes, never from its name."""

from __future__ import annotations

import zipfile
from pathlib import Path

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _

EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/heic": ".heic",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "image/bmp": ".bmp",
    "image/tiff": ".tif",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/msword": ".doc",
    "video/mp4": ".mp4",
    "text/plain": ".txt",
    "application/ofd": ".ofd",
}

STORED = frozenset(
    {"image/jpeg", "image/png", "image/heic", "image/webp", "image/gif", "video/mp4", "application/pdf"}
)
"""Media that are compressed already."""

_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
)
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"L\0\0\0\x01\x14\x02\0")
_OFFICE = {"word/": ".docx", "xl/": ".xlsx", "ppt/": ".pptx"}


def sniff(path: Path) -> str:
    """The media type of a file that may serve as evidence.

    InputError where it is empty, unreadable, a program or of a kind nobody could look at as proof.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(4096)
    except OSError as problem:
        raise InputError(
            _("打不开“{name}”。").format(name=path.name),
            next_step=_("文件可能被移走、U盘已拔出，或正被别的程序使用。请确认后再添加。"),
            detail=str(problem),
        ) from problem
    if not start:
        raise InputError(
            _("“{name}”是空文件，没有内容。").format(name=path.name),
            next_step=_("请重新拍照或重新复制后再添加。"),
        )
    if start.startswith(_PROGRAMS):
        raise InputError(
            _("“{name}”是程序，不是照片或文档，不能当附件。").format(name=path.name),
            meaning=_("没有添加，也没有运行它。"),
            next_step=_("请确认它的来历；附件请用照片、PDF 或 Word、Excel 文件。"),
        )
    for magic, media in _STARTS:
        if start.startswith(magic):
            return media
    if start[4:8] == b"ftyp":
        brand = start[8:12]
        if brand in (b"heic", b"heix", b"mif1", b"msf1", b"hevc", b"heim"):
            return "image/heic"
        return "video/mp4"
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return "image/webp"
    if start.startswith(b"PK\x03\x04"):
        media = _zip_media(path)
        if media:
            return media
    elif b"\0" not in start and _is_text(start):
        return "text/plain"
    raise InputError(
        _("“{name}”不是照片、PDF 或办公文档，不能当附件。").format(name=path.name),
        next_step=_("请换成照片（JPG、PNG、HEIC）、PDF 或 Word、Excel 文件；压缩包请先解开。"),
    )


def _zip_media(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return ""
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return ""
    if "OFD.xml" in names:
        return "application/ofd"
    for prefix, extension in _OFFICE.items():
        if "[Content_Types].xml" in names and any(name.startswith(prefix) for name in names):
            return next(media for media, ending in EXTENSIONS.items() if ending == extension)
    return ""


def _is_text(start: bytes) -> bool:
    for encoding in ("utf-8", "gb18030"):
        try:
            start.decode(encoding)
            return True
        except UnicodeDecodeError as problem:
            # The last character may be cut by the end of the block.
            if len(start) == 4096 and problem.start >= 4092:
                return True
    return False
