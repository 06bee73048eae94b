"""Sites that are complete and yet stand outside the figure (完成未计入): how many, how much, and what they want."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from desktop_app.core.figures.numbers import show
from desktop_app.core.i18n import _
from desktop_app.core.model.view import IndicatorView
from desktop_app.core.operations import site_list
from desktop_app.core.operations.situation import Situation
from desktop_app.core.operations.workspace import Workspace


class Uncounted(msgspec.Struct, kw_only=True):
    """Of one indicator.  A site that wants several things is in each of their numbers, and once in `sites`."""

    sites: int = 0
    amount: Fraction = Fraction(0)
    evidence: int = 0
    acceptance: int = 0
    stages: int = 0


def uncounted(workspace: Workspace, situation: Situation) -> dict[str, Uncounted]:
    """By indicator, of those that this desk reports itself; an office answers for its own sites alone."""
    own, end = workspace.unit, situation.period.end.isoformat()
    views = [situation.indicator_view(indicator) for indicator in situation.plan.indicators()]
    areas = {
        view.id: set(situation.leaf_areas(view.id, view.area))
        for view in views
        if view.mine and view.basis == "site"
    }
    found: dict[str, Uncounted] = {}
    for head, missing in site_list.waiting(workspace):
        body, wanted = head.body, {lack.what for lack in missing}
        if not missing or "completed" in wanted or body.completed > end:
            continue
        if not own.is_area and head.unit != own.code:
            continue
        for indicator, amount in body.quantities.items():
            if head.owner not in areas.get(indicator, ()):
                continue
            counted = found.setdefault(indicator, Uncounted())
            counted.sites += 1
            counted.amount += Fraction(amount)
            counted.evidence += "evidence" in wanted
            counted.acceptance += "acceptance" in wanted
            counted.stages += "stage" in wanted
    return found


def in_words(view: IndicatorView, left: Uncounted) -> str:
    """3 处（18.111 公里）完成了没计入：缺佐证 2 处、缺验收 1 处."""
    parts = [
        (count, words)
        for count, words in (
            (left.evidence, _("缺佐证")),
            (left.acceptance, _("缺验收")),
            (left.stages, _("环节没填日期")),
        )
        if count
    ]
    if len(parts) == 1:
        why = parts[0][1]
    else:
        why = "、".join(_("{what} {count} 处").format(what=words, count=count) for count, words in parts)
    return _("{count} 处（{amount} {unit}）完成了没计入：{why}").format(
        count=left.sites, amount=show(left.amount, view.decimals), unit=view.unit, why=why
    )
