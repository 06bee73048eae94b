"""What makes real notices hard to read, one after the other; the sentences are our own."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from desktop_app.core.plan.notice.assemble import read_notice
from desktop_app.core.plan.notice.dates import read_dates
from desktop_app.core.plan.notice.draft import Draft
from desktop_app.core.plan.notice.figures import Reading, read_figures
from desktop_app.core.plan.notice.leads import less_masked, read_names, split_heading
from desktop_app.core.plan.notice.table import category_name
from desktop_app.core.plan.notice.text import mark_of

Read = Callable[[str], Draft]


def told(text: str) -> list[tuple[str, Any, str]]:
    """(operator, value, unit) of every figure of a target."""
    return [(item.op, item.value, item.unit) for item in read_figures(text).indicators]


def about(reading: Reading, words: str) -> str:
    return next((doubt for doubt in reading.doubts if words in doubt), "")


@pytest.fixture
def masked(notices: dict[str, Any]) -> Draft:
    return read_notice(notices["masked"])


# -- the table (1-6) -----------------------------------------------------------------------------------------------


def test_category_stands_only_in_the_first_of_its_rows_and_cells_shift(masked: Draft) -> None:
    assert [task.category for task in masked.tasks] == ["养老托育"] * 3 + ["出行**"] * 2
    assert [task.mark for task in masked.tasks] == ["1", "2", "3", "4", "5"]
    assert masked.tasks[2].target == "稳步建立陪诊制度。"


def test_last_row_without_its_extra_cell(masked: Draft) -> None:
    assert masked.tasks[4].lead == ["市交通运输局"]


def test_spaces_inside_names_are_residue(masked: Draft) -> None:
    assert masked.tasks[0].lead == ["市民政局"]
    assert masked.tasks[1].lead == ["****发展局", "市教育局"]


@pytest.mark.parametrize(
    ("text", "name", "count"),
    [
        ("一、 养老 托育 (3项)", "养老托育", 3),
        ("九、城乡 面貌(10项)", "城乡面貌", 10),
        ("三、便民服务（ 4 项）", "便民服务", 4),
        ("（四）教育**（5项）", "教育**", 5),
        ("七、 绿色 出行", "绿色出行", None),
        ("六、平安建设（共六件）", "平安建设", 6),
    ],
)
def test_category_names_with_and_without_their_count(text: str, name: str, count: int | None) -> None:
    assert category_name(text) == (name, count)


def test_a_count_that_does_not_fit_is_a_doubt(read: Read) -> None:
    draft = read(
        "某市2025年2项民生实事方案\n2025年1月8日\n一、便民（3项）\n"
        "1.新建站点4个。(牵头单位:市甲局)\n2.新建步道6公里。(牵头单位:市乙局)"
    )
    assert draft.doubts == ["类别“便民”写明 3 项，读出 2 项，请核对。"]


# -- numbering and headings (7-9, 14, 15, 21, 29) ------------------------------------------------------------------


def test_section_and_category_share_their_numbering(masked: Draft) -> None:
    assert masked.categories == ["养老托育", "出行**"]


def test_measures_label_is_also_a_section(masked: Draft) -> None:
    assert not any("推进措施" in measure for task in masked.tasks for measure in task.measures)


def test_heading_with_brackets_inside_ends_at_the_last_label() -> None:
    text, names = split_heading("新建书房(含驿站)不少于9间(座)。(牵头单位:市文旅局、市城管局)")
    assert text == "新建书房(含驿站)不少于9间(座)。"
    assert names is not None and names.lead == ("市文旅局", "市城管局")


def test_mask_that_swallowed_the_bracket_of_a_number(masked: Draft) -> None:
    assert masked.tasks[0].measures[1] == "****站点统一挂牌。"
    mark = mark_of("(12****公墓整治")
    assert mark is not None and (mark.kind, mark.number, mark.end) == ("D", 12, 3)


def test_brackets_need_not_balance() -> None:
    text, names = split_heading("改造****社区)广场6处,覆盖各县(****街道。(牵头单位:市住建局)")
    assert text.endswith("各县(****街道。") and names is not None and names.lead == ("市住建局",)


def test_decimal_point_is_no_task_number() -> None:
    assert mark_of("2.7万人参加") is None
    mark = mark_of("2.新建站点")
    assert mark is not None and mark.number == 2


def test_unnumbered_measure_counts_once(masked: Draft) -> None:
    assert masked.tasks[2].measures == ["按照省里的步骤分类推进。"]
    assert masked.tasks[2].unnumbered
    assert [len(task.measures) for task in masked.tasks] == [2, 2, 1, 1, 2]


# -- leads (10-13) -------------------------------------------------------------------------------------------------


def test_less_masked_spelling_wins_and_both_are_kept(masked: Draft) -> None:
    task = masked.tasks[1]
    assert task.lead == ["****发展局", "市教育局"]
    assert task.lead_spellings == [["****发展局"], ["市教育局", "****教育局"]]


def test_what_neither_spelling_shows_is_never_filled_in() -> None:
    assert less_masked(("****城建局",), ("市**建局",)) == (["市**建局"], [["****城建局", "市**建局"]], True)


def test_two_different_leads_are_a_doubt(read: Read) -> None:
    draft = read(
        "某市2025年民生实事方案\n2025年1月8日\n序号 | 目标任务 | 牵头单位\n1 | 新建站点4个。 | 市甲局\n"
        "一、措施\n1.新建站点4个。(牵头单位:市乙局)\n推进措施:\n(1)选址。"
    )
    assert any("牵头单位不一致" in doubt for doubt in draft.tasks[0].doubts)


def test_equal_masks_are_not_taken_for_one_body(read: Read) -> None:
    draft = read(
        "某市2025年民生实事方案\n2025年1月8日\n1.新建站点4个。(牵头单位:****建设局)\n"
        "2.新建步道6公里。(牵头单位:****建设局)"
    )
    assert any("遮盖相同未必是同一个单位" in remark for remark in draft.remarks)
    assert all("名称有遮盖" in task.doubts[0] for task in draft.tasks)


def test_names_part_at_their_comma_with_or_without_space() -> None:
    assert read_names("****建设局、 市残联,市发展改革委等").lead == ("****建设局", "市残联", "市发展改革委")
    names = read_names("市水务局；配合单位：市财政局、市住建局")
    assert (names.lead, names.support) == (("市水务局",), ("市财政局", "市住建局"))


# -- figures (16-28, 31) -------------------------------------------------------------------------------------------


def test_masked_unit_is_asked_for() -> None:
    reading = read_figures("实现全市88****站点达标。")
    assert (reading.indicators[0].value, reading.indicators[0].unit) == (Decimal(88), "")
    assert "计量单位被遮盖" in reading.doubts[0]


def test_masked_name_is_asked_for_and_a_rate_without_a_figure_is_named() -> None:
    reading = read_figures("****站点占比达60%,****学校覆盖率,新增托位50个。")
    assert about(reading, "60%") and "没有给出数字" in about(reading, "覆盖率")
    assert [item.value for item in reading.indicators] == [Decimal(60), Decimal(50)]


@pytest.mark.parametrize(
    "text",
    [
        "培训500人，发放补贴300户；建设6处",
        "培训500人,发放补贴300户;建设6处",
        "培训５００人，发放补贴３００户；建设６处",
    ],
)
def test_half_and_full_width_signs(text: str) -> None:
    assert told(text) == [("==", 500, "人"), ("==", 300, "户"), ("==", 6, "处")]


def test_ratio_is_no_label_and_no_figure() -> None:
    reading = read_figures("市与区按6:4分担,新建站点3个。")
    assert [item.value for item in reading.indicators] == [Decimal(3)]
    assert any("比例关系" in remark for remark in reading.remarks)


@pytest.mark.parametrize(
    "text", ["面向2—3岁幼儿,新增托位90个", "服务35-64岁妇女,新增托位90个", "检测X-6-Y酶,新增托位90个"]
)
def test_ages_and_names_are_no_figures(text: str) -> None:
    assert told(text) == [("==", 90, "个")]


def test_a_range_is_a_doubt() -> None:
    assert "范围" in about(read_figures("新建3—5个站点。"), "3")


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("惠及3.6万人", "36000", "人"),
        ("培训1.08万人次", "10800", "人次"),
        ("投入2.5亿元", "250000000", "元"),
        ("培训713人(次)", "713", "人(次)"),
        ("新增住房1900套(间)", "1900", "套(间)"),
        ("改造35.5公里", "35.5", "公里"),
        ("新增1,250个车位", "1250", "个"),
        ("装机500千瓦", "500", "千瓦"),
        ("补助按4800元/人/年发", "4800", "元/人/年"),
    ],
)
def test_units_and_scales(text: str, value: str, unit: str) -> None:
    assert [(item.value, item.unit) for item in read_figures(text).indicators] == [(Decimal(value), unit)]


@pytest.mark.parametrize(
    ("text", "op", "bound"),
    [
        ("建成站点不少于40个", ">=", "不少于"),
        ("补助标准不低于900元/月", ">=", "不低于"),
        ("新增泊位300个以上", ">=", "以上"),
        ("惠及4万人左右", "~", "左右"),
        ("惠及约4万人", "~", "约"),
        ("入学率达到95%", ">=", "达到"),
        ("合格率稳定在98%以上", ">=", "以上"),
        ("举办活动80余场", ">=", "余"),
        ("新建泊位300个", "==", ""),
    ],
)
def test_bound_words(text: str, op: str, bound: str) -> None:
    (item,) = read_figures(text).indicators
    assert (item.op, item.bound) == (op, bound)
    assert item.quote in text


def test_one_bound_word_serves_a_list_and_is_flagged() -> None:
    reading = read_figures("对甲类、乙类、丙类和丁类费用分别按不低于70%、65%、50%的比例给予补助。")
    assert [item.op for item in reading.indicators] == [">="] * 3
    assert [item.value for item in reading.indicators] == [Decimal(70), Decimal(65), Decimal(50)]
    assert all("不低于" in item.quote for item in reading.indicators)
    assert "对应关系" in reading.doubts[0]


def test_unit_of_a_list_stands_behind_its_last() -> None:
    assert told("三类机构定额分别不低于3000、4000、5000元/人") == [
        (">=", 3000, "元/人"),
        (">=", 4000, "元/人"),
        (">=", 5000, "元/人"),
    ]


def test_two_bounds_two_figures() -> None:
    reading = read_figures("初筛率和复筛率分别达到96%以上和92.5%以上。")
    assert [(item.name, item.op, item.value) for item in reading.indicators] == [
        ("初筛率", ">=", Decimal(96)),
        ("复筛率", ">=", Decimal("92.5")),
    ]
    assert reading.doubts


def test_one_figure_for_two_things_becomes_two_and_is_flagged() -> None:
    reading = read_figures("涂氟和封闭项目分别覆盖30%的儿童。")
    assert [(item.name, item.value) for item in reading.indicators] == [
        ("涂氟", Decimal(30)),
        ("封闭项目", Decimal(30)),
    ]
    assert "一个数字对应 2 项" in reading.doubts[0]


@pytest.mark.parametrize(
    "text",
    [
        "2025年新建站点7个",
        "资助2026届毕业生,新建站点7个",
        "对比2021年底,新建站点7个",
        "打造10分钟便民圈,新建站点7个",
        "开展“3+N”活动,新建站点7个",
        "依托“15分钟健身圈”,新建站点7个",
        "参加第12届展会,新建站点7个",
    ],
)
def test_figures_that_are_not_targets(text: str) -> None:
    assert told(text) == [("==", 7, "个")]


@pytest.mark.parametrize(
    "text",
    [
        "帮扶收入8万元以下的村",
        "争取全省建设规模90万千瓦的份额",
        "支持具备4种以上功能的站点",
        "补贴不超过500元/人",
    ],
)
def test_limits_and_scopes_are_doubts_not_indicators(text: str) -> None:
    reading = read_figures(text)
    assert reading.indicators == [] and len(reading.doubts) == 1


def test_baseline_is_no_target() -> None:
    (item,) = read_figures("达标率从88.5%提高到92%。").indicators
    assert (item.op, item.name) == (">=", "达标率")
    assert (item.value, item.baseline) == (Decimal(92), Decimal("88.5"))


def test_of_which_is_a_part() -> None:
    whole, part = read_figures("新增泊位2万个,其中公共泊位1800个。").indicators
    assert (whole.parent, part.parent) == (None, 1) and part.value == 1800


def test_equal_figures_of_two_tasks_stay_apart(read: Read) -> None:
    draft = read(
        "某市2025年民生实事方案\n2025年1月8日\n1.改造教室70间。(牵头单位:市甲局)\n"
        "2.改造危房70间。(牵头单位:市乙局)"
    )
    assert [[item.name for item in task.indicators] for task in draft.tasks] == [["改造教室"], ["改造危房"]]


def test_target_and_measures_keep_their_own_words(read: Read) -> None:
    draft = read(
        "某市2025年民生实事方案\n2025年1月8日\n1.每家具备2万元启动资金。(牵头单位:市甲局)\n推进措施:\n"
        "(1)启动资金不少于2万元,不分项计入。"
    )
    target, measure = draft.tasks[0].indicators
    assert (target.where, target.op, target.take) == (0, "==", True)
    assert (measure.where, measure.op, measure.take, measure.quote) == (1, ">=", False, "不少于2万元")


def test_a_figure_for_each_one_is_flagged() -> None:
    assert "按每一个单位说的" in about(read_figures("向每个行政村送戏不少于2场。"), "每个行政村")


def test_growth_over_last_year_is_flagged() -> None:
    reading = read_figures("基础标准年增幅不低于上年的6%。")
    assert (reading.indicators[0].op, reading.indicators[0].measure) == (">=", "standard")
    assert "上一年" in reading.doubts[0]


def test_words_without_a_figure_are_named() -> None:
    reading = read_figures("办理案件不少于90件,实现应援尽援,社区服务全覆盖。")
    assert about(reading, "应援尽援") and about(reading, "全覆盖")


def test_chinese_numerals_are_not_reckoned_with() -> None:
    assert told("参评一、二、三级场馆,推进第十一届展会,新建站点7个") == [("==", 7, "个")]
    assert "汉字写的数量" in read_figures("新建两所学校。").doubts[0]


# -- dates, the whole (25, 30, 32, 33) -----------------------------------------------------------------------------


def test_dates_take_their_year_from_the_title(masked: Draft) -> None:
    assert [(step.date, step.what) for step in masked.tasks[1].deadlines] == [
        ("2025-06-30", "完成选址"),
        ("2025-09-30", "开工"),
        ("2025-12-31", "投用"),
    ]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("各县于5月31日前报方案,8月底前完工。", ["2025-05-31", "2025-08-31"]),
        ("2024年底的存量不计,年底前完成评估。", ["2025-12-31"]),
        ("自3月1日起实施。", []),
        ("2月底前制定计划。", ["2025-02-28"]),
        ("上半年完成招标。", ["2025-06-30"]),
        ("2024年12月31日前欠账清零。", ["2024-12-31"]),
    ],
)
def test_dates(text: str, days: list[str]) -> None:
    assert [step.date for step in read_dates(text, 2025, 1)] == days


def test_who_must_keep_a_date() -> None:
    steps = read_dates("各县(区)于5月31日前报方案。市级部门于6月30日前组织培训。", 2025, 1)
    assert [step.scope for step in steps] == ["county", "city"]


def test_deadline_just_after_issue_is_remarked(read: Read) -> None:
    draft = read(
        "某市2025年民生实事方案\n2025年3月25日\n1.新建站点4个。(牵头单位:市甲局)\n推进措施:\n(1)3月31日前选址。"
    )
    assert any("不到半个月" in remark for remark in draft.remarks)


def test_long_measure_stays_one_and_gives_all_its_dates(read: Read) -> None:
    draft = read(
        "某市2025年民生实事方案\n2025年1月8日\n1.新建站点4个。(牵头单位:市甲局)\n推进措施:\n"
        "(1)4月30日前选址;6月30日前开工。加强宣传;10月31日前验收。"
    )
    assert len(draft.tasks[0].measures) == 1 and len(draft.tasks[0].deadlines) == 3


def test_places_seen_are_not_taken_for_the_city(masked: Draft) -> None:
    assert masked.title.startswith("**市")
    assert masked.doubts == ["标题或正文说有 20 项，读出 5 项，请核对。"]


def test_no_newline_at_the_end(notices: dict[str, Any], masked: Draft) -> None:
    assert not notices["masked"].read_text(encoding="utf-8").endswith("\n")
    assert masked.tasks[-1].measures[-1] == "公布准点率。"
