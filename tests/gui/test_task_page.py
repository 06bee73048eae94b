"""The task list and the panel beside it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt


@pytest.fixture
def page(open_window, desk):
    return open_window(desk, "tasks").pages["tasks"]


def test_own_indicators_are_shown_first_and_all_tasks_on_request(page):
    assert page.filter.current == "mine"
    assert all(row.mine for row in page.model.shown())
    page.filter.choose("all")
    assert {row.task.no for row in page.model.shown()} == set(range(1, 51))
    assert page.filter.word("all") == "全部 50"


def test_what_came_back_is_looked_at_first(page):
    assert page.table.current_record().view.returned
    assert "退回" in page.panel.banner.title()
    assert page.panel.banner.isVisible()


def test_filters_narrow_the_list(page):
    page.filter.choose("behind")
    assert page.model.shown() and all(row.light in ("yellow", "red") for row in page.model.shown())
    page.filter.choose("evidence")
    assert {row.view.id for row in page.model.shown()} == {"12.1", "13.1", "18.1", "23.1"}
    page.category.setCurrentIndex(page.category.findText("困难群体救助"))
    page.category.activated.emit(page.category.currentIndex())
    assert {row.view.id for row in page.model.shown()} == {"12.1", "13.1", "18.1"}


def test_a_figure_typed_in_the_panel_is_recorded(qtbot, page, desk):
    page.show_subject("16.1")
    qtbot.waitUntil(lambda: page.panel.title.text().startswith("16"))
    field = page.panel.entry.field
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "36")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert desk.calls[-1][:3] == ("record", "16.1", "36")
    assert "已保存" in page.window().status.left.text()


def test_a_refused_figure_is_explained_under_the_field(qtbot, page, desk):
    page.show_subject("16.1")
    page._show_panel()
    entry = page.panel.entry
    entry.field.setText("abc")
    entry.commit()
    assert entry.words.text() == "这里要填数字" and "16.1" not in desk.values
    entry.field.setText("20")
    entry.commit()
    assert not entry.reason.isHidden()
    entry.reason.setText("核减重复的")
    entry.commit()
    assert desk.values["16.1"][2] == "核减重复的"


def test_site_based_figures_lead_to_the_ledger(qtbot, page):
    page.show_subject("13.1")
    page._show_panel()
    assert page.panel.entry.field.isReadOnly()
    with qtbot.waitSignal(page.wanted) as asked:
        page.panel.entry.to_sites.click()
    assert asked.args == ["sites", "13.1"]


def test_the_list_can_be_sorted_and_comes_back(page):
    column = page.model.column("progress")
    page.model.sort_by(column)
    done = [row.view.done for row in page.model.shown() if row.view.done is not None]
    assert len(done) > 3 and not any(type(row).__name__ == "GroupRow" for row in page.model.rows)
    page.model.sort_by(column)
    page.model.sort_by(column)
    assert any(type(row).__name__ == "GroupRow" for row in page.model.rows)


def test_the_list_can_be_copied_to_excel(qtbot, page):
    from PySide6.QtGui import QGuiApplication

    qtbot.keyClick(page.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("序号\t任务 · 指标")
    assert any(line.startswith("12\t无障碍改造户数\t") for line in lines)


def test_search_finds_by_word_number_and_pinyin(qtbot, page):
    window = page.window()
    for words, expected in (("适老化", "13 "), ("16 ", "16 "), ("flyz", "16 ")):
        window.top.search.setFocus()
        window._search(words)
        texts = [window._finder.list.item(n).text() for n in range(window._finder.list.count())]
        assert any(text.startswith(expected) for text in texts), (words, texts)
    window._search("法律援助案件")
    qtbot.keyClick(window.top.search, Qt.Key.Key_Return)
    assert window.current == "entry"
    assert window.pages["entry"].table.current_view().id == "16.1"
