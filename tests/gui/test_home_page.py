"""The first page of a reporting desk: one next step, and after it the next one, through a whole month."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_app.core.model.period import Period
from desktop_app.core.operations.desk import Desk
from desktop_app.core.operations.workspace import Workspace
from desktop_app.ui.township import receiving

TOWN, COUNTY = "990101101", "990101"
MAY = Period(2024, 5, 5)


@pytest.fixture
def county(city, tmp_path: Path):
    target = tmp_path / "county"
    shutil.copytree(city.desk(COUNTY), target, ignore=shutil.ignore_patterns("outbox", ".lock"))
    desk = Desk(Workspace.open(target))
    desk.unlock("demo")
    yield desk
    desk.close()


def forward(qtbot, window) -> str:
    """Press the one big button; where it leads."""
    home = window.show_page("home")
    assert home.next.isVisible()
    qtbot.mouseClick(home.next, Qt.MouseButton.LeftButton)
    return window.current


def test_one_step_after_the_other_to_the_receipt(qtbot, real_window, county, tmp_path, settled):
    window = real_window("home", MAY)
    desk, home = window.session.desk, window.pages["home"]
    assert "格没有填" in home.step_title.text()
    assert forward(qtbot, window) == "entry"
    entry = window.pages["entry"]
    for view in list(entry.model.shown()):
        if entry.model.unfilled(view):
            entry.model.type_in(view, "9/10" if view.measure == "rate" else "9") or entry.model.give_reason(
                entry.model.record(entry.model.row_of(view.id)), "第一次填"
            )
    assert entry.model.pending == {}
    window.show_page("home")
    if "两种说法" in home.step_title.text():
        assert forward(qtbot, window) == "forks"
        for fork in desk.forks():
            window.session.write(desk.settle(fork.subject, keep=fork.sides[0].id, reason="核对过"))
        window.show_page("home")
    assert "可以上报" in home.step_title.text(), home.step_title.text()
    assert forward(qtbot, window) == "submit"
    out = tmp_path / "out"
    out.mkdir()
    desk.unlock("demo")
    desk.export(MAY, out, filled="王秀珍", checked="赵建国", responsible="孙明远", progress=lambda *_: None)
    home.refresh()
    assert "等云溪县的回执" in home.step_title.text() and "发来的文件" in home.next.text()
    assert ("5月上报包", "等回执") in [(item.words, item.note) for item in home._sent(desk.overview(MAY))]
    county.merge(list(out.glob(f"{TOWN}*.xlsx")), lambda *_: None)
    county.accept_passing(TOWN, MAY)
    county.reply(out, [TOWN], lambda *_: None)
    receiving.take_in(window.session, list(out.glob(f"{COUNTY}-reply-*.xlsx")))
    settled()
    window.session.show_period(MAY)
    window.show_page("home")
    assert "都做完了" in home.step_title.text(), home.step_title.text()
    assert not any("等" in item.note for item in home._sent(desk.overview(MAY)))


def test_what_is_late_says_which_date_has_passed(real_window):
    home = real_window("home", MAY).pages["home"]
    notes = {
        link.text(): line
        for link, line in (
            (made.layout().itemAt(1).widget(), made.layout().itemAt(2).widget().text())
            for made in [home.lists[2]._lines.itemAt(n).widget() for n in range(home.lists[2]._lines.count())]
            if made.layout() is not None
        )
    }
    late = [
        view
        for view in home.session.desk.tasks(MAY)
        for view in view.indicators
        if view.light == "red" and view.mine
    ]
    for view in late:
        words = notes.get(f"{view.task} {view.name}")
        assert words is None or "逾期" in words
    assert any("应达" in words for words in notes.values())


def test_a_line_leads_to_its_own_place(qtbot, real_window):
    window = real_window("home", MAY)
    home = window.pages["home"]
    first = home.lists[0]._lines.itemAt(0).widget().layout().itemAt(1).widget()
    name = first.text()
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert window.current == "entry"
    view = window.pages["entry"].table.current_view()
    assert f"{view.task} {view.name}" == name
