"""A lead department's desk on screen: what its first page puts before it, reviewing its line, answering, registers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.core.model.bodies import Duty, UnitBody
from desktop_app.core.model.period import Period
from desktop_app.core.operations import (
    downward,
    duties,
    founding,
    granting,
    keyring,
    merging,
    problems,
    recording,
)
from desktop_app.core.operations.desk import Desk
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store.store import Said
from desktop_app.ui import jobs
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.session import Session

LEAD = "990100009"
APRIL = Period.parse("2024-04")
"""The month that the sample city's townships have reported."""


def founded(top: Workspace, folder: Path) -> Path:
    """The folder of 市残联's desk: founded by the city, with its key, its line's figures, a problem put before it."""
    body = UnitBody(name="市残联", level="city", kind="department", parent=top.unit_code)
    top.say([Said(kind="unit", subject=f"unit/{LEAD}", body=body)])
    county = top.organisation.children(top.unit_code)[0].code
    before = top.store.projector.context().duties[top.plan.id, "12.1", county]
    line = Duty(reporter=before.reporter, each=before.each, reviewer=LEAD)
    duties.set_duties(top, {("12.1", county): line})
    subject = recording.save_problem(top, None, {"task": 12, "text": "三户联系不上"}, area=county)[1]
    problems.escalate(top, subject, LEAD)
    recording.save_problem(top, None, {"task": 31, "text": "路基塌陷"}, area=county)
    package = downward.setup_package(top, LEAD, folder / "setup")
    desk = founding.join(folder / "lead", package.path, LEAD, keyring.report(top).root_spoken)
    keyring.new_key(desk, "demo", "p256")
    keyring.install(desk, granting.certify(top, keyring.request(desk, "demo"), "demo"), "demo")
    made = downward.reply(top, folder / "reply", [LEAD])
    merging.merge(desk, [item.path for item in made.files])
    desk.close()
    return folder / "lead"


@pytest.fixture
def window(city: Any, tmp_path: Path, qtbot: QtBot) -> Iterator[MainWindow]:
    import shiboken6

    skipped = shutil.ignore_patterns("outbox", "thumbnails", ".lock")
    top = Workspace.open(Path(shutil.copytree(city.desk(city.code), tmp_path / "top", ignore=skipped)))
    folder = founded(top, tmp_path)
    top.close()
    workspace = Workspace.open(folder)
    made = MainWindow(Session(Desk(workspace, owner=False), APRIL))
    made.resize(1366, 768)
    made.show()
    qtbot.waitUntil(lambda: jobs.running() == 0, timeout=10_000)
    yield made
    jobs.wait(10_000)
    made.close()
    shiboken6.delete(made)
    workspace.close()


def shown(window: MainWindow, key: str = "") -> Any:
    if key:
        window.show_page(key)
    return window.pages[window.current]


def test_a_month_at_a_lead_department(window: MainWindow, qtbot: QtBot):
    keys = [place.key for place in window.places]
    assert {"review", "problems", "registers", "submit"} <= set(keys)
    assert not {"inbox", "divide", "board", "plan"} & set(keys), "what only a government does"

    home = shown(window, "home")
    assert "等着审核" in home.step_title.text() and home.next.text() == "去审核"
    qtbot.mouseClick(home.next, Qt.MouseButton.LeftButton)
    assert window.current == "review"

    review = shown(window)
    qtbot.waitUntil(lambda: bool(review.items.shown()), timeout=5000)
    assert {item.indicator.id for item in review.items.shown()} == {"12.1"}, "its own line alone"
    review.table.setFocus()
    qtbot.keyClick(review.table, Qt.Key.Key_A)
    desk = window.session.desk
    qtbot.waitUntil(lambda: sum(u.accepted for u in desk.review_units(APRIL)) == 1, timeout=5000)
    assert review.send.text().strip() == "去上报审核结论"
    qtbot.mouseClick(review.send, Qt.MouseButton.LeftButton)
    assert window.current == "submit", "a department's verdict goes up with its own signature"


def test_it_answers_what_was_put_before_it_and_sees_nothing_else(window: MainWindow, qtbot: QtBot):
    page = shown(window, "problems")
    assert [problem.text for problem in page.model.shown()] == ["三户联系不上"]
    assert page.buttons["answer"].isVisible()
    assert not any(page.buttons[key].isVisible() for key in ("assign", "escalate", "change"))
    subject = page.model.shown()[0].subject
    window.session.desk.answer(subject, "资金本月底拨到县", "doing")
    page.refresh()
    (problem,) = page.model.shown()
    assert problem.answers[-1].unit == LEAD and problem.answers[-1].text == "资金本月底拨到县"


def test_rows_of_others_offer_no_changing(window: MainWindow, qtbot: QtBot):
    page = shown(window, "registers")
    for key in window.session.desk.register_counts():
        page.show_subject(key)
        for record in page.table.record_model.records:
            page._show_detail(record)
            assert page.detail.buttons["change"].isVisible() == record.mine, (key, record.name)
            assert record.mine == (record.unit == LEAD), (key, record.name)
