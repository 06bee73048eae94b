"""The manual opens at the page in front, finds words in any chapter, and knows every page there is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QLabel

from desktop_app.core import paths
from desktop_app.ui.frame import desks, help_dialog
from desktop_app.ui.frame.manual_window import ManualWindow, chapters


def test_every_page_has_its_chapter() -> None:
    told = {page for chapter in chapters() for page in chapter.pages}
    assert set(desks._places()) <= told


def test_every_page_has_its_short_help() -> None:
    assert set(desks._places()) <= set(help_dialog._about())


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
    # Chinese comes from an input method, never as keys.
    window.search.setText("挂图")
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


def test_a_click_shows_a_picture_in_its_own_size(qtbot) -> None:
    window = ManualWindow("entry")
    qtbot.addWidget(window)
    window.show()
    layout = window.reader.document().documentLayout()
    places = ((x, y) for y in range(0, 900, 20) for x in (60, 200))
    place = next(QPoint(x, y) for x, y in places if layout.imageAt(QPointF(x, y)))
    window.reader.verticalScrollBar().setValue(max(place.y() - 100, 0))
    seen = place - QPoint(0, window.reader.verticalScrollBar().value())
    qtbot.mouseClick(window.reader.viewport(), Qt.MouseButton.LeftButton, pos=seen)
    assert window.enlarged is not None and window.enlarged.isVisible()
    picture = window.enlarged.findChild(QLabel)
    assert picture is not None and picture.pixmap().width() > 1300
    window.enlarged.close()


def test_a_chapter_is_short_and_its_pictures_are_small() -> None:
    for chapter in chapters():
        assert len(chapter.text.splitlines()) < 90, chapter.path.name
    pictures = list((paths.MANUAL / "pictures").glob("*.png"))
    assert all(picture.stat().st_size <= 125_000 for picture in pictures)
    assert sum(picture.stat().st_size for picture in pictures) < 6_000_000
    told = "".join(chapter.text for chapter in chapters())
    assert [picture.name for picture in pictures if picture.name not in told] == []


def _screen_words() -> list[re.Pattern[str]]:
    """Every message of the program, names and figures in it standing for anything."""
    found = []
    for source in (paths.ROOT / "desktop_app").rglob("*.py"):
        for call in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("_", "N_") and call.args:
                words = call.args[0]
                if isinstance(words, ast.Constant) and isinstance(words.value, str):
                    plain = re.escape(_plain(words.value))
                    found.append(re.compile(re.sub(r"\\\{[^}]*\\\}", ".*", plain)))
    return [words for words in found if words.pattern.replace(".*", "")]


def _plain(words: str) -> str:
    return re.sub(r"[\s…▸▾]|\.\.\.", "", words)


def test_what_the_manual_says_to_press_is_on_the_screen() -> None:
    known = _screen_words()
    told = []
    for chapter in chapters():
        for press in re.findall(r"[按点][ ①-⑨]*\*\*([^*]+)\*\*", chapter.text):
            for part in re.split("[▸▾]", press):
                word = _plain(part)
                if word and not any(words.fullmatch(word) for words in known):
                    told.append(f"{chapter.path.name}: {part.strip()}")
    assert told == []
