"""缺报 says what is so: before the day nobody has failed, what was entered for a unit is not missing, and the reminder
names both the day and the last moment."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication, QImage

from desktop_app.core.model.period import Period
from desktop_app.ui.county.missing_page import mood, state_words

MAY = Period(2024, 5, 5)
COUNTY, TOWN, OTHER = "990101", "990101101", "990101102"


@pytest.fixture
def page(real_window, monkeypatch: pytest.MonkeyPatch):
    """page(day) → the county's 缺报 for May on that day."""

    def opened(day: str):
        monkeypatch.setenv("TAIZHANG_TODAY", day)
        return real_window("missing", MAY, COUNTY).pages["missing"]

    return opened


def line_of(page, unit: str):
    return next(line for line in page.model.records if line.unit == unit)


def enter_for(desk, unit: str, tmp_path: Path) -> None:
    picture = tmp_path / "原件.png"
    QImage(30, 20, QImage.Format.Format_RGB32).save(str(picture))
    desk.keep_source(unit, MAY, [picture])
    view = next(view for view in desk.proxy_items(unit, MAY) if view.id == "1.1")
    source = desk.proxy_sources(unit, MAY)[0].sha256
    more = str(int(view.previous.value) + 1)
    desk.record_for(unit, "1.1", more, period=MAY, area=view.area, source=source)


def test_before_the_day_it_is_not_yet_and_not_red(page):
    missing = page("2024-06-03")
    line = line_of(missing, OTHER)
    assert state_words(line) == "还没报" and mood(line) == "plain"
    assert missing.filter._buttons["missing"].text().startswith("还没报 ")


def test_after_the_day_it_is_missing(page):
    missing = page("2024-06-12")
    line = line_of(missing, OTHER)
    assert state_words(line) == "没有报" and mood(line) == "bad" and line.days_late == 7
    assert line.detail == "上次报的是4月"
    assert missing.filter._buttons["missing"].text().startswith("没有报 ")


def test_what_was_entered_for_a_unit_is_called_so(page, tmp_path):
    missing = page("2024-06-12")
    desk = missing.session.desk
    desk.unlock("demo")
    enter_for(desk, OTHER, tmp_path)
    missing.refresh()
    assert "原件已放，代录还没有记完" in line_of(missing, OTHER).detail
    desk.finish_proxy(OTHER, MAY)
    missing.refresh()
    line = line_of(missing, OTHER)
    assert state_words(line) == "已代录" and mood(line) == "info"
    assert line.state == "late" and line.days_late == 7, "late it was all the same"
    assert "石门镇（7 天，代录）" in missing.panel.late.text()
    assert "盖章确认" in line.detail and "自己报来" in line.detail, "it is said what is still to come"
    assert "石门镇" in missing.panel.entered.text() and missing.panel.entered.isVisible()
    assert "石门镇" not in missing.panel.words.toPlainText()
    missing.filter.choose("entered")
    missing._apply()
    assert [line.unit for line in missing.model.shown()] == [OTHER]
    # Confirmed on stamped paper, nothing more is to come.
    stamped = tmp_path / "盖章.png"
    QImage(31, 20, QImage.Format.Format_RGB32).save(str(stamped))
    desk.confirm_proxy(OTHER, MAY, [stamped])
    missing.refresh()
    line = line_of(missing, OTHER)
    assert state_words(line) == "代录，已确认" and "不用再报" in line.detail
    assert not missing.panel.entered.isVisible()


@pytest.mark.parametrize(
    ("day", "last"), [("2024-06-03", "最晚于6月5日下班前"), ("2024-06-12", "最晚于6月14日12时前")]
)
def test_the_reminder_holds_the_day_and_the_last_moment(page, day, last):
    missing = page(day)
    missing.remind.click()
    words = QGuiApplication.clipboard().text()
    assert "报送日为6月5日" in words and last in words and "枫桥镇" in words


def test_who_was_given_more_time_is_told_that_day(page):
    missing = page("2024-06-12")
    desk = missing.session.desk
    desk.extend(OTHER, MAY, "2024-06-20", "换了经办人")
    assert "已给宽限的：石门镇最晚6月20日。" in desk.reminder(MAY)


def test_the_command_line_says_代录_too(taizhang, page, tmp_path):
    missing = page("2024-06-12")
    desk = missing.session.desk
    enter_for(desk, OTHER, tmp_path)
    desk.finish_proxy(OTHER, MAY)
    answer = taizhang("missing", "--period", "2024-05", at=desk.workspace.root)
    (line,) = [line for line in answer.out.splitlines() if "石门镇" in line and OTHER in line]
    assert "代录" in line and "未报" not in line and "迟" not in line


def test_the_command_line_counts_what_was_left_empty(taizhang, real_desk, tmp_path, monkeypatch):
    monkeypatch.setenv("TAIZHANG_TODAY", "2024-06-12")
    desk = real_desk(COUNTY)
    enter_for(desk, OTHER, tmp_path)
    desk.close()
    answer = taizhang("--json", "proxy", "finish", OTHER, "--period", "2024-05", at=desk.workspace.root)
    assert answer.json["left"] == answer.json["cells"] - 1 > 0
