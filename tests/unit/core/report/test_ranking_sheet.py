"""The ranking's workbook: its rule, ties and missing reports stand in it; heads tell their indicator."""

from __future__ import annotations

import io
from fractions import Fraction

import openpyxl
import pytest

from desktop_app.core.report.ranking import RankLine, RankTable, build


def line(
    name: str, place: int | None, score: Fraction | None, tied: bool = False, note: str = ""
) -> RankLine:
    return RankLine(
        area=name, name=name, place=place, tied=tied, score=score, cells=("1 / 2", "22", "50%"), note=note
    )


@pytest.fixture
def table() -> RankTable:
    return RankTable(
        task=26,
        title="26. 健康口腔行动排名",
        label="2024年二季度",
        heads=("分子 / 分母", "目标（%）", "完成率"),
        of=("涂氟覆盖率",) * 3,
        score="完成率",
        lines=(
            line("甲县", 1, Fraction(9, 10), tied=True),
            line("乙县", 1, Fraction(9, 10), tied=True),
            line("丙县", 3, Fraction(1, 2)),
            line("丁县", 4, None, note="从未报送"),
        ),
        rules=("名次按完成率从高到低。", "得分相同的并列。", "从未报送的排在最后。"),
        quote="季排名",
    )


def made(table: RankTable) -> list[list[object]]:
    content = build([table], plan="2024年民生实事", unit="云川市", made="2024-07-08T09:00:00")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]


def test_places_ties_and_missing_reports_are_stated(table):
    rows = made(table)
    assert [row[0] for row in rows[3:7]] == ["1（并列）", "1（并列）", "3", "4"]
    assert rows[6][-1] == "从未报送"
    said = "".join(str(row[0]) for row in rows[7:] if row)
    for words in (*table.rules, "依据：季排名"):
        assert words in said


def test_every_head_tells_what_it_is_of(table):
    assert made(table)[2][3:6] == ["涂氟覆盖率分子 / 分母", "涂氟覆盖率目标（%）", "涂氟覆盖率完成率"]


def test_the_same_ranking_is_the_same_file(table):
    files = {build([table], plan="p", unit="u", made="2024-07-08T09:00:00") for _time in range(2)}
    assert len(files) == 1
