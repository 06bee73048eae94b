"""Who may say what: a pure function of the entry, its author, the organisation and the duties.

It acts in projection only (law 2): an entry its author had no right to make is kept, not counted, and shown with
the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from desktop_app.core.i18n import N_, _
from desktop_app.core.model.bodies import Body, Duty
from desktop_app.core.model.forms import well_formed
from desktop_app.core.model.unit import Organisation

DutyKey = tuple[str, str, str]
"""(plan, indicator, area)."""


class _Reporters:
    """Who reports, or once reported, for whom.  What is asked is looked up and kept; the cross product of indicators
    and areas, which a duty laid on every area below stands for, is never written out."""

    def __init__(self, organisation: Organisation, duties: Mapping[DutyKey, Duty]) -> None:
        self._organisation = organisation
        self._by_area: dict[str, list[tuple[str, Duty]]] = {}
        self._by_indicator: dict[str, list[tuple[str, Duty]]] = {}
        for (_plan, indicator, area), duty in duties.items():
            self._by_area.setdefault(area, []).append((indicator, duty))
            self._by_indicator.setdefault(indicator, []).append((area, duty))
        self._children: dict[str, frozenset[str]] = {}
        self._in: dict[str, set[str]] = {}
        self._of: dict[tuple[str, str], set[str]] = {}
        self._areas: dict[tuple[str, str], set[str]] = {}

    def _below(self, area: str) -> frozenset[str]:
        if area not in self._children:
            self._children[area] = frozenset(child.code for child in self._organisation.child_areas(area))
        return self._children[area]

    def _above(self, area: str) -> str:
        """The unit whose duties of the sort "each" fall on the area; "" where none does."""
        unit = self._organisation.get(area)
        parent = unit.parent or "" if unit is not None else ""
        return parent if parent and area in self._below(parent) else ""

    def in_area(self, area: str) -> set[str]:
        if area not in self._in:
            found = {unit for _indicator, duty in self._by_area.get(area, ()) for unit in named(duty)}
            if any(duty.each for _indicator, duty in self._by_area.get(self._above(area), ())):
                found.add(area)
            self._in[area] = found
        return self._in[area]

    def of(self, indicator: str, area: str) -> set[str]:
        key = (indicator, area)
        if key not in self._of:
            duties = self._by_indicator.get(indicator, ())
            found = {unit for at, duty in duties if at == area for unit in named(duty)}
            above = self._above(area)
            if above and any(duty.each for at, duty in duties if at == above):
                found.add(area)
            self._of[key] = found
        return self._of[key]

    def areas(self, unit: str, indicator: str) -> set[str]:
        key = (unit, indicator)
        if key not in self._areas:
            duties = self._by_indicator.get(indicator, ())
            found = {area for area, duty in duties if unit in named(duty)}
            above = self._above(unit)
            if above and any(duty.each for area, duty in duties if area == above):
                found.add(unit)
            self._areas[key] = found
        return self._areas[key]


def named(duty: Duty) -> set[str]:
    """Units that a duty names: the reporter, and who was it before."""
    return {unit for unit in (duty.reporter, *duty.earlier.values()) if unit}


class Context:
    """What the right to speak depends on, as it stands now."""

    def __init__(self, city: str, organisation: Organisation, duties: Mapping[DutyKey, Duty]) -> None:
        self.city = city
        self.organisation = organisation
        self.duties = duties
        self._laid: dict[tuple[str, str], Duty] = {}
        self._parents: dict[str, str] = {}
        """Of areas, the unit above ("" where there is none)."""

    @cached_property
    def _reporters(self) -> _Reporters:
        # Only sites ask, and a large county's duties are many.
        return _Reporters(self.organisation, self.duties)

    def duty(self, plan: str, indicator: str, area: str) -> Duty | None:
        """The duty in force for an area: its own, or the one that a unit above lays on each area below it."""
        # Asked for every figure of every package; two look-ups are as quick as remembering the answers, which would be
        # as many as figures.
        own = self.duties.get((plan, indicator, area))
        if own is not None and (own.reporter or own.each):
            return own
        parent = self._parents.get(area)
        if parent is None:
            unit = self.organisation.get(area)
            parent = self._parents[area] = unit.parent or "" if unit is not None and unit.is_area else ""
        upper = self.duties.get((plan, indicator, parent)) if parent else None
        if upper is None or not upper.each:
            return None
        laid = (area, upper.reviewer or parent)
        found = self._laid.get(laid)
        if found is None:
            found = self._laid[laid] = Duty(reporter=laid[0], reviewer=laid[1])
        return found

    def reporters_in(self, area: str) -> set[str]:
        """Units that report, or once reported, anything for an area."""
        return self._reporters.in_area(area)

    def reporters_of(self, indicator: str, area: str) -> set[str]:
        """Units that report, or once reported, this indicator for the area."""
        return self._reporters.of(indicator, area)

    def areas_reported_by(self, unit: str, indicator: str) -> set[str]:
        """Areas for which a unit reports, or once reported, the indicator."""
        return self._reporters.areas(unit, indicator)

    def above(self, upper: str, lower: str) -> bool:
        return self.organisation.is_above(upper, lower)

    def serves(self, unit: str, area: str) -> bool:
        """Whether the unit works for the area: it is the area, its office, or reports something there."""
        return unit == area or unit in self.reporters_in(area) or self.organisation.home_area(unit) == area


WHY = {
    "author": N_("署名单位与签名单位不符"),
    "retracted": N_("带来它的文件已撤回"),
    "signer": N_("签名证书当时已被吊销或不属于该单位"),
    "expired": N_("签名时间晚于证书的有效期，要换发证书后重新导出"),
    "unit": N_("单位不在组织机构表里"),
    "form": N_("编号、数字或日期的写法本机版本读不懂"),
    "reporter": N_("不是这项指标的填报单位"),
    "area": N_("不是本地区的单位"),
    "owner": N_("只有本单位或上级能填"),
    "reviewer": N_("不是它的审核单位或上级"),
    "city": N_("只有市级牵头单位能定"),
    "self": N_("只能以本单位名义写"),
    "proxy": N_("上级代录没有注明"),
}

NOT_ENTITLED = frozenset(WHY) - {"author", "retracted", "signer", "expired"}
"""Reasons that lie in what is said and by whom, and not in how it came here."""


def why(key: str) -> str:
    """The reason in the reader's words."""
    return _(WHY.get(key, key))


