"""A whole city's year at once, for measuring:  python tests/bench/big_city.py DIR [--counties 10] [--towns 30]

Every township's month comes as a container of its own through the store's way in (`Store.admit`), unsigned, as the
merge hands it over after it has verified it: journal, ledger and sums are what real packages would have made.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

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


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("folder", type=Path)
    words.add_argument("--counties", type=int, default=10)
    words.add_argument("--towns", type=int, default=30)
    words.add_argument("--months", type=int, default=12)
    asked = words.parse_args()
    print(make(asked.folder, asked.counties, asked.towns, asked.months))
    sys.exit(0)
