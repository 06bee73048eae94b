"""The typed body of each kind of entry.

Counts are integers; measured quantities and money are decimal strings; no binary floats.  Unknown fields of a
newer version stay in the line and are ignored here.  Every body may carry `void` (作废) with a `reason`: that is
how something is deleted.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from desktop_app.core.model.period import end_month

Number = int | str
"""A whole number, or a decimal string such as "3.8"."""


class Body(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    void: bool = False
    reason: str = ""
    proxy: bool = False
    """Entered by a unit above for the reporting unit (代录); `source` names the file it came from."""
    source: str = ""
    """SHA-256 of the source file of a proxy entry."""


class PlanBody(Body):
    """The adopted plan; `plan` is the whole of it as plan.Plan's JSON."""

    plan: msgspec.Raw


class UnitBody(Body):
    name: str
    level: str
    kind: str = "government"
    parent: str | None = None
    phone: str = ""
    active: bool = True


class SettingBody(Body):
    """`value` by name: tolerance_percent, lag_percent, due_day, cutoff_day, holidays …"""

    value: msgspec.Raw


class Allocation(Body):
    """An area's share of an indicator (份额), with the document it rests on."""

    value: Number | None = None
    document: str = ""
    effective: str = ""
    """The day from which it holds; "" from the beginning."""
    earlier: dict[str, Number] = {}
    """Former values by the day from which they held, so that what was asked then is judged by what held then."""

    def value_on(self, day: str) -> Number | None:
        """What holds on a day (2024-06-30)."""
        if not day or day >= self.effective:
            return self.value
        before = [since for since in self.earlier if since <= day]
        return self.earlier[max(before)] if before else self.value


class Duty(Body):
    """Who reports an indicator for an area (填报单位), and who reviews it (审核单位).

    An area without a duty of its own, below one that says `each`, reports for itself.
    """

    reporter: str | None = None
    reviewer: str | None = None
    each: bool = False
    """Instead of one reporter: every area directly below reports for itself (各自填报)."""
    since: str = ""
    """The first period of the present reporting unit; "" from the beginning."""
    earlier: dict[str, str] = {}
    """Former reporting units by their first period, so that what they said in their time still counts."""
    document: str = ""
    """The document the naming rests on (依据文号)."""

    def reporter_at(self, period: str) -> str | None:
        """Who reports for a period (2024-06, 2024-Q2 …): the present unit, or the one at the time of its last month."""
        month = end_month(period)
        if not month or month >= self.since:
            return self.reporter
        before = [since for since in self.earlier if since <= month]
        return self.earlier[max(before)] if before else self.reporter


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What one village or station said of a figure that is the sum of such parts (按村汇总).

    `source` is the SHA-256 of the workbook it came in, `period` the period it was said for where that is an earlier
    one of the year (沿用), as 2024-05.
    """

    value: Number
    of: Number | None = None
    source: str = ""
    period: str = ""


class ProgressBody(Body):
    """A running total (flow) or end value (stock); of a rate the numerator, with `of` its denominator."""

    value: Number
    of: Number | None = None
    note: str = ""
    same: bool = False
    """Entered as 本期无变化."""
    corrects: dict[str, Number] = {}
    """Periods that were closed, each with the figure that should have been said for it (更正); `reason` tells why."""
    corrects_of: dict[str, Number] = {}
    """Of a rate, the denominators that belong to `corrects`."""
    parts: dict[str, Part] = {}
    """By the name of a village or station: what the figure is the sum of, where it was summed (`value` and `of` are
    exactly the sums)."""


class SiteBody(Body):
    """A site, household or case.  `quantities` by indicator; when it counts says `rules/counting.py`.

    `name` and `place` must hold nothing personal: names and the like stand in the sealed record `sealed`.
    """

    name: str
    quantities: dict[str, Number]
    place: str = ""
    stages: dict[str, str] = {}
    started: str = ""
    completed: str = ""
    charge: str = ""
    note: str = ""
    sealed: str = ""


class MilestoneBody(Body):
    done: str = ""
    note: str = ""


class ProblemBody(Body):
    task: int
    text: str
    status: Literal["open", "closed"] = "open"
    due: str = ""
    answer: str = ""
    closed: str = ""
    sealed: str = ""
    domain: str = ""
    """领域, for lists by county and domain."""
    to: str = ""
    """The unit that has to solve it (交办)."""
    lead: str = ""
    """The lead department it was escalated to: a unit's code, or its name where it has no desk."""
    rechecked: str = ""
    """When it was looked at again after closing (回头看)."""
    recheck: Literal["", "held", "again"] = ""
    """What that found: it held, or it has come again."""


