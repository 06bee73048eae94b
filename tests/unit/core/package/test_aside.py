"""The helper that verifies packages: it finds what this process finds, and nothing depends on it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from desktop_app.core.package import aside
from desktop_app.core.package.aside import Aside
from desktop_app.core.package.opened import OpenedPackage
from desktop_app.core.package.verify import open_package


def up(roots: list[bytes]) -> Aside:
    helper = Aside(roots)
    helper.start()
    until = time.monotonic() + 60
    while not helper.ready and time.monotonic() < until:
        time.sleep(0.01)
    assert helper.ready
    return helper


@pytest.fixture
def helper(city: Any) -> Iterator[Aside]:
    with up([city.root]) as found:
        yield found


def seen(package: OpenedPackage) -> dict[str, Any]:
    """Everything a merge asks of a package."""
    return {
        "container": package.container,
        "parts": (package.sig1, package.payload, package.name, package.size),
        "manifest": package.manifest,
        "signer": package.signer,
        "state": (package.state, package.reason, package.next_step, package.notes),
        "journals": [(journal.part, journal.data, journal.entries) for journal in package.journals],
        "files": [b"".join(package.chunks(file)) for file in package.files],
        "forwarded": [
            (item.container, item.state, item.manifest, item.signer, item.payload)
            for item in package.forwarded
        ],
        "carried": [(part.part, part.entries) for item in package.forwarded for part in item.journals],
    }


def test_it_finds_what_this_process_finds(helper: Aside, package: Path, city: Any):
    answer = helper.opened(helper.ask(package.name, package.read_bytes()))
    assert answer is not None
    with answer as there, open_package(package, [city.root]) as here:
        assert seen(there) == seen(here)
        assert there.files and there.journals[0].entries


def test_the_roots_are_the_callers(package: Path):
    with up([]) as helper:
        answer = helper.opened(helper.ask(package.name, package.read_bytes()))
        assert answer is not None and answer.state == "unknown_signer"


def test_notes_are_in_the_callers_language(
    package: Path,
    city: Any,
    good: ModuleType,
    bad: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    from make_bad_signed import resign

    from desktop_app.core import i18n

    parts = bad.sub(bad.read(package.read_bytes()), bad.SHEET, b"</sheetData>", b"</row>")
    other = bad.write(resign(parts, city.signer(), good.SIGNED))
    (tmp_path / "a.xlsx").write_bytes(other)
    monkeypatch.delenv("TAIZHANG_LANGUAGE", raising=False)
    i18n.choose_language("en")
    try:
        with up([city.root]) as helper, open_package(tmp_path / "a.xlsx", [city.root]) as here:
            answer = helper.opened(helper.ask("a.xlsx", other))
            assert answer is not None and answer.notes == here.notes != ()
    finally:
        i18n.choose_language("zh")


def test_a_file_with_a_fault_is_left_to_the_caller(helper: Aside, package: Path):
    content = package.read_bytes()
    broken = content[:-200] + bytes(200)
    asked = [helper.ask("a.xlsx", broken), helper.ask("b.xlsx", b""), helper.ask("c.xlsx", content)]
    assert [helper.opened(item) is not None for item in asked] == [False, False, True]


def test_one_that_dies_answers_nothing_more(helper: Aside, package: Path):
    content = package.read_bytes()
    assert helper._process is not None
    helper._process.kill()
    asked = [helper.ask(f"{number}.xlsx", content) for number in range(5)]
    assert all(helper.opened(item) is None for item in asked)
    helper._process.wait()
    assert helper.opened(helper.ask("later.xlsx", content)) is None
    assert not helper.ready


@pytest.mark.parametrize(
    "command",
    [
        ["/nonexistent/program"],
        [sys.executable, "-c", "pass"],
        [
            sys.executable,
            "-c",
            "import sys; sys.stdout.write('no length at all'); sys.stdout.flush(); input()",
        ],
    ],
)
def test_one_that_never_comes_up(command: list[str], package: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(aside, "_command", lambda: command)
    with Aside([]) as helper:
        helper.start()
        assert helper.opened(helper.ask("a.xlsx", package.read_bytes())) is None
        assert not helper.ready


def test_one_that_says_something_else(package: Path, monkeypatch: pytest.MonkeyPatch):
    talk = (
        "import sys; out = sys.stdout.buffer\n"
        "for text in (b'here', b'no pickle', b''):\n"
        "    out.write(len(text).to_bytes(8, 'little') + text); out.flush()\n"
        "sys.stdin.buffer.read()"
    )
    monkeypatch.setattr(aside, "_command", lambda: [sys.executable, "-c", talk])
    helper = Aside([])
    monkeypatch.setattr(aside, "_LONGEST", 10.0)
    helper.start()
    with helper:
        # Answered before it was asked: whatever comes of it, the caller looks for itself.
        assert helper.opened(helper.ask("a.xlsx", package.read_bytes())) is None


def test_one_that_hangs_is_given_up(package: Path, monkeypatch: pytest.MonkeyPatch):
    talk = (
        "import sys, time; sys.stdout.buffer.write((4).to_bytes(8, 'little') + b'here'); sys.stdout.flush();"
        "time.sleep(99)"
    )
    monkeypatch.setattr(aside, "_command", lambda: [sys.executable, "-c", talk])
    monkeypatch.setattr(aside, "_LONGEST", 0.3)
    with up([]) as helper:
        assert helper.opened(helper.ask("a.xlsx", package.read_bytes())) is None


def test_it_ends_with_its_caller(city: Any):
    helper = up([city.root])
    process = helper._process
    assert process is not None and process.poll() is None
    helper.__exit__()
    assert process.poll() is not None


def test_it_ends_when_the_pipe_closes(city: Any):
    """As when the first process was killed."""
    process = subprocess.Popen(
        aside._command(), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(60) == 0


def test_the_program_knows_the_word():
    """How a frozen program starts its helper."""
    process = subprocess.run(
        [sys.executable, "-m", "desktop_app", aside.WORD],
        input=b"",
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (process.returncode, process.stdout) == (0, b"")


def test_few_files_are_not_worth_a_second_process():
    assert not aside.worth_it(aside.FEWEST - 1)
