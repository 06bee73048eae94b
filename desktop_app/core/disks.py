"""Files that are written whole or not at all; what a disk refuses, in words; whether it still answers."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from pathlib import Path

from desktop_app.core.errors import StorageError
from desktop_app.core.i18n import _

_TRIAL = 64 * 1024
"""Bytes written to see whether a disk takes any."""


def disk_error(problem: OSError, path: Path | str) -> StorageError:
    """The words for an operating system error at a path."""
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageError(
            _("磁盘已满，没有写完。"),
            next_step=_("请清出一些空间（或换一个盘）后再试，已保存的内容没有丢。"),
            detail=str(problem),
        )
    if problem.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return StorageError(
            _("不能写入“{path}”。").format(path=path),
            next_step=_("这个盘或文件夹有写保护，或者没有权限。请换一个文件夹。"),
            detail=str(problem),
        )
    if problem.errno == errno.ENAMETOOLONG:
        return too_long(Path(path), str(problem))
    if problem.errno == errno.ENOENT:
        return StorageError(
            _("找不到“{path}”。").format(path=path),
            next_step=_("文件可能被移走，或者U盘已拔出。请重新选择。"),
            detail=str(problem),
        )
    return StorageError(
        _("读写“{path}”时出错。").format(path=path),
        next_step=_("请检查磁盘或U盘后再试一次。"),
        detail=str(problem),
    )


def too_long(path: Path, detail: str) -> StorageError:
    return StorageError(
        _("文件夹的名称连起来太长了（{count} 个字）。").format(count=len(str(path))),
        meaning=_("系统打不开这么深的文件夹，没有写入任何东西。"),
        next_step=_("请换一个短一点的地方，例如 D:\\民生实事。"),
        detail=detail,
    )


def is_full(path: Path) -> bool:
    """Whether the disk that holds a path has no room to speak of."""
    folder = path if path.is_dir() else path.parent
    try:
        return shutil.disk_usage(folder).free < 256 * 1024
    except OSError:
        return False


def trouble_at(path: Path) -> OSError | None:
    """What the disk that holds a path answers when a little is written to it; None where it takes it.

    Libraries tell a disk that is full, locked or gone from a damaged file by guesses at best.
    """
    try:
        folder = path if path.is_dir() else path.parent
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(bytes(_TRIAL))
            trial.flush()
            os.fsync(trial.fileno())
    except OSError as problem:
        return problem
    return None


def save(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, its folder made before; StorageError where the disk refuses."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as problem:
        raise disk_error(problem, path) from problem


def write_whole(path: Path, content: bytes) -> None:
    """The same in a folder that is there; OSError.  Where the disk is full or goes away, what was there stays."""
    temporary = path.with_name(f".{path.name[-80:]}.part")
    try:
        with temporary.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, path)
        sync_folder(path.parent)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def flush(folder: Path) -> None:
    """Everything below is on the disk and not only in its cache: a stick may be pulled out as soon as somebody is told
    that it is done."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            sync_folder(path)
        else:
            with path.open("rb+") as file:
                os.fsync(file.fileno())
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """A rename is only lasting once the folder is written; Windows and some sticks know no such call."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
