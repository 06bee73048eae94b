"""What lies on a stick beside the packages: our own form to stamp, a file cut off, files named by hand.  The county's
inbox says of each what it is and whose it seems to be, and offers nothing that would make it worse."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_app.core.model.period import Period
from desktop_app.core.operations.desk import Desk
from desktop_app.core.operations.workspace import Workspace
from desktop_app.ui.county.inbox_model import (
    action_words,
    condition,
    signature_tip,
    signature_words,
    state_words,
    unit_words,
)

MAY = Period(2024, 5, 5)
COUNTY, TOWN, OTHER = "990101", "990101101", "990101102"


@pytest.fixture(scope="module")
def stick(city, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """枫桥镇's May as it is written: the package, and the form to stamp beside it.  Never written to."""
    from desktop_app.core.operations.forming import form_of
    from desktop_app.ui.paper.form import draw

    folder, home = tmp_path_factory.mktemp("stick"), tmp_path_factory.mktemp("desk") / TOWN
    shutil.copytree(city.desk(TOWN), home, ignore=shutil.ignore_patterns("outbox", "thumbnails", ".lock"))
    desk = Desk(Workspace.open(home))
    desk.unlock("demo")
    desk.export(MAY, folder, filled="甲", checked="乙", responsible="丙", progress=lambda *_: None)
    (package,) = folder.glob("*.xlsx")
    draw(form_of(desk.workspace, MAY), package.with_name(f"{package.stem}-盖章表.pdf"))
    desk.close()
    return folder


@pytest.fixture
def package(stick: Path) -> Path:
    return next(stick.glob("*.xlsx"))


@pytest.fixture
def form(stick: Path) -> Path:
    return next(stick.glob("*.pdf"))


@pytest.fixture
def inbox(real_window, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TAIZHANG_TODAY", "2024-06-12")
    return real_window("inbox", MAY, COUNTY).pages["inbox"]


def row_of(inbox, file: Path):
    return next(view for view in inbox.model.records if view.file == file.name)


def take(inbox, settled, *files: Path) -> None:
    inbox.merge(list(files))
    settled()


# -- our own form ------------------------------------------------------------------------------------------------------


def test_the_form_beside_a_package_is_known_and_wants_nothing(inbox, package, form, settled, qtbot):
    take(inbox, settled, package, form)
    view = row_of(inbox, form)
    assert view.unit == TOWN and view.period == "2024-05" and not view.guessed, "it says whose it is"
    assert condition(view) == "form" and state_words(view)[0] == "盖章表，不用收"
    assert action_words(view) == "查看" and signature_words(view) == "打印用的"
    status = inbox.window().status.left.text()
    assert (
        status.startswith("收了 1 份") and "1 份是打印用的盖章表，不用收" in status and "没有收" not in status
    )
    assert inbox.notice.title() == "1 份是打印用的盖章表，不用收"
    inbox.open_row(view)
    panel = inbox.quarantine
    assert "盖章表" in panel.title.text() and "不是从本软件导出的" not in panel.what.text()
    assert "已经收到" in panel.meaning.text() and "不用代录" in panel.meaning.text()
    steps = " ".join(label.text() for label in panel.findChildren(type(panel.title)))
    assert ".xlsx" in steps and "补交盖章件" in steps
    assert not panel.proxy.isVisible() and not panel.away.isVisible() and inbox.primary.text() == "知道了"
    inbox.primary.click()
    assert inbox.stack.currentWidget() is inbox.listing


def test_it_is_answered_whichever_of_the_two_comes_first(inbox, package, form, settled):
    take(inbox, settled, form)
    alone = row_of(inbox, form)
    assert condition(alone) == "form_alone" and state_words(alone)[0] == "只有盖章表"
    assert action_words(alone) == "说明", "and no 代录"
    inbox.open_row(alone)
    assert "还没有收到" in inbox.quarantine.meaning.text() and not inbox.quarantine.proxy.isVisible()
    take(inbox, settled, package)
    assert condition(row_of(inbox, form)) == "form"


def test_it_is_known_under_any_name_and_a_print_of_it_by_its_name(inbox, package, form, settled, tmp_path):
    renamed = Path(shutil.copy(form, tmp_path / "给县里.pdf"))
    printed = tmp_path / f"{OTHER}-2024-05-1-盖章表.pdf"
    printed.write_bytes(b"%PDF-1.7\n% by some printer\n")
    plain = tmp_path / "石门镇通知.pdf"
    plain.write_bytes(b"%PDF-1.7\n% a letter\n")
    take(inbox, settled, package, renamed, printed, plain)
    assert row_of(inbox, renamed).form and row_of(inbox, renamed).unit == TOWN
    assert row_of(inbox, printed).form and row_of(inbox, printed).unit == OTHER
    letter = row_of(inbox, plain)
    assert not letter.form and condition(letter) == "foreign", "any other pdf is what it was"


def test_the_command_line_says_the_same(taizhang, form, city):
    answer = taizhang("verify", form, at=city.desk(COUNTY))
    assert answer.status and "盖章表" in answer.out + answer.err
    assert "不是本软件" not in answer.out + answer.err


# -- cut off, named by hand --------------------------------------------------------------------------------------------


def test_a_file_cut_off_is_called_incomplete_and_not_invalid(inbox, package, settled, tmp_path):
    cut = tmp_path / package.name
    cut.write_bytes(package.read_bytes()[:-4000])
    take(inbox, settled, cut)
    view = row_of(inbox, cut)
    assert condition(view) == "truncated" and state_words(view) == ("文件不完整", "warn")
    assert signature_words(view) == "没有传完"
    inbox.open_row(view)
    assert "没有传完整" in inbox.quarantine.title.text()


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        (f"{OTHER}.xlsx", "石门镇"),
        (f"微信-{OTHER}-五月.xlsx", "石门镇"),
        ("石门镇 5月 最终版.xlsx", "石门镇"),
        ("枫桥镇和石门镇.xlsx", ""),
        ("报表.xlsx", ""),
    ],
)
def test_whose_a_file_looks_like_is_said_as_a_guess(inbox, package, settled, tmp_path, name, unit):
    cut = tmp_path / name
    cut.write_bytes(package.read_bytes()[:-4000])
    take(inbox, settled, cut)
    view = row_of(inbox, cut)
    assert view.unit_name == unit and view.guessed == bool(unit)
    inbox.open_row(view)
    if unit:
        assert unit_words(view) == "像是石门镇"
        assert inbox.quarantine.origin.text().startswith("文件名像是石门镇的")
        assert inbox.primary.text() == "复制给石门镇的话"
    else:
        assert unit_words(view) == name
        assert "像是" not in inbox.quarantine.origin.text() and "自称" not in inbox.quarantine.origin.text()


