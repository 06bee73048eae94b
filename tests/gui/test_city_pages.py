"""The city's pages on a real desk: dividing, the schedule, the board of other times, the papers."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog

from desktop_app.core.model.period import Period
from desktop_app.core.progress import silent
from desktop_app.ui.city.board_drill import BoardDrill
from desktop_app.ui.city.course_dialog import CourseDialog
from desktop_app.ui.city.divide_dialog import DivideDialog
from desktop_app.ui.city.divide_table import FIRST
from desktop_app.ui.city.reporter_dialog import ReporterDialog

MAY = Period(2024, 5, 5)
SIZES = [(1366, 768), (911, 512), (1920, 1080)]


@pytest.fixture
def at(real_window, settled, city):
    """at("board") → that page of the city's desk, with May shown."""

    def opened(page: str, size: tuple[int, int] = (1366, 768), unit: str = ""):
        window = real_window(page, MAY, unit or city.code, size)
        settled()
        return window.pages[page]

    return opened


def answers(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Whoever is asked where to save says this."""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_more: (str(path), ""))


def line_of(page, indicator: str):
    page.filter.choose("all")
    row = page.model.find(lambda line: line.id == indicator)
    page.table.go_to(row, FIRST)
    return page.current()


# -- every page at every size ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page", ["board", "divide", "schedule", "papers", "dispatch"])
def test_pages_keep_to_their_window_and_cut_no_filter(at, page, size):
    from desktop_app.ui.widgets.controls import SegmentedFilter

    shown = at(page, size)
    assert (shown.window().width(), shown.window().height()) == size
    for segments in shown.findChildren(SegmentedFilter):
        for made in segments._buttons.values():
            if made.isVisible():
                assert made.width() >= made.sizeHint().width() - 2, made.text()


@pytest.mark.parametrize("size", SIZES)
def test_the_schedule_tells_every_task_in_full(at, size):
    """Before the course and the steps give way, the task's own name must be read."""
    page = at("schedule", size)
    assert page.table.columnWidth(0) >= 180
    assert not page.table.horizontalScrollBar().isVisible()


# -- dividing ----------------------------------------------------------------------------------------------------------


def test_a_block_from_excel_is_laid_from_the_cell_on_and_undone(at, city):
    page = at("divide")
    line = line_of(page, "3.1")
    was = page.model.words(line, city.county)
    QApplication.clipboard().setText("1,234\n56\n")
    page.table.setFocus()
    page.table.paste()
    assert page.model.typed[("3.1", city.county)] == "1234"
    assert page.model.typed[("3.2", city.county)] == "56"
    assert page.undo.isEnabled() and page.save.isEnabled()
    page._undo()
    assert page.model.words(line, city.county) == was and not page.model.typed


def test_a_row_too_many_is_told(at, city, qtbot):
    page = at("divide")
    last = len(page.model.rows) - 1
    page.table.go_to(last, FIRST)
    QApplication.clipboard().setText("1\n2\n3\n")
    with qtbot.waitSignal(page.table.lost) as lost:
        page.table.paste()
    assert lost.args[0] >= 2


def test_a_word_among_numbers_is_named_and_not_saved(at, city):
    page = at("divide")
    line_of(page, "3.1")
    page.model.put({("3.1", city.county): "三百"})
    assert page.banner.title() == "有 1 格不是数字"
    assert not page.save.isEnabled()


def test_what_is_missing_stands_beside_the_row(at, city):
    page = at("divide")
    line = line_of(page, "3.1")
    page.model.put({("3.1", city.county): "12000"})
    assert page.model.sum(line).text == "还差 400"
    page.model.put({("3.1", city.county): "12401"})
    assert page.model.sum(line).text == "多分 1"
    page.model.put({("3.1", city.county): "12400"})
    assert page.model.sum(line).text == "正好"


def test_a_part_greater_than_its_whole_is_told(at, city):
    page = at("divide")
    part = line_of(page, "47.2")
    whole = next(line for line in page.model.grid.lines if line.id == part.parent)
    assert int(part.cells[city.county].value) == 15 and page.model.sum(part).mood == "ok"
    page.model.put({(whole.id, city.county): "14"})
    assert page.model.sum(part).text == "1 家大于总数"


AREAS = [("a", "甲县"), ("b", "乙县"), ("c", "丙县")]


def rule(page, indicator: str, method: str, base: str = "", offices=()) -> DivideDialog:
    dialog = DivideDialog(line_of(page, indicator), AREAS, page, offices)
    dialog.method.setCurrentIndex(dialog.method.findData(method))
    if base:
        dialog.base.setPlainText(base)
    return dialog


def test_in_proportion_to_a_base_by_largest_remainder(at):
    """160 classrooms by need 7 : 5 : 1 come to 86.15, 61.54, 12.31; the one left over goes to the largest remainder."""
    dialog = rule(at("divide"), "23.1", "proportional", "甲县\t7\n乙县\t5\n丙县\t1")
    assert {area: int(value) for area, value in dialog.outcome.items()} == {"a": 86, "b": 62, "c": 12}
    assert "最大余数法" in dialog.rule.text() and "合计正好" in dialog.rule.text()
    assert dialog.take.isEnabled() and "甲县 86" in dialog.banner.text()


def test_equally(at):
    dialog = rule(at("divide"), "23.1", "equal")
    assert [int(dialog.outcome[area]) for area in "abc"] == [54, 53, 53]


def test_a_floor_is_the_same_for_each(at):
    page = at("divide")
    assert set(rule(page, "21.1", "same").outcome.values()) == {65}, "the floor of the notice"
    assert rule(page, "19.1", "same").outcome["a"] == 99


def test_by_villages_the_base_is_the_share(at):
    dialog = rule(at("divide"), "35.1", "base", "甲县 120\n乙县 96\n丙县 88")
    assert [int(dialog.outcome[area]) for area in "abc"] == [120, 96, 88]


def test_an_area_that_is_none_is_named(at):
    dialog = rule(at("divide"), "23.1", "proportional", "甲县 7\n丁县 5")
    assert dialog.banner.title() == "有认不出的行" and "丁县" in dialog.banner.text()


def test_nothing_to_go_by_is_refused(at):
    dialog = rule(at("divide"), "23.1", "proportional")
    assert not dialog.take.isEnabled() and "没有可以作依据的数" in dialog.banner.title()


def test_what_stays_with_the_city_goes_to_the_office_that_reports_it(at):
    """74 in all, 15 of the city's own: 59 among the counties."""
    page = at("divide")
    dialog = rule(page, "47.1", "equal", offices=[("o", "市市场监管局")])
    dialog.aside.setText("15")
    assert int(dialog.outcome["o"]) == 15
    assert sum(dialog.outcome.values()) == 74
    alone = rule(page, "47.1", "equal")
    alone.aside.setText("15")
    assert "还没有单位填报" in alone.banner.title()


def test_saved_with_its_document_sent_down_signed_and_seen_by_the_county(
    at, city, settled, real_desk, tmp_path, taizhang
):
    page = at("divide")
    line_of(page, "3.1")
    page.model.put({("3.1", city.county): "12000"})
    page.document.setText("云民生办〔2024〕9号")
    page.effective.setText("2024-05-15")
    page.save_now()
    assert not page.model.typed
    folder = tmp_path / "down"
    folder.mkdir()
    page.session.desk.workspace.unlock("demo")
    made = page.session.desk.reply(folder, None, silent)
    (package,) = [file.path for file in made.files if city.county in file.path.name]
    county = real_desk(city.county)
    county.workspace.unlock("demo")
    assert not county.share_changes()
    county.merge([package])
    (change,) = [change for change in county.share_changes() if change.indicator == "3.1"]
    assert (change.before, change.after) == ("12400", "12000")
    assert (change.document, change.effective, change.by) == ("云民生办〔2024〕9号", "2024-05-15", "云川市")


def test_sending_down_asks_for_the_key_and_for_saving_first(at, city, settled, monkeypatch, tmp_path, qtbot):
    from desktop_app.ui.identity.dialogs import PassphraseDialog

    asked: list[str] = []

    def answered(dialog) -> bool:
        asked.append("passphrase")
        dialog.keep.setChecked(True)
        dialog._desk.unlock("demo")
        return True

    monkeypatch.setattr(PassphraseDialog, "exec", answered)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args, **_more: str(tmp_path / "down"))
    (tmp_path / "down").mkdir()
    page = at("divide")
    page.model.put({("3.1", city.county): "12399"})
    page._send()
    assert "还没保存" in page.banner.title() and not asked
    page.save_now()
    page._send()
    qtbot.waitUntil(lambda: any((tmp_path / "down").glob("*.xlsx")), timeout=30_000)
    settled()
    assert asked == ["passphrase"]


