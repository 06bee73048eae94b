"""The commands that README promises: each is there, explains itself in Chinese, and README's month runs as written."""

from __future__ import annotations

import contextlib
import re
import shlex
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from desktop_app.cli.main import run, taizhang
from desktop_app.core import paths

README = (paths.MIGRATIONS.parents[1] / "README.md").read_text(encoding="utf-8")


def promised() -> list[str]:
    """Every command of README's table, `key new|request` as two, without arguments and options."""
    found: list[str] = []
    table = README.split("| command | does |", 1)[1].split("\n\n", 1)[0]
    for row in table.splitlines():
        for cell in re.findall(r"`([^`]+)`", row.replace("\\|", "|").rsplit(" | ", 1)[0]):
            words = [word for word in re.match(r"[a-z |\-]*", cell).group().split() if word[0] != "-"]
            found += [" ".join([*words[:-1], last]) for last in words[-1].split("|")]
    return list(dict.fromkeys(found))


def commands(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        yield f"{before}{name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")


@pytest.fixture(scope="module")
def known() -> dict[str, click.Command]:
    run(["--version"])
    return dict(commands(taizhang))


def chinese(text: str) -> bool:
    return any("一" <= char <= "鿿" for char in text)


def test_the_table_is_read(known: dict[str, click.Command]):
    assert len(promised()) > 50
    assert {"demo", "key certify", "allocate proportional", "conflicts", "conflicts settle"} <= set(
        promised()
    )


@pytest.mark.parametrize("command", promised())
def test_promised_and_there(command: str, taizhang: Callable[..., Any], known: dict[str, click.Command]):
    assert command in known
    answer = taizhang(*command.split(), "--help")
    assert answer.status == 0 and answer.err == ""
    assert chinese(answer.out) and f"taizhang {command.split()[0]}" in answer.out


def test_help_is_chinese_throughout(known: dict[str, click.Command]):
    for name, command in known.items():
        assert command.help and chinese(command.help), name
        for option in command.params:
            if isinstance(option, click.Option) and option.help:
                assert chinese(option.help), (name, option.name)


def test_the_version_and_the_whole_help(taizhang: Callable[..., Any], known: dict[str, click.Command]):
    from desktop_app import __version__

    assert __version__ in taizhang("--version").out
    for words in (("--help",), ("-h",), ("key", "-h")):
        assert chinese(taizhang(*words).out)
    listed = taizhang("--help").out
    assert all(name.split()[0] in listed for name in known)


def test_readme_s_month_runs_as_it_stands(
    city: Any, taizhang: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    script = README.split("A month from the command line", 1)[1].split("\n## ", 1)[0]
    lines = [line.strip() for line in script.splitlines() if line.startswith("    ")]
    shutil.copytree(city.folder, tmp_path / "c", ignore=shutil.ignore_patterns(".lock", "thumbnails"))
    monkeypatch.chdir(tmp_path / "c")
    monkeypatch.delenv("TAIZHANG_PASSPHRASE")
    # README's city is larger and a month further on; here the figure has to go on from what this one's town holds.
    shown = re.search(r"record (\S+) (\d+)", script)
    assert shown, "README records a figure"
    figure = str(value_at(tmp_path / "c" / city.town, shown[1]) + 100)
    lines = [line.replace(f"record {shown[1]} {shown[2]}", f"record {shown[1]} {figure}") for line in lines]
    done = []
    for line in lines:
        words = shlex.split(line)
        if words[0] == "export":
            monkeypatch.setenv(*words[1].split("=", 1))
        elif words[0] == "taizhang":
            answer = taizhang(*words[1:])
            assert answer.status == 0, (line, answer)
            done.append(next(word for word in words[3:]))
        else:
            assert words[0] == "cd", line
    assert done == ["record", "check", "export", "merge", "review", "reply"]
    # The town's figure stands at the county, and the answer for the town is on the stick.
    assert value_at(tmp_path / "c" / city.county, shown[1], city.town) == int(figure)
    names = sorted(path.name for path in Path("usb").iterdir())
    assert any(name.startswith("990101101-2024-06-") for name in names)
    assert any(name.startswith("990101-reply-990101101-") for name in names)


def value_at(desk: Path, indicator: str, area: str = "") -> int:
    """An indicator's latest figure at a desk (of an area there)."""
    with contextlib.closing(sqlite3.connect(desk / "taizhang.db")) as connection:
        (value,) = connection.execute(
            "SELECT value FROM figure WHERE indicator = ? AND area = ? ORDER BY month DESC LIMIT 1",
            (indicator, area or desk.name),
        ).fetchone()
    return int(value) // 10**6
