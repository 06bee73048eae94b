"""What the screens and the command line show: records computed from the ledger, ready to draw.

Figures are `Fraction` (exact; a missing one is None); `light` is one of LIGHTS.  Nothing here is stored.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal

import msgspec

from desktop_app.core.i18n import N_
from desktop_app.core.model.record_view import AnswerView

Light = Literal["done", "green", "yellow", "red", "none"]

LIGHTS: dict[str, str] = {
    "done": N_("完成"),
    "green": N_("正常"),
    "yellow": N_("滞后"),
    "red": N_("逾期"),
    "none": N_("未填"),
}
"""Words for package sheets; screens and the command line look them up with `_`."""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A value as it stands at the end of a period, for an area.

    `value` is the count, end value or numerator, `of` a rate's denominator.  `carried` names the period it was
    carried forward from (沿用), "" when said for this period.  `approved` tells that a 核定数 is in it, and
    `reported` then keeps the 上报数.  `disputed` marks a fork somewhere below (暂计).
    """

    value: Fraction | None = None
    of: Fraction | None = None
    carried: str = ""
    approved: bool = False
    reported: Fraction | None = None
    disputed: bool = False
    missing: int = 0
    """How many leaves below have never reported."""


class IndicatorView(msgspec.Struct, frozen=True, kw_only=True):
    """One indicator on one desk, for one area and period."""

    id: str
    task: int
    name: str
    measure: str
    op: str
    unit: str
    per: int
    decimals: int
    basis: str
    flow: bool
    headline: bool
    parent: str | None
    definition: str
    area: str
    area_name: str
    reporter: str | None
    reporter_name: str
    reviewer: str | None
    mine: bool
    """Whether this desk is the reporting unit."""
    due: bool
    """Whether the indicator is due in the period shown."""
    target: Fraction | None
    share: Fraction | None
    figure: Figure
    previous: Figure
    increase: Fraction | None
    rate: Fraction | None
    """For rates: value ÷ of × per."""
    done: Fraction | None
    """0..1 and above; None where nothing can be said."""
    expected: Fraction | None
    """What should be done by the period's end, as a share of 1."""
    light: Light
    evidence: int
    evidence_missing: int
    remark: str
    returned: bool
    error: str
    """A hard rule's words on the present value, "" when none."""
    warning: str
    """A soft rule's words, "" when none or when a reason was given."""
    reason: str
    note: str
    heads: int
    """How many heads the cell has; more than one is a fork."""
    stages: tuple[str, ...] = ()
    """What a site of the indicator goes through, each with its date before it counts."""
    evidence_needed: bool = False
    same: bool = False
    """Said to be as in the period before (本期无变化)."""
    proxy: bool = False
    """Entered by a unit above (代录), and not yet confirmed by the reporting unit's own package."""


class MilestoneView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    task: int
    what: str
    due: date
    done: date | None
    area: str
    light: Light
    mine: bool


class TaskView(msgspec.Struct, frozen=True, kw_only=True):
    no: int
    category: str
    title: str
    short: str
    target: str
    lead: tuple[str, ...]
    measures: tuple[str, ...]
    indicators: tuple[IndicatorView, ...]
    milestones: tuple[MilestoneView, ...]
    percent: Fraction | None
    light: Light
    mine: bool
    open_points: tuple[str, ...]


class PointView(msgspec.Struct, frozen=True, kw_only=True):
    """One month of the 12-month line: running value and expected value, both in the indicator's unit."""

    month: int
    value: Fraction | None
    expected: Fraction | None


