"""Lets the tests of this folder import its modules, although tests are no package; disks that are small or locked."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import kill


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> kill.Ground:
    return kill.Ground(tmp_path_factory.mktemp("ground"))


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


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[int], Disk]]:
    """Makes small disks; needs the right to mount."""
    made: list[Disk] = []

    def make(megabytes: int) -> Disk:
        made.append(Disk(tmp_path / f"disk{len(made)}", megabytes))
        return made[-1]

    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("needs the right to mount a file system")
    try:
        make(1).pull_out()
    except subprocess.CalledProcessError:
        pytest.skip("this machine lets nobody mount a file system")
    yield make
    for item in made:
        item.pull_out()
