"""The reviewing desk: who sent what, accept, return, 核定数, and taking such a verdict back."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import msgspec

from desktop_app.core.errors import InputError, RuleError
from desktop_app.core.figures.numbers import canonical, read_number
from desktop_app.core.i18n import N_, _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.bodies import ReviewBody
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator
from desktop_app.core.model.unit import Unit
from desktop_app.core.model.view import Figure, IndicatorView, ReviewItemView, ReviewUnitView
from desktop_app.core.operations import changing, closing, stamping
from desktop_app.core.operations.correcting import Correction, head_late
from desktop_app.core.operations.situation import Situation, previous_figure
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store.store import Said

VerdictWord = Literal["accept", "return", "set"]
ODD = {"falls": N_("累计变小"), "jumps": N_("增长过快"), "far_above_share": N_("远超份额")}
"""What the soft rules found, in the few words a column has room for."""


def reporting_units(workspace: Workspace) -> list[Unit]:
    """Units below this desk that report something themselves and send it here, by code."""
    context = workspace.store.projector.context()
    organisation = workspace.organisation
    plan = workspace.plan
    reporters = {
        unit
        for (plan_id, _indicator, _area), duty in context.duties.items()
        if plan_id == plan.id and duty.reporter
        for unit in [duty.reporter]
    }
    for (plan_id, _indicator, area), duty in context.duties.items():
        if plan_id == plan.id and duty.each:
            reporters.update(unit.code for unit in organisation.child_areas(area))
    found = [
        unit
        for unit in organisation.children(workspace.unit_code)
        if unit.active
        and (
            unit.code in reporters or any(below.code in reporters for below in organisation.below(unit.code))
        )
    ]
    return sorted(found, key=lambda unit: (not unit.is_area, unit.code))


def reviewed_elsewhere(workspace: Workspace, reviewer: str) -> list[Unit]:
    """Units not below a unit whose figures it reviews all the same (a lead department its line, of two leads the one
    that confirms), by code."""
    context = workspace.store.projector.context()
    organisation = workspace.organisation
    found: set[str] = set()
    for (_plan, indicator, area), duty in context.duties.items():
        if duty.reviewer == reviewer:
            areas = [child.code for child in organisation.child_areas(area)] if duty.each else [area]
            found.update(unit for one in areas for unit in context.reporters_of(indicator, one))
    below = {unit.code for unit in organisation.below(reviewer)} | {reviewer}
    return sorted((organisation.units[code] for code in found - below if code in organisation), key=_by_code)


def _by_code(unit: Unit) -> str:
    return unit.code


def reported(workspace: Workspace, situation: Situation, unit: str) -> list[tuple[str, Indicator, str]]:
    """(progress subject, indicator, area) of what a unit reports, in the plan's order."""
    plan, context = situation.plan.id, situation.context
    named: dict[str, list[str]] = {}
    for indicator_id, area in situation.reported_by.get(unit, ()):
        named.setdefault(indicator_id, []).append(area)
    found = []
    for indicator in situation.plan.indicators():
        areas = named.get(indicator.id, [])
        own = context.duty(plan, indicator.id, unit)
        if own is not None and own.reporter == unit and unit not in areas:
            areas = [*areas, unit]
        for area in sorted(areas):
            subject = subjects.progress(area, plan, indicator.id, situation.period.key)
            found.append((subject, indicator, area))
    return found


def reported_items(workspace: Workspace, situation: Situation, unit: str) -> list[tuple[str, IndicatorView]]:
    """(progress subject, view) of what a unit reports, in the plan's order."""
    return [
        (subject, situation.indicator_view(indicator, area))
        for subject, indicator, area in reported(workspace, situation, unit)
    ]


class Judged(msgspec.Struct, frozen=True):
    """One reported figure as a reviewer counts it: this desk's verdict on it as it stands, and whether it waits."""

    subject: str
    indicator: Indicator
    area: str
    figure: Figure
    verdict: Literal["waiting", "accept", "return", "set"]
    comment: str
    late: Correction | None = None
    """What it was when the month was closed, where it was changed after that at a desk that had not heard of it."""

    @property
    def waits(self) -> bool:
        """A figure carried forward is no new word of the unit: it waits for nobody."""
        return self.verdict == "waiting" and not self.figure.carried


