"""The manual's pictures are drawn by the script and by nothing else; small, and true in the colours that matter."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QLabel, QWidget

from desktop_app.core import paths
from desktop_app.ui import manual_pictures, theme


def test_every_picture_is_drawn_by_the_script() -> None:
    source = "".join(
        (paths.ROOT / "desktop_app" / "ui" / name).read_text(encoding="utf-8")
        for name in ("manual_shots.py", "manual_shots_above.py")
    )
    drawn = [*(paths.MANUAL / "pictures").glob("*.png"), *(paths.ROOT / "docs" / "pictures").glob("*.png")]
    assert [picture.name for picture in drawn if f'"{picture.stem}"' not in source] == []


def test_the_lights_keep_their_colours_in_few() -> None:
    image = QImage(400, 200, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    for x in range(400):
        # More greys and blues than there is room for, as photos bring them.
        painter.fillRect(x, 0, 1, 200, QColor(x % 256, (x * 7) % 256, (x * 13) % 256))
    kept = (theme.WHITE, theme.RED, theme.AMBER, theme.GREEN, theme.BLUE)
    for number, colour in enumerate(kept):
        painter.fillRect(number * 20, 0, 20, 20, QColor(colour))
    painter.end()
    with Image.open(io.BytesIO(manual_pictures.small_png(image))) as small:
        assert small.mode == "P"
        seen = [small.convert("RGB").getpixel((number * 20 + 10, 10)) for number in range(len(kept))]
    assert [QColor(*colour).name().upper() for colour in seen] == [colour.upper() for colour in kept]


def test_marks_are_numbered_and_a_part_can_be_cut_out(qtbot, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(manual_pictures, "MANUAL", tmp_path)
    monkeypatch.setattr(manual_pictures, "README", tmp_path / "readme")
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(300, 200)
    first, second = QLabel("甲", widget), QLabel("乙", widget)
    first.setGeometry(40, 40, 80, 30)
    second.setGeometry(160, 120, 80, 30)
    widget.show()
    studio = manual_pictures.Studio(tmp_path)
    studio.shoot(widget, "whole", first, second, readme="plain")
    studio.shoot(widget, "part", crop=QRect(30, 30, 100, 50))
    with Image.open(tmp_path / "whole.png") as drawn:
        whole = drawn.convert("RGB")
        assert whole.size == (300, 200)
    red = QColor(theme.RED).getRgb()[:3]
    near = [whole.getpixel((x, y)) for x in range(20, 60) for y in range(20, 60)]
    assert near.count(red) > 100, "a number stands at the first mark"
    with Image.open(tmp_path / "part.png") as drawn:
        assert drawn.size == (116, 66)
    with Image.open(tmp_path / "readme" / "plain.png") as drawn:
        plain = drawn.convert("RGB")
        assert red not in {plain.getpixel((x, y)) for x in range(300) for y in range(200)}


def test_only_what_is_asked_for_is_drawn(tmp_path: Path) -> None:
    studio = manual_pictures.Studio(tmp_path, ["entry"])
    assert studio.wants("entry-wrong") and not studio.wants("home")
    assert manual_pictures.Studio(tmp_path).wants("home")


@pytest.mark.parametrize("day", ["2024-06-29", "2024-07-09"])
def test_the_day_is_the_story_s(tmp_path: Path, monkeypatch, day: str) -> None:
    from desktop_app.core.store import journal
    from desktop_app.ui.township import submit_page

    monkeypatch.setattr(journal, "now", journal.now)
    monkeypatch.setattr(submit_page, "datetime", submit_page.datetime)
    monkeypatch.setenv("TAIZHANG_TODAY", "")
    manual_pictures.Studio(tmp_path).at(day)
    assert journal.now() == f"{day}T14:32:00+08:00"
    assert submit_page.datetime.now().date().isoformat() == day
