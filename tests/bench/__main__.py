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

import measures
from material import Material
from measures import Bench, Measure

LIBRARIES = ("cryptography", "lxml", "msgspec", "openpyxl", "XlsxWriter", "python-calamine")


def run(asked: argparse.Namespace) -> Iterator[Measure]:
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        bench = Bench(Path(name), asked.rounds)
        if not asked.only or "evidence" in asked.only:
            yield from measures.evidence(bench, asked.megabytes)
            yield measures.intake(bench)
        if not asked.only or "start" in asked.only:
            yield measures.start(bench)
        if not asked.only or "merge" in asked.only:
            material = Material(bench.folder / "material", asked.packages, asked.rows)
            yield measures.sheets(bench, material)
            yield from measures.reading(bench, material)
            yield from measures.merge(bench, material)
            yield from measures.admit(bench, material)


def table(found: list[Measure]) -> list[str]:
    heads = ("what", "against", "ours", "theirs", "ratio", "goal", "")
    rows = [
        (
            item.what,
            item.against,
            f"{item.ours:.3f} s",
            f"{item.theirs:.3f} s",
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
    words.add_argument("--packages", type=int, default=50)
    words.add_argument("--rows", type=int, default=490)
    words.add_argument("--megabytes", type=int, default=200)
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--only", action="append", choices=("evidence", "start", "merge"))
    words.add_argument("--folder", type=Path, help="where to work (a disk, not memory)")
    words.add_argument("--write", type=Path)
    asked = words.parse_args()
    found = []
    for item in run(asked):
        found.append(item)
        print(f"{item.what}: {item.ratio:.3f} × {item.against}", file=sys.stderr, flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said = [*machine(), "", *table(found), "", f"Most memory the whole run took: {peak:.0f} MB."]
    print("\n".join(said))
    if asked.write:
        asked.write.write_text("\n".join(said) + "\n", encoding="utf-8")
    return 0 if all(item.reached for item in found) else 1


if __name__ == "__main__":
    sys.exit(main())
