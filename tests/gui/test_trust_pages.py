"""Keys, certificates, setup packages, taking back and the stamp, on the real widgets."""

from __future__ import annotations

from datetime import date

import pytest
from fake_trust import ASKED, OWN, ROOT, FakeReport, FakeRequest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QPushButton
from test_submit_page import fill_names, repair

from desktop_app.core.model.view import HistoryView
from desktop_app.ui.county import inbox_acts
from desktop_app.ui.county.inbox_model import condition
from desktop_app.ui.county.quarantine_panel import explain
from desktop_app.ui.county.retract_dialog import RetractDialog
from desktop_app.ui.identity.dialogs import PassphraseDialog
from desktop_app.ui.identity.key_card import state_words
from desktop_app.ui.identity.key_dialogs import (
    DoneDialog,
    GrantDialog,
    HandOverDialog,
    SetupPackageDialog,
)


@pytest.fixture
def answer(monkeypatch):
    """answer(SomeDialog, act): `act(dialog)` stands for the person in front of it."""

    def set_up(kind, act) -> list[QDialog]:
        met: list[QDialog] = []

        def run(self) -> int:
            met.append(self)
            act(self)
            return self.result()

        monkeypatch.setattr(kind, "exec", run)
        return met

    return set_up


@pytest.fixture
def chosen(monkeypatch):
    """The file dialogs answer with these."""

    def set_up(file="", folder="") -> None:
        for name in ("getOpenFileName", "getSaveFileName"):
            monkeypatch.setattr(QFileDialog, name, lambda *_a: (str(file), ""))
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a: str(folder))

    return set_up


def say_passphrase(dialog) -> None:
    dialog.field.setText("口令口令口令口令")
    dialog.go.click()


def facts_of(page) -> dict[str, str]:
    return dict(page.keys.facts.facts())


# -- 设置 ------------------------------------------------------------------------------------------------------------


def test_the_key_is_told_in_words():
    today = date(2024, 7, 3)
    assert state_words(FakeReport(state="none"), today)[0] == "没有密钥"
    assert state_words(FakeReport(state="requested"), today)[0].startswith("等证书")
    assert state_words(FakeReport(), today) == ("证书有效至2031年7月1日", "green")
    assert "过期" in state_words(FakeReport(not_after="2024-07-01T00:00:00"), today)[0]
    assert state_words(FakeReport(not_after="2024-08-01T00:00:00"), today)[1] == "amber"


def test_both_fingerprints_are_shown_and_copied(open_window, desk):
    page = open_window(desk, "settings").pages["settings"]
    assert facts_of(page)["本机指纹"] == OWN and facts_of(page)["全市根指纹"] == ROOT
    page.keys.copy_root.click()
    assert QGuiApplication.clipboard().text() == ROOT
    page.keys.copy_own.click()
    assert QGuiApplication.clipboard().text() == OWN
    assert not page.keys.setup.isVisible()


def test_a_request_is_saved_after_the_passphrase(open_window, desk, tmp_path, answer, chosen):
    page = open_window(desk, "settings").pages["settings"]
    answer(PassphraseDialog, say_passphrase)
    told = answer(DoneDialog, lambda dialog: dialog.accept())
    chosen(file=tmp_path / "申请")
    page.keys.request.click()
    assert desk.calls[-1] == ("save_request", tmp_path / "申请.pem", "口令口令口令口令")
    assert told[0].facts.facts()[0] == ("文件", "申请.pem")


def test_installing_refreshes(open_window, desk, tmp_path, answer, chosen):
    desk.report.state = "requested"
    page = open_window(desk, "settings").pages["settings"]
    assert facts_of(page)["状态"].startswith("等证书")
    answer(PassphraseDialog, say_passphrase)
    chosen(file=tmp_path / "证书.pem")
    page.keys.install.click()
    assert desk.calls[-1] == ("install", tmp_path / "证书.pem", "口令口令口令口令")
    assert facts_of(page)["状态"].startswith("证书有效至")
    assert "不用重填" in page.window().status.left.text()


def test_giving_up_the_passphrase_installs_nothing(open_window, desk, tmp_path, answer, chosen):
    page = open_window(desk, "settings").pages["settings"]
    answer(PassphraseDialog, lambda dialog: dialog.reject())
    chosen(file=tmp_path / "证书.pem")
    page.keys.install.click()
    assert not [call for call in desk.calls if call[0] == "install"]


