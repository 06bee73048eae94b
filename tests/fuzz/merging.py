"""Spoilt packages merged into a desk: whatever becomes of them, the desk stays sound, the others go in, and every
question it is asked afterwards is answered or refused in words."""

from __future__ import annotations

import collections
import shutil
import traceback
from pathlib import Path

from corpus import COUNTY, PERIOD, TOWN, Corpus
from judge import Violation, spoil
from offices import Office

BATCH = 50
QUESTIONS = (
    ("tasks", "--period", PERIOD),
    ("tasks", "--period", PERIOD, "--unit", TOWN, "--json"),
    ("units", "show"),
    ("plan", "show"),
    ("allocate", "show"),
    ("check", "--period", PERIOD),
    ("conflicts",),
    ("review", "list", "--period", PERIOD),
    ("missing", "--period", PERIOD),
    ("site", "list"),
    ("problem", "list"),
    ("log",),
    ("key", "show"),
    ("export", "--period", PERIOD, "--out"),
    ("reply", "--out"),
)


class Outcome:
    def __init__(self) -> None:
        self.states: collections.Counter[str] = collections.Counter()
        self.violations: list[Violation] = []

    @property
    def summary(self) -> str:
        return ", ".join(f"{count} {state}" for state, count in sorted(self.states.items()))

    def note(self, number: int, right: bool, why: str) -> None:
        if not right:
            self.violations.append(Violation(number, "merged", why))


def try_merging(corpus: Corpus, start: int, count: int, folder: Path, batch: int = BATCH) -> Outcome:
    """Each batch goes into a desk as it was, so that one that upset it would be found among a few."""
    outcome = Outcome()
    inbox = folder / "inbox"
    inbox.mkdir(exist_ok=True)
    for begin in range(start, start + count, batch):
        desk = Office(folder / "desk", COUNTY, corpus.world[COUNTY].passphrase)
        shutil.copytree(corpus.world[COUNTY].folder, desk.folder)
        files = []
        for number in range(begin, min(begin + batch, start + count)):
            files.append(inbox / f"{number}.xlsx")
            files[-1].write_bytes(spoil(corpus, number, at_home=True).data)
        try:
            merge(desk, files, outcome)
            ask(desk, outcome, begin, folder / "out")
        except Exception:
            outcome.violations.append(Violation(begin, f"batch of {batch}", traceback.format_exc()))
        shutil.rmtree(desk.folder)
        for path in files:
            path.unlink()
    return outcome


def merge(desk: Office, files: list[Path], outcome: Outcome) -> None:
    from desktop_app.core.operations import care, merging
    from desktop_app.core.operations.workspace import Workspace

    with Workspace.open(desk.folder) as workspace:
        results, _changes = merging.merge(workspace, files)
        outcome.states.update(result.state for result in results)
        outcome.note(int(files[0].stem), [result.file for result in results] == files, "a file has no row")
        for result in results:
            counts = result.counts
            adds_up = counts.entries == counts.new + counts.known + counts.conflicting + counts.refused
            outcome.note(int(result.file.stem), adds_up, "counts do not add up")
        found = care.doctor(workspace)
        outcome.note(int(files[0].stem), found.ok, f"doctor: {found.problems[:3]}")


def ask(desk: Office, outcome: Outcome, number: int, out: Path) -> None:
    """Whatever was merged, a question ends in an answer or in words (`ask` stops at a traceback)."""
    for words in QUESTIONS:
        try:
            desk.ask(*words, *((out,) if words[-1] == "--out" else ()))
        except Exception as fault:
            outcome.note(number, False, f"{' '.join(words)}: {fault!s:.3000}")
    shutil.rmtree(out, ignore_errors=True)
