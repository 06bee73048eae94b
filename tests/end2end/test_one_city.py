"""The whole sample city: what its desks say must agree, in whatever order its packages arrive."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from desktop_app.core.model.period import Period
from desktop_app.core.operations import care, downward, founding, keyring, merging
from desktop_app.core.operations.situation import Situation
from desktop_app.core.operations.workspace import Workspace

CATEGORIES = [3, 5, 12, 5, 3, 2, 2, 3, 10, 5]


def packages(folder: Path) -> list[Path]:
    """Everything the city's units ever sent, up or down, without the setup packages."""
    return sorted(path for path in folder.rglob("outbox/*.xlsx") if "-setup-" not in path.name)


def test_any_order_and_twice_is_the_same_city(
    city: Any, desk: Callable[[str], Path], tmp_path: Path, taizhang: Callable[..., Any]
) -> None:
    with Workspace.open(desk(city.code)) as workspace:
        setup = downward.setup_package(workspace, city.code, tmp_path / "setup", lambda *_: None)
        spoken = keyring.report(workspace).root_spoken
    in_order = packages(city.folder)
    shuffled = in_order * 2
    random.Random(7).shuffle(shuffled)
    said = []
    for name, files in (("a", in_order), ("b", shuffled)):
        with founding.join(tmp_path / name, setup.path, city.code, spoken) as workspace:
            results, _changes = merging.merge(workspace, files)
            assert {item.state for item in results} <= {"merged", "known"}
            for item in results:
                counts = item.counts
                assert counts.entries == counts.new + counts.known + counts.conflicting + counts.refused
            assert care.doctor(workspace).ok
            rows = care.ledger_rows(workspace.store)
        tasks = taizhang("tasks", "--json", at=tmp_path / name).out
        said.append((tasks, rows))
    assert said[0] == said[1]
    assert Counter(item.state for item in results)["known"] >= len(in_order)


def test_fifty_tasks_in_ten_categories(city: Any, taizhang: Callable[..., Any]) -> None:
    document = taizhang("tasks", "--json", at=city.desk(city.code)).json
    categories = Counter(task["category"] for task in document["tasks"])
    assert list(categories.values()) == CATEGORIES
    assert [task["no"] for task in document["tasks"]] == list(range(1, 51))


def test_city_totals_are_the_sum_of_the_reporting_units(city: Any, opened: Callable[[str], Any]) -> None:
    """Read from each reporting unit's own workspace, not from what was sent."""
    period = Period.parse(city.first)
    above = Situation(opened(city.code), period)
    compared = 0
    for indicator in above.plan.indicators():
        if indicator.measure != "count":
            continue
        areas = [area for area in above.leaf_areas(indicator.id, city.code) if area != city.code]
        total = Fraction(0)
        for area in areas:
            reporter = above.reporter(indicator.id, area)
            own = Situation(opened(reporter), period).figure(indicator, area)
            total += own.reported if own.reported is not None else own.value or Fraction(0)
        figure = above.figure(indicator, city.code)
        if areas:
            reported = figure.reported if figure.reported is not None else figure.value or Fraction(0)
            assert reported == total, indicator.id
            compared += bool(total)
    assert compared > 20


def test_a_photo_reaches_the_city_byte_for_byte(city: Any, opened: Callable[[str], Any]) -> None:
    town, above = opened(city.town), opened(city.code)
    sent = [
        head.body
        for head in town.store.ledger.heads("evidence")
        if not head.body.personal and head.at.startswith(city.first) and head.body.media == "image/jpeg"
    ]
    assert sent
    for body in sent:
        here = town.store.files.path(body.sha256).read_bytes()
        assert above.store.files.path(body.sha256).read_bytes() == here


def test_a_personal_photo_stays_in_the_office(city: Any, opened: Callable[[str], Any]) -> None:
    town, above = opened(city.town), opened(city.code)
    kept = [head.body.sha256 for head in town.store.ledger.heads("evidence") if head.body.personal]
    assert kept
    for sha256 in kept:
        assert town.store.files.find(sha256)[1], "not encrypted at rest"
        assert above.store.files.find(sha256) is None
