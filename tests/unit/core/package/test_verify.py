"""What verification accepts, and everything that it refuses."""

from __future__ import annotations

import base64
import hashlib
import random
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from make_bad_packages import ALTERED
from make_bad_signed import RESIGNED, resign
from make_bad_zips import BROKEN_ZIPS, lying_bomb

from desktop_app.core.errors import ResavedError, StorageError, VerificationError
from desktop_app.core.package.verify import container_of, open_package


def opened(data: bytes, city: Any, folder: Path, **options: Any) -> Any:
    path = folder / "x.xlsx"
    path.write_bytes(data)
    return open_package(path, [city.root], **options)


def refused(data: bytes, city: Any, folder: Path) -> VerificationError:
    with pytest.raises(VerificationError) as caught:
        opened(data, city, folder).close()
    assert caught.value.what and caught.value.next_step
    return caught.value


def test_good_package_says_everything(package: Path, city: Any, month: Any):
    with open_package(package, [city.root]) as found:
        assert (found.state, found.reason, found.next_step) == ("valid", "", "")
        assert found.manifest.unit == found.signer.unit == "340421100"
        assert found.signer.name == "枫桥镇"
        assert found.signer.issuer == "340421"
        assert [journal.part for journal in found.journals] == ["taizhang/journal/entries.jsonl"]
        assert found.journals[0].data == month.journal
        lines = month.journal.splitlines()
        assert [found.journals[0].line(entry) for entry in found.journals[0].entries] == lines
        assert [entry.id for entry in found.journals[0].entries] == [
            hashlib.sha256(line).digest() for line in lines
        ]
        assert found.container == hashlib.sha256(found.sig1).hexdigest() == container_of(package)
        blobs = {hashlib.sha256(blob).hexdigest(): blob for blob in month.blobs}
        assert {file.sha256 for file in found.files} == set(blobs)
        for file in found.files:
            assert b"".join(found.chunks(file)) == blobs[file.sha256]
            assert found.open(file.sha256).read() == blobs[file.sha256]
        with pytest.raises(KeyError):
            found.open("0" * 64)


@pytest.mark.parametrize("name", ALTERED)
def test_altered(name: str, package: Path, city: Any, bad: ModuleType, tmp_path: Path):
    alter, rule = ALTERED[name]
    error = refused(bad.write(alter(bad.read(package.read_bytes()))), city, tmp_path)
    assert error.rule == rule, (error.what, error.detail)
    assert not isinstance(error, ResavedError)


@pytest.mark.parametrize("name", BROKEN_ZIPS)
def test_broken_zip(name: str, package: Path, city: Any, bad: ModuleType, tmp_path: Path):
    error = refused(BROKEN_ZIPS[name](package.read_bytes()), city, tmp_path)
    assert error.rule == 1, (error.what, error.detail)


@pytest.mark.parametrize("name", RESIGNED)
def test_signed_by_a_genuine_key_and_still_wrong(
    name: str, package: Path, city: Any, good: ModuleType, bad: ModuleType, tmp_path: Path
):
    alter, rule = RESIGNED[name]
    parts = resign(alter(bad.read(package.read_bytes())), city.signer(), good.SIGNED)
    error = refused(bad.write(parts), city, tmp_path)
    assert error.rule == rule, (error.what, error.detail)


def test_resigning_alone_changes_nothing(
    package: Path, city: Any, good: ModuleType, bad: ModuleType, tmp_path: Path
):
    parts = resign(bad.read(package.read_bytes()), city.signer(), good.SIGNED)
    data = bad.write(parts)
    assert data == package.read_bytes()
    opened(data, city, tmp_path).close()


def test_unpacking_more_than_announced(package: Path, city: Any, bad: ModuleType, tmp_path: Path):
    # Nobody ever unpacks it: it stands in no signature.
    assert refused(lying_bomb(package.read_bytes()), city, tmp_path).rule == 3


def test_unknown_root_is_unknown_and_not_invalid(package: Path, good: ModuleType):
    other = good.City("p256")
    for roots in ([], [other.root]):
        with open_package(package, roots) as found:
            assert found.state == "unknown_signer"
            assert found.reason and found.next_step
            assert found.manifest.unit == "340421100"


def test_provisional_certificate_is_unknown_until_the_grant(
    city: Any, month: Any, good: ModuleType, tmp_path: Path
):
    from desktop_app.core.trust import certificates
    from desktop_app.core.trust.signing import Signer

    key = city.key["town"]
    provisional = certificates.make_provisional(key, good.TOWN, "枫桥镇", at=good.BEGIN)
    month.write(tmp_path / "a.xlsx", Signer(key, [provisional]))
    # Even its own certificate among the pinned roots makes nobody known: it is no root.
    with open_package(tmp_path / "a.xlsx", [city.root, provisional]) as found:
        assert found.state == "unknown_signer"
        assert not found.signer.certified


