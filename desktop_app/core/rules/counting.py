"""When a site, household or case counts (计入): the one rule, asked where sites are summed and where it is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from desktop_app.core.i18n import _
from desktop_app.core.model.bodies import SiteBody
from desktop_app.core.model.forms import is_date
from desktop_app.core.model.plan import Indicator


class Lack(NamedTuple):
    """What a site still wants before it counts; `stage` names the stage where one is not dated."""

    what: Literal["completed", "stage", "evidence", "acceptance"]
    stage: str = ""


def required_stages(body: SiteBody, indicators: Mapping[str, Indicator]) -> tuple[str, ...]:
    """Stages that must be dated, of every indicator the site is for, in the plan's order."""
    known = [indicators[key] for key in sorted(body.quantities) if key in indicators]
    return tuple(dict.fromkeys(stage for indicator in known for stage in indicator.stages))


def needs_evidence(body: SiteBody, indicators: Mapping[str, Indicator]) -> bool:
    return any(key in indicators and indicators[key].evidence_needed for key in body.quantities)


def needs_acceptance(body: SiteBody, indicators: Mapping[str, Indicator]) -> bool:
    return any(key in indicators and indicators[key].acceptance for key in body.quantities)


def _day(body: SiteBody, stage: str) -> str:
    day = body.stages.get(stage, "")
    return day if is_date(day) else ""


def lacks(
    body: SiteBody, indicators: Mapping[str, Indicator], *, proved: bool, accepted: str = ""
) -> tuple[Lack, ...]:
    """What is missing; nothing where the site counts.  `indicators` are the plan's by id, `proved` tells whether a
    piece of evidence stands for it.

    A site counts as a whole: one that is for two indicators must have what either of them wants.  `accepted` is the
    day on which its acceptance was passed.  Another condition is one more Lack here and one more fact beside these.
    """
    found: list[Lack] = []
    if not body.completed:
        found.append(Lack("completed"))
    found += [Lack("stage", stage) for stage in required_stages(body, indicators) if not _day(body, stage)]
    if not proved and needs_evidence(body, indicators):
        found.append(Lack("evidence"))
    if not accepted and needs_acceptance(body, indicators):
        found.append(Lack("acceptance"))
    return tuple(found)


def counts_from(
    body: SiteBody, indicators: Mapping[str, Indicator], *, proved: bool, accepted: str = ""
) -> str:
    """The day from which the site counts: that of its completion, or of a required stage that came later; "" while
    it does not.  Evidence may be added afterwards without moving the day."""
    if body.void or lacks(body, indicators, proved=proved, accepted=accepted):
        return ""
    passed = accepted if needs_acceptance(body, indicators) else ""
    stages = (body.stages[stage] for stage in required_stages(body, indicators))
    return max(body.completed, passed, *stages)


def why_not(missing: tuple[Lack, ...]) -> str:
    """In a clerk's words; "" where nothing is missing."""
    words = []
    if any(lack.what == "completed" for lack in missing):
        words.append(_("还没有完成日期"))
    stages = [lack.stage for lack in missing if lack.what == "stage"]
    if stages:
        words.append(_("没填日期的环节：{stages}").format(stages="、".join(stages)))
    if any(lack.what == "evidence" for lack in missing):
        words.append(_("缺佐证材料"))
    if any(lack.what == "acceptance" for lack in missing):
        words.append(_("还没有验收合格的记录"))
    return _("；").join(words)
