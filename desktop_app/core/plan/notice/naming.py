"""What a figure is called, and of what kind it seems to be: guesses that a person checks."""

from __future__ import annotations

import re

from desktop_app.core.model.plan import Measure
from desktop_app.core.plan.notice.text import fold, short

_LONGEST = 24
_EDGES = re.compile(
    r"^(?:(?:19|20)\d{2}年|并|且|其中|同时|力争|全市|全年|年内|本年|计划|通过|使|将|对|为|向|按照|按|在|实现|推动实现|完成对|支持)*"
)
_DATE = re.compile(
    r"(?:(?:19|20)\d{2}年|当年|今年)?(?:\d{1,2}月(?:\d{1,2}[日号]|底|末|[上中下]旬)?|年底|年末)(?:之?前|以前)"
)
_TAIL = re.compile(r"(?:分别|全部|各|均|都|的|按|为|到|至|达|达到|将|有|不少于|约|共|共计|合计|累计|总计)+$")
_STOCK = re.compile(r"覆盖|稳定在|保持|保有|总数|总量|在册|占比|达到|参保|普及|可靠")
_FLOW = re.compile(
    r"新增|新建|改造|培训|救助|办理|开展|建成|完成|送|提供|帮扶|培育|打造|发放|筛查|资助|整治|治理|建设"
)
_PEOPLE = ("人次", "人(次)", "人", "名", "户", "件", "批次", "批", "场", "场次", "次")


def measure_of(clause: str, unit: str, around: str) -> tuple[Measure, int, bool]:
    """(measure, per, flow) guessed from the clause and the unit."""
    if unit.startswith("元") and ("/" in unit or "·" in unit or re.search(r"标准|每", clause)):
        if re.search(r"平均|人均", clause):
            return "rate", 1, True
        return "standard", 100, False
    if unit == "元":
        return ("standard", 100, False) if re.search(r"标准|资金的|具备|每", clause) else ("count", 100, True)
    if unit.endswith("百分点"):
        return "standard", 100, False
    if unit in ("%", "‰"):
        if re.search(r"标准|比例给予|比例予以|救助比例|增幅|增长|提高.{0,4}%$", clause + around[-12:]):
            return "standard", 100, False
        return "rate", 1000 if unit == "‰" else 100, bool(re.search(r"筛查|办结|处置|合格", clause))
    if unit == "倍":
        return "standard", 100, False
    if re.search(r"千人口|每千|千人均", clause):
        return "rate", 1000, False
    if re.search(r"每万|万人口", clause):
        return "rate", 10000, False
    if re.search(r"每(?:个|家|村|户|院|所|镇|乡)", clause):
        return "rate", 1, True
    flow = not (_STOCK.search(clause) and not _FLOW.search(clause))
    return "count", 100, flow


def name_of(text: str, folded: str, start: int, end: int, head: int, tail: int, unit: str) -> str:
    """The clause without the figure: what stands before it, and the noun behind a classifier."""
    before = re.sub(r"[从由](?:每[年月人天]|上年的?|原来的?)*\s*\d.*$", "", text[start:head])
    before = _DATE.sub("", before)
    numbers = list(re.finditer(r"(?<![第\d.])\d[\d.]*(?!\d*[年号])(?!\d*[岁种类])", fold(before)))
    if numbers and not re.match(r"(?:19|20)\d{2}", numbers[-1].group()):
        before = before[numbers[-1].end() :]
        joint = re.search(r"[、和及,]", fold(before))
        before = before[joint.end() :] if joint else before
    after = text[tail:end]
    stop = re.search(r"[、和及]|\d|进行|实施|给予|开展", after)
    noun = (after[: stop.start()] if stop else after).strip()
    before = _TAIL.sub("", _EDGES.sub("", before.strip())).strip("、 ")
    if unit.startswith("元") or unit in ("%", "‰", "倍"):
        noun = noun if len(before) < 2 else ""
    elif unit in _PEOPLE and len(before) >= 4 and len(noun) > 8:
        noun = ""
    noun = re.sub(r"^(?:的|以上|左右|及以上)+", "", noun)
    name = (before + noun).strip("，,。;；:： ")
    if len(name) < 2:
        # 收集率提高3个百分点,达到72%: what is reached is told in the clause before.
        earlier = re.search(r"([^,。;:(]+)[,;:]\s*$", folded[:start])
        said = (
            re.split(r"提高|提升|增加|增长|下降|上升|达|不少于|不低于|\d", earlier.group(1))[0]
            if earlier
            else ""
        )
        name = _EDGES.sub("", said.strip()) if len(said.strip()) >= 2 else text[start:end].strip()
    return _balanced(short(name, _LONGEST))


def _balanced(name: str) -> str:
    """Without quotation marks and brackets that lost their other half."""
    for pair in ("“”", "()", "（）", "《》"):
        if name.count(pair[0]) != name.count(pair[1]):
            name = name.replace(pair[0], "").replace(pair[1], "")
    return name


def subjects_of(text: str) -> list[str]:
    """The several things a clause speaks of before 分别 or 均: A、B和C标准 → A, B, C标准."""
    words = text.strip()
    words = re.sub(r"^(?:全市|全年|对|将|其中|本市|\d{4}年)+", "", words)
    parts = [part.strip(" “”的") for part in re.split(r"、|和(?!谐)|以及|及(?!时)|与", words)]
    parts = [re.sub(r"等$", "", part) for part in parts if part]
    return [short(part, _LONGEST) for part in parts] if len(parts) > 1 else []


def title_of(target: str, most: int) -> str:
    """The notice's own words for a task: its first clause, cut to `most` characters."""
    for clause in re.split(r"[,，。;；:：]", target):
        clause = clause.strip()
        bare = re.sub(r"(?:不少于|不低于|达到|达|约|从|由)?\d.*$", "", clause)
        if len(bare) >= 5:
            clause = _balanced(bare) if bare.count("“") == bare.count("”") else clause
        if len(clause) >= 4:
            return short(clause, most)
    return short(target.strip(), most)


_OPENING = re.compile(
    r"^(?:积极|深入|扎实|稳步|持续|大力|全面|着力|进一步|严格|不断|优化|实施|开展|推进|推动|加强|强化|做好|实现|支持|实行|促进|落实|围绕|依托|提升|完善)+"
)


def short_of(title: str, most: int) -> str:
    """For narrow columns: the title without its opening verbs."""
    words = _OPENING.sub("", title)
    words = words if len(words) >= 4 else title
    return _balanced(words if len(words) <= most else short(words, most))
