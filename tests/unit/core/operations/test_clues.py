"""Dispatch clues and the facts of an appraisal, on the sample city's own desks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desktop_app.core.errors import InputError
from desktop_app.core.model.period import Period
from desktop_app.core.operations import appraisal, clues, papers, recording, register_writing
from desktop_app.core.operations.situation import Situation

MAY = Period.parse("2024-05")


@pytest.fixture
def top(city: Any, opened: Callable[[str], Any]) -> Any:
    return opened(city.code)


def of(desk: Any, kind: str) -> dict[tuple[str, str], Any]:
    return {(clue.indicator, clue.area): clue for clue in clues.clues(desk, MAY, kind)}


def test_a_figure_that_has_not_moved_is_told_and_one_that_has_is_not(city: Any, opened: Callable[[str], Any]):
    town = opened(city.town)
    before = Situation(town, Period.parse("2024-04")).figure(town.plan.indicator("1.1"), city.town).value
    assert before is not None
    recording.record(town, "1.1", str(before + 5), period=MAY)
    assert ("1.1", city.town) not in of(town, "still")
    recording.record(town, "1.1", str(before), period=MAY, reason="核对后没有新增")
    clue = of(town, "still")["1.1", city.town]
    assert clue.value == before and "连续 2 期" in clue.words


def test_what_is_complete_or_was_not_reported_is_no_standstill(top: Any):
    situation = Situation(top, MAY)
    for (indicator, area), clue in of(top, "still").items():
        found = top.plan.indicator(indicator)
        figure = situation.figure(found, area)
        assert not figure.carried and figure.value == clue.value
        assert situation.done(found, area) < 1


def test_a_county_below_its_floor_is_listed(top: Any, city: Any):
    found = of(top, "floor")
    floors = {i.id for i in top.plan.indicators() if i.floor_value is not None and i.measure == "rate"}
    assert floors and all(
        clue.value < clue.line and indicator in floors for (indicator, _a), clue in found.items()
    )
    situation = Situation(top, MAY)
    for indicator in floors:
        figure = situation.figure(top.plan.indicator(indicator), city.county)
        below = figure.value is not None and figure.of and figure.value / figure.of * 100 < 99
        if indicator == "19.1":
            assert ((indicator, city.county) in found) == bool(below)


def test_fewer_projects_than_the_share(top: Any, city: Any):
    situation = Situation(top, MAY)
    found = of(top, "projects")
    assert found
    for (indicator, area), clue in found.items():
        assert clue.line == situation.share(top.plan.indicator(indicator), area)
        done = situation.figure(top.plan.indicator(indicator), area).value or 0
        assert done <= clue.value < clue.line, "what is registered is at least what is done"


def test_levels_that_do_not_add_up(top: Any, city: Any):
    situation = Situation(top, MAY)
    found = of(top, "levels")
    whole = situation.figure(top.plan.indicator("47.1"), city.county).value
    parts = [situation.figure(top.plan.indicator(part), city.county).value for part in ("47.2", "47.3")]
    differs = None not in parts and whole is not None and sum(parts) != whole
    assert (("47.1", city.county) in found) == differs
    assert ("32.1", city.county) not in found, "one part alone never makes the whole"


def test_appraisal_states_facts_and_no_weights(top: Any, city: Any, tmp_path: Path):
    register_writing.save(
        top, "appraisal", None, {"county": city.county, "item": "参保", "result": "良好", "score": "92"}
    )
    with papers.sight(top, MAY) as sight:
        facts = appraisal.appraisal(sight)
        path = appraisal.write(sight, tmp_path / "a.xlsx")
        assert path.read_bytes() == appraisal.write(sight, tmp_path / "b.xlsx").read_bytes()
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["指标结果", "验收结论", "报送与督办", "登记的考核事项"]
    situation = Situation(top, MAY)
    line = next(line for line in facts.results if line.indicator.startswith("12.1 "))
    value = situation.figure(top.plan.indicator("12.1"), city.county).value
    assert line.value == f"{value}户"
    accepted = sum(line.passed + line.nearly + line.failed for line in facts.acceptances)
    assert accepted > 0
    assert [(entered.item, entered.score) for entered in facts.entered] == [("参保", "92")]
    (duty,) = facts.duties
    assert duty.problems >= duty.problems_open >= duty.problems_late
    text = "".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell
    )
    assert "不设权重" in text and "总分" not in text.replace("不计总分", "")


def test_a_town_has_nobody_to_appraise(city: Any, opened: Callable[[str], Any], tmp_path: Path):
    with papers.sight(opened(city.town), MAY) as sight, pytest.raises(InputError):
        appraisal.appraisal(sight)