def test_handing_over_wants_two_equal_passphrases(open_window, desk, answer):
    page = open_window(desk, "settings").pages["settings"]
    faults: list[str] = []

    def fill(dialog) -> None:
        dialog.person.setText("刘晓")
        dialog.old.setText("以前的口令")
        dialog.first.setText("新的口令新的口令")
        dialog.second.setText("新的口令")
        dialog.go.click()
        faults.append(dialog.words.text())
        dialog.second.setText("新的口令新的口令")
        dialog.go.click()

    answer(HandOverDialog, fill)
    page.keys.pass_on.click()
    assert faults == ["两遍口令不一样"]
    assert desk.calls[-1] == ("hand_over", "刘晓", "以前的口令", "新的口令新的口令")


def test_a_setup_package_is_written_and_its_digits_shown(open_window, county_desk, tmp_path, answer, settled):
    page = open_window(county_desk, "settings").pages["settings"]

    def fill(dialog) -> None:
        dialog.go.click()
        assert dialog.words.text() == "请先选一个文件夹"
        dialog.unit.setCurrentIndex(1)
        dialog.set_folder(tmp_path)
        dialog.go.click()

    asked = answer(SetupPackageDialog, fill)
    told = answer(DoneDialog, lambda dialog: dialog.accept())
    page.keys.setup.click()
    settled()
    code = asked[0].unit.itemData(1)
    assert county_desk.calls[-1] == ("setup", code, tmp_path)
    assert (tmp_path / f"{county_desk.unit}-setup-{code}.xlsx").exists()
    from desktop_app.ui.widgets.labels import Label

    shown = " ".join(label.text() for label in told[0].findChildren(Label))
    assert "  ".join(ROOT.split()[:4]) in shown and str(tmp_path) in shown


def test_the_city_asks_nobody_for_a_certificate(open_window, city_desk):
    page = open_window(city_desk, "settings").pages["settings"]
    assert not page.keys.request.isVisible() and page.keys.setup.isVisible()


# -- 收件 ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def inbox(open_window, county_desk):
    return open_window(county_desk, "inbox").pages["inbox"]


def unknown(inbox):
    return next(view for view in inbox.model.records if condition(view) == "unknown")


def test_a_wrong_fingerprint_grants_nothing(inbox, county_desk, tmp_path, answer, chosen, settled):
    chosen(folder=tmp_path)
    faults: list[str] = []

    def fill(dialog) -> None:
        dialog.go.click()
        faults.append(dialog.words.text())
        dialog.digits[0].setText("1111 " * 8)
        dialog.passphrase_field.setText("口令口令")
        dialog.go.click()
        faults.append(dialog.words.text())
        dialog.reject()

    answer(GrantDialog, fill)
    inbox.table.action_pressed.emit(unknown(inbox), "action")
    settled()
    assert faults[0].startswith("请填申请表上的密钥指纹") and "不一致，没有签发" in faults[1]
    assert not [call for call in county_desk.calls if call[0] == "grant"]
    assert list(tmp_path.iterdir()) == []


def test_the_digits_of_the_stamped_paper_grant(inbox, county_desk, tmp_path, answer, chosen, settled):
    chosen(folder=tmp_path)

    def fill(dialog) -> None:
        dialog.digits[0].setText(ASKED)
        dialog.passphrase_field.setText("口令口令")
        dialog.go.click()

    met = answer(GrantDialog, fill)
    told = answer(DoneDialog, lambda dialog: dialog.accept())
    inbox.table.action_pressed.emit(unknown(inbox), "action")
    settled()
    written = tmp_path / f"{county_desk.asking[0].code}-{met[0].name}证书.pem"
    assert met[0].name == "竹园乡" and written.exists()
    assert "不用重填" in told[0].words.text()
    assert county_desk.calls[-1][1].name == "竹园乡.xlsx"


def test_two_keys_want_two_fingerprints(qtbot, city_desk, tmp_path, chosen):
    chosen(folder=tmp_path)
    code = city_desk.asking[0].code
    city_desk.asking = [FakeRequest(code), FakeRequest(code, "ca", OWN)]
    dialog = GrantDialog(city_desk, tmp_path / "a.pem", city_desk.asking)
    qtbot.addWidget(dialog)
    dialog.digits[0].setText(ASKED)
    dialog.digits[1].setText(ASKED)
    dialog.passphrase_field.setText("口令")
    dialog.go.click()
    assert dialog.written is None
    dialog.digits[1].setText(OWN)
    dialog.go.click()
    assert dialog.written is not None


