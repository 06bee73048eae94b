"""The command line itself: wrong usage, options anywhere, one JSON document always."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop_app.cli.line import globals_of

MAY = ("--period", "2024-05")


@pytest.fixture
def town(city: Any, desk: Callable[[str], Path]) -> Path:
    return desk(city.town)


@pytest.mark.parametrize(
    "words",
    [
        "recrod 1.1 5",
        "record",
        "record 1.1",
        "record 1.1 5",
        "record 1.1 5 --period 2024-05 --colour red",
        "record 1.1 5 6 --period 2024-05",
        "tasks --period",
        "site",
        "site delete x",
        "export --period 2024-05",
        "export --period 2024-05 --out x --evidence some",
        "export --period 2024-05 --out x --max-size much",
        "demo x --counties 0",
        "demo x --months many",
        "key revoke 990101",
        "key certify gone.req",
        "setting set colour 5",
        "review item progress/x maybe",
        "--colour tasks",
        "conflicts settle progress/x --keep ab",
    ],
)
def test_wrong_usage(town: Path, refuses: Callable[..., Any], words: str):
    refuses(town, *words.split(), status=2, saying="")


def test_the_options_stand_anywhere(
    town: Path, taizhang: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
):
    first = taizhang("tasks", "--json", at=town)
    assert first.status == 0 and first.json["unit"] == "990101101"
    for line in (
        ["tasks", "--json", "--workspace", town],
        ["--json", "tasks", f"--workspace={town}", *MAY],
        ["tasks", "--workspace", town, *MAY, "--json"],
        ["--workspace", "/nowhere", "tasks", "--json", "--workspace", town],
    ):
        assert taizhang(*line).out == first.out
    monkeypatch.setenv("TAIZHANG_WORKSPACE", str(town))
    assert taizhang("tasks", "--json").out == first.out
    # Behind -- everything is a word of the command.
    assert globals_of(["record", "--", "--json", "--workspace", "x"]).words[1:] == (
        "--",
        "--json",
        "--workspace",
        "x",
    )


def test_json_is_one_document_also_when_refused(town: Path, taizhang: Callable[..., Any], tmp_path: Path):
    for words, status in (
        (("tasks", "--workspace", tmp_path), 1),
        (("nonsense",), 2),
        (("merge", tmp_path / "gone.xlsx"), 3),
        (("verify", tmp_path / "gone.xlsx"), 3),
        (("record", "1.1", "x", *MAY), 1),
        (("retract", "gone.xlsx", "--reason", "误收"), 1),
    ):
        answer = taizhang("--json", *words, at=town)
        assert answer.status == status and isinstance(answer.json, dict)
