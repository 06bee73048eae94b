"""Which pages a desk has.  The workspace's own unit answers; pages are imported when they are first shown."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from desktop_app.core.i18n import _

if TYPE_CHECKING:
    from desktop_app.core.model.view import Overview
    from desktop_app.ui.session import Session
    from desktop_app.ui.widgets.page import Page


class Place(NamedTuple):
    """An entry of the navigation: `where` is module and class below desktop_app.ui."""

    key: str
    word: str
    icon: str
    where: str

    def open(self, session: Session) -> Page:
        module, name = self.where.split(":")
        page = getattr(import_module(f"desktop_app.ui.{module}"), name)(session)
        page.setAccessibleName(self.word)
        return page


def _places() -> dict[str, Place]:
    return {
        place.key: place
        for place in (
            Place("home", _("首页"), "home", "township.home_page:HomePage"),
            Place("tasks", _("任务"), "list-checks", "township.task_page:TaskPage"),
            Place("entry", _("填报"), "writing", "township.entry_page:EntryPage"),
            Place("sites", _("台账"), "table", "township.site_page:SitePage"),
            Place("evidence", _("佐证"), "photo", "township.evidence_page:EvidencePage"),
            Place("problems", _("问题"), "alert-circle", "township.problem_page:ProblemPage"),
            Place("submit", _("上报"), "send", "township.submit_page:SubmitPage"),
            Place("inbox", _("收件"), "inbox", "county.inbox_page:InboxPage"),
            Place("review", _("审核"), "progress-check", "county.review_page:ReviewPage"),
            Place("forks", _("不一致"), "git-compare", "county.fork_page:ForkPage"),
            Place("shares", _("分解"), "sitemap", "county.share_page:SharePage"),
            Place("proxy", _("代录"), "forms", "county.proxy_page:ProxyPage"),
            Place("closing", _("期限更正"), "calendar", "county.closing_page:ClosingPage"),
            Place("divide", _("分解"), "sitemap", "city.divide_page:DividePage"),
            Place("missing", _("缺报"), "clock", "county.missing_page:MissingPage"),
            Place("forward", _("汇总上报"), "send", "township.submit_page:SubmitPage"),
            Place("board", _("挂图"), "layout-grid", "city.board_page:BoardPage"),
            Place("schedule", _("倒排"), "calendar-time", "city.schedule_page:SchedulePage"),
            Place("papers", _("通报"), "report", "city.papers_page:PapersPage"),
            Place("registers", _("台账册"), "clipboard", "records.register_page:RegisterPage"),
            Place("dispatch", _("调度"), "message-dots", "city.dispatch_page:DispatchPapersPage"),
            Place("money", _("资金"), "coin", "records.money_page:MoneyPage"),
            Place("plan", _("方案"), "file-text", "city.plan_page:PlanPage"),
            Place("settings", _("设置"), "settings", "frame.settings_page:SettingsPage"),
        )
    }


REPORTING = (
    "home",
    "tasks",
    "entry",
    "sites",
    "evidence",
    "problems",
    "registers",
    "submit",
    "closing",
    "forks",
)
"""不一致 stands there only while there is one (`main_window`): two computers of one office may differ."""
DEPARTMENT = (
    "home",
    "tasks",
    "entry",
    "sites",
    "evidence",
    "review",
    "problems",
    "registers",
    "money",
    "submit",
    "closing",
    "forks",
)
"""A lead department or a bureau: it reports, reviews its own line where it is named for that, and answers."""
COUNTY = (
    "home",
    "inbox",
    "proxy",
    "review",
    "forks",
    "shares",
    "missing",
    "problems",
    "dispatch",
    "papers",
    "registers",
    "money",
    "forward",
    "closing",
    "plan",
)
CITY = (
    "home",
    "board",
    "plan",
    "inbox",
    "review",
    "forks",
    "divide",
    "schedule",
    "papers",
    "problems",
    "dispatch",
    "registers",
    "money",
    "closing",
)


def places_for(overview: Overview) -> list[Place]:
    """Only what this desk needs; 设置 is always the last."""
    governs = overview.kind in ("government", "street", "park")
    if overview.level == "city" and governs:
        keys: tuple[str, ...] = CITY
    elif overview.level == "county" and governs:
        keys = COUNTY
    elif overview.kind == "department":
        keys = DEPARTMENT if overview.reviews else tuple(key for key in DEPARTMENT if key != "review")
    else:
        keys = REPORTING
    known = _places()
    return [known[key] for key in (*keys, "settings")]