def test_a_share_changed_in_mid_year_needs_its_document(at, city, monkeypatch):
    from desktop_app.ui import errors

    told: list[str] = []
    monkeypatch.setattr(errors.ErrorDialog, "exec", lambda self: told.append(self._help))
    page = at("divide")
    page.model.put({("3.1", city.county): "12000"})
    page.effective.setText("2024-05-15")
    page.save_now()
    assert told and "依据文号" in told[0]
    assert page.model.typed, "what was typed is still there"


def test_a_reporting_unit_for_each_indicator_and_area(at, city):
    page = at("divide")
    line = line_of(page, "3.1")
    dialog = ReporterDialog(page.session, line, list(page.model.grid.areas), page)
    dialog.area.setCurrentIndex(dialog.area.findData(city.county))
    dialog.reporter.setCurrentIndex(dialog.reporter.findData(city.bureau))
    dialog._save()
    assert dialog.result() == QDialog.DialogCode.Accepted
    page.refresh()
    assert line_of(page, "3.1").cells[city.county].reporter == "县住建局"


# -- the schedule ------------------------------------------------------------------------------------------------------


def test_late_steps_are_listed_and_late_making_up_shows_as_late(at, city):
    page = at("schedule")
    page.area.setCurrentIndex(page.area.findData(city.county))
    page.filter.choose("late")
    late = page.model.shown()
    assert late and all(row.overdue or row.light == "red" for row in late)
    step = next(
        step for row in late if row.indicator == "12.1" for step in row.steps if step.state == "overdue"
    )
    desk = page.session.desk
    from desktop_app.core.operations import recording

    workspace = desk.workspace
    recording.finish_milestone(workspace, step.id, done="2024-06-05", area=city.county)
    june = desk.schedule(Period(2024, 6, 6))
    row = next(row for row in june.rows if (row.indicator, row.area) == ("12.1", city.county))
    made_up = next(found for found in row.steps if found.id == step.id)
    assert (made_up.state, made_up.days_late) == ("late", 5)


