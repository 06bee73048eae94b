"""The columns of the sheets: heads and widths in characters.  Light to import.

`compare` finds columns by their heads: changing one makes the sheets of older packages uncomparable.
"""

from __future__ import annotations

Columns = tuple[tuple[str, float], ...]

ID_HEAD = "记录编号（核对用）"

PROGRESS_COLUMNS: Columns = (
    ("任务", 5),
    ("分类", 10.5),
    ("指标编号", 7),
    ("指标", 29),
    ("单位（地区）", 12),
    ("计量", 6),
    ("目标份额", 9.5),
    ("上期累计", 9.5),
    ("本期累计", 9.5),
    ("分母", 9),
    ("本期新增", 9),
    ("完成率%", 7.5),
    ("状态", 7.5),
    ("填报单位", 12),
    ("说明", 20),
)
SITE_COLUMNS: Columns = (
    ("序号", 5),
    ("单位（地区）", 12),
    ("项目名称", 24),
    ("地点", 18),
    ("指标与数量", 13),
    ("阶段", 30),
    ("开工", 10.5),
    ("完成", 10.5),
    ("负责人", 8),
    ("计入", 5.5),
    ("佐证", 5.5),
    ("备注", 14),
)
EVIDENCE_COLUMNS: Columns = (
    ("序号", 5),
    ("缩略图", 17),
    ("文件名", 22),
    ("说明", 22),
    ("证明什么", 24),
    ("拍摄日期", 10.5),
    ("大小(KB)", 9),
    ("是否在本包", 11),
    ("文件校验值(SHA-256)", 26),
)
PROBLEM_COLUMNS: Columns = (
    ("序号", 5),
    ("任务", 5),
    ("单位（地区）", 14),
    ("问题", 46),
    ("状态", 8),
    ("整改期限", 10.5),
    ("处理结果", 40),
    ("销号日期", 10.5),
)
FUND_COLUMNS: Columns = (
    ("序号", 5),
    ("任务", 5),
    ("单位（地区）", 18),
    ("资金级次", 10),
    ("到位（元）", 14),
    ("支付（元）", 14),
    ("日期", 12),
    ("备注", 50),
)
RECORD_COLUMNS: Columns = (
    ("序号", 5),
    ("台账册", 14),
    ("任务", 5),
    ("单位（地区）", 14),
    ("内容", 60),
    ("状态", 9),
    ("期限", 10),
    ("承办单位", 14),
)
ANSWER_COLUMNS: Columns = (
    ("序号", 5),
    ("答复单位", 16),
    ("对什么", 36),
    ("答复", 50),
    ("办理", 8),
    ("日期", 10),
)

FUND_LEVELS: dict[str, str] = {
    "central": "中央",
    "province": "省级",
    "city": "市级",
    "county": "县级",
    "township": "乡镇",
    "other": "其他",
}
PROBLEM_WORDS: dict[str, str] = {"open": "未销号", "closed": "已销号"}
