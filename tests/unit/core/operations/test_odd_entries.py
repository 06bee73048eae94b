"""Whatever a signed entry says, it stops no desk: what this version cannot read is kept, refused with a reason, and
every list and every total can still be shown, at the desk that received it and at the one it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import worlds

from desktop_app.core.model.period import Period
from desktop_app.core.operations import care, forking, reading
from desktop_app.core.operations.desk import Desk
from desktop_app.core.operations.situation import Situation
from desktop_app.core.trust.authority import why

TOWN, COUNTY, CITY = "990101101", "990101", "990100"
AT = "2024-05-20T08:00:00+08:00"
FIGURE = f"progress/{TOWN}/2024/1.1/2024-05"
SITE = {"name": "x", "quantities": {"12.1": 1}}
PROBLEM = {"task": 1, "text": "x"}
EVIDENCE = {"sha256": "0" * 64, "size": 1, "media": "image/png", "name": "x", "about": []}
SENT = {"digest": "x", "count": 1}

REFUSED: dict[str, tuple[str, str, dict[str, Any], str]] = {
    # numbers
    "a word": ("progress", FIGURE, {"value": "much"}, TOWN),
    "not a number": ("progress", FIGURE, {"value": "NaN"}, TOWN),
    "infinite": ("progress", FIGURE, {"value": "Infinity"}, TOWN),
    "with an exponent": ("progress", FIGURE, {"value": "1e3"}, TOWN),
    "too large": ("progress", FIGURE, {"value": 10**18}, TOWN),
    "three hundred digits": ("progress", FIGURE, {"value": "9" * 300}, TOWN),
    "too fine": ("progress", FIGURE, {"value": "1.1234567"}, TOWN),
    "word below": ("progress", f"progress/{TOWN}/2024/19.1/2024-05", {"value": 1, "of": "x"}, TOWN),
    "quantity a word": ("site", f"site/{TOWN}/x", {"name": "x", "quantities": {"12.1": "many"}}, TOWN),
    "quantity below nothing": ("site", f"site/{TOWN}/x", {"name": "x", "quantities": {"12.1": -500}}, TOWN),
    "money a word": ("fund", f"fund/{TOWN}/x", {"task": 1, "level": "city", "paid": "lots"}, TOWN),
    "share a word": ("allocation", f"share/{TOWN}/2024/1.1", {"value": "many"}, COUNTY),
    "share below nothing": ("allocation", f"share/{TOWN}/2024/1.1", {"value": -5}, COUNTY),
    "review a word": (
        "review",
        f"review/{COUNTY}/{FIGURE}",
        {"verdict": "set", "about": [], "value": "x"},
        COUNTY,
    ),
    # dates and periods
    "no month": ("progress", f"progress/{TOWN}/2024/1.1/2024-13", {"value": 1}, TOWN),
    "no year": ("progress", f"progress/{TOWN}/2024/1.1/9999999999-01", {"value": 1}, TOWN),
    "done yesterday": ("milestone", f"milestone/{TOWN}/2024/12.m1", {"done": "yesterday"}, TOWN),
    "completed soon": ("site", f"site/{TOWN}/x", SITE | {"completed": "soon"}, TOWN),
    "sent for no period": ("submission", f"submission/{TOWN}/xx", SENT, TOWN),
    # subjects
    "short figure": ("progress", f"progress/{TOWN}", {"value": 1}, TOWN),
    "short submission": ("submission", f"submission/{TOWN}", SENT, TOWN),
    "long submission": ("submission", f"submission/{TOWN}/2024-05/x", SENT, TOWN),
    "short milestone": ("milestone", f"milestone/{TOWN}", {"done": "2024-05-01"}, TOWN),
    "short site": ("site", f"site/{TOWN}", SITE, TOWN),
    "short problem": ("problem", f"problem/{TOWN}", PROBLEM, TOWN),
    "short evidence": ("evidence", f"evidence/{TOWN}", EVIDENCE, TOWN),
    "short retraction": ("retraction", f"retraction/{TOWN}", {}, TOWN),
    "short receipt": (
        "receipt",
        f"receipt/{COUNTY}",
        {"unit": "x", "period": "", "sequence": 1, "digest": "", "state": ""},
        COUNTY,
    ),
    "short review": ("review", f"review/{COUNTY}", {"verdict": "accept", "about": []}, COUNTY),
    "short share": ("allocation", f"share/{TOWN}", {"value": 1}, COUNTY),
    "short duty": ("duty", f"duty/{TOWN}", {"each": True}, COUNTY),
    "nameless unit": ("unit", "unit/", {"name": "x", "level": "township", "parent": COUNTY}, COUNTY),
    "two units": ("unit", "unit/a/b", {"name": "x", "level": "township", "parent": COUNTY}, COUNTY),
    # names of files
    "a file elsewhere": (
        "evidence",
        f"evidence/{TOWN}/x",
        EVIDENCE | {"sha256": "../../../etc/passwd"},
        TOWN,
    ),
    "no file": ("evidence", f"evidence/{TOWN}/x", EVIDENCE | {"sha256": ""}, TOWN),
    "sealed elsewhere": ("site", f"site/{TOWN}/x", SITE | {"sealed": "../x"}, TOWN),
    "erased elsewhere": ("erasure", f"erasure/{TOWN}/x", {"hash": "../taizhang.db"}, TOWN),
    "due sometime": ("record", f"record/{TOWN}/visits/x", {"due": "soon"}, TOWN),
    "short record": ("record", f"record/{TOWN}/visits", {}, TOWN),
    "short answer": ("answer", f"answer/{TOWN}/x", {"text": "x"}, TOWN),
    "answered sometime": ("answer", f"answer/{TOWN}/problem/{TOWN}/x", {"text": "x", "date": "soon"}, TOWN),
    # settings
    "tolerance a word": ("setting", f"setting/{CITY}/tolerance_percent", {"value": "much"}, CITY),
    "tolerance a list": ("setting", f"setting/{CITY}/lag_percent", {"value": [1, 2]}, CITY),
    "due day a table": ("setting", f"setting/{CITY}/due_day", {"value": {"a": 1}}, CITY),
    "due day in 270 years": ("setting", f"setting/{CITY}/due_day", {"value": 99999}, CITY),
}
KEPT: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "unknown indicator": ("progress", f"progress/{TOWN}/2024/99.9/2024-05", {"value": 1}, TOWN),
    "rate without its denominator": ("progress", f"progress/{TOWN}/2024/19.1/2024-05", {"value": 1}, TOWN),
    "rate of nothing": ("progress", f"progress/{TOWN}/2024/19.1/2024-05", {"value": 1, "of": 0}, TOWN),
    "a quarter": ("progress", f"progress/{TOWN}/2024/1.1/2024-Q2", {"value": 1}, TOWN),
    "a year": ("progress", f"progress/{TOWN}/2024/1.1/2024", {"value": 1}, TOWN),
    "unknown milestone": ("milestone", f"milestone/{TOWN}/2024/99.m9", {"done": "2024-05-01"}, TOWN),
    "site of an unknown indicator": ("site", f"site/{TOWN}/x", {"name": "x", "quantities": {"no": 1}}, TOWN),
    "problem of an unknown task": (
        "problem",
        f"problem/{TOWN}/x",
        {"task": 999, "text": "x", "due": "?"},
        TOWN,
    ),
    "odd signs": ("problem", f"problem/{TOWN}/x\ny", {"task": 1, "text": "a\0b\u202e"}, TOWN),
    "evidence about anything": (
        "evidence",
        f"evidence/{TOWN}/x",
        EVIDENCE
        | {
            "about": [
                "",
                "x",
                "site/q",
                "progress/x",
                "milestone/x",
                "indicator/x",
                "milestone/a/b/c/d",
                SITE["name"],
            ]
        },
        TOWN,
    ),
    "a sort of unit only newer versions know": (
        "unit",
        f"unit/{COUNTY}199",
        {"name": "x", "level": "galaxy", "kind": "alien", "parent": COUNTY},
        COUNTY,
    ),
    "a setting only newer versions know": ("setting", f"setting/{CITY}/colour", {"value": {"r": [1]}}, CITY),
    "a reporter nobody knows": ("duty", f"duty/{TOWN}/2024/1.1", {"reporter": "x", "since": "zz"}, COUNTY),
    "a review of nothing": (
        "review",
        f"review/{COUNTY}/{FIGURE}",
        {"verdict": "set", "about": ["zz"]},
        COUNTY,
    ),
    "a register only newer versions know": (
        "record",
        f"record/{TOWN}/future/x",
        {"fields": {"new": "1", "newer": ""}, "status": "?", "to": "nobody", "about": "x"},
        TOWN,
    ),
    "an answer to nothing": ("answer", f"answer/{TOWN}/problem/{TOWN}/q", {"text": "x", "to": "z"}, TOWN),
    "said whenever": ("problem", f"problem/{TOWN}/x", PROBLEM, TOWN),
    "sent whenever": ("submission", f"submission/{TOWN}/2024-05", SENT, TOWN),
}


def looks(workspace: Any) -> Iterator[object]:
    """Everything a desk shows, computed anew."""
    desk = Desk(workspace, owner=False)
    for key in ("2024-04", "2024-05"):
        period = Period.parse(key)
        for list_of in (
            desk.overview,
            desk.tasks,
            desk.check,
            desk.gaps,
            desk.inbox,
            desk.missing,
            desk.reminder,
        ):
            yield list_of(period)
        yield desk.review_units(period)
        yield desk.review_items(TOWN, period)
        yield desk.board(period)
        yield Situation(workspace, period).tasks()
    yield from (
        desk.periods(),
        desk.sites(),
        desk.problems(),
        desk.evidence(),
        desk.units(),
        desk.shares("1.1"),
    )
    yield desk.line("1.1", TOWN)
    yield forking.forks(workspace)
    yield reading.log(workspace, "", 10**6)


def box_of(number: int, name: str) -> worlds.Box:
    kind, subject, body, unit = {**REFUSED, **KEPT}[name]
    at = "whenever" if name.endswith("whenever") else AT
    line = worlds.line_of(kind, subject, unit, body, n=99, at=at)
    return worlds.Box(number, unit, CITY if unit != TOWN else COUNTY, "c", (line,))


@pytest.mark.parametrize("at_desk", [TOWN, COUNTY])
def test_nothing_that_is_said_stops_a_desk(at_desk: str, opened: Callable[[str], Any]):
    workspace = opened(at_desk)
    names = [*REFUSED, *KEPT]
    boxes = [box_of(number, name) for number, name in enumerate(names, start=1)]
    counts = worlds.take(workspace.store, boxes)
    assert all(found.entries == 1 for found in counts)
    for name, found, box in zip(names, counts, boxes, strict=True):
        _kind, subject, _body, _unit = {**REFUSED, **KEPT}[name]
        (step,) = [
            step for step in reading.history(workspace, subject) if step.id == worlds.id_of(box.lines[0])
        ]
        # Some of the others are refused as well, because nobody reports that; but they can be read.
        assert (step.why_not == why("form")) == (name in REFUSED), (name, step.why_not)
        assert found.refused == (not step.counted), name
    for _shown in looks(workspace):
        pass
    assert care.doctor(workspace).ok


def test_a_figure_too_large_to_count_is_not_saved_as_if_it_counted(
    city: Any, desk: Callable[[str], Any], refused: Callable[..., Any]
):
    words = ("record", "1.1", "9" * 14, "--period", "2024-05", "--reason", "x")
    refused(*words, at=desk(city.town), saying="")
