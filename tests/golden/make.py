"""Keep what this version writes, to be opened by every later one:  python -m tests.golden.make

Made once for each release, from its own sample city, into tests/golden/<version>/; never made again and never edited.
`desks/` holds workspaces (the bureau's with its evidence, the others' without), `packages/` what they sent,
`expected.json` what this version said of them.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from desktop_app import __version__
from desktop_app.core.model.period import Period
from desktop_app.core.operations import keyring, merging
from desktop_app.core.operations.demo import make_city
from desktop_app.core.operations.desk import Desk
from desktop_app.core.operations.reading import json_ready
from desktop_app.core.operations.workspace import Workspace

HERE = Path(__file__).resolve().parent
CITY, COUNTY, BUREAU, TOWN = "990100", "990101", "990101001", "990101101"
DESKS = (CITY, COUNTY, BUREAU, TOWN)
SENT, RECORDED = "2024-04", "2024-05"
SMALL = 300_000
"""Bytes of a package that is kept whosesoever it is; the bureau's is kept with its photos."""


def folder_of(city: Path, unit: str) -> Path:
    return city / ("city" if unit == CITY else unit)


def what_it_says(folder: Path) -> dict[str, Any]:
    """What a desk shows, as far as every later version must show the same: figures of both months, lists' sizes."""
    with Workspace.open(folder) as workspace:
        desk = Desk(workspace, owner=False)
        return {
            "entries": workspace.store.ledger.counts()["entries"],
            "figures": {key: _figures(desk, Period.parse(key)) for key in (SENT, RECORDED)},
            "sites": sorted(site.subject for site in desk.sites()),
            "problems": sorted(problem.subject for problem in desk.problems()),
            "evidence": sorted(item.sha256 for item in desk.evidence()),
            "forks": len(desk.forks()),
        }


def _figures(desk: Desk, period: Period) -> dict[str, list[Any]]:
    return {
        indicator.id: json_ready([indicator.figure.value, indicator.figure.of, indicator.share])
        for task in desk.tasks(period)
        for indicator in task.indicators
    }


def what_it_verifies(file: Path, root: Path) -> dict[str, str]:
    [found] = merging.verify([file], roots=[root.read_bytes()])
    return {"state": found.state, "unit": found.unit, "digest": found.digest, "period": found.period}


def main() -> int:
    target = HERE / __version__
    if target.exists():
        print(
            f"{target.name} is there already; what was kept of a release is never made again", file=sys.stderr
        )
        return 1
    (target / "desks").mkdir(parents=True)
    (target / "packages").mkdir()
    expected: dict[str, Any] = {"desks": {}, "packages": {}}
    with tempfile.TemporaryDirectory() as name:
        city = Path(name) / "c"
        make_city(city, counties=1, towns=1, months=2, key_kind="p256")
        for unit in DESKS:
            folder = folder_of(city, unit)
            expected["desks"][unit] = what_it_says(folder)
            _pack(folder, target / "desks" / f"{unit}.tar.xz", evidence=unit == BUREAU)
        root = target / "root.pem"
        with Workspace.open(folder_of(city, CITY)) as workspace:
            root.write_bytes(keyring.roots(workspace)[0])
        for unit in DESKS:
            for file in sorted((folder_of(city, unit) / "outbox").glob("*.xlsx")):
                if file.stat().st_size < SMALL or unit == BUREAU:
                    shutil.copyfile(file, target / "packages" / file.name)
                    expected["packages"][file.name] = what_it_verifies(file, root)
    text = json.dumps(expected, ensure_ascii=False, indent=1, sort_keys=True)
    (target / "expected.json").write_text(text + "\n", encoding="utf-8")
    print(f"{target.name}: {sum(file.stat().st_size for file in target.rglob('*.*')):,} bytes")
    return 0


def _pack(folder: Path, target: Path, *, evidence: bool) -> None:
    """A desk as it lies on the disk, its database in one file."""
    connection = sqlite3.connect(folder / "taizhang.db")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    names = ["taizhang.db", "keys", *(["evidence"] if evidence else [])]
    with tarfile.open(target, "w:xz") as archive:
        for name in names:
            archive.add(folder / name, arcname=name)


if __name__ == "__main__":
    sys.exit(main())
