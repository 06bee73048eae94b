"""The reporting desk's pages on a real desk: ledger, evidence, tasks, first page, a key where there is none."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from desktop_app.core.model.period import Period
from desktop_app.ui import jobs
from desktop_app.ui.township.site_dialog import ManyDialog

MAY = Period(2024, 5, 5)


def photo(path: Path, size: tuple[int, int] = (3000, 2000)) -> Path:
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, "JPEG")
    path.write_bytes(out.getvalue())
    return path


def figure(desk, indicator: str):
    return next(v for task in desk.tasks(MAY) for v in task.indicators if v.id == indicator).figure.value


# -- the ledger ------------------------------------------------------------------------------------------------------


@pytest.fixture
def sites(real_window):
    return real_window("sites", MAY).pages["sites"]


def test_a_new_site_counts_only_with_its_stages_and_evidence(sites, tmp_path, settled):
    desk = sites.session.desk
    before = figure(desk, "12.1")
    dialog = sites.form(None)
    dialog.indicator.setCurrentIndex(dialog.indicator.findData("12.1"))
    assert list(dialog.stages) == ["制定方案", "完成改造", "系统录入"]
    dialog.name.setText("新村 01 户")
    dialog.quantity.setText("3")
    dialog.completed.setText("5.20")
    dialog.keep()
    assert dialog.result() == 1

    def shown():
        return next(site for site in desk.sites() if site.name == "新村 01 户")

    assert not shown().counts
    assert "制定方案" in shown().why_not and "佐证" in shown().why_not
    assert figure(desk, "12.1") == before
    dialog = sites.form(shown())
    for field in dialog.stages.values():
        field.setText("5月18日")
    dialog.keep()
    assert shown().why_not == "缺佐证材料"
    sites.wanted.emit("evidence", shown().subject)
    evidence = sites.window().pages["evidence"]
    gap = evidence.grid.current()
    assert gap.subject == shown().subject, "the place where its photo is missing is chosen"
    evidence.attach([photo(tmp_path / "a.jpg")])
    settled()
    assert (shown().counts, shown().since) == (True, "2024-05-20")
    assert figure(desk, "12.1") == before + 3


def test_many_sites_are_changed_at_once_or_none(qtbot, sites, settled):
    desk = sites.session.desk
    open_ones = [site for site in desk.sites() if not site.completed and "12.1" in site.quantities][:2]
    sites.model.show_only(lambda site: site.subject in {one.subject for one in open_ones})
    sites.table.selectAll()
    chosen = sites.table.chosen_records()
    assert {site.subject for site in chosen} == {site.subject for site in open_ones}
    dialog = ManyDialog(chosen, ["系统录入"], 2024, None)
    dialog.keep()
    assert dialog.words.text(), "nothing typed is no change"
    dialog.stage.setCurrentIndex(1)
    dialog.stage_day.setText("5.9")
    dialog.charge.setText("李敏")
    dialog.keep()
    sites.change_sites(chosen, dialog.chosen)
    settled()
    after = {site.subject: site for site in desk.sites()}
    for site in open_ones:
        assert after[site.subject].stages == {**site.stages, "系统录入": "2024-05-09"}
        assert (after[site.subject].charge, after[site.subject].place) == ("李敏", site.place)


def test_the_reason_stands_in_the_row(sites):
    texts = {sites.model.columns[sites.model.column("state")].text(site) for site in sites.model.records}
    assert "已计入" in texts and "未计入，缺佐证" in texts


def test_a_date_against_the_order_of_the_stages_wants_a_reason_in_the_form(qtbot, sites):
    desk = sites.session.desk
    dialog = sites.form(None)
    qtbot.addWidget(dialog)
    dialog.indicator.setCurrentIndex(dialog.indicator.findData("12.1"))
    assert dialog.measure.text() == "户", "the quantity says what it counts"
    dialog.name.setText("新村 02 户")
    for field, day in zip(dialog.stages.values(), ("5.18", "5.20", "5.6"), strict=True):
        field.setText(day)
    dialog.keep()
    assert dialog.result() == 0 and not dialog.reason.isHidden()
    assert "系统录入" in dialog.words.text() and "原因" in dialog.words.text()
    dialog.reason.setText("系统先录入，后补方案")
    dialog.keep()
    assert dialog.result() == 1
    site = next(site for site in desk.sites() if site.name == "新村 02 户")
    # Said once, it is not asked again.
    again = sites.form(site)
    qtbot.addWidget(again)
    again.charge.setText("李敏")
    again.keep()
    assert again.result() == 1
    assert next(one for one in desk.sites() if one.name == site.name).charge == "李敏"


def test_tab_goes_through_the_form_as_one_reads_it(qtbot, sites):
    """Fields that are made anew for another indicator stay in their place."""
    dialog = sites.form(None)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is dialog.name, timeout=3000)
    dialog.indicator.setCurrentIndex(dialog.indicator.findData("12.1"))
    qtbot.waitUntil(lambda: all(field.isVisible() for field in dialog.stages.values()), timeout=3000)
    seen = []
    for _number in range(11):
        widget = QApplication.focusWidget()
        seen.append(widget.accessibleName())
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    assert seen == [
        "名称", "地点", "用于", "数量", "负责人", "开始日期",
        "制定方案", "完成改造", "系统录入", "完成日期", "个人信息",
    ]  # fmt: skip


def test_of_many_sites_one_with_a_wrong_date_stops_all_and_is_named(qtbot, sites, settled, monkeypatch):
    from desktop_app.ui import errors

    told: list[BaseException] = []
    monkeypatch.setattr(errors, "show", told.append)
    desk = sites.session.desk
    some = [site for site in desk.sites() if "12.1" in site.quantities and site.counts][:3]
    sites.change_sites(some, {"stage": ("系统录入", "2024-01-02")})
    settled()
    assert len(told) == 1 and some[0].name in told[0].what
    assert {s.subject: s.stages for s in desk.sites()}[some[0].subject] == some[0].stages
    sites.change_sites(some, {"stage": ("系统录入", "2024-01-02"), "reason": "补录"})
    settled()
    assert {s.subject: s.stages for s in desk.sites()}[some[0].subject]["系统录入"] == "2024-01-02"


# -- problems --------------------------------------------------------------------------------------------------------


def press(qtbot, dialog, words: str) -> None:
    from PySide6.QtWidgets import QPushButton

    made = next(b for b in dialog.findChildren(QPushButton) if b.text() == words)
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton)


def test_a_problem_is_closed_with_its_proof_looked_at_again_and_opened_anew(
    qtbot, real_window, tmp_path, monkeypatch
):
    page = real_window("problems", MAY).pages["problems"]
    desk = page.session.desk
    form = page.form(None)
    qtbot.addWidget(form)
    form.inputs["text"].setPlainText("一段路基塌陷")
    form.inputs["due"].setText("5.28")
    press(qtbot, form, "保存")
    assert form.result() == 1
    problem = next(p for p in desk.problems() if p.text == "一段路基塌陷")
    assert problem.due == "2024-05-28" and problem.status == "open"
    closing = page.close_form(problem, [photo(tmp_path / "修好.jpg", (640, 480))])
    qtbot.addWidget(closing)
    closing.inputs["text"].setPlainText("已加固重铺")
    press(qtbot, closing, "销号")
    closed = next(p for p in desk.problems() if p.subject == problem.subject)
    assert (closed.status, closed.evidence) == ("closed", 1)
    page.filter.choose("again")
    assert problem.subject in {p.subject for p in page.model.shown()}, "closed is looked at again"
    page.table.go_to(page.model.find(lambda p: p.subject == problem.subject))

    def found_again(dialog) -> int:
        qtbot.addWidget(dialog)
        box = dialog.inputs["held"]
        box.setCurrentIndex(box.findData("0"))
        dialog.inputs["note"].setText("又塌了一处")
        press(qtbot, dialog, "保存")
        return dialog.result()

    from desktop_app.ui.records.record_form import RecordForm

    monkeypatch.setattr(RecordForm, "exec", found_again)
    page.buttons["recheck"].click()
    again = next(p for p in desk.problems() if p.subject == problem.subject)
    assert again.recheck and again.recheck != "held"


# -- evidence --------------------------------------------------------------------------------------------------------


def test_what_was_added_is_chosen_scaled_and_the_keyboard_is_there(real_window, tmp_path, settled):
    page = real_window("evidence", MAY).pages["evidence"]
    page.scale.setCurrentIndex(page.scale.findData(1600))
    page.attach([photo(tmp_path / "IMG_77.jpg")])
    settled()
    view = page.grid.current()
    assert view.name == "IMG_77.jpg"
    content = page.session.desk.evidence_bytes(view.sha256)
    assert max(Image.open(io.BytesIO(content)).size) == 1600
    page.attach([tmp_path / "IMG_77.jpg"])
    settled()
    assert "以前加过" in page.window().status.left.text()


def test_a_pasted_picture_is_evidence(real_window, settled):
    page = real_window("evidence", MAY).pages["evidence"]
    count = len(page.session.desk.evidence())
    image = QImage(64, 48, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.blue)
    QGuiApplication.clipboard().setImage(image)
    page.paste()
    settled()
    assert len(page.session.desk.evidence()) == count + 1


def test_on_a_small_screen_the_piece_takes_the_lists_place(real_window):
    page = real_window("evidence", MAY, size=(911, 512)).pages["evidence"]
    assert not page.panel.isVisible() and page.left.isVisible()
    page.look.click()
    assert page.panel.isVisible() and not page.left.isVisible()
    page.look.click()
    assert page.left.isVisible()


def test_an_extract_of_a_business_system_stands_for_all_cases(real_window, tmp_path, settled):
    window = real_window("evidence", MAY)
    page, desk = window.pages["evidence"], window.session.desk
    waiting = [gap for gap in desk.gaps(MAY) if gap.indicator == "12.1"]
    if not waiting:
        site = next(site for site in desk.sites() if "12.1" in site.quantities and site.counts)
        for piece in desk.evidence(site.subject):
            desk.withdraw(piece.subject, "测试")
        waiting = [gap for gap in desk.gaps(MAY) if gap.indicator == "12.1"]
    table = tmp_path / "系统导出.txt"
    table.write_text("编号,户\n1,张家湾\n", encoding="utf-8")
    desk.attach([table], ["12.1"], progress=lambda *_: None)
    assert len([gap for gap in desk.gaps(MAY) if gap.indicator == "12.1"]) == len(waiting)
    page.refresh()
    page.show_subject("12.1")
    view = next(v for v in desk.evidence("12.1") if v.name == table.name)
    page.grid.go_to_subject(view.subject)
    assert page.panel.extract.isVisibleTo(page.panel)
    page.panel.extract.click()
    assert [gap for gap in desk.gaps(MAY) if gap.indicator == "12.1"] == []


# -- tasks and the first page ----------------------------------------------------------------------------------------


def test_tasks_are_found_by_letters_number_and_department_and_given_to_people(real_window):
    window = real_window("tasks", MAY)
    page, desk = window.pages["tasks"], window.session.desk
    for words, wanted in (("wzagz", 12), ("12", 12), ("无障碍", 12)):
        page.search.setText(words)
        assert wanted in {row.task.no for row in page.model.shown()}, words
        assert len(page.model.shown()) < 12
    lead = next(name for row in page.model.records for name in row.task.lead)
    page.search.setText(lead)
    assert all(lead in row.task.lead for row in page.model.shown())
    page.search.setText("没有这样的任务")
    assert page.model.shown() == []
    page.search.setText("")
    me = desk.overview(MAY).operator
    page.assign([12, 13], me)
    page.assign([13], "民政站")
    page.filter.choose("given")
    assert {row.task.no for row in page.model.shown()} == {12}
    assert desk.assigned() == {12: me, 13: "民政站"}
    page.filter.choose("behind")
    again = type(page)(window.session)
    again.refresh()
    assert again.filter.current == "behind", "it remembers where one was"
    again.filter.choose("mine")


def test_the_first_page_says_what_is_late_and_what_was_not_acknowledged(real_window):
    window = real_window("home", MAY)
    page, desk = window.pages["home"], window.session.desk
    behind = [
        v for t in desk.tasks(MAY) for v in t.indicators if v.mine and v.due and v.light in ("yellow", "red")
    ]
    assert page.lists[2].title.text() == f"落后的 {len(behind)} 项"
    assert page.lists[3].title.text() == "送出去的"
    words = {item.words for item in page._sent(desk.overview(MAY))}
    assert "没有导出的修改" in words and any("上报包" in word for word in words)


# -- keys ------------------------------------------------------------------------------------------------------------


def test_a_desk_without_a_key_makes_one(qtbot, real_desk, real_window):
    from desktop_app.ui.identity.new_key_dialog import NewKeyDialog

    window = real_window("home", MAY)
    desk = window.session.desk
    shutil.rmtree(desk.workspace.keys_folder)
    desk.workspace.keys_folder.mkdir()
    assert desk.key_report().state == "none"
    dialog = NewKeyDialog(desk, window)
    dialog.first.setText("short")
    dialog.make()
    assert dialog.words.text()
    dialog.first.setText("新的口令 2024")
    dialog.second.setText("新的口令 2024")
    dialog.make()
    qtbot.waitUntil(lambda: dialog.result() == 1, timeout=20_000)
    assert desk.key_report().state == "requested"
    assert not desk.locked()
    assert jobs.wait(1000) and QApplication.instance() is not None
