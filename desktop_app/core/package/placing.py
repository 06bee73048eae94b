"""Getting a file onto a disk so that it is either there, complete and read back, or not there at all.

Written beside the target under a temporary name, flushed, read back past the cache, renamed; never overwritten.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import os
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from desktop_app.core.disks import sync_folder
from desktop_app.core.errors import KnownError, StorageError
from desktop_app.core.i18n import _
from desktop_app.core.package.faults import describe
from desktop_app.core.package.limits import CHUNK, MIB

_IS_WINDOWS = os.name == "nt"
_RETRIES = 25
_PAUSE = 0.2
"""A virus scanner holds a fresh file for seconds at most; seconds between tries."""

_FLUSHED_EVERY = 0.05
"""Seconds."""


_TEMPORARY = re.compile(r"\..+-[0-9a-f]{8}-\d+\.part")


class Placement:
    """Temporary files beside their targets; `commit` gives them their names, leaving without it removes them."""

    def __init__(self, targets: Sequence[Path]) -> None:
        self.targets = tuple(targets)
        mark = secrets.token_hex(4)
        self.temporary = tuple(
            target.with_name(f".{target.stem[:80]}-{mark}-{number}.part")
            for number, target in enumerate(targets)
        )
        self._placed: list[Path] = []

    def __enter__(self) -> Placement:
        for folder in {target.parent for target in self.targets}:
            sweep(folder)
        for target in self.targets:
            if target.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
        return self

    def commit(self) -> None:
        """Rename every file.  Where one cannot be, those already renamed are taken back."""
        for temporary, target in zip(self.temporary, self.targets, strict=True):
            try:
                _retrying(lambda temporary=temporary, target=target: _rename(temporary, target))  # type: ignore[misc]
            except FileExistsError:
                raise
            except OSError as error:
                raise storage_error(error, target) from error
            self._placed.append(target)
        sync_folder(self.targets[0].parent)
        self._placed.clear()

    def __exit__(self, *_exc: object) -> None:
        for path in (*self.temporary, *self._placed):
            with contextlib.suppress(OSError):
                _retrying(path.unlink)


_STALE = 600
"""Seconds after which a temporary file that nobody writes to any more was left by a program that was killed."""


def sweep(folder: Path) -> None:
    """Remove stale temporary files of ours, which would fill a stick without anybody seeing them."""
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if _TEMPORARY.fullmatch(path.name) and time.time() - path.stat().st_mtime > _STALE:
                path.unlink()


def _rename(temporary: Path, target: Path) -> None:
    if _IS_WINDOWS:
        os.rename(temporary, target)  # Fails by itself where the target is there.
        return
    # Elsewhere a rename would overwrite.  Linux can be told not to; a hard link never does, but sticks have none.
    if _renamed_without_replacing(temporary, target) or _linked(temporary, target):
        return
    # As the last way the name is taken first; killed between the two steps, an empty file is left.
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    try:
        os.replace(temporary, target)
    except OSError:
        os.unlink(target)
        raise


_AT_FDCWD, _NO_REPLACE = -100, 1


def _renamed_without_replacing(temporary: Path, target: Path) -> bool:
    """Rename in one step where the system can; False where it cannot.  FileExistsError where the target is there."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    if rename(_AT_FDCWD, os.fsencode(temporary), _AT_FDCWD, os.fsencode(target), _NO_REPLACE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS, errno.EPERM, errno.EOPNOTSUPP):
        return False
    raise OSError(number, os.strerror(number), str(target))


def _linked(temporary: Path, target: Path) -> bool:
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:
        return False
    os.unlink(temporary)
    return True


def _retrying(action: Callable[[], object]) -> None:
    for attempt in range(_RETRIES):
        try:
            action()
            return
        except FileExistsError:
            raise
        except PermissionError:
            # Sharing violations come as this on Windows; elsewhere a second try would change nothing.
            if not _IS_WINDOWS or attempt == _RETRIES - 1:
                raise
            time.sleep(_PAUSE)


@contextlib.contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """A new file for writing, flushed to the disk at the end.  StorageError in clear words."""
    try:
        with path.open("xb") as file:
            with _flushing(file.fileno()):
                yield file
                file.flush()
            os.fsync(file.fileno())
    except KnownError:
        raise
    except OSError as error:
        raise storage_error(error, path) from error