class FundBody(Body):
    task: int
    level: Literal["central", "province", "city", "county", "township", "other"]
    arrived: Number | None = None
    paid: Number | None = None
    date: str = ""
    note: str = ""
    planned: Number | None = None
    """What this level is to bear, by the document named in `note`."""


class RecordBody(Body):
    """A row of a register (台账册): `fields` by the columns that the register declares, texts, dates, and decimal
    strings alike.  `to` is the unit addressed, `about` the subject the row belongs to (a site, a roster's row).

    Registers and columns that only a newer version declares are kept and shown under their keys.
    """

    task: int = 0
    fields: dict[str, str] = {}
    status: str = ""
    due: str = ""
    to: str = ""
    about: str = ""
    sealed: str = ""


class AnswerBody(Body):
    """What a unit says to another's record, problem or order in its own name: feedback, an answer, a decision.

    `status` is the answering unit's own word on it; it closes nothing by itself.  `to` names who is to act next.
    """

    text: str
    status: Literal["", "doing", "done", "confirmed", "returned"] = ""
    date: str = ""
    to: str = ""


class EvidenceBody(Body):
    """A file that proves something.  `sha256` of the bytes as taken in; `about` the subjects it proves."""

    sha256: str
    size: int
    media: str
    name: str
    about: tuple[str, ...]
    caption: str = ""
    stage: str = ""
    taken: str = ""
    personal: bool = False
    original: str = ""
    """SHA-256 of the original where a scaled copy was kept."""
    extract: bool = False
    """Exported from a business system: it stands for every case of the indicators in `about` that its unit reports."""
    code: str = ""
    """Of a stamped scan (盖章件): the 校验码 of the submission that was stamped."""


class SubmissionBody(Body):
    """One sending of a period: the 校验码 and who filled, checked and answers for it."""

    digest: str
    count: int
    filled: str = ""
    checked: str = ""
    responsible: str = ""


class ReviewBody(Body):
    """A reviewer's word on an entry: `about` lists the ids that were heads when it was said, so that a review of
    a figure since corrected is known to be out of date."""

    verdict: Literal["accept", "return", "set"]
    about: tuple[str, ...]
    value: Number | None = None
    of: Number | None = None
    comment: str = ""
    seen: Number | None = None
    """The figure the reviewer saw; a site-based one has no entry of its own to name in `about`."""


class ReceiptBody(Body):
    unit: str
    period: str
    sequence: int
    digest: str
    state: str
    new: int = 0
    known: int = 0
    conflicting: int = 0
    refused: int = 0
    missing: tuple[str, ...] = ()


class ClosingBody(Body):
    closed: bool = True
    note: str = ""


class RevocationBody(Body):
    certificate: str
    why: Literal["lost", "compromised", "replaced"]
    date: str = ""


class RetractionBody(Body):
    """Takes back a merged file, by its container digest."""


class ErasureBody(Body):
    """Tombstones the bytes of a sealed record or file by hash."""

    hash: str


class ScheduleBody(Body):
    """How an indicator is to come along in an area (倒排): straight from step to step, slow at both ends, or as the
    unit that states it has entered."""

    curve: Literal["line", "s", "steps"] = "line"
    steps: dict[str, Number] = {}
    """Share of the whole due by the end of a day, as decimals ("0.4") by date."""


class CutoffBody(Body):
    """A named moment of this desk's journal (截止点): everything that had arrived by then, and nothing later.

    `container` and `segment` are the greatest numbers at that moment; `entries` and `digest` tell whether a journal
    still holds the same up to there.
    """

    name: str
    period: str
    container: int
    segment: int
    entries: int
    digest: str


class RootBody(Body):
    """A root certificate (PEM) that the city trusts from now on; pinned at every desk that learns of it."""

    certificate: str


BODIES: dict[str, type[Body]] = {
    "plan": PlanBody,
    "unit": UnitBody,
    "setting": SettingBody,
    "allocation": Allocation,
    "duty": Duty,
    "progress": ProgressBody,
    "site": SiteBody,
    "milestone": MilestoneBody,
    "problem": ProblemBody,
    "fund": FundBody,
    "record": RecordBody,
    "answer": AnswerBody,
    "evidence": EvidenceBody,
    "submission": SubmissionBody,
    "review": ReviewBody,
    "receipt": ReceiptBody,
    "closing": ClosingBody,
    "revocation": RevocationBody,
    "retraction": RetractionBody,
    "erasure": ErasureBody,
    "root": RootBody,
    "schedule": ScheduleBody,
    "cutoff": CutoffBody,
}

SUBJECT_WORD: dict[str, str] = {kind: kind for kind in BODIES} | {"allocation": "share"}
"""The first word of a kind's subjects."""