def test_a_course_by_steps_changes_what_is_due_and_the_light(at, city, settled):
    page = at("schedule")
    page.area.setCurrentIndex(page.area.findData(city.county))
    row = next(row for row in page.model.shown() if row.indicator == "3.1")
    dialog = CourseDialog(page.session, row, page)
    dialog.curve.setCurrentIndex(dialog.curve.findData("steps"))
    dialog.steps.setPlainText("2024-05-20 90\n2024-09-30 95")
    dialog._save()
    settled()
    changed = next(row for row in page.view.rows if (row.indicator, row.area) == ("3.1", city.county))
    assert float(changed.expected) == 0.9 and changed.light == "yellow"
    assert "滞后：不到应达的 95%" in page.rule.text()


def test_the_notice_s_dates_are_in_the_courses(at):
    page = at("schedule")
    due = {step.due.isoformat()[5:] for row in page.view.rows for step in row.steps}
    assert {"03-31", "04-30", "05-31", "08-31", "09-30", "10-31"} <= due


def test_the_schedule_becomes_a_pdf(at, monkeypatch, tmp_path):
    page = at("schedule")
    answers(monkeypatch, tmp_path / "s.pdf")
    page._save()
    assert (tmp_path / "s.pdf").read_bytes()[:5] == b"%PDF-"


def test_a_schedule_that_cannot_be_written_is_told(at, monkeypatch, tmp_path):
    from desktop_app.ui import errors

    told: list[str] = []
    monkeypatch.setattr(errors.ErrorDialog, "exec", lambda self: told.append(self._help))
    answers(monkeypatch, tmp_path / "none" / "s.pdf")
    at("schedule")._save()
    assert len(told) == 1


