"""Evidence dropped, pasted, marked."""

from __future__ import annotations

import fake_pictures
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage


@pytest.fixture
def page(open_window, desk):
    return open_window(desk, "evidence").pages["evidence"]


def test_dropped_files_belong_to_the_indicator_shown(page, desk, tmp_path, dropped, settled):
    photo = tmp_path / "照片.png"
    photo.write_bytes(fake_pictures.picture("bath-after", 7)[1])
    dropped(page.zone, [photo])
    settled()
    assert desk.calls[-1] == ("attach", (photo,), ("12.1",))
    assert len([item for item in page.grid.grid_model.items if getattr(item, "caption", "") == "照片"]) == 1
    assert "加了 1 份" in page.window().status.left.text()


def test_a_folder_is_dropped_with_what_is_in_it(page, desk, tmp_path, dropped, settled):
    for name in ("b.png", "a.png", "~$lock.xlsx", ".hidden"):
        (tmp_path / name).write_bytes(b"x")
    dropped(page.zone, [tmp_path])
    settled()
    attached = [call[1] for call in desk.calls if call[0] == "attach"]
    assert [file.name for files in attached for file in files] == ["a.png", "b.png"]


def test_a_picture_is_pasted_and_its_temporary_file_goes(page, desk, settled):
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    page.paste()
    settled()
    (file,) = desk.calls[-1][1]
    assert file.suffix == ".png" and not file.exists() and not file.parent.exists()


def test_nothing_to_paste_is_said(page):
    QGuiApplication.clipboard().clear()
    page.paste()
    assert "剪贴板" in page.window().status.left.text()


def test_a_missing_piece_is_a_cell_and_takes_its_file(page, desk, tmp_path, settled):
    gap = next(item for item in page.grid.grid_model.items if type(item).__name__ == "IssueView")
    file = tmp_path / "x.png"
    file.write_bytes(b"x")
    page.attach([file], gap)
    settled()
    assert desk.calls[-1][2] == (gap.indicator, gap.subject)


def test_p_marks_personal_data(qtbot, page, desk):
    page.grid.setCurrentIndex(page.grid.grid_model.index(0))
    page.grid.setFocus()
    qtbot.keyClick(page.grid, Qt.Key.Key_P)
    assert desk.calls[-1][0] == "describe" and desk.calls[-1][2] == {"personal": True}


def test_a_letter_in_the_caption_is_a_letter(qtbot, page, desk):
    page.panel.caption.setFocus()
    page.panel.caption.clear()
    qtbot.keyClicks(page.panel.caption, "P3")
    qtbot.keyClick(page.panel.caption, Qt.Key.Key_Return)
    assert desk.calls[-1][2] == {"caption": "P3"}


def test_stages_filter_the_grid(page):
    page.filter.choose("s:改造后")
    assert {item.stage for item in page.grid.grid_model.items} == {"改造后"}
    page.filter.choose("gaps")
    assert len(page.grid.grid_model.items) == 3


def test_before_and_after_are_found(page, desk):
    from desktop_app.ui.widgets.viewer import pair_of

    views = desk.evidence()
    assert [view.stage for view in pair_of(views[0], views)] == ["改造前", "改造后"]
    assert pair_of(views[7], views) == []
