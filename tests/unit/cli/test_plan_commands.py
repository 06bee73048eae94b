"""plan import, adopt, change: from a notice's file to lights, and two years side by side."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

NOTICES = Path(__file__).resolve().parents[2] / "data" / "notices"


@pytest.fixture(scope="module")
def notices(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    sys.path.insert(0, str(NOTICES))
    try:
        import make_notices as make
    finally:
        sys.path.remove(str(NOTICES))
    found: dict[str, Path] = make.write_all(tmp_path_factory.mktemp("notices"))
    return found


@pytest.fixture
def settled(notices: dict[str, Path], tmp_path: Path, taizhang: Callable[..., Any]) -> Callable[[str], Path]:
    """A draft read from a fixture, its doubts moved to where they are settled."""

    def make_draft(name: str) -> Path:
        out = tmp_path / f"{name}.json"
        assert taizhang("plan", "import", notices[name], "--out", out).status == 0
        draft = json.loads(out.read_text(encoding="utf-8"))
        for part in [draft, *draft["tasks"]]:
            part["settled"] += part.pop("doubts")
            part["doubts"] = []
        out.write_text(json.dumps(draft, ensure_ascii=False), encoding="utf-8")
        return out

    return make_draft


def test_import_answers_as_agreed(taizhang: Any, notices: dict[str, Path], tmp_path: Path) -> None:
    answer = taizhang("plan", "import", notices["masked"], "--json", "--out", tmp_path / "d.json")
    assert answer.status == 0
    told = answer.json
    assert (told["title"], told["year"]) == ("**市2025年20项民生实事实施方案", 2025)
    task = told["tasks"][1]
    assert task["no"] == 2 and task["category"] == "养老托育"
    assert task["target"] == "新增托位1300个,其中普惠托位900个。"
    assert task["lead"] == ["****发展局", "市教育局"]
    assert task["measures"][1] == "给3—6岁幼儿办延时班。"
    wanted = {"name": "新增托位", "op": "==", "value": 1300, "unit": "个", "quote": "1300个"}
    assert wanted.items() <= task["indicators"][0].items()
    assert {"date": "2025-06-30", "what": "完成选址"}.items() <= task["deadlines"][0].items()
    assert all(isinstance(doubt, str) for doubt in task["doubts"])
    assert told["tasks"][4]["indicators"][0]["baseline"] == 88.5
    assert (tmp_path / "d.json").exists()


def test_import_for_people(taizhang: Any, notices: dict[str, Path]) -> None:
    answer = taizhang("plan", "import", notices["plain"])
    assert answer.status == 0
    assert "新建农村供水站  == 12 座  「12座」" in answer.out
    assert "4 项任务，0 条措施，1 处疑点要定。" in answer.out


def test_import_refuses_what_is_no_notice(refused: Any, notices: dict[str, Path], tmp_path: Path) -> None:
    other = tmp_path / "a.pdf"
    other.write_bytes(b"%PDF-1.4")
    refused("plan", "import", other, saying="docx")
    refused("plan", "import", notices["picture_only"], saying="只有图片")
    refused("plan", "import", tmp_path / "none.docx", saying="打不开")


def test_unsettled_draft_is_not_adopted(
    refuses: Any, desk: Any, taizhang: Any, notices: dict[str, Path], tmp_path: Path
) -> None:
    out = tmp_path / "d.json"
    taizhang("plan", "import", notices["masked"], "--out", out)
    refuses(desk("990100"), "plan", "adopt", out, saying="疑点没有定")
    out.write_text('{"tasks": [{"doubts": 3}]}', encoding="utf-8")
    refuses(desk("990100"), "plan", "adopt", out, saying="不是方案草稿")


def test_only_the_city_adopts(refuses: Any, desk: Any, settled: Any) -> None:
    refuses(desk("990101"), "plan", "adopt", settled("word_table"), saying="市级")


def test_years_stand_side_by_side(
    taizhang: Any, desk: Any, settled: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = desk("990100")
    before = taizhang("tasks", "--period", "2024-05", "--json", at=here).json
    assert taizhang("plan", "adopt", settled("word_table"), at=here).status == 0
    monkeypatch.setenv("TAIZHANG_TODAY", "2024-12-20")
    assert taizhang("plan", "show", "--json", at=here).json["year"] == 2024
    assert taizhang("tasks", "--period", "2024-05", "--json", at=here).json == before
    monkeypatch.setenv("TAIZHANG_TODAY", "2025-03-20")
    assert taizhang("plan", "show", "--json", at=here).json["year"] == 2025
    assert taizhang("tasks", "--period", "2024-05", "--json", at=here).json == before
    after = taizhang("tasks", "--period", "2025-02", "--json", at=here).json
    assert after["plan"] == "2025" and len(after["tasks"]) == 5
    assert after["tasks"][0]["indicators"][0]["target"] == 12
    assert taizhang("plan", "show", "--year", "2024", "--json", at=here).json["year"] == 2024


def test_next_years_figures_go_to_next_years_plan(taizhang: Any, desk: Any, settled: Any) -> None:
    here = desk("990100")
    assert taizhang("plan", "adopt", settled("word_table"), at=here).status == 0
    assert taizhang("allocate", "reporter", "1.1", "990100", "990100", at=here).status == 0
    answer = taizhang("record", "1.1", "5", "--period", "2025-02", at=here)
    assert answer.status == 0, answer.err
    after = taizhang("tasks", "--period", "2025-02", "--json", at=here).json
    assert after["tasks"][0]["indicators"][0]["value"] == 5
    before = taizhang("tasks", "--period", "2024-05", "--json", at=here).json
    assert before["plan"] == "2024" and before["tasks"][0]["indicators"][0]["value"] != 5


def twelve(taizhang: Any, here: Path, period: str) -> tuple[Any, Any]:
    tasks = taizhang("tasks", "--period", period, "--json", at=here).json["tasks"]
    (found,) = [item for task in tasks for item in task["indicators"] if item["id"] == "12.1"]
    return found["target"], found["done"]


def test_target_changed_in_mid_year(taizhang: Any, desk: Any) -> None:
    here = desk("990100")
    before = twelve(taizhang, here, "2024-04"), twelve(taizhang, here, "2024-05")
    words = ("--document", "市政办〔2024〕18号", "--effective", "2024-05-20", "--reason", "摸底后核减")
    answer = taizhang("plan", "change", "12.1", "480", *words, "--json", at=here)
    assert answer.status == 0, answer.err
    (change,) = answer.json["changes"]
    assert (change["old"], change["new"], change["effective"]) == (960, 480, "2024-05-20")
    assert change["document"] == "市政办〔2024〕18号" and change["reason"] == "摸底后核减"
    assert twelve(taizhang, here, "2024-04") == before[0]
    target, done = twelve(taizhang, here, "2024-05")
    assert target == 480 and done == pytest.approx(before[1][1] * 2, abs=0.001)
    again = taizhang(
        "plan",
        "change",
        "12.1",
        "600",
        "--document",
        "市政办〔2024〕30号",
        "--effective",
        "2024-09-01",
        "--json",
        at=here,
    )
    assert [(item["old"], item["new"]) for item in again.json["changes"]] == [(960, 480), (480, 600)]
    assert twelve(taizhang, here, "2024-04")[0] == 960
    assert twelve(taizhang, here, "2024-06")[0] == 480
    assert twelve(taizhang, here, "2024-09")[0] == 600
    assert taizhang("rebuild", at=here).status == 0
    assert [twelve(taizhang, here, period)[0] for period in ("2024-04", "2024-06", "2024-09")] == [
        960,
        480,
        600,
    ]


@pytest.mark.parametrize(
    ("words", "saying"),
    [
        (("12.1", "480", "--document", " ", "--effective", "2024-07-01"), "依据文号"),
        (("12.1", "480", "--document", "x", "--effective", "2025-07-01"), "不在 2024 年"),
        (("12.1", "480", "--document", "x", "--effective", "七月"), "不是日期"),
        (("12.1", "0", "--document", "x", "--effective", "2024-07-01"), "大于 0"),
        (("12.1", "多一些", "--document", "x", "--effective", "2024-07-01"), "多一些"),
        (("99.1", "5", "--document", "x", "--effective", "2024-07-01"), "99.1"),
        (("4.1", "1", "--document", "x", "--effective", "2024-07-01"), "状态指标"),
    ],
)
def test_bad_changes(words: tuple[str, ...], saying: str, refuses: Any, desk: Any) -> None:
    refuses(desk("990100"), "plan", "change", *words, saying=saying)


def test_county_changes_no_target(refuses: Any, desk: Any) -> None:
    words = ("12.1", "5", "--document", "x", "--effective", "2024-07-01")
    refuses(desk("990101"), "plan", "change", *words, saying="市级")


def test_changed_target_reaches_the_county(taizhang: Any, desk: Any, tmp_path: Path) -> None:
    here, county = desk("990100"), desk("990101")
    for indicator, value in (("12.1", "480"), ("19.1", "99.5")):
        words = ("--document", "市政办〔2024〕18号", "--effective", "2024-05-20")
        assert taizhang("plan", "change", indicator, value, *words, at=here).status == 0
    sent = taizhang("reply", "--out", tmp_path, "--json", at=here)
    files = [item["path"] for item in sent.json["files"] if "990101" in Path(item["path"]).name]
    assert files and taizhang("merge", *files, at=county).status == 0
    (told,) = taizhang("plan", "changes", "12.1", "--json", at=county).json["changes"]
    assert (told["old"], told["new"]) == (960, 480)
    tasks = taizhang("tasks", "--period", "2024-05", "--json", at=county).json["tasks"]
    (rate,) = [item for task in tasks for item in task["indicators"] if item["id"] == "19.1"]
    assert rate["share"] == 99.5


def test_outgoing_papers_carry_the_notice_s_own_words(
    taizhang: Any, desk: Any, settled: Any, tmp_path: Path
) -> None:
    import docx
    import openpyxl

    here = desk("990100")
    assert taizhang("plan", "adopt", settled("word_table"), at=here).status == 0
    assert taizhang("allocate", "reporter", "1.1", "990100", "990100", at=here).status == 0
    assert taizhang("record", "1.1", "5", "--period", "2025-02", at=here).status == 0
    target = "新建农村供水站12座，改造老旧管网35.5公里，惠及群众4.2万人左右。"
    result, year, bulletin = tmp_path / "r.docx", tmp_path / "y.xlsx", tmp_path / "b.docx"
    at = {"at": here}
    for words in (
        ("report", "result", "1", "--period", "2025-02", "--out", result),
        ("report", "year", "--period", "2025-12", "--out", year),
        ("report", "bulletin", "--period", "2025-02", "--out", bulletin),
    ):
        answer = taizhang(*words, **at)
        assert answer.status == 0, answer.err

    def said(path: Path) -> str:
        document = docx.Document(str(path))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])

    assert target in said(result)
    rows = [row for sheet in openpyxl.load_workbook(year) for row in sheet.iter_rows(values_only=True)]
    assert any(target in row for row in rows)
    assert "海平市2025年5项民生实事工作计划" in said(bulletin)
