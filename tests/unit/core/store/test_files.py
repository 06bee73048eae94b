"""Evidence bytes by their hash: stored once, whole or not at all."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path
from typing import BinaryIO

import pytest

from desktop_app.core.errors import Cancelled, InputError, StorageError
from desktop_app.core.store.files import FileStore

BYTES = bytes(range(256)) * 40
NAME = hashlib.sha256(BYTES).hexdigest()


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "evidence")


def stored(files: FileStore) -> list[str]:
    return sorted(str(path.relative_to(files.root)) for path in files.root.rglob("*") if path.is_file())


class Failing(io.BytesIO):
    """A stick that is pulled out half-way."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise OSError(5, "gone")
        return super().read(5000)


def test_taken_in_once_however_often(files: FileStore, tmp_path: Path):
    for name in ("一.jpg", "二.jpg"):
        (tmp_path / name).write_bytes(BYTES)
        assert files.take_in(tmp_path / name) == (NAME, len(BYTES))
    assert stored(files) == [f"{NAME[:2]}/{NAME}"]
    assert files.find(NAME) == (files.path(NAME), False)
    assert files.hash_of(NAME) == NAME


def test_empty_vanished_and_unreadable(files: FileStore, tmp_path: Path):
    (tmp_path / "空.jpg").touch()
    for path, saying in (
        (tmp_path / "空.jpg", "空文件"),
        (tmp_path / "无.jpg", "打不开"),
        (tmp_path, "打不开"),
    ):
        with pytest.raises(InputError, match=saying) as refused:
            files.take_in(path)
        assert path.name in refused.value.what and refused.value.next_step
    assert not files.root.exists() or stored(files) == []


def test_broken_off_it_leaves_nothing(files: FileStore):
    def stop(done: int, total: int, text: str = "") -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        files.write(io.BytesIO(BYTES), len(BYTES), stop)
    with pytest.raises(InputError, match="读到一半"):
        files.write(Failing(BYTES), len(BYTES), name="一.jpg")
    assert stored(files) == []


def test_other_bytes_than_were_promised_are_refused(files: FileStore):
    with pytest.raises(InputError, match="内容与记录不符"):
        files.write(io.BytesIO(BYTES + b"x"), len(BYTES), expected=NAME)
    assert stored(files) == []
    assert files.write(io.BytesIO(BYTES), len(BYTES), expected=NAME)[0] == NAME


def test_a_full_disk_is_told_in_words_and_leaves_nothing(files: FileStore, monkeypatch: pytest.MonkeyPatch):
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="磁盘已满"):
        files.write(io.BytesIO(BYTES), len(BYTES))
    with pytest.raises(StorageError, match="磁盘已满"):
        files.keep_sealed(NAME, b"sealed")
    assert stored(files) == []


@pytest.mark.skipif(os.name == "nt", reason="no folder can be flushed there")
def test_the_name_is_as_lasting_as_the_bytes(files: FileStore, monkeypatch: pytest.MonkeyPatch):
    """Without it a disk that was pulled out held the entry of the last photo, and no photo."""
    done: list[str] = []
    flush, replace = os.fsync, os.replace

    def flushed(handle: int) -> None:
        done.append("folder" if os.path.isdir(f"/dev/fd/{handle}") else "file")
        flush(handle)

    def renamed(source: Path, target: Path) -> None:
        done.append("name")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(os, "replace", renamed)
    for personal in (None, mirrored):
        done.clear()
        files.write(io.BytesIO(b"photo"), 5, encrypt=personal)
        assert done[-2:] == ["name", "folder"] and done[0] == "file"


def mirrored(source: BinaryIO, target: BinaryIO) -> None:
    """Stands for encryption."""
    target.write(source.read()[::-1])


def test_sealing_replaces_the_plain_bytes(files: FileStore):
    files.write(io.BytesIO(BYTES), len(BYTES))
    files.seal(NAME, mirrored)
    assert stored(files) == [f"{NAME[:2]}/{NAME}.sealed"]
    assert files.find(NAME) == (files.path(NAME, sealed=True), True)
    # The same bytes once more, and sealing once more, change nothing.
    files.write(io.BytesIO(BYTES), len(BYTES))
    files.seal(NAME, mirrored)
    files.keep_sealed(NAME, b"other")
    assert files.path(NAME, sealed=True).read_bytes() == BYTES[::-1]
    assert stored(files) == [f"{NAME[:2]}/{NAME}.sealed"]


def test_what_is_taken_in_encrypted_never_lies_in_the_open(files: FileStore, tmp_path: Path):
    seen: list[list[str]] = []

    def encrypt(source: BinaryIO, target: BinaryIO) -> None:
        seen.append([name for name in stored(files) if not name.startswith(".incoming-")])
        mirrored(source, target)

    (tmp_path / "一.jpg").write_bytes(BYTES)
    assert files.take_in(tmp_path / "一.jpg", encrypt=encrypt) == (NAME, len(BYTES))
    assert files.take_in(tmp_path / "一.jpg", encrypt=encrypt) == (NAME, len(BYTES))
    assert seen == [[f"{NAME[:2]}/{NAME}.part"]]
    assert stored(files) == [f"{NAME[:2]}/{NAME}.sealed"]


def test_what_a_killed_program_left_is_swept_away(files: FileStore):
    files.write(io.BytesIO(BYTES), len(BYTES))
    plain = files.path(NAME)
    files.keep_sealed(NAME, b"somebody else's word for it")
    assert stored(files) == [f"{NAME[:2]}/{NAME}"], "what is here in the open is not put aside for it"
    # Killed after encrypting, before the plain bytes went.
    files.path(NAME, sealed=True).write_bytes(b"sealed")
    other = hashlib.sha256(b"x").hexdigest()
    files.write(io.BytesIO(b"x"), 1)
    for name in (".incoming-1-ab", f"{NAME[:2]}/{NAME}.part"):
        (files.root / name).write_bytes(b"half")
    files.sweep()
    assert not plain.exists()
    assert stored(files) == sorted([f"{NAME[:2]}/{NAME}.sealed", f"{other[:2]}/{other}"])


def test_sealing_that_fails_keeps_the_plain_bytes(files: FileStore):
    def fail(_source: BinaryIO, target: BinaryIO) -> None:
        target.write(b"half")
        raise OSError(28, "No space left on device")

    files.write(io.BytesIO(BYTES), len(BYTES))
    with pytest.raises(StorageError, match="磁盘已满"):
        files.seal(NAME, fail)
    assert stored(files) == [f"{NAME[:2]}/{NAME}"]


def test_removing_is_for_erasure_and_takes_both_forms(files: FileStore):
    files.write(io.BytesIO(BYTES), len(BYTES))
    files.remove(NAME)
    files.keep_sealed(NAME, b"sealed")
    files.remove(NAME)
    files.remove(NAME)
    assert stored(files) == [] and files.find(NAME) is None
