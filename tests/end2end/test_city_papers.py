"""The city's papers by command: identical from one cut-off, whatever came later; opened by LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from desktop_app.core import i18n
from desktop_app.core.model.period import Period
from desktop_app.core.operations import cutoffs, recording, scheduling
from desktop_app.ui.paper import QtPaper

MAY = Period(2024, 5, 5)
OFFICE = shutil.which("soffice")


@pytest.fixture(scope="session", autouse=True)
def paper():
    """One for all: Qt's application must outlive what was drawn."""
    return QtPaper()


@pytest.fixture
def made(taizhang, city, desk, tmp_path):
    """made("bulletin", "a.docx", …) → the files a paper's command wrote."""
    home = desk(city.code)

    def make(what: str, name: str, *more: object, period: str = "2024-05") -> list[Path]:
        answer = taizhang(
            "report", what, *more, "--period", period, "--out", tmp_path / name, "--json", at=home
        )
        assert answer.status == 0, answer.err
        return [Path(path) for path in answer.json["files"]]

    return make


def later(workspace, city) -> None:
    """What may come in after a cut-off: a course, a problem, both in the figures of that month."""
    scheduling.set_course(workspace, "12.1", city.county, "steps", {"2024-05-30": "100"})
    recording.save_problem(workspace, None, {"task": 12, "text": "两户联系不上"})


# -- the same from one cut-off -----------------------------------------------------------------------------------------


def test_a_bulletin_from_a_cut_off_is_the_same_whatever_came_later(made, taizhang, city, desk, opened):
    assert taizhang("cutoff", "make", "5月通报", "--period", "2024-05", at=desk(city.code)).status == 0
    asked = ("--cutoff", "5月通报", "--dated", "2024年6月8日")
    first = [path.read_bytes() for path in made("bulletin", "a.docx", *asked)]
    free = [path.read_bytes() for path in made("bulletin", "free.docx")]
    workspace = opened(city.code)
    later(workspace, city)
    workspace.close()
    again = [path.read_bytes() for path in made("bulletin", "b.docx", *asked)]
    assert len(first) == 2 and again == first
    # What came later is told where no cut-off was asked for, so that the sameness above means something.
    assert [path.read_bytes() for path in made("bulletin", "free2.docx")] != free
    # Nor does it hang on what lies ready from the first time.
    shutil.rmtree(desk(city.code) / "cache")
    assert [path.read_bytes() for path in made("bulletin", "c.docx", *asked)] == first


def test_rankings_and_the_year_from_a_cut_off_are_the_same_too(made, taizhang, city, desk, opened):
    taizhang("cutoff", "make", "5月", "--period", "2024-05", at=desk(city.code))

    def files(name: str) -> list[bytes]:
        paths = [
            *made("ranking", f"{name}-rank.xlsx", "--cutoff", "5月"),
            *made("year", f"{name}-year.xlsx", "--cutoff", "5月"),
        ]
        return [path.read_bytes() for path in paths]

    first = files("a")
    workspace = opened(city.code)
    later(workspace, city)
    workspace.close()
    assert files("b") == first


def test_screen_and_command_make_the_same_ranking(made, city, opened, desk, tmp_path, taizhang):
    from desktop_app.core.operations.desk import Desk

    taizhang("cutoff", "make", "5月", "--period", "2024-05", at=desk(city.code))
    (by_command,) = made("ranking", "a.xlsx", "--cutoff", "5月")
    sitting = Desk(opened(city.code))
    tables = sitting.rankings(MAY, cutoff="5月")
    by_screen = sitting.write_rankings(tables, tmp_path / "b.xlsx", MAY, "5月")
    assert by_screen.read_bytes() == by_command.read_bytes()


def test_a_cut_off_cannot_be_taken_twice_nor_made_up(taizhang, refused, city, desk):
    taizhang("cutoff", "make", "5月", "--period", "2024-05", at=desk(city.code))
    refused("cutoff", "make", "5月", "--period", "2024-05", at=desk(city.code), saying="已经有一个叫")
    refused(
        "report",
        "bulletin",
        "--cutoff",
        "无",
        "--out",
        "x.docx",
        at=desk(city.code),
        saying="没有叫“无”的截止点",
    )


# -- as of a day -------------------------------------------------------------------------------------------------------


def test_the_board_as_of_a_past_day_shows_what_had_arrived(opened, city):
    from desktop_app.core.operations import boarding

    workspace = opened(city.code)
    now = boarding.view_of(workspace, MAY)
    then = boarding.view_of(workspace, MAY, day="2024-05-31")
    assert then.note == "按 2024-05-31 收到的数据"
    assert then.received <= now.received
    assert {key: cell.percent for key, cell in then.cells.items()} != {
        key: cell.percent for key, cell in now.cells.items()
    } or now.received == then.received
    found = cutoffs.make(workspace, "此刻", MAY)
    again = boarding.view_of(workspace, cutoff=found.name)
    assert again.cells == now.cells and again.totals == now.totals


def test_a_day_and_a_cut_off_at_once_are_refused(refused, city, desk):
    words = ("report", "board", "--out", "x.pdf", "--as-of", "2024-05-31", "--cutoff", "a")
    refused(*words, status=2, at=desk(city.code), saying="只能选一个")
    refused(
        "report",
        "board",
        "--out",
        "x.pdf",
        "--as-of",
        "五月",
        status=2,
        at=desk(city.code),
        saying="不是日期",
    )
    refused("report", "board", "--out", "x.pdf", "--lead", "无此局", at=desk(city.code), saying="方案里没有")


# -- every paper can be opened -----------------------------------------------------------------------------------------


