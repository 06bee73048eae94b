"""What should be done by a date."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.figures.schedule import deadline, expected, expected_value, overdue, points
from desktop_app.core.model.plan import Indicator, Milestone
from desktop_app.core.plan.load import sample_plan

STARTS, ENDS = date(2024, 3, 28), date(2024, 12, 31)
COUNT = Indicator(id="12.1", name="户数", measure="count", op="==", unit="户", target="960")
STANDARD = Indicator(id="15.1", name="标准", measure="standard", op=">=", unit="元", target="86")


def step(due: date, reach: str | None = None, name: str = "m", indicator: str | None = "12.1") -> Milestone:
    return Milestone(id=f"12.{name}", what="一步", due=due, indicator=indicator, reach=reach)


def at(day: date, *milestones: Milestone, indicator: Indicator = COUNT) -> Fraction:
    return expected(indicator, milestones, day, starts=STARTS, ends=ENDS)


days = st.dates(date(2024, 1, 1), date(2024, 12, 31))
schedules = st.lists(
    st.tuples(days, st.none() | st.decimals(0, 1, places=2).map(str)),
    max_size=6,
).map(lambda found: [step(due, reach, f"m{n}") for n, (due, reach) in enumerate(found)])


@given(schedules, days, days)
def test_it_never_falls_and_stays_between_nothing_and_all(milestones, first, second):
    early, late = at(min(first, second), *milestones), at(max(first, second), *milestones)
    assert 0 <= early <= late <= 1


@given(schedules)
def test_all_is_expected_from_the_deadline_on(milestones):
    assert at(deadline(COUNT, milestones, ENDS), *milestones) == 1
    assert at(ENDS, *milestones) == 1


@given(schedules)
def test_each_point_asks_for_at_least_what_it_says(milestones):
    for milestone in milestones:
        if milestone.reach is not None:
            assert at(milestone.due, *milestones) >= Fraction(milestone.reach)


def test_without_milestones_a_straight_line_from_the_plans_date_to_the_years_end():
    span = (ENDS - STARTS).days
    assert at(date(2024, 1, 31)) == 0
    assert at(STARTS) == 0
    assert at(date(2024, 6, 30)) == Fraction((date(2024, 6, 30) - STARTS).days, span)
    assert at(ENDS) == 1


def test_a_dated_whole_ends_the_line():
    due = date(2024, 8, 31)
    assert at(date(2024, 6, 30), step(due, "1")) == Fraction(94, 156)
    assert at(due, step(due, "1")) == at(date(2024, 10, 1), step(due, "1")) == 1


def test_through_the_points_between():
    milestones = (step(date(2024, 5, 27), "0.5", "m1"), step(date(2024, 8, 31), "1", "m2"))
    assert at(date(2024, 4, 27), *milestones) == Fraction(1, 4)
    assert at(date(2024, 5, 27), *milestones) == Fraction(1, 2)
    assert at(date(2024, 7, 14), *milestones) == Fraction(3, 4)


def test_steps_without_a_figure_end_the_line_only_where_no_step_has_one():
    plan_step, entry_step = step(date(2024, 5, 31), None, "m1"), step(date(2024, 10, 31), None, "m3")
    assert deadline(COUNT, [plan_step, entry_step], ENDS) == date(2024, 10, 31)
    assert deadline(COUNT, [plan_step, step(date(2024, 8, 31), "1"), entry_step], ENDS) == date(2024, 8, 31)
    assert deadline(COUNT, [plan_step, step(date(2024, 8, 31), "0.5")], ENDS) == ENDS


def test_other_indicators_milestones_have_no_say():
    assert at(date(2024, 8, 31), step(date(2024, 8, 31), "1", indicator="13.1")) == at(date(2024, 8, 31))
    assert at(date(2024, 8, 31), step(date(2024, 8, 31), "1", indicator=None)) < 1


def test_a_point_before_the_plans_date_is_expected_at_once():
    early = step(date(2024, 3, 1), "0.2")
    assert at(date(2024, 2, 29), early) == 0
    assert at(date(2024, 3, 1), early) == Fraction(1, 5)


def test_a_standard_is_expected_at_its_deadline_and_not_before():
    assert at(date(2024, 12, 30), indicator=STANDARD) == 0
    assert at(ENDS, indicator=STANDARD) == 1


def test_corners():
    assert points(COUNT, [], starts=STARTS, ends=ENDS) == [(STARTS, 0), (ENDS, 1)]


def test_the_dashed_line_is_in_the_indicators_unit():
    rate = Indicator(
        id="43.1", name="率", measure="rate", op=">=", unit="%", target="99.93", baseline="99.90", decimals=2
    )
    assert expected_value(COUNT, Fraction(96), Fraction(1, 2)) == 48
    assert expected_value(rate, rate.target_value, Fraction(1, 3)) == Fraction("99.91")
    assert expected_value(COUNT, None, Fraction(1, 2)) is None


def late(day: date, *milestones: Milestone, **said: Any) -> bool:
    fields: dict[str, Any] = {"ends": ENDS, "goal": Fraction(960), "done": Fraction(1, 2)}
    return overdue(COUNT, milestones, day, **fields | said)


AUGUST = step(date(2024, 8, 31), "1", "m2")


@pytest.mark.parametrize(
    ("day", "said", "found"),
    [
        (date(2024, 8, 30), {}, False),
        (date(2024, 8, 31), {}, True),
        (date(2024, 8, 31), {"done": None}, True),
        (date(2024, 8, 31), {"done": Fraction(1)}, False),
        (date(2024, 8, 31), {"done": Fraction(96, 100)}, True),
        (date(2024, 8, 31), {"done": Fraction(96, 100), "enough": Fraction(95, 100)}, False),
        (date(2024, 8, 31), {"goal": None, "done": None}, False),
    ],
)
def test_a_dated_figure_is_overdue_at_the_end_of_its_day(day, said, found):
    assert late(day, AUGUST, **said) is found


def test_a_step_without_a_figure_is_met_by_being_marked_done():
    may = step(date(2024, 5, 31), None, "m1")
    assert not late(date(2024, 5, 30), may)
    assert late(date(2024, 5, 31), may)
    assert not late(date(2024, 5, 31), may, finished={"12.m1"})
    assert late(date(2024, 6, 30), may, goal=None)


def test_short_by_a_little_at_the_years_end_is_overdue():
    short = Fraction(2598, 2639)
    assert late(ENDS, done=short)
    assert not late(ENDS - timedelta(days=1), done=short)
    assert late(ENDS, done=None)
    assert not late(ENDS, goal=None, done=None)


def test_the_sample_plans_dates():
    plan = sample_plan()
    milestones = [milestone for _task, milestone in plan.milestones()]
    for name, day in {
        "12.1": date(2024, 8, 31),
        "50.1": date(2024, 9, 30),
        "50.2": date(2024, 3, 31),
        "38.1": ENDS,
    }.items():
        indicator = plan.indicator(name)
        assert indicator is not None
        assert deadline(indicator, milestones, plan.ends) == day
