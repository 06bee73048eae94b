"""Naming who reports judges only what that concerns anew, and ends where computing everything ends."""

from __future__ import annotations

from typing import Any

import pytest
import worlds
from hypothesis import given
from hypothesis import strategies as st
from worlds import (
    BUREAU,
    CASES,
    CITY,
    COUNTY,
    MONTH,
    NEXT_MONTH,
    OTHER_COUNTY,
    PLAN,
    SECOND_TOWN,
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


ANOTHERS = [
    ("progress", f"progress/{TOWN}/{PLAN}/1/{MONTH}", {"value": 3}),
    (
        "review",
        f"review/{SECOND_TOWN}/progress/{TOWN}/{PLAN}/1/{MONTH}",
        {"verdict": "set", "about": [], "value": 5},
    ),
    ("site", f"site/{TOWN}/s", {"name": "x", "quantities": {CASES: 1}}),
    ("milestone", f"milestone/{TOWN}/{PLAN}/m", {"done": "2024-05-02"}),
    ("problem", f"problem/{TOWN}/p", {"task": 3, "text": "x"}),
    ("fund", f"fund/{TOWN}/f", {"task": 3, "level": "county"}),
    ("record", f"record/{TOWN}/orders/r", {"fields": {"name": "x"}}),
    ("answer", f"answer/{SECOND_TOWN}/problem/{TOWN}/p", {"text": "x"}),
]
"""What only who has to do with the town may say, each kind that `concerned` looks for."""


@pytest.mark.parametrize(("kind", "subject", "body"), ANOTHERS, ids=[kind for kind, *_rest in ANOTHERS])
def test_what_another_said_counts_from_when_it_is_named_and_no_longer(
    kind: str, subject: str, body: dict[str, Any]
):
    """The neighbouring town speaks before its time, is named, and is named no longer."""
    store = admitted(worlds.foundation_boxes())
    worlds.take(store, [worlds.box(50, SECOND_TOWN, [line_of(kind, subject, SECOND_TOWN, body)])])

    def refused() -> int:
        return store.connection.execute(
            "SELECT count(*) FROM refused WHERE subject = ?", (subject,)
        ).fetchone()[0]

    assert refused() == 1
    duty = f"duty/{TOWN}/{PLAN}/1"
    worlds.take(store, [said(1000, (CITY, duty, {"reporter": SECOND_TOWN, "reviewer": SECOND_TOWN}))])
    assert refused() == 0 and ledger_rows(store) == rebuilt(store)
    worlds.take(store, [said(1001, (CITY, duty, {"reporter": TOWN}))])
    assert refused() == 1 and ledger_rows(store) == rebuilt(store)


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
