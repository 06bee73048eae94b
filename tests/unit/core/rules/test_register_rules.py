"""Checks of a register's row: each kind of bound as the declaration words it."""

from __future__ import annotations

import pytest

from desktop_app.core.model.register import declared, passed
from desktop_app.core.rules import register_rules as rules


def words(register: str, task: int = 0, **values: str) -> tuple[str, ...]:
    found = declared().get(register)
    assert found is not None
    return rules.row_warnings(found, values, task)


def test_three_parties_each_and_together():
    full = {"county": "10000", "village": "10000", "donated": "10000"}
    assert words("societies", **full) == ()
    assert words("societies", **full | {"donated": "9999.99"}) == (
        "社会捐赠不到 10000 元。",
        "三方合计不到 30000 元。",
    )
    assert words("societies", county="10000", village="10000") == (), (
        "a sum is short only once all parts are there"
    )


@pytest.mark.parametrize(
    ("investment", "amount", "expected"),
    [
        ("2000000", "200000", ()),
        ("2000000", "200000.01", ("超过投资总额的 10%。",)),
        ("5000000", "300000", ()),
        ("5000000", "300001", ("超过 300000 元上限。",)),
        ("", "300001", ("超过 300000 元上限。",)),
    ],
)
def test_cap_is_the_smaller_of_ten_percent_and_300000(
    investment: str, amount: str, expected: tuple[str, ...]
):
    assert words("subsidies", 44, investment=investment, amount=amount) == expected


def test_the_cap_holds_for_its_own_task_alone():
    assert words("subsidies", 46, investment="10", amount="300001") == ()


def test_paid_only_after_acceptance():
    assert words("subsidies", paid="2024-05-01") == ("还没有验收或认定就支付了。",)
    assert words("subsidies", paid="2024-05-01", accepted="2024-05-02") == ("支付早于验收或认定。",)
    assert words("subsidies", paid="2024-05-02", accepted="2024-05-02") == ()


def test_no_second_award():
    assert words("subsidies", 44, earlier="是") == ("已享受上级奖补，不能再补。",)
    assert words("subsidies", 44, earlier="否") == ()


def test_a_standard_rises_by_what_is_asked():
    assert words("standards", old="700", new="731.5", rise="4.5") == ()
    assert words("standards", old="700", new="731.4", rise="4.5") == ("没有达到要求的增幅。",)
    assert words("standards", new="999", floor="1000") == ("低于下限。",)


def test_a_monitoring_line_by_class_until_it_is_passed_on():
    assert words("costs", line="15000", cost="15000") == ("达到监测标准，还没有推送。",)
    assert words("costs", line="30000", cost="29999") == ()
    assert words("costs", line="15000", cost="15000", pushed="2024-05-02") == ()


def test_the_first_class_that_fits_is_the_result():
    assert words("classing", class1="否", class2="是", class3="是", result="低保") == ()
    assert words("classing", class1="否", class2="是", class3="是", result="低保边缘") != ()
    assert words("classing", class1="否", class2="否", class3="否", class4="否", result="不符合") == ()


def test_standard_of_an_institution_by_its_class():
    assert words("institutions", **{"class": "二类", "standard": "5999"}) == ("二类机构低于 6000 元。",)
    assert words("institutions", **{"class": "一类", "standard": "5999"}) == ()


def test_a_gate_lets_through_what_passed_and_has_a_date():
    assert passed("acceptance", {"conclusion": "合格", "date": "2024-05-02"}) == "2024-05-02"
    assert passed("acceptance", {"conclusion": "不合格", "date": "2024-05-02"}) is None
    assert passed("acceptance", {"conclusion": "合格"}) is None
    assert passed("visits", {"date": "2024-05-02"}) is None


def test_on_a_day_and_in_a_month():
    roster = declared().get("children")
    assert roster is not None
    row = {"entry": "2024-02-10", "exit": "2024-05-20"}
    assert [rules.is_on(roster, row, day) for day in ("2024-02-09", "2024-02-10", "2024-05-19", "2024-05-20")] == [
        False, True, True, False,
    ]  # fmt: skip
    assert [rules.in_month(roster, row, month) for month in ("2024-01", "2024-02", "2024-05", "2024-06")] == [
        False, True, True, False,
    ]  # fmt: skip


def test_the_same_said_twice_whatever_the_signs():
    found = rules.duplicates(
        [("a", ("东关 菜市",)), ("b", ("东关菜市",)), ("c", ("西关",)), ("d", ("",)), ("e", ("",))]
    )
    assert found == {"a": ["b"], "b": ["a"]}


def test_steps_follow_one_another():
    steps = ("申请", "审核审批", "制定方案", "实施改造", "竣工验收", "资料归档")
    in_order = {"申请": "2024-03-01", "制定方案": "2024-03-01", "资料归档": "2024-05-01"}
    assert rules.out_of_order(in_order, steps) is None
    assert rules.out_of_order(in_order | {"竣工验收": "2024-05-02"}, steps) == ("资料归档", "竣工验收")


def test_every_register_is_whole():
    """What one declaration names in another, or in itself, is there."""
    every = declared()
    keys = {register.key for register in every.registers}
    groups = {group.key for group in every.groups}
    assert len(keys) == len(every.registers) and {r.group for r in every.registers} == groups
    for register in every.registers:
        columns = {column.key for column in register.columns}
        named = {
            *register.unique,
            *register.total,
            register.called_by,
            register.entry,
            register.exit,
            register.number,
        }
        for check in register.checks:
            named |= {
                *check.columns,
                check.of,
                check.above,
                check.below,
                check.rise,
                check.after,
                check.needs,
            }
            named |= {check.first, check.unless, *check.when}
        for span in register.spans:
            named |= {span.start, span.end}
        assert named - {""} <= columns, register.key
        assert not register.log or register.log in keys
        assert register.about in ("", "site", "problem") or register.about.split("/")[1] in keys, register.key
        assert not columns & {"task", "status", "due", "to", "about", "reason"}, register.key
        assert not register.freezes or register.step("frozen"), register.key
        assert not register.proof or register.closing, register.key
        assert len({column.title for column in register.columns}) == len(register.columns), register.key
