"""A receipt that accepts everything says so, and so does the township's first page; one with returns counts both."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.model.period import Period
from desktop_app.ui.township import receiving

MAY = Period(2024, 5, 5)
COUNTY, TOWN = "990101", "990101101"
SUBJECT = f"progress/{TOWN}/2024/3.1/2024-05"


@pytest.fixture
def world(real_desk, real_window, tmp_path: Path, monkeypatch, settled):
    """The town's first page and the county that has May of it; `answered()` hands a receipt down: its words."""
    monkeypatch.setenv("TAIZHANG_TODAY", "2024-06-12")
    county = real_desk(COUNTY)
    county.unlock("demo")
    window = real_window("home", MAY, TOWN)
    town = window.session.desk
    town.unlock("demo")
    up, down = tmp_path / "up", tmp_path / "down"
    up.mkdir()
    down.mkdir()
    town.export(MAY, up, filled="甲", checked="乙", responsible="丙", progress=lambda *_: None)
    county.merge(sorted(up.glob("*.xlsx")), lambda *_: None)
    said: list[str] = []
    window.session.told.connect(said.append)

    class World:
        def accept_all(self) -> int:
            for item in county.review_items(TOWN, MAY):
                if item.verdict == "waiting" and not item.indicator.figure.carried:
                    county.review(item.subject, "accept")
            return sum(item.verdict == "accept" for item in county.review_items(TOWN, MAY))

        def answered(self) -> str:
            known = set(down.glob("*.xlsx"))
            county.answer_units(down, [TOWN], lambda *_: None)
            receiving.take_in(window.session, sorted(set(down.glob("*.xlsx")) - known))
            settled()
            return said[-1]

        def sent(self) -> str:
            from desktop_app.ui.widgets.labels import ElidedLabel

            home = window.pages["home"]
            return " | ".join(label.text() for label in home.lists[3].findChildren(ElidedLabel))

    made = World()
    made.window, made.county = window, county
    return made


def test_all_accepted_is_said_in_so_many_words(world):
    count = world.accept_all()
    words = world.answered()
    assert words.endswith(f"：全部接受，{count} 项") and "对应的格旁边" not in words
    assert "云溪县已接收 · 已审完：全部接受" in world.sent()


def test_a_receipt_alone_tells_of_no_verdict(world):
    words = world.answered()
    assert words.endswith("没有审核意见")
    assert "云溪县已接收" in world.sent() and "已审完" not in world.sent()


def test_returns_are_counted_beside_what_was_accepted(world):
    count = world.accept_all()
    world.county.review(SUBJECT, "return", comment="请核对")
    words = world.answered()
    assert f"：退回 1 项、接受 {count - 1} 项，意见在对应的格旁边" in words
    assert "已审完：退回 1 项" in world.sent()
    assert "有 1 项被退回" in world.window.pages["home"].step_title.text()
