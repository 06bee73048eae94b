"""The language is chosen in 设置 and stays; a sample city is thrown away from the first page, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from desktop_app.core import i18n
from desktop_app.core.errors import KnownError
from desktop_app.core.operations.entrance import SAMPLE, Entrance
from desktop_app.core.operations.workspace import Workspace
from desktop_app.ui import application
from desktop_app.ui.identity.first_start import FirstStartPage
from desktop_app.ui.preferences import Preferences


@pytest.fixture(autouse=True)
def chinese_again():
    yield
    Preferences().language = ""
    i18n.choose_language()


def test_the_language_changes_at_once_and_is_kept(qtbot, real_desk, city, tmp_path: Path) -> None:
    windows = application.Windows(Entrance(tmp_path / "home"), Preferences())
    window = windows.open_desk(real_desk(city.town), page="settings")
    assert window.pages["settings"].title.text() == "设置"
    window.pages["settings"].language.chosen.emit("en")
    rebuilt = windows.window
    assert rebuilt is not window and rebuilt.current == "settings"
    assert rebuilt.pages["settings"].title.text() == "Settings"
    rebuilt.show_page("home")
    words = " ".join(label.text() for label in rebuilt.navigation.findChildren(QLabel))
    assert not re.search("[一-鿿]", words)
    assert Preferences().language == "en"
    rebuilt.close()


def test_the_environment_goes_before_what_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAIZHANG_LANGUAGE", "zh")
    assert i18n.choose_language("en") == "zh"


def test_the_sample_is_thrown_away_and_nothing_else(qtbot, city, tmp_path: Path) -> None:
    import shutil

    home = tmp_path / "home"
    shutil.copytree(city.folder, home / SAMPLE, ignore=shutil.ignore_patterns("outbox", ".lock"))
    shutil.copytree(city.desk(city.town), home / "990101101")
    (home / f"{SAMPLE}的照片").mkdir()
    entrance = Entrance(home)
    assert entrance.samples() == [home / SAMPLE]
    page = FirstStartPage(entrance, Preferences(tmp_path / "p.ini"))
    qtbot.addWidget(page)
    page.show()
    page.throw_away.click()
    assert (home / SAMPLE).exists(), "one press only asks"
    page.throw_away.click()
    assert not (home / SAMPLE).exists() and not page.throw_away.isVisible()
    assert (home / "990101101" / "taizhang.db").exists() and (home / f"{SAMPLE}的照片").exists()


def test_the_sample_s_own_window_goes_before_it(qtbot, city, tmp_path: Path) -> None:
    import shutil

    from desktop_app.ui.application import Windows

    home = tmp_path / "home"
    shutil.copytree(city.folder, home / SAMPLE, ignore=shutil.ignore_patterns("outbox", ".lock"))
    windows = Windows(Entrance(home), Preferences(tmp_path / "p.ini"))
    assert windows.open_folder(home / SAMPLE / city.town)
    windows.window.workspace_chosen.emit(None)
    page = windows.first.page
    page.throw_away.click()
    page.throw_away.click()
    assert not (home / SAMPLE).exists()
    assert windows.window is None and windows.first.isVisible()
    windows.first.close()


def test_an_open_sample_is_not_pulled_from_under_its_window(city, tmp_path: Path) -> None:
    import shutil

    home = tmp_path / "home"
    shutil.copytree(city.folder, home / SAMPLE, ignore=shutil.ignore_patterns("outbox", ".lock"))
    with Workspace.open(home / SAMPLE / city.town), pytest.raises(KnownError):
        Entrance(home).throw_away_samples()
    assert (home / SAMPLE / "city" / "taizhang.db").exists()


def test_the_sample_is_opened_again_and_not_made_twice(city, tmp_path: Path) -> None:
    import shutil

    home = tmp_path / "home"
    shutil.copytree(city.folder, home / SAMPLE, ignore=shutil.ignore_patterns("outbox", ".lock"))
    assert Entrance(home).demo()[0] == home / SAMPLE / city.town
