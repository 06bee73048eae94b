"""The year's end: a figure short of its bound word is short, and the pack can be verified for as long as it is kept."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest

from desktop_app.ui.paper import QtPaper


@pytest.fixture(scope="session", autouse=True)
def paper():
    """One for all: Qt's application must outlive what was drawn."""
    return QtPaper()


@pytest.fixture
def judged(taizhang, city, desk, tmp_path):
    """judged(value) → how 16.1, at least 2,639, stands at the year's end with so many."""
    home = desk(city.code)
    for words in (
        ("allocate", "reporter", "16.1", city.code, city.code),
        ("plan", "change", "16.1", "2639", "--document", "云民生办〔2024〕1号", "--effective", "2024-01-01"),
    ):
        answer = taizhang(*words, at=home)
        assert answer.status == 0, answer.err

    def judge(value: int) -> dict[str, str]:
        said = taizhang("record", "16.1", value, "--period", "2024-12", "--reason", "年终核对", at=home)
        assert said.status == 0, said.err
        answer = taizhang("report", "year", "--out", tmp_path / "year.xlsx", "--json", at=home)
        assert answer.status == 0, answer.err
        return next(row for row in answer.json["indicators"] if row["id"] == "16.1")

    return judge


def test_a_few_short_is_not_reached(judged, tmp_path):
    """A city once published such a figure among 'all completed'."""
    row = judged(2598)
    assert row["verdict"] == "short" and "比目标少 41" in row["words"]
    book = openpyxl.load_workbook(tmp_path / "year.xlsx")
    lines = [
        [str(cell) for cell in line if cell is not None]
        for line in book["指标判定"].iter_rows(values_only=True)
    ]
    (line,) = [line for line in lines if any(cell.startswith("16.1 ") for cell in line)]
    assert {"不少于", "2,639件", "2,598件", "未达到"} <= set(line)
    words = "".join(
        str(cell) for line in book.worksheets[0].iter_rows(values_only=True) for cell in line if cell
    )
    assert "不是年终结论" not in words, "December was reported"


def test_exactly_as_many_is(judged):
    assert judged(2639)["verdict"] == "reached"


# -- the archive -------------------------------------------------------------------------------------------------------


@pytest.fixture
def pack(taizhang, city, desk, tmp_path) -> Path:
    answer = taizhang("archive", "make", tmp_path / "out", "--json", at=desk(city.code))
    assert answer.status == 0, answer.err
    assert answer.json["entries"] > 1000 and answer.json["photos"] > 5 and answer.json["containers"] >= 3
    return Path(answer.json["path"])


def loosened(pack: Path, folder: Path) -> Path:
    """A copy somebody has made writable."""
    copy = Path(shutil.copytree(pack, folder / pack.name))
    for path in copy.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return copy


def test_what_is_in_it_and_that_it_is_locked(pack):
    names = {path.relative_to(pack).as_posix() for path in pack.rglob("*") if path.is_file()}
    assert {
        "说明.txt", "年终完成情况.xlsx", "年终完成情况.docx", "年终完成情况.pdf", "根证书.pem", "校验清单.txt",
        "校验清单.sig", "流水/journal.jsonl", "流水/journal.ids",
    } <= names  # fmt: skip
    assert all(not path.stat().st_mode & 0o222 for path in pack.rglob("*") if path.is_file())
    # With nothing but sha256sum's own rule.
    for line in (pack / "校验清单.txt").read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ", 1)
        assert hashlib.sha256((pack / name).read_bytes()).hexdigest() == digest
    ids = (pack / "流水/journal.ids").read_text().split()
    lines = (pack / "流水/journal.jsonl").read_bytes().splitlines()
    assert [hashlib.sha256(line).hexdigest() for line in lines] == ids


def test_it_verifies_with_and_without_a_trusted_root(taizhang, pack, city, desk, tmp_path):
    alone = taizhang("archive", "verify", pack, "--json")
    assert alone.status == 0 and alone.json["ok"] and alone.json["root"]
    assert taizhang("archive", "verify", pack, "--root", pack / "根证书.pem").status == 0
    zipped = taizhang("archive", "make", tmp_path / "z", "--zip", "--json", at=desk(city.code))
    assert zipped.status == 0 and zipfile.is_zipfile(zipped.json["path"])
    assert taizhang("archive", "verify", zipped.json["path"]).status == 0


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda pack: (pack / "说明.txt").write_text("x", encoding="utf-8"), "文件被改动：说明.txt"),
        (lambda pack: (pack / "多.txt").write_text("x", encoding="utf-8"), "多了文件：多.txt"),
        (lambda pack: (pack / "年终完成情况.pdf").unlink(), "少了文件：年终完成情况.pdf"),
        (lambda pack: _relist(pack, "流水/journal.jsonl", b'"at"', b'"aT"'), "流水第 1 行被改动"),
        (lambda pack: (pack / "校验清单.sig").unlink(), "签名"),
    ],
)
def test_a_changed_one_is_found(taizhang, pack, tmp_path, spoil, told):
    copy = loosened(pack, tmp_path / "copy")
    spoil(copy)
    answer = taizhang("archive", "verify", copy, "--json")
    assert answer.status == 3 and not answer.json["ok"]
    assert any(told in problem for problem in answer.json["problems"]), answer.json["problems"]


def _relist(pack: Path, name: str, old: bytes, new: bytes) -> None:
    """Whoever alters a file also writes its new hash into the list."""
    path = pack / name
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_bytes(path.read_bytes().replace(old, new, 1))
    listed = pack / "校验清单.txt"
    after = hashlib.sha256(path.read_bytes()).hexdigest()
    listed.write_text(
        listed.read_text(encoding="utf-8").replace(before, after), encoding="utf-8", newline="\n"
    )


def test_no_personal_data_in_it(pack):
    """What is marked 含个人信息 stays where it is; numbers of people are in no name and no open text."""
    from desktop_app.core.rules import privacy

    for path in pack.rglob("*"):
        assert not privacy.find(path.name), path
    text = (pack / "流水" / "journal.jsonl").read_text(encoding="utf-8")
    assert '"sealed"' not in text or "身份证" not in text


def test_it_is_not_written_over(refused, pack, city, desk, tmp_path):
    refused("archive", "make", tmp_path / "out", at=desk(city.code), saying="已经有了")
