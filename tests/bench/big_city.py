"""A whole city's year at once, for measuring:  python tests/bench/big_city.py DIR [--counties 10] [--towns 30]

Every township's month comes as a container of its own through the store's way in (`Store.admit`), unsigned, as the
merge hands it over after it has verified it: journal, ledger and sums are what real packages would have made.

With `--compare` the board of that city is opened in turn with that of a city of one county; both are made below DIR
where they are not there yet.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))

from measures import Bench, Measure

from desktop_app.core.figures.numbers import canonical
from desktop_app.core.journal.line import write_line
from desktop_app.core.model.bodies import Allocation, Duty, ProgressBody, SubmissionBody
from desktop_app.core.model.plan import Indicator
from desktop_app.core.model.unit import Unit
from desktop_app.core.operations import boarding, founding
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.plan.load import sample_plan
from desktop_app.core.store import journal
from desktop_app.core.store.journal import ContainerRow
from desktop_app.core.store.store import Arrival, Said

CITY = "990100"
ENTRIES = 84
"""Progress entries of a township in a month; 300 townships in 12 months say some 300,000."""


def organisation(counties: int, towns: int) -> list[Unit]:
    units = [Unit(code=CITY, name="测试市", level="city")]
    for county in range(1, counties + 1):
        code = f"{990200 + county}"
        units.append(Unit(code=code, name=f"第{county}县", level="county", parent=CITY))
        units += [
            Unit(code=f"{code}{town:03d}", name=f"{county}县{town}镇", level="township", parent=code)
            for town in range(1, towns + 1)
        ]
    return units


def reported(count: int) -> list[Indicator]:
    """Indicators that townships report here, more of them than in the plan's own suggestion."""
    typed = [item for item in sample_plan().indicators() if item.basis == "typed" and item.adds != "city"]
    return typed[:count]


def make(
    folder: Path, counties: int = 10, towns: int = 30, months: int = 12, entries: int = ENTRIES, seed: int = 1
) -> Path:
    """A city's workspace with everything in it; returns its folder."""
    chance = random.Random(seed)
    units = organisation(counties, towns)
    with founding.found_city(folder, CITY, units, "passphrase", kind="p256", plan=sample_plan()) as workspace:
        indicators = reported(entries)
        _divide(workspace, indicators, [unit for unit in units if unit.level == "county"], towns)
        months_of_all = [
            (month, unit) for month in range(1, months + 1) for unit in units if unit.level == "township"
        ]
        for start in range(0, len(months_of_all), 50):
            arrivals = [
                _month(workspace, unit, month, indicators, chance)
                for month, unit in months_of_all[start : start + 50]
            ]
            with workspace.store.transaction():
                workspace.store.admit(arrivals)
        boarding.make_ready(workspace)
        workspace.store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


def _divide(workspace: Workspace, indicators: list[Indicator], counties: list[Unit], towns: int) -> None:
    plan = workspace.plan.id
    said = []
    for county in counties:
        for indicator in indicators:
            subject = f"duty/{county.code}/{plan}/{indicator.id}"
            said.append(Said(kind="duty", subject=subject, body=Duty(each=True)))
            target = indicator.target_value
            if indicator.adds == "sum" and target is not None:
                part = target // len(counties)
                share = Allocation(value=canonical(part))
                said.append(
                    Said(kind="allocation", subject=f"share/{county.code}/{plan}/{indicator.id}", body=share)
                )
    for indicator in indicators:
        said.append(
            Said(kind="duty", subject=f"duty/{CITY}/{plan}/{indicator.id}", body=Duty(void=True, reason="-"))
        )
    workspace.store.say(said)


def _month(
    workspace: Workspace, unit: Unit, month: int, indicators: list[Indicator], chance: random.Random
) -> Arrival:
    plan, period, at = workspace.plan.id, f"2024-{month:02d}", f"2024-{month:02d}-28T09:00:00+08:00"
    lines = []
    for indicator in indicators:
        body = ProgressBody(value=month * chance.randint(1, 9))
        if indicator.measure == "rate":
            body = ProgressBody(value=month * 5 + chance.randint(0, 9), of=100)
        elif indicator.measure == "state":
            body = ProgressBody(value=chance.randint(0, 1))
        subject = f"progress/{unit.code}/{plan}/{indicator.id}/{period}"
        lines.append(write_line("progress", subject, unit.code, "张", at, body, (), 1))
    sent = SubmissionBody(digest="0" * 16, count=len(lines))
    lines.append(
        write_line("submission", f"submission/{unit.code}/{period}", unit.code, "张", at, sent, (), 1)
    )
    content = b"".join(line + b"\n" for line in lines)
    row = ContainerRow(
        digest=f"{unit.code}-{period}", origin="package", unit=unit.code, issuer=CITY, purpose="submission",
        addressee=CITY, plan=plan, period=period, sequence=1, arrived=at,
    )  # fmt: skip
    return Arrival(row=row, parts={}, journals=((f"{unit.code}.jsonl", content, journal.locate(content)),))


