"""Lets the tests of this folder import its modules, although tests are no package; disks that are small or locked."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from ground import Ground
from small_disk import Disk, Stick


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return Ground(tmp_path_factory.mktemp("ground"))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[int], Disk]]:
    """Makes small disks; needs the right to mount."""
    made: list[Disk] = []

    def make(megabytes: int) -> Disk:
        made.append(Disk(tmp_path / f"disk{len(made)}", megabytes))
        return made[-1]

    _skip_without_mounting(lambda: make(1).pull_out())
    yield make
    for item in made:
        item.pull_out()


@pytest.fixture(scope="session")
def sticks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which file systems in files can be mounted; needs the right to."""
    if shutil.which("mkfs.ext4") is None:
        pytest.skip("needs mkfs.ext4 (e2fsprogs)")
    folder = tmp_path_factory.mktemp("sticks")
    _skip_without_mounting(lambda: Stick(folder / "first", 16).pull_out())
    return folder


def _skip_without_mounting(attempt: Callable[[], None]) -> None:
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("needs the right to mount a file system")
    try:
        attempt()
    except subprocess.CalledProcessError as problem:
        # Only a mount that is refused may be skipped; anything else that fails here is a fault of the test.
        if problem.cmd[0] != "mount":
            raise
        pytest.skip("this machine lets nobody mount a file system")
