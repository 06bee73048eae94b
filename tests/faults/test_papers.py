"""What people print and send lies on a stick as well: written whole or not at all, over an older one of that name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_disk import Disk

TOWN = "990101101"
PAPERS = {
    "form": (TOWN, "report", "form", "--out", "{}.pdf"),
    "board": ("990100", "report", "board", "--out", "{}.pdf"),
    "picture": ("990100", "report", "board", "--out", "{}.png"),
    "leader": ("990100", "report", "board", "--size", "A4", "--out", "{}.pdf"),
    "schedule": ("990100", "report", "schedule", "--out", "{}.pdf"),
    "bulletin": ("990100", "report", "bulletin", "--out", "{}.docx"),
    "ranking": ("990100", "report", "ranking", "--out", "{}.xlsx"),
    "year": ("990100", "report", "year", "--out", "{}.xlsx"),
    "meeting": ("990100", "report", "meeting", "--out", "{}.pdf"),
    "corrections": ("990100", "corrections", "--out", "{}.xlsx"),
    "template": (TOWN, "template", "out", "{}.xlsx"),
    "sites": (TOWN, "site", "export", "{}.xlsx"),
    "request": (TOWN, "key", "request", "{}.req"),
}


@pytest.fixture(autouse=True)
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAIZHANG_PASSPHRASE", "demo")


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_on_a_full_stick_leaves_the_older_one(
    name: str, disk: Callable[[int], Disk], city: Any, taizhang: Callable[..., Any]
):
    unit, *words = PAPERS[name]
    stick = disk(1)
    words = [word.replace("{}", str(stick.folder / "paper")) for word in words]
    paper = next(Path(word) for word in words if word.startswith(str(stick.folder)))
    paper.write_bytes(b"the older one")
    stick.fill()
    answer = taizhang(*words, at=city.desk(unit))
    assert answer.status == 1 and "满" in answer.err and "→ " in answer.err, answer
    assert paper.read_bytes() == b"the older one"
    assert sorted(path.name for path in stick.folder.iterdir()) == sorted(["filler", paper.name])


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("name", ["form", "picture", "sites"])
def test_a_paper_on_a_locked_stick(
    name: str, disk: Callable[[int], Disk], city: Any, taizhang: Callable[..., Any]
):
    unit, *words = PAPERS[name]
    stick = disk(1)
    stick.lock()
    answer = taizhang(
        *(word.replace("{}", str(stick.folder / "paper")) for word in words), at=city.desk(unit)
    )
    assert answer.status == 1 and "写保护" in answer.err, answer


@pytest.mark.parametrize("zipped", [(), ("--zip",)])
def test_an_archive_on_a_full_stick_leaves_nothing(
    zipped: tuple[str, ...], disk: Callable[[int], Disk], city: Any, taizhang: Callable[..., Any]
):
    """There is room for the folder and not for the zip of it, too."""
    stick = disk(8)
    stick.fill(leaving=5 << 20 if zipped else 1 << 20)
    answer = taizhang("archive", "make", stick.folder, *zipped, at=city.desk("990100"))
    assert answer.status == 1 and "满" in answer.err, answer
    assert [path.name for path in stick.folder.iterdir()] == ["filler"]


def test_a_second_copy_on_a_full_stick_leaves_nothing(
    disk: Callable[[int], Disk], city: Any, taizhang: Callable[..., Any]
):
    stick = disk(1)
    files = city.sent(TOWN)
    stick.fill(leaving=files[0].stat().st_size + 4096)
    answer = taizhang("copy", *files, "--to", stick.folder, at=city.desk(TOWN))
    assert answer.status == 1 and "满" in answer.err, answer
    assert [path.name for path in stick.folder.iterdir()] == ["filler"]
    answer = taizhang("copy", *files, "--to", stick.folder / "elsewhere", at=city.desk(TOWN))
    assert answer.status == 1 and "找不到" in answer.err, answer
