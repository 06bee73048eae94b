"""Registers on a real desk: rows, numbers, proof, freezing, missed visits, duplicates, acceptance, the sheet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core.errors import InputError, ReasonNeeded, RuleError
from desktop_app.core.model.period import Period
from desktop_app.core.operations import (
    evidence,
    exporting,
    keyring,
    personal_fields,
    register_writing,
    registers,
    site_list,
    site_writing,
)
from desktop_app.core.operations.situation import Situation
from desktop_app.core.package.verify import open_package

MONTH = "2024-05"


@pytest.fixture
def town(city: Any, opened: Callable[[str], Any]) -> Any:
    return opened(city.town)


@pytest.fixture
def county(city: Any, opened: Callable[[str], Any]) -> Any:
    return opened(city.county)


def add(desk: Any, register: str, **values: object) -> str:
    return register_writing.save(desk, register, None, values)[1]


def test_cells_are_checked_and_kept_as_typed(town: Any):
    row = add(town, "visits", date="2024/5/8", visitor="周玉兰", task="20")
    shown = registers.row(town, row)
    assert shown.values == {"date": "2024-05-08", "visitor": "周玉兰"} and shown.task == 20
    for register, values in (
        ("visits", {"date": "5月", "visitor": "x"}),
        ("visits", {"visitor": "x"}),
        ("visits", {"date": "2024-05-08", "visitor": "x", "nowhere": "y"}),
        ("visits", {"date": "2024-05-08", "visitor": "x", "task": "99"}),
        ("estates", {"estate": "北苑", "managed": "不知道"}),
        ("estates", {"estate": "北苑", "managed": "未管", "homes": "3千"}),
        ("nowhere", {}),
    ):
        with pytest.raises(InputError):
            add(town, register, **values)
    assert [
        view.subject for view in registers.rows(town, "visits") if view.task == 20 and view.subject == row
    ]


def test_personal_columns_are_sealed_and_never_in_the_entry(town: Any):
    row = add(town, "children", code="E1", name="王小明", kind="分散养育", entry="2024-01-05")
    head = town.store.ledger.head(row)
    assert "name" not in head.body.fields and head.body.sealed
    line = town.store.connection.execute("SELECT body FROM head WHERE subject = ?", (row,)).fetchone()["body"]
    assert "王小明" not in line
    town.unlock("demo")
    assert personal_fields.open_personal(town, head.body.sealed) == {"name": "王小明"}
    register_writing.save(town, "children", row, {"id_number": "E99"})
    sealed = town.store.ledger.head(row).body.sealed
    assert personal_fields.open_personal(town, sealed) == {"name": "王小明", "id_number": "E99"}


def test_an_id_number_in_an_open_column_is_refused(town: Any):
    with pytest.raises(RuleError):
        add(town, "visits", date="2024-05-08", visitor="110101199003074514")


def test_only_its_level_keeps_a_register(town: Any):
    with pytest.raises(RuleError, match="市级、县区"):
        add(town, "orders", title="x")


def test_orders_are_numbered_and_late_until_answered(
    city: Any, opened: Callable[[str], Any], monkeypatch: Any
):
    top = opened(city.code)
    before = [view.values["number"] for view in registers.rows(top, "orders")]
    first = add(top, "orders", title="甲", to=city.county, due="2024-06-03")
    second = add(top, "orders", title="乙", to="县住建局", due="2024-06-03", number="特1号")
    shown = registers.row(top, first)
    assert shown.values["number"] == f"〔2024〕{len(before) + 1}号"
    assert registers.row(top, second).values["number"] == "特1号"
    monkeypatch.setenv("TAIZHANG_TODAY", "2024-06-10")
    assert registers.row(top, first).overdue == 7
    assert registers.counts(top)["orders"][2] >= 2
    register_writing.close(top, first)
    assert registers.row(top, first).overdue == 0 and registers.row(top, first).closed


def test_closing_wants_proof_where_the_register_says_so(town: Any, tmp_path: Path):
    row = add(town, "accounts", item="过渡费 3 户", kind="过渡费")
    with pytest.raises(RuleError, match="佐证"):
        register_writing.close(town, row)
    paper = tmp_path / "a.txt"
    paper.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 64)
    evidence.attach(town, [paper], [row])
    register_writing.close(town, row)
    shown = registers.row(town, row)
    assert shown.closed and shown.evidence == 1 and shown.values["closed"]


def test_a_frozen_baseline_refuses_everything(county: Any):
    row = add(county, "baseline", item="户数", count="120", date="2023-12-01", task=14)
    register_writing.freeze(county, "baseline", task=14)
    for refused in (
        lambda: register_writing.save(county, "baseline", row, {"count": "121"}),
        lambda: add(county, "baseline", item="户数", count="1", date="2023-12-01", task=14),
        lambda: register_writing.void(county, row, "数错了"),
    ):
        with pytest.raises(RuleError, match="已经冻结"):
            refused()
    assert registers.row(county, row).values["count"] == "120"
    # Another task's is counted on its own.
    add(county, "baseline", item="户数", count="7", date="2023-12-01", task=9)


def test_the_same_twice_wants_a_reason(town: Any):
    add(town, "estates", estate="东方 花园", managed="未管")
    with pytest.raises(ReasonNeeded, match="东方花园"):
        add(town, "estates", estate="东方花园", managed="未管")
    row = add(town, "estates", estate="东方花园", managed="未管", reason="两个小区同名")
    assert any("重复" in words for words in registers.row(town, row).warnings)


def test_missed_visits_and_the_net_number_of_a_roster(town: Any):
    gone = add(town, "children", code="Q1", kind="分散养育", entry="2024-01-05", exit="2024-04-30")
    seen = add(town, "children", code="Q2", kind="分散养育", entry="2024-01-05")
    missed = add(town, "children", code="Q3", kind="分散养育", entry="2024-05-31")
    add(town, "visits", about=seen, date="2024-05-08", visitor="x")
    add(town, "visits", about=missed, date="2024-04-08", visitor="x")
    found = {view.subject: view.last for view in registers.missed(town, "children", MONTH)}
    assert missed in found and found[missed] == "2024-04-08"
    assert seen not in found and gone not in found

    def net(day: str) -> int:
        (line,) = [line for line in registers.summary(town, "children", day) if line.area == town.unit_code]
        assert line.net is not None
        return line.net

    assert net("2024-05-30") - net("2024-06-01") == -1
    assert net("2024-04-29") - net("2024-04-30") == 1
    with pytest.raises(InputError):
        registers.missed(town, "estates", MONTH)


def test_a_row_belongs_only_to_what_its_register_names(town: Any):
    estate = add(town, "estates", estate="甲", managed="未管")
    with pytest.raises(InputError, match="走访记录"):
        add(town, "visits", about=estate, date="2024-05-08", visitor="x")


def test_a_site_counts_once_its_acceptance_is_passed(town: Any, county: Any):
    indicator = town.plan.indicator("29.1")
    assert indicator.acceptance
    stages = dict.fromkeys(indicator.stages, "2024-05-10")
    fields = {"name": "北沟", "quantities": {"29.1": "1"}, "completed": "2024-05-10", "stages": stages}
    site = site_writing.save_site(town, None, fields)[1]
    paper = town.root / "p.png"
    paper.write_bytes(b"\x89PNG\r\n\x1a\n" + b"1" * 64)
    evidence.attach(town, [paper], [site])

    def total() -> Any:
        return Situation(town, Period.parse(MONTH)).figure(indicator, town.unit_code).value

    def state() -> Any:
        return next(view for view in site_list.sites(town, "29.1") if view.subject == site)

    before = total()
    assert not state().counts and "验收" in state().why_not
    row = add(town, "acceptance", about=site, kind="评估验收", date="2024-05-20", conclusion="不合格")
    assert total() == before and not state().counts
    register_writing.save(town, "acceptance", row, {"conclusion": "合格"})
    assert total() == before + 1 and state().counts
    # Accepted in June: May's figure does not hold it yet.
    register_writing.save(town, "acceptance", row, {"date": "2024-06-02"})
    assert total() == before
    register_writing.void(town, row, "记错了地方")
    assert total() == before and not state().counts
    rows = town.store.connection.execute("SELECT * FROM site_quantity ORDER BY 1, 2, 3").fetchall()
    town.store.rebuild()
    again = town.store.connection.execute("SELECT * FROM site_quantity ORDER BY 1, 2, 3").fetchall()
    assert [tuple(line) for line in rows] == [tuple(line) for line in again]


def test_steps_out_of_order_want_a_reason(town: Any):
    stages = {"申请": "2024-05-10", "审核审批": "2024-05-02"}
    fields = {"name": "一户", "quantities": {"13.1": "1"}, "stages": stages}
    with pytest.raises(ReasonNeeded, match="审核审批"):
        site_writing.save_site(town, None, fields)
    site_writing.save_site(town, None, fields | {"reason": "补登记"})


def test_import_takes_all_rows_or_none(town: Any, tmp_path: Path):
    before = len(registers.rows(town, "visits"))
    table = tmp_path / "v.csv"
    table.write_text("走访日期,走访人\n2024-05-01,甲\n五月二日,乙\n", encoding="utf-8")
    with pytest.raises(InputError, match="第 3 行"):
        register_writing.import_rows(town, "visits", table)
    assert len(registers.rows(town, "visits")) == before
    import openpyxl

    book = openpyxl.Workbook()
    for row in (("走访日期", "走访人"), (datetime(2024, 5, 1), "甲"), ("2024年5月2日", "乙")):
        book.active.append(row)
    table = tmp_path / "v.xlsx"
    book.save(table)
    assert register_writing.import_rows(town, "visits", table, task=20).entries == 2
    days = [
        view.values["date"] for view in registers.rows(town, "visits") if view.values["visitor"] in "甲乙"
    ]
    assert len(registers.rows(town, "visits")) == before + 2 and sorted(days) == ["2024-05-01", "2024-05-02"]


def test_the_sheet_in_the_package_says_what_the_journal_says(town: Any, tmp_path: Path):
    add(town, "estates", estate="南苑；二期\n东门", managed="未管", homes="86")
    head = next(iter(town.store.ledger.heads("problem")), None)
    if head is not None:
        register_writing.answer(town, head.subject, "已约供电公司，电话 13800138000", day="2024-05-20")
    done = exporting.export(town, Period.parse(MONTH), tmp_path, filled="甲", checked="乙", responsible="丙")
    roots = keyring.roots(town)
    with open_package(done.files[0].path, roots) as package:
        assert package.notes == ()
    import openpyxl

    book = openpyxl.load_workbook(done.files[0].path)
    assert "台账册" in book.sheetnames
    cells = [
        cell for row in book["台账册"].iter_rows(values_only=True) for cell in row if isinstance(cell, str)
    ]
    assert any("小区：南苑；二期 东门" in cell for cell in cells)
    if head is not None:
        said = [
            cell for row in book["答复"].iter_rows(values_only=True) for cell in row if isinstance(cell, str)
        ]
        assert not any("13800138000" in cell for cell in said), "telephone numbers are masked on sheets"


def test_what_was_settled_is_looked_at_again_and_opened(town: Any, tmp_path: Path):
    row = add(town, "accounts", item="安置房三号楼", kind="办证", task="41")
    proof = tmp_path / "证.pdf"
    proof.write_bytes(b"%PDF-1.4\n%%EOF")
    evidence.attach(town, [proof], [row])
    register_writing.close(town, row, {"closed": "2024-05-10"})
    register_writing.save(town, "accounts", row, {"rechecked": "2024-05-09"})
    assert any("早于销号" in words for words in registers.row(town, row).warnings)
    register_writing.save(town, "accounts", row, {"rechecked": "2024-06-01", "recheck": "又出现了"})
    shown = registers.row(town, row)
    assert shown.closed and any("重新打开" in words for words in shown.warnings)
    register_writing.save(town, "accounts", row, {"status": "open"})
    assert not registers.row(town, row).closed
    assert registers.counts(town)["accounts"][1] == 1, "it is an open balance once more"


def test_one_grant_for_the_same_degree_and_its_three_steps(town: Any):
    values = {"code": "S-1", "programme": "残疾学生资助", "level": "专科"}
    first = add(town, "grants", **values, listed="2024-05-02")
    assert any("没有审核" in words for words in registers.row(town, first).warnings)
    register_writing.save(town, "grants", first, {"reviewed": "2024-05-03"})
    assert any("早于审核" in words for words in registers.row(town, first).warnings)
    register_writing.save(town, "grants", first, {"reviewed": "2024-05-01", "paid": "2024-05-20"})
    assert registers.row(town, first).warnings == ()
    with pytest.raises(ReasonNeeded):
        add(town, "grants", **(values | {"programme": "另一个项目"}))
    add(town, "grants", **(values | {"level": "本科"}))


def test_a_standard_that_leans_on_another(county: Any):
    row = add(county, "standards", item="特困", old="1000", new="1100", base="900", over="30", rise="5")
    assert [words for words in registers.row(county, row).warnings] == ["没有高出参照标准规定的幅度。"]
    register_writing.save(county, "standards", row, {"new": "1170"})
    assert registers.row(county, row).warnings == (), "1.3 times 900 is enough"
    register_writing.save(county, "standards", row, {"rise": "20"})
    assert registers.row(county, row).warnings == ("没有达到要求的增幅。",)


def test_an_area_that_pays_monthly_and_did_not(town: Any):
    assert registers.missed(town, "payments", MONTH) == []
    april = add(town, "payments", month="2024-04", people="12", amount="1032", task="15")
    register_writing.close(town, april, {"paid": "2024-04-20"})
    (late,) = registers.missed(town, "payments", MONTH)
    assert (late.area_name, late.last) == (town.unit.name, "2024-04")
    may = add(town, "payments", month=MONTH, people="12", amount="1032", task="15")
    assert registers.missed(town, "payments", MONTH), "entered and not yet paid"
    register_writing.close(town, may, {"paid": "2024-05-20"})
    assert registers.missed(town, "payments", MONTH) == []
    with pytest.raises(InputError):
        registers.missed(town, "budget", MONTH)
