"""`docs/mechanisms.md` names only what there is: screens, commands, registers, files, tests, and a row for each."""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from desktop_app.core.model.register import declared

ROOT = Path(__file__).resolve().parents[2]
COUNTS = {"A": 11, "B": 11, "C": 15, "D": 11, "E": 11, "F": 11, "G": 4, "H": 9, "I": 6}
"""How many rows each part of the list of mechanisms has."""
EXTERNAL = {"F9", "I6"}


class Row(NamedTuple):
    key: str
    mechanism: str
    where: str
    screens: list[str]
    commands: list[str]
    tests: list[str]


def rows() -> list[Row]:
    found = []
    for line in (ROOT / "docs" / "mechanisms.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 6 and re.fullmatch(r"[A-I]\d+", cells[0]):
            found.append(Row(cells[0], cells[1], cells[2], *(re.findall(r"`([^`]+)`", c) for c in cells[3:])))
    return found


ROWS = rows()
by_key = pytest.mark.parametrize("row", ROWS, ids=[row.key for row in ROWS])


def live() -> dict[str, object]:
    folder = str(ROOT / "tests" / "end2end")
    sys.path.insert(0, folder)
    try:
        from mechanisms import LIVE
    finally:
        sys.path.remove(folder)
    return LIVE


def test_every_mechanism_has_its_row_and_is_tried() -> None:
    keys = [row.key for row in ROWS]
    assert keys == [f"{letter}{n}" for letter, count in COUNTS.items() for n in range(1, count + 1)]
    assert list(live()) == keys


def test_only_what_is_external_is_left_to_others() -> None:
    text = (ROOT / "docs" / "mechanisms.md").read_text(encoding="utf-8")
    left = text.split("## What is left to other systems")[1]
    assert set(re.findall(r"^\| ([A-I]\d+) \|", left, re.MULTILINE)) == EXTERNAL


@by_key
def test_screens_exist(row: Row) -> None:
    text = (ROOT / "desktop_app" / "ui" / "frame" / "desks.py").read_text(encoding="utf-8")
    keys = set(re.findall(r'Place\("(\w+)"', text))
    assert row.screens and set(row.screens) <= keys


@cache
def command_line() -> click.Group:
    """The whole tree of commands, as `main` makes it."""
    from desktop_app.cli import main

    made = click.Group("taizhang")
    text = Path(main.__file__).read_text(encoding="utf-8")
    names = re.search(r"for module in \(([^)]*)\)", text)
    assert names is not None
    for name in re.findall(r"\w+", names.group(1)):
        __import__(f"desktop_app.cli.{name}")
        sys.modules[f"desktop_app.cli.{name}"].add_to(made)
    return made


@by_key
def test_commands_exist(row: Row) -> None:
    assert row.commands
    for words in row.commands:
        found: click.Command = command_line()
        rest = words.split()
        while rest and isinstance(found, click.Group):
            assert rest[0] in found.commands, words
            found = found.commands[rest.pop(0)]
        assert not isinstance(found, click.Group), f"{words} is no whole command"
        for word in rest:
            assert declared().get(word) is not None, f"{word} is no register"


@by_key
def test_registers_and_files_exist(row: Row) -> None:
    for word in re.findall(r"`([^`]+)`", row.where):
        path = ROOT / "desktop_app" / word
        assert declared().get(word) is not None or path.is_file(), word


@cache
def functions_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@by_key
def test_tests_exist(row: Row) -> None:
    assert row.tests
    for name in row.tests:
        path, _colons, function = name.partition("::")
        assert function in functions_of(path), name


def test_every_register_is_named() -> None:
    text = (ROOT / "docs" / "mechanisms.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)`", text))
    # Two hold what others lean on: counts for the standards of E1, and the looks at workshops of G4.
    missing = {register.key for register in declared().registers} - named
    assert missing <= {"fund_counts", "workshop_reviews"}, missing
