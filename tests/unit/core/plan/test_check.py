"""What the plan check finds."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from desktop_app.core.model.plan import FundRule, Indicator, Milestone, Plan, Task
from desktop_app.core.plan.check import check_plan


def indicator(**changes: Any) -> Indicator:
    fields: dict[str, Any] = {
        "id": "1.1",
        "name": "人数",
        "measure": "count",
        "op": ">=",
        "unit": "人",
        "target": "10",
    }
    return Indicator(**fields | changes)


def task(*indicators: Indicator, **changes: Any) -> Task:
    fields: dict[str, Any] = {
        "no": 1,
        "category": "甲",
        "title": "一件事",
        "short": "一件事",
        "target": "做到10人。",
        "lead": ("市某局",),
        "measures": ("办好。",),
        "indicators": indicators or (indicator(),),
    }
    return Task(**fields | changes)


def plan(*tasks: Task, **changes: Any) -> Plan:
    fields: dict[str, Any] = {
        "id": "2024",
        "year": 2024,
        "title": "方案",
        "issued": date(2024, 3, 28),
        "categories": ("甲",),
        "tasks": tasks or (task(),),
    }
    return Plan(**fields | changes)


def hard(checked: Plan) -> list[str]:
    return [finding.where for finding in check_plan(checked) if finding.level == "hard"]


def notes(checked: Plan) -> list[str]:
    return [finding.where for finding in check_plan(checked) if finding.level == "note"]


def test_a_sound_plan_has_no_findings():
    assert check_plan(plan()) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"target": "2.7万"},
        {"target": "1e3"},
        {"target": "٣"},
        {"target": ""},
        {"target": None},
        {"target": "0"},
        {"target": "-3"},
        {"target": "10.5"},
        {"target": "10", "baseline": "10.0"},
        {"baseline": "九"},
        {"floor": "高"},
        {"id": "2.1"},
        {"id": "1.01"},
        {"id": "1.1/x"},
        {"op": "state"},
        {"measure": "state"},
        {"measure": "state", "op": "state", "target": "2"},
        {"measure": "rate", "per": 0, "denominator": "总数"},
        {"decimals": 1},
        {"decimals": -1},
        {"stages": ("开工", "开工")},
    ],
)
def test_a_figure_that_would_come_out_wrong_is_hard(changes: dict[str, Any]):
    changed = indicator(**changes)
    assert changed.id in hard(plan(task(changed)))


@pytest.mark.parametrize(
    "changes",
    [
        {"target": None, "target_open": True},
        {"measure": "state", "op": "state", "target": "1", "unit": "项"},
        {"measure": "rate", "unit": "%", "target": "99.9", "decimals": 1, "denominator": "总数"},
        {"unit": "公里", "target": "3.8", "decimals": 1},
    ],
)
def test_sound_indicators_of_other_kinds(changes: dict[str, Any]):
    assert check_plan(plan(task(indicator(**changes)))) == []


def test_a_rate_wants_a_denominator_and_no_more_than_all():
    rate = indicator(measure="rate", unit="%", target="120")
    assert notes(plan(task(rate))) == ["1.1", "1.1"]


def test_numbers_said_twice():
    assert hard(plan(task(indicator(), indicator()))) == ["1.1"]
    assert "1" in hard(plan(task(), task()))
    twice = (Milestone(id="1.m1", what="开工", due=date(2024, 5, 1)),) * 2
    assert hard(plan(task(milestones=twice))) == ["1.m1"]


def test_parts():
    def part(**changes: Any) -> Indicator:
        return indicator(**{"id": "1.2", "target": "4", "parent": "1.1"} | changes)

    assert check_plan(plan(task(indicator(), part()))) == []
    assert hard(plan(task(indicator(), part(target="11")))) == ["1.2"]
    assert hard(plan(task(indicator(), part(parent="1.9")))) == ["1.2"]
    assert hard(plan(task(indicator(), part(parent="1.2")))) == ["1.2"]
    assert hard(plan(task(indicator(), part(), part(id="1.3", parent="1.2")))) == ["1.3"]
    assert hard(plan(task(indicator(), part(measure="standard")))) == ["1.2"]
    assert notes(plan(task(indicator(), part(), part(id="1.3", target="7")))) == ["1.1"]
    assert check_plan(plan(task(indicator(), part(target=None, target_open=True)))) == []


def test_milestones():
    def dated(**changes: Any) -> Plan:
        fields: dict[str, Any] = {"id": "1.m1", "what": "开工", "due": date(2024, 5, 31)}
        return plan(task(milestones=(Milestone(**fields | changes),)))

    assert check_plan(dated(indicator="1.1", reach="0.5", measure_no=1)) == []
    for wrong in (
        {"due": date(2025, 1, 1)},
        {"indicator": "1.9"},
        {"indicator": "1.1", "reach": "1.5"},
        {"indicator": "1.1", "reach": "一半"},
        {"reach": "0.5"},
        {"measure_no": 2},
    ):
        assert hard(dated(**wrong)) == ["1.m1"], wrong
    assert hard(dated(id="m1")) == ["m1"]


def test_categories_titles_and_leads():
    assert hard(plan(task(category="乙"))) == ["1"]
    assert hard(plan(categories=("甲", "甲"))) == [""]
    assert hard(plan(category_shorts=("甲", "乙"))) == [""]
    assert notes(plan(categories=("甲", "乙"))) == [""]
    assert notes(plan(task(title="长" * 21, short="长" * 11))) == ["1", "1"]
    assert notes(plan(task(lead=()))) == ["1"]
    assert notes(plan(task(lead=("****局",)))) == ["1"]
    assert notes(plan(task(no=2, indicators=(indicator(id="2.1"),)))) == [""]
    mixed = plan(
        task(),
        task(no=2, category="乙", indicators=(indicator(id="2.1"),)),
        task(no=3, indicators=(indicator(id="3.1"),)),
        categories=("甲", "乙"),
    )
    assert notes(mixed) == [""]


def test_money_rules():
    assert hard(plan(task(funds=(FundRule(what="补助", amount="5万"),)))) == ["1"]
    assert hard(plan(task(funds=(FundRule(what="补助", indicator="1.9"),)))) == ["1"]
    assert check_plan(plan(task(funds=(FundRule(what="补助", amount="1500", per="人"),)))) == []


def test_an_empty_plan_and_a_wrong_name():
    assert "" in hard(msgspec.structs.replace(plan(), tasks=()))
    assert hard(plan(id="2024/1")) == [""]
    assert notes(plan(issued=date(2019, 1, 1))) == [""]
    assert hard(plan(task(indicators=()))) == ["1"]


def test_hard_findings_come_first():
    found = check_plan(plan(task(indicator(target="多"), lead=())))
    assert [finding.level for finding in found] == ["hard", "note"]
