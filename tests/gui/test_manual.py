"""The manual opens at the page in front, finds words in any chapter, and knows every page there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_app.core import paths
from desktop_app.ui.frame import desks
from desktop_app.ui.frame.manual_window import ManualWindow, chapters


def test_every_page_has_its_chapter() -> None:
    told = {page for chapter in chapters() for page in chapter.pages}
    assert set(desks._places()) <= told


def test_every_picture_and_every_link_is_there() -> None:
    for chapter in chapters():
        for target in re.findall(r"!?\[[^\]]*\]\(([^)#]+)\)", chapter.text):
            assert (chapter.path.parent / target).exists(), f"{chapter.path.name}: {target}"


def test_it_opens_at_the_page_and_finds_words_elsewhere(qtbot) -> None:
    window = ManualWindow("submit")
    qtbot.addWidget(window)
    window.show()
    assert "submit" in window.chapters[window.list.currentRow()].pages
    assert window.reader.toPlainText().strip()
    qtbot.keyClicks(window.search, "挂图")
    qtbot.keyClick(window.search, Qt.Key.Key_Return)
    assert "挂图" in window.reader.textCursor().selectedText()
    window.search.setText("没有这样的词语")
    window.find_next()
    assert "没有" in window.said.text()


def test_without_a_manual_it_says_so(qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_app.ui.frame.manual_window.chapters", lambda: [])
    window = ManualWindow("home")
    qtbot.addWidget(window)
    assert "docs/manual" in window.reader.toPlainText()


def test_pictures_are_never_wider_than_the_page(qtbot) -> None:
    window = ManualWindow("home")
    qtbot.addWidget(window)
    window.show()
    html = window.reader.document().toHtml()
    names = re.findall(r'<img src="([^"]+)"', html)
    assert all((paths.MANUAL / name).exists() for name in names)
    assert window.reader.document().idealWidth() <= window.reader.viewport().width() + 1
