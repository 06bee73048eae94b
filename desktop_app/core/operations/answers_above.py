"""What the units above have said of this desk's own figures: of a month as a whole, and in a file just taken in."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from desktop_app.core.model.period import Period
from desktop_app.core.operations.situation import Situation
from desktop_app.core.operations.workspace import Workspace


class Judgement(msgspec.Struct, kw_only=True):
    """Figures of this desk's by what stands on them; `waiting` have no word on them as they stand."""

    accepted: int = 0
    approved: int = 0
    returned: int = 0
    waiting: int = 0

    @property
    def said(self) -> int:
        return self.accepted + self.approved + self.returned

    def count(self, verdict: str) -> None:
        if verdict == "accept":
            self.accepted += 1
        elif verdict == "set":
            self.approved += 1
        else:
            self.returned += 1


def of_month(workspace: Workspace, period: Period, situation: Situation | None = None) -> Judgement:
    """Of every figure this desk said for the month; what was carried forward is no word and gets none."""
    situation = situation or Situation(workspace, period)
    found = Judgement()
    for indicator in situation.plan.indicators():
        view = situation.indicator_view(indicator)
        if not (view.mine and view.due) or view.figure.value is None or view.figure.carried:
            continue
        said = [one for one in situation.verdicts_on(view.id, view.area, period.key) if one.current]
        if said:
            found.count(max(said, key=lambda one: one.at).verdict)
        else:
            found.waiting += 1
    return found


def in_subjects(workspace: Workspace, subjects: Iterable[str]) -> Judgement:
    """Of the figures judged by these subjects, as they stand now."""
    found = Judgement()
    for subject in dict.fromkeys(subjects):
        words = subject.split("/")
        if words[0] != "review" or words[1] == workspace.unit_code or "progress" not in words[2:3]:
            continue
        head = workspace.store.ledger.head(subject)
        if head is not None and not head.body.void:
            found.count(head.body.verdict)
    return found
