"""The sheets of a submission: what a leader reads, from the same ledger the journal gives the reader."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from desktop_app.core.figures.numbers import canonical, show
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.plan import Indicator, Task
from desktop_app.core.model.unit import LEVEL_NAMES
from desktop_app.core.model.view import LIGHTS, IndicatorView
from desktop_app.core.operations import evidence as evidence_of
from desktop_app.core.operations.correcting import HEADS, WIDTHS, Correction, corrections, table_rows
from desktop_app.core.operations.cover_notes import below_notes
from desktop_app.core.operations.register_travel import register_tables
from desktop_app.core.operations.situation import Situation
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package.manifest import Manifest
from desktop_app.core.package.sheets import (
    THUMBNAILS,
    Cover,
    EvidenceRow,
    FundRow,
    ProblemRow,
    ProgressRow,
    Sheets,
    SiteRow,
    TableRow,
    TableSheet,
)
from desktop_app.core.rules.privacy import mask

if TYPE_CHECKING:
    from desktop_app.core.package.sources import FileSource

ABSENT_WORDS = {
    "personal": "含个人信息，留在本单位",
    "chosen": "这次没有附",
    "earlier": "此前已报",
    "missing": "尚未收到",
}


def cell(value: Fraction | None) -> int | str | None:
    """A figure as a cell holds it: exact, or rounded to six places where no decimal can say it."""
    return None if value is None else canonical(round(value, 6))


def submission_sheets(
    workspace: Workspace, situation: Situation, manifest: Manifest, files: Sequence[FileSource], withheld: int
) -> Sheets:
    """Cover, progress, sites, evidence with thumbnails, problems and money of a submission."""
    progress = progress_rows(workspace, situation)
    sites = site_rows(workspace, situation)
    evidence = evidence_rows(workspace, manifest, {item.sha256 for item in files})
    problems = problem_rows(workspace)
    reported = sum(1 for row in progress if row.value is not None and row.basis != "sum")
    notes = [f"应报 {sum(1 for row in progress if row.basis != 'sum')} 项，本次有数 {reported} 项。"]
    carried = sum(1 for row in progress if row.note.startswith("沿用"))
    if carried:
        notes.append(f"其中 {carried} 项沿用上期数，已在“进度”表注明。")
    if withheld:
        notes.append(f"含个人信息的材料和记录 {withheld} 份留在本单位，没有放入。")
    notes += below_notes(workspace, situation)
    corrected = corrections(workspace, situation.period)
    if corrected:
        notes.append(f"本期有更正 {len(corrected)} 条，见“更正表”。")
    unit = workspace.unit
    upper = workspace.organisation.get(manifest.to)
    return Sheets(
        cover=Cover(
            city=workspace.organisation.name(workspace.store.city),
            title=situation.plan.title,
            unit=unit.code,
            unit_name=unit.name,
            level=LEVEL_NAMES[unit.level],
            period=situation.period.chinese_label,
            digest=manifest.digest,
            sequence=manifest.sequence,
            to_name=upper.name if upper else "",
            filled=manifest.people.filled,
            checked=manifest.people.checked,
            responsible=manifest.people.responsible,
            created=manifest.created[:16].replace("T", " "),
            counts=(
                ("指标", str(len(progress))),
                ("台账", str(len(sites))),
                ("佐证材料", str(len(evidence))),
                ("问题", str(len(problems))),
            ),
            notes=tuple(notes),
            sample=situation.plan.sample,
        ),
        progress=progress,
        sites=sites,
        evidence=evidence,
        problems=problems,
        funds=fund_rows(workspace),
        tables=(*correction_tables(corrected), *register_tables(workspace)),
    )


def correction_tables(corrected: list[Correction]) -> tuple[TableSheet, ...]:
    """The 更正表, where there is anything in it: what was closed and has been put right in this period."""
    if not corrected:
        return ()
    rows = (
        TableRow(cells=cells, entry=row.entry)
        for row, cells in zip(corrected, table_rows(corrected), strict=True)
    )
    return (TableSheet(name="更正表", title="更正表", heads=HEADS, rows=tuple(rows), widths=WIDTHS),)


def progress_rows(workspace: Workspace, situation: Situation) -> tuple[ProgressRow, ...]:
    """What this desk reports itself, or for a desk with a territory below: each total with the figures it is the
    sum of."""
    rows: list[ProgressRow] = []
    for task in situation.plan.tasks:
        for indicator in task.indicators:
            area = situation.desk_area(indicator)
            leaves = situation.leaf_areas(indicator.id, area)
            view = situation.indicator_view(indicator, area)
            if view.mine:
                rows.append(progress_row(situation, task, indicator, view))
                continue
            if workspace.unit.kind == "department" or not leaves:
                continue
            parts = [leaf for leaf in leaves if leaf != area]
            rows += [
                progress_row(situation, task, indicator, situation.indicator_view(indicator, leaf))
                for leaf in (parts or leaves)
            ]
            if parts:
                rows.append(progress_row(situation, task, indicator, view, total=True))
    return tuple(rows)


def progress_row(
    situation: Situation, task: Task, indicator: Indicator, view: IndicatorView, *, total: bool = False
) -> ProgressRow:
    subject = subjects.progress(view.area, situation.plan.id, view.id, situation.period.key)
    head = None if total else situation.ledger.head(subject)
    figure = view.figure
    basis: Any
    if total:
        basis = "sum" if indicator.measure in ("count", "rate") else "other"
    elif indicator.basis == "site":
        basis = "sites"
    else:
        basis = "entry" if head is not None else "other"
    reported = figure.reported if figure.approved and not total else figure.value
    notes = [view.note] if view.note else []
    if figure.carried and not total:
        notes.insert(0, f"沿用 {figure.carried}")
    if figure.approved and not total:
        notes.append(f"核定 {show(figure.value, indicator.decimals)}")
    if view.reason:
        notes.append(f"原因：{view.reason}")
    if view.proxy and not total:
        notes.append("代录，待本单位确认")
    if view.heads > 1:
        notes.append("有两种说法，暂计")
    if figure.missing and total:
        notes.append(f"{figure.missing} 家未报过")
    # A total that holds a 核定数 is no longer the sum of what was reported, so it is not compared with that.
    if total and figure.approved:
        basis = "other"
        notes.append(f"含核定数；上报合计 {show(figure.reported, indicator.decimals)}")
    return ProgressRow(
        entry=head.id if head is not None else "",
        basis=basis,
        task=task.no,
        category=task.category,
        indicator=view.id,
        name=view.name,
        area=view.area,
        area_name=view.area_name,
        measure=view.unit,
        share=cell(view.share),
        previous=cell(view.previous.value),
        value=cell(reported),
        of=cell(figure.of),
        increase=cell(view.increase),
        done=show(view.done * 100, 1) if view.done is not None else "",
        light=LIGHTS[view.light],
        note="；".join(notes),
        reporter_name=view.reporter_name,
    )


def site_rows(workspace: Workspace, situation: Situation) -> tuple[SiteRow, ...]:
    from desktop_app.core.operations.gathering import territory

    units = territory(workspace)
    counts = workspace.store.ledger.evidence_counts()
    since = workspace.store.ledger.counted_sites()
    rows = []
    for head in workspace.store.ledger.heads("site"):
        if head.unit not in units:
            continue
        body = head.body
        rows.append(
            SiteRow(
                entry=head.id,
                area=head.owner,
                area_name=workspace.organisation.name(head.owner),
                name=mask(body.name),
                place=mask(body.place),
                indicators=tuple(sorted(body.quantities.items())),
                stage="、".join(f"{stage} {day}" for stage, day in body.stages.items()),
                started=body.started,
                completed=body.completed,
                charge=mask(body.charge),
                counts="" < since.get(head.subject, "") <= situation.period.end.isoformat(),
                evidence=counts.get(head.subject, 0),
                note=mask(body.note),
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.area, row.indicators[:1], row.name, row.entry)))


def about_words(workspace: Workspace, about: Sequence[str]) -> str:
    """What a piece of evidence proves, in words."""
    plan = workspace.plan
    found = []
    for subject in about:
        words = subject.split("/")
        if words[0] == "site":
            head = workspace.store.ledger.head(subject)
            found.append(head.body.name if head else "台账")
        else:
            named = words[3] if words[0] in ("progress", "milestone") and len(words) > 3 else words[-1]
            indicator = plan.indicator(named)
            milestone = next((m for _task, m in plan.milestones() if m.id == named), None)
            found.append(
                f"{named} {indicator.name}"
                if indicator
                else f"{named} {milestone.what}"
                if milestone
                else words[0]
            )
    return "、".join(found)


def evidence_rows(workspace: Workspace, manifest: Manifest, inside: set[str]) -> tuple[EvidenceRow, ...]:
    from desktop_app.core.operations.gathering import evidence_heads

    why = {item.sha256: item.why for item in manifest.absent}
    rows = []
    pictures = 0
    for head in sorted(
        evidence_heads(workspace), key=lambda head: (head.body.sha256 not in inside, head.at, head.id)
    ):
        body = head.body
        picture = b""
        if body.sha256 in inside and not body.personal and pictures < THUMBNAILS:
            picture = evidence_of.thumbnail(workspace, body.sha256, body.media) or b""
            pictures += bool(picture)
        rows.append(
            EvidenceRow(
                entry=head.id,
                sha256=body.sha256,
                name=mask(body.name),
                caption=mask(body.caption),
                about=about_words(workspace, body.about),
                taken=(body.taken or head.at)[:16].replace("T", " "),
                size=body.size,
                inside=body.sha256 in inside,
                where=ABSENT_WORDS.get(why.get(body.sha256, ""), ""),
                thumbnail=picture,
            )
        )
    return tuple(rows)


def problem_rows(workspace: Workspace) -> tuple[ProblemRow, ...]:
    from desktop_app.core.operations.gathering import territory

    units = territory(workspace)
    return tuple(
        ProblemRow(
            entry=head.id,
            task=head.body.task,
            area_name=workspace.organisation.name(head.owner),
            text=mask(head.body.text),
            status=head.body.status,
            due=head.body.due,
            answer=mask(head.body.answer),
            closed=head.body.closed,
        )
        for head in workspace.store.ledger.heads("problem")
        if head.unit in units
    )


def fund_rows(workspace: Workspace) -> tuple[FundRow, ...]:
    from desktop_app.core.operations.gathering import territory

    units = territory(workspace)
    return tuple(
        FundRow(
            entry=head.id,
            task=head.body.task,
            area_name=workspace.organisation.name(head.owner),
            level=head.body.level,
            arrived=head.body.arrived,
            paid=head.body.paid,
            date=head.body.date,
            note=mask(head.body.note),
        )
        for head in workspace.store.ledger.heads("fund")
        if head.unit in units
    )
