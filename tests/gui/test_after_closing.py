"""A month that the county has closed and a township reports once more: the county sees it at the item, in the list of
units and above, and an ordinary 'accept what passes' does not sweep it along."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_app.core.model.period import Period
from desktop_app.core.operations.desk import Desk
from desktop_app.core.operations.workspace import Workspace

MAY = Period(2024, 5, 5)
COUNTY, TOWN = "990101", "990101101"
SUBJECT = f"progress/{TOWN}/2024/1.1/2024-05"


@pytest.fixture
def town(city, tmp_path: Path):
    target = tmp_path / "town"
    shutil.copytree(city.desk(TOWN), target, ignore=shutil.ignore_patterns("outbox", "thumbnails", ".lock"))
    desk = Desk(Workspace.open(target))
    desk.unlock("demo")
    yield desk
    desk.close()


def export(desk: Desk, folder: Path) -> list[Path]:
    folder.mkdir(exist_ok=True)
    before = set(folder.glob("*.xlsx"))
    desk.export(MAY, folder, filled="甲", checked="乙", responsible="丙", progress=lambda *_: None)
    return sorted(set(folder.glob("*.xlsx")) - before)


@pytest.fixture
def again(real_window, town, tmp_path, monkeypatch):
    """The county's review page after it closed May and the town, which has not heard of it, reported one figure more;
    and the figure as it was."""
    monkeypatch.setenv("TAIZHANG_TODAY", "2024-06-12")

    def opened(size: tuple[int, int] = (1366, 768)):
        window = real_window("review", MAY, COUNTY, size)
        county = window.session.desk
        county.unlock("demo")
        _rows, changes = county.merge(export(town, tmp_path / "out"), lambda *_: None)
        window.session.write(changes)
        window.session.attempt(lambda desk: desk.close_period(MAY))
        time.sleep(1.1)  # what was said is told apart by the second
        view = next(item for item in county.review_items(TOWN, MAY) if item.subject == SUBJECT).indicator
        more = int(view.figure.value) + 1
        town.record("1.1", str(more), period=MAY, area=TOWN, reason="漏报 1 人")
        _rows, changes = county.merge(export(town, tmp_path / "out"), lambda *_: None)
        window.session.write(changes)
        page = window.pages["review"]
        page.show_subject(TOWN)
        return page, int(view.figure.value)

    return opened


def test_a_figure_changed_after_closing_says_so_wherever_it_waits(again, qtbot):
    page, before = again()
    item = next(item for item in page.items.shown() if item.subject == SUBJECT)
    assert item.check == "封账后改动" and item.before_closing == f"{before:,}"
    assert [one.subject for one in page.items.shown() if one.before_closing] == [SUBJECT], (
        "no other was changed"
    )
    page.table.go_to(page.items.find(lambda one: one.subject == SUBJECT))
    page._show_item()
    assert page.panel.check.title() == "封账后改动"
    said = page.panel.check._text.text()
    assert f"{before:,}" in said and f"{before + 1:,}" in said and "接受" in said and "更正表" in said
    # The list of units has a column for it, the line above says it too, with the day of closing.
    assert page.units.columns[-1].head == "封账后"
    assert page.units.columns[-1].text(page.unit()) == "1" and not page.unit_table.isColumnHidden(2)
    assert not page.table.isColumnHidden(page.items.column("previous")), "last month's figure stays beside it"
    assert "封账后改动 1 项" in page.count.text() and page.count.text().startswith("已封账（")


def test_accepting_what_passes_leaves_it_and_the_old_figure_can_be_set(again, qtbot):
    page, before = again()
    qtbot.mouseClick(page.accept_all, Qt.MouseButton.LeftButton)
    item = next(item for item in page.items.shown() if item.subject == SUBJECT)
    assert item.verdict == "waiting" and page.unit().late == 1
    page.table.go_to(page.items.find(lambda one: one.subject == SUBJECT))
    page._show_item()
    page.panel.comment.setPlainText("封账后改的，按封账时的数")
    page.panel.value.setText(str(before))
    qtbot.mouseClick(page.panel.set, Qt.MouseButton.LeftButton)
    item = next(item for item in page.items.shown() if item.subject == SUBJECT)
    assert item.verdict == "set" and int(item.indicator.figure.value) == before
    assert page.unit().late == 0
    assert page.units.columns[-1].key == "failed", "the column goes when nothing is left"
    kinds = {row.kind for row in page.session.desk.corrections() if row.indicator == "1.1"}
    assert kinds == {"late", "approved"}
