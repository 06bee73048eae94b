"""Words that head a part of a notice or of a task: sections, measures, targets, time limits, leads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from desktop_app.core.plan.notice.leads import LEAD_WORDS, SUPPORT_WORDS
from desktop_app.core.plan.notice.text import fold, mark_of

SECTION = re.compile(
    r"^(?:年度|主要|重点|具体|总体|工作|全年|项目|实施|推进|保障|有关|组织|相关)*"
    r"(?:目标任务|目标|任务|措施|要求|步骤|保障|安排|原则|思路|内容|清单|项目|意见|说明|附则|实施|组织领导)$"
)
CLOSING = re.compile(r"要求|保障|组织|附则|说明|步骤")
LABEL = re.compile(
    r"^(推进措施|工作措施|主要措施|具体措施|实施措施|工作举措|主要举措|措施|工作内容|实施内容|推进举措)\s*:\s*"
)
TARGET = re.compile(r"^(年度目标任务|年度目标|目标任务|工作目标|建设内容|主要内容|任务目标|目标)\s*:\s*")
DUE = re.compile(r"^(?:完成时限|完成时间|时间节点|时限|进度安排)\s*:\s*")
_WORDS = "|".join(
    (
        "推进措施|工作措施|主要措施|具体措施|实施措施|工作举措|主要举措|措施|工作内容|实施内容|推进举措",
        "年度目标任务|年度目标|目标任务|工作目标|建设内容|主要内容|任务目标|目标",
        "完成时限|完成时间|时间节点|时限|进度安排",
        LEAD_WORDS,
        SUPPORT_WORDS,
    )
)
_MARKED = re.compile(rf"(?P<label>{_WORDS})\s*(?:[:。.]\s*|$)")


def unmarked(lines: Sequence[str]) -> list[str]:
    """The lines, where numbered labels that come again and again (1.目标任务 2.工作措施 3.责任单位 under every task)
    lose their numbers: they are parts of a task, no tasks."""
    found: dict[int, tuple[str, int]] = {}
    for place, line in enumerate(lines):
        folded = fold(line)
        mark = mark_of(folded)
        if mark is None or mark.kind == "A":
            continue
        match = _MARKED.match(folded, mark.end)
        if match is not None:
            found[place] = (match["label"], match.end())
    times = Counter(label for label, _end in found.values())
    return [
        f"{found[place][0]}：{line[found[place][1] :]}"
        if place in found and times[found[place][0]] > 1
        else line
        for place, line in enumerate(lines)
    ]
