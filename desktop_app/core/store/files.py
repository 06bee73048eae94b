"""Evidence bytes by their SHA-256, beside the journal; sealed ones encrypted at rest."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from desktop_app.core.disks import disk_error, sync_folder
from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _
from desktop_app.core.progress import Progress, silent

CHUNK = 1024 * 1024
Encrypt = Callable[[BinaryIO, BinaryIO], None]
"""Reads plain bytes, writes encrypted ones."""


class FileStore:
    """The folder `evidence/`, two levels deep: ab/abcdef….  A sealed file has the ending .sealed."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str, *, sealed: bool = False) -> Path:
        return self.root / sha256[:2] / (sha256 + (".sealed" if sealed else ""))

    def sweep(self) -> None:
        """Remove pieces of files that a program that was killed has left behind, and plain bytes that it had just
        encrypted."""
        for path in self._pieces():
            with contextlib.suppress(OSError):
                os.unlink(path)

    def _pieces(self) -> list[str]:
        """By names alone: a desk with thousands of photos is swept each time it is opened."""
        found = []
        folders = []
        with contextlib.suppress(FileNotFoundError), os.scandir(self.root) as here:
            for entry in here:
                if entry.name.startswith(".incoming-"):
                    found.append(entry.path)
                elif len(entry.name) == 2:
                    folders.append(entry.path)
        for folder in folders:
            for name in os.listdir(folder):
                if name.endswith(".part"):
                    found.append(os.path.join(folder, name))
                elif name.endswith(".sealed"):
                    found.append(os.path.join(folder, name.removesuffix(".sealed")))
        return found

    def find(self, sha256: str) -> tuple[Path, bool] | None:
        """(path, sealed) where the bytes are here."""
        for sealed in (False, True):
            path = self.path(sha256, sealed=sealed)
            if path.exists():
                return path, sealed
        return None

    def take_in(
        self, source: Path, progress: Progress = silent, *, encrypt: Encrypt | None = None
    ) -> tuple[str, int]:
        """Copy a file in, hashing while copying; returns (SHA-256, size in bytes).  With `encrypt`, it is never here
        in the open under its name.

        InputError where the file is empty, unreadable or vanished; StorageError where the disk refuses.  Bytes
        already here are not written twice.
        """
        try:
            size = source.stat().st_size
            stream = source.open("rb")
        except OSError as problem:
            raise InputError(
                _("打不开“{name}”。").format(name=source.name),
                next_step=_("文件可能被移走、U盘已拔出，或正被别的程序使用。请确认后再添加。"),
                detail=str(problem),
            ) from problem
        with stream:
            if size == 0:
                raise InputError(
                    _("“{name}”是空文件，没有内容。").format(name=source.name),
                    next_step=_("请重新拍照或重新复制后再添加。"),
                )
            return self.write(stream, size, progress, source.name, encrypt=encrypt)

    def write(
        self,
        stream: BinaryIO,
        size: int,
        progress: Progress = silent,
        name: str = "",
        expected: str = "",
        *,
        encrypt: Encrypt | None = None,
    ) -> tuple[str, int]:
        """Store a stream; with `expected`, refuse bytes of another hash.  Written beside, flushed, renamed."""
        temporary = self.root / f".incoming-{os.getpid()}-{os.urandom(4).hex()}"
        digest, done = hashlib.sha256(), 0
        try:
            try:
                self.root.mkdir(parents=True, exist_ok=True)
                with temporary.open("wb") as out:
                    while block := self._read(stream, name):
                        digest.update(block)
                        out.write(block)
                        done += len(block)
                        progress(done, size, name)
                    out.flush()
                    os.fsync(out.fileno())
                found = digest.hexdigest()
                if expected and found != expected:
                    raise InputError(
                        _("附件“{name}”的内容与记录不符。").format(name=name or expected[:12]),
                        next_step=_("请让对方重新导出。"),
                    )
                self.path(found).parent.mkdir(exist_ok=True)
                if encrypt is not None:
                    self._seal(temporary, found, encrypt)
                elif self.find(found) is None:
                    os.replace(temporary, self.path(found))
                    sync_folder(self.path(found).parent)
                return found, done
            except OSError as problem:
                raise disk_error(problem, self.root) from problem
        finally:
            _remove(temporary)

    def _read(self, stream: BinaryIO, name: str) -> bytes:
        try:
            return stream.read(CHUNK)
        except OSError as problem:
            raise InputError(
                _("读“{name}”读到一半断了。").format(name=name),
                next_step=_("U盘可能松动或已拔出。请重新插好再添加。"),
                detail=str(problem),
            ) from problem

    def keep_sealed(self, sha256: str, blob: bytes) -> None:
        """Store bytes that came encrypted; `sha256` names what is inside, which nobody has looked at.  Bytes already
        here are left alone."""
        target = self.path(sha256, sealed=True)
        temporary = self.root / f".incoming-{os.getpid()}-{os.urandom(4).hex()}"
        if self.find(sha256) is not None:
            return
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                with temporary.open("wb") as out:
                    out.write(blob)
                    out.flush()
                    os.fsync(out.fileno())
                os.replace(temporary, target)
                sync_folder(target.parent)
            finally:
                _remove(temporary)
        except OSError as problem:
            raise disk_error(problem, self.root) from problem

    def seal(self, sha256: str, encrypt: Encrypt) -> None:
        """Replace plain bytes by encrypted ones (marked 含个人信息)."""
        plain = self.path(sha256)
        if not plain.exists():
            return
        try:
            self._seal(plain, sha256, encrypt)
            plain.unlink()
        except OSError as problem:
            raise disk_error(problem, self.root) from problem

    def _seal(self, plain: Path, sha256: str, encrypt: Encrypt) -> None:
        """Encrypt bytes under their name, unless they are here encrypted already."""
        sealed = self.path(sha256, sealed=True)
        if sealed.exists():
            return
        temporary = sealed.with_suffix(".part")
        try:
            with plain.open("rb") as source, temporary.open("wb") as out:
                encrypt(source, out)
                out.flush()
                os.fsync(out.fileno())
            os.replace(temporary, sealed)
            sync_folder(sealed.parent)
        finally:
            _remove(temporary)

    def remove(self, sha256: str) -> None:
        """Only for erasure: the journal keeps the hash, the bytes go."""
        for sealed in (False, True):
            self.path(sha256, sealed=sealed).unlink(missing_ok=True)

    def hash_of(self, sha256: str) -> str:
        """The real hash of the plain bytes here, for doctor."""
        digest = hashlib.sha256()
        with self.path(sha256).open("rb") as stream:
            while block := stream.read(CHUNK):
                digest.update(block)
        return digest.hexdigest()

    def free_bytes(self) -> int:
        self.root.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self.root).free


def _remove(temporary: Path) -> None:
    """Where the disk is gone, so is the piece; the error that is told is the first one."""
    with contextlib.suppress(OSError):
        temporary.unlink()
