"""The manual opens at the page in front, finds words in any chapter, and knows every page there is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
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
    """Every message of the program, names and figures in it standing for anything; a button's with and without the key
    that stands beside it."""
    said = set()
    for source in (paths.ROOT / "desktop_app").rglob("*.py"):
        for call in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("_", "N_") and call.args:
                words = call.args[0]
                if isinstance(words, ast.Constant) and isinstance(words.value, str):
                    said |= {words.value, re.sub(r"  [A-Z][\w+]*$", "", words.value)}
    found = [re.sub(r"\\\{[^}]*\\\}", ".*", re.escape(_plain(words))) for words in said]
    return [
        re.compile(words) for words in found if len(words.replace(".*", "")) > (2 if ".*" in words else 0)
    ]


def _plain(words: str) -> str:
    return re.sub(r"[\s…▸▾]|\.\.\.", "", words)


def _presses(text: str) -> list[str]:
    """What a chapter says to press, as one word each."""
    found = re.findall(r"[按点][ ①-⑨]*\*\*([^*\s：，。][^*\n]*)\*\*", text)
    return [word for press in found for part in re.split("[▸▾]", press) if (word := _plain(part))]


def _unknown(words: Iterable[str], known: Sequence[re.Pattern[str]]) -> list[str]:
    """Those that no message of the program says.  A name in a message may stand for anything, but not for most of
    what is to be pressed: else a message such as "{count} 份" would know every word that ends so."""

    def says(message: re.Pattern[str], word: str) -> bool:
        fixed = len(message.pattern.replace(".*", "").replace("\\", ""))
        return 2 * fixed >= len(word) and message.fullmatch(word) is not None

    return [word for word in words if not any(says(message, word) for message in known)]


def test_what_the_manual_says_to_press_is_on_the_screen() -> None:
    known = _screen_words()
    told = {chapter.path.name: _unknown(_presses(chapter.text), known) for chapter in chapters()}
    assert {name: words for name, words in told.items() if words} == {}


def test_a_word_that_is_not_on_the_screen_is_found() -> None:
    """The test above sees it whenever a button of the manual is called otherwise, whichever it is."""
    known = _screen_words()
    words = {word for chapter in chapters() for word in _presses(chapter.text)}
    assert len(words) > 60
    broken = [changed for word in words for changed in ("坏" + word[1:], "坏" + word)]
    assert sorted(set(broken) - set(_unknown(broken, known))) == []