def test_claimed_time_outside_validity_is_a_note(city: Any, month: Any, tmp_path: Path, good: ModuleType):
    early = good.BEGIN.replace(year=2020)
    month.write(tmp_path / "a.xlsx", city.signer(), at=early)
    with open_package(tmp_path / "a.xlsx", [city.root]) as found:
        assert found.state == "valid_with_notes"
        assert "2020-01-01" in found.reason


def test_second_form_of_a_signature_is_refused(package: Path, city: Any, bad: ModuleType, tmp_path: Path):
    """Of an ECDSA signature there are two, r and n-s as well: only one may name the package."""
    import re

    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    parts = bad.read(package.read_bytes())
    value = re.search(rb"<SignatureValue>([^<]+)<", parts[bad.SIG])
    assert value
    raw = base64.b64decode(value.group(1))
    other = raw[:32] + (order - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")
    parts = bad.sub(parts, bad.SIG, value.group(1), base64.b64encode(other))
    assert refused(bad.write(parts), city, tmp_path).rule == 5


@pytest.mark.parametrize(
    ("data", "rule"),
    [(b"", 0), (b"hello", 0), (b"PK\x03\x04", 1), (b"PK\x05\x06" + bytes(18), 0), (bytes(1000), 0)],
)
def test_no_package_at_all(data: bytes, rule: int, city: Any, tmp_path: Path):
    assert refused(data, city, tmp_path).rule == rule


def test_plain_workbook_is_not_ours(city: Any, tmp_path: Path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"] = "月报"
    book.save(tmp_path / "plain.xlsx")
    error = refused((tmp_path / "plain.xlsx").read_bytes(), city, tmp_path)
    assert not isinstance(error, ResavedError)


def test_missing_file(city: Any, tmp_path: Path):
    with pytest.raises(StorageError):
        open_package(tmp_path / "gone.xlsx", [city.root])
    assert container_of(tmp_path / "gone.xlsx") == ""


def test_truncated_anywhere(package: Path, city: Any, tmp_path: Path):
    data = package.read_bytes()
    rng = random.Random(1)
    offsets = {*range(40), *(len(data) - cut for cut in range(1, 60)), *rng.sample(range(len(data)), 100)}
    for offset in sorted(offsets):
        error = refused(data[:offset], city, tmp_path)
        assert error.rule in (0, 1), (offset, error.what, error.detail)


def facts(found: Any) -> tuple[Any, ...]:
    files = {file.sha256: b"".join(found.chunks(file)) for file in found.files}
    return (found.container, found.payload, [journal.data for journal in found.journals], files)


def test_random_byte_flips_are_refused_or_change_nothing(package: Path, city: Any, tmp_path: Path):
    data = package.read_bytes()
    with opened(data, city, tmp_path) as found:
        honest = facts(found)
    rng = random.Random(20240703)
    accepted = 0
    for _round in range(300):
        changed = bytearray(data)
        for _flip in range(rng.choice((1, 1, 1, 2, 5))):
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
        try:
            with opened(bytes(changed), city, tmp_path) as found:
                assert facts(found) == honest
                accepted += 1
        except VerificationError as error:
            assert error.what
    # Only the few bytes of the zip's directory that say nothing (which system wrote it) may pass.
    assert accepted < 30


def test_flips_in_the_directory_and_headers(package: Path, city: Any, tmp_path: Path):
    """Every byte of the last half kilobyte and of the first, one after the other."""
    data = package.read_bytes()
    with opened(data, city, tmp_path) as found:
        honest = facts(found)
    for at in (*range(300), *range(len(data) - 500, len(data))):
        changed = bytearray(data)
        changed[at] ^= 0x41
        try:
            with opened(bytes(changed), city, tmp_path, sheets=False) as found:
                assert facts(found) == honest
        except VerificationError:
            pass


def test_large_file_is_read_in_pieces(city: Any, month: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from desktop_app.core.package import verify

    monkeypatch.setattr(verify, "_SMALL", 1000)
    month.write(tmp_path / "a.xlsx", city.signer())
    seen: list[tuple[int, int]] = []
    with open_package(
        tmp_path / "a.xlsx", [city.root], progress=lambda done, total, text="": seen.append((done, total))
    ) as found:
        assert found.state == "valid"
        assert b"".join(found.chunks(found.files[0]))
    assert seen and seen[-1][0] <= seen[-1][1]


def test_cancelling_closes_the_file(package: Path, city: Any):
    from desktop_app.core.errors import Cancelled

    def stop(done: int, total: int, text: str = "") -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        open_package(package, [city.root], progress=stop)