# -- what a run tells --------------------------------------------------------------------------------------------------


def test_what_was_not_taken_stands_above_the_list_until_it_is_read(inbox, package, settled, tmp_path, qtbot):
    cut = tmp_path / f"{OTHER}-2024-05-1.xlsx"
    cut.write_bytes(package.read_bytes()[:-4000])
    gone = tmp_path / "枫桥镇.xlsx"
    assert not inbox.notice.isVisible()
    take(inbox, settled, cut, gone)
    assert inbox.notice.isVisible() and inbox.notice.title() == "2 份没有收"
    said = inbox.notice.text()
    assert "像是石门镇" in said and "不完整" in said and "枫桥镇.xlsx" in said and "打不开" in said
    qtbot.mouseClick(inbox.notice.why, Qt.MouseButton.LeftButton)
    assert inbox.quarantine.current.file == cut.name
    inbox.back.click()
    qtbot.mouseClick(inbox.notice.close_it, Qt.MouseButton.LeftButton)
    assert not inbox.notice.isVisible()
    take(inbox, settled, package)
    assert not inbox.notice.isVisible(), "nothing to tell of a good file"


def test_the_navigation_leads_back_to_the_list(inbox, package, settled, tmp_path, qtbot):
    cut = tmp_path / f"{OTHER}-2024-05-1.xlsx"
    cut.write_bytes(package.read_bytes()[:-4000])
    take(inbox, settled, cut)
    inbox.open_row(row_of(inbox, cut))
    assert inbox.title.text() == "为什么没有收"
    place = inbox.window().navigation.buttons["inbox"]
    qtbot.mouseClick(place, Qt.MouseButton.LeftButton)
    assert inbox.stack.currentWidget() is inbox.listing and "收到了谁的" in inbox.title.text()
    # From elsewhere too; another page that leads to one file still opens its explanation.
    inbox.open_row(row_of(inbox, cut))
    inbox.window().show_page("missing")
    qtbot.mouseClick(place, Qt.MouseButton.LeftButton)
    assert inbox.stack.currentWidget() is inbox.listing
    inbox.window().show_page("inbox", row_of(inbox, cut).container)
    assert inbox.stack.currentWidget() is inbox.quarantine


def test_each_row_names_the_unit_while_and_after_it_is_taken_in(inbox, package, settled, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr(inbox.strip, "advance", lambda _done, _total, words="": told.append(words))
    take(inbox, settled, package)
    assert any("枫桥镇" in words and package.name in words for words in told), told
    view = row_of(inbox, package)
    assert unit_words(view) == "枫桥镇"
    assert signature_tip(view)


def test_a_sound_file_for_somebody_else_is_not_called_badly_signed(inbox, city, settled):
    import msgspec

    view = msgspec.structs.replace(
        next(iter(inbox.model.records)),
        state="invalid",
        quarantined="quarantine/x.xlsx",
        rule=0,
        reason="这是另一个市的文件",
    )
    assert signature_words(view) == "没有收" and condition(view) == "quarantined"
    assert signature_words(msgspec.structs.replace(view, rule=3)) == "签名无效"
