"""What a bulletin says agrees with itself: its parts, its averages, and whom it calls fast."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from desktop_app.core.figures.numbers import show_percent
from desktop_app.core.model.period import Period
from desktop_app.core.operations import bulletins, standings
from desktop_app.core.operations.situation import Situation
from desktop_app.core.operations.standings import Standing
from desktop_app.core.report.bulletin import Bulletin, document, mean
from desktop_app.core.report.document import Paragraph

Open = Callable[[str], Any]
MAY, APRIL = Period.parse("2024-05"), Period.parse("2024-04")


def words(bulletin: Bulletin) -> str:
    return "".join(block.text for block in document(bulletin).blocks if isinstance(block, Paragraph))


def standing(area: str, good: int, of: int = 20) -> Standing:
    counts = {"done": 0, "green": good, "yellow": of - good, "red": 0, "none": 0}
    return Standing(area=area, name=f"{area}县", good=good, of=of, counts=counts, mean=Fraction(good, of))


@pytest.fixture
def sides(opened: Open, city: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, str]]:
    """Who is said to lead or to lag among these areas."""
    situation = Situation(opened(city.code), MAY)

    def named(*rows: Standing, silent: tuple[str, ...] = ()) -> dict[str, str]:
        monkeypatch.setattr(standings, "standings", lambda _situation: list(rows))
        return {line.area: line.side for line in bulletins._area_lines(situation, silent)}

    return named


def test_an_only_area_is_neither_fast_nor_slow(sides: Any) -> None:
    assert sides(standing("甲", 19)) == {"甲": ""}


def test_among_several_the_first_is_fast_only_where_it_keeps_pace(sides: Any) -> None:
    assert sides(standing("甲", 15), standing("乙", 5)) == {"甲": "leading", "乙": "lagging"}
    assert sides(standing("甲", 8), standing("乙", 5))["甲"] == ""
    assert sides(standing("甲", 15), standing("乙", 15)) == {"甲": "", "乙": ""}


def test_who_has_not_reported_is_not_called_fast(sides: Any) -> None:
    assert sides(standing("甲", 15), standing("乙", 5), silent=("甲县",))["甲"] == ""


def test_the_averages_are_of_the_same_items(opened: Open, city: Any) -> None:
    found = bulletins.draft(Situation(opened(city.code), MAY))
    told = [task for task in found.tasks if task.percent is not None and task.expected is not None]
    assert 0 < len(told) < len(found.tasks)
    done, want = mean([task.percent for task in told]), mean([task.expected for task in told])
    said = (
        f"有数的{len(told)}项平均完成进度{show_percent(done, 1)}，这些项按时序平均应达{show_percent(want, 1)}"
    )
    assert said in words(found)


def test_what_the_first_part_counts_as_behind_is_named_in_the_fourth(opened: Open, city: Any) -> None:
    for unit in (city.code, city.county):
        found = bulletins.draft(Situation(opened(unit), MAY))
        for light in ("red", "yellow"):
            counted = {task.no for task in found.tasks if task.light == light}
            named = {line.no for line in found.lags if line.light in (light, "red")}
            assert counted <= named, (unit, light, counted - named)


def test_what_only_the_whole_is_late_with_stands_for_the_whole(opened: Open, city: Any) -> None:
    """A task that no county has a part in, whose day has passed at the city's own department."""
    workspace = opened(city.code)
    december = Situation(workspace, Period.parse("2024-12"))
    own = {line.no: line for line in bulletins.lags(december) if line.area == city.code}
    assert own
    below = {line.no for line in bulletins.lags(december) if line.area != city.code and line.light == "red"}
    assert not own.keys() & below
    assert all(line.light == "red" and line.name for line in own.values())


def test_who_is_silent_is_said_with_what_stands_for_them(opened: Open, city: Any) -> None:
    found = bulletins.draft(Situation(opened(city.code), MAY))
    assert found.silent == ("云溪县",)
    assert "云溪县尚未报送（其数沿用以前报送的）" in words(found)
    assert "进展较快" not in words(found)
