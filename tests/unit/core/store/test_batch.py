"""Writes that share a transaction: few commits, and still all or nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from desktop_app.core.store import batch
from desktop_app.core.store.batch import batches
from desktop_app.core.store.store import Store


class Told:
    """Stands for a store's transactions and notes what becomes of them."""

    def __init__(self) -> None:
        self.events: list[str] = []

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        self.events.append("begin")
        try:
            yield
        except BaseException:
            self.events.append("rollback")
            raise
        self.events.append("commit")


def test_many_writes_share_a_commit():
    told = Told()
    with batches(told.transaction) as group:
        for _number in range(batch.MOST + 1):
            group.next()
            told.events.append("write")
    assert told.events.count("begin") == told.events.count("commit") == 2
    assert told.events.index("commit") == batch.MOST + 1


def test_nothing_is_held_open_for_long(monkeypatch: pytest.MonkeyPatch):
    told, now = Told(), [0.0]
    monkeypatch.setattr(batch.time, "monotonic", lambda: now[0])
    with batches(told.transaction) as group:
        group.next()
        now[0] += batch.SECONDS * 2
        group.next()
    assert told.events == ["begin", "commit", "begin", "commit"]


def test_what_may_take_long_stands_alone():
    told = Told()
    with batches(told.transaction) as group:
        group.next()
        group.next(alone=True)
        told.events.append("long work")
        group.next()
    assert told.events == ["begin", "commit", "long work", "begin", "commit"]


def test_an_error_takes_back_what_is_open_and_keeps_what_was_committed():
    told = Told()
    with pytest.raises(ZeroDivisionError), batches(told.transaction) as group:
        group.next()
        group.next(alone=True)
        group.next()
        raise ZeroDivisionError
    assert told.events == ["begin", "commit", "begin", "rollback"]


def test_inside_the_handling_of_another_error_everything_is_committed():
    told = Told()
    try:
        raise ValueError
    except ValueError:
        with batches(told.transaction) as group:
            group.next()
    assert told.events == ["begin", "commit"]


def test_nothing_to_do():
    told = Told()
    with batches(told.transaction):
        pass
    assert told.events == []


def test_in_a_store_inner_failures_cost_only_themselves(store: Store):
    with batches(store.transaction) as group:
        for number in range(3):
            group.next()
            with contextlib.suppress(ZeroDivisionError), store.transaction():
                store.set_meta(f"kept {number}", "yes")
                if number == 1:
                    raise ZeroDivisionError
    assert [store.meta(f"kept {number}") for number in range(3)] == ["yes", "", "yes"]
