"""Spoilt packages merged into a desk: whatever becomes of them, the desk stays sound and the others go in."""

from __future__ import annotations

import collections
import traceback
from pathlib import Path

from corpus import COUNTY, Corpus
from judge import Violation, spoil

BATCH = 50


class Outcome:
    def __init__(self) -> None:
        self.states: collections.Counter[str] = collections.Counter()
        self.violations: list[Violation] = []

    @property
    def summary(self) -> str:
        return ", ".join(f"{count} {state}" for state, count in sorted(self.states.items()))


def try_merging(corpus: Corpus, start: int, count: int, folder: Path) -> Outcome:
    from desktop_app.core.operations import care, keyring, merging
    from desktop_app.core.operations.workspace import Workspace

    outcome = Outcome()
    inbox = folder / "inbox"
    inbox.mkdir(exist_ok=True)
    with Workspace.open(corpus.world[COUNTY].folder) as workspace:
        # The county believes in every root here, so that the good halves of spoilt files come as far as they can.
        for root in corpus.roots:
            keyring.pin_root(workspace, root)
        for begin in range(start, start + count, BATCH):
            files = []
            for number in range(begin, min(begin + BATCH, start + count)):
                path = inbox / f"{number}.xlsx"
                path.write_bytes(spoil(corpus, number, at_home=True).data)
                files.append(path)
            try:
                results, _changes = merging.merge(workspace, files)
                outcome.states.update(result.state for result in results)
                said = [result.file for result in results]
                _note(outcome, begin, said == files, "a file has no row")
                for result in results:
                    counts = result.counts
                    adds_up = (
                        counts.entries == counts.new + counts.known + counts.conflicting + counts.refused
                    )
                    _note(outcome, int(result.file.stem), adds_up, "counts do not add up")
            except Exception:
                outcome.violations.append(Violation(begin, f"merge of {BATCH}", traceback.format_exc()))
            for path in files:
                path.unlink()
        found = care.doctor(workspace)
        _note(outcome, start, found.ok, f"doctor: {found.problems[:3]}")
    return outcome


def _note(outcome: Outcome, number: int, right: bool, why: str) -> None:
    if not right:
        outcome.violations.append(Violation(number, "merged", why))
