"""File dialogs begin where the person was with such files the last time, the first time where such files are kept."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.core import paths
from desktop_app.ui import places
from desktop_app.ui.preferences import Preferences


@pytest.fixture
def homes(tmp_path, monkeypatch):
    """The person's own folders, and no memory of any dialog."""
    Preferences()._settings.clear()
    for name in ("桌面", "文档", "图片"):
        (tmp_path / name).mkdir()
    where = QStandardPaths.StandardLocation
    known = {
        where.DesktopLocation: "桌面",
        where.DocumentsLocation: "文档",
        where.PicturesLocation: "图片",
    }
    monkeypatch.setattr(
        QStandardPaths, "writableLocation", staticmethod(lambda place: str(tmp_path / known[place]))
    )
    yield tmp_path
    Preferences()._settings.clear()


@pytest.fixture
def asked(monkeypatch):
    """Answers every dialog with `answer`; keeps where each began."""

    found = SimpleNamespace(began=[], answer="")

    def one(_parent, _title, began="", *_rest):
        found.began.append(began)
        return found.answer, ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", one)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", one)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *a: ([w] if (w := one(*a)[0]) else [], ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *a: one(*a)[0])
    return found


def test_the_first_time_it_is_the_folder_for_such_files(qtbot, homes, asked):
    widget = QWidget()
    qtbot.addWidget(widget)
    places.choose_files(widget, "photos", "")
    places.choose_target(widget, "papers", "", "通报.docx")
    places.choose_folder(widget, "submissions", "")
    assert asked.began == [str(homes / "图片"), str(homes / "文档" / "通报.docx"), str(homes / "桌面")]


def test_each_kind_remembers_its_own_place(qtbot, homes, asked):
    widget = QWidget()
    qtbot.addWidget(widget)
    stick = homes / "U盘"
    stick.mkdir()
    asked.answer = str(stick / "a.docx")
    places.choose_target(widget, "papers", "", "a.docx")
    asked.answer = ""
    assert places.choose_target(widget, "papers", "", "b.docx") is None
    assert places.choose_file(widget, "tables", "") is None
    assert asked.began[1:] == [str(stick / "b.docx"), str(homes / "文档")]
    # The stick is gone: back to where such files are kept.
    stick.rmdir()
    places.choose_target(widget, "papers", "", "c.docx")
    assert asked.began[-1] == str(homes / "文档" / "c.docx")


def test_a_person_s_computer_without_such_folders(qtbot, homes, asked):
    (homes / "桌面").rmdir()
    assert places.begin("submissions") == str(Path.home())


def test_on_the_screen(homes, asked, real_window, city, settled):
    """The board's picture and the bulletin go to papers, photos are looked for among the pictures."""
    window = real_window("board", unit=city.code)
    settled()
    page = window.pages["board"]
    page._save("png", page._draw("A3"))
    assert Path(asked.began[-1]).parent == homes / "文档" and asked.began[-1].endswith(".png")
    asked.answer = str(homes / "桌面" / "x.png")
    page._save("png", page._draw("A3"))
    asked.answer = ""
    window.show_page("papers")
    settled()
    window.pages["papers"].part.act()
    assert Path(asked.began[-1]).parent == homes / "桌面"


def test_no_page_asks_for_files_by_itself():
    """Else its dialog begins in the program's own folder."""
    using = [
        path.name
        for path in (paths.ROOT / "desktop_app").rglob("*.py")
        if "QFileDialog" in path.read_text(encoding="utf-8")
    ]
    assert using == ["places.py"]
