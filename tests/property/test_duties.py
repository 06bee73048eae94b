"""Naming who reports judges only what that concerns anew, and ends where computing everything ends."""

from __future__ import annotations

from typing import Any

import worlds
from hypothesis import given
from hypothesis import strategies as st
from worlds import (
    BUREAU,
    CASES,
    CITY,
    COUNTY,
    NEXT_MONTH,
    OTHER_COUNTY,
    PLAN,
    TOWN,
    UNITS,
    Box,
    admitted,
    line_of,
    rebuilt,
)

from desktop_app.core.operations.care import ledger_rows
from desktop_app.core.store import concerned
from desktop_app.core.store.store import Store

BODIES: list[dict[str, Any]] = [
    {"each": True},
    {"void": True},
    {"reporter": COUNTY, "reviewer": CITY},
    {"reporter": BUREAU, "reviewer": TOWN},
    {"reporter": TOWN, "since": NEXT_MONTH, "earlier": {"": BUREAU}},
]


@st.composite
def duties(draw: st.DrawFn) -> list[tuple[str, str, dict[str, Any]]]:
    """(author, subject, body) of duties, most of them from who may name one."""
    found = []
    for _number in range(draw(st.integers(1, 4))):
        area = draw(st.sampled_from([CITY, COUNTY, OTHER_COUNTY, TOWN]))
        indicator = draw(st.sampled_from(["1", "2", "3", CASES]))
        author = draw(st.sampled_from([CITY, CITY, area, *UNITS]))
        subject = draw(st.sampled_from([f"duty/{area}/{PLAN}/{indicator}"] * 9 + [f"duty/{area}/quatsch"]))
        found.append((author, subject, draw(st.sampled_from(BODIES))))
    return found


def said(number: int, duty: tuple[str, str, dict[str, Any]]) -> Box:
    """A container with one duty that goes over whatever its subject held before."""
    author, subject, body = duty
    return worlds.box(number, author, [line_of("duty", subject, author, body, n=number)])


@given(boxes=worlds.worlds(), named=duties())
def test_a_change_of_duties_ends_where_a_rebuild_ends(
    boxes: list[Box], named: list[tuple[str, str, dict[str, Any]]]
):
    store = admitted(boxes)
    for number, duty in enumerate(named, 1000):
        worlds.take(store, [said(number, duty)])
        assert ledger_rows(store) == rebuilt(store)


@given(boxes=worlds.worlds(), named=duties())
def test_so_does_one_that_comes_with_other_entries(
    boxes: list[Box], named: list[tuple[str, str, dict[str, Any]]]
):
    store = admitted(boxes[:-1])
    several = [said(number, duty) for number, duty in enumerate(named, 1000)]
    worlds.take(store, [*several, *boxes[-1:]])
    assert ledger_rows(store) == rebuilt(store)


def counted(store: Store, monkeypatch: Any) -> list[int]:
    calls: list[int] = []
    whole = store.projector.rebuild

    def rebuild() -> int:
        calls.append(1)
        return whole()

    monkeypatch.setattr(store.projector, "rebuild", rebuild)
    return calls


def test_the_whole_ledger_is_not_computed_anew(monkeypatch: Any):
    store = admitted(worlds.foundation_boxes())
    calls = counted(store, monkeypatch)
    figure = line_of("progress", f"progress/{TOWN}/{PLAN}/1/2024-05", TOWN, {"value": 3})
    worlds.take(store, [worlds.box(50, TOWN, [figure])])
    assert [row[0] for row in store.connection.execute("SELECT value FROM figure")] == [3_000_000]
    worlds.take(store, [said(1000, (CITY, f"duty/{TOWN}/{PLAN}/1", {"reporter": BUREAU}))])
    assert [row[0] for row in store.connection.execute("SELECT value FROM figure")] == []
    worlds.take(store, [said(1001, (CITY, f"duty/{TOWN}/{PLAN}/1", {"reporter": TOWN}))])
    assert [row[0] for row in store.connection.execute("SELECT value FROM figure")] == [3_000_000]
    assert calls == []


def test_very_many_at_once_are(monkeypatch: Any):
    store = admitted(worlds.foundation_boxes())
    calls = counted(store, monkeypatch)
    lines = [
        line_of("duty", f"duty/{COUNTY}/{PLAN}/{number}", CITY, {"each": True})
        for number in range(concerned.MOST + 10)
    ]
    worlds.take(store, [worlds.box(60, CITY, lines)])
    assert calls == [1] and ledger_rows(store) == rebuilt(store)
