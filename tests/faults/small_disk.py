"""Disks that are small, can be filled, locked and pulled out while somebody works on them.

`Disk` lies in memory: quick, but what was written there is never in doubt.  `Stick` is a real file system in a file:
it can turn read-only under an open file, and what was not flushed when it was pulled out is lost.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct
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


_SHUT_DOWN = 0x8004587D
"""ext4's ioctl that ends a file system as a disk that is pulled out does."""
_NOTHING_MORE = struct.pack("I", 2)
"""Not even its own journal is written out."""


class Stick(Disk):
    """The same on ext4 in a file of its own, mounted below `place`; after anything it can be put in again with what it
    holds."""

    def __init__(self, place: Path, megabytes: int) -> None:
        self.place = place
        self.folder = place / "stick"
        self.mounted = False
        self._covered = False
        self._image = place.with_name(place.name + ".image")
        self._plugs = 0
        self.folder.mkdir(parents=True)
        with self._image.open("wb") as file:
            file.truncate(megabytes << 20)
        # No reserve, so that 'full' means full for everybody.
        words = ["mkfs.ext4", "-q", "-m", "0", "-b", "4096", "-J", "size=4", str(self._image)]
        subprocess.run(words, check=True, capture_output=True)
        self.put_in()
        (self.folder / "lost+found").rmdir()

    def put_in(self) -> None:
        """Mount it (again); what its journal says is set right first.

        Again, it is a copy of what the disk holds: where anything on the machine made itself a view of the mounts
        meanwhile (a container that starts does), the file system that failed lives on in there, and mounting the same
        disk would show that one.
        """
        was_in = self._plugs > 0
        self.pull_out()
        self._plugs += 1
        if was_in:
            image = self.place.with_name(f"{self.place.name}.{self._plugs}.image")
            subprocess.run(["cp", "--sparse=always", str(self._image), str(image)], check=True)
            self._image.unlink()
            self._image = image
        self._mount("-o", "loop", str(self._image))

    def pull_out(self) -> None:
        """Out as it should be; nobody may be using it any more."""
        if self._covered:
            subprocess.run(["umount", str(self.place)], check=True, capture_output=True)
            self._covered = False
        if self.mounted:
            subprocess.run(["umount", str(self.folder)], check=True, capture_output=True)
            self.mounted = False

    def fill(self, leaving: int = 0) -> None:
        filler = self.folder / "filler"
        with filler.open("ab", buffering=0) as out:
            for size in (1 << 24, 1 << 20, 1 << 16, 1 << 12):
                with contextlib.suppress(OSError):
                    while True:
                        os.posix_fallocate(out.fileno(), filler.stat().st_size, size)
            out.truncate(max(0, filler.stat().st_size - leaving))

    def flush(self) -> None:
        """What was written so far is not lost any more, whatever happens."""
        subprocess.run(["sync", "-f", str(self.folder)], check=True)

    def lock(self) -> None:
        """Read-only from now on, whoever is writing: what a system does to a disk that answers with nonsense."""
        self._mount("-o", "remount,abort")

    def unlock(self) -> None:
        self.put_in()

    def fail(self) -> None:
        """Pulled out, the folder still there: every call from now on ends in an error, and what was not flushed is
        lost."""
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, _SHUT_DOWN, _NOTHING_MORE)
        finally:
            os.close(folder)

    def vanish(self) -> None:
        """Pulled out and its folder gone, as a system does that tidies up behind a stick; nobody can make another."""
        self.fail()
        words = ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(self.place)]
        subprocess.run(words, check=True, capture_output=True)
        self._covered = True
