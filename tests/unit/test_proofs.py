"""docs/proofs.md names tests and counts attacks: they are there, and as many as it says."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
PROOFS = (TESTS.parent / "docs" / "proofs.md").read_text(encoding="utf-8")
FILES = {path.name: path for path in TESTS.rglob("*.py")}


def named() -> list[tuple[str, str]]:
    """Every `file.py::test…`, and the `…tests` that follow it in the same line, which are of the same file."""
    found = []
    for line in PROOFS.splitlines():
        file = ""
        for word in re.findall(r"`([^`]+)`", line):
            name, mark, test = word.partition("::")
            if name.rsplit("/", 1)[-1].endswith(".py") and not word.startswith("python"):
                file = name.rsplit("/", 1)[-1]
                found.append((file, test if mark else ""))
            elif word.startswith("…") and file:
                found.append((file, word))
    return found


@pytest.mark.parametrize(("file", "test"), named())
def test_what_is_named_is_there(file: str, test: str):
    assert file in FILES, file
    begin = "" if test.startswith("…") else "def "
    middle = re.escape(begin + test.strip("…"))
    assert re.search(middle, FILES[file].read_text(encoding="utf-8")), (file, test)


def test_enough_is_named():
    assert len(named()) > 40


DOCUMENTS = ("proofs.md", "benchmarks.md", "mechanisms.md")
COMMAND = re.compile(r"python (?:-m )?(pytest|tests[./][\w./]+)([^`\n]*)")


def commands() -> list[tuple[str, str]]:
    found = []
    for name in DOCUMENTS:
        text = (TESTS.parent / "docs" / name).read_text(encoding="utf-8")
        found += [(program, words) for program, words in COMMAND.findall(text)]
    return found


@pytest.mark.parametrize(("program", "words"), commands())
def test_the_commands_it_gives_can_be_given(program: str, words: str):
    paths = [word for word in words.split() if word.startswith("tests/")]
    assert all((TESTS.parent / path).exists() for path in paths), paths
    if program == "pytest":
        assert paths
        return
    file = TESTS.parent / (program if program.endswith(".py") else program.replace(".", "/"))
    files = [file, file.with_suffix(".py"), file / "__main__.py"]
    source = next(path for path in files if path.is_file()).read_text(encoding="utf-8")
    asked = re.findall(r"(?<!\S)--[a-z-]+", words)
    assert [option for option in asked if f'"{option}"' not in source] == [], program


def test_enough_commands_are_given():
    assert len(commands()) > 15


def test_the_attacks_are_as_many_as_it_says(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "path", [str(TESTS / "data"), *sys.path])
    packages, zips, signed, senders = (
        importlib.import_module(f"make_bad_{name}") for name in ("packages", "zips", "signed", "senders")
    )
    for count, words in (
        (len(packages.ALTERED), "alterations that anybody can"),
        (len(zips.BROKEN_ZIPS) + 1, "zips that hide"),
        (len(signed.RESIGNED), "packages that are wrong"),
        (len(senders.FOREIGN), "by people with some other genuine key"),
        (len(senders.CARRIED), "by a carrier"),
    ):
        assert f"{count} {words}" in PROOFS.replace("\n", " "), (count, words)
