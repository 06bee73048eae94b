"""The form to print and stamp: its figures, its code, its pages."""

from __future__ import annotations

import unicodedata

import msgspec
import pypdfium2
import pytest

from desktop_app.core.model.period import Period
from desktop_app.core.operations import forming, recording
from desktop_app.core.report.form import Form, FormRow, FormTask
from desktop_app.ui.paper import QtPaper

RADICALS = str.maketrans("⻚⻓⻋⺠", "页长车民")
MAY = Period(2024, 5, 5)


def texts(path) -> list[str]:
    """The pages' texts without spaces; Qt writes some Chinese characters as their radicals."""
    with pypdfium2.PdfDocument(path) as document:
        found = [page.get_textpage().get_text_range() for page in document]
    return ["".join(unicodedata.normalize("NFKC", text).translate(RADICALS).split()) for text in found]


@pytest.fixture(scope="session", autouse=True)
def paper():
    """One for all: Qt's application must outlive what was drawn."""
    return QtPaper()


def test_the_command_draws_it(taizhang, city, desk, tmp_path):
    out = tmp_path / "form.pdf"
    answer = taizhang("report", "form", "--period", "2024-05", "--out", out, "--json", at=desk(city.town))
    assert answer.status == 0 and answer.json["figures"] > 20
    pages = texts(out)
    for number, text in enumerate(pages, start=1):
        assert answer.json["code"] in text, "the code stands on every page"
        assert f"第{number}页" in text and f"共{len(pages)}页" in text
    assert "单位公章" in pages[-1] and "填报人" in pages[-1]
    assert taizhang("report", "form", "--out", tmp_path / "x.png", at=desk(city.town)).status == 2


def test_code_and_people_are_those_of_the_package(taizhang, opened, city, desk, tmp_path):
    home = desk(city.town)
    before = taizhang("report", "form", "--period", "2024-05", "--out", tmp_path / "a.pdf", "--json", at=home)
    assert not before.json["exported"]
    folder = tmp_path / "out"
    folder.mkdir()
    sent = taizhang("export", "--period", "2024-05", "--out", folder, "--filled", "周桂兰", at=home)
    assert sent.status == 0 and before.json["code"] in sent.out
    form = forming.form_of(opened(city.town), MAY)
    assert form.exported and form.code == before.json["code"] and form.filled == "周桂兰"
    recording.record(opened(city.town), "3.2", "99999", period=MAY, reason="x")
    changed = forming.form_of(opened(city.town), MAY)
    assert changed.code != form.code and not changed.exported


def test_titles_are_the_plan_s_and_nothing_personal_is_on_it(paper, opened, city, tmp_path):
    town = opened(city.town)
    recording.record(town, "3.1", "99999", period=MAY, reason="x", note="李四家的事")
    form = forming.form_of(town, MAY)
    titles = {task.no: task.title for task in town.plan.tasks}
    assert all(task.title == titles[task.no] for task in form.tasks)
    paper.form(form, tmp_path / "f.pdf")
    whole = "".join(texts(tmp_path / "f.pdf"))
    assert "李四" not in whole and "99,999" in whole
    named = {head.body.charge for head in town.store.ledger.heads("site")} - {form.filled, ""}
    assert named and not any(name in whole for name in named)


@pytest.mark.parametrize("count", [0, 1, 128, 400])
def test_any_number_of_rows_long_names_and_rare_characters(count, paper, tmp_path):
    row = FormRow(
        id="12.1",
        name="㛃𠮷镇农村公路“四好”安全生命防护工程（含漫水路段处置）完成里程及其配套设施" * 2,
        unit="公里",
        share="1,234,567,890.123",
        previous="123,456,789/987,654,321\n99.9%",
        value="123,456,789/987,654,321\n99.9%",
        change="+1,234",
        remark="沿用5月，暂计",
    )
    tasks = tuple(
        FormTask(
            no=n,
            title="很长的任务标题" * 8,
            target="目标原文" * 40,
            rows=(msgspec.structs.replace(row, id=f"{n}.1"),),
        )
        for n in range(1, count + 1)
    )
    form = Form(
        city="云川市", plan="关于印发方案的通知" * 6, unit="990101101", unit_name="枫桥镇" * 8, period=MAY,
        code="7F3K-92QA-M4TX", tasks=tasks, filled="欧阳 㛃", checked="", responsible="", exported=True, sample=False,
    )  # fmt: skip
    out = tmp_path / "f.pdf"
    paper.form(form, out)
    pages = texts(out)
    assert all("7F3K-92QA-M4TX" in page for page in pages)
    assert sum(page.count("99.9%") for page in pages) == 2 * count
    assert "单位公章" in pages[-1]


def test_the_mark_is_small_and_read_back(tmp_path):
    import segno

    form = forming.Form(
        city="", plan="", unit="990101101", unit_name="", period=MAY, code="7F3K-92QA-M4TX", tasks=(), filled="",
        checked="", responsible="", exported=True, sample=False,
    )  # fmt: skip
    assert form.mark == "TAIZHANG 990101101 2024-05 7F3K-92QA-M4TX"
    made = segno.make(form.mark, error="m", micro=False)
    assert made.mode == "alphanumeric" and made.version <= 4


def test_a_place_that_cannot_be_written(refused, city, desk, tmp_path):
    refused("report", "form", "--period", "2024-05", "--out", tmp_path / "no" / "f.pdf", at=desk(city.town))
