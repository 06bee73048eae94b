"""Further copies of what was written: copied and read back, or compared where somebody else made them (a disc)."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec

from desktop_app.core.disks import disk_error
from desktop_app.core.errors import InputError, StorageError
from desktop_app.core.i18n import _
from desktop_app.core.package import placing
from desktop_app.core.progress import Progress, silent

PIECE = 4 * 1024 * 1024


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a copy: the same, not there, or other than what was written."""

    name: str
    state: Literal["same", "missing", "differs"]


def copy(files: Sequence[Path], folder: Path, progress: Progress = silent) -> list[Path]:
    """Copy the files into the folder and read each copy back.

    StorageError where the disk refuses or gives back something else; what was copied by then is taken away again.
    InputError where another file of the same name lies there: nothing is ever overwritten.
    """
    try:
        folder.stat()
        wanted = [file for file in files if not _is_there(file, folder)]
        with placing.Placement([folder / file.name for file in wanted]) as placement:
            for number, (file, piece) in enumerate(zip(wanted, placement.temporary, strict=True)):
                progress(number, len(wanted), file.name)
                _write(file, piece)
            if wanted:
                placement.commit()
        progress(len(files), len(files))
    except OSError as problem:
        raise disk_error(problem, folder) from problem
    return [folder / file.name for file in files]


def _is_there(file: Path, folder: Path) -> bool:
    """Whether a copy lies there already.  InputError for another file of that name, and for the file itself."""
    target = folder / file.name
    if not target.exists():
        return False
    if target.samefile(file) or sha256(target) != sha256(file):
        raise InputError(
            _("“{folder}”里已经有“{name}”。").format(folder=folder, name=file.name),
            meaning=_("没有覆盖它，也没有再存。"),
            next_step=_("请换一个文件夹。"),
        )
    return True


def _write(file: Path, piece: Path) -> None:
    """Copied, flushed, and read back from the disk and not from its cache."""
    with file.open("rb") as source, placing.writing(piece) as target:
        shutil.copyfileobj(source, target, PIECE)
    with placing.reading_back(piece) as written:
        found = hashlib.file_digest(written, "sha256").hexdigest()  # type: ignore[arg-type]  # a file, with readinto
    if found != sha256(file):
        raise StorageError(
            _("“{name}”写进去和读出来的不一样。").format(name=file.name),
            meaning=_("这一份不能用，已经删掉；原来那份没有动。"),
            next_step=_("U盘可能坏了，请换一个再存。"),
        )


def compare(files: Sequence[Path], folder: Path, progress: Progress = silent) -> list[Compared]:
    """Whether the folder (a disc that was burnt) holds the same bytes as what was written."""
    found = []
    for number, file in enumerate(files):
        progress(number, len(files), file.name)
        target = folder / file.name
        try:
            if not target.is_file():
                found.append(Compared(name=file.name, state="missing"))
                continue
            same = sha256(target) == sha256(file)
        except OSError as problem:
            raise disk_error(problem, folder) from problem
        found.append(Compared(name=file.name, state="same" if same else "differs"))
    progress(len(files), len(files))
    return found


def sha256(file: Path) -> str:
    """Read in pieces: a package may be gigabytes."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while piece := stream.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()
