"""A disk that is small, can be locked, and can be pulled out."""

from __future__ import annotations

import subprocess
from pathlib import Path


class Disk:
    """A small file system in memory, mounted; it can be filled, emptied, locked and pulled out."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder = folder
        self.mounted = False
        folder.mkdir(parents=True)
        self._mount("-t", "tmpfs", "-o", f"size={megabytes}m,mode=0777", "tmpfs")

    def _mount(self, *words: str) -> None:
        subprocess.run(["mount", *words, str(self.folder)], check=True, capture_output=True)
        self.mounted = True

    def fill(self, leaving: int = 0) -> None:
        """Leave so many bytes."""
        filler = self.folder / "filler"
        with filler.open("ab", buffering=0) as out:
            for size in (1 << 20, 1 << 16, 1 << 12):
                try:
                    while True:
                        out.write(bytes(size))
                except OSError:
                    pass
            out.truncate(max(0, filler.stat().st_size - leaving))

    def empty(self) -> None:
        (self.folder / "filler").unlink()

    def lock(self) -> None:
        self._mount("-o", "remount,ro")

    def unlock(self) -> None:
        self._mount("-o", "remount,rw")

    def pull_out(self) -> None:
        """Gone while in use, as a stick is."""
        if self.mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=True, capture_output=True)
            self.mounted = False
