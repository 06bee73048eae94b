"""A city made through the command line alone: each office has its folder and its passphrase, and files are handed
over on a stick.  Nothing here is made by `demo`."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import shutil
from pathlib import Path
from typing import Any, NamedTuple

CITY, COUNTY, OTHER_COUNTY = "330100", "330101", "330102"
BUREAU, TOWN, OTHER_TOWN = "330101001", "330101101", "330101102"
ROWS = (
    (CITY, "云溪市", "市级", "政府", ""),
    (COUNTY, "云溪县", "县区", "政府", CITY),
    (OTHER_COUNTY, "石塘区", "县区", "政府", CITY),
    (BUREAU, "云溪县民政局", "县区", "部门", COUNTY),
    (TOWN, "枫桥镇", "乡镇", "政府", COUNTY),
    (OTHER_TOWN, "柳塘乡", "乡镇", "政府", COUNTY),
)
PERIOD = "2024-05"


class Answer(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def taizhang(*words: object, at: Path | None = None, passphrase: str | None = None) -> Answer:
    """One command line in this process."""
    from desktop_app.__main__ import main

    out, err = io.StringIO(), io.StringIO()
    before = os.environ.get("TAIZHANG_PASSPHRASE")
    if passphrase is None:
        os.environ.pop("TAIZHANG_PASSPHRASE", None)
    else:
        os.environ["TAIZHANG_PASSPHRASE"] = passphrase
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main([*(["--workspace", str(at)] if at else []), *map(str, words)])
    finally:
        if before is None:
            os.environ.pop("TAIZHANG_PASSPHRASE", None)
        else:
            os.environ["TAIZHANG_PASSPHRASE"] = before
    assert "Traceback" not in err.getvalue() and "软件的问题" not in err.getvalue(), err.getvalue()
    return Answer(status, out.getvalue(), err.getvalue())


class Office:
    """One computer of a unit: call it with the words of a command line."""

    def __init__(self, folder: Path, code: str, passphrase: str) -> None:
        self.folder = folder
        self.code = code
        self.passphrase = passphrase

    def ask(self, *words: object) -> Answer:
        return taizhang(*words, at=self.folder, passphrase=self.passphrase)

    def __call__(self, *words: object, status: int = 0) -> str:
        answer = self.ask(*words)
        assert answer.status == status, (words, answer)
        return answer.out

    def refused(self, *words: object, status: int = 1) -> str:
        """What a command that must be refused says; a reason and a next step in Chinese."""
        answer = self.ask(*words)
        assert answer.status == status, (words, answer)
        assert "→ " in answer.err and any("一" <= char <= "鿿" for char in answer.err), answer
        return answer.err

    def json(self, *words: object, status: int = 0) -> Any:
        answer = self.ask(*words, "--json")
        assert answer.status == status, (words, answer)
        return answer.json

    # -- what tests do again and again -------------------------------------------------------------------------------

    def merge(self, *files: Path, status: int = 0) -> list[dict[str, Any]]:
        return self.json("merge", *files, status=status)["files"]

    def export(self, out: Path, *more: object, period: str = PERIOD) -> Path:
        """The period's package (the first volume)."""
        said = self.json("export", "--period", period, "--out", out, *more)
        return Path(said["files"][0]["path"])

    def replies(self, out: Path, *units: str) -> list[Path]:
        chosen = [word for unit in units for word in ("--unit", unit)]
        return [Path(item["path"]) for item in self.json("reply", "--out", out, *chosen)["files"]]

    def record(self, indicator: str, value: object, period: str = PERIOD, **more: object) -> None:
        words = [word for key, said in more.items() for word in (f"--{key}", said)]
        self("record", indicator, value, "--period", period, *words)

    def tasks(self, unit: str = "", period: str = PERIOD) -> dict[str, dict[str, Any]]:
        """Indicators by id, as this desk sees them (for a unit below)."""
        said = self.json("tasks", "--period", period, *(["--unit", unit] if unit else []))
        return {item["id"]: item for task in said["tasks"] for item in task["indicators"]}

    def value(self, indicator: str, unit: str = "", period: str = PERIOD) -> Any:
        return self.tasks(unit, period)[indicator]["value"]

    def history(self, subject: str) -> list[dict[str, Any]]:
        return self.json("log", subject)["entries"]

    def healthy(self) -> None:
        found = self.json("doctor")
        assert found["ok"] and found["problems"] == [], found

    @property
    def fingerprints(self) -> list[str]:
        """The keys' fingerprints as they stand on the stamped request: the desk's, and a county's second one."""
        said = self.json("key", "show")
        return [digits for digits in (said["key_spoken"], said["ca_spoken"]) if digits]


class Offices:
    """The whole city: who has joined so far, and a folder that stands for the stick."""

    def __init__(self, root: Path, kind: str = "p256", rows: tuple[tuple[str, ...], ...] = ROWS) -> None:
        self.root = root
        self.kind = kind
        self.stick = root / "stick"
        self.stick.mkdir(parents=True)
        table = root / "org.csv"
        with table.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([("代码", "名称", "层级", "类别", "上级代码"), *rows])
        self.desks: dict[str, Office] = {}
        city = self._office(CITY)
        city_words = ("init", city.folder, "--root", "--unit", CITY, "--org", table, "--algorithm", kind)
        said = taizhang(*city_words, "--operator", "市经办", passphrase=city.passphrase)
        assert said.status == 0, said

    @classmethod
    def copied(cls, source: Path, root: Path, codes: tuple[str, ...]) -> Offices:
        """Some of a city's offices in another place: folders can be moved and copied."""
        world = object.__new__(cls)
        world.root, world.stick, world.kind, world.desks = root, root / "stick", "p256", {}
        world.stick.mkdir(parents=True)
        for code in codes:
            shutil.copytree(source / code, world._office(code).folder)
        return world

    def __getitem__(self, code: str) -> Office:
        return self.desks[code]

    def _office(self, code: str, name: str = "") -> Office:
        office = Office(self.root / (name or code), code, f"pass-{name or code}")
        self.desks[name or code] = office
        return office

    def setup(self, unit: str, sender: str) -> tuple[Path, str]:
        """The setup package a unit is given, and the digits read out over the telephone."""
        said = self[sender].json("setup", unit, "--out", self.stick)
        return Path(said["files"][0]["path"]), said["fingerprint"]

    def join(self, unit: str, sender: str, name: str = "") -> Office:
        """A new computer of the unit, opened with the sender's setup package; it has a key, and no certificate."""
        package, digits = self.setup(unit, sender)
        office = self._office(unit, name)
        words = ("init", office.folder, "--setup", package, "--unit", unit, "--fingerprint", digits)
        said = taizhang(*words, "--operator", f"{name or unit}经办", passphrase=office.passphrase)
        assert said.status == 0, said
        office("key", "new", "--algorithm", self.kind)
        return office

    def grant(self, office: Office, by: str) -> Path:
        """Ask for certificates, have them granted against the fingerprint, and put them in."""
        request = self.stick / f"{office.folder.name}.req"
        granted = self.stick / f"{office.folder.name}.pem"
        office("key", "request", request)
        paper = [word for digits in office.fingerprints for word in ("--fingerprint", digits)]
        self[by]("key", "certify", request, granted, *paper)
        office("key", "install", granted)
        return granted

    def enrol(self, unit: str, sender: str, name: str = "") -> Office:
        office = self.join(unit, sender, name)
        self.grant(office, sender)
        return office

    def clear_stick(self) -> None:
        shutil.rmtree(self.stick)
        self.stick.mkdir()
