"""A lead department as a desk: a town's problem reaches it through county and city, its answer comes back under its own
signature, an order is answered, and it reviews its line across counties."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core.model.bodies import Duty, UnitBody
from desktop_app.core.model.period import Period
from desktop_app.core.operations import (
    downward,
    duties,
    exporting,
    founding,
    granting,
    keyring,
    merging,
    problems,
    register_writing,
    registers,
    reviewing,
)
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store.store import Said

LEAD = "990100001"
PERIOD = Period.parse("2024-05")


def send(desk: Workspace, folder: Path) -> list[Path]:
    done = exporting.export(desk, PERIOD, folder, filled="甲", checked="乙", responsible="丙")
    return [item.path for item in done.files]


def reply(upper: Workspace, lower: Workspace, folder: Path) -> None:
    made = downward.reply(upper, folder, [lower.unit_code])
    results, _changes = merging.merge(lower, [item.path for item in made.files])
    assert [item.state for item in results] == ["merged"], [item.reason for item in results]


def take(upper: Workspace, files: list[Path]) -> None:
    results, _changes = merging.merge(upper, files)
    assert {item.state for item in results} <= {"merged", "known"}, [item.reason for item in results]


@pytest.fixture
def lead(city: Any, opened: Callable[[str], Any], tmp_path: Path) -> Workspace:
    """The city's 市民政局, founded like any other desk."""
    upper = opened(city.code)
    body = UnitBody(name="市民政局", level="city", kind="department", parent=city.code)
    upper.say([Said(kind="unit", subject=f"unit/{LEAD}", body=body)])
    package = downward.setup_package(upper, LEAD, tmp_path / "setup")
    desk = founding.join(tmp_path / LEAD, package.path, LEAD, keyring.report(upper).root_spoken)
    keyring.new_key(desk, "demo", "p256")
    keyring.install(desk, granting.certify(upper, keyring.request(desk, "demo"), "demo"), "demo")
    yield desk
    desk.close()


def test_a_problem_goes_up_to_the_lead_department_and_its_answer_comes_down(
    city: Any, opened: Callable[[str], Any], lead: Workspace, tmp_path: Path
):
    town, county, top = (opened(unit) for unit in (city.town, city.county, city.code))
    _changes, subject = problems_of(town, "低保户改造资金没到位")
    take(county, send(town, tmp_path / "a"))
    reply_down = tmp_path / "down"
    # The county puts it before the lead department, which the city's organisation has told it of.
    reply(top, county, reply_down / "0")
    problems.escalate(county, subject)
    assert county.store.ledger.head(subject).body.lead == LEAD
    take(top, send(county, tmp_path / "b"))
    reply(top, lead, reply_down / "1")
    (seen,) = [problem for problem in problems.problems(lead) if problem.subject == subject]
    assert seen.lead_name == "市民政局" and not seen.mine

    problems.answer(lead, subject, "资金本月底拨到县", status="doing")
    take(top, send(lead, tmp_path / "c"))
    reply(top, county, reply_down / "2")
    reply(county, town, reply_down / "3")
    (back,) = [problem for problem in problems.problems(town) if problem.subject == subject]
    (said,) = back.answers
    assert (said.unit, said.text, said.status) == (LEAD, "资金本月底拨到县", "doing")
    # It is the department's own word: the container that brought it carries the department's signature.
    assert town.store.ledger.head(said.subject).unit == LEAD

    problems.close(town, subject, "资金已到，五户开工", day="2024-06-20")
    (closed,) = [problem for problem in problems.problems(town) if problem.subject == subject]
    assert closed.status == "closed"


def problems_of(town: Workspace, text: str) -> tuple[Any, str]:
    from desktop_app.core.operations import recording

    return recording.save_problem(town, None, {"task": 4, "text": text, "due": "2024-06-10"})


def test_an_order_goes_down_and_is_answered(city: Any, opened: Callable[[str], Any], tmp_path: Path):
    county, top = opened(city.county), opened(city.code)
    values = {"title": "进度慢", "ask": "说明原因", "to": city.county, "due": "2024-06-20", "task": 38}
    _changes, subject = register_writing.save(top, "orders", None, values)
    reply(top, county, tmp_path / "1")
    shown = registers.row(county, subject)
    assert shown.to_name == county.unit.name and shown.values["number"].startswith("〔2024〕")
    register_writing.answer(county, subject, "六月底前补齐", status="doing", day="2024-06-18")
    take(top, send(county, tmp_path / "2"))
    answered = registers.row(top, subject)
    assert answered.state == "已反馈" and answered.overdue == 0
    assert [answer.text for answer in answered.answers] == ["六月底前补齐"]
    register_writing.close(top, subject, {"result": "已补齐"})
    assert registers.row(top, subject).closed


def test_a_department_reviews_its_line_across_counties(
    city: Any, opened: Callable[[str], Any], lead: Workspace, tmp_path: Path
):
    county, top = opened(city.county), opened(city.code)
    context = top.store.projector.context()
    plan = top.plan
    indicator = next(
        indicator
        for indicator in plan.indicators()
        if top.store.ledger.head(f"progress/{city.county}/{plan.id}/{indicator.id}/{city.first}")
        and context.duty(plan.id, indicator.id, city.county).reporter == city.bureau
    )
    before = context.duties[(plan.id, indicator.id, city.county)]
    duties.set_duties(top, {(indicator.id, city.county): Duty(reporter=before.reporter, reviewer=LEAD)})
    reply(top, county, tmp_path / "0")
    take(top, send(county, tmp_path / "1"))
    reply(top, lead, tmp_path / "2")
    period = Period.parse(city.first)
    views = reviewing.review_units(lead, period)
    assert [view.unit for view in views] == [city.bureau]
    items = reviewing.review_items(lead, city.bureau, period)
    assert [item.indicator.id for item in items] == [indicator.id], "only its own line"
    reviewing.review(lead, items[0].subject, "return", comment="与部门系统的数不同")
    take(top, send(lead, tmp_path / "3"))
    reply(top, county, tmp_path / "4")
    reply(county, opened(city.bureau), tmp_path / "5")
    head = opened(city.bureau).store.ledger.head(f"review/{LEAD}/{items[0].subject}")
    assert head is not None and head.body.verdict == "return"
