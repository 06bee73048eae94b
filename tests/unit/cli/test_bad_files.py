"""Files that cannot be taken: no evidence, no table, no certificate, no setup package.  Each is told from its bytes."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture
def town(city: Any, desk: Callable[[str], Path]) -> Path:
    return desk(city.town)


@pytest.fixture
def county(city: Any, desk: Callable[[str], Path]) -> Path:
    return desk(city.county)


@pytest.fixture
def package(city: Any, tmp_path: Path) -> Path:
    """A town's signed package, on a stick."""
    (tmp_path / "stick").mkdir()
    return Path(shutil.copy(city.sent(city.town, city.first)[0], tmp_path / "stick"))


# -- evidence ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "saying"),
    [
        ("空.jpg", b"", "是空文件"),
        ("现场.jpg", b"MZ\x90\0" + bytes(200), "是程序"),
        ("现场.pdf", b"\x7fELF\2\1\1" + bytes(200), "是程序"),
        ("现场.txt", b"#!/bin/sh\nrm -rf /\n", "是程序"),
        ("现场.lnk", b"L\0\0\0\x01\x14\x02\0" + bytes(200), "是程序"),
        ("现场.bin", bytes(range(256)) * 4, "不是照片、PDF 或办公文档"),
    ],
    ids=["empty", "exe", "elf", "script", "shortcut", "noise"],
)
def test_no_evidence(
    town: Path, refuses: Callable[..., Any], tmp_path: Path, name: str, content: bytes, saying: str
):
    file = tmp_path / name
    file.write_bytes(content)
    refuses(town, "attach", file, "--to", "1.1", saying=saying)
    assert name in refuses(town, "attach", file, "--to", "1.1", saying=saying).err


def test_an_unknown_zip_and_macros(town: Path, refuses: Callable[..., Any], tmp_path: Path):
    for name, inside in (("照片.zip", "a.jpg"), ("表.xlsx", "xl/vbaProject.bin")):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("xl/workbook.xml" if name.endswith("xlsx") else "b.jpg", "x")
            archive.writestr(inside, b"x")
        refuses(town, "attach", tmp_path / name, "--to", "1.1", saying="不能当附件")


def test_a_folder_and_what_has_vanished(town: Path, refuses: Callable[..., Any], tmp_path: Path):
    refuses(town, "attach", tmp_path, "--to", "1.1", saying="打不开")
    refuses(town, "attach", tmp_path / "gone.jpg", "--to", "1.1", saying="打不开“gone.jpg”")


def test_a_good_file_beside_a_bad_one_is_kept_and_the_bad_one_named(
    town: Path, taizhang: Callable[..., Any], tmp_path: Path
):
    good, bad = tmp_path / "好.pdf", tmp_path / "坏.pdf"
    good.write_bytes(PDF)
    bad.write_bytes(b"")
    answer = taizhang("attach", good, bad, "--to", "1.1", at=town)
    assert answer.status == 1 and "坏.pdf" in answer.err and "好.pdf" not in answer.err
    assert taizhang("attach", good, "--to", "1.1", "--json", at=town).json == {"files": 1, "new": 0}


def test_evidence_about_nothing(town: Path, refuses: Callable[..., Any], tmp_path: Path):
    file = tmp_path / "a.pdf"
    file.write_bytes(PDF)
    refuses(town, "attach", file, "--to", "99.9", saying="没有“99.9”这个对象")
    refuses(town, "attach", file, status=2, saying="--to")
    refuses(town, "attach", "--to", "1.1", status=2, saying="FILES")


# -- tables, certificates, setup packages --------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"\0\1\2", b"PK\3\4 broken", b"a,b\n1,2\n", None])
@pytest.mark.parametrize(
    "words",
    [("allocate", "import"), ("units", "import"), ("key", "install"), ("key", "certify"), ("plan", "adopt")],
    ids=" ".join,
)
def test_files_that_are_something_else(
    county: Path, refuses: Callable[..., Any], tmp_path: Path, words: tuple[str, ...], content: bytes | None
):
    file = tmp_path / "文件.csv"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    more = [tmp_path / "out.pem"] if "certify" in words else []
    # What begins as a package does is read as one: a request may travel in a package.
    status = 3 if more and content and content.startswith(b"PK") else 1
    refuses(county, *words, file, *more, saying="", status=status)
    assert not (tmp_path / "out.pem").exists()


def test_no_setup_package(city: Any, package: Path, refused: Callable[..., Any], tmp_path: Path):
    words = ("init", tmp_path / "new", "--unit", city.town, "--fingerprint", "0000", "--setup")
    refused(*words, package, status=3, saying="不是设立包")
    refused(*words, tmp_path / "gone.xlsx", saying="gone.xlsx")
    package.write_bytes(package.read_bytes()[:-500])
    refused(*words, package, status=3, saying="不完整")
    refused("init", tmp_path / "new", "--unit", city.town, status=2, saying="两者选一个")
    refused("init", tmp_path / "new", "--unit", city.town, "--root", status=2, saying="组织机构表")
    assert not (tmp_path / "new").exists()
