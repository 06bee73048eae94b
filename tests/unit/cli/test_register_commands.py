"""register, problem, fund, report copy: from the command line, with --json and refusals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl


def test_a_register_from_adding_to_closing(
    city: Any, desk: Callable[[str], Path], taizhang: Any, refused: Any
):
    town = desk(city.town)
    words = (
        "register",
        "add",
        "estates",
        "--set",
        "estate=南门小区",
        "--set",
        "managed=未管",
        "--task",
        "40",
    )
    key = taizhang("--json", *words, at=town).json["subject"].rsplit("/", 1)[1]
    refused(*words, at=town, saying="已经有一条")
    refused("register", "close", key, at=town, saying="佐证")
    refused("register", "add", "nowhere", at=town, saying="nowhere")
    refused("register", "update", key, "--set", "managed=不明", at=town, saying="管理方式")
    photo = town / "p.png"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n" + b"3" * 64)
    assert taizhang("attach", photo, "--to", key, at=town).status == 0
    assert taizhang("register", "close", key, "--set", "managed=社区代管", at=town).status == 0
    rows = taizhang("--json", "register", "show", "无物业小区", at=town).json["records"]
    (row,) = [row for row in rows if row["subject"].endswith(key)]
    assert row["closed"] and row["values"]["managed"] == "社区代管" and row["evidence"] == 1
    assert taizhang("register", "void", key, "--reason", "记重了", at=town).status == 0
    assert key not in taizhang("register", "show", "estates", at=town).out
    assert "南门小区" in taizhang("log", row["subject"], at=town).out


def test_every_register_is_listed_with_its_columns(city: Any, taizhang: Any):
    listed = taizhang("--json", "register", "list", at=city.desk(city.town)).json["registers"]
    assert len(listed) == len({row["register"] for row in listed}) > 50
    columns = taizhang("--json", "register", "columns", "children", at=city.desk(city.town)).json["columns"]
    assert {column["key"] for column in columns if column["personal"]} == {"name", "id_number"}


def test_summary_missed_and_freeze(city: Any, desk: Callable[[str], Path], taizhang: Any, refused: Any):
    county = desk(city.county)
    areas = taizhang("--json", "register", "summary", "children", "--on", "2024-05-31", at=county).json[
        "areas"
    ]
    assert {row["net"] for row in areas} == {3}
    missed = taizhang("--json", "register", "missed", "children", "--month", "2024-05", at=county).json
    assert missed["month"] == "2024-05"
    refused("register", "missed", "estates", at=county, saying="没有规定每月")
    refused("register", "freeze", "--task", "99", at=county, saying="没有可以冻结")


def test_problem_steps(city: Any, desk: Callable[[str], Path], taizhang: Any, refused: Any):
    town = desk(city.town)
    added = taizhang("--json", "problem", "add", "12", "电力增容未批复", "--due", "2024-05-20", at=town)
    key = added.json["subject"].rsplit("/", 1)[1]
    for step in (
        ("assign", key, city.bureau, "--due", "2024-06-30"),
        ("escalate", key),
        ("answer", key, "已去函", "--status", "doing"),
        ("close", key, "--answer", "已批复"),
        ("recheck", key, "--again", "--note", "又退回来了"),
        ("close", key, "--answer", "再次批复"),
        ("reopen", key, "--reason", "群众说没通电"),
    ):
        assert taizhang("problem", *step, at=town).status == 0, step
    rows = taizhang("--json", "problem", "list", at=town).json["problems"]
    (row,) = [row for row in rows if row["subject"].endswith(key)]
    assert row["status"] == "open" and row["reopened"] and row["answers"][0]["text"] == "已去函"
    refused("problem", "recheck", key, "--held", at=town, saying="没有销号")
    refused("problem", "assign", key, "nowhere", at=town, saying="nowhere")


def test_funds(city: Any, desk: Callable[[str], Path], taizhang: Any):
    county = desk(city.county)
    words = ("fund", "record", "13", "--level", "county", "--planned", "50000", "--date", "2024-05-02")
    assert taizhang(*words, at=county).status == 0
    funds = taizhang("--json", "fund", "summary", "--period", "2024-05", at=county).json["funds"]
    (row,) = [row for row in funds if row["task"] == 13]
    assert row["planned"] == {"county": 50000} and row["reference"] > 0
    assert "未定" in taizhang("fund", "summary", "--period", "2024-05", "--task", "12", at=county).out
    assert any(row["planned"] == 50000 for row in taizhang("--json", "fund", "list", at=county).json["funds"])


def test_a_reading_copy_holds_a_lead_s_tasks_alone(city: Any, taizhang: Any, refused: Any, tmp_path: Path):
    top = city.desk(city.code)
    out = tmp_path / "copy.xlsx"
    made = taizhang(
        "--json", "report", "copy", "--lead", "市民政局", "--period", "2024-04", "--out", out, at=top
    )
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["进度", "任务原文", "节点", "问题", "督办"]
    shown = {row[0] for row in book["进度"].iter_rows(min_row=3, values_only=True)}
    assert shown == set(made.json["tasks"]) and 4 in shown and 1 not in shown
    refused("report", "copy", "--lead", "市没有局", "--out", out, at=top, saying="市没有局")


def test_the_log_is_found_by_a_short_number(city: Any, desk: Callable[[str], Path], taizhang: Any):
    town = desk(city.town)
    subject = taizhang("--json", "problem", "add", "4", "专款没到", at=town).json["subject"]
    short = subject.rsplit("/", 1)[1]
    assert "专款没到" in taizhang("log", short, at=town).out
    assert taizhang("--json", "log", short, at=town).json == taizhang("--json", "log", subject, at=town).json


def test_lists_speak_the_reader_s_language(city: Any, desk: Callable[[str], Path], taizhang: Any):
    county = desk(city.county)
    taizhang("fund", "record", "13", "--level", "province", "--arrived", "1234567.5", at=county)
    money = taizhang("fund", "list", "--task", "13", at=county).out
    assert "1,234,567.50" in money and "省级" in money and "province" not in money
    taizhang("problem", "add", "30", "夜市油烟", "--domain", "油烟", at=county)
    listed = taizhang("problem", "list", "--domain", "油烟", at=county).out
    assert "夜市油烟" in listed and "未解决" in listed and "open" not in listed
    assert "办结率" in taizhang("register", "summary", "checklists", at=county).out
