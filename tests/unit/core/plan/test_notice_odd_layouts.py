"""Rarer layouts: leads behind the text or above it, labels as numbered items, tables on their side, marked changes."""

from __future__ import annotations

import contextlib
import random
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from desktop_app.core.errors import KnownError
from desktop_app.core.plan.notice import adopting, leads
from desktop_app.core.plan.notice.assemble import read_notice
from desktop_app.core.plan.notice.draft import Draft
from desktop_app.core.plan.notice.figures import read_figures

NOTICES = Path(__file__).resolve().parents[3] / "data" / "notices"


@pytest.fixture(scope="session")
def odd(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    sys.path.insert(0, str(NOTICES))
    try:
        import make_odd_notices as make
    finally:
        sys.path.remove(str(NOTICES))
    found: dict[str, Path] = make.write_all(tmp_path_factory.mktemp("odd"))
    return found


def told(draft: Draft) -> list[tuple[str, str, list[str], list[str]]]:
    return [(task.category, task.target, task.lead, task.support) for task in draft.tasks]


def figures(draft: Draft, no: int) -> list[tuple[str, Decimal | None, str]]:
    return [(item.name, item.value, item.unit) for item in draft.tasks[no - 1].indicators if not item.where]


def test_leads_without_brackets_behind_the_last_sentence(odd: dict[str, Path]) -> None:
    draft = read_notice(odd["trailing"])
    assert draft.title == "东河市２０２６年十大民生实事实施方案" and draft.issued == "2026-01-15"
    assert [(task.category, task.lead) for task in draft.tasks] == [
        ("就业创业工程", ["市人社局"]),
        ("就业创业工程", ["市人社局", "市财政局"]),
        ("交通畅行工程", ["市城管局"]),
    ]
    assert draft.tasks[0].support == ["各县(市、区)人民政府"]
    assert "牵头" not in "".join(task.target for task in draft.tasks)
    assert figures(draft, 1) == [("城镇新增就业", 35000, "人"), ("高校毕业生", 6000, "人")]
    assert draft.tasks[0].indicators[1].parent == 1
    assert figures(draft, 3) == [("新增公共停车位", 3000, "个"), ("建成投用", 2000, "个")]
    assert [step.date for step in draft.tasks[2].deadlines] == ["2026-10-31"]


def test_spaces_of_typists_and_square_brackets(odd: dict[str, Path]) -> None:
    draft = read_notice(odd["spaced"])
    assert [(task.category, task.lead) for task in draft.tasks] == [
        ("教育领域", ["市教育局"]),
        ("教育领域", ["市教育局", "市市场监管局"]),
        ("生态领域", ["市住建局"]),
    ]
    assert draft.tasks[0].measures == []
    assert draft.tasks[0].target == "学位扩容项目。新建学校5所，新增学位1.2万个。"
    assert figures(draft, 2) == [("农村学校食堂", 120, "所")]
    assert [step.date for step in draft.tasks[1].deadlines] == ["2025-08-31"]
    assert figures(draft, 3)[1:] == [
        ("污水集中收集率提高", 3, "百分点"),
        ("污水集中收集率", 72, "%"),
    ]
    assert any("与上一年相比" in doubt for doubt in draft.tasks[2].doubts)
    assert not any("写明" in doubt for doubt in draft.doubts)


def test_labels_that_come_again_under_every_task_are_no_tasks(odd: dict[str, Path]) -> None:
    draft = read_notice(odd["labelled"])
    assert draft.title == "关于2025年全市民生实事的实施意见"
    assert [task.title for task in draft.tasks] == ["实施托育服务提升行动", "实施助残关爱行动"]
    assert [(task.lead, task.support) for task in draft.tasks] == [
        (["市卫健委"], ["市发改委", "市教育局"]),
        (["市残联"], ["市财政局"]),
    ]
    assert draft.tasks[0].measures == ["支持社会力量举办；加强监管。"]
    assert figures(draft, 1) == [("新增托位", 2000, "个"), ("普惠托位占比", 60, "%")]
    assert [step.date for step in draft.tasks[1].deadlines] == ["2025-09-30"]


def test_a_lead_above_its_tasks_is_never_given_to_the_one_before(odd: dict[str, Path]) -> None:
    draft = read_notice(odd["ahead"])
    assert [task.lead for task in draft.tasks] == [["市民政局"], ["市民政局"], ["市住建局"]]
    assert figures(draft, 1) == [("建设社区食堂", 30, "家"), ("助餐补贴", 3, "元/餐")]
    assert [item.baseline for item in draft.tasks[1].indicators] == [50]
    assert figures(draft, 3) == [("更换老旧电梯", 1200, "台"), ("住宅电梯", 1000, "台")]
    assert draft.tasks[2].indicators[1].parent == 1


def test_word_changes_and_content_controls(odd: dict[str, Path]) -> None:
    draft = read_notice(odd["reviewed"])
    assert draft.title == "南川市2025年民生实事实施方案"
    assert told(draft) == [
        ("养老服务", "建成助餐点50个。", ["市民政局"], []),
        ("教育服务", "新增学位3000个。", ["市教育局"], []),
    ]


def test_a_table_for_each_task_on_its_side(odd: dict[str, Path]) -> None:
    draft = read_notice(odd["sideways"])
    assert [(task.title, task.lead, task.support, task.measures) for task in draft.tasks] == [
        ("农村供水提升", ["市水务局"], ["市财政局"], ["完善管网。"]),
        ("社区助餐", ["市民政局"], [], ["落实补贴。"]),
    ]
    assert figures(draft, 1) == [("新建供水站", 12, "座"), ("改造管网", 35, "公里")]
    assert {step.date for task in draft.tasks for step in task.deadlines} == {"2025-10-31"}


def test_headings_between_tables_are_their_categories(odd: dict[str, Path]) -> None:
    assert [task.category for task in read_notice(odd["headed"]).tasks] == [
        "住有所居",
        "住有所居",
        "病有所医",
    ]


def test_a_sheet_for_each_category(odd: dict[str, Path]) -> None:
    assert told(read_notice(odd["sheets"])) == [
        ("教育", "新增公办学位5000个", ["市教育局"], ["市财政局"]),
        ("教育", "改造食堂30个", ["市教育局"], []),
        ("交通", "新改建农村公路100公里", ["市交通局"], ["各县区"]),
    ]


@pytest.mark.parametrize("name", ["merged", "blanks"])
def test_measures_over_several_rows(name: str, odd: dict[str, Path]) -> None:
    draft = read_notice(odd[name])
    assert [(task.category, task.title, task.measures) for task in draft.tasks] == [
        ("教育", "学位扩容", ["选址", "开工", "竣工"]),
        ("教育", "食堂改造", ["招标"]),
        ("交通", "道路", ["施工"]),
    ]


@pytest.mark.parametrize(
    ("one", "other", "best"),
    [
        (("**发展局",), ("****发展局",), "**发展局"),
        (("市****局",), ("****民政局",), "市****局"),
    ],
)
def test_the_length_of_a_mask_says_nothing(one: tuple[str, ...], other: tuple[str, ...], best: str) -> None:
    names, spellings, agree = leads.less_masked(one, other)
    assert names == [best] and agree and spellings == [[*one, *other]]


def test_words_with_a_mask_inside_stay_as_they_are() -> None:
    reading = read_figures("新**镇公厕12座,改善乡村**环境30处。")
    assert [(item.value, item.unit) for item in reading.indicators] == [(12, "座"), (30, "处")]
    assert all("遮盖" in doubt for doubt in reading.doubts) and len(reading.doubts) == 2


def test_a_row_of_digits_is_a_doubt_and_no_crash() -> None:
    reading = read_figures("新建站点3个,编号12345678901234567890号文件另发。")
    assert [item.value for item in reading.indicators] == [3]
    assert any("位数太多" in doubt for doubt in reading.doubts)


@pytest.mark.parametrize("day", ["2025年13月1日", "2025年3月410日", "2025年2月30日"])
def test_a_day_that_is_none_is_not_the_day_of_issue(day: str, tmp_path: Path) -> None:
    path = tmp_path / "n.txt"
    path.write_text(
        f"东河市2025年民生实事方案\n{day}\n1.新建站点3个。(牵头单位:市城管局)\n", encoding="utf-8"
    )
    draft = read_notice(path)
    assert draft.issued == "" and any("印发日期" in doubt for doubt in draft.doubts)


def test_any_text_is_read_or_refused_in_words(odd: dict[str, Path], tmp_path: Path) -> None:
    """Cut, doubled and mixed at random, always the same way: never anything but a draft or a refusal."""
    sources = [path.read_text(encoding="utf-8") for path in odd.values() if path.suffix == ".txt"]
    chance = random.Random(1)
    signs = "()（）:：、，。;*|\t 一二十12345.%年月日不少于左右其中分别和“”【】\n①—/元万亿"
    path = tmp_path / "n.txt"
    for _round in range(300):
        text = chance.choice(sources)
        for _edit in range(chance.randint(1, 25)):
            at = chance.randrange(len(text))
            to = min(len(text), at + chance.randint(1, 40))
            kind = chance.random()
            if kind < 0.4:
                text = text[:at] + chance.choice(signs) * chance.choice((1, 1, 40)) + text[at:]
            elif kind < 0.7:
                text = text[:at] + text[to:] or "x"
            else:
                text = text[:at] + text[at:to] + text[at:]
        path.write_text(text, encoding="utf-8")
        with contextlib.suppress(KnownError):
            draft = read_notice(path)
            for part in (draft, *draft.tasks):
                part.settled, part.doubts = [*part.settled, *part.doubts], []
            adopting.plan_of(draft)
