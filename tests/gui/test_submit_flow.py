"""A real submission through the five steps: what is previewed is what is written, what is copied is read back, the
form bears the code, the stamped scan follows under the same one."""

from __future__ import annotations

import shutil
import unicodedata
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
import segno
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QFileDialog

from desktop_app.core.model.period import Period
from desktop_app.ui import errors
from desktop_app.ui.township import submit_page
from desktop_app.ui.widgets.records import GroupRow

MAY = Period(2024, 5, 5)
RADICALS = str.maketrans("⻚⻓⻋⺠", "页长车民")


def press(qtbot, button) -> None:
    assert button.isEnabled() and not button.isHidden()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def page(real_window, settled, monkeypatch):
    page = real_window("submit", MAY).pages["submit"]
    page.session.desk.unlock("demo")
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda *_: True)
    settled()
    return page


def to_the_target(qtbot, page, settled) -> None:
    press(qtbot, page.forward)
    settled()
    press(qtbot, page.forward)
    for field, name in (
        (page.sign.filled, "王秀珍"),
        (page.sign.checked, "赵建国"),
        (page.sign.responsible, "孙明远"),
    ):
        field.clear()
        qtbot.keyClicks(field, "")
        field.setText(name)
    page.sign.agreed.setChecked(True)
    press(qtbot, page.forward)
    assert page.steps.current == submit_page.TARGET


def write(qtbot, page, settled, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    page.target.set_folder(folder)
    press(qtbot, page.forward)
    qtbot.waitUntil(lambda: page.steps.current == submit_page.RESULT, timeout=60_000)
    settled()
    return next(folder.glob("*.xlsx"))


def shown(table) -> list[list[str]]:
    model = table.record_model
    rows = [row for row in model.rows if not isinstance(row, GroupRow)]
    return [[column.text(row) for column in model.columns] for row in rows]


def test_the_preview_shows_every_sheet_as_it_is_written(qtbot, page, settled, tmp_path):
    to_the_target(qtbot, page, settled)
    page.steps.go_to(submit_page.PREVIEW)
    names = list(page.preview.pages)
    assert names[:5] == ["封面", "进度", "项目台账", "佐证材料", "问题清单"]
    page.preview.filter.choose("项目台账")
    assert page.preview.stack.currentWidget() is page.preview.pages["项目台账"]
    before = {name: shown(page.preview.pages[name]) for name in names[1:]}
    page.steps.go_to(submit_page.TARGET)
    page._show_step()
    book = openpyxl.load_workbook(write(qtbot, page, settled, tmp_path / "out"))
    assert book.sheetnames == names
    for name, rows in before.items():
        sheet = book[name]
        assert len(rows) == sheet.max_row - 3 or (not rows and sheet.max_row <= 4)
        for line, row in zip(rows, sheet.iter_rows(min_row=4, values_only=True), strict=False):
            for words, value in zip(line, row, strict=False):
                said = "" if value is None else str(value)
                plain = words.replace(",", "")
                assert plain == said or float(plain) == pytest.approx(float(said)), (name, words, value)


def test_looking_needs_no_passphrase(qtbot, real_window, settled):
    """A desk that waits for its certificate carries its request along; only signing opens the key."""
    window = real_window("submit", MAY)
    desk, page = window.session.desk, window.pages["submit"]
    (desk.workspace.keys_folder / "desk.pem").unlink()
    assert desk.locked()
    press(qtbot, page.forward)
    settled()
    assert "进度" in page.preview.pages and desk.locked()


def test_a_figure_changed_meanwhile_is_in_the_preview(qtbot, page, settled):
    to_the_target(qtbot, page, settled)
    session = page.session
    view = next(v for task in session.desk.tasks(MAY) for v in task.indicators if v.id == "3.1")
    wanted = int(view.figure.value) + 1
    session.write(session.desk.record("3.1", str(wanted), period=MAY, area=view.area, reason="核对"))
    page.steps.pressed.emit(submit_page.PREVIEW)
    settled()
    lines = {line[2]: line for line in shown(page.preview.pages["进度"])}
    assert lines["3.1"][8] == f"{wanted:,}"


def test_a_copy_is_read_back_and_a_bad_disc_is_told(qtbot, page, settled, tmp_path, monkeypatch):
    to_the_target(qtbot, page, settled)
    press(qtbot, page.target.disc)
    file = write(qtbot, page, settled, tmp_path / "burn")
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(stick))
    page.done.again_wanted.emit()
    settled()
    assert (stick / file.name).read_bytes() == file.read_bytes()
    assert "读回核对一致" in page.done.copied_words.text()
    # The same place again says nothing wrong; another file of that name is never overwritten.
    (stick / file.name).write_bytes(b"other")
    told: list[BaseException] = []
    monkeypatch.setattr(errors, "show", told.append)
    page.save_again(stick)
    settled()
    assert (stick / file.name).read_bytes() == b"other" and "已经有" in str(told[0])
    disc = tmp_path / "disc"
    disc.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(disc))
    page.done.compare_wanted.emit()
    settled()
    assert "没有" in page.done.copied_words.text() and page.done.copied_words.property("tone") == "red"
    shutil.copyfile(file, disc / file.name)
    page.compare_with(disc)
    settled()
    assert "一致" in page.done.copied_words.text() and page.done.copied_words.property("tone") == "green"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    (disc / file.name).write_bytes(content)
    page.compare_with(disc)
    settled()
    assert "不一样" in page.done.copied_words.text()


