"""资金: what the standards come to, what each level is to bear, what has arrived and been paid, and what is lacking.

Only written standards and ratios are used.  Where the notice gives no ratio, or a standard cannot be multiplied with
what is counted, the answer is 未定 together with what has to be entered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from desktop_app.core.figures.numbers import canonical, show
from desktop_app.core.i18n import _
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import FundRule, Task, exact
from desktop_app.core.model.record_view import FundPart, FundView
from desktop_app.core.operations.registers import Reader
from desktop_app.core.operations.situation import Situation
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.rules import register_rules
from desktop_app.core.store.ledger_heads import Head

LEVELS = ("central", "province", "city", "county", "township", "other")
UPPER = ("central", "province")
SHARED, ALONE = "市与区分担", "自行承担"
"""The choices of the register 资金分担口径."""


class Money:
    """Funds at the end of a period; read once, asked for many tasks and areas."""

    def __init__(self, workspace: Workspace, period: Period, situation: Situation | None = None) -> None:
        self.workspace = workspace
        self.situation = situation or Situation(workspace, period)
        self.organisation = workspace.organisation
        self.until = period.end.isoformat()
        # Before that, a payment below the standard only tells that the rest has not been paid yet.
        self._year_is_over = period.last == 12
        reader = Reader(workspace)
        self._splits = {(row.values.get("county", ""), row.task): row.values for row in reader.rows("split")}
        self._counts = [
            (
                row.area,
                row.task,
                row.values.get("rule", ""),
                register_rules.number(row.values.get("count", "")),
            )
            for row in reader.rows("fund_counts")
        ]
        self._subsidies = reader.rows("subsidies")
        self._entries: dict[tuple[int, str], list[Head]] = {}
        for head in workspace.store.ledger.heads("fund"):
            if not head.body.date or head.body.date <= self.until:
                self._entries.setdefault((head.body.task, head.owner), []).append(head)

    def tasks(self, area: str) -> list[FundView]:
        """Every task that has a rule about money, or money itself."""
        known = {no for no, _area in self._entries}
        return [self.view(task, area) for task in self.workspace.plan.tasks if task.funds or task.no in known]

    def areas(self, task: Task, area: str) -> list[FundView]:
        """One task for each area directly below."""
        return [self.view(task, child.code) for child in self.organisation.child_areas(area)]

    def view(self, task: Task, area: str) -> FundView:
        entries = self._of(task.no, area)
        arrived, paid, planned = (_by_level(entries, name) for name in ("arrived", "paid", "planned"))
        total_arrived, total_paid = sum(arrived.values(), Fraction(0)), sum(paid.values(), Fraction(0))
        upper = sum((arrived.get(level, Fraction(0)) for level in UPPER), Fraction(0))
        parts, lacking = self._parts(task, area)
        known = [part.sum for part in parts if part.sum is not None]
        reference = sum(known, Fraction(0)) if known and not lacking else None
        split, rule, open_split = self._split(task, area, reference, upper)
        return FundView(
            task=task.no,
            title=task.short,
            area=area,
            area_name=self.organisation.name(area),
            reference=reference,
            parts=parts,
            planned=planned,
            arrived=arrived,
            paid=paid,
            total_arrived=total_arrived,
            total_paid=total_paid,
            upper=upper,
            split=split,
            split_rule=rule,
            gap=reference - total_arrived if reference is not None else None,
            open=(*lacking, *open_split),
            warnings=tuple(self._warnings(task, area, parts, total_arrived, total_paid)),
        )

    def _of(self, task: int, area: str) -> list[Head]:
        """What the area itself has entered; where it has entered nothing, what the areas below have, so that money
        handed down is never counted twice."""
        own = self._entries.get((task, area))
        if own:
            return own
        return [head for child in self.organisation.children(area) for head in self._of(task, child.code)]

    # -- standards ---------------------------------------------------------------------------------------------------

    def _parts(self, task: Task, area: str) -> tuple[tuple[FundPart, ...], list[str]]:
        parts, lacking = [], []
        for rule in task.funds:
            amount = exact(rule.amount)
            if amount is None or rule.bound == "<=":
                continue
            count, source = self._count(task, rule, area)
            if count is None:
                lacking.append(_("“{what}”按多少算未定：{why}").format(what=rule.what, why=source))
            parts.append(
                FundPart(
                    what=rule.what,
                    amount=amount,
                    per=rule.per,
                    count=count,
                    sum=None if count is None else amount * count,
                    bound=rule.bound,
                    source=source,
                )
            )
        return tuple(parts), lacking

    def _count(self, task: Task, rule: FundRule, area: str) -> tuple[Fraction | None, str]:
        """What a standard is multiplied with, and where it comes from; None with what is lacking."""
        entered = self._entered(task.no, rule.what, area)
        if entered is not None:
            return entered, _("补助口径数")
        ask = _("请在台账册“补助口径数”里填。")
        indicator = self.workspace.plan.indicator(rule.indicator) if rule.indicator else None
        if indicator is None:
            return None, _("方案没有说按哪个指标算，") + ask
        if indicator.measure != "count":
            return None, _("{id} 不是数量指标，").format(id=indicator.id) + ask
        if (
            sum(other.indicator == rule.indicator and exact(other.amount) is not None for other in task.funds)
            > 1
        ):
            return None, _("{id} 有几种标准，各按多少算要分开填，").format(id=indicator.id) + ask
        if "月" in rule.per or "天" in rule.per:
            return None, _("标准按“{per}”，要填合计数，").format(per=rule.per) + ask
        value = self.situation.figure(indicator, area).value
        if value is None:
            return None, _("{id} 还没有数字。").format(id=indicator.id)
        return value, f"{indicator.id} {indicator.name}"

    def _entered(self, task: int, what: str, area: str) -> Fraction | None:
        own = [
            count
            for owner, no, rule, count in self._counts
            if owner == area and no == task and rule == what and count is not None
        ]
        if own:
            return sum(own, Fraction(0))
        below = [self._entered(task, what, child.code) for child in self.organisation.children(area)]
        found = [count for count in below if count is not None]
        return sum(found, Fraction(0)) if found else None

    # -- who bears it ------------------------------------------------------------------------------------------------

    def _split(
        self, task: Task, area: str, reference: Fraction | None, upper: Fraction
    ) -> tuple[dict[str, Fraction], str, list[str]]:
        """Shares by level of what upper-level money leaves, the rule in words, and what is not said anywhere."""
        shared = [rule for rule in task.funds if len(rule.share) > 1]
        alone = [rule for rule in task.funds if len(rule.share) == 1 and not rule.open]
        undecided = [rule for rule in task.funds if rule.open and not rule.amount]
        row = self._splits.get((area, task.no))
        if not (shared or alone or undecided or row):
            return {}, "", []
        unit = self.organisation.get(area)
        if unit is None or unit.level != "county":
            return {}, _("按县区分别算"), []
        if row is None and shared:
            # What a county is in general decides only where the plan's own words tell 市辖区 from the others.
            row = self._splits.get((area, 0))
        # 市辖区 otherwise than the rest: which a county is has to be said first.
        ratio = self._ratio(shared, () if undecided else alone, row)
        if ratio is None:
            if row is not None:
                why = _("“资金分担口径”没有填比例")
            elif shared:
                why = _("没有登记{area}属于哪一种").format(area=unit.name)
            else:
                why = _("文件没有写比例")
            words = _("分担比例未定：{why}，请由市里在台账册“资金分担口径”里填，并写明依据。").format(why=why)
            return {}, _("未定"), [words]
        parts, words = ratio
        if reference is None:
            return {}, words, []
        left = max(Fraction(0), reference - upper)
        whole = sum(parts.values())
        return {level: left * part / whole for level, part in parts.items()}, words, []

    def _ratio(
        self, shared: Sequence[FundRule], alone: Sequence[FundRule], row: Mapping[str, str] | None
    ) -> tuple[dict[str, Fraction], str] | None:
        """The written ratio by level, and its words; None where nothing is written."""
        if row is not None:
            document = row.get("document", "")
            tail = f"（{document}）" if document else ""
            if row.get("rule") == ALONE:
                return {"county": Fraction(1)}, _("本县区自行承担") + tail
            city, own = register_rules.number(row.get("city", "")), register_rules.number(row.get("own", ""))
            if city is not None and own is not None and city + own > 0:
                words = _("市 {city} : 区 {own}").format(city=canonical(city), own=canonical(own))
                return {"city": city, "county": own}, words + tail
            if not shared:
                return None
            share = shared[0].share
            city, own = Fraction(share.get("city", 0)), Fraction(share.get("district", 0))
            words = _("市 {city} : 区 {own}").format(city=canonical(city), own=canonical(own))
            return {"city": city, "county": own}, words + tail
        if alone and not shared and alone[0].share.get("county"):
            return {"county": Fraction(1)}, _("县区承担")
        return None

    # -- warnings ----------------------------------------------------------------------------------------------------

    def _warnings(
        self, task: Task, area: str, parts: Sequence[FundPart], arrived: Fraction, paid: Fraction
    ) -> Iterable[str]:
        if paid > arrived:
            yield _("支付多于到位。")
        counted = [part for part in parts if part.count and part.sum is not None]
        if len(parts) == len(counted) == 1 and paid:
            (part,) = counted
            each = paid / (part.count or 1)
            if each < part.amount and self._year_is_over:
                yield _("按数折算每{per}支付 {each} 元，低于标准 {amount} 元。").format(
                    per=part.per, each=show(each, 2), amount=show(part.amount, 0)
                )
            elif part.bound == "==" and each > part.amount:
                yield _("按数折算每{per}支付 {each} 元，高于标准 {amount} 元。").format(
                    per=part.per, each=show(each, 2), amount=show(part.amount, 0)
                )
        inside = {area, *(below.code for below in self.organisation.below(area))}
        for row in self._subsidies:
            if row.task == task.no and row.area in inside:
                for words in row.warnings:
                    yield f"{row.name}：{words}"


def _by_level(entries: Iterable[Head], name: str) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for head in entries:
        amount = getattr(head.body, name)
        if amount is not None:
            found[head.body.level] = found.get(head.body.level, Fraction(0)) + Fraction(amount)
    return found


def money(workspace: Workspace, period: Period, area: str = "") -> list[FundView]:
    """Money of every task, for an area (this desk's own by default)."""
    where = area or workspace.organisation.home_area(workspace.unit_code)
    return Money(workspace, period).tasks(where)