def judged(workspace: Workspace, unit: str, situation: Situation) -> list[Judged]:
    """What one unit reports and this desk reviews, without what only a screen shows of it."""
    below = workspace.organisation.is_above(workspace.unit_code, unit)
    period = situation.period
    shut = closing.stated(workspace, period, [*workspace.organisation.above(unit), unit])
    since: frozenset[str] = situation.said_since(shut.at[:10]) if shut is not None else frozenset()
    found = []
    for subject, indicator, area in reported(workspace, situation, unit):
        if not below and situation.reviewer(indicator.id, area) != workspace.unit_code:
            continue
        figure = situation.figure(indicator, area)
        if figure.value is None:
            continue
        said = own_verdict(workspace, subject, figure)
        found.append(
            Judged(
                subject,
                indicator,
                area,
                figure,
                said.verdict if said is not None else "waiting",
                said.comment if said is not None else "",
                head_late(workspace, subject, period.key) if subject in since else None,
            )
        )
    return found


def review_items(
    workspace: Workspace, unit: str, period: Period, situation: Situation | None = None
) -> list[ReviewItemView]:
    """What one unit reports, with the automatic checks and this desk's verdict."""
    situation = situation or Situation(workspace, period)
    confirmed = stamping.stamp_state(workspace, unit, period.key) == "received"
    items = []
    for one in judged(workspace, unit, situation):
        check, detail = automatic_check(workspace, situation, one, confirmed)
        view = situation.indicator_view(one.indicator, one.area)
        items.append(
            ReviewItemView(
                indicator=view,
                subject=one.subject,
                verdict=one.verdict,
                comment=one.comment,
                check=check,
                detail=detail,
                before_closing=one.late.before if one.late is not None else "",
                sent=one.verdict != "waiting"
                and is_sent(workspace, subjects.review(workspace.unit_code, one.subject)),
            )
        )
    return items


def own_verdict(workspace: Workspace, subject: str, figure: Figure) -> ReviewBody | None:
    """This desk's review of the figure as it stands; None where there is none or it was corrected since."""
    head = workspace.store.ledger.head(subjects.review(workspace.unit_code, subject))
    if head is None or head.body.void:
        return None
    review: ReviewBody = head.body
    shown = workspace.store.ledger.head(subject)
    reported = figure.reported if figure.approved else figure.value
    if shown is not None:
        return review if shown.id in review.about else None
    seen = None if review.seen is None else Fraction(review.seen)
    return review if not review.about and seen == reported else None


def automatic_check(
    workspace: Workspace, situation: Situation, one: Judged, confirmed: bool = False
) -> tuple[str, str]:
    """What is odd about a figure in a few words, and in full; both "" where nothing is.  `confirmed` where the unit
    has stamped what was entered for it."""
    indicator, area, figure = one.indicator, one.area, one.figure
    head = workspace.store.ledger.head(one.subject)
    typed = head is not None and not head.body.void and not figure.carried
    findings = (
        situation.findings(
            indicator,
            area,
            figure,
            previous_figure(situation, indicator, area),
            situation.share(indicator, area),
        )
        if typed
        else []
    )
    hard = next((finding for finding in findings if finding.level == "hard"), None)
    if hard is not None:
        return _("数有错"), hard.text
    if one.late is not None:
        return _("封账后改动"), late_words(one.late)
    lacking = situation.evidence_missing(indicator, situation.leaf_areas(indicator.id, area))
    if lacking:
        return (
            _("缺佐证 {count}").format(count=lacking),
            _("标为完成的，还有 {count} 处没有佐证。").format(count=lacking),
        )
    if head.heads > 1 if head is not None else figure.disputed:
        return _("有两种说法"), _("两台电脑填得不一样，请先到“不一致”定下来。")
    if head is not None and typed and head.body.proxy and not confirmed:
        return _("代录，待确认"), _("由本单位照原件录的，等对方报来或在纸上盖章确认。")
    soft = next((finding for finding in findings if finding.level == "soft"), None)
    if soft is not None and head is not None:
        said = _("对方说明：{reason}").format(reason=head.body.reason) if head.body.reason else ""
        return _(ODD.get(soft.rule, N_("有异常"))), f"{soft.text}{said}"
    if figure.carried:
        return _("沿用{period}").format(period=Period.parse(figure.carried).short_label), ""
    return "", ""


def late_words(late: Correction) -> str:
    """What was changed after the month was closed, and what each verdict on it would mean."""
    if late.before == _("未填"):
        return _(
            "这个月封账时{unit}没有报这一项，封账以后才报 {after}，合计里现在已有。"
            "按“接受”就照此计，列进更正表；不该计的请退回，让对方在后面的月份写更正。"
        ).format(unit=late.unit_name, after=late.after)
    return _(
        "这个月封账以后，{unit}把 {before} 改成了 {after}，合计里现在是新数。"
        "按“接受”就用新数，列进更正表；不用新数的，“核定为”填 {before}、写明理由，合计用回原数。"
    ).format(unit=late.unit_name, before=late.before, after=late.after)


