"""The five steps of a submission."""

from __future__ import annotations

from fractions import Fraction

import pytest

from desktop_app.core.model.entry import Changes
from desktop_app.ui.township import submit_page


@pytest.fixture
def page(open_window, desk):
    return open_window(desk, "submit").pages["submit"]


def repair(page, desk) -> None:
    desk.values["32.1"] = (Fraction(200), None, "", False)
    page.session.write(Changes(kinds=frozenset({"progress"})))


def fill_names(page) -> None:
    page.sign.filled.setText("周桂兰")
    page.sign.checked.setText("赵建国")
    page.sign.responsible.setText("孙明远")
    page.sign.agreed.setChecked(True)


def test_a_hard_error_stops_at_the_check_and_leads_to_the_cell(qtbot, page):
    assert not page.forward.isEnabled()
    with qtbot.waitSignal(page.wanted) as asked:
        page.check.table.action_pressed.emit(page.check.model.records[0], "fix")
    assert asked.args == ["entry", "32.1"]


def test_from_the_check_to_the_result(page, desk, tmp_path, settled):
    repair(page, desk)
    assert page.forward.isEnabled()
    page.go_on()
    assert len(page.preview.model.records) > 30
    page.go_on()
    page.go_on()
    assert page.steps.current == submit_page.SIGN and "请填" in page.sign.words.text()
    fill_names(page)
    page.go_on()
    page.target.set_folder(tmp_path)
    page.target.choices["all"].setChecked(True)
    page.go_on()
    settled()
    assert page.steps.current == submit_page.RESULT
    call = next(call for call in desk.calls if call[0] == "export")
    assert call[1:5] == (tmp_path, "周桂兰", "赵建国", "孙明远") and call[5] == "all"
    assert page.done.code.text() == "7F3K – 92QA – M4TX"
    assert "云溪县" in page.done.words.text()


def test_the_passphrase_is_asked_once(page, desk, tmp_path, settled, monkeypatch):
    from desktop_app.ui.identity.dialogs import PassphraseDialog

    asked = []

    def answer(dialog):
        asked.append(1)
        dialog.field.setText("wrong")
        dialog._accept()
        assert "口令不对" in dialog.words.text()
        dialog.field.setText("demo")
        dialog._accept()
        return dialog.result()

    monkeypatch.setattr(PassphraseDialog, "exec", answer)
    desk.passphrase = "demo"
    repair(page, desk)
    fill_names(page)
    page.steps.go_to(submit_page.TARGET)
    page.target.set_folder(tmp_path)
    page.go_on()
    settled()
    assert asked == [1] and page.steps.current == submit_page.RESULT


def test_cancelling_leaves_everything_as_it_was(qtbot, page, desk, tmp_path, settled):
    repair(page, desk)
    fill_names(page)
    desk.slow = 0.05
    page.steps.go_to(submit_page.TARGET)
    page.target.set_folder(tmp_path)
    page.go_on()
    assert page.job is not None and not page.forward.isEnabled() and page.strip.isVisible()
    page.strip.cancel.click()
    settled()
    assert page.steps.current == submit_page.TARGET and page.job is None and page.result is None
    assert not page.strip.isVisible() and "已取消" in page.window().status.left.text()


def test_by_chat_personal_data_never_goes(page):
    page.target.personal.setChecked(True)
    page.target.chat.click()
    assert not page.target.personal.isChecked() and not page.target.personal.isEnabled()
    assert page.target.size_limit() == 100 * 1024 * 1024
    page.target.limit.setCurrentIndex(2)
    assert page.target.size_limit() == 20 * 1024 * 1024
    page.target.disc.click()
    assert page.target.personal.isEnabled() and page.target.size_limit() == 650 * 1024 * 1024


def test_no_folder_no_export(page, desk):
    repair(page, desk)
    page.steps.go_to(submit_page.TARGET)
    page.target.folder = None
    page.target.other.setChecked(True)
    page.go_on()
    assert "文件夹" in page.target.words.text() and page.job is None
