"""What the faults are tried on: offices with a month behind them, a job on a copy of one, and what must hold after it
was broken off, whatever broke it off."""

from __future__ import annotations

import collections
import contextlib
import functools
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# The maker of the offices lies beside the other test data, which is no package of Python's.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "data"))

from offices import CITY, COUNTY, OTHER_TOWN, PERIOD, TOWN, Offices

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
JOBS = ("record", "attach", "export", "merge", "migrate", "backup", "restore", "archive", "key", "join")
SPANS = {
    "record": 1.0,
    "attach": 1.0,
    "export": 1.5,
    "merge": 0.12,
    "migrate": 0.2,
    "backup": 1.0,
    "restore": 1.0,
    "archive": 1.5,
    "key": 0.6,
    "join": 0.1,
}
"""Seconds within which a worker is disturbed, once it has begun."""


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

    @functools.cached_property
    def merged(self) -> dict[str, list[tuple[object, ...]]]:
        """The ledger of a county that merged everything without being disturbed."""
        from desktop_app.core.operations.care import ledger_rows
        from desktop_app.core.operations.workspace import Workspace

        calm = Run(self, "merge", self.folder / "calm")
        calm.work()
        with Workspace.open(calm.desk) as workspace:
            return ledger_rows(workspace.store)


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


class Worker(subprocess.Popen[bytes]):
    """A job in a process of its own, heard as text."""

    def first(self) -> str:
        assert self.stdout is not None
        return self.stdout.readline().decode()

    def rest(self, timeout: float | None = None) -> tuple[str, str]:
        """What it said from then on, and its errors, once it has ended."""
        said, errors = self.communicate(timeout=timeout)
        return said.decode(), errors.decode()


