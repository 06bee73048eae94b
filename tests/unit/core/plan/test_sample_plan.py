"""The shipped sample plan says what the notice of that year says: its figures, dates and gaps."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.core.model.plan import Plan, Task
from desktop_app.core.plan.check import category_sizes, check_plan
from desktop_app.core.plan.load import sample_plan

# The figures of each task's target text, in base units; tasks without a figure are left out.
TARGETS = {
    1: "27000 60 164",
    2: "1500",
    3: "12400 5000",
    5: "50000",
    6: "6",
    9: "204",
    10: "7344",
    11: "809 600",
    12: "960",
    13: "2639 6",
    14: "9 48",
    15: "86 86",
    16: "4330",
    17: "686",
    18: "1112 30000",
    19: "99 80 75 60",
    20: "5 1300 1700",
    21: "65 3200 4.86 20",
    22: "68000",
    23: "160",
    24: "99",
    25: "40000 189000",
    26: "22 22",
    27: "98 95.5",
    28: "31600 9500",
    29: "85",
    31: "120 400 410 2",
    32: "25000 2250",
    34: "10",
    35: "1",
    36: "1200",
    38: "160 100",
    39: "2830",
    43: "99.93",
    45: "35",
    46: "18",
    47: "74 5",
    49: "500",
    50: "6",
}
MEASURES = (
    "3 4 4 3 4 4 3 1 3 3 4 3 5 4 4 3 4 3 4 4 4 3 3 5 3 3 3 3 4 4 3 4 4 4 4 3 3 3 4 2 2 3 3 3 4 4 5 2 3 4"
)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return sample_plan()


def task(plan: Plan, no: int) -> Task:
    found = plan.task(no)
    assert found is not None
    return found


def test_is_read_once_and_marked_as_a_sample(plan: Plan):
    assert sample_plan() is plan
    assert plan.sample
    assert (plan.id, plan.year, plan.issued) == ("2024", 2024, date(2024, 3, 28))


def test_has_nothing_to_remark(plan: Plan):
    assert check_plan(plan) == []


def test_has_fifty_tasks_in_ten_categories(plan: Plan):
    assert [t.no for t in plan.tasks] == list(range(1, 51))
    assert list(category_sizes(plan).values()) == [3, 5, 12, 5, 3, 2, 2, 3, 10, 5]


def test_briefs_every_measure(plan: Plan):
    assert [len(t.measures) for t in plan.tasks] == [int(number) for number in MEASURES.split()]
    assert sum(len(t.measures) for t in plan.tasks) == 172
    assert all(len(measure) >= 6 for t in plan.tasks for measure in t.measures)


def test_every_figure_of_the_targets_is_a_headline_indicator(plan: Plan):
    for t in plan.tasks:
        figures = [i.target for i in t.indicators if i.headline and i.measure != "state" and i.target]
        assert sorted(figures) == sorted(TARGETS.get(t.no, "").split()), t.no


def test_a_task_without_a_figure_is_judged_by_a_state(plan: Plan):
    for t in plan.tasks:
        if t.no not in TARGETS:
            assert {i.measure for i in t.headline} == {"state"}, t.no


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("9.1", [150, 17, 37]),
        ("10.1", [829, 84, 1163, 5268]),
        ("24.1", [60, 39]),
        ("32.1", [2250]),
        ("47.1", [15, 59]),
        ("47.4", [2, 3]),
    ],
)
def test_of_which_parts_stand_below_their_whole(plan: Plan, whole: str, parts: list[int]):
    found = [i.target_value for i in plan.indicators() if i.parent == whole]
    assert found == parts
    total = plan.indicator(whole)
    assert total is not None and total.target_value is not None
    assert sum(parts) == total.target_value or whole == "32.1"
    assert not any(i.id != whole and i.parent for i in task(plan, total.task_no).headline)


def test_bound_words_are_kept(plan: Plan):
    about = [i.id for i in plan.indicators() if i.op == "~"]
    assert about == ["1.1", "22.1", "25.1", "25.2"]
    reliability = plan.indicator("43.1")
    assert reliability is not None
    assert (reliability.op, reliability.baseline, reliability.target) == (">=", "99.90", "99.93")


def test_county_floors(plan: Plan):
    assert {i.id: i.floor for i in plan.indicators() if i.floor} == {"19.1": "99", "21.1": "65"}


def test_the_seven_dates(plan: Plan):
    found = {(t.no, m.due.isoformat(), m.scope) for t, m in plan.milestones()}
    assert found == {
        (12, "2024-05-31", "county"),
        (12, "2024-08-31", "county"),
        (12, "2024-10-31", "county"),
        (38, "2024-12-31", "city"),
        (50, "2024-03-31", "county"),
        (50, "2024-04-30", "city"),
        (50, "2024-09-30", "city"),
    }


def test_stages(plan: Plan):
    adapted, access = plan.indicator("13.1"), plan.indicator("12.1")
    assert adapted is not None and len(adapted.stages) == 6
    assert access is not None and len(access.stages) == 3


def test_masked_names_stay_masked_and_are_listed_as_open(plan: Plan):
    for t in plan.tasks:
        for lead in t.lead:
            if "*" in lead:
                assert any(lead in point for point in t.open_points), t.no
    assert task(plan, 1).lead == ("****保障局",)
    assert task(plan, 21).lead == ("市教育体育局", "市卫生健康委")
    assert task(plan, 43).lead == ("市发展改革委", "****公司")


def test_what_the_notice_leaves_open_is_not_guessed(plan: Plan):
    for indicator in plan.indicators():
        assert indicator.target is not None or indicator.target_open, indicator.id
        if indicator.target_open or indicator.unit_open:
            assert task(plan, indicator.task_no).open_points, indicator.id


def test_each_kind_of_desk_has_its_indicators(plan: Plan):
    by_level = {
        level: sum(i.reports == level for i in plan.indicators()) for level in ("city", "county", "township")
    }
    assert by_level["township"] >= 30
    assert by_level["county"] >= 40
    assert {i.id for i in plan.indicators() if i.reports == "city"} == {
        i.id for i in plan.indicators() if i.adds == "city"
    }


def test_sharing_rules_are_the_written_ones_only(plan: Plan):
    ratios = {(t.no, tuple(sorted(f.share.items()))) for t in plan.tasks for f in t.funds if len(f.share) > 1}
    assert ratios == {(4, (("city", 5), ("district", 5))), (5, (("city", 5), ("district", 5)))}