def printed_mark(page: Image.Image, words: str) -> bool:
    """Whether the square at the foot of the page is the mark of these words, field by field."""
    matrix = [list(line) for line in segno.make(words, error="m", micro=False).matrix]
    width, height = page.size
    foot = page.crop((int(width * 0.07), int(height * 0.892), int(width * 0.2), int(height * 0.97)))
    left, top, _right, bottom = foot.point(lambda tone: 255 if tone < 128 else 0).getbbox()
    field = (bottom - top) / len(matrix)
    return all(
        (foot.getpixel((int(left + (x + 0.5) * field), int(top + (y + 0.5) * field))) < 128) == bool(dark)
        for y, line in enumerate(matrix)
        for x, dark in enumerate(line)
    )


def test_the_form_bears_the_code_and_its_mark_and_the_stamp_follows(
    qtbot, page, settled, tmp_path, monkeypatch
):
    to_the_target(qtbot, page, settled)
    file = write(qtbot, page, settled, tmp_path / "out")
    code = page.result.code
    page.done.form_wanted.emit()
    form = next((tmp_path / "out").glob("*.pdf"))
    with pypdfium2.PdfDocument(form) as document:
        text = "".join(
            unicodedata.normalize("NFKC", sheet.get_textpage().get_text_range()).translate(RADICALS)
            for sheet in document
        )
        picture = document[0].render(scale=6).to_pil().convert("L")
    assert code in text.replace(" ", "") and "王秀珍" in text
    assert printed_mark(picture, f"TAIZHANG 990101101 2024-05 {code}"), "the mark on paper says the code"
    assert not printed_mark(picture, f"TAIZHANG 990101101 2024-05 {code[:-1]}2")
    scan = tmp_path / "盖章件.png"
    image = QImage(600, 800, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    image.save(str(scan))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(scan), ""))
    page.done.stamp_wanted.emit()
    settled()
    assert not page.done.export.isHidden() and "还没有送出去" in page.done.next.title()
    press(qtbot, page.done.export)
    qtbot.waitUntil(lambda: len(list((tmp_path / "out").glob("*.xlsx"))) == 2, timeout=60_000)
    settled()
    assert page.result.code == code, "the stamp changes no figure"
    second = max((tmp_path / "out").glob("*.xlsx"), key=lambda path: path.stat().st_mtime_ns)
    assert second != file
    assert page.session.desk.stamp_state(MAY) == "received"


def test_names_and_place_of_last_time_stand_there(qtbot, page, settled, tmp_path, real_window):
    to_the_target(qtbot, page, settled)
    press(qtbot, page.target.chat)
    write(qtbot, page, settled, tmp_path / "out")
    press(qtbot, page.forward)
    again = type(page)(page.session)
    qtbot.addWidget(again)
    again.refresh()
    assert (again.sign.checked.text(), again.sign.responsible.text()) == ("赵建国", "孙明远")
    assert not again.sign.agreed.isChecked(), "who answers for it agrees each time"
    assert again.target.folder == tmp_path / "out" and again.target.way() == "chat"


def test_a_stick_that_is_put_in_is_offered(page):
    target = page.target
    assert not target.no_stick.isHidden()
    target.show_sticks([("/media/usb1", "KINGSTON", 8_000_000_000)])
    stick = next(made for made in target._group.buttons() if made.property("folder"))
    assert "KINGSTON" in stick.text() and target.no_stick.isHidden()
    stick.click()
    assert target.target() == Path("/media/usb1") and target.folder_line.isHidden()
    target.find_sticks()
    assert target.way() == "folder", "pulled out again, it is no longer there"


def test_the_result_says_what_to_do_next_without_scrolling(qtbot, page, settled, tmp_path):
    to_the_target(qtbot, page, settled)
    write(qtbot, page, settled, tmp_path / "out")
    for size in ((1366, 696), (911, 512)):
        page.window().resize(*size)
        settled()
        bottom = page.done.next.mapTo(page.done.viewport(), page.done.next.rect().bottomLeft()).y()
        assert bottom <= page.done.viewport().height(), size
        assert page.done.inside.width() <= page.done.viewport().width(), size