def page_sizes(path: Path) -> list[tuple[int, int]]:
    with pypdfium2.PdfDocument(path) as document:
        return [tuple(round(side / 72 * 25.4) for side in page.get_size()) for page in document]


def test_boards_and_pages_have_their_paper_s_size(made):
    (a3,) = made("board", "a3.pdf", "--size", "A3")
    (a0,) = made("board", "a0.pdf", "--size", "A0")
    (a4,) = made("board", "a4.pdf", "--size", "A4")
    (course,) = made("schedule", "course.pdf")
    assert page_sizes(a3) == [(420, 297)]
    assert page_sizes(a0) == [(1189, 841)]
    assert page_sizes(a4) == [(210, 297)]
    assert set(page_sizes(course)) == {(420, 297)}


def test_a_phone_s_picture_is_as_wide_as_a_phone(made):
    from PySide6.QtGui import QImage

    (phone,) = made("board", "phone.png", "--size", "phone")
    image = QImage(str(phone))
    assert image.width() == 1080 and 1000 < image.height() < 6000


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_every_paper(made, taizhang, city, desk, tmp_path):
    found = [
        *made("bulletin", "bulletin.docx"),
        *made("ranking", "ranking.xlsx"),
        *made("year", "year.xlsx"),
        *made("meeting", "meeting.docx"),
        *made("result", "result.docx", 12),
    ]
    orders = taizhang("register", "show", "orders", "--json", at=desk(city.code)).json["records"]
    found += made("order", "order.docx", orders[0]["subject"].rsplit("/", 1)[-1])
    assert len(found) == 8
    # One year's report is named like its workbook; each gets a folder, so that neither pdf hides the other.
    for number, path in enumerate(found):
        out = tmp_path / "pdf" / str(number)
        subprocess.run(
            [
                str(OFFICE), f"-env:UserInstallation={(tmp_path / 'office').as_uri()}", "--headless",
                "--convert-to", "pdf", "--outdir", str(out), str(path),
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )  # fmt: skip
        (pdf,) = out.glob("*.pdf")
        assert page_sizes(pdf), path.name
        if path.suffix == ".docx":
            assert set(page_sizes(pdf)) == {(210, 297)}


def test_pdf_twins_of_word_papers_are_drawn(made, taizhang, city, desk):
    orders = taizhang("register", "show", "orders", "--json", at=desk(city.code)).json["records"]
    (order,) = made("order", "order.pdf", orders[0]["subject"].rsplit("/", 1)[-1])
    (meeting,) = made("meeting", "meeting.pdf")
    (result,) = made("result", "result.pdf", 12)
    assert page_sizes(order) == [(210, 297)] * 2, "the order, and the slip to send back"
    assert len(page_sizes(meeting)) >= 2 and page_sizes(result) == [(210, 297)]


# -- what they say -----------------------------------------------------------------------------------------------------


def test_lagging_items_never_contradict_their_light(opened, city):
    """A figure ahead of its course stands among the lagging only with the step that was missed beside it."""
    from desktop_app.core.operations import bulletins
    from desktop_app.core.operations.situation import Situation

    found = bulletins.draft(Situation(opened(city.code), MAY))
    assert found.lags
    for line in found.lags:
        behind = (line.percent or 0) < (line.expected or 0)
        assert behind or (line.light == "red" and line.step), line


def test_a_county_s_bulletin_asks_nothing_of_the_city_s_departments(opened, city):
    from desktop_app.core.operations import bulletins
    from desktop_app.core.operations.situation import Situation
    from desktop_app.core.report.bulletin import document
    from desktop_app.core.report.document import Paragraph

    def words(unit: str) -> str:
        found = document(bulletins.draft(Situation(opened(unit), MAY)))
        return "".join(block.text for block in found.blocks if isinstance(block, Paragraph))

    assert "要加强调度督导" in words(city.code)
    assert "要加强调度督导" not in words(city.county) and "乡镇" in words(city.county)


def test_rankings_are_made_only_where_asked_for(made, refused, city, desk):
    (path,) = made("ranking", "city.xlsx")
    assert openpyxl.load_workbook(path).sheetnames == ["任务26"], "the notice asks for this one alone"
    refused(
        "report",
        "ranking",
        "--out",
        "x.xlsx",
        "--period",
        "2024-05",
        at=desk(city.county),
        saying="没有打开排名",
    )


def test_before_the_year_s_end_its_paper_says_that_it_is_no_judgement(made):
    from docx import Document

    workbook, report = made("year", "year.xlsx", period="2024")
    words = [paragraph.text for paragraph in Document(str(report)).paragraphs]
    assert any("全年的数还没报齐（最近一个月是2024年5月）" in text for text in words)
    sheet = openpyxl.load_workbook(workbook).worksheets[0]
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert any("不是年终结论" in text for text in cells)


@pytest.mark.parametrize(
    ("what", "name", "more"),
    [
        ("bulletin", "bulletin.docx", ()),
        ("year", "year.xlsx", ()),
        ("appraisal", "appraisal.xlsx", ()),
        ("meeting", "meeting.docx", ()),
        ("board", "board.png", ("--size", "a3")),
        ("board", "phone.png", ("--size", "phone")),
    ],
)
def test_papers_are_chinese_whatever_the_screen_says(what, name, more, made, monkeypatch):
    """An English screen is somebody's own; what goes out under the office's name is not."""
    found = []
    for language in ("en", "zh"):
        monkeypatch.setenv("TAIZHANG_LANGUAGE", language)
        found.append([path.read_bytes() for path in made(what, name, *more)])
        assert i18n.language() == language
    assert found[0] == found[1]
