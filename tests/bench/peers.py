"""Whole processes against the scripts that a coordinator would write: start, merge, memory.

pandas is none of our dependencies.  `python3 build/make.py bench` puts it into a folder of its own, named by
TAIZHANG_BENCH_LIBS; without it, its rows are left out.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from material import PASSPHRASE, Material
from measures import Bench, Measure

LIBS = "TAIZHANG_BENCH_LIBS"

OPENPYXL = """
import sys, openpyxl
book, sheets = openpyxl.Workbook(), {}
for path in sys.argv[2:]:
    for sheet in openpyxl.load_workbook(path).worksheets:
        if sheet.title not in sheets:
            sheets[sheet.title] = book.create_sheet(sheet.title)
        for row in sheet.iter_rows(values_only=True):
            sheets[sheet.title].append([path, *row])
book.save(sys.argv[1])
"""
PANDAS = """
import sys, pandas
frames = {}
for path in sys.argv[2:]:
    for name, frame in pandas.read_excel(path, sheet_name=None, header=None).items():
        frames.setdefault(name, []).append(frame.assign(file=path))
whole = {name: pandas.concat(parts) for name, parts in frames.items()}
if sys.argv[1] != "-":
    with pandas.ExcelWriter(sys.argv[1]) as out:
        for name, frame in whole.items():
            frame.to_excel(out, sheet_name=name, index=False, header=False)
"""
CALAMINE = """
import sys
from python_calamine import CalamineWorkbook
rows = 0
for path in sys.argv[2:]:
    book = CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        rows += len(book.get_sheet_by_name(name).to_python())
"""


class Ran(NamedTuple):
    seconds: float
    memory: float
    """MB at its highest, resident; that of the processes it started added."""


def ran(*words: str, libs: str = "", **surroundings: str) -> Ran:
    """A whole process, from its start to its end."""
    env = os.environ | surroundings
    if libs:
        env["PYTHONPATH"] = libs
    begun = time.perf_counter()
    child = subprocess.Popen([sys.executable, *words], stdout=subprocess.DEVNULL, env=env)
    highest: dict[int, float] = {}
    while child.poll() is None:
        for pid in (child.pid, *_started_by(child.pid)):
            # What the system keeps as the child's greatest (ru_maxrss) holds this process's own size, from before the
            # child's program was begun.
            highest[pid] = max(highest.get(pid, 0.0), _high_water(pid))
        time.sleep(0.01)
    assert child.returncode == 0, words[:4]
    return Ran(time.perf_counter() - begun, sum(highest.values()))


def _started_by(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
    except OSError:
        return []


def _high_water(pid: int) -> float:
    """The most memory a process has had so far, in MB; 0 once it has gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    return next(
        (int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0
    )


def merging(bench: Bench, material: Material) -> Iterator[Measure]:
    """The same files, each merged by a process of its own that ends when everything is on the disk."""
    files = [str(path) for path in material.files]
    out = str(bench.folder / "merged.xlsx")
    libs = os.environ.get(LIBS, "")
    memory: dict[str, list[float]] = {}

    def noted(who: str, found: Ran) -> float:
        memory.setdefault(who, []).append(found.memory)
        return found.seconds

    def ours() -> float:
        desk = str(material.fresh_desk())
        words = ("-m", "desktop_app", "--workspace", desk, "merge", *files)
        return noted("ours", ran(*words, TAIZHANG_PASSPHRASE=PASSPHRASE))

    def script(who: str, text: str, target: str, libs: str = "") -> float:
        return noted(who, ran("-c", text, target, *files, libs=libs))

    count = len(files)
    what = f"merge {count} packages, whole process, all checked"
    yield bench.compare(
        what, "openpyxl into one workbook", ours, lambda: script("openpyxl", OPENPYXL, out), "≤ 1/10", tenth
    )
    if libs:
        yield bench.compare(
            what,
            "pandas concat, nothing written",
            ours,
            lambda: script("pandas", PANDAS, "-", libs),
            "≤ 1/10",
            tenth,
        )
        yield bench.compare(
            what,
            "pandas into one workbook",
            ours,
            lambda: script("pandas", PANDAS, out, libs),
            "–",
            lambda r: True,
        )
    yield bench.compare(
        what, "calamine reads them, nothing checked", ours, lambda: script("calamine", CALAMINE, "-"), "–",
        lambda r: True,
    )  # fmt: skip
    for who, found in memory.items():
        print(f"  most memory of {who}: {max(found):.0f} MB", file=sys.stderr)
    most = max(memory["ours"])
    yield Measure(
        f"memory of merging {count} packages (MB)",
        "the limit of 64 MB",
        most,
        64,
        most / 64,
        "≤ 1",
        most <= 64,
    )


def tenth(ratio: float) -> bool:
    return ratio <= 1 / 10


def starting(bench: Bench) -> Measure:
    """The command line's start, against Python's own with click."""

    def least(*words: str) -> float:
        return min(ran(*words).seconds for _number in range(5))

    return bench.compare(
        "start of the command line", "python and click",
        lambda: least("-m", "desktop_app", "--version"), lambda: least("-c", "import click"), "–", lambda r: True,
    )  # fmt: skip
