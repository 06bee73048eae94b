"""One desk at work until somebody disturbs it: says on standard output what is done, only after it is done.

    worker.py JOB WORKSPACE FOLDER NUMBER TIMES

Lines are: ready · entry ID · file SHA256 · package NAME DIGEST · container DIGEST · backup NAME · restored NAME ·
archive NAME · key DIGITS · end; and where the work is refused as it would be on the command line: left NAME REASON ·
refused WHAT … → NEXT STEP
"""

from __future__ import annotations

import hashlib
import importlib
import os
import random
import sys
from pathlib import Path

PERIOD = "2024-05"


def say(*words: object) -> None:
    print(*words, flush=True)


def record(workspace_folder: Path, folder: Path, number: int, times: int) -> None:
    with opened(workspace_folder) as workspace:
        say("ready")
        for value in range(number, number + (times or 300)):
            say("entry", recorded(workspace, value))
    say("end")


def recorded(workspace, value: int) -> str:  # type: ignore[no-untyped-def]
    from desktop_app.core.model.period import Period
    from desktop_app.core.operations import recording

    recording.record(workspace, "1.1", str(value), period=Period.parse(PERIOD), reason="集中培训")
    head = workspace.store.ledger.head(f"progress/{workspace.unit_code}/2024/1.1/{PERIOD}")
    return str(head.id)


def attach(workspace_folder: Path, folder: Path, number: int, times: int) -> None:
    from desktop_app.core.operations import evidence

    rng = random.Random(number)
    # What lies there already is taken from there, as from a stick; else there is no end of photos.
    waiting = sorted(folder.glob("from-*.pdf"))[: times or None]
    with opened(workspace_folder) as workspace:
        say("ready")
        for index in range(len(waiting) or times or 1000):
            content = b"%PDF-1.4\n" + rng.randbytes(rng.choice((5_000, 300_000, 2_000_000)))
            source = folder / f"{number}-{index}.pdf"
            if waiting:
                source = waiting[index]
                content = content_of(source.name)
            else:
                source.write_bytes(content)
            personal = index % 4 == 3
            evidence.attach(workspace, [source], ["1.1"], personal=personal)
            say("file", hashlib.sha256(content).hexdigest())
            head = workspace.store.ledger.evidence_about("indicator/2024/1.1")[-1]
            say("entry", head.id)
    say("end")


def content_of(name: str) -> bytes:
    """What is in a file that waits on a stick, told from its name, so that nobody need read it."""
    return b"%PDF-1.4\n" + random.Random(name).randbytes(300_000)


def export(workspace_folder: Path, folder: Path, number: int, times: int) -> None:
    from desktop_app.core.model.period import Period
    from desktop_app.core.operations import exporting

    with opened(workspace_folder) as workspace:
        say("ready")
        for value in range(number, number + (times or 50)):
            say("entry", recorded(workspace, value))
            limit = 400_000 if value % 3 == 0 else 0
            done = exporting.export(workspace, Period.parse(PERIOD), folder, evidence="all", max_size=limit)
            for item in done.files:
                say("package", item.path.name, item.digest)
    say("end")


def merge(workspace_folder: Path, folder: Path, number: int, times: int) -> None:
    from desktop_app.core.operations import merging

    files = sorted(folder.glob("*.xlsx"))
    random.Random(number).shuffle(files)
    with opened(workspace_folder) as workspace:
        say("ready")
        for file in files:
            (result,), _changes = merging.merge(workspace, [file])
            if result.state == "quarantined":
                say("left", file.name, result.reason, "→", result.next_step)
            else:
                say("container", result.container)
    say("end")


def migrate(workspace_folder: Path, folder: Path, number: int, times: int) -> None:
    """`folder` holds the migrations of a version that is not out yet."""
    from desktop_app.core import paths

    paths.MIGRATIONS = folder
    say("ready")
    with opened(workspace_folder):
        say("end")


def backup(workspace_folder: Path, folder: Path, number: int, times: int) -> None:
    from desktop_app.core.operations import care

    with opened(workspace_folder) as workspace:
        say("ready")
        for index in range(number, number + (times or 100)):
            say("backup", care.back_up_to(workspace, folder / str(index)).relative_to(folder).as_posix())
    say("end")


def restore(workspace_folder: Path, folder: Path, number: int, times: int) -> None:
    """The workspace is the backup, which is no more than its copy."""
    from desktop_app.core.operations import care

    say("ready")
    for index in range(number, number + (times or 100)):
        say("restored", care.restore(workspace_folder, folder / str(index)).relative_to(folder).as_posix())
    say("end")


def archive(workspace_folder: Path, folder: Path, number: int, times: int) -> None:
    from desktop_app.core.model.period import Period
    from desktop_app.core.operations import archive, papers

    with opened(workspace_folder) as workspace:
        say("ready")
        for index in range(number, number + (times or 100)):
            with papers.sight(workspace, Period.parse(PERIOD)) as sight:
                made = archive.make(sight, folder / str(index), zipped=index % 2 == 1)
            say("archive", made.path.relative_to(folder).as_posix())
    say("end")


def key(workspace_folder: Path, folder: Path, number: int, times: int) -> None:
    from desktop_app.core.operations import keyring

    with opened(workspace_folder) as workspace:
        say("ready")
        for _number in range(times or 20):
            keyring.new_key(workspace, os.environ["TAIZHANG_PASSPHRASE"], "p256")
            say("key", keyring.report(workspace).key_spoken.replace(" ", ""))
    say("end")


def join(workspace_folder: Path, folder: Path, number: int, times: int) -> None:
    from desktop_app.core.operations import founding

    (setup,) = folder.glob("*.xlsx")
    digits = (folder / "fingerprint.txt").read_text(encoding="utf-8")
    say("ready")
    with founding.join(workspace_folder, setup, "", digits):
        say("end")


def opened(folder: Path):  # type: ignore[no-untyped-def]
    from desktop_app.core.operations.workspace import Workspace

    return Workspace.open(folder)


JOBS = {
    job.__name__: job for job in (record, attach, export, merge, migrate, backup, restore, archive, key, join)
}


def main(job: str, workspace: Path, folder: Path, number: int, times: int) -> int:
    # Everything is loaded before the clock starts, so that the disturbance meets work and not imports.
    for name in ("archive", "care", "exporting", "founding", "merging"):
        importlib.import_module(f"desktop_app.core.operations.{name}")
    importlib.import_module("sqlite_utils.migrations")
    from desktop_app.core.errors import KnownError
    from desktop_app.core.store.database import storage_errors

    try:
        with storage_errors(workspace):
            try:
                JOBS[job](workspace, folder, number, times)
            except OSError as problem:
                # Nobody above the operations turns these into words.
                raise RuntimeError("an error of the system came through") from problem
    except KnownError as error:
        say("refused", type(error).__name__, error.what, error.meaning, "→", error.next_step)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), *map(int, sys.argv[4:])))