# -- measuring -------------------------------------------------------------------------------------------------------

OPEN = """
import sys, time
from pathlib import Path
from desktop_app.core.model.period import Period
from desktop_app.core.operations import boarding
from desktop_app.core.operations.workspace import Workspace
begun = time.perf_counter()
with Workspace.open(Path(sys.argv[1])) as workspace:
    view = boarding.view_of(workspace, Period(2024, int(sys.argv[2]), int(sys.argv[2])))
    print(time.perf_counter() - begun, len(view.cells))
"""
"""A process that has just started opens the workspace and has the board of a month as a view, ready to be painted;
starting Python and importing are not counted, since they are the same for every city."""

WINDOW = """
import os, sys, time
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from pathlib import Path
from PySide6.QtWidgets import QApplication
from desktop_app.core.model.period import Period
from desktop_app.core.operations.desk import Desk
from desktop_app.core.operations.workspace import Workspace
from desktop_app.ui import theme
from desktop_app.ui.city.board_page import BoardPage
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.session import Session
application = QApplication([])
theme.apply(application)
begun = time.perf_counter()
desk = Desk(Workspace.open(Path(sys.argv[1])))
window = MainWindow(Session(desk, Period(2024, int(sys.argv[2]), int(sys.argv[2]))))
window.resize(1366, 768)
window.show()
window.show_page("board")
window.grab()
print(time.perf_counter() - begun)
window.hide()
desk.close()
"""
"""The whole window with the board on it, painted: from the workspace's folder to the picture."""

SCAN = """
SELECT indicator, substr(area, 1, 6) AS county, sum(value), sum(denominator) FROM (
  SELECT indicator, area, max(month), value, denominator FROM figure WHERE month <= ? GROUP BY indicator, area
) GROUP BY indicator, county
"""
"""The cheapest way to add up every figure: one query, with neither shares nor lights nor the month before."""
PROCESSES = 5


def opening(folder: Path, month: int, program: str = OPEN) -> float:
    """Seconds; the median of some processes."""
    return median(
        float(
            subprocess.run(
                [sys.executable, "-c", program, str(folder), str(month)],
                check=True,
                capture_output=True,
                text=True,
            ).stdout.split()[0]
        )
        for _process in range(PROCESSES)
    )


def scanning(folder: Path, month: int) -> float:
    connection = sqlite3.connect(folder / "taizhang.db")
    begun = time.perf_counter()
    connection.execute(SCAN, (2024 * 12 + month,)).fetchall()
    seconds = time.perf_counter() - begun
    connection.close()
    return seconds


def boards(bench: Bench, counties: int = 10, towns: int = 30, months: int = 12) -> Iterator[Measure]:
    """The board of a large city against that of a city with one county, and against adding everything up."""
    large, small = bench.folder / f"counties-{counties}", bench.folder / "counties-1"
    for folder, count in ((small, 1), (large, counties)):
        if not (folder / "taizhang.db").exists():
            make(folder, count, towns, months)
        opening(folder, months)  # A ledger of another version is computed anew once.
    entries = counties * towns * months * ENTRIES
    size = f"{counties} counties, {counties * towns} townships, {months} months, {entries:,} progress entries"
    yield bench.compare(
        f"open the workspace and a month's board: {size}",
        "the same of 1 county",
        lambda: opening(large, months),
        lambda: opening(small, months),
        "≤ 1.5",
        lambda ratio: ratio <= 1.5,
    )
    yield bench.compare(
        f"the same board: {size}",
        "adding up every figure in one query",
        lambda: opening(large, months),
        lambda: scanning(large, months),
        "≤ 1/4",
        lambda ratio: ratio <= 0.25,
    )
    yield bench.compare(
        f"the window with that board painted: {size}",
        "the same of 1 county",
        lambda: opening(large, months, WINDOW),
        lambda: opening(small, months, WINDOW),
        "≤ 1.5",
        lambda ratio: ratio <= 1.5,
    )


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("folder", type=Path)
    words.add_argument("--counties", type=int, default=10)
    words.add_argument("--towns", type=int, default=30)
    words.add_argument("--months", type=int, default=12)
    words.add_argument("--compare", action="store_true", help="open its board and that of one county in turn")
    words.add_argument("--rounds", type=int, default=5)
    asked = words.parse_args()
    if not asked.compare:
        print(make(asked.folder, asked.counties, asked.towns, asked.months))
        return 0
    found = list(boards(Bench(asked.folder, asked.rounds), asked.counties, asked.towns, asked.months))
    for item in found:
        told = f"{item.ours:.4f} s against {item.theirs:.4f} s, ratio {item.ratio:.3f} ({item.goal})"
        print(f"{item.what}, against {item.against}: {told}")
    return 0 if all(item.reached for item in found) else 1


if __name__ == "__main__":
    sys.exit(main())
