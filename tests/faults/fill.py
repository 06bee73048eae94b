"""Fill, lock and pull out disks at random moments of a desk's work, and look at what is left.

    python -m tests.faults.fill --minutes 60 | --count 200 [--seed 1] [--from 17] [--job record --job export-to …]

Each round puts a desk, or what it reads from or writes to, on a small disk (ext4 in a file), starts a job on it, and
lets one thing happen: the disk has little room left from the start, is filled by somebody else, turns read-only, is
pulled out, or is pulled out and its folder goes as well (what was not flushed is lost then, as with a stick).  Then:
the job ends by itself within two minutes, done or refused in words that say what is wrong with the disk; every entry,
file, package, backup and key that was acknowledged is there once the disk is in again; nothing at a destination looks
like a package and is none; nothing is left behind on a disk that was merely full; `doctor` finds nothing; and the same
work, done again, comes to its end.

A round that fails is told with its number; `--from NUMBER --count 1` with the same seed and jobs does it again.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent))

from ground import SPANS, Ground, Run, Worker
from small_disk import Stick
from worker import content_of

LONGEST = 120
"""Seconds within which a job has ended by itself, on a machine that does other things as well."""
MEGABYTES = 160
"""So that no job fills a disk by itself before anything else happens to it."""
EVENTS = ("full before", "filled", "locked", "pulled out", "gone")


class Case(NamedTuple):
    """A job, and what of it lies on the small disk."""

    job: str
    on: str
    """`desk`, or what is beside it: `target` or `source`."""
    events: tuple[str, ...] = EVENTS


CASES = {
    "record": Case("record", "desk"),
    "attach": Case("attach", "desk"),
    "attach-from": Case("attach", "source", ("pulled out", "gone")),
    "export": Case("export", "desk"),
    "export-to": Case("export", "target"),
    "merge": Case("merge", "desk"),
    "merge-from": Case("merge", "source", ("pulled out", "gone")),
    "migrate": Case("migrate", "desk"),
    "backup": Case("backup", "desk"),
    "backup-to": Case("backup", "target"),
    "restore-to": Case("restore", "target"),
    "archive-to": Case("archive", "target"),
    "key": Case("key", "desk"),
    "join": Case("join", "desk"),
}
WORDS = {
    "full": ("满", "空间"),
    "locked": ("只读", "写保护"),
    "gone": ("拔出", "读写", "打不开", "断了", "读不到"),
}
"""By what a reader can tell which it was."""
SAID = {
    "full before": ("full",),
    "filled": ("full",),
    "locked": ("locked",),
    "pulled out": ("gone",),
    # Where a folder was, none can be made: that is all the system says of it.
    "gone": ("gone", "locked"),
}


class Round:
    """One job on one small disk, and one thing that happens to it."""

    def __init__(self, ground: Ground, name: str, event: str, folder: Path, chance: random.Random) -> None:
        self.case = CASES[name]
        self.event = event
        self.chance = chance
        self.disk = Stick(folder / "place", MEGABYTES)
        try:
            self.run = self._prepared(ground, folder)
            self.disk.flush()
            # In anew, so that what is to be read lies on the disk and not in its cache.
            self.disk.put_in()
        except BaseException:
            self.disk.pull_out()
            raise

    def _prepared(self, ground: Ground, folder: Path) -> Run:
        if self.case.on == "desk":
            # What is written beside the desk lies on another disk.
            second = folder / "out" if self.case.job not in ("merge", "migrate", "join") else None
            return Run(ground, self.case.job, self.disk.folder, second)
        beside = self.disk.folder / "beside"
        beside.mkdir()
        if self.case.job == "attach":
            for number in range(80):
                name = f"from-{number:02d}.pdf"
                (beside / name).write_bytes(content_of(name))
        elif self.case.job == "merge":
            shutil.copytree(ground.incoming, beside, dirs_exist_ok=True)
        return Run(ground, self.case.job, folder, beside)

    def play(self) -> str:
        """Returns how the job ended; AssertionError where anything is not as it must be."""
        try:
            if self.event == "full before":
                self.disk.fill(self._room(4 << 20))
            ending = self._disturbed()
            if self.event in ("full before", "filled"):
                self._nothing_left_behind()
                self.disk.empty()
            else:
                self.disk.put_in()
            self.run.check()
            self.run.finish()
            return ending
        finally:
            self.disk.pull_out()

    def _room(self, most: int) -> int:
        """Bytes that are left; as often only a few as many."""
        return 0 if self.chance.random() < 0.2 else int(2 ** self.chance.uniform(10, most.bit_length() - 1))

    def _disturbed(self) -> str:
        worker = self.run.start()
        try:
            first = worker.first()
            if self.event != "full before":
                assert first == "ready\n", (first, *worker.rest())
                time.sleep(self.chance.uniform(0, SPANS[self.case.job]))
                with held(worker):
                    self._happen()
            said, errors = worker.rest(LONGEST)
        except subprocess.TimeoutExpired:
            raise AssertionError("it did not end by itself") from None
        finally:
            if worker.poll() is None:
                worker.kill()
                worker.rest()
        return self._ending(first + said, errors, worker.returncode)

    def _happen(self) -> None:
        happening: dict[str, Callable[[], None]] = {
            "filled": lambda: self.disk.fill(self._room(1 << 18)),
            "locked": self.disk.lock,
            "pulled out": self.disk.fail,
            "gone": self.disk.vanish,
        }
        happening[self.event]()

    def _ending(self, said: str, errors: str, status: int) -> str:
        lines = self.run.hear(said)
        assert errors == "", errors
        for line in lines:
            if line[0] == "left":
                # A file on a stick that is gone waits until it is there again; it is not called a forged one.
                self._told(line[1:])
        if status == 0:
            assert lines[-1] == ["end"], lines[-1]
            left = any(line[0] == "left" for line in lines)
            return "done but for files named" if left else "done all the same"
        assert status == 1 and lines and lines[-1][0] == "refused", (status, lines[-1:])
        self._told(lines[-1][1:])
        return "refused in words"

    def _told(self, words: list[str]) -> None:
        text = " ".join(words)
        what, _arrow, next_step = text.partition("→")
        assert any("一" <= letter <= "鿿" for letter in what) and next_step.strip(), text
        fitting = [word for kind in SAID[self.event] for word in WORDS[kind]]
        assert any(word in text for word in fitting), f"does not say that the disk is {self.event}: {text}"

    def _nothing_left_behind(self) -> None:
        left = self.run.pieces()
        left += [path.name for path in self.run.out.rglob("*") if ".part" in path.name]
        assert not left, f"left behind: {left}"


@contextlib.contextmanager
def held(worker: Worker) -> Iterator[None]:
    """Meanwhile the worker is in no call of the system's.  A flush that is under way while a file system is shut down
    by force may be told that it went well, which is the kernel's word and not ours; no disk that is pulled out says so.
    """
    worker.send_signal(signal.SIGSTOP)
    try:
        threads = Path(f"/proc/{worker.pid}/task")
        ends = time.monotonic() + 10
        # "T": stopped; "Z": it has ended already.
        while worker.poll() is None and time.monotonic() < ends:
            states = [(thread / "stat").read_text().rpartition(") ")[2][0] for thread in threads.iterdir()]
            if set(states) <= set("TZ"):
                break
            time.sleep(0.001)
        yield
    finally:
        worker.send_signal(signal.SIGCONT)


def rounds(names: list[str], seed: int, first: int) -> Iterator[tuple[int, str, str, random.Random]]:
    """Without end: number, case, event, and the chance of that round alone."""
    number = first
    while True:
        chance = random.Random(f"{seed}/{number}")
        name = names[number % len(names)]
        yield number, name, chance.choice(CASES[name].events), chance
        number += 1


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--count", type=int, default=0)
    words.add_argument("--minutes", type=float, default=0)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--from", type=int, default=0, dest="first")
    words.add_argument("--job", action="append", choices=CASES)
    asked = words.parse_args()
    # Ended from outside, it still takes its disks out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    count = asked.count or (0 if asked.minutes else 100)
    begun = time.monotonic()
    endings: dict[str, collections.Counter[str]] = {name: collections.Counter() for name in CASES}
    events: dict[str, collections.Counter[str]] = {event: collections.Counter() for event in EVENTS}
    failed = done = 0
    # In memory where there is such a place: the disks are files, and a real one would be waited for.
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        ground = Ground(Path(name))
        for number, case, event, chance in rounds(asked.job or list(CASES), asked.seed, asked.first):
            if (count and done >= count) or (asked.minutes and time.monotonic() - begun > asked.minutes * 60):
                break
            folder = Path(name) / f"round-{number}"
            folder.mkdir()
            try:
                ending = Round(ground, case, event, folder, chance).play()
            except Exception:
                ending = "FAILED"
                failed += 1
                print(f"round {number} ({case}, {event}):", flush=True)
                traceback.print_exc(file=sys.stdout)
            endings[case][ending] += 1
            events[event][ending] += 1
            done += 1
            shutil.rmtree(folder)
    print(f"{done} rounds, {time.monotonic() - begun:.0f} s")
    for told in (endings, events):
        for what, counted in told.items():
            if counted:
                print(f"  {what:12}", ", ".join(f"{key} {value}" for key, value in sorted(counted.items())))
    if failed:
        print(f"{failed} rounds FAILED")
        return 1
    print("nothing acknowledged was lost, nothing half was left, every refusal said why")
    return 0


if __name__ == "__main__":
    sys.exit(main())
