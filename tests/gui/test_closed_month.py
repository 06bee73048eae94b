"""A desk opens on the month to be worked on; a month that is closed says so on every page that would count its days."""

from __future__ import annotations

import re

from desktop_app.core.model.period import Period

APRIL, MAY = Period(2024, 4, 4), Period(2024, 5, 5)
COUNTY, TOWN = "990101", "990101101"


def test_a_county_whose_latest_month_is_closed_begins_with_the_next(real_window):
    """The sample's April is reported, answered and closed: its clock stands in June, as the townships' does."""
    window = real_window("home", unit=COUNTY)
    desk = window.session.desk
    assert desk.closed(APRIL) is not None
    assert (window.session.period, desk.today().isoformat()) == (MAY, "2024-06-03")
    home = window.pages["home"]
    assert "报送日 6月5日" in home.count.text() and "还有 2 天" in home.count.text()
    assert window.top.period.currentText() == "2024年5月"
    town = real_window("home", unit=TOWN)
    assert town.session.period == MAY and town.session.desk.today() == desk.today(), "one clock for all"


def test_home_and_review_of_a_closed_month_say_so(real_window):
    window = real_window("home", APRIL, COUNTY)
    home = window.pages["home"]
    assert re.fullmatch(r"2024年4月 · 已封账（5月\d日）", home.count.text())
    assert "还有" not in home.count.text()
    review = window.show_page("review")
    assert review.count.text().startswith("已封账（5月")
    inbox = window.show_page("inbox")
    assert inbox.count.text().startswith("已封账（5月")
    window.session.show_period(MAY)
    assert "已封账" not in inbox.count.text()
    window.show_page("home")
    assert "报送日 6月5日" in home.count.text()


def test_after_closing_the_sample_s_clock_goes_on_to_the_next_month(real_desk):
    desk = real_desk(COUNTY)
    desk.close_period(MAY)
    assert desk.today().isoformat() == "2024-07-03"
    assert desk.periods()[0] == Period(2024, 6, 6)
    desk.close_period(MAY, reopen=True, note="漏收一家")
    assert desk.today().isoformat() == "2024-06-03" and desk.periods()[0] == MAY


def closing_question(real_window, monkeypatch, period: Period = MAY):
    """The dialog that 封账… of a month brings, given up at once."""
    from desktop_app.ui.county.closing_dialogs import CloseDialog

    asked: list[CloseDialog] = []

    def look(dialog: CloseDialog) -> int:
        dialog.show()
        asked.append(dialog)
        return 0

    monkeypatch.setattr(CloseDialog, "exec", look)
    window = real_window("closing", period, COUNTY)
    page = window.pages["closing"]
    month = next(month for month in page.months.records if month.period == period.key)
    page.months_table.action_pressed.emit(month, "action")
    [dialog] = asked
    return dialog


def test_closing_names_who_has_not_reported(real_window, monkeypatch):
    dialog = closing_question(real_window, monkeypatch)
    said = [label.text() for label in dialog.matters]
    assert said[0].startswith("还有 4 家没有报：")
    assert all(name in said[0] for name in ("枫桥镇", "石门镇", "县住建局", "县民政局"))
    assert not any("不一致" in line for line in said), "what differs is April's"


def test_closing_says_what_nobody_has_judged_and_what_differs(real_window, monkeypatch):
    monkeypatch.setenv("TAIZHANG_TODAY", "2024-05-10")
    from desktop_app.core.operations import closing

    # April as it was before it was closed.
    monkeypatch.setattr(closing, "closed", lambda *_args: None)
    monkeypatch.setattr(closing, "stated", lambda *_args: None)
    dialog = closing_question(real_window, monkeypatch, APRIL)
    said = "\n".join(label.text() for label in dialog.matters)
    assert "还有 1 处不一致没有定：枫桥镇 " in said
    assert "没有审" in said and "没有报" not in said


def test_many_units_are_not_all_named():
    from desktop_app.ui.county.closing_dialogs import names_of

    assert names_of(["甲", "乙"]) == "甲、乙"
    assert names_of([str(number) for number in range(30)]) == "0、1、2、3、4、5等 30 家"


def test_the_first_step_of_a_closed_month_is_not_to_fill_it_in(real_window):
    window = real_window("home", APRIL, "990101001")
    home = window.pages["home"]
    assert home.step_title.text() == "4月已封账" and "更正" in home.step_words.text()
    home.next.click()
    assert window.current == "closing"


def test_a_county_s_closed_month_names_who_never_reported(real_window):
    window = real_window("home", MAY, COUNTY)
    desk, home = window.session.desk, window.pages["home"]
    for fork in desk.forks():
        # What differs comes before everything else.
        side = fork.sides[0].id
        window.session.attempt(
            lambda desk, fork=fork, side=side: desk.settle(fork.subject, keep=side, reason="核实")
        )
    window.session.attempt(lambda desk: desk.close_period(MAY))
    assert home.step_title.text() == "5月已封账，4 家没有报"
    assert "枫桥镇" in home.step_words.text() and "沿用上一期" in home.step_words.text()
