"""The stage of a piece of evidence: a click opens the list, any other word can be typed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout

from desktop_app.core.model.period import Period
from desktop_app.ui.township.evidence_dialog import USUAL_STAGES, StageBox
from desktop_app.ui.township.site_dialog import SiteDialog


@pytest.fixture
def box(qtbot):
    window = QDialog()
    made = StageBox(["制定方案"], "改造前")
    QVBoxLayout(window).addWidget(made)
    qtbot.addWidget(window)
    window.resize(300, 80)
    window.show()
    yield made


def _open(qtbot, box):
    qtbot.mouseClick(box.words, Qt.MouseButton.LeftButton, pos=box.words.rect().center())
    popup = box.offered.popup()
    assert popup.isVisible()
    return popup


def test_a_click_on_the_word_opens_the_list(qtbot, box):
    popup = _open(qtbot, box)
    offered = [popup.model().index(row, 0).data() for row in range(popup.model().rowCount())]
    assert offered == ["", *USUAL_STAGES, "制定方案"]


def test_a_choice_is_taken_and_told(qtbot, box):
    popup = _open(qtbot, box)
    row = 1 + USUAL_STAGES.index("改造后")
    place = popup.visualRect(popup.model().index(row, 0)).center()
    with qtbot.waitSignal(box.activated):
        qtbot.mouseClick(popup.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert box.currentText() == "改造后" and not popup.isVisible()


def test_typing_goes_on_with_the_list_open(qtbot, box):
    """In place of the word that stood there; the list gives way."""
    popup = _open(qtbot, box)
    qtbot.keyClicks(popup, "3f")
    assert box.currentText() == "3f" and not popup.isVisible()


def test_on_the_page_the_choice_is_saved(qtbot, real_window, settled):
    window = real_window("evidence", Period.parse("2024-05"))
    settled()
    page = window.pages["evidence"]
    desk = window.session.desk
    view = next(view for view in desk.evidence() if view.stage != "改造中")
    page.panel.show_view(view, {}, False)
    page.panel.stage._take("改造中")
    settled()
    assert next(v for v in desk.evidence() if v.subject == view.subject).stage == "改造中"


def test_what_was_never_filled_in_is_not_said_to_be_there(qtbot, real_window):
    """The field for personal data of a site that has none, and of one that has."""
    import msgspec

    desk = real_window("sites").session.desk
    views = [view for task in desk.tasks(Period.parse("2024-05")) for view in task.indicators if view.mine]
    site = next(site for view in views for site in desk.sites(view.id))
    assert not site.sealed

    def hint(of):
        dialog = SiteDialog(of, views, "", 2024, lambda _fields: None)
        qtbot.addWidget(dialog)
        return dialog.personal.placeholderText()

    assert "还在" not in hint(site) and "加密" in hint(site)
    assert "以前填的还在" in hint(msgspec.structs.replace(site, sealed=True))
