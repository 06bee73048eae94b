"""One desk at work until somebody kills it: says on standard output what is done, only after it is done.

    worker.py JOB WORKSPACE FOLDER NUMBER

Lines are: ready · entry ID · file SHA256 · package NAME SHA256 · container DIGEST · backup NAME · end
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


def record(workspace_folder: Path, folder: Path, number: int) -> None:
    with opened(workspace_folder) as workspace:
        say("ready")
        for value in range(number, number + 300):
            say("entry", recorded(workspace, value))


def recorded(workspace, value: int) -> str:  # type: ignore[no-untyped-def]
    from desktop_app.core.model.period import Period
    from desktop_app.core.operations import recording

    recording.record(workspace, "1.1", str(value), period=Period.parse(PERIOD), reason="集中培训")
    head = workspace.store.ledger.head(f"progress/{workspace.unit_code}/2024/1.1/{PERIOD}")
    return str(head.id)


def attach(workspace_folder: Path, folder: Path, number: int) -> None:
    from desktop_app.core.operations import evidence

    rng = random.Random(number)
    with opened(workspace_folder) as workspace:
        say("ready")
        for index in range(1000):
            content = b"%PDF-1.4\n" + rng.randbytes(rng.choice((5_000, 300_000, 2_000_000)))
            source = folder / f"{number}-{index}.pdf"
            source.write_bytes(content)
            personal = index % 4 == 3
            evidence.attach(workspace, [source], ["1.1"], personal=personal)
            say("file", hashlib.sha256(content).hexdigest())
            head = workspace.store.ledger.evidence_about("indicator/2024/1.1")[-1]
            say("entry", head.id)


def export(workspace_folder: Path, folder: Path, number: int) -> None:
    from desktop_app.core.model.period import Period
    from desktop_app.core.operations import exporting

    with opened(workspace_folder) as workspace:
        say("ready")
        for value in range(number, number + 50):
            say("entry", recorded(workspace, value))
            limit = 400_000 if value % 3 == 0 else 0
            done = exporting.export(workspace, Period.parse(PERIOD), folder, evidence="all", max_size=limit)
            for item in done.files:
                say("package", item.path.name, hashlib.sha256(item.path.read_bytes()).hexdigest())
    say("end")


def merge(workspace_folder: Path, folder: Path, number: int) -> None:
    from desktop_app.core.operations import merging

    files = sorted(folder.glob("*.xlsx"))
    random.Random(number).shuffle(files)
    with opened(workspace_folder) as workspace:
        say("ready")
        for file in files:
            (result,), _changes = merging.merge(workspace, [file])
            assert result.state in ("merged", "known"), result
            say("container", result.container)
    say("end")


def migrate(workspace_folder: Path, folder: Path, number: int) -> None:
    """`folder` holds the migrations of a version that is not out yet."""
    from desktop_app.core import paths

    paths.MIGRATIONS = folder
    say("ready")
    with opened(workspace_folder):
        say("end")


def backup(workspace_folder: Path, folder: Path, number: int) -> None:
    from desktop_app.core.operations import care

    with opened(workspace_folder) as workspace:
        say("ready")
        for _number in range(100):
            say("backup", care.back_up_to(workspace, folder / str(_number)).relative_to(folder).as_posix())


def key(workspace_folder: Path, folder: Path, number: int) -> None:
    from desktop_app.core.operations import keyring

    with opened(workspace_folder) as workspace:
        say("ready")
        for _number in range(20):
            keyring.new_key(workspace, os.environ["TAIZHANG_PASSPHRASE"], "p256")
            say("key", keyring.report(workspace).key_spoken.replace(" ", ""))


def join(workspace_folder: Path, folder: Path, number: int) -> None:
    from desktop_app.core.operations import founding

    (setup,) = folder.glob("*.xlsx")
    digits = (folder / "fingerprint.txt").read_text(encoding="utf-8")
    say("ready")
    with founding.join(workspace_folder, setup, "", digits):
        say("end")


def opened(folder: Path):  # type: ignore[no-untyped-def]
    from desktop_app.core.operations.workspace import Workspace

    return Workspace.open(folder)


JOBS = {job.__name__: job for job in (record, attach, export, merge, migrate, backup, key, join)}

if __name__ == "__main__":
    # Everything is loaded before the clock starts, so that the kill meets work and not imports.
    for name in ("care", "exporting", "founding", "merging"):
        importlib.import_module(f"desktop_app.core.operations.{name}")
    importlib.import_module("sqlite_utils.migrations")
    JOBS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
