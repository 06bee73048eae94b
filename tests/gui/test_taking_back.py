"""A verdict given by mistake is taken back: by the status line's 撤销, by Ctrl+Z, by its own button; not once a file
has carried it out.  What was undone is told in the right order."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from desktop_app.core.model.period import Period

APRIL, MAY = Period(2024, 4, 4), Period(2024, 5, 5)
COUNTY, TOWN, OTHER = "990101", "990101101", "990101102"


@pytest.fixture
def review(real_window, city, tmp_path, monkeypatch):
    """May of a town, taken in and not judged."""
    import shutil

    from desktop_app.core.operations.desk import Desk
    from desktop_app.core.operations.workspace import Workspace

    monkeypatch.setenv("TAIZHANG_TODAY", "2024-06-12")
    target = tmp_path / "town"
    shutil.copytree(city.desk(TOWN), target, ignore=shutil.ignore_patterns("outbox", "thumbnails", ".lock"))
    town = Desk(Workspace.open(target))
    town.unlock("demo")
    out = tmp_path / "out"
    out.mkdir()
    town.export(MAY, out, filled="甲", checked="乙", responsible="丙", progress=lambda *_: None)
    town.close()
    window = real_window("review", MAY, COUNTY)
    desk = window.session.desk
    desk.unlock("demo")
    _rows, changes = desk.merge(sorted(out.glob("*.xlsx")), lambda *_: None)
    window.session.write(changes)
    page = window.pages["review"]
    page.show_subject(TOWN)
    return page


def go_to(page, indicator: str) -> str:
    page.table.go_to(page.items.find(lambda item: item.indicator.id == indicator))
    page._show_item()
    return page.panel.item.subject


def verdict(page, subject: str) -> str:
    return next(item.verdict for item in page.items.records if item.subject == subject)


def test_the_status_line_takes_back_the_verdict_it_tells_of(review, qtbot):
    window = review.window()
    subject = go_to(review, "3.1")
    qtbot.keyClick(review.table, Qt.Key.Key_A)
    assert verdict(review, subject) == "accept"
    status = window.status
    assert "已接受 3 " in status.left.text() and status.undo.isVisible()
    qtbot.mouseClick(status.undo, Qt.MouseButton.LeftButton)
    assert verdict(review, subject) == "waiting"
    assert status.left.text().endswith("的意见已改回“待定”（撤销了“接受”）")
    assert not status.undo.isVisible(), "it stands beside the act alone"
    window.redo()
    assert verdict(review, subject) == "accept" and "又定为“接受”" in status.left.text()


def test_accepting_many_at_once_is_one_step(review, qtbot):
    before = {item.subject: item.verdict for item in review.items.records}
    qtbot.mouseClick(review.accept_all, Qt.MouseButton.LeftButton)
    accepted = sum(item.verdict == "accept" for item in review.items.records)
    assert accepted > 5
    review.window().undo()
    assert {item.subject: item.verdict for item in review.items.records} == before
    assert f"一起定的 {accepted} 条" in review.window().status.left.text()


def test_a_second_verdict_taken_back_leaves_the_first(review, qtbot):
    subject = go_to(review, "3.1")
    review.panel.comment.setPlainText("请核对")
    review.panel.judge("return")
    go_to(review, "3.1")
    qtbot.keyClick(review.table, Qt.Key.Key_A)
    go_to(review, "3.1")
    assert verdict(review, subject) == "accept" and review.panel.back.isVisible()
    qtbot.keyClick(review.table, Qt.Key.Key_Z)
    assert verdict(review, subject) == "return", "it was returned before"
    assert "回到“退回”" in review.window().status.left.text()
    qtbot.mouseClick(review.panel.back, Qt.MouseButton.LeftButton)
    assert verdict(review, subject) == "waiting" and not review.panel.back.isVisible()


def test_what_went_out_is_not_taken_back(review, tmp_path, qtbot):
    subject = go_to(review, "3.1")
    qtbot.keyClick(review.table, Qt.Key.Key_A)
    desk = review.session.desk
    down = tmp_path / "down"
    down.mkdir()
    desk.answer_units(down, [TOWN], lambda *_: None)
    review.refresh()
    go_to(review, "3.1")
    assert not review.panel.back.isVisible() and "再定一次" in review.panel.who.text()
    review.window().undo()
    assert verdict(review, subject) == "accept", "no undo behind the township's back"
    from desktop_app.core.errors import RuleError

    with pytest.raises(RuleError, match="已经随文件发出去"):
        desk.take_back(subject)
    # Another word takes its place.
    review.panel.comment.setPlainText("看错了，请核对")
    review.panel.judge("return")
    assert verdict(review, subject) == "return"


def test_an_undone_figure_is_told_the_right_way_round(real_window, qtbot):
    window = real_window("entry", MAY, OTHER)
    desk = window.session.desk
    page = window.pages["entry"]
    view = next(view for view in page.model.records if view.id == "1.1")
    old = int(view.figure.value)
    assert page.model.type_in(view, str(old + 1)) or page.model.give_reason(view, "漏报 1 人")
    assert "→" in desk.undoable().undo
    window.undo()
    said = window.status.left.text()
    assert said.endswith(f"已改回 {old:,}（撤销了 {old + 1:,}）"), said
    window.redo()
    assert window.status.left.text().endswith(f"又改为 {old + 1:,}")


def test_no_undo_stands_beside_an_act_that_cannot_be_undone(review, qtbot):
    """The month is closed right after a verdict: 撤销 there would take the verdict back, and leave the month closed."""
    window = review.window()
    subject = go_to(review, "3.1")
    qtbot.keyClick(review.table, Qt.Key.Key_A)
    assert window.status.undo.isVisible()
    window.session.attempt(lambda desk: desk.close_period(MAY), "5月已封账")
    assert window.status.left.text() == "5月已封账" and not window.status.undo.isVisible()
    assert verdict(review, subject) == "accept"
