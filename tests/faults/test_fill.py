"""One round for each job in every run of the tests; `python -m tests.faults.fill --minutes 60` does many by hand."""

from __future__ import annotations

import random
from pathlib import Path

import fill
import pytest
from ground import Ground

EVENTS = {
    "record": "filled",
    "attach": "pulled out",
    "attach-from": "gone",
    "export": "locked",
    "export-to": "filled",
    "merge": "pulled out",
    "merge-from": "gone",
    "migrate": "full before",
    "backup": "gone",
    "backup-to": "locked",
    "restore-to": "pulled out",
    "archive-to": "filled",
    "key": "pulled out",
    "join": "filled",
}


def test_every_job_has_its_round():
    assert EVENTS.keys() == fill.CASES.keys() and set(EVENTS.values()) == set(fill.EVENTS)


@pytest.mark.parametrize(("name", "event"), EVENTS.items())
def test_a_disk_that_fails_loses_nothing_and_is_named(name: str, event: str, ground: Ground, sticks: Path):
    folder = sticks / name
    folder.mkdir()
    fill.Round(ground, name, event, folder, random.Random(7)).play()