def review_units(workspace: Workspace, period: Period) -> list[ReviewUnitView]:
    """Units that have something to review in the period, those with most waiting first."""
    found = []
    situation = Situation(workspace, period)
    for unit in (*reporting_units(workspace), *reviewed_elsewhere(workspace, workspace.unit_code)):
        head = workspace.store.ledger.head(subjects.submission(unit.code, period.key))
        if head is None:
            continue
        items = judged(workspace, unit.code, situation)
        if not items and unit.parent != workspace.unit_code:
            continue
        waiting = [item for item in items if item.waits]
        whole = _whole(workspace, unit.code, period)
        confirmed = stamping.stamp_state(workspace, unit.code, period.key) == "received"
        found.append(
            ReviewUnitView(
                unit=unit.code,
                unit_name=unit.name,
                waiting=len(waiting) if items else int(not whole),
                failed=sum(
                    bool(automatic_check(workspace, situation, item, confirmed)[0]) for item in waiting
                ),
                late=sum(item.late is not None for item in waiting),
                accepted=sum(item.verdict in ("accept", "set") for item in items),
                returned=sum(item.verdict == "return" for item in items),
                submitted=head.at,
                digest=head.body.digest,
                people=(head.body.filled, head.body.checked, head.body.responsible),
                summed=not items,
                whole=whole,
            )
        )
    return sorted(found, key=lambda view: (-view.waiting, view.unit))


class Standing(msgspec.Struct, frozen=True):
    """How many figures of a submission wait, were accepted and were returned by this desk; `whole` is its word on the
    submission itself, "" where there is none on it as it stands."""

    waiting: int = 0
    accepted: int = 0
    returned: int = 0
    whole: str = ""
    late: int = 0
    """Of those that wait, how many were changed after the month was closed."""

    @property
    def state(self) -> Literal["waiting", "accepted", "returned"]:
        """One word for the whole, told by its figures: what still waits, then what went back.  A submission without
        figures is what was said of it."""
        if self.waiting or (self.whole == "" and not self.accepted and not self.returned):
            return "waiting"
        if self.returned or (self.whole == "return" and not self.accepted):
            return "returned"
        return "accepted"


def standing(workspace: Workspace, unit: str, period: Period, situation: Situation) -> Standing:
    """The count that 收件 and 审核 both show."""
    items = judged(workspace, unit, situation)
    verdicts = [item.verdict for item in items if item.verdict != "waiting" or item.waits]
    return Standing(
        waiting=verdicts.count("waiting"),
        accepted=verdicts.count("accept") + verdicts.count("set"),
        returned=verdicts.count("return"),
        whole=_whole(workspace, unit, period),
        late=sum(item.late is not None for item in items if item.waits),
    )


def _whole(workspace: Workspace, unit: str, period: Period) -> Literal["accept", "return", ""]:
    """This desk's word on a submission itself; "" where there is none on it as it stands."""
    subject = subjects.submission(unit, period.key)
    head = workspace.store.ledger.head(subject)
    said = workspace.store.ledger.head(subjects.review(workspace.unit_code, subject))
    if head is None or said is None or said.body.void or head.id not in said.body.about:
        return ""
    return "return" if said.body.verdict == "return" else "accept"


def review(
    workspace: Workspace,
    subject: str,
    verdict: VerdictWord,
    *,
    value: str | None = None,
    of: str | None = None,
    comment: str = "",
) -> Changes:
    """Keep a figure, return it with a remark, or set a 核定数 beside it with a reason.  Never overwrites."""
    return workspace.say([_reviewed(workspace, subject, verdict, value, of, comment)])[0]


def is_sent(workspace: Workspace, review: str) -> bool:
    """Whether this desk's verdict, named by its own subject, has gone out with a file of this desk's as it stands."""
    head = workspace.store.ledger.head(review)
    if head is None:
        return False
    row = workspace.store.connection.execute(
        "SELECT 1 FROM origin JOIN container ON container.seq = origin.container"
        " WHERE origin.subject = ? AND origin.id = ? AND container.origin = 'own'"
        " AND container.purpose <> 'exchange' LIMIT 1",
        (review, bytes.fromhex(head.id)),
    ).fetchone()
    return row is not None


