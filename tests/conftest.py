"""What every test may use: a sample city made once, copies of its desks, and the command line called in-process."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

PASSPHRASE = "demo"


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The same surroundings for every test, whatever the developer's own are."""
    # Where the program keeps its log and notes how it started.
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.getbasetemp() / "state"))
    for name in ("WORKSPACE", "OPERATOR", "TODAY", "HOME", "LANGUAGE"):
        monkeypatch.delenv(f"TAIZHANG_{name}", raising=False)
    monkeypatch.setenv("TAIZHANG_PASSPHRASE", PASSPHRASE)


# -- the sample city -----------------------------------------------------------------------------------------------


class City(NamedTuple):
    """A sample city on disk, never written to by a test: one county with two bureaus and two towns, two months, of
    which the first is reported, merged and answered, the second only recorded."""

    folder: Path
    made: Any
    county: str = "990101"
    bureau: str = "990101001"
    other_bureau: str = "990101002"
    town: str = "990101101"
    other_town: str = "990101102"
    code: str = "990100"
    first: str = "2024-04"
    last: str = "2024-05"

    def desk(self, unit: str) -> Path:
        return self.folder / ("city" if unit == self.code else unit)

    def sent(self, unit: str, what: str = "") -> list[Path]:
        """Packages of a unit's outbox whose name holds `what`, by name."""
        return sorted(path for path in (self.desk(unit) / "outbox").glob("*.xlsx") if what in path.name)


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    from desktop_app.core.operations.demo import make_city

    folder = tmp_path_factory.mktemp("city") / "c"
    made = make_city(folder, counties=1, towns=2, months=2, key_kind="p256")
    return City(folder, made)


@pytest.fixture
def desk(city: City, tmp_path: Path) -> Callable[[str], Path]:
    """A copy of a unit's folder, the same one however often asked for (folders can be moved and copied)."""

    def copied(unit: str) -> Path:
        target = tmp_path / "desks" / unit
        if not target.exists():
            shutil.copytree(
                city.desk(unit), target, ignore=shutil.ignore_patterns("outbox", "thumbnails", ".lock")
            )
        return target

    return copied


@pytest.fixture
def opened(desk: Callable[[str], Path]) -> Iterator[Callable[[str], Any]]:
    """A copied desk, open; closed after the test."""
    from desktop_app.core.operations.workspace import Workspace

    workspaces: dict[str, Workspace] = {}

    def open_desk(unit: str) -> Workspace:
        if unit not in workspaces:
            workspaces[unit] = Workspace.open(desk(unit))
        return workspaces[unit]

    yield open_desk
    for workspace in workspaces.values():
        workspace.close()


# -- the command line ----------------------------------------------------------------------------------------------


class Answer(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def taizhang(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run one command line in this process.  With `--json` the answer's output must be one document, always."""

    def call(*words: object, at: Path | None = None) -> Answer:
        from desktop_app.__main__ import _paper
        from desktop_app.cli.main import run

        capsys.readouterr()
        line = [str(word) for word in words]
        status = run([*(["--workspace", str(at)] if at else []), *line], paper=_paper)
        said = capsys.readouterr()
        answer = Answer(status, said.out, said.err)
        if "--json" in line:
            assert isinstance(answer.json, dict), said.out
        if status:
            assert "Traceback" not in said.err
        return answer

    return call


@pytest.fixture
def refused(taizhang: Callable[..., Answer]) -> Callable[..., Answer]:
    """Run a command line that must be refused, twice: for people with a reason and a next step on standard error and
    nothing on standard output, and with --json as one document that says the same."""

    def call(*words: object, status: int = 1, at: Path | None = None, saying: str = "") -> Answer:
        plain = taizhang(*words, at=at)
        assert plain.status == status, plain
        assert plain.out == ""
        assert "→ " in plain.err, "no next step"
        assert any("一" <= char <= "鿿" for char in plain.err), "not in Chinese"
        assert "软件的问题" not in plain.err, plain.err
        assert saying in plain.err, plain.err
        formal = taizhang("--json", *words, at=at)
        assert formal.status == status
        assert formal.json["error"]["what"] and formal.json["error"]["next_step"]
        assert saying in "".join(formal.json["error"].values())
        return plain

    return call
