"""Opening a workbook that somebody hands over: what it is told from its bytes, and everything odd refused in words."""

from __future__ import annotations

import io
import warnings
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

LARGEST = 32 * 1024 * 1024
"""Bytes of a table; one of 10,000 rows has about one million."""
UNPACKED = 256 * 1024 * 1024
"""Bytes of all its parts unpacked."""
ROWS = 20_000
COLUMNS = 200
"""Rows and columns that are looked at."""

_OLD = bytes.fromhex("d0cf11e0a1b11ae1")


def read_bytes(path: Path) -> bytes:
    """The bytes of a table; InputError where there is none, or too much."""
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= LARGEST else b""
    except OSError as problem:
        raise InputError(
            _("打不开“{file}”。").format(file=path.name),
            next_step=_("请确认文件还在，且没有被别的程序占用。"),
            detail=str(problem),
        ) from problem
    if not size:
        raise InputError(
            _("“{file}”是空文件，没有内容。").format(file=path.name),
            next_step=_("请让对方重新发一份。"),
        )
    if size > LARGEST:
        raise InputError(
            _("“{file}”太大，不像是一张表。").format(file=path.name),
            next_step=_("请核对是不是选错了文件；表里的图片请先删去。"),
        )
    return content


def open_book(path: Path, content: bytes | None = None) -> Workbook:
    """A workbook with its formulas as they stand; InputError says why a file is none that can be read.

    Only xlsx: what older and other formats hold in their cells cannot be told as exactly.
    """
    import openpyxl

    content = read_bytes(path) if content is None else content
    refuse_other(path.name, content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(io.BytesIO(content), data_only=False, keep_links=False)
    except Exception as problem:
        raise damaged(path.name, problem) from problem


def refuse_other(name: str, content: bytes) -> None:
    """InputError for everything that is no plain xlsx: older and open formats, passwords, macros, bombs, DTDs."""
    if content.startswith(_OLD):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise InputError(
                _("“{file}”设了打开密码，读不了。").format(file=name),
                next_step=_("请对方去掉打开密码后重新保存再发来。"),
            )
        raise _format(name, ".xls")
    if not content.startswith(b"PK"):
        raise damaged(name, None)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {info.filename: info.file_size for info in archive.infolist()}
            if "mimetype" in names and archive.read("mimetype").startswith(b"application/vnd.oasis"):
                raise _format(name, ".ods")
            if sum(names.values()) > UNPACKED or len(names) > 10_000:
                raise InputError(
                    _("“{file}”展开后大得不像一张表。").format(file=name),
                    next_step=_("请核对它的来历，或把内容复制到新表里再试。"),
                )
            if any(part.lower().endswith("vbaproject.bin") for part in names):
                raise InputError(
                    _("“{file}”里有宏程序。").format(file=name),
                    meaning=_("没有打开，也没有运行它。"),
                    next_step=_("请另存为不带宏的 xlsx 后再试。"),
                )
            for part in names:
                if part.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(part):
                    raise damaged(name, None)
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, RuntimeError) as problem:
        raise damaged(name, problem) from problem
    except Exception as problem:
        if isinstance(problem, InputError):
            raise
        raise damaged(name, problem) from problem


def _format(name: str, ending: str) -> InputError:
    return InputError(
        _("“{file}”是 {ending} 格式，不能直接读。").format(file=name, ending=ending),
        next_step=_("请用 WPS 或 Excel 打开，另存为 xlsx 后再试。"),
    )


def damaged(name: str, problem: Exception | None) -> InputError:
    return InputError(
        _("“{file}”读不出来，可能不是完整的 Excel 文件。").format(file=name),
        next_step=_("请用 Excel 或 WPS 打开看看，重新另存为 xlsx 后再试；打不开的请对方重发。"),
        detail=repr(problem) if problem else "",
    )
