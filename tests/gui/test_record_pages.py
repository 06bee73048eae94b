"""台账册, 调度, 问题, 资金 on the sample city's real desks: typed, pressed and read as a person does."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop_app.core.model.period import Period
from desktop_app.core.operations.desk import Desk
from desktop_app.core.operations.workspace import Workspace
from desktop_app.ui.records.clue_dialog import ClueDialog
from desktop_app.ui.records.compare_dialog import CompareDialog
from desktop_app.ui.records.money_page import MoneyPage, state_of
from desktop_app.ui.records.record_form import RecordForm
from desktop_app.ui.records.register_page import DispatchPage, RegisterPage
from desktop_app.ui.session import Session
from desktop_app.ui.township.problem_page import ProblemPage


@pytest.fixture
def opened(city: Any, tmp_path: Path) -> Iterator[Callable[[str], Workspace]]:
    """A copied desk of the sample city, open."""
    made: list[Workspace] = []

    def open_desk(unit: str) -> Workspace:
        target = tmp_path / "desks" / unit
        shutil.copytree(city.desk(unit), target, ignore=shutil.ignore_patterns("outbox", ".lock"))
        made.append(Workspace.open(target))
        return made[-1]

    yield open_desk
    for workspace in made:
        workspace.close()


@pytest.fixture
def at(opened: Callable[[str], Any], qtbot: QtBot) -> Iterator[Callable[[type, str], Any]]:
    """A page of the kind on a unit's desk, shown at the size of a small laptop."""
    pages = []

    def shown(kind: type, unit: str) -> Any:
        page = kind(Session(Desk(opened(unit), owner=False)))
        qtbot.addWidget(page)
        page.resize(1230, 660)
        page.show()
        qtbot.waitExposed(page)
        pages.append(page)
        return page

    yield shown


def fill(qtbot: QtBot, form: RecordForm, **values: str) -> None:
    for key, value in values.items():
        made = form.inputs[key]
        if isinstance(made, QLineEdit):
            qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
            made.clear()
            # As an input method does it; key events carry plain letters alone.
            made.insert(value)
        else:
            form.set_value(key, value)


def press(qtbot: QtBot, form: RecordForm) -> None:
    qtbot.mouseClick(form.keep, Qt.MouseButton.LeftButton)


def test_a_row_is_typed_into_a_form_and_shows_in_the_table(at: Any, city: Any, qtbot: QtBot):
    page = at(RegisterPage, city.town)
    page.show_subject("estates")
    before = len(page.table.record_model.records)
    form = page.form(None)
    form.show()
    press(qtbot, form)
    assert form.isVisible() and "小区" in form.words.text()
    fill(qtbot, form, estate="河西小区", homes="96", managed="未管", date="5.18")
    press(qtbot, form)
    assert not form.isVisible()
    rows = page.table.record_model.records
    assert len(rows) == before + 1
    new = next(row for row in rows if row.name == "河西小区")
    assert new.values["date"] == f"{page.session.period.year}-05-18"

    again = page.form(None)
    again.show()
    fill(qtbot, again, estate="河西小区", managed="未管")
    press(qtbot, again)
    assert again.isVisible() and again.inputs["reason"].isVisible(), "the same name wants a reason"
    fill(qtbot, again, reason="一期二期")
    press(qtbot, again)
    assert not again.isVisible()


def test_closing_without_proof_says_what_to_do(at: Any, city: Any, qtbot: QtBot):
    page = at(RegisterPage, city.town)
    page.show_subject("estates")
    form = page.close_form(page.current)
    form.show()
    press(qtbot, form)
    assert form.isVisible() and "佐证" in form.words.text()


def test_an_order_is_answered_by_the_county(at: Any, city: Any, qtbot: QtBot):
    page = at(DispatchPage, city.county)
    page.show_subject("orders")
    order = page.current
    assert order is not None and order.to == city.county
    assert page.detail.buttons["answer"].isVisible()
    form = page.answer_form(order)
    form.show()
    fill(qtbot, form, text="施工队已进场", status="doing")
    press(qtbot, form)
    assert page.current.state == "已反馈"
    assert "施工队已进场" in page.detail.said.text()