@contextlib.contextmanager
def _flushing(handle: int) -> Iterator[None]:
    """Has the disk write while we still read and compress, so that there is little left to wait for at the end.

    What a disk reports to one flush it does not report again: an error is kept and raised at the end.
    """
    ended = threading.Event()
    refused: list[OSError] = []

    def flush_now_and_then() -> None:
        while not ended.wait(_FLUSHED_EVERY):
            try:
                os.fsync(handle)
            except OSError as error:
                refused.append(error)
                return

    thread = threading.Thread(target=flush_now_and_then, name="flush", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
    if refused:
        raise refused[0]


@contextlib.contextmanager
def reading_back(path: Path) -> Iterator[BinaryIO]:
    """The file as the disk holds it, not as the cache remembers it, where the system lets us ask."""
    try:
        with path.open("rb") as file:
            if hasattr(os, "posix_fadvise"):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            yield file
    except KnownError as error:
        # The strict reader's words are about received files; this is our own, and the disk is to blame.
        if isinstance(error, StorageError):
            raise
        raise badly_written(error.detail) from error
    except OSError as error:
        raise storage_error(error, path) from error


def source_chunks(part: str, opener: Callable[[], BinaryIO]) -> Iterator[bytes]:
    """A source's bytes; StorageError where it cannot be read, so that it is not blamed on the target."""
    try:
        with opener() as source:
            while chunk := source.read(CHUNK):
                yield chunk
    except OSError as error:
        raise source_damaged(part, str(error)) from error


def hash_of(part: str, opener: Callable[[], BinaryIO]) -> bytes:
    digest = hashlib.sha256()
    for chunk in source_chunks(part, opener):
        digest.update(chunk)
    return digest.digest()


def check_space(folder: Path, needed: int) -> None:
    """StorageError before anything is written where `needed` bytes do not fit."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise storage_error(error, folder) from error
    if free < needed:
        raise StorageError(
            _("空间不够：需要约 {needed} MB，“{folder}”只剩 {free} MB。").format(
                needed=needed // MIB + 1, folder=folder, free=free // MIB
            ),
            next_step=_("请清理后再导出，或换一个U盘、文件夹，也可以选分卷大小分几次拷。"),
        )


def next_free(folder: Path, unit: str, period: str, start: int = 1) -> int:
    """The first sequence number from `start` on that no file in the folder uses, in any volume or letter case.

    Files are named <unit>-<period>-<sequence>[-vN].xlsx, with .p7m behind it where they are encrypted.
    """
    try:
        names = {path.name.lower() for path in folder.iterdir()}
    except OSError:
        return start
    number = start
    while True:
        stem = f"{unit}-{period}-{number}".lower()
        if not any(name.startswith((f"{stem}.xlsx", f"{stem}-v")) for name in names):
            return number
        number += 1


# --- words ---------------------------------------------------------------------------------------------------------


def storage_error(error: OSError, path: Path) -> StorageError:
    """What the system says about a target, in the clerk's words."""
    folder = path.parent
    if error.errno == errno.ENOSPC:
        what = _("空间满了，文件没有写完。")
        step = _("请清理“{folder}”所在磁盘，或换一个U盘后再导出。").format(folder=folder)
    elif error.errno == errno.EROFS:
        what = _("目标磁盘是只读的，写不进去。")
        step = _("请打开U盘的写保护开关，或换一个地方保存。")
    elif error.errno == errno.EFBIG:
        what = _("文件太大，这个U盘的格式（FAT32）放不下超过 4 GB 的文件。")
        step = _("请选小一些的分卷大小，或换用 exFAT、NTFS 格式的U盘。")
    elif error.errno in (errno.EACCES, errno.EPERM):
        what = _("没有权限写入“{folder}”。").format(folder=folder)
        step = _("请换一个文件夹；如果文件正被 WPS 或杀毒软件占用，请关闭后再试。")
    elif error.errno in (errno.ENOENT, errno.ENOTDIR, errno.EIO, errno.ENXIO, errno.ENODEV):
        what = _("“{folder}”打不开了，U盘可能松动或已拔出。").format(folder=folder)
        step = _("请重新插好U盘或另选文件夹后再导出；数据没有丢，不用重填。")
    else:
        what = _("文件写不了。")
        step = _("请换一个文件夹或U盘后再导出；数据没有丢，不用重填。")
    return StorageError(what, next_step=step, detail=f"{path}: {error}")


def source_damaged(part: str, detail: str) -> StorageError:
    return StorageError(
        _("本机保存的{what}损坏或读不到，没有导出。").format(what=describe(part)),
        next_step=_("请做一次体检（命令行：taizhang doctor）找出是哪个文件，从备份恢复或重新添加后再导出。"),
        detail=f"{part}: {detail}",
    )


def badly_written(detail: str) -> StorageError:
    return StorageError(
        _("写到磁盘上的内容和原来的不一样，文件没有保留。"),
        meaning=_("U盘或磁盘可能有坏块。"),
        next_step=_("请换一个U盘或文件夹后再导出；数据没有丢，不用重填。"),
        detail=detail,
    )
