"""What stands on the cover of a package that sums others up: what is complete in it, and what is not.

Sheets are Chinese whatever the program's language."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.core.model import subject as subjects
from desktop_app.core.operations import chasing, reviewing, stamping
from desktop_app.core.operations.situation import Situation
from desktop_app.core.operations.workspace import Workspace

NAMED = 12
"""Names told in one line; the rest are counted."""


def below_notes(workspace: Workspace, situation: Situation) -> list[str]:
    """Sentences about the units below: received, missing, late, entered for them, returned, files not yet here."""
    units = reviewing.reporting_units(workspace)
    if not units:
        return []
    ledger = workspace.store.ledger
    period = situation.period
    lacking: list[str] = []
    entered: list[str] = []
    confirmed: list[str] = []
    for unit in units:
        head = ledger.head(subjects.submission(unit.code, period.key))
        if head is None:
            lacking.append(unit.name)
        elif head.body.proxy and head.body.source:
            stamped = stamping.stamp_state(workspace, unit.code, period.key) == "received"
            (confirmed if stamped else entered).append(unit.name)
    first = f"下级单位 {len(units)} 家，已汇入 {len(units) - len(lacking)} 家"
    notes = [first + (f"；未报：{_names(lacking)}。" if lacking else "，全部报齐。")]
    late = [
        f"{row.unit_name}（迟 {row.days_late} 天）"
        for row in chasing.missing(workspace, period)
        if row.state == "late"
    ]
    if late:
        notes.append(f"迟报 {len(late)} 家：{_names(late)}。")
    if entered:
        notes.append(f"由本单位代录、待其确认 {len(entered)} 家：{_names(entered)}。")
    if confirmed:
        notes.append(f"由本单位代录、已盖章确认 {len(confirmed)} 家：{_names(confirmed)}。")
    waiting = returned = 0
    for unit in units:
        if unit.name in lacking:
            continue
        counted = reviewing.standing(workspace, unit.code, period, situation)
        waiting += counted.waiting
        returned += counted.returned
    if waiting or returned:
        parts = [f"未审核 {waiting} 项"] if waiting else []
        parts += [f"已退回未改 {returned} 项"] if returned else []
        notes.append(f"下级数据中，{'，'.join(parts)}。")
    else:
        notes.append("下级数据已全部审核。")
    territory = {unit.code for unit in workspace.organisation.below(workspace.unit_code)}
    absent = sum(head.owner in territory for head in ledger.missing_files())
    if absent:
        notes.append(f"下级佐证材料尚有 {absent} 份未收到。")
    forks = sum(subject.startswith("progress/") for subject in ledger.forks())
    if forks:
        notes.append(f"有 {forks} 处说法不一致，暂按其中一份计。")
    return notes


def _names(names: Sequence[str]) -> str:
    shown = "、".join(names[:NAMED])
    return shown + (f" 等 {len(names)} 家" if len(names) > NAMED else "")
