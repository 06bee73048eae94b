"""Looking for words in the manual: a list of lines, the titles first, and a click that goes there."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from desktop_app.ui.frame.manual_search import HIT, Hit, around, blocks, find
from desktop_app.ui.frame.manual_window import ManualWindow


@pytest.fixture
def window(qtbot):
    made = ManualWindow("board")
    qtbot.addWidget(made)
    made.show()
    return made


def hits(window: ManualWindow) -> list[Hit]:
    return [window.hits.item(row).data(HIT) for row in range(window.hits.count())]


def test_every_line_with_the_words_is_listed_titles_first_and_technicians_last(window):
    window.search.setText("封账")
    found = hits(window)
    assert window.side.currentWidget() is window.hits and window.hits.isVisible()
    assert "封账" in found[0].title and found[0].block.level == 1
    technical = ["command-line" in window.chapters[hit.chapter].path.name for hit in found]
    assert any(technical) and technical == sorted(technical)
    levels = [hit.block.level or 9 for hit, last in zip(found, technical, strict=True) if not last]
    assert levels == sorted(levels)
    assert all("封账" in hit.block.text for hit in found)
    assert f"{len(found)} 处" in window.said.text()


def test_the_first_is_shown_at_once_and_a_click_goes_to_another(window, qtbot):
    window.search.setText("封账")
    assert "command-line" not in window.chapters[window.list.currentRow()].path.name
    found = hits(window)
    row = next(n for n, hit in enumerate(found) if hit.chapter != found[0].chapter)
    box = window.hits.visualItemRect(window.hits.item(row))
    qtbot.mouseClick(window.hits.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert window.list.currentRow() == found[row].chapter
    cursor = window.reader.textCursor()
    assert cursor.selectedText() == "封账" and cursor.block().text() == found[row].block.text
    assert window.reader.viewport().rect().intersects(window.reader.cursorRect())


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_F3])
def test_enter_and_f3_go_on_and_round(window, qtbot, key):
    window.search.setText("挂图")
    count = window.hits.count()
    seen = [window.hits.currentRow()]
    for _step in range(count):
        if key == Qt.Key.Key_F3:
            window.find_next()
        else:
            qtbot.keyClick(window.search, key)
        seen.append(window.hits.currentRow())
    assert seen == [*range(count), 0]


def test_without_words_the_chapters_are_back(window, qtbot):
    window.search.setText("封账")
    here = window.list.currentRow()
    window._leave()
    assert window.search.text() == "" and window.side.currentWidget() is window.list
    assert window.list.currentRow() == here and window.isVisible()
    assert window.reader.extraSelections() == []
    window._leave()
    assert not window.isVisible()


def test_what_is_nowhere_is_said(window):
    window.search.setText("没有这样的词语")
    assert "没有这样的词语" in window.said.text() and not window.hits.count()
    assert window.side.currentWidget() is window.list


def test_several_words_must_stand_in_one_line(window):
    window.search.setText("口令 备份")
    assert window.hits.count()
    assert all("口令" in hit.block.text and "备份" in hit.block.text for hit in hits(window))


def test_places_are_those_of_the_page(window):
    """A hit's place in the chapter is where the reader has that line, pictures, lists and tables before it or not."""
    for number, chapter in enumerate(window.chapters):
        window.list.setCurrentRow(number)
        document = window.reader.document()
        for block in blocks(chapter.text):
            assert document.findBlock(block.place).text() == block.text, chapter.path.name


def test_the_word_is_in_the_line_that_is_listed():
    line = blocks("很长的一行字" * 10 + "封账以后不能改")[0]
    (hit,) = find("封账", [("a.md", "题", [line])])
    text, at = around(hit.block.text, hit.at)
    assert text[at : at + 2] == "封账" and at < 14 and text.startswith("…")
    assert around("封账日", 0) == ("封账日", 0)
