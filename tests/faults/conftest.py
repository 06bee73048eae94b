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
from small_disk import Disk


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> kill.Ground:
    return kill.Ground(tmp_path_factory.mktemp("ground"))


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