def test_a_township_may_not_write_the_city_s_registers(at: Any, city: Any):
    page = at(RegisterPage, city.town)
    page.which.choose("all")
    assert page.list.choose("orders")
    assert not page.add_button.isVisible()
    assert page.list.choose("visits")
    assert page.add_button.isVisible()


def test_missed_visits_are_a_filter(at: Any, city: Any):
    page = at(RegisterPage, city.county)
    page.session.show_period(Period.parse(city.last))
    page.show_subject("children")
    page.filter.choose("missed")
    shown = page.table.record_model.shown()
    expected = page.session.desk.missed("children", page.session.period.key)
    assert {row.subject for row in shown} == {row.subject for row in expected} and shown


def test_no_figure_or_state_is_cut(at: Any, city: Any):
    page = at(RegisterPage, city.code)
    for register in page.session.desk.registers():
        if page.list.choose(register.key):
            table = page.table
            for number, column in enumerate(table.record_model.columns):
                if column.whole and not table.isColumnHidden(number):
                    for row in table.record_model.shown():
                        assert column.cell.width(row, column) <= table.columnWidth(number), register.key


def test_a_problem_is_given_on_answered_and_closed(at: Any, city: Any, qtbot: QtBot):
    page = at(ProblemPage, city.town)
    form = page.form(None)
    form.show()
    fill(qtbot, form, task="12", text="电梯井渗水", due="6.10")
    press(qtbot, form)
    problem = next(p for p in page.model.records if p.text == "电梯井渗水")
    answer = page.answer_form(problem)
    answer.show()
    fill(qtbot, answer, text="已约防水队", status="doing")
    press(qtbot, answer)
    page.show_subject(problem.subject)
    assert "已约防水队" in page.said.text()
    page.session.write(page.session.desk.escalate_problem(problem.subject))
    page.filter.choose("asked")
    assert problem.subject in {p.subject for p in page.model.shown()}
    closing = page.close_form(problem, [])
    closing.show()
    press(qtbot, closing)
    assert closing.isVisible(), "how it was solved has to be said"
    fill(qtbot, closing, text="补了防水")
    press(qtbot, closing)
    page.filter.choose("again")
    assert problem.subject in {p.subject for p in page.model.shown()}
    assert "还没有佐证" in page.facts.text()


def test_money_says_what_is_not_settled(at: Any, city: Any, qtbot: QtBot):
    page = at(MoneyPage, city.code)
    page.by.setCurrentIndex(page.by.findData(f"area:{city.county}"))
    page._load()
    views = {view.task: view for view in page.model.records}
    assert state_of(views[12]) == "未定"
    page.table.go_to(page.model.find(lambda view: view.task == 12))
    assert "分担比例未定" in page.asked.text() and page.to_register.isVisible()
    with qtbot.waitSignal(page.wanted) as asked:
        qtbot.mouseClick(page.to_register, Qt.MouseButton.LeftButton)
    assert asked.args == ["registers", "split"]

    before = views[13].total_arrived
    page.table.go_to(page.model.find(lambda view: view.task == 13))
    form = page.form()
    form.show()
    assert form.value("task") == "13"
    fill(qtbot, form, arrived="12,000", date="4.2", level="city")
    press(qtbot, form)
    assert not form.isVisible(), form.words.text()
    home = next(view for view in page.session.desk.money(page.session.period) if view.task == 13)
    assert home.total_arrived == 12000 and before >= 0


def test_two_lists_are_compared_on_screen(at: Any, city: Any, qtbot: QtBot, tmp_path: Path):
    left, right = tmp_path / "a.csv", tmp_path / "b.csv"
    left.write_text("姓名,身份证号\n张一,110101199003074514\n", encoding="utf-8")
    right.write_text("身份证号\n110101199003070273\n", encoding="utf-8")
    page = at(RegisterPage, city.town)
    dialog = CompareDialog(page.session)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    assert dialog.words.isVisible(), "files have to be chosen first"
    dialog.set_file(0, left)
    dialog.set_file(1, right)
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    assert dialog.filter.word("left").endswith("1") and dialog.filter.word("right").endswith("1")
    assert "110101199003074514" not in dialog.table.record_model.as_text()


