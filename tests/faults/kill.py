"""Kill (-9) a desk at random moments of its work, and look at what is left.

    python -m tests.faults.kill --count 200 [--seed 1] [--job record --job export …]

After every kill: each entry that was acknowledged is in the journal, each file in the store, each package that stands
at the destination is whole and verifies, nothing there looks like a package and is none, `doctor` finds nothing, and
the same work, done again, comes to its end.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# The maker of the offices lies beside the other test data, which is no package of Python's.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "data"))

from offices import CITY, COUNTY, OTHER_TOWN, PERIOD, TOWN, Offices, taizhang

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
JOBS = ("record", "attach", "export", "merge", "migrate", "backup", "key", "join")
SPANS = {
    "record": 1.0,
    "attach": 1.0,
    "export": 1.5,
    "merge": 0.12,
    "migrate": 0.2,
    "backup": 1.0,
    "key": 0.6,
    "join": 0.1,
}
"""Seconds within which a worker is killed, once it has begun."""

PASSPHRASE = "pass"


class Ground:
    """What the jobs work on, made once: a town's desk with a month behind it, a county's, and files to merge."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.world = world = Offices(folder / "world")
        world.enrol(COUNTY, CITY)
        for town in (TOWN, OTHER_TOWN):
            world.enrol(town, COUNTY)
        self.roots = _roots(world)
        self.incoming = folder / "incoming"
        self.incoming.mkdir()
        for code in (TOWN, OTHER_TOWN):
            self._months(world[code])
        self.setup = folder / "setup"
        self.setup.mkdir()
        package, digits = world.setup(TOWN, COUNTY)
        shutil.copy(package, self.setup)
        (self.setup / "fingerprint.txt").write_text(digits, encoding="utf-8")
        self.migrations = folder / "migrations"
        _next_version(self.migrations)

    def _months(self, office: object) -> None:
        """A dozen packages with evidence, as they come in over a year."""
        desk = self.world[office.code]  # type: ignore[attr-defined]
        for number in range(6):
            source = self.folder / "evidence.pdf"
            source.write_bytes(b"%PDF-1.4\n" + random.Random(f"{desk.code}{number}").randbytes(200_000))
            desk("attach", source, "--to", "1.1")
            for indicator in ("1.1", "3.1"):
                desk.record(indicator, 10 + number, reason="培训")
            desk("site", "add", f"东风小区{number}", "--quantity", "12.1=2")
            desk("export", "--period", PERIOD, "--out", self.incoming, "--evidence", "all")

    def passphrase(self, job: str) -> str:
        return self.world[COUNTY if job == "merge" else TOWN].passphrase


def _roots(world: Offices) -> list[bytes]:
    from desktop_app.core.operations import keyring
    from desktop_app.core.operations.workspace import Workspace

    with Workspace.open(world[CITY].folder, writing=False) as workspace:
        return keyring.roots(workspace)


def _next_version(folder: Path) -> None:
    """The migrations of this version and two more, the second of which is slow."""
    from desktop_app.core import paths

    shutil.copytree(paths.MIGRATIONS, folder)
    count = len(list(folder.glob("[0-9]*.sql")))
    slow = [
        f"CREATE TABLE slow{number} AS SELECT a.subject AS one, b.id AS other, randomblob(40) AS noise"
        " FROM entry AS a, entry AS b LIMIT 30000;"
        for number in range(6)
    ]
    (folder / f"{count + 1:04d}_first.sql").write_text("CREATE TABLE first (x TEXT);\n", encoding="utf-8")
    (folder / f"{count + 2:04d}_slow.sql").write_text("\n".join(slow) + "\n", encoding="utf-8")


