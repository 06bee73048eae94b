"""What doctor finds and can be set right is set right; what cannot be is left as it was, and named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core.operations import backing_up, care, mending


@pytest.fixture
def town(opened: Callable[[str], Any], city: Any) -> Any:
    return opened(city.town)


def test_a_sound_desk_is_left_alone(town: Any) -> None:
    before = care.ledger_rows(town.store)
    made = mending.mend(town)
    assert made.done == () and made.after.ok
    assert care.ledger_rows(town.store) == before


def test_a_lost_index_and_a_lost_guard_are_made_again(town: Any) -> None:
    connection = town.store.connection
    connection.execute("DROP INDEX site_quantity_subject")
    (guard,) = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' LIMIT 1").fetchone()
    connection.execute(f"DROP TRIGGER {guard}")
    assert any("site_quantity_subject" in text for text in care.doctor(town).problems)
    made = mending.mend(town)
    assert made.after.ok and "2" in made.done[0]


def test_a_wrong_ledger_is_computed_anew(town: Any) -> None:
    before = care.ledger_rows(town.store)
    town.store.connection.execute("UPDATE figure SET value = value + 1000000")
    town.store.connection.execute("DELETE FROM site_quantity")
    assert not care.doctor(town).ok
    assert mending.mend(town).after.ok
    assert care.ledger_rows(town.store) == before


def test_evidence_comes_back_from_the_backup(town: Any, tmp_path: Path) -> None:
    place = tmp_path / "second"
    place.mkdir()
    backing_up.choose(town, place)
    assert backing_up.back_up_daily(town, force=True)
    rows = town.store.connection.execute("SELECT sha256 FROM file WHERE sealed = 0").fetchall()
    gone, altered = (town.store.files.path(row["sha256"]) for row in rows[:2])
    whole = gone.read_bytes(), altered.read_bytes()
    gone.unlink()
    altered.write_bytes(b"not the photo")
    assert len(care.doctor(town).problems) == 2
    made = mending.mend(town)
    assert made.after.ok and "2" in made.done[0]
    assert (gone.read_bytes(), altered.read_bytes()) == whole
    assert altered.with_name(altered.name + mending.DAMAGED).read_bytes() == b"not the photo"


def test_without_a_backup_the_loss_is_named_and_nothing_invented(town: Any) -> None:
    row = town.store.connection.execute("SELECT sha256 FROM file WHERE sealed = 0").fetchone()
    town.store.files.path(row["sha256"]).unlink()
    made = mending.mend(town)
    assert made.done == ()
    assert row["sha256"][:12] in made.after.problems[0]


def test_a_damaged_backup_is_not_believed(town: Any, tmp_path: Path) -> None:
    place = tmp_path / "second"
    place.mkdir()
    backing_up.choose(town, place)
    copy = backing_up.back_up_daily(town, force=True)
    row = town.store.connection.execute("SELECT sha256 FROM file WHERE sealed = 0").fetchone()
    path = town.store.files.path(row["sha256"])
    path.write_bytes(b"here wrong")
    (copy / "evidence" / path.parent.name / path.name).write_bytes(b"there too")
    made = mending.mend(town)
    assert not made.after.ok and path.read_bytes() == b"here wrong"


def test_unreadable_small_pictures_go(town: Any) -> None:
    bad = town.root / "thumbnails" / "ab" / "ab00.jpg"
    bad.parent.mkdir(parents=True)
    bad.write_bytes(b"\xff\xd8 cut off")
    made = mending.mend(town)
    assert not bad.exists() and "1" in made.done[0] and made.after.ok


def test_the_command_says_what_it_did(taizhang: Any, desk: Any, city: Any) -> None:
    import sqlite3

    folder = desk(city.town)
    with sqlite3.connect(folder / "taizhang.db") as connection:
        connection.execute("UPDATE figure SET value = value + 1000000")
    connection.close()
    assert taizhang("doctor", at=folder).status == 1
    mended = taizhang("doctor", "--mend", "--json", at=folder)
    assert mended.status == 0 and mended.json["ok"] and len(mended.json["mended"]) == 1
