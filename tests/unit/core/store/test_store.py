"""The store itself: transactions that are whole or not there, what is said here, packages of our own."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import worlds
from worlds import MONTH, OWN, box, closing, line_of

from desktop_app.core.errors import StorageError
from desktop_app.core.model.bodies import ProblemBody
from desktop_app.core.operations.care import ledger_rows
from desktop_app.core.store.journal import ContainerRow
from desktop_app.core.store.store import Said, Store

PROBLEM = f"problem/{OWN}/x"


@pytest.fixture
def known(store: Store) -> Store:
    """A store that knows the organisation."""
    for item in worlds.foundation_boxes():
        worlds.take(store, [item])
    return store


def problem(text: str, subject: str = PROBLEM, **more: object) -> Said:
    return Said(kind="problem", subject=subject, body=ProblemBody(task=1, text=text), **more)  # type: ignore[arg-type]


# -- transactions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_disk_that_fills_up_takes_everything_back_and_is_told_in_words(known: Store, depth: int):
    before = ledger_rows(known)
    pages = known.connection.execute("PRAGMA page_count").fetchone()[0]
    known.connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    large = box(
        9,
        OWN,
        [line_of("problem", f"problem/{OWN}/{i}", OWN, {"task": 1, "text": "x" * 3000}) for i in range(40)],
    )

    def nested(left: int) -> None:
        with known.transaction():
            if left:
                nested(left - 1)
            else:
                known.admit([large.arrival()])

    with pytest.raises(StorageError, match="磁盘已满"):
        nested(depth - 1)
    assert ledger_rows(known) == before
    known.connection.execute("PRAGMA max_page_count = 1000000")
    (found,) = worlds.take(known, [large])
    assert found.new == 40
    assert ledger_rows(known) == worlds.rebuilt(known)


def test_another_thread_is_refused_and_opens_its_own(known: Store):
    said: list[str] = []

    def work() -> None:
        try:
            known.meta("unit")
        except Exception as refusal:
            said.append(type(refusal).__name__)
        with Store.open(known.root) as own:
            said.append(own.meta("unit"))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert said == ["ProgrammingError", "a"]


def test_what_another_connection_writes_is_seen(known: Store):
    with Store.open(known.root) as other:
        other.say([problem("一")])
    head = known.ledger.head(PROBLEM)
    assert head is not None and head.body.text == "一"


def test_what_another_connection_decided_holds_for_what_is_said_next(known: Store):
    """The window's own store goes on writing while a job merges a new organisation in another."""
    known.say([problem("一")])
    with Store.open(known.root) as other:
        unit = {"name": "a", "level": "county", "parent": worlds.CITY, "void": True}
        worlds.take(other, [box(8, worlds.CITY, [line_of("unit", f"unit/{OWN}", worlds.CITY, unit, n=9)])])
    known.say([problem("二")])
    assert known.ledger.head(PROBLEM) is None, "there is no such unit any more"
    assert ledger_rows(known) == worlds.rebuilt(known)


# -- saying --------------------------------------------------------------------------------------------------------


def test_what_is_said_replaces_what_was_there(known: Store):
    for text in ("一", "二", "三"):
        known.say([problem(text)])
    steps = known.ledger.history(PROBLEM)
    assert [step.entry.n for step in steps] == [1, 2, 3]
    assert [step.entry.replaces for step in steps] == [(), (steps[0].id,), (steps[1].id,)]
    assert [step.head for step in steps] == [False, False, True]


def test_several_on_one_subject_in_one_go_chain_up(known: Store):
    changes, ids = known.say([problem("一"), problem("二"), problem("三", f"problem/{OWN}/y")])
    assert changes.entries == len(ids) == len(set(ids)) == 3
    assert changes.subjects == (PROBLEM, f"problem/{OWN}/y")
    head = known.ledger.head(PROBLEM)
    assert head is not None and (head.body.text, head.heads) == ("二", 1)


def test_one_that_fails_takes_the_others_with_it(known: Store):
    before = ledger_rows(known)
    with pytest.raises(Exception, match="格式不对"):
        known.say([problem("一"), problem("二", "elsewhere/x")])
    assert ledger_rows(known) == before
    assert known.ledger.counts()["entries"] == len(worlds.foundation())


def test_saying_settles_a_fork_unless_a_side_is_kept(known: Store):
    sides = [line_of("problem", PROBLEM, OWN, {"task": 1, "text": text}) for text in "ab"]
    worlds.take(known, [box(9, OWN, sides)])
    assert known.ledger.forks() == [PROBLEM]
    kept = known.head_ids(PROBLEM)[1]
    known.say([problem("c", keep=frozenset({kept}))])
    assert known.ledger.forks() == [PROBLEM] and kept in known.head_ids(PROBLEM)
    known.say([problem("d")])
    assert known.ledger.forks() == []
    assert ledger_rows(known) == worlds.rebuilt(known)


# -- packages of our own -------------------------------------------------------------------------------------------


def own_package(digest: str) -> ContainerRow:
    return ContainerRow(
        digest=digest, origin="own", unit=OWN, certificate="cert-a", purpose="submission", period=MONTH
    )


def test_what_was_sent_is_known_and_changes_no_ledger(known: Store):
    known.say([problem("一"), Said(kind="closing", subject=f"closing/{OWN}/{MONTH}", body=closing())])
    before = ledger_rows(known)
    unsent = known.ledger.unsent()
    assert len(unsent) == 2
    known.note_own(own_package("f" * 64), {"sig1.xml": b"x"}, unsent[:1])
    known.note_own(own_package("f" * 64), {"sig1.xml": b"x"}, unsent)
    assert known.ledger.unsent() == unsent[1:], "the same package twice is one"
    assert ledger_rows(known) == before == worlds.rebuilt(known)


def test_our_own_package_coming_back_is_known(known: Store):
    known.say([problem("一")])
    (key,) = known.ledger.unsent()
    line = next(line for line in worlds.entries_of(known) if b'"problem/' in line)
    package = box(0xF, OWN, [line])
    known.note_own(own_package(package.digest), {"sig1.xml": b"x"}, [key])
    before = ledger_rows(known)
    (found,) = worlds.take(known, [package])
    assert (found.entries, found.known) == (1, 1)
    assert ledger_rows(known) == before


def test_containers_that_come_together_may_hold_the_same(known: Store):
    line = line_of("closing", f"closing/{worlds.TOWN}/{MONTH}", worlds.TOWN, {})
    one, other = box(8, worlds.TOWN, [line]), box(9, worlds.TOWN, [line])
    counts = worlds.take(known, [one, other, one])
    assert [(found.new, found.known) for found in counts] == [(1, 0), (0, 1), (0, 1)]


def test_settings_of_a_workspace(known: Store, tmp_path: Path):
    assert known.meta("nothing", "default") == "default"
    known.set_meta("operator", "李敏")
    known.set_meta("operator", "何静")
    known.close()
    with Store.open(known.root) as again:
        assert (again.meta("operator"), again.unit, again.city) == ("何静", "a", "c")