class Run:
    """One job on its own copy, disturbed again and again."""

    def __init__(self, ground: Ground, job: str, folder: Path, second: Path | None = None) -> None:
        self.ground = ground
        self.job = job
        self.desk = folder / "desk"
        self.out = second or folder / "out"
        self.out.mkdir(parents=True, exist_ok=True)
        self.said: dict[str, set[str]] = collections.defaultdict(set)
        self.last: dict[str, str] = {}
        self.number = 100
        self._given = second
        if job != "join":
            code = COUNTY if job == "merge" else TOWN
            shutil.copytree(ground.world[code].folder, self.desk)

    @property
    def second(self) -> Path:
        """The folder the job is given beside its workspace."""
        given = {"merge": self.ground.incoming, "migrate": self.ground.migrations, "join": self.ground.setup}
        return self._given or given.get(self.job, self.out)

    # -- at work -----------------------------------------------------------------------------------------------------

    def start(self, times: int = 0) -> Worker:
        """The job in a process of its own; `times` 0 for as often as it does it by itself."""
        self.number += 400
        words = (self.job, self.desk, self.second, self.number, times)
        return Worker(
            [sys.executable, str(HERE / "worker.py"), *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # Without a buffer, from which what was said right after the first line would not come out again.
            bufsize=0,
            cwd=ROOT,
            env={
                **os.environ,
                "TAIZHANG_PASSPHRASE": self.ground.passphrase(self.job),
                "PYTHONPATH": str(ROOT),
            },
        )

    def hear(self, said: str) -> list[list[str]]:
        """What a worker has said, remembered: only what it could say to the end."""
        lines = [line.split() for line in said.splitlines(keepends=True) if line.endswith("\n")]
        for kind, *rest in lines:
            if rest:
                self.last[kind] = " ".join(rest)
                self.said[kind].add(self.last[kind])
        return lines

    def work(self, times: int = 0) -> None:
        """The job, not disturbed, comes to its end."""
        worker = self.start(times)
        said, errors = worker.rest()
        assert worker.returncode == 0 and said.endswith("end\n"), said[-500:] + errors
        self.hear(said)

    def finish(self) -> None:
        """The same work, not disturbed this time, comes to its end."""
        if self.job == "join":
            # It was done again, in the same folder, when it was looked at.
            return
        self.work(times=1)
        self.check()
        if self.job == "merge":
            self._same_as_undisturbed()

    # -- what must hold ----------------------------------------------------------------------------------------------

    def check(self) -> None:
        from desktop_app.core.operations import care
        from desktop_app.core.operations.workspace import Workspace

        with self._migrations():
            if self.job == "join":
                self._join_again()
            with Workspace.open(self.desk) as workspace:
                rows = workspace.store.connection.execute("SELECT id FROM entry").fetchall()
                ids = {row["id"].hex() for row in rows}
                assert self.said["entry"] <= ids, (
                    f"{len(self.said['entry'] - ids)} acknowledged entries are gone"
                )
                for sha256 in self.said["file"]:
                    assert workspace.store.ledger.has_file(sha256), sha256
                    assert workspace.store.files.find(sha256), f"an acknowledged file is gone: {sha256}"
                digests = {row["digest"] for row in workspace.store.ledger.containers()}
                assert self.said["container"] <= digests, "an acknowledged package is gone"
                found = care.doctor(workspace)
                assert found.ok, found.problems
                if self.job == "migrate":
                    assert workspace.store.connection.execute("SELECT 1 FROM slow5").fetchone()
                if self.job == "key":
                    self._check_key(workspace)
            left = self.pieces()
            assert not left, f"left behind: {left}"
        self._check_packages()
        self._check_backups()
        self._check_restored()
        self._check_archives()

    def pieces(self) -> list[str]:
        """Files under temporary names in the workspace."""
        ours = (".incoming-", ".key-", ".encrypting")
        return [
            path.name
            for path in self.desk.rglob("*")
            if path.name.endswith(".part") or path.name.startswith(ours)
        ]

    @contextlib.contextmanager
    def _migrations(self) -> Iterator[None]:
        """A workspace that a later version has begun to migrate is looked at by that version."""
        from desktop_app.core import paths

        before = paths.MIGRATIONS
        if self.job == "migrate":
            paths.MIGRATIONS = self.ground.migrations
        try:
            yield
        finally:
            paths.MIGRATIONS = before

    def _check_packages(self) -> None:
        from desktop_app.core.operations.merging import expand
        from desktop_app.core.package.verify import open_package

        if self.job != "export":
            return
        here = expand([self.out])
        found = {}
        for path in here:
            with open_package(path, self.ground.roots) as package:
                assert package.state == "valid", (path, package.reason)
                found[path.name] = package.container
        for name, digest in (item.split() for item in self.said["package"]):
            assert found.get(name) == digest, f"an acknowledged package is gone: {name}"
        others = [path.name for path in self.out.iterdir() if path not in here]
        assert all(name.startswith(".") and name.endswith(".part") for name in others), others

    def _check_backups(self) -> None:
        from desktop_app.core.operations import care

        for path in self.out.glob("*/*") if self.job == "backup" else ():
            if path.suffix != ".part":
                target = self.desk.with_name("restored")
                care.restore(path, target)
                shutil.rmtree(target)
        for name in self.said["backup"]:
            assert (self.out / name).is_dir(), f"an acknowledged backup is gone: {name}"

    def _check_restored(self) -> None:
        from desktop_app.core.operations import care
        from desktop_app.core.operations.workspace import Workspace

        for path in self.out.iterdir() if self.job == "restore" else ():
            # An unfinished one has a name that no backup or workspace has, and is no workspace's folder by that.
            if path.name != "filler" and ".part-" not in path.name:
                with Workspace.open(path) as workspace:
                    found = care.doctor(workspace)
                    assert found.ok, (path, found.problems)
        for name in self.said["restored"]:
            assert (self.out / name).is_dir(), f"an acknowledged workspace is gone: {name}"

    def _check_archives(self) -> None:
        from desktop_app.core.operations import archive

        for path in self.out.glob("*/*") if self.job == "archive" else ():
            if path.suffix != ".part":
                found = archive.verify(path, self.ground.roots)
                assert found.ok, (path, found.problems)
        for name in self.said["archive"]:
            assert (self.out / name).exists(), f"an acknowledged archive is gone: {name}"

    def _check_key(self, workspace: object) -> None:
        """The key that was acknowledged last is in use or set aside; what is in use fits together, or can be made
        anew."""
        from desktop_app.core.errors import TrustError
        from desktop_app.core.operations import keyring
        from desktop_app.core.trust.fingerprint import spoken

        folder = self.desk / "keys"
        certificates = [folder / "desk.pem", *folder.glob("old-*-desk.pem")]
        known = {
            spoken(keyring.key_of(keyring.split_pem(path.read_bytes())[0])).replace(" ", "")
            for path in certificates
        }
        assert not self.last.get("key") or self.last["key"] in known, "an acknowledged key is gone"
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

    def _same_as_undisturbed(self) -> None:
        """A county that was disturbed again and again has the ledger of one that was left alone."""
        from desktop_app.core.operations.care import ledger_rows
        from desktop_app.core.operations.workspace import Workspace

        with Workspace.open(self.desk) as workspace:
            assert ledger_rows(workspace.store) == self.ground.merged