def refusal(context: Context, kind: str, subject: str, author: str, body: Body, period: str = "") -> str:
    """ "" when the author may say it, else a key of WHY.

    `subject` must already fit the kind.  Kinds this version does not know are never asked about.
    """
    words = subject.split("/")
    owner = words[1] if len(words) > 1 else ""
    if author != context.city and author not in context.organisation.units:
        return "unit"
    if not well_formed(kind, words, body):
        return "form"
    check = _RULES.get(kind)
    return check(context, words, owner, author, body) if check else ""


def _city(context: Context, words: list[str], owner: str, author: str, body: Body) -> str:
    return "" if author == context.city else "city"


def _unit(context: Context, words: list[str], owner: str, author: str, body: Any) -> str:
    """The city; a unit that is there, for units below itself, but never for one that stands elsewhere in the tree."""
    if author == context.city:
        return ""
    if owner in context.organisation and not context.above(author, owner):
        return "city"
    return "" if body.parent == author or context.above(author, body.parent or "") else "city"


def _setting(context: Context, words: list[str], owner: str, author: str, body: Body) -> str:
    return "" if author == owner else "self"


def _share(context: Context, words: list[str], owner: str, author: str, body: Body) -> str:
    return "" if author == context.city or context.above(author, owner) else "reviewer"


def _duty(context: Context, words: list[str], owner: str, author: str, body: Body) -> str:
    return "" if author in (owner, context.city) or context.above(author, owner) else "owner"


def _speaks_for(context: Context, rightful: str | None, author: str, body: Body) -> str:
    """The reporting unit itself, or a unit above it that says so (代录)."""
    if rightful is not None and author == rightful:
        return ""
    if rightful is not None and context.above(author, rightful):
        return "" if body.proxy else "proxy"
    return "reporter"


def _progress(context: Context, words: list[str], owner: str, author: str, body: Body) -> str:
    if len(words) != 5:
        return "reporter"
    duty = context.duty(words[2], words[3], owner)
    if duty is not None and not duty.since and duty.reporter == author:
        return ""  # Nearly always: nobody else has ever reported it.
    return _speaks_for(context, duty.reporter_at(words[4]) if duty else None, author, body)


def _site(context: Context, words: list[str], owner: str, author: str, body: Any) -> str:
    """A unit that reports in the area.  Which of the site's indicators count is settled where they are counted."""
    reporters = context.reporters_in(owner)
    if author in reporters:
        return ""
    if any(context.above(author, unit) for unit in reporters):
        return "" if body.proxy else "proxy"
    return "reporter"


def _in_area(context: Context, words: list[str], owner: str, author: str, body: Body) -> str:
    return "" if context.serves(author, owner) or context.above(author, owner) else "area"


def _answer(context: Context, words: list[str], owner: str, author: str, body: Body) -> str:
    """In its own name alone, and only where it has to do with the area: above or below it, in it, or an office of a
    government above it (a lead department)."""
    if author != owner:
        return "self"
    area = words[3]
    organisation = context.organisation
    near = {area, *organisation.above(area)}
    if organisation.home_area(author) in near or context.above(area, author):
        return ""
    return "" if context.serves(author, area) else "area"


def _own(context: Context, words: list[str], owner: str, author: str, body: Body) -> str:
    return _speaks_for(context, owner, author, body)


def _self(context: Context, words: list[str], owner: str, author: str, body: Body) -> str:
    return "" if author == owner else "self"


def _review(context: Context, words: list[str], owner: str, author: str, body: Body) -> str:
    """The reviewing unit named by the duty, or a unit above the reporting one; a government also reviews the
    territory it holds when one of its own offices reports for it."""
    if author != owner:
        return "self"
    about = words[2:]
    if len(about) < 2:
        return "reviewer"
    target = about[1]
    if about[0] == "progress" and len(about) == 5:
        duty = context.duty(about[2], about[3], target)
        reporter = duty.reporter_at(about[4]) if duty else None
        if duty and author == duty.reviewer:
            return ""
        if reporter is not None:
            return "" if context.above(author, reporter) else "reviewer"
    return "" if context.above(author, target) else "reviewer"


_RULES = {
    "plan": _city,
    "root": _city,
    "unit": _unit,
    "setting": _setting,
    "allocation": _share,
    "duty": _duty,
    "progress": _progress,
    "site": _site,
    "milestone": _in_area,
    "problem": _in_area,
    "fund": _in_area,
    "record": _in_area,
    "answer": _answer,
    "evidence": _own,
    "submission": _own,
    "review": _review,
    "receipt": _self,
    "closing": _self,
    "revocation": _self,
    "retraction": _self,
    "erasure": _self,
    "schedule": _duty,
    "cutoff": _self,
}