# -- the board ---------------------------------------------------------------------------------------------------------


def test_from_a_cell_down_to_a_photo_and_back(at, city):
    page = at("board")
    page._open(12, city.county)
    drill: BoardDrill = page.drill
    drill._unit_level(drill.indicators.current_record())
    assert {line.area for line in drill.units.record_model.records} == {city.town, city.other_town}
    drill._site_level(drill.units.current_record())
    site = next(s for s in drill.sites.record_model.records if s.evidence)
    drill._photo_level(site)
    assert drill.stack.currentWidget() is drill.photos and "1 份佐证" in drill.note.text()
    assert len(drill.path) == 5
    drill._back(1)
    assert drill.stack.currentWidget() is drill.indicators
    drill.close()


def test_a_red_cell_says_why_when_it_is_opened(at, city):
    page = at("board")
    view = page.now
    (no, area) = next(key for key, cell in view.cells.items() if cell.light == "red")
    page._open(no, area)
    assert "没有完成" in page.drill.note.text()
    page.drill.close()


def test_by_lead_and_by_category(at):
    page = at("board")
    page.lead.setCurrentIndex(page.lead.findData("市残联"))
    found = page.board.picture.view.tasks
    assert {10, 11, 12} <= {task.no for task in found} and all("市残联" in task.lead for task in found)
    page.lead.setCurrentIndex(0)
    page.category.setCurrentIndex(page.category.findData("卫生健康"))
    assert [task.no for task in page.board.picture.view.tasks] == [26, 27, 28]
    assert page.board.picture.view.filter == "卫生健康"


def test_a_past_day_is_shown_as_such_and_left_again(at, settled):
    page = at("board")
    page.look_back(day="2024-05-31")
    settled()
    assert page.banner.isVisible() and "2024-05-31" in page.banner_words.text()
    assert page.banner.height() < 60, "the chart needs the room"
    page.come_back()
    assert not page.banner.isVisible() and page.board.picture.view is page.now


def test_behind_a_cell_of_the_past_stand_the_figures_of_then(at, settled, city):
    page = at("board")
    page.session.show_period(Period(2024, 4, 4))
    settled()
    page._open(3, city.county)
    now = {line.indicator: line for line in page.drill.indicators.record_model.records}
    page.drill.close()
    page.look_back(day="2024-04-30")
    settled()
    assert page.past is not None
    page._open(3, city.county)
    then = {line.indicator: line for line in page.drill.indicators.record_model.records}
    assert now.keys() == then.keys() and now["3.1"].said != then["3.1"].said
    page.drill._unit_level(then["3.1"])
    assert {line.light for line in page.drill.units.record_model.records} == {"none"}, "nothing had come yet"
    page.drill.close()
    page.board.go_to((3, city.county))
    page.board._show_card()
    assert set(dict(page.board.card.facts.facts())) == {"完成", "应达"}, "of now nothing is mixed in"


def test_a_cut_off_made_here_is_offered_to_look_back_at(at, monkeypatch, settled):
    from PySide6.QtWidgets import QInputDialog

    page = at("board")
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args, **_more: ("五月会", True))
    page._make_cutoff()
    (known,) = page.session.desk.cutoffs()
    assert known.name == "五月会"
    page.look_back(cutoff=known.key)
    settled()
    assert page.past is not None and page.past.cells == page.now.cells


def test_what_changed_is_listed_in_words(at):
    page = at("board", (1920, 1080))
    page.changes.click()
    from desktop_app.ui.widgets.labels import Label

    words = [label.text() for label in page.list.findChildren(Label)]
    assert any(text.startswith("变差") for text in words) and any(text.startswith("好转") for text in words)


@pytest.mark.parametrize("size", SIZES)
def test_the_full_screen_shows_both_panels_side_by_side(at, size):
    page = at("board")
    page.show_full_screen()
    full = page.full_screen
    full.resize(*size)
    QApplication.processEvents()
    first, second = full.board.picture.panels
    assert first.rect.top() == second.rect.top() and first.rect.right() < second.rect.left()
    full.close()