def test_the_explanation_of_an_unknown_signer_leads_to_the_certificate(inbox):
    view = unknown(inbox)
    inbox.table.activated_record.emit(view)
    assert inbox.quarantine.certify.isVisible()
    assert "证书" in explain(view)[3][1][0]


def test_taking_back_lists_what_falls_out_and_asks_why(inbox, county_desk, answer):
    view = next(view for view in inbox.model.records if condition(view) == "waiting")
    faults: list[str] = []

    def fill(dialog) -> None:
        dialog.go.click()
        faults.append(dialog.words.text())
        dialog.reason.setText("报错了单位")
        dialog.go.click()

    met = answer(RetractDialog, fill)
    menu = inbox_acts.row_menu(inbox, view)
    action = next(a for a in menu.actions() if a.text() == "撤回这份…")
    assert action.isEnabled()
    action.trigger()
    assert met[0].list.text().splitlines() == county_desk.falls_out
    assert faults == ["请写一句为什么撤回"]
    assert county_desk.calls[-1] == ("retract", view.container, "报错了单位")
    words = [a.text() for a in inbox_acts.row_menu(inbox, unknown(inbox)).actions() if a.isEnabled()]
    assert words == ["查看", "核对并发证书…", "处理过了，不再提醒"]


def test_the_record_of_the_last_merge_is_saved(inbox, county_desk, tmp_path, chosen):
    county_desk.calls.append(("merge",))
    chosen(file=tmp_path / "记录")
    inbox.report.click()
    assert (tmp_path / "记录.xlsx").exists()


def test_the_stamp_has_a_column_that_goes_first(open_window, county_desk):
    from desktop_app.ui.county.inbox_model import stamp_words

    wide = open_window(county_desk, "inbox", (1600, 900)).pages["inbox"]
    number = wide.model.column("stamp")
    assert not wide.table.isColumnHidden(number)
    assert {stamp_words(view) for view in wide.model.records} == {"已收", "未收", "作废"}
    narrow = open_window(county_desk, "inbox", (911, 512)).pages["inbox"]
    assert narrow.table.isColumnHidden(number)


def test_refused_entries_are_named(inbox, county_desk):
    view = next(view for view in inbox.model.records if condition(view) == "refused")
    county_desk.turned_away = [
        HistoryView(
            id="x", kind="progress", subject="progress/1/2024/12.1/2024-06", at="2024-07-03", unit=view.unit,
            unit_name=view.unit_name, operator="", before="", after="17", reason="", counted=False,
            why_not="不归它报", head=True,
        )
    ]  # fmt: skip
    inbox.table.activated_record.emit(view)
    assert "12.1 2024-06 17：不归它报" in inbox.quarantine.what.text()


# -- 盖章件 ----------------------------------------------------------------------------------------------------------


def test_the_stamp_follows_with_one_more_export(open_window, desk, tmp_path, chosen, settled):
    page = open_window(desk, "submit").pages["submit"]
    repair(page, desk)
    page.go_on()
    page.go_on()
    fill_names(page)
    page.go_on()
    page.target.set_folder(tmp_path)
    page.target.choices["none"].setChecked(True)
    page.go_on()
    settled()
    assert not page.done.export.isVisible()
    chosen(file=tmp_path / "盖章.pdf")
    page.done.stamp_wanted.emit()
    assert desk.calls[-1] == ("add_stamp", tmp_path / "盖章.pdf", "2024-06")
    assert "没有送出去" in page.done.next.title() and page.done.export.isVisible()
    assert "校验码不变" in page.window().status.left.text()
    page.done.export.click()
    settled()
    again = [call for call in desk.calls if call[0] == "export"]
    assert len(again) == 2 and again[1][1] == tmp_path and again[1][5] == "new"
    assert not page.done.export.isVisible()


def test_the_first_page_says_that_the_certificate_is_still_missing(desk, open_window) -> None:
    import msgspec

    before = desk.overview
    page = open_window(desk, "home").pages["home"]

    def said() -> str:
        return " ".join(made.text() for made in page.lists[3].findChildren(QPushButton))

    assert "证书" not in said()
    desk.overview = lambda period: msgspec.structs.replace(before(period), certified=False)
    page.refresh()
    assert "还没有证书" in said()
