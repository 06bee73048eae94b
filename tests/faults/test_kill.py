"""A handful of kills in every run of the tests; `python -m tests.faults.kill --count 200` does many by hand."""

from __future__ import annotations

from pathlib import Path

import kill
import pytest
from ground import Ground
from offices import PERIOD, TOWN


@pytest.mark.parametrize("job", kill.JOBS)
def test_a_kill_at_any_moment_loses_nothing(job: str, ground: Ground, tmp_path: Path):
    run = kill.Run(ground, job, tmp_path / job)
    run.kill_once(kill.SPANS[job] / 2)
    run.finish()


def test_stale_pieces_at_a_destination_are_cleared_and_never_taken_for_packages(
    ground: Ground, tmp_path: Path
):
    import os

    from desktop_app.core.operations.merging import expand

    run = kill.Run(ground, "export", tmp_path)
    stale = run.out / f".{TOWN}-{PERIOD}-1-0123abcd-0.part"
    fresh = run.out / f".{TOWN}-{PERIOD}-1-4567cdef-0.part"
    mine = run.out / ".something of mine.part"
    for path in (stale, fresh, mine):
        path.write_bytes(b"PK\x03\x04")
    os.utime(stale, (0, 0))
    assert expand([run.out]) == []
    run.finish()
    assert not stale.exists(), "it would fill the stick without anybody seeing it"
    assert fresh.exists() and mine.exists(), "somebody may be writing it, or it is not ours"
