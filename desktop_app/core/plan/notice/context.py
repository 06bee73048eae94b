"""Numbers that are no figures to be reached: years, ages, ordinals, names, conditions, scopes."""

from __future__ import annotations

import re

from desktop_app.core.i18n import N_

_RANGE = r"[—\-~至到]"
_SMALL = r"(?:人次|公里|[%‰万亿个人名户元件家条所座处场米亩间套])*"
"""Units that may stand inside a range (3万—5万人)."""
_REMARK = N_("「{quote}」是年份、日期、年龄、时长、名称等说明，不作指标。")
_RANGE_BEGINS = N_("「{quote}」起的范围是年龄、时长等说明，不作指标。")
_RATIO = N_("「{quote}」是比例关系，不作指标。")
_RANGED = N_("「{quote}」是一个范围，没有作为指标，请核对。")
_SCOPE = N_("「{quote}」是上级或全省的范围数，不是本市目标，没有作为指标，请核对。")
_LIMIT = N_("「{quote}」是条件或门槛，没有作为指标，请核对。")
_BASE = N_("「{quote}」是原来的基数，不是目标。")


def no_target(folded: str, start: int, end: int, unit: str) -> tuple[str, str] | None:
    """("doubt" or "remark", words with {quote}) where the number is no target; None where it is one."""
    before, after = folded[:start], folded[end:]
    if _is_name(folded, start, end, unit):
        return "remark", _REMARK
    if (
        re.search(r"第\s*$", before)
        or re.match(r"\s*号", after)
        or (unit == "级" and not before.endswith("个"))
    ):
        return "remark", _REMARK
    if unit in ("年", "届") and re.search(r"(?:^|\D)(?:19|20)\d{2}$", folded[: _digits_end(folded, start)]):
        return "remark", _REMARK
    if re.match(r"(?:19|20)\d{2}(?:学年|年|届|—|-)", folded[start:]):
        return "remark", _REMARK
    if re.match(r"\d{1,2}月(?!\d*元)", folded[start:]) or (
        re.match(r"\d{1,2}日", folded[start:]) and before.endswith("月")
    ):
        return "remark", _REMARK
    if re.match(rf"\d+\s*{_RANGE}\s*\d+\s*(?:周?岁|分钟|小时|年级)", folded[start:]):
        return "remark", _RANGE_BEGINS
    if unit in ("岁", "分钟", "小时") or re.match(r"周岁|年级", after):
        return "remark", _REMARK
    if re.match(r"\d+\s*:\s*\d", folded[start:]) or re.search(r"\d\s*:\s*$", before):
        return "remark", _RATIO
    if re.match(r"\s*(?:提高|提升|增加|增长|上升)[到至]", after) and re.search(
        r"[从由](?:每[年月人天]|上年的?|原来的?)*\s*$", before
    ):
        return "remark", _BASE
    if re.match(rf"\d+(?:\.\d+)?{_SMALL}{_RANGE}\d", folded[start:]) or re.search(
        rf"\d{_SMALL}{_RANGE}$", before
    ):
        return "doubt", _RANGED
    clause = before[max(before.rfind(sign) for sign in ",。;") + 1 :]
    if re.search(r"全省|全国|省级任务|上级下达", clause):
        return "doubt", _SCOPE
    if re.match(r"\s*(?:及)?(?:以下|以内|之内)", after):
        return "doubt", _LIMIT
    if unit in ("种", "类") or (
        re.search(r"(?:年龄|连续|满|超过退休|具备|符合)\s*$", before) and unit not in ("万元", "元", "%")
    ):
        return "doubt", _LIMIT
    if unit == "天":
        return "doubt", _LIMIT
    return None


def _digits_end(folded: str, start: int) -> int:
    match = re.compile(r"\d+").match(folded, start)
    return match.end() if match else start


def _is_name(folded: str, start: int, end: int, unit: str) -> bool:
    """Inside a quoted name, grown together with letters, or between hyphens (2+N, 5G, 葡萄糖-6-磷酸)."""
    last = _digits_end(folded, start)
    if re.search(r"[A-Za-z+]$", folded[:start]) or re.match(r"[A-Za-z+]", folded[last:]):
        return True
    if folded[start - 1 : start] == "-" and folded[last : last + 1] == "-":
        return True
    names = re.finditer(r"“[^”]*”|《[^》]*》|「[^」]*」", folded)
    return any(match.start() < start < match.end() for match in names)
