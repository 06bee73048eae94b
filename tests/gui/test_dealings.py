"""往来: a return's remark stays readable after the township has reported anew, for both sides, in time order with the
figures; and what the office itself wrote beside a returned figure is not covered by the remark."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.model.period import Period
from desktop_app.ui.widgets.labels import Label

MAY = Period(2024, 5, 5)
COUNTY, TOWN = "990101", "990101101"
SUBJECT = f"progress/{TOWN}/2024/3.1/2024-05"
REMARK, OWN = "请附核减名单，核对后重报", "集中招聘会两场"


@pytest.fixture
def world(real_desk, real_window, tmp_path: Path, monkeypatch):
    """The town's window, the county's desk, and `hand_up()`, `hand_down()` between them."""
    monkeypatch.setenv("TAIZHANG_TODAY", "2024-06-12")
    county = real_desk(COUNTY)
    county.unlock("demo")
    window = real_window("entry", MAY, TOWN)
    town = window.session.desk
    town.unlock("demo")

    class World:
        def hand_up(self) -> None:
            out = tmp_path / "up"
            out.mkdir(exist_ok=True)
            known = set(out.glob("*.xlsx"))
            town.export(MAY, out, filled="甲", checked="乙", responsible="丙", progress=lambda *_: None)
            county.merge(sorted(set(out.glob("*.xlsx")) - known), lambda *_: None)

        def hand_down(self) -> None:
            out = tmp_path / "down"
            out.mkdir(exist_ok=True)
            county.answer_units(out, [TOWN], lambda *_: None)
            _rows, changes = town.merge(sorted(out.glob("*.xlsx")), lambda *_: None)
            window.session.write(changes)

    made = World()
    made.window, made.town, made.county = window, town, county
    return made


def words_in(widget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(Label) if not label.isHidden())


def test_the_remark_is_in_the_dealings_after_a_new_report(world, real_window, qtbot):
    town, county = world.town, world.county
    old = int(next(v for t in town.tasks(MAY) for v in t.indicators if v.id == "3.1").figure.value)
    town.record("3.1", str(old + 3), period=MAY, area=TOWN, reason=OWN)
    world.hand_up()
    county.review(SUBJECT, "return", comment=REMARK)
    world.hand_down()

    # The township sees both: what came back and what it had written itself.
    page = world.window.pages["entry"]
    page.table.go_to_indicator("3.1")
    view = page.table.current_view()
    assert view.returned
    hint = page.model.columns[page.model.hint_column].text(view)
    assert REMARK in hint and OWN in hint
    page.panel.show_view(view, *page.model.said(view))
    shown = words_in(page.panel)
    assert f"上级退回：{REMARK}" in shown and f"本单位写的：{OWN}" in shown
    assert "退回" in page.panel.own.text() or page.panel.own.isVisibleTo(page.panel)

    town.record("3.1", str(old + 1), period=MAY, area=TOWN, reason="核减 2 人")
    world.hand_up()
    steps = county.dealings(SUBJECT)
    assert [(step.kind, step.after.split()[0]) for step in steps[:3]] == [
        ("progress", f"{old + 1:,}"),
        ("review", "退回"),
        ("progress", f"{old + 3:,}"),
    ]
    assert (steps[1].reason, steps[1].unit_name) == (REMARK, "云溪县") and steps[1].operator
    assert [step.reason for step in town.dealings(SUBJECT)[:3]] == ["核减 2 人", REMARK, OWN]


def test_the_review_page_shows_them(real_window, city, tmp_path, monkeypatch, qtbot):
    monkeypatch.setenv("TAIZHANG_TODAY", "2024-06-12")
    window = real_window("review", Period(2024, 4, 4), COUNTY)
    page = window.pages["review"]
    page.show_subject(TOWN)
    page.table.go_to(page.items.find(lambda item: item.indicator.id == "3.1"))
    page._show_item()
    page.panel.comment.setPlainText(REMARK)
    page.panel.judge("return")
    page.table.go_to(page.items.find(lambda item: item.indicator.id == "3.1"))
    page._show_item()
    said = words_in(page.panel)
    assert f"退回　{REMARK}" in said and "云溪县" in said
