"""Evidence on a real desk: photos of every kind, pairs, what each proves, what may not leave the office."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import openpyxl
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop_app.core.model.period import Period
from desktop_app.ui.township import evidence_page
from desktop_app.ui.township.evidence_dialog import AboutDialog, PiecesDialog
from desktop_app.ui.widgets.viewer import ViewerDialog, pair_of

MAY = Period(2024, 5, 5)


@pytest.fixture
def page(real_window, settled):
    page = real_window("evidence", MAY).pages["evidence"]
    settled()
    return page


def jpeg(path: Path, size: tuple[int, int] = (3200, 2400)) -> Path:
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, "JPEG")
    path.write_bytes(out.getvalue())
    return path


def heic(path: Path) -> Path:
    import pillow_heif

    image = Image.effect_noise((1200, 900), 60).convert("RGB")
    pillow_heif.from_pillow(image).save(path)
    return path


def pdf(path: Path) -> Path:
    Image.new("RGB", (400, 500), "white").save(path, "PDF")
    return path


def sheet(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["编号", "户"])
    book.save(path)
    return path


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def named(page, name: str):
    return next(view for view in page.session.desk.evidence() if view.name == name)


def show(page, view) -> None:
    page.folder_table.go_to(0)
    page.filter.choose("all")
    assert page.grid.go_to_subject(view.subject)


def test_many_files_of_every_kind_are_dropped_at_once(qtbot, page, tmp_path, dropped, settled):
    page.show_subject("12.1")
    files = [
        heic(tmp_path / "IMG_1.heic"),
        jpeg(tmp_path / "IMG_2.jpg"),
        pdf(tmp_path / "验收.pdf"),
        sheet(tmp_path / "名单.xlsx"),
    ]
    dropped(page.zone, files)
    settled()
    assert "加了 4 份" in page.window().status.left.text()
    desk = page.session.desk
    for file, shown in ((files[0], "IMG_1.jpg"), (files[1], "IMG_2.jpg")):
        view = named(page, shown)
        with Image.open(io.BytesIO(desk.evidence_bytes(view.sha256))) as kept:
            assert kept.format == "JPEG" and max(kept.size) <= 2560
        assert view.original == sha(file), "the photo in the phone can be told by its own hash"
        show(page, view)
        assert ("原照片指纹", f"{sha(file)[:8].upper()}…") in page.panel.facts.facts()
    for file in files[2:]:
        view = named(page, file.name)
        assert view.sha256 == sha(file) and not view.original, "papers stay as they are"
    # Every one of them has a picture or its sign, and none is still being waited for.
    qtbot.waitUntil(lambda: not page.thumbnails.busy(), timeout=10_000)


def test_the_same_photo_again_is_known_by_its_hash(page, tmp_path, settled):
    page.show_subject("12.1")
    file = jpeg(tmp_path / "IMG_3.jpg")
    page.attach([file])
    settled()
    page.attach([file])
    settled()
    assert "1 份以前加过" in page.window().status.left.text()
    assert sum(view.name == "IMG_3.jpg" for view in page.session.desk.evidence()) == 1


def test_added_marked_and_the_keyboard_never_left(qtbot, page, tmp_path, settled):
    page.window().activateWindow()
    page.show_subject("12.1")
    page.attach([jpeg(tmp_path / "IMG_4.jpg")])
    settled()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is page.grid, timeout=3000)
    # One key marks what was just added; the bytes are sealed and the name goes.
    qtbot.keyClick(page.grid, Qt.Key.Key_P)
    settled()
    view = page.grid.current()
    assert view.personal and view.name.startswith("附件")
    found = page.session.desk.workspace.store.files.find(view.sha256)
    assert found is not None and found[1], "sealed on the disk"
    assert page.panel.personal.isChecked()


def test_before_and_after_are_told_and_seen_side_by_side(qtbot, page, tmp_path, settled, monkeypatch):
    desk = page.session.desk
    site = next(site for site in desk.sites() if site.completed and "12.1" in site.quantities)
    for number in (1, 2):
        desk.attach([jpeg(tmp_path / f"p{number}.jpg", (640, 480))], [site.subject], progress=lambda *_: None)
    page.refresh()
    for name, stage in (("p1.jpg", "改造前"), ("p2.jpg", "改造后")):
        show(page, named(page, name))
        offered = [page.panel.stage.itemText(n) for n in range(page.panel.stage.count())]
        assert {"改造前", "改造后", "系统录入"} <= set(offered), "the plan's own stages stand there too"
        page.panel.stage.setCurrentText(stage)
        page.panel.stage.activated.emit(page.panel.stage.currentIndex())
        assert named(page, name).stage == stage
    show(page, named(page, "p1.jpg"))
    pair = pair_of(named(page, "p2.jpg"), desk.evidence())
    assert [view.stage for view in pair] == ["改造前", "改造后"]
    seen: list[ViewerDialog] = []
    monkeypatch.setattr(ViewerDialog, "exec", lambda dialog: seen.append(dialog) or 0)
    assert page.panel.compare.isEnabled()
    page.panel.compare.click()
    assert len(seen) == 1


def test_what_it_proves_is_chosen_from_a_list(qtbot, page, tmp_path, settled, monkeypatch):
    desk = page.session.desk
    lacking = next(gap for gap in desk.gaps(MAY) if gap.subject.startswith("site/"))
    page.show_subject("12.1" if lacking.indicator != "12.1" else "13.1")
    page.attach([jpeg(tmp_path / "loose.jpg", (640, 480))])
    settled()
    before = len(desk.gaps(MAY))

    def tick(dialog: AboutDialog) -> int:
        qtbot.addWidget(dialog)
        dialog.search.setText(lacking.name)
        item = next(
            item for item in dialog._items() if item.data(Qt.ItemDataRole.UserRole) == lacking.subject
        )
        assert not item.isHidden()
        item.setCheckState(Qt.CheckState.Checked)
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(AboutDialog, "exec", tick)
    show(page, named(page, "loose.jpg"))
    qtbot.mouseClick(page.panel.choose, Qt.MouseButton.LeftButton)
    assert lacking.subject in named(page, "loose.jpg").about
    assert len(desk.gaps(MAY)) == before - 1, "the place counts now"


def test_letters_find_in_the_list_of_what_it_proves(qtbot):
    dialog = AboutDialog({"12.1": "12 无障碍改造户数", "13.1": "13 适老化改造户数"}, ["13.1"])
    qtbot.addWidget(dialog)
    dialog.search.setText("wza")
    assert [item.text() for item in dialog._items() if not item.isHidden()] == [
        "13 适老化改造户数",
        "12 无障碍改造户数",
    ]
    for item in dialog._items():
        item.setCheckState(Qt.CheckState.Unchecked)
    assert not dialog.go.isEnabled(), "a piece always proves something"


def test_several_are_described_at_once(page, tmp_path, settled, monkeypatch):
    page.show_subject("12.1")
    page.attach([jpeg(tmp_path / f"m{n}.jpg", (640, 480)) for n in range(3)])
    settled()
    views = [named(page, f"m{n}.jpg") for n in range(3)]

    def fill(dialog: PiecesDialog) -> int:
        dialog.caption.setText("张家湾 03 户")
        dialog.stage.setCurrentText("改造后")
        dialog.keep()
        return dialog.result()

    monkeypatch.setattr(PiecesDialog, "exec", fill)
    monkeypatch.setattr(page.grid, "selected", lambda: views)
    page.batch.click()
    after = {view.subject: view for view in page.session.desk.evidence()}
    assert {(after[v.subject].caption, after[v.subject].stage) for v in views} == {("张家湾 03 户", "改造后")}


def test_what_is_missing_takes_its_file_where_it_stands(page, tmp_path, settled):
    desk = page.session.desk
    gap = next(gap for gap in desk.gaps(MAY) if gap.subject.startswith("site/"))
    page.show_subject(gap.subject)
    assert page.grid.current().subject == gap.subject
    assert gap.text in page.panel.gap_words.text()
    page.attach([jpeg(tmp_path / "now.jpg", (640, 480))])
    settled()
    assert all(other.subject != gap.subject for other in desk.gaps(MAY))


def test_one_bad_file_keeps_no_other_out(qtbot, page, tmp_path, settled, monkeypatch):
    from desktop_app.ui import errors

    told: list[BaseException] = []
    monkeypatch.setattr(errors, "show", told.append)
    program, empty = tmp_path / "setup.exe", tmp_path / "空的.jpg"
    program.write_bytes(b"MZ" + bytes(200))
    empty.write_bytes(b"")
    page.show_subject("12.1")
    first, last = jpeg(tmp_path / "ok1.jpg", (640, 480)), jpeg(tmp_path / "ok2.jpg", (640, 480))
    page.attach([first, program, empty, last])
    settled()
    qtbot.waitUntil(lambda: bool(told), timeout=3000)
    assert len(told) == 1 and "2 份没有加进来" in told[0].what
    assert "setup.exe" in told[0].next_step and "空的.jpg" in told[0].next_step
    assert {view.name for view in page._evidence} >= {"ok1.jpg", "ok2.jpg"}
    assert page.grid.current().name == "ok2.jpg"


def test_what_was_in_before_cancelling_is_shown(page, tmp_path, settled):
    page.show_subject("12.1")
    files = [jpeg(tmp_path / f"many{n}.jpg", (1600, 1200)) for n in range(12)]
    job = page.attach(files)
    job.advanced.connect(lambda done, total, words: job.stop() if done >= 2 else None)
    settled()
    here = {view.name for view in page.session.desk.evidence()} & {file.name for file in files}
    assert {view.name for view in page._evidence} >= here
    assert len(here) < len(files)


def test_a_document_is_read_in_its_own_program(page, tmp_path, settled, monkeypatch):
    from PySide6.QtGui import QDesktopServices

    from desktop_app.ui.township import evidence_opening

    opened: list[Path] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile())) or True
    )
    page.show_subject("12.1")
    file = pdf(tmp_path / "验收单.pdf")
    page.attach([file])
    settled()
    assert not page.panel.open.isHidden() and page.panel.compare.isHidden()
    page.panel.open.click()
    assert opened[0].name == "验收单.pdf" and opened[0].read_bytes() == file.read_bytes()
    # What holds personal data never lies about in the open.
    page.panel.personal.click()
    settled()
    assert not page.panel.open.isEnabled()
    evidence_opening._clear()
    assert not opened[0].exists()


def test_the_size_chosen_is_remembered(page, real_window):
    page.scale.setCurrentIndex(page.scale.findData(1600))
    page.scale.activated.emit(page.scale.currentIndex())
    again = evidence_page.EvidencePage(page.session)
    assert again.scale.currentData() == 1600
    again.scale.setCurrentIndex(again.scale.findData(2560))
    again.scale.activated.emit(again.scale.currentIndex())
