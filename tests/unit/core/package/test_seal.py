"""Writing packages: the same bytes for the same content, whole or not at all, volumes."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from desktop_app.core.errors import Cancelled, InputError, StorageError, VerificationError
from desktop_app.core.package import placing, workbook
from desktop_app.core.package.sources import FileSource, PersonalSource
from desktop_app.core.package.verify import open_package
from desktop_app.core.package.volumes import write_volumes


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("kind", ["p256", "rsa-3072"])
def test_same_content_same_bytes(kind: Any, good: ModuleType, month: Any, tmp_path: Path):
    city = good.City(kind)
    first = month.write(tmp_path / "a.xlsx", city.signer())
    second = month.write(tmp_path / "b.xlsx", city.signer())
    data = first.path.read_bytes()
    assert data == second.path.read_bytes()
    assert first.container == second.container
    assert (first.size, first.files) == (len(data), 3)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert not [name for name in archive.namelist() if name.startswith("docProps")]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        stored = {entry.filename for entry in archive.infolist() if entry.compress_type == zipfile.ZIP_STORED}
        assert all(file.part in stored for file in _files(first.path, city))
    assert names(tmp_path) == ["a.xlsx", "b.xlsx"]


def _files(path: Path, city: Any) -> Any:
    with open_package(path, [city.root]) as found:
        return found.files


def test_never_overwrites(city: Any, month: Any, tmp_path: Path):
    target = tmp_path / "a.xlsx"
    target.write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        month.write(target, city.signer())
    assert target.read_bytes() == b"mine"
    assert names(tmp_path) == ["a.xlsx"]


def test_target_that_appears_while_writing_is_kept(
    city: Any, month: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    target = tmp_path / "a.xlsx"
    monkeypatch.setattr(placing, "reading_back", _appearing(placing.reading_back, target))
    with pytest.raises(FileExistsError):
        month.write(target, city.signer())
    assert target.read_bytes() == b"theirs"
    assert names(tmp_path) == ["a.xlsx"]


def _appearing(original: Any, target: Path) -> Any:
    def reading_back(path: Path) -> Any:
        target.write_bytes(b"theirs")
        return original(path)

    return reading_back


def test_next_free(tmp_path: Path):
    assert placing.next_free(tmp_path / "not there", "340421", "2024-06") == 1
    for name in ("340421-2024-06-1.xlsx", "340421-2024-06-2-V1.XLSX", "340421-2024-06-33.xlsx"):
        (tmp_path / name).touch()
    assert placing.next_free(tmp_path, "340421", "2024-06") == 3
    assert placing.next_free(tmp_path, "340421", "2024-06", 33) == 34
    assert placing.next_free(tmp_path, "340421", "2024-07") == 1


class _Failing(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        raise OSError(errno.EIO, "stick pulled out")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (lambda blob: (hashlib.sha256(blob).hexdigest(), len(blob), lambda: _Failing()), "读不到"),
        (lambda blob: (hashlib.sha256(b"other").hexdigest(), len(blob), lambda: io.BytesIO(blob)), "损坏"),
        (lambda blob: (hashlib.sha256(blob).hexdigest(), len(blob) + 1, lambda: io.BytesIO(blob)), "损坏"),
        (lambda blob: (hashlib.sha256(blob).hexdigest(), 1, lambda: io.BytesIO(blob)), "损坏"),
    ],
)
def test_damaged_evidence_is_noticed_and_nothing_left(
    source: Any, words: str, city: Any, month: Any, tmp_path: Path
):
    sha256, size, opener = source(b"some picture" * 1000)
    file = FileSource(sha256=sha256, extension="jpg", media="image/jpeg", size=size, open=opener)
    with pytest.raises(StorageError) as caught:
        month.write(tmp_path / "a.xlsx", city.signer(), files=[file])
    assert words in caught.value.what
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "空间"),
        (errno.EROFS, "只读"),
        (errno.EFBIG, "4 GB"),
        (errno.EACCES, "权限"),
        (errno.EIO, "U盘"),
        (errno.EINVAL, "写不了"),
    ],
)
def test_disk_refuses(
    number: int, words: str, city: Any, month: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fsync(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(placing.os, "fsync", fsync)
    with pytest.raises(StorageError) as caught:
        month.write(tmp_path / "a.xlsx", city.signer())
    assert words in caught.value.what
    assert caught.value.next_step
    assert names(tmp_path) == []


def test_disk_full_in_the_middle(city: Any, month: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from desktop_app.core.package import zipwrite

    def add_stream(*_arguments: Any, **_more: Any) -> int:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(zipwrite.ZipWriter, "add_stream", add_stream)
    with pytest.raises(StorageError, match="空间"):
        month.write(tmp_path / "a.xlsx", city.signer())
    assert names(tmp_path) == []


def test_folder_that_is_not_there(city: Any, month: Any, tmp_path: Path):
    with pytest.raises(StorageError, match="U盘"):
        month.write(tmp_path / "gone" / "a.xlsx", city.signer())


def test_bytes_that_the_disk_changed_are_noticed(
    city: Any, month: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    original = placing.reading_back

    def reading_back(path: Path) -> Any:
        data = bytearray(path.read_bytes())
        at = data.index(b"\xff\xd8\xff")  # A picture's beginning, stored as it is.
        data[at + 20] ^= 1
        path.write_bytes(bytes(data))
        return original(path)

    monkeypatch.setattr(placing, "reading_back", reading_back)
    with pytest.raises(StorageError, match="不一样"):
        month.write(tmp_path / "a.xlsx", city.signer())
    assert names(tmp_path) == []


def test_file_that_the_disk_cut_short_is_noticed(
    city: Any, month: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    original = placing.reading_back

    def reading_back(path: Path) -> Any:
        os.truncate(path, path.stat().st_size - 100)
        return original(path)

    monkeypatch.setattr(placing, "reading_back", reading_back)
    with pytest.raises(StorageError, match="不一样"):
        month.write(tmp_path / "a.xlsx", city.signer())
    assert names(tmp_path) == []


def test_cancelling_leaves_nothing(city: Any, month: Any, tmp_path: Path):
    calls = []

    def stop(done: int, total: int, text: str = "") -> None:
        calls.append((done, total))
        if len(calls) > 12:
            raise Cancelled

    with pytest.raises(Cancelled):
        month.write(tmp_path / "a.xlsx", city.signer(), progress=stop)
    assert names(tmp_path) == []


def test_sharing_violation_is_tried_again(
    city: Any, month: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    tries: list[Path] = []

    def rename(temporary: Path, target: Path) -> None:
        tries.append(target)
        if len(tries) < 3:
            raise PermissionError(errno.EACCES, "in use")
        os.rename(temporary, target)

    monkeypatch.setattr(placing, "_rename", rename)
    monkeypatch.setattr(placing, "_PAUSE", 0.0)
    monkeypatch.setattr(placing, "_IS_WINDOWS", True)
    month.write(tmp_path / "a.xlsx", city.signer())
    assert len(tries) == 3
    assert names(tmp_path) == ["a.xlsx"]


def test_signing_for_another_unit_is_refused(city: Any, month: Any, tmp_path: Path):
    with pytest.raises(InputError, match="不能替别的单位签名"):
        month.write(tmp_path / "a.xlsx", city.signer("county"))


def test_invalid_journal_is_refused(city: Any, month: Any, tmp_path: Path):
    with pytest.raises(InputError):
        month.write(tmp_path / "a.xlsx", city.signer(), journals={"entries": b"{}\n"})
    with pytest.raises(ValueError, match="name"):
        month.write(tmp_path / "a.xlsx", city.signer(), journals={"../x": b""})


def test_package_without_journal_or_files(city: Any, month: Any, tmp_path: Path):
    month.write(tmp_path / "a.xlsx", city.signer(), journals={}, files=[])
    with open_package(tmp_path / "a.xlsx", [city.root], sheets=False) as found:
        assert (found.journals, found.files) == ((), ())


def test_unknown_extensions_and_kinds_of_evidence(city: Any, month: Any, good: ModuleType, tmp_path: Path):
    blobs = {
        b"<a/>": ("xml", "text/xml"),
        b"long text " * 5000: ("TXT", "text/plain"),
        b"docx": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        b"odd": ("tar.gz", "application/gzip"),
        b"": ("", ""),
    }
    files = [good.source(blob, *kind) for blob, kind in blobs.items()]
    sealed = month.write(tmp_path / "a.xlsx", city.signer(), files=[*files, *files])
    assert sealed.files == len(blobs)
    with open_package(tmp_path / "a.xlsx", [city.root]) as found:
        assert {b"".join(found.chunks(file)) for file in found.files} == set(blobs)
        assert {file.part.rpartition(".")[2] for file in found.files} == {"bin", "txt", "docx"}


def test_personal_parts_travel_sealed(city: Any, month: Any, tmp_path: Path):
    from desktop_app.core.trust import sealing

    record = sealing.seal_record({"name": "张三"}, [city.desk["county"][0]])
    month.write(tmp_path / "a.xlsx", city.signer(), personal=[PersonalSource.of(record.hash, record.blob)])
    assert "张三".encode() not in (tmp_path / "a.xlsx").read_bytes()
    with open_package(tmp_path / "a.xlsx", [city.root]) as found:
        part = found.personal[0]
        assert part.hash == record.hash
        assert sealing.open_record(found.personal_bytes(part), city.key["county"], part.hash) == {
            "name": "张三"
        }
        assert b"".join(found.personal_chunks(part)) == record.blob


# --- volumes -------------------------------------------------------------------------------------------------------


def volumes(month: Any, city: Any, folder: Path, max_size: int, **more: Any) -> Any:
    return write_volumes(
        folder / "340421100-2024-06-1.xlsx",
        month.manifest,
        month.sheets,
        signer=city.signer(),
        max_size=max_size,
        journals={"entries": month.journal},
        **more,
    )


def test_what_fits_stays_one_file(city: Any, month: Any, tmp_path: Path):
    written = volumes(month, city, tmp_path, 20_000_000, files=month.files)
    assert [sealed.path.name for sealed in written] == ["340421100-2024-06-1.xlsx"]


def test_volumes(city: Any, month: Any, good: ModuleType, tmp_path: Path):
    limit = 400_000
    blobs = [*month.blobs, *(os.urandom(120_000) for _number in range(7)), os.urandom(900_000)]
    seen: list[tuple[int, int]] = []
    written = volumes(
        month,
        city,
        tmp_path,
        limit,
        files=[good.source(blob) for blob in blobs],
        at=good.SIGNED,
        progress=lambda done, total, text="": seen.append((done, total)),
    )
    count = len(written)
    assert count >= 5
    assert names(tmp_path) == [f"340421100-2024-06-1-v{number}.xlsx" for number in range(1, count + 1)]
    assert sum(sealed.size > limit for sealed in written) == 1  # The one file beyond the limit.
    assert seen == sorted(seen)
    assert seen[-1][0] <= seen[-1][1]
    carried = []
    for number, sealed in enumerate(written, 1):
        with open_package(sealed.path, [city.root]) as found:
            assert (found.state, found.notes) == ("valid", ())
            assert (found.manifest.volume, found.manifest.volumes) == (number, count)
            assert found.manifest.digest == month.manifest.digest
            assert bool(found.journals) == (number == 1)
            carried += [file.sha256 for file in found.files]
            if number == 1:
                assert not found.files
                absent = {item.sha256 for item in found.manifest.absent if item.why == "volume"}
                assert absent == {hashlib.sha256(blob).hexdigest() for blob in blobs}
    assert sorted(carried) == sorted(hashlib.sha256(blob).hexdigest() for blob in blobs)


def test_volumes_are_all_or_none(city: Any, month: Any, good: ModuleType, tmp_path: Path):
    (tmp_path / "340421100-2024-06-1-v2.xlsx").write_bytes(b"mine")
    files = [good.source(os.urandom(300_000)) for _number in range(3)]
    with pytest.raises(FileExistsError):
        volumes(month, city, tmp_path, 400_000, files=files)
    assert names(tmp_path) == ["340421100-2024-06-1-v2.xlsx"]


def test_volume_names_may_be_given(city: Any, month: Any, good: ModuleType, tmp_path: Path):
    files = [good.source(os.urandom(300_000)) for _number in range(2)]
    volumes(
        month, city, tmp_path, 400_000, files=files, name=lambda number, count: f"x{number}of{count}.xlsx"
    )
    assert names(tmp_path) == ["x1of3.xlsx", "x2of3.xlsx", "x3of3.xlsx"]


def test_no_space(city: Any, month: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    usage = msgspec.defstruct("Usage", [("free", int)])
    monkeypatch.setattr(placing.shutil, "disk_usage", lambda _folder: usage(1000))
    with pytest.raises(StorageError, match="空间不够"):
        volumes(month, city, tmp_path, 20_000_000)
    assert names(tmp_path) == []


def test_files_beyond_four_gigabytes_take_the_wide_form(
    city: Any, month: Any, good: ModuleType, bad: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The library's limit lowered, so that small files are written as if they were huge."""
    parts = workbook.build(month.sheets)
    monkeypatch.setattr(workbook, "build", lambda _sheets: parts)
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 3000)
    blobs = [os.urandom(5000), os.urandom(2950), b"small"]
    month.write(tmp_path / "a.xlsx", city.signer(), files=[good.source(blob) for blob in blobs])
    monkeypatch.undo()
    data = (tmp_path / "a.xlsx").read_bytes()
    assert b"PK\x06\x06" in data
    with open_package(tmp_path / "a.xlsx", [city.root]) as found:
        assert {b"".join(found.chunks(file)) for file in found.files} == set(blobs)
    at = data.index(b"PK\x06\x06")
    for changed in (*range(at, at + 56, 4), *range(len(data) - 42, len(data), 3)):
        broken = bytearray(data)
        broken[changed] ^= 1
        (tmp_path / "b.xlsx").write_bytes(bytes(broken))
        with contextlib.suppress(VerificationError), open_package(tmp_path / "b.xlsx", [city.root]) as found:
            assert found.container == hashlib.sha256(bad.read(data)[bad.SIG]).hexdigest()
