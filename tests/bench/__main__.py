"""Ratios on this machine, in one run:  python -m tests.bench [--packages 60] [--megabytes 200] [--rounds 3]

Every figure is a ratio against something everybody can run, since seconds mean little elsewhere.  `--write FILE` puts
the table into docs/benchmarks.md's place, with machine and versions.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import resource
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import big_city
import desk
import measures
import peers
import tables
from material import Material
from measures import Bench, Measure

LIBRARIES = ("cryptography", "lxml", "msgspec", "openpyxl", "XlsxWriter", "python-calamine")


HEAD = (
    "# Benchmarks",
    "",
    "Made by `python3 build/make.py bench`. Ours and theirs are seconds (medians of the rounds) where nothing else is "
    "said; the ratio is the median of the rounds' own ratios, both sides measured in turn in one run.",
    "",
)
SECTIONS = ("evidence", "start", "merge", "peers", "tables", "window", "board")


def run(asked: argparse.Namespace) -> Iterator[Measure]:
    wanted = asked.only or SECTIONS
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        bench = Bench(Path(name), asked.rounds)
        if "evidence" in wanted:
            yield from measures.evidence(bench, asked.megabytes)
            yield measures.intake(bench)
        if "start" in wanted:
            yield peers.starting(bench)
        if "merge" in wanted or "peers" in wanted:
            material = Material(bench.folder / "material", asked.packages, asked.rows)
        if "merge" in wanted:
            yield measures.sheets(bench, material)
            yield from measures.reading(bench, material)
            yield from measures.merge(bench, material)
            yield from measures.admit(bench, material)
        if "peers" in wanted:
            yield from peers.merging(bench, material)
        if "tables" in wanted:
            yield from tables.rows(bench)
            yield tables.scaling(bench)
        if "window" in wanted:
            yield from desk.against_empty(bench, asked.sites, asked.sites)
        if "board" in wanted:
            yield from big_city.boards(bench)


def _amount(what: str, number: float) -> str:
    return f"{number:.0f} MB" if what.endswith("(MB)") else f"{number:.3f} s"


def table(found: list[Measure]) -> list[str]:
    heads = ("what", "against", "ours", "theirs", "ratio", "goal", "")
    rows = [
        (
            item.what,
            item.against,
            _amount(item.what, item.ours),
            _amount(item.what, item.theirs),
            f"{item.ratio:.2f}" if item.ratio >= 0.1 else f"{item.ratio:.3f} (1/{1 / item.ratio:.0f})",
            item.goal,
            "" if item.goal == "–" else "✓" if item.reached else "✗",
        )
        for item in found
    ]
    return [
        "| " + " | ".join(heads) + " |",
        "|" + "---|" * len(heads),
        *("| " + " | ".join(row) + " |" for row in rows),
    ]


def machine() -> list[str]:
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        )
        if Path("/proc/cpuinfo").exists()
        else iter(()),
        platform.processor(),
    )
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES)
    return [
        f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}",
    ]


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--packages", type=int, default=60)
    words.add_argument("--rows", type=int, default=490)
    words.add_argument("--megabytes", type=int, default=200)
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument(
        "--sites", type=int, default=5000, help="sites and photos of the desk whose window is opened"
    )
    words.add_argument(
        "--growth", type=int, nargs="*", help="also merge so many packages, each count in a process"
    )
    words.add_argument("--only", action="append", choices=SECTIONS)
    words.add_argument("--folder", type=Path, help="where to work (a disk, not memory)")
    words.add_argument("--write", type=Path)
    asked = words.parse_args()
    measures.with_bytecode()
    found = []
    for item in run(asked):
        found.append(item)
        print(f"{item.what}: {item.ratio:.3f} × {item.against}", file=sys.stderr, flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said = [
        *machine(),
        "",
        *table(found),
        "",
        f"Most memory the measuring process itself took: {peak:.0f} MB.",
    ]
    if asked.growth is not None:
        from growth import COUNTS, measure

        said += ["", "## Growth", "", *measure(asked.growth or list(COUNTS), asked.rows, asked.folder)]
    print("\n".join(said))
    if asked.write:
        asked.write.write_text("\n".join([*HEAD, *said]) + "\n", encoding="utf-8")
    return 0 if all(item.reached for item in found) else 1


if __name__ == "__main__":
    sys.exit(main())
