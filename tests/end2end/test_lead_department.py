"""A lead department as a desk: a town's problem reaches it through county and city, its answer comes back under its own
signature, an order is answered, and it reviews its line across counties."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desktop_app.core.errors import KnownError
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
    reading_copy,
    recording,
    register_writing,
    registers,
    reviewing,
)
from desktop_app.core.operations.situation import Situation
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package.verify import open_package
from desktop_app.core.store.store import Said

LEAD, SECOND = "990100001", "990100002"
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


def department(upper: Workspace, code: str, name: str, folder: Path) -> Workspace:
    """A department of the city, founded like any other desk."""
    body = UnitBody(name=name, level="city", kind="department", parent=upper.unit_code)
    upper.say([Said(kind="unit", subject=f"unit/{code}", body=body)])
    package = downward.setup_package(upper, code, folder / f"setup-{code}")
    desk = founding.join(folder / code, package.path, code, keyring.report(upper).root_spoken)
    keyring.new_key(desk, "demo", "p256")
    keyring.install(desk, granting.certify(upper, keyring.request(desk, "demo"), "demo"), "demo")
    return desk


@pytest.fixture
def lead(city: Any, opened: Callable[[str], Any], tmp_path: Path) -> Workspace:
    desk = department(opened(city.code), LEAD, "市民政局", tmp_path)
    yield desk
    desk.close()


@pytest.fixture
def second(city: Any, opened: Callable[[str], Any], tmp_path: Path) -> Workspace:
    desk = department(opened(city.code), SECOND, "市电力公司", tmp_path)
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


def test_a_lead_department_reports_the_city_s_own_indicator_under_its_signature(
    city: Any, opened: Callable[[str], Any], lead: Workspace, tmp_path: Path
):
    top = opened(city.code)
    duties.set_duties(top, {("43.2", city.code): Duty(reporter=LEAD)})
    reply(top, lead, tmp_path / "1")
    recording.record(lead, "43.2", "120000000", period=PERIOD)
    files = send(lead, tmp_path / "2")
    (package,) = files
    with open_package(package, keyring.roots(top)) as container:
        assert container.signer.unit == LEAD
    take(top, files)
    indicator = top.plan.indicator("43.2")
    assert Situation(top, PERIOD).figure(indicator, city.code).value == 120_000_000
    head = top.store.ledger.head(f"progress/{city.code}/{top.plan.id}/43.2/{PERIOD.key}")
    assert head is not None and head.unit == LEAD
    # Nobody else may say it, the city itself not either.
    with pytest.raises(KnownError):
        recording.record(top, "43.2", "900000000", period=PERIOD)


def test_of_two_leads_one_files_and_the_other_confirms(
    city: Any, opened: Callable[[str], Any], lead: Workspace, second: Workspace, tmp_path: Path
):
    top = opened(city.code)
    duties.set_duties(top, {("43.1", city.code): Duty(reporter=LEAD, reviewer=SECOND)})
    reply(top, lead, tmp_path / "1")
    recording.record(lead, "43.1", "99.93", of="100", period=PERIOD)
    with pytest.raises(KnownError):
        recording.record(second, "43.1", "99.95", of="100", period=PERIOD)
    take(top, send(lead, tmp_path / "2"))
    reply(top, second, tmp_path / "3")
    (item,) = reviewing.review_items(second, LEAD, PERIOD)
    assert item.indicator.id == "43.1" and item.verdict == "waiting"
    reviewing.review(second, item.subject, "accept", comment="")
    take(top, send(second, tmp_path / "4"))
    said = top.store.ledger.head(f"review/{SECOND}/{item.subject}")
    assert said is not None and said.unit == SECOND and said.body.verdict == "accept"
    reply(top, lead, tmp_path / "5")
    assert lead.store.ledger.head(f"review/{SECOND}/{item.subject}") is not None


def test_a_department_without_the_program_reads_its_tasks_in_a_workbook(
    city: Any, opened: Callable[[str], Any], tmp_path: Path
):
    top = opened(city.code)
    recording.save_problem(
        top, None, {"task": 12, "text": "打 13800138000 没人接", "due": "2024-06-10"}, area=city.county
    )
    path = tmp_path / "copy.xlsx"
    made = reading_copy.write(top, "市残联", PERIOD, path)
    led = {task.no for task in top.plan.tasks if "市残联" in task.lead}
    assert set(made.tasks) == led and 12 in led and 1 not in led
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["进度", "任务原文", "节点", "问题", "督办"]
    rows = {sheet.title: list(sheet.iter_rows(min_row=3, values_only=True)) for sheet in book}
    assert {row[0] for row in rows["进度"]} == {row[0] for row in rows["任务原文"]} == led
    situation = Situation(top, PERIOD)
    figure = situation.figure(top.plan.indicator("12.1"), city.county).value
    line = next(
        row for row in rows["进度"] if row[2] == "12.1" and row[4] == top.organisation.name(city.county)
    )
    assert str(line[7]).replace(",", "") == str(figure)
    assert top.plan.task(12).target in {row[2] for row in rows["任务原文"]}
    everything = str(rows)
    assert "13800138000" not in everything and "没人接" in everything
    # It is to look at only: no desk takes it in.
    results, _changes = merging.merge(opened(city.county), [path])
    assert results[0].state not in ("merged", "known") and results[0].reason


def test_a_department_is_shown_its_own_line_alone(
    city: Any, opened: Callable[[str], Any], lead: Workspace, tmp_path: Path
):
    from desktop_app.core.operations import checking, forking
    from desktop_app.core.operations.own_line import own_line

    town, county, top = (opened(unit) for unit in (city.town, city.county, city.code))
    led = {task.no for task in top.plan.tasks if "市民政局" in task.lead}
    ours = problems_of(town, "低保资金没到位")[1]
    theirs = recording.save_problem(town, None, {"task": 31, "text": "路基塌陷", "due": "2024-06-10"})[1]
    asked = recording.save_problem(town, None, {"task": 31, "text": "要民政补材料", "due": "2024-06-10"})[1]
    take(county, send(town, tmp_path / "a"))
    problems.escalate(county, asked, "市民政局")
    take(top, send(county, tmp_path / "b"))
    context, plan, reviewed = top.store.projector.context(), top.plan, "12.1"
    before = context.duties[plan.id, reviewed, city.county]
    duties.set_duties(
        top,
        {
            ("43.2", city.code): Duty(reporter=LEAD),
            (reviewed, city.county): Duty(reporter=before.reporter, each=before.each, reviewer=LEAD),
        },
    )
    reply(top, lead, tmp_path / "c")
    assert own_line(lead) == led | {12, 43} and own_line(top) is None
    shown = {problem.subject for problem in problems.problems(lead)}
    assert ours in shown and asked in shown and theirs not in shown
    assert theirs in {problem.subject for problem in problems.problems(top)}
    steps = [step for task in Situation(lead, PERIOD).tasks() for step in task.milestones if step.mine]
    assert {step.task for step in steps} <= led | {12, 43}
    assert forking.forks(lead) == [], "others' differences are not its to settle"
    assert checking.gaps(lead, PERIOD) == [], "nor is their evidence its to bring"


def test_a_department_sees_registers_of_its_line_and_changes_its_own_rows_alone(
    city: Any, opened: Callable[[str], Any], lead: Workspace, tmp_path: Path
):
    town, county, top = (opened(unit) for unit in (city.town, city.county, city.code))
    rows = {
        name: register_writing.save(town, register, None, values)[1]
        for name, register, values in (
            ("line", "children", {"code": "E-77", "kind": "集中养育", "entry": "2024-01-01", "task": 20}),
            ("other", "estates", {"estate": "河西", "managed": "未管", "task": 40}),
            ("untold", "accounts", {"item": "三号楼", "kind": "办证"}),
        )
    }
    take(county, send(town, tmp_path / "a"))
    take(top, send(county, tmp_path / "b"))
    before = top.store.projector.context().duties[top.plan.id, "12.1", city.county]
    reviewed = Duty(reporter=before.reporter, each=before.each, reviewer=LEAD)
    duties.set_duties(top, {("12.1", city.county): reviewed})
    reply(top, lead, tmp_path / "c")
    assert lead.store.ledger.head(rows["other"]) is not None, "it came along"
    assert rows["line"] in {row.subject for row in registers.rows(lead, "children")}
    assert rows["other"] not in {row.subject for row in registers.rows(lead, "estates")}
    assert rows["untold"] not in {row.subject for row in registers.rows(lead, "accounts")}
    assert not registers.row(lead, rows["line"]).mine
    own = register_writing.save(lead, "contacts", None, {"department": "市财政局", "role": "资金"})[1]
    assert registers.row(lead, own).mine
    with pytest.raises(KnownError):
        register_writing.save(lead, "children", rows["line"], {"exit": "2024-06-01"})
