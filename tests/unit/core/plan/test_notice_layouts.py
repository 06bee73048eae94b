"""Layouts of other cities: the same invented tasks in eight forms, and files that are no notice."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core.errors import InputError, KnownError, StorageError
from desktop_app.core.plan.notice import files
from desktop_app.core.plan.notice.assemble import read_notice
from desktop_app.core.plan.notice.draft import Draft


def sizes(draft: Draft) -> dict[str, int]:
    return {name: sum(task.category == name for task in draft.tasks) for name in draft.categories}


def values(draft: Draft, no: int) -> list[Decimal | None]:
    return [item.value for item in draft.tasks[no - 1].indicators if not item.where]


def test_sections_only_with_numbers_that_begin_anew(notices: dict[str, Path]) -> None:
    draft = read_notice(notices["numbered"])
    assert (draft.year, draft.issued) == (2026, "2026-02-18")
    assert sizes(draft) == {"住有所居": 2, "老有所养": 2, "学有所教": 1}
    assert [(task.no, task.mark) for task in draft.tasks] == [
        (1, "1"),
        (2, "2"),
        (3, "1"),
        (4, "2"),
        (5, "1"),
    ]
    assert draft.tasks[0].lead == ["市水务局"] and draft.tasks[0].support == ["市财政局", "市住建局"]
    assert draft.tasks[3].lead == ["市民政局", "市卫健委"]
    assert draft.tasks[4].deadlines[0].date == "2026-08-20"
    assert values(draft, 1) == [12, Decimal("35.5"), 42000]
    assert not any("考核" in measure for task in draft.tasks for measure in task.measures)


def test_bracketed_tasks_with_leads_on_their_own_line(notices: dict[str, Path]) -> None:
    draft = read_notice(notices["bracketed"])
    assert sizes(draft) == {"民生保障": 2, "公共服务": 2}
    assert [task.title for task in draft.tasks] == ["饮水安全", "助餐服务", "公共交通", "上门照护"]
    assert [task.lead for task in draft.tasks] == [
        ["市水利局"],
        ["市民政局"],
        ["市交通运输局"],
        ["市民政局", "市卫生健康委"],
    ]
    assert draft.tasks[0].support == ["市财政局"]
    assert len(draft.tasks[0].measures) == 2
    assert [step.date for step in draft.tasks[0].deadlines + draft.tasks[1].deadlines] == [
        "2025-10-31",
        "2025-11-30",
    ]
    assert values(draft, 2) == [40, 15]


def test_no_categories_no_measures(notices: dict[str, Path]) -> None:
    draft = read_notice(notices["plain"])
    assert len(draft.tasks) == 4 and sizes(draft) == {"民生实事": 4}
    assert all(task.measures == [] for task in draft.tasks)
    assert draft.tasks[2].lead == ["市城管局"]


@pytest.mark.parametrize("name", ["word_table", "word_banners", "word_numbered", "workbook"])
def test_word_and_excel_tell_the_same(name: str, notices: dict[str, Path]) -> None:
    draft = read_notice(notices[name])
    assert draft.title == "海平市2025年5项民生实事工作计划" and draft.year == 2025
    assert sizes(draft) == {"住有所居": 2, "老有所养": 3}
    assert [task.lead for task in draft.tasks] == [
        ["市水务局"],
        ["市园林局", "市财政局"],
        ["市民政局"],
        ["市民政局"],
        ["市教育局"],
    ]
    assert values(draft, 1) == [12, Decimal("35.5"), 42000]
    assert values(draft, 5) == [15000, 6]
    assert not any("写明" in doubt or "读出" in doubt for doubt in draft.doubts)


def test_time_limits_of_a_column(notices: dict[str, Path]) -> None:
    for name in ("word_table", "workbook"):
        draft = read_notice(notices[name])
        assert [task.deadlines[0].date for task in draft.tasks] == [
            "2025-12-31",
            "2025-10-31",
            "2025-11-30",
            "2025-12-31",
            "2025-08-31",
        ]


def test_measures_in_a_cell_and_automatic_numbers(notices: dict[str, Path]) -> None:
    banners, numbered = read_notice(notices["word_banners"]), read_notice(notices["word_numbered"])
    assert banners.tasks[0].measures == ["6月30日前完成设计", "开工建设", "验收移交。"]
    assert numbered.tasks[4].measures == ["6月30日前完成前期工作。", "定期调度。"]
    assert [task.mark for task in numbered.tasks] == ["1", "2", "1", "2", "3"]


@pytest.mark.parametrize(("name", "count"), [("twenty", 20), ("seventy", 70)])
def test_twenty_to_seventy_tasks(name: str, count: int, notices: dict[str, Path]) -> None:
    draft = read_notice(notices[name])
    assert len(draft.tasks) == count and len(draft.categories) == count // 10
    assert [values(draft, no) for no in (1, count)] == [[3], [count * 3]]
    assert not any("读出" in doubt for doubt in draft.doubts)


def test_gb18030_reads_like_utf8(notices: dict[str, Path]) -> None:
    old, new = read_notice(notices["gbk"]), read_notice(notices["numbered"])
    old.source = new.source
    assert old == new


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings(encoding: str, makers: Any, tmp_path: Path) -> None:
    path = tmp_path / "n.txt"
    path.write_text(makers.PLAIN, encoding=encoding)
    assert len(read_notice(path).tasks) == 4


# -- what is no notice ---------------------------------------------------------------------------------------------


def refusal(path: Path) -> KnownError:
    with pytest.raises(KnownError) as caught:
        read_notice(path)
    assert caught.value.next_step
    return caught.value


@pytest.mark.parametrize(
    ("name", "content", "saying"),
    [
        ("a.txt", b"", "空"),
        ("a.txt", b" \n\n", "空"),
        ("a.txt", "今天开会，请大家准时参加。".encode(), "没有找到任务"),
        ("a.pdf", b"%PDF-1.7 ...", "docx"),
        ("a.doc", bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 99, "docx"),
        ("a.wps", b"whatever it is", "docx"),
        ("a.xls", bytes.fromhex("d0cf11e0a1b11ae1"), "xlsx"),
        ("a.docx", b"PK\x03\x04 broken", "没有传完整"),
        ("a.jpg", b"\xff\xd8\xff\xe0 picture", "不是文字"),
        ("a.txt", b"\x00\x01\x02\x03\xff\xfa", "不是能读的文字"),
    ],
)
def test_files_that_cannot_be_read(name: str, content: bytes, saying: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert saying in str(refusal(path))


def test_scanned_notice(notices: dict[str, Path]) -> None:
    problem = refusal(notices["picture_only"])
    assert isinstance(problem, InputError) and "只有图片" in problem.what


def test_cut_off_word_file(notices: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "cut.docx"
    path.write_bytes(notices["word_table"].read_bytes()[:9000])
    assert "没有传完整" in refusal(path).what


def test_other_zip(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")
    assert "不是 Word 或 Excel" in refusal(path).what


def test_missing_file_and_folder(tmp_path: Path) -> None:
    assert isinstance(refusal(tmp_path / "none.txt"), StorageError)
    assert "文件夹" in refusal(tmp_path).what


def test_huge_file_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    assert "100 MB" in refusal(path).what


def test_zip_that_swells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_UNPACKED", 1000)
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "x" * 2000)
    assert "展开后太大" in refusal(path).what
