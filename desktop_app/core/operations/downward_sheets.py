"""The sheets of what goes down: cover, organisation, shares, and the answers of a reply."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from desktop_app.core.model.unit import KIND_NAMES, LEVEL_NAMES, Unit
from desktop_app.core.operations import division, writing
from desktop_app.core.operations.gathering import Key
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package.sheets import Cover, TableRow, TableSheet


def cover(workspace: Workspace, unit: Unit, purpose: str, period: str, notes: Iterable[str]) -> Cover:
    plan = workspace.store.ledger.plan()
    return Cover(
        city=workspace.organisation.name(workspace.store.city),
        title=plan.title if plan else "",
        unit=workspace.unit_code,
        unit_name=workspace.unit.name,
        level=LEVEL_NAMES[workspace.unit.level],
        period=period,
        purpose=purpose,
        to_name=unit.name,
        from_label="制发单位",
        to_label="发给",
        to_sign=False,
        notes=tuple(notes),
        sample=plan.sample if plan else False,
    )


def unit_table(workspace: Workspace) -> TableSheet:
    organisation = workspace.organisation
    return TableSheet(
        name="组织机构",
        title="组织机构",
        heads=("代码", "名称", "层级", "类别", "上级代码"),
        rows=tuple(
            TableRow(
                cells=(
                    unit.code,
                    unit.name,
                    LEVEL_NAMES[unit.level],
                    KIND_NAMES[unit.kind],
                    unit.parent or "",
                )
            )
            for unit in sorted(organisation, key=lambda unit: unit.code)
        ),
        widths=(14, 24, 8, 8, 14),
    )


def share_table(workspace: Workspace, unit: Unit) -> TableSheet:
    """The shares of the unit and of the areas below it, and who reports."""
    plan = workspace.plan
    context = workspace.store.projector.context()
    shares = workspace.store.ledger.shares(plan.id)
    area = workspace.organisation.home_area(unit.code)
    rows = []
    for indicator in plan.indicators():
        duty = context.duty(plan.id, indicator.id, area)
        value = shares.get((indicator.id, area)) or division.share_of(workspace, indicator, area)
        reporter = workspace.organisation.name(duty.reporter) if duty and duty.reporter else "下级各自填报"
        rows.append(
            TableRow(
                cells=(
                    indicator.task_no,
                    indicator.id,
                    indicator.name,
                    "" if value is None else writing.whole(value),
                    indicator.unit,
                    reporter,
                )
            )
        )
    return TableSheet(
        name="份额",
        title=f"{workspace.organisation.name(area)}的份额与填报单位",
        heads=("任务", "指标", "名称", "份额", "单位", "填报单位"),
        rows=tuple(rows),
        widths=(8, 10, 30, 14, 10, 24),
    )


def answer_table(workspace: Workspace, unit: Unit, keys: Sequence[Key]) -> TableSheet:
    from desktop_app.core.operations.reading import VERDICT_WORDS

    rows = []
    for subject, ident in keys:
        head = workspace.store.ledger.head(subject)
        if head is None or head.id != ident.hex():
            continue
        if head.kind == "receipt":
            body = head.body
            text = (
                f"已收到第 {body.sequence} 次上报：新增 {body.new}，已有 {body.known}，"
                f"不一致 {body.conflicting}，拒收 {body.refused}"
            )
            rows.append(TableRow(cells=("回执", body.period, body.digest, text, ""), entry=head.id))
        elif head.kind == "review":
            words = subject.split("/")
            about = words[5] if len(words) == 7 else "整份上报"
            value = "" if head.body.value is None else str(head.body.value)
            rows.append(
                TableRow(
                    cells=(VERDICT_WORDS[head.body.verdict], words[-1], about, head.body.comment, value),
                    entry=head.id,
                )
            )
    return TableSheet(
        name="回复",
        title=f"给{unit.name}的回复",
        heads=("类别", "期间", "对象", "意见", "核定数"),
        rows=tuple(rows),
        widths=(10, 10, 20, 60, 12),
    )