@pytest.mark.parametrize(
    ("name", "act"),
    [
        ("a3.pdf", lambda page: page._save("pdf", page._draw("A3"))),
        ("a0.pdf", lambda page: page._save("pdf", page._draw("A0"))),
        ("a.png", lambda page: page._save("png", page._draw("A3"))),
        ("a4.pdf", lambda page: page._save("pdf", page._leader)),
        ("phone.png", lambda page: page._save("png", page._leader)),
    ],
)
def test_every_board_product_from_the_screen(at, monkeypatch, tmp_path, name, act):
    page = at("board")
    answers(monkeypatch, tmp_path / name)
    act(page)
    assert (tmp_path / name).read_bytes()[:4] in (b"%PDF", b"\x89PNG")


# -- papers ------------------------------------------------------------------------------------------------------------


def papers(at, settled, part: str):
    page = at("papers")
    page.view.choose(part)
    settled()
    return page, page.part


def test_a_bulletin_is_edited_and_written(at, settled, monkeypatch, tmp_path, qtbot):
    import docx

    page, panel = papers(at, settled, "bulletin")
    lines = panel.draft.lags
    panel._toggle(lines[0])
    panel.lags.go_to(1)
    panel._move(1)
    panel.lags.go_to(1)
    panel.remark.setText("已约谈到人，六月底补齐")
    panel._keep_remark()
    panel.dated.setText("2024年6月8日")
    answers(monkeypatch, tmp_path / "通报.docx")
    qtbot.mouseClick(page.act, Qt.MouseButton.LeftButton)
    settled()
    text = "\n".join(paragraph.text for paragraph in docx.Document(str(tmp_path / "通报.docx")).paragraphs)
    assert f"1.{lines[2].name}“" in text.replace("‘", "").replace("’", "") or f"1.{lines[2].name}" in text
    assert "六月底补齐" in text and "2024年6月8日" in text and "（代拟稿）" in text
    assert (tmp_path / "通报-附件.xlsx").exists()


def test_a_cut_off_is_made_where_the_papers_are_made(at, settled, monkeypatch):
    from PySide6.QtWidgets import QInputDialog

    page, panel = papers(at, settled, "bulletin")
    before = panel.draft
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args, **_more: ("五月通报", True))
    page._choose_cutoff(page.cutoff.count() - 1)
    settled()
    assert page._cutoff() == "五月通报" and panel.draft.cutoff == "五月通报"
    assert panel.draft.lags == before.lags and panel.draft.made != before.made
    assert "五月通报" in panel.note()
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args, **_more: ("", False))
    page._choose_cutoff(page.cutoff.count() - 1)
    assert page._cutoff() == "五月通报", "thinking better of it changes nothing"


def test_areas_that_neither_lead_nor_lag_cannot_be_chosen(at, settled):
    _page, panel = papers(at, settled, "bulletin")
    panel.kind.choose("areas")
    before = panel.draft
    plain = [line for line in before.areas if not line.side]
    for line in plain:
        panel._toggle(line)
    assert panel.draft == before


def test_rankings_tell_rule_and_ask_and_go_by_quarter(at, settled, monkeypatch, tmp_path):
    _page, panel = papers(at, settled, "ranking")
    assert [table.task for table in panel.tables] == [26]
    assert "依据方案原文" in panel.rules.text() and "并列" in panel.rules.text()
    panel.span.choose("quarter")
    settled()
    assert panel.period == Period(2024, 4, 6)
    assert "二季度" in panel.note() or "4" in panel.note()
    answers(monkeypatch, tmp_path / "r.xlsx")
    panel.act()
    assert (tmp_path / "r.xlsx").exists()


def test_where_nobody_asked_for_a_ranking_there_is_none(at, settled, city):
    page = at("papers", unit=city.county)
    page.view.choose("ranking")
    settled()
    assert page.part.stack.currentWidget() is page.part.empty and not page.act.isEnabled()