def take_back(workspace: Workspace, subject: str) -> Changes:
    """Take this desk's verdict on a figure back before a file has carried it out: what stood before it stands again,
    or nothing.  RuleError where it has gone out: then another verdict is said in its place."""
    review = subjects.review(workspace.unit_code, subject)
    head = workspace.store.ledger.head(review)
    if head is None or head.body.void:
        raise InputError(_("这一项还没有定过结论。"), next_step=_("不用撤回。"))
    if is_sent(workspace, review):
        raise RuleError(
            _("这条意见已经随文件发出去了。"),
            meaning=_("没有撤回。"),
            next_step=_("请直接再定一次结论，下一次回执带去，以后一条为准。"),
        )
    # What an earlier taking back has brought up again lies no deeper than it did the first time.
    given: list[ReviewBody] = []
    for step in workspace.store.ledger.history(review):
        if step.why_not:
            continue
        if step.body.void:
            given.clear()
        elif len(given) > 1 and given[-2] == step.body:
            given.pop()
        else:
            given.append(step.body)
    # Only a word on the very same figure can stand again.
    kept = [body for body in given[:-1] if body.about == head.body.about]
    gone = ReviewBody(verdict=head.body.verdict, about=head.body.about, void=True, reason=_("撤回意见"))
    body = kept[-1] if kept else gone
    return workspace.say([Said(kind="review", subject=review, body=body, operator=workspace.operator)])[0]


def _reviewed(
    workspace: Workspace, subject: str, verdict: VerdictWord, value: str | None, of: str | None, comment: str
) -> Said:
    ledger = workspace.store.ledger
    changing.refuse_personal({"comment": comment})
    words = subject.split("/")
    about = tuple(workspace.store.head_ids(subject))
    seen = number = denominator = None
    if verdict in ("return", "set") and not comment.strip():
        raise InputError(
            _("退回或核定要写意见。"),
            meaning=_("没有保存。"),
            next_step=_("请写一句理由，对方会在这一格旁边看到。"),
        )
    if words[0] == "progress" and len(words) == 5:
        indicator = workspace.indicator(words[3])
        figure = Situation(workspace, Period.parse(words[4])).figure(indicator, words[1])
        if figure.value is None:
            raise RuleError(_("这一格还没有上报数，不能审核。"), next_step=_("请等对方上报。"))
        seen = canonical(figure.reported if figure.reported is not None else figure.value)
        if verdict == "set":
            if value is None:
                raise InputError(_("核定要填核定数。"), next_step=_("请填数后再试。"))
            rate = indicator.measure == "rate"
            decimals = indicator.part_decimals if rate else indicator.decimals
            number = read_number(value, unit="" if rate else indicator.unit, decimals=decimals)
            if of:
                denominator = read_number(of, decimals=decimals)
    elif ledger.head(subject) is None:
        raise InputError(_("没有找到“{subject}”。").format(subject=subject), next_step=_("请刷新后再试。"))
    elif verdict == "set":
        raise RuleError(_("只有数字才能核定。"), next_step=_("这里可以接受或退回。"))
    return Said(
        kind="review",
        subject=subjects.review(workspace.unit_code, subject),
        body=ReviewBody(
            verdict=verdict, about=about, value=number, of=denominator, comment=comment.strip(), seen=seen
        ),
        operator=workspace.operator,
    )


def review_unit(
    workspace: Workspace, unit: str, period: Period, verdict: Literal["accept", "return"], comment: str = ""
) -> Changes:
    """Accept what waits and passes the checks, or return the whole submission with a remark."""
    workspace.known_unit(unit)
    submitted = subjects.submission(unit, period.key)
    if workspace.store.ledger.head(submitted) is None:
        raise InputError(
            _("还没有收到{name}{period}的上报。").format(
                name=workspace.organisation.name(unit), period=period.label
            ),
            next_step=_("请在“缺报”页查看谁还没有报（命令行：taizhang missing）。"),
        )
    said = [_reviewed(workspace, submitted, verdict, None, None, comment)]
    before = workspace.store.ledger.head(subjects.review(workspace.unit_code, submitted))
    # What was returned only because the whole was, and stands unchanged, is accepted with the whole.
    whole = before.body.comment if before is not None and before.body.verdict == "return" else None
    for item in review_items(workspace, unit, period):
        again = verdict == "accept" and item.verdict == "return" and item.comment == whole
        if (
            (item.verdict == "waiting" or again)
            and (verdict == "return" or not item.check)
            and not item.indicator.figure.carried
        ):
            said.append(_reviewed(workspace, item.subject, verdict, None, None, comment))
    return workspace.say(said)[0]


def accept_passing(workspace: Workspace, unit: str, period: Period) -> Changes:
    """Bulk accept of what passes the automatic checks."""
    said = [
        _reviewed(workspace, item.subject, "accept", None, None, "")
        for item in review_items(workspace, unit, period)
        if item.verdict == "waiting" and not item.check
    ]
    return workspace.store.say(said)[0] if said else Changes()
