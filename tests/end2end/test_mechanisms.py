"""Every row of `docs/mechanisms.md` is live: its command lines run on the sample city's desks and answer as they
should."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from mechanisms import LIVE, Step

UNITS = {"C": "990100", "K": "990101", "T": "990101101"}


@pytest.fixture(scope="module")
def desks(city: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Copies that all rows share, as in an office: no row may need another's, none may hinder another."""
    folder = tmp_path_factory.mktemp("mechanisms")
    skipped = shutil.ignore_patterns("outbox", "thumbnails", ".lock")
    return {
        letter: Path(shutil.copytree(city.desk(unit), folder / unit, ignore=skipped))
        for letter, unit in UNITS.items()
    }


@pytest.mark.parametrize("row", LIVE)
def test_the_row_is_live(row: str, desks: dict[str, Path], taizhang: Any, tmp_path: Path) -> None:
    bases, left, right = (tmp_path / name for name in ("bases.csv", "left.csv", "right.csv"))
    bases.write_text("单位代码,基数\n990101,40\n", encoding="utf-8")
    left.write_text("编号\nB-8\nB-9\n", encoding="utf-8")
    right.write_text("编号\nB-9\n", encoding="utf-8")
    told = {"out": tmp_path, "bases": bases, "base": left, "base2": right, "last": "", "made": ""}
    for step in LIVE[row]:
        _run(step, told, desks, taizhang)


def _run(step: Step, told: dict[str, object], desks: dict[str, Path], taizhang: Any) -> None:
    words = [word.format(**told) for word in step.words.split()]
    answer = taizhang(*words, at=desks[step.desk])
    assert (answer.status != 0) == step.fails, f"{step.words}\n{answer.out}{answer.err}"
    assert step.says in answer.out + answer.err, f"{step.words}\n{answer.out}{answer.err}"
    if words[0] in ("register", "problem", "site") and words[1] == "add" and not step.fails:
        told["last"] = answer.out.strip().splitlines()[-1].rsplit("/", 1)[-1]
    if words[:2] == ["archive", "make"]:
        told["made"] = answer.out.split()[0]
