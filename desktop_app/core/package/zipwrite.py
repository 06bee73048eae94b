"""Writing the zip: streamed, with fixed times, so that the same content gives the same bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from typing import BinaryIO

_EPOCH = (1980, 1, 1, 0, 0, 0)


class ZipWriter:
    """Writes entries one after the other; memory stays at one chunk whatever the sizes.  Not thread-safe."""

    def __init__(self, target: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(target, "w", allowZip64=True)

    def add(self, name: str, data: bytes, *, compress: bool = True) -> None:
        """An entry from bytes."""
        with self._zip.open(self._entry(name, len(data), compress), "w") as out:
            out.write(data)

    def add_stream(
        self, name: str, size: int, chunks: Iterable[bytes], *, compress: bool, tell: Callable[[int], None]
    ) -> int:
        """An entry of a size known beforehand, from chunks; calls `tell` with each chunk's length.

        Returns the bytes taken; the caller compares them with `size`.
        """
        done = 0
        with self._zip.open(self._entry(name, size, compress), "w") as out:
            for chunk in chunks:
                out.write(chunk)
                done += len(chunk)
                tell(len(chunk))
        return done

    def close(self) -> None:
        """Write the directory; without it the file is no zip."""
        self._zip.close()

    def abandon(self) -> None:
        """Forget the file: the library would otherwise write a directory when it is collected."""
        self._zip.fp = None

    @staticmethod
    def _entry(name: str, size: int, compress: bool) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(name, _EPOCH)
        entry.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
        entry.file_size = size
        # The library writes the system it runs on here; the same content must give the same bytes everywhere.
        entry.create_system = 3
        entry.external_attr = 0o600 << 16
        return entry
