"""A case counts once it is complete, its stages are dated and something stands for it, in whatever order that comes."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

from worlds import (
    BUREAU,
    CASES,
    CITY,
    COUNTY,
    FAR_TOWN,
    PLAN,
    STAGE,
    TOWN,
    Box,
    admitted,
    box,
    foundation_boxes,
    id_of,
    line_of,
    plan_line,
)

from desktop_app.core.operations.care import ledger_rows
from desktop_app.core.store.store import Store

CASE = f"site/{TOWN}/s"
DONE: dict[str, Any] = {"completed": "2024-05-02", "stages": {STAGE: "2024-05-01"}}


def case(unit: str = TOWN, subject: str = CASE, replaces: tuple[bytes, ...] = (), **body: Any) -> bytes:
    said = {"name": "x", "quantities": {CASES: 2}, **body}
    return line_of("site", subject, unit, said, replaces=map(id_of, replaces), n=1 + len(replaces))


def proof(*about: str, unit: str = TOWN, replaces: tuple[bytes, ...] = (), **body: Any) -> bytes:
    said = {"sha256": "0" * 64, "size": 1, "media": "image/png", "name": "x", "about": list(about), **body}
    return line_of(
        "evidence", f"evidence/{unit}/e", unit, said, replaces=map(id_of, replaces), n=1 + len(replaces)
    )


def in_every_order(*boxes: Box) -> Store:
    """A store that took the containers in; any other order gives the same ledger, and so does the plan coming last."""
    orders = [[*foundation_boxes(), *order] for order in itertools.permutations(boxes)]
    stores = [admitted(order) for order in [*orders, [*boxes, *foundation_boxes()]]]
    for other in stores[1:]:
        assert ledger_rows(other) == ledger_rows(stores[0])
    return stores[0]


def counted(store: Store, area: str = TOWN, last: str = "2024-12-31") -> Fraction:
    return store.ledger.site_sums("2024-01-01", last)[(CASES, area)]


def test_a_complete_case_counts_once_evidence_names_it() -> None:
    assert counted(in_every_order(box(3, TOWN, [case(**DONE)]))) == 0
    store = in_every_order(box(3, TOWN, [case(**DONE)]), box(4, TOWN, [proof(CASE)]))
    assert counted(store) == 2
    assert store.ledger.counted_sites() == {CASE: "2024-05-02"}


def test_evidence_that_is_taken_back_or_moved_takes_the_case_out_again() -> None:
    first = proof(CASE)
    boxes = box(3, TOWN, [case(**DONE)]), box(4, TOWN, [first])
    for after in (
        proof(CASE, replaces=(first,), void=True, reason="x"),
        proof(f"site/{TOWN}/t", replaces=(first,)),
    ):
        assert counted(in_every_order(*boxes, box(5, TOWN, [after]))) == 0


def test_a_stage_without_its_date_holds_the_case_back_and_a_later_one_moves_its_day() -> None:
    undated = case(completed="2024-05-02")
    assert counted(in_every_order(box(3, TOWN, [undated]), box(4, TOWN, [proof(CASE)]))) == 0
    later = case(completed="2024-05-02", stages={STAGE: "2024-06-03"})
    store = in_every_order(box(3, TOWN, [later]), box(4, TOWN, [proof(CASE)]))
    assert counted(store, last="2024-05-31") == 0
    assert counted(store, last="2024-06-30") == 2


def test_an_extract_stands_for_all_cases_of_its_indicator_where_its_unit_reports() -> None:
    elsewhere = f"site/{FAR_TOWN}/s"
    cases = box(3, TOWN, [case(**DONE), case(subject=f"site/{TOWN}/t", **DONE)])
    others = box(4, FAR_TOWN, [case(FAR_TOWN, elsewhere, **DONE)])
    about = f"indicator/{PLAN}/{CASES}"
    store = in_every_order(cases, others, box(5, TOWN, [proof(about, extract=True)]))
    assert counted(store) == 4
    assert counted(store, FAR_TOWN) == 0


def test_a_picture_of_the_indicator_stands_for_no_case() -> None:
    about = f"indicator/{PLAN}/{CASES}"
    assert counted(in_every_order(box(3, TOWN, [case(**DONE)]), box(4, TOWN, [proof(about)]))) == 0


def test_evidence_of_a_unit_that_has_no_say_there_proves_nothing_and_that_of_a_unit_above_does() -> None:
    boxes = box(3, TOWN, [case(**DONE)])
    assert counted(in_every_order(boxes, box(4, FAR_TOWN, [proof(CASE, unit=FAR_TOWN)]))) == 0
    assert counted(in_every_order(boxes, box(4, BUREAU, [proof(CASE, unit=BUREAU)]))) == 0
    assert counted(in_every_order(boxes, box(4, COUNTY, [proof(CASE, unit=COUNTY)]))) == 2


def test_without_a_plan_that_is_known_completion_is_enough() -> None:
    foundation = [box(1, CITY, [line for line in foundation_boxes()[0].lines if line != plan_line()])]
    assert counted(admitted([*foundation, box(3, TOWN, [case(**DONE)])])) == 2
