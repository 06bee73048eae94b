"""发退回与回执: before anything is written one sees for whom it is and what is new for each; after, which file is
whose.  A file is named after the month it speaks of."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from desktop_app.core.model.period import Period
from desktop_app.ui.county.reply_dialog import ReplyDialog, WrittenDialog

APRIL, MAY = Period(2024, 4, 4), Period(2024, 5, 5)
COUNTY, BUREAU, TOWN, OTHER = "990101", "990101001", "990101101", "990101102"


@pytest.fixture
def asked(acting):
    """asked(act): `act(dialog)` stands for the person in front of the question, and the dialogs that were asked."""
    return lambda act: acting(ReplyDialog, act)


@pytest.fixture
def review(real_window, tmp_path, monkeypatch):
    monkeypatch.setenv("TAIZHANG_TODAY", "2024-06-12")
    window = real_window("review", APRIL, COUNTY)
    desk = window.session.desk
    desk.unlock("demo")
    # What the sample's city has sent since is handed on first, so that nothing is new for anybody.
    earlier = tmp_path / "earlier"
    earlier.mkdir()
    assert all(one.handed_on and not one.received for one in desk.reply_news())
    desk.answer_units(earlier, [one.unit for one in desk.reply_news()], lambda *_: None)
    return window.pages["review"]


@pytest.fixture
def stick(tmp_path: Path, monkeypatch) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a, **_k: str(folder))
    return folder


def give_back(review, comment: str) -> None:
    review.show_subject(TOWN)
    review.table.go_to(review.items.find(lambda item: item.indicator.id == "3.1"))
    review._show_item()
    review.panel.comment.setPlainText(comment)
    review.panel.judge("return")


def test_only_those_with_something_new_are_ticked_and_each_says_what(review, asked, stick, settled, qtbot):
    def look(dialog: ReplyDialog) -> None:
        assert "退回 1 项" in dialog.words[TOWN] and "接受" not in dialog.words[TOWN]
        assert dialog.chosen() == [TOWN], "nothing new for the others"
        assert dialog.words[OTHER] == "没有新的" and "3 家，不写" in dialog.idle.text()
        assert dialog.go.text().strip() == "写出 1 份"
        dialog.ticks[TOWN].setChecked(False)
        assert not dialog.go.isEnabled()
        dialog.ticks[TOWN].setChecked(True)
        qtbot.mouseClick(dialog.change, Qt.MouseButton.LeftButton)
        assert dialog.place.text() == str(stick)
        qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)

    met = asked(look)
    give_back(review, "请核对")
    qtbot.mouseClick(review.send, Qt.MouseButton.LeftButton)
    settled()
    assert len(met) == 1
    [file] = stick.glob("*.xlsx")
    assert f"-reply-{TOWN}-" in file.name and "-2024-04-" in file.name, "April's figure went back"
    [written] = review.window().findChildren(WrittenDialog)
    assert written.isVisible() and written.lines == [("枫桥镇", file.name)]
    written.accept()


def test_giving_up_writes_nothing_and_gives_no_receipt(review, asked, stick, settled, qtbot):
    asked(lambda dialog: dialog.reject())
    give_back(review, "请核对")
    qtbot.mouseClick(review.send, Qt.MouseButton.LeftButton)
    settled()
    assert list(stick.iterdir()) == []
    news = {one.unit: one for one in review.session.desk.reply_news()}
    assert news[TOWN].returned == 1 and news[TOWN].new


def test_a_unit_without_news_can_be_written_to_again(review, asked, stick, settled, qtbot):
    def again(dialog: ReplyDialog) -> None:
        assert dialog.chosen() == [] and not dialog.go.isEnabled()
        dialog.ticks[OTHER].setChecked(True)
        dialog.change.click()
        dialog.go.click()

    asked(again)
    qtbot.mouseClick(review.send, Qt.MouseButton.LeftButton)
    settled()
    [file] = stick.glob("*.xlsx")
    assert f"-reply-{OTHER}-" in file.name


def test_a_file_is_named_after_the_month_it_speaks_of(review, stick, city):
    """What was entered for a unit that last reported in April is May's, and so is the file."""
    desk = review.session.desk
    desk.keep_source(OTHER, MAY, [_paper(stick)], lambda *_: None)
    source = desk.proxy_sources(OTHER, MAY)[0].sha256
    view = next(view for view in desk.proxy_items(OTHER, MAY) if view.id == "1.1")
    more = str(int(view.previous.value) + 1)
    desk.record_for(OTHER, "1.1", more, period=MAY, area=view.area, source=source)
    desk.finish_proxy(OTHER, MAY)
    made = desk.answer_units(stick, [OTHER], lambda *_: None)
    assert "-2024-05-1.xlsx" in made.files[0].path.name


def _paper(folder: Path) -> Path:
    from openpyxl import Workbook

    path = folder / "石门镇5月.xlsx"
    book = Workbook()
    book.active.append(["新增就业人数", 9])
    book.save(path)
    book.close()
    return path
