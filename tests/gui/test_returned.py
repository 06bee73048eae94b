"""A figure of an earlier month comes back: it is shown and put right in its own month, and the county sees it again."""

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
MAY, JUNE = Period(2024, 5, 5), Period(2024, 6, 6)
ABOUT = f"progress/{TOWN}/2024/3.1/2024-05"


@pytest.fixture
def county(city, tmp_path: Path):
    target = tmp_path / "county"
    shutil.copytree(city.desk(COUNTY), target, ignore=shutil.ignore_patterns("outbox", ".lock"))
    desk = Desk(Workspace.open(target))
    desk.unlock("demo")
    yield desk
    desk.close()


def send(desk, county, out: Path) -> None:
    before = set(out.glob("*.xlsx"))
    desk.unlock("demo")
    desk.export(MAY, out, filled="王秀珍", checked="赵建国", responsible="孙明远", progress=lambda *_: None)
    rows, _changes = county.merge(sorted(set(out.glob("*.xlsx")) - before), lambda *_: None)
    assert [row.quarantined for row in rows] == [""]


def test_it_is_put_right_where_it_was_said(qtbot, real_window, county, tmp_path, settled):
    window = real_window("home", JUNE)
    desk, home = window.session.desk, window.pages["home"]
    out = tmp_path / "out"
    out.mkdir()
    send(desk, county, out)
    county.review(ABOUT, "return", comment="和去年一样，请核对")
    county.reply(out, [TOWN], lambda *_: None)
    receiving.take_in(window.session, list(out.glob(f"{COUNTY}-reply-*.xlsx")))
    settled()
    assert window.session.period == MAY, "the month it is about, not the file's"
    assert "请核对" in home.step_words.text()
    # Back in the month one was at, the way still leads to the figure that came back.
    window.session.show_period(JUNE)
    assert "被退回" in home.step_title.text() and home.step_words.text().startswith("5月")
    entry = window.show_page("entry", "3.1")
    words = entry.model.columns[entry.model.hint_column].text(entry.table.current_view())
    assert words.startswith("5月的数被退回")
    window.show_page("home")
    qtbot.mouseClick(home.next, Qt.MouseButton.LeftButton)
    assert window.session.period == MAY and window.current == "tasks"
    tasks = window.pages["tasks"]
    assert tasks.table.current_record().view.id == "3.1"
    qtbot.waitUntil(lambda: "退回" in tasks.panel.banner.title())
    entry = window.show_page("entry", "3.1")
    view = entry.table.current_view()
    assert view.returned and "请核对" in entry.model.columns[entry.model.hint_column].text(view)
    assert entry.model.type_in(view, str(int(view.figure.value) + 1)) or entry.model.give_reason(
        view, "漏报 1 人"
    )
    assert not entry.model.record(entry.model.row_of("3.1")).returned, "nothing corrected stays returned"
    send(desk, county, out)
    item = next(item for item in county.review_items(TOWN, MAY) if item.subject == ABOUT)
    assert item.verdict == "waiting"


def test_a_closed_month_says_so_and_how_to_put_it_right(qtbot, real_window):
    april = Period(2024, 4, 4)
    page = real_window("entry", april).pages["entry"]
    assert page.session.desk.closed(april) is not None
    assert "已封账" in page.due.text() and "更正" in page.due.text()
    page.table.go_to_indicator("3.1")
    view = page.table.current_view()
    assert not page.model.type_in(view, str(int(view.figure.value) + 1))
    assert "封账" in page.model.pending["3.1"].error and "更正" in page.model.pending["3.1"].error
    assert page.model.came_back == {}


def test_the_neighbour_s_receipt_is_not_taken_in(
    qtbot, real_window, city, county, tmp_path, settled, monkeypatch
):
    from desktop_app.core.errors import KnownError
    from desktop_app.ui import errors

    shown: list[KnownError] = []
    monkeypatch.setattr(errors, "show", shown.append)
    out = tmp_path / "out"
    out.mkdir()
    county.reply(out, [TOWN, city.other_town], lambda *_: None)
    [theirs] = out.glob(f"{COUNTY}-reply-{city.other_town}*.xlsx")
    [ours] = out.glob(f"{COUNTY}-reply-{TOWN}*.xlsx")
    window = real_window("home", JUNE)
    before = window.session.desk.workspace.store.ledger.counts()["entries"]
    receiving.take_in(window.session, [theirs])
    settled()
    assert window.session.desk.workspace.store.ledger.counts()["entries"] == before
    assert window.session.period == JUNE and "石门镇" in shown[0].what
    receiving.take_in(window.session, [theirs, ours])
    settled()
    assert len(shown) == 2 and window.session.desk.inbox(MAY) is not None
