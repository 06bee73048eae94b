"""Everything the keyboard reaches on a reporting desk has a name that a screen reader can say."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractScrollArea, QScrollArea, QWidget

from desktop_app.core.model.period import Period
from desktop_app.ui.township.evidence_dialog import AboutDialog, PiecesDialog
from desktop_app.ui.township.site_dialog import ManyDialog

MAY = Period(2024, 5, 5)
PAGES = ("home", "tasks", "entry", "sites", "evidence", "problems", "submit", "settings")


def nameless(root: QWidget) -> list[str]:
    """Widgets that take the focus and have nothing to say."""
    found = []
    for widget in root.findChildren(QWidget):
        reached = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisibleTo(root)
        if not reached or widget.focusProxy() is not None or isinstance(widget, QScrollArea):
            continue
        if isinstance(widget.parent(), QAbstractScrollArea):
            continue
        # A line inside a box speaks with the box's name.
        owner = (
            widget.parent()
            if widget.inherits("QLineEdit") and widget.parent().inherits("QComboBox")
            else widget
        )
        spoken = QAccessible.queryAccessibleInterface(owner).text(QAccessible.Text.Name)
        if not spoken.strip():
            found.append(f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}")
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_page(real_window, page, settled):
    window = real_window(page, MAY)
    settled()
    assert nameless(window) == []


def test_every_step_of_the_submission(real_window, settled):
    page = real_window("submit", MAY).pages["submit"]
    for step in range(5):
        page.steps.go_to(step)
        page._show_step()
        settled()
        assert nameless(page) == [], step


def test_the_forms(qtbot, real_window, settled):
    window = real_window("sites", MAY)
    sites = window.pages["sites"]
    problems = window.show_page("problems")
    forms = [
        sites.form(None),
        ManyDialog(sites.model.records[:2], ["系统录入"], 2024, None),
        AboutDialog({"12.1": "12 无障碍改造户数"}, []),
        PiecesDialog(2, "", []),
        problems.form(None),
        problems.answer_form(problems.model.records[0]),
        problems.close_form(problems.model.records[0], []),
    ]
    for form in forms:
        qtbot.addWidget(form)
        form.show()
        assert nameless(form) == [], form.windowTitle()
