"""How time, memory and the database grow with the number of packages:  python -m tests.bench.growth [--counts 10 100 …]

Each count is merged by a process of its own into a desk that has seen nothing.  The slope tells how much faster than
the number of packages a figure grows: 1 is in step, 2 would be quadratic; it is fitted over the last two counts, where
fixed costs no longer hide it.
"""

from __future__ import annotations

import argparse
import math
import shutil
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

from material import COUNTY, PASSPHRASE, Material
from peers import ran

COUNTS = (10, 100, 1000, 3000)
READY = "ready"


class Grown(NamedTuple):
    packages: int
    seconds: float
    memory: float
    database: float
    """MB of the desk's database afterwards, less what it was before."""


def grown(folder: Path, packages: int, rows: int) -> Grown:
    place = prepare(folder, packages, rows)
    desk = place / "desk"
    shutil.rmtree(desk, ignore_errors=True)
    shutil.copytree(place / "world" / COUNTY, desk)
    before = _size(desk)
    words = ("-m", "desktop_app", "--workspace", str(desk), "merge", str(place / "packages"))
    found = ran(*words, TAIZHANG_PASSPHRASE=PASSPHRASE)
    count = len(list((place / "packages").glob("*.xlsx")))
    return Grown(count, found.seconds, found.memory, _size(desk) - before)


def prepare(folder: Path, packages: int, rows: int) -> Path:
    """The packages to merge and the desk to merge them into; made once where the folder is kept."""
    place = folder / f"of{packages}"
    if not (place / READY).exists():
        shutil.rmtree(place, ignore_errors=True)
        Material(place, packages, rows)
        (place / READY).touch()
    return place


def _size(desk: Path) -> float:
    return sum(path.stat().st_size for path in desk.glob("taizhang.db*")) / 1e6


def slope(before: Grown, after: Grown, which: str) -> float:
    one, other = getattr(before, which), getattr(after, which)
    return math.log(other / one) / math.log(after.packages / before.packages)


def report(found: list[Grown]) -> list[str]:
    lines = ["| packages | seconds | MB of memory | MB of database |", "|---|---|---|---|"]
    lines += [f"| {g.packages:,} | {g.seconds:.2f} | {g.memory:.0f} | {g.database:.1f} |" for g in found]
    if len(found) > 1:
        slopes = [f"{slope(found[-2], found[-1], which):.2f}" for which in ("seconds", "memory", "database")]
        lines.append(f"| slope of the last two | {' | '.join(slopes)} |")
    return lines


def measure(counts: list[int], rows: int, folder: Path | None = None) -> list[str]:
    if folder is not None:
        return report([grown(folder, count, rows) for count in counts])
    with tempfile.TemporaryDirectory() as name:
        return report([grown(Path(name), count, rows) for count in counts])


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--counts", type=int, nargs="+", default=list(COUNTS))
    words.add_argument("--rows", type=int, default=490)
    words.add_argument("--folder", type=Path, help="keep the packages here, and use them again")
    words.add_argument("--prepare", action="store_true", help="only make the packages")
    asked = words.parse_args()
    if asked.prepare:
        for count in asked.counts:
            prepare(asked.folder, count, asked.rows)
        return
    print("\n".join(measure(asked.counts, asked.rows, asked.folder)))


if __name__ == "__main__":
    main()
