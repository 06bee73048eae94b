"""Kill (-9) a desk at random moments of its work, and look at what is left.

    python -m tests.faults.kill --count 200 [--seed 1] [--job record --job export …]

After every kill: each entry that was acknowledged is in the journal, each file in the store, each package that stands
at the destination is whole and verifies, nothing there looks like a package and is none, `doctor` finds nothing, and
the same work, done again, comes to its end.
"""

from __future__ import annotations

import argparse
import collections
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import ground
from ground import JOBS, SPANS, Ground


class Run(ground.Run):
    """One job on its own copy, killed again and again."""

    def kill_once(self, after: float) -> str:
        """Start the job, kill it, check; returns how far it had come."""
        worker = self.start()
        first = worker.first()
        assert first == "ready\n", (first, *worker.rest())
        time.sleep(after)
        worker.kill()
        said, errors = worker.rest()
        assert worker.returncode in (-9, 0), said[-500:] + errors
        lines = self.hear(said)
        self.check()
        return "ended by itself" if worker.returncode == 0 else f"killed after {len(lines)} things were done"


def kill_many(
    ground: Ground, jobs: list[str], count: int, seed: int, folder: Path
) -> collections.Counter[str]:
    """`count` kills, dealt out to the jobs; after ten kills of a job it is let finish, and begun on a new copy."""
    rng = random.Random(seed)
    outcomes: collections.Counter[str] = collections.Counter()
    runs: dict[str, tuple[Run, int]] = {}
    for number in range(count):
        job = jobs[number % len(jobs)]
        run, done = runs.get(job) or (Run(ground, job, folder / f"{job}-{number}"), 0)
        said = run.kill_once(rng.uniform(0, SPANS[job]))
        outcomes[f"{job}: {'ended by itself' if said.startswith('ended') else 'killed'}"] += 1
        if done + 1 >= 10 or job in ("migrate", "join") or said.startswith("ended"):
            run.finish()
            shutil.rmtree(run.desk.parent)
            runs.pop(job, None)
        else:
            runs[job] = (run, done + 1)
    for run, _done in runs.values():
        run.finish()
    return outcomes


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--count", type=int, default=200)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--job", action="append", choices=JOBS)
    asked = words.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        outcomes = kill_many(
            Ground(Path(name)), asked.job or list(JOBS), asked.count, asked.seed, Path(name) / "runs"
        )
    print(f"{asked.count} kills, {time.monotonic() - begun:.0f} s")
    for outcome, number in sorted(outcomes.items()):
        print(f"  {outcome:32} {number}")
    print("nothing acknowledged was lost, no half package was left")
    return 0


if __name__ == "__main__":
    sys.exit(main())
