"""收件 over a month that is closed and reported once more, and over a file that carries other units' journals: what a
row says is what was said when it came, and what its numbers count is told."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_app.core.model.period import Period
from desktop_app.core.operations.desk import Desk
from desktop_app.core.operations.workspace import Workspace
from desktop_app.ui.county.inbox_acts import row_menu
from desktop_app.ui.county.inbox_model import action_words, condition, new_tip, signature_tip, state_words

MAY = Period(2024, 5, 5)
CITY, COUNTY, TOWN, OTHER = "990100", "990101", "990101101", "990101102"


@pytest.fixture
def desk_of(city, tmp_path: Path):
    """desk_of(unit) → a copy of that unit's desk beside the window's, unlocked; a new one each time."""
    made: list[Desk] = []

    def opened(unit: str) -> Desk:
        target = tmp_path / "beside" / str(len(made))
        shutil.copytree(
            city.desk(unit), target, ignore=shutil.ignore_patterns("outbox", "thumbnails", ".lock")
        )
        made.append(Desk(Workspace.open(target)))
        made[-1].unlock("demo")
        return made[-1]

    yield opened
    for desk in made:
        desk.close()


def export(desk: Desk, folder: Path) -> list[Path]:
    folder.mkdir(exist_ok=True)
    before = set(folder.glob("*.xlsx"))
    desk.export(MAY, folder, filled="甲", checked="乙", responsible="丙", progress=lambda *_: None)
    return sorted(set(folder.glob("*.xlsx")) - before)


@pytest.fixture
def again(real_window, desk_of, tmp_path, settled, monkeypatch):
    """The county's inbox after it closed May and 枫桥镇, which has not heard of it, reported one figure more."""
    monkeypatch.setenv("TAIZHANG_TODAY", "2024-06-12")
    town = desk_of(TOWN)
    inbox = real_window("inbox", MAY, COUNTY).pages["inbox"]
    inbox.session.desk.unlock("demo")
    inbox.merge(export(town, tmp_path / "out"))
    settled()
    inbox.session.attempt(lambda desk: desk.close_period(MAY))
    before = inbox.session.desk.review_items(TOWN, MAY)
    value = next(item for item in before if item.indicator.id == "1.1").indicator.figure.value
    time.sleep(1.1)  # what was said is told apart by the second
    town.record("1.1", str(int(value) + 1), period=MAY, area=TOWN, reason="漏报 1 人")
    (package,) = export(town, tmp_path / "out")
    inbox.merge([package])
    settled()
    return inbox, package


def test_a_closed_month_reported_once_more_is_no_ordinary_row(again, qtbot):
    inbox, package = again
    view = next(view for view in inbox.model.records if view.file == package.name)
    assert condition(view) == "late" and state_words(view) == ("封账后改动 1 处", "warn")
    assert inbox.filter._buttons["waiting"].text() == "待审核 1", "it waits for review as well"
    assert inbox.model.records.index(view) == 0, "it stands first of what is to be done"
    earlier = next(view for view in inbox.model.records if view.unit == TOWN and view.file != package.name
                   and view.period == "2024-05")  # fmt: skip
    assert not earlier.late, "what came before the closing is not blamed"
    assert inbox.notice.isVisible() and "已封账" in inbox.notice.title()
    assert "枫桥镇5月已封账，它又改了 1 处" in inbox.notice.text()


def test_it_leads_to_the_corrections_and_to_the_review(again, qtbot):
    inbox, package = again
    window = inbox.window()
    view = next(view for view in inbox.model.records if view.file == package.name)
    assert action_words(view) == "更正表"
    inbox._act(view, "action")
    closing = window.pages["closing"]
    assert window.current == "closing" and closing.view.current == "corrections"
    kinds = {row.kind for row in window.session.desk.corrections() if row.indicator == "1.1"}
    assert kinds == {"late"}
    window.show_page("inbox")
    qtbot.mouseClick(inbox.notice.corrections, Qt.MouseButton.LeftButton)
    assert window.current == "closing"
    window.show_page("inbox")
    next(action for action in row_menu(inbox, view).actions() if action.text() == "去审核").trigger()
    assert window.current == "review" and window.pages["review"].unit().unit == TOWN


def test_judged_it_is_done(again):
    inbox, package = again
    desk = inbox.session.desk
    inbox.session.attempt(lambda desk: desk.review_unit(TOWN, MAY, "accept"))
    for item in desk.review_items(TOWN, MAY):
        if item.verdict == "waiting":
            inbox.session.attempt(lambda desk, item=item: desk.review(item.subject, "accept"))
    inbox.refresh()
    view = next(view for view in inbox.model.records if view.file == package.name)
    assert view.late == 0 and condition(view) != "late"


def test_a_row_and_the_status_line_count_the_same(real_window, desk_of, tmp_path, settled, monkeypatch):
    """A county's package carries the journals of its units: both numbers count them, and the row says how many."""
    monkeypatch.setenv("TAIZHANG_TODAY", "2024-06-12")
    county = desk_of(COUNTY)
    for unit in (TOWN, OTHER):
        county.merge(export(desk_of(unit), tmp_path / "up"), lambda *_: None)
    (package,) = export(county, tmp_path / "out")
    inbox = real_window("inbox", MAY, CITY).pages["inbox"]
    inbox.merge([package])
    settled()
    view = next(view for view in inbox.model.records if view.file == package.name)
    assert view.carried_units >= 2 and 0 < view.carried < view.new
    said = inbox.window().status.left.text()
    assert said == f"收了 1 份，新增 {view.new} 条（其中转报的下级数据 {view.carried} 条）"
    own = view.new - view.carried
    assert (
        new_tip(view)
        == f"它自己的 {own} 条，连同它转报的 {view.carried_units} 份下级原始数据里的 {view.carried} 条"
    )
    inbox.merge([package, *export(desk_of(OTHER), tmp_path / "late")])
    settled()
    assert "转报" not in inbox.window().status.left.text(), "a file that was here before brings nothing again"
    column = inbox.model.columns[inbox.model.column("new")]
    assert column.text(view) == str(view.new) and column.tip(view) == new_tip(view)


def test_a_remark_on_a_valid_file_is_told(again):
    import msgspec

    inbox, package = again
    view = next(view for view in inbox.model.records if view.file == package.name)
    noted = msgspec.structs.replace(view, state="valid_with_notes", reason="表格和数据不一致，以数据为准")
    column = inbox.model.columns[inbox.model.column("signature")]
    assert column.text(noted) == "有效有提示"
    assert "数已照常汇总" in column.tip(noted) and noted.reason in column.tip(noted)
    # Where nothing of it counts that must not be claimed.
    void = msgspec.structs.replace(noted, refused=4)
    assert signature_tip(void) == noted.reason
