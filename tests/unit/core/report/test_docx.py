"""Papers in Word: the measures of GB/T 9704, no mark of an issued paper, the same bytes every time."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from desktop_app.core.report import docx_style
from desktop_app.core.report.document import (
    Document,
    Heading,
    Paragraph,
    Table,
    characters,
    ordinal,
    signature_indents,
    title_lines,
)


@pytest.fixture
def paper() -> Document:
    return Document(
        title="关于2024年民生实事6月进展情况的通报",
        made="2024-07-08T09:00:00",
        mark="代拟稿",
        addressee="各县（区）人民政府：",
        blocks=(
            Heading(1, "一、总体进展情况"),
            Paragraph("50项中，已完成3项。", lead="（一）总体。"),
            Table(
                heads=("单位", "完成"), rows=(("甲县", "40%"), ("乙县", "35%")), widths=(78, 78), right=(1,)
            ),
        ),
        annexes=("完成情况表", "滞后事项清单"),
        signed="云川市",
        dated="2024年7月8日",
    )


def made(document: Document):
    return docx.Document(io.BytesIO(docx_style.build(document)))


def test_the_page_is_that_of_the_standard(paper):
    section = made(paper).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert round(section.top_margin.mm) == 37 and round(section.left_margin.mm) == 28
    assert round(section.page_width.mm - section.left_margin.mm - section.right_margin.mm) == 156
    assert round(section.page_height.mm - section.top_margin.mm - section.bottom_margin.mm) == 225


def test_letters_are_those_of_the_standard(paper):
    paragraphs = {p.text: p for p in made(paper).paragraphs}

    def letters(text: str) -> tuple[str, float]:
        run = next(p for words, p in paragraphs.items() if words.startswith(text)).runs[0]
        east = run._r.rPr.rFonts.get("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia")
        return east, run.font.size.pt

    assert letters("关于") == ("方正小标宋简体", 22)
    assert letters("一、") == ("黑体", 16)
    assert letters("（一）") == ("楷体_GB2312", 16)
    assert letters("各县") == ("仿宋_GB2312", 16)


def test_it_is_a_draft_and_no_issued_paper(paper):
    """No red head, no number, no seal: a person issues it."""
    content = docx_style.build(paper)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not [name for name in parts.namelist() if name.startswith("word/media/")]
        body = parts.read("word/document.xml").decode()
    assert "（代拟稿）" in body
    assert "FF0000" not in body.upper() and "〔" not in body


def test_the_same_paper_is_the_same_file(paper):
    assert docx_style.build(paper) == docx_style.build(paper)


def test_table_lines_are_not_pulled_apart_to_the_page_s_grid(paper):
    cell = made(paper).tables[0].rows[1].cells[0].paragraphs[0]
    grid = cell._p.pPr.find("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}snapToGrid")
    assert grid is not None
    assert cell.paragraph_format.line_spacing.pt == pytest.approx(17)


def test_nothing_stands_alone(paper):
    """A heading goes with what follows it, the signature with what stands before it."""
    paragraphs = made(paper).paragraphs
    texts = [p.text for p in paragraphs]
    assert paragraphs[texts.index("一、总体进展情况")].paragraph_format.keep_with_next
    last = next(n for n, text in enumerate(texts) if text.startswith("2.滞后"))
    assert all(p.paragraph_format.keep_with_next for p in paragraphs[last : texts.index("2024年7月8日")])


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("督办单", ["督办单"]),
        (
            "关于2024年50项民生实事（样例）6月进展情况的通报",
            ["关于2024年50项民生实事", "（样例）6月进展情况的通报"],
        ),
    ],
)
def test_long_titles_break_where_the_meaning_allows(title, lines):
    assert title_lines(title) == lines


def test_a_title_is_never_longer_than_its_line():
    for name in (
        "2024年50项民生实事（样例）年终完成情况",
        "关于云川市2025年度民生实事项目三季度进展情况的通报",
    ):
        assert all(characters(line) <= 18 for line in title_lines(name))
        assert "".join(title_lines(name)) == name


def test_counting_in_chinese():
    assert [ordinal(n) for n in (1, 10, 12, 20, 30, 99)] == ["一", "十", "十二", "二十", "三十", "九十九"]


@pytest.mark.parametrize("unit", ["云川市", "云川市民生办公室", "云川市人民政府办公室"])
def test_the_date_begins_two_characters_right_of_the_unit(unit):
    dated = "2024年7月8日"
    inset, day = signature_indents(unit, dated)
    assert (inset + characters(unit)) - (day + characters(dated)) == 2
    assert min(inset, day) >= 2