def test_clues_are_listed_by_kind_and_entered_for_follow_up(at: Any, city: Any, qtbot: QtBot):
    page = at(DispatchPage, city.code)
    page.session.show_period(Period.parse("2024-05"))
    before = len(page.session.desk.records("dispatches"))
    dialog = ClueDialog(page.session, page)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.found and "项目不够" in dialog.rule.text()
    dialog.filter.choose("projects")
    shown = dialog.table.record_model.shown()
    assert shown and {clue.kind for clue in shown} == {"projects"}
    assert "没有变化" not in dialog.rule.text(), "only the rule of what is shown"
    assert not dialog.circulate.isEnabled()
    clue = dialog.current()
    qtbot.mouseClick(dialog.dispatch, Qt.MouseButton.LeftButton)
    rows = page.session.desk.records("dispatches")
    assert len(rows) == before + 1
    new = next(row for row in rows if row.values.get("issue") == "项目不够")
    assert new.task == clue.task and clue.area_name in new.values["progress"]


def test_facts_for_an_appraisal_are_saved(at: Any, city: Any, qtbot: QtBot, tmp_path: Path):
    page = at(RegisterPage, city.code)
    page.show_subject("appraisal")
    assert page.facts_button.isVisible()
    path = tmp_path / "底数.xlsx"
    page.save_facts(path)
    qtbot.waitUntil(path.exists, timeout=15000)
    page.show_subject("orders")
    assert not page.facts_button.isVisible()


def test_a_closed_row_is_opened_again_in_its_form(at: Any, city: Any, qtbot: QtBot):
    page = at(RegisterPage, city.county)
    page.show_subject("checklists")
    row = next(row for row in page.table.record_model.records if row.unit == city.county and row.closed)
    page.filter.choose("all")
    form = page.form(row)
    form.show()
    form.set_value("status", "open")
    press(qtbot, form)
    again = next(r for r in page.session.desk.records("checklists") if r.subject == row.subject)
    assert not again.closed


@pytest.mark.parametrize("size", [(1230, 660), (850, 440)])
def test_the_name_of_a_row_is_never_crushed(at: Any, city: Any, size: tuple[int, int], qtbot: QtBot):
    page = at(DispatchPage, city.code)
    page.resize(*size)
    for key in ("actions", "orders", "dispatches"):
        page.show_subject(key)
        qtbot.wait(30)
        table = page.table
        place = table.record_model.columns.index(
            next(c for c in table.record_model.columns if c.key == page._register.called_by)
        )
        assert table.columnWidth(place) >= 160, key
        assert table.horizontalScrollBar().maximum() == 0, key


def test_a_file_is_compared_with_a_register(at: Any, city: Any, qtbot: QtBot, tmp_path: Path):
    page = at(RegisterPage, city.town)
    codes = [row.values["code"] for row in page.session.desk.records("children")]
    file = tmp_path / "系统.csv"
    file.write_text("编号\n" + "\n".join([*codes[1:], "X-9"]), encoding="utf-8")
    dialog = CompareDialog(page.session)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.set_file(0, file)
    dialog.against.setCurrentIndex(dialog.against.findData("children"))
    dialog.by.setText("编号")
    dialog.compare()
    assert dialog.found is not None and dialog.found.both == len(codes) - 1
    assert [row.by for row in dialog.found.only_left] == ["X-9"]
    assert [row.by for row in dialog.found.only_right] == codes[:1]


def test_problems_are_chosen_by_domain(at: Any, city: Any, qtbot: QtBot):
    page = at(ProblemPage, city.county)
    page.session.desk.save_problem(None, {"task": 30, "text": "夜市油烟", "domain": "油烟"})
    page.refresh()
    page.task.setCurrentIndex(page.task.findData("油烟"))
    page.task.activated.emit(page.task.currentIndex())
    assert [problem.text for problem in page.model.shown()] == ["夜市油烟"]


def test_a_form_fits_a_small_laptop_at_150_percent(
    at: Any, city: Any, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(RecordForm, "room", lambda self: 430)
    page = at(RegisterPage, city.code)
    for key in ("orders", "grants", "standards", "classing"):
        page.show_subject(key)
        form = page.form(None)
        form.show()
        qtbot.waitExposed(form)
        assert form.height() <= 430, key
        assert form.keep.geometry().bottom() < form.height(), "the button is in sight"
        form.close()
