"""写一条更正 where there is nothing to correct: the dialog says why instead of staying grey."""

from __future__ import annotations

from desktop_app.core.model.period import Period
from desktop_app.ui.county.closing_dialogs import CorrectionDialog


def test_a_county_is_told_who_corrects(qtbot, real_window) -> None:
    window = real_window("closing", unit="990101")
    dialog = CorrectionDialog(window.session, window)
    qtbot.addWidget(dialog)
    assert not dialog.go.isEnabled() and "填报的单位" in dialog.words.text()


def test_before_the_first_closed_month_there_is_the_grid(qtbot, real_window) -> None:
    window = real_window("closing", Period.parse("2024-04"))
    dialog = CorrectionDialog(window.session, window)
    qtbot.addWidget(dialog)
    assert not dialog.go.isEnabled() and "填报" in dialog.words.text()


def test_a_township_with_a_closed_month_may_begin(qtbot, real_window) -> None:
    window = real_window("closing", Period.parse("2024-05"))
    dialog = CorrectionDialog(window.session, window)
    qtbot.addWidget(dialog)
    assert dialog.go.isEnabled() and dialog.words.text() == ""