class Run:
    """One job on its own copy, killed again and again."""

    def __init__(self, ground: Ground, job: str, folder: Path) -> None:
        self.ground = ground
        self.job = job
        self.desk = folder / "desk"
        self.out = folder / "out"
        self.out.mkdir(parents=True)
        self.said: dict[str, set[str]] = collections.defaultdict(set)
        self.number = 100
        if job != "join":
            code = COUNTY if job == "merge" else TOWN
            shutil.copytree(ground.world[code].folder, self.desk)

    @property
    def second(self) -> Path:
        """The folder the job is given beside its workspace."""
        given = {"merge": self.ground.incoming, "migrate": self.ground.migrations, "join": self.ground.setup}
        return given.get(self.job, self.out)

    def start(self) -> subprocess.Popen[str]:
        self.number += 400
        return subprocess.Popen(
            [
                sys.executable,
                str(HERE / "worker.py"),
                self.job,
                str(self.desk),
                str(self.second),
                str(self.number),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=ROOT,
            env={
                **os.environ,
                "TAIZHANG_PASSPHRASE": self.ground.passphrase(self.job),
                "PYTHONPATH": str(ROOT),
            },
        )

    def kill_once(self, after: float) -> str:
        """Start the job, kill it, check; returns how far it had come."""
        worker = self.start()
        assert worker.stdout is not None and worker.stderr is not None
        first = worker.stdout.readline()
        assert first == "ready\n", first + worker.stderr.read()
        time.sleep(after)
        worker.kill()
        said, errors = worker.communicate()
        assert worker.returncode in (-9, 0), errors
        lines = [line.split() for line in said.splitlines(keepends=True) if line.endswith("\n")]
        for kind, *rest in lines:
            if rest:
                self.said[kind].add(" ".join(rest))
        self.check()
        return "ended by itself" if worker.returncode == 0 else f"killed after {len(lines)} things were done"

    # -- what must hold ----------------------------------------------------------------------------------------------

    def check(self) -> None:
        from desktop_app.core import paths
        from desktop_app.core.operations import care
        from desktop_app.core.operations.workspace import Workspace

        before = paths.MIGRATIONS
        if self.job == "migrate":
            paths.MIGRATIONS = self.ground.migrations
        try:
            if self.job == "join":
                self._join_again()
            with Workspace.open(self.desk) as workspace:
                rows = workspace.store.connection.execute("SELECT id FROM entry").fetchall()
                ids = {row["id"].hex() for row in rows}
                assert self.said["entry"] <= ids, "an acknowledged entry is gone"
                for sha256 in self.said["file"]:
                    assert workspace.store.ledger.has_file(sha256) and workspace.store.files.find(sha256), (
                        sha256
                    )
                digests = {row["digest"] for row in workspace.store.ledger.containers()}
                assert self.said["container"] <= digests, "an acknowledged package is gone"
                found = care.doctor(workspace)
                assert found.ok, found.problems
                if self.job == "migrate":
                    assert workspace.store.connection.execute("SELECT 1 FROM slow5").fetchone()
                if self.job == "key":
                    self._check_key(workspace)
            left = [path.name for path in self.desk.rglob(".incoming-*")] + [
                p.name for p in self.desk.rglob("*.part")
            ]
            assert not left, f"left behind: {left}"
        finally:
            paths.MIGRATIONS = before
        self._check_packages()
        self._check_backups()

    def _check_packages(self) -> None:
        from desktop_app.core.operations.merging import expand
        from desktop_app.core.package.verify import open_package

        if self.job != "export":
            return
        here = expand([self.out])
        for path in here:
            with open_package(path, self.ground.roots) as package:
                assert package.state == "valid", (path, package.reason)
        for name, digest in (item.split() for item in self.said["package"]):
            assert hashlib.sha256((self.out / name).read_bytes()).hexdigest() == digest, name
        others = [path.name for path in self.out.iterdir() if path not in here]
        assert all(name.startswith(".") and name.endswith(".part") for name in others), others

    def _check_backups(self) -> None:
        from desktop_app.core.operations import care

        for path in self.out.glob("*/*") if self.job == "backup" else ():
            if path.suffix != ".part":
                target = self.out.with_name("restored")
                care.restore(path, target)
                shutil.rmtree(target)
        assert all((self.out / name).is_dir() for name in self.said["backup"])

    def _check_key(self, workspace: object) -> None:
        """A key that was acknowledged is in use or set aside; what is in use fits together, or can be made anew."""
        from desktop_app.core.errors import TrustError
        from desktop_app.core.operations import keyring

        passphrase = self.ground.passphrase(self.job)
        try:
            keyring.load_signer(workspace, passphrase)  # type: ignore[arg-type]
        except TrustError:
            keyring.new_key(workspace, passphrase, "p256")  # type: ignore[arg-type]

    def _join_again(self) -> None:
        """What was broken off is refused in words, and done again in the same folder."""
        from desktop_app.core.errors import StorageError
        from desktop_app.core.operations import founding
        from desktop_app.core.operations.workspace import Workspace

        try:
            Workspace.open(self.desk).close()
        except StorageError as error:
            assert error.what and error.next_step
            (setup,) = self.second.glob("*.xlsx")
            founding.join(
                self.desk, setup, "", (self.second / "fingerprint.txt").read_text(encoding="utf-8")
            ).close()

    def finish(self) -> None:
        """The same work, not killed this time, comes to its end."""
        if self.job == "export":
            done = taizhang(
                "export",
                "--period",
                PERIOD,
                "--out",
                self.out,
                at=self.desk,
                passphrase=self.ground.passphrase("export"),
            )
            assert done.status == 0, done
        elif self.job in ("merge", "migrate"):
            worker = self.start()
            said, errors = worker.communicate()
            assert worker.returncode == 0 and said.endswith("end\n"), errors
        self.check()
        if self.job == "merge":
            self._same_as_undisturbed()

    def _same_as_undisturbed(self) -> None:
        """A county that was killed again and again has the ledger of one that was left alone."""
        from desktop_app.core.operations.care import ledger_rows
        from desktop_app.core.operations.workspace import Workspace

        calm = Run(self.ground, "merge", self.out.with_name("calm"))
        worker = calm.start()
        worker.communicate()
        with Workspace.open(calm.desk) as one, Workspace.open(self.desk) as other:
            assert ledger_rows(one.store) == ledger_rows(other.store)


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
        ground = Ground(Path(name))
        outcomes = kill_many(ground, asked.job or list(JOBS), asked.count, asked.seed, Path(name) / "runs")
    print(f"{asked.count} kills, {time.monotonic() - begun:.0f} s")
    for outcome, number in sorted(outcomes.items()):
        print(f"  {outcome:32} {number}")
    print("nothing acknowledged was lost, no half package was left")
    return 0


if __name__ == "__main__":
    sys.exit(main())
