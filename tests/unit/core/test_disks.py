"""Files that are written whole or not at all; whether a disk answers."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from desktop_app.core import disks
from desktop_app.core.errors import StorageError


def test_what_was_there_stays_where_the_new_one_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    paper = tmp_path / "盖章表.pdf"
    disks.save(paper, b"older")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="磁盘已满"):
        disks.save(paper, b"newer")
    assert paper.read_bytes() == b"older"
    assert [path.name for path in tmp_path.iterdir()] == [paper.name]


def test_a_long_name_and_a_folder_that_is_not_there(tmp_path: Path):
    paper = tmp_path / "新" / ("名" * 80 + ".pdf")
    disks.save(paper, b"here")
    assert paper.read_bytes() == b"here"


def test_a_disk_that_answers_and_one_that_does_not(tmp_path: Path):
    assert disks.trouble_at(tmp_path) is None and disks.trouble_at(tmp_path / "taizhang.db") is None
    assert list(tmp_path.iterdir()) == []
    gone = disks.trouble_at(tmp_path / "U" / "taizhang.db")
    assert gone is not None and gone.errno == errno.ENOENT
    assert "U盘已拔出" in str(disks.disk_error(gone, tmp_path / "U"))
