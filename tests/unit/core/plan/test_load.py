"""Reading and writing plan files."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core import paths
from desktop_app.core.errors import StorageError
from desktop_app.core.plan.load import (
    MAX_BYTES,
    DuplicateKeyError,
    PlanFileError,
    decode_plan,
    encode_plan,
    read_plan,
    sample_plan,
)

SAMPLE = (paths.RESOURCES / "plan-2024.json").read_bytes()


def test_writing_what_was_read_gives_the_same_bytes():
    assert encode_plan(decode_plan(SAMPLE)) == SAMPLE


def test_a_byte_order_mark_is_no_harm():
    assert decode_plan(b"\xef\xbb\xbf" + SAMPLE) == sample_plan()


def test_unknown_fields_of_a_newer_version_are_ignored():
    newer = SAMPLE.replace(b'"year": 2024,', b'"year": 2024, "colour": "blue",', 1)
    assert newer != SAMPLE
    assert decode_plan(newer) == sample_plan()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        b"{}",
        b"[]",
        b"null",
        b'{"id": "2024"',
        SAMPLE.replace(b'"year": 2024', b'"year": "2024"', 1),
        SAMPLE.replace(b'"measure": "count"', b'"measure": "guess"', 1),
        SAMPLE.replace(b'"2024-03-28"', b'"2024-02-30"', 1),
        b"[" * 200_000,
        "民生".encode("gb18030"),
        SAMPLE.decode().encode("utf-16"),
    ],
)
def test_what_is_no_plan_is_refused_in_words(data: bytes):
    with pytest.raises(PlanFileError) as caught:
        decode_plan(data, "方案.json")
    assert "方案.json" in caught.value.what
    assert caught.value.next_step


def test_a_key_said_twice_is_refused():
    with pytest.raises(DuplicateKeyError) as caught:
        decode_plan(SAMPLE.replace(b'"year": 2024,', b'"year": 2024, "year": 2025,', 1))
    assert "year" in caught.value.what


def test_a_file_far_too_large_is_not_read():
    with pytest.raises(PlanFileError):
        decode_plan(b" " * (MAX_BYTES + 1))


def test_a_missing_file_is_the_machines_matter(tmp_path: Path):
    with pytest.raises(StorageError):
        read_plan(tmp_path / "没有.json")
    with pytest.raises(StorageError):
        read_plan(tmp_path)