@pytest.mark.parametrize("ending", ["docx", "pdf", "png"])
def test_a_result_sheet_with_a_photo(at, settled, monkeypatch, tmp_path, ending):
    page, panel = papers(at, settled, "publish")
    panel.task.setCurrentIndex(
        next(n for n in range(panel.task.count()) if panel.task.itemText(n).startswith("12 "))
    )
    panel._show_task()
    settled()
    answers(monkeypatch, tmp_path / f"r.{ending}")
    page.act.click()
    settled()
    assert (tmp_path / f"r.{ending}").stat().st_size > 4000


def test_what_was_published_is_noted(at, settled):
    _page, panel = papers(at, settled, "publish")
    panel.where.setText("市政府网站")
    panel.day.setText("2024-06-20")
    panel._publish()
    noted = [(row.task, row.values["where"], row.values["date"]) for row in panel.session.desk.published()]
    assert (panel.no, "市政府网站", "2024-06-20") in noted


def test_personal_numbers_are_refused_in_what_is_published(at, settled, monkeypatch, tmp_path):
    from desktop_app.ui import errors

    told: list[str] = []
    monkeypatch.setattr(errors.ErrorDialog, "exec", lambda self: told.append(self._help))
    page, panel = papers(at, settled, "publish")
    panel.words.setPlainText("联系人电话 13812345678")
    answers(monkeypatch, tmp_path / "r.docx")
    page.act.click()
    settled()
    assert told and not (tmp_path / "r.docx").exists()


def test_before_december_the_year_is_a_look_ahead(at, settled):
    _page, panel = papers(at, settled, "year")
    assert "全年的数还没报齐，最近一个月是2024年5月" in panel.banner.title()
    panel.view.choose("areas")
    assert all(line.area_name for line in panel.table.record_model.records)


def test_the_archive_is_made_checked_and_a_changed_one_found(at, settled, tmp_path, qtbot):
    _page, panel = papers(at, settled, "year")
    panel.session.desk.workspace.unlock("demo")
    folder = tmp_path / "archive"
    folder.mkdir()
    panel.archive(folder)
    qtbot.waitUntil(lambda: "归档做好了" in panel.banner.title(), timeout=60_000)
    (pack,) = folder.iterdir()
    panel.check_archive(pack)
    qtbot.waitUntil(lambda: panel.banner.title() == "这份归档没有被改动", timeout=30_000)
    journal = pack / "流水" / "journal.jsonl"
    journal.chmod(0o644)
    journal.write_bytes(journal.read_bytes().replace(b'"value":', b'"value" :', 1))
    panel.check_archive(pack)
    qtbot.waitUntil(lambda: "处不对" in panel.banner.title(), timeout=30_000)
    assert "流水" in panel.banner.text()


# -- dispatch ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["docx", "pdf"])
@pytest.mark.parametrize("register", ["orders", "meetings"])
def test_an_order_and_a_meeting_s_pack_from_the_screen(at, settled, monkeypatch, tmp_path, register, ending):
    page = at("dispatch")
    page.show_subject(register)
    assert page.paper.isVisible()
    answers(monkeypatch, tmp_path / f"p.{ending}")
    page.paper.click()
    settled()
    assert (tmp_path / f"p.{ending}").stat().st_size > 4000


def test_other_registers_have_no_paper(at):
    page = at("dispatch")
    page.show_subject("actions")
    assert not page.paper.isVisible()


# -- dialogs -----------------------------------------------------------------------------------------------------------


def test_dialogs_fit_into_a_laptop_at_150_per_cent(at, city, qtbot):
    page = at("divide", (911, 512))
    schedule = page.window().show_page("schedule")
    line = line_of(page, "47.1")
    areas = list(page.model.grid.areas)
    board = page.window().show_page("board")
    made = [
        DivideDialog(line, areas, page, [("o", "市市场监管局")]),
        ReporterDialog(page.session, line, areas, page),
        CourseDialog(page.session, schedule.view.rows[0], schedule),
        BoardDrill(page.session, 12, "x", city.county, "云溪县", board),
    ]
    for dialog in made:
        dialog.show()
        qtbot.wait(20)
        assert dialog.width() <= 911 and dialog.height() <= 512 - 40, type(dialog).__name__
        dialog.close()
