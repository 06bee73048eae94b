"""What 上报 and 汇总上报 say before anything is signed: sites the figure goes without, whom one has not heard, and what
differs, with its month."""

from __future__ import annotations

from desktop_app.core.model.period import Period

APRIL, MAY = Period(2024, 4, 4), Period(2024, 5, 5)
COUNTY, TOWN, OTHER = "990101", "990101101", "990101102"


def issues(page) -> dict[str, object]:
    return {issue.name: issue for issue in page.check.model.shown()}


def test_sites_without_photo_or_acceptance_are_told_to_be_outside_the_figure(real_window, qtbot):
    window = real_window("submit", MAY, TOWN)
    page = window.pages["submit"]
    desk = window.session.desk
    sites = [
        site
        for site in desk.sites()
        if site.completed and site.completed <= "2024-05-31" and not site.counts and site.area == TOWN
    ]
    assert sites, "the sample leaves some out"
    told = [issue for issue in page.check.model.shown() if issue.uncounted]
    for issue in told:
        mine = [site for site in sites if issue.indicator in site.quantities]
        assert issue.uncounted == len(mine)
        amount = int(sum(site.quantities[issue.indicator] for site in mine))
        if amount == sum(site.quantities[issue.indicator] for site in mine):
            assert f"{len(mine)} 处（{amount:,} " in issue.text
        assert "完成了没计入：" in issue.text
        assert ("缺佐证" in issue.text) == any("缺佐证" in site.why_not for site in mine)
        assert ("缺验收" in issue.text) == any("验收" in site.why_not for site in mine)
    assert any("缺验收" in issue.text for issue in told), "sites that want an acceptance are listed too"
    number = page.check.model.find(lambda issue: issue.uncounted)
    assert page.check.model.columns[0].text(page.check.model.record(number)) == "没计入"
    whole = sum(issue.uncounted for issue in told)
    assert f"有 {whole} 处完成了的没有计入" in page.check.banner._text.text()
    # 看看 leads to the ledger of that indicator.
    page._fix(told[0])
    assert window.current == "sites"
    assert window.pages["sites"].indicator.currentData() == told[0].indicator


def test_a_county_is_told_whom_it_has_not_heard_before_it_signs(real_window):
    page = real_window("forward", MAY, COUNTY).pages["forward"]
    found = issues(page)
    assert "4 家没有报" in found["没有报"].text and "枫桥镇" in found["没有报"].text
    assert "都通过了" not in page.check.banner.title()
    page.session.show_period(APRIL)
    assert "项还没有审" in issues(page)["没审完"].text


def test_a_difference_is_named_with_its_month_before_signing_and_on_the_first_page(real_window, qtbot):
    """枫桥镇's two computers differ about April; it is May that is going to be signed."""
    window = real_window("submit", MAY, TOWN)
    page = window.pages["submit"]
    [issue] = [one for one in page.check.model.shown() if one.subject == "page/forks"]
    assert issue.level == "soft" and issue.text.startswith("4月 ") and "还没有定" in issue.text
    page._fix(issue)
    assert window.current == "forks"
    qtbot.waitUntil(lambda: window.navigation.buttons["forks"].badge == 1, timeout=5000)
    assert "4月 " in window.navigation.buttons["forks"].toolTip()
    county = real_window("home", MAY, COUNTY)
    words = [item for item in issues_on_home(county.pages["home"]) if item.startswith("4月 ")]
    assert words, "the county's list says the month too"
    submit = county.show_page("forward")
    [issue] = [one for one in submit.check.model.shown() if one.subject == "page/forks"]
    assert issue.text.startswith("枫桥镇 4月 ")


def issues_on_home(home) -> list[str]:
    from PySide6.QtWidgets import QPushButton

    return [button.text() for button in home.lists[2].findChildren(QPushButton)]


def test_the_result_counts_the_figures_as_a_clerk_does(real_window, tmp_path, settled):
    window = real_window("submit", MAY, TOWN)
    page = window.pages["submit"]
    desk = window.session.desk
    desk.unlock("demo")
    own = [view for task in desk.tasks(MAY) for view in task.indicators if view.mine and view.due]
    for field in (page.sign.filled, page.sign.checked, page.sign.responsible):
        field.setText("甲")
    page._export(tmp_path)
    settled()
    rows = {row[0]: row for row in page.done.model.shown()}
    assert rows["本期数据"][1] == f"{len(own)} 项"
    typed = sum(
        view.basis != "site" and view.figure.value is not None and not view.figure.carried for view in own
    )
    sites = sum(view.basis == "site" for view in own)
    assert rows["本期数据"][3].startswith(f"填的 {typed} 项 · 来自台账 {sites} 项")
    assert f"共 {page.result.entries} 条记录" in rows["台账变动"][3]