class HistoryView(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a subject's history."""

    id: str
    kind: str
    subject: str
    at: str
    unit: str
    unit_name: str
    operator: str
    before: str
    after: str
    reason: str
    counted: bool
    why_not: str
    head: bool


class SiteView(msgspec.Struct, frozen=True, kw_only=True):
    subject: str
    area: str
    area_name: str
    name: str
    place: str
    quantities: dict[str, Fraction]
    stages: dict[str, str]
    started: str
    completed: str
    charge: str
    note: str
    sealed: bool
    evidence: int
    evidence_missing: int
    counts: bool
    why_not: str
    since: str = ""
    """The day it counts from."""
    missing_stages: tuple[str, ...] = ()
    """Stages its indicators want that have no date yet."""


class EvidenceView(msgspec.Struct, frozen=True, kw_only=True):
    subject: str
    sha256: str
    size: int
    media: str
    name: str
    caption: str
    stage: str
    taken: str
    added: str
    operator: str
    unit: str
    about: tuple[str, ...]
    personal: bool
    extract: bool = False
    """Exported from a business system: it stands for all cases of its indicators."""
    original: str = ""
    """SHA-256 of the photo as it was, where a smaller copy is kept."""
    present: bool
    """Whether the bytes are here ("not yet received" otherwise)."""


class ProblemView(msgspec.Struct, frozen=True, kw_only=True):
    subject: str
    area: str
    area_name: str
    task: int
    text: str
    status: str
    due: str
    answer: str
    raised: str
    closed: str
    age_days: int
    domain: str = ""
    to: str = ""
    to_name: str = ""
    lead: str = ""
    lead_name: str = ""
    rechecked: str = ""
    recheck: str = ""
    overdue: int = 0
    """Days past `due` while it is open, else 0."""
    evidence: int = 0
    answers: tuple[AnswerView, ...] = ()
    reopened: bool = False
    """Whether it had been closed before."""
    mine: bool = True
    """Whether this desk may change it; others answer in their own name."""


class IssueView(msgspec.Struct, frozen=True, kw_only=True):
    """Something `check` found.  hard: stops the submission; soft: wants a reason; note: only told."""

    level: Literal["hard", "soft", "note"]
    subject: str
    indicator: str
    name: str
    text: str
    next_step: str
    stage: str = ""
    """Of evidence that is wanted: the stage it would show (改造后)."""
    uncounted: int = 0
    """How many complete sites the figure goes without."""


class InboxView(msgspec.Struct, frozen=True, kw_only=True):
    """One row a received file."""

    container: str
    file: str
    unit: str
    unit_name: str
    kind: str
    period: str
    sequence: int
    received: str
    state: Literal["valid", "valid_with_notes", "unknown_signer", "invalid", "retracted", "proxy"]
    """`proxy`: no file came; what a paper said was entered for the unit, and `file` is its source."""
    reason: str
    digest: str
    new: int
    known: int
    conflicting: int
    refused: int
    missing_files: int
    reviewed: Literal["waiting", "accepted", "returned", ""]
    quarantined: str
    """Path in the quarantine folder, "" when merged."""
    stamp: Literal["received", "missing", "voided", ""] = ""
    """The stamped scan of the submission: a changed figure voids it."""
    resaved: bool = False
    """Opened and saved again by WPS, Excel or LibreOffice: no tampering, but the signature is gone."""
    foreign: bool = False
    """No package of this program at all: a plain workbook, a picture."""
    form: bool = False
    """Our own 盖章表, to be printed and stamped, taken for the package it lies beside."""
    truncated: bool = False
    """Cut off on the way: nobody changed anything."""
    guessed: bool = False
    """Nothing in the file says whose it is; `unit` is what its name looks like."""
    rule: int = 0
    """The verification rule that a file which was set aside broke; 0 where it is none of them."""
    open_forks: int = 0
    """Of the differences this file brought (`conflicting`), those that nobody has settled yet."""
    waiting: int = 0
    """Figures of the unit's submission that this desk has not judged yet."""
    returned: int = 0
    """Figures of it that went back and have not come again."""
    later: bool = False
    """A later file of the unit and the period has taken its place."""
    put_away: bool = False
    """Somebody here has seen it and needs no reminding."""
    late: int = 0
    """Of `waiting`, those that the unit changed after the month was closed."""
    carried: int = 0
    """Of `new`, those that came in the signed journals of units below, carried in this file."""
    carried_units: int = 0
    """How many such journals came with it for the first time."""


class MissingView(msgspec.Struct, frozen=True, kw_only=True):
    """A unit that should have sent a period: `state` missing, late, incomplete or received."""

    unit: str
    unit_name: str
    kind: str
    phone: str
    state: Literal["missing", "late", "incomplete", "received"]
    due: date
    days_late: int
    last: str
    detail: str
    entered: Literal["", "proxy", "confirmed"] = ""
    """Nothing of the unit's own came: its paper was entered for it (代录), and perhaps confirmed by it."""


class ReviewUnitView(msgspec.Struct, frozen=True, kw_only=True):
    unit: str
    unit_name: str
    waiting: int
    failed: int
    accepted: int
    returned: int
    submitted: str
    digest: str
    people: tuple[str, str, str]
    summed: bool = False
    """No figure in it is the unit's own: it sums others up and is judged as a whole."""
    whole: Literal["accept", "return", ""] = ""
    """This desk's word on the submission as it stands."""
    late: int = 0
    """How many of those waiting were changed after the month was closed."""


class ReviewItemView(msgspec.Struct, frozen=True, kw_only=True):
    indicator: IndicatorView
    subject: str
    verdict: Literal["waiting", "accept", "return", "set"]
    comment: str
    check: str
    """"" when the automatic checks pass, else a few words."""
    detail: str = ""
    """The same in full."""
    before_closing: str = ""
    """What it was when the month was closed, in words, where it was changed after that; else ""."""
    sent: bool = False
    """Whether the verdict has gone out with a file; before that it can be taken back."""


class BoardCell(msgspec.Struct, frozen=True, kw_only=True):
    percent: Fraction | None
    """The mean of the task's indicators."""
    light: Light
    change: int
    """1 up, -1 down, 0 the same since the month before: of the figure that is shown."""
    applies: bool
    """False where the area has no part in the task."""
    worst: Fraction | None = None
    """How far the indicator is that makes the light."""
    due: Fraction | None = None
    """What was expected of that indicator."""
    behind: int = 0
    """How many indicators have this light or a worse one, where it is a bad one; of `of`."""
    of: int = 0
    before: Light | None = None
    """The light a month earlier; None where there was none."""
    step: str = ""
    """Where a dated step has passed unmet: what it asks for, and by when."""
    step_due: date | None = None
    missing: int = 0
    """How many figures behind it were due and have never been reported, of one unit each."""

    @property
    def shown(self) -> Fraction | None:
        """The percent that stands beside the light: that of the indicator which makes it, so that the two never
        contradict one another."""
        return self.percent if self.shows_mean else self.worst

    @property
    def shows_mean(self) -> bool:
        return not self.of or self.light not in ("red", "yellow")

    @property
    def incomplete(self) -> bool:
        """Whether what is shown rests on some of the figures only."""
        return self.missing > 0 and self.shown is not None


class BoardView(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    plan: str
    period: str
    label: str
    areas: tuple[tuple[str, str], ...]
    tasks: tuple[TaskView, ...]
    cells: dict[tuple[int, str], BoardCell]
    totals: dict[int, BoardCell]
    expected: dict[int, Fraction | None]
    received: int
    of: int
    ranked: bool = False
    """Whether ranking is switched on; without it no ranks are shown."""
    category_shorts: dict[str, str] = {}
    """Short names of the categories for narrow bands, by their full names."""
    note: str = ""
    """Where a past state is shown: of when."""
    filter: str = ""
    """Where only some tasks are shown: which."""
    rule: str = ""
    """By which rule the lights come, in words."""
    chinese: dict[str, str] = {}
    """Title, label and rule as papers say them, whatever language the screen has."""


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """What the frame shows: who, when, what is not yet sent."""

    unit: str
    unit_name: str
    level: str
    kind: str
    city: str
    plan_title: str
    sample: bool
    period: str
    unsent: int
    """Entries of this desk that were never exported."""
    last_saved: str
    last_backup: str
    last_sent: str
    last_sent_state: str
    has_key: bool
    certified: bool
    operator: str
    ranked: bool = False
    """Whether this desk's unit has switched ranking on."""
    reviews: bool = False
    """Whether it is named as the reviewing unit of something (审核单位)."""
    acknowledged: bool = True
    """Whether the unit above has receipted the latest submission; True while there is none."""
    reports_to: str = ""
    """The name of the unit above; "" where there is none, and nobody to report to."""
